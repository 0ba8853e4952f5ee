//! The delivery log.

use axum::extract::State;
use jiff::Timestamp;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::notification::Notification;
use plimsoll_domain::id::AlertId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Answer, Json, Query};
use crate::app::{Paging, Shared, notifications};

/// Which notifications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Filter {
    /// Those about this alert.
    #[param(value_type = Option<String>)]
    alert: Option<AlertId>,
    /// Those for this receiver.
    receiver: Option<String>,
    /// Those over this channel: `webhook`, `webhook:NAME` or `email`.
    channel: Option<String>,
    /// `pending`, `accepted`, `superseded` or `undeliverable`.
    state: Option<String>,
    /// Those owed then or later.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Those owed before then.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// At most so many items: 50 unless asked.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// What is or was owed, newest first, with every attempt
#[utoipa::path(
    get, path = "/api/v1/notifications", tag = "alerts", operation_id = "list_notifications",
    params(Filter), responses((status = 200, body = Page<Notification>))
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    Query(filter): Query<Filter>,
) -> Answer<Page<Notification>> {
    let Filter { alert, receiver, channel, state, from, to, limit, cursor } = filter;
    let filter = notifications::Filter { alert, receiver, channel, state, from, to };
    Ok(Json(notifications::list(&shared, filter, Paging { limit, cursor }).await?))
}
