//! Deployments: what went out, where and when.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::id::DeploymentId;
use plimsoll_domain::release::Deployment;
use plimsoll_domain::time::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::effects::CommitError;
use super::page::{self, Position};
use super::schema::deployment::{Column, Entity, Model};
use super::{Error, Listing, PageRequest, Records, Scope, blob, micros, rows};

/// Which deployments to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeploymentFilter {
    /// Those of this service.
    pub service: Option<Name>,
    /// Those to this environment.
    pub environment: Option<Name>,
    /// Those that went out then or later.
    pub from: Option<Timestamp>,
    /// Those that went out before then.
    pub to: Option<Timestamp>,
}

impl Records {
    /// Deployments, the last to go out first.
    pub async fn deployments(
        &self,
        scope: Scope,
        filter: &DeploymentFilter,
        page: &PageRequest,
    ) -> Result<Listing<Deployment>, Error> {
        let mut select = Entity::find().filter(Column::Scope.eq(scope.key()));
        if let Some(service) = &filter.service {
            select = select.filter(Column::Service.eq(service.as_str()));
        }
        if let Some(environment) = &filter.environment {
            select = select.filter(Column::Environment.eq(environment.as_str()));
        }
        if let Some(from) = filter.from {
            select = select.filter(Column::DeployedAt.gte(micros::of(from)));
        }
        if let Some(to) = filter.to {
            select = select.filter(Column::DeployedAt.lt(micros::of(to)));
        }
        let key = (Column::DeployedAt, Column::Id);
        let position = |row: &Model| Position { at: row.deployed_at, id: row.id };
        let listing = page::newest_first(&self.reads, select, key, position, page).await?;
        listing.try_map(|row| read(&row))
    }

    /// A deployment by its id.
    pub async fn deployment(
        &self,
        scope: Scope,
        id: DeploymentId,
    ) -> Result<Option<Deployment>, Error> {
        let select = Entity::find_by_id((scope.key(), id.uuid()));
        rows::one(&self.reads, select).await?.as_ref().map(read).transpose()
    }
}

pub(super) async fn write(
    tx: &DatabaseTransaction,
    scope: Scope,
    deployment: &Deployment,
) -> Result<(), CommitError> {
    let row = Model {
        scope: scope.key(),
        id: deployment.id.uuid(),
        service: deployment.service.to_string(),
        environment: deployment.environment.to_string(),
        deployed_at: micros::of(deployment.deployed_at),
        body: blob::encode(deployment),
        sum: 0,
    };
    rows::insert(tx, row, deployment.id).await
}

fn read(row: &Model) -> Result<Deployment, Error> {
    blob::decode("deployment", &row.body)
}
