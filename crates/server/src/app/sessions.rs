//! Browser sessions: a person signs in with a password and holds a cookie until it expires.
//!
//! The cookie is the session's id and a secret of 24 bytes; the secret is kept as a keyed hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_domain::access::Principal;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::SessionId;
use plimsoll_store::{Person, Session, Versioned, Write};

use super::access::Caller;
use super::{Failure, State};

/// How long a session lasts.
pub(crate) const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the stored hash of a session's secret is keyed for.
const PURPOSE: &str = "session";

/// A session to store, and the cookie's value.
pub(super) fn open(state: &State, now: Timestamp, person: &Person) -> (Session, String) {
    let id: SessionId = state.world.fresh(now);
    let secret = URL_SAFE_NO_PAD.encode(state.world.bytes::<24>());
    let session = Session {
        id,
        person: person.id,
        secret_hash: state.key.hash(PURPOSE, &secret),
        created_at: now,
        expires_at: now + LASTS,
    };
    (session, format!("{}.{secret}", id.uuid().simple()))
}

/// Signs a person in; returns the cookie's value.
pub(crate) async fn sign_in(state: &State, given: &v1::access::SignIn) -> Result<String, Failure> {
    const WRONG: Failure = Failure::Unauthenticated("the name or the password is wrong");
    if Name::parse(&given.name).is_err() {
        // Nobody can have this name, so nothing is told by answering at once.
        return Err(WRONG);
    }
    let now = state.world.now();
    let person = state.records.person_named(state.scope, &given.name).await?;
    let person = person.map(|person| person.value);
    let stored = person.as_ref().map(|person| person.password_hash.clone());
    let right = state.passwords.verify(now, &given.name, &given.password, stored).await?;
    let person = person.filter(|_| right).ok_or(WRONG)?;
    let (session, cookie) = open(state, now, &person);
    // Here and nowhere else, since sessions come from here.
    let writes = vec![Write::EndExpiredSessions { at: now }, Write::Session(session)];
    state.commit(writes, []).await?;
    Ok(cookie)
}

/// Ends the session behind a cookie, if there is one.
pub(crate) async fn sign_out(state: &State, cookie: &str) -> Result<(), Failure> {
    if let Some(session) = session(state, state.world.now(), cookie).await? {
        state.commit(vec![Write::EndSession { id: session.id }], []).await?;
    }
    Ok(())
}

/// The person behind a cookie, if the session goes on.
pub(super) async fn caller(
    state: &State,
    now: Timestamp,
    cookie: &str,
) -> Result<Option<Caller>, Failure> {
    let Some(session) = session(state, now, cookie).await? else { return Ok(None) };
    let person = state.records.person(state.scope, session.person).await?;
    Ok(person.map(|Versioned { value: person, .. }| Caller {
        principal: Principal::Person { id: person.id, name: person.name },
        role: person.role,
    }))
}

async fn session(state: &State, now: Timestamp, cookie: &str) -> Result<Option<Session>, Failure> {
    let parsed = cookie.split_once('.').and_then(|(hex, secret)| {
        Some((SessionId::from_uuid(uuid::Uuid::try_parse(hex).ok()?), secret))
    });
    let Some((id, secret)) = parsed else { return Ok(None) };
    let session = state.records.session(state.scope, id).await?;
    Ok(session
        .filter(|session| session.expires_at > now)
        .filter(|session| state.key.verifies(PURPOSE, secret, &session.secret_hash)))
}

/// Who a caller is, as they are told themselves.
pub(crate) fn me(caller: &Caller) -> v1::access::Me {
    let kind = match &caller.principal {
        Principal::Person { .. } => "person",
        Principal::Token { .. } => "token",
        Principal::System { .. } => "system",
    };
    v1::access::Me {
        name: caller.name().to_owned(),
        kind: kind.to_owned(),
        role: caller.role.as_str().to_owned(),
    }
}
