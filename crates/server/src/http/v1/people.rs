//! People.

use axum::extract::State;
use axum::http::StatusCode;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::{AddedPerson, NewPerson, PasswordLink, Person, PersonChange};
use plimsoll_domain::id::PersonId;

use super::{Answer, Json, Path, Rejection};
use crate::app::access::Asking;
use crate::app::{Caller, Shared, people};

/// Everybody who signs in, for those who manage a team
#[utoipa::path(
    get, path = "/api/v1/people", tag = "access", operation_id = "list_people",
    responses((status = 200, body = Page<Person>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    _asking: Asking,
) -> Answer<Page<Person>> {
    Ok(Json(people::list(&shared).await?))
}

/// Adds somebody; the link by which they set a password is in this answer and nowhere else
#[utoipa::path(
    post, path = "/api/v1/people", tag = "access", operation_id = "add_person",
    request_body = NewPerson,
    responses(
        (status = 201, body = AddedPerson),
        (status = 409, description = "Somebody else has the name"),
        (status = 422, description = "An unknown role, or a name that is none"),
    )
)]
pub(in crate::http) async fn add(
    State(shared): State<Shared>,
    caller: Caller,
    Json(new): Json<NewPerson>,
) -> Result<(StatusCode, Json<AddedPerson>), Rejection> {
    Ok((StatusCode::CREATED, Json(people::add(&shared, &caller, &new).await?)))
}

/// One person
#[utoipa::path(
    get, path = "/api/v1/people/{id}", tag = "access", operation_id = "get_person",
    params(("id" = String, Path, description = "The person's id")),
    responses((status = 200, body = Person))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    _caller: Caller,
    Path(id): Path<PersonId>,
) -> Answer<Person> {
    Ok(Json(people::get(&shared, id).await?))
}

/// Changes what somebody is called, or may do
#[utoipa::path(
    patch, path = "/api/v1/people/{id}", tag = "access", operation_id = "change_person",
    params(("id" = String, Path, description = "The person's id")), request_body = PersonChange,
    responses(
        (status = 200, body = Person),
        (status = 409, description = "Somebody else has the name, or this is the last admin"),
        (status = 422, description = "An unknown role, or a name that is none"),
    )
)]
pub(in crate::http) async fn change(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<PersonId>,
    Json(change): Json<PersonChange>,
) -> Answer<Person> {
    Ok(Json(people::change(&shared, &caller, id, &change).await?))
}

/// Makes a link by which somebody sets a new password; it is in this answer and nowhere else
#[utoipa::path(
    post, path = "/api/v1/people/{id}/password-link", tag = "access",
    operation_id = "make_password_link",
    params(("id" = String, Path, description = "The person's id")),
    responses((status = 201, body = PasswordLink))
)]
pub(in crate::http) async fn reset(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<PersonId>,
) -> Result<(StatusCode, Json<PasswordLink>), Rejection> {
    Ok((StatusCode::CREATED, Json(people::reset(&shared, &caller, id).await?)))
}

/// Erases what says who a person is; history keeps their id, and stays provable
#[utoipa::path(
    delete, path = "/api/v1/people/{id}", tag = "access", operation_id = "erase_person",
    params(("id" = String, Path, description = "The person's id")),
    responses(
        (status = 204, description = "Erased"),
        (status = 409, description = "The last admin"),
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
