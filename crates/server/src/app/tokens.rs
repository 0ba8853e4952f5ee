//! API tokens: `plim_`, 32 hexadecimal digits of the id, `_`, a secret of 24 bytes and a checksum
//! of 4 characters (both base64url).
//!
//! The checksum lets scanners and people tell a token from noise without asking; the secret is kept
//! only as a keyed hash.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1;
use plimsoll_domain::access::{Grants, Permission, Principal, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::TokenId;
use plimsoll_store::{Token, Write};
use sha2::{Digest, Sha256};

use super::access::{Asking, Caller, Key};
use super::offline::Installation;
use super::{Changed, Failure, State, audit, people, teams};
use crate::StartError;
use crate::config::Config;
use crate::work::Reconciler;
use crate::world::World;

const PREFIX: &str = "plim_";
const SECRET_BYTES: usize = 24;
const CHECKSUM_CHARS: usize = 4;

/// What the stored hash of a token's secret is keyed for.
const PURPOSE: &str = "token";

/// How long a token is good for without another look: one that another replica has revoked is
/// refused within a second.
const KNOWN_FOR: Duration = Duration::from_millis(500);

/// How exactly it is known when a token was last used.
const USED_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// Tokens that were looked up just now, and when: telemetry comes in many requests of few tokens.
/// Only sound ones are kept, so there are no more than were made.
#[derive(Default)]
pub(crate) struct Known {
    looked_up: Mutex<HashMap<TokenId, (Duration, Token)>>,
    used: Mutex<Used>,
}

/// When tokens were used.
#[derive(Default)]
struct Used {
    /// As last told, or about to be.
    told: HashMap<TokenId, Timestamp>,
    /// What is about to be told.
    untold: HashMap<TokenId, Timestamp>,
}

impl Known {
    fn get(&self, id: TokenId, now: Duration) -> Option<Token> {
        let known = self.looked_up.lock().expect("no holder of the tokens panics");
        let (at, token) = known.get(&id)?;
        (now.saturating_sub(*at) < KNOWN_FOR).then(|| token.clone())
    }

    fn keep(&self, token: &Token, now: Duration) {
        let mut known = self.looked_up.lock().expect("no holder of the tokens panics");
        known.insert(token.id, (now, token.clone()));
    }

    fn forget(&self, id: TokenId) {
        self.looked_up.lock().expect("no holder of the tokens panics").remove(&id);
    }

    /// Notes a use; says whether there is something to tell that there was not before.
    fn used(&self, id: TokenId, now: Timestamp) -> bool {
        let mut used = self.used.lock().expect("no holder of the uses panics");
        let told = used.told.get(&id).copied();
        if told.is_some_and(|told| now.duration_since(told).abs() < USED_WITHIN) {
            return false;
        }
        used.told.insert(id, now);
        used.untold.insert(id, now);
        true
    }

    /// What is to be told, which is told then.
    pub(crate) fn take_uses(&self) -> Vec<(TokenId, Timestamp)> {
        let mut used = self.used.lock().expect("no holder of the uses panics");
        let mut uses: Vec<_> = used.untold.drain().collect();
        uses.sort_unstable();
        uses
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
fn mint(key: &Key, world: &World, now: Timestamp, limits: Limits) -> (Token, String) {
    let id = world.fresh(now);
    let secret = URL_SAFE_NO_PAD.encode(world.bytes::<SECRET_BYTES>());
    let Limits { name, role, team, scopes, expires_at } = limits;
    let token = Token {
        id,
        name,
        role,
        secret_hash: key.hash(PURPOSE, &secret),
        created_at: now,
        revoked_at: None,
        team,
        scopes,
        expires_at,
    };
    (token, write(id, &secret))
}

/// What a token is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Limits {
    name: String,
    role: Role,
    team: Option<Name>,
    scopes: Option<BTreeSet<Permission>>,
    expires_at: Option<Timestamp>,
}

impl Limits {
    fn read(new: &v1::access::NewToken, now: Timestamp) -> Result<Self, Failure> {
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(Failure::invalid("already_expired", "expires_at lies in the past"));
        }
        let scopes =
            new.scopes.as_ref().map(|words| words.iter().map(|word| scope(word)).collect());
        Ok(Self {
            name: checked_name(&new.name)?.to_owned(),
            role: people::role(&new.role)?,
            team: new.team.as_ref().map(|team| super::name("team", team)).transpose()?,
            scopes: scopes.transpose()?,
            expires_at: new.expires_at,
        })
    }
}

fn scope(word: &str) -> Result<Permission, Failure> {
    Permission::parse_scope(word).ok_or_else(|| {
        let known: Vec<_> = Permission::scopes().map(Permission::as_str).collect();
        Failure::invalid_with_hint(
            "unknown_scope",
            format!("`{word}` is no scope"),
            format!("scopes are {}", known.join(", ")),
        )
    })
}

/// What a token may do.
fn grants(token: &Token) -> Grants {
    let whole = match &token.team {
        Some(team) => teams::in_team(team, token.role),
        None => Grants::of(token.role),
    };
    Grants { scopes: token.scopes.clone(), ..whole }
}

/// Whether it has not ended, by itself or by anybody.
fn is_sound(token: &Token, now: Timestamp) -> bool {
    token.revoked_at.is_none() && token.expires_at.is_none_or(|at| at > now)
}

/// The caller behind a token, if it is one of ours and goes on.
pub(super) async fn caller(
    state: &State,
    now: Timestamp,
    text: &str,
) -> Result<Option<Caller>, Failure> {
    let Some(written) = read(text) else { return Ok(None) };
    let token = known(state, written.id).await?.filter(|token| {
        is_sound(token, now) && state.key.verifies(PURPOSE, written.secret, &token.secret_hash)
    });
    let Some(token) = token else { return Ok(None) };
    if state.tokens.used(token.id, now) {
        state.work.nudge(Reconciler::Tokens);
    }
    let grants = grants(&token);
    let principal = Principal::Token { id: token.id, name: token.name };
    Ok(Some(Caller { principal, grants, session: None, message: None, until: token.expires_at }))
}

/// The token of that id, unless it is revoked.
async fn known(state: &State, id: TokenId) -> Result<Option<Token>, Failure> {
    let now = state.world.monotonic();
    if let Some(token) = state.tokens.get(id, now) {
        return Ok(Some(token));
    }
    let token = state.records.token(state.scope, id).await?;
    let token = token.filter(|token| token.revoked_at.is_none());
    token.iter().for_each(|token| state.tokens.keep(token, now));
    Ok(token)
}

/// Makes a token: by whoever may do all that it may, and manages who it is for.
pub(crate) async fn create(
    state: &State,
    asking: Asking,
    new: &v1::access::NewToken,
) -> Result<v1::access::Token, Failure> {
    let now = state.world.now();
    let limits = Limits::read(new, now)?;
    let caller = asking.at(limits.team.as_ref())?;
    if let Some(team) = &limits.team {
        teams::get(state, team.as_str()).await?;
    }
    let (token, text) = mint(&state.key, &state.world, now, limits);
    caller.may_give(&grants(&token))?;
    caller.may_make_until(token.expires_at)?;
    let wire = v1::access::Token { secret: Some(text), ..wire(&token, None, now) };
    let line = audit::line(state, now, &caller, token.id, "token_created", described(&token));
    let changed = [Changed::new("token", token.id)];
    state.commit(vec![Write::Token(token), line], changed).await?;
    Ok(wire)
}

/// A token in a sentence.
fn described(token: &Token) -> String {
    let Token { name, role, team, scopes, expires_at, .. } = token;
    let mut text = format!("the token {name:?} was made: {}", role.as_str());
    if let Some(team) = team {
        text += &format!(" of the team {team}");
    }
    if let Some(scopes) = scopes {
        let words: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
        text += &format!(", limited to {}", words.join(", "));
    }
    if let Some(at) = expires_at {
        text += &format!(", until {}", at.strftime("%FT%TZ"));
    }
    text
}

/// The tokens that the caller manages, without their secrets.
pub(crate) async fn list(
    state: &State,
    asking: Asking,
) -> Result<v1::Page<v1::access::Token>, Failure> {
    let now = state.world.now();
    let caller = asking.unchecked();
    let manages =
        |token: &Token| caller.grants.check(Permission::ManageTeam, token.team.as_ref()).is_ok();
    let uses = state.records.token_uses(state.scope).await?;
    let tokens = state.records.tokens(state.scope).await?;
    let tokens = tokens.iter().filter(|token| manages(token));
    let items = tokens.map(|token| wire(token, uses.get(&token.id), now)).collect();
    Ok(v1::Page { items, next_cursor: None })
}

/// Revokes a token; one that is revoked stays so.
pub(crate) async fn revoke(state: &State, asking: Asking, id: TokenId) -> Result<(), Failure> {
    let token = state.records.token(state.scope, id).await?;
    let team = token.as_ref().and_then(|token| token.team.clone());
    let caller = asking.at(team.as_ref())?;
    let token = token.ok_or_else(|| Failure::not_found("token", id))?;
    if token.revoked_at.is_none() {
        let at = state.world.now();
        let message = format!("the token {:?} was revoked", token.name);
        let line = audit::line(state, at, &caller, id, "token_revoked", message);
        let changed = [Changed::new("token", id)];
        state.commit(vec![Write::RevokeToken { id, at }, line], changed).await?;
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
    let installation = Installation::open(config, world).await?;
    let name = name.to_owned();
    let limits = Limits { name, role, team: None, scopes: None, expires_at: None };
    let (token, text) = mint(&installation.key, world, installation.now, limits);
    let line = installation.line(world, token.id, "token_created", described(&token));
    installation.commit(vec![Write::Token(token), line]).await?;
    Ok(text)
}

pub(super) fn checked_name(name: &str) -> Result<&str, Failure> {
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

fn wire(token: &Token, used_at: Option<&Timestamp>, now: Timestamp) -> v1::access::Token {
    let state = match token.revoked_at {
        Some(_) => "revoked",
        None if is_sound(token, now) => "active",
        None => "expired",
    };
    let words = |scopes: &BTreeSet<Permission>| {
        scopes.iter().map(|scope| scope.as_str().to_owned()).collect()
    };
    v1::access::Token {
        id: token.id.to_string(),
        name: token.name.clone(),
        role: token.role.as_str().to_owned(),
        team: token.team.as_ref().map(ToString::to_string),
        scopes: token.scopes.as_ref().map(words),
        state: state.to_owned(),
        created_at: token.created_at,
        last_used_at: used_at.copied(),
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
        secret: None,
    }
}

#[cfg(test)]
mod tests;
