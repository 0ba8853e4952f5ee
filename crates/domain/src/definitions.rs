//! Everything that was declared, resolved: the snapshot that all of Plimsoll acts on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Name, Service, Team};
use crate::notify::Receiver;
use crate::release::gate;
use crate::slo::selector::Labels;
use crate::slo::{Slo, burn};

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
}

impl Definitions {
    /// The SLOs of one service, by name.
    pub fn slos_of<'a>(&'a self, service: &'a Name) -> impl Iterator<Item = &'a Slo> {
        self.slos.values().filter(move |slo| slo.service == *service)
    }

    /// The owner of a service, if it has one.
    pub fn owner_of(&self, service: &Name) -> Option<&Name> {
        self.services.get(service)?.owner.as_ref()
    }
}
