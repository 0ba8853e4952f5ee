//! `plimsoll notifications`: the delivery log, by alert, receiver, channel, state and time.

use plimsoll_api::v1::notification::Notification;

use crate::args::Connection;
use crate::ask::{Listed, Period, Question};
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `notifications` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List what is or was owed, newest first, each with its last attempt
    List(List),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Those about this alert.
    #[arg(long, value_name = "ID")]
    alert: Option<String>,
    /// Those for this receiver.
    #[arg(long, value_name = "NAME")]
    receiver: Option<String>,
    /// Those over this channel: webhook, webhook:NAME or email.
    #[arg(long)]
    channel: Option<String>,
    /// Those that have come so far.
    #[arg(long, value_parser = ["pending", "accepted", "superseded", "undeliverable"])]
    state: Option<String>,
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    listed: Listed,
}

/// Lists.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let Verb::List(List { alert, receiver, channel, state, period, listed }) = args.verb;
    let question = Question::list::<Notification>(&["notifications"], &["notification", "alert"])
        .narrowed("alert", alert)
        .narrowed("receiver", receiver)
        .narrowed("channel", channel)
        .narrowed("state", state)
        .within(period);
    question.show_list(listed, connection, screen).await
}
