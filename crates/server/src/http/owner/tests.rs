use axum::http::Request;

use super::*;

#[test]
fn what_belongs_to_a_connection_stays_behind_and_the_host_goes_along() {
    let request = Request::get("http://plimsoll.test/api/v1/slos?limit=3")
        .header("authorization", "Bearer x")
        .header("connection", "keep-alive")
        .header("transfer-encoding", "chunked")
        .header("content-length", "7")
        .header("accept-encoding", "br")
        .header("cookie", "plimsoll_session=a");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    assert_eq!(target(&parts), "/api/v1/slos?limit=3");
    let headers = headers(&parts);
    let mut sent: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    sent.sort_unstable();
    assert_eq!(
        sent,
        [
            ("accept-encoding", "identity"),
            ("authorization", "Bearer x"),
            ("cookie", "plimsoll_session=a"),
            ("host", "plimsoll.test"),
            ("plimsoll-forwarded", "1"),
        ]
    );
}

#[test]
fn the_host_that_was_asked_for_is_kept() {
    let request = Request::get("/").header("host", "reliability.example.com");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    assert_eq!(headers(&parts)[HOST], "reliability.example.com");
}
