//! Who is asking: credentials become a caller with what it may do.
//!
//! Invariant: secrets are stored only as keyed hashes and compared in constant time. Whatever is
//! wrong with a credential, the answer is the same.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use plimsoll_domain::access::{Grants, Permission, Principal, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::id::{PersonId, SessionId};
use sha2::Sha256;

use super::webhooks::Sent;
use super::webhooks::signature::Signed;
use super::{Failure, State, sessions, tokens, webhooks};
use crate::world::World;

/// A principal with what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    pub(crate) grants: Grants,
    /// The session that it asks in, if it is a person.
    pub(crate) session: Option<SessionId>,
    /// The message that it asks by, if it is a sender of signed webhooks.
    pub(crate) message: Option<Sent>,
    /// When it ends by itself, if it is a token that does.
    pub(crate) until: Option<Timestamp>,
}

impl Caller {
    /// Plimsoll itself, in one of its parts.
    pub(crate) fn system(part: &str) -> Self {
        let part = Name::parse(part).expect("parts are named in the program");
        let principal = Principal::System { part };
        let grants = Grants::of(Role::Admin);
        Self { principal, grants, session: None, message: None, until: None }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        match &self.principal {
            Principal::Person { name, .. }
            | Principal::Token { name, .. }
            | Principal::Webhook { name, .. } => name,
            Principal::System { part } => part.as_str(),
        }
    }

    /// How it is written into history: a person by their id alone, so that who they are can be
    /// erased; tokens and parts of the system say what they are.
    pub(crate) fn label(&self) -> String {
        match &self.principal {
            Principal::Person { id, .. } => id.to_string(),
            Principal::Token { name, .. } => format!("token:{name}"),
            Principal::Webhook { name, .. } => format!("webhook:{name}"),
            Principal::System { part } => format!("system:{part}"),
        }
    }

    /// Its id, and what tells its telemetry from that of others.
    pub(crate) fn sender(&self) -> String {
        match &self.principal {
            Principal::Person { id, .. } => id.to_string(),
            Principal::Token { id, .. } => id.to_string(),
            Principal::Webhook { id, .. } => id.to_string(),
            Principal::System { part } => part.to_string(),
        }
    }

    /// The person, if it is one.
    pub(crate) fn person(&self) -> Result<PersonId, Failure> {
        match &self.principal {
            Principal::Person { id, .. } => Ok(*id),
            Principal::Token { .. } | Principal::Webhook { .. } | Principal::System { .. } => {
                Err(Failure::invalid(
                    "not_a_person",
                    "only a person who signed in has sessions and a password",
                ))
            }
        }
    }

    /// Refuses to give away what it does not have.
    pub(crate) fn may_give(&self, given: &Grants) -> Result<(), Failure> {
        if self.grants.cover(given) {
            return Ok(());
        }
        Err(Failure::BeyondOwn("nobody gives away more than they may do themselves"))
    }

    /// Refuses to make what outlasts it: a token that is stolen ends when it was to end.
    pub(crate) fn may_make_until(&self, until: Option<Timestamp>) -> Result<(), Failure> {
        match (self.until, until) {
            (None, _) => Ok(()),
            (Some(own), Some(until)) if until <= own => Ok(()),
            (Some(_), _) => Err(Failure::BeyondOwn("a token that ends makes none that ends later")),
        }
    }
}

/// A caller of a route that is about what teams own, before it is known whose it is. What it asks
/// for is done for the [`Caller`] that it becomes once that is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asking {
    caller: Caller,
    permission: Permission,
}

impl Asking {
    /// For the guard, which has seen that the caller has the permission somewhere.
    pub(crate) fn new(caller: Caller, permission: Permission) -> Self {
        Self { caller, permission }
    }

    /// The caller, if they may do it for what `team` owns; none is what nobody owns.
    pub(crate) fn at(self, team: Option<&Name>) -> Result<Caller, Failure> {
        self.caller.grants.check(self.permission, team)?;
        Ok(self.caller)
    }

    /// The caller, if they may do it for that service as these definitions have it. One that is not
    /// defined is nobody's.
    pub(crate) fn for_service(
        self,
        definitions: &Definitions,
        service: &str,
    ) -> Result<Caller, Failure> {
        let owner = Name::parse(service).ok();
        let owner = owner.and_then(|service| definitions.owner_of(&service).cloned());
        self.at(owner.as_ref())
    }

    /// The caller with what they may do, to be checked piece by piece.
    pub(crate) fn unchecked(self) -> Caller {
        self.caller
    }
}

/// What a request brings to show who it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    /// `Authorization: Bearer …`
    Bearer(String),
    /// The session cookie.
    Cookie(String),
    /// The signature of a message.
    Signed(Signed),
}

/// The caller behind a credential.
pub(crate) async fn authenticate(
    state: &State,
    now: Timestamp,
    credential: &Credential,
) -> Result<Caller, Failure> {
    let caller = match credential {
        Credential::Bearer(text) => tokens::caller(state, now, text).await?,
        Credential::Cookie(text) => sessions::caller(state, now, text).await?,
        Credential::Signed(signed) => webhooks::caller(state, now, signed).await?,
    };
    caller.ok_or(Failure::Unauthenticated(match credential {
        Credential::Bearer(_) => "this token is not known here, or no longer valid",
        Credential::Cookie(_) => "this session is over; sign in again",
        Credential::Signed(_) => "no sender that is known here, and still valid, signed this",
    }))
}

/// The installation's key: what stored hashes of secrets are keyed with.
#[derive(Clone)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// Reads `<data>/key`, or makes it, readable by its owner alone.
    pub(crate) fn open(data: &Path, world: &World) -> std::io::Result<Self> {
        if let Some(key) = Self::read(data)? {
            return Ok(key);
        }
        let key = Self(world.bytes());
        key.keep(&data.join("key"))?;
        Ok(key)
    }

    /// Reads `<data>/key`, if it is there.
    pub(crate) fn read(data: &Path) -> std::io::Result<Option<Self>> {
        match std::fs::File::open(data.join("key")) {
            Ok(mut file) => {
                let mut key = Self([0; 32]);
                file.read_exact(&mut key.0)?;
                Ok(Some(key))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes it so that it is there whole or not at all. The data directory's lock is held.
    fn keep(&self, path: &Path) -> std::io::Result<()> {
        let partial = path.with_extension("partial");
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
        file.write_all(&self.0)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)?;
        std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
    }

    /// The keyed hash of a secret used for `purpose`.
    pub(crate) fn hash(&self, purpose: &str, secret: &str) -> Vec<u8> {
        self.mac(purpose, secret).finalize().into_bytes().to_vec()
    }

    /// Whether `hash` is the hash of that secret, in constant time.
    pub(crate) fn verifies(&self, purpose: &str, secret: &str, hash: &[u8]) -> bool {
        self.mac(purpose, secret).verify_slice(hash).is_ok()
    }

    fn mac(&self, purpose: &str, secret: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key");
        mac.update(purpose.as_bytes());
        mac.update(b":");
        mac.update(secret.as_bytes());
        mac
    }
}
