//! The objective guide: which target fits which use, what a target allows, and ready indicators for
//! common types of service (SLO-05 to SLO-10), and how to deploy while a budget stands so (BUD-19).
//!
//! Invariant: what a target allows is computed from a window and never written down (Z-02); what a
//! further nine costs is text for people (Z-03).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Target;
use super::budget::Status;
use super::tally::{Condition, Part};
use crate::catalog::{Name, Tier};
use crate::time::Minutes;

/// The guide in force is the one of this name.
pub const IN_FORCE: &str = "default";

/// What those who choose an objective look things up in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// Its name.
    pub name: Name,
    /// Targets, loosest first, and what each is for (SLO-07).
    pub targets: Vec<Choice>,
    /// What to begin with (SLO-06).
    pub starting: Vec<Start>,
    /// The strictest target that fits each tier.
    pub tiers: BTreeMap<Tier, Target>,
    /// How often to deploy and how much at a time, in words, by tier and by the status of the
    /// gravest budget (BUD-19).
    #[serde(default)]
    pub cadence: BTreeMap<Tier, BTreeMap<Status, String>>,
    /// What people should consider before they raise a target (SLO-08).
    pub raising: Option<String>,
    /// Types of service, with their indicators (SLO-05).
    pub service_types: Vec<ServiceType>,
}

/// A target, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The target.
    pub target: Target,
    /// What it is for, a few words each.
    pub uses: Vec<String>,
    /// How much it asks of those who keep it.
    pub effort: Option<String>,
}

/// What to begin with, until there is reason for something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Of what it is the objective.
    pub of: String,
    /// The target.
    pub target: Target,
}

/// A type of service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceType {
    /// Its name.
    pub name: Name,
    /// How people call it.
    pub display_name: Option<String>,
    /// Which metrics it is assumed to have.
    pub description: Option<String>,
    /// Its objectives.
    pub objectives: Vec<Preset>,
}

/// An objective for every service of a type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// Its name, which follows the service's.
    pub name: Name,
    /// What it promises, in words.
    pub description: Option<String>,
    /// The target to begin with.
    pub target: Target,
    /// What is measured.
    pub measures: Measures,
}

/// What a preset measures: queries in which [`PLACEHOLDER`] stands for the service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Measures {
    /// Counters of a part and of all events.
    Ratio {
        /// Of what the first is.
        part: Part,
        /// The part.
        query: String,
        /// All events.
        total: String,
    },
    /// A gauge whose samples satisfy a condition.
    Gauge {
        /// The gauge.
        query: String,
        /// Which samples are good.
        condition: Condition,
    },
}

/// What stands for the service in a preset's queries.
pub const PLACEHOLDER: &str = "$service";

impl Guide {
    /// The strictest target that fits a tier, if the guide says so.
    pub fn strictest(&self, tier: Tier) -> Option<Target> {
        self.tiers.get(&tier).copied()
    }

    /// How to deploy a service of that tier while its gravest budget has that status.
    pub fn cadence(&self, tier: Tier, status: Status) -> Option<&str> {
        self.cadence.get(&tier)?.get(&status).map(String::as_str)
    }

    /// The type of service of that name.
    pub fn service_type(&self, name: &str) -> Option<&ServiceType> {
        self.service_types.iter().find(|known| known.name.as_str() == name)
    }
}

/// How long a total outage may last before a target is missed over a window, in microseconds
/// (SLO-09, SLO-10): window × (1 − target), rounded down.
pub fn downtime_us(target: Target, window: Minutes) -> u64 {
    const US_PER_MINUTE: u64 = 60_000_000;
    // At most 2³² × 6·10⁷ × 10⁹, which fits 128 bits, and no more than the window itself after it.
    let window_us = u128::from(u64::from(window.0) * US_PER_MINUTE);
    (window_us * u128::from(target.budget_ppb()) / 1_000_000_000) as u64
}

/// How many of a million events may fail.
pub fn failures_per_million(target: Target) -> f64 {
    f64::from(target.budget_ppb()) / 1_000.0
}

/// How many times smaller the budget becomes from one target to another; below 1 when it grows.
pub fn shrinks(from: Target, to: Target) -> f64 {
    f64::from(from.budget_ppb()) / f64::from(to.budget_ppb())
}

#[cfg(test)]
mod tests;
