//! The services of the catalog as they are shown, each where its gravest SLO stands.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use plimsoll_api::v1;
use plimsoll_api::v1::service::Cadence;
use plimsoll_domain::catalog::{Name, Service, Tier};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::Slo;
use plimsoll_domain::slo::budget::Status;
use plimsoll_store::{DeploymentFilter, PageRequest};

use super::order::{self, Place, RANKLESS};
use super::standing::{self, Standing, Standings};
use super::{Failure, Paging, Shared};

/// How far back deployments are counted for the cadence of a service.
const CADENCE_OVER: SignedDuration = SignedDuration::from_hours(28 * 24);

/// How many of them are counted.
const COUNTED_MAX: u32 = 1_000;

/// Which services are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// That one.
    pub(crate) name: Option<String>,
    /// The owning team.
    pub(crate) owner: Option<String>,
    pub(crate) tier: Option<Tier>,
    /// The status of its gravest SLO.
    pub(crate) status: Option<Status>,
    /// Those that this service calls or is called by.
    pub(crate) neighbour_of: Option<String>,
    /// A part of the name or display name.
    pub(crate) q: Option<String>,
}

impl Filter {
    /// Whether it is one of them, but for its status and its neighbours.
    pub(crate) fn wants(&self, service: &Service) -> bool {
        let owned = |owner: &String| service.owner.as_ref().is_some_and(|o| o.as_str() == owner);
        self.name.as_ref().is_none_or(|name| *name == service.name.as_str())
            && self.owner.as_ref().is_none_or(owned)
            && self.tier.is_none_or(|tier| service.tier == Some(tier))
            && order::is_called(self.q.as_deref(), &service.name, service.display_name.as_deref())
    }

    fn wants_neighbour(&self, definitions: &Definitions, service: &Service) -> bool {
        let Some(of) = &self.neighbour_of else { return true };
        let calls = |one: &Service, other: &str| one.depends_on.iter().any(|n| n.as_str() == other);
        let called = definitions.services.get(of.as_str());
        calls(service, of) || called.is_some_and(|one| calls(one, service.name.as_str()))
    }
}

/// The orders of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// By name.
    #[default]
    Name,
    /// What needs someone most first.
    Gravity,
    /// What most depends on first.
    Tier,
}

impl Sort {
    /// The order of that word; by name when there is none.
    pub(crate) fn parse(word: Option<&str>) -> Result<Self, Failure> {
        match word {
            None | Some("name") => Ok(Self::Name),
            Some("gravity") => Ok(Self::Gravity),
            Some("tier") => Ok(Self::Tier),
            Some(word) => Err(Failure::invalid_with_hint(
                "unknown_sort",
                format!("`{word}` is no order"),
                "orders are name, gravity and tier",
            )),
        }
    }

    fn place(self, service: &Service, standing: Option<Standing>) -> Place<'_> {
        let name = service.name.as_str();
        let rank = standing.map_or(RANKLESS, Standing::rank);
        let left = standing.and_then(|standing| standing.remaining).unwrap_or(f64::INFINITY);
        match self {
            Self::Name => Place::named(name),
            Self::Gravity => Place::new(rank, left, name),
            Self::Tier => Place::new(service.tier.map_or(u8::MAX, u8::from), f64::from(rank), name),
        }
    }
}

/// Reads a tier that a caller gave.
pub(crate) fn tier(number: u8) -> Result<Tier, Failure> {
    Tier::try_from(number).map_err(|error| Failure::invalid("unknown_tier", error))
}

/// The services that fit.
pub(crate) async fn list(
    shared: &Shared,
    filter: Filter,
    sort: Sort,
    paging: Paging,
) -> Result<v1::Page<v1::service::Service>, Failure> {
    let standings = match filter.status {
        // Which have it cannot be told then, and none would read as no service has it.
        Some(_) => Some(standing::all(shared).await?),
        None => known(shared).await,
    };
    let definitions = shared.definitions();
    let slos = slos_by_service(&definitions);
    let slos_of = |service: &Service| slos.get(&service.name).map_or(&[][..], Vec::as_slice);
    let fitting = definitions
        .services
        .values()
        .filter(|service| filter.wants(service) && filter.wants_neighbour(&definitions, service));
    let placed = fitting.filter_map(|service| {
        let standing = gravest(slos_of(service), standings.as_deref());
        let status = standing.map(|standing| standing.status);
        let fits = filter.status.is_none_or(|wanted| status == Some(wanted));
        fits.then(|| (sort.place(service, standing), service))
    });
    let (page, next_cursor) = order::page(placed.collect(), &paging)?;
    let items =
        page.into_iter().map(|service| wire(service, slos_of(service), standings.as_deref()));
    Ok(v1::Page { items: items.collect(), next_cursor })
}

/// One service.
pub(crate) async fn get(shared: &Shared, name: &str) -> Result<v1::service::Service, Failure> {
    let definitions = shared.definitions();
    let service = definitions.services.get(name);
    let service = service.ok_or_else(|| unknown(&definitions, name))?;
    let standings = known(shared).await;
    let slos: Vec<&Slo> = definitions.slos_of(&service.name).collect();
    let cadence = match gravest(&slos, standings.as_deref()) {
        Some(standing) => cadence(shared, &definitions, service, standing).await?,
        None => None,
    };
    Ok(v1::service::Service { cadence, ..wire(service, &slos, standings.as_deref()) })
}

/// How often it was deployed, beside what the guide says (BUD-19).
async fn cadence(
    shared: &Shared,
    definitions: &Definitions,
    service: &Service,
    standing: Standing,
) -> Result<Option<Cadence>, Failure> {
    let Some(tier) = service.tier else { return Ok(None) };
    // Whoever is at work on an outage needs no word about the next feature.
    let guide = definitions.objective_guide().filter(|_| !standing.firing);
    let advice = guide.and_then(|guide| guide.cadence(tier, standing.status)).map(str::to_owned);
    let from = Some(shared.world.now() - CADENCE_OVER);
    let filter =
        DeploymentFilter { service: Some(service.name.clone()), from, ..Default::default() };
    let page = PageRequest { limit: COUNTED_MAX, cursor: None };
    let deployments = shared.records.deployments(shared.scope, &filter, &page).await?.items.len();
    Ok(Some(Cadence { deployments: deployments as u64, advice }))
}

fn unknown(definitions: &Definitions, name: &str) -> Failure {
    let there = definitions.services.keys().map(Name::as_str);
    Failure::not_found_among("service", name, there)
}

/// Where SLOs stand, if it can be told here: the catalog is there without it.
async fn known(shared: &Shared) -> Option<Arc<Standings>> {
    standing::all(shared).await.ok()
}

/// The SLOs of each service, by name.
pub(crate) fn slos_by_service(definitions: &Definitions) -> HashMap<&Name, Vec<&Slo>> {
    let mut slos: HashMap<&Name, Vec<&Slo>> = HashMap::new();
    for slo in definitions.slos.values() {
        slos.entry(&slo.service).or_default().push(slo);
    }
    slos
}

/// Where a service stands: as its gravest SLO, with the least that is left of any budget.
pub(crate) fn gravest<'a>(
    slos: impl IntoIterator<Item = &'a &'a Slo>,
    standings: Option<&Standings>,
) -> Option<Standing> {
    let standings = standings?;
    let found = slos.into_iter().map(|slo| standings.get(&slo.name));
    found.reduce(|one, other| {
        let graver =
            if order::gravity(other.status) < order::gravity(one.status) { other } else { one };
        let remaining = [one.remaining, other.remaining].into_iter().flatten().reduce(f64::min);
        Standing { remaining, firing: one.firing || other.firing, ..graver }
    })
}

fn wire(service: &Service, slos: &[&Slo], standings: Option<&Standings>) -> v1::service::Service {
    let standing = gravest(slos, standings);
    let fires = |slo: &&&Slo| standings.is_some_and(|all| all.get(&slo.name).firing);
    let firing = slos.iter().filter(fires).count();
    v1::service::Service {
        name: service.name.to_string(),
        display_name: service.display_name.clone(),
        description: service.description.clone(),
        owner: service.owner.as_ref().map(ToString::to_string),
        tier: service.tier.map(u8::from),
        depends_on: service.depends_on.iter().map(ToString::to_string).collect(),
        slos: slos.iter().map(|slo| slo.name.to_string()).collect(),
        status: standing.map(|standing| standing.status.as_str().to_owned()),
        budget_remaining: standing.and_then(|standing| standing.remaining),
        firing: firing as u64,
        cadence: None,
    }
}
