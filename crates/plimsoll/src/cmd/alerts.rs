//! `plimsoll alerts`: what fired, why, and who was told.

use plimsoll_api::v1::alert::Alert;
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
    /// Show why it fired, what happened since, and who was told
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

/// Two answers of the API under one roof.
async fn explain(args: &Explain, client: &Client, screen: &Screen) -> Result<Exit, Failure> {
    const TOLD_MAX: usize = 500;
    let found = client.get(&["alerts", &args.id], &[]).await?;
    let filter = [("alert", args.id.clone())];
    let told = client.list(&["notifications"], &filter, TOLD_MAX).await?.items;
    let answer = json!({ "alert": found, "notifications": told });
    screen.show(args.printed.output, answer, |mut answer| {
        let found: Alert = client::read(answer["alert"].take())?;
        let told: Value = answer["notifications"].take();
        Ok(alert::explanation(screen, &found, &client::read::<Vec<_>>(told)?))
    })
}
