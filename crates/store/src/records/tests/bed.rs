//! A test bed: fresh records on one database, and the things to put into them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use plimsoll_domain::alert::{Alert, Evidence, Kind, Phase, Transition};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::{Id, Noun};
use plimsoll_domain::notify::{ChannelName, Notification};
use plimsoll_domain::release::gate::{Decision, Facts, Outcome, Policy, Verdict};
use plimsoll_domain::release::{Artifact, ChangeClass, Deployment};
use plimsoll_domain::slo::budget::Marks;
use plimsoll_domain::slo::burn::Severity;
use plimsoll_domain::slo::ledger::Attribution;
use plimsoll_domain::time::Timestamp;
use plimsoll_trials::postgres;
use tempfile::TempDir;

use crate::records::{
    Clash, CommitError, Effects, Entry, Location, PageRequest, Read, Records, Scope, Write,
};

/// The first page, long enough for all that a test stores.
pub(super) const FIRST_PAGE: PageRequest = PageRequest { limit: 1_000, cursor: None };

pub(crate) struct Bed {
    pub(crate) records: Records,
    pub(crate) scope: Scope,
    pub(crate) location: Location,
    ids: AtomicU64,
    dir: Option<TempDir>,
}

/// An empty place on each database at hand; `name` is the test's own.
pub(crate) async fn fresh_locations(name: &str) -> Vec<(Option<TempDir>, Location)> {
    let dir = tempfile::tempdir().unwrap();
    let sqlite = Location::Sqlite(dir.path().join("records.db"));
    let mut locations = vec![(Some(dir), sqlite)];
    locations.extend(postgres::schema(name).map(|url| (None, url.parse().unwrap())));
    locations
}

impl Bed {
    /// A bed on SQLite alone, for what only SQLite can show.
    pub(crate) async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(dir.path().join("records.db"));
        Self::on(location, Some(dir)).await
    }

    /// A bed on each database at hand; `name` is the test's own.
    pub(crate) async fn each(name: &str) -> Vec<Self> {
        let mut beds = Vec::new();
        for (dir, location) in fresh_locations(name).await {
            beds.push(Self::on(location, dir).await);
        }
        beds
    }

    pub(super) async fn on(location: Location, dir: Option<TempDir>) -> Self {
        let records = Records::open(&location).await.unwrap();
        let scope = records.organisation(Id::fresh(1, [1; 10]), at(0)).await.unwrap();
        Self { records, scope, location, ids: AtomicU64::new(1), dir }
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self.location, Location::Postgres(_))
    }

    /// The directory of a bed on SQLite.
    pub(super) fn dir(&self) -> &Path {
        self.dir.as_ref().expect("only a bed on SQLite has one").path()
    }

    /// Another handle on the same database, as another process would have it.
    pub(crate) async fn open_again(&self) -> Records {
        Records::open(&self.location).await.unwrap()
    }

    /// The same database with another handle, after this one's was closed.
    pub(super) async fn reopened(self) -> Self {
        let records = self.open_again().await;
        Self { records, ..self }
    }

    /// An id that this bed has not given yet; later ones are greater.
    pub(super) fn id<N: Noun>(&self) -> Id<N> {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        Id::fresh(number, [7; 10])
    }

    pub(crate) async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        self.commit_reckoned(Vec::new(), writes).await
    }

    pub(super) async fn commit_reckoned(
        &self,
        reads: Vec<Read>,
        writes: Vec<Write>,
    ) -> Result<(), CommitError> {
        self.records.commit(Effects { scope: self.scope, writes, reads }).await
    }

    pub(super) fn alert(&self, slo: &str, opened_at: Timestamp) -> Alert {
        Alert {
            id: self.id(),
            ordinal: u32::try_from(self.ids.load(Ordering::Relaxed)).unwrap(),
            kind: Kind::Burn,
            slo: name(slo),
            service: name("checkout"),
            severity: Severity::Page,
            phase: Phase::Firing,
            opened_at,
            firing_since: opened_at,
            escalated_at: None,
            closed_at: None,
            ending: None,
            transitions: 1,
            bad_since: None,
            evidence: Evidence {
                summary: "burning at 14.4".to_owned(),
                arms: Vec::new(),
                budget_remaining: Some(0.1 + 0.2),
                watermark: Some(opened_at),
            },
        }
    }

    pub(super) fn notification(&self, created_at: Timestamp) -> Notification {
        let alert = self.alert("checkout-availability", created_at);
        Notification::new(
            &alert,
            Transition::Opened,
            &name("pager"),
            &ChannelName::Webhook,
            created_at,
        )
    }

    pub(super) fn entry(&self, subject: &str, at: Timestamp) -> Entry {
        Entry {
            id: self.id(),
            subject: subject.to_owned(),
            at,
            event: "alert_opened".to_owned(),
            message: "the budget burns".to_owned(),
            actor: None,
        }
    }

    pub(super) fn deployment(&self, service: &str, deployed_at: Timestamp) -> Deployment {
        Deployment {
            id: self.id(),
            service: name(service),
            environment: name("production"),
            artifact: Artifact::parse("sha256:0123").unwrap(),
            version: Some("1.2.3".to_owned()),
            commit: None,
            class: ChangeClass::Feature,
            deployed_at,
            recorded_by: "ci".to_owned(),
        }
    }

    pub(super) fn decision(&self, service: &str, decided_at: Timestamp) -> Decision {
        Decision {
            id: self.id(),
            engine: "table/1".to_owned(),
            facts: Facts {
                as_of: decided_at,
                service: name(service),
                owner: None,
                tier: None,
                environment: name("production"),
                artifact: Artifact::parse("sha256:0123").unwrap(),
                class: ChangeClass::Rollback,
                slos: Vec::new(),
                alerts: Vec::new(),
                strained: Vec::new(),
            },
            policy: Policy {
                name: name("default"),
                marks: Marks::PRACTICE,
                escalate: None,
                unused: None,
                strain: None,
                allowances: Vec::new(),
                reserved: Vec::new(),
                attribution: Attribution::default(),
                rules: BTreeMap::new(),
                unmeasured_max: 0.1,
                unmeasured_verdict: Verdict::Deny,
                valid_minutes: 60,
                enforced_environments: Vec::new(),
            },
            outcome: Outcome { verdict: Verdict::Deny, reasons: Vec::new() },
            enforced: true,
            decided_at,
            expires_at: decided_at,
            asked_by: "ci".to_owned(),
        }
    }
}

pub(super) fn closed(alert: Alert) -> Alert {
    Alert { phase: Phase::Closed, ..alert }
}

pub(super) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// So many seconds after a fixed instant.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

/// Whether a commit was refused because something had moved on.
pub(super) fn conflicts(result: &Result<(), CommitError>) -> bool {
    matches!(result, Err(CommitError::Conflict { .. }))
}

/// Whether a commit was refused because of exactly that.
pub(super) fn clashes(result: &Result<(), CommitError>, clash: &Clash) -> bool {
    matches!(result, Err(CommitError::Conflict(found)) if found == clash)
}
