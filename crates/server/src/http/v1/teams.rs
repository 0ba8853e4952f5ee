//! Teams and who is in them.

use axum::extract::State;
use axum::http::StatusCode;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::{NewMember, Team};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::PersonId;

use super::{Answer, Json, Path, Rejection};
use crate::app::access::Asking;
use crate::app::{Shared, teams};

/// Teams, what they own, and who is in them
#[utoipa::path(
    get, path = "/api/v1/teams", tag = "access", operation_id = "list_teams",
    responses((status = 200, body = Page<Team>))
)]
pub(in crate::http) async fn list(State(shared): State<Shared>) -> Answer<Page<Team>> {
    Ok(Json(teams::list(&shared).await?))
}

/// One team
#[utoipa::path(
    get, path = "/api/v1/teams/{name}", tag = "access", operation_id = "get_team",
    params(("name" = String, Path, description = "The team's name")),
    responses((status = 200, body = Team))
)]
pub(in crate::http) async fn get(
    State(shared): State<Shared>,
    Path(name): Path<Name>,
) -> Answer<Team> {
    Ok(Json(teams::get(&shared, name.as_str()).await?))
}

/// Puts somebody into a team, or gives them another role there
#[utoipa::path(
    put, path = "/api/v1/teams/{name}/members/{id}", tag = "access", operation_id = "set_member",
    params(
        ("name" = String, Path, description = "The team's name"),
        ("id" = String, Path, description = "The person's id"),
    ),
    request_body = NewMember,
    responses((status = 200, body = Team), (status = 422, description = "An unknown role"))
)]
pub(in crate::http) async fn join(
    State(shared): State<Shared>,
    asking: Asking,
    Path((team, person)): Path<(Name, PersonId)>,
    Json(new): Json<NewMember>,
) -> Answer<Team> {
    let caller = asking.at(Some(&team))?;
    Ok(Json(teams::join(&shared, &caller, (team, person), &new).await?))
}

/// Takes somebody out of a team
#[utoipa::path(
    delete, path = "/api/v1/teams/{name}/members/{id}", tag = "access",
    operation_id = "remove_member",
    params(
        ("name" = String, Path, description = "The team's name"),
        ("id" = String, Path, description = "The person's id"),
    ),
    responses((status = 204, description = "Out of the team"))
)]
pub(in crate::http) async fn leave(
    State(shared): State<Shared>,
    asking: Asking,
    Path((team, person)): Path<(Name, PersonId)>,
) -> Result<StatusCode, Rejection> {
    let caller = asking.at(Some(&team))?;
    teams::leave(&shared, &caller, (team, person)).await?;
    Ok(StatusCode::NO_CONTENT)
}
