//! Senders of signed webhooks.

use axum::extract::State;
use axum::http::StatusCode;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::webhook::{NewWebhook, Webhook, WebhookRotation};
use plimsoll_domain::id::WebhookId;

use super::{Answer, Json, Path, Rejection};
use crate::app::access::Asking;
use crate::app::{Shared, webhooks};

/// The senders of signed webhooks that the caller manages, without their secrets
#[utoipa::path(
    get, path = "/api/v1/webhooks", tag = "access", operation_id = "list_webhooks",
    responses((status = 200, body = Page<Webhook>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    asking: Asking,
) -> Answer<Page<Webhook>> {
    Ok(Json(webhooks::list(&shared, asking).await?))
}

/// Makes a sender of signed webhooks; its secret is in this answer and nowhere else
///
/// It asks without a token: each request names it as `?webhook=ID` and is signed as Standard
/// Webhooks 1.0 says, by the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
#[utoipa::path(
    post, path = "/api/v1/webhooks", tag = "access", operation_id = "create_webhook",
    request_body = NewWebhook,
    responses(
        (status = 201, body = Webhook),
        (status = 404, description = "There is no such team"),
        (status = 422, description = "An unknown scope, a name that is none, a time past"),
    )
)]
pub(in crate::http) async fn create(
    State(shared): State<Shared>,
    asking: Asking,
    Json(new): Json<NewWebhook>,
) -> Result<(StatusCode, Json<Webhook>), Rejection> {
    Ok((StatusCode::CREATED, Json(webhooks::create(&shared, asking, &new).await?)))
}

/// Makes a sender's next secret, which is in this answer and nowhere else
///
/// The secret until now is taken for a while, too, so that no message is refused meanwhile.
#[utoipa::path(
    post, path = "/api/v1/webhooks/{id}/rotate", tag = "access", operation_id = "rotate_webhook",
    params(("id" = String, Path, description = "The sender's id")),
    request_body = WebhookRotation,
    responses(
        (status = 200, body = Webhook),
        (status = 409, description = "It is revoked, or somebody else rotates it"),
    )
)]
pub(in crate::http) async fn rotate(
    State(shared): State<Shared>,
    asking: Asking,
    Path(id): Path<WebhookId>,
    Json(rotation): Json<WebhookRotation>,
) -> Answer<Webhook> {
    Ok(Json(webhooks::rotate(&shared, asking, id, &rotation).await?))
}

/// Revokes a sender of signed webhooks
#[utoipa::path(
    delete, path = "/api/v1/webhooks/{id}", tag = "access", operation_id = "revoke_webhook",
    params(("id" = String, Path, description = "The sender's id")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 409, description = "Somebody else rotates it"),
    )
)]
pub(in crate::http) async fn revoke(
    State(shared): State<Shared>,
    asking: Asking,
    Path(id): Path<WebhookId>,
) -> Result<StatusCode, Rejection> {
    webhooks::revoke(&shared, asking, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
