//! The handle to the one thread that owns the tallies.
//!
//! The thread takes whatever has queued up, appends it to the log, syncs once, then answers all of
//! it (group commit), so a sync is shared and no answer leaves before it. Questions about the
//! minutes are asked after the sync and see only what is durable. Between two rounds it
//! judges some slices of old minutes, if any are left, and writes a checkpoint when one is due.
//!
//! Invariant: `write` answers when everything folded before it is durable, and what `declare`
//! declared is counted from the moment it answers. When a sync fails the process ends: what the
//! kernel kept of the file is unknown, and nothing more may be acknowledged. Nothing waits for the
//! log to be read back: until it is, and if it is damaged, everybody is told so at once, and
//! everything that does not ask about minutes goes on.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::slo::fold::{Fold, Sli};
use plimsoll_domain::slo::minutes::Archive;
use plimsoll_domain::slo::tally::Declarations;
use plimsoll_domain::slo::{Budgeting, Slo};
use plimsoll_domain::telemetry::Batch;
use plimsoll_store::tallies::{
    CheckpointError, Identity, OpenError, Prepared, Settings, Tallies, WriteError,
};
use tokio::sync::{mpsc, oneshot, watch};

use crate::durable;

pub(crate) use plimsoll_store::tallies::Outcome as WriteOutcome;

/// Jobs that may wait; a sender that finds the queue full is told to come again.
const QUEUE: usize = 256;

/// The handle.
#[derive(Clone)]
pub(crate) struct Engine {
    jobs: mpsc::Sender<Job>,
    figures: Arc<Mutex<Figures>>,
    condition: watch::Receiver<Condition>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What the engine holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Series that count or counted in some tally.
    pub(crate) series: u64,
    /// Bytes of the sample log since its beginning.
    pub(crate) log_bytes: u64,
    /// Questions that met a sealed day that cannot be read.
    pub(crate) unreadable: u64,
    /// Checkpoints that could not be written, since the start.
    pub(crate) checkpoints_failed: u64,
    /// Senders of series over a cap, with the samples dropped since the start.
    pub(crate) offenders: BTreeMap<String, u64>,
}

/// Whether the tallies can be asked.
#[derive(Debug, Clone)]
enum Condition {
    /// The log is being read.
    Opening,
    /// They can.
    Ready(Identity),
    /// They cannot, and will not before somebody mends them.
    Failed(String),
}

/// The minutes, as the thread that owns them shows them.
pub(crate) struct View<'a> {
    fold: &'a Fold,
    archive: &'a dyn Archive,
}

impl<'a> View<'a> {
    /// What an SLO reads; `None` when it was never declared.
    pub(crate) fn sli(&self, slo: &Slo) -> Option<Sli<'a>> {
        self.sli_by(slo, slo.budgeting)
    }

    /// The same, counted by another method.
    pub(crate) fn sli_by(&self, slo: &Slo, budgeting: Budgeting) -> Option<Sli<'a>> {
        Some(self.fold.sli(&slo.name, self.archive)?.by(budgeting))
    }

    /// The usual spacing of the slowest series that an SLO reads, in milliseconds, if any speaks.
    pub(crate) fn interval_ms(&self, slo: &Slo) -> Option<i64> {
        self.fold.interval_ms_of(&slo.indicator)
    }
}

/// Why the engine did not take something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EngineError {
    /// Its queue is full.
    #[error("the tally engine's queue is full")]
    Overloaded,
    /// It is still reading its log.
    #[error("the tallies are still being read")]
    Starting,
    /// It is stopped.
    #[error("the tally engine is stopped")]
    Stopped,
    /// The tallies cannot be read.
    #[error("the tallies cannot be read: {0}")]
    Damaged(String),
    /// The log cannot be extended, on a full disk for instance.
    #[error("the sample log cannot be extended: {0}")]
    Unwritable(String),
}

impl From<WriteError> for EngineError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Append(source) => Self::Unwritable(source.to_string()),
            WriteError::Misfit(misfit) => Self::Unwritable(misfit.to_string()),
        }
    }
}

type Question = Box<dyn FnOnce(&View<'_>) + Send>;

enum Job {
    Write {
        sender: String,
        arrival: Timestamp,
        batch: Prepared,
        reply: oneshot::Sender<Result<WriteOutcome, EngineError>>,
    },
    Declare {
        now: Timestamp,
        declarations: Declarations,
        reply: oneshot::Sender<Result<(), EngineError>>,
    },
    Ask(Question),
    Hold {
        now: Timestamp,
        into: PathBuf,
        reply: oneshot::Sender<Result<(), EngineError>>,
    },
    Close {
        now: Timestamp,
    },
    /// Breaks the thread.
    #[cfg(test)]
    Break,
}

impl Engine {
    /// Starts the thread that owns the tallies under `dir`; it opens them and reads their log.
    pub(crate) fn open(
        dir: &Path,
        fresh_key: [u8; 16],
        settings: Settings,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let figures = Arc::new(Mutex::new(Figures::default()));
        let (told, condition) = watch::channel(Condition::Opening);
        let owner = Opening { dir: dir.to_owned(), fresh_key, settings, figures: figures.clone() };
        let thread = std::thread::Builder::new()
            .name("tallies".to_owned())
            .spawn(move || owner.run_or_refuse(queue, &told))?;
        Ok(Self { jobs, figures, condition, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Waits until the tallies are read, or found unreadable.
    pub(crate) async fn opened(&self) {
        let mut condition = self.condition.clone();
        // An error says that the thread is gone, and there is nothing more to wait for.
        let _ = condition.wait_for(|condition| !matches!(condition, Condition::Opening)).await;
    }

    /// Whether the tallies can be asked.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready().is_ok()
    }

    /// What tells series apart, once the tallies can be asked.
    fn ready(&self) -> Result<Identity, EngineError> {
        match &*self.condition.borrow() {
            Condition::Opening => Err(EngineError::Starting),
            Condition::Ready(identity) => Ok(identity.clone()),
            Condition::Failed(reason) => Err(EngineError::Damaged(reason.clone())),
        }
    }

    /// Takes a batch of one sender; answers after the fsync.
    pub(crate) async fn write(
        &self,
        sender: String,
        arrival: Timestamp,
        batch: Batch,
    ) -> Result<WriteOutcome, EngineError> {
        let batch = self.ready()?.prepare(batch);
        let (reply, answer) = oneshot::channel();
        let job = Job::Write { sender, arrival, batch, reply };
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => EngineError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => EngineError::Stopped,
        })?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Declares what is to be counted; live when it answers. While the log is still being read it
    /// waits for that.
    pub(crate) async fn declare(
        &self,
        now: Timestamp,
        declarations: Declarations,
    ) -> Result<(), EngineError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Declare { now, declarations, reply };
        self.jobs.send(job).await.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Declares what is to be counted as soon as the log is read, before anything is taken in.
    pub(crate) async fn declare_first(&self, now: Timestamp, declarations: Declarations) {
        let (reply, _) = oneshot::channel();
        // An error says that the thread is gone, which whoever asks next is told.
        let _ = self.jobs.send(Job::Declare { now, declarations, reply }).await;
    }

    /// Asks the minutes something: one consistent, durable snapshot.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View<'_>) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        self.ready()?;
        let (reply, answer) = oneshot::channel();
        let question = Box::new(move |view: &View<'_>| {
            // An error only says that nobody waits for the answer any more.
            let _ = reply.send(question(view));
        });
        self.jobs.send(Job::Ask(question)).await.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Holds everything that was written until now still under `into`, for a backup.
    pub(crate) async fn hold(&self, now: Timestamp, into: PathBuf) -> Result<(), EngineError> {
        self.ready()?;
        let (reply, answer) = oneshot::channel();
        let job = Job::Hold { now, into, reply };
        self.jobs.send(job).await.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// What it holds.
    pub(crate) fn figures(&self) -> Figures {
        self.figures.lock().expect("no holder of the figures panics").clone()
    }

    /// Lets go of the thread, which ends when every handle is gone.
    pub(crate) fn let_go(&self) -> Option<JoinHandle<()>> {
        self.thread.lock().expect("no holder of the thread panics").take()
    }

    /// Writes what is left, and stops.
    pub(crate) async fn close(&self, now: Timestamp) {
        // An error says that it is stopped already.
        let _ = self.jobs.send(Job::Close { now }).await;
        if let Some(thread) = self.let_go() {
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the tally thread ended badly");
            }
        }
    }
}

/// The thread before it owns anything.
struct Opening {
    dir: std::path::PathBuf,
    fresh_key: [u8; 16],
    settings: Settings,
    figures: Arc<Mutex<Figures>>,
}

impl Opening {
    /// Runs, and should it break, refuses what is asked: everything else goes on, and every SLO
    /// alerts for being without data.
    fn run_or_refuse(self, mut queue: mpsc::Receiver<Job>, told: &watch::Sender<Condition>) {
        let run = AssertUnwindSafe(|| self.run(&mut queue, told));
        if std::panic::catch_unwind(run).is_err() {
            let reason = "the thread that owns them broke; restart, and report what it logged";
            tracing::error!("the thread that owns the tallies broke; paging and gates go on");
            told.send_replace(Condition::Failed(reason.to_owned()));
            refuse(&mut queue, reason);
        }
    }

    fn run(self, queue: &mut mpsc::Receiver<Job>, told: &watch::Sender<Condition>) {
        let Self { dir, fresh_key, settings, figures } = self;
        match Tallies::open(&dir, fresh_key, settings) {
            Ok((tallies, replayed)) => {
                tracing::info!(?replayed, "the tallies are read");
                let identity = tallies.identity();
                let owner = Owner { tallies, figures, checkpoints_failed: 0, rest_until: None };
                owner.note_figures();
                owner.run(queue, |_| {
                    told.send_if_modified(|condition| {
                        let opening = matches!(condition, Condition::Opening);
                        if opening {
                            *condition = Condition::Ready(identity.clone());
                        }
                        opening
                    });
                });
            }
            Err(error) if error.is_sync() => durable::die("the sample log", &reason(&error)),
            Err(error) => {
                let reason = reason(&error);
                tracing::error!(%reason, "the tallies cannot be read; paging and gates go on");
                told.send_replace(Condition::Failed(reason.clone()));
                refuse(queue, &reason);
            }
        }
    }
}

/// An error with what caused it.
fn reason(error: &OpenError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Tells everybody that the tallies cannot be read.
fn refuse(queue: &mut mpsc::Receiver<Job>, reason: &str) {
    let damaged = || EngineError::Damaged(reason.to_owned());
    while let Some(job) = queue.blocking_recv() {
        match job {
            Job::Write { reply, .. } => drop(reply.send(Err(damaged()))),
            Job::Declare { reply, .. } | Job::Hold { reply, .. } => {
                drop(reply.send(Err(damaged())));
            }
            Job::Ask(_) => {}
            Job::Close { .. } => return,
            #[cfg(test)]
            Job::Break => {}
        }
    }
}

/// What the thread owns.
struct Owner {
    tallies: Tallies,
    figures: Arc<Mutex<Figures>>,
    checkpoints_failed: u64,
    /// After a checkpoint that failed, no other before this.
    rest_until: Option<Timestamp>,
}

/// How long after a checkpoint that failed: each writes everything down.
const REST: SignedDuration = SignedDuration::from_secs(60);

/// What a round of jobs leaves to be done after its sync.
enum Due {
    Written(
        oneshot::Sender<Result<WriteOutcome, EngineError>>,
        Timestamp,
        Result<WriteOutcome, EngineError>,
    ),
    Declared(oneshot::Sender<Result<(), EngineError>>, Result<(), EngineError>),
    Asked(Question),
    Held(oneshot::Sender<Result<(), EngineError>>, Timestamp, PathBuf),
}

impl Owner {
    /// Takes jobs until it is told to close. `ready` is told once the first round, which declares
    /// what is to be counted, is durable, and before anybody of it is answered: who was answered
    /// may ask at once.
    fn run(mut self, queue: &mut mpsc::Receiver<Job>, ready: impl Fn(&Self)) {
        while let Some(first) = queue.blocking_recv() {
            let mut due = Vec::new();
            let mut closing = None;
            let mut next = Some(first);
            while let Some(job) = next.take() {
                match self.take(job) {
                    Ok(job) => due.push(job),
                    Err(now) => closing = Some(now),
                }
                next = queue.try_recv().ok().filter(|_| due.len() < QUEUE && closing.is_none());
            }
            let now = self.settle(due, &ready);
            if let Some(now) = closing {
                return self.close(now);
            }
            self.tallies.look_back();
            if let Some(now) = now.filter(|now| self.may_checkpoint(*now)) {
                self.checkpoint(now);
            }
        }
    }

    fn may_checkpoint(&self, now: Timestamp) -> bool {
        self.tallies.checkpoint_is_due() && self.rest_until.is_none_or(|until| now >= until)
    }

    /// An error leaves everything as it was, and the log longer; a later one tries again.
    fn checkpoint(&mut self, now: Timestamp) {
        match self.tallies.checkpoint(now) {
            Ok(()) => self.rest_until = None,
            Err(CheckpointError::Sync(error)) => durable::die("the sample log", &error),
            Err(error) => {
                self.checkpoints_failed += 1;
                self.rest_until = Some(now + REST);
                tracing::error!(%error, "no checkpoint could be written; the log grows on");
            }
        }
        self.note_figures();
    }

    /// Holds everything still; the files are linked, and copied by others.
    fn hold(&mut self, now: Timestamp, into: &Path) -> Result<(), EngineError> {
        let held = self.tallies.hold(now, into);
        self.note_figures();
        held.map_err(|error| match error {
            CheckpointError::Sync(error) => durable::die("the sample log", &error),
            CheckpointError::Io(_) | CheckpointError::Append(_) | CheckpointError::Open(_) => {
                EngineError::Unwritable(match std::error::Error::source(&error) {
                    Some(source) => format!("{error}: {source}"),
                    None => error.to_string(),
                })
            }
        })
    }

    /// Does what can be done before the sync; `Err` asks to close.
    fn take(&mut self, job: Job) -> Result<Due, Timestamp> {
        Ok(match job {
            Job::Write { sender, arrival, batch, reply } => {
                let outcome = self.tallies.write(&sender, arrival, &batch);
                Due::Written(reply, arrival, outcome.map_err(EngineError::from))
            }
            Job::Declare { now, declarations, reply } => {
                let declared = self.tallies.declare(now, &declarations);
                Due::Declared(reply, declared.map_err(EngineError::from))
            }
            Job::Ask(question) => Due::Asked(question),
            Job::Hold { now, into, reply } => Due::Held(reply, now, into),
            Job::Close { now } => return Err(now),
            #[cfg(test)]
            Job::Break => panic!("as asked"),
        })
    }

    /// Syncs, says `synced`, then answers. An answer that nobody waits for any more is no error.
    /// Says the latest arrival.
    fn settle(&mut self, due: Vec<Due>, synced: impl FnOnce(&Self)) -> Option<Timestamp> {
        if let Err(error) = self.tallies.sync() {
            durable::die("the sample log", &error);
        }
        self.note_figures();
        synced(self);
        let mut latest = None;
        for job in due {
            match job {
                Due::Written(reply, arrival, outcome) => {
                    latest = latest.max(Some(arrival));
                    drop(reply.send(outcome));
                }
                Due::Declared(reply, declared) => drop(reply.send(declared)),
                Due::Held(reply, now, into) => drop(reply.send(self.hold(now, &into))),
                Due::Asked(question) => {
                    let (fold, archive) = (self.tallies.fold(), self.tallies.archive());
                    let view = View { fold, archive };
                    // A question that panics is its own undoing: its asker gets no answer.
                    let asked = AssertUnwindSafe(|| question(&view));
                    if std::panic::catch_unwind(asked).is_err() {
                        tracing::error!("a question to the minutes panicked");
                    }
                }
            }
        }
        latest
    }

    fn note_figures(&self) {
        *self.figures.lock().expect("no holder of the figures panics") = Figures {
            series: self.tallies.fold().series_count() as u64,
            log_bytes: self.tallies.log_bytes(),
            unreadable: self.tallies.unreadable(),
            checkpoints_failed: self.checkpoints_failed,
            offenders: self.tallies.offenders().clone(),
        };
    }

    fn close(self, now: Timestamp) {
        match self.tallies.close(now) {
            Ok(()) => {}
            Err(CheckpointError::Sync(error)) => durable::die("the sample log", &error),
            Err(error) => tracing::error!(%error, "the tallies were not closed cleanly"),
        }
    }
}

#[cfg(test)]
mod tests;
