//! One replica: its process, which may crash at every turn, and its data directory, which stays.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use plimsoll_server::config::Config;
use plimsoll_server::world::{Clock, SeededRng, Stage, Waiting, World};
use plimsoll_server::{App, Reconciler};
use plimsoll_trials::dice::Dice;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use super::clerk::Errand;
use super::receivers::Receivers;
use super::senders::Sample;
use super::times::Times;

/// What the director set going.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    Pass(Reconciler),
    Write(Sample),
    Errand(Errand, String),
}

/// How it ended.
pub(super) enum Ended {
    Passed(anyhow::Result<Option<Timestamp>>),
    Answered(StatusCode, Value),
}

/// A replica, up or down.
pub(super) struct Replica {
    pub(super) index: usize,
    config: Config,
    token: String,
    times: Times,
    receivers: Receivers,
    dice: Dice,
    starts: u64,
    pub(super) process: Option<Process>,
}

/// What a crash takes away. Tasks are dropped with the runtime, which goes on only while one of its
/// acts does.
pub(super) struct Process {
    /// Of all processes of the history.
    pub(super) number: u64,
    app: App,
    router: Router,
    runtime: Runtime,
    pub(super) stage: Arc<Stage>,
    pub(super) clock: Arc<dyn Clock>,
    token: String,
    acts: BTreeMap<u64, (Doing, JoinHandle<Ended>)>,
    /// Until when flights hang, by the true time.
    pub(super) held_until_ms: BTreeMap<u64, u64>,
    /// When the acts that the director set going began, by its clock.
    pub(super) began_at: BTreeMap<u64, Timestamp>,
    /// The claims that acts have made, in their order.
    pub(super) claims: BTreeMap<u64, usize>,
    /// When each reconciler wants to run.
    pub(super) due_at: [Option<Timestamp>; Reconciler::ALL.len()],
}

impl Replica {
    pub(super) fn new(
        index: usize,
        (data, store): (PathBuf, PathBuf),
        token: String,
        (times, receivers): (Times, Receivers),
        mut dice: Dice,
    ) -> Self {
        let mut config = Config { data, ..Config::default() };
        config.store = Some(format!("sqlite:{}", store.display()).parse().unwrap());
        config.public_url = Some("http://plimsoll.test".to_owned());
        config.disk.reserve_bytes = 0;
        config.tallies.checkpoint_bytes = dice.pick(&[1 << 10, 8 << 10, 1 << 20]);
        Self { index, config, token, times, receivers, dice, starts: 0, process: None }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Starts a process, uninterrupted.
    pub(super) fn start(&mut self) {
        assert!(self.process.is_none(), "one process at a time");
        self.starts += 1;
        let number = self.starts * 2 + self.index as u64;
        let clock: Arc<dyn Clock> = Arc::new(self.times.clock(self.index));
        let (receivers, theirs) = (self.receivers.clone(), clock.clone());
        let stage =
            Stage::new(move |act, request| receivers.answer(number, theirs.as_ref(), act, request));
        let rng = Arc::new(SeededRng::new(self.dice.seed()));
        let world = World::new(clock.clone(), rng).on(stage.clone());
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let app = runtime.block_on(async {
            let app = Box::pin(App::build(self.config.clone(), world)).await.unwrap();
            app.opened().await;
            app
        });
        let router = app.router();
        self.process = Some(Process {
            number,
            app,
            router,
            runtime,
            stage,
            clock,
            token: self.token.clone(),
            acts: BTreeMap::new(),
            held_until_ms: BTreeMap::new(),
            began_at: BTreeMap::new(),
            claims: BTreeMap::new(),
            due_at: Default::default(),
        });
    }

    /// Ends the process as `kill -9` does.
    pub(super) fn crash(&mut self) {
        let Process { app, router, runtime, acts, .. } = self.process.take().unwrap();
        let thread = app.abandon();
        drop((router, acts));
        drop(runtime);
        thread.unwrap().join().unwrap();
    }

    /// Ends it as it should end; nothing it does is left unfinished.
    pub(super) fn stop(&mut self) {
        let Process { app, router, runtime, acts, stage, .. } = self.process.take().unwrap();
        assert!(acts.is_empty() && stage.waiting().is_empty(), "unfinished");
        drop(router);
        runtime.block_on(app.close());
    }
}

impl Process {
    /// Sets something going, up to its first turn.
    pub(super) fn begin(&mut self, doing: Doing) -> u64 {
        let what = match &doing {
            Doing::Pass(_) => "pass",
            Doing::Write(_) => "write",
            Doing::Errand(..) => "errand",
        };
        let (act, handle) = match &doing {
            Doing::Pass(reconciler) => {
                let pass = self.app.pass(*reconciler);
                let (act, played) = self.stage.act(what, async move { Ended::Passed(pass.await) });
                (act, self.runtime.spawn(played))
            }
            Doing::Write(sample) => self.spawn_request(what, sample.request()),
            Doing::Errand(errand, name) => {
                let body = errand.body(name).to_string();
                self.spawn_request(what, post(errand.path(), body))
            }
        };
        self.acts.insert(act, (doing, handle));
        self.runtime.block_on(self.stage.quiet());
        act
    }

    fn spawn_request(
        &self,
        what: &'static str,
        request: Request<Body>,
    ) -> (u64, JoinHandle<Ended>) {
        let asked = ask(self.router.clone(), signed(request, &self.token));
        let (act, played) = self.stage.act(what, async move {
            let (status, answer) = asked.await;
            Ended::Answered(status, answer)
        });
        (act, self.runtime.spawn(played))
    }

    /// Lets an act go on to its next turn.
    pub(super) fn release(&self, act: u64) {
        self.stage.release(act);
        self.runtime.block_on(self.stage.quiet());
    }

    /// The acts that have ended since it was last asked, in the order in which they began.
    pub(super) fn ended(&mut self) -> Vec<(u64, Doing, Ended)> {
        let gone: Vec<u64> =
            self.acts.keys().copied().filter(|act| !self.stage.has(*act)).collect();
        let ended = gone.into_iter().map(|act| {
            let (doing, handle) = self.acts.remove(&act).unwrap();
            (act, doing, self.runtime.block_on(handle).unwrap())
        });
        ended.collect()
    }

    /// What it is doing, if the director set it going.
    pub(super) fn doing(&self, act: u64) -> Option<&Doing> {
        self.acts.get(&act).map(|(doing, _)| doing)
    }

    pub(super) fn is_doing(&self, reconciler: Reconciler) -> bool {
        let same = |doing: &Doing| matches!(doing, Doing::Pass(busy) if *busy == reconciler);
        self.acts.values().any(|(doing, _)| same(doing))
    }

    pub(super) fn waiting(&self) -> Vec<Waiting> {
        self.stage.waiting()
    }

    pub(super) fn is_tallying(&self) -> bool {
        self.app.is_tallying()
    }

    /// Asks without turns.
    pub(super) fn ask(&self, request: Request<Body>) -> (StatusCode, Value) {
        self.runtime.block_on(ask(self.router.clone(), signed(request, &self.token)))
    }

    /// The JSON of a GET that succeeds.
    pub(super) fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask(Request::get(path).body(Body::empty()).unwrap());
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
        answer
    }
}

/// A JSON body.
pub(super) fn post(path: &str, body: String) -> Request<Body> {
    let request = Request::post(path).header("content-type", "application/json");
    request.body(Body::from(body)).unwrap()
}

fn signed(mut request: Request<Body>, token: &str) -> Request<Body> {
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert("authorization", value);
    request
}

async fn ask(router: Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
