//! The handlers of `/api/v1`, a noun a file: read the request, call the use case, answer.

pub(super) mod alerts;
pub(super) mod audit;
pub(super) mod backup;
pub(super) mod definitions;
pub(super) mod deployments;
pub(super) mod gates;
pub(super) mod notifications;
pub(super) mod objectives;
pub(super) mod people;
pub(super) mod receivers;
pub(super) mod seals;
pub(super) mod services;
pub(super) mod session;
pub(super) mod slos;
pub(super) mod standing;
pub(super) mod storage;
pub(super) mod teams;
pub(super) mod telemetry;
pub(super) mod tokens;
pub(super) mod violations;
pub(super) mod webhooks;

use utoipa::ToSchema;

use super::extract::{Json, Path, Query};
use super::problem::Rejection;

/// Bytes that are no JSON: what they are is said by the content type.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it stands in the document")]
struct Octets(Vec<u8>);

/// What a handler answers.
type Answer<T> = Result<Json<T>, Rejection>;
