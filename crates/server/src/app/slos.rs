//! SLOs as they are shown: status and history.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::document::Kind;
use plimsoll_api::v1;
use plimsoll_api::v1::Page;
use plimsoll_api::v1::definition::Provenance;
use plimsoll_domain::alert::{self, Alert, Phase};
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::{DEFAULT_BUDGET_POLICY, Definitions};
use plimsoll_domain::slo::budget::{Remark, Share, Status, Terms};
use plimsoll_domain::slo::burn::{self, Arm, Resolved, Severity};
use plimsoll_domain::slo::criterion::Criterion;
use plimsoll_domain::slo::fold::Sli;
use plimsoll_domain::slo::minutes::Span;
use plimsoll_domain::slo::slices::{Judged, Slicing};
use plimsoll_domain::slo::tally::{Condition, Operator};
use plimsoll_domain::slo::{Slo, Units, Window, budget};
use plimsoll_domain::time::{Minute, Minutes};
use plimsoll_store::{Error, Versioned};

use super::engine::View;
use super::order::{self, Place};
use super::readings::{self, Measured, When, measure};
use super::standing::{self, Standing};
use super::{Failure, Paging, Shared, alerts, definitions, instant};

/// Which SLOs are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) service: Option<String>,
    /// The team that owns the service.
    pub(crate) owner: Option<String>,
    pub(crate) status: Option<Status>,
    /// A part of the name or display name.
    pub(crate) q: Option<String>,
}

impl Filter {
    /// Whether it is one of them, but for its status.
    pub(crate) fn wants(&self, definitions: &Definitions, slo: &Slo) -> bool {
        let owned = |owner: &String| {
            definitions.owner_of(&slo.service).is_some_and(|found| found.as_str() == owner)
        };
        self.service.as_ref().is_none_or(|service| *service == slo.service.as_str())
            && self.owner.as_ref().is_none_or(owned)
            && order::is_called(self.q.as_deref(), &slo.name, slo.display_name.as_deref())
    }

    fn wants_status(&self, status: &str) -> bool {
        self.status.is_none_or(|wanted| wanted.as_str() == status)
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
    /// The least budget left first.
    Budget,
    /// The fastest burn first.
    Burn,
    /// The strictest objective first.
    Objective,
}

impl Sort {
    const WORDS: [(&'static str, Self); 5] = [
        ("name", Self::Name),
        ("gravity", Self::Gravity),
        ("budget", Self::Budget),
        ("burn", Self::Burn),
        ("objective", Self::Objective),
    ];

    /// The order of that word; by name when there is none.
    pub(crate) fn parse(word: Option<&str>) -> Result<Self, Failure> {
        let Some(word) = word else { return Ok(Self::default()) };
        let found = Self::WORDS.into_iter().find(|(known, _)| *known == word);
        found.map(|(_, sort)| sort).ok_or_else(|| {
            Failure::invalid_with_hint(
                "unknown_sort",
                format!("`{word}` is no order"),
                "orders are name, gravity, budget, burn and objective",
            )
        })
    }

    fn place(self, slo: &Slo, standing: Standing) -> Place<'_> {
        let name = slo.name.as_str();
        let left = standing.remaining.unwrap_or(f64::INFINITY);
        match self {
            Self::Name => Place::named(name),
            Self::Gravity => Place::new(standing.rank(), left, name),
            Self::Budget => Place::new(0, left, name),
            Self::Burn => Place::new(0, standing.pace.map_or(f64::INFINITY, |pace| -pace), name),
            Self::Objective => Place::new(0, -slo.target.fraction(), name),
        }
    }
}

/// Which stretch of minutes is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stretch {
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
    pub(crate) step_minutes: Option<u32>,
}

/// The latest burn alert of each SLO.
pub(crate) type BurnAlerts = HashMap<Name, Alert>;

/// Loads the latest burn alerts that can be read: a damaged one is no other SLO's concern.
pub(crate) async fn burn_alerts(shared: &Shared) -> Result<BurnAlerts, Failure> {
    Ok(readable(shared.records.latest_alerts(shared.scope).await?))
}

/// The same of these SLOs.
async fn burn_alerts_of(shared: &Shared, slos: &[Name]) -> Result<BurnAlerts, Failure> {
    Ok(readable(shared.records.latest_alerts_of_slos(shared.scope, slos).await?))
}

/// The same of whatever is called so.
pub(super) async fn burn_alert_of(shared: &Shared, slo: &str) -> Result<BurnAlerts, Failure> {
    match Name::parse(slo) {
        Ok(slo) => burn_alerts_of(shared, &[slo]).await,
        Err(_) => Ok(BurnAlerts::new()),
    }
}

fn readable(latest: Vec<Result<Versioned<Alert>, Error>>) -> BurnAlerts {
    let readable = latest.into_iter().filter_map(|alert| {
        alert.inspect_err(|error| tracing::error!(%error, "its SLO shows no alert")).ok()
    });
    let burning = readable.map(|alert| alert.value).filter(|alert| alert.kind == alert::Kind::Burn);
    burning.map(|alert| (alert.slo.clone(), alert)).collect()
}

/// The SLOs that fit, as they stand now. Their order and status are those of the last sweep.
pub(crate) async fn list(
    shared: &Shared,
    filter: Filter,
    sort: Sort,
    paging: Paging,
) -> Result<Page<v1::slo::Slo>, Failure> {
    let standings = standing::all(shared).await?;
    let definitions = shared.definitions();
    let fitting = definitions.slos.values().filter(|slo| filter.wants(&definitions, slo));
    let placed = fitting.map(|slo| (standings.get(&slo.name), slo));
    let placed = placed.filter(|(standing, _)| filter.wants_status(standing.status.as_str()));
    let placed = placed.map(|(standing, slo)| (sort.place(slo, standing), &slo.name));
    let (names, next_cursor) = order::page(placed.collect(), &paging)?;
    let names: Vec<Name> = names.into_iter().cloned().collect();
    let alerts = burn_alerts_of(shared, &names).await?;
    let when = When::Now(shared.world.now());
    let question = move |view: &View<'_>| {
        let slos = names.iter().filter_map(|name| definitions.slos.get(name));
        let shown = slos.map(|slo| wire(&definitions, &alerts, view, slo, when));
        shown.filter(|slo| filter.wants_status(&slo.status)).collect()
    };
    let items = readings::ask(shared, question).await?;
    Ok(Page { items, next_cursor })
}

/// One SLO as it stood at an instant; now, when none is given.
pub(crate) async fn get(
    shared: &Shared,
    name: &str,
    at: Option<Timestamp>,
) -> Result<v1::slo::Slo, Failure> {
    let alerts = burn_alert_of(shared, name).await?;
    let when = When::new(instant("at", at)?, shared.world.now());
    let asked = ask(shared, name, move |definitions, view, slo| {
        wire(definitions, &alerts, view, slo, when)
    });
    let slo = asked.await?;
    let origins = origins(shared, &slo).await?;
    Ok(v1::slo::Slo { origins, ..slo })
}

/// Asks the engine about one SLO.
pub(super) async fn ask<T: Send + 'static>(
    shared: &Shared,
    name: &str,
    question: impl FnOnce(&Definitions, &View<'_>, &Slo) -> T + Send + 'static,
) -> Result<T, Failure> {
    let definitions: Arc<Definitions> = shared.definitions();
    let slo = named(&definitions, name)?.clone();
    readings::ask(shared, move |view| question(&definitions, view, &slo)).await
}

/// The SLO of that name.
pub(super) fn named<'a>(definitions: &'a Definitions, name: &str) -> Result<&'a Slo, Failure> {
    let there = || definitions.slos.keys().map(Name::as_str);
    definitions.slos.get(name).ok_or_else(|| Failure::not_found_among("slo", name, there()))
}

/// One SLO on the wire.
pub(super) fn wire(
    definitions: &Definitions,
    alerts: &BurnAlerts,
    view: &View<'_>,
    slo: &Slo,
    when: When,
) -> v1::slo::Slo {
    let alert = alerts.get(&slo.name).filter(|_| matches!(when, When::Now(_)));
    let measured = measure(view, slo, when, alert.and_then(|alert| alert.bad_since), &[]);
    let firing = alert.filter(|alert| alert.phase == Phase::Firing);
    shown(definitions, slo, &measured, when, firing)
}

fn shown(
    definitions: &Definitions,
    slo: &Slo,
    measured: &Measured,
    when: When,
    firing: Option<&Alert>,
) -> v1::slo::Slo {
    let budget = &measured.budget;
    let judged = Some((slo.target, slo.burn_policy.significance));
    let arm = |reading| alerts::wire_arm(reading, judged);
    v1::slo::Slo {
        name: slo.name.to_string(),
        display_name: slo.display_name.clone(),
        description: slo.description.clone(),
        service: slo.service.to_string(),
        owner: definitions.owner_of(&slo.service).map(ToString::to_string),
        objective: slo.target.fraction(),
        window: slo.window.to_string(),
        period: period(&slo.window, measured.reading.open),
        budgeting_method: slo.budgeting.as_str().to_owned(),
        time_slice: slo.budgeting.slicing().map(time_slice),
        indicator: indicator(Criterion::of(&slo.indicator)),
        good: budget.good.as_events(),
        total: budget.total.as_events(),
        unjudged: measured.reading.unjudged.map(Units::as_events),
        error_ratio: budget.error_ratio,
        budget_remaining: budget.remaining,
        budget_remaining_worst: budget.remaining_worst,
        budget_remaining_best: budget.remaining_best,
        status: budget.status.as_str().to_owned(),
        coverage: budget.coverage,
        gap_minutes: budget.gap_minutes,
        unmeasured: budget.unmeasured,
        inferred: budget.inferred.as_events(),
        corrected: budget.corrected.as_events(),
        aligned_to_hours: measured.reading.aligned_to_hours,
        watermark: budget.watermark,
        as_of: when.instant(),
        budget_policy: budget_policy(definitions, slo),
        marks: marks(slo.budget_terms),
        remark: budget.remark.and_then(|remark| remarked(definitions, slo, remark)),
        burn_policy: slo.burn_policy.name.to_string(),
        burn: measured.arms.iter().map(arm).collect(),
        burn_notes: notes(slo, measured),
        alert: firing.map(|alert| alert.id.to_string()),
        origins: Vec::new(),
    }
}

/// Slices on the wire.
pub(super) fn time_slice(slicing: Slicing) -> v1::slo::TimeSlice {
    let target = match slicing.judged {
        Judged::AtLeast(target) => Some(target.fraction()),
        Judged::Share => None,
    };
    v1::slo::TimeSlice { window: slicing.length.to_string(), target }
}

/// The documents that the numbers of an SLO come from.
async fn origins(shared: &Shared, slo: &v1::slo::Slo) -> Result<Vec<Provenance>, Failure> {
    let named =
        [(Kind::ErrorBudgetPolicy, &slo.budget_policy), (Kind::BurnPolicy, &slo.burn_policy)];
    let mut found = Vec::new();
    for (kind, name) in named {
        found.extend(definitions::provenance(shared, kind, name).await?);
    }
    Ok(found)
}

fn budget_policy(definitions: &Definitions, slo: &Slo) -> String {
    let policy = definitions.budget_policy_of(&slo.service);
    policy.map_or(DEFAULT_BUDGET_POLICY.to_owned(), |policy| policy.name.to_string())
}

fn marks(terms: Terms) -> v1::slo::Marks {
    let Terms { marks, escalate_below, unused_above } = terms;
    v1::slo::Marks {
        healthy_above: marks.healthy_above().fraction(),
        caution_above: marks.caution_above().fraction(),
        warning_above: marks.warning_above().fraction(),
        escalate_below: escalate_below.map(Share::fraction),
        unused_above: unused_above.map(Share::fraction),
    }
}

/// What the policy says at such a budget.
fn remarked(definitions: &Definitions, slo: &Slo, remark: Remark) -> Option<v1::slo::Remark> {
    let policy = definitions.budget_policy_of(&slo.service)?;
    let (mark, than) = match remark {
        Remark::Escalate => (policy.escalate.as_ref()?, "less"),
        Remark::Unused => (policy.unused.as_ref()?, "more"),
    };
    let percent = mark.at.fraction() * 100.0;
    Some(v1::slo::Remark {
        code: remark.as_str().to_owned(),
        message: format!("{than} than {percent} % of the budget is left"),
        advice: mark.advice.clone(),
    })
}

/// The period of a calendar that a minute lies in.
fn period(window: &Window, open: Minute) -> Option<v1::slo::Period> {
    let Window::Calendar(calendar) = window else { return None };
    let Span { from, to } = calendar.around(open);
    let time_zone = calendar.zone_name().to_owned();
    Some(v1::slo::Period { from: from.start(), to: to.start(), time_zone })
}

fn indicator(criterion: Criterion) -> v1::slo::Indicator {
    let (kind, condition) = match criterion {
        Criterion::Counter => ("ratio", None),
        Criterion::Observation(condition) => ("latency", Some(condition)),
        Criterion::Sample(condition) => ("gauge", Some(condition)),
    };
    let op = |condition: Condition| match condition.operator {
        Operator::Lt => "lt",
        Operator::Lte => "lte",
        Operator::Gt => "gt",
        Operator::Gte => "gte",
    };
    v1::slo::Indicator {
        kind: kind.to_owned(),
        op: condition.map(|condition| op(condition).to_owned()),
        bound: condition.map(|condition| condition.value),
    }
}

/// What of the burn policy does not apply, and why; and slices that are too short.
fn notes(slo: &Slo, measured: &Measured) -> Vec<String> {
    let (window, resolved) = (&slo.window, &measured.resolved);
    let slicing = slo.budgeting.slicing().zip(measured.interval_ms);
    let short = slicing.and_then(|(slicing, interval_ms)| too_short(slicing, interval_ms));
    let dropped = resolved.dropped.iter().map(|(long, factor)| {
        format!("arm {long} × {}: under 5 minutes when fitted to {window}", factor.as_f64())
    });
    let unreachable = resolved.unreachable.iter().map(|arm| {
        let (factor, most) = (arm.factor.as_f64(), 1.0 / slo.target.budget_fraction());
        format!("arm {} × {factor}: a total outage burns only {most:.1}", arm.long)
    });
    dropped.chain(unreachable).chain(short).collect()
}

/// That slices are shorter than two intervals, if they are: a late sample leaves one unseen.
pub(super) fn too_short(slicing: Slicing, interval_ms: i64) -> Option<String> {
    let length = slicing.length;
    let seconds = interval_ms as f64 / 1_000.0;
    (length.minutes().ms() < 2 * interval_ms).then(|| {
        format!("slices of {length} are shorter than two intervals of what is read, {seconds} s")
    })
}

/// Points a chart is drawn of, at most.
const POINTS_MAX: i64 = 2_000;

/// Points a chart has when no step is asked for.
const POINTS: i64 = 240;

/// The minutes of one SLO, for charts.
pub(crate) async fn history(
    shared: &Shared,
    name: &str,
    stretch: Stretch,
) -> Result<v1::slo::History, Failure> {
    let now = shared.world.now();
    let (asked_from, asked_to) = (instant("from", stretch.from)?, instant("to", stretch.to)?);
    ask(shared, name, move |_, view, slo| {
        let to = asked_to.unwrap_or(now).min(now);
        let length = SignedDuration::from_mins(i64::from(slo.window.length().0));
        let from = asked_from.unwrap_or(to - length);
        let (from, to) = (Minute::of(from), Minute::of(to).plus(1));
        let minutes = (to.0 - from.0).max(0);
        let asked = stretch.step_minutes.map_or(minutes / POINTS, i64::from);
        let step = asked.max(minutes / POINTS_MAX + 1).max(1);
        // Steps are aligned, so that points keep their place from one request to the next.
        let first = from.0.div_euclid(step) * step;
        let sli = view.sli(slo);
        let points = (first..to.0).step_by(usize::try_from(step).unwrap_or(1)).map(|start| {
            let run = Span { from: Minute(start), to: Minute(start + step).min(to) };
            point(sli.as_ref(), slo, run)
        });
        let step_minutes = u32::try_from(step).unwrap_or(u32::MAX);
        Ok(v1::slo::History { step_minutes, points: points.collect() })
    })
    .await?
}

/// One point: the events of its minutes, and the windows that end with it.
fn point(sli: Option<&Sli<'_>>, slo: &Slo, run: Span) -> v1::slo::Point {
    let begun = sli.filter(|sli| sli.begins().is_some_and(|begins| begins < run.to));
    let Some(sli) = begun else {
        return v1::slo::Point { at: run.from.start(), ..empty() };
    };
    let events = sli.events(run);
    let reading = sli.read_at(&slo.window, run.to.plus(-1));
    let arm = first_page_arm(&slo.burn_policy.resolve(&slo.window, slo.target));
    let burn = |minutes: Minutes| {
        sli.burn_counts(&reading, burn::Span { minutes, bad_since: None }).burn(slo.target)
    };
    let budget = budget::evaluate(slo.target, slo.budget_terms, &reading);
    let known = events.total > Units(0) || sli.coverage_of(run) > 0.0;
    v1::slo::Point {
        at: run.from.start(),
        good: events.good.as_events(),
        total: events.total.as_events(),
        coverage: Some(sli.coverage_of(run)),
        budget_remaining: budget.remaining.filter(|_| known),
        burn_long: arm.and_then(|arm| burn(arm.long)).filter(|_| known),
        burn_short: arm.and_then(|arm| burn(arm.short)).filter(|_| known),
    }
}

fn empty() -> v1::slo::Point {
    v1::slo::Point {
        at: Timestamp::UNIX_EPOCH,
        good: 0.0,
        total: 0.0,
        coverage: None,
        budget_remaining: None,
        burn_long: None,
        burn_short: None,
    }
}

/// The arm whose burn is drawn: the first that pages, else the first.
fn first_page_arm(resolved: &Resolved) -> Option<Arm> {
    let pages = resolved.arms.iter().find(|arm| arm.severity == Severity::Page);
    pages.or(resolved.arms.first()).copied()
}
