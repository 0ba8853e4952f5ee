//! The shell: HTTP, use cases, reconcilers, notifiers.
//!
//! [`App::build`] opens everything and [`App::run`] serves until it is told to stop. Time and
//! randomness come from [`world`], settings and secrets from [`config`]; nothing else reads them.

pub mod app;
pub mod config;
pub mod doctor;
pub mod world;

mod durable;
mod http;
mod lock;
mod metrics;
mod notify;
mod outbound;
mod reserve;
mod serving;
mod ui;
mod work;

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::lease::Watch;
use plimsoll_store::{Fatal, Location, Records};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use app::access::Key;
use app::{Engine, Parts, Shared, State, definitions, setup};
use config::Config;
use lock::DataLock;
use notify::mail::Mailer;
use outbound::{Client, Purpose};
use reserve::Reserve;
use serving::Serving;
use world::World;

pub use lock::LockError;
pub use notify::mail::MailError;
pub use plimsoll_domain::access::{Permission, Role};
pub use work::Reconciler;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process holds the data directory, or it cannot be used.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The installation's key cannot be read or made.
    #[error("the installation's key cannot be read or made")]
    Key(#[source] std::io::Error),
    /// The records do not open.
    #[error("the records do not open")]
    Records(#[from] plimsoll_store::Error),
    /// What is stored cannot be acted on.
    #[error("what is stored cannot be acted on")]
    Stored(#[source] anyhow::Error),
    /// No HTTP client for scrapes and webhooks.
    #[error("no HTTP client for outbound requests (are ca-certificates installed?)")]
    Outbound(#[from] reqwest::Error),
    /// Mail cannot be sent as it is configured.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// A token that cannot be made.
    #[error("the token cannot be made: {0}")]
    Token(String),
    /// Nobody is called so.
    #[error("nobody here is called `{0}`")]
    Person(String),
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl From<plimsoll_store::CommitError> for StartError {
    fn from(error: plimsoll_store::CommitError) -> Self {
        Self::Stored(error.into())
    }
}

/// A server that is built and not yet running.
pub struct App {
    shared: Shared,
    listener: Option<TcpListener>,
    setup_code: Option<String>,
    _lock: DataLock,
}

/// How long requests that are being answered may take once the server is to stop.
const DRAIN: SignedDuration = SignedDuration::from_secs(10);

impl App {
    /// Takes the data directory, opens what is in it, and puts the definitions in force.
    ///
    /// # Errors
    /// Refused when another process holds the directory, and when what is stored cannot be read.
    pub async fn build(config: Config, world: World) -> Result<Self, StartError> {
        // An error says that a provider is installed already, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let lock = DataLock::take(&config.data)?;
        app::backup::sweep(&config.data).map_err(|error| StartError::Stored(error.into()))?;
        // Opening needs room, too.
        Reserve::new(&config.data, config.disk.reserve_bytes).relieve();
        let key = Key::open(&config.data, &world).map_err(StartError::Key)?;
        let fatal = Fatal::new(|error| {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            durable::die("the records", &format!("{error}: {}", cause.unwrap_or_default()))
        });
        let records = Records::open_with(&config.location(), fatal).await?;
        let now = world.now();
        let scope = records.organisation(world.fresh(now), now).await?;
        let (tallies, fresh_key) = (config.data.join("tallies"), world.bytes());
        let engine = Engine::open(&tallies, fresh_key, config.tallies.settings())
            .map_err(|error| StartError::Stored(error.into()))?;
        let is_staged = world.stage().is_some();
        let mailer = config.mail.as_ref().map(|mail| Mailer::new(mail, is_staged)).transpose()?;
        let shared = State::new(Parts {
            mailer,
            scrape_client: Client::new(config.outbound, Purpose::Scrape)?.within(&world),
            webhook_client: Client::new(config.outbound, Purpose::Webhook)?.within(&world),
            replica_client: Client::new(config.outbound, Purpose::Replica)?.within(&world),
            watch: watch(&config, &world),
            engine,
            config,
            world,
            records,
            scope,
            key,
        });
        compare_clock(&shared, now).await?;
        definitions::load(&shared).await.map_err(StartError::Stored)?;
        work::lease::run(&shared, now).await.map_err(StartError::Stored)?;
        let setup_code = setup::offer(&shared).await.map_err(|failure| {
            StartError::Stored(anyhow::Error::new(failure).context("the setup link"))
        })?;
        Ok(Self { shared, listener: None, setup_code, _lock: lock })
    }

    /// Listens, so that the address is known before [`App::run`]; port 0 takes a free one.
    ///
    /// # Errors
    /// Refused when the address is taken or not ours.
    pub async fn bind(&mut self) -> Result<SocketAddr, StartError> {
        let address = self.shared.config.listen;
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        *self.shared.base_url.write().expect("no holder of the address panics") =
            self.shared.config.base_url(bound);
        *self.shared.advertised.write().expect("no holder of the address panics") =
            self.shared.config.advertised(Some(bound));
        self.listener = Some(listener);
        Ok(bound)
    }

    /// How people reach it, without a slash at the end.
    pub fn url(&self) -> String {
        self.shared.base_url()
    }

    /// The link that sets the first password, while nobody has one.
    pub fn setup_url(&self) -> Option<String> {
        self.setup_code.as_ref().map(|code| format!("{}/setup?code={code}", self.url()))
    }

    /// Everything that is served, for tests that bring their own connection.
    pub fn router(&self) -> axum::Router {
        http::router(self.shared.clone())
    }

    /// Waits until the minutes are read back, or found unreadable; everything else goes on.
    pub async fn opened(&self) {
        self.shared.engine.opened().await;
    }

    /// Runs every reconciler until none has anything left to do at this instant; returns when the
    /// next one wants to be asked. For simulations, in which nothing else drives them.
    ///
    /// # Errors
    /// The first failure of a reconciler.
    pub async fn settle(&self) -> anyhow::Result<Option<Timestamp>> {
        work::settle(&self.shared).await
    }

    /// Runs one reconciler once; returns when it wants to be asked again. For simulations that
    /// choose the order.
    pub fn pass(
        &self,
        reconciler: Reconciler,
    ) -> impl Future<Output = anyhow::Result<Option<Timestamp>>> + Send + use<> {
        let shared = self.shared.clone();
        async move { reconciler.run(&shared, shared.world.now()).await }
    }

    /// Whether this replica may take telemetry and evaluate now.
    pub fn is_tallying(&self) -> bool {
        work::lease::epoch(&self.shared).is_some()
    }

    /// Lets go of everything as a crash does: nothing is written, nothing given back. The thread
    /// ends once all tasks of the runtime are dropped, too. For simulations.
    #[must_use]
    pub fn abandon(self) -> Option<std::thread::JoinHandle<()>> {
        self.shared.engine.let_go()
    }

    /// Says where it listens, and serves as [`App::serve`] does.
    ///
    /// # Errors
    /// Those of [`App::serve`].
    pub async fn run(
        mut self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        if self.listener.is_none() {
            self.bind().await?;
        }
        self.announce();
        self.serve(shutdown).await
    }

    /// Serves until `shutdown` resolves, then stops cleanly: requests are answered, reconcilers
    /// end, what is left is written. Prints nothing.
    ///
    /// # Errors
    /// Refused when the address cannot be listened on.
    pub async fn serve(
        mut self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        if self.listener.is_none() {
            self.bind().await?;
        }
        let listener = self.listener.take().expect("bound above");
        let mut workers = work::start(&self.shared);
        let router = self.router();
        let stopping = self.shared.stopping.clone();
        let told = async {
            shutdown.await;
            tracing::info!("stopping");
            // Live streams end only because of it.
            stopping.cancel();
        };
        let serving = Serving::new(self.shared.world.clone());
        let served = async { tokio::join!(told, serving.serve(listener, router, &stopping)) };
        tokio::select! {
            _ = served => {}
            () = overdue(&self.shared) => {
                tracing::warn!("some requests were still being answered when time was up");
            }
        }
        self.stop(&mut workers).await;
        Ok(())
    }

    /// Stops without having run: for tests.
    pub async fn close(self) {
        self.shared.stopping.cancel();
        self.stop(&mut JoinSet::new()).await;
    }

    async fn stop(self, workers: &mut JoinSet<()>) {
        while let Some(ended) = workers.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a reconciler ended badly");
            }
        }
        self.shared.work.landed().await;
        work::lease::release(&self.shared).await;
        self.shared.engine.close(self.shared.world.now()).await;
        self.shared.records.clone().close().await;
    }

    /// The first two lines of `serve` are its interface. Whoever started it may have closed their
    /// end: that is no reason not to serve.
    fn announce(&self) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "Plimsoll listens on {}", self.url());
        if let Some(url) = self.setup_url() {
            let _ = writeln!(out, "Set the first password with this one-time link: {url}");
        }
        let _ = out.flush();
    }
}

/// Raises an alarm when the wall clock is behind what is committed already: it was set back, or
/// that of whoever wrote it was ahead. It is followed all the same; to go on from the later instant
/// would keep an error of one clock alive for as long as anything is committed, on every replica.
async fn compare_clock(shared: &State, now: Timestamp) -> Result<(), StartError> {
    let Some(last) = shared.records.last_written_at(shared.scope).await? else { return Ok(()) };
    let behind = Duration::try_from(last.duration_since(now)).unwrap_or_default();
    if behind > world::STEP_MAX {
        tracing::error!(
            behind_s = behind.as_secs(),
            %last,
            "the wall clock is behind the last commit: it was set back, or was ahead then; what \
             follows in one timeline is dated no earlier than what it follows"
        );
    }
    shared.metrics.set_clock_behind(behind);
    Ok(())
}

/// What this process will know of the lease of the tallies. The data directory's lock keeps others
/// from a file in it, and from nothing else.
fn watch(config: &Config, world: &World) -> Watch {
    let me = u128::from_le_bytes(world.bytes());
    let me = format!("{me:032x}");
    match config.location() {
        Location::Sqlite(path) if path.starts_with(&config.data) => Watch::alone(me),
        Location::Sqlite(_) | Location::Postgres(_) => Watch::new(me),
    }
}

/// Resolves when the server was told to stop and the drain has taken too long.
async fn overdue(shared: &Shared) {
    shared.stopping.cancelled().await;
    shared.world.sleep_until(shared.world.now() + DRAIN).await;
}

/// The OpenAPI 3.1 document of the API, as indented JSON.
pub fn openapi() -> String {
    http::openapi()
}
