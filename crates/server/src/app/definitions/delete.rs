//! Deleting a definition: it goes, its history stays.
//!
//! Invariant: nothing is deleted that others in force name, unless a shipped default takes its
//! place. The alerts of an SLO are closed by the reconciler that evaluates, which sees it gone.

use std::sync::Arc;

use plimsoll_api::document;
use plimsoll_api::v1::definition::{Deletion, Level};
use plimsoll_domain::access::Denied;
use plimsoll_domain::definitions::Definitions;
use plimsoll_store::{CommitError, Document, Revision, Write};

use super::in_force::{self, InForce};
use super::shown::unknown;
use super::{TRIES_MAX, aside, put_in_force};
use crate::app::{Caller, Changed, Failure, Shared, State, audit, ownership};

/// Deletes a definition. Runs to its end even when the caller goes away.
pub(crate) async fn delete(
    shared: &Shared,
    caller: Caller,
    kind: String,
    name: String,
) -> Result<Deletion, Failure> {
    let (world, shared) = (shared.world.clone(), shared.clone());
    let deleted = async move { delete_now(&shared, &caller, &kind, &name).await };
    let deleted = tokio::spawn(world.act("delete", deleted));
    world.behind("deleted", deleted).await.map_err(anyhow::Error::from)?
}

async fn delete_now(
    state: &State,
    caller: &Caller,
    kind: &str,
    name: &str,
) -> Result<Deletion, Failure> {
    let _one_at_a_time = state.world.behind("may delete", state.applying.lock()).await;
    for _ in 0..TRIES_MAX {
        let head = in_force::load(state).await?;
        state.world.turn("head loaded").await;
        let number = head.number;
        let Some(gone) = head.get(kind, name).map(|held| held.stored.clone()) else {
            return Err(absent(&head, kind, name));
        };
        let (doomed, asks) = (gone.clone(), caller.clone());
        let possible = move || {
            let left = head.without(number + 1, &doomed.kind, &doomed.name);
            let definitions = possible(&asks, &head, &left, &doomed);
            definitions.map(|definitions| (Arc::new(left), definitions))
        };
        let (left, definitions) = aside(possible).await??;
        match commit(state, caller, number, gone).await {
            Ok(revision) => {
                state.documents.keep(left);
                put_in_force(state, number + 1, definitions).await?;
                state.events.publish(Changed::new("definitions", ""));
                let (kind, name) = (kind.to_owned(), name.to_owned());
                let default_again = is_shipped(&kind, &name);
                return Ok(Deletion { kind, name, revision, default_again });
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Failure::Conflict {
        code: "conflict",
        message: "others keep changing the definitions; try again".to_owned(),
    })
}

/// Why there is nothing to delete.
fn absent(head: &InForce, kind: &str, name: &str) -> Failure {
    if is_shipped(kind, name) {
        return Failure::Conflict {
            code: "is_default",
            message: format!(
                "the {kind} `{name}` is the one that ships with Plimsoll: there is none of yours \
                 to delete"
            ),
        };
    }
    unknown(head, kind, name)
}

fn is_shipped(kind: &str, name: &str) -> bool {
    let shipped = document::defaults();
    shipped.iter().any(|shipped| shipped.kind == kind && shipped.name.as_str() == name)
}

/// What is in force without it, if nothing that is left rests on it.
fn possible(
    caller: &Caller,
    head: &InForce,
    left: &InForce,
    gone: &Document,
) -> Result<Definitions, Failure> {
    let Document { kind, name, .. } = gone;
    allowed(caller, head, left, gone)?;
    let left = || left.read().map(|read| &**read);
    let referrers = document::referrers(left(), kind, name);
    if !referrers.is_empty() {
        let named = referrers.iter().map(|it| format!("{} `{}`", it.kind, it.name));
        let named = named.collect::<Vec<_>>().join(", ");
        return Err(Failure::Conflict {
            code: "referred_to",
            message: format!(
                "the {kind} `{name}` is named by {named}: change or delete that first"
            ),
        });
    }
    let (definitions, diagnostics) = document::resolve(left());
    definitions.ok_or_else(|| {
        let faults = diagnostics.iter().filter(|found| found.level == Level::Error);
        let faults = faults.map(|fault| format!("{}: {}", fault.file, fault.message));
        let faults = faults.collect::<Vec<_>>().join("; ");
        let message = format!("without the {kind} `{name}` the rest does not hold: {faults}");
        Failure::Conflict { code: "rest_does_not_hold", message }
    })
}

/// Refuses the deletion of what the caller has no say in.
fn allowed(caller: &Caller, head: &InForce, left: &InForce, gone: &Document) -> Result<(), Denied> {
    let changed = || ownership::Named::read(&gone.kind, &gone.name).into_iter();
    if ownership::is_free(caller, changed()) {
        return Ok(());
    }
    let before = || head.read().map(|read| &**read);
    let after = || left.read().map(|read| &**read);
    let (was, _) = document::resolve(before());
    let (is, _) = document::resolve(after());
    let before = ownership::State::new(before(), was.as_ref());
    let after = ownership::State::new(after(), is.as_ref());
    ownership::check(caller, changed(), &before, &after)
}

async fn commit(
    state: &State,
    caller: &Caller,
    expected: u64,
    gone: Document,
) -> Result<String, CommitError> {
    let now = state.world.now();
    let revision = Revision {
        id: state.world.fresh(now),
        at: now,
        by: caller.label(),
        changed: vec![(gone.kind.clone(), gone.name.clone())],
    };
    let id = revision.id.to_string();
    let message = format!("deleted {} {}", gone.kind, gone.name);
    let line = audit::line(state, now, caller, "definitions", "definition_deleted", message);
    let deleted = vec![Document { changed_at: now, changed_by: caller.label(), ..gone }];
    let write = Write::Definitions { expected, revision, documents: Vec::new(), deleted };
    state.commit(vec![write, line], []).await?;
    Ok(id)
}
