//! API tokens, and when each was last used.
//!
//! A token that is limited by team, scopes or time holds what the program of schema 3 has no column
//! for, so that its checksum is wrong there: that program refuses it, and never takes it for an
//! unlimited one.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_domain::access::{Permission, Role};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::TokenId;
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::{read_role, read_team};
use crate::records::effects::CommitError;
use crate::records::schema::{token, token_use};
use crate::records::{Error, Records, Scope, micros, rows};

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What its maker called it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The keyed hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// The team for what it owns the role holds; none is the whole installation.
    pub team: Option<Name>,
    /// The permissions that it is limited to; none is no limit.
    pub scopes: Option<BTreeSet<Permission>>,
    /// When it ends by itself, if ever.
    pub expires_at: Option<Timestamp>,
}

impl Records {
    /// A token by its id, revoked or not.
    pub async fn token(&self, scope: Scope, id: TokenId) -> Result<Option<Token>, Error> {
        let select = token::Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.map(read_token).transpose()
    }

    /// All tokens, revoked or not, oldest first.
    pub async fn tokens(&self, scope: Scope) -> Result<Vec<Token>, Error> {
        let select = token::Entity::find()
            .filter(token::Column::Scope.eq(scope.key()))
            .order_by_asc(token::Column::CreatedAt)
            .order_by_asc(token::Column::Id);
        rows::all(&self.reads, select).await?.into_iter().map(read_token).collect()
    }

    /// When each token was last used, those that ever were.
    pub async fn token_uses(&self, scope: Scope) -> Result<BTreeMap<TokenId, Timestamp>, Error> {
        let select = token_use::Entity::find().filter(token_use::Column::Scope.eq(scope.key()));
        let rows = rows::all(&self.reads, select).await?;
        let read = |row: token_use::Model| {
            Ok((TokenId::from_uuid(row.token), micros::instant(row.used_at)?))
        };
        rows.into_iter().map(read).collect()
    }
}

pub(in crate::records) async fn write_token(
    tx: &DatabaseTransaction,
    scope: Scope,
    token: &Token,
) -> Result<(), CommitError> {
    let row = token::Model {
        scope: scope.key(),
        id: token.id.uuid(),
        name: token.name.clone(),
        role: token.role.as_str().to_owned(),
        secret_hash: token.secret_hash.clone(),
        created_at: micros::of(token.created_at),
        revoked_at: token.revoked_at.map(micros::of),
        team: token.team.as_ref().map(ToString::to_string),
        scopes: token.scopes.as_ref().map(scope_words),
        expires_at: token.expires_at.map(micros::of),
        sum: 0,
    };
    rows::insert(tx, row, token.id).await
}

pub(in crate::records) async fn revoke_token(
    tx: &DatabaseTransaction,
    scope: Scope,
    id: TokenId,
    at: Timestamp,
) -> Result<(), CommitError> {
    let kept = rows::one_locked(tx, token::Entity::find_by_id((scope.key(), id.uuid()))).await?;
    let row = kept.ok_or_else(|| CommitError::conflict(id))?;
    if row.revoked_at.is_none() {
        rows::replace(tx, token::Model { revoked_at: Some(micros::of(at)), ..row }).await?;
    }
    Ok(())
}

/// Notes that tokens were used.
pub(in crate::records) async fn note_uses(
    tx: &DatabaseTransaction,
    scope: Scope,
    uses: &[(TokenId, Timestamp)],
) -> Result<(), CommitError> {
    for used in uses {
        note_use(tx, scope, *used).await?;
    }
    Ok(())
}

/// Notes that a token was used then, unless it was used later, or is not there.
async fn note_use(
    tx: &DatabaseTransaction,
    scope: Scope,
    (id, at): (TokenId, Timestamp),
) -> Result<(), CommitError> {
    let key = (scope.key(), id.uuid());
    if rows::one(tx, token::Entity::find_by_id(key)).await?.is_none() {
        return Ok(());
    }
    let used_at = micros::of(at);
    let row = token_use::Model { scope: scope.key(), token: id.uuid(), used_at, sum: 0 };
    let select = token_use::Entity::find_by_id(key);
    match rows::one_locked(tx, select).await? {
        None => {
            rows::insert_new(tx, row).await?;
        }
        Some(kept) if kept.used_at < used_at => rows::replace(tx, row).await?,
        Some(_) => {}
    }
    Ok(())
}

fn read_token(row: token::Model) -> Result<Token, Error> {
    Ok(Token {
        id: TokenId::from_uuid(row.id),
        name: row.name,
        role: read_role(&row.role)?,
        secret_hash: row.secret_hash,
        created_at: micros::instant(row.created_at)?,
        revoked_at: row.revoked_at.map(micros::instant).transpose()?,
        team: row.team.map(read_team).transpose()?,
        scopes: row.scopes.as_deref().map(read_scopes).transpose()?,
        expires_at: row.expires_at.map(micros::instant).transpose()?,
    })
}

pub(super) fn scope_words(scopes: &BTreeSet<Permission>) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn read_scopes(words: &str) -> Result<BTreeSet<Permission>, Error> {
    let read = |word: &str| {
        let unknown = || Error::Corrupt { what: "token", why: format!("`{word}` is no scope") };
        Permission::parse_scope(word).ok_or_else(unknown)
    };
    words.split_whitespace().map(read).collect()
}
