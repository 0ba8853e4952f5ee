use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use super::*;
use crate::alert::{Evidence, Kind, Phase};
use crate::slo::burn::{ArmReading, Factor, Severity};
use crate::time::instant;

/// A day of minutes: bad and all events of each, and those of the bad that were inferred.
type Minutes60 = Vec<(u64, u64, u64)>;

fn window() -> Span {
    Span { from: Minute(0), to: Minute(1_440) }
}

fn span(from: i64, to: i64) -> Span {
    Span { from: Minute(from), to: Minute(to) }
}

/// A hundred events a minute, of which so many fail in these spans.
fn day(failing: &[(Span, u64)]) -> Minutes60 {
    let bad = |minute: i64| {
        let of = failing.iter().filter(|(span, _)| (span.from.0..span.to.0).contains(&minute));
        of.map(|(_, bad)| bad).sum()
    };
    (0..1_440).map(|minute| (bad(minute), 100, 0)).collect()
}

fn events_of(minutes: &Minutes60, span: Span) -> Events {
    let within = span.within(window());
    let mut sum = Events::default();
    for minute in within.from.0..within.to.0.max(within.from.0) {
        let (bad, total, inferred) = minutes[minute as usize];
        sum.bad = sum.bad.plus(Units::events(bad));
        sum.total = sum.total.plus(Units::events(total));
        sum.good = sum.total.minus(sum.bad);
        sum.inferred = sum.inferred.plus(Units::events(inferred));
        sum.bad_inferred = sum.bad_inferred.plus(Units::events(inferred));
    }
    sum
}

fn deployment(number: u8) -> DeploymentId {
    DeploymentId::fresh(1_000 + u64::from(number), [number; 10])
}

fn alert(number: u8) -> AlertId {
    AlertId::fresh(1_000 + u64::from(number), [number; 10])
}

fn deployed(number: u8, at: i64) -> Deployed {
    Deployed { id: deployment(number), at: Minute(at).start() }
}

fn outage(number: u8, from: i64, to: i64) -> Outage {
    Outage { alert: alert(number), opened_at: Minute(from + 1).start(), span: span(from, to) }
}

fn ledger(minutes: &Minutes60, outages: &[Outage], deployments: &[Deployed]) -> Ledger {
    let attribution = &Attribution::default();
    let causes = Causes { outages, deployments, attribution };
    let events = |span| events_of(minutes, span);
    Ledger::of(window(), events(window()), causes, &events)
}

/// (cause, bad events, minutes).
fn spent(ledger: &Ledger) -> Vec<(Cause, f64, u64)> {
    let entries = ledger.entries.iter();
    entries.map(|entry| (entry.cause, entry.bad.as_events(), entry.minutes)).collect()
}

#[test]
fn bud_12_the_largest_consumers_stand_first() {
    let minutes = day(&[(window(), 1), (span(200, 230), 50), (span(600, 610), 90)]);
    let outages = [outage(1, 200, 230), outage(2, 600, 610)];
    assert_eq!(
        spent(&ledger(&minutes, &outages, &[])),
        [
            (Cause::Outage(alert(1)), 30.0 * 51.0, 30),
            (Cause::Unknown, 1_400.0, 1_400),
            (Cause::Outage(alert(2)), 10.0 * 91.0, 10),
        ]
    );
}

/// An outage outlives the window of the deployment it began in, and is its all the same.
#[test]
fn an_outage_is_put_down_to_the_deployment_it_began_with() {
    let minutes = day(&[(span(100, 105), 2), (span(150, 300), 40)]);
    let ledger = ledger(&minutes, &[outage(1, 150, 300)], &[deployed(1, 100)]);
    assert_eq!(spent(&ledger), [(Cause::Deployment(deployment(1)), 10.0 + 6_000.0, 50 + 150)]);
    let entry = &ledger.entries[0];
    assert_eq!((entry.alerts.as_slice(), entry.span), (&[alert(1)][..], Some(span(100, 300))));
}

#[test]
fn an_outage_that_began_before_the_deployment_or_after_its_window_is_not_its() {
    let minutes = day(&[(span(150, 300), 40)]);
    let outages = [outage(1, 150, 300)];
    for at in [151, 90, 89] {
        let ledger = ledger(&minutes, &outages, &[deployed(1, at)]);
        assert_eq!(spent(&ledger), [(Cause::Outage(alert(1)), 6_000.0, 150)], "deployed at {at}");
    }
    let ledger = ledger(&minutes, &outages, &[deployed(1, 91)]);
    assert_eq!(ledger.entries[0].cause, Cause::Deployment(deployment(1)), "in its last minute");
}

/// The rollback comes in the minute in which the alert opened, and so did the deployment.
#[test]
fn what_went_out_after_the_alert_is_no_cause_of_it() {
    let minutes = day(&[(span(150, 300), 40)]);
    let at = |second: i64| instant(150 * 60_000 + second * 1_000);
    let deployments =
        [Deployed { id: deployment(1), at: at(5) }, Deployed { id: deployment(2), at: at(30) }];
    let outage = Outage { opened_at: at(12), ..outage(1, 150, 300) };
    let ledger = ledger(&minutes, &[outage], &deployments);
    assert_eq!(spent(&ledger), [(Cause::Deployment(deployment(1)), 6_000.0, 150)]);
}

/// What was deployed to mend an outage answers for what comes after it, and not for the outage.
#[test]
fn of_deployments_that_follow_each_other_the_newest_answers() {
    let minutes = day(&[(span(100, 200), 10)]);
    let deployments = [deployed(2, 130), deployed(1, 100)];
    assert_eq!(
        spent(&ledger(&minutes, &[], &deployments)),
        [
            (Cause::Deployment(deployment(2)), 600.0, 60),
            (Cause::Deployment(deployment(1)), 300.0, 30),
            (Cause::Unknown, 100.0, 1_350),
        ]
    );
    let with_outage = ledger(&minutes, &[outage(1, 110, 160)], &deployments);
    assert_eq!(
        spent(&with_outage),
        [
            (Cause::Deployment(deployment(1)), 600.0, 60),
            (Cause::Deployment(deployment(2)), 300.0, 30),
            (Cause::Unknown, 100.0, 1_350),
        ]
    );
}

#[test]
fn what_began_before_the_window_is_known_by_where_it_began() {
    let minutes = day(&[(span(0, 20), 10)]);
    let began_before = [outage(1, -30, 20)];
    let ledger = ledger(&minutes, &began_before, &[deployed(1, -40)]);
    assert_eq!(spent(&ledger), [(Cause::Deployment(deployment(1)), 200.0, 20)]);
}

#[test]
fn what_gaps_hid_is_put_down_to_them_unless_an_outage_explains_it() {
    let mut minutes = day(&[(span(100, 110), 10), (span(500, 510), 10), (span(900, 901), 3)]);
    for minute in (100..110).chain(500..510) {
        minutes[minute].2 = 10;
    }
    assert_eq!(
        spent(&ledger(&minutes, &[outage(1, 100, 110)], &[])),
        [
            (Cause::Outage(alert(1)), 100.0, 10),
            (Cause::Gap, 100.0, 0),
            (Cause::Unknown, 3.0, 1_430),
        ]
    );
}

/// BUD-16: deployments took 1,000 of 1,100 failures, and 60 minutes' events.
#[test]
fn bud_16_deployments_are_taken_out_with_their_events_not_only_their_failures() {
    let mut failing = vec![(span(100, 110), 100)];
    failing.push((span(700, 800), 1));
    let ledger = ledger(&day(&failing), &[], &[deployed(1, 100)]);
    let Counts { bad, total } = ledger.without_deployments;
    assert_eq!((bad.as_events(), total.as_events()), (100.0, 144_000.0 - 6_000.0));
}

fn fired(opened: i64, arms: &[(u32, f64)]) -> Alert {
    let reading = |(long, factor): &(u32, f64)| {
        let (long, short) = (Minutes(*long), Minutes((*long / 12).max(1)));
        let arm = Arm { long, short, factor: Factor::new(*factor), severity: Severity::Page };
        let (long, short) = (Counts::default(), Counts::default());
        ArmReading { arm, long, short, p_value: 0.0, firing: true }
    };
    Alert {
        id: alert(1),
        ordinal: 1,
        kind: Kind::Burn,
        slo: Name::parse("slo").expect("a name"),
        service: Name::parse("service").expect("a name"),
        severity: Severity::Page,
        phase: Phase::Firing,
        opened_at: instant(opened * 60_000 + 30_000),
        firing_since: instant(opened * 60_000),
        escalated_at: None,
        closed_at: None,
        ending: None,
        transitions: 1,
        bad_since: None,
        evidence: Evidence {
            summary: String::new(),
            arms: arms.iter().map(reading).collect(),
            budget_remaining: None,
            watermark: None,
        },
    }
}

fn target() -> Target {
    Target::from_fraction(0.999).expect("a target")
}

fn begins_at(minutes: &Minutes60, alert: &Alert) -> i64 {
    let events = |span| events_of(minutes, span);
    Outage::of(alert, &[Firing::only(alert)], target(), &events)[0].span.from.0
}

/// Two failures a minute are burn 20. A single failure long before is not the beginning, and a good
/// minute in between is not the end.
#[test]
fn an_outage_begins_where_the_burn_did() {
    let steady = day(&[(span(730, 1_000), 2)]);
    assert_eq!(begins_at(&steady, &fired(745, &[(60, 14.4)])), 730);
    let mut noisy = day(&[(span(700, 701), 1), (span(730, 735), 20), (span(737, 1_000), 20)]);
    noisy[690].0 = 1;
    assert_eq!(begins_at(&noisy, &fired(745, &[(60, 14.4)])), 730);
    assert_eq!(begins_at(&noisy, &fired(745, &[(360, 6.0), (60, 14.4)])), 730, "the shorter arm");
    assert_eq!(begins_at(&steady, &fired(745, &[])), 745, "no arm is known: the alert");
    assert_eq!(begins_at(&day(&[]), &fired(745, &[(60, 14.4)])), 745, "nothing is kept: the alert");
}

/// Over six hours the steps are of three minutes, over three days of thirty-six.
#[test]
fn a_slow_burn_begins_within_a_step_of_where_it_did() {
    for (long, factor, began) in [(360, 6.0, 500), (4_320, 1.0, 100)] {
        let minutes = day(&[(span(began, 1_000), 1)]);
        let found = begins_at(&minutes, &fired(800, &[(long, factor)]));
        let step = i64::from(long / 120);
        assert!((found - began).abs() <= step, "began at {began}, found at {found}");
    }
}

/// An outage lasts until the minute in which its alert closed is over.
#[test]
fn an_outage_ends_with_the_minute_its_alert_closed_in() {
    let open = fired(745, &[]);
    let closed = Alert { closed_at: Some(instant(760 * 60_000 + 1)), ..open.clone() };
    let until = |alert: &Alert| {
        Outage::of(alert, &[Firing::only(alert)], target(), &|_| Events::default())[0].span.to
    };
    assert_eq!((until(&open), until(&closed)), (Minute(i64::MAX), Minute(761)));
}

/// Of an alert that is opened again each firing is an outage of its own, and what lies between is
/// in none.
#[test]
fn each_firing_of_an_alert_is_an_outage_that_begins_where_its_own_burn_did() {
    let minutes = day(&[(span(730, 760), 20), (span(790, 1_000), 20)]);
    let at = |minute: i64| instant(minute * 60_000);
    let firings = [
        Firing { opened_at: at(733), closed_at: Some(at(764)) },
        Firing { opened_at: at(793), closed_at: None },
    ];
    let alert = fired(733, &[(60, 14.4)]);
    let outages = Outage::of(&alert, &firings, target(), &|span| events_of(&minutes, span));
    let spans: Vec<_> = outages.iter().map(|outage| outage.span).collect();
    assert_eq!(spans, [span(730, 765), span(790, i64::MAX)]);
}

/// Which cause a minute has, minute by minute.
fn naive(minute: i64, outages: &[Outage], deployments: &[Deployed], window: i64) -> Option<Cause> {
    let answering = |at: i64| {
        let fresh = deployments.iter().filter(|deployed| Minute::of(deployed.at).0 <= at);
        let newest = fresh.max_by_key(|deployed| (deployed.at, deployed.id))?;
        (at < Minute::of(newest.at).0 + window).then_some(Cause::Deployment(newest.id))
    };
    let holding =
        outages.iter().filter(|outage| (outage.span.from.0..outage.span.to.0).contains(&minute));
    match holding.min_by_key(|outage| outage.span.from) {
        Some(outage) => Some(answering(outage.span.from.0).unwrap_or(Cause::Outage(outage.alert))),
        None => answering(minute),
    }
}

fn history(dice: &mut Dice) -> Minutes60 {
    let busy: u64 = dice.pick(&[1, 100, 10_000]);
    let minute = |_| {
        let total = dice.below(busy + 1);
        let bad = if dice.one_in(3) { dice.below(total + 1) } else { 0 };
        let inferred = if dice.one_in(10) { dice.below(bad + 1) } else { 0 };
        (bad, total, inferred)
    };
    (0..1_440).map(minute).collect()
}

fn check(seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let minutes = history(&mut dice);
    let outages: Vec<Outage> = (0..dice.below(8_u8))
        .map(|number| {
            let from = dice.within(-200, 1_500) * 20 + i64::from(number);
            outage(number, from, if dice.one_in(5) { i64::MAX } else { from + dice.within(1, 300) })
        })
        .collect();
    let deployments: Vec<Deployed> =
        (0..dice.below(12_u8)).map(|number| deployed(number, dice.within(-100, 1_500))).collect();
    let of = Attribution {
        deployment_window: Minutes(dice.pick(&[1, 30, 60, 600])),
        environments: Vec::new(),
    };
    let causes = Causes { outages: &outages, deployments: &deployments, attribution: &of };
    let events = |span| events_of(&minutes, span);
    let whole = events(window());
    let found = Ledger::of(window(), whole, causes, &events);

    let mut naively: BTreeMap<Cause, Events> = BTreeMap::new();
    let mut fresh = (whole.bad, whole.total);
    for minute in 0..1_440 {
        let one = events(span(minute, minute + 1));
        match naive(minute, &outages, &deployments, i64::from(of.deployment_window.0)) {
            Some(cause) => {
                let sum = naively.entry(cause).or_default();
                sum.bad = sum.bad.plus(one.bad);
                if matches!(cause, Cause::Deployment(_)) {
                    fresh = (fresh.0.minus(one.bad), fresh.1.minus(one.total));
                }
            }
            None => {
                let gap = naively.entry(Cause::Gap).or_default();
                gap.bad = gap.bad.plus(one.bad_inferred);
                let unknown = naively.entry(Cause::Unknown).or_default();
                unknown.bad = unknown.bad.plus(one.bad.minus(one.bad_inferred));
            }
        }
    }
    naively.retain(|_, sum| sum.bad > Units(0));
    let naively: BTreeMap<Cause, Units> =
        naively.into_iter().map(|(cause, sum)| (cause, sum.bad)).collect();
    let posted: BTreeMap<Cause, Units> =
        found.entries.iter().map(|entry| (entry.cause, entry.bad)).collect();
    if posted != naively {
        return Err(format!("posted {posted:?}\n naive {naively:?}"));
    }
    let left = (found.without_deployments.bad, found.without_deployments.total);
    if left != fresh {
        return Err(format!("without deployments {left:?}\n naive {fresh:?}"));
    }
    sums_up(whole, causes, &mut dice)
}

/// Sums of minutes that cannot be read, and counters that were not read in one instant, do not add
/// up. The ledger does.
fn sums_up(whole: Events, causes: Causes<'_>, dice: &mut Dice) -> Result<(), String> {
    let wrong = dice.seed();
    let events = |span: Span| {
        let mut dice = Dice::new(wrong ^ span.from.0 as u64);
        let some = |dice: &mut Dice| Units(u128::from(dice.below(whole.bad.0 as u64 / 2 + 2)));
        let (bad, total) = (some(&mut dice), some(&mut dice));
        let (inferred, bad_inferred) = (some(&mut dice), some(&mut dice));
        Events { bad, total, inferred, bad_inferred, ..Events::default() }
    };
    let found = Ledger::of(window(), whole, causes, &events);
    let sum: Units = found.entries.iter().map(|entry| entry.bad).sum();
    if sum == whole.bad { Ok(()) } else { Err(format!("{sum:?} of {:?}", whole.bad)) }
}

#[test]
fn the_entries_add_up_whatever_the_minutes_say() {
    campaign::run(campaign::seeds(2_000, 100_000), check).holds();
}
