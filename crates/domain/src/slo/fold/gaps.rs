//! The gaps of one instance: which of them are bridged, by what all of its counters say.
//!
//! A gap that one counter bridges is known, unless another counter of the instance started again
//! in a gap that overlaps it, whichever of the two is heard first. Both are remembered while the
//! minutes about them may be amended; what comes later changes nothing.

use serde::{Deserialize, Serialize};

use super::AMENDABLE;

/// The gaps of one instance that its other counters may still tell otherwise.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Gaps {
    bridged: Vec<Bridged>,
    /// Those in which a counter started again; none lies within another.
    restarts: Vec<(i64, i64)>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Bridged {
    from_ms: i64,
    to_ms: i64,
    /// From here on it was counted as bridged: what lies before was known already.
    unknown_from_ms: i64,
}

impl Gaps {
    /// A counter went on over a gap: from where on that makes it known, if it does.
    pub(super) fn bridge(
        &mut self,
        (from_ms, to_ms): (i64, i64),
        known_ms: i64,
        seen_ms: i64,
    ) -> Option<i64> {
        self.forget(seen_ms);
        if self.restarts.iter().any(|restart| overlap(*restart, (from_ms, to_ms))) {
            return None;
        }
        let unknown_from_ms = from_ms.max(known_ms);
        if unknown_from_ms >= to_ms {
            return None;
        }
        self.bridged.push(Bridged { from_ms, to_ms, unknown_from_ms });
        Some(unknown_from_ms)
    }

    /// A counter started again in a gap; gives back what is bridged no longer.
    pub(super) fn tear(
        &mut self,
        gap: (i64, i64),
        seen_ms: i64,
    ) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.forget(seen_ms);
        if !self.restarts.iter().any(|known| within(gap, *known)) {
            self.restarts.retain(|known| !within(*known, gap));
            self.restarts.push(gap);
        }
        let torn = self.bridged.extract_if(.., move |b| overlap((b.from_ms, b.to_ms), gap));
        torn.map(|torn| (torn.unknown_from_ms, torn.to_ms))
    }

    fn forget(&mut self, seen_ms: i64) {
        let until_ms = seen_ms - AMENDABLE.ms();
        self.bridged.retain(|gap| gap.to_ms > until_ms);
        self.restarts.retain(|gap| gap.1 > until_ms);
    }
}

fn overlap(one: (i64, i64), other: (i64, i64)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

fn within(inner: (i64, i64), outer: (i64, i64)) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}
