//! People.

use axum::extract::State;
use axum::http::StatusCode;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::Person;
use plimsoll_domain::id::PersonId;

use super::{Answer, Json, Path, Rejection};
use crate::app::{Caller, Shared, people};

/// Everybody who signs in
#[utoipa::path(
    get, path = "/api/v1/people", tag = "access", operation_id = "list_people",
    responses((status = 200, body = Page<Person>))
)]
pub(in crate::http) async fn list(State(shared): State<Shared>) -> Answer<Page<Person>> {
    Ok(Json(people::list(&shared).await?))
}

/// Erases what says who a person is; history keeps their id, and stays provable
#[utoipa::path(
    delete, path = "/api/v1/people/{id}", tag = "access", operation_id = "erase_person",
    params(("id" = String, Path, description = "The person's id")),
    responses(
        (status = 204, description = "Erased"),
        (status = 422, description = "Yourself"),
    )
)]
pub(in crate::http) async fn erase(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<PersonId>,
) -> Result<StatusCode, Rejection> {
    people::erase(&shared, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
