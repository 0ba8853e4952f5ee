//! API tokens.

use axum::extract::State;
use axum::http::StatusCode;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::{NewToken, Token};
use plimsoll_domain::id::TokenId;

use super::{Answer, Json, Path, Rejection};
use crate::app::access::Asking;
use crate::app::{Shared, tokens};

/// The tokens that the caller manages, without their secrets
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "access", operation_id = "list_tokens",
    responses((status = 200, body = Page<Token>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    asking: Asking,
) -> Answer<Page<Token>> {
    Ok(Json(tokens::list(&shared, asking).await?))
}

/// Makes a token; its secret is in this answer and nowhere else
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "access", operation_id = "create_token",
    request_body = NewToken,
    responses(
        (status = 201, body = Token),
        (status = 404, description = "There is no such team"),
        (status = 422, description = "An unknown role or scope, a name that is none, a time past"),
    )
)]
pub(in crate::http) async fn create(
    State(shared): State<Shared>,
    asking: Asking,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<Token>), Rejection> {
    Ok((StatusCode::CREATED, Json(tokens::create(&shared, asking, &new).await?)))
}

/// Revokes a token
#[utoipa::path(
    delete, path = "/api/v1/tokens/{id}", tag = "access", operation_id = "revoke_token",
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204, description = "Revoked"))
)]
pub(in crate::http) async fn revoke(
    State(shared): State<Shared>,
    asking: Asking,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, Rejection> {
    tokens::revoke(&shared, asking, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
