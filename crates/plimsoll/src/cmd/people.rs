//! `plimsoll people`: who signs in, on the server; and a new password for whoever is locked out, in
//! the data directory of one that is not running.

use plimsoll_api::v1::access::{AddedPerson, NewPerson, PasswordLink, Person, PersonChange};
use plimsoll_server::app::links::make_offline;
use plimsoll_server::world::World;

use super::{role, serve};
use crate::args::{Connection, Offline, Printed};
use crate::ask::{Listed, Question, Shown};
use crate::client::{self, Client};
use crate::confirm::Confirmed;
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// What `people` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List everybody who signs in
    List(Listed),
    /// Show one person
    Get(Get),
    /// Add somebody; the link by which they set a password is shown only now
    Add(Add),
    /// Change what somebody is called, or may do
    Change(Change),
    /// Make a link by which somebody sets a new password; it is shown only now
    Reset(Reset),
    /// Erase what says who somebody is; history keeps their id
    Erase(Erase),
}

#[derive(Debug, clap::Args)]
struct Get {
    /// Their name or id.
    person: String,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, clap::Args)]
struct Add {
    /// What they sign in with.
    name: String,
    /// What they may do everywhere; teams give more for what they own.
    #[arg(long, default_value = "viewer", value_parser = role())]
    role: String,
    #[command(flatten)]
    printed: Printed,
}

#[derive(Debug, clap::Args)]
#[group(id = "changes", required = true, multiple = true, args = ["role", "rename"])]
struct Change {
    /// Their name or id.
    person: String,
    /// What they may do everywhere from now on.
    #[arg(long, value_parser = role())]
    role: Option<String>,
    /// What they sign in with from now on.
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
    #[command(flatten)]
    printed: Printed,
}

#[derive(Debug, clap::Args)]
struct Reset {
    /// Their name or id.
    person: String,
    #[command(flatten)]
    offline: Offline,
}

#[derive(Debug, clap::Args)]
struct Erase {
    /// Their name or id.
    person: String,
    #[command(flatten)]
    confirmed: Confirmed,
}

const NOUNS: &[&str] = &["person"];

/// Lists, adds, changes, resets or erases.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(listed) => {
            let question = Question::list::<Person>(&["people"], NOUNS);
            question.show_list(listed, connection, screen).await
        }
        Verb::Get(Get { person, shown }) => {
            let id = id_of(&Client::new(connection)?, &person).await?;
            let question = Question::row::<Person>(&["people", &id], NOUNS);
            question.show(shown, connection, screen).await
        }
        Verb::Add(args) => add(args, connection, screen).await,
        Verb::Change(args) => change(args, connection, screen).await,
        Verb::Reset(args) => reset(args, connection, screen).await,
        Verb::Erase(Erase { person, confirmed }) => {
            let client = Client::new(connection)?;
            let id = id_of(&client, &person).await?;
            confirmed.ask(&format!("Erase {person} ({id}) at {}", connection.url))?;
            client.delete(&["people", &id]).await?;
            screen.print(&format!("Erased {id}."))
        }
    }
}

async fn add(args: Add, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let new = NewPerson { name: args.name, role: Some(args.role) };
    let answer = Client::new(connection)?.post(&["people"], &new).await?;
    screen.show(args.printed.output, answer, |answer| {
        let AddedPerson { person, link } = client::read(answer)?;
        let Person { name, role, .. } = person;
        Ok(format!("Added {name} ({role}). {}", described(&link)))
    })
}

async fn change(args: Change, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let client = Client::new(connection)?;
    let id = id_of(&client, &args.person).await?;
    let change = PersonChange { name: args.rename, role: args.role };
    let answer = client.patch(&["people", &id], &change).await?;
    screen.show(args.printed.output, answer, |answer| {
        Ok(screen.items(&[client::read::<Person>(answer)?]))
    })
}

async fn reset(args: Reset, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let link = if let Some(config) = args.offline.config()? {
        let made = make_offline(&config, &World::system(), &args.person).await;
        made.map_err(|error| serve::refused(&error))?
    } else {
        let client = Client::new(connection)?;
        let id = id_of(&client, &args.person).await?;
        client::read(client.trigger(&["people", &id, "password-link"]).await?)?
    };
    screen.print(&described(&link))
}

fn described(PasswordLink { url, expires_at }: &PasswordLink) -> String {
    let until = expires_at.strftime("%FT%TZ");
    format!("They set a password there, once, until {until}; shown only now: {url}")
}

/// The id of whoever is meant by a name or an id.
pub(super) async fn id_of(client: &Client, person: &str) -> Result<String, Failure> {
    if person.starts_with("per_") {
        return Ok(person.to_owned());
    }
    let people = client.list(&["people"], &[], usize::MAX).await?.items;
    let people: Vec<Person> = client::read(people.into())?;
    let found = people.iter().find(|known| known.name == person);
    found.map(|found| found.id.clone()).ok_or_else(|| {
        let failure = Failure::refused(format!("nobody here is called `{person}`"));
        let names = people.iter().map(|known| known.name.as_str());
        match plimsoll_api::document::nearest(person, names) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint("`plimsoll people list` shows everybody"),
        }
    })
}
