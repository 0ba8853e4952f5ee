//! Browser sessions: a person signs in with a password and holds a cookie until it expires.
//!
//! The cookie is the session's id and a secret of 24 bytes; the secret is kept as a keyed hash.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_domain::access::{Grants, Permission, Principal};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::{PersonId, SessionId};
use plimsoll_store::{CommitError, Membership, Person, Read, Session, Versioned, Write};

use super::access::Caller;
use super::devices::Device;
use super::{Failure, State, audit, people};

/// How long a session lasts.
pub(crate) const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the stored hash of a session's secret is keyed for.
const PURPOSE: &str = "session";

/// The values of the cookies of whoever signed in.
pub(crate) struct SignedIn {
    /// The session's.
    pub(crate) session: String,
    /// The device's.
    pub(crate) device: String,
}

/// A session to store, and the cookies of whoever signed in from a device not known yet.
pub(super) fn open(state: &State, now: Timestamp, person: &Person) -> (Session, SignedIn) {
    open_on(state, now, person, &Device::fresh(state, person.id))
}

fn open_on(state: &State, now: Timestamp, person: &Person, device: &Device) -> (Session, SignedIn) {
    let id: SessionId = state.world.fresh(now);
    let secret = URL_SAFE_NO_PAD.encode(state.world.bytes::<24>());
    let session = Session {
        id,
        person: person.id,
        secret_hash: state.key.hash(PURPOSE, &secret),
        created_at: now,
        expires_at: now + LASTS,
    };
    let cookie = format!("{}.{secret}", id.uuid().simple());
    (session, SignedIn { session: cookie, device: device.cookie() })
}

/// Signs a person in; `device` is the cookie of the device, if it has one.
pub(crate) async fn sign_in(
    state: &State,
    given: &v1::access::SignIn,
    device: Option<&str>,
) -> Result<SignedIn, Failure> {
    const WRONG: Failure = Failure::Unauthenticated("the name or the password is wrong");
    const CHANGED: Failure =
        Failure::Unauthenticated("the password, or who has it, was changed just now; try again");
    if Name::parse(&given.name).is_err() {
        // Nobody can have this name, so nothing is told by answering at once.
        return Err(WRONG);
    }
    let now = state.world.now();
    let person = state.records.person_named(state.scope, &given.name).await?;
    let stored = person.as_ref().map(|person| person.value.password_hash.clone());
    let whose = person.as_ref().map(|person| person.value.id);
    let device = whose.zip(device).and_then(|(id, cookie)| Device::known(state, id, cookie));
    let tried_as = device.as_ref().map_or_else(|| given.name.clone(), Device::tried_as);
    let right = state.passwords.verify(now, &tried_as, &given.password, stored).await?;
    let Versioned { value: person, version } = person.filter(|_| right).ok_or(WRONG)?;
    let device = device.unwrap_or_else(|| Device::fresh(state, person.id));
    let (session, cookies) = open_on(state, now, &person, &device);
    let caller = as_caller(&person, &[], &session);
    let line = audit::line(state, now, &caller, person.id, "signed_in", signed_in(&person));
    // Here and nowhere else, since sessions come from here.
    let writes = vec![Write::EndExpiredSessions { at: now }, Write::Session(session), line];
    // A password that was changed while this one was looked at lets nobody in any more.
    let reads = vec![Read::Person { id: person.id, version }];
    match state.commit_reckoned(reads, writes, []).await {
        Ok(()) => Ok(cookies),
        Err(CommitError::Conflict(_)) => Err(CHANGED),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Ends the session behind a cookie, if there is one.
pub(crate) async fn sign_out(state: &State, cookie: &str) -> Result<(), Failure> {
    let now = state.world.now();
    if let Some(session) = session(state, now, cookie).await? {
        state.commit(vec![Write::EndSession { id: session.id }], []).await?;
    }
    Ok(())
}

fn signed_in(person: &Person) -> String {
    format!("{} signed in", person.id)
}

/// The person behind a cookie, if the session goes on.
pub(super) async fn caller(
    state: &State,
    now: Timestamp,
    cookie: &str,
) -> Result<Option<Caller>, Failure> {
    let Some(session) = session(state, now, cookie).await? else { return Ok(None) };
    let person = state.records.person(state.scope, session.person).await?;
    let Some(Versioned { value: person, .. }) = person else { return Ok(None) };
    let memberships = state.records.memberships_of(state.scope, person.id).await?;
    Ok(Some(as_caller(&person, &memberships, &session)))
}

/// A person who asks in a session.
pub(super) fn as_caller(person: &Person, memberships: &[Membership], session: &Session) -> Caller {
    Caller {
        principal: Principal::Person { id: person.id, name: person.name.clone() },
        grants: people::grants(person, memberships),
        session: Some(session.id),
        message: None,
        until: None,
    }
}

/// The caller's own sessions that go on, newest first.
pub(crate) async fn list(
    state: &State,
    caller: &Caller,
) -> Result<v1::Page<v1::access::Session>, Failure> {
    let now = state.world.now();
    let sessions = state.records.sessions_of(state.scope, caller.person()?).await?;
    let wire = |session: Session| v1::access::Session {
        id: session.id.to_string(),
        current: caller.session == Some(session.id),
        created_at: session.created_at,
        expires_at: session.expires_at,
    };
    let items = sessions.into_iter().filter(|session| session.expires_at > now).map(wire).collect();
    Ok(v1::Page { items, next_cursor: None })
}

/// Ends one of the caller's own sessions.
pub(crate) async fn end(state: &State, caller: &Caller, id: SessionId) -> Result<(), Failure> {
    let person = caller.person()?;
    let session = state.records.session(state.scope, id).await?;
    let own = session.is_some_and(|session| session.person == person);
    if !own {
        return Err(Failure::not_found("session", id));
    }
    let now = state.world.now();
    let line = audit::line(state, now, caller, person, "session_ended", ended(person));
    state.commit(vec![Write::EndSession { id }, line], []).await?;
    Ok(())
}

fn ended(person: PersonId) -> String {
    format!("{person} ended a session of theirs")
}

/// Changes the caller's own password, and ends their other sessions.
pub(crate) async fn change_password(
    state: &State,
    caller: &Caller,
    given: &v1::access::ChangePassword,
) -> Result<(), Failure> {
    let now = state.world.now();
    let Versioned { value: person, version } = people::load(state, caller.person()?).await?;
    let stored = Some(person.password_hash.clone());
    if !state.passwords.verify(now, &person.name, &given.current, stored).await? {
        return Err(Failure::invalid("wrong_password", "the current password is wrong"));
    }
    let hash = state.passwords.hash(&state.world, &given.new, &person.name).await?;
    let person = Person { password_hash: hash, ..person };
    let id = person.id;
    let message = format!("{id} changed their password");
    let line = audit::line(state, now, caller, id, "password_changed", message);
    // The person first: a session that begins meanwhile waits for them or ends with the others.
    let writes = vec![
        Write::Person { expected: Some(version), person, at: now, salt: state.world.bytes() },
        Write::EndSessionsOf { person: id, but: caller.session },
        line,
    ];
    state.commit(writes, []).await?;
    Ok(())
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
        Principal::Webhook { .. } => "webhook",
        Principal::System { .. } => "system",
    };
    let Grants { role, teams, scopes } = &caller.grants;
    let words = |scopes: &BTreeSet<Permission>| {
        scopes.iter().map(|scope| scope.as_str().to_owned()).collect()
    };
    v1::access::Me {
        id: caller.sender(),
        name: caller.name().to_owned(),
        kind: kind.to_owned(),
        role: role.as_str().to_owned(),
        teams: teams.iter().map(|(team, role)| people::team_role(team, *role)).collect(),
        scopes: scopes.as_ref().map(words),
    }
}
