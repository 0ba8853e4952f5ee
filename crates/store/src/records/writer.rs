//! The writer: the one task that changes the database. It takes every job that waits, runs them in
//! one transaction with a savepoint each, commits once, and only then answers.
//!
//! Invariant: an answer of success leaves after the `COMMIT` that holds it. A conflict undoes its
//! own job and disturbs no other. When a job fails in the database, the batch is undone and its
//! jobs are run one by one, so that each gets its own answer; when the `COMMIT` fails, all of them
//! fail.

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use tokio::sync::{mpsc, oneshot};

use super::effects::{self, CommitError, Effects};
use super::notifications::{self, Claim, Claimed};
use super::{Error, open};

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

/// Runs until the records are closed or every handle is gone.
pub(super) async fn run(writes: DatabaseConnection, mut queue: mpsc::Receiver<Order>) {
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
        settle(&writes, jobs).await;
    }
    for closer in closers {
        // Whoever closes may have stopped waiting.
        let _ = closer.send(());
    }
}

async fn settle(writes: &DatabaseConnection, jobs: Vec<Job>) {
    if jobs.is_empty() {
        return;
    }
    match attempt(writes, &jobs).await {
        Ok(outcomes) => {
            jobs.into_iter().zip(outcomes).for_each(|(job, outcome)| job.answer(outcome));
        }
        Err(Failure::Job(_)) if jobs.len() > 1 => {
            for job in jobs {
                Box::pin(settle(writes, vec![job])).await;
            }
        }
        Err(Failure::Job(error) | Failure::Transaction(error)) => {
            jobs.into_iter().for_each(|job| job.refuse(error.clone()));
        }
    }
}

/// Runs all jobs in one transaction and commits it.
async fn attempt(writes: &DatabaseConnection, jobs: &[Job]) -> Result<Vec<Outcome>, Failure> {
    let transaction = |error: sea_orm::DbErr| Failure::Transaction(error.into());
    let tx = open::begin_write(writes).await.map_err(transaction)?;
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        outcomes.push(job.run(&tx).await.map_err(Failure::Job)?);
    }
    tx.commit().await.map_err(transaction)?;
    Ok(outcomes)
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
