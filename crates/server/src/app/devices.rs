//! Devices that somebody has signed in from: guesses at a name from elsewhere do not keep its owner
//! out there.
//!
//! A device holds a cookie: a nonce and a keyed hash over nonce and person. Nothing is stored. Its
//! tries are counted by the nonce, apart from those of the name; so whoever steals it may guess at
//! one person's password, as slowly as anybody. Source: OWASP, "Slow Down Online Guessing Attacks
//! with Device Cookies".

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use plimsoll_domain::id::PersonId;

use super::State;

/// How long a device is known after somebody last signed in from it.
pub(crate) const LASTS: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What its hashes are keyed for.
const PURPOSE: &str = "device";

/// A device that one person has signed in from.
pub(crate) struct Device {
    nonce: String,
    hash: Vec<u8>,
}

impl Device {
    /// One that nobody has signed in from yet.
    pub(super) fn fresh(state: &State, person: PersonId) -> Self {
        let nonce = URL_SAFE_NO_PAD.encode(state.world.bytes::<16>());
        let hash = state.key.hash(PURPOSE, &hashed(&nonce, person));
        Self { nonce, hash }
    }

    /// The one whose cookie this is, if that person has signed in from it.
    pub(super) fn known(state: &State, person: PersonId, cookie: &str) -> Option<Self> {
        let (nonce, hash) = cookie.split_once('.')?;
        let hash = URL_SAFE_NO_PAD.decode(hash).ok()?;
        let known = state.key.verifies(PURPOSE, &hashed(nonce, person), &hash);
        known.then(|| Self { nonce: nonce.to_owned(), hash })
    }

    /// Its cookie's value.
    pub(super) fn cookie(&self) -> String {
        format!("{}.{}", self.nonce, URL_SAFE_NO_PAD.encode(&self.hash))
    }

    /// What its tries are counted by: nobody's name, for those have no colon.
    pub(super) fn tried_as(&self) -> String {
        format!("{PURPOSE}:{}", self.nonce)
    }
}

fn hashed(nonce: &str, person: PersonId) -> String {
    format!("{nonce}.{person}")
}
