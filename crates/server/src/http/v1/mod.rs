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
pub(super) mod teams;
pub(super) mod telemetry;
pub(super) mod tokens;

use super::extract::{Json, Path, Query};
use super::problem::Rejection;

/// What a handler answers.
type Answer<T> = Result<Json<T>, Rejection>;
