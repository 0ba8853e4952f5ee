//! How much telemetry is taken in at once: what there is no room for comes again.

use axum::http::StatusCode;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::harness::{Site, answer};

#[tokio::test]
async fn requests_for_which_there_is_no_room_come_again_and_the_room_is_given_back() {
    let mut site = Site::new();
    site.config.limits.intake_bytes_max = 1_000;
    let server = site.start().await;
    let token = server.token("editor").await;
    let address = server.anonymous("GET", "/").build().unwrap().url().clone();
    let address = format!("{}:{}", address.host_str().unwrap(), address.port().unwrap());
    // One whose body does not come, and takes all the room there is.
    let slow = async || {
        let mut slow = TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST /api/v1/write HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {token}\r\n\
             content-type: application/x-protobuf\r\ncontent-encoding: snappy\r\n\
             content-length: 1000\r\n\r\nx"
        );
        slow.write_all(head.as_bytes()).await.unwrap();
        slow
    };
    let write = async || {
        let request = server.request("POST", "/api/v1/write").body(vec![0]);
        let request = request.header("content-type", "application/x-protobuf");
        answer(request.header("content-encoding", "snappy")).await
    };
    // It may itself come while another has some of the room, and be refused: then once more.
    let mut holds = slow().await;
    for tried in 1.. {
        let (status, problem) = write().await;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            assert_eq!(problem["code"], "overloaded");
            break;
        }
        if tried % 50 == 0 {
            holds = slow().await;
        }
    }
    drop(holds);
    while write().await.0 == StatusCode::SERVICE_UNAVAILABLE {}
}
