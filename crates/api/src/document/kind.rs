//! The kinds of documents there are, and whose format each is.

use super::position::Fault;
use super::spelling::nearest;

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
}

const OPENSLO: &str = "openslo/v1";
const BACKSTAGE: &str = "backstage.io/v1alpha1";
const PLIMSOLL: &str = "plimsoll/v1";

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
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
        }
    }

    /// Its `apiVersion`.
    pub fn api_version(self) -> &'static str {
        match self {
            Self::Service | Self::DataSource | Self::Sli | Self::Slo => OPENSLO,
            Self::Component | Self::Group => BACKSTAGE,
            Self::BurnPolicy | Self::Receiver | Self::ScrapeTarget | Self::ErrorBudgetPolicy => {
                PLIMSOLL
            }
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
