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
mod codec;
mod log;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use plimsoll_domain::slo::fold::{Fold, Misfit, Record};
use plimsoll_domain::slo::selector::Labels;
use plimsoll_domain::slo::tally::Declaration;

use admission::{Hasher, Undeclared};
use codec::Frame;
use log::Log;

pub use admission::{Outcome, SERIES_PER_TALLY_MAX};

/// One series of a batch, with its samples in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Its labels.
    pub labels: Labels,
    /// (Unix milliseconds, value).
    pub samples: Vec<(i64, Value)>,
}

/// What a sample says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// The counter stands here.
    Number(f64),
    /// The series has ended.
    Stale,
}

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

/// What a start found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Frames folded.
    pub frames: u64,
    /// Bytes of a torn last write, cut off; none of it was acknowledged.
    pub torn_bytes: u64,
}

/// The tallies of one data directory. One thread owns them.
#[derive(Debug)]
pub struct Tallies {
    fold: Fold,
    log: Log,
    hasher: Hasher,
    undeclared: Undeclared,
    epoch: u64,
    declared: Option<Vec<Declaration>>,
    offenders: BTreeMap<String, u64>,
}

impl Tallies {
    /// Opens or creates the tallies under `dir` and replays their log. `fresh_key` becomes the key
    /// of the series hashes if the directory has none yet.
    pub fn open(dir: &Path, fresh_key: [u8; 16]) -> Result<(Self, Replayed), OpenError> {
        let in_dir = |source| OpenError::Io { path: dir.display().to_string(), source };
        std::fs::create_dir_all(dir).map_err(in_dir)?;
        let hasher = Hasher::open(&dir.join("key"), fresh_key)?;
        let mut fold = Fold::default();
        let mut epoch = 0;
        let mut declared = None;
        let mut replayed = Replayed::default();
        let log = Log::open(&dir.join("log"), &mut |frame: Frame| {
            replayed.frames += 1;
            epoch = frame.epoch;
            for record in &frame.records {
                fold.apply(record)?;
                if let Record::Declare { declarations, .. } = record {
                    declared = Some(declarations.clone());
                }
            }
            Ok(())
        })?;
        replayed.torn_bytes = log.torn_bytes();
        let (undeclared, offenders) = (Undeclared::default(), BTreeMap::new());
        Ok((Self { fold, log, hasher, undeclared, epoch, declared, offenders }, replayed))
    }

    /// Takes a batch in. Not durable before the next [`Self::sync`].
    pub fn write(
        &mut self,
        sender: &str,
        arrival: Timestamp,
        batch: &[Incoming],
    ) -> Result<Outcome, WriteError> {
        let admitted = admission::admit(
            &self.fold,
            &self.hasher,
            &mut self.undeclared,
            sender,
            arrival.as_millisecond(),
            batch,
        );
        if admitted.outcome.over_cap > 0 {
            *self.offenders.entry(sender.to_owned()).or_default() += admitted.outcome.over_cap;
        }
        if !admitted.records.is_empty() {
            self.append(sender, arrival, self.epoch, admitted.records)?;
        }
        Ok(admitted.outcome)
    }

    /// Wants these tallies and no others from now on. Not durable before the next
    /// [`Self::sync`]; nothing is appended when they are the ones wanted already.
    pub fn declare(
        &mut self,
        now: Timestamp,
        declarations: Vec<Declaration>,
    ) -> Result<(), WriteError> {
        if self.declared.as_ref() == Some(&declarations) {
            return Ok(());
        }
        for selector in declarations.iter().flat_map(|declaration| &declaration.channels) {
            selector.compile().map_err(Misfit::from)?;
        }
        let at_ms = now.as_millisecond();
        let record = Record::Declare { at_ms, declarations: declarations.clone() };
        self.append("definitions", now, self.epoch + 1, vec![record])?;
        self.epoch += 1;
        self.declared = Some(declarations);
        self.undeclared.forget();
        Ok(())
    }

    /// Makes everything appended so far durable. An error is fatal.
    pub fn sync(&mut self) -> io::Result<()> {
        self.log.sync()
    }

    /// Vouches for everything appended, so that damage at the very end is found at the next start.
    pub fn close(mut self, now: Timestamp) -> Result<(), WriteError> {
        self.sync().map_err(WriteError::Append)?;
        self.append("close", now, self.epoch, Vec::new())?;
        self.sync().map_err(WriteError::Append)
    }

    /// The minutes.
    pub fn fold(&self) -> &Fold {
        &self.fold
    }

    /// Bytes of the log.
    pub fn log_bytes(&self) -> u64 {
        self.log.end()
    }

    /// Senders of series over a cap, with the samples dropped since the start.
    pub fn offenders(&self) -> &BTreeMap<String, u64> {
        &self.offenders
    }

    fn append(
        &mut self,
        sender: &str,
        arrival: Timestamp,
        epoch: u64,
        records: Vec<Record>,
    ) -> Result<(), WriteError> {
        let arrival_ms = arrival.as_millisecond();
        let frame = Frame { arrival_ms, epoch, sender: sender.to_owned(), records };
        self.log.append(&frame).map_err(WriteError::Append)?;
        for record in &frame.records {
            self.fold.apply(record)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
