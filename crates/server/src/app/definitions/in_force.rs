//! The documents in force, read once: whoever applies something reads what it brings, not the
//! hundreds of thousands that others have applied before.
//!
//! Invariant: what is kept is what the records hold at its number, and the number is asked for
//! first. Losing it costs one reading of everything.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex};

use plimsoll_api::document::{self, Source};
use plimsoll_api::v1::definition::{Diagnostic, Level};
use plimsoll_store::{DefinitionsHead, Document};

use super::aside;
use crate::app::State;

/// The place of a document among others: by kind, then by name.
pub(super) fn key(kind: &str, name: &str) -> String {
    format!("{kind} {name}")
}

/// All of them, of one number.
#[derive(Debug, Clone, Default)]
pub(crate) struct InForce {
    pub(super) number: u64,
    /// By kind, then by name.
    documents: BTreeMap<String, BTreeMap<String, Arc<Held>>>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) stored: Document,
    /// What its text says; nothing, when this version knows no such kind.
    pub(super) read: Option<Arc<document::Document>>,
    /// Why this version would not take it.
    pub(super) faults: Vec<Diagnostic>,
}

/// Those of the last number that was asked for.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Arc<InForce>>);

impl Kept {
    fn get(&self) -> Arc<InForce> {
        self.0.lock().expect("no holder of the documents panics").clone()
    }

    /// Keeps those of a number that was committed.
    pub(super) fn keep(&self, in_force: Arc<InForce>) {
        *self.0.lock().expect("no holder of the documents panics") = in_force;
    }
}

/// The documents in force.
pub(super) async fn load(state: &State) -> anyhow::Result<Arc<InForce>> {
    let kept = state.documents.get();
    if kept.number > 0 && kept.number == state.records.definitions_number(state.scope).await? {
        return Ok(kept);
    }
    let head = state.records.definitions(state.scope).await?;
    let loaded = Arc::new(aside(move || InForce::of(head)).await?);
    state.documents.keep(loaded.clone());
    Ok(loaded)
}

impl InForce {
    /// Those of a head, each read.
    pub(super) fn of(head: DefinitionsHead) -> Self {
        let mut in_force = Self { number: head.number, documents: BTreeMap::new() };
        head.documents.into_iter().for_each(|stored| in_force.put(stored));
        in_force
    }

    /// Those that are in force once these are, too.
    pub(super) fn with(&self, number: u64, documents: Vec<Document>) -> Self {
        let mut next = Self { number, ..self.clone() };
        documents.into_iter().for_each(|stored| next.put(stored));
        next
    }

    /// Those that are left when one is gone.
    pub(super) fn without(&self, number: u64, kind: &str, name: &str) -> Self {
        let mut next = Self { number, ..self.clone() };
        if let Some(of_kind) = next.documents.get_mut(kind) {
            of_kind.remove(name);
        }
        next
    }

    fn put(&mut self, stored: Document) {
        let (kind, name) = (stored.kind.clone(), stored.name.clone());
        let held = Arc::new(Held::read(stored));
        self.documents.entry(kind).or_default().insert(name, held);
    }

    /// One of them.
    pub(super) fn get(&self, kind: &str, name: &str) -> Option<&Held> {
        Some(self.documents.get(kind)?.get(name)?)
    }

    /// All of them, by kind and name.
    pub(super) fn all(&self) -> impl Iterator<Item = &Held> {
        self.documents.values().flat_map(BTreeMap::values).map(|held| &**held)
    }

    /// Those after a [`key`], by kind and name.
    pub(super) fn after(&self, key: &str) -> impl Iterator<Item = &Held> {
        let (kind, name) = key.split_once(' ').unwrap_or((key, ""));
        let after = move |of: &str| {
            let from = if of == kind { Bound::Excluded(name) } else { Bound::Unbounded };
            (from, Bound::Unbounded)
        };
        let kinds = self.documents.range::<str, _>((Bound::Included(kind), Bound::Unbounded));
        kinds.flat_map(move |(of, held)| held.range::<str, _>(after(of))).map(|(_, held)| &**held)
    }

    /// What all of them say.
    pub(super) fn read(&self) -> impl Iterator<Item = &Arc<document::Document>> {
        self.all().filter_map(|held| held.read.as_ref())
    }
}

impl Held {
    /// Reads a stored document again: it was sound when it was applied.
    fn read(stored: Document) -> Self {
        let path = format!("{} {} (in force)", stored.kind, stored.name);
        let document::Parsed { documents, diagnostics } =
            document::parse(&[Source { path: &path, text: &stored.yaml }]);
        let read = documents.into_iter().next().map(Arc::new);
        let faults = diagnostics.into_iter().filter(|found| found.level == Level::Error).collect();
        Self { stored, read, faults }
    }
}
