//! Requests that their senders signed: read whole before they are judged, and passed on once.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use plimsoll_store::Answer;

use super::problem::Rejection;
use crate::app::webhooks::signature::Signed;
use crate::app::webhooks::{self, Sent, Taken};
use crate::app::{Failure, Shared};

/// Reads a signed request; its body is in it, and stays where it was, too.
pub(super) async fn read(
    shared: &Shared,
    request: &Parts,
    body: &mut Body,
) -> Result<Signed, Rejection> {
    let query = request.uri.query().unwrap_or_default();
    let mut signed = Signed::read(&request.headers, query, shared.world.now())?;
    let bytes_max = shared.config.limits.body_bytes_max;
    let bytes = to_bytes(std::mem::take(body), bytes_max).await.map_err(|_| {
        let title = format!("the body was cut off, or has more than {bytes_max} bytes");
        Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", title)
    })?;
    signed.body = bytes.clone();
    *body = Body::from(bytes);
    Ok(signed)
}

/// Passes a message on, unless it was before: then it is answered as it was. One that did not
/// succeed did nothing, and may come again.
pub(super) async fn once(message: Sent, request: Request, next: Next) -> Response {
    let shared = request.extensions().get::<Shared>().expect("the router hands on its state");
    let (shared, now) = (shared.clone(), shared.world.now());
    let route = route(&request);
    let message = match webhooks::take(&shared, now, &message, &route).await {
        Ok(Taken::Ours(message)) => message,
        Ok(Taken::Answered(answer)) => return again(answer),
        Err(failure) => return Rejection::from(failure).into_response(),
    };
    let (parts, body) = next.run(request).await.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return Rejection::from(Failure::Internal(error.into())).into_response(),
    };
    let status = parts.status;
    let answer = || Answer { status: status.as_u16(), body: body.to_vec() };
    if let Err(failure) = webhooks::settle(&shared, message, status.is_success().then(answer)).await
    {
        // What it asked for is done or not, whether that is remembered or not.
        tracing::warn!(error = format!("{failure:#}"), "how a message was answered was not kept");
    }
    Response::from_parts(parts, Body::from(body))
}

/// The route that a request is for.
fn route(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    format!("{} {matched}", request.method())
}

fn again(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let json = HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, json)], answer.body).into_response()
}
