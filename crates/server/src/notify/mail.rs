//! E-mail, handed to the mail server that the process's configuration names.
//!
//! Invariants: the address is judged when the connection is made, and connected to as judged;
//! nothing is said beyond the greeting before the connection is as private as the configuration
//! asks; an attempt ends well within the lease it is made under. What the server answers to a
//! sender, a recipient or a message with 5xx is final; what it answers to a sign-in or a greeting
//! is about the configuration, which can be mended, and is tried again.
//!
//! One message goes to all addresses of a receiver. If the server takes it for some and refuses
//! others, it is accepted, and the answer that is kept names those who were refused.

pub(crate) mod letter;
pub(crate) mod message;

use std::net::SocketAddr;
use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error as SmtpError, response::Response};
use plimsoll_domain::notify::Attempt;
use tokio::sync::Semaphore;

use letter::Letter;
use message::Cover;

use super::secrets::Secrets;
use super::{TIMEOUT, shortened};
use crate::config::{Encryption, Mail};
use crate::outbound;

/// How long the farewell may take, once the message has been taken.
const FAREWELL: Duration = Duration::from_millis(250);

/// How many messages are handed over at once.
const AT_ONCE: usize = 4;

/// What sends mail.
pub(crate) struct Mailer {
    mail: Mail,
    tls: Option<TlsParameters>,
    hello: ClientId,
    /// Many servers refuse more than a few connections of one client.
    connections: Semaphore,
    /// In a simulation there is no network to send it over.
    is_staged: bool,
}

/// Why no mail can be sent as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The certificates cannot be read.
    #[error("the certificates of [mail] in {path} cannot be read: {why}")]
    Certificates {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// TLS cannot be set up.
    #[error("TLS with the mail server cannot be set up: {0}")]
    Tls(String),
}

/// How far a conversation with the server has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before the sender was named: what is refused is us.
    Opening,
    /// Sender and recipients.
    Envelope,
    /// The message is under way: no answer says nothing.
    Content,
}

/// Why the server did not take it.
struct Fault {
    code: Option<u16>,
    is_final: bool,
    said: String,
}

/// Why nothing is sent while the process has no mail server.
pub(crate) const UNCONFIGURED: &str =
    "no mail server is configured: `[mail]` in the server's configuration names one";

/// Writes a letter and hands it over once.
pub(crate) async fn post(
    mailer: Option<&Mailer>,
    secrets: &Secrets,
    cover: &Cover<'_>,
    letter: &Letter,
) -> Attempt {
    let Some(mailer) = mailer else { return Attempt::failed(UNCONFIGURED) };
    match message::write(&mailer.mail, cover, letter) {
        Ok(message) => mailer.send(secrets, &message).await,
        Err(unwritable) => Attempt::failed(unwritable.to_string()),
    }
}

impl Mailer {
    /// A mailer for that configuration.
    ///
    /// # Errors
    /// Refused when certificates cannot be read.
    pub(crate) fn new(mail: &Mail, is_staged: bool) -> Result<Self, MailError> {
        let tls = match mail.encryption {
            Encryption::None => None,
            Encryption::Starttls | Encryption::Tls => Some(tls(mail)?),
        };
        let hello = mail.hello.clone().unwrap_or_else(|| mail.from.host().to_owned());
        let hello = hello.parse().map_or_else(
            |_| ClientId::Domain(hello.clone()),
            |address| match address {
                std::net::IpAddr::V4(v4) => ClientId::Ipv4(v4),
                std::net::IpAddr::V6(v6) => ClientId::Ipv6(v6),
            },
        );
        let connections = Semaphore::new(AT_ONCE);
        Ok(Self { mail: mail.clone(), tls, hello, connections, is_staged })
    }

    /// Hands a message over once and says what became of it, in time.
    pub(crate) async fn send(&self, secrets: &Secrets, message: &Message) -> Attempt {
        if self.is_staged {
            return Attempt::failed("there is no mail in a simulation");
        }
        let mut stage = Stage::Opening;
        let handed = self.hand_over(secrets, message, &mut stage);
        match tokio::time::timeout(TIMEOUT, handed).await {
            Ok(Ok((code, answer))) => Attempt::Mailed { reply_code: code, answer },
            Ok(Err(fault)) => fault.attempt(stage),
            Err(_) if stage == Stage::Content => Attempt::unheard("it took too long"),
            Err(_) => Attempt::failed("it took too long"),
        }
    }

    /// Connects and signs in, and says nothing more.
    pub(crate) async fn greet(&self, secrets: &Secrets) -> Result<String, String> {
        let greeted = tokio::time::timeout(TIMEOUT, self.connect(secrets));
        let (mut server, address) = match greeted.await {
            Ok(Ok(connected)) => connected,
            Ok(Err(fault)) => return Err(fault.said),
            Err(_) => return Err("it took too long".to_owned()),
        };
        let name = shortened(server.server_info().name());
        let _ = tokio::time::timeout(FAREWELL, server.quit()).await;
        Ok(format!("{name} at {address}"))
    }

    async fn hand_over(
        &self,
        secrets: &Secrets,
        message: &Message,
        stage: &mut Stage,
    ) -> Result<(u16, String), Fault> {
        let _place = self.connections.acquire().await.expect("it is never closed");
        let (mut server, _) = self.connect(secrets).await?;
        *stage = Stage::Envelope;
        let envelope = message.envelope();
        server.command(MailFrom::new(envelope.from().cloned(), Vec::new())).await?;
        let refused = self.recipients(&mut server, message).await?;
        server.command(Data).await?;
        *stage = Stage::Content;
        let taken = server.message(&message.formatted()).await?;
        let answer = shortened(&said(&taken));
        let answer = match refused.len() {
            0 => answer,
            _ => format!("{answer}; refused: {}", refused.join(", ")),
        };
        let _ = tokio::time::timeout(FAREWELL, server.quit()).await;
        Ok((u16::from(taken.code()), answer))
    }

    /// Names the recipients; those who were refused, unless all were.
    async fn recipients(
        &self,
        server: &mut AsyncSmtpConnection,
        message: &Message,
    ) -> Result<Vec<String>, Fault> {
        let to = message.envelope().to();
        let mut refused = Vec::new();
        let mut last = None;
        for address in to {
            match server.command(Rcpt::new(address.clone(), Vec::new())).await {
                Ok(_) => {}
                Err(error) => {
                    let fault = Fault::from(error);
                    // Without an answer there is no conversation to go on with.
                    let Some(code) = fault.code else { return Err(fault) };
                    refused.push(format!("{address} ({code} {})", shortened(&fault.said)));
                    // One who may be taken later keeps the whole message from being given up.
                    last = match last {
                        Some(Fault { is_final: false, .. }) => last,
                        Some(_) | None => Some(fault),
                    };
                }
            }
        }
        match last {
            Some(fault) if refused.len() == to.len() => Err(fault),
            Some(_) | None => Ok(refused),
        }
    }

    /// A connection that is as private as it should be, and signed in.
    async fn connect(&self, secrets: &Secrets) -> Result<(AsyncSmtpConnection, SocketAddr), Fault> {
        let Mail { server, port, .. } = &self.mail;
        let addresses = outbound::mail_addresses(server, *port).await.map_err(Fault::local)?;
        let at_first = self.tls.clone().filter(|_| self.mail.encryption == Encryption::Tls);
        let patience = patience(addresses.len());
        let mut failed = None;
        for address in addresses {
            let connecting = AsyncSmtpConnection::connect_tokio1(
                address,
                patience,
                &self.hello,
                at_first.clone(),
                None,
            );
            match connecting.await {
                Ok(mut connected) => {
                    self.open(&mut connected, secrets).await?;
                    return Ok((connected, address));
                }
                Err(error) => failed = Some(Fault::from(error)),
            }
        }
        Err(failed.unwrap_or_else(|| Fault::local(format!("{server} has no address"))))
    }

    async fn open(&self, server: &mut AsyncSmtpConnection, secrets: &Secrets) -> Result<(), Fault> {
        if let Some(tls) = self.tls.clone().filter(|_| self.mail.encryption == Encryption::Starttls)
        {
            if !server.can_starttls() {
                let said = "the mail server offers no STARTTLS, and nothing is sent without";
                return Err(Fault::local(said));
            }
            server.starttls(tls, &self.hello).await?;
        }
        if let Some(ours) = &self.mail.credentials {
            let password = secrets.read(&ours.password).await.map_err(Fault::local)?;
            let password = password.expose().to_owned();
            let credentials = Credentials::new(ours.username.clone(), password);
            server.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(|error| {
                let fault = Fault::from(error);
                Fault { said: format!("signing in: {}", fault.said), ..fault }
            })?;
        }
        Ok(())
    }
}

/// How long one of so many addresses may take to be connected to: those that do not answer leave
/// time for one that does, and for what is said to it.
fn patience(addresses: usize) -> Option<Duration> {
    let shares = u32::try_from(addresses).ok()?.checked_add(1)?;
    (addresses > 1).then(|| TIMEOUT / shares)
}

fn tls(mail: &Mail) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(mail.server.clone());
    if let Some(path) = &mail.ca_file {
        let failed =
            |why: String| MailError::Certificates { path: path.display().to_string(), why };
        let pem = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| failed(error.to_string()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| MailError::Tls(error.to_string()))
}

/// What a server said, on one line.
fn said(response: &Response) -> String {
    response.message().collect::<Vec<_>>().join(" ")
}

impl Fault {
    /// A fault that no server told us of.
    fn local(said: impl Into<String>) -> Self {
        Self { code: None, is_final: false, said: said.into() }
    }

    fn attempt(self, stage: Stage) -> Attempt {
        let said = shortened(&self.said);
        match (self.code, stage) {
            (Some(code), Stage::Envelope | Stage::Content) if self.is_final => {
                Attempt::MailRefused { reply_code: code, answer: said }
            }
            (Some(code), _) => Attempt::failed(format!("the mail server answered {code}: {said}")),
            (None, Stage::Content) => Attempt::unheard(said),
            (None, Stage::Opening | Stage::Envelope) => Attempt::failed(said),
        }
    }
}

impl From<SmtpError> for Fault {
    fn from(error: SmtpError) -> Self {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let code = error.status().map(u16::from);
        Self { code, is_final: error.is_permanent(), said: cause.to_string() }
    }
}

#[cfg(test)]
mod tests;
