//! What a letter says: the headers that people read, its text and its HTML.
//!
//! Invariant: every letter can be read, however it is made; what cannot be understood is shown as
//! it came.

use mailparse::{MailHeaderMap as _, ParsedMail};

/// Parts within parts cost stack: a letter with more of them is shown as it came.
const MULTIPARTS_MAX: usize = 16;

/// A letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::demo) struct Letter {
    /// Its id, in angle brackets.
    pub(in crate::demo) message_id: String,
    /// From whom, as it says.
    pub(super) from: String,
    /// To whom, as it says.
    pub(super) to: String,
    /// What about.
    pub(in crate::demo) subject: String,
    /// When it was written, as it says.
    pub(super) date: String,
    /// Its plain text.
    pub(in crate::demo) text: String,
    /// Its HTML, if it has any.
    pub(super) html: Option<String>,
}

impl Letter {
    /// Reads a letter as it came.
    pub(super) fn read(raw: &[u8]) -> Self {
        let as_it_came = || Self {
            text: String::from_utf8_lossy(raw).into_owned(),
            subject: "(not understood)".to_owned(),
            ..Self::default()
        };
        if multiparts(raw) > MULTIPARTS_MAX {
            return as_it_came();
        }
        let Ok(parsed) = mailparse::parse_mail(raw) else { return as_it_came() };
        let header = |name: &str| parsed.headers.get_first_value(name).unwrap_or_default();
        Self {
            message_id: header("Message-ID"),
            from: header("From"),
            to: header("To"),
            subject: header("Subject"),
            date: header("Date"),
            text: body(&parsed, "text/plain").unwrap_or_default(),
            html: body(&parsed, "text/html"),
        }
    }
}

/// The first part of that kind.
fn body(part: &ParsedMail<'_>, kind: &str) -> Option<String> {
    if part.subparts.is_empty() && part.ctype.mimetype == kind {
        return part.get_body().ok();
    }
    part.subparts.iter().find_map(|part| body(part, kind))
}

/// How often it says that something has parts, at most.
fn multiparts(raw: &[u8]) -> usize {
    const WORD: &[u8] = b"multipart/";
    raw.windows(WORD.len()).filter(|window| window.eq_ignore_ascii_case(WORD)).count()
}

#[cfg(test)]
mod tests;
