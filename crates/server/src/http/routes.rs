//! Routes with their permissions.
//!
//! Invariant: the only way to add a route is with a [`Permission`], so one that names none does not
//! compile, and the guard that enforces it is put there with it. The permission is written into the
//! OpenAPI document, too, where the tests read it.

use axum::middleware;
use plimsoll_api::v1::problem::Problem;
use plimsoll_domain::access::{Permission, Reach};
use serde_json::json;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};

use super::guard;
use crate::app::Shared;

/// Routes, each guarded.
pub(super) struct Routes(OpenApiRouter<Shared>);

impl Routes {
    /// No routes yet, described by `document`.
    pub(super) fn new(mut document: OpenApi) -> Self {
        let components = document.components.get_or_insert_default();
        let name = Problem::name().into_owned();
        components.schemas.insert(name, <Problem as PartialSchema>::schema());
        Self(OpenApiRouter::with_openapi(document))
    }

    /// Adds what `routes!` made of one handler, or of several that need the same permission.
    pub(super) fn add(self, permission: Permission, routes: UtoipaMethodRouter<Shared>) -> Self {
        let (schemas, mut paths, methods) = routes.map(|methods| {
            methods.route_layer(middleware::from_fn(move |request, next| {
                guard::admit(permission, request, next)
            }))
        });
        for (path, item) in &mut paths.paths {
            let named = path.contains('{');
            operations(item).for_each(|operation| describe(operation, permission, named));
        }
        Self(self.0.routes((schemas, paths, methods)))
    }

    /// All of them, with their description.
    pub(super) fn done(self) -> OpenApiRouter<Shared> {
        self.0
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    [get, put, post, delete, options, head, patch, trace].into_iter().flatten()
}

/// Writes down what the guard and the extractors may answer.
fn describe(operation: &mut Operation, permission: Permission, named: bool) {
    let mut document = |status: &str, description: &str| {
        let responses = &mut operation.responses.responses;
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(description)));
    };
    if permission.least_role().is_some() {
        document("401", "No credentials, or none that are known");
        document("403", "Credentials that do not suffice");
    }
    if named {
        document("404", "There is no such thing");
    }
    if operation.request_body.is_some() {
        document("413", "The body is larger than allowed");
    }
    document("400", "A request that cannot be read");
    document("500", "Something broke here");
    if permission.least_role().is_some() {
        document("503", "The disk is full, or the database does not answer: see `code`");
    }
    operation
        .extensions
        .get_or_insert_default()
        .insert("x-permission".to_owned(), json!(permission.as_str()));
    let needs = |scheme: &str| SecurityRequirement::new(scheme, [] as [&str; 0]);
    let role = permission.least_role();
    operation.security = role.map(|_| vec![needs("token"), needs("session")]);
    if let Some(role) = role {
        let extensions = operation.extensions.get_or_insert_default();
        extensions.insert("x-least-role".to_owned(), json!(role.as_str()));
        let of_team = permission.reach() == Reach::Team;
        extensions.insert("x-team-role-suffices".to_owned(), json!(of_team));
    }
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name(Problem::name());
    let content = Content::new(Some(schema));
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}
