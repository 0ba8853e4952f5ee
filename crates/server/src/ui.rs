//! The web app: the files of `ui/dist`, embedded when the server is built for release and read from
//! there in development.
//!
//! Every path that is no file is a page of the app. Without the files, a plain page says how to
//! build them.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Dist;

/// The app's page, which every path of the app is answered with.
const INDEX: &str = "index.html";

/// Where the build puts files whose names change with their content.
const HASHED: &str = "assets/";

/// The file of a path, or the app's page.
pub(crate) fn serve(path: &str, headers: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    match Dist::get(path).filter(|_| !path.is_empty()) {
        Some(file) => answer(path, file, headers),
        None if path.starts_with(HASHED) => StatusCode::NOT_FOUND.into_response(),
        None => match Dist::get(INDEX) {
            Some(file) => answer(INDEX, file, headers),
            None => not_built(),
        },
    }
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    // The build packs what is large: to do it anew for each browser takes longer than to send it.
    let packed = || Dist::get(&format!("{path}.gz"));
    let packed = takes_gzip(headers).then(packed).flatten();
    let is_packed = packed.is_some();
    let file = packed.unwrap_or(file);
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..16]));
    let caching =
        if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|tag| tag.trim() == etag)) {
        let headers = [(ETAG, etag), (CACHE_CONTROL, caching.to_owned())];
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let headers =
        [(CONTENT_TYPE, mime.to_string()), (ETAG, etag), (CACHE_CONTROL, caching.to_owned())];
    let encoding = is_packed.then_some([(CONTENT_ENCODING, "gzip"), (VARY, "accept-encoding")]);
    let encoding = AppendHeaders(encoding.into_iter().flatten().collect::<Vec<_>>());
    (headers, encoding, Body::from(file.data.into_owned())).into_response()
}

/// Whether whoever asks reads gzip (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    listed.into_iter().flat_map(|listed| listed.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

fn not_built() -> Response {
    const PAGE: &str = "<!doctype html><meta charset=\"utf-8\"><title>Plimsoll</title>\
        <h1>Plimsoll runs; its web app is not built</h1>\
        <p>With Node 20.19 or newer: <code>npm ci &amp;&amp; npm run build</code> in \
        <code>ui/</code>, then build the server again. The API is at \
        <a href=\"/api/v1/openapi.json\">/api/v1</a> and the command line works.</p>";
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}

#[cfg(test)]
mod tests;
