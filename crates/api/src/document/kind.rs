//! The kinds of documents there are, and whose format each is.

use super::position::Fault;
use super::schema::{Schema, Shape};
use super::spelling::nearest;
use super::{backstage, openslo, plimsoll};

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the kind of that name; `super::Body` says what it is")]
pub enum Kind {
    Service,
    DataSource,
    Sli,
    Slo,
    Component,
    Group,
    BurnPolicy,
    Receiver,
    ScrapeTarget,
    ErrorBudgetPolicy,
    ObjectiveGuide,
    AlertTiers,
    KnownViolation,
}

const OPENSLO: &str = "openslo/v1";
const BACKSTAGE: &str = "backstage.io/v1alpha1";
const PLIMSOLL: &str = "plimsoll/v1";

impl Kind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Service,
        Self::DataSource,
        Self::Sli,
        Self::Slo,
        Self::Component,
        Self::Group,
        Self::BurnPolicy,
        Self::Receiver,
        Self::ScrapeTarget,
        Self::ErrorBudgetPolicy,
        Self::ObjectiveGuide,
        Self::AlertTiers,
        Self::KnownViolation,
    ];

    /// Its word in `kind:`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::DataSource => "DataSource",
            Self::Sli => "SLI",
            Self::Slo => "SLO",
            Self::Component => "Component",
            Self::Group => "Group",
            Self::BurnPolicy => "BurnPolicy",
            Self::Receiver => "Receiver",
            Self::ScrapeTarget => "ScrapeTarget",
            Self::ErrorBudgetPolicy => "ErrorBudgetPolicy",
            Self::ObjectiveGuide => "ObjectiveGuide",
            Self::AlertTiers => "AlertTiers",
            Self::KnownViolation => "KnownViolation",
        }
    }

    /// Its `apiVersion`.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::Service | Self::DataSource | Self::Sli | Self::Slo => OPENSLO,
            Self::Component | Self::Group => BACKSTAGE,
            Self::BurnPolicy
            | Self::Receiver
            | Self::ScrapeTarget
            | Self::ErrorBudgetPolicy
            | Self::ObjectiveGuide
            | Self::AlertTiers
            | Self::KnownViolation => PLIMSOLL,
        }
    }

    /// What its documents hold.
    pub fn schema(self) -> Schema {
        Schema {
            kind: self,
            summary: self.summary(),
            document: self.document(),
            example: self.example(),
        }
    }

    fn document(self) -> &'static Shape {
        match self {
            Self::Service => &openslo::SERVICE,
            Self::DataSource => &openslo::DATA_SOURCE,
            Self::Sli => &openslo::SLI,
            Self::Slo => &openslo::SLO,
            Self::Component => &backstage::COMPONENT,
            Self::Group => &backstage::GROUP,
            Self::BurnPolicy => &plimsoll::BURN_POLICY,
            Self::Receiver => &plimsoll::RECEIVER,
            Self::ScrapeTarget => &plimsoll::SCRAPE_TARGET,
            Self::ErrorBudgetPolicy => &plimsoll::ERROR_BUDGET_POLICY,
            Self::ObjectiveGuide => &plimsoll::OBJECTIVE_GUIDE,
            Self::AlertTiers => &plimsoll::ALERT_TIERS,
            Self::KnownViolation => &plimsoll::KNOWN_VIOLATION,
        }
    }

    /// What it declares: a few words first, then what they mean.
    fn summary(self) -> &'static str {
        match self {
            Self::Service => {
                "A service, where no catalog exists. A Service and a Component of one name are the \
                 same service, and what the Component says comes first."
            }
            Self::DataSource => {
                "A name for where samples come from. Metric sources may refer to it."
            }
            Self::Sli => {
                "What is measured. Events are counted minute by minute, all of them and the good \
                 or bad ones; the number an objective is about is their ratio."
            }
            Self::Slo => {
                "What is promised. The share of events that must be good, over a rolling window."
            }
            Self::Component => {
                "A service of the catalog. Its owner, its tier, what it calls, and the policy of \
                 its budgets."
            }
            Self::Group => "A team. It owns services.",
            Self::BurnPolicy => {
                "When to alert on a budget's burn. An arm fires when the burn over its long and \
                 over its short window exceeds its factor, and the failures are too many to be \
                 chance. `workbook` and `accelerator` ship."
            }
            Self::Receiver => {
                "Who is told about alerts. The receivers of the owning team, else those with \
                 `default: true`."
            }
            Self::ScrapeTarget => {
                "Metrics that Plimsoll fetches itself. Applying one takes an `admin` of the \
                 installation."
            }
            Self::ErrorBudgetPolicy => {
                "What a budget permits. Where its statuses begin, what each permits by class of \
                 change, and what is told besides. The policy that a service's Component names, \
                 else the one named `default`, which ships."
            }
            Self::ObjectiveGuide => {
                "Which targets fit which use. And what to begin with, the strictest target for a \
                 tier, and indicators for common types of service. The one in force is named \
                 `default`; one ships."
            }
            Self::AlertTiers => {
                "What each severity means to people. And of which receivers are told. Those in \
                 force are named `default`; they ship."
            }
            Self::KnownViolation => {
                "An SLO that is not met for a known reason. A debt of whoever owns the service, \
                 with what will mend it and by when. Measuring, alerts and gates go on as ever."
            }
        }
    }

    /// Documents that use every field.
    fn example(self) -> &'static str {
        match self {
            Self::Service => include_str!("schema/examples/service.yaml"),
            Self::DataSource => include_str!("schema/examples/data_source.yaml"),
            Self::Sli => include_str!("schema/examples/sli.yaml"),
            Self::Slo => include_str!("schema/examples/slo.yaml"),
            Self::Component => include_str!("schema/examples/component.yaml"),
            Self::Group => include_str!("schema/examples/group.yaml"),
            Self::BurnPolicy => include_str!("schema/examples/burn_policy.yaml"),
            Self::Receiver => include_str!("schema/examples/receiver.yaml"),
            Self::ScrapeTarget => include_str!("schema/examples/scrape_target.yaml"),
            Self::ErrorBudgetPolicy => include_str!("schema/examples/error_budget_policy.yaml"),
            Self::ObjectiveGuide => include_str!("schema/examples/objective_guide.yaml"),
            Self::AlertTiers => include_str!("schema/examples/alert_tiers.yaml"),
            Self::KnownViolation => include_str!("schema/examples/known_violation.yaml"),
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Which of the two header fields a fault is about.
pub(super) enum Header {
    ApiVersion,
    Kind,
}

/// The kind that `apiVersion` and `kind` name together.
pub(super) fn find(api_version: &str, kind: &str) -> Result<Kind, (Header, Fault)> {
    let known = Kind::parse(kind);
    if let Some(found) = known.filter(|found| found.api_version() == api_version) {
        return Ok(found);
    }
    let message = format!("there is no kind `{kind}` of apiVersion `{api_version}`");
    let fault = Fault::error("document.unknown_kind", message);
    if let Some(known) = known {
        let hint = format!("the kind {kind} belongs to apiVersion: {}", known.api_version());
        return Err((Header::ApiVersion, fault.hint(hint)));
    }
    let hint = match kind {
        "AlertPolicy" | "AlertCondition" | "AlertNotificationTarget" => {
            "burn alerts are written as BurnPolicy and Receiver of plimsoll/v1, since OpenSLO's \
             alert policies hold one window only"
                .to_owned()
        }
        _ => match nearest(kind, Kind::ALL.map(Kind::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => listing(),
        },
    };
    Err((Header::Kind, fault.hint(hint)))
}

fn listing() -> String {
    let family = |api_version| {
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.api_version() == api_version);
        let words: Vec<_> = kinds.map(Kind::as_str).collect();
        format!("{api_version} {}", words.join(", "))
    };
    format!("known: {}", [OPENSLO, BACKSTAGE, PLIMSOLL].map(family).join("; "))
}
