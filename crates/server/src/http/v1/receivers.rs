//! Receivers.

use axum::extract::State;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::notification::{Receiver, ReceiverTest};
use plimsoll_domain::catalog::Name;

use super::{Answer, Json, Path};
use crate::app::access::Asking;
use crate::app::{Shared, receivers};

/// Who is told, over which channels, and how that went
#[utoipa::path(
    get, path = "/api/v1/receivers", tag = "alerts", operation_id = "list_receivers",
    responses((status = 200, body = Page<Receiver>))
)]
pub(in crate::http) async fn list(State(shared): State<Shared>) -> Answer<Page<Receiver>> {
    Ok(Json(receivers::list(&shared).await?))
}

/// Send a test message over every channel of a receiver, now
///
/// It is marked as a test, belongs to no alert, and is not tried again. At most one in 30 seconds
/// for each receiver, and six a minute in all.
#[utoipa::path(
    post, path = "/api/v1/receivers/{name}/test", tag = "alerts", operation_id = "test_receiver",
    params(("name" = String, Path, description = "Its name")),
    responses(
        (status = 200, description = "What became of it over each channel", body = ReceiverTest),
        (status = 429, description = "Tested too often", body = plimsoll_api::v1::problem::Problem,
            content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn test(
    State(shared): State<Shared>,
    asking: Asking,
    Path(name): Path<Name>,
) -> Answer<ReceiverTest> {
    let caller = asking.at(receivers::owner(&shared, name.as_str()).as_ref())?;
    Ok(Json(receivers::test(&shared, &caller, name.as_str()).await?))
}
