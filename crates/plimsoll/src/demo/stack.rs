//! Everything that runs: the server, two services, their customers and the team's inbox.
//!
//! Invariant: the parts meet over HTTP only. What starts here is stopped by [`Stack::stop`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_server::app::tokens::create_offline;
use plimsoll_server::config::{Config, Outbound};
use plimsoll_server::world::World;
use plimsoll_server::{App, Role};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::api::Api;
use super::definitions::{self, Addresses};
use super::inbox::Inbox;
use super::place::Place;
use super::services::{self, Checkout};
use super::terminal::Terminal;
use super::{loopback, traffic};

/// The running parts, and what the story needs to know of them.
pub(super) struct Stack {
    pub(super) world: World,
    pub(super) terminal: Terminal,
    pub(super) api: Api,
    pub(super) checkout: Checkout,
    pub(super) inbox: Inbox,
    /// What customers saw.
    pub(super) seen: Arc<traffic::Seen>,
    /// How people reach the server.
    pub(super) url: String,
    /// The link that sets the first password.
    pub(super) setup_url: Option<String>,
    /// The file that holds a token for the command line.
    pub(super) token_file: PathBuf,
}

/// The tasks of the parts.
pub(super) struct Tasks {
    tasks: JoinSet<Result<()>>,
    stop: CancellationToken,
}

impl Stack {
    /// Starts all parts and puts the definitions in force.
    pub(super) async fn start(
        place: &Place,
        listen: SocketAddr,
        world: World,
        terminal: Terminal,
    ) -> Result<(Self, Tasks)> {
        let mut parts = Tasks { tasks: JoinSet::new(), stop: CancellationToken::new() };
        let Tasks { tasks, stop } = &mut parts;
        let http = loopback::client()?;
        let key: [u8; 32] = world.bytes();
        let secret = place.keep("webhook-secret", &format!("whsec_{}", STANDARD.encode(key)))?;
        let inbox = Inbox::new(&key, world.clone(), terminal.clone());
        let inbox_url = loopback::serve(inbox.router(), tasks, stop).await?;
        let payments_url = loopback::serve(services::payments(), tasks, stop).await?;
        let checkout = Checkout::new(&payments_url, http.clone());
        let checkout_url = loopback::serve(checkout.router(), tasks, stop).await?;
        let server = serve(place, listen, &world, tasks, stop).await?;
        let token_file = place.keep("token", &server.token)?;
        let api = Api::new(server.url.clone(), server.token, world.clone(), terminal.clone())?;
        let addresses = Addresses {
            checkout: &checkout_url,
            payments: &payments_url,
            inbox: &inbox_url,
            secret: &secret,
        };
        api.apply(&definitions::submission(&addresses)).await?;
        let seen = Arc::new(traffic::Seen::default());
        let customers = traffic::run(world.clone(), http, checkout_url, seen.clone());
        let stopped = stop.clone().cancelled_owned();
        tasks.spawn(async move {
            tokio::select! { () = customers => {}, () = stopped => {} }
            Ok(())
        });
        let Server { url, setup_url, .. } = server;
        let stack =
            Self { world, terminal, api, checkout, inbox, seen, url, setup_url, token_file };
        Ok((stack, parts))
    }
}

impl Tasks {
    /// Resolves when a part ends although nobody asked it to.
    pub(super) async fn ended_early(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Err(error)) => error.into(),
            Some(Ok(Ok(()))) | None => anyhow!("a part of the demo ended too early"),
        }
    }

    /// Stops all parts, and waits for them.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.stop.cancel();
        let mut outcome = Ok(());
        while let Some(ended) = self.tasks.join_next().await {
            outcome = outcome.and(ended.map_err(anyhow::Error::from).flatten());
        }
        outcome
    }
}

struct Server {
    url: String,
    setup_url: Option<String>,
    token: String,
}

/// Starts the server in this process, on a fresh data directory.
async fn serve(
    place: &Place,
    listen: SocketAddr,
    world: &World,
    tasks: &mut JoinSet<Result<()>>,
    stop: &CancellationToken,
) -> Result<Server> {
    let log = place.log()?;
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("info"))
        .with_writer(Mutex::new(log))
        .with_ansi(false)
        .init();
    // The services and the inbox are on this machine.
    let outbound = Outbound { allow_loopback: true, ..Outbound::default() };
    let config = Config { data: place.dir().to_owned(), listen, outbound, ..Config::default() };
    let token = create_offline(&config, world, "demo", Role::Admin).await?;
    let mut app = Box::pin(App::build(config, world.clone())).await?;
    app.bind().await.with_context(|| {
        format!("the demo's server does not start on {listen}; --listen names another address")
    })?;
    let (url, setup_url) = (app.url(), app.setup_url());
    tasks.spawn(app.serve(stop.clone().cancelled_owned()));
    Ok(Server { url, setup_url, token })
}
