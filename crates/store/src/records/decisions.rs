//! Gate decisions, each with its facts and policy, as they were made.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::DecisionId;
use plimsoll_domain::release::gate::{Decision, Verdict};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::effects::CommitError;
use super::page::{self, Position};
use super::schema::decision::{Column, Entity, Model};
use super::{Error, Listing, PageRequest, Records, Scope, blob, micros, open, rows, sealing};

/// Which decisions to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// Those about this service.
    pub service: Option<Name>,
    /// Those about this environment.
    pub environment: Option<Name>,
    /// Those that say so.
    pub verdict: Option<Verdict>,
    /// Those that bind, or those that do not.
    pub enforced: Option<bool>,
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
        if let Some(verdict) = filter.verdict {
            select = select.filter(Column::ByVerdict.eq(verdict.as_str()));
        }
        if let Some(enforced) = filter.enforced {
            select = select.filter(Column::ByEnforced.eq(enforced));
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
        by_verdict: Some(decision.outcome.verdict.as_str().to_owned()),
        by_enforced: Some(decision.enforced),
        sum: 0,
    };
    sealing::append(tx, scope, row, decision.id).await
}

/// How many rows are filled in at once, so that nothing waits for many.
const FILLED_AT_ONCE: u64 = 100;

/// Fills in what rows are found by that a program wrote which knows no such columns. What is sealed
/// of a row does not hold them.
pub(super) async fn fill_in(db: &DatabaseConnection) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let tx = open::begin_write(db).await?;
        let bare: Vec<(Uuid, Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::Scope, Column::Id, Column::Body])
            .filter(Column::ByVerdict.is_null())
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(FILLED_AT_ONCE)
            .into_tuple()
            .all(&tx)
            .await?;
        let Some((_, last, _)) = bare.last() else { return Ok(tx.commit().await?) };
        after = *last;
        for (scope, id, body) in bare {
            // One that is damaged is told when it is read.
            let Ok(decision) = blob::decode::<Decision>("decision", &body) else { continue };
            Entity::update_many()
                .col_expr(Column::ByVerdict, Expr::val(decision.outcome.verdict.as_str()))
                .col_expr(Column::ByEnforced, Expr::val(decision.enforced))
                .filter(Column::Scope.eq(scope))
                .filter(Column::Id.eq(id))
                .exec(&tx)
                .await?;
        }
        tx.commit().await?;
    }
}

fn read(row: &Model) -> Result<Decision, Error> {
    blob::decode("decision", &row.body)
}
