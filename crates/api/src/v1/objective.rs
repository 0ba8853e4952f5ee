//! Choosing an objective: what targets allow, and indicators for common types of service.

use plimsoll_domain::slo::Target as Objective;
use plimsoll_domain::slo::guide::{self, Guide};
use plimsoll_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::definition::Provenance;

/// The objective guide in force, and what its targets allow over a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Targets {
    /// The window that everything here is computed for: `30d`.
    pub window: String,
    /// Its length in minutes.
    pub window_minutes: u32,
    /// The ObjectiveGuide, and whose it is.
    pub guide: Provenance,
    /// Targets to choose from, loosest first.
    pub targets: Vec<Target>,
    /// What to begin with.
    pub starting: Vec<Start>,
    /// The strictest target that fits each tier.
    pub tiers: Vec<TierTarget>,
    /// A rule of thumb about raising a target; text, from which nothing is computed.
    pub raising: Option<String>,
    /// Types of service with ready indicators.
    pub service_types: Vec<ServiceType>,
}

/// A target, what it is for, and what it allows over the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Target {
    /// The share of events that must be good.
    pub target: f64,
    /// What it is for.
    pub uses: Vec<String>,
    /// How much it asks of those who keep it.
    pub effort: Option<String>,
    /// What it allows.
    pub allows: Allowance,
    /// How many times smaller the budget is than that of the target before it.
    pub shrinks: Option<f64>,
}

/// What a target allows over the window, computed from both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Allowance {
    /// Seconds of total outage at even traffic.
    pub downtime_seconds: f64,
    /// Failures among a million events.
    pub failures_per_million: f64,
}

/// What to begin with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Start {
    /// Of what it is the objective.
    pub of: String,
    /// The share of events that must be good.
    pub target: f64,
    /// What it allows.
    pub allows: Allowance,
}

/// The strictest target that fits a tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TierTarget {
    /// The tier, 1 to 4.
    pub tier: u8,
    /// The share of events that must be good.
    pub target: f64,
    /// What it allows.
    pub allows: Allowance,
}

/// A type of service with ready indicators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServiceType {
    /// Its name.
    pub name: String,
    /// How people call it.
    pub display_name: Option<String>,
    /// Which metrics it is assumed to have.
    pub description: Option<String>,
    /// The names of its objectives.
    pub objectives: Vec<String>,
}

/// SLIs and SLOs for one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    /// The service.
    pub service: String,
    /// The type of service.
    pub service_type: String,
    /// The documents.
    pub yaml: String,
}

impl Targets {
    /// What a guide's targets allow over a window.
    pub fn of(guide: &Guide, whose: Provenance, window: Minutes) -> Self {
        let allows = |target| Allowance::of(target, window);
        let before = std::iter::once(None).chain(guide.targets.iter().map(|it| Some(it.target)));
        let targets = guide.targets.iter().zip(before).map(|(choice, before)| Target {
            target: choice.target.fraction(),
            uses: choice.uses.clone(),
            effort: choice.effort.clone(),
            allows: allows(choice.target),
            shrinks: before.map(|before| guide::shrinks(before, choice.target)),
        });
        let starting = guide.starting.iter().map(|start| Start {
            of: start.of.clone(),
            target: start.target.fraction(),
            allows: allows(start.target),
        });
        let tiers = guide.tiers.iter().map(|(tier, target)| TierTarget {
            tier: u8::from(*tier),
            target: target.fraction(),
            allows: allows(*target),
        });
        let service_types = guide.service_types.iter().map(|of| ServiceType {
            name: of.name.to_string(),
            display_name: of.display_name.clone(),
            description: of.description.clone(),
            objectives: of.objectives.iter().map(|preset| preset.name.to_string()).collect(),
        });
        Self {
            window: window.to_string(),
            window_minutes: window.0,
            guide: whose,
            targets: targets.collect(),
            starting: starting.collect(),
            tiers: tiers.collect(),
            raising: guide.raising.clone(),
            service_types: service_types.collect(),
        }
    }
}

impl Allowance {
    fn of(target: Objective, window: Minutes) -> Self {
        Self {
            downtime_seconds: guide::downtime_us(target, window) as f64 / 1e6,
            failures_per_million: guide::failures_per_million(target),
        }
    }
}
