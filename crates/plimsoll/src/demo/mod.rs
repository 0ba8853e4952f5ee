//! The demo: two small services under real traffic, from telemetry to a release decided.

use std::net::SocketAddr;
use std::path::PathBuf;

/// How the demo runs.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Where it keeps its data; a fresh temporary directory when left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where its server listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8010")]
    pub(crate) listen: SocketAddr,
    /// End when the story has been told, instead of leaving the app running.
    #[arg(long)]
    pub(crate) exit_after_story: bool,
}

/// Runs the demo until it is interrupted.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    anyhow::bail!("the demo is not built into this binary ({options:?})")
}
