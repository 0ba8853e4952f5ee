use plimsoll_api::document::{self, Source};
use plimsoll_ingest::Limits;
use plimsoll_ingest::remote_write::{self, Message, wire};
use plimsoll_trials::bodies::packed;

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

/// Who declared first, and was answered, is not told that the tallies are still being read.
#[test]
fn who_declared_first_may_ask_as_soon_as_it_is_answered() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = owner(dir.path());
    let (reply, mut answer) = oneshot::channel();
    let job = Job::Declare { now: Timestamp::UNIX_EPOCH, declarations: declarations(), reply };
    let declared = owner.take(job).unwrap();
    let mut told_first = false;
    owner.settle(vec![declared], |_| told_first = answer.try_recv().is_err());
    assert!(told_first, "answered before the tallies could be asked");
    assert_eq!(answer.try_recv().unwrap(), Ok(()));
}

const SLO: &str = "
apiVersion: openslo/v1
kind: Service
metadata: {name: shop}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: orders}
spec:
  service: shop
  indicator:
    metadata: {name: orders}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {spec: {query: 'failed_total'}}}
        total: {metricSource: {spec: {query: 'requests_total'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
";

fn declarations() -> Declarations {
    let parsed = document::parse(&[Source { path: "test.yaml", text: SLO }]);
    let (definitions, diagnostics) = document::resolve(&parsed.documents);
    let definitions = definitions.unwrap_or_else(|| panic!("{diagnostics:#?}"));
    Declarations::of(definitions.slos.values())
}

/// A sample of what is declared, as it is sent.
fn batch(timestamp: i64) -> Batch {
    let sample = wire::Sample { value: 7.0, timestamp };
    let series = wire::TimeSeries::new([("__name__", "requests_total")], vec![sample]);
    let body = packed(&wire::WriteRequest { timeseries: vec![series] });
    remote_write::decode(Message::V1, &body, &Limits::default()).unwrap().batch
}

/// The thread's own, without a thread.
fn owner(dir: &Path) -> Owner {
    let (tallies, _) = Tallies::open(dir, [7; 16], Settings::default()).unwrap();
    Owner { tallies, figures: Arc::default(), checkpoints_failed: 0, rest_until: None }
}

/// The first attempt appended its sample, and its answer is on its way; the retry finds nothing left
/// to append. Were it answered at once, the sample would be acknowledged before it is durable.
#[test]
fn a_retry_that_overtakes_its_first_attempt_is_answered_by_the_sync_of_both() {
    let dir = tempfile::tempdir().unwrap();
    let mut owner = owner(dir.path());
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    owner.tallies.declare(now, &declarations()).unwrap();
    owner.tallies.sync().unwrap();
    let mut attempt = || {
        let batch = owner.tallies.identity().prepare(batch(now.as_millisecond()));
        let (reply, answer) = oneshot::channel();
        let job = Job::Write { sender: "a".to_owned(), arrival: now, batch, reply };
        (owner.take(job).unwrap(), answer)
    };
    let (first, mut first_answer) = attempt();
    let (retry, mut retry_answer) = attempt();
    let taken = |due: &Due| {
        let Due::Written(_, _, Ok(outcome)) = due else { panic!("a write that was refused") };
        (outcome.accepted, outcome.duplicate_or_late)
    };
    assert_eq!((taken(&first), taken(&retry)), ((1, 0), (0, 1)));
    assert!(first_answer.try_recv().is_err() && retry_answer.try_recv().is_err(), "no sync yet");
    owner.settle(vec![retry, first], |_| {});
    assert_eq!(retry_answer.try_recv().unwrap().unwrap().duplicate_or_late, 1);
    assert_eq!(first_answer.try_recv().unwrap().unwrap().accepted, 1);
    drop(owner);
    assert_eq!(self::owner(dir.path()).tallies.fold().series_count(), 1);
}
