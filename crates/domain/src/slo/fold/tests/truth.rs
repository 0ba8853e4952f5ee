//! What truly happened lies between the worst and the best that is said of it.
//!
//! Instances serve at most one event a second each, so a minute of silence hides at most sixty of
//! an instance's, and the busiest minute shows as many of each: the stated bound holds.

use std::collections::VecDeque;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use super::*;
use crate::slo::budget;
use crate::slo::minutes::NothingArchived;
use crate::slo::tally::Part;
use crate::slo::{Target, Units, Window};
use crate::time::{Minutes, instant};

/// One instance: what it served, and what its counters say.
struct Served {
    good: f64,
    bad: f64,
    start_s: i64,
    first_scrape_s: Option<i64>,
    truth: (u64, u64),
    at_last_scrape: (f64, f64),
}

/// What a scrape of a counter found.
struct Found {
    heard_s: i64,
    number: usize,
    at_s: i64,
    start_s: i64,
    value: f64,
}

struct World {
    fold: Fold,
    instances: Vec<Served>,
    says_starts: bool,
    /// Good and bad travel on shards of their own: by how much each is late, and what is on it.
    lags_s: [i64; 2],
    shards: [VecDeque<Found>; 2],
}

fn indicator() -> Indicator {
    let of = |code| selector("requests_total", code);
    Indicator::ratio(of(None), Part::Bad, of(Some("5..")))
}

impl World {
    fn new(count: i64, says_starts: bool) -> Self {
        let mut fold = Fold::default();
        let declarations = declarations([(name("slo"), &indicator())]);
        fold.apply(&declare(&fold, -60_000, &declarations)).expect("it compiles");
        for number in 0..2 * count as u128 {
            let code = if number % 2 == 0 { "200" } else { "500" };
            let pairs = [("__name__", "requests_total"), ("code", code)];
            let owned = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
            let labels = Labels::from_pairs(owned).expect("unique");
            let (hash, instance) = (SeriesHash(number), InstanceHash(number / 2));
            fold.apply(&Record::Series { hash, instance, labels }).expect("it is new");
        }
        let idle = |_| Served {
            good: 500.0,
            bad: 0.0,
            start_s: -3_600,
            first_scrape_s: None,
            truth: (0, 0),
            at_last_scrape: (0.0, 0.0),
        };
        let instances = (0..count).map(idle).collect();
        Self { fold, instances, says_starts, lags_s: [0; 2], shards: Default::default() }
    }

    fn serve(&mut self, dice: &mut Dice, busy: i64, failing: i64) {
        for served in &mut self.instances {
            if dice.below(100) >= busy {
                continue;
            }
            let bad = dice.below(100) < failing;
            if bad {
                served.bad += 1.0
            } else {
                served.good += 1.0
            }
            if served.first_scrape_s.is_some() {
                served.truth.0 += u64::from(bad);
                served.truth.1 += 1;
            }
        }
    }

    fn scrape(&mut self, number: usize, at_s: i64) {
        let served = &mut self.instances[number];
        served.first_scrape_s.get_or_insert(at_s);
        served.at_last_scrape = (served.good, served.bad);
        for (code, value) in [served.good, served.bad].into_iter().enumerate() {
            let (heard_s, start_s) = (at_s + self.lags_s[code], served.start_s);
            self.shards[code].push_back(Found { heard_s, number, at_s, start_s, value });
        }
        self.hear(at_s);
    }

    /// All that arrives until then.
    fn hear(&mut self, until_s: i64) {
        for code in 0..2 {
            while let Some(found) = self.shards[code].pop_front_if(|f| f.heard_s <= until_s) {
                self.take(code as u32, &found);
            }
        }
    }

    fn take(&mut self, code: u32, found: &Found) {
        let series = SeriesNo(2 * found.number as u32 + code);
        let (start_ms, at_ms) = (found.start_s * 1_000, found.at_s * 1_000);
        if self.says_starts && self.fold.start_ms(series) != Some(start_ms) {
            self.fold.apply(&Record::Start { series, start_ms }).expect("it is known");
        }
        if self.fold.accepts(series, at_ms) {
            let value = found.value;
            self.fold.apply(&Record::Sample { series, at_ms, value }).expect("it is known");
        }
    }

    /// Starts an instance again. It shows: by its start, or because the one of good events will fall.
    fn restart(&mut self, number: usize, at_s: i64) {
        let served = &mut self.instances[number];
        (served.good, served.bad, served.start_s) = (0.0, 0.0, at_s);
    }

    fn bounds(&self, until_s: i64) -> budget::Budget {
        let sli = self.fold.sli(&name("slo"), &NothingArchived).expect("declared");
        let reading = sli.read(&Window::Rolling(Minutes(20_000)), instant(until_s * 1_000));
        budget::evaluate(target(), budget::Terms::default(), &reading)
    }
}

fn target() -> Target {
    Target::from_fraction(0.99).expect("in range")
}

/// When an instance is not heard, and when in that time it restarts.
struct Outage {
    from_s: i64,
    to_s: i64,
    restart_s: Option<i64>,
}

fn outages(dice: &mut Dice, says_starts: bool, until_s: i64) -> Vec<Outage> {
    let mut outages = Vec::new();
    let mut at_s = 240 + dice.below(600);
    while at_s < until_s - 400 && outages.len() < 4 {
        let length_s = match dice.below(3) {
            0 => dice.within(1, 300),
            1 => dice.within(301, 1_200),
            _ => dice.within(1_200, 4_000),
        };
        // Counters restart high enough to be seen falling: late in the gap.
        let visible_s = if says_starts { length_s } else { 40 };
        let back_s = dice.within(1, visible_s.min(length_s));
        let restart_s = (length_s > 330 && dice.one_in(2)).then(|| at_s + length_s - back_s);
        let last = at_s + length_s > until_s - 200;
        let to_s = if last { i64::MAX } else { at_s + length_s };
        outages.push(Outage { from_s: at_s, to_s, restart_s: restart_s.filter(|_| !last) });
        at_s = to_s.saturating_add(dice.within(30, 900));
    }
    outages
}

fn check(seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let (count, says_starts) = (dice.within(1, 3), dice.one_in(2));
    let until_s = dice.within(20, 90) * 60;
    let mut world = World::new(count, says_starts);
    world.lags_s = [0, 1].map(|_| dice.pick(&[0, 0, 40, 600]));
    let intervals: Vec<i64> = (0..count).map(|_| dice.pick(&[5, 15, 30, 60])).collect();
    let offsets: Vec<i64> = intervals.iter().map(|interval| dice.below(*interval)).collect();
    let mut silent: Vec<Vec<Outage>> =
        (0..count).map(|_| outages(&mut dice, says_starts, until_s)).collect();
    // Somebody speaks at the end, so that the last minute is known to be over.
    silent[0].retain(|outage| outage.to_s < i64::MAX);
    let (mut busy, mut failing) = (100, 0);
    for at_s in 0..=until_s {
        if at_s > 200 && dice.one_in(200) {
            (busy, failing) = (dice.pick(&[100, 60, 5, 0]), dice.pick(&[0, 1, 50, 100]));
        }
        world.serve(&mut dice, busy, failing);
        for number in 0..count as usize {
            let within = silent[number].iter().find(|o| o.from_s <= at_s && at_s < o.to_s);
            if within.and_then(|outage| outage.restart_s) == Some(at_s) {
                world.restart(number, at_s);
            }
            let due = at_s % intervals[number] == offsets[number] || at_s == until_s;
            if due && within.is_none() {
                world.scrape(number, at_s);
            }
        }
    }
    world.hear(i64::MAX);
    let sum = |of: &dyn Fn(&Served) -> u64| world.instances.iter().map(of).sum::<u64>();
    let (bad, total) = (sum(&|served| served.truth.0), sum(&|served| served.truth.1));
    let budget = world.bounds(until_s);
    let left = 1.0 - bad as f64 / (total as f64 * target().budget_fraction());
    let (worst, best) = (budget.remaining_worst, budget.remaining_best);
    let within = worst.is_some_and(|worst| worst <= left + 1e-9)
        && best.is_some_and(|best| left <= best + 1e-9);
    let said = format!("said {worst:?} to {best:?}, unseen at most {:?}", budget.unseen_max);
    let counted = format!("counted {:?} of {:?}", budget.bad, budget.total);
    let truth = format!("truly {left}: {bad} bad of {total}");
    if within { Ok(()) } else { Err(format!("{truth}; {said}; {counted}")) }
}

#[test]
fn the_truth_lies_between_worst_and_best() {
    campaign::run(campaign::seeds(300, 10_000), check).holds();
}

fn number(events: u64) -> Units {
    Units::events(events)
}

/// Two scrapes less than five minutes apart cover their time, restart or not: what was served
/// between the former and the restart is not among the unseen.
#[test]
fn what_a_restart_between_two_scrapes_lost_is_outside_the_bounds() {
    let mut world = World::new(1, true);
    let mut dice = Dice::new(1);
    for at_s in 0..=240 {
        world.serve(&mut dice, 100, 0);
        if at_s == 170 {
            world.restart(0, at_s);
        }
        if at_s % 60 == 0 {
            world.scrape(0, at_s);
        }
    }
    let budget = world.bounds(240);
    assert_eq!(world.instances[0].truth.1, 240);
    assert_eq!((budget.total, budget.unseen_max), (number(190), number(0)), "50 were lost");
}

/// A missing minute of one of two instances is half a minute: were it the one that serves most,
/// more would be unseen than the bound says.
#[test]
fn the_bound_takes_instances_for_alike() {
    let mut world = World::new(2, true);
    for at_s in 0..=1_200 {
        world.instances[0].good += 1.0;
        if at_s % 15 == 0 {
            world.scrape(1, at_s);
            if at_s <= 600 {
                world.scrape(0, at_s);
            }
        }
    }
    let budget = world.bounds(1_200);
    assert_eq!(budget.total, number(600));
    let spared = budget.unseen_max.0.abs_diff(number(300).0);
    assert!(spared <= 10, "600 were served unseen, and half of it is said: {budget:?}");
}
