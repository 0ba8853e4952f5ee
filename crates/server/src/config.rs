//! Process configuration: defaults, then the TOML file, then flags. Also the one place that reads
//! the environment, for the secrets that definitions refer to.
//!
//! Invariant: configuration is never mixed with definitions. An unknown key is refused with its
//! position, and a secret never shows in a log.

mod mail;
pub mod origin;

use std::fmt;
use std::fs::OpenOptions;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use plimsoll_domain::notify::SecretRef;
use plimsoll_store::LocationError;
use plimsoll_store::tallies::{Replicas, Settings};

pub use mail::{Credentials, Encryption, Mail};
pub use plimsoll_store::Location;
use serde::Deserialize;

/// How the process runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// How people reach it, for links; `http://<listen>` when not set.
    pub public_url: Option<String>,
    /// How the other replicas on the same database reach this one, which forward to it what it
    /// alone can answer; `http://<listen>` when not set and that is one address.
    pub advertise_url: Option<String>,
    /// Where the records are; SQLite in the data directory when not set.
    pub store: Option<Location>,
    /// Which addresses requests may go out to.
    pub outbound: Outbound,
    /// How mail is sent; none is when not set.
    pub mail: Option<Mail>,
    /// How much a caller may send.
    pub limits: Limits,
    /// How telemetry is counted and kept.
    pub tallies: Tallies,
    /// What is held back for when the disk is full.
    pub disk: Disk,
    /// What is logged: a level, or directives such as `info,plimsoll_server=debug`.
    pub log: String,
}

/// Which addresses definitions may make the server call. Public addresses are always allowed,
/// link-local and metadata addresses never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outbound {
    /// Loopback addresses, for scrape targets and webhooks.
    pub allow_loopback: bool,
    /// Private ranges, for scrape targets.
    pub allow_private_scrapes: bool,
    /// Private ranges, for webhooks.
    pub allow_private_webhooks: bool,
}

impl Default for Outbound {
    fn default() -> Self {
        Self { allow_loopback: false, allow_private_scrapes: true, allow_private_webhooks: false }
    }
}

/// How much a caller may send, in bytes on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// One request of the API.
    pub body_bytes_max: usize,
    /// One remote-write request, compressed.
    pub write_bytes_max: usize,
    /// One scrape, unpacked.
    pub scrape_bytes_max: usize,
    /// All remote-write requests that are being taken in, unpacked.
    pub intake_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 4 << 20,
            write_bytes_max: 16 << 20,
            scrape_bytes_max: 16 << 20,
            intake_bytes_max: 128 << 20,
        }
    }
}

/// How telemetry is counted and kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tallies {
    /// Days for which minutes are kept.
    pub minutes_kept_days: u32,
    /// Days for which hours are kept.
    pub hours_kept_days: u32,
    /// Series one tally may have.
    pub series_per_tally_max: usize,
    /// Bytes of log after which a checkpoint is written.
    pub checkpoint_bytes: u64,
    /// Labels that tell the replicas of a pair of senders apart.
    pub replica_labels: Vec<String>,
    /// The label that tells such pairs apart.
    pub cluster_label: String,
}

impl Default for Tallies {
    fn default() -> Self {
        let Settings {
            replicas,
            series_per_tally_max,
            checkpoint_bytes,
            minutes_kept_days,
            hours_kept_days,
        } = Settings::default();
        let Replicas { replica_labels, cluster_label } = replicas;
        Self {
            minutes_kept_days,
            hours_kept_days,
            series_per_tally_max,
            checkpoint_bytes,
            replica_labels,
            cluster_label,
        }
    }
}

impl Tallies {
    /// The same for the store.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            replicas: Replicas {
                replica_labels: self.replica_labels.clone(),
                cluster_label: self.cluster_label.clone(),
            },
            series_per_tally_max: self.series_per_tally_max,
            checkpoint_bytes: self.checkpoint_bytes,
            minutes_kept_days: self.minutes_kept_days,
            hours_kept_days: self.hours_kept_days,
        }
    }
}

/// What is held back for when the disk is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Disk {
    /// Bytes held back for alerts, deployments and decisions.
    pub reserve_bytes: u64,
}

impl Default for Disk {
    fn default() -> Self {
        Self { reserve_bytes: 8 << 20 }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("./plimsoll-data"),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8010)),
            public_url: None,
            advertise_url: None,
            store: None,
            outbound: Outbound::default(),
            mail: None,
            limits: Limits::default(),
            tallies: Tallies::default(),
            disk: Disk::default(),
            log: "info,sea_orm_migration=warn".to_owned(),
        }
    }
}

/// What flags set; each wins over the file.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--data`
    pub data: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--store`, or `PLIMSOLL_STORE`: a text, since what does not parse must not be shown.
    pub store: Option<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file says something else than a configuration.
    #[error("the configuration {} is refused: {message}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What, with line and column.
        message: String,
    },
    /// How mail is to be sent makes no sense.
    #[error("[mail] in the configuration {} is refused: {message}", path.display())]
    Mail {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The store is none.
    #[error("the store of {origin} is refused")]
    Store {
        /// Who named it.
        origin: String,
        /// Why.
        #[source]
        source: LocationError,
    },
}

impl Config {
    /// Defaults, then the file, then the flags.
    pub fn load(file: Option<&Path>, flags: Flags) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        if let Some(path) = file {
            let text = std::fs::read_to_string(path)
                .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
            let mut written: Written = toml::from_str(&text).map_err(|error| {
                let message = refusal(&text, &error);
                ConfigError::Refused { path: path.to_owned(), message }
            })?;
            for (key, url) in
                [("public_url", &written.public_url), ("advertise_url", &written.advertise_url)]
            {
                if url.as_ref().is_some_and(|url| !is_base(url)) {
                    let message = format!("`{key}` is no http or https URL of a server");
                    return Err(ConfigError::Refused { path: path.to_owned(), message });
                }
            }
            let mail = written.mail.take().map(mail::Written::read).transpose();
            config.mail =
                mail.map_err(|message| ConfigError::Mail { path: path.to_owned(), message })?;
            written.apply(&mut config).map_err(|source| ConfigError::Store {
                origin: path.display().to_string(),
                source,
            })?;
        }
        config.data = flags.data.unwrap_or(config.data);
        config.listen = flags.listen.unwrap_or(config.listen);
        if let Some(text) = flags.store {
            let origin = "--store (or PLIMSOLL_STORE)".to_owned();
            let store = text.parse().map_err(|source| ConfigError::Store { origin, source })?;
            config.store = Some(store);
        }
        Ok(config)
    }

    /// How people reach it, without a slash at the end; `bound` is where it listens.
    pub(crate) fn base_url(&self, bound: SocketAddr) -> String {
        let url = self.public_url.clone().unwrap_or_else(|| format!("http://{bound}"));
        url.trim_end_matches('/').to_owned()
    }

    /// How other replicas reach it, without a slash at the end; none where nobody said so and it
    /// listens nowhere yet, or on all addresses of the machine.
    pub(crate) fn advertised(&self, bound: Option<SocketAddr>) -> Option<String> {
        let bound = bound.filter(|bound| !bound.ip().is_unspecified());
        let own = bound.map(|bound| format!("http://{bound}"));
        let url = self.advertise_url.clone().or(own)?;
        Some(url.trim_end_matches('/').to_owned())
    }

    /// Whether people reach it through TLS, so that cookies may ask for it.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Where records are kept.
    pub(crate) fn location(&self) -> Location {
        self.store.clone().unwrap_or_else(|| Location::Sqlite(self.data.join("records.db")))
    }
}

/// The file as written: every key may be left out, none may be unknown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    advertise_url: Option<String>,
    store: Option<String>,
    outbound: Option<Outbound>,
    mail: Option<mail::Written>,
    limits: Option<Limits>,
    tallies: Option<Tallies>,
    disk: Option<Disk>,
    log: Option<String>,
}

impl Written {
    fn apply(self, config: &mut Config) -> Result<(), LocationError> {
        config.data = self.data.unwrap_or_else(|| std::mem::take(&mut config.data));
        config.listen = self.listen.unwrap_or(config.listen);
        config.public_url = self.public_url;
        config.advertise_url = self.advertise_url;
        config.store = self.store.map(|text| text.parse()).transpose()?;
        config.outbound = self.outbound.unwrap_or_default();
        config.limits = self.limits.unwrap_or_default();
        config.tallies = self.tallies.unwrap_or_default();
        config.disk = self.disk.unwrap_or_default();
        config.log = self.log.unwrap_or_else(|| std::mem::take(&mut config.log));
        Ok(())
    }
}

/// Whether other URLs may begin with it.
fn is_base(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

/// What is wrong with a file, and where: never what is written there, which may be a secret.
fn refusal(text: &str, error: &toml::de::Error) -> String {
    let message = unquoted(error.message());
    let Some(span) = error.span() else { return message };
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let (row, column) = (before.matches('\n').count() + 1, line.chars().count() + 1);
    let place = format!("line {row}, column {column}");
    match key(line).filter(|_| text.parse::<toml::Table>().is_ok()) {
        Some(key) => format!("{place}, `{key}`: {message}"),
        None => format!("{place}: {message}"),
    }
}

/// The key, if a line up to a value is just that: `listen = `.
fn key(line: &str) -> Option<&str> {
    let key = line.trim_end().strip_suffix('=')?.trim();
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    key.chars().all(is_bare).then_some(key)
}

/// The message of a value of another type, without that value if it is a text.
fn unquoted(message: &str) -> String {
    match (message.split_once(": string \""), message.rsplit_once("\", expected ")) {
        (Some((what, _)), Some((_, expected))) => format!("{what}: a string, expected {expected}"),
        _ => message.to_owned(),
    }
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a secret is not there.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment has no such variable.
    #[error("the server's environment has no variable `{0}`")]
    NoVariable(String),
    /// The file cannot be read.
    #[error("the secret file `{path}` cannot be read: {}", source.kind())]
    NoFile {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is none, but a directory, a device or a pipe.
    #[error("the secret file `{0}` is no regular file")]
    Irregular(String),
    /// The file is not a secret.
    #[error("the secret file `{0}` holds more than {SECRET_BYTES_MAX} bytes")]
    TooLong(String),
}

/// The most that a secret file may hold.
const SECRET_BYTES_MAX: u64 = 4 << 10;

/// Reads a secret that a definition refers to, without the line end that editors add. A file is
/// read to its end, or to a few kilobytes; one that never ends, or that waits for a writer, is
/// refused.
#[expect(clippy::disallowed_methods, reason = "secrets come from the environment, read here")]
pub fn resolve_secret(reference: &SecretRef) -> Result<Secret, SecretError> {
    let text = match reference {
        SecretRef::Env(variable) => {
            std::env::var(variable).map_err(|_| SecretError::NoVariable(variable.clone()))?
        }
        SecretRef::File(path) => secret_file(path)?,
    };
    Ok(Secret(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn secret_file(path: &str) -> Result<String, SecretError> {
    let unreadable = |source| SecretError::NoFile { path: path.to_owned(), source };
    // Opening a pipe would wait for whoever writes into it.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(SecretError::Irregular(path.to_owned()));
    }
    let mut text = String::new();
    file.take(SECRET_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > SECRET_BYTES_MAX {
        return Err(SecretError::TooLong(path.to_owned()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
