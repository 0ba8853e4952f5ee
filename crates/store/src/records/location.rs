//! Where the records are: `sqlite:PATH`, or a `postgres://` URL.
//!
//! Invariant: the URL's password is shown by nothing: not by `Display`, `Debug`, or an error.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sea_orm::sqlx::postgres::PgConnectOptions;

/// Where the records are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In this SQLite file, created when missing; its directory must exist.
    Sqlite(PathBuf),
    /// In the Postgres database of this URL.
    Postgres(PostgresUrl),
}

/// A `postgres://` URL that shows neither its password nor its parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

/// Why a text says no location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// It starts with neither `sqlite:` nor `postgres://`.
    #[error("`{0}…` is no store: write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    Scheme(String),
    /// `sqlite:` without a path.
    #[error(
        "`sqlite:` names no file: write sqlite:PATH, such as sqlite:/var/lib/plimsoll/records.db"
    )]
    NoPath,
    /// The URL cannot be read.
    #[error(
        "the store's URL {shown} cannot be read: {why}; write \
         postgres://USER:PASSWORD@HOST:PORT/DATABASE, with characters such as @ / ? # in the \
         password percent-encoded (%40 %2F %3F %23)"
    )]
    Url {
        /// The URL without its password, as far as it can be told.
        shown: String,
        /// What is wrong with it.
        why: String,
    },
}

impl Location {
    /// What is named when no space is left.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Sqlite(path) => path.parent().unwrap_or(Path::new(".")).display().to_string(),
            Self::Postgres(url) => format!("the disk of {url}"),
        }
    }
}

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        match text.split_once(':') {
            Some(("sqlite", path)) => {
                // `sqlite:///path` is what other programs write for an absolute path.
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() {
                    Err(LocationError::NoPath)
                } else {
                    Ok(Self::Sqlite(path.into()))
                }
            }
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.parse()?)),
            _ => {
                let scheme = text.split([':', '@', '/']).next().unwrap_or_default();
                Err(LocationError::Scheme(scheme.chars().take(20).collect()))
            }
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => write!(f, "{url}"),
        }
    }
}

impl PostgresUrl {
    /// How to connect.
    pub(super) fn options(&self) -> Result<PgConnectOptions, LocationError> {
        let read = self.0.parse::<PgConnectOptions>();
        read.map_err(|error| LocationError::Url { shown: self.to_string(), why: cause(&error) })
    }
}

impl FromStr for PostgresUrl {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        let url = Self(text.to_owned());
        if let Some(key) = unknown_parameter(text) {
            // The library would ignore it, and log its value.
            let plain = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            let why = if plain && !text.contains(&format!("{key}@")) {
                format!("`{key}` is no parameter of a connection")
            } else {
                "after the ? there is no parameter of a connection".to_owned()
            };
            return Err(LocationError::Url { shown: url.to_string(), why });
        }
        url.options()?;
        Ok(url)
    }
}

impl fmt::Display for PostgresUrl {
    /// The user and what follows the last `@`, up to the parameters. Where that is not certain to
    /// be the host, since a parameter may hold an `@`, nothing is shown of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("postgres", ""));
        write!(f, "{scheme}://")?;
        let (user, host) = rest.rsplit_once('@').map_or((None, rest), |(a, b)| (Some(a), b));
        if let Some(user) = user {
            match user.split_once([':', '@', '/', '?', '#']) {
                Some((name, _)) => write!(f, "{name}:…@")?,
                None => write!(f, "{user}@")?,
            }
            if user.contains('?') {
                return f.write_str("…");
            }
        }
        match host.split_once('?') {
            Some((host, _)) => write!(f, "{host}?…"),
            None => f.write_str(host),
        }
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

/// The first parameter of the URL that is not one of a connection's.
fn unknown_parameter(url: &str) -> Option<&str> {
    const KNOWN: [&str; 18] = [
        "sslmode",
        "ssl-mode",
        "sslrootcert",
        "ssl-root-cert",
        "ssl-ca",
        "sslcert",
        "ssl-cert",
        "sslkey",
        "ssl-key",
        "statement-cache-capacity",
        "host",
        "hostaddr",
        "port",
        "dbname",
        "user",
        "password",
        "application_name",
        "options",
    ];
    let (_, parameters) = url.split_once('?')?;
    let keys = parameters.split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
    keys.into_iter().find(|key| {
        !KNOWN.contains(key) && !key.starts_with("options[") && !key.starts_with("options%5B")
    })
}

/// The reason alone: the error itself may quote what it could not read.
fn cause(error: &sea_orm::sqlx::Error) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "reading a URL fails in one way")]
    match error {
        sea_orm::sqlx::Error::Configuration(source) => source.to_string(),
        _ => "it is no URL".to_owned(),
    }
}

#[cfg(test)]
mod tests;
