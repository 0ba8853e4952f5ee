//! The inbox as pages: a list, and one letter.
//!
//! Invariant: a letter is untrusted text. What is written into a page is escaped ([`html`]); a
//! letter's own HTML is shown in a frame without scripts, forms, or anything from elsewhere. Pages
//! are read only, and only under an address of this machine, so that no other site reads along.

mod html;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Inbox;

const STYLE: &str = include_str!("page/style.css");

/// What a page may load.
const PAGE: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; \
                    form-action 'none'; frame-ancestors 'none'";

/// What a letter's own HTML may: be styled, and open a link in a window of its own.
const LETTER: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; \
                      frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// All pages.
pub(super) fn router(inbox: Inbox) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/style.css", get(async || typed("text/css; charset=utf-8", STYLE.to_owned())))
        .route("/letters/{number}", get(letter))
        .route("/letters/{number}/html", get(letter_html))
        .fallback(async || nothing())
        .layer(middleware::from_fn(guard))
        .with_state(inbox)
}

async fn list(State(inbox): State<Inbox>) -> Response {
    page(StatusCode::OK, html::list(&inbox.all()))
}

async fn letter(State(inbox): State<Inbox>, Path(number): Path<u64>) -> Response {
    match inbox.get(number) {
        Some(kept) => page(StatusCode::OK, html::letter(&kept)),
        None => nothing(),
    }
}

async fn letter_html(State(inbox): State<Inbox>, Path(number): Path<u64>) -> Response {
    let Some(kept) = inbox.get(number) else { return nothing() };
    let Some(text) = &kept.letter.html else { return nothing() };
    // Links of the letter open beside the inbox, not in its frame.
    let mut response =
        typed("text/html; charset=utf-8", format!("<!doctype html><base target=_blank>{text}"));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(LETTER));
    response
}

fn nothing() -> Response {
    page(StatusCode::NOT_FOUND, html::nothing())
}

fn page(status: StatusCode, text: String) -> Response {
    (status, typed("text/html; charset=utf-8", text)).into_response()
}

fn typed(kind: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}

/// Answers only to names of this machine, since another name that leads here belongs to a site that
/// wants to read along; and says what every answer says.
async fn guard(request: Request, next: Next) -> Response {
    if !is_local(request.headers()) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(PAGE));
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost")
}

#[cfg(test)]
mod tests;
