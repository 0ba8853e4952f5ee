//! Definitions: documents are linted, applied, deleted and read.
//!
//! Invariant: an apply is all or nothing. The documents submitted are joined with those in force,
//! resolved as a whole, committed with the number of the head they were joined with, and only then
//! put in force. Documents that did not change make no revision.

mod delete;
mod import;
mod in_force;
mod raised;
mod shown;
mod slices;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use plimsoll_api::document::{self, Source};
use plimsoll_api::v1::definition::{DefinitionChange, Diagnostic, Level, Report, Submission};
use plimsoll_domain::access::Denied;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::notify::ChannelName;
use plimsoll_domain::slo::tally::Declarations;
use plimsoll_store::{CommitError, DefinitionsHead, Document, Revision, Write};

use super::engine::EngineError;
use super::{Caller, Changed, Failure, Shared, State, audit, ownership};
use crate::notify::mail;

use in_force::InForce;

pub(crate) use delete::delete;
pub(crate) use import::import;
pub(crate) use in_force::Kept;
pub(crate) use shown::{Filter, get, list, provenance};

/// The origin of what was applied.
const YOURS: &str = "yours";
/// The origin of what ships with Plimsoll.
const DEFAULT: &str = "default";

/// Puts the stored definitions in force when the server starts. What this version would not take is
/// left out, and said: nobody goes unpaged for another document's sake.
pub(crate) async fn load(state: &State) -> anyhow::Result<()> {
    let head = in_force::load(state).await?;
    let number = head.number;
    let salvage = move || {
        let mut salvaged = document::salvage(head.read().map(|read| &**read));
        salvaged.diagnostics.extend(head.all().flat_map(|held| held.faults.iter().cloned()));
        salvaged
    };
    let document::Salvaged { definitions, diagnostics, whole } = aside(salvage).await?;
    if !whole {
        for found in diagnostics.iter().filter(|found| found.level == Level::Error) {
            let (document, error) = (&found.file, &found.message);
            tracing::error!(document, error, "it is not in force: apply it anew");
        }
    }
    let definitions = Arc::new(definitions);
    state.put_definitions_in_force(number, definitions.clone());
    state.engine.declare_first(state.world.now(), declared_by(definitions).await?).await;
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
    let declarations = declared_by(state.definitions()).await?;
    count_by(state, number, declarations).await.context("declaring what is to be counted")
}

/// What they need counted.
async fn declared_by(definitions: Arc<Definitions>) -> anyhow::Result<Declarations> {
    aside(move || Declarations::of(definitions.slos.values())).await
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
pub(crate) fn resolved(head: DefinitionsHead) -> Option<Definitions> {
    document::resolve(InForce::of(head).read().map(|read| &**read)).0
}

/// The faults of a submission, and what applying it would change.
pub(crate) async fn lint(state: &State, submission: Submission) -> Result<Report, Failure> {
    let head = in_force::load(state).await?;
    let mails = state.mailer.is_some();
    let mut joined = aside(move || Joined::new(&head, &submission, mails)).await?;
    slices::refuse_short(state, &mut joined).await;
    Ok(aside(move || joined.plan()).await?)
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
        let head = in_force::load(state).await?;
        state.world.turn("head loaded").await;
        let (joining, submission, asks) = (head.clone(), submission.clone(), caller.clone());
        let mails = state.mailer.is_some();
        let join = move || {
            let joined = Joined::new(&joining, &submission, mails);
            let allowed = joined.allowed(&asks, &joining);
            (joined, allowed)
        };
        let (mut joined, allowed) = aside(join).await?;
        slices::refuse_short(state, &mut joined).await;
        if joined.definitions.is_none() {
            return Ok(joined.report(false, None));
        }
        allowed?;
        match commit(state, caller, head.number, &joined).await {
            Ok((revision, changed)) => {
                let number = head.number + u64::from(revision.is_some());
                let next = aside(move || head.with(number, changed)).await?;
                state.documents.keep(Arc::new(next));
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

/// Commits what changed, to the head of that number; returns the revision, if anything did, and
/// what did.
async fn commit(
    state: &State,
    caller: &Caller,
    expected: u64,
    joined: &Joined,
) -> Result<(Option<String>, Vec<Document>), CommitError> {
    let now = state.world.now();
    let changed: Vec<Document> = joined
        .changed()
        .map(|Submitted { document, .. }| Document {
            api_version: document.api_version.clone(),
            kind: document.kind.clone(),
            name: document.name.to_string(),
            yaml: document.yaml.clone(),
            changed_at: now,
            changed_by: caller.label(),
        })
        .collect();
    if changed.is_empty() {
        return Ok((None, changed));
    }
    let key = |document: &Document| (document.kind.clone(), document.name.clone());
    let revision = Revision {
        id: state.world.fresh(now),
        at: now,
        by: caller.label(),
        changed: changed.iter().map(key).collect(),
    };
    let id = revision.id.to_string();
    let message = joined.told();
    let line = audit::line(state, now, caller, "definitions", "definitions_applied", message);
    let (documents, deleted) = (changed.clone(), Vec::new());
    let write = Write::Definitions { expected, revision, documents, deleted };
    state.commit(vec![write, line], []).await?;
    Ok((Some(id), changed))
}

/// Swaps the snapshot, then declares what is to be counted; doing it twice changes nothing.
async fn put_in_force(state: &State, number: u64, definitions: Definitions) -> Result<(), Failure> {
    let definitions = Arc::new(definitions);
    state.put_definitions_in_force(number, definitions.clone());
    let counted = count_by(state, number, declared_by(definitions).await?).await;
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
    submitted: Vec<Submitted>,
    /// What is submitted, and what is in force of the rest.
    all: Vec<Arc<document::Document>>,
    /// `None` when something is an error.
    definitions: Option<Definitions>,
    diagnostics: Vec<Diagnostic>,
}

/// Receivers that are to be told by mail, where no mail server is configured.
fn unsent(documents: &[Arc<document::Document>]) -> impl Iterator<Item = Diagnostic> {
    let has_mail = |document: &&Arc<document::Document>| match &document.body {
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

/// A document that was submitted, and what is in force in its place.
struct Submitted {
    action: Action,
    document: Arc<document::Document>,
    /// Whose text, and the text.
    before: Option<(&'static str, String)>,
}

impl Submitted {
    fn new(
        head: &InForce,
        shipped: &[document::Document],
        document: Arc<document::Document>,
    ) -> Self {
        let held = head.get(&document.kind, document.name.as_str());
        let stored = held.map(|held| &held.stored);
        let same = |shipped: &&document::Document| {
            shipped.kind == document.kind && shipped.name == document.name
        };
        let before = match stored {
            Some(stored) => Some((YOURS, stored.yaml.clone())),
            None => shipped.iter().find(same).map(|shipped| (DEFAULT, shipped.yaml.clone())),
        };
        Self { action: Action::of(stored, &document), document, before }
    }

    fn change(&self) -> DefinitionChange {
        DefinitionChange {
            action: self.action.as_str().to_owned(),
            kind: self.document.kind.clone(),
            name: self.document.name.to_string(),
            before: None,
            before_origin: None,
            after: None,
        }
    }

    /// The same with both texts, unless they are the same.
    fn planned(self) -> DefinitionChange {
        let change = self.change();
        if self.action == Action::Unchanged {
            return change;
        }
        let (origin, before) = self.before.unzip();
        DefinitionChange {
            before,
            before_origin: origin.map(str::to_owned),
            after: Some(self.document.yaml.clone()),
            ..change
        }
    }
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
            Some(stored) if said(&stored.yaml) == said(&submitted.yaml) => Self::Unchanged,
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
    fn new(head: &InForce, submission: &Submission, mails: bool) -> Self {
        let files = &submission.files;
        let sources: Vec<_> =
            files.iter().map(|file| Source { path: &file.path, text: &file.text }).collect();
        let document::Parsed { documents, mut diagnostics } = document::parse(&sources);
        let documents: Vec<_> = documents.into_iter().map(Arc::new).collect();
        let replaced: BTreeSet<(&str, &str)> =
            documents.iter().map(|document| (&*document.kind, document.name.as_str())).collect();
        let stays = |stored: &&Arc<document::Document>| {
            !replaced.contains(&(&*stored.kind, stored.name.as_str()))
        };
        let all: Vec<_> = head.read().filter(stays).chain(&documents).cloned().collect();
        let (definitions, found) = document::resolve(all.iter().map(|document| &**document));
        // Warnings about documents that were not submitted are not news.
        let paths: BTreeSet<&str> = files.iter().map(|file| &*file.path).collect();
        let news =
            |found: &Diagnostic| found.level == Level::Error || paths.contains(found.file.as_str());
        diagnostics.extend(found.into_iter().filter(news));
        let left =
            |held: &&in_force::Held| !replaced.contains(&(&*held.stored.kind, &*held.stored.name));
        let faults = head.all().filter(left).flat_map(|held| &held.faults);
        diagnostics.extend(faults.cloned());
        if !mails {
            diagnostics.extend(unsent(&documents));
        }
        diagnostics.extend(raised::raised(head, &documents, definitions.as_ref()));
        let sound = diagnostics.iter().all(|found| found.level != Level::Error);
        let shipped = document::defaults();
        let submitted = |document| Submitted::new(head, &shipped, document);
        Self {
            submitted: documents.into_iter().map(submitted).collect(),
            all,
            definitions: definitions.filter(|_| sound),
            diagnostics,
        }
    }

    /// What is not as it was.
    fn changed(&self) -> impl Iterator<Item = &Submitted> {
        self.submitted.iter().filter(|submitted| submitted.action != Action::Unchanged)
    }

    /// Refuses changes of what the caller has no say in.
    fn allowed(&self, caller: &Caller, head: &InForce) -> Result<(), Denied> {
        let changed =
            || self.changed().filter_map(|submitted| ownership::Named::of(&submitted.document));
        if ownership::is_free(caller, changed()) {
            return Ok(());
        }
        let before = || head.read().map(|read| &**read);
        let (was, _) = document::resolve(before());
        let before = ownership::State::new(before(), was.as_ref());
        let all = self.all.iter().map(|document| &**document);
        let after = ownership::State::new(all, self.definitions.as_ref());
        ownership::check(caller, changed(), &before, &after)
    }

    /// What changes, in a sentence.
    fn told(&self) -> String {
        const NAMED_MAX: usize = 20;
        let word = |Submitted { action, document, .. }: &Submitted| {
            format!("{} {} {}", action.as_str(), document.kind, document.name)
        };
        let mut words: Vec<String> = self.changed().take(NAMED_MAX).map(word).collect();
        let more = self.changed().skip(NAMED_MAX).count();
        words.extend((more > 0).then(|| format!("and {more} more")));
        words.join(", ")
    }

    fn report(&self, applied: bool, revision: Option<String>) -> Report {
        Report {
            applied,
            changes: self.submitted.iter().map(Submitted::change).collect(),
            diagnostics: self.diagnostics.clone(),
            revision,
        }
    }

    /// What applying would do, with the texts before and after.
    fn plan(self) -> Report {
        Report {
            applied: false,
            changes: self.submitted.into_iter().map(Submitted::planned).collect(),
            diagnostics: self.diagnostics,
            revision: None,
        }
    }
}

/// A document without the empty lines around it, which come and go with how files are cut.
fn said(yaml: &str) -> &str {
    yaml.trim_start_matches(['\r', '\n']).trim_end()
}
