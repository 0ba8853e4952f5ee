//! Definitions as applied: the documents in force, their number, and every version they ever had.
//!
//! Invariant: the number grows by one with each revision, and nothing that was in force is lost.

use plimsoll_domain::id::RevisionId;
use plimsoll_domain::time::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::effects::CommitError;
use super::page::{self, Position};
use super::schema::{definitions_head, document, document_version, revision};
use super::{Error, Listing, PageRequest, Records, Scope, blob, micros, open, rows, sealing};

/// The documents in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DefinitionsHead {
    /// How many revisions there were; 0 when there are no definitions yet.
    pub number: u64,
    /// The documents by kind and name.
    pub documents: Vec<Document>,
}

/// One document as it was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name, unique per kind.
    pub name: String,
    /// Its text.
    pub yaml: String,
    /// When this text came into force.
    pub changed_at: Timestamp,
    /// Who applied it.
    pub changed_by: String,
}

/// A version that a document once had or has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentVersion {
    /// The number of the definitions that brought it.
    pub number: u64,
    /// The document.
    pub document: Document,
    /// Whether it was deleted then; the text is its last.
    pub deleted: bool,
}

/// What one `apply` or deletion changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: RevisionId,
    /// When it came into force.
    pub at: Timestamp,
    /// Who changed them.
    pub by: String,
    /// Kind and name of each document that changed.
    pub changed: Vec<(String, String)>,
}

impl Records {
    /// The documents in force and their number, of one instant.
    pub async fn definitions(&self, scope: Scope) -> Result<DefinitionsHead, Error> {
        let tx = open::begin_snapshot(&self.reads).await?;
        let head = rows::one(&tx, head(scope)).await?;
        let select = document::Entity::find().filter(document::Column::Scope.eq(scope.key()));
        let in_force = rows::all(&tx, select).await?;
        tx.commit().await?;
        let mut documents = in_force.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        // Sorted here, since databases order text by their own collations.
        documents.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
        let number = head.map_or(0, |head| micros::count(head.number));
        Ok(DefinitionsHead { number, documents })
    }

    /// The number of the definitions in force; 0 when there are none yet.
    pub async fn definitions_number(&self, scope: Scope) -> Result<u64, Error> {
        let head = rows::one(&self.reads, head(scope)).await?;
        Ok(head.map_or(0, |head| micros::count(head.number)))
    }

    /// Every version of a document, newest first.
    pub async fn document_history(
        &self,
        scope: Scope,
        kind: &str,
        name: &str,
    ) -> Result<Vec<DocumentVersion>, Error> {
        let select = document_version::Entity::find()
            .filter(document_version::Column::Scope.eq(scope.key()))
            .filter(document_version::Column::Kind.eq(kind))
            .filter(document_version::Column::Name.eq(name))
            .order_by_desc(document_version::Column::Number);
        rows::all(&self.reads, select).await?.into_iter().map(read_version).collect()
    }

    /// What each `apply` changed, newest first.
    pub async fn revisions(
        &self,
        scope: Scope,
        page: &PageRequest,
    ) -> Result<Listing<Revision>, Error> {
        let select = revision::Entity::find().filter(revision::Column::Scope.eq(scope.key()));
        let key = (revision::Column::Number, revision::Column::Id);
        let position = |row: &revision::Model| Position { at: row.number, id: row.id };
        let listing = page::newest_first(&self.reads, select, key, position, page).await?;
        listing.try_map(|row| {
            Ok(Revision {
                id: RevisionId::from_uuid(row.id),
                at: micros::instant(row.at)?,
                by: row.by,
                changed: blob::decode("revision", &row.changed)?,
            })
        })
    }
}

fn head(scope: Scope) -> Select<definitions_head::Entity> {
    definitions_head::Entity::find_by_id(scope.key())
}

/// Checks that the head still has the number, and keeps it so until the transaction ends.
pub(super) async fn check(
    tx: &DatabaseTransaction,
    scope: Scope,
    number: u64,
) -> Result<(), CommitError> {
    if number == 0 {
        make_head(tx, scope).await?;
    }
    let kept = rows::one(tx, head(scope).lock_shared()).await?;
    if kept.map_or(0, |head| micros::count(head.number)) == number {
        Ok(())
    } else {
        Err(CommitError::conflict("the definitions"))
    }
}

/// Makes a head that says zero, if there is none: what is not there cannot be locked.
async fn make_head(tx: &DatabaseTransaction, scope: Scope) -> Result<(), CommitError> {
    let none_yet = definitions_head::Model { scope: scope.key(), number: 0, sum: 0 };
    rows::insert_new(tx, none_yet).await?;
    Ok(())
}

/// What a revision does to documents.
pub(super) struct Changes<'a> {
    pub(super) documents: &'a [Document],
    pub(super) deleted: &'a [Document],
}

pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: u64,
    revision: &Revision,
    changes: Changes<'_>,
) -> Result<(), CommitError> {
    let number = advance_head(tx, scope, expected.cast_signed()).await?;
    let row = revision::Model {
        scope: scope.key(),
        id: revision.id.uuid(),
        number,
        at: micros::of(revision.at),
        by: revision.by.clone(),
        changed: blob::encode(&revision.changed),
        sum: 0,
    };
    sealing::append(tx, scope, row, revision.id).await?;
    for document in changes.documents {
        upsert(tx, scope, document).await?;
        let version = version_row(scope, number, document, false);
        sealing::append(tx, scope, version, &document.name).await?;
    }
    for document in changes.deleted {
        delete(tx, scope, document).await?;
        let version = version_row(scope, number, document, true);
        sealing::append(tx, scope, version, &document.name).await?;
    }
    Ok(())
}

async fn delete(
    tx: &DatabaseTransaction,
    scope: Scope,
    document: &Document,
) -> Result<(), CommitError> {
    let Document { kind, name, .. } = document;
    let key = (scope.key(), kind.clone(), name.clone());
    let gone = document::Entity::delete_by_id(key).exec(tx).await?;
    if gone.rows_affected == 1 {
        Ok(())
    } else {
        Err(CommitError::conflict(format_args!("the {kind} {name}")))
    }
}

/// Moves the head from `expected` to the number after it, which is returned.
async fn advance_head(
    tx: &DatabaseTransaction,
    scope: Scope,
    expected: i64,
) -> Result<i64, CommitError> {
    if expected == 0 {
        make_head(tx, scope).await?;
    }
    match rows::one_locked(tx, head(scope)).await? {
        Some(kept) if kept.number == expected => {
            let number = expected + 1;
            rows::replace(tx, definitions_head::Model { number, ..kept }).await?;
            Ok(number)
        }
        Some(_) | None => Err(CommitError::conflict("the definitions")),
    }
}

async fn upsert(
    tx: &DatabaseTransaction,
    scope: Scope,
    document: &Document,
) -> Result<(), CommitError> {
    use document::Column;
    let row = document::Model {
        scope: scope.key(),
        kind: document.kind.clone(),
        name: document.name.clone(),
        api_version: document.api_version.clone(),
        yaml: document.yaml.clone(),
        changed_at: micros::of(document.changed_at),
        changed_by: document.changed_by.clone(),
        sum: 0,
    };
    let taken = OnConflict::columns([Column::Scope, Column::Kind, Column::Name])
        .update_columns([
            Column::ApiVersion,
            Column::Yaml,
            Column::ChangedAt,
            Column::ChangedBy,
            Column::Sum,
        ])
        .to_owned();
    document::Entity::insert(rows::summed(row).into_active_model())
        .on_conflict(taken)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn version_row(
    scope: Scope,
    number: i64,
    document: &Document,
    deleted: bool,
) -> document_version::Model {
    document_version::Model {
        scope: scope.key(),
        kind: document.kind.clone(),
        name: document.name.clone(),
        number,
        api_version: document.api_version.clone(),
        yaml: document.yaml.clone(),
        changed_at: micros::of(document.changed_at),
        changed_by: document.changed_by.clone(),
        deleted,
        sum: 0,
    }
}

fn read(row: document::Model) -> Result<Document, Error> {
    Ok(Document {
        api_version: row.api_version,
        kind: row.kind,
        name: row.name,
        yaml: row.yaml,
        changed_at: micros::instant(row.changed_at)?,
        changed_by: row.changed_by,
    })
}

fn read_version(row: document_version::Model) -> Result<DocumentVersion, Error> {
    Ok(DocumentVersion {
        number: micros::count(row.number),
        deleted: row.deleted,
        document: Document {
            api_version: row.api_version,
            kind: row.kind,
            name: row.name,
            yaml: row.yaml,
            changed_at: micros::instant(row.changed_at)?,
            changed_by: row.changed_by,
        },
    })
}
