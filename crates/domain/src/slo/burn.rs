//! Burn: how fast the budget is being spent, and whether that deserves a human.
//!
//! Burn = error ratio / (1 − target). An arm fires when the burn over its long *and* its short
//! window exceeds its factor (strictly) and the burn is significant: the exact binomial tail of the
//! failures seen in the long window, were the true rate the budget rate, is below α.
//! Arms and factors: Google, *The Site Reliability Workbook*, chapter 5, and its table 5-8.
//! Inferred units never enter a burn window.

use serde::{Deserialize, Serialize};

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

/// The arms a policy brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arms {
    /// 2 % in 1 h and 5 % in 6 h page; 10 % in 1 d and in 3 d ticket.
    Workbook,
    /// Burn above 3 for 30 minutes a ticket; above 10 a page (ALR-01, ALR-02).
    Accelerator,
    /// Written out by the user; windows are used as they are.
    Written(Vec<Arm>),
}

/// When to alert on a budget's burn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// Its arms.
    pub arms: Arms,
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
    /// The policy of a preset or of written arms, with the shipped numbers for the rest.
    pub fn new(name: Name, arms: Arms) -> Self {
        let page_below = match &arms {
            Arms::Accelerator => Some(0.1),
            Arms::Workbook | Arms::Written(_) => None,
        };
        Self {
            name,
            arms,
            significance: 1e-3,
            page_below,
            no_data_after: Minutes(10),
            no_data_severity: Severity::Ticket,
        }
    }

    /// The arms that apply to one SLO.
    pub fn resolve(&self, window: Window, target: Target) -> Resolved {
        let mut resolved = match &self.arms {
            Arms::Workbook => workbook(window.length()),
            Arms::Accelerator => Resolved::from_arms(
                [(3.0, Severity::Ticket), (10.0, Severity::Page)]
                    .map(|(factor, severity)| Arm {
                        long: Minutes(30),
                        short: Minutes(5),
                        factor: Factor::new(factor),
                        severity,
                    })
                    .to_vec(),
            ),
            Arms::Written(arms) => Resolved::from_arms(arms.clone()),
        };
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

impl Resolved {
    fn from_arms(arms: Vec<Arm>) -> Self {
        Self { arms, ..Self::default() }
    }
}

/// Whether a total outage exceeds the factor: 1 / (1 − target) > factor.
fn reachable(factor: Factor, target: Target) -> bool {
    u128::from(factor.micro) * u128::from(target.budget_ppb()) < 1_000_000 * 1_000_000_000
}

/// (nominal long window, nominal factor, budget share in percent, severity): workbook table 5-8.
const WORKBOOK: [(Minutes, f64, f64, Severity); 4] = [
    (Minutes(60), 14.4, 2.0, Severity::Page),
    (Minutes(360), 6.0, 5.0, Severity::Page),
    (Minutes(1_440), 3.0, 10.0, Severity::Ticket),
    (Minutes(4_320), 1.0, 10.0, Severity::Ticket),
];

/// Periods of 28 days and more keep the windows and fit the factor: share × min(period, 30 d) /
/// window. Shorter periods keep the factors and fit the windows: W × period / 30 d.
fn workbook(period: Minutes) -> Resolved {
    const THIRTY_DAYS: u32 = 43_200;
    let mut resolved = Resolved::default();
    for (nominal, factor, percent, severity) in WORKBOOK {
        let (long, factor) = if period.0 >= 28 * 1_440 {
            let fitted = percent / 100.0 * f64::from(period.0.min(THIRTY_DAYS));
            (f64::from(nominal.0), fitted / f64::from(nominal.0))
        } else {
            let scaled = f64::from(nominal.0) * f64::from(period.0) / f64::from(THIRTY_DAYS);
            (scaled, factor)
        };
        let factor = Factor::new(factor);
        if long < 5.0 {
            resolved.dropped.push((nominal, factor));
            continue;
        }
        let long = Minutes(long.round() as u32);
        let short = Minutes((f64::from(long.0) / 12.0).round().max(1.0) as u32);
        resolved.arms.push(Arm { long, short, factor, severity });
    }
    resolved
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
/// shortest run that holds ten events —, a ticket at its own short window. `fired` are the arms the
/// alert fired on.
pub fn calm(
    fired: &[Arm],
    target: Target,
    bad_since: Option<Minute>,
    count: &dyn Fn(Span) -> Counts,
) -> bool {
    const ENOUGH: Units = Units(10 * Units::PER_EVENT);
    let paging = || fired.iter().filter(|arm| arm.severity == Severity::Page);
    let longest = fired.iter().map(|arm| arm.long).max().unwrap_or(Minutes(5));
    let counted = |minutes| count(Span { minutes, bad_since });
    let run = if paging().next().is_some() {
        let start = paging().map(|arm| arm.long).max().unwrap_or(longest).min(Minutes(5));
        shortest_run_with(ENOUGH, start, longest, &counted)
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
mod tests;
