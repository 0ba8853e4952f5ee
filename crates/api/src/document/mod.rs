//! Definitions as YAML documents: text in, every fault at once, and resolved [`Definitions`] out.
//!
//! [`parse`] reads each document by itself and to its end; [`resolve`] joins the documents in force
//! and follows the references between them. Invariant: a fault is reported with the file, line and
//! column of the value at fault, and nothing with an error among its faults is ever resolved. No
//! function here does I/O.
//!
//! The tree is `yaml` (text to nodes), `fields` (nodes to typed values, by the shapes of `schema`),
//! one module per family of kinds, and `promql` (queries to selectors).

mod position;
mod spelling;

mod fields;
mod yaml;

mod promql;

pub mod backstage;
pub mod openslo;
pub mod plimsoll;

pub mod import;
mod kind;
mod parse;
mod references;
mod resolve;
pub mod schema;
mod starter;
mod suggest;

pub use kind::Kind;
pub use parse::parse;
pub use position::{At, Pos};
pub use references::referrers;
pub use resolve::{Salvaged, resolve, salvage};
pub use spelling::nearest;
pub use starter::{defaults, numbers, shipped_definitions, starter};
pub use suggest::{shipped_suggestion, shipped_targets, shipped_types, suggest, window_of};

use plimsoll_domain::alert::tiers::Tiers;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::ScrapeTarget;
use plimsoll_domain::notify;
use plimsoll_domain::release::gate;
use plimsoll_domain::slo::burn;
use plimsoll_domain::slo::guide::Guide;
use plimsoll_domain::slo::violation::KnownViolation;

use crate::v1::definition::Diagnostic;

#[cfg(doc)]
use plimsoll_domain::definitions::Definitions;

/// One file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its path, as diagnostics should name it.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Every document that has a known kind and a name, faulty or not, in the order written.
    pub documents: Vec<Document>,
    /// Every fault, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a document was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub path: String,
    /// The line of the document's first key.
    pub line: u32,
}

/// One document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its kind; with the name it is the document's identity.
    pub kind: String,
    /// Its name.
    pub name: Name,
    /// Its own text, without `---`.
    pub yaml: String,
    /// Where it was written.
    pub origin: Origin,
    /// Where its name is written.
    pub name_at: Pos,
    /// The other definitions it names.
    pub references: Vec<Reference>,
    /// What it says; `None` when it has errors.
    pub body: Option<Body>,
}

/// Another definition, named by a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// What sort of thing is meant.
    pub referent: Referent,
    /// Its name.
    pub name: At<Name>,
}

/// What a reference may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Referent {
    /// A Service or a Component.
    Service,
    /// A Group.
    Team,
    /// An SLI.
    Sli,
    /// A DataSource.
    DataSource,
    /// A BurnPolicy.
    BurnPolicy,
    /// An ErrorBudgetPolicy.
    ErrorBudgetPolicy,
    /// An SLO.
    Slo,
}

/// What a document says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// OpenSLO's Service.
    Service(openslo::Service),
    /// OpenSLO's DataSource: a name that metric sources may refer to.
    DataSource,
    /// OpenSLO's SLI.
    Sli(openslo::sli::Sli),
    /// OpenSLO's SLO.
    Slo(openslo::slo::Slo),
    /// Backstage's Component.
    Component(backstage::Component),
    /// Backstage's Group.
    Group(backstage::Group),
    /// When to alert on burn.
    BurnPolicy(burn::Policy),
    /// Who is told.
    Receiver(notify::Receiver),
    /// What is scraped.
    ScrapeTarget(ScrapeTarget),
    /// What a budget's status permits.
    ErrorBudgetPolicy(gate::Policy),
    /// Which targets fit which use.
    ObjectiveGuide(Guide),
    /// What each severity means to people.
    AlertTiers(Tiers),
    /// Which SLO is not met for a known reason.
    KnownViolation(KnownViolation),
}

#[cfg(test)]
mod tests;
