//! How long a request may take: to come in, and to be answered.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::timeout::TimeoutBody;

use super::problem::Rejection;

/// Between two parts of a body.
const PART: Duration = Duration::from_secs(30);

/// From the head of a request to the head of its answer.
const ANSWER: Duration = Duration::from_secs(60);

/// Holds everything up to a backup in one answer, however large it is; its steps are bounded.
const UNBOUNDED: &str = "/api/v1/backup";

/// Bounds both. What was asked for may still be done when the answer is given up: so it is said.
pub(super) async fn bound(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let unbounded = matched.is_some_and(|path| path.as_str() == UNBOUNDED);
    let request = request.map(|body| Body::new(TimeoutBody::new(PART, body)));
    if unbounded {
        return next.run(request).await;
    }
    match tokio::time::timeout(ANSWER, next.run(request)).await {
        Ok(response) => response,
        Err(_) => late().into_response(),
    }
}

fn late() -> Rejection {
    let title = format!("no answer could be given within {} s", ANSWER.as_secs());
    Rejection::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", title)
        .hint("what was asked for may still be done: look before you ask again")
        .retry_after(5)
}
