//! How mail is sent: `[mail]` of the process's configuration.
//!
//! Invariant: nothing is sent unencrypted unless the configuration says so, and a password never
//! is.

use std::path::PathBuf;

use plimsoll_domain::notify::{Address, SecretRef};
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The mail server: a host name or an address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub encryption: Encryption,
    /// Whom messages are from, and where bounces go.
    pub from: Address,
    /// What people see beside that address.
    pub from_name: String,
    /// What to sign in with.
    pub credentials: Option<Credentials>,
    /// Certificates (PEM) that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// What the server is greeted with: a host name; the sender's host when not set.
    pub hello: Option<String>,
    /// Where people look at the mail that was sent, for links: MailHog or Mailpit, say.
    pub inbox_url: Option<String>,
}

/// How a connection to the mail server is kept private.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// By `STARTTLS` (RFC 3207), which the server must offer.
    #[default]
    Starttls,
    /// By TLS from the first byte on (RFC 8314).
    Tls,
    /// Not at all: everyone on the way reads along.
    None,
}

impl Encryption {
    /// The port by convention.
    fn port(self) -> u16 {
        match self {
            Self::Starttls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// What to sign in with at the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// Where the password is kept, read at each use.
    pub password: SecretRef,
}

/// The table as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    server: String,
    port: Option<u16>,
    #[serde(default)]
    encryption: Encryption,
    from: String,
    from_name: Option<String>,
    username: Option<String>,
    password: Option<Place>,
    ca_file: Option<PathBuf>,
    hello: Option<String>,
    inbox_url: Option<String>,
}

/// Where a secret is kept: a table, so that a text there is refused without being repeated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    env: Option<String>,
    file: Option<String>,
}

impl Written {
    /// What it means, or what is wrong with it.
    pub(super) fn read(self) -> Result<Mail, String> {
        if !is_host(&self.server) {
            let said = "`server` is a host name or an address, without scheme and port";
            return Err(said.to_owned());
        }
        if self.hello.as_deref().is_some_and(|hello| !is_host(hello)) {
            return Err("`hello` is a host name".to_owned());
        }
        let from = Address::parse(&self.from)
            .map_err(|error| format!("`from`: {error}; the name beside it is `from_name`"))?;
        let from_name = self.from_name.unwrap_or_else(|| "Plimsoll".to_owned());
        if from_name.chars().any(char::is_control) {
            return Err("`from_name` is one line of text".to_owned());
        }
        let inbox_url = self.inbox_url.map(|text| inbox(&text)).transpose()?;
        let credentials = credentials(self.username, self.password)?;
        if credentials.is_some() && self.encryption == Encryption::None {
            return Err(
                "a password is never sent unencrypted: use `encryption = \"starttls\"` or \
                        \"tls\", or leave out `username` and `password`"
                    .to_owned(),
            );
        }
        Ok(Mail {
            server: self.server,
            port: self.port.unwrap_or_else(|| self.encryption.port()),
            encryption: self.encryption,
            from,
            from_name,
            credentials,
            ca_file: self.ca_file,
            hello: self.hello,
            inbox_url,
        })
    }
}

/// An address that a browser may be sent to, as browsers write it.
fn inbox(text: &str) -> Result<String, String> {
    const WANTED: &str = "`inbox_url` is an address for browsers, such as `http://127.0.0.1:8025`, \
                          without a name and password in it";
    let url = Url::parse(text).map_err(|_| WANTED)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    let is_open = url.username().is_empty() && url.password().is_none();
    if is_web && is_open { Ok(url.to_string()) } else { Err(WANTED.to_owned()) }
}

fn credentials(
    username: Option<String>,
    password: Option<Place>,
) -> Result<Option<Credentials>, String> {
    const BOTH: &str = "`username` and `password` belong together";
    const PLACE: &str = "`password` says where it is kept: {env = \"NAME\"} or {file = \"PATH\"}";
    let (username, password) = match (username, password) {
        (None, None) => return Ok(None),
        (Some(username), Some(password)) => (username, password),
        (Some(_), None) | (None, Some(_)) => return Err(BOTH.to_owned()),
    };
    let password = match password {
        Place { env: Some(name), file: None } => SecretRef::Env(name),
        Place { env: None, file: Some(path) } => SecretRef::File(path),
        Place { .. } => return Err(PLACE.to_owned()),
    };
    Ok(Some(Credentials { username, password }))
}

/// Whether it is the name of a host or an address, and nothing that ends an SMTP command.
fn is_host(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok() || Address::parse(&format!("a@{text}")).is_ok()
}

#[cfg(test)]
mod tests;
