//! Links by which people set a password: the first one, or a new one.
//!
//! Invariants: a link works once, for a day, and not after a newer one was made; its secret has 192
//! bits and is kept as a keyed hash. Using it ends every session of the person, in the same commit.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_api::v1::access::SetPassword;
use plimsoll_domain::id::PersonId;
use plimsoll_store::{CommitError, PasswordLink, Person, Versioned, Write};

use super::access::Key;
use super::offline::Installation;
use super::sessions::SignedIn;
use super::{Failure, State, audit, people, sessions};
use crate::StartError;
use crate::config::Config;
use crate::world::World;

/// How long a link works.
const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// What the stored hash of a link's secret is keyed for.
const PURPOSE: &str = "password_link";

const REFUSED: Failure =
    Failure::Unauthenticated("this link is not valid, or no longer; ask an admin for a new one");

/// A link to store, and its address.
pub(super) fn make(state: &State, now: Timestamp, person: PersonId) -> (PasswordLink, String) {
    let (link, path) = mint(&state.key, &state.world, now, person);
    (link, state.base_url() + &path)
}

fn mint(key: &Key, world: &World, now: Timestamp, person: PersonId) -> (PasswordLink, String) {
    let secret = URL_SAFE_NO_PAD.encode(world.bytes::<24>());
    let link = PasswordLink {
        person,
        secret_hash: key.hash(PURPOSE, &secret),
        created_at: now,
        expires_at: now + LASTS,
    };
    (link, format!("/password?code={}.{secret}", person.uuid().simple()))
}

/// Makes a link in the data directory of a server that is not running, for whoever is called so or
/// has that id: for the admin who is locked out.
///
/// # Errors
/// Refused while a process holds the directory, and when nobody is called so.
pub async fn make_offline(
    config: &Config,
    world: &World,
    person: &str,
) -> Result<v1::access::PasswordLink, StartError> {
    let installation = Installation::open(config, world).await?;
    let people = installation.records.people(installation.scope).await?;
    let found = people.iter().find(|known| known.name == person || known.id.to_string() == person);
    let id = found.ok_or_else(|| StartError::Person(person.to_owned()))?.id;
    let (link, path) = mint(&installation.key, world, installation.now, id);
    let (url, expires_at) = (config.base_url(config.listen) + &path, link.expires_at);
    let message = format!("{id} may set a new password");
    let line = installation.line(world, id, "password_link_made", message);
    installation.commit(vec![Write::PasswordLink(link), line]).await?;
    Ok(v1::access::PasswordLink { url, expires_at })
}

/// Sets the password and signs in.
pub(crate) async fn complete(state: &State, given: &SetPassword) -> Result<SignedIn, Failure> {
    let now = state.world.now();
    let (link, secret) = find(state, &given.code).await?.ok_or(REFUSED)?;
    let sound = link.expires_at > now && state.key.verifies(PURPOSE, &secret, &link.secret_hash);
    if !sound {
        return Err(REFUSED);
    }
    let Versioned { value: person, version } = people::load(state, link.person).await?;
    let hash = state.passwords.hash(&state.world, &given.password, &person.name);
    let person = Person { password_hash: hash.await?, ..person };
    let (session, cookies) = sessions::open(state, now, &person);
    let caller = sessions::as_caller(&person, &[], &session);
    let id = person.id;
    let message = format!("{id} set a password with a link");
    let line = audit::line(state, now, &caller, id, "password_set", message);
    let salt = state.world.bytes();
    // The person before their sessions: one that begins meanwhile waits or ends with the others.
    let writes = vec![
        Write::UsePasswordLink(link),
        Write::Person { expected: Some(version), person, at: now, salt },
        Write::EndSessionsOf { person: id, but: None },
        Write::Session(session),
        line,
    ];
    match state.commit(writes, []).await {
        Ok(()) => Ok(cookies),
        Err(CommitError::Conflict { .. }) => Err(REFUSED),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// The link that a code is of, and the code's secret.
async fn find(state: &State, code: &str) -> Result<Option<(PasswordLink, String)>, Failure> {
    let parsed = code.split_once('.').and_then(|(hex, secret)| {
        Some((PersonId::from_uuid(uuid::Uuid::try_parse(hex).ok()?), secret.to_owned()))
    });
    let Some((person, secret)) = parsed else { return Ok(None) };
    let link = state.records.password_link(state.scope, person).await?;
    Ok(link.map(|link| (link, secret)))
}
