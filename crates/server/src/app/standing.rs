//! Where every SLO stood at the last sweep: what lists are ordered and counted by.
//!
//! A hundred thousand SLOs are not read anew for a page of fifty. Invariant: only orders, counts
//! and filters by status come from here; the numbers that are shown are read when they are asked
//! for. Losing it costs one reading of everything.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1::standing::{Counts, Standing as Wire};
use plimsoll_domain::alert::Phase;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::Slo;
use plimsoll_domain::slo::budget::Status;
use tokio::sync::Mutex;

use super::order::gravity;
use super::readings::{self, Measured, When, measure, some_after};
use super::slos::{Filter, burn_alerts};
use super::{Failure, Shared, services};
use crate::work::lease;

/// How old what a sweep saw may be: longer than it takes until the next one has seen all of very
/// many SLOs.
const HELD: SignedDuration = SignedDuration::from_secs(60);

/// How old what was read for a list may be: the next sweep is near.
const HELD_AWHILE: SignedDuration = SignedDuration::from_secs(2);

/// Reads a status that a caller gave.
pub(crate) fn status(word: &str) -> Result<Status, Failure> {
    Status::parse(word).ok_or_else(|| {
        Failure::invalid_with_hint(
            "unknown_status",
            format!("`{word}` is no status"),
            format!("statuses are {}", Status::ALL.map(Status::as_str).join(", ")),
        )
    })
}

/// Where one SLO stood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing {
    pub(crate) status: Status,
    /// The share of the budget left.
    pub(crate) remaining: Option<f64>,
    /// The burn over the longest window.
    pub(crate) pace: Option<f64>,
    /// Whether a burn alert fires.
    pub(crate) firing: bool,
}

/// What a new SLO is until a sweep has seen it.
const UNSEEN: Standing =
    Standing { status: Status::Unmeasured, remaining: None, pace: None, firing: false };

impl Standing {
    /// Where an SLO stands by what was measured.
    pub(crate) fn of(slo: &Slo, measured: &Measured, firing: bool) -> Self {
        let longest = measured.arms.iter().max_by_key(|reading| reading.arm.long);
        Self {
            status: measured.budget.status,
            remaining: measured.budget.remaining,
            pace: longest.and_then(|reading| reading.long.burn(slo.target)),
            firing,
        }
    }

    /// Whether someone should look.
    fn needs_attention(self) -> bool {
        self.firing || matches!(self.status, Status::Warning | Status::Exhausted)
    }

    /// How much it needs someone: lower is more.
    pub(crate) fn rank(self) -> u8 {
        if self.firing { 0 } else { gravity(self.status) }
    }
}

/// Where all of them stood.
#[derive(Debug)]
pub(crate) struct Standings {
    as_of: Timestamp,
    held: SignedDuration,
    by_slo: HashMap<Name, Standing>,
    /// How many of all of them stand how, once somebody asked.
    counted: Mutex<Option<Counted>>,
}

/// Counts, and the definitions that they are of.
#[derive(Debug)]
struct Counted {
    definitions: Arc<Definitions>,
    slos: Counts,
    services: Counts,
}

impl Standings {
    /// All of them at one instant.
    pub(crate) fn new(
        as_of: Timestamp,
        standings: impl IntoIterator<Item = (Name, Standing)>,
    ) -> Self {
        let by_slo = standings.into_iter().collect();
        Self { as_of, held: HELD, by_slo, counted: Mutex::new(None) }
    }

    /// Where one stood.
    pub(crate) fn get(&self, slo: &Name) -> Standing {
        self.by_slo.get(slo).copied().unwrap_or(UNSEEN)
    }
}

/// The last of them.
#[derive(Default)]
pub(crate) struct Kept {
    last: RwLock<Option<Arc<Standings>>>,
    /// Whoever finds none reads all, for everybody who asks meanwhile.
    reading: Mutex<()>,
}

impl Kept {
    /// Keeps what a sweep saw.
    pub(crate) fn keep(&self, standings: impl Into<Arc<Standings>>) {
        *self.last.write().expect("no holder of the standings panics") = Some(standings.into());
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<Standings>> {
        let kept = self.last.read().expect("no holder of the standings panics").clone();
        kept.filter(|kept| now.duration_since(kept.as_of).abs() < kept.held)
    }
}

/// Where all SLOs stood at the last sweep; where they stand now, if there was none lately.
pub(crate) async fn all(shared: &Shared) -> Result<Arc<Standings>, Failure> {
    lease::required(shared)?;
    let kept = &shared.standings;
    if let Some(fresh) = kept.fresh(shared.world.now()) {
        return Ok(fresh);
    }
    let _one_for_all = shared.world.behind("may read standings", kept.reading.lock()).await;
    if let Some(fresh) = kept.fresh(shared.world.now()) {
        return Ok(fresh);
    }
    let read = Arc::new(read(shared).await?);
    kept.keep(read.clone());
    Ok(read)
}

/// Reads all of them, some at a time, so that telemetry waits for no more than these.
async fn read(shared: &Shared) -> Result<Standings, Failure> {
    let now = shared.world.now();
    let alerts = Arc::new(burn_alerts(shared).await?);
    let definitions = shared.definitions();
    let mut all = Standings::new(now, []);
    all.held = HELD_AWHILE;
    let mut from = None;
    while let Some(names) = some_after(&definitions, from.as_ref()) {
        from = names.last().cloned();
        let (alerts, definitions) = (alerts.clone(), definitions.clone());
        let some = readings::ask(shared, move |view| {
            let standing = |name: Name| {
                let alert = alerts.get(&name);
                let bad_since = alert.and_then(|alert| alert.bad_since);
                let slo = &definitions.slos[&name];
                let measured = measure(view, slo, When::Now(now), bad_since, &[]);
                let firing = alert.is_some_and(|alert| alert.phase == Phase::Firing);
                (name, Standing::of(slo, &measured, firing))
            };
            names.into_iter().map(standing).collect::<Vec<_>>()
        });
        all.by_slo.extend(some.await?);
    }
    Ok(all)
}

/// How many SLOs, and how many services, stand how.
pub(crate) async fn count(shared: &Shared, filter: &Filter) -> Result<Wire, Failure> {
    let standings = all(shared).await?;
    let definitions = shared.definitions();
    if *filter != Filter::default() {
        let (slos, services) = counted(&standings, &definitions, filter);
        return Ok(Wire { as_of: standings.as_of, slos, services });
    }
    // What every page asks for is counted once for all who ask.
    let mut known = standings.counted.lock().await;
    let fresh = known.take().filter(|known| Arc::ptr_eq(&known.definitions, &definitions));
    let known = known.insert(fresh.unwrap_or_else(|| {
        let (slos, services) = counted(&standings, &definitions, filter);
        Counted { definitions, slos, services }
    }));
    let (slos, services) = (known.slos.clone(), known.services.clone());
    Ok(Wire { as_of: standings.as_of, slos, services })
}

/// How many SLOs, and how many services, of those that fit stood how.
fn counted(standings: &Standings, definitions: &Definitions, filter: &Filter) -> (Counts, Counts) {
    let slos = definitions.slos.values().filter(|slo| filter.wants(definitions, slo));
    let slos = counts(slos.map(|slo| Some(standings.get(&slo.name))));
    (slos, counts(services_of(definitions, filter, standings)))
}

/// Where each service stands that fits: where its gravest SLO does; none without SLOs.
fn services_of(
    definitions: &Definitions,
    filter: &Filter,
    standings: &Standings,
) -> impl Iterator<Item = Option<Standing>> {
    let by_service = services::slos_by_service(definitions);
    let named = services::Filter {
        owner: filter.owner.clone(),
        q: filter.q.clone(),
        name: filter.service.clone(),
        ..services::Filter::default()
    };
    let fits = definitions.services.values().filter(|service| named.wants(service));
    let found: Vec<_> = fits
        .map(|service| {
            services::gravest(by_service.get(&service.name).into_iter().flatten(), Some(standings))
        })
        .collect();
    found.into_iter()
}

fn counts(standings: impl Iterator<Item = Option<Standing>>) -> Counts {
    let mut counts = Counts { total: 0, firing: 0, attention: 0, by_status: BTreeMap::new() };
    let mut by_status: BTreeMap<Status, u64> = BTreeMap::new();
    for standing in standings {
        counts.total += 1;
        let Some(standing) = standing else { continue };
        let Standing { status, firing, .. } = standing;
        counts.firing += u64::from(firing);
        counts.attention += u64::from(standing.needs_attention());
        *by_status.entry(status).or_default() += 1;
    }
    let words = by_status.into_iter().map(|(status, count)| (status.as_str().to_owned(), count));
    counts.by_status = words.collect();
    counts
}
