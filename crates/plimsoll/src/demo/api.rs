//! The public API, as the story uses it: what any pipeline could ask with a token.

use anyhow::{Result, anyhow, bail};
use jiff::SignedDuration;
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::definition::{Diagnostic, Report, Submission};
use plimsoll_api::v1::deployment::{Deployment, NewDeployment};
use plimsoll_api::v1::gate::{Decision, Question};
use plimsoll_api::v1::notification::Notification;
use plimsoll_api::v1::slo::Slo;
use plimsoll_server::world::World;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::terminal::Terminal;
use crate::args::Connection;
use crate::client::{self, Client};
use crate::exit::Failure;

/// Between two looks at something that is awaited.
const LOOK_EVERY: SignedDuration = SignedDuration::from_millis(500);

/// A server, asked with a token.
pub(super) struct Api {
    client: Client,
    world: World,
    terminal: Terminal,
}

/// What a look at something awaited found.
pub(super) enum Look<T> {
    /// It is there.
    Found(T),
    /// It is not; this is the state instead.
    NotYet(String),
}

impl Api {
    /// The server at that URL.
    pub(super) fn new(
        url: String,
        token: String,
        world: World,
        terminal: Terminal,
    ) -> Result<Self> {
        let connection = Connection { url, token: Some(token), token_file: None };
        Ok(Self { client: Client::new(&connection).map_err(failed)?, world, terminal })
    }

    /// Puts definitions in force.
    pub(super) async fn apply(&self, submission: &Submission) -> Result<Report> {
        let report: Report = self.post(&["definitions", "apply"], submission).await?;
        if !report.applied {
            let line = |found: &Diagnostic| {
                let Diagnostic { file, line, column, message, .. } = found;
                format!("{file}:{line}:{column}: {message}")
            };
            let lines: Vec<String> = report.diagnostics.iter().map(line).collect();
            bail!("the demo's definitions were refused:\n{}", lines.join("\n"));
        }
        Ok(report)
    }

    /// Where an SLO stands.
    pub(super) async fn slo(&self, name: &str) -> Result<Slo> {
        self.get(&["slos", name]).await
    }

    /// One alert, with its timeline.
    pub(super) async fn alert(&self, id: &str) -> Result<Alert> {
        self.get(&["alerts", id]).await
    }

    /// The messages owed for an alert, and how far they have come.
    pub(super) async fn notifications(&self, alert: &str) -> Result<Vec<Notification>> {
        let filter = [("alert", alert.to_owned())];
        let listing = self.client.list(&["notifications"], &filter, 50).await.map_err(failed)?;
        listing.items.into_iter().map(read).collect()
    }

    /// Records what went out.
    pub(super) async fn record(&self, deployment: &NewDeployment) -> Result<Deployment> {
        self.post(&["deployments"], deployment).await
    }

    /// Asks a gate.
    pub(super) async fn check(&self, question: &Question) -> Result<Decision> {
        self.post(&["gates", "check"], question).await
    }

    /// Looks until it is there; gives up after `within`, naming what was awaited and the state
    /// seen last.
    pub(super) async fn until<T>(
        &self,
        awaited: &str,
        within: SignedDuration,
        mut look: impl AsyncFnMut() -> Result<Look<T>>,
    ) -> Result<T> {
        let give_up_at = self.world.now() + within;
        loop {
            let state = match look().await? {
                Look::Found(found) => {
                    self.terminal.done();
                    return Ok(found);
                }
                Look::NotYet(state) => state,
            };
            let now = self.world.now();
            if now >= give_up_at {
                self.terminal.done();
                bail!("{awaited}: not within {within:#}; the last state seen was: {state}");
            }
            self.terminal.wait(&format!("{awaited} ({state})"));
            self.world.sleep_until(now + LOOK_EVERY).await;
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T> {
        read(self.client.get(path, &[]).await.map_err(failed)?)
    }

    async fn post<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T> {
        read(self.client.post(path, body).await.map_err(failed)?)
    }
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T> {
    client::read(answer).map_err(failed)
}

fn failed(failure: Failure) -> anyhow::Error {
    anyhow!("{}", failure.render())
}
