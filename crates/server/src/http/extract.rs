//! Extractors whose rejections are problems.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::problem::Rejection;
use crate::app::access::{Asking, Credential};
use crate::app::{Caller, Failure};

/// A JSON body, read or written.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Rejection))]
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// How many characters a part of the path or the query may have.
pub(super) const PARAMETER_CHARS_MAX: usize = 1_000;

/// The query of the URL. No part of it is longer than a parameter may be, or has a NUL in it,
/// which databases do not keep.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        for (_, value) in form_urlencoded::parse(query) {
            fits(&value).map_err(|fault| {
                let title = "the query cannot be read";
                Rejection::new(StatusCode::BAD_REQUEST, "invalid_query", title).detail(fault)
            })?;
        }
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await?;
        Ok(Self(query.0))
    }
}

/// The named parts of the path, within the same bounds.
pub(super) struct Path<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let raw = RawPathParams::from_request_parts(parts, state).await;
        let faults = raw.iter().flat_map(|raw| raw.iter()).find_map(|(_, value)| fits(value).err());
        if let Some(fault) = faults {
            return Err(Rejection::unknown_id(fault));
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await?;
        Ok(Self(path.0))
    }
}

/// Whether a parameter is one that anything could be called.
fn fits(value: &str) -> Result<(), String> {
    if value.chars().count() > PARAMETER_CHARS_MAX {
        return Err(format!("no parameter has more than {PARAMETER_CHARS_MAX} characters"));
    }
    if value.contains('\0') {
        return Err("a parameter has a NUL in it".to_owned());
    }
    Ok(())
}

/// The guard has put the caller there, unless the route is public, or about what teams own.
impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Rejection> {
        admitted(parts)
    }
}

/// The guard has put them there, where the route is about what teams own.
impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Rejection> {
        admitted(parts)
    }
}

/// What the caller showed, for who asks again later.
impl<S: Sync> FromRequestParts<S> for Credential {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Rejection> {
        admitted(parts)
    }
}

fn admitted<T: Clone + Send + Sync + 'static>(parts: &Parts) -> Result<T, Rejection> {
    let admitted = parts.extensions.get::<T>().cloned();
    admitted.ok_or_else(|| Failure::Unauthenticated("nobody is signed in").into())
}
