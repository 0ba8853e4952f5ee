//! Definitions: documents are linted, applied and read.
//!
//! Invariant: an apply is all or nothing. The documents submitted are joined with those in force,
//! resolved as a whole, committed with the number of the head they were joined with, and only then
//! put in force. Documents that did not change make no revision.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use plimsoll_api::document::{self, Source};
use plimsoll_api::v1;
use plimsoll_api::v1::definition::{
    Definition, DefinitionChange, Diagnostic, Level, Report, Submission,
};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::notify::ChannelName;
use plimsoll_domain::slo::tally::Declarations;
use plimsoll_store::{CommitError, DefinitionsHead, Document, Revision, Write};

use super::engine::EngineError;
use super::people::Names;
use super::{Caller, Changed, Failure, Shared, State};
use crate::notify::mail;

/// Puts the stored definitions in force when the server starts.
pub(crate) async fn load(state: &State) -> anyhow::Result<()> {
    let head = state.records.definitions(state.scope).await?;
    let number = head.number;
    let (definitions, diagnostics) = aside(move || document::resolve(&in_force(&head))).await?;
    let definitions = definitions.with_context(|| {
        let faults = diagnostics.iter().filter(|found| found.level == Level::Error);
        let lines: Vec<_> = faults.map(|at| format!("{}: {}", at.file, at.message)).collect();
        format!("the stored definitions do not resolve: {}", lines.join("; "))
    })?;
    let declarations = Declarations::of(definitions.slos.values());
    state.put_definitions_in_force(number, Arc::new(definitions));
    state.engine.declare_first(state.world.now(), declarations).await;
    Ok(())
}

/// Puts in force what another replica has applied.
pub(crate) async fn follow(state: &State) -> anyhow::Result<()> {
    let stored = state.records.definitions_number(state.scope).await?;
    state.world.turn("number loaded").await;
    if stored == state.numbered_definitions().0 {
        return count_again(state, stored).await;
    }
    // Not in the middle of an apply of our own, which brings a number, too.
    let _one_at_a_time = state.world.behind("may follow", state.applying.lock()).await;
    if stored != state.numbered_definitions().0 {
        load(state).await?;
        state.events.publish(Changed::new("definitions", ""));
    }
    Ok(())
}

/// Declares what is in force unless it is known to be counted: the first time, a full disk may have
/// refused it. While the log is read back it waits in line already.
async fn count_again(state: &State, number: u64) -> anyhow::Result<()> {
    if state.counted.load(Ordering::Relaxed) == number || !state.engine.is_ready() {
        return Ok(());
    }
    let declarations = Declarations::of(state.definitions().slos.values());
    count_by(state, number, declarations).await.context("declaring what is to be counted")
}

/// Has the engine count by the definitions of this number.
async fn count_by(
    state: &State,
    number: u64,
    declarations: Declarations,
) -> Result<(), EngineError> {
    state.engine.declare(state.world.now(), declarations).await?;
    state.counted.store(number, Ordering::Relaxed);
    Ok(())
}

/// Does what may take a while where no request and no worker waits for its turn meanwhile.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    Ok(tokio::task::spawn_blocking(work).await?)
}

/// What stored documents declare, if they resolve.
pub(crate) fn resolved(head: &DefinitionsHead) -> Option<Definitions> {
    document::resolve(&in_force(head)).0
}

/// The faults of a submission, and what applying it would change.
pub(crate) async fn lint(state: &State, submission: Submission) -> Result<Report, Failure> {
    let head = state.records.definitions(state.scope).await?;
    let mails = state.mailer.is_some();
    let joined = aside(move || Joined::new(&head, &submission, mails)).await?;
    Ok(joined.report(false, None))
}

/// Applies a submission. Runs to its end even when the caller goes away.
pub(crate) async fn apply(
    shared: &Shared,
    caller: Caller,
    submission: Submission,
) -> Result<Report, Failure> {
    let (world, shared) = (shared.world.clone(), shared.clone());
    let submission = Arc::new(submission);
    let applied = async move { apply_now(&shared, &caller, &submission).await };
    let applied = tokio::spawn(world.act("apply", applied));
    world.behind("applied", applied).await.map_err(anyhow::Error::from)?
}

/// Another process may commit a head between our load and our commit; then we join again.
const TRIES_MAX: u32 = 5;

async fn apply_now(
    state: &State,
    caller: &Caller,
    submission: &Arc<Submission>,
) -> Result<Report, Failure> {
    let _one_at_a_time = state.world.behind("may apply", state.applying.lock()).await;
    for _ in 0..TRIES_MAX {
        let head = state.records.definitions(state.scope).await?;
        state.world.turn("head loaded").await;
        let (number, submission) = (head.number, submission.clone());
        let mails = state.mailer.is_some();
        let joined = aside(move || Joined::new(&head, &submission, mails)).await?;
        if joined.definitions.is_none() {
            return Ok(joined.report(false, None));
        }
        match commit(state, caller, number, &joined).await {
            Ok(revision) => {
                let number = number + u64::from(revision.is_some());
                let report = joined.report(true, revision);
                if let Some(definitions) = joined.definitions {
                    put_in_force(state, number, definitions).await?;
                }
                if report.revision.is_some() {
                    state.events.publish(Changed::new("definitions", ""));
                }
                return Ok(report);
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Failure::Conflict {
        code: "conflict",
        message: "others keep applying definitions; try again".to_owned(),
    })
}

/// Commits what changed, to the head of that number; returns the revision, if anything did.
async fn commit(
    state: &State,
    caller: &Caller,
    expected: u64,
    joined: &Joined,
) -> Result<Option<String>, CommitError> {
    let now = state.world.now();
    let changed: Vec<Document> = joined
        .submitted
        .iter()
        .filter(|(action, _)| *action != Action::Unchanged)
        .map(|(_, document)| Document {
            api_version: document.api_version.clone(),
            kind: document.kind.clone(),
            name: document.name.to_string(),
            yaml: document.yaml.clone(),
            changed_at: now,
            changed_by: caller.label(),
        })
        .collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let key = |document: &Document| (document.kind.clone(), document.name.clone());
    let revision = Revision {
        id: state.world.fresh(now),
        at: now,
        by: caller.label(),
        changed: changed.iter().map(key).collect(),
    };
    let id = revision.id.to_string();
    let write = Write::Definitions { expected, revision, documents: changed };
    state.commit(vec![write], []).await?;
    Ok(Some(id))
}

/// Swaps the snapshot, then declares what is to be counted; doing it twice changes nothing.
async fn put_in_force(state: &State, number: u64, definitions: Definitions) -> Result<(), Failure> {
    let declarations = Declarations::of(definitions.slos.values());
    state.put_definitions_in_force(number, Arc::new(definitions));
    let counted = count_by(state, number, declarations).await;
    state.work.nudge_all();
    match counted {
        // Receivers, policies and the catalog are in force all the same; minutes cannot be counted
        // before somebody has mended the tallies, and every SLO says so.
        Ok(()) | Err(EngineError::Damaged(_)) => Ok(()),
        Err(error) => Err(Failure::Busy {
            code: "not_counted_yet",
            message: format!(
                "the definitions are in force, but what is new in them is not counted yet: \
                 {error}; it is tried again every few seconds"
            ),
            retry_after_seconds: 5,
        }),
    }
}

/// A submission joined with what is in force.
struct Joined {
    submitted: Vec<(Action, document::Document)>,
    /// `None` when something is an error.
    definitions: Option<Definitions>,
    diagnostics: Vec<Diagnostic>,
}

/// Receivers that are to be told by mail, where no mail server is configured.
fn unsent<'a>(documents: &'a [document::Document]) -> impl Iterator<Item = Diagnostic> + 'a {
    let has_mail = |document: &&document::Document| match &document.body {
        Some(document::Body::Receiver(receiver)) => {
            receiver.channels.contains_key(&ChannelName::Email)
        }
        Some(_) | None => false,
    };
    documents.iter().filter(has_mail).map(|document| Diagnostic {
        level: Level::Warning,
        code: "receiver.mail_unconfigured".to_owned(),
        file: document.origin.path.clone(),
        line: document.name_at.line,
        column: document.name_at.column,
        message: format!("nothing is mailed to `{}`: {}", document.name, mail::UNCONFIGURED),
        hint: Some("add `[mail]` with `server` and `from`, and start the server again".to_owned()),
    })
}

/// What applying does to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Created,
    Updated,
    Unchanged,
}

impl Action {
    fn of(stored: Option<&Document>, submitted: &document::Document) -> Self {
        match stored {
            None => Self::Created,
            Some(stored) if stored.yaml == submitted.yaml => Self::Unchanged,
            Some(_) => Self::Updated,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Joined {
    /// `mails` says whether a mail server is configured.
    fn new(head: &DefinitionsHead, submission: &Submission, mails: bool) -> Self {
        let files = &submission.files;
        let sources: Vec<_> =
            files.iter().map(|file| Source { path: &file.path, text: &file.text }).collect();
        let document::Parsed { documents, mut diagnostics } = document::parse(&sources);
        let replaced: BTreeSet<(&str, &str)> =
            documents.iter().map(|document| (&*document.kind, document.name.as_str())).collect();
        let mut all = in_force(head);
        all.retain(|stored| !replaced.contains(&(&*stored.kind, stored.name.as_str())));
        all.extend(documents.iter().cloned());
        let (definitions, found) = document::resolve(&all);
        // Warnings about documents that were not submitted are not news.
        let paths: BTreeSet<&str> = files.iter().map(|file| &*file.path).collect();
        let news =
            |found: &Diagnostic| found.level == Level::Error || paths.contains(found.file.as_str());
        diagnostics.extend(found.into_iter().filter(news));
        if !mails {
            diagnostics.extend(unsent(&documents));
        }
        let sound = diagnostics.iter().all(|found| found.level != Level::Error);
        let stored = by_key(head);
        let action = |document: document::Document| {
            let stored = stored.get(&(&*document.kind, document.name.as_str())).copied();
            (Action::of(stored, &document), document)
        };
        Self {
            submitted: documents.into_iter().map(action).collect(),
            definitions: definitions.filter(|_| sound),
            diagnostics,
        }
    }

    fn report(&self, applied: bool, revision: Option<String>) -> Report {
        let change = |(action, document): &(Action, document::Document)| DefinitionChange {
            action: action.as_str().to_owned(),
            kind: document.kind.clone(),
            name: document.name.to_string(),
        };
        Report {
            applied,
            changes: self.submitted.iter().map(change).collect(),
            diagnostics: self.diagnostics.clone(),
            revision,
        }
    }
}

fn by_key(head: &DefinitionsHead) -> BTreeMap<(&str, &str), &Document> {
    head.documents.iter().map(|stored| ((&*stored.kind, &*stored.name), stored)).collect()
}

/// The stored documents, read again: what is in force was sound when it was applied.
fn in_force(head: &DefinitionsHead) -> Vec<document::Document> {
    let read = |stored: &Document| {
        let path = format!("{} {} (in force)", stored.kind, stored.name);
        document::parse(&[Source { path: &path, text: &stored.yaml }]).documents
    };
    head.documents.iter().flat_map(read).collect()
}

/// The documents in force, shipped ones included, by kind and name.
pub(crate) async fn list(
    state: &State,
    kind: Option<&str>,
) -> Result<v1::Page<Definition>, Failure> {
    let mut items = all(state).await?;
    items.retain(|item| kind.is_none_or(|kind| item.kind == kind));
    Ok(v1::Page { items, next_cursor: None })
}

/// One document.
pub(crate) async fn get(state: &State, kind: &str, name: &str) -> Result<Definition, Failure> {
    let found = all(state).await?.into_iter().find(|item| item.kind == kind && item.name == name);
    found.ok_or_else(|| Failure::not_found("definition", format_args!("{kind} {name}")))
}

async fn all(state: &State) -> Result<Vec<Definition>, Failure> {
    let head = state.records.definitions(state.scope).await?;
    let names = Names::load(state).await?;
    let yours = |stored| yours(&names, stored);
    let mut items: Vec<Definition> = head.documents.into_iter().map(yours).collect();
    let written = |shipped: &document::Document| {
        let name = shipped.name.as_str();
        items.iter().any(|item| item.kind == shipped.kind && item.name == name)
    };
    let shipped: Vec<_> =
        document::defaults().into_iter().filter(|shipped| !written(shipped)).collect();
    items.extend(shipped.into_iter().map(default));
    items.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    Ok(items)
}

fn yours(names: &Names, stored: Document) -> Definition {
    Definition {
        api_version: stored.api_version,
        kind: stored.kind,
        name: stored.name,
        yaml: stored.yaml,
        origin: "yours".to_owned(),
        changed_at: Some(stored.changed_at),
        changed_by: Some(names.of(&stored.changed_by)),
    }
}

fn default(shipped: document::Document) -> Definition {
    Definition {
        api_version: shipped.api_version,
        kind: shipped.kind,
        name: shipped.name.to_string(),
        yaml: shipped.yaml,
        origin: "default".to_owned(),
        changed_at: None,
        changed_by: None,
    }
}
