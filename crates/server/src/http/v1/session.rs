//! Signing in: the state of it, the first password, sessions, and who is asking.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use plimsoll_api::v1::Page;
use plimsoll_api::v1::access::{
    ChangePassword, Me, Session, SetPassword, Setup, SignIn, SignInState,
};
use plimsoll_domain::id::SessionId;

use super::{Answer, Json, Path, Rejection};
use crate::app::sessions::SignedIn;
use crate::app::{Caller, Shared, devices, links, sessions, setup};
use crate::http::guard::{SESSION_COOKIE, cookie};

/// The cookie of a device that somebody has signed in from.
const DEVICE_COOKIE: &str = "plimsoll_device";

/// What a sign-in page needs to know
#[utoipa::path(
    get, path = "/api/v1/session/state", tag = "access",
    responses((status = 200, body = SignInState))
)]
pub(in crate::http) async fn state(State(shared): State<Shared>) -> Answer<SignInState> {
    Ok(Json(SignInState { needs_setup: setup::needed(&shared).await? }))
}

/// Sets the first password with the one-time setup link, and signs in
#[utoipa::path(
    post, path = "/api/v1/setup", tag = "access", operation_id = "setup", request_body = Setup,
    responses(
        (status = 204, description = "Signed in"),
        (status = 401, description = "The code is wrong or used"),
    )
)]
pub(in crate::http) async fn set_up(
    State(shared): State<Shared>,
    Json(given): Json<Setup>,
) -> Result<Response, Rejection> {
    Ok(signed_in(&shared, &setup::complete(&shared, &given).await?))
}

/// Signs in with name and password
#[utoipa::path(
    post, path = "/api/v1/session", tag = "access", request_body = SignIn,
    responses(
        (status = 204, description = "Signed in"),
        (status = 401, description = "The name or the password is wrong"),
        (status = 429, description = "Too many attempts for this name"),
    )
)]
pub(in crate::http) async fn sign_in(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Json(given): Json<SignIn>,
) -> Result<Response, Rejection> {
    let device = cookie(&headers, DEVICE_COOKIE);
    Ok(signed_in(&shared, &sessions::sign_in(&shared, &given, device).await?))
}

/// Signs out
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "access",
    responses((status = 204, description = "Signed out"))
)]
pub(in crate::http) async fn sign_out(
    State(shared): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Rejection> {
    if let Some(session) = cookie(&headers, SESSION_COOKIE) {
        sessions::sign_out(&shared, session).await?;
    }
    let none = (SET_COOKIE, session_cookie(&shared, "", 0));
    Ok((StatusCode::NO_CONTENT, AppendHeaders([none])).into_response())
}

/// Sets a password with a link that an admin made, and signs in
#[utoipa::path(
    post, path = "/api/v1/password", tag = "access", operation_id = "set_password",
    request_body = SetPassword,
    responses(
        (status = 204, description = "Signed in"),
        (status = 401, description = "The link is wrong, used, or too old"),
        (status = 422, description = "The password is too short or too easy to guess"),
    )
)]
pub(in crate::http) async fn set_password(
    State(shared): State<Shared>,
    Json(given): Json<SetPassword>,
) -> Result<Response, Rejection> {
    Ok(signed_in(&shared, &links::complete(&shared, &given).await?))
}

/// Changes one's own password, and ends one's other sessions
#[utoipa::path(
    post, path = "/api/v1/me/password", tag = "access", operation_id = "change_password",
    request_body = ChangePassword,
    responses(
        (status = 204, description = "Changed"),
        (status = 422, description = "The current one is wrong, or the new one too weak"),
        (status = 429, description = "Too many attempts for this name"),
    )
)]
pub(in crate::http) async fn change_password(
    State(shared): State<Shared>,
    caller: Caller,
    Json(given): Json<ChangePassword>,
) -> Result<StatusCode, Rejection> {
    sessions::change_password(&shared, &caller, &given).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own sessions
#[utoipa::path(
    get, path = "/api/v1/me/sessions", tag = "access", operation_id = "list_sessions",
    responses(
        (status = 200, body = Page<Session>),
        (status = 422, description = "A token has no sessions"),
    )
)]
pub(in crate::http) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
) -> Answer<Page<Session>> {
    Ok(Json(sessions::list(&shared, &caller).await?))
}

/// Ends one of one's own sessions
#[utoipa::path(
    delete, path = "/api/v1/me/sessions/{id}", tag = "access", operation_id = "end_session",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "Ended"),
        (status = 422, description = "A token has no sessions"),
    )
)]
pub(in crate::http) async fn end(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Rejection> {
    sessions::end(&shared, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is asking
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses((status = 200, body = Me)))]
pub(in crate::http) async fn me(caller: Caller) -> Json<Me> {
    Json(sessions::me(&caller))
}

fn signed_in(shared: &Shared, cookies: &SignedIn) -> Response {
    let session = session_cookie(shared, &cookies.session, sessions::LASTS.as_secs());
    // No page but the one to sign in on needs it.
    let (value, max_age) = (&cookies.device, devices::LASTS.as_secs());
    let device = set_cookie(shared, DEVICE_COOKIE, value, max_age, "/api/v1/session", "Strict");
    let cookies = AppendHeaders([(SET_COOKIE, session), (SET_COOKIE, device)]);
    (StatusCode::NO_CONTENT, cookies).into_response()
}

/// Lax, so that a link from elsewhere opens signed in; changes need the CSRF header besides.
fn session_cookie(shared: &Shared, value: &str, max_age_seconds: i64) -> String {
    set_cookie(shared, SESSION_COOKIE, value, max_age_seconds, "/", "Lax")
}

fn set_cookie(
    shared: &Shared,
    name: &str,
    value: &str,
    max_age_seconds: i64,
    path: &str,
    same_site: &str,
) -> String {
    let secure = if shared.config.is_https() { "; Secure" } else { "" };
    format!(
        "{name}={value}; Path={path}; HttpOnly; SameSite={same_site}; \
         Max-Age={max_age_seconds}{secure}"
    )
}
