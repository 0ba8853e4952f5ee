//! `plimsoll notifications`: the delivery log, by alert, receiver, channel, state and time.

use plimsoll_api::v1::notification::Notification;

use super::get;
use crate::args::{Connection, Output};
use crate::client::{self, Client, Listing};
use crate::exit::{Exit, Failure};
use crate::render::{Screen, Word};
use crate::when::When;

/// What `notifications` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only those about this alert.
    #[arg(long, value_name = "ID")]
    alert: Option<String>,
    /// Only those for this receiver.
    #[arg(long, value_name = "NAME")]
    receiver: Option<String>,
    /// Only those over this channel: webhook, webhook:NAME or email.
    #[arg(long)]
    channel: Option<String>,
    /// Only those that have come so far.
    #[arg(long, value_parser = ["pending", "accepted", "superseded", "undeliverable"])]
    state: Option<String>,
    /// Only those owed since then: RFC 3339, or relative to now such as -2h.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<When>,
    /// Only those owed before then.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<When>,
    /// How many at most.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// How to print them.
    #[arg(long, short, value_enum, default_value_t = Output::Table)]
    output: Output,
}

/// Lists them, newest first, each with its last attempt.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let client = Client::new(connection)?;
    let filter = filter(args);
    let limit = args.limit as usize;
    let Listing { items, more } = client.list(&["notifications"], &filter, limit).await?;
    if more {
        screen.warn(&format!("note: there are more than {}; see --limit", args.limit));
    }
    get::print(screen, args.output, items.into(), |answer| Ok(list(screen, &client::read(answer)?)))
}

fn filter(args: &Args) -> Vec<(&'static str, String)> {
    let time = |when: Option<When>| when.map(|when| when.by_the_clock().to_string());
    let filters = [
        ("alert", args.alert.clone()),
        ("receiver", args.receiver.clone()),
        ("channel", args.channel.clone()),
        ("state", args.state.clone()),
        ("from", time(args.from)),
        ("to", time(args.to)),
    ];
    filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn list(screen: &Screen, notifications: &Vec<Notification>) -> String {
    const HEADS: [&str; 8] =
        ["ID", "OWED", "RECEIVER", "CHANNEL", "WHAT", "STATE", "ATTEMPTS", "LAST"];
    if notifications.is_empty() {
        return "There are no notifications.".to_owned();
    }
    screen.table(&HEADS, notifications.iter().map(cells))
}

fn cells(it: &Notification) -> Vec<Word> {
    let what = match it.reminder {
        0 => it.transition.clone(),
        number => format!("reminder {number}"),
    };
    let last = it.attempts.last().map(|last| format!("{}: {}", last.outcome, last.message));
    vec![
        it.id.as_str().into(),
        it.created_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into(),
        it.receiver.as_str().into(),
        it.channel.as_str().into(),
        what.into(),
        Word::status(&it.state),
        it.attempts.len().to_string().into(),
        it.reason.clone().or(last).into(),
    ]
}
