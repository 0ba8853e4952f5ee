//! `plimsoll tokens`: API tokens, on the server, or in its data directory before it first runs.
//!
//! A token's text is shown once, by `create`, as the last word on standard output; or it is written
//! into a file that only its owner reads, and not shown at all.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use plimsoll_api::v1::access::{NewToken, Token};
use plimsoll_server::app::tokens::create_offline;
use plimsoll_server::config::Config;
use plimsoll_server::world::World;
use plimsoll_server::{Permission, Role};

use super::revoke::Revoke;
use super::{role, serve};
use crate::args::{Connection, Offline};
use crate::ask::{Listed, Question};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::Screen;
use crate::when::When;

/// What `tokens` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Make a token; it is the last word on standard output, and shown only now
    Create(Create),
    /// List tokens, without their secrets
    List(Listed),
    /// Revoke a token
    Revoke(Revoke),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// What to call it.
    #[arg(long)]
    name: String,
    /// What it may do, each role including the ones before it.
    #[arg(long, value_parser = role())]
    role: String,
    /// The team for what it owns the role holds; the whole installation when left out.
    #[arg(long, value_name = "TEAM", conflicts_with_all = ["data", "config"])]
    team: Option<String>,
    /// Limit it to this permission, such as write_telemetry; may be repeated.
    #[arg(long = "scope", value_name = "SCOPE", conflicts_with_all = ["data", "config"])]
    #[arg(value_parser = PossibleValuesParser::new(Permission::scopes().map(Permission::as_str)))]
    scopes: Vec<String>,
    /// Write it into this new file, readable by its owner alone, instead of showing it.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// When it ends by itself: RFC 3339, or from now on such as +90d; never when left out.
    #[arg(long, value_name = "WHEN", conflicts_with_all = ["data", "config"])]
    #[arg(allow_hyphen_values = true)]
    expires: Option<When>,
    #[command(flatten)]
    offline: Offline,
}

/// Makes, lists or revokes.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::Create(args) => create(args, connection, screen).await,
        Verb::List(listed) => {
            let question = Question::list::<Token>(&["tokens"], &["token"]);
            question.show_list(listed, connection, screen).await
        }
        Verb::Revoke(revoke) => revoke.run("tokens", "token", connection, screen).await,
    }
}

async fn create(args: Create, connection: &Connection, screen: &Screen) -> Result<Exit, Failure> {
    let Create { name, role, .. } = &args;
    let config = args.offline.config()?;
    // A token that cannot be kept is better not made.
    let file = args.save.as_deref().map(Kept::open).transpose()?;
    let secret = if let Some(config) = config {
        in_directory(&config, name, role).await?
    } else {
        let new = NewToken {
            name: name.clone(),
            role: role.clone(),
            team: args.team.clone(),
            scopes: (!args.scopes.is_empty()).then(|| args.scopes.clone()),
            expires_at: args.expires.map(When::by_the_clock),
        };
        let answer = Client::new(connection)?.post(&["tokens"], &new).await?;
        client::read::<Token>(answer)?
            .secret
            .ok_or_else(|| Failure::refused("the server made a token and did not show it"))?
    };
    let Some(file) = file else {
        return screen.print(&format!("Token {name} ({role}), shown only now: {secret}"));
    };
    let path = file.keep(&secret)?;
    screen.print(&format!("Token {name} ({role}), in {}", path.display()))
}

/// A file for a secret; it is removed again when it did not get one.
struct Kept<'a> {
    path: &'a Path,
    file: Option<File>,
}

impl<'a> Kept<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = file.map_err(|error| Self::failed(path, &error))?;
        Ok(Self { path, file: Some(file) })
    }

    fn keep(mut self, secret: &str) -> Result<&'a Path, Failure> {
        let written = self.file.as_mut().map_or(Ok(()), |file| writeln!(file, "{secret}"));
        written.map_err(|error| Self::failed(self.path, &error))?;
        self.file = None;
        Ok(self.path)
    }

    fn failed(path: &Path, error: &std::io::Error) -> Failure {
        let failure = Failure::refused(format!("cannot write the token to {}", path.display()))
            .detail(error.to_string());
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            failure.hint("name another file, or remove this one if its token is revoked")
        } else {
            failure
        }
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        if self.file.is_some() {
            // What is left behind is an empty file, at worst.
            let _ = std::fs::remove_file(self.path);
        }
    }
}

async fn in_directory(config: &Config, name: &str, role: &str) -> Result<String, Failure> {
    let role = Role::parse(role).expect("the argument's parser knows the roles");
    let made = create_offline(config, &World::system(), name, role).await;
    made.map_err(|error| serve::refused(&error))
}
