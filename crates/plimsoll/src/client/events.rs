//! The server's stream of what changed, as server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).

use std::time::Duration;

use serde::Deserialize;

/// Something that changed and can be asked for again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Changed {
    /// What kind of thing; `all` when some changes were missed.
    pub(crate) noun: String,
    /// Which one.
    pub(crate) name: String,
}

/// A stream that is open.
pub(crate) struct Events {
    response: reqwest::Response,
    parser: Parser,
}

/// A server shows every fifteen seconds that it lives.
const SILENCE_MAX: Duration = Duration::from_secs(45);

/// An event is two short texts; a longer one is none of ours.
const BYTES_MAX: usize = 1 << 20;

impl Events {
    pub(super) fn new(response: reqwest::Response) -> Self {
        Self { response, parser: Parser::default() }
    }

    /// The next change; why there is none any more.
    pub(crate) async fn next(&mut self) -> Result<Changed, String> {
        loop {
            if let Some(changed) = self.parser.next() {
                return Ok(changed);
            }
            match tokio::time::timeout(SILENCE_MAX, self.response.chunk()).await {
                Err(_) => return Err("the server has fallen silent".to_owned()),
                Ok(Err(error)) => return Err(error.to_string()),
                Ok(Ok(None)) => return Err("the server ended the stream".to_owned()),
                Ok(Ok(Some(bytes))) => self.parser.take(&bytes)?,
            }
        }
    }
}

/// Bytes to events.
#[derive(Default)]
struct Parser {
    bytes: Vec<u8>,
}

impl Parser {
    fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > BYTES_MAX {
            return Err("the stream is none of a Plimsoll server".to_owned());
        }
        Ok(())
    }

    /// The next change that has come whole; other events and comments are passed over.
    fn next(&mut self) -> Option<Changed> {
        loop {
            let end = self.bytes.windows(2).position(|pair| pair == b"\n\n")?;
            let event: Vec<u8> = self.bytes.drain(..end + 2).collect();
            let text = String::from_utf8_lossy(&event);
            let field = |name: &str| {
                let mut lines = text.lines();
                let line = lines.find_map(|line| line.strip_prefix(name));
                line.map(|value| value.strip_prefix(' ').unwrap_or(value).to_owned())
            };
            if field("event:").as_deref() == Some("changed")
                && let Some(data) = field("data:")
                && let Ok(changed) = serde_json::from_str(&data)
            {
                return Some(changed);
            }
        }
    }
}

#[cfg(test)]
mod tests;
