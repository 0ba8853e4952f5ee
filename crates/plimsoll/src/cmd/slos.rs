//! `plimsoll slos`: where SLOs stand, and why.

use plimsoll_api::document;
use plimsoll_api::v1::ledger::LedgerEntry;
use plimsoll_api::v1::objective::Suggestion;
use plimsoll_api::v1::slo::{Method, Point, Slo};

use crate::args::{Connection, Printed};
use crate::ask::{Listed, Period, Question, Shown};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, ledger, objective, slo};
use crate::when::When;

/// What `slos` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List SLOs
    List(List),
    /// Show where one stands
    Get(Get),
    /// Show the minutes, the series routed then, and the arithmetic
    Explain(Explain),
    /// Show how events, budget and burn went, a line for so many minutes
    History(History),
    /// Show what the budget was spent on: deployments, outages, gaps in the telemetry
    Ledger(Ledger),
    /// Show the budget by events, by slices of time, and by their shares
    Methods(Methods),
    /// Show what targets allow over a window, and what each is for
    Targets(Targets),
    /// Write SLIs and SLOs for a service of a common type
    Suggest(Suggest),
}

#[derive(Debug, clap::Args)]
struct Targets {
    /// The window that everything is computed for: 1h to 366d.
    #[arg(long, value_name = "WINDOW", default_value = "30d")]
    window: String,
    /// By the guide that ships, without a server.
    #[arg(long)]
    shipped: bool,
    #[command(flatten)]
    printed: Printed,
}

#[derive(Debug, clap::Args)]
struct Suggest {
    /// The type of service; `slos targets` lists them.
    #[arg(long = "type", value_name = "TYPE")]
    of: String,
    /// The service.
    #[arg(long)]
    service: String,
    /// The window of the SLOs: 1h to 366d.
    #[arg(long, value_name = "WINDOW", default_value = "30d")]
    window: String,
    #[command(flatten)]
    printed: Printed,
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those of this service.
    #[arg(long)]
    service: Option<String>,
    /// Those of this team.
    #[arg(long, value_name = "TEAM")]
    owner: Option<String>,
    /// Those with this status.
    #[arg(long, value_parser = STATUSES)]
    status: Option<String>,
    /// In which order: by name, or first what needs someone most, has the least budget left, burns
    /// the fastest, or promises the most.
    #[arg(long, value_parser = ["name", "gravity", "budget", "burn", "objective"])]
    sort: Option<String>,
    #[command(flatten)]
    listed: Listed,
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The SLO.
    name: String,
    /// As of this instant: RFC 3339, or relative to now such as -30m.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<When>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Explain {
    #[command(flatten)]
    get: Get,
    /// How many minutes to show.
    #[arg(long, value_name = "N")]
    minutes: Option<u32>,
}

#[derive(Debug, clap::Args)]
struct History {
    /// The SLO.
    name: String,
    #[command(flatten)]
    period: Period,
    /// How many minutes are a line; as many as make it 240 lines, when left out.
    #[arg(long, value_name = "N")]
    step_minutes: Option<u32>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Ledger {
    /// The SLO.
    name: String,
    /// From this time on, up to 366 days back: RFC 3339, or relative to now such as -90d; the SLO's
    /// own window, when left out.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<When>,
    /// Until this time; now, when left out.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<When>,
    /// How many entries at most; the last of them is all that is left.
    #[arg(long, value_name = "N", default_value_t = 50)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Methods {
    #[command(flatten)]
    get: Get,
    /// How long a slice is, such as 5m; as the SLO has it, or five minutes.
    #[arg(long, value_name = "LENGTH")]
    slice: Option<String>,
    /// The share of its events that must be good for a slice to be, such as 0.95; as the SLO has
    /// it, or its objective.
    #[arg(long, value_name = "SHARE")]
    slice_target: Option<f64>,
}

/// The statuses of budgets.
pub(super) const STATUSES: [&str; 7] =
    ["healthy", "caution", "warning", "exhausted", "no_traffic", "no_data", "unmeasured"];

const NOUNS: &[&str] = &["slo", "definitions"];

/// Lists, shows, explains or looks back.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(List { service, owner, status, sort, listed }) => {
            let question = Question::list::<Slo>(&["slos"], NOUNS)
                .narrowed("service", service)
                .narrowed("owner", owner)
                .narrowed("status", status)
                .narrowed("sort", sort);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { name, at, shown }) => {
            let draw = |screen: &Screen, answer| Ok(slo::one(screen, &client::read(answer)?));
            let question = Question::one(&["slos", &name], NOUNS, draw);
            let question = question.narrowed("at", at.map(When::by_the_clock));
            question.show(shown, connection, screen).await
        }
        Verb::Explain(Explain { get: Get { name, at, shown }, minutes }) => {
            let path = ["slos", &name, "explain"];
            let draw =
                |screen: &Screen, answer| Ok(slo::explanation(screen, &client::read(answer)?));
            let question = Question::one(&path, NOUNS, draw).narrowed("minutes", minutes);
            let question = question.narrowed("at", at.map(When::by_the_clock));
            question.show(shown, connection, screen).await
        }
        Verb::History(History { name, period, step_minutes, shown }) => {
            let path = ["slos", &name, "history"];
            let draw = |screen: &Screen, answer| Ok(slo::history(screen, &client::read(answer)?));
            let question = Question::one(&path, NOUNS, draw).with_lines::<Point>("points");
            let question = question.within(period);
            let question = question.narrowed("step_minutes", step_minutes);
            question.show(shown, connection, screen).await
        }
        Verb::Ledger(Ledger { name, from, to, limit, shown }) => {
            let path = ["slos", &name, "ledger"];
            let draw = |screen: &Screen, answer| Ok(ledger::one(screen, &client::read(answer)?));
            let nouns = &["slo", "definitions", "deployment", "alert"];
            let question = Question::one(&path, nouns, draw).with_lines::<LedgerEntry>("entries");
            let question = question.narrowed("from", from.map(When::by_the_clock));
            let question = question.narrowed("to", to.map(When::by_the_clock));
            question.narrowed("limit", Some(limit)).show(shown, connection, screen).await
        }
        Verb::Methods(methods) => self::methods(methods, connection, screen).await,
        Verb::Targets(targets) => self::targets(targets, connection, screen).await,
        Verb::Suggest(Suggest { of, service, window, printed }) => {
            let query = [("type", of), ("service", service), ("window", window)];
            let client = Client::new(connection)?;
            let answer = client.get(&["objectives", "suggestion"], &query).await?;
            screen
                .show(printed.output, answer, |answer| Ok(client::read::<Suggestion>(answer)?.yaml))
        }
    }
}

async fn methods(
    Methods { get: Get { name, at, shown }, slice, slice_target }: Methods,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let path = ["slos", &name, "methods"];
    let draw = |screen: &Screen, answer| Ok(slo::methods(screen, &client::read(answer)?));
    let question = Question::one(&path, NOUNS, draw).with_lines::<Method>("methods");
    let question = question.narrowed("at", at.map(When::by_the_clock));
    let question = question.narrowed("time_slice_window", slice);
    question.narrowed("time_slice_target", slice_target).show(shown, connection, screen).await
}

async fn targets(
    Targets { window, shipped, printed }: Targets,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let answer = if shipped {
        let targets = document::shipped_targets(&window).ok_or_else(|| {
            Failure::unasked(format!("`{window}` is not a window from 1h to 366d"))
                .hint("one number and one unit: 7d, 30d, 365d")
        })?;
        serde_json::to_value(targets).expect("it is plain data")
    } else {
        let client = Client::new(connection)?;
        client.get(&["objectives", "targets"], &[("window", window)]).await?
    };
    screen.show(printed.output, answer, |answer| {
        Ok(objective::targets(screen, &client::read(answer)?))
    })
}
