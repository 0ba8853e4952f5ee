use super::*;

/// Whoever asks later is told why, and nobody waits for an answer that never comes.
#[tokio::test]
async fn a_thread_that_broke_refuses_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open(dir.path(), [7; 16], Settings::default()).unwrap();
    let now = Timestamp::UNIX_EPOCH;
    engine.declare(now, Declarations::default()).await.unwrap();
    engine.ask(|_| ()).await.unwrap();
    engine.jobs.send(Job::Break).await.unwrap();
    let declared = engine.declare(now, Declarations::default()).await;
    assert!(
        matches!(declared, Err(EngineError::Stopped | EngineError::Damaged(_))),
        "{declared:?}"
    );
    let asked = engine.ask(|_| ()).await;
    assert!(matches!(&asked, Err(EngineError::Damaged(why)) if why.contains("broke")), "{asked:?}");
    engine.close(now).await;
}
