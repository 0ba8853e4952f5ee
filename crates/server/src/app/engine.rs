//! The handle to the one thread that owns the tallies.
//!
//! The thread takes whatever has queued up, appends it to the log, syncs once, then answers all of
//! it (group commit), so a sync is shared and no answer leaves before it. Questions about the
//! minutes are asked after the sync and see only what is durable.
//!
//! Invariant: `write` answers when everything folded before it is durable, and what `declare`
//! declared is counted from the moment it answers. When a sync fails the process ends: what the
//! kernel kept of the file is unknown, and nothing more may be acknowledged.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use jiff::Timestamp;
use plimsoll_domain::slo::fold::Fold;
use plimsoll_domain::slo::tally::Declaration;
use plimsoll_domain::telemetry::{self, Batch, Point};
use plimsoll_store::tallies::{Incoming, OpenError, Tallies, Value, WriteError};
use tokio::sync::{mpsc, oneshot};

pub(crate) use plimsoll_store::tallies::Outcome as WriteOutcome;

/// Jobs that may wait; a sender that finds the queue full is told to come again.
const QUEUE: usize = 256;

/// The handle.
#[derive(Clone)]
pub(crate) struct Engine {
    jobs: mpsc::Sender<Job>,
    figures: Arc<Mutex<Figures>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What the engine holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Series that count or counted in some tally.
    pub(crate) series: u64,
    /// Bytes of the sample log.
    pub(crate) log_bytes: u64,
}

/// Why the engine did not take something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EngineError {
    /// Its queue is full.
    #[error("the tally engine's queue is full")]
    Overloaded,
    /// It is stopped.
    #[error("the tally engine is stopped")]
    Stopped,
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

type Question = Box<dyn FnOnce(&Fold) + Send>;

enum Job {
    Write {
        sender: String,
        arrival: Timestamp,
        batch: Vec<Incoming>,
        reply: oneshot::Sender<Result<WriteOutcome, EngineError>>,
    },
    Declare {
        now: Timestamp,
        declarations: Vec<Declaration>,
        reply: oneshot::Sender<Result<(), EngineError>>,
    },
    Ask(Question),
    Close {
        now: Timestamp,
    },
}

impl Engine {
    /// Opens the tallies under `dir`, replays their log, and starts the thread that owns them.
    pub(crate) fn open(dir: &Path, fresh_key: [u8; 16]) -> Result<Self, OpenError> {
        let (tallies, replayed) = Tallies::open(dir, fresh_key)?;
        tracing::info!(frames = replayed.frames, torn = replayed.torn_bytes, "replayed the log");
        let (jobs, queue) = mpsc::channel(QUEUE);
        let figures = Arc::new(Mutex::new(figures(&tallies)));
        let owner = Owner { tallies, figures: figures.clone() };
        let thread = std::thread::Builder::new()
            .name("tallies".to_owned())
            .spawn(move || owner.run(queue))
            .map_err(|source| OpenError::Io { path: dir.display().to_string(), source })?;
        Ok(Self { jobs, figures, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Takes a batch of one sender; answers after the fsync.
    pub(crate) async fn write(
        &self,
        sender: String,
        arrival: Timestamp,
        batch: Batch,
    ) -> Result<WriteOutcome, EngineError> {
        let batch = batch.series().map(incoming).collect();
        let (reply, answer) = oneshot::channel();
        let job = Job::Write { sender, arrival, batch, reply };
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => EngineError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => EngineError::Stopped,
        })?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Declares what is to be counted; live when it answers.
    pub(crate) async fn declare(
        &self,
        now: Timestamp,
        declarations: Vec<Declaration>,
    ) -> Result<(), EngineError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Declare { now, declarations, reply };
        self.jobs.send(job).await.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)?
    }

    /// Asks the minutes something: one consistent, durable snapshot.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Fold) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let (reply, answer) = oneshot::channel();
        let question = Box::new(move |fold: &Fold| {
            // An error only says that nobody waits for the answer any more.
            let _ = reply.send(question(fold));
        });
        self.jobs.send(Job::Ask(question)).await.map_err(|_| EngineError::Stopped)?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// What it holds.
    pub(crate) fn figures(&self) -> Figures {
        self.figures.lock().expect("no holder of the figures panics").clone()
    }

    /// Writes what is left, and stops.
    pub(crate) async fn close(&self, now: Timestamp) {
        // An error says that it is stopped already.
        let _ = self.jobs.send(Job::Close { now }).await;
        let thread = self.thread.lock().expect("no holder of the thread panics").take();
        if let Some(thread) = thread {
            let ended = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the tally thread ended badly");
            }
        }
    }
}

fn incoming(series: telemetry::Series<'_>) -> Incoming {
    let sample = |point: &Point| match point.value {
        telemetry::Value::Number(number) => Some((point.at_ms, Value::Number(number))),
        telemetry::Value::Stale => Some((point.at_ms, Value::Stale)),
        telemetry::Value::Delta(_) | telemetry::Value::Histogram(_) => None,
    };
    let samples = series.points().iter().filter_map(sample).collect();
    Incoming { labels: series.to_labels(|_| true), samples }
}

/// What the thread owns.
struct Owner {
    tallies: Tallies,
    figures: Arc<Mutex<Figures>>,
}

/// What a round of jobs leaves to be done after its sync.
enum Due {
    Written(oneshot::Sender<Result<WriteOutcome, EngineError>>, Result<WriteOutcome, EngineError>),
    Declared(oneshot::Sender<Result<(), EngineError>>, Result<(), EngineError>),
    Asked(Question),
}

impl Owner {
    fn run(mut self, mut queue: mpsc::Receiver<Job>) {
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
            self.settle(due);
            if let Some(now) = closing {
                return self.close(now);
            }
        }
    }

    /// Does what can be done before the sync; `Err` asks to close.
    fn take(&mut self, job: Job) -> Result<Due, Timestamp> {
        Ok(match job {
            Job::Write { sender, arrival, batch, reply } => {
                let outcome = self.tallies.write(&sender, arrival, &batch);
                Due::Written(reply, outcome.map_err(EngineError::from))
            }
            Job::Declare { now, declarations, reply } => {
                let declared = self.tallies.declare(now, declarations);
                Due::Declared(reply, declared.map_err(EngineError::from))
            }
            Job::Ask(question) => Due::Asked(question),
            Job::Close { now } => return Err(now),
        })
    }

    /// Syncs, then answers. An answer that nobody waits for any more is no error.
    fn settle(&mut self, due: Vec<Due>) {
        if let Err(error) = self.tallies.sync() {
            tracing::error!(%error, "the sample log cannot be made durable; ending the process");
            std::process::abort();
        }
        *self.figures.lock().expect("no holder of the figures panics") = figures(&self.tallies);
        for job in due {
            match job {
                Due::Written(reply, outcome) => drop(reply.send(outcome)),
                Due::Declared(reply, declared) => drop(reply.send(declared)),
                Due::Asked(question) => question(self.tallies.fold()),
            }
        }
    }

    fn close(self, now: Timestamp) {
        if let Err(error) = self.tallies.close(now) {
            tracing::error!(%error, "the sample log was not closed cleanly");
        }
    }
}

fn figures(tallies: &Tallies) -> Figures {
    Figures { series: tallies.fold().series_count() as u64, log_bytes: tallies.log_bytes() }
}
