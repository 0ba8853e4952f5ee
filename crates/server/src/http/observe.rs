//! Counts every answer by route template and status, and holds back those of a dying process.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::app::Shared;
use crate::durable;

/// Counts one.
pub(super) async fn count(request: Request, next: Next) -> Response {
    let shared = request.extensions().get::<Shared>().cloned();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let method = known(request.method());
    let response = next.run(request).await;
    durable::or_silence().await;
    if let Some(shared) = shared {
        let route = matched.as_ref().map_or("other", MatchedPath::as_str);
        shared.metrics.count_request(method, route, response.status().as_u16());
    }
    response
}

/// A caller may invent methods, and labels must stay few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
