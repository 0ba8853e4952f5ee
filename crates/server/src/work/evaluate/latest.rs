//! The latest alerts, held between sweeps: they change only when one is stepped, and a step from an
//! alert that another replica has stepped meanwhile conflicts and has them loaded again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::alert::{Alert, Kind};
use plimsoll_domain::catalog::Name;
use plimsoll_store::Versioned;

use crate::app::Shared;

/// How old they may get: an alert that another replica closed is looked at again by then.
const HELD: SignedDuration = SignedDuration::from_secs(60);

/// The latest alert of each SLO and kind.
pub(super) type Latest = HashMap<(Name, Kind), Versioned<Alert>>;

/// The alerts that the last sweep went by. Losing them costs a query.
#[derive(Default)]
pub(crate) struct Held(Mutex<Option<Loaded>>);

#[derive(Clone)]
struct Loaded {
    epoch: u64,
    at: Timestamp,
    latest: Arc<Latest>,
}

impl Held {
    /// The alerts as they stand, for whoever holds the lease under this epoch.
    pub(super) async fn get(
        &self,
        shared: &Shared,
        epoch: u64,
        now: Timestamp,
    ) -> anyhow::Result<Arc<Latest>> {
        let held = self.0.lock().expect("no holder of the alerts panics").clone();
        if let Some(held) = held
            && held.epoch == epoch
            && now.duration_since(held.at) < HELD
        {
            return Ok(held.latest);
        }
        let latest = Arc::new(load(shared).await?);
        let loaded = Loaded { epoch, at: now, latest: latest.clone() };
        *self.0.lock().expect("no holder of the alerts panics") = Some(loaded);
        Ok(latest)
    }

    /// One of them was stepped: they are to be loaded again.
    pub(super) fn forget(&self) {
        *self.0.lock().expect("no holder of the alerts panics") = None;
    }
}

async fn load(shared: &Shared) -> anyhow::Result<Latest> {
    let rows = shared.records.latest_alerts(shared.scope).await?;
    let readable = rows.into_iter().filter_map(|row| {
        row.inspect_err(|error| tracing::error!(%error, "its SLO alerts nobody")).ok()
    });
    Ok(readable.map(|alert| ((alert.value.slo.clone(), alert.value.kind), alert)).collect())
}
