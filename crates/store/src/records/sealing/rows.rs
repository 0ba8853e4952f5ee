//! Rows of history as their seals see them: a key in words, a time, and the digest of all that was
//! stored.
//!
//! Invariant: the digest is of the bytes as stored, never of what they mean, so that it is the same
//! on every database and needs no program to read them.

use plimsoll_domain::id::{DecisionId, EntryId, Id, NotificationId, Noun, PersonId, RevisionId};
use plimsoll_domain::seal::{Content, Hash, Kind, Leaf, commitment};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Value,
};

use super::schema::identity;
use crate::records::schema::{attempt, decision, document_version, entry, revision};
use crate::records::{Error, Scope, rows as checked};

/// A row as its seal sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::records) struct Row {
    pub(super) kind: Kind,
    pub(super) key: String,
    pub(super) at_us: i64,
    pub(super) content: Hash,
    /// Whether personal data that it stood for has been erased.
    pub(super) erased: bool,
}

impl Row {
    pub(super) fn leaf(&self, scope: Scope) -> Hash {
        let Self { kind, key, at_us, content, .. } = self;
        let (kind, at_us, content) = (*kind, *at_us, Some(*content));
        Leaf { scope: scope.0, kind, key, at_us, content }.hash()
    }
}

/// The rows with these keys that are there.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    scope: Scope,
    kind: Kind,
    keys: &[String],
) -> Result<Vec<Row>, Error> {
    match kind {
        Kind::Entry => find::<entry::Entity>(db, scope, keys).await,
        Kind::Decision => find::<decision::Entity>(db, scope, keys).await,
        Kind::Attempt => find::<attempt::Entity>(db, scope, keys).await,
        Kind::Revision => find::<revision::Entity>(db, scope, keys).await,
        Kind::Document => find::<document_version::Entity>(db, scope, keys).await,
        Kind::Identity => find::<identity::Entity>(db, scope, keys).await,
    }
}

/// Hands every row of a kind to `visit`, a page at a time.
pub(super) async fn walk(
    db: &impl ConnectionTrait,
    scope: Scope,
    kind: Kind,
    visit: impl FnMut(Row),
) -> Result<(), Error> {
    match kind {
        Kind::Entry => each::<entry::Entity>(db, scope, visit).await,
        Kind::Decision => each::<decision::Entity>(db, scope, visit).await,
        Kind::Attempt => each::<attempt::Entity>(db, scope, visit).await,
        Kind::Revision => each::<revision::Entity>(db, scope, visit).await,
        Kind::Document => each::<document_version::Entity>(db, scope, visit).await,
        Kind::Identity => each::<identity::Entity>(db, scope, visit).await,
    }
}

/// A table of history.
pub(in crate::records) trait Table: EntityTrait {
    /// The column of the scope, which its key begins with.
    const SCOPE: Self::Column;
    /// The columns that its key goes on with.
    fn key() -> Vec<Self::Column>;
    /// Their values in a row.
    fn values(row: &Self::Model) -> Vec<Value>;
    /// Their values in a key's text; none when it is no key of this table.
    fn parse(key: &str) -> Option<Vec<Value>>;
    /// A row as its seal sees it.
    fn row(row: Self::Model) -> Row;
}

async fn find<T: Table>(
    db: &impl ConnectionTrait,
    scope: Scope,
    keys: &[String],
) -> Result<Vec<Row>, Error> {
    let Some(select) = select::<T>(scope, keys) else { return Ok(Vec::new()) };
    Ok(checked::all(db, select).await?.into_iter().map(T::row).collect())
}

/// The rows with these keys; none when none is a key of the table. Each names its scope: outside
/// the alternatives it would be all that SQLite looks rows up by, and every row be held to each of
/// them.
fn select<T: Table>(scope: Scope, keys: &[String]) -> Option<Select<T>> {
    let one = |values: Vec<Value>| {
        let equal = |all: Condition, (column, value): (T::Column, Value)| all.add(column.eq(value));
        let scope = Condition::all().add(T::SCOPE.eq(scope.key()));
        T::key().into_iter().zip(values).fold(scope, equal)
    };
    let wanted: Vec<Condition> = keys.iter().filter_map(|key| T::parse(key)).map(one).collect();
    let any = |wanted: Vec<Condition>| wanted.into_iter().fold(Condition::any(), Condition::add);
    (!wanted.is_empty()).then(|| T::find().filter(any(wanted)))
}

async fn each<T: Table>(
    db: &impl ConnectionTrait,
    scope: Scope,
    mut visit: impl FnMut(Row),
) -> Result<(), Error> {
    const PAGE: u64 = 5_000;
    let key = || Expr::tuple(T::key().into_iter().map(|column| column.into_expr()));
    let mut last: Option<Vec<Value>> = None;
    loop {
        let mut select = T::find().filter(T::SCOPE.eq(scope.key())).limit(PAGE);
        for column in T::key() {
            select = select.order_by_asc(column);
        }
        if let Some(values) = last.take() {
            select = select.filter(key().gt(Expr::tuple(values.into_iter().map(Expr::val))));
        }
        let rows = select.all(db).await?;
        last = rows.last().filter(|_| rows.len() as u64 == PAGE).map(T::values);
        rows.into_iter().for_each(|row| visit(T::row(row)));
        if last.is_none() {
            return Ok(());
        }
    }
}

fn parse_id<N: Noun>(text: &str) -> Option<Value> {
    text.parse::<Id<N>>().ok().map(|id| id.uuid().into())
}

fn parse_number(text: &str) -> Option<Value> {
    text.parse::<i64>().ok().map(Value::from)
}

fn row(kind: Kind, key: String, at_us: i64, content: Content) -> Row {
    Row { kind, key, at_us, content: content.digest(), erased: false }
}

impl Table for entry::Entity {
    const SCOPE: Self::Column = entry::Column::Scope;
    fn key() -> Vec<Self::Column> {
        vec![entry::Column::Id]
    }
    fn values(row: &Self::Model) -> Vec<Value> {
        vec![row.id.into()]
    }
    fn parse(key: &str) -> Option<Vec<Value>> {
        Some(vec![parse_id::<plimsoll_domain::id::Entry>(key)?])
    }
    fn row(entry: Self::Model) -> Row {
        let content = Content::new().text(&entry.subject).text(&entry.event).text(&entry.message);
        let content = content.text_or_null(entry.actor.as_deref());
        row(Kind::Entry, entry_key(entry.id), entry.at, content)
    }
}

impl Table for decision::Entity {
    const SCOPE: Self::Column = decision::Column::Scope;
    fn key() -> Vec<Self::Column> {
        vec![decision::Column::Id]
    }
    fn values(row: &Self::Model) -> Vec<Value> {
        vec![row.id.into()]
    }
    fn parse(key: &str) -> Option<Vec<Value>> {
        Some(vec![parse_id::<plimsoll_domain::id::Decision>(key)?])
    }
    fn row(decision: Self::Model) -> Row {
        let content = Content::new().text(&decision.service).text(&decision.environment);
        let content = content.text(&decision.body);
        row(Kind::Decision, decision_key(decision.id), decision.decided_at, content)
    }
}

impl Table for attempt::Entity {
    const SCOPE: Self::Column = attempt::Column::Scope;
    fn key() -> Vec<Self::Column> {
        vec![attempt::Column::Notification, attempt::Column::Number]
    }
    fn values(row: &Self::Model) -> Vec<Value> {
        vec![row.notification.into(), row.number.into()]
    }
    fn parse(key: &str) -> Option<Vec<Value>> {
        let (id, number) = key.split_once('/')?;
        Some(vec![parse_id::<plimsoll_domain::id::Notification>(id)?, parse_number(number)?])
    }
    fn row(attempt: Self::Model) -> Row {
        let key = attempt_key(attempt.notification, attempt.number);
        row(Kind::Attempt, key, attempt.at, Content::new().text(&attempt.body))
    }
}

impl Table for revision::Entity {
    const SCOPE: Self::Column = revision::Column::Scope;
    fn key() -> Vec<Self::Column> {
        vec![revision::Column::Id]
    }
    fn values(row: &Self::Model) -> Vec<Value> {
        vec![row.id.into()]
    }
    fn parse(key: &str) -> Option<Vec<Value>> {
        Some(vec![parse_id::<plimsoll_domain::id::Revision>(key)?])
    }
    fn row(revision: Self::Model) -> Row {
        let content = Content::new().number(revision.number).text(&revision.by);
        let content = content.text(&revision.changed);
        row(Kind::Revision, revision_key(revision.id), revision.at, content)
    }
}

impl Table for document_version::Entity {
    const SCOPE: Self::Column = document_version::Column::Scope;
    fn key() -> Vec<Self::Column> {
        use document_version::Column;
        vec![Column::Kind, Column::Name, Column::Number]
    }
    fn values(row: &Self::Model) -> Vec<Value> {
        vec![row.kind.clone().into(), row.name.clone().into(), row.number.into()]
    }
    fn parse(key: &str) -> Option<Vec<Value>> {
        let (kind, rest) = key.split_once('/')?;
        let (name, number) = rest.rsplit_once('@')?;
        Some(vec![kind.into(), name.into(), parse_number(number)?])
    }
    fn row(version: Self::Model) -> Row {
        let content = Content::new().text(&version.api_version).text(&version.yaml);
        let content = content.text(&version.changed_by);
        let content = if version.deleted { content.text("deleted") } else { content };
        let key = document_key(&version.kind, &version.name, version.number);
        row(Kind::Document, key, version.changed_at, content)
    }
}

impl Table for identity::Entity {
    const SCOPE: Self::Column = identity::Column::Scope;
    fn key() -> Vec<Self::Column> {
        vec![identity::Column::Person, identity::Column::Number]
    }
    fn values(row: &Self::Model) -> Vec<Value> {
        vec![row.person.into(), row.number.into()]
    }
    fn parse(key: &str) -> Option<Vec<Value>> {
        let (id, number) = key.split_once('@')?;
        Some(vec![parse_id::<plimsoll_domain::id::Person>(id)?, parse_number(number)?])
    }
    /// What is sealed is the commitment: the name must keep it while it is there, and may go.
    fn row(identity: Self::Model) -> Row {
        let salt = identity.salt.as_deref().and_then(|salt| <&[u8; 32]>::try_from(salt).ok());
        let content = match (salt, &identity.name) {
            (Some(salt), Some(name)) if identity.commitment != commitment(salt, name).0 => {
                Content::new().text("broken commitment")
            }
            (Some(_), Some(_)) | (None, None) => Content::new().bytes(&identity.commitment),
            (Some(_), None) | (None, Some(_)) => Content::new().text("half a commitment"),
        };
        let key = identity_key(identity.person, identity.number);
        let erased = identity.name.is_none();
        Row { erased, ..row(Kind::Identity, key, identity.at, content) }
    }
}

pub(super) fn entry_key(id: uuid::Uuid) -> String {
    EntryId::from_uuid(id).to_string()
}

pub(super) fn decision_key(id: uuid::Uuid) -> String {
    DecisionId::from_uuid(id).to_string()
}

pub(super) fn attempt_key(notification: uuid::Uuid, number: i64) -> String {
    format!("{}/{number}", NotificationId::from_uuid(notification))
}

pub(super) fn revision_key(id: uuid::Uuid) -> String {
    RevisionId::from_uuid(id).to_string()
}

pub(super) fn document_key(kind: &str, name: &str, number: i64) -> String {
    format!("{kind}/{name}@{number}")
}

pub(super) fn identity_key(person: uuid::Uuid, number: i64) -> String {
    format!("{}@{number}", PersonId::from_uuid(person))
}

#[cfg(test)]
mod tests;
