//! What is said before a letter: commands, and the answers to them in their order.

use super::LETTER_BYTES_MAX;

/// Recipients of one letter.
const RECIPIENTS_MAX: usize = 50;

/// The longest address (RFC 5321, section 4.5.3.1.3).
const PATH_BYTES_MAX: usize = 256;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// `HELO`, and `EHLO`, which asks for extensions.
    Hello { extended: bool },
    /// Who sends, and how long the letter will be, if it was said.
    From { path: String, bytes: Option<usize> },
    /// Whom to.
    To { path: String },
    /// The letter follows.
    Data,
    /// All over again.
    Reset,
    /// Nothing.
    Noop,
    /// Whether somebody is there.
    Verify,
    /// The end.
    Quit,
    /// A command that is known, with arguments that make no sense.
    Malformed,
    /// Anything else.
    Unknown,
}

impl Command {
    /// Reads a line without its end.
    pub(super) fn read(line: &[u8]) -> Self {
        let Ok(line) = std::str::from_utf8(line) else { return Self::Malformed };
        let (verb, rest) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        match (verb.to_ascii_uppercase().as_str(), rest.trim()) {
            ("EHLO", host) if !host.is_empty() => Self::Hello { extended: true },
            ("HELO", host) if !host.is_empty() => Self::Hello { extended: false },
            ("MAIL", rest) => from(rest).unwrap_or(Self::Malformed),
            ("RCPT", rest) => match path(rest, "TO:") {
                Some((path, _)) if !path.is_empty() => Self::To { path },
                Some(_) | None => Self::Malformed,
            },
            ("DATA", "") => Self::Data,
            ("RSET", "") => Self::Reset,
            ("NOOP", _) => Self::Noop,
            ("VRFY", _) => Self::Verify,
            ("QUIT", "") => Self::Quit,
            ("EHLO" | "HELO" | "DATA" | "RSET" | "QUIT", _) => Self::Malformed,
            _ => Self::Unknown,
        }
    }
}

fn from(rest: &str) -> Option<Command> {
    let (path, parameters) = path(rest, "FROM:")?;
    let size = parameters.split_ascii_whitespace().find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("SIZE").then_some(value)
    });
    let bytes = size.map(str::parse).transpose().ok()?;
    Some(Command::From { path, bytes })
}

/// The address in `TO:<address> parameters`, and the rest.
fn path<'l>(rest: &'l str, keyword: &str) -> Option<(String, &'l str)> {
    let (said, rest) = rest.split_at_checked(keyword.len())?;
    let (path, parameters) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let is_sound = path.len() <= PATH_BYTES_MAX && !path.chars().any(char::is_control);
    (said.eq_ignore_ascii_case(keyword) && is_sound).then(|| (path.to_owned(), parameters))
}

/// What is answered, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// This.
    Say(&'static str),
    /// That the letter may come.
    TakeLetter,
    /// Farewell.
    Goodbye,
}

impl Reply {
    /// The line or lines, without the last one's end.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Say(text) => text,
            Self::TakeLetter => "354 end it with a dot on a line of its own",
            Self::Goodbye => "221 goodbye",
        }
    }
}

/// From whom and to whom a letter goes.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl Envelope {
    /// The recipients; whoever was greeted may send another letter.
    pub(super) fn close(&mut self) -> Vec<String> {
        self.from = None;
        std::mem::take(&mut self.to)
    }

    /// Takes a command in its turn.
    pub(super) fn step(&mut self, command: Command) -> Reply {
        const OUT_OF_ORDER: Reply = Reply::Say("503 that comes too early or twice");
        const OK: Reply = Reply::Say("250 ok");
        match command {
            Command::Hello { extended } => {
                *self = Self { greeted: true, ..Self::default() };
                Reply::Say(if extended { HELLO } else { "250 localhost" })
            }
            Command::From { .. } if !self.greeted || self.from.is_some() => OUT_OF_ORDER,
            Command::From { bytes: Some(bytes), .. } if bytes > LETTER_BYTES_MAX => {
                Reply::Say("552 5.3.4 that letter is too long")
            }
            Command::From { path, .. } => {
                self.from = Some(path);
                OK
            }
            Command::To { .. } if self.from.is_none() => OUT_OF_ORDER,
            Command::To { .. } if self.to.len() >= RECIPIENTS_MAX => {
                Reply::Say("452 4.5.3 too many recipients")
            }
            Command::To { path } => {
                self.to.push(path);
                OK
            }
            Command::Data if self.to.is_empty() => OUT_OF_ORDER,
            Command::Data => Reply::TakeLetter,
            Command::Reset => {
                *self = Self { greeted: self.greeted, ..Self::default() };
                OK
            }
            Command::Noop => OK,
            Command::Verify => Reply::Say("252 send it, and it is kept"),
            Command::Quit => Reply::Goodbye,
            Command::Malformed => Reply::Say("501 that makes no sense"),
            Command::Unknown => Reply::Say("502 that is not spoken here"),
        }
    }
}

/// What is offered.
const HELLO: &str = "250-localhost\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SIZE 262144";

#[cfg(test)]
mod tests;
