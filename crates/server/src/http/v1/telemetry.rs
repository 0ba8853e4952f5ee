//! Telemetry in: Prometheus remote write 1.0; and what was made of it.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use plimsoll_api::v1::telemetry::Telemetry;
use plimsoll_ingest::{Batch, Limits, remote_write};

use super::{Answer, Json, Rejection};
use crate::app::{Caller, Shared, telemetry};

/// Takes a Prometheus remote-write 1.0 request
///
/// Answers when the samples are durable. Series that no definition names are dropped and counted,
/// which is no error. Of a request with malformed series the good ones are kept, and the answer
/// is 400.
#[utoipa::path(
    post, path = "/api/v1/write", tag = "telemetry", operation_id = "remote_write",
    request_body(content = Vec<u8>, content_type = "application/x-protobuf"),
    responses(
        (status = 204, description = "Taken, and durable"),
        (status = 400, description = "Not a remote-write request, or some series are malformed"),
        (status = 415, description = "Not remote write 1.0"),
        (status = 503, description = "Overloaded: send again after Retry-After"),
    )
)]
pub(in crate::http) async fn write(
    State(shared): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Rejection> {
    check_headers(&headers)?;
    let arrival = shared.world.now();
    let body = read(body, shared.config.limits.write_bytes_max).await?;
    let batch = decode(&body)?;
    let malformed = malformed(&batch);
    telemetry::write(&shared, caller.sender(), arrival, batch).await?;
    malformed.map_or(Ok(StatusCode::NO_CONTENT), Err)
}

/// What came in since the process started
#[utoipa::path(
    get, path = "/api/v1/telemetry", tag = "telemetry", operation_id = "get_telemetry",
    responses((status = 200, body = Telemetry))
)]
pub(in crate::http) async fn get(State(shared): State<Shared>) -> Answer<Telemetry> {
    Ok(Json(telemetry::summary(&shared)))
}

/// Versions are told apart by the content type ("Remote-Write 2.0", section "Protocol").
fn check_headers(headers: &HeaderMap) -> Result<(), Rejection> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refuse = |title: &str, hint: &str| {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Err(Rejection::new(status, "unsupported_media_type", title).hint(hint))
    };
    let content_type = text(CONTENT_TYPE);
    if content_type.contains("io.prometheus.write.v2") {
        return refuse(
            "remote write 2.0 is not spoken here; send 1.0",
            "set `protobuf_message: prometheus.WriteRequest` in this remote_write section",
        );
    }
    if !content_type.starts_with("application/x-protobuf") {
        return refuse("the content type is not application/x-protobuf", "send remote write 1.0");
    }
    if !text(CONTENT_ENCODING).eq_ignore_ascii_case("snappy") {
        return refuse("the content encoding is not snappy", "send a snappy block");
    }
    Ok(())
}

async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Rejection> {
    axum::body::to_bytes(body, bytes_max).await.map_err(|_| {
        let title = format!("the body was cut off, or has more than {bytes_max} bytes");
        Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", title)
            .hint("lower `max_samples_per_send` in the queue_config of this remote_write section")
    })
}

fn decode(body: &[u8]) -> Result<Batch, Rejection> {
    remote_write::decode(body, &Limits::default()).map_err(|error| {
        let title = "this is no remote-write request";
        Rejection::new(StatusCode::BAD_REQUEST, "undecodable", title).detail(error.to_string())
    })
}

/// The answer to a batch with faults, whose good samples are kept.
fn malformed(batch: &Batch) -> Option<Rejection> {
    const SHOWN: usize = 5;
    let count = batch.faults.len();
    let shown = batch.faults.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>();
    (count > 0).then(|| {
        let title = format!("{count} malformed series or samples were left out");
        Rejection::new(StatusCode::BAD_REQUEST, "malformed_series", title)
            .detail(shown.join("; "))
            .hint("the other series of the request were kept; do not send it again")
    })
}
