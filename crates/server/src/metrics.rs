//! The server's own metrics, in OpenMetrics text.
//!
//! Labels are route templates and statuses, never what a caller chose, so their number is bounded.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use plimsoll_store::Balance;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::app::engine::{Figures, WriteOutcome};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

type Count = Gauge<u64, AtomicU64>;

/// Every metric, and the registry that writes them.
pub(crate) struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<RequestLabels, Counter>,
    samples: Family<OutcomeLabels, Counter>,
    scrapes: Family<OutcomeLabels, Counter>,
    forwarded: Family<OutcomeLabels, Counter>,
    clock_behind: Count,
    evaluations: Counter,
    notifications: Family<OutcomeLabels, Count>,
    sealed: Count,
    unsealed: Count,
    sealing_failures: Counter,
    series: Count,
    log_bytes: Count,
    checkpoints_failed: Count,
    unreadable_days: Count,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("plimsoll")),
            requests: Family::default(),
            samples: Family::default(),
            scrapes: Family::default(),
            forwarded: Family::default(),
            clock_behind: Count::default(),
            evaluations: Counter::default(),
            notifications: Family::default(),
            sealed: Count::default(),
            unsealed: Count::default(),
            sealing_failures: Counter::default(),
            series: Count::default(),
            log_bytes: Count::default(),
            checkpoints_failed: Count::default(),
            unreadable_days: Count::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&self) {
        let mut registry = self.registry();
        let requests = self.requests.clone();
        registry.register("http_requests", "Requests by route template and status", requests);
        let samples = self.samples.clone();
        registry.register("samples", "Samples received, by what became of them", samples);
        registry.register("scrapes", "Scrapes by outcome", self.scrapes.clone());
        let help = "Requests forwarded to the replica that tallies, by whether it answered";
        registry.register("forwarded", help, self.forwarded.clone());
        let help = "Seconds by which the clock was behind what was committed, at the start";
        registry.register("clock_behind_seconds", help, self.clock_behind.clone());
        let help = "SLOs evaluated: each sweep reads all windows of every SLO once";
        registry.register("slo_evaluations", help, self.evaluations.clone());
        let notifications = self.notifications.clone();
        let help = "Notifications: owed = accepted + superseded + undeliverable + pending";
        registry.register("notifications", help, notifications);
        registry.register("sealed", "Rows of history that are sealed", self.sealed.clone());
        let help = "Rows of history that waited when the sealer last looked";
        registry.register("unsealed", help, self.unsealed.clone());
        let failures = self.sealing_failures.clone();
        registry.register("sealing_failures", "Times that history was not sealed", failures);
        registry.register("series", "Series that count in some tally", self.series.clone());
        registry.register("log_bytes", "Bytes of the sample log", self.log_bytes.clone());
        let failed = self.checkpoints_failed.clone();
        let help = "Checkpoints that could not be written, since the start";
        registry.register("checkpoints_failed", help, failed);
        let help = "Questions that met a sealed day that cannot be read, since the start";
        registry.register("unreadable_days", help, self.unreadable_days.clone());
    }

    fn registry(&self) -> std::sync::MutexGuard<'_, Registry> {
        self.registry.lock().expect("no holder of the registry panics")
    }

    /// One request was answered.
    pub(crate) fn count_request(&self, method: &str, route: &str, status: u16) {
        let (method, route) = (method.to_owned(), route.to_owned());
        self.requests.get_or_create(&RequestLabels { method, route, status }).inc();
    }

    /// One scrape ended.
    pub(crate) fn count_scrape(&self, good: bool) {
        let outcome = if good { "ok" } else { "failed" };
        self.scrapes.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// One request was forwarded to the replica that tallies.
    pub(crate) fn count_forwarded(&self, answered: bool) {
        let outcome = if answered { "answered" } else { "unanswered" };
        self.forwarded.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// The clock was that far behind what was committed, when the process started.
    pub(crate) fn set_clock_behind(&self, behind: Duration) {
        self.clock_behind.set(behind.as_secs());
    }

    /// A sweep read so many SLOs.
    pub(crate) fn count_evaluations(&self, slos: usize) {
        self.evaluations.inc_by(slos as u64);
    }

    /// What the sealer found.
    pub(crate) fn set_sealing(&self, sealed: u64, unsealed: u64) {
        self.sealed.set(sealed);
        self.unsealed.set(unsealed);
    }

    /// The sealer failed.
    pub(crate) fn count_sealing_failure(&self) {
        self.sealing_failures.inc();
    }

    /// A batch was taken.
    pub(crate) fn count_samples(&self, counts: WriteOutcome) {
        for (outcome, count) in named(counts) {
            self.samples.get_or_create(&OutcomeLabels { outcome }).inc_by(count);
        }
    }

    /// What became of all samples since the start.
    pub(crate) fn samples(&self) -> WriteOutcome {
        let count = |outcome| self.samples.get_or_create(&OutcomeLabels { outcome }).get();
        WriteOutcome {
            accepted: count("accepted"),
            undeclared: count("undeclared"),
            duplicate_or_late: count("duplicate_or_late"),
            future: count("future"),
            over_cap: count("over_cap"),
            not_elected: count("not_elected"),
            unfit: count("unfit"),
        }
    }

    /// All metrics as OpenMetrics text, with the figures of this moment.
    pub(crate) fn encode(
        &self,
        balance: Balance,
        figures: Figures,
    ) -> Result<String, std::fmt::Error> {
        let counts = [
            ("owed", balance.owed),
            ("accepted", balance.accepted),
            ("superseded", balance.superseded),
            ("undeliverable", balance.undeliverable),
            ("pending", balance.pending),
        ];
        for (outcome, count) in counts {
            self.notifications.get_or_create(&OutcomeLabels { outcome }).set(count);
        }
        self.series.set(figures.series);
        self.log_bytes.set(figures.log_bytes);
        self.checkpoints_failed.set(figures.checkpoints_failed);
        self.unreadable_days.set(figures.unreadable);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry())?;
        Ok(text)
    }
}

fn named(counts: WriteOutcome) -> [(&'static str, u64); 7] {
    let WriteOutcome {
        accepted,
        undeclared,
        duplicate_or_late,
        future,
        over_cap,
        not_elected,
        unfit,
    } = counts;
    [
        ("accepted", accepted),
        ("undeclared", undeclared),
        ("duplicate_or_late", duplicate_or_late),
        ("future", future),
        ("over_cap", over_cap),
        ("not_elected", not_elected),
        ("unfit", unfit),
    ]
}
