//! The mail of the teams: a mail server on loopback ([`smtp`]) that keeps what comes, and a page
//! ([`page`]) that shows it.
//!
//! Invariant: it keeps at most [`KEPT`] letters of at most [`smtp::LETTER_BYTES_MAX`] each, the
//! newest ones.

mod letter;
mod page;
mod smtp;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use axum::Router;
use jiff::Timestamp;
use plimsoll_server::world::World;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(super) use letter::Letter;

/// How many letters are kept.
const KEPT: usize = 200;

/// A letter that came, and what it was called.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// Counts from 1, in the order of arrival.
    pub(super) number: u64,
    /// When it came.
    pub(super) received_at: Timestamp,
    /// Whom the envelope named.
    pub(super) to: Vec<String>,
    /// What it says.
    pub(super) letter: Arc<Letter>,
}

/// The letters.
#[derive(Clone)]
pub(super) struct Inbox {
    world: World,
    letters: Arc<Mutex<VecDeque<Kept>>>,
}

impl Inbox {
    /// An empty inbox.
    pub(super) fn new(world: World) -> Self {
        Self { world, letters: Arc::default() }
    }

    /// Takes mail until `stop`, on a free port of the loopback, which is returned.
    pub(super) async fn take_mail(
        &self,
        tasks: &mut JoinSet<Result<()>>,
        stop: &CancellationToken,
    ) -> Result<u16> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.context("no free port on 127.0.0.1")?;
        let port = listener.local_addr()?.port();
        tasks.spawn(smtp::serve(listener, self.clone(), stop.clone()));
        Ok(port)
    }

    /// The pages that show it.
    pub(super) fn router(&self) -> Router {
        page::router(self.clone())
    }

    /// The letter that was sent as this notification, if it came.
    pub(super) fn find(&self, notification: &str) -> Option<Kept> {
        let prefix = format!("<{notification}@");
        let letters = self.letters.lock().expect("no holder of the letters panics");
        letters.iter().find(|kept| kept.letter.message_id.starts_with(&prefix)).cloned()
    }

    /// The letter of that number.
    fn get(&self, number: u64) -> Option<Kept> {
        let letters = self.letters.lock().expect("no holder of the letters panics");
        letters.iter().find(|kept| kept.number == number).cloned()
    }

    /// All of them, the newest first.
    fn all(&self) -> Vec<Kept> {
        let letters = self.letters.lock().expect("no holder of the letters panics");
        letters.iter().rev().cloned().collect()
    }

    /// Keeps a letter; returns its number. One that comes again is the same letter.
    fn keep(&self, to: Vec<String>, raw: &[u8]) -> u64 {
        let letter = Arc::new(Letter::read(raw));
        let mut letters = self.letters.lock().expect("no holder of the letters panics");
        let same = |kept: &&Kept| {
            !letter.message_id.is_empty() && kept.letter.message_id == letter.message_id
        };
        if let Some(known) = letters.iter().find(same) {
            return known.number;
        }
        let number = letters.back().map_or(1, |last| last.number + 1);
        letters.push_back(Kept { number, received_at: self.world.now(), to, letter });
        while letters.len() > KEPT {
            letters.pop_front();
        }
        number
    }
}

#[cfg(test)]
mod tests;
