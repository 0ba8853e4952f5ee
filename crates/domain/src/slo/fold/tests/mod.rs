//! The fold against its rules: named cases, a naive reading of random histories, and the truth.

mod arrivals;
mod edges;
mod histories;
mod keeping;
mod late;
mod liveness;
mod member;
mod oracle;
mod order;
mod pool;
mod presence;
mod reading;
mod routing;
mod rules;
mod slicing;
mod starts;
mod sums;
mod truth;
mod workbook;

use super::*;
use crate::catalog::Name;
use crate::slo::selector::{Comparison, Matcher, Selector};
use crate::slo::tally::{Declaration, Declarations, Indicator};

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn matcher(label: &str, comparison: Comparison, value: &str) -> Matcher {
    Matcher { label: label.to_owned(), comparison, value: value.to_owned() }
}

fn selector(metric: &str, code: Option<&str>) -> Selector {
    let mut matchers = vec![matcher("__name__", Comparison::Equal, metric)];
    matchers.extend(code.map(|code| matcher("code", Comparison::Matches, code)));
    Selector::new(matchers)
}

/// Which series it is that has these labels, without a key.
fn identity(labels: &Labels) -> SeriesHash {
    let texts = labels.pairs().flat_map(|(name, value)| [name, "=", value, ","]);
    let mix = |hash: u128, byte| (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_013b);
    SeriesHash(texts.flat_map(str::bytes).fold(7, mix))
}

/// What these SLOs need counted.
fn declarations<'a>(slos: impl IntoIterator<Item = (Name, &'a Indicator)>) -> Declarations {
    let mut declared = Declarations::default();
    for (name_of, indicator) in slos {
        let id = indicator.tally();
        let at = declared.tallies.iter().position(|tally| tally.tally == id);
        let at = at.unwrap_or_else(|| {
            declared.tallies.push(Declaration {
                tally: id,
                service: name("shop"),
                channels: vec![indicator.total.clone()],
                grouping: indicator.grouping.clone(),
            });
            declared.tallies.len() - 1
        });
        let channels = &mut declared.tallies[at].channels;
        if !channels.contains(&indicator.part_channel) {
            channels.push(indicator.part_channel.clone());
        }
        declared.readers.insert(name_of, indicator.clone().into());
    }
    declared
}

/// From then on they are wanted, and nothing else.
fn declare(fold: &Fold, at_ms: i64, wanted: &Declarations) -> Record {
    Record::Declare { at_ms, change: fold.change_to(wanted) }
}
