//! `plimsoll head`: the head of a server's history, for a witness who has no access to its data.
//!
//! Invariant: a head is saved only over one that it extends, and only by a proof. It exits 1 only
//! when history does not extend the head that was kept; whatever keeps it from knowing exits 2.

use std::path::PathBuf;

use plimsoll_api::v1::seal::{Consistency, Head};
use plimsoll_server::app::seals;

use super::verify;
use crate::args::{Connection, Printed};
use crate::client::{self, Client};
use crate::exit::{Exit, Failure};
use crate::render::{self, Screen};

/// What `head` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A head saved earlier: ask the server to prove that its history extends it.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Save the head here: a new file, or that of --against.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    #[command(flatten)]
    printed: Printed,
}

/// Asks for the head, and for the proof that it extends the one that was kept.
pub(crate) async fn run(
    args: &Args,
    connection: &Connection,
    screen: &Screen,
) -> Result<Exit, Failure> {
    verify::may_save(args.save.as_deref(), args.against.as_deref())?;
    let client = Client::new(connection)?;
    let unknown = |failure: Failure| failure.ending(Exit::Unasked);
    let head = match &args.against {
        None => current(&client).await.map_err(unknown)?,
        Some(path) => {
            let kept = verify::load(path)?;
            match extended(&client, &kept).await.map_err(unknown)? {
                Ok(head) => head,
                Err(reason) => {
                    let title = format!("history does not extend {}", path.display());
                    return Err(Failure::refused(title).detail(reason));
                }
            }
        }
    };
    if let Some(path) = &args.save {
        verify::save(path, &head)?;
    }
    let answer = serde_json::to_value(&head).expect("it is plain data");
    screen.show(args.printed.output, answer, |_| Ok(render::seal::head(screen, &head)))
}

/// The server's head.
async fn current(client: &Client) -> Result<Head, Failure> {
    client::read(client.get(&["seals", "head"], &[]).await?)
}

/// The server's head if it extends `kept`, or why not.
async fn extended(client: &Client, kept: &Head) -> Result<Result<Head, String>, Failure> {
    let head = current(client).await?;
    if head.size < kept.size {
        let (has, had) = (head.size, kept.size);
        return Ok(Err(format!("it holds {has} seals, and the head kept holds {had}")));
    }
    let from = kept.size.to_string();
    let answer = client.get(&["seals", "consistency"], &[("from", from)]).await?;
    let proof: Consistency = client::read(answer)?;
    let reason = seals::extends(kept, &proof).err();
    Ok(reason.map_or(Ok(proof.head), Err))
}
