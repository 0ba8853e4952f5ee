//! Whoever is asked by the index, all tallies are asked here: the answers are the same, whatever was
//! declared and withdrawn before.

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use super::*;
use crate::slo::tally::Part;

const METRICS: [&str; 3] = ["requests_total", "lag_seconds_bucket", "up"];
const LABELS: [&str; 4] = ["service", "handler", "code", "le"];
/// The empty one is what an absent label reads as.
const VALUES: [&str; 6] = ["1", "1.0", "a", "b", "500", ""];

fn some_selector(dice: &mut Dice) -> Selector {
    let comparisons = [Comparison::Equal, Comparison::NotEqual, Comparison::Matches];
    let mut matchers = Vec::new();
    if !dice.one_in(6) {
        let comparison = if dice.one_in(8) { Comparison::Matches } else { Comparison::Equal };
        matchers.push(matcher("__name__", comparison, dice.pick(&METRICS)));
    }
    for _ in 0..dice.below(4_u64) {
        let comparison = if dice.one_in(3) { dice.pick(&comparisons) } else { Comparison::Equal };
        matchers.push(matcher(dice.pick(&LABELS), comparison, dice.pick(&VALUES)));
    }
    Selector::new(matchers)
}

fn some_indicator(dice: &mut Dice) -> Indicator {
    let total = some_selector(dice);
    let narrower = || {
        let more = matcher("code", Comparison::Equal, "500");
        Selector::new(total.matchers().iter().cloned().chain([more]).collect())
    };
    let part = if dice.one_in(4) { some_selector(dice) } else { narrower() };
    Indicator::ratio(total, Part::Bad, part)
}

fn some_labels(dice: &mut Dice) -> Labels {
    let mut pairs = vec![("__name__".to_owned(), dice.pick(&METRICS).to_owned())];
    for label in LABELS {
        let value = dice.pick(&VALUES);
        if !value.is_empty() {
            pairs.push((label.to_owned(), value.to_owned()));
        }
    }
    Labels::from_pairs(pairs).expect("unique")
}

fn asking_all(fold: &Fold, labels: &Labels) -> Vec<(usize, usize)> {
    let tallies = fold.tallies.iter().enumerate();
    tallies.flat_map(|(number, it)| it.channels_of(labels).map(move |c| (number, c))).collect()
}

fn check(seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let pool: Vec<Indicator> = (0..8).map(|_| some_indicator(&mut dice)).collect();
    let mut fold = Fold::default();
    for at_ms in 1..8 {
        let wanted: Vec<(Name, &Indicator)> = (0..dice.below(6_u64))
            .map(|number| (name(&format!("slo-{number}")), &pool[dice.below(pool.len())]))
            .collect();
        let record = declare(&fold, at_ms, &declarations(wanted.clone()));
        fold.apply(&record).map_err(|error| error.to_string())?;
        if let Record::Declare { change, .. } = declare(&fold, at_ms, &declarations(wanted))
            && !change.is_empty()
        {
            return Err(format!("declared already, and yet {change:?}"));
        }
        for _ in 0..6 {
            let labels = some_labels(&mut dice);
            let asked: Vec<_> = fold.routing.pairs(&fold.tallies, &labels).collect();
            if asked != asking_all(&fold, &labels) {
                return Err(format!("{labels:?}: {asked:?}, not {:?}", asking_all(&fold, &labels)));
            }
            let hash = identity(&labels);
            if fold.known(hash).is_none() && !asked.is_empty() {
                let instance = InstanceHash(1);
                fold.apply(&Record::Series { hash, instance, labels })
                    .map_err(|e| e.to_string())?;
            }
        }
        enlisted(&fold)?;
    }
    Ok(())
}

/// Every series that is remembered counts where it should, and the tallies know of it.
fn enlisted(fold: &Fold) -> Result<(), String> {
    for (number, series) in (0..).zip(&fold.series) {
        let Some(series) = series else { continue };
        let routes = series.routes.iter().map(|it| (it.tally as usize, it.channel as usize));
        let routes: Vec<_> = routes.collect();
        if routes != asking_all(fold, &series.labels) {
            return Err(format!("{:?} counts in {routes:?}", series.labels));
        }
        for (place, tally) in fold.tallies.iter().enumerate() {
            let times = tally.series.iter().filter(|known| **known == number).count();
            if times != usize::from(routes.iter().any(|(tally, _)| *tally == place)) {
                return Err(format!("tally {place} knows {number} {times} times"));
            }
        }
    }
    Ok(())
}

#[test]
fn the_index_finds_the_tallies_that_asking_all_would() {
    campaign::run(campaign::seeds(500, 20_000), check).holds();
}
