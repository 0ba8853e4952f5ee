//! Those who are told: they answer as the dice fall, and keep a record of every message.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use plimsoll_server::world::Clock;
use plimsoll_trials::dice::Dice;

/// Who is told.
pub(super) const NAMES: [&str; 2] = ["bridge", "engine-room"];

/// For how long a claim holds, and how long an attempt may take.
const LEASE: SignedDuration = SignedDuration::from_secs(10);
const TIMEOUT: SignedDuration = SignedDuration::from_secs(8);

/// The shortest wait after a failure.
const BACK_OFF: SignedDuration = SignedDuration::from_millis(500);

/// A message as it came.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) key: String,
    pub(super) receiver: String,
    /// The process and the act that sent it.
    flight: (u64, u64),
    /// The claim it was sent under; they ascend as they are made.
    pub(super) claim: usize,
    /// What the sender's clock said when it claimed it.
    claimed_at: Timestamp,
    /// What it said when it called.
    sent_at: Timestamp,
    pub(super) answer: Answer,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Taken,
    /// Taken, and the answer is lost: the sender waits until it is too late.
    TakenUnheard,
    /// Nothing comes, in either direction.
    Unheard,
    Failed(u16),
    Refused,
}

/// Both receivers.
#[derive(Clone)]
pub(super) struct Receivers(Arc<Mutex<Inner>>);

struct Inner {
    dice: Dice,
    /// One answer in so many is not a plain success.
    trouble: u64,
    /// By process and act.
    claims: BTreeMap<(u64, u64), (usize, Timestamp)>,
    deliveries: Vec<Delivery>,
}

impl Receivers {
    pub(super) fn new(mut dice: Dice) -> Self {
        let trouble = dice.pick(&[1, 2, 4, 0]);
        let inner = Inner { dice, trouble, claims: BTreeMap::new(), deliveries: Vec::new() };
        Self(Arc::new(Mutex::new(inner)))
    }

    /// From now on everything is taken.
    pub(super) fn calm(&self) {
        self.0.lock().unwrap().trouble = 0;
    }

    /// An act of a process delivers under that claim, of that instant.
    pub(super) fn claimed(&self, process: u64, act: u64, claim: usize, at: Timestamp) {
        self.0.lock().unwrap().claims.insert((process, act), (claim, at));
    }

    /// For how long whoever called last waits in vain.
    pub(super) fn hang_ms(&self) -> u64 {
        let inner = self.0.lock().unwrap();
        let last = inner.deliveries.last().map(|delivery| delivery.answer);
        match last {
            Some(Answer::TakenUnheard | Answer::Unheard) => {
                TIMEOUT.as_millis().unsigned_abs() as u64
            }
            Some(Answer::Taken | Answer::Failed(_) | Answer::Refused) | None => 0,
        }
    }

    /// The message that an act of a process sent, if its key was sent again under a later claim.
    pub(super) fn overtaken(&self, process: u64, act: u64) -> Option<Delivery> {
        let inner = self.0.lock().unwrap();
        let sent = inner.deliveries.iter().find(|sent| sent.flight == (process, act))?;
        let is_later = |later: &&Delivery| later.key == sent.key && later.claim > sent.claim;
        inner.deliveries.iter().find(is_later).map(|_| sent.clone())
    }

    pub(super) fn deliveries(&self) -> Vec<Delivery> {
        self.0.lock().unwrap().deliveries.clone()
    }

    /// Answers a request that a process makes.
    pub(super) fn answer(
        &self,
        process: u64,
        clock: &dyn Clock,
        act: u64,
        request: &reqwest::Request,
    ) -> Result<reqwest::Response, String> {
        let header = request.headers().get("idempotency-key").unwrap();
        let key = header.to_str().unwrap().to_owned();
        let receiver = request.url().path().trim_start_matches('/').to_owned();
        let mut inner = self.0.lock().unwrap();
        let flight = (process, act);
        let (claim, claimed_at) = inner.claims[&flight];
        let answer = inner.next();
        let sent_at = clock.now();
        let delivery = Delivery { key, receiver, flight, claim, claimed_at, sent_at, answer };
        inner.deliveries.push(delivery);
        match answer {
            Answer::Taken => Ok(response(204)),
            Answer::Refused => Ok(response(410)),
            Answer::Failed(status) => Ok(response(status)),
            Answer::TakenUnheard | Answer::Unheard => Err("it took too long".to_owned()),
        }
    }
}

impl Inner {
    fn next(&mut self) -> Answer {
        if !self.dice.one_in(self.trouble) {
            return Answer::Taken;
        }
        let unheard = [Answer::TakenUnheard, Answer::TakenUnheard, Answer::Unheard];
        let failed = [Answer::Failed(500), Answer::Failed(429), Answer::Failed(503)];
        match self.dice.below(10) {
            0..5 => self.dice.pick(&unheard),
            5..9 => self.dice.pick(&failed),
            _ => Answer::Refused,
        }
    }
}

fn response(status: u16) -> reqwest::Response {
    axum::http::Response::builder().status(status).body("").unwrap().into()
}

impl Delivery {
    /// Why it should not have been sent, if so: its answer could come after the lease.
    pub(super) fn outlasts_its_lease(&self) -> bool {
        self.sent_at + TIMEOUT > self.claimed_at + LEASE
    }

    /// Whether `next`, the claim of the same key after this one, was made while this one's claim
    /// held. A failure ends it, once there is an end to it.
    pub(super) fn holds_against(&self, next: &Self) -> bool {
        let is_final = matches!(self.answer, Answer::Taken | Answer::Refused);
        let lapses_at = self.claimed_at + LEASE;
        let ends_at = if is_final { lapses_at } else { lapses_at.min(self.sent_at + BACK_OFF) };
        next.claimed_at < ends_at
    }
}
