//! Whether peers can be reached: by the same rules about addresses as the server's own requests.

use std::net::SocketAddr;
use std::time::Duration;

use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::notify::{Channel, Endpoint, SecretRef, Webhook};
use reqwest::{Method, Url};
use tokio::net::TcpListener;

use super::Finding;
use super::judge::Port;
use crate::config::{Config, Encryption};
use crate::notify;
use crate::notify::mail::Mailer;
use crate::notify::secrets::Secrets;
use crate::outbound::{Client, Purpose, cause};

/// How long one peer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether an address can be listened on, or a Plimsoll does.
pub(super) async fn port(address: SocketAddr) -> Port {
    let error = match TcpListener::bind(address).await {
        Ok(_) => return Port::Free,
        Err(error) => error,
    };
    if error.kind() == std::io::ErrorKind::AddrInUse && answers(address).await {
        Port::Plimsoll
    } else {
        Port::Taken(error.to_string())
    }
}

/// Whether a server of ours answers there: its document says whose it is.
async fn answers(address: SocketAddr) -> bool {
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).timeout(PATIENCE).build();
    let Ok(http) = http else { return false };
    let url = format!("http://{address}/api/v1/openapi.json");
    let Ok(response) = http.get(url).send().await else { return false };
    let document = response.json::<serde_json::Value>().await;
    document.is_ok_and(|document| document["info"]["title"] == "Plimsoll")
}

/// The certificates, and every host that definitions name.
pub(super) async fn peers(config: &Config, definitions: Option<&Definitions>) -> Vec<Finding> {
    const CHECK: &str = "certificates";
    let clients = Client::new(config.outbound, Purpose::Webhook)
        .and_then(|webhook| Ok((webhook, Client::new(config.outbound, Purpose::Scrape)?)));
    let (webhook, scrape) = match clients {
        Ok(clients) => clients,
        Err(error) => {
            let mend = "install the system's certificates (ca-certificates)";
            return vec![Finding::problem(CHECK, error.to_string(), mend)];
        }
    };
    let mut findings = vec![Finding::ok(CHECK, "the system's are found".to_owned())];
    let Some(definitions) = definitions else { return findings };
    for receiver in definitions.receivers.values() {
        for (name, channel) in &receiver.channels {
            let check = match name.is_plain() {
                true => format!("receiver {}", receiver.name),
                false => format!("receiver {} ({name})", receiver.name),
            };
            findings.extend(match channel {
                Channel::Webhook(Webhook { endpoint: Endpoint::Url(url), .. }) => {
                    Some(peer(&check, &webhook, url).await)
                }
                Channel::Webhook(Webhook { endpoint: Endpoint::Kept(place), .. }) => {
                    Some(kept_peer(&check, &webhook, place).await)
                }
                // The one server that all mail goes to is looked at by itself.
                Channel::Email(_) if config.mail.is_some() => None,
                Channel::Email(_) => Some(Finding::problem(
                    &check,
                    notify::mail::UNCONFIGURED.to_owned(),
                    "add `[mail]` with `server` and `from` to the configuration",
                )),
            });
        }
    }
    for target in definitions.scrape_targets.values() {
        let check = format!("target {}", target.name);
        findings.push(peer(&check, &scrape, &target.url).await);
    }
    findings
}

/// Whether the mail server lets us in: greeted, encrypted and signed in as mail is, no word more.
pub(super) async fn mail_server(config: &Config) -> Option<Finding> {
    const CHECK: &str = "mail server";
    let mail = config.mail.as_ref()?;
    let server = format!("{}:{}", mail.server, mail.port);
    let mend = "check [mail] in the configuration: server, port, encryption, username and password";
    let mailer = match Mailer::new(mail, false) {
        Ok(mailer) => mailer,
        Err(error) => return Some(Finding::problem(CHECK, error.to_string(), mend)),
    };
    Some(match mailer.greet(&Secrets::new()).await {
        Ok(said) if mail.encryption == Encryption::None => {
            let mend = "use `encryption = \"starttls\"` or \"tls\", unless it is on this machine";
            Finding::warning(
                CHECK,
                format!("{said} answers; everyone on the way reads along"),
                mend,
            )
        }
        Ok(said) => Finding::ok(CHECK, format!("{said} answers")),
        Err(why) => Finding::problem(CHECK, format!("{server}: {why}"), mend),
    })
}

/// The same of a URL that is kept as a secret.
async fn kept_peer(check: &str, client: &Client, place: &SecretRef) -> Finding {
    match Secrets::new().read(place).await {
        Ok(url) => peer(check, client, url.expose()).await,
        Err(why) => Finding::problem(check, why, "put the URL where the definition looks for it"),
    }
}

/// Asks a host for the head of its front page, and takes any answer for one.
async fn peer(check: &str, client: &Client, url: &str) -> Finding {
    let mend = "check name, route and firewall, and [outbound] in the configuration";
    let front = Url::parse(url).map(|mut url| {
        url.set_path("/");
        url.set_query(None);
        url
    });
    let Ok(front) = front else {
        return Finding::problem(check, "it is no URL".to_owned(), "mend the definition");
    };
    let host = front.host_str().unwrap_or_default().to_owned();
    let request = match client.request(Method::HEAD, front.as_str()) {
        Ok(request) => request,
        Err(error) => return Finding::problem(check, error.to_string(), mend),
    };
    match request.timeout(PATIENCE).send().await {
        Ok(_) => Finding::ok(check, format!("{host} answers")),
        Err(error) => Finding::warning(check, format!("{host}: {}", cause(&error)), mend),
    }
}
