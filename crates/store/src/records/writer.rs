//! The writer: the one task that changes the database. It takes every job that waits, runs them in
//! one transaction with a savepoint each, commits once, and only then answers.
//!
//! Invariant: an answer of success leaves after the `COMMIT` that holds it. A conflict undoes its
//! own job and disturbs no other. When a job fails in the database, the batch is undone and its
//! jobs are run one by one, so that each gets its own answer; when the `COMMIT` fails and is known
//! to have kept nothing, all of them fail. When it is unknown what was kept, nothing more is
//! committed or answered with success: that is [`Fatal`].

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use tokio::sync::{mpsc, oneshot};

use super::effects::{self, CommitError, Effects};
use super::notifications::{self, Claim, Claimed};
use super::{Error, Fatal, fault, fold, open};

/// How many jobs may wait before callers wait to put theirs.
pub(super) const QUEUE_MAX: usize = 1_024;

/// How many jobs share a transaction at most, which bounds how long the first waits for the last.
const BATCH_MAX: usize = 256;

/// Something that the writer does for a caller.
#[derive(Debug)]
pub(super) enum Job {
    Commit { effects: Effects, answer: oneshot::Sender<Result<(), CommitError>> },
    Claim { claim: Claim, answer: oneshot::Sender<Result<Vec<Claimed>, Error>> },
}

/// What the writer is sent.
#[derive(Debug)]
pub(super) enum Order {
    Do(Job),
    /// Finish what waits, take nothing more, then answer.
    Close(oneshot::Sender<()>),
}

/// What a job came to, inside a transaction not yet committed.
enum Outcome {
    Committed,
    Conflict(CommitError),
    Claimed(Vec<Claimed>),
}

enum Failure {
    Job(Error),
    Transaction(Error),
}

/// What changes the database.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) db: DatabaseConnection,
    pub(super) fatal: Fatal,
    /// Where it writes, for people.
    pub(super) place: String,
    /// How long an answer of the database is waited for, if it is one that may not come.
    pub(super) answer: Option<Duration>,
}

impl Writer {
    /// Runs until the records are closed, in doubt, or every handle is gone.
    pub(super) async fn run(self, mut queue: mpsc::Receiver<Order>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        let mut closers = Vec::new();
        while queue.recv_many(&mut batch, BATCH_MAX).await > 0 {
            let mut jobs = Vec::with_capacity(batch.len());
            for order in batch.drain(..) {
                match order {
                    Order::Do(job) => jobs.push(job),
                    Order::Close(answer) => {
                        queue.close();
                        closers.push(answer);
                    }
                }
            }
            if self.settle(jobs).await == State::InDoubt || self.fold().await == State::InDoubt {
                // Whoever waits hears that the records are closed.
                return;
            }
        }
        for closer in closers {
            // Whoever closes may have stopped waiting.
            let _ = closer.send(());
        }
    }

    async fn settle(&self, jobs: Vec<Job>) -> State {
        if jobs.is_empty() {
            return State::Sound;
        }
        match self.attempt(&jobs).await {
            Ok(outcomes) => {
                jobs.into_iter().zip(outcomes).for_each(|(job, outcome)| job.answer(outcome));
            }
            // Each for itself, unless the database is away: then none of them can be done.
            Err(Failure::Job(error)) if jobs.len() > 1 && !matches!(error, Error::Away(_)) => {
                for job in jobs {
                    if Box::pin(self.settle(vec![job])).await == State::InDoubt {
                        return State::InDoubt;
                    }
                }
            }
            Err(Failure::Job(error) | Failure::Transaction(error)) => {
                let in_doubt = matches!(error, Error::Undecided(_));
                jobs.into_iter().for_each(|job| job.refuse(error.clone()));
                if in_doubt {
                    return State::InDoubt;
                }
            }
        }
        State::Sound
    }

    /// Runs all jobs in one transaction and commits it.
    async fn attempt(&self, jobs: &[Job]) -> Result<Vec<Outcome>, Failure> {
        let prepared = self.answered(self.prepare(jobs)).await;
        let (tx, outcomes) = prepared
            .unwrap_or_else(|silence| Err(Failure::Transaction(Error::Away(Arc::new(silence)))))?;
        self.commit(tx).await.map_err(Failure::Transaction)?;
        Ok(outcomes)
    }

    async fn prepare(&self, jobs: &[Job]) -> Result<(DatabaseTransaction, Vec<Outcome>), Failure> {
        let begun = open::begin_write(&self.db).await;
        let tx = begun.map_err(|error| Failure::Transaction(self.located(error.into())))?;
        let mut outcomes = Vec::with_capacity(jobs.len());
        for job in jobs {
            let outcome = job.run(&tx).await;
            outcomes.push(outcome.map_err(|error| Failure::Job(self.located(error)))?);
        }
        Ok((tx, outcomes))
    }

    /// What the database answers, or that it is silent.
    async fn answered<T>(&self, answer: impl Future<Output = T>) -> Result<T, DbErr> {
        let Some(patience) = self.answer else { return Ok(answer.await) };
        let silence = |_| DbErr::Custom(format!("no answer within {} s", patience.as_secs()));
        tokio::time::timeout(patience, answer).await.map_err(silence)
    }

    /// The one place that says COMMIT to what changes records.
    pub(super) async fn commit(&self, tx: DatabaseTransaction) -> Result<(), Error> {
        let answered = self.answered(tx.commit()).await;
        let Err(error) = answered.flatten() else { return Ok(()) };
        if fault::was_undone(&error) {
            return Err(self.located(error.into()));
        }
        let error = Error::Undecided(Arc::new(error));
        self.fatal.act(&error);
        Err(error)
    }

    /// Folds what SQLite has logged into its file, once it is worth it.
    async fn fold(&self) -> State {
        match fold::when_long(&self.db).await {
            Ok(()) => State::Sound,
            Err(error) if fault::is_of_the_disk(&error) => {
                self.fatal.act(&Error::Unfolded(Arc::new(error)));
                State::InDoubt
            }
            Err(error) => {
                // What was committed stands in the log until it can be folded.
                tracing::warn!(%error, "SQLite's log is not folded into its file");
                State::Sound
            }
        }
    }

    /// The error, naming our place when it is full.
    pub(super) fn located(&self, error: Error) -> Error {
        if matches!(error, Error::Full { .. }) {
            return Error::Full { place: self.place.clone() };
        }
        error
    }
}

/// Whether the writer may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    InDoubt,
}

impl Job {
    /// Runs within a savepoint, undone on a conflict. After an error the transaction is spent.
    async fn run(&self, tx: &DatabaseTransaction) -> Result<Outcome, Error> {
        let savepoint = tx.begin().await?;
        let outcome = match self {
            Self::Commit { effects, .. } => match effects::apply(&savepoint, effects).await {
                Ok(()) => Outcome::Committed,
                Err(conflict @ CommitError::Conflict { .. }) => Outcome::Conflict(conflict),
                Err(CommitError::Store(error)) => return Err(error),
            },
            Self::Claim { claim, .. } => {
                Outcome::Claimed(notifications::claim(&savepoint, *claim).await?)
            }
        };
        match outcome {
            Outcome::Conflict(_) => savepoint.rollback().await?,
            Outcome::Committed | Outcome::Claimed(_) => savepoint.commit().await?,
        }
        Ok(outcome)
    }

    /// Answers, unless the caller has stopped waiting.
    fn answer(self, outcome: Outcome) {
        match (self, outcome) {
            (Self::Commit { answer, .. }, Outcome::Committed) => drop(answer.send(Ok(()))),
            (Self::Commit { answer, .. }, Outcome::Conflict(error)) => {
                drop(answer.send(Err(error)));
            }
            (Self::Claim { answer, .. }, Outcome::Claimed(claimed)) => {
                drop(answer.send(Ok(claimed)));
            }
            (job, _) => unreachable!("{job:?} has no such outcome"),
        }
    }

    fn refuse(self, error: Error) {
        match self {
            Self::Commit { answer, .. } => drop(answer.send(Err(error.into()))),
            Self::Claim { answer, .. } => drop(answer.send(Err(error))),
        }
    }
}
