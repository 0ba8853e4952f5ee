//! A running server, and requests to it that may never be answered.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, ExitStatus};
use std::sync::Mutex;
use std::time::Duration;

use plimsoll_trials::program::Program;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tokio::time::timeout;

/// How long anything may take before the test says that it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The server.
pub(crate) struct Victim {
    program: Mutex<Program>,
    out: Option<BufReader<ChildStdout>>,
    http: Client,
    pub(crate) url: String,
    pub(crate) token: String,
    /// The file that says that the disk has failed.
    side: Option<PathBuf>,
    /// What was asked for after that, and acknowledged.
    late: Mutex<Vec<String>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) enum Reply {
    /// 2xx, with its body.
    Acknowledged(Value),
    /// Another status, with its body.
    Refused(u16, String),
    /// No answer: it may have been done or not.
    Lost,
}

impl Victim {
    pub(crate) fn new(mut program: Program, token: &str) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let out = BufReader::new(program.out());
        let http = Client::builder().no_proxy().build().unwrap();
        let (url, token) = (String::new(), token.to_owned());
        let program = Mutex::new(program);
        Self { program, out: Some(out), http, url, token, side: None, late: Mutex::default() }
    }

    /// Waits until it says where it listens; false when it ended instead.
    pub(crate) fn listens(&mut self) -> bool {
        let mut line = String::new();
        let out = self.out.as_mut().expect("nobody waits for its end yet");
        out.read_line(&mut line).expect("only text is printed");
        let url = line.trim().strip_prefix("Plimsoll listens on ");
        self.url = url.unwrap_or_default().to_owned();
        url.is_some()
    }

    /// `kill -9`; false when it had ended by itself.
    pub(crate) fn kill(&self) -> bool {
        let mut program = self.program.lock().unwrap();
        let alive = program.is_running();
        program.kill();
        alive
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.program.lock().unwrap().is_running()
    }

    /// From when this file is there on nothing may be acknowledged.
    pub(crate) fn watch(&mut self, side: &Path) {
        self.side = Some(side.to_owned());
    }

    /// What was asked for after that, and acknowledged.
    pub(crate) fn late(&self) -> Vec<String> {
        self.late.lock().unwrap().clone()
    }

    /// Whether a request that is made now comes too late to be acknowledged.
    fn is_late(&self) -> bool {
        self.side.as_ref().is_some_and(|side| side.exists())
    }

    /// What comes back. A request to a server that is gone may be left without an end by the client:
    /// it is lost like any other. One that goes on has to answer.
    async fn reply(&self, request: RequestBuilder) -> Reply {
        match timeout(PATIENCE, reply(request)).await {
            Ok(reply) => reply,
            Err(_) if !self.is_alive() => Reply::Lost,
            Err(_) => panic!("the server goes on and does not answer"),
        }
    }

    fn judge(&self, late: bool, what: &str, reply: Reply) -> Reply {
        if late && matches!(reply, Reply::Acknowledged(_)) {
            self.late.lock().unwrap().push(what.to_owned());
        }
        reply
    }

    /// Waits for its end; none when it goes on.
    pub(crate) async fn ends(&mut self) -> Option<ExitStatus> {
        let mut out = self.out.take().expect("its end is waited for once");
        let closed = tokio::task::spawn_blocking(move || out.read_to_end(&mut Vec::new()));
        timeout(PATIENCE, closed).await.ok()?.unwrap().unwrap();
        Some(self.program.lock().unwrap().wait())
    }

    /// Asks it to end, and waits.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        self.program.lock().unwrap().signal("TERM");
        self.ends().await.expect("it ends when it is told to")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.program.lock().unwrap().id()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    /// A remote-write request, packed.
    pub(crate) async fn write(&self, body: Vec<u8>) -> Reply {
        let late = self.is_late();
        let reply = self.reply(self.packed(body)).await;
        self.judge(late, "a write", reply)
    }

    /// The same, with the answer as it came.
    pub(crate) async fn write_raw(&self, body: Vec<u8>) -> Response {
        self.packed(body).send().await.unwrap()
    }

    fn packed(&self, body: Vec<u8>) -> RequestBuilder {
        self.request(Method::POST, "/api/v1/write")
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .body(body)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let late = self.is_late();
        let reply = self.reply(self.request(Method::POST, path).json(body)).await;
        self.judge(late, path, reply)
    }

    /// The answer to a question, once it can be given.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let ask = async {
            loop {
                match reply(self.request(Method::GET, path)).await {
                    Reply::Acknowledged(value) => return value,
                    Reply::Refused(503, _) => {}
                    other @ (Reply::Refused(..) | Reply::Lost) => panic!("GET {path}: {other:?}"),
                }
            }
        };
        timeout(PATIENCE, ask).await.expect("it starts")
    }

    /// All pages of a list.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut page = self.get(&format!("{path}?limit=500{cursor}")).await;
            items.append(page["items"].as_array_mut().unwrap());
            let Some(next) = page["next_cursor"].as_str() else { return items };
            cursor = format!("&cursor={next}");
        }
    }
}

async fn reply(request: RequestBuilder) -> Reply {
    let Ok(response) = request.send().await else { return Reply::Lost };
    let status = response.status();
    // The status alone is the acknowledgement; a body that is cut off takes nothing of it back.
    let body = response.text().await.unwrap_or_default();
    if status.is_success() {
        Reply::Acknowledged(serde_json::from_str(&body).unwrap_or(Value::Null))
    } else {
        Reply::Refused(status.as_u16(), body)
    }
}
