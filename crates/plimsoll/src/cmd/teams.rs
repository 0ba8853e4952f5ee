//! `plimsoll teams`: what teams own, and who is in them as what.

use plimsoll_api::v1::access::{NewMember, Team};

use super::people::id_of;
use super::role;
use crate::args::{Connection, Printed};
use crate::ask::{Listed, Question, Shown};
use crate::client::{self, Client};
use crate::confirm::Confirmed;
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `teams` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List teams by name
    List(Listed),
    /// Show one team
    Get(Get),
    /// Put somebody into a team, or give them another role there
    Set(Set),
    /// Take somebody out of a team
    Remove(Remove),
}

#[derive(Debug, clap::Args)]
struct Get {
    /// The team.
    team: String,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Set {
    /// The team.
    team: String,
    /// Their name or id.
    person: String,
    /// What they may do with what the team owns.
    #[arg(long, value_parser = role())]
    role: String,
    #[command(flatten)]
    printed: Printed,
}

#[derive(Debug, clap::Args)]
struct Remove {
    /// The team.
    team: String,
    /// Their name or id.
    person: String,
    #[command(flatten)]
    confirmed: Confirmed,
}

const NOUNS: &[&str] = &["definitions", "person"];

/// Lists, shows, or changes who is in a team.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(listed) => {
            let question = Question::list::<Team>(&["teams"], NOUNS);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { team, shown }) => {
            let question = Question::row::<Team>(&["teams", &team], NOUNS);
            question.show(shown, connection, screen).await
        }
        Verb::Set(Set { team, person, role, printed }) => {
            let client = Client::new(connection)?;
            let id = id_of(&client, &person).await?;
            let answer = client.put(&["teams", &team, "members", &id], &NewMember { role }).await?;
            screen.show(printed.output, answer, |answer| {
                Ok(screen.items(&[client::read::<Team>(answer)?]))
            })
        }
        Verb::Remove(Remove { team, person, confirmed }) => {
            let client = Client::new(connection)?;
            let id = id_of(&client, &person).await?;
            confirmed.ask(&format!("Take {person} out of {team} at {}", connection.url))?;
            client.delete(&["teams", &team, "members", &id]).await?;
            screen.print(&format!("{person} is out of {team}."))
        }
    }
}
