//! Tallies on disk: a log of accepted samples, and the fold it makes.
//!
//! Flow: a batch is *admitted* (undeclared, late and future samples fall out), the records left are
//! appended to the log as one frame, then folded; `sync` makes everything appended durable. The
//! caller acknowledges a batch only after the next `sync`, even if the batch appended nothing:
//! otherwise a retry that overtakes its own first attempt would be all duplicates, acknowledged
//! before the first attempt is durable, and lost.
//!
//! Invariant: the fold is a deterministic function of the log, and needs no SQL. A write that fails
//! leaves neither frame nor folded sample behind. An error of `sync` is fatal: the caller must end
//! the process, since what the kernel kept of the file is unknown.

mod admission;
mod backup;
mod checkpoint;
mod codec;
mod identity;
mod log;
mod pieces;
mod replicas;
mod segments;
mod usage;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use plimsoll_domain::slo::fold::{Fold, Misfit, Record};
use plimsoll_domain::slo::minutes::{Archive, KEPT_DAYS};
use plimsoll_domain::slo::selector::Patterns;
use plimsoll_domain::slo::tally::Declarations;
use plimsoll_domain::time::{Day, Minute};

use admission::{Admitted, Gate, Stamps, Undeclared};
use checkpoint::Contents;
use codec::Frame;
use log::{Log, SyncFailed};
use replicas::Hearing;
use segments::Segments;

pub use admission::Outcome;
pub use backup::{Held, HeldError, check};
pub use identity::{Identity, Prepared, Replicas};
pub use usage::{Files, Usage, usage};

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// What may be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which labels name replicas.
    pub replicas: Replicas,
    /// Series one tally may have; more are dropped, counted and named.
    pub series_per_tally_max: usize,
    /// Bytes of log after which a checkpoint is due at the latest.
    pub checkpoint_bytes: u64,
    /// Days for which minutes are kept.
    pub minutes_kept_days: u32,
    /// Days for which hours are kept.
    pub hours_kept_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            replicas: Replicas::default(),
            series_per_tally_max: 50_000,
            checkpoint_bytes: 64 << 20,
            minutes_kept_days: KEPT_DAYS,
            hours_kept_days: 5 * 366,
        }
    }
}

impl Settings {
    /// No sample older than this is taken at `now`.
    fn oldest_ms(&self, now: Timestamp) -> i64 {
        now.as_millisecond().saturating_sub(i64::from(self.minutes_kept_days) * DAY_MS)
    }
}

/// Of the days that were sealed before slices of them were counted so many are looked at in one go:
/// whoever sends or asks meanwhile waits, some milliseconds.
const DAYS_LOOKED_BACK: usize = 100;

/// A checkpoint is not due for less log than this.
const CHECKPOINT_BYTES_MIN: u64 = 2 << 20;

/// Why the tallies cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file system refused.
    #[error("cannot read or write {path}")]
    Io {
        /// What was read or written.
        path: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The log is damaged before its end.
    #[error(
        "the sample log {file} is damaged at byte {offset}: {reason}; it had been durable, so this \
         is no torn write. Restore the data directory from a backup"
    )]
    Damaged {
        /// The file.
        file: String,
        /// Where.
        offset: u64,
        /// How.
        reason: String,
    },
    /// A record does not fit the ones before it.
    #[error("the sample log does not fit together")]
    Misfit(#[from] Misfit),
}

/// Why a batch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The log could not be extended, a full disk for instance; nothing was taken.
    #[error("cannot append to the sample log")]
    Append(#[source] io::Error),
    /// A declaration that cannot be folded.
    #[error(transparent)]
    Misfit(#[from] Misfit),
}

/// Why a checkpoint was not written.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file system refused.
    #[error("cannot write a checkpoint")]
    Io(#[source] io::Error),
    /// Something cannot be made durable: as fatal as an error of [`Tallies::sync`].
    #[error("the sample log cannot be made durable")]
    Sync(#[source] io::Error),
    /// The log could not be extended.
    #[error(transparent)]
    Append(#[from] WriteError),
    /// What lies in the directory cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<io::Error> for CheckpointError {
    fn from(error: io::Error) -> Self {
        if SyncFailed::is_in(&error) { Self::Sync(error) } else { Self::Io(error) }
    }
}

impl OpenError {
    /// Whether something could not be made durable: as fatal as an error of [`Tallies::sync`].
    pub fn is_sync(&self) -> bool {
        match self {
            Self::Io { source, .. } => SyncFailed::is_in(source),
            Self::Damaged { .. } | Self::Misfit(_) => false,
        }
    }
}

/// What a start found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The position of the checkpoint it went on from.
    pub checkpoint: Option<u64>,
    /// Frames folded since.
    pub frames: u64,
    /// Bytes of a torn last write, cut off; none of it was acknowledged.
    pub torn_bytes: u64,
    /// Files that are damaged and were done without.
    pub faults: Vec<String>,
}

/// The tallies of one data directory. One thread owns them.
#[derive(Debug)]
pub struct Tallies {
    dir: PathBuf,
    settings: Settings,
    fold: Fold,
    log: Log,
    segments: Segments,
    identity: Identity,
    hearing: Hearing,
    undeclared: Undeclared,
    stamps: Stamps,
    epoch: u64,
    offenders: BTreeMap<String, u64>,
    checkpoint_at: u64,
    /// The size of the last checkpoint.
    checkpoint_size: u64,
    /// Whether there may be slices to judge of minutes that were sealed before.
    looks_back: bool,
}

/// What is read while it is replayed.
struct Replay {
    fold: Fold,
    hearing: Hearing,
    epoch: u64,
    frames: u64,
}

impl Tallies {
    /// Opens or creates the tallies under `dir`: the newest checkpoint, and the log from there on.
    /// `fresh_key` becomes the key of the series hashes if the directory has none yet.
    pub fn open(
        dir: &Path,
        fresh_key: [u8; 16],
        settings: Settings,
    ) -> Result<(Self, Replayed), OpenError> {
        let in_dir = |source| OpenError::Io { path: dir.display().to_string(), source };
        std::fs::create_dir_all(dir).map_err(in_dir)?;
        let identity = Identity::open(&dir.join("key"), fresh_key, settings.replicas.clone())?;
        let mut segments = Segments::new(&dir.join("segments")).map_err(in_dir)?;
        let (found, mut faults) = checkpoint::newest(dir)?;
        let from = found.as_ref().map(|found| found.position);
        let checkpoint_size = found.as_ref().map_or(0, |found| found.bytes);
        let mut replay = Replay::after(found, &identity, &mut segments, &mut faults)?;
        let mut take = |frame: Frame| replay.take(&frame);
        let log = Log::open(&dir.join("log"), from.unwrap_or(0), &identity, &mut take)?;
        for fault in &faults {
            tracing::error!(%fault, "a file of the tallies is damaged");
        }
        let log = log.with_files_of(settings.checkpoint_bytes);
        let torn_bytes = log.torn_bytes();
        let replayed = Replayed { checkpoint: from, frames: replay.frames, torn_bytes, faults };
        let tallies = Self {
            dir: dir.to_owned(),
            settings,
            fold: replay.fold,
            log,
            segments,
            identity,
            hearing: replay.hearing,
            undeclared: Undeclared::default(),
            stamps: Stamps::default(),
            epoch: replay.epoch,
            offenders: BTreeMap::new(),
            checkpoint_at: from.unwrap_or(0),
            checkpoint_size,
            looks_back: true,
        };
        Ok((tallies, replayed))
    }

    /// What tells series apart; the same for as long as the directory lives.
    pub fn identity(&self) -> Identity {
        self.identity.clone()
    }

    /// Takes a batch in. Not durable before the next [`Self::sync`].
    pub fn write(
        &mut self,
        sender: &str,
        arrival: Timestamp,
        batch: &Prepared,
    ) -> Result<Outcome, WriteError> {
        let gate = Gate {
            fold: &self.fold,
            identity: &self.identity,
            settings: &self.settings,
            undeclared: &mut self.undeclared,
            hearing: &mut self.hearing,
            stamps: &mut self.stamps,
        };
        let (runs, outcome) = admission::admit(gate, sender, arrival, batch);
        if outcome.over_cap > 0 {
            *self.offenders.entry(sender.to_owned()).or_default() += outcome.over_cap;
        }
        for Admitted { sender, records } in runs {
            self.append(sender, arrival, self.epoch, records)?;
        }
        Ok(outcome)
    }

    /// Wants these tallies and no others from now on. Not durable before the next
    /// [`Self::sync`]; nothing is appended when they are the ones wanted already.
    pub fn declare(
        &mut self,
        now: Timestamp,
        declarations: &Declarations,
    ) -> Result<(), WriteError> {
        let change = self.fold.change_to(declarations);
        if change.is_empty() {
            return Ok(());
        }
        let mut patterns = Patterns::default();
        for channel in change.tallies.iter().flat_map(|tally| &tally.channels) {
            channel.selector.compile_with(&mut patterns).map_err(Misfit::from)?;
        }
        let record = Record::Declare { at_ms: now.as_millisecond(), change };
        self.append("definitions".to_owned(), now, self.epoch + 1, vec![record])?;
        self.epoch += 1;
        self.undeclared.forget();
        self.looks_back = true;
        Ok(())
    }

    /// Judges some slices of minutes that were sealed before anybody counted these, if there are
    /// any left; those are judged whenever they are read. To be called now and then.
    pub fn look_back(&mut self) {
        if self.looks_back {
            self.looks_back = !self.fold.look_back(&self.segments, DAYS_LOOKED_BACK);
        }
    }

    /// Makes everything appended so far durable. An error is fatal.
    pub fn sync(&mut self) -> io::Result<()> {
        self.log.sync()
    }

    /// Whether enough was appended since the last checkpoint for another: as much as that takes
    /// itself, so that the log is never much larger than what it comes to.
    pub fn checkpoint_is_due(&self) -> bool {
        let wanted = self.checkpoint_size.max(CHECKPOINT_BYTES_MIN);
        self.log.end() - self.checkpoint_at >= wanted.min(self.settings.checkpoint_bytes)
    }

    /// Writes down what everything appended comes to, puts sealed days away, forgets what is kept
    /// no longer, and lets go of the log before. An error leaves everything as it was, but for
    /// files that the next one cleans up: the log still holds it all.
    pub fn checkpoint(&mut self, now: Timestamp) -> Result<(), CheckpointError> {
        let today = Day::of(Minute::of(now));
        let minutes_from = today.plus(-i64::from(self.settings.minutes_kept_days));
        let hours_from = today.plus(-i64::from(self.settings.hours_kept_days));
        if let Some(record) = self.fold.forgettable(self.settings.oldest_ms(now)) {
            self.append("checkpoint".to_owned(), now, self.epoch, vec![record])?;
            self.hearing.keep(&self.fold);
        }
        self.log.sync().map_err(CheckpointError::Sync)?;
        // Minutes that were the first to be sealed since are of that kind, too.
        self.looks_back = true;
        self.look_back();
        let ripe: Vec<_> = self.fold.ripe().collect();
        if !ripe.is_empty() {
            self.segments.write(&ripe)?;
            ripe.iter().for_each(|(cell, day, _)| self.fold.put_away(*cell, *day));
        }
        self.segments.retain(minutes_from, hours_from)?;
        self.fold.retain(minutes_from, hours_from);
        let contents = Contents {
            version: checkpoint::VERSION,
            epoch: self.epoch,
            heard: self.hearing.list(),
            segments: self.segments.names(),
            fold: &self.fold,
        };
        self.checkpoint_size = checkpoint::write(&self.dir, self.log.end(), &contents)?;
        self.checkpoint_at = self.log.end();
        self.log.rotate_if_begun()?;
        let kept_from = checkpoint::prune(&self.dir)?;
        self.log.truncate_before(kept_from)?;
        self.segments.prune(&checkpoint::named_segments(&self.dir)?)?;
        Ok(())
    }

    /// Writes a last checkpoint, so that the next start is quick, and vouches for everything
    /// appended, so that damage at the very end is found.
    pub fn close(mut self, now: Timestamp) -> Result<(), CheckpointError> {
        self.sync().map_err(CheckpointError::Sync)?;
        let checkpointed = self.checkpoint(now);
        self.append("close".to_owned(), now, self.epoch, Vec::new())?;
        self.sync().map_err(CheckpointError::Sync)?;
        checkpointed
    }

    /// The minutes.
    pub fn fold(&self) -> &Fold {
        &self.fold
    }

    /// The sealed days that the fold has put away.
    pub fn archive(&self) -> &dyn Archive {
        &self.segments
    }

    /// Questions that met a sealed day that cannot be read.
    pub fn unreadable(&self) -> u64 {
        self.segments.unreadable()
    }

    /// Bytes of the log since its beginning, those let go of included.
    pub fn log_bytes(&self) -> u64 {
        self.log.end()
    }

    /// Senders of series over a cap, with the samples dropped since the start.
    pub fn offenders(&self) -> &BTreeMap<String, u64> {
        &self.offenders
    }

    fn append(
        &mut self,
        sender: String,
        arrival: Timestamp,
        epoch: u64,
        records: Vec<Record>,
    ) -> Result<(), WriteError> {
        let frame = Frame { arrival_ms: arrival.as_millisecond(), epoch, sender, records };
        self.log.append(&frame).map_err(WriteError::Append)?;
        self.fold.hear(&frame.sender);
        for record in &frame.records {
            self.fold.apply(record)?;
        }
        Ok(())
    }
}

impl Replay {
    /// Goes on from a checkpoint, or from nothing.
    fn after(
        found: Option<checkpoint::Found>,
        identity: &Identity,
        segments: &mut Segments,
        faults: &mut Vec<String>,
    ) -> Result<Self, OpenError> {
        let nothing =
            Self { fold: Fold::default(), hearing: Hearing::default(), epoch: 0, frames: 0 };
        let Some(found) = found else { return Ok(nothing) };
        let contents = found.contents;
        faults.extend(segments.load(&contents.segments));
        Ok(Self {
            fold: contents.fold.revived(|labels| identity.of(labels))?,
            hearing: Hearing::restored(contents.heard),
            epoch: contents.epoch,
            ..nothing
        })
    }

    fn take(&mut self, frame: &Frame) -> Result<(), Misfit> {
        self.frames += 1;
        self.epoch = frame.epoch;
        self.fold.hear(&frame.sender);
        for record in &frame.records {
            self.fold.apply(record)?;
            match record {
                Record::Forget { .. } => self.hearing.keep(&self.fold),
                Record::Declare { .. }
                | Record::Instance { .. }
                | Record::Series { .. }
                | Record::Sample { .. }
                | Record::Histogram { .. }
                | Record::Stale { .. }
                | Record::Start { .. }
                | Record::Delta { .. }
                | Record::Elect { .. } => {}
            }
        }
        self.hearing.replayed(&self.fold, &frame.sender, frame.arrival_ms);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
