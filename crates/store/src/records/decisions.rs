//! Gate decisions, each with its facts and policy, as they were made.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::DecisionId;
use plimsoll_domain::release::gate::Decision;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::effects::CommitError;
use super::page::{self, Position};
use super::schema::decision::{Column, Entity, Model};
use super::{Error, Listing, PageRequest, Records, Scope, blob, micros, rows, sealing};

/// Which decisions to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// Those about this service.
    pub service: Option<Name>,
    /// Those about this environment.
    pub environment: Option<Name>,
}

impl Records {
    /// Decisions, the last made first.
    pub async fn decisions(
        &self,
        scope: Scope,
        filter: &DecisionFilter,
        page: &PageRequest,
    ) -> Result<Listing<Decision>, Error> {
        let mut select = Entity::find().filter(Column::Scope.eq(scope.key()));
        if let Some(service) = &filter.service {
            select = select.filter(Column::Service.eq(service.as_str()));
        }
        if let Some(environment) = &filter.environment {
            select = select.filter(Column::Environment.eq(environment.as_str()));
        }
        let key = (Column::DecidedAt, Column::Id);
        let position = |row: &Model| Position { at: row.decided_at, id: row.id };
        let listing = page::newest_first(&self.reads, select, key, position, page).await?;
        listing.try_map(|row| read(&row))
    }

    /// A decision by its id.
    pub async fn decision(&self, scope: Scope, id: DecisionId) -> Result<Option<Decision>, Error> {
        let select = Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.as_ref().map(read).transpose()
    }
}

pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    decision: &Decision,
) -> Result<(), CommitError> {
    let row = Model {
        scope: scope.key(),
        id: decision.id.uuid(),
        service: decision.facts.service.to_string(),
        environment: decision.facts.environment.to_string(),
        decided_at: micros::of(decision.decided_at),
        body: blob::encode(decision),
        sum: 0,
    };
    sealing::append(tx, scope, row, decision.id).await
}

fn read(row: &Model) -> Result<Decision, Error> {
    blob::decode("decision", &row.body)
}
