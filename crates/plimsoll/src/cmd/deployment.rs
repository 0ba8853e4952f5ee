//! `plimsoll deployment record`: what went out, told by the pipeline that did it.

use plimsoll_api::v1::deployment::{Deployment, NewDeployment};

use super::class;
use crate::args::{Connection, Report};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen};
use crate::when::When;

/// What `deployment` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Record a deployment
    Record(Record),
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
    /// How to print what was recorded.
    #[arg(long, short, value_enum, default_value_t = Report::Text)]
    output: Report,
}

/// Records.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Verb::Record(args) = args.verb;
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
    if args.output == Report::Json {
        return screen.print(&render::json(&answer));
    }
    let deployment: Deployment = client::read(answer)?;
    screen.print(&format!("Recorded.\n\n{}", screen.items(&[deployment])))
}
