//! Routes with their permissions.
//!
//! Invariant: the only way to add a route is with a [`Permission`], so one that names none does not
//! compile, and the guard that enforces it is put there with it. The permission is written into the
//! OpenAPI document, too, where the tests read it.

use axum::middleware;
use plimsoll_api::v1::problem::Problem;
use plimsoll_domain::access::{Permission, Reach};
use serde_json::json;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};

use super::extract::PARAMETER_CHARS_MAX;
use super::{guard, owner};
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
        Self(self.0.routes(guarded(permission, routes)))
    }

    /// The same of routes that the replica that tallies alone can answer: others forward to it.
    pub(super) fn add_of_owner(
        self,
        permission: Permission,
        routes: UtoipaMethodRouter<Shared>,
    ) -> Self {
        let routes = guarded(permission, routes).map(|methods| {
            methods.route_layer(middleware::from_fn(move |request, next| {
                owner::forward(permission, request, next)
            }))
        });
        Self(self.0.routes(routes))
    }

    /// All of them, with their description.
    pub(super) fn done(self) -> OpenApiRouter<Shared> {
        self.0
    }
}

/// The routes behind the guard, described.
fn guarded(
    permission: Permission,
    routes: UtoipaMethodRouter<Shared>,
) -> UtoipaMethodRouter<Shared> {
    let (schemas, mut paths, methods) = routes.map(|methods| {
        methods.route_layer(middleware::from_fn(move |request, next| {
            guard::admit(permission, request, next)
        }))
    });
    for item in paths.paths.values_mut() {
        for (operation, changes) in operations(item) {
            bound(operation);
            describe(operation, permission, changes);
        }
    }
    (schemas, paths, methods)
}

/// The operations, each with whether it changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    let reads = [get, options, head, trace].into_iter().flatten().map(|one| (one, false));
    reads.chain([put, post, delete, patch].into_iter().flatten().map(|one| (one, true)))
}

/// Writes down how long a parameter may be, where nothing narrower is said.
fn bound(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema
            && is_text(&schema.schema_type)
            && schema.enum_values.is_none()
        {
            schema.max_length.get_or_insert(PARAMETER_CHARS_MAX);
        }
    }
}

fn is_text(kind: &SchemaType) -> bool {
    match kind {
        SchemaType::Type(one) => *one == Type::String,
        SchemaType::Array(several) => several.contains(&Type::String),
        SchemaType::AnyValue => false,
    }
}

/// What the guard and the extractors may refuse, and why.
fn errors(
    operation: &Operation,
    permission: Permission,
    changes: bool,
) -> Vec<(&'static str, &'static str)> {
    let stands = |place: &ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|one| matches!(one, RefOr::T(one) if one.parameter_in == *place))
    };
    let (named, asked) = (stands(&ParameterIn::Path), stands(&ParameterIn::Query));
    let body = operation.request_body.as_ref();
    let json = body.is_some_and(
        |body| matches!(body, RefOr::T(body) if body.content.contains_key("application/json")),
    );
    let guarded = permission.least_role().is_some();
    let all = [
        (true, "400", "A request that cannot be read"),
        (guarded, "401", "No credentials, or none that are known"),
        (guarded, "403", "Credentials that do not suffice"),
        (!guarded && changes, "403", "A request by a page of another site"),
        (named, "404", "There is no such thing"),
        (is_signed(permission), "409", "The same message of a webhook is being worked on"),
        (body.is_some(), "413", "The body is larger than allowed"),
        (json, "415", "The body is not declared as application/json"),
        (json || asked, "422", "It means nothing, or names what is not there: see `code`"),
        (true, "500", "Something broke here"),
        (true, "503", "The disk is full, the database away, or it took too long: see `code`"),
    ];
    all.into_iter().filter(|(may, ..)| *may).map(|(_, status, why)| (status, why)).collect()
}

/// Whether a sender of signed webhooks may have it.
fn is_signed(permission: Permission) -> bool {
    Permission::of_webhooks().any(|one| one == permission)
}

/// Writes down what may be answered, every error as a problem, and who may ask.
fn describe(operation: &mut Operation, permission: Permission, changes: bool) {
    for (status, why) in errors(operation, permission, changes) {
        let responses = &mut operation.responses.responses;
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(described(why)));
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            let content = Content::new(Some(Ref::from_schema_name(Problem::name())));
            response.content.insert("application/problem+json".to_owned(), RefOr::T(content));
        }
    }
    operation
        .extensions
        .get_or_insert_default()
        .insert("x-permission".to_owned(), json!(permission.as_str()));
    let needs = |scheme: &str| SecurityRequirement::new(scheme, [] as [&str; 0]);
    let role = permission.least_role();
    operation.security = role.map(|_| vec![needs("token"), needs("session")]);
    if is_signed(permission) {
        operation.security.get_or_insert_default().push(needs("webhook"));
    }
    if let Some(role) = role {
        let extensions = operation.extensions.get_or_insert_default();
        extensions.insert("x-least-role".to_owned(), json!(role.as_str()));
        let of_team = permission.reach() == Reach::Team;
        extensions.insert("x-team-role-suffices".to_owned(), json!(of_team));
    }
}

fn described(description: &str) -> Response {
    ResponseBuilder::new().description(description).build()
}
