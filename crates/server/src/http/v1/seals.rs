//! The head of the seals, and proofs against it.

use axum::extract::State;
use plimsoll_api::v1::seal::{Consistency, Head, Inclusion};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Path, Query};
use crate::app::{Shared, seals};

/// Which head was kept.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Since {
    /// The size of the head that was kept.
    from: u64,
}

/// The head that holds everything sealed so far: keep it where nobody here can change it
#[utoipa::path(
    get, path = "/api/v1/seals/head", tag = "seals", operation_id = "get_seal_head",
    responses((status = 200, body = Head), (status = 404, description = "Nothing is sealed yet"))
)]
pub(in crate::http) async fn head(State(shared): State<Shared>) -> Answer<Head> {
    Ok(Json(seals::head(&shared).await?))
}

/// The proof that the head begins with the one of that size
#[utoipa::path(
    get, path = "/api/v1/seals/consistency", tag = "seals", operation_id = "prove_consistency",
    params(Since),
    responses(
        (status = 200, body = Consistency),
        (status = 404, description = "Nothing is sealed yet"),
        (status = 422, description = "A size beyond the head"),
    )
)]
pub(in crate::http) async fn consistency(
    State(shared): State<Shared>,
    Query(Since { from }): Query<Since>,
) -> Answer<Consistency> {
    Ok(Json(seals::consistency(&shared, from).await?))
}

/// The proof that a row of history is sealed
#[utoipa::path(
    get, path = "/api/v1/seals/{kind}/{key}", tag = "seals", operation_id = "prove_inclusion",
    params(
        ("kind" = String, Path, description = "entry, decision, attempt, revision, document …"),
        ("key" = String, Path, description = "Its key: the id of an entry or a decision"),
    ),
    responses(
        (status = 200, body = Inclusion),
        (status = 422, description = "An unknown kind"),
    )
)]
pub(in crate::http) async fn inclusion(
    State(shared): State<Shared>,
    Path((kind, key)): Path<(String, String)>,
) -> Answer<Inclusion> {
    Ok(Json(seals::inclusion(&shared, &kind, &key).await?))
}
