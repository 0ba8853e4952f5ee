//! The guard before every route: who asks, and may they.
//!
//! Invariant: default deny. A request that changes something and comes with a cookie shows that a
//! page of this server made it: by a header that other sites cannot set, and by its origin.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use plimsoll_domain::access::{Permission, Reach};

use super::problem::Rejection;
use super::signed;
use crate::app::access::{Asking, Credential, authenticate};
use crate::app::webhooks::signature::is_signed;
use crate::app::{Caller, Failure, Shared};

/// The session cookie's name.
pub(super) const SESSION_COOKIE: &str = "plimsoll_session";

/// The header that shows a request was made by a script of this server's pages.
const CSRF_HEADER: &str = "x-plimsoll-csrf";

/// Lets a request pass to a route that needs `permission`, with its caller; or answers it. Where
/// a role in one team may suffice, the caller is still [`Asking`]: the use case finds out whose
/// it is. A message that its sender signed passes once.
pub(super) async fn admit(permission: Permission, request: Request, next: Next) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let (caller, credential) = match caller(permission, &parts, &mut body).await {
        Ok(None) => return next.run(Request::from_parts(parts, body)).await,
        Ok(Some(known)) => known,
        Err(rejection) => return rejection.into_response(),
    };
    let message = caller.message.clone();
    match permission.reach() {
        Reach::Installation => parts.extensions.insert(caller).map(drop),
        Reach::Team => parts.extensions.insert(Asking::new(caller, permission)).map(drop),
    };
    parts.extensions.insert(credential);
    let request = Request::from_parts(parts, body);
    match message {
        Some(message) => signed::once(message, request, next).await,
        None => next.run(request).await,
    }
}

async fn caller(
    permission: Permission,
    request: &Parts,
    body: &mut Body,
) -> Result<Option<(Caller, Credential)>, Rejection> {
    let needed = permission.least_role();
    let shared = request.extensions.get::<Shared>().expect("the router hands on its state");
    // A public route acts on no credential, so an old cookie there is nobody's.
    let credential = match needed {
        Some(_) => credential(shared, request, body).await?,
        None => None,
    };
    if changes_something(&request.method) {
        same_site(request, credential.as_ref())?;
    }
    if needed.is_none() {
        return Ok(None);
    }
    let credential = credential.ok_or(Failure::Unauthenticated(
        "this needs a token (Authorization: Bearer …) or a session",
    ))?;
    let caller = authenticate(shared, shared.world.now(), &credential).await?;
    caller.grants.check_somewhere(permission).map_err(Failure::from)?;
    Ok(Some((caller, credential)))
}

/// A token wins over a signature, and both over a cookie: scripts may run in a browser that is
/// signed in.
async fn credential(
    shared: &Shared,
    request: &Parts,
    body: &mut Body,
) -> Result<Option<Credential>, Rejection> {
    let headers = &request.headers;
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(value) = authorization {
        let token =
            value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map_or("", |(_, token)| token).trim();
        return Ok(Some(Credential::Bearer(token.to_owned())));
    }
    if is_signed(headers) {
        return Ok(Some(Credential::Signed(signed::read(shared, request, body).await?)));
    }
    Ok(cookie(headers, SESSION_COOKIE).map(|value| Credential::Cookie(value.to_owned())))
}

/// The value of the cookie of that name.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|c| c.split_once('='));
    pairs
        .map(|(name, value)| (name.trim(), value.trim()))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn same_site(request: &Parts, credential: Option<&Credential>) -> Result<(), Failure> {
    if let Some(Credential::Bearer(_) | Credential::Signed(_)) = credential {
        return Ok(());
    }
    let headers = &request.headers;
    if credential.is_some() && headers.get(CSRF_HEADER).is_none_or(|value| value != "1") {
        return Err(Failure::CrossSite(
            "a change made with a session needs the header x-plimsoll-csrf: 1",
        ));
    }
    let Some(origin) = headers.get(ORIGIN).map(|value| value.to_str().unwrap_or_default()) else {
        return Ok(());
    };
    let authority = request.uri.authority().map(|authority| authority.as_str());
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).or(authority);
    let from = origin.split_once("://").map(|(_, host)| host);
    let same = from.zip(host).is_some_and(|(from, host)| from.eq_ignore_ascii_case(host));
    if same {
        Ok(())
    } else {
        Err(Failure::CrossSite("this request was made by a page of another site"))
    }
}
