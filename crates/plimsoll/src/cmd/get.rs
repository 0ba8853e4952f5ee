//! `plimsoll get`: what is there, as a list or one by one.

use clap::ValueEnum;
use plimsoll_api::v1::access::Token;
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::definition::Definition;
use plimsoll_api::v1::deployment::Deployment;
use plimsoll_api::v1::gate::Decision;
use plimsoll_api::v1::notification::Notification;
use plimsoll_api::v1::service::Service;
use plimsoll_api::v1::slo::Slo;
use plimsoll_api::v1::telemetry::Telemetry;
use serde_json::Value;

use crate::args::{Connection, Output};
use crate::client::{self, Client, Listing};
use crate::exit::{Exit, Failure};
use crate::render::{self, Row, Screen, alert, definition, gate, slo};

/// What `get` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to show.
    #[arg(value_enum, ignore_case = true)]
    kind: Kind,
    /// Its name or id; all of them, when left out. For `definition`: KIND/NAME.
    name: Option<String>,
    /// Only those of this service (SLOs, alerts, deployments, decisions).
    #[arg(long)]
    service: Option<String>,
    /// How many at most.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// How to print it.
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    output: Output,
}

/// What there is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Where an SLO stands
    #[value(alias = "slos")]
    Slo,
    /// Services of the catalog
    #[value(alias = "services")]
    Service,
    /// Alerts, newest first
    #[value(alias = "alerts")]
    Alert,
    /// Deployments, newest first
    #[value(alias = "deployments")]
    Deployment,
    /// Gate decisions, newest first
    #[value(alias = "decisions")]
    Decision,
    /// Who was told, newest first
    #[value(alias = "notifications")]
    Notification,
    /// API tokens, without their secrets
    #[value(alias = "tokens")]
    Token,
    /// What came in since the server started
    Telemetry,
    /// Definitions of every kind
    #[value(alias = "definitions")]
    Definition,
    /// Definitions: catalog components
    #[value(alias = "components")]
    Component,
    /// Definitions: teams
    #[value(alias = "groups")]
    Group,
    /// Definitions: indicators
    #[value(alias = "slis")]
    Sli,
    /// Definitions: data sources
    #[value(name = "datasource", aliases = ["datasources", "data-source"])]
    DataSource,
    /// Definitions: when to alert on burn
    #[value(name = "burnpolicy", aliases = ["burnpolicies", "burn-policy"])]
    BurnPolicy,
    /// Definitions: what a budget's status permits
    #[value(name = "errorbudgetpolicy", aliases = ["errorbudgetpolicies", "error-budget-policy"])]
    ErrorBudgetPolicy,
    /// Definitions: who is told
    #[value(alias = "receivers")]
    Receiver,
    /// Definitions: what is scraped
    #[value(name = "scrapetarget", aliases = ["scrapetargets", "scrape-target"])]
    ScrapeTarget,
}

/// Where a kind is found.
enum Place {
    /// A list with a route for each item.
    Nouns(&'static str),
    /// A list without.
    List(&'static str),
    /// Definitions, of one kind or of all.
    Definitions(Option<&'static str>),
    /// One thing there is one of.
    Telemetry,
}

impl Kind {
    fn place(self) -> Place {
        match self {
            Self::Slo => Place::Nouns("slos"),
            Self::Service => Place::Nouns("services"),
            Self::Alert => Place::Nouns("alerts"),
            Self::Deployment => Place::Nouns("deployments"),
            Self::Decision => Place::Nouns("decisions"),
            Self::Notification => Place::List("notifications"),
            Self::Token => Place::List("tokens"),
            Self::Telemetry => Place::Telemetry,
            Self::Definition => Place::Definitions(None),
            Self::Component => Place::Definitions(Some("Component")),
            Self::Group => Place::Definitions(Some("Group")),
            Self::Sli => Place::Definitions(Some("SLI")),
            Self::DataSource => Place::Definitions(Some("DataSource")),
            Self::BurnPolicy => Place::Definitions(Some("BurnPolicy")),
            Self::ErrorBudgetPolicy => Place::Definitions(Some("ErrorBudgetPolicy")),
            Self::Receiver => Place::Definitions(Some("Receiver")),
            Self::ScrapeTarget => Place::Definitions(Some("ScrapeTarget")),
        }
    }

    /// Whether its list can be narrowed to one service.
    fn has_service(self) -> bool {
        matches!(self, Self::Slo | Self::Alert | Self::Deployment | Self::Decision)
    }
}

/// Shows one thing or a list.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    if args.service.is_some() && (!args.kind.has_service() || args.name.is_some()) {
        return Err(Failure::unasked(
            "--service narrows lists of SLOs, alerts, deployments and \
                                     decisions only",
        ));
    }
    let client = Client::new(connection)?;
    match &args.name {
        Some(name) => {
            let answer = one(&client, args.kind, name).await?;
            print(screen, args.output, answer, |answer| draw_one(screen, args.kind, answer))
        }
        None if args.kind == Kind::Telemetry => {
            let answer = client.get(&["telemetry"], &[]).await?;
            print(screen, args.output, answer, |answer| telemetry(screen, answer))
        }
        None => {
            let Listing { items, more } = list(&client, args).await?;
            if more {
                screen.warn(&format!("note: there are more than {}; see --limit", args.limit));
            }
            print(screen, args.output, items.into(), |answer| draw_list(screen, args.kind, answer))
        }
    }
}

/// The list behind `token list`.
pub(super) async fn tokens(
    output: Output,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let args = Args { kind: Kind::Token, name: None, service: None, limit: 500, output };
    run(&args, connection, screen).await
}

/// Prints an answer as asked; `draw` makes the table.
pub(super) fn print(
    screen: &Screen,
    output: Output,
    answer: Value,
    draw: impl FnOnce(Value) -> Result<String, Failure>,
) -> Result<Exit, Failure> {
    let text = match output {
        Output::Table => draw(answer)?,
        Output::Json => render::json(&answer),
        Output::Yaml => render::yaml(&answer)?,
    };
    screen.print(&text)
}

async fn list(client: &Client, args: &Args) -> Result<Listing, Failure> {
    let limit = args.limit as usize;
    match args.kind.place() {
        Place::Nouns(noun) | Place::List(noun) => {
            let filter = args.service.iter().map(|service| ("service", service.clone()));
            client.list(&[noun], &filter.collect::<Vec<_>>(), limit).await
        }
        Place::Definitions(kind) => {
            let filter = kind.map(|kind| ("kind", kind.to_owned()));
            client.list(&["definitions"], filter.as_slice(), limit).await
        }
        Place::Telemetry => unreachable!("telemetry is no list; `run` shows it before"),
    }
}

async fn one(client: &Client, kind: Kind, name: &str) -> Result<Value, Failure> {
    match kind.place() {
        Place::Nouns(noun) => client.get(&[noun, name], &[]).await,
        Place::List(noun) => {
            let all = client.list(&[noun], &[], usize::MAX).await?.items;
            let found = all.into_iter().find(|item| item["id"] == name);
            found.ok_or_else(|| {
                Failure::refused(format!("there is no such id in the {noun}: {name}"))
            })
        }
        Place::Definitions(Some(kind)) => client.get(&["definitions", kind, name], &[]).await,
        Place::Definitions(None) => {
            let (kind, name) = name.split_once('/').ok_or_else(|| {
                Failure::unasked(format!("`{name}` does not say which definition"))
                    .hint("write KIND/NAME, such as SLO/checkout-availability")
            })?;
            client.get(&["definitions", kind, name], &[]).await
        }
        Place::Telemetry => Err(Failure::unasked("telemetry has no names")),
    }
}

fn draw_list(screen: &Screen, kind: Kind, items: Value) -> Result<String, Failure> {
    fn table<T: Row>(screen: &Screen, items: Value) -> Result<String, Failure> {
        Ok(screen.items(&client::read::<Vec<T>>(items)?))
    }
    match kind {
        Kind::Slo => table::<Slo>(screen, items),
        Kind::Service => table::<Service>(screen, items),
        Kind::Alert => table::<Alert>(screen, items),
        Kind::Deployment => table::<Deployment>(screen, items),
        Kind::Decision => table::<Decision>(screen, items),
        Kind::Notification => table::<Notification>(screen, items),
        Kind::Token => table::<Token>(screen, items),
        Kind::Telemetry
        | Kind::Definition
        | Kind::Component
        | Kind::Group
        | Kind::Sli
        | Kind::DataSource
        | Kind::BurnPolicy
        | Kind::ErrorBudgetPolicy
        | Kind::Receiver
        | Kind::ScrapeTarget => table::<Definition>(screen, items),
    }
}

fn draw_one(screen: &Screen, kind: Kind, item: Value) -> Result<String, Failure> {
    fn row<T: Row>(screen: &Screen, item: Value) -> Result<String, Failure> {
        Ok(screen.items(&[client::read::<T>(item)?]))
    }
    match kind {
        Kind::Slo => Ok(slo::one(screen, &client::read(item)?)),
        Kind::Service => row::<Service>(screen, item),
        Kind::Alert => Ok(alert::one(screen, &client::read(item)?)),
        Kind::Deployment => row::<Deployment>(screen, item),
        Kind::Decision => gate::explanation(screen, &client::read(item)?),
        Kind::Notification => row::<Notification>(screen, item),
        Kind::Token => row::<Token>(screen, item),
        Kind::Telemetry
        | Kind::Definition
        | Kind::Component
        | Kind::Group
        | Kind::Sli
        | Kind::DataSource
        | Kind::BurnPolicy
        | Kind::ErrorBudgetPolicy
        | Kind::Receiver
        | Kind::ScrapeTarget => Ok(definition::one(&client::read(item)?)),
    }
}

fn telemetry(screen: &Screen, answer: Value) -> Result<String, Failure> {
    let telemetry: Telemetry = client::read(answer)?;
    let sheet = screen.sheet([
        ("Samples accepted", telemetry.accepted.to_string().into()),
        ("… undeclared", telemetry.undeclared.to_string().into()),
        ("… duplicate or late", telemetry.duplicate_or_late.to_string().into()),
        ("… ahead of the clock", telemetry.future.to_string().into()),
        ("… over a cap", telemetry.over_cap.to_string().into()),
        ("… of replicas not elected", telemetry.not_elected.to_string().into()),
        ("… that do not fit their tally", telemetry.unfit.to_string().into()),
        ("Series counted", telemetry.series.to_string().into()),
        ("Log bytes", telemetry.log_bytes.to_string().into()),
    ]);
    let offenders = Some(screen.items(&telemetry.offenders));
    let offenders = offenders.filter(|_| !telemetry.offenders.is_empty());
    let sheets = [Some(sheet), offenders, Some(screen.items(&telemetry.scrapes))];
    Ok(render::page(sheets.into_iter().flatten()))
}
