//! Passwords: argon2id on blocking threads, a bounded number at a time, and a throttle per name.
//!
//! Invariants: an unknown name costs the same work and gives the same answer as a wrong password.
//! Only an attempt that is looked into counts, and however many names are tried, each is throttled.

use std::sync::{Arc, Mutex};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::Failure;
use super::access::Key;
use crate::world::World;

/// How many passwords are hashed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// How many more may wait for their turn.
const WAITING_MAX: usize = 32;

/// The fewest characters of a password.
const CHARS_MIN: usize = 12;

/// The most bytes of a password, so that hashing it costs nothing extra.
const BYTES_MAX: usize = 1_024;

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    places: Semaphore,
    throttle: Mutex<Throttle>,
}

impl Passwords {
    pub(crate) fn new(key: Key) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            places: Semaphore::new(AT_ONCE + WAITING_MAX),
            throttle: Mutex::new(Throttle::new(key)),
        }
    }

    /// The PHC text to store for a new password of whoever is called `name`.
    pub(crate) async fn hash(
        &self,
        world: &World,
        password: &str,
        name: &str,
    ) -> Result<String, Failure> {
        check(password, name)?;
        let salt: [u8; 16] = world.bytes();
        let password = password.to_owned();
        self.on_a_blocking_thread(self.place()?, move || hash(&password, &salt)).await
    }

    /// Whether the password belongs to `stored`; without a stored hash the same work is done, and
    /// the answer is no. Refused while too much is tried as `tried_as`: the name, or the device.
    pub(crate) async fn verify(
        &self,
        now: Timestamp,
        tried_as: &str,
        password: &str,
        stored: Option<String>,
    ) -> Result<bool, Failure> {
        let place = self.place()?;
        self.throttle().attempt(now, tried_as)?;
        let given = password.to_owned();
        // Who has not set one yet costs the same work as who is not there.
        let stored = stored.filter(|stored| !stored.is_empty());
        let right = password.len() <= BYTES_MAX
            && self
                .on_a_blocking_thread(place, move || match stored {
                    Some(stored) => verify(&given, &stored),
                    None => hash(&given, b"no such person..").is_empty(),
                })
                .await?;
        if right {
            self.throttle().forget(tried_as);
        }
        Ok(right)
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle> {
        self.throttle.lock().expect("the throttle never panics")
    }

    /// A place among those who wait, if one is free.
    fn place(&self) -> Result<SemaphorePermit<'_>, Failure> {
        self.places.try_acquire().map_err(|_| Failure::Busy {
            code: "too_many_sign_ins",
            message: "too many people sign in at this moment".to_owned(),
            retry_after_seconds: 2,
        })
    }

    async fn on_a_blocking_thread<T: Send + 'static>(
        &self,
        _place: SemaphorePermit<'_>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = self.permits.clone().acquire_owned().await.expect("it is never closed");
        let done = tokio::task::spawn_blocking(move || {
            let _held_while_working = permit;
            work()
        });
        Ok(done.await.map_err(anyhow::Error::from)?)
    }
}

/// How hard a password is to guess, from 0 to 4: 3 is out of reach of ten thousand guesses a second
/// at a stolen hash for years, when each costs what argon2id makes it cost.
const STRENGTH_MIN: zxcvbn::Score = zxcvbn::Score::Three;

/// The rules of NIST SP 800-63B: long, not known and not guessable, and nothing about the sorts of
/// characters in it.
fn check(password: &str, name: &str) -> Result<(), Failure> {
    if password.chars().count() < CHARS_MIN {
        return Err(Failure::invalid_with_hint(
            "password_too_short",
            format!("a password has at least {CHARS_MIN} characters"),
            "four random words are easy to keep and hard to guess",
        ));
    }
    if password.len() > BYTES_MAX {
        let message = format!("a password has at most {BYTES_MAX} bytes");
        return Err(Failure::invalid("password_too_long", message));
    }
    let guessed = zxcvbn::zxcvbn(password, &[name, "plimsoll"]);
    if guessed.score() < STRENGTH_MIN {
        let why = guessed.feedback().and_then(zxcvbn::feedback::Feedback::warning);
        let why = why.map(|why| format!(": {}", uncapped(&why.to_string()))).unwrap_or_default();
        return Err(Failure::invalid_with_hint(
            "password_too_weak",
            format!("this password is among the first that somebody would guess{why}"),
            "four random words are easy to keep and hard to guess; leave out names, dates and rows \
             of keys",
        ));
    }
    Ok(())
}

/// A sentence as the rest of one.
fn uncapped(sentence: &str) -> String {
    let mut rest = sentence.trim_end_matches('.').chars();
    let first: String = rest.next().map(|first| first.to_lowercase().collect()).unwrap_or_default();
    first + rest.as_str()
}

fn hash(password: &str, salt: &[u8]) -> String {
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hashed.expect("the default parameters and a 16-byte salt are valid").to_string()
}

fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
}

/// Failures in a row, and until when the next is refused, in a table of fixed size. Names share a
/// place in it by a hash that nobody outside can reckon, so the table is never full, and nobody can
/// choose whom to share a place with.
struct Throttle {
    key: Key,
    tries: Vec<Tries>,
}

/// What was tried at one place of the table.
#[derive(Debug, Clone, Copy, Default)]
struct Tries {
    failed: u32,
    /// In the past, it is when the last was made.
    refused_until: Timestamp,
}

impl Throttle {
    /// This many may be wrong before a wait.
    const FREE: u32 = 5;
    /// The longest wait.
    const WAIT_MAX_SECONDS: i64 = 300;
    /// After this long without any, failures are forgotten: guessing at that pace gains nothing
    /// over waiting each time.
    const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(1);
    /// What its hashes are keyed for.
    const PURPOSE: &str = "throttle";

    fn new(key: Key) -> Self {
        Self { key, tries: vec![Tries::default(); 1 << u16::BITS] }
    }

    /// Counts an attempt before it is known to be wrong, so that many at once gain nothing.
    fn attempt(&mut self, now: Timestamp, name: &str) -> Result<(), Failure> {
        let tries = self.tries_of(name);
        let left = tries.refused_until.duration_since(now);
        if left.is_positive() {
            let retry_after_seconds = u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX);
            return Err(Failure::Throttled { retry_after_seconds });
        }
        if -left > Self::FORGOTTEN_AFTER {
            tries.failed = 0;
        }
        tries.failed += 1;
        let over = tries.failed.checked_sub(Self::FREE);
        let seconds = over.map_or(0, |over| (1_i64 << over.min(20)).min(Self::WAIT_MAX_SECONDS));
        tries.refused_until = now + SignedDuration::from_secs(seconds);
        Ok(())
    }

    /// The name's password was right.
    fn forget(&mut self, name: &str) {
        *self.tries_of(name) = Tries::default();
    }

    fn tries_of(&mut self, name: &str) -> &mut Tries {
        let hash = self.key.hash(Self::PURPOSE, name);
        let place = u16::from_le_bytes([hash[0], hash[1]]);
        &mut self.tries[usize::from(place)]
    }
}

#[cfg(test)]
mod tests;
