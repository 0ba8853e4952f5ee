//! Telemetry in: Prometheus remote write 1.0 and 2.0; and what was made of it.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use plimsoll_api::v1::telemetry::Telemetry;
use plimsoll_ingest::remote_write::{self, Message};
use plimsoll_ingest::{Decoded, Limits, Written};

use super::{Answer, Json, Octets, Rejection};
use crate::app::{Caller, Shared, telemetry};

const SAMPLES_WRITTEN: HeaderName =
    HeaderName::from_static("x-prometheus-remote-write-samples-written");
const HISTOGRAMS_WRITTEN: HeaderName =
    HeaderName::from_static("x-prometheus-remote-write-histograms-written");
const EXEMPLARS_WRITTEN: HeaderName =
    HeaderName::from_static("x-prometheus-remote-write-exemplars-written");

/// Takes a Prometheus remote-write request, 1.0 or 2.0
///
/// The content type tells the versions apart. Answers when the samples are durable. Series that no
/// definition names are dropped and counted, which is no error. Of a request with malformed series
/// the good ones are kept, and the answer is 400. Every answer to a 2.0 request says in
/// `X-Prometheus-Remote-Write-{Samples,Histograms,Exemplars}-Written` how many well-formed ones
/// were taken, those included that were dropped because nothing declares them, or as late.
#[utoipa::path(
    post, path = "/api/v1/write", tag = "telemetry", operation_id = "remote_write",
    request_body(content = Octets, content_type = "application/x-protobuf"),
    responses(
        (status = 204, description = "Taken, and durable"),
        (status = 400, description = "Not a remote-write request, or some series are malformed"),
        (status = 415, description = "Neither remote write 1.0 nor 2.0, or not packed by snappy"),
        (status = 503, description = "Overloaded: send again after Retry-After"),
    )
)]
pub(in crate::http) async fn write(
    State(shared): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let message = match message(&headers) {
        Ok(message) => message,
        Err(rejection) => return rejection.into_response(),
    };
    let mut written = Written::default();
    let answer = take(&shared, &caller, message, length(&headers), body, &mut written).await;
    respond(message, answer, written)
}

/// Takes a request; `written` is what it had taken when it failed.
async fn take(
    shared: &Shared,
    caller: &Caller,
    message: Message,
    length: Option<usize>,
    body: Body,
    written: &mut Written,
) -> Result<(), Rejection> {
    let arrival = shared.world.now();
    let bytes_max = shared.config.limits.write_bytes_max;
    let _packed = telemetry::room(shared, length.unwrap_or(bytes_max).min(bytes_max))?;
    let body = read(body, bytes_max).await?;
    let _unpacked = telemetry::room(shared, remote_write::unpacked_bytes(&body))?;
    let decoded = decode(message, &body)?;
    drop(body);
    let malformed = malformed(&decoded);
    telemetry::write(shared, caller.sender(), arrival, decoded.batch).await?;
    *written = decoded.written;
    malformed.map_or(Ok(()), Err)
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
fn message(headers: &HeaderMap) -> Result<Message, Rejection> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let refuse = |title: &str, hint: &str| {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Rejection::new(status, "unsupported_media_type", title).hint(hint)
    };
    let message = Message::of_content_type(text(CONTENT_TYPE)).ok_or_else(|| {
        refuse(
            "the content type names no message of remote write",
            "send `application/x-protobuf` for 1.0, and with \
             `;proto=io.prometheus.write.v2.Request` for 2.0",
        )
    })?;
    if !text(CONTENT_ENCODING).eq_ignore_ascii_case("snappy") {
        return Err(refuse("the content encoding is not snappy", "send a snappy block"));
    }
    Ok(message)
}

fn respond(message: Message, answer: Result<(), Rejection>, written: Written) -> Response {
    let mut response = match answer {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(rejection) => rejection.into_response(),
    };
    match message {
        // Senders of 1.0 know no such headers.
        Message::V1 => {}
        Message::V2 => declare(written, response.headers_mut()),
    }
    response
}

fn declare(written: Written, headers: &mut HeaderMap) {
    let Written { samples, histograms, exemplars } = written;
    headers.insert(SAMPLES_WRITTEN, HeaderValue::from(samples));
    headers.insert(HISTOGRAMS_WRITTEN, HeaderValue::from(histograms));
    headers.insert(EXEMPLARS_WRITTEN, HeaderValue::from(exemplars));
}

/// How long the body says it is.
fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Rejection> {
    axum::body::to_bytes(body, bytes_max).await.map_err(|_| {
        let title = format!("the body was cut off, or has more than {bytes_max} bytes");
        Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", title)
            .hint("lower `max_samples_per_send` in the queue_config of this remote_write section")
    })
}

fn decode(message: Message, body: &[u8]) -> Result<Decoded, Rejection> {
    remote_write::decode(message, body, &Limits::default()).map_err(|error| {
        let title = "this is no remote-write request";
        Rejection::new(StatusCode::BAD_REQUEST, "undecodable", title).detail(error.to_string())
    })
}

/// The answer to a request with faults, whose good samples are kept.
fn malformed(decoded: &Decoded) -> Option<Rejection> {
    const SHOWN: usize = 20;
    let count = decoded.faults.len();
    let mut shown: Vec<_> = decoded.faults.iter().take(SHOWN).map(ToString::to_string).collect();
    if count > SHOWN {
        shown.push(format!("and {} more", count - SHOWN));
    }
    (count > 0).then(|| {
        let title = format!("{count} malformed series or samples were left out");
        Rejection::new(StatusCode::BAD_REQUEST, "malformed_series", title)
            .detail(shown.join("; "))
            .hint("the other series of the request were kept; do not send it again")
    })
}

#[cfg(test)]
mod tests;
