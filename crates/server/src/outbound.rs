//! Requests to addresses that definitions name.
//!
//! Invariant: the address is judged when the connection is made, after name resolution, so a name
//! that resolves differently the second time gains nothing. Link-local and metadata addresses are
//! never called. Redirects and proxies are not followed.
//!
//! The mail server is named by whoever runs the process, who could open loopback and private ranges
//! as well: it may lie there, and so may another replica. Link-local and metadata addresses are
//! never called for them either.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use plimsoll_domain::notify::Arrival;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::config;
use crate::world::{Stage, World};

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Posting a notification.
    Webhook,
    /// Reading a target's metrics.
    Scrape,
    /// Handing mail to the server that the configuration names.
    Mail,
    /// Forwarding to another replica, whose own configuration names its address.
    Replica,
}

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Nothing in this process's configuration allows it.
    #[error("{0} is a link-local, metadata or reserved address, which is never called")]
    Never(IpAddr),
    /// Loopback.
    #[error("{0} is a loopback address; `allow_loopback = true` under [outbound] allows it")]
    Loopback(IpAddr),
    /// A private range.
    #[error("{0} is a private address; `allow_private_{1}s = true` under [outbound] allows it")]
    Private(IpAddr, Purpose),
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Webhook => "webhook",
            Self::Scrape => "scrape",
            Self::Mail => "mail",
            Self::Replica => "replica",
        })
    }
}

/// Why a request did not go out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UrlError {
    /// Not a URL this client calls.
    #[error("`{0}` is no http or https URL with a host")]
    Unusable(String),
    /// A literal address that may not be called.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// An HTTP client for one purpose.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    rule: Rule,
    /// What answers in a simulation.
    stage: Option<Arc<Stage>>,
}

impl Client {
    /// A client that judges addresses by the configuration.
    pub(crate) fn new(outbound: config::Outbound, purpose: Purpose) -> reqwest::Result<Self> {
        let rule = Rule { outbound, purpose };
        let http = reqwest::Client::builder()
            .dns_resolver(Arc::new(rule))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .user_agent(concat!("plimsoll/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, rule, stage: None })
    }

    /// The same client in that world.
    pub(crate) fn within(self, world: &World) -> Self {
        Self { stage: world.stage().cloned(), ..self }
    }

    /// A request to `url`; literal addresses are judged here, names when they are resolved.
    pub(crate) fn request(
        &self,
        method: reqwest::Method,
        url: &str,
    ) -> Result<reqwest::RequestBuilder, UrlError> {
        let unusable = || UrlError::Unusable(url.to_owned());
        let parsed = Url::parse(url).map_err(|_| unusable())?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(unusable());
        }
        let host = parsed.host_str().ok_or_else(unusable)?;
        if let Ok(address) = host.trim_matches(['[', ']']).parse() {
            self.rule.judge(address)?;
        }
        Ok(self.http.request(method, parsed))
    }

    /// Sends a request.
    pub(crate) async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Unanswered> {
        let unsent = |error: reqwest::Error| {
            let is_unsent = error.is_connect() || error.is_builder();
            let arrival = if is_unsent { Arrival::RuledOut } else { Arrival::Unknown };
            // The path of a URL may be as good as a password.
            Unanswered { cause: cause(&error.without_url()), arrival }
        };
        match &self.stage {
            None => request.send().await.map_err(unsent),
            Some(stage) => stage
                .answer(&request.build().map_err(unsent)?)
                .map_err(|cause| Unanswered { cause, arrival: Arrival::Unknown }),
        }
    }
}

/// A request that was not answered.
#[derive(Debug)]
pub(crate) struct Unanswered {
    /// The innermost cause.
    pub(crate) cause: String,
    /// Whether it may have come to its peer.
    pub(crate) arrival: Arrival,
}

/// Where the mail server of the configuration can be called: its addresses that may be.
pub(crate) async fn mail_addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    // What definitions may call is not asked: no definition names this server.
    let outbound = config::Outbound {
        allow_loopback: true,
        allow_private_scrapes: false,
        allow_private_webhooks: false,
    };
    let rule = Rule { outbound, purpose: Purpose::Mail };
    let found = tokio::net::lookup_host((host, port)).await;
    let found = found.map_err(|error| format!("{host} is not found: {error}"))?;
    rule.allowed(found.collect()).map_err(|refusal| match refusal {
        Some(refusal) => refusal.to_string(),
        None => format!("{host} has no address"),
    })
}

/// What a failed request says in a log that users read: the innermost cause.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[derive(Debug, Clone, Copy)]
struct Rule {
    outbound: config::Outbound,
    purpose: Purpose,
}

impl Rule {
    fn judge(self, address: IpAddr) -> Result<(), Refusal> {
        let allow_private = match self.purpose {
            Purpose::Webhook => self.outbound.allow_private_webhooks,
            Purpose::Scrape => self.outbound.allow_private_scrapes,
            Purpose::Mail | Purpose::Replica => true,
        };
        let allow_loopback = self.outbound.allow_loopback || self.purpose == Purpose::Replica;
        match Range::of(address) {
            Range::Public => Ok(()),
            Range::Loopback if allow_loopback => Ok(()),
            Range::Loopback => Err(Refusal::Loopback(address)),
            Range::Private if allow_private => Ok(()),
            Range::Private => Err(Refusal::Private(address, self.purpose)),
            Range::Never => Err(Refusal::Never(address)),
        }
    }
}

impl Rule {
    /// Those that may be called; if none may, why not.
    fn allowed(self, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Option<Refusal>> {
        let judged = found.iter().map(|address| self.judge(address.ip()).map(|()| *address));
        let allowed: Vec<SocketAddr> = judged.clone().filter_map(Result::ok).collect();
        if allowed.is_empty() { Err(judged.filter_map(Result::err).next()) } else { Ok(allowed) }
    }
}

impl Resolve for Rule {
    fn resolve(&self, name: Name) -> Resolving {
        let rule = *self;
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            match rule.allowed(found) {
                Err(Some(refusal)) => Err(refusal.into()),
                Err(None) => Ok(Box::new(std::iter::empty()) as Addrs),
                Ok(allowed) => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// Where an address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Range {
    Public,
    Loopback,
    Private,
    Never,
}

impl Range {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::of_v4(v4),
            IpAddr::V6(v6) => match embedded(v6) {
                Some(v4) => Self::of_v4(v4),
                None => Self::of_v6(v6),
            },
        }
    }

    fn of_v4(v4: Ipv4Addr) -> Self {
        let [a, b, c, d] = v4.octets();
        match (a, b) {
            (127, _) => Self::Loopback,
            // The metadata services of Alibaba and Oracle, and Azure's channel to its platform
            // (also DNS and goal state), lie outside link-local.
            _ if matches!(
                [a, b, c, d],
                [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16]
            ) =>
            {
                Self::Never
            }
            (0 | 224.., _) | (169, 254) => Self::Never,
            (10, _) | (172, 16..=31) | (192, 168) | (100, 64..=127) | (198, 18..=19) => {
                Self::Private
            }
            (192, 0) if c == 0 => Self::Private,
            _ => Self::Public,
        }
    }

    fn of_v6(v6: Ipv6Addr) -> Self {
        const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
        let never = v6.is_unspecified() || v6.is_multicast() || v6.is_unicast_link_local();
        let site_local = v6.segments()[0] & 0xffc0 == 0xfec0;
        if v6.is_loopback() {
            Self::Loopback
        } else if never || v6 == METADATA {
            Self::Never
        } else if v6.is_unique_local() || site_local {
            Self::Private
        } else {
            Self::Public
        }
    }
}

/// The IPv4 address that an IPv6 address leads to: mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
