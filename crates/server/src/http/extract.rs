//! Extractors whose rejections are problems.

use axum::extract::{FromRequest, FromRequestParts};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

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

/// The query of the URL.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Rejection))]
pub(super) struct Query<T>(pub(super) T);

/// The named parts of the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Rejection))]
pub(super) struct Path<T>(pub(super) T);

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
