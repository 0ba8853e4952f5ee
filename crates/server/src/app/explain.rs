//! The reasons behind an SLO's numbers: the minutes, the series routed then, the arithmetic.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::slo::budget::Budget;
use plimsoll_domain::slo::burn::ArmReading;
use plimsoll_domain::slo::fold::{Reading, RoutedSeries, SeriesState, Sli, Slice};
use plimsoll_domain::slo::minutes::{PPM, Span};
use plimsoll_domain::slo::slices::{Judged, Slicing};
use plimsoll_domain::slo::tally::{Channel, Measure, Part};
use plimsoll_domain::slo::{Budgeting, Slo, Units, Window};
use plimsoll_domain::time::Minute;

use super::engine::View;
use super::readings::{Measured, When, measure};
use super::{Failure, Shared, instant, slos};

/// Minutes shown unless asked.
const MINUTES: u32 = 30;

/// Minutes shown at most: a day.
const MINUTES_MAX: u32 = 1_440;

/// Explains one SLO at an instant; now, when none is given.
pub(crate) async fn slo(
    shared: &Shared,
    name: &str,
    at: Option<Timestamp>,
    minutes: Option<u32>,
) -> Result<v1::slo::Explanation, Failure> {
    let alerts = slos::burn_alert_of(shared, name).await?;
    let now = shared.world.now();
    let when = When::new(instant("at", at)?, now);
    let minutes = minutes.unwrap_or(MINUTES).clamp(1, MINUTES_MAX);
    slos::ask(shared, name, move |definitions, view, slo| {
        let shown = slos::wire(definitions, &alerts, view, slo, when);
        let bad_since = match when {
            When::Now(_) => alerts.get(&slo.name).and_then(|alert| alert.bad_since),
            When::AsOf(_) => None,
        };
        let measured = measure(view, slo, when, bad_since, &[]);
        explanation(view, slo, shown, &measured, minutes, now)
    })
    .await
}

fn explanation(
    view: &View<'_>,
    slo: &Slo,
    shown: v1::slo::Slo,
    measured: &Measured,
    minutes: u32,
    now: Timestamp,
) -> v1::slo::Explanation {
    let reading = &measured.reading;
    let sli = view.sli(slo);
    let events = view.sli_by(slo, Budgeting::Occurrences);
    let last = Span { from: reading.open.plus(1 - i64::from(minutes)), to: reading.span.to };
    let part = word(slo.indicator.part);
    let series = sli.as_ref().map(|sli| sli.routed_series(reading.span, now)).unwrap_or_default();
    v1::slo::Explanation {
        total_selector: selector(&slo.indicator.total),
        part: part.to_owned(),
        part_selector: selector(&slo.indicator.part_channel),
        window_from: reading.span.from.start(),
        window_to: reading.span.to.start(),
        minutes: events.as_ref().map(|sli| each_minute(sli, reading, last)).unwrap_or_default(),
        slices: sli.as_ref().map(|sli| each_slice(sli, slo, last)).unwrap_or_default(),
        series: series.into_iter().map(|series| routed(series, part)).collect(),
        arithmetic: arithmetic(slo, measured),
        slo: shown,
    }
}

/// What a channel counts: its selector, and of it what is not simply the increase.
fn selector(channel: &Channel) -> String {
    match channel.measure {
        Measure::Increase => channel.selector.to_string(),
        Measure::Observations | Measure::AtMost(_) | Measure::Samples | Measure::Meeting(_) => {
            format!("{}: {}", channel.selector, channel.measure)
        }
    }
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Good => "good",
        Part::Bad => "bad",
    }
}

fn each_minute(sli: &Sli<'_>, reading: &Reading, run: Span) -> Vec<v1::slo::ExplainedMinute> {
    let begins = sli.begins().unwrap_or(run.to).max(run.from);
    let explained = |minute: i64| {
        let one = Span { from: Minute(minute), to: Minute(minute + 1) };
        let events = sli.events(one);
        v1::slo::ExplainedMinute {
            minute: one.from.start(),
            good: events.good.as_events(),
            bad: events.bad.as_events(),
            total: events.total.as_events(),
            inferred: events.inferred.as_events(),
            coverage: sli.coverage_of(one),
            state: if one.from < reading.open { "closed" } else { "open" }.to_owned(),
        }
    };
    (begins.0..run.to.0).map(explained).collect()
}

/// The slices of the minutes shown, and the twelve last ones at least.
fn each_slice(sli: &Sli<'_>, slo: &Slo, run: Span) -> Vec<v1::slo::ExplainedSlice> {
    let Some(slicing) = slo.budgeting.slicing() else { return Vec::new() };
    let least = 12 * i64::from(slicing.length.minutes().0);
    let run = Span { from: run.from.min(run.to.plus(-1 - least)), to: run.to };
    let explained = |slice: Slice| v1::slo::ExplainedSlice {
        from: slice.span.from.start(),
        to: slice.span.to.start(),
        good: slice.good.as_events(),
        total: slice.total.as_events(),
        verdict: slice.verdict.map(Units::as_events),
    };
    sli.slices(slicing, run).into_iter().map(explained).collect()
}

fn routed(series: RoutedSeries, part: &str) -> v1::slo::RoutedSeries {
    let channels = [(series.in_total, "total"), (series.in_part, part)];
    let counted = channels.into_iter().filter(|(counts, _)| *counts);
    v1::slo::RoutedSeries {
        labels: series.labels.to_pairs().into_iter().collect::<BTreeMap<_, _>>(),
        channels: counted.map(|(_, channel)| channel.to_owned()).collect(),
        first_sample_at: series.first_at,
        last_sample_at: series.last_at,
        last_value: series.last_value,
        interval_seconds: series.interval_ms.map(|ms| ms as f64 / 1_000.0),
        state: match series.state {
            SeriesState::Live => "live",
            SeriesState::Stale => "stale",
            SeriesState::Silent => "silent",
        }
        .to_owned(),
    }
}

/// The arithmetic, a step a line.
fn arithmetic(slo: &Slo, measured: &Measured) -> Vec<String> {
    let mut lines = counted(slo, measured);
    lines.extend(spent(slo, &measured.budget));
    lines.extend(bounds(slo, measured));
    lines.extend(measured.arms.iter().map(|reading| arm(slo, reading)));
    lines
}

fn counted(slo: &Slo, measured: &Measured) -> Vec<String> {
    let Measured { reading, budget, .. } = measured;
    let (from, open) = (reading.span.from.start(), reading.open.start());
    let (good, bad, total) = (shown(budget.good), shown(budget.bad), shown(budget.total));
    let window = match &slo.window {
        Window::Rolling(length) => format!("window {length}"),
        Window::Calendar(calendar) => {
            format!("period {} by the clocks of {}", slo.window, calendar.zone_name())
        }
    };
    let mut lines = match slo.budgeting.slicing() {
        Some(slicing) => vec![
            format!("{window}: the slices of {} that end from {from} to {open}", slicing.length),
            sliced(slicing),
            format!("judged = {total}, what of them was good = {good}, so bad = {bad}"),
        ],
        None => vec![
            format!("{window}: the closed minutes from {from} and the open one, {open}"),
            match slo.indicator.part {
                Part::Good => {
                    format!("total = {total}, good = {good}, so bad = total − good = {bad}")
                }
                Part::Bad => {
                    format!("total = {total}, bad = {bad}, so good = total − bad = {good}")
                }
            },
        ],
    };
    if budget.corrected > Units(0) {
        let corrected = shown(budget.corrected);
        lines.push(format!("of these, {corrected} came after their minute was sealed"));
    }
    if reading.aligned_to_hours {
        lines.push("the old edge is widened to whole hours: its minutes are not kept".to_owned());
    }
    if budget.inferred > Units(0) {
        let inferred = shown(budget.inferred);
        lines
            .push(format!("of these, {inferred} inferred over gaps: when is unknown, not whether"));
    }
    lines
}

/// What makes a slice good.
fn sliced(slicing: Slicing) -> String {
    match slicing.judged {
        Judged::AtLeast(target) => format!(
            "a slice is good when at least {} of the events seen in it are, or when none were",
            target.fraction()
        ),
        Judged::Share => {
            "a slice counts for the share of the events seen in it that were good; without any it \
             is good"
                .to_owned()
        }
    }
}

fn spent(slo: &Slo, budget: &Budget) -> Vec<String> {
    let (Some(ratio), Some(left)) = (budget.error_ratio, budget.remaining) else {
        return vec!["no events, so neither error ratio nor budget is defined".to_owned()];
    };
    let share = slo.target.budget_fraction();
    let allowed = budget.total.as_events() * share;
    let (bad, total) = (shown(budget.bad), shown(budget.total));
    vec![
        format!("error ratio = {bad} / {total} = {ratio:.6}"),
        format!(
            "allowed = total × (1 − {}) = {total} × {} = {allowed:.3}",
            slo.target.fraction(),
            trim(share)
        ),
        format!("budget left = 1 − {bad} / {allowed:.3} = {:.2} %", left * 100.0),
    ]
}

fn bounds(slo: &Slo, measured: &Measured) -> Vec<String> {
    let Measured { reading, budget, .. } = measured;
    let mut lines = Vec::new();
    if reading.unmeasured_minutes > 0 {
        let share = budget.unmeasured * 100.0;
        lines.push(format!(
            "unmeasured: {share:.1} % of the window lies before the first sample, or between two \
             declarations"
        ));
    }
    if let Some(coverage) = budget.coverage {
        let (gap, of) = (budget.gap_minutes, reading.measured_minutes);
        lines.push(format!(
            "coverage = {:.2} %: {gap:.1} of {of} minutes in gaps",
            coverage * 100.0
        ));
    }
    let (Some(worst), Some(best)) = (budget.remaining_worst, budget.remaining_best) else {
        return lines;
    };
    if let Some(unjudged) = reading.unjudged.filter(|slices| *slices > Units(0)) {
        let unjudged = shown(unjudged);
        lines.push(format!("not judged: {unjudged} slices, less than half of which was covered"));
    } else if budget.unseen_max > Units(0) {
        let missing = reading.missing_ppm as f64 / PPM as f64;
        let (busiest, unseen) = (shown(reading.busiest), shown(budget.unseen_max));
        lines.push(format!(
            "unseen ≤ {missing:.2} missing minutes × the busiest minute's {busiest} = {unseen}"
        ));
    }
    if budget.unseen_max > Units(0) {
        lines.push(format!(
            "worst, all of these bad: {:.2} % left; best, all good: {:.2} % left (target {})",
            worst * 100.0,
            best * 100.0,
            slo.target.fraction(),
        ));
    }
    lines
}

fn arm(slo: &Slo, reading: &ArmReading) -> String {
    let plimsoll_domain::slo::burn::Arm { long, short, factor, .. } = reading.arm;
    let burn = |counts: plimsoll_domain::slo::burn::Counts| {
        counts.burn(slo.target).map_or("undefined".to_owned(), |burn| format!("{burn:.2}"))
    };
    let severity = super::alerts::severity(reading.arm.severity);
    let (bad, total) = (shown(reading.long.bad), shown(reading.long.total));
    format!(
        "arm {long}/{short} × {} ({severity}): burn {} over {long} and {} over {short}; \
         P(≥ {bad} of {total} at {}) = {:.2e}, needs < {:e}: {}",
        factor.as_f64(),
        burn(reading.long),
        burn(reading.short),
        trim(slo.target.budget_fraction()),
        reading.p_value,
        slo.burn_policy.significance,
        if reading.firing { "firing" } else { "quiet" },
    )
}

fn shown(units: Units) -> String {
    units.as_events().to_string()
}

/// A fraction without the noise of binary floating point.
fn trim(fraction: f64) -> String {
    let text = format!("{fraction:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
