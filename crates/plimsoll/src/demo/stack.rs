//! Everything that runs: the server, three services, their customers, a webhook's endpoint and the
//! teams' mail.
//!
//! Invariant: the parts meet over the network only. What starts here is stopped by [`Tasks::stop`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Result, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_server::app::tokens::create_offline;
use plimsoll_server::config::{Config, Flags};
use plimsoll_server::world::World;
use plimsoll_server::{App, Role, StartError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::api::Api;
use super::definitions::{self, Addresses};
use super::inbox::Inbox;
use super::pace::Pace;
use super::place::Place;
use super::services::{self, Checkout};
use super::terminal::Terminal;
use super::webhook::Endpoint;
use super::{loopback, traffic};

/// The running parts, and what the story needs to know of them.
pub(super) struct Stack {
    pub(super) world: World,
    pub(super) terminal: Terminal,
    pub(super) pace: Pace,
    pub(super) api: Api,
    pub(super) checkout: Checkout,
    pub(super) webhook: Endpoint,
    pub(super) inbox: Inbox,
    /// How people reach the inbox.
    pub(super) inbox_url: String,
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
        pace: Pace,
        world: World,
        terminal: Terminal,
    ) -> Result<(Self, Tasks)> {
        let mut parts = Tasks { tasks: JoinSet::new(), stop: CancellationToken::new() };
        let Tasks { tasks, stop } = &mut parts;
        let http = loopback::client()?;
        let key: [u8; 32] = world.bytes();
        let secret = place.keep("webhook-secret", &format!("whsec_{}", STANDARD.encode(key)))?;
        let webhook = Endpoint::new(&key, world.clone(), terminal.clone());
        let webhook_url = loopback::serve(webhook.router(), tasks, stop).await?;
        let inbox = Inbox::new(world.clone());
        let inbox_url = loopback::serve(inbox.router(), tasks, stop).await?;
        let mail = Mail { port: inbox.take_mail(tasks, stop).await?, inbox_url: &inbox_url };
        let payments_url = loopback::serve(services::payments(world.clone()), tasks, stop).await?;
        let checkout = Checkout::new(world.clone(), &payments_url, http.clone());
        let checkout_url = loopback::serve(checkout.router(), tasks, stop).await?;
        let storefront = services::storefront(world.clone(), &checkout_url, http.clone());
        let storefront_url = loopback::serve(storefront, tasks, stop).await?;
        let server = serve(place, listen, &mail, &world, tasks, stop).await?;
        let token_file = place.keep("token", &server.token)?;
        let api = Api::new(server.url.clone(), server.token, world.clone(), terminal.clone())?;
        let addresses = Addresses {
            storefront: &storefront_url,
            checkout: &checkout_url,
            payments: &payments_url,
            webhook: &webhook_url,
            secret: &secret,
            interval_s: pace.scrape_interval_s(),
        };
        api.apply(&definitions::submission(&addresses)).await?;
        let seen = Arc::new(traffic::Seen::default());
        let customers = traffic::run(world.clone(), http, storefront_url, seen.clone());
        let stopped = stop.clone().cancelled_owned();
        tasks.spawn(async move {
            tokio::select! { () = customers => {}, () = stopped => {} }
            Ok(())
        });
        let Server { url, setup_url, .. } = server;
        #[rustfmt::skip]
        let stack = Self {
            world, terminal, pace, api, checkout, webhook, inbox, inbox_url, seen, url, setup_url,
            token_file,
        };
        Ok((stack, parts))
    }

    /// Tells where the app shows what was just told.
    pub(super) fn shown_at(&self, path: &str) {
        self.terminal.link(&format!("{}{path}", self.url));
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

/// Where mail is taken, and where it is shown.
struct Mail<'a> {
    port: u16,
    inbox_url: &'a str,
}

impl Mail<'_> {
    /// The server's configuration; the services and the mail are on this machine.
    fn toml(&self) -> String {
        let Self { port, inbox_url } = self;
        format!(
            "# Of this run of the demo: services, webhook and mail are on this machine.\n\
             [outbound]\nallow_loopback = true\n\n\
             [mail]\nserver = \"127.0.0.1\"\nport = {port}\nencryption = \"none\"\n\
             from = \"plimsoll@shop.example\"\ninbox_url = \"{inbox_url}\"\n"
        )
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
    mail: &Mail<'_>,
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
    let file = place.configure(&mail.toml())?;
    let (data, listen) = (Some(place.dir().to_owned()), Some(listen));
    let config = Config::load(Some(&file), Flags { data, listen, store: None })?;
    let token = create_offline(&config, world, "demo", Role::Admin).await?;
    let mut app = Box::pin(App::build(config, world.clone())).await?;
    app.bind().await.map_err(taken)?;
    let (url, setup_url) = (app.url(), app.setup_url());
    tasks.spawn(app.serve(stop.clone().cancelled_owned()));
    Ok(Server { url, setup_url, token })
}

/// An address where something else listens is the one thing that goes wrong for newcomers.
fn taken(error: StartError) -> anyhow::Error {
    let StartError::Listen { address, source } = error else { return error.into() };
    let free = "`--listen 127.0.0.1:0` takes a port that is free";
    let what = if source.kind() == std::io::ErrorKind::AddrInUse {
        format!(
            "something else listens on {address}, perhaps a Plimsoll or another demo; end it, or \
             start the demo elsewhere: {free}"
        )
    } else {
        format!("the demo's server cannot listen on {address}; {free}")
    };
    anyhow::Error::from(source).context(what)
}
