//! Signing in: the state of it, the first password, sessions, and who is asking.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use plimsoll_api::v1::access::{Me, Setup, SignIn, SignInState};

use super::{Answer, Json, Rejection};
use crate::app::{Caller, Shared, sessions, setup};
use crate::http::guard::{COOKIE_NAME, session_cookie};

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
    let cookie = setup::complete(&shared, &given).await?;
    Ok(with_cookie(&shared, &cookie, sessions::LASTS.as_secs()))
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
    Json(given): Json<SignIn>,
) -> Result<Response, Rejection> {
    let cookie = sessions::sign_in(&shared, &given).await?;
    Ok(with_cookie(&shared, &cookie, sessions::LASTS.as_secs()))
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
    if let Some(cookie) = session_cookie(&headers) {
        sessions::sign_out(&shared, cookie).await?;
    }
    Ok(with_cookie(&shared, "", 0))
}

/// Who is asking
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses((status = 200, body = Me)))]
pub(in crate::http) async fn me(caller: Caller) -> Json<Me> {
    Json(sessions::me(&caller))
}

/// Lax, so that a link from elsewhere opens signed in; changes need the CSRF header besides.
fn with_cookie(shared: &Shared, value: &str, max_age_seconds: i64) -> Response {
    let secure = if shared.config.is_https() { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}"
    );
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}
