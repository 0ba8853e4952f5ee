//! What documents name, and whether it is there.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_domain::catalog::Name;

use super::position::Fault;
use super::spelling::{Comparisons, Words};
use super::{Document, Kind, Reference, Referent};
use crate::v1::definition::Diagnostic;

/// The names of all documents, each looked up in no time.
pub(super) struct Names<'d> {
    there: BTreeMap<Referent, BTreeSet<&'d str>>,
    faulty_components: BTreeSet<&'d Name>,
}

impl<'d> Names<'d> {
    /// What documents there are.
    pub(super) fn of(all: &[&'d Document]) -> Self {
        let mut there: BTreeMap<Referent, BTreeSet<&str>> = BTreeMap::new();
        let mut faulty_components = BTreeSet::new();
        for document in all {
            let kind = Kind::parse(&document.kind);
            if let Some(referent) = kind.and_then(answers) {
                there.entry(referent).or_default().insert(document.name.as_str());
            }
            if kind == Some(Kind::Component) && document.body.is_none() {
                faulty_components.insert(&document.name);
            }
        }
        Self { there, faulty_components }
    }

    /// Whether a Component of that name has errors, so that what it says is not known.
    pub(super) fn has_faulty_component(&self, name: &Name) -> bool {
        self.faulty_components.contains(name)
    }

    fn have(&self, reference: &Reference) -> bool {
        let names = self.there.get(&reference.referent);
        names.is_some_and(|names| names.contains(reference.name.value.as_str()))
    }

    fn words(&self, referent: Referent) -> Words<'d> {
        Words::of(self.there.get(&referent).into_iter().flatten().copied())
    }
}

/// References to what is not there: errors, but for those within the catalog.
pub(super) fn dangling(all: &[&Document], names: &Names<'_>) -> Vec<Diagnostic> {
    let mut words: BTreeMap<Referent, Words<'_>> = BTreeMap::new();
    let mut comparisons = Comparisons::default();
    let mut diagnostics = Vec::new();
    for document in all {
        for reference in document.references.iter().filter(|reference| !names.have(reference)) {
            let referent = reference.referent;
            let words = words.entry(referent).or_insert_with(|| names.words(referent));
            let near = words.nearest(reference.name.value.as_str(), &mut comparisons);
            diagnostics.push(unknown(document, reference, near));
        }
    }
    diagnostics
}

/// The documents, by kind and name, that name the definition of that kind and name and would find
/// nothing in its place: neither among `documents`, which it is no longer one of, nor among the
/// shipped defaults.
pub fn referrers<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
    kind: &str,
    name: &str,
) -> Vec<&'d Document> {
    let Some(referent) = Kind::parse(kind).and_then(answers) else { return Vec::new() };
    let documents: Vec<&Document> = documents.into_iter().collect();
    let shipped = super::defaults();
    let all: Vec<&Document> = documents.iter().copied().chain(&shipped).collect();
    let names = Names::of(&all);
    let names_it = |reference: &Reference| {
        reference.referent == referent && reference.name.value.as_str() == name
    };
    let lost = |reference: &Reference| names_it(reference) && !names.have(reference);
    documents.into_iter().filter(|document| document.references.iter().any(lost)).collect()
}

fn unknown(document: &Document, reference: &Reference, near: Option<&str>) -> Diagnostic {
    let Reference { referent, name } = reference;
    let message = format!("there is no {} named `{}`", referent.noun(), name.value);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write it, or add the file that holds it".to_owned(),
    };
    let fault = match referent {
        // The catalog is often kept elsewhere, and comes in piece by piece.
        Referent::Team => Fault::warning("reference.unknown", message),
        Referent::Service if document.kind == Kind::Component.as_str() => {
            Fault::warning("reference.unknown", message)
        }
        Referent::Service
        | Referent::Sli
        | Referent::DataSource
        | Referent::BurnPolicy
        | Referent::ErrorBudgetPolicy
        | Referent::Slo => Fault::error("reference.unknown", message),
    };
    fault.hint(hint).at(&document.origin.path, name.at)
}

/// What a kind of document may be referred to as.
fn answers(kind: Kind) -> Option<Referent> {
    match kind {
        Kind::Service | Kind::Component => Some(Referent::Service),
        Kind::Group => Some(Referent::Team),
        Kind::Sli => Some(Referent::Sli),
        Kind::DataSource => Some(Referent::DataSource),
        Kind::BurnPolicy => Some(Referent::BurnPolicy),
        Kind::ErrorBudgetPolicy => Some(Referent::ErrorBudgetPolicy),
        Kind::Slo => Some(Referent::Slo),
        Kind::Receiver
        | Kind::ScrapeTarget
        | Kind::ObjectiveGuide
        | Kind::AlertTiers
        | Kind::KnownViolation => None,
    }
}

impl Referent {
    /// What it is called.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Service => "Service or Component",
            Self::Team => "Group",
            Self::Sli => "SLI",
            Self::DataSource => "DataSource",
            Self::BurnPolicy => "BurnPolicy",
            Self::ErrorBudgetPolicy => "ErrorBudgetPolicy",
            Self::Slo => "SLO",
        }
    }
}
