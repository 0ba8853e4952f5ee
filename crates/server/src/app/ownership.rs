//! Whose documents are: who has to be asked before one changes.
//!
//! A document belongs to the team that owns what it is about, before the change and after it:
//! nobody takes a service from another team, nor gives theirs away to be measured by nobody. What
//! is shared belongs to the installation, and so does what nobody owns.
//!
//! What reaches into the network or the machine is for admins of the installation, whoever owns it:
//! scrape targets, and a secret of the server that a receiver has not referred to before.

use std::collections::{BTreeSet, HashMap, HashSet};

use plimsoll_api::document::{Document, Kind, Referent};
use plimsoll_domain::access::{Denied, Permission};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::notify::{Receiver, SecretRef};

use super::access::Caller;

/// All documents in force at one time, and what they mean together.
pub(super) struct State<'a> {
    there: HashSet<(&'a str, &'a Name)>,
    /// By the SLIs that documents name.
    measured_by: HashMap<&'a Name, Vec<&'a Name>>,
    /// Nothing, when they do not resolve.
    definitions: Option<&'a Definitions>,
}

impl<'a> State<'a> {
    /// These documents; `definitions` is what they resolve to.
    pub(super) fn new(
        documents: impl IntoIterator<Item = &'a Document>,
        definitions: Option<&'a Definitions>,
    ) -> Self {
        let mut state = Self { there: HashSet::new(), measured_by: HashMap::new(), definitions };
        for document in documents {
            state.there.insert((&document.kind, &document.name));
            let slis = document.references.iter().filter(|it| it.referent == Referent::Sli);
            for sli in slis {
                state.measured_by.entry(&sli.name.value).or_default().push(&document.name);
            }
        }
        state
    }
}

/// A document by its kind and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    kind: Kind,
    name: Name,
}

impl Named {
    /// The kind and name of a document; none when there is no such kind.
    pub(super) fn of(document: &Document) -> Option<Self> {
        Self::read(&document.kind, document.name.as_str())
    }

    /// The document of that kind and name; none when there cannot be one.
    pub(super) fn read(kind: &str, name: &str) -> Option<Self> {
        Some(Self { kind: Kind::parse(kind)?, name: Name::parse(name).ok()? })
    }
}

/// Whether the caller may change all of these whoever owns them, so that it need not be asked.
pub(super) fn is_free(caller: &Caller, mut changed: impl Iterator<Item = Named>) -> bool {
    let everywhere = caller.grants.check(Permission::ChangeDefinitions, None).is_ok();
    let reaches = |document: Named| matches!(document.kind, Kind::ScrapeTarget | Kind::Receiver);
    everywhere && !changed.any(reaches)
}

/// Refuses a change of these documents unless the caller has a say in each, before and after it.
pub(super) fn check(
    caller: &Caller,
    changed: impl Iterator<Item = Named>,
    before: &State<'_>,
    after: &State<'_>,
) -> Result<(), Denied> {
    for document in changed {
        if document.kind == Kind::ScrapeTarget || refers_anew(&document, before, after) {
            caller.grants.check(Permission::ChangeSources, None)?;
        }
        for owner in owners(&document, before).into_iter().chain(owners(&document, after)) {
            caller.grants.check(Permission::ChangeDefinitions, owner.as_ref())?;
        }
    }
    Ok(())
}

/// Whether a receiver refers to a secret of the server that it did not refer to before.
fn refers_anew(Named { kind, name }: &Named, before: &State<'_>, after: &State<'_>) -> bool {
    *kind == Kind::Receiver && !secrets(name, after).is_subset(&secrets(name, before))
}

fn secrets<'a>(receiver: &Name, state: &State<'a>) -> BTreeSet<&'a SecretRef> {
    let receiver = state.definitions.and_then(|definitions| definitions.receivers.get(receiver));
    receiver.into_iter().flat_map(Receiver::secrets).collect()
}

/// The owners of a document; none among them is the installation.
fn owners(Named { kind, name }: &Named, state: &State<'_>) -> BTreeSet<Option<Name>> {
    // A service is there under either kind: nobody takes one over by writing the other.
    let of_services = [Kind::Component, Kind::Service];
    let kinds =
        if of_services.contains(kind) { &of_services[..] } else { std::slice::from_ref(kind) };
    if !kinds.iter().any(|kind| state.there.contains(&(kind.as_str(), name))) {
        return BTreeSet::new();
    }
    let Some(definitions) = state.definitions else { return BTreeSet::from([None]) };
    let of_service = |service: &Name| definitions.owner_of(service).cloned();
    match kind {
        Kind::Component | Kind::Service => BTreeSet::from([of_service(name)]),
        Kind::Slo => {
            let slo = definitions.slos.get(name);
            BTreeSet::from([slo.and_then(|slo| of_service(&slo.service))])
        }
        Kind::KnownViolation => {
            let debt = definitions.known_violations.get(name);
            let slo = debt.and_then(|debt| definitions.slos.get(&debt.slo));
            BTreeSet::from([slo.and_then(|slo| of_service(&slo.service))])
        }
        Kind::Sli => of_sli(name, state, definitions),
        Kind::Receiver => {
            let receiver = definitions.receivers.get(name);
            // One that hears what has no other receiver is everybody's.
            let team = receiver.filter(|receiver| !receiver.default);
            BTreeSet::from([team.and_then(|receiver| receiver.team.clone())])
        }
        Kind::Group
        | Kind::DataSource
        | Kind::BurnPolicy
        | Kind::ScrapeTarget
        | Kind::ErrorBudgetPolicy
        | Kind::ObjectiveGuide
        | Kind::AlertTiers => BTreeSet::from([None]),
    }
}

/// An SLI is of those whose SLOs are measured by it; of the installation when none are.
fn of_sli(name: &Name, state: &State<'_>, definitions: &Definitions) -> BTreeSet<Option<Name>> {
    let slos = state.measured_by.get(name).into_iter().flatten();
    let slos = slos.filter_map(|slo| definitions.slos.get(*slo));
    let owners: BTreeSet<_> = slos.map(|slo| definitions.owner_of(&slo.service).cloned()).collect();
    if owners.is_empty() { BTreeSet::from([None]) } else { owners }
}

#[cfg(test)]
mod tests;
