//! `plimsoll deployments`: what went out, recorded by the pipeline that did it.

use plimsoll_api::v1::deployment::{Deployment, NewDeployment};

use super::class;
use crate::args::{Connection, Printed};
use crate::ask::{Listed, Period, Question, Shown};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::Screen;
use crate::when::When;

/// What `deployments` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List deployments, newest first
    List(List),
    /// Show one
    Get(Get),
    /// Record a deployment
    Record(Record),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this service.
    #[arg(long)]
    service: Option<String>,
    /// Those to this environment.
    #[arg(long)]
    environment: Option<String>,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    listed: Listed,
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The deployment's id.
    id: String,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Record {
    /// The service.
    #[arg(long)]
    service: String,
    /// Where it went.
    #[arg(long)]
    environment: String,
    /// The artifact's digest, such as sha256:….
    #[arg(long, value_name = "DIGEST")]
    artifact: String,
    /// The version people know it by.
    #[arg(long)]
    version: Option<String>,
    /// The commit it was built from.
    #[arg(long)]
    commit: Option<String>,
    /// What kind of change it is.
    #[arg(long, value_parser = class())]
    class: String,
    /// When it went out: RFC 3339, or relative to now such as -5m; now, when left out.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    deployed_at: Option<When>,
    #[command(flatten)]
    printed: Printed,
}

const NOUNS: &[&str] = &["deployment"];

/// Lists, shows or records.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { service, environment, period, listed }) => {
            let question = Question::list::<Deployment>(&["deployments"], NOUNS)
                .narrowed("service", service)
                .narrowed("environment", environment)
                .within(period);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { id, shown }) => {
            let question = Question::row::<Deployment>(&["deployments", &id], NOUNS);
            question.show(shown, connection, screen).await
        }
        Verb::Record(args) => record(args, connection, screen).await,
    }
}

async fn record(args: Record, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let new = NewDeployment {
        service: args.service,
        environment: args.environment,
        artifact: args.artifact,
        version: args.version,
        commit: args.commit,
        class: args.class,
        deployed_at: args.deployed_at.map(When::by_the_clock),
    };
    let answer = Client::new(connection)?.post(&["deployments"], &new).await?;
    screen.show(args.printed.output, answer, |answer| {
        let deployment: Deployment = client::read(answer)?;
        Ok(format!("Recorded.\n\n{}", screen.items(&[deployment])))
    })
}
