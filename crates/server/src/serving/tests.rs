use std::net::SocketAddr;

use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;

use super::*;

/// A server of one route and so many places, whose callers may be silent for so long.
async fn serve(
    places: usize,
    silence: Duration,
) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let (stopping, router) =
        (CancellationToken::new(), Router::new().route("/", get(|| async { "hello" })));
    let serving = Serving { world: World::system(), places, silence };
    let until = stopping.clone();
    let served = tokio::spawn(async move { serving.serve(listener, router, &until).await });
    (address, stopping, served)
}

async fn say(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(text.as_bytes()).await.expect("it is read");
    stream
}

const HEAD: &str = "GET / HTTP/1.1\r\nhost: here\r\n";

async fn answer(address: SocketAddr) -> String {
    let mut stream = say(address, &format!("{HEAD}connection: close\r\n\r\n")).await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    answer
}

#[tokio::test]
async fn callers_who_say_half_of_it_hold_up_nobody_for_long() {
    let (address, ..) = serve(2, Duration::from_millis(100)).await;
    let half = [say(address, HEAD).await, say(address, "G").await];
    assert!(answer(address).await.ends_with("hello"), "all places were taken by silence");
    for mut stream in half {
        let mut rest = Vec::new();
        // It may be closed or reset: either way it is over.
        let _ = stream.read_to_end(&mut rest).await;
    }
}

#[tokio::test]
async fn a_caller_who_says_nothing_at_all_is_given_up() {
    let (address, ..) = serve(1, Duration::from_millis(100)).await;
    let _silent = TcpStream::connect(address).await.expect("it listens");
    assert!(answer(address).await.ends_with("hello"));
}

#[tokio::test]
async fn a_connection_that_is_kept_and_idle_ends() {
    let (address, ..) = serve(1, Duration::from_millis(100)).await;
    let mut idle = say(address, &format!("{HEAD}\r\n")).await;
    let mut answered = Vec::new();
    idle.read_to_end(&mut answered).await.expect("it is closed once it was idle for long");
    assert!(answered.ends_with(b"hello"));
}

#[tokio::test]
async fn what_is_being_answered_when_it_is_told_to_stop_is_answered() {
    let (address, stopping, served) = serve(4, Duration::from_secs(60)).await;
    let mut begun = say(address, HEAD).await;
    let mut idle = say(address, &format!("{HEAD}\r\n")).await;
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.expect("it answers");
    stopping.cancel();
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("idle ones are closed");
    begun.write_all(b"connection: close\r\n\r\n").await.expect("it is read");
    // Begun or not when it was told: it is answered, or it was never taken; it does not hang.
    let _ = begun.read_to_end(&mut rest).await;
    served.await.expect("it ends");
}
