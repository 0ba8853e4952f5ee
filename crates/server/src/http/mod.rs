//! HTTP: routes, the guard before them, and errors as problem details.
//!
//! Invariants: a route names its permission or does not compile ([`routes::Routes`]); every error
//! is `application/problem+json` with a stable code; nothing here decides anything.

mod events;
mod extract;
mod guard;
mod headers;
mod health;
mod lingering;
mod observe;
mod openapi;
mod owner;
mod patience;
mod problem;
mod routes;
mod signed;
mod v1;

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::app::Shared;
use crate::ui;

pub(crate) use openapi::openapi;

/// Everything that is served. Layers from the inside out: guards, the caller's limits, then what
/// holds for every answer.
pub(crate) fn router(shared: Shared) -> Router {
    let (routes, _) = openapi::described().split_for_parts();
    routes
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(fallback)
        .layer(DefaultBodyLimit::max(shared.config.limits.body_bytes_max))
        .layer(CatchPanicLayer::custom(problem::of_panic))
        .layer(middleware::from_fn(patience::bound))
        .layer(middleware::from_fn(observe::count))
        .layer(Extension(shared.clone()))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(headers::secure))
        .layer(middleware::from_fn(lingering::linger))
        .with_state(shared)
}

/// What no route serves: an unknown route of the API, or a page of the web app.
async fn fallback(method: Method, uri: Uri, request: axum::extract::Request) -> Response {
    if uri.path() == "/api" || uri.path().starts_with("/api/") {
        return problem::unknown_route(uri.path()).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return problem::method_not_allowed().into_response();
    }
    ui::serve(uri.path(), request.headers())
}

async fn method_not_allowed() -> Response {
    problem::method_not_allowed().into_response()
}
