//! The first password: a one-time link makes the first person, an admin.
//!
//! Invariant: the code has 160 bits, is kept as a keyed hash, is new at each start until it is
//! used, and works once: using it removes it in the commit that makes the person. That commit holds
//! only while there is nobody yet, so that a link that one replica offers while another's is being
//! used makes no second first person.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use plimsoll_api::v1;
use plimsoll_domain::access::Role;
use plimsoll_domain::catalog::Name;
use plimsoll_store::{CommitError, Person, Read, Write};

use super::sessions::SignedIn;
use super::{Failure, State, audit, sessions};

/// The setting that holds the code's hash.
const SETTING: &str = "setup_code_hash";

/// What that hash is keyed for.
const PURPOSE: &str = "setup";

/// A new code, when nobody has a password yet.
pub(crate) async fn offer(state: &State) -> Result<Option<String>, Failure> {
    if !needed(state).await? {
        return Ok(None);
    }
    let code = URL_SAFE_NO_PAD.encode(state.world.bytes::<20>());
    let value = Some(hashed(state, &code));
    let write = Write::Setting { key: SETTING.to_owned(), value, expected: None };
    match state.commit_reckoned(vec![Read::Nobody], vec![write], []).await {
        Ok(()) => Ok(Some(code)),
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// Whether nobody has a password yet.
pub(crate) async fn needed(state: &State) -> Result<bool, Failure> {
    Ok(state.records.people_count(state.scope).await? == 0)
}

/// Makes the first person and signs them in.
pub(crate) async fn complete(
    state: &State,
    given: &v1::access::Setup,
) -> Result<SignedIn, Failure> {
    let expected = state.records.setting(state.scope, SETTING).await?;
    if expected.as_deref() != Some(&hashed(state, &given.code)) {
        return Err(Failure::Unauthenticated(
            "this setup link is not valid, or no longer; a new one is printed at each start",
        ));
    }
    let name = Name::parse(&given.name)
        .map_err(|error| Failure::invalid("invalid_name", error.to_string()))?;
    let password_hash = state.passwords.hash(&state.world, &given.password, name.as_str()).await?;
    let now = state.world.now();
    let person = Person {
        id: state.world.fresh(now),
        name: name.as_str().to_owned(),
        role: Role::Admin,
        password_hash,
        created_at: now,
    };
    let (session, cookies) = sessions::open(state, now, &person);
    let (id, caller) = (person.id, sessions::as_caller(&person, &[], &session));
    let used = Write::Setting { key: SETTING.to_owned(), value: None, expected: Some(expected) };
    let salt = state.world.bytes();
    let made = Write::Person { expected: None, person, at: now, salt };
    let line = audit::line(state, now, &caller, id, "set_up", format!("{id} set this up"));
    let writes = vec![used, made, Write::Session(session), line];
    let committed = state.commit_reckoned(vec![Read::Nobody], writes, []).await;
    committed.map_err(|error| match error {
        CommitError::Conflict { .. } => Failure::Conflict {
            code: "already_set_up",
            message: "someone else used a setup link first; sign in".to_owned(),
        },
        CommitError::Store(error) => error.into(),
    })?;
    Ok(cookies)
}

/// Comparing hashes of 160 random bits needs no constant time: the hash tells nothing of the code.
fn hashed(state: &State, code: &str) -> String {
    URL_SAFE_NO_PAD.encode(state.key.hash(PURPOSE, code))
}
