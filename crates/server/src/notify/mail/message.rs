//! A letter as an e-mail (RFC 5322, MIME): headers, plain text and HTML.
//!
//! Invariants: the same notification is the same Message-ID in every attempt, so that mail programs
//! show it once; all messages about an alert answer the same (unsent) one, so that they are one
//! thread; and automatic answers to it are asked not to be sent (RFC 3834, section 5).

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::notify::{Address, Notification};

use super::letter::{Letter, line};
use crate::app::alerts;
use crate::config::Mail;

/// What a message is sent under: everything but what it says.
#[derive(Debug, Clone)]
pub(crate) struct Cover<'a> {
    /// The left side of its Message-ID.
    pub(crate) id: String,
    /// The left side of the id that it answers.
    pub(crate) thread: Option<String>,
    /// The receiver it is for.
    pub(crate) receiver: &'a Name,
    /// Whom it is addressed to.
    pub(crate) to: &'a [Address],
    /// When it is sent.
    pub(crate) sent_at: Timestamp,
    /// Headers to sort by, each name with its value.
    pub(crate) marks: Vec<(&'static str, String)>,
}

impl<'a> Cover<'a> {
    /// The cover of a notification.
    pub(crate) fn of(
        notification: &'a Notification,
        to: &'a [Address],
        sent_at: Timestamp,
    ) -> Self {
        let alert = &notification.snapshot;
        Self {
            id: notification.id.to_string(),
            thread: Some(alert.id.to_string()),
            receiver: &notification.receiver,
            to,
            sent_at,
            marks: vec![
                ("X-Plimsoll-Event", alerts::event(notification)),
                ("X-Plimsoll-Severity", alerts::severity(alert.severity).to_owned()),
                ("X-Plimsoll-Service", alert.service.to_string()),
                ("X-Plimsoll-SLO", alert.slo.to_string()),
            ],
        }
    }
}

/// Why a message cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwritable {
    /// The mail library knows an address for none.
    #[error("`{0}` is no address that mail can be sent to")]
    Address(String),
    /// Something else is missing.
    #[error("the message cannot be written: {0}")]
    Message(#[from] lettre::error::Error),
}

/// Writes a letter under its cover.
pub(crate) fn write(
    mail: &Mail,
    cover: &Cover<'_>,
    letter: &Letter,
) -> Result<Message, Unwritable> {
    let host = mail.from.host();
    let from = Mailbox::new(Some(line(&mail.from_name)), address(&mail.from)?);
    let mut message = Message::builder()
        .from(from)
        .subject(line(&letter.subject))
        .date(SystemTime::from(cover.sent_at))
        .message_id(Some(format!("<{}@{host}>", cover.id)));
    for to in cover.to {
        message = message.to(Mailbox::new(None, address(to)?));
    }
    if let Some(thread) = &cover.thread {
        let thread = format!("<{thread}@{host}>");
        message = message.in_reply_to(thread.clone()).references(thread);
    }
    let list = format!("<{}.receivers.plimsoll.{host}>", cover.receiver);
    let fixed = [
        ("Auto-Submitted", "auto-generated".to_owned()),
        ("X-Auto-Response-Suppress", "All".to_owned()),
        ("Precedence", "list".to_owned()),
        ("List-Id", list),
    ];
    for (name, value) in fixed.into_iter().chain(cover.marks.iter().cloned()) {
        message = message
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), line(&value)));
    }
    let parts = MultiPart::alternative()
        .boundary(format!("=_{}", cover.id))
        .singlepart(SinglePart::plain(letter.plain()))
        .singlepart(SinglePart::html(letter.html()));
    Ok(message.multipart(parts)?)
}

/// An address as the mail library has it.
pub(super) fn address(address: &Address) -> Result<lettre::Address, Unwritable> {
    address.as_str().parse().map_err(|_| Unwritable::Address(address.to_string()))
}
