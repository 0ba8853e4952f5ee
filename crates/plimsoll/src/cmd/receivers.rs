//! `plimsoll receivers`: who is told over which channels, how that went, and whether it works.

use plimsoll_api::v1::notification::{Receiver, ReceiverChannel, ReceiverTest};

use crate::args::{Connection, Printed};
use crate::ask::{Listed, Question};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen, Word};

/// What `receivers` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List them, a line for each channel
    List(Listed),
    /// Send a test message over every channel, now: exit 0 when all took it, 1 when one did not
    Test(Test),
}

#[derive(Debug, clap::Args)]
struct Test {
    /// The receiver.
    name: String,
    #[command(flatten)]
    printed: Printed,
}

/// Lists them, or tests one.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(listed) => {
            let nouns = &["definitions", "notification"];
            let question =
                Question::drawn_list::<Receiver>(&["receivers"], nouns, |screen, receivers| {
                    Ok(list(screen, &client::read::<Vec<Receiver>>(receivers)?))
                });
            question.show_list(listed, connection, screen).await
        }
        Verb::Test(Test { name, printed }) => {
            let client = Client::new(connection)?;
            let answer = client.trigger(&["receivers", &name, "test"]).await?;
            let tested: ReceiverTest = client::read(answer.clone())?;
            screen.show(printed.output, answer, |_| Ok(outcomes(screen, &tested)))?;
            Ok(if tested.passed { Exit::Ok } else { Exit::Refused })
        }
    }
}

fn list(screen: &Screen, receivers: &[Receiver]) -> String {
    const HEADS: [&str; 8] =
        ["NAME", "HEARS OF", "REMINDED", "CHANNEL", "TARGET", "TOLD", "PENDING", "LAST"];
    if receivers.is_empty() {
        return "There are no receivers.".to_owned();
    }
    let rows = receivers.iter().flat_map(|receiver| {
        receiver.channels.iter().map(move |channel| {
            let mut cells: Vec<Word> = vec![
                receiver.name.as_str().into(),
                hears_of(receiver).into(),
                reminded(receiver).into(),
            ];
            cells.extend(cells_of(channel));
            cells
        })
    });
    screen.table(&HEADS, rows)
}

fn hears_of(receiver: &Receiver) -> String {
    match (&receiver.team, receiver.default) {
        (Some(team), true) => format!("{team}, and what nobody owns"),
        (Some(team), false) => team.clone(),
        (None, true) => "what nobody owns".to_owned(),
        (None, false) => "nothing".to_owned(),
    }
}

fn reminded(receiver: &Receiver) -> String {
    match receiver.repeat_minutes {
        None => "never".to_owned(),
        Some(minutes) if minutes % 60 == 0 => format!("every {} h", minutes / 60),
        Some(minutes) => format!("every {minutes} min"),
    }
}

fn cells_of(channel: &ReceiverChannel) -> [Word; 5] {
    let last = channel.last.as_ref().map(|last| format!("{}: {}", last.outcome, last.message));
    let last = channel.fault.clone().or(last);
    [
        channel.name.as_str().into(),
        channel.target.as_str().into(),
        format!("{} of {}", channel.counts.accepted, channel.counts.owed).into(),
        channel.counts.pending.to_string().into(),
        last.into(),
    ]
}

fn outcomes(screen: &Screen, tested: &ReceiverTest) -> String {
    let rows = tested.channels.iter().map(|channel| {
        vec![
            channel.channel.as_str().into(),
            Word::status(&channel.outcome),
            format!("{} ms", channel.duration_ms).into(),
            channel.message.as_str().into(),
        ]
    });
    let table = screen.table(&["CHANNEL", "OUTCOME", "TOOK", "ANSWER"], rows);
    let said = if tested.passed { "took it over every channel" } else { "was not reached" };
    render::page([table, format!("{} {said}", tested.receiver)])
}
