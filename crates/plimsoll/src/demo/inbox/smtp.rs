//! A mail server that takes everything and sends nothing on (RFC 5321, what a sender needs of it).
//!
//! Invariant: whatever a client says, it holds at most [`AT_ONCE`] conversations, each of one
//! letter of at most [`LETTER_BYTES_MAX`] bytes, waits no longer than [`PATIENCE`] for a line, and
//! ends after [`CONVERSATION`]. Only `<CRLF>.<CRLF>` ends a letter, so that none smuggles in
//! another.

mod envelope;

use std::time::Duration;

use anyhow::Result;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use self::envelope::{Command, Envelope, Reply};
use super::Inbox;

/// The longest letter.
pub(super) const LETTER_BYTES_MAX: usize = 256 << 10;

/// How much more of a letter that is too long is read, so that its sender hears why.
const OVERFLOW_BYTES_MAX: usize = 4 << 20;

/// The longest command with its arguments; RFC 5321 asks for 512 bytes.
const COMMAND_BYTES_MAX: usize = 1_024;

/// Commands of one conversation, and with them letters.
const COMMANDS_MAX: usize = 500;

/// Conversations at once.
const AT_ONCE: usize = 8;

/// How long a conversation may take in all.
const CONVERSATION: Duration = Duration::from_mins(5);

/// How long one line may take.
const PATIENCE: Duration = Duration::from_secs(20);

const BUSY: &[u8] = b"421 too many connections\r\n";

/// Answers clients until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    inbox: Inbox,
    stop: CancellationToken,
) -> Result<()> {
    let mut conversations = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return Ok(()),
        };
        let (mut client, _) = accepted?;
        while conversations.try_join_next().is_some() {}
        if conversations.len() >= AT_ONCE {
            let _ = client.try_write(BUSY);
            continue;
        }
        let inbox = inbox.clone();
        conversations.spawn(async move {
            let (read, write) = client.split();
            // A client that goes away is its own business.
            let _ = timeout(CONVERSATION, Conversation::new(read, write, inbox).run()).await;
        });
    }
}

/// Why a conversation ends early.
#[derive(Debug)]
enum Hangup {
    /// The client is gone, silent, or says nothing that ends.
    Gone,
    /// We have had enough of it.
    Enough,
}

impl From<std::io::Error> for Hangup {
    fn from(_: std::io::Error) -> Self {
        Self::Gone
    }
}

/// One client's conversation.
pub(super) struct Conversation<R, W> {
    from: BufReader<R>,
    to: W,
    inbox: Inbox,
    envelope: Envelope,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Conversation<R, W> {
    /// A conversation that has not begun.
    pub(super) fn new(from: R, to: W, inbox: Inbox) -> Self {
        Self { from: BufReader::new(from), to, inbox, envelope: Envelope::default() }
    }

    /// Talks to its end.
    async fn run(mut self) -> Result<(), Hangup> {
        let talked = self.talk().await;
        if matches!(talked, Err(Hangup::Enough)) {
            self.say("421 goodbye").await?;
        }
        talked
    }

    async fn talk(&mut self) -> Result<(), Hangup> {
        self.say("220 localhost keeps what it is sent").await?;
        for _ in 0..COMMANDS_MAX {
            let mut line = Vec::new();
            self.line(&mut line, COMMAND_BYTES_MAX).await?;
            let reply = self.envelope.step(Command::read(&line));
            self.say(reply.text()).await?;
            match reply {
                Reply::Say(_) => {}
                Reply::TakeLetter => self.take_letter().await?,
                Reply::Goodbye => return Ok(()),
            }
        }
        Err(Hangup::Enough)
    }

    async fn take_letter(&mut self) -> Result<(), Hangup> {
        let to = self.envelope.close();
        match self.letter().await? {
            Some(letter) => {
                let number = self.inbox.keep(to, &letter);
                self.say(&format!("250 2.0.0 kept as {number}")).await
            }
            None => self.say("552 5.3.4 that letter is too long").await,
        }
    }

    /// A letter up to its end; none when it is too long.
    async fn letter(&mut self) -> Result<Option<Vec<u8>>, Hangup> {
        let mut letter = Vec::new();
        let mut left_out = 0;
        loop {
            let begin = letter.len();
            self.line(&mut letter, LETTER_BYTES_MAX).await?;
            if letter[begin..] == *b"." {
                letter.truncate(begin);
                return Ok((left_out == 0).then_some(letter));
            }
            if letter[begin..].starts_with(b".") {
                letter.remove(begin);
            }
            letter.extend(b"\r\n");
            if left_out > 0 || letter.len() > LETTER_BYTES_MAX {
                left_out += letter.len();
                letter.clear();
            }
            if left_out > OVERFLOW_BYTES_MAX {
                return Err(Hangup::Enough);
            }
        }
    }

    /// Adds the next line, without its end, to `text`.
    async fn line(&mut self, text: &mut Vec<u8>, bytes_max: usize) -> Result<(), Hangup> {
        let begin = text.len();
        let read = async {
            loop {
                let room = (begin + bytes_max + 2).saturating_sub(text.len());
                let mut bounded = (&mut self.from).take(room as u64);
                if bounded.read_until(b'\n', text).await? == 0 {
                    return Err(if room == 0 { Hangup::Enough } else { Hangup::Gone });
                }
                if text[begin..].ends_with(b"\r\n") {
                    text.truncate(text.len() - 2);
                    return Ok(());
                }
            }
        };
        timeout(PATIENCE, read).await.unwrap_or(Err(Hangup::Enough))
    }

    async fn say(&mut self, text: &str) -> Result<(), Hangup> {
        let line = format!("{text}\r\n");
        let said = self.to.write_all(line.as_bytes());
        Ok(timeout(PATIENCE, said).await.map_err(|_| Hangup::Gone)??)
    }
}

#[cfg(test)]
mod tests;
