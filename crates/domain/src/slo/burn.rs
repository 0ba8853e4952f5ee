//! Burn: how fast the budget is being spent, and whether that deserves a human.
//!
//! Burn = error ratio / (1 − target). An arm fires when the burn over its long *and* its short
//! window exceeds its factor (strictly) and the burn is significant: the exact binomial tail of the
//! failures seen in the long window, were the true rate the budget rate, is below α.
//! Arms and factors: Google, *The Site Reliability Workbook*, chapter 5, and its table 5-8.
//! Inferred units never enter a burn window.

use serde::{Deserialize, Serialize};

use super::budget::Share;
use super::minutes::KEPT_DAYS;
use super::significance::binomial_tail;
use super::{Target, Units, Window, product};
use crate::catalog::Name;
use crate::time::{Minute, Minutes};

/// What an alert asks of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing: it is recorded, and nobody is told.
    Log,
    /// Business hours.
    Ticket,
    /// Now.
    Page,
}

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Log, Self::Ticket, Self::Page];

    /// The severity of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == word)
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Ticket => "ticket",
            Self::Page => "page",
        }
    }
}

/// A burn rate to exceed, in millionths, so that comparing with it is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Factor {
    micro: u64,
}

impl Factor {
    /// The factor, rounded to six decimals.
    pub fn new(factor: f64) -> Self {
        Self { micro: (factor.max(0.0) * 1e6).round() as u64 }
    }

    /// The factor as a number.
    pub fn as_f64(self) -> f64 {
        self.micro as f64 / 1e6
    }
}
impl From<f64> for Factor {
    fn from(factor: f64) -> Self {
        Self::new(factor)
    }
}
impl From<Factor> for f64 {
    fn from(factor: Factor) -> Self {
        factor.as_f64()
    }
}

/// One long and one short window with the burn that both must exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// The window that shows the burn matters.
    pub long: Minutes,
    /// The window that shows it still goes on.
    pub short: Minutes,
    /// The burn both must exceed.
    pub factor: Factor,
    /// What it asks of people.
    pub severity: Severity,
}

impl Arm {
    /// The longest window of an arm that is written out. Arms count by the minute, so it is not
    /// longer than minutes are kept for unless the server's configuration says otherwise.
    pub const LONGEST: Minutes = Minutes(90 * 1_440);
}

const _: () = assert!(Arm::LONGEST.0 <= KEPT_DAYS * 1_440, "arms count by the minute");

/// An arm as a policy has it, before it is fitted to an SLO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyArm {
    /// The window that shows the burn matters.
    pub long: Minutes,
    /// The window that shows it still goes on.
    pub short: Minutes,
    /// How fast is too fast.
    pub pace: Pace,
    /// What it asks of people.
    pub severity: Severity,
}

/// How fast a budget must not be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// So many times as fast as lasts the SLO's window; the arm's windows are used as they are.
    Factor(Factor),
    /// As fast as spends this share of the budget of 30 days within the arm's long window; fitted
    /// to the SLO's window.
    Spends(Share),
}

/// When to alert on a budget's burn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// Its arms.
    pub arms: Vec<PolicyArm>,
    /// α: how unlikely the failures must be at the budget rate. Default 10⁻³.
    pub significance: f64,
    /// Page when less than this share of the budget is left, if set.
    pub page_below: Option<f64>,
    /// How long all series may be silent before "no data" is an alert.
    pub no_data_after: Minutes,
    /// What "no data" asks of people.
    pub no_data_severity: Severity,
}

impl Policy {
    /// The policy of these arms, with what holds for the rest unless it is written.
    pub fn new(name: Name, arms: Vec<PolicyArm>) -> Self {
        Self {
            name,
            arms,
            significance: 1e-3,
            page_below: None,
            no_data_after: Minutes(10),
            no_data_severity: Severity::Ticket,
        }
    }

    /// The arms that apply to one SLO.
    pub fn resolve(&self, window: &Window, target: Target) -> Resolved {
        let mut resolved = Resolved::default();
        for arm in &self.arms {
            match arm.fitted(window.length()) {
                Ok(arm) => resolved.arms.push(arm),
                Err(dropped) => resolved.dropped.push(dropped),
            }
        }
        resolved.floor = self.page_below.and(resolved.arms.first()).map(|first| Arm {
            factor: Factor::new(1.0),
            severity: Severity::Page,
            ..*first
        });
        resolved.unreachable =
            resolved.arms.iter().copied().filter(|arm| !reachable(arm.factor, target)).collect();
        resolved
    }
}

/// The arms of a policy fitted to one SLO, and what did not fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The arms in force.
    pub arms: Vec<Arm>,
    /// Arms left out because their scaled long window is under 5 minutes, as (nominal long
    /// window, factor).
    pub dropped: Vec<(Minutes, Factor)>,
    /// The arm that pages while little of the budget is left: any burn above 1 over the policy's
    /// first windows.
    pub floor: Option<Arm>,
    /// Arms in force that even a total outage cannot exceed: target ≤ 1 − 1/factor.
    pub unreachable: Vec<Arm>,
}

/// Whether a total outage exceeds the factor: 1 / (1 − target) > factor.
fn reachable(factor: Factor, target: Target) -> bool {
    u128::from(factor.micro) * u128::from(target.budget_ppb()) < 1_000_000 * 1_000_000_000
}

impl PolicyArm {
    /// The arm for an SLO over this period. One that spends a share keeps its windows and fits the
    /// factor over periods of 28 days and more: share × min(period, 30 d) / window. Over shorter
    /// ones it keeps the factor of 30 days and fits the windows: W × period / 30 d.
    ///
    /// # Errors
    /// The long window comes to less than 5 minutes: that window and the factor, as written.
    fn fitted(self, period: Minutes) -> Result<Arm, (Minutes, Factor)> {
        const THIRTY_DAYS: u32 = 43_200;
        let Self { long, short, pace, severity } = self;
        let share = match pace {
            Pace::Factor(factor) => return Ok(Arm { long, short, factor, severity }),
            Pace::Spends(share) => share.fraction(),
        };
        let factor_over =
            |minutes: u32| Factor::new(share * f64::from(minutes) / f64::from(long.0));
        if period.0 >= 28 * 1_440 {
            let factor = factor_over(period.0.min(THIRTY_DAYS));
            return Ok(Arm { long, short, factor, severity });
        }
        let factor = factor_over(THIRTY_DAYS);
        let scaled = f64::from(long.0) * f64::from(period.0) / f64::from(THIRTY_DAYS);
        if scaled < 5.0 {
            return Err((long, factor));
        }
        let fitted = Minutes(scaled.round() as u32);
        let part = f64::from(short.0) / f64::from(long.0);
        let short = Minutes((f64::from(fitted.0) * part).round().max(1.0) as u32);
        Ok(Arm { long: fitted, short, factor, severity })
    }
}

/// Measured events of a run of minutes; inferred ones are not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Failures.
    pub bad: Units,
    /// All events.
    pub total: Units,
}

impl Counts {
    /// Burn at this target, if there were events.
    pub fn burn(self, target: Target) -> Option<f64> {
        let (bad, total) = (self.bad.as_events(), self.total.as_events());
        (total > 0.0).then(|| bad / total / target.budget_fraction())
    }

    /// Whether the burn is strictly above the factor, compared on integers:
    /// bad / total / budget > factor.
    fn exceeds(self, factor: Factor, target: Target) -> bool {
        const SCALE: u128 = 1_000_000 * 1_000_000_000;
        let allowed = u128::from(factor.micro) * u128::from(target.budget_ppb());
        self.total.0 > 0 && product(self.bad.0, SCALE) > product(self.total.0, allowed)
    }

    /// How many failures there were above those of that burn; below zero when there were fewer.
    pub(super) fn excess(self, factor: Factor, target: Target) -> f64 {
        let at_factor = self.total.as_events() * target.budget_fraction() * factor.as_f64();
        self.bad.as_events() - at_factor
    }
}

/// Events of the last minutes: `minutes` closed ones and the open one; failures count only from
/// `bad_since` on, while the denominator stays whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Closed minutes in the span.
    pub minutes: Minutes,
    /// The first minute whose failures count.
    pub bad_since: Option<Minute>,
}

/// One arm at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmReading {
    /// The arm.
    pub arm: Arm,
    /// Events of the long window.
    pub long: Counts,
    /// Events of the short window.
    pub short: Counts,
    /// P(X ≥ failures) in the long window at the budget rate; 1 when there were no failures.
    pub p_value: f64,
    /// Whether both windows exceed the factor and the burn is significant.
    pub firing: bool,
}

/// Reads every arm. `count` sums the minutes of a span.
pub fn evaluate(
    arms: &[Arm],
    target: Target,
    alpha: f64,
    bad_since: Option<Minute>,
    count: &dyn Fn(Span) -> Counts,
) -> Vec<ArmReading> {
    let read = |arm: &Arm| {
        let long = count(Span { minutes: arm.long, bad_since });
        let short = count(Span { minutes: arm.short, bad_since });
        let p_value =
            binomial_tail(long.bad.as_events(), long.total.as_events(), target.budget_fraction());
        let fast = long.exceeds(arm.factor, target) && short.exceeds(arm.factor, target);
        ArmReading { arm: *arm, long, short, p_value, firing: fast && p_value < alpha }
    };
    arms.iter().map(read).collect()
}

/// Whether an alert of that severity may close: the burn of its run is at most 1, with data.
///
/// A page looks at the last 5 minutes — no more than its arm's long window, and at low traffic the
/// shortest run that holds `enough` ([`super::Budgeting::enough`]) —, a ticket at its own short
/// window. `fired` are the arms the alert fired on.
pub fn calm(
    fired: &[Arm],
    target: Target,
    enough: Units,
    bad_since: Option<Minute>,
    count: &dyn Fn(Span) -> Counts,
) -> bool {
    let paging = || fired.iter().filter(|arm| arm.severity == Severity::Page);
    let longest = fired.iter().map(|arm| arm.long).max().unwrap_or(Minutes(5));
    let counted = |minutes| count(Span { minutes, bad_since });
    let run = if paging().next().is_some() {
        let start = paging().map(|arm| arm.long).max().unwrap_or(longest).min(Minutes(5));
        shortest_run_with(enough, start, longest, &counted)
    } else {
        fired.iter().map(|arm| arm.short).max().unwrap_or(Minutes(5))
    };
    let counts = counted(run);
    counts.total > Units(0) && !counts.exceeds(Factor::new(1.0), target)
}

/// The shortest run of at least `start` and at most `limit` minutes with that many events; `limit`
/// when none has. Counts grow with the run, so a binary search finds it.
fn shortest_run_with(
    enough: Units,
    start: Minutes,
    limit: Minutes,
    counted: &dyn Fn(Minutes) -> Counts,
) -> Minutes {
    let (mut low, mut high) = (start.0, limit.0.max(start.0));
    while low < high {
        let middle = low + (high - low) / 2;
        if counted(Minutes(middle)).total >= enough {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Minutes(low)
}

#[cfg(test)]
pub(in crate::slo) mod tests;
