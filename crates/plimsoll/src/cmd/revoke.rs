//! `revoke`, a verb of what comes in without a person: tokens, and senders of webhooks.

use crate::args::Connection;
use crate::client::Client;
use crate::confirm::Confirmed;
use crate::exit::{Exit, Failure};
use crate::render::Screen;

/// Which one is revoked.
#[derive(Debug, clap::Args)]
pub(super) struct Revoke {
    /// Its id, as the list shows it.
    id: String,
    #[command(flatten)]
    confirmed: Confirmed,
}

impl Revoke {
    /// Asks whether to, and revokes one of `noun`, as the API calls them; `what` is it to people.
    pub(super) async fn run(
        self,
        noun: &str,
        what: &str,
        connection: &Connection,
        screen: &Screen,
    ) -> Result<Exit, Failure> {
        let Self { id, confirmed } = self;
        confirmed.ask(&format!("Revoke the {what} {id} at {}", connection.url))?;
        Client::new(connection)?.delete(&[noun, &id]).await?;
        screen.print(&format!("Revoked {id}."))
    }
}
