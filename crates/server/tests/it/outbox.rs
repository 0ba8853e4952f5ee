//! What others have left in the records: an alert that opens and closes, and what is owed for it.
//! Nothing evaluates; what happens, happens when the test says so.

use std::sync::Mutex;

use jiff::Timestamp;
use plimsoll_domain::alert::{Alert, Evidence, Kind, Phase, Transition};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::AlertId;
use plimsoll_domain::notify::{ChannelName, Notification};
use plimsoll_domain::slo::burn::Severity;
use plimsoll_server::world::{Clock as _, SimClock};
use plimsoll_store::{Effects, Location, Records, Scope, Write};
use serde_json::Value;

use crate::it::harness::{Site, TestServer, start};

/// A receiver of everything, called `everyone`; `channels` are lines of its `spec`.
pub(crate) fn receiver(channels: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1\nkind: Receiver\nmetadata: {{name: everyone}}\n\
         spec:\n  default: true\n{channels}"
    )
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// The one alert, before it opens.
fn unopened() -> Alert {
    Alert {
        ending: None,
        id: AlertId::fresh(0, [1; 10]),
        ordinal: 1,
        kind: Kind::Burn,
        slo: name("checkout-availability"),
        service: name("checkout"),
        severity: Severity::Page,
        phase: Phase::Firing,
        opened_at: start(),
        firing_since: start(),
        escalated_at: None,
        closed_at: None,
        transitions: 0,
        bad_since: None,
        evidence: Evidence {
            summary: "5 % of requests failed".to_owned(),
            arms: Vec::new(),
            budget_remaining: Some(0.4),
            watermark: Some(start()),
        },
    }
}

/// The records of a server, held beside it as another replica holds them.
pub(crate) struct Outbox {
    records: Records,
    scope: Scope,
    clock: std::sync::Arc<SimClock>,
    alert: Mutex<Alert>,
}

impl Outbox {
    pub(crate) async fn open(site: &Site) -> Self {
        std::fs::create_dir_all(&site.config.data).unwrap();
        let location = Location::Sqlite(site.config.data.join("records.db"));
        let records = Records::open(&location).await.unwrap();
        let scope = records.organisation(site.world.fresh(start()), start()).await.unwrap();
        Self { records, scope, clock: site.clock.clone(), alert: Mutex::new(unopened()) }
    }

    /// The alert as it stands.
    pub(crate) fn alert(&self) -> Alert {
        self.alert.lock().unwrap().clone()
    }

    /// It explains itself with these words.
    pub(crate) fn says(&self, summary: &str) {
        self.alert.lock().unwrap().evidence.summary = summary.to_owned();
    }

    /// It opens, or opens again, and is owed over these channels.
    pub(crate) async fn opens(&self, channels: &[ChannelName]) {
        let now = self.clock.now();
        let mut alert = self.alert();
        alert.phase = Phase::Firing;
        (alert.firing_since, alert.closed_at) = (now, None);
        let is_first = alert.transitions == 0;
        let transition = if is_first { Transition::Opened } else { Transition::Reopened };
        self.steps(alert, transition, channels, now).await;
    }

    /// It closes.
    pub(crate) async fn closes(&self, channels: &[ChannelName]) {
        let now = self.clock.now();
        let mut alert = self.alert();
        (alert.phase, alert.closed_at) = (Phase::Closed, Some(now));
        self.steps(alert, Transition::Closed, channels, now).await;
    }

    async fn steps(
        &self,
        mut alert: Alert,
        transition: Transition,
        channels: &[ChannelName],
        now: Timestamp,
    ) {
        let expected = Some(u64::from(alert.transitions)).filter(|version| *version > 0);
        alert.transitions += 1;
        let mut writes = vec![Write::Alert { expected, alert: alert.clone() }];
        writes.extend(channels.iter().map(|channel| {
            let everyone = name("everyone");
            Write::Owe(Notification::new(&alert, transition, &everyone, channel, now))
        }));
        let effects = Effects { scope: self.scope, writes, reads: Vec::new() };
        self.records.commit(effects).await.unwrap();
        *self.alert.lock().unwrap() = alert;
    }

    /// What the alert's timeline says, `event: message`.
    pub(crate) async fn timeline(&self, server: &TestServer) -> Vec<String> {
        let alert = server.get(&format!("/api/v1/alerts/{}", self.alert().id)).await;
        let entries = alert.get("timeline").and_then(Value::as_array).cloned().unwrap_or_default();
        let line = |it: &Value| format!("{}: {}", it["event"], it["message"]).replace('"', "");
        entries.iter().map(line).collect()
    }
}
