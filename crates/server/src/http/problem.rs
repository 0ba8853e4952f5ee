//! Errors on the wire: RFC 9457 problem details with a stable code.
//!
//! Invariant: what broke here is logged, once, and never shown.

use std::any::Any;

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use plimsoll_api::v1::problem::Problem;
use plimsoll_domain::access::Denied;

use crate::app::Failure;

/// A problem as an answer.
#[derive(Debug)]
pub(crate) struct Rejection {
    status: StatusCode,
    problem: Problem,
    retry_after_seconds: Option<u32>,
}

impl Rejection {
    /// A problem of that status and code.
    pub(super) fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Self {
        let problem = Problem {
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.into(),
            detail: None,
            hint: None,
        };
        Self { status, problem, retry_after_seconds: None }
    }

    /// With more to say.
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    /// With how to mend it.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.problem.hint = Some(hint.into());
        self
    }

    pub(super) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// What the path names cannot be anything.
    pub(super) fn unknown_id(detail: String) -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown_id", "there is nothing of that name or id")
            .detail(detail)
    }

    /// A body that was not read; `status` is what the framework makes of it.
    fn body(status: StatusCode, detail: String) -> Self {
        let (code, title) = match status {
            StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "the body is larger than allowed"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("unsupported_media_type", "the body is not declared as application/json")
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                ("invalid_body", "the body is JSON, but not what is asked for here")
            }
            _ => ("unreadable_body", "the body cannot be read"),
        };
        Self::new(status, code, title).detail(detail)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        let title = failure.to_string();
        match failure {
            Failure::Unauthenticated(_) => {
                Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", title)
            }
            Failure::Forbidden(denied) => {
                let hint = match denied {
                    Denied::Role { .. } => {
                        "an admin of the team, or of the installation, can give it"
                    }
                    Denied::Scope(_) => "make a token with this scope, or use another one",
                };
                Self::new(StatusCode::FORBIDDEN, "forbidden", title).hint(hint)
            }
            Failure::BeyondOwn(_) => Self::new(StatusCode::FORBIDDEN, "beyond_own", title),
            Failure::CrossSite(_) => Self::new(StatusCode::FORBIDDEN, "cross_site", title),
            Failure::NotFound { noun, near, .. } => {
                let code = format!("unknown_{noun}");
                let rejection = Self::new(StatusCode::NOT_FOUND, &code, title);
                let meant = near.map(|near| format!("did you mean `{near}`?"));
                meant.into_iter().fold(rejection, Self::hint)
            }
            Failure::Invalid { code, hint, .. } => {
                let rejection = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title);
                hint.into_iter().fold(rejection, Self::hint)
            }
            Failure::Conflict { code, .. } => Self::new(StatusCode::CONFLICT, code, title),
            Failure::Busy { code, retry_after_seconds, .. } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code, title)
                    .retry_after(retry_after_seconds)
            }
            Failure::StorageFull { .. } => {
                tracing::error!("{title}");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "storage_full", title)
                    .detail("nothing of this request was kept")
                    .hint("free or add disk space there; the request can then be sent again")
                    .retry_after(30)
            }
            Failure::Throttled { retry_after_seconds } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", title)
                    .retry_after(retry_after_seconds)
            }
            Failure::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "a request failed here");
                broken()
            }
        }
    }
}

impl From<JsonRejection> for Rejection {
    fn from(rejection: JsonRejection) -> Self {
        Self::body(rejection.status(), rejection.body_text())
    }
}

impl From<BytesRejection> for Rejection {
    fn from(rejection: BytesRejection) -> Self {
        Self::body(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Rejection {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_query", "the query cannot be read")
            .detail(rejection.body_text())
    }
}

impl From<PathRejection> for Rejection {
    fn from(rejection: PathRejection) -> Self {
        Self::unknown_id(rejection.body_text())
    }
}

/// No route has this path.
pub(super) fn unknown_route(path: &str) -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, "unknown_route", "the API has no such route")
        .detail(path)
        .hint("GET /api/v1/openapi.json lists them")
}

/// The route has other methods.
pub(super) fn method_not_allowed() -> Rejection {
    let title = "this route does not take that method";
    Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", title)
}

fn broken() -> Rejection {
    Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something broke here")
        .hint("the server's log says what; the request can be tried again")
}

/// A handler panicked: a defect, logged as one.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
pub(super) fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = text, "a handler panicked");
    broken().into_response()
}
