//! The public API over HTTP: one request, one JSON answer, or a failure that says how to mend it.
//!
//! Answers stay `serde_json::Value` until a table is drawn of them, so that `--output json` drops
//! nothing that this version does not know. Invariants: the token goes into the one header, and
//! nowhere else; what is read to be drawn holds nothing that a terminal obeys.

mod events;

use std::time::Duration;

use plimsoll_api::v1::problem::Problem;
use reqwest::{Method, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::args::Connection;
use crate::exit::{Exit, Failure};
use crate::render::text;

pub(crate) use events::{Changed, Events};

/// A server, and the token to ask it with.
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
}

/// The items of a list, and whether the server has more.
pub(crate) struct Listing {
    /// In the list's order.
    pub(crate) items: Vec<Value>,
    /// Whether the limit cut the list.
    pub(crate) more: bool,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(60);
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(24 * 3_600);

/// The most items the API gives at once.
const PAGE_MAX: usize = 500;

impl Client {
    /// A client of the server that the arguments name.
    pub(crate) fn new(connection: &Connection) -> Result<Self, Failure> {
        // An error says that a provider is installed already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let base = base(&connection.url)?;
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            // A redirect would carry a change as a GET, and the token to another place.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("plimsoll/", env!("CARGO_PKG_VERSION")));
        if base.scheme() == "http" {
            // No certificates to look for: it also works where none are installed.
            builder = builder.tls_certs_only([]);
        }
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| {
            Failure::of(&error)
                .ending(Exit::Unasked)
                .hint("https needs the system's certificates: install ca-certificates")
        })?;
        Ok(Self { http, base, token: token(connection)? })
    }

    /// GET of a path, segment by segment.
    pub(crate) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Value, Failure> {
        self.send(self.request(Method::GET, path, query)).await
    }

    /// POST of a JSON body.
    pub(crate) async fn post(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<Value, Failure> {
        self.send(self.request(Method::POST, path, &[]).json(body)).await
    }

    /// PUT of a JSON body.
    pub(crate) async fn put(&self, path: &[&str], body: &impl Serialize) -> Result<Value, Failure> {
        self.send(self.request(Method::PUT, path, &[]).json(body)).await
    }

    /// PATCH by a JSON body.
    pub(crate) async fn patch(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<Value, Failure> {
        self.send(self.request(Method::PATCH, path, &[]).json(body)).await
    }

    /// POST without a body.
    pub(crate) async fn trigger(&self, path: &[&str]) -> Result<Value, Failure> {
        self.send(self.request(Method::POST, path, &[])).await
    }

    /// DELETE.
    pub(crate) async fn delete(&self, path: &[&str]) -> Result<Value, Failure> {
        self.send(self.request(Method::DELETE, path, &[])).await
    }

    /// What changes on the server from now on.
    pub(crate) async fn events(&self) -> Result<Events, Failure> {
        Ok(Events::new(self.download(&["events"]).await?))
    }

    /// The server's address.
    pub(crate) fn address(&self) -> &Url {
        &self.base
    }

    /// GET of a file, as long as it may take.
    pub(crate) async fn download(&self, path: &[&str]) -> Result<reqwest::Response, Failure> {
        let request = self.request(Method::GET, path, &[]).timeout(DOWNLOAD_TIMEOUT);
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        Err(refusal(status, &body))
    }

    /// The items of a list, page after page, at most `limit` of them.
    pub(crate) async fn list(
        &self,
        path: &[&str],
        filter: &[(&str, String)],
        limit: usize,
    ) -> Result<Listing, Failure> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut query = filter.to_vec();
            query.push(("limit", (limit - items.len()).min(PAGE_MAX).to_string()));
            query.extend(cursor.map(|cursor| ("cursor", cursor)));
            let page: plimsoll_api::v1::Page<Value> = parse(self.get(path, &query).await?)?;
            items.extend(page.items);
            let more = page.next_cursor.is_some() || items.len() > limit;
            if page.next_cursor.is_none() || items.len() >= limit {
                items.truncate(limit);
                return Ok(Listing { items, more });
            }
            cursor = page.next_cursor;
        }
    }

    fn request(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
    ) -> reqwest::RequestBuilder {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .expect("`base` lets only http and https pass, which have paths")
            .pop_if_empty()
            .extend(["api", "v1"])
            .extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Failure> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        if !status.is_success() {
            return Err(refusal(status, &body));
        }
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).map_err(|error| unintelligible(&error))
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        let title = format!("the server at {} did not answer", self.base);
        let mut source: &dyn std::error::Error = error;
        while let Some(deeper) = source.source() {
            source = deeper;
        }
        Failure::unasked(title)
            .passing()
            .detail(source.to_string())
            .hint("start one with `plimsoll serve`, or name another with --url or PLIMSOLL_URL")
    }
}

/// An answer as the type that is to be drawn, every text in it made harmless.
pub(crate) fn read<T: DeserializeOwned>(mut answer: Value) -> Result<T, Failure> {
    text::escape_all(&mut answer);
    parse(answer)
}

/// An answer as it is.
pub(crate) fn parse<T: DeserializeOwned>(answer: Value) -> Result<T, Failure> {
    serde_json::from_value(answer).map_err(|error| unintelligible(&error))
}

fn base(url: &str) -> Result<Url, Failure> {
    let fault = |detail: String| {
        Failure::unasked(format!("`{url}` is not the address of a server"))
            .detail(detail)
            .hint("an address looks like http://127.0.0.1:8010")
    };
    let base = Url::parse(url).map_err(|error| fault(error.to_string()))?;
    match base.scheme() {
        "http" | "https" => Ok(base),
        other => Err(fault(format!("`{other}` is neither http nor https"))),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || literal.is_ok_and(|address| address.is_loopback())
}

fn token(connection: &Connection) -> Result<Option<String>, Failure> {
    let text = match &connection.token_file {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| {
            Failure::unasked(format!("cannot read the token file {}", path.display()))
                .detail(error.to_string())
                .hint("`plimsoll tokens create --save FILE` writes one that you can read")
        })?),
        None => connection.token.clone(),
    };
    let token = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match token {
        Some(token) if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Failure::unasked("the token holds characters that no token has")
                .hint("a token is one word that starts with plim_"))
        }
        token => Ok(token),
    }
}

/// What the server said instead of doing it.
fn refusal(status: StatusCode, body: &[u8]) -> Failure {
    let passing = |failure: Failure| {
        if status.is_server_error() { failure.passing() } else { failure }
    };
    let Ok(problem) = serde_json::from_slice::<Problem>(body) else {
        let failure = Failure::refused(format!("the server answered {status}"));
        return passing(failure.ending(exit(status)))
            .hint("is this address a Plimsoll server? see --url");
    };
    let failure = passing(Failure::refused(problem.title).ending(exit(status)));
    let failure = problem.detail.into_iter().fold(failure, Failure::detail);
    let hint = problem.hint.or_else(|| hint(status).map(str::to_owned));
    hint.into_iter().fold(failure, Failure::hint)
}

/// Being stopped at the door is another thing than being refused.
fn exit(status: StatusCode) -> Exit {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Exit::Unasked,
        _ => Exit::Refused,
    }
}

fn hint(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED => Some(
            "set PLIMSOLL_TOKEN, --token or --token-file; `plimsoll tokens create` makes a token",
        ),
        StatusCode::FORBIDDEN => Some(
            "ask with a token of that role; an admin makes one with \
             `plimsoll tokens create --name NAME --role ROLE`",
        ),
        StatusCode::SERVICE_UNAVAILABLE => Some("the server is busy or stopping: try again"),
        _ => None,
    }
}

fn unintelligible(error: &serde_json::Error) -> Failure {
    Failure::refused("the server's answer is not what this version understands")
        .detail(error.to_string())
        .hint("compare `plimsoll --version` here and there")
}

#[cfg(test)]
mod tests;
