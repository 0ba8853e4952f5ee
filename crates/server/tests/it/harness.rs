//! A server in a fresh data directory, and the peers it talks to.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::access::Role;
use plimsoll_server::App;
use plimsoll_server::app::tokens;
use plimsoll_server::config::Config;
use plimsoll_server::world::{Clock, SeededRng, SimClock, World};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// When every scenario begins.
pub(crate) fn start() -> Timestamp {
    "2026-11-20T06:00:00Z".parse().unwrap()
}

/// A data directory and the world a server lives in, before it is started.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) clock: Arc<SimClock>,
    pub(crate) world: World,
    /// Where it is served; a free port of loopback, when none is given.
    pub(crate) listener: Option<TcpListener>,
    dir: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config { data: dir.path().join("data"), ..Config::default() };
        config.public_url = Some("http://plimsoll.test".to_owned());
        config.outbound.allow_loopback = true;
        let clock = Arc::new(SimClock::new(start()));
        let world = World::new(clock.clone(), Arc::new(SeededRng::new(1)));
        Self { config, clock, world, listener: None, dir }
    }

    /// A file beside the data directory.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The same, reached by other replicas.
    pub(crate) async fn advertised(mut self) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.config.advertise_url = Some(format!("http://{}/", listener.local_addr().unwrap()));
        self.listener = Some(listener);
        self
    }

    pub(crate) async fn start(mut self) -> TestServer {
        let world = &self.world;
        let admin = tokens::create_offline(&self.config, world, "admin", Role::Admin).await;
        let app = App::build(self.config.clone(), self.world.clone()).await.unwrap();
        app.opened().await;
        let (url, serving) = match self.listener.take() {
            Some(listener) => serve_at(listener, app.router()),
            None => serve(app.router()).await,
        };
        let serving = Serving(serving);
        TestServer { app, url, http: client(), admin: admin.unwrap(), serving, site: self }
    }
}

/// A running server.
pub(crate) struct TestServer {
    pub(crate) app: App,
    pub(crate) url: String,
    pub(crate) http: Client,
    pub(crate) admin: String,
    pub(crate) site: Site,
    serving: Serving,
}

/// The task that answers; it ends with its server.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Site::new().start().await
    }

    /// Stops it and starts it again on the same data directory.
    pub(crate) async fn restart(self) -> Self {
        let Self { app, http, admin, site, serving, .. } = self;
        drop(serving);
        app.close().await;
        let app = App::build(site.config.clone(), site.world.clone()).await.unwrap();
        app.opened().await;
        let (url, serving) = serve(app.router()).await;
        Self { app, url, http, admin, site, serving: Serving(serving) }
    }

    /// Stops it; what is left is its data and its world.
    pub(crate) async fn stop(self) -> Site {
        drop(self.serving);
        self.app.close().await;
        self.site
    }

    /// Lets time pass: every reconciler runs at every instant it asked for.
    pub(crate) async fn advance(&self, by: SignedDuration) {
        let until = self.site.clock.now() + by;
        loop {
            let next = self.app.settle().await.unwrap();
            match next.filter(|at| *at <= until) {
                Some(at) => self.site.clock.set(at),
                None if self.site.clock.now() < until => self.site.clock.set(until),
                None => return,
            }
        }
    }

    /// Answers nobody any more, as a process that stands still; what it holds it keeps.
    pub(crate) fn fall_silent(&self) {
        self.serving.0.abort();
    }

    /// A request without credentials.
    pub(crate) fn anonymous(&self, method: &str, path: &str) -> RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }

    /// A request of the admin's token.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.anonymous(method, path).bearer_auth(&self.admin)
    }

    /// The JSON of a GET that succeeds.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.request("GET", path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "GET {path}");
        response.json().await.unwrap()
    }

    /// Status and JSON of a POST.
    pub(crate) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        answer(self.request("POST", path).json(&body)).await
    }

    /// A new token of a role.
    pub(crate) async fn token(&self, role: &str) -> String {
        let (status, token) =
            self.post("/api/v1/tokens", json!({"name": role, "role": role})).await;
        assert_eq!(status, StatusCode::CREATED);
        token["secret"].as_str().unwrap().to_owned()
    }

    /// Applies documents that have no errors; the report.
    pub(crate) async fn apply(&self, yaml: &str) -> Value {
        let (status, report) = self.post("/api/v1/definitions/apply", submission(yaml)).await;
        assert_eq!(status, StatusCode::OK, "{report}");
        assert_eq!(report["applied"], true, "{report:#}");
        report
    }
}

/// One file.
pub(crate) fn submission(yaml: &str) -> Value {
    json!({"files": [{"path": "test.yaml", "text": yaml}]})
}

/// Status and JSON of a request; `null` without a body.
pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let bytes = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// Serves a router on a free loopback port.
pub(crate) async fn serve(router: axum::Router) -> (String, JoinHandle<()>) {
    serve_at(TcpListener::bind("127.0.0.1:0").await.unwrap(), router)
}

fn serve_at(listener: TcpListener, router: axum::Router) -> (String, JoinHandle<()>) {
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, serving)
}

fn client() -> Client {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// A service, owned by nobody.
pub(crate) const CHECKOUT: &str = r"
apiVersion: openslo/v1
kind: Service
metadata: {name: checkout}
spec: {description: Takes orders.}
";

/// The service and an SLO over an SLI of its own.
pub(crate) fn slo(name: &str, sli: &str, objective: &str) -> String {
    format!(
        "{CHECKOUT}---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}}}
spec:
  service: checkout
  indicator: {{spec: {sli}}}
  timeWindow: [{{duration: 30d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{objective}]
"
    )
}

/// The service and its SLO.
pub(crate) const CHECKOUT_SLO: &str = r#"
apiVersion: openslo/v1
kind: Service
metadata: {name: checkout}
spec: {description: Takes orders.}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout-availability}
spec:
  service: checkout
  indicator:
    metadata: {name: checkout-requests}
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            spec: {query: 'sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m]))'}
        total:
          metricSource:
            spec: {query: 'sum(rate(http_requests_total{job="checkout"}[5m]))'}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
"#;
