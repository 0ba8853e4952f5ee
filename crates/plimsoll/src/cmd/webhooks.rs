//! `plimsoll webhooks`: who may send signed webhooks, without a token.
//!
//! A secret is shown once, by `create` and `rotate`, as the last word on standard output.

use clap::builder::PossibleValuesParser;
use plimsoll_api::v1::webhook::{NewWebhook, Webhook, WebhookRotation};
use plimsoll_server::Permission;

use super::revoke::Revoke;
use crate::args::Connection;
use crate::ask::{Listed, Question};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::Screen;
use crate::when::When;

/// What `webhooks` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Make a sender; its secret is the last word on standard output, and shown only now
    Create(Create),
    /// List senders, without their secrets
    List(Listed),
    /// Make a sender's next secret; the one until now is taken for a while, too
    Rotate(Rotate),
    /// Revoke a sender
    Revoke(Revoke),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// What to call it.
    #[arg(long)]
    name: String,
    /// What it may do; may be repeated.
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    #[arg(value_parser = scopes())]
    scopes: Vec<String>,
    /// The team for what it owns it may do that; everything when left out.
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// When it ends by itself: RFC 3339, or from now on such as +90d; never when left out.
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    expires: Option<When>,
}

#[derive(Debug, clap::Args)]
struct Rotate {
    /// The sender's id, as `webhooks list` shows it.
    id: String,
    /// For how many hours the secret until now is taken, too; 0 ends it at once.
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    #[arg(value_parser = clap::value_parser!(u32).range(..=168))]
    overlap_hours: u32,
}

/// Makes, lists, rotates or revokes.
pub(crate) async fn run(
    args: Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    match args.verb {
        Verb::Create(Create { name, scopes, team, expires }) => {
            let expires_at = expires.map(When::by_the_clock);
            let new = NewWebhook { name, scopes, team, expires_at };
            let client = Client::new(connection)?;
            let made: Webhook = client::read(client.post(&["webhooks"], &new).await?)?;
            let Webhook { id, name, .. } = &made;
            let address = client.address().as_str().trim_end_matches('/');
            screen.print(&format!(
                "Sender {name}: {id}\nIt sends to {address}/api/v1/…?webhook={id}\n\
                 Secret, shown only now: {}",
                secret(&made)?
            ))
        }
        Verb::List(listed) => {
            let question = Question::list::<Webhook>(&["webhooks"], &["webhook"]);
            question.show_list(listed, connection, screen).await
        }
        Verb::Rotate(Rotate { id, overlap_hours }) => {
            let rotation = WebhookRotation { overlap_hours: Some(overlap_hours) };
            let path = ["webhooks", &id, "rotate"];
            let made = Client::new(connection)?.post(&path, &rotation).await?;
            let secret = secret(&client::read(made)?)?;
            screen.print(&format!(
                "The secret of {id} until now is taken for {overlap_hours} h; the next one, \
                 shown only now: {secret}"
            ))
        }
        Verb::Revoke(revoke) => revoke.run("webhooks", "webhook sender", connection, screen).await,
    }
}

/// Reads what a sender may do.
fn scopes() -> PossibleValuesParser {
    PossibleValuesParser::new(Permission::of_webhooks().map(Permission::as_str))
}

fn secret(made: &Webhook) -> Result<String, Failure> {
    let secret = made.secret.clone();
    secret.ok_or_else(|| Failure::refused("the server made a secret and did not show it"))
}
