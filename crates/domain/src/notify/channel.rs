//! Receivers and their channels: who is told, over which ways, and how often they are reminded.
//!
//! Invariant: a channel's name never changes what it means. `webhook` is the one of documents that
//! have a single webhook; ids of notifications rest on the names.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::catalog::Name;
use crate::time::Minutes;

/// Where a secret is kept; definitions never hold the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretRef {
    /// In this environment variable of the server.
    Env(String),
    /// In this file, read at each use.
    File(String),
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(variable) => write!(f, "the variable `{variable}`"),
            Self::File(path) => write!(f, "the file `{path}`"),
        }
    }
}

/// Where messages are posted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// This URL, which everybody reads who reads definitions.
    Url(String),
    /// The URL that is kept there: with some providers it is as good as a password.
    Kept(SecretRef),
}

/// An HTTP endpoint that gets signed messages (Standard Webhooks 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Where to post.
    pub endpoint: Endpoint,
    /// The signing secret, `whsec_` and base64; unsigned when none.
    pub secret: Option<SecretRef>,
}

/// The mailboxes that get one message together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// Whom it is addressed to: 1 to [`RECIPIENTS_MAX`].
    pub to: Vec<Address>,
}

/// How many mailboxes one receiver may have: more people are a mailing list's work, and a message
/// must be handed over within one attempt.
pub const RECIPIENTS_MAX: usize = 20;

/// The address of a mailbox: a dot-atom, `@`, and a host name (RFC 5321, section 4.1.2, without
/// quoted local parts, comments, address literals and non-ASCII characters), so that nothing in it
/// can end a header or an SMTP command.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no e-mail address", .0.escape_debug())]
pub struct AddressError(String);

impl Address {
    /// Checks and keeps an address.
    ///
    /// # Errors
    /// Refused when it is none.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let sound = text.len() <= 254
            && text
                .rsplit_once('@')
                .is_some_and(|(local, host)| is_dot_atom(local) && is_host(host));
        if sound { Ok(Self(text.to_owned())) } else { Err(AddressError(text.to_owned())) }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`.
    pub fn host(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, host)| host)
    }
}

/// RFC 5322, section 3.2.3.
fn is_dot_atom(local: &str) -> bool {
    let is_atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// RFC 1123, section 2.1. A single label is one of a local network.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}
impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

/// Which of a receiver's channels; written `webhook`, `webhook:NAME` or `email`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ChannelName {
    /// The webhook of a receiver that has one without a name.
    #[default]
    Webhook,
    /// One of several webhooks.
    NamedWebhook(Name),
    /// Its e-mail.
    Email,
}

/// Why a text is no channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no channel: `webhook`, `webhook:NAME` or `email`")]
pub struct ChannelError(String);

impl ChannelName {
    /// Whether it is the webhook without a name, which programs before channels knew alone.
    pub fn is_plain(&self) -> bool {
        *self == Self::Webhook
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Webhook => f.write_str("webhook"),
            Self::NamedWebhook(name) => write!(f, "webhook:{name}"),
            Self::Email => f.write_str("email"),
        }
    }
}
impl FromStr for ChannelName {
    type Err = ChannelError;
    fn from_str(text: &str) -> Result<Self, ChannelError> {
        let named = || {
            let name = text.strip_prefix("webhook:")?;
            Name::parse(name).ok().map(Self::NamedWebhook)
        };
        match text {
            "webhook" => Ok(Self::Webhook),
            "email" => Ok(Self::Email),
            _ => named().ok_or_else(|| ChannelError(text.to_owned())),
        }
    }
}
impl TryFrom<String> for ChannelName {
    type Error = ChannelError;
    fn try_from(text: String) -> Result<Self, ChannelError> {
        text.parse()
    }
}
impl From<ChannelName> for String {
    fn from(name: ChannelName) -> Self {
        name.to_string()
    }
}

/// A way to tell someone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By an HTTP request.
    Webhook(Webhook),
    /// By e-mail.
    Email(Email),
}

/// How often a receiver is reminded of an alert that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Never.
    Off,
    /// When so long has passed since it was told last.
    Every(Minutes),
}

impl Repeat {
    /// Unless a receiver says otherwise: every four hours, as Alertmanager does.
    pub const DEFAULT: Self = Self::Every(Minutes(240));
    /// The shortest time between two messages about a state that has not changed.
    pub const SHORTEST: Minutes = Minutes(5);
    /// The longest; who wants less is not reminded.
    pub const LONGEST: Minutes = Minutes(7 * 1_440);
}

impl Default for Repeat {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Who is told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// Its name.
    pub name: Name,
    /// The team whose services it hears about.
    pub team: Option<Name>,
    /// Whether it hears about services whose owner has no receiver.
    pub default: bool,
    /// Where messages go: over each of them every message.
    pub channels: BTreeMap<ChannelName, Channel>,
    /// How often it is reminded.
    pub repeat: Repeat,
}

impl Receiver {
    /// Where the secrets are kept that it refers to.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.channels
            .values()
            .flat_map(|channel| match channel {
                Channel::Webhook(Webhook { endpoint: Endpoint::Kept(url), secret }) => {
                    [Some(url), secret.as_ref()]
                }
                Channel::Webhook(Webhook { endpoint: Endpoint::Url(_), secret }) => {
                    [None, secret.as_ref()]
                }
                Channel::Email(_) => [None, None],
            })
            .flatten()
    }
}

/// The receivers of an alert: the owner's, else the default ones.
pub fn receivers_for<'a>(
    owner: Option<&Name>,
    all: impl Iterator<Item = &'a Receiver> + Clone,
) -> Vec<&'a Receiver> {
    let owners: Vec<_> =
        all.clone().filter(|r| owner.is_some() && r.team.as_ref() == owner).collect();
    if owners.is_empty() { all.filter(|r| r.default).collect() } else { owners }
}
