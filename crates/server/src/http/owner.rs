//! What the replica that tallies alone can answer: asked of another, it is forwarded there.
//!
//! Flow: before the guard, as it came; so the owner judges who asks, and takes a signed message
//! once. Its answer is handed on as it comes.
//!
//! Invariants: what was forwarded once is not forwarded again, so that two replicas which take each
//! other for the owner do not send it back and forth. What does not reach the owner is answered
//! here, by use cases that know of a standby: telemetry and figures with 503, gates as if nothing
//! had been measured. A change of definitions that may have reached it is not made again here.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, HOST, HeaderName, TE, TRAILER, TRANSFER_ENCODING,
    UPGRADE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use plimsoll_domain::access::Permission;
use plimsoll_domain::notify::Arrival;

use super::problem::Rejection;
use crate::app::{Shared, telemetry};
use crate::outbound::Unanswered;
use crate::work::lease;

/// Says that a request comes from another replica.
const FORWARDED: HeaderName = HeaderName::from_static("plimsoll-forwarded");

/// How long the owner may take until it begins to answer: it is followed after as long a silence.
const ANSWER: Duration = Duration::from_secs(10);

/// What belongs to one connection, and not to what is said over it (RFC 9110, section 7.6.1).
const OF_CONNECTION: [HeaderName; 6] =
    [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, HeaderName::from_static("keep-alive")];

/// Forwards a request that needs `permission` to the replica that tallies, if that is another that
/// is known; answers it here otherwise.
pub(super) async fn forward(permission: Permission, request: Request, next: Next) -> Response {
    let shared = request.extensions().get::<Shared>().expect("the router hands on its state");
    let shared = shared.clone();
    let owner = lease::owner(&shared).filter(|_| !request.headers().contains_key(FORWARDED));
    let Some(owner) = owner else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let body = match read(&shared, permission, &parts, body).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let url = format!("{owner}{}", target(&parts));
    let answer = ask(&shared, permission, &url, &parts, &body).await;
    lease::heard(&shared, answer.as_ref().err().map(|unanswered| unanswered.cause.as_str()));
    match answer {
        Ok(answer) => handed_on(answer),
        Err(unanswered)
            if permission == Permission::ChangeDefinitions
                && unanswered.arrival != Arrival::RuledOut =>
        {
            silent().into_response()
        }
        Err(_) => next.run(Request::from_parts(parts, Body::from(body))).await,
    }
}

/// Reads the body, within what is bounded for telemetry and for everything else.
async fn read(
    shared: &Shared,
    permission: Permission,
    parts: &Parts,
    body: Body,
) -> Result<Bytes, Rejection> {
    let limits = &shared.config.limits;
    let is_telemetry = permission == Permission::WriteTelemetry;
    let bytes_max = if is_telemetry { limits.write_bytes_max } else { limits.body_bytes_max };
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let length = length.and_then(|text| text.parse().ok());
    let wanted = if parts.method.is_safe() { 0 } else { length.unwrap_or(bytes_max) };
    let _room = telemetry::room(shared, wanted.min(bytes_max))?;
    to_bytes(body, bytes_max).await.map_err(|_| {
        let title = format!("the body was cut off, or has more than {bytes_max} bytes");
        Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", title)
    })
}

/// Path and query, as they came.
fn target(parts: &Parts) -> &str {
    parts.uri.path_and_query().map_or("/", |target| target.as_str())
}

async fn ask(
    shared: &Shared,
    permission: Permission,
    url: &str,
    parts: &Parts,
    body: &Bytes,
) -> Result<reqwest::Response, Unanswered> {
    let client = &shared.replica_client;
    let unusable = |error: crate::outbound::UrlError| Unanswered {
        cause: error.to_string(),
        arrival: Arrival::RuledOut,
    };
    let request = client.request(parts.method.clone(), url).map_err(unusable)?;
    let sent = client.send(request.headers(headers(parts)).body(body.clone()));
    // A backup is staged before it is answered, however long that takes.
    if permission == Permission::BackUp {
        return sent.await;
    }
    tokio::time::timeout(ANSWER, sent).await.unwrap_or_else(|_| {
        let cause = format!("it did not answer within {} s", ANSWER.as_secs());
        Err(Unanswered { cause, arrival: Arrival::Unknown })
    })
}

/// The headers as they came, for another connection. The host stays: whether a page of this server
/// made the request is judged by it.
fn headers(parts: &Parts) -> HeaderMap {
    let mut headers = parts.headers.clone();
    for name in OF_CONNECTION.iter().chain([&CONTENT_LENGTH]) {
        headers.remove(name);
    }
    let authority = parts.uri.authority().and_then(|authority| authority.as_str().parse().ok());
    if let Some(authority) = authority {
        headers.entry(HOST).or_insert(authority);
    }
    // What is packed is packed for the caller, here.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(FORWARDED, HeaderValue::from_static("1"));
    headers
}

fn handed_on(answer: reqwest::Response) -> Response {
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    OF_CONNECTION.iter().for_each(|name| drop(headers.remove(name)));
    let mut response = Body::from_stream(answer.bytes_stream()).into_response();
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The owner may have done it, and did not say so.
fn silent() -> Rejection {
    let title = "the replica that tallies did not answer; it may have done this or not";
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "owner_silent", title)
        .hint("look what is in force, and ask again")
        .retry_after(5)
}

#[cfg(test)]
mod tests;
