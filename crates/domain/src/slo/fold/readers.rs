//! Who reads what: the generations of each SLO's indicator.
//!
//! A change of selector starts a generation and keeps the ones before it, so history goes on; a
//! generation ends with the whole minute in which the next was declared.

use serde::{Deserialize, Serialize};

use crate::slo::minutes::Span;
use crate::slo::slices::Slicing;
use crate::slo::tally::{Indicator, Reads};
use crate::time::Minute;

/// What an SLO read from one declaration to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Generation {
    pub(super) indicator: Indicator,
    /// When it was declared, by our clock; none for the first, which reads all there is.
    from_ms: Option<i64>,
    to_ms: Option<i64>,
}

/// What one SLO reads and read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Reader {
    /// Oldest first.
    generations: Vec<Generation>,
    /// The slices that count, if they do: of all generations.
    slicing: Option<Slicing>,
}

impl Reader {
    /// What it reads now, if anything.
    pub(super) fn indicator(&self) -> Option<&Indicator> {
        let present = self.generations.last().filter(|generation| generation.to_ms.is_none())?;
        Some(&present.indicator)
    }

    /// Whether it reads just this now.
    pub(super) fn reads(&self, wanted: &Reads) -> bool {
        self.indicator() == Some(&wanted.indicator) && self.slicing == wanted.slicing
    }

    /// From now on it reads this, or nothing.
    pub(super) fn declare(&mut self, at_ms: i64, wanted: Option<&Reads>) {
        self.slicing = wanted.and_then(|wanted| wanted.slicing);
        let wanted = wanted.map(|wanted| &wanted.indicator);
        if self.indicator() == wanted {
            return;
        }
        if let Some(present) = self.generations.last_mut().filter(|last| last.to_ms.is_none()) {
            present.to_ms = Some(at_ms);
        }
        let Some(indicator) = wanted.cloned() else { return };
        let from_ms = (!self.generations.is_empty()).then_some(at_ms);
        self.generations.push(Generation { indicator, from_ms, to_ms: None });
    }

    /// The slices that count, if they do.
    pub(super) fn slicing(&self) -> Option<Slicing> {
        self.slicing
    }

    /// The generations, oldest first.
    pub(super) fn generations(&self) -> &[Generation] {
        &self.generations
    }
}

impl Generation {
    /// The minutes it is read for.
    pub(super) fn span(&self) -> Span {
        let after = |at_ms: i64| Minute::of_ms(at_ms).plus(1);
        Span {
            from: self.from_ms.map_or(Minute(i64::MIN), after),
            to: self.to_ms.map_or(Minute(i64::MAX), after),
        }
    }
}
