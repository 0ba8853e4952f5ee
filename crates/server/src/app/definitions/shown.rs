//! Definitions as they are shown: yours, and of what ships those that nothing of yours replaces.

use plimsoll_api::document;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::definition::{Definition, Provenance};
use plimsoll_store::Document;

use super::in_force::{self, InForce};
use super::{DEFAULT, YOURS};
use crate::app::order::{self, Place};
use crate::app::people::Names;
use crate::app::{Failure, Paging, State};

/// Which definitions are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) kind: Option<String>,
    pub(crate) origin: Option<String>,
}

impl Filter {
    fn check(&self) -> Result<(), Failure> {
        match self.origin.as_deref() {
            None | Some(YOURS | DEFAULT) => Ok(()),
            Some(origin) => {
                let message = format!("`{origin}` is no origin");
                let hint = "origins are yours and default";
                Err(Failure::invalid_with_hint("unknown_origin", message, hint))
            }
        }
    }

    fn wants(&self, kind: &str, origin: &str) -> bool {
        self.kind.as_ref().is_none_or(|wanted| wanted == kind)
            && self.origin.as_ref().is_none_or(|wanted| wanted == origin)
    }
}

/// The documents in force, shipped ones included, by kind and name.
pub(crate) async fn list(
    state: &State,
    filter: Filter,
    paging: Paging,
) -> Result<Page<Definition>, Failure> {
    filter.check()?;
    let head = in_force::load(state).await?;
    let names = Names::load(state).await?;
    // No more of them are copied than the page may have, and one that says that there are more.
    let after = order::after(&paging)?.unwrap_or_default();
    let stored = head.after(&after).filter(|held| filter.wants(&held.stored.kind, YOURS));
    let stored = stored.take(paging.limit()? as usize + 1);
    let stored = stored.map(|held| yours(&names, held.stored.clone()));
    let shipped = document::shipped_definitions().into_iter();
    let shipped = shipped.filter(|it| head.get(&it.kind, &it.name).is_none());
    let shipped = shipped.filter(|it| filter.wants(&it.kind, DEFAULT));
    let placed = |it: Definition| (Place::named(in_force::key(&it.kind, &it.name)), it);
    let (items, next_cursor) = order::page(stored.chain(shipped).map(placed).collect(), &paging)?;
    Ok(Page { items, next_cursor })
}

/// One document.
pub(crate) async fn get(state: &State, kind: &str, name: &str) -> Result<Definition, Failure> {
    let head = in_force::load(state).await?;
    match find(state, &head, kind, name).await? {
        Some(found) => Ok(found),
        None => Err(unknown(&head, kind, name)),
    }
}

/// One document, yours or a default.
async fn find(
    state: &State,
    head: &InForce,
    kind: &str,
    name: &str,
) -> Result<Option<Definition>, Failure> {
    if let Some(held) = head.get(kind, name) {
        return Ok(Some(yours(&Names::load(state).await?, held.stored.clone())));
    }
    let mut shipped = document::shipped_definitions().into_iter();
    Ok(shipped.find(|item| item.kind == kind && item.name == name))
}

/// Whose a definition in force is.
pub(crate) async fn provenance(
    state: &State,
    kind: document::Kind,
    name: &str,
) -> Result<Option<Provenance>, Failure> {
    let head = in_force::load(state).await?;
    Ok(find(state, &head, kind.as_str(), name).await?.as_ref().map(Provenance::from))
}

pub(super) fn unknown(head: &InForce, kind: &str, name: &str) -> Failure {
    let shipped = document::defaults();
    let shipped = shipped.iter().map(|shipped| format!("{} {}", shipped.kind, shipped.name));
    let stored = head.all().map(|held| format!("{} {}", held.stored.kind, held.stored.name));
    let words: Vec<_> = stored.chain(shipped).collect();
    let named = format!("{kind} {name}");
    Failure::not_found_among("definition", &named, words.iter().map(String::as_str))
}

fn yours(names: &Names, stored: Document) -> Definition {
    Definition {
        api_version: stored.api_version,
        kind: stored.kind,
        name: stored.name,
        yaml: stored.yaml,
        origin: YOURS.to_owned(),
        version: None,
        changed_at: Some(stored.changed_at),
        changed_by: Some(names.of(&stored.changed_by)),
    }
}
