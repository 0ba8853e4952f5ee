//! Channels: how a notification reaches someone, a file each.

pub(crate) mod mail;
pub(crate) mod secrets;
pub(crate) mod webhook;

use std::time::Duration;

/// How long one attempt may take over any channel, all of it.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(8);

/// How much of an answer is kept.
const ANSWER_CHARS_MAX: usize = 200;

/// The start of what a provider said, on one line: it is anyone's text.
fn shortened(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(ANSWER_CHARS_MAX).collect()
}
