//! What is kept, and the room it takes.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::it::harness::{CHECKOUT_SLO, TestServer, start};
use crate::it::sender::write;
use plimsoll_ingest::remote_write::wire;

fn bytes(found: &Value) -> u64 {
    found["bytes"].as_u64().unwrap_or_else(|| panic!("no bytes: {found}"))
}

#[tokio::test]
async fn what_is_kept_and_the_room_it_takes_are_told() {
    let server = TestServer::start().await;
    server.apply(CHECKOUT_SLO).await;
    server.advance(SignedDuration::from_secs(10)).await;
    let before = server.get("/api/v1/storage").await;
    let sample = wire::Sample { value: 1.0, timestamp: start().as_millisecond() };
    let labels = [("__name__", "http_requests_total"), ("job", "checkout"), ("code", "200")];
    let series = wire::TimeSeries::new(labels, vec![sample]);
    write(&server, vec![series]).send().await.unwrap().error_for_status().unwrap();
    let after = server.get("/api/v1/storage").await;

    let log = |storage: &Value| bytes(&storage["tallies"]["log"]);
    assert!(log(&after) > log(&before), "{before}\n{after}");
    assert_eq!(after["tallies"]["series"], 1);
    assert_eq!(after["records"]["store"], "sqlite");
    assert!(bytes(&after["records"]) > 0);
    let disk = &after["disk"];
    assert!(bytes(disk) >= disk["free_bytes"].as_u64().unwrap());
    let config = &server.site.config;
    // It is made on a disk that is not far from full.
    let held = config.data.join("reserve").exists();
    let state = if held { "held" } else { "ample" };
    let reserve = json!({"bytes": config.disk.reserve_bytes, "state": state});
    assert_eq!(after["reserve"], reserve);
    let kept = json!({"minutes_days": 100, "hours_days": 1830});
    assert_eq!(after["retention"], kept);
    assert_eq!(after["data"], config.data.display().to_string());
}
