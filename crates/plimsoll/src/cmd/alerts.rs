//! `plimsoll alerts`: what fired, why, what had changed, and who was told.

use jiff::SignedDuration;
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::deployment::Deployment;
use plimsoll_api::v1::notification::Notification;
use plimsoll_api::v1::service::Service;
use serde_json::{Value, json};

use crate::args::{Connection, Printed};
use crate::ask::{Listed, Question, Shown};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, alert};

/// What `alerts` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List alerts, newest first
    List(List),
    /// Show one with its timeline
    Get(Get),
    /// Show why it fired, what went out before, what happened since, and who was told
    Explain(Explain),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this SLO.
    #[arg(long)]
    slo: Option<String>,
    /// Those of this service.
    #[arg(long)]
    service: Option<String>,
    /// Those in this phase.
    #[arg(long, value_parser = ["firing", "closed"])]
    phase: Option<String>,
    /// Those that ask that much of people.
    #[arg(long, value_parser = ["page", "ticket", "log"])]
    severity: Option<String>,
    #[command(flatten)]
    listed: Listed,
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The alert's id.
    id: String,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Explain {
    /// The alert's id.
    id: String,
    #[command(flatten)]
    printed: Printed,
}

const NOUNS: &[&str] = &["alert"];

/// Lists, shows or explains.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { slo, service, phase, severity, listed }) => {
            let question = Question::list::<Alert>(&["alerts"], NOUNS).narrowed("slo", slo);
            let question = question.narrowed("service", service).narrowed("phase", phase);
            let question = question.narrowed("severity", severity);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { id, shown }) => {
            let draw = |screen: &Screen, answer| Ok(alert::one(screen, &client::read(answer)?));
            Question::one(&["alerts", &id], NOUNS, draw).show(shown, connection, screen).await
        }
        Verb::Explain(args) => explain(&args, &Client::new(connection)?, screen).await,
    }
}

/// Items that explain, of each list.
const ITEMS_MAX: usize = 500;

/// Before an alert, what went out for so long is a suspect.
const SUSPECT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Several answers of the API under one roof.
async fn explain(args: &Explain, client: &Client, screen: &Screen) -> Result<Exit, Failure> {
    let found = client.get(&["alerts", &args.id], &[]).await?;
    let suspects = suspects(&client::parse(found.clone())?, client).await?;
    let filter = [("alert", args.id.clone())];
    let told = client.list(&["notifications"], &filter, ITEMS_MAX).await?.items;
    let answer = json!({ "alert": found, "deployments": suspects, "notifications": told });
    screen.show(args.printed.output, answer, |mut answer| {
        let found: Alert = client::read(answer["alert"].take())?;
        let suspects: Vec<Deployment> = client::read(answer["deployments"].take())?;
        let told: Vec<Notification> = client::read(answer["notifications"].take())?;
        Ok(alert::explanation(screen, &found, &suspects, &told))
    })
}

/// What went out before it fired: of its service, then of each that this one calls, the nearest
/// first.
async fn suspects(alert: &Alert, client: &Client) -> Result<Vec<Value>, Failure> {
    let service = client.get(&["services", &alert.service], &[]).await;
    // One that is gone from the catalog calls nothing any more.
    let called = service.and_then(client::parse::<Service>).map(|found| found.depends_on);
    let called = called.unwrap_or_default();
    let fired_at = alert.firing_since;
    let from = fired_at.saturating_sub(SUSPECT_FOR).unwrap_or(fired_at);
    let before = [("from", from.to_string()), ("to", fired_at.to_string())];
    let mut found = Vec::new();
    for name in std::iter::once(&alert.service).chain(&called) {
        let service = [("service", name.clone())];
        let filter = [&service[..], &before[..]].concat();
        found.extend(client.list(&["deployments"], &filter, ITEMS_MAX).await?.items);
    }
    Ok(found)
}
