//! The list of all routes, each with its permission, and the OpenAPI 3.1 document made from it.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use plimsoll_domain::access::Permission;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::guard::SESSION_COOKIE;
use super::routes::Routes;
use super::{events, health, v1};
use crate::app::Shared;

/// All routes.
pub(super) fn described() -> OpenApiRouter<Shared> {
    use Permission::{
        BackUp, ChangeDefinitions, DecideRelease, Public, Read, RecordDeployment, WriteTelemetry,
    };
    access(Routes::new(document()))
        .add(Public, routes!(health::healthz))
        .add(Public, routes!(health::readyz))
        .add(Public, routes!(health::metrics))
        .add(Public, routes!(serve))
        .add_of_owner(WriteTelemetry, routes!(v1::telemetry::write))
        .add_of_owner(Read, routes!(v1::telemetry::get))
        .add(Read, routes!(v1::storage::get))
        .add(Read, routes!(v1::definitions::lint))
        .add(Read, routes!(v1::definitions::import))
        .add_of_owner(ChangeDefinitions, routes!(v1::definitions::apply))
        .add(Read, routes!(v1::definitions::list))
        .add(Read, routes!(v1::definitions::get))
        .add_of_owner(ChangeDefinitions, routes!(v1::definitions::delete))
        .add_of_owner(Read, routes!(v1::services::list))
        .add_of_owner(Read, routes!(v1::services::get))
        .add_of_owner(Read, routes!(v1::slos::list))
        .add_of_owner(Read, routes!(v1::slos::get))
        .add_of_owner(Read, routes!(v1::slos::history))
        .add_of_owner(Read, routes!(v1::slos::explain))
        .add_of_owner(Read, routes!(v1::slos::ledger))
        .add_of_owner(Read, routes!(v1::slos::methods))
        .add_of_owner(Read, routes!(v1::violations::list))
        .add(Read, routes!(v1::objectives::targets))
        .add(Read, routes!(v1::objectives::suggest))
        .add_of_owner(Read, routes!(v1::standing::get))
        .add(Read, routes!(v1::alerts::list))
        .add(Read, routes!(v1::alerts::get))
        .add(RecordDeployment, routes!(v1::deployments::record))
        .add(Read, routes!(v1::deployments::list))
        .add(Read, routes!(v1::deployments::get))
        .add_of_owner(DecideRelease, routes!(v1::gates::check))
        .add(Read, routes!(v1::gates::list))
        .add(Read, routes!(v1::gates::get))
        .add(Read, routes!(v1::gates::replay))
        .add(Read, routes!(v1::notifications::list))
        .add(Read, routes!(v1::receivers::list))
        .add(ChangeDefinitions, routes!(v1::receivers::test))
        .add(Read, routes!(v1::seals::head))
        .add(Read, routes!(v1::seals::consistency))
        .add(Read, routes!(v1::seals::inclusion))
        .add_of_owner(BackUp, routes!(v1::backup::get))
        .add(Read, routes!(events::stream))
        .done()
}

/// Those about who may come in, and what they may do.
fn access(routes: Routes) -> Routes {
    use Permission::{ManageAccess, ManageTeam, Myself, Public, Read};
    routes
        .add(Public, routes!(v1::session::state))
        .add(Public, routes!(v1::session::set_up))
        .add(Public, routes!(v1::session::sign_in))
        .add(Public, routes!(v1::session::set_password))
        .add(Myself, routes!(v1::session::sign_out))
        .add(Myself, routes!(v1::session::me))
        .add(Myself, routes!(v1::session::change_password))
        .add(Myself, routes!(v1::session::list))
        .add(Myself, routes!(v1::session::end))
        .add(ManageTeam, routes!(v1::tokens::list, v1::tokens::create))
        .add(ManageTeam, routes!(v1::tokens::revoke))
        .add(ManageTeam, routes!(v1::webhooks::list, v1::webhooks::create))
        .add(ManageTeam, routes!(v1::webhooks::rotate))
        .add(ManageTeam, routes!(v1::webhooks::revoke))
        .add(ManageTeam, routes!(v1::people::list))
        .add(ManageAccess, routes!(v1::people::add))
        .add(ManageAccess, routes!(v1::people::get, v1::people::change, v1::people::erase))
        .add(ManageAccess, routes!(v1::people::reset))
        .add(Read, routes!(v1::teams::list))
        .add(Read, routes!(v1::teams::get))
        .add(ManageTeam, routes!(v1::teams::join, v1::teams::leave))
        .add(ManageAccess, routes!(v1::audit::list))
}

/// The document of all routes, as indented JSON in a stable order.
pub(crate) fn openapi() -> String {
    // Through a value, whose maps are sorted, so that the text is the same every time.
    let value = serde_json::to_value(described().into_openapi()).expect("it is plain data");
    serde_json::to_string_pretty(&value).expect("a value is JSON") + "\n"
}

/// This document
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "health",
    responses((status = 200, body = Object, content_type = "application/json"))
)]
async fn serve() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], openapi())
}

fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Plimsoll")
        .version("v1")
        .description(Some(
            "Reliability measured, budgeted, alerted on and decided by. Errors are RFC 9457 \
             problem details with a stable code.",
        ))
        .license(Some(License::builder().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE)));
    let signed = ApiKeyValue::with_description(
        "webhook-signature",
        "A request that its sender signed (Standard Webhooks 1.0): it names the sender in the \
         query as `webhook=whk_…`, and has the headers `webhook-id`, `webhook-timestamp` (within \
         300 s of now) and `webhook-signature`. Sent again under the same id it is answered as it \
         was the first time.",
    );
    let components = ComponentsBuilder::new()
        .security_scheme("token", token)
        .security_scheme("session", session)
        .security_scheme("webhook", SecurityScheme::ApiKey(ApiKey::Header(signed)))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}
