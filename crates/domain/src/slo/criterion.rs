//! What makes an event good, read off an indicator: for people, never for counting.

use super::selector::{Comparison, Selector};
use super::tally::{Condition, Indicator, Measure, Operator, Part};

/// What makes an event good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Criterion {
    /// Its counter: a ratio.
    Counter,
    /// How long or large it was: an observation of a classic or native histogram.
    Observation(Condition),
    /// What a gauge showed.
    Sample(Condition),
}

impl Criterion {
    /// The criterion of an indicator.
    pub fn of(indicator: &Indicator) -> Self {
        let good = |condition: Condition| match indicator.part {
            Part::Good => condition,
            Part::Bad => Condition { operator: opposite(condition.operator), ..condition },
        };
        let at_most = |value| good(Condition { operator: Operator::Lte, value });
        let part = &indicator.part_channel;
        match part.measure {
            Measure::AtMost(threshold) => Self::Observation(at_most(threshold)),
            Measure::Meeting(condition) => Self::Sample(good(condition)),
            Measure::Increase => match bucket(&part.selector) {
                Some(bound) => Self::Observation(at_most(bound)),
                None => Self::Counter,
            },
            Measure::Observations | Measure::Samples => Self::Counter,
        }
    }
}

fn opposite(operator: Operator) -> Operator {
    match operator {
        Operator::Lt => Operator::Gte,
        Operator::Lte => Operator::Gt,
        Operator::Gt => Operator::Lte,
        Operator::Gte => Operator::Lt,
    }
}

/// The upper bound of the one bucket of a classic histogram that is selected.
fn bucket(selector: &Selector) -> Option<f64> {
    selector.metric().filter(|name| name.ends_with("_bucket"))?;
    let is_bound = |(label, comparison)| label == "le" && comparison == Comparison::Equal;
    let mut bounds = selector.matchers().iter().filter(|m| is_bound((&*m.label, m.comparison)));
    let bound = bounds.next()?.value.parse().ok()?;
    f64::is_finite(bound).then_some(bound)
}

#[cfg(test)]
mod tests;
