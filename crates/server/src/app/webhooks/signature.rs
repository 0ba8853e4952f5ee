//! What a signed message brings, and whether its sender signed it (Standard Webhooks 1.0).
//!
//! Invariants: what is signed are the bytes as they came; signatures are compared in constant time;
//! everything is bounded before it is looked at.

use axum::body::Bytes;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::id::WebhookId;
use sha2::Sha256;

use crate::app::Failure;

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

/// The part of the query that names the sender.
const SENDER: &str = "webhook";

/// How far a message's time may be from ours, to either side.
const APART_MAX: SignedDuration = SignedDuration::from_secs(300);

/// How long an id may be.
const ID_CHARS_MAX: usize = 255;

/// How long the list of signatures may be, and how many are looked at.
const SIGNATURES_BYTES_MAX: usize = 2_048;
const SIGNATURES_MAX: usize = 16;

/// A message that says it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    /// Who is to have signed it.
    pub(super) webhook: WebhookId,
    /// What its sender calls it: the same when it is sent again.
    pub(super) id: String,
    /// When it was signed, in seconds of Unix time, as it was written.
    timestamp: String,
    /// Any of these may be the right one.
    signatures: Vec<Vec<u8>>,
    /// The bytes that came.
    pub(crate) body: Bytes,
}

/// Whether a request says that it is signed.
pub(crate) fn is_signed(headers: &HeaderMap) -> bool {
    headers.contains_key(SIGNATURE)
}

impl Signed {
    /// Reads the head of a signed message, whose body is still to come.
    ///
    /// # Errors
    /// What is missing, is nothing that a sender writes, or was signed at another time.
    pub(crate) fn read(headers: &HeaderMap, query: &str, now: Timestamp) -> Result<Self, Failure> {
        let fault = Failure::Unauthenticated;
        let sender = url::form_urlencoded::parse(query.as_bytes());
        let sender = sender.filter(|(name, _)| name == SENDER).map(|(_, id)| id.parse().ok());
        let sender: Vec<Option<WebhookId>> = sender.collect();
        let [Some(webhook)] = sender[..] else {
            return Err(fault("a signed request names its sender once, as ?webhook=whk_…"));
        };
        let id = one(headers, ID).filter(|id| is_id(id));
        let id = id.ok_or(fault("webhook-id is to be 1 to 255 visible characters without dots"))?;
        let timestamp = one(headers, TIMESTAMP).filter(|text| is_number(text));
        let at = timestamp.and_then(|text| Timestamp::from_second(text.parse().ok()?).ok());
        let (Some(timestamp), Some(at)) = (timestamp, at) else {
            return Err(fault("webhook-timestamp is to be seconds of Unix time"));
        };
        if now.duration_since(at).abs() > APART_MAX {
            return Err(fault("webhook-timestamp is more than 300 s from the time here"));
        }
        let list = one(headers, SIGNATURE).filter(|list| list.len() <= SIGNATURES_BYTES_MAX);
        let list = list.ok_or(fault("webhook-signature is to be one list of at most 2 kB"))?;
        let known = list.split(' ').take(SIGNATURES_MAX).filter_map(|one| one.strip_prefix("v1,"));
        Ok(Self {
            webhook,
            id: id.to_owned(),
            timestamp: timestamp.to_owned(),
            signatures: known.filter_map(|text| STANDARD.decode(text).ok()).collect(),
            body: Bytes::new(),
        })
    }

    /// Whether one of the signatures was made with that secret.
    pub(super) fn is_signed_with(&self, secret: &[u8]) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes any key");
        for part in [self.id.as_bytes(), b".", self.timestamp.as_bytes(), b".", &self.body] {
            mac.update(part);
        }
        let right = |signature: &Vec<u8>| mac.clone().verify_slice(signature).is_ok();
        // All are compared, whichever is right.
        self.signatures.iter().filter(|signature| right(signature)).count() > 0
    }
}

/// The value of a header that is there once.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// A dot would let the same bytes be read as another id, another time and another body.
fn is_id(text: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.')
}

fn is_number(text: &str) -> bool {
    (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
