//! Everything that was declared, resolved: the snapshot that all of Plimsoll acts on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alert::tiers::{self, Tiers};
use crate::catalog::{Name, Service, Team};
use crate::notify::Receiver;
use crate::release::gate;
use crate::slo::burn::Severity;
use crate::slo::guide::{self, Guide};
use crate::slo::selector::Labels;
use crate::slo::violation::KnownViolation;
use crate::slo::{Slo, burn};

/// The error-budget policy of services that name none.
pub const DEFAULT_BUDGET_POLICY: &str = "default";

/// A target to scrape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScrapeTarget {
    /// Its name; also its `job` label unless `labels` sets one.
    pub name: Name,
    /// The URL of its metrics.
    pub url: String,
    /// Seconds between scrapes, 1 to 300.
    pub interval_seconds: u32,
    /// Labels put on every series.
    pub labels: Labels,
}

/// All definitions in force.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Definitions {
    /// Services by name.
    pub services: BTreeMap<Name, Service>,
    /// Teams by name.
    pub teams: BTreeMap<Name, Team>,
    /// SLOs by name.
    pub slos: BTreeMap<Name, Slo>,
    /// Burn policies by name; the presets are among them.
    pub burn_policies: BTreeMap<Name, burn::Policy>,
    /// Receivers by name.
    pub receivers: BTreeMap<Name, Receiver>,
    /// Scrape targets by name.
    pub scrape_targets: BTreeMap<Name, ScrapeTarget>,
    /// Error-budget policies by name; `default` is among them.
    pub budget_policies: BTreeMap<Name, gate::Policy>,
    /// Objective guides by name; the one in force is `default`.
    pub objective_guides: BTreeMap<Name, Guide>,
    /// Alert tiers by name; those in force are `default`.
    pub alert_tiers: BTreeMap<Name, Tiers>,
    /// Known violations by name.
    pub known_violations: BTreeMap<Name, KnownViolation>,
}

impl Definitions {
    /// The SLOs of one service, by name.
    pub fn slos_of<'a>(&'a self, service: &'a Name) -> impl Iterator<Item = &'a Slo> {
        self.slos.values().filter(move |slo| slo.service == *service)
    }

    /// The objective guide in force.
    pub fn objective_guide(&self) -> Option<&Guide> {
        self.objective_guides.get(guide::IN_FORCE)
    }

    /// Whether receivers are told of alerts of that severity.
    pub fn tells(&self, severity: Severity) -> bool {
        tiers::tells(self.alert_tiers.get(tiers::IN_FORCE), severity)
    }

    /// The error-budget policy that a service names, else the one named `default`.
    pub fn budget_policy_of(&self, service: &Name) -> Option<&gate::Policy> {
        let named = self.services.get(service).and_then(|service| service.budget_policy.as_ref());
        self.budget_policies.get(named.map_or(DEFAULT_BUDGET_POLICY, Name::as_str))
    }

    /// The owner of a service, if it has one.
    pub fn owner_of(&self, service: &Name) -> Option<&Name> {
        self.services.get(service)?.owner.as_ref()
    }
}
