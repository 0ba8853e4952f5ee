//! The process: its lock, its key, what survives it, and how it stops.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use jiff::SignedDuration;
use plimsoll_domain::access::Role;
use plimsoll_server::app::tokens;
use plimsoll_server::world::{SeededRng, SimClock, World};
use plimsoll_server::{App, LockError, StartError};
use tokio::sync::oneshot;

use crate::it::harness::{CHECKOUT, Site, TestServer, start};

#[tokio::test]
async fn a_second_process_on_the_same_data_is_refused_by_pid() {
    let server = TestServer::start().await;
    let site = &server.site;
    let Err(error) = App::build(site.config.clone(), site.world.clone()).await else {
        panic!("two servers hold the same directory");
    };
    assert!(matches!(error, StartError::Lock(LockError::Held { .. })), "{error}");
    assert!(error.to_string().contains(&std::process::id().to_string()), "{error}");

    let error = tokens::create_offline(&site.config, &site.world, "late", Role::Viewer).await;
    assert!(error.unwrap_err().to_string().contains("--url"));
}

#[tokio::test]
async fn the_data_and_its_key_are_readable_by_their_owner_alone() {
    let server = TestServer::start().await;
    let data = std::fs::metadata(&server.site.config.data).unwrap();
    assert_eq!(data.permissions().mode() & 0o777, 0o700);
    let key = std::fs::metadata(server.site.config.data.join("key")).unwrap();
    assert_eq!((key.len(), key.permissions().mode() & 0o777), (32, 0o600));
}

#[tokio::test]
async fn definitions_and_tokens_survive_a_restart_and_the_setup_code_does_not() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    let link = server.app.setup_url().unwrap();
    let server = server.restart().await;
    assert_ne!(server.app.setup_url().unwrap(), link);
    let service = server.get("/api/v1/services/checkout").await;
    assert_eq!(service["description"], "Takes orders.");
}

#[tokio::test]
async fn a_clock_that_is_behind_what_was_committed_is_an_alarm() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT).await;
    server.advance(SignedDuration::from_mins(61)).await;
    server.apply(&CHECKOUT.replace("checkout", "cart")).await;
    let behind = async |server: &TestServer| {
        let metrics = server.anonymous("GET", "/metrics").send().await.unwrap();
        let text = metrics.text().await.unwrap();
        let line =
            text.lines().find_map(|line| line.strip_prefix("plimsoll_clock_behind_seconds "));
        line.unwrap().to_owned()
    };
    let server = server.restart().await;
    assert_eq!(behind(&server).await, "0");
    let mut site = server.stop().await;
    site.clock = Arc::new(SimClock::new(start()));
    site.world = World::new(site.clock.clone(), Arc::new(SeededRng::new(9)));
    let server = site.start().await;
    assert_eq!(behind(&server).await, "3660");
    // It is followed all the same.
    server.apply(&CHECKOUT.replace("checkout", "stock")).await;
}

#[tokio::test]
async fn it_stops_cleanly_while_a_live_stream_is_open() {
    let mut site = Site::new();
    site.config.listen.set_port(0);
    site.config.public_url = None;
    let token =
        tokens::create_offline(&site.config, &site.world, "ui", Role::Viewer).await.unwrap();
    let mut app = App::build(site.config.clone(), site.world.clone()).await.unwrap();
    let bound = app.bind().await.unwrap();
    assert_eq!(app.url(), format!("http://{bound}"));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(app.run(async move { stopped.await.unwrap() }));

    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let stream = http.get(format!("http://{bound}/api/v1/events")).bearer_auth(token);
    let mut stream = stream.send().await.unwrap();
    assert!(stream.chunk().await.unwrap().unwrap().starts_with(b"event: hello"));
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
    assert_eq!(stream.chunk().await.unwrap(), None);

    // The lock went with it.
    let next = App::build(site.config.clone(), site.world.clone()).await.unwrap();
    next.close().await;
}
