//! API tokens: `plim_`, 32 hexadecimal digits of the id, `_`, a secret of 24 bytes and a checksum
//! of 4 characters (both base64url).
//!
//! The checksum lets scanners and people tell a token from noise without asking; the secret is kept
//! only as a keyed hash.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::access::{Principal, Role};
use plimsoll_domain::id::TokenId;
use plimsoll_store::{Effects, Records, Token, Write};
use sha2::{Digest, Sha256};

use super::access::{Caller, Key};
use super::{Failure, State};
use crate::StartError;
use crate::config::Config;
use crate::lock::DataLock;
use crate::world::World;

const PREFIX: &str = "plim_";
const SECRET_BYTES: usize = 24;
const CHECKSUM_CHARS: usize = 4;

/// What the stored hash of a token's secret is keyed for.
const PURPOSE: &str = "token";

/// How long a token is good for without another look: one that another replica has revoked is
/// refused within a second.
const KNOWN_FOR: Duration = Duration::from_millis(500);

/// Tokens that were looked up just now, and when: telemetry comes in many requests of few tokens.
/// Only sound ones are kept, so there are no more than were made.
#[derive(Default)]
pub(crate) struct Known(Mutex<HashMap<TokenId, (Duration, Token)>>);

impl Known {
    fn get(&self, id: TokenId, now: Duration) -> Option<Token> {
        let known = self.0.lock().expect("no holder of the tokens panics");
        let (at, token) = known.get(&id)?;
        (now.saturating_sub(*at) < KNOWN_FOR).then(|| token.clone())
    }

    fn keep(&self, token: &Token, now: Duration) {
        let mut known = self.0.lock().expect("no holder of the tokens panics");
        known.insert(token.id, (now, token.clone()));
    }

    fn forget(&self, id: TokenId) {
        self.0.lock().expect("no holder of the tokens panics").remove(&id);
    }
}

/// A token as its bearer writes it.
#[derive(Debug, PartialEq, Eq)]
struct Written<'a> {
    id: TokenId,
    secret: &'a str,
}

fn write(id: TokenId, secret: &str) -> String {
    let body = format!("{PREFIX}{}_{secret}", id.uuid().simple());
    let checksum = checksum(&body);
    body + &checksum
}

fn read(text: &str) -> Option<Written<'_>> {
    let (body, sum) = text.split_at_checked(text.len().checked_sub(CHECKSUM_CHARS)?)?;
    let (hex, rest) = body.strip_prefix(PREFIX)?.split_at_checked(32)?;
    let secret = rest.strip_prefix('_')?;
    let id = uuid::Uuid::try_parse(hex).ok().map(TokenId::from_uuid)?;
    (checksum(body) == sum).then_some(Written { id, secret })
}

fn checksum(body: &str) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(Sha256::digest(body.as_bytes()));
    text.truncate(CHECKSUM_CHARS);
    text
}

/// A new token, and its text: the only time it can be read.
fn mint(key: &Key, world: &World, now: Timestamp, name: &str, role: Role) -> (Token, String) {
    let id = world.fresh(now);
    let secret = URL_SAFE_NO_PAD.encode(world.bytes::<SECRET_BYTES>());
    let token = Token {
        id,
        name: name.to_owned(),
        role,
        secret_hash: key.hash(PURPOSE, &secret),
        created_at: now,
        revoked_at: None,
    };
    (token, write(id, &secret))
}

/// The caller behind a token, if it is one of ours and not revoked.
pub(super) async fn caller(state: &State, text: &str) -> Result<Option<Caller>, Failure> {
    let Some(written) = read(text) else { return Ok(None) };
    Ok(sound(state, written.id)
        .await?
        .filter(|token| state.key.verifies(PURPOSE, written.secret, &token.secret_hash))
        .map(|token| Caller {
            principal: Principal::Token { id: token.id, name: token.name },
            role: token.role,
        }))
}

/// The token of that id, unless it is revoked.
async fn sound(state: &State, id: TokenId) -> Result<Option<Token>, Failure> {
    let now = state.world.monotonic();
    if let Some(token) = state.tokens.get(id, now) {
        return Ok(Some(token));
    }
    let token = state.records.token(state.scope, id).await?;
    let token = token.filter(|token| token.revoked_at.is_none());
    token.iter().for_each(|token| state.tokens.keep(token, now));
    Ok(token)
}

/// Makes a token.
pub(crate) async fn create(
    state: &State,
    new: &v1::access::NewToken,
) -> Result<v1::access::Token, Failure> {
    let now = state.world.now();
    let name = checked_name(&new.name)?;
    let role = Role::parse(&new.role).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_role",
            format!("`{}` is no role", new.role),
            "roles are viewer, responder, editor and admin",
        )
    })?;
    let (token, text) = mint(&state.key, &state.world, now, name, role);
    let wire = v1::access::Token { secret: Some(text), ..wire(&token) };
    state.commit(vec![Write::Token(token)], []).await?;
    Ok(wire)
}

/// All tokens, without their secrets.
pub(crate) async fn list(state: &State) -> Result<v1::Page<v1::access::Token>, Failure> {
    let tokens = state.records.tokens(state.scope).await?;
    Ok(v1::Page { items: tokens.iter().map(wire).collect(), next_cursor: None })
}

/// Revokes a token; one that is revoked stays so.
pub(crate) async fn revoke(state: &State, id: TokenId) -> Result<(), Failure> {
    let token = state.records.token(state.scope, id).await?;
    let token = token.ok_or_else(|| Failure::not_found("token", id))?;
    if token.revoked_at.is_none() {
        let at = state.world.now();
        state.commit(vec![Write::RevokeToken { id, at }], []).await?;
        state.tokens.forget(id);
    }
    Ok(())
}

/// Makes a token in the data directory of a server that is not running, and returns its text.
///
/// # Errors
/// Refused while a process holds the directory.
pub async fn create_offline(
    config: &Config,
    world: &World,
    name: &str,
    role: Role,
) -> Result<String, StartError> {
    let name = checked_name(name).map_err(|failure| StartError::Token(failure.to_string()))?;
    let _lock = DataLock::take(&config.data)?;
    let key = Key::open(&config.data, world).map_err(StartError::Key)?;
    let records = Records::open(&config.location()).await?;
    let now = world.now();
    let scope = records.organisation(world.fresh(now), now).await?;
    let (token, text) = mint(&key, world, now, name, role);
    let writes = vec![Write::Token(token)];
    records.commit(Effects { scope, writes, reads: Vec::new() }).await?;
    records.close().await;
    Ok(text)
}

fn checked_name(name: &str) -> Result<&str, Failure> {
    let fits = (1..=100).contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && name.trim() == name;
    if fits {
        Ok(name)
    } else {
        Err(Failure::invalid(
            "invalid_name",
            "a name has 1 to 100 characters, none of them control characters or spaces at an end",
        ))
    }
}

fn wire(token: &Token) -> v1::access::Token {
    v1::access::Token {
        id: token.id.to_string(),
        name: token.name.clone(),
        role: token.role.as_str().to_owned(),
        created_at: token.created_at,
        revoked_at: token.revoked_at,
        secret: None,
    }
}

#[cfg(test)]
mod tests;
