//! How budgets and times are put into words.

use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1::slo::Slo;

use super::stack::Stack;
use super::terminal::{Tone, bar, thousands};

/// Shows the budget from time to time.
pub(super) struct Pulse<'a> {
    stack: &'a Stack,
    every: SignedDuration,
    next_at: Timestamp,
}

impl<'a> Pulse<'a> {
    /// At most once in `every`.
    pub(super) fn every(stack: &'a Stack, every: SignedDuration) -> Self {
        Self { stack, every, next_at: stack.world.now() + every }
    }

    /// Shows it if it is time to.
    pub(super) fn show(&mut self, slo: &Slo) {
        let now = self.stack.world.now();
        if now < self.next_at {
            return;
        }
        self.next_at = now + self.every;
        self.stack.terminal.say(tone(slo), &budget(slo));
    }
}

/// How a status is meant.
pub(super) fn tone(slo: &Slo) -> Tone {
    match slo.status.as_str() {
        "healthy" => Tone::Good,
        "caution" | "warning" => Tone::Plain,
        _ => Tone::Bad,
    }
}

/// The budget in one line, with the burn of the arm.
pub(super) fn budget(slo: &Slo) -> String {
    let Some(left) = slo.budget_remaining else {
        return format!("budget {}", slo.status);
    };
    let arm = slo.burn.first().and_then(|arm| Some((arm.long?, arm.factor)));
    let burn = arm.map(|(burn, factor)| format!(", burn {burn:.1} (limit {factor})"));
    let burn = burn.unwrap_or_default();
    let bad = thousands(slo.total - slo.good);
    let total = thousands(slo.total);
    format!(
        "budget {} {:>7.1} % left, {}: {bad} of {total} bad{burn}",
        bar(left),
        left * 100.0,
        slo.status,
    )
}

/// Where an SLO stands, for whoever waits.
pub(super) fn state(slo: &Slo) -> String {
    let left = slo
        .budget_remaining
        .map_or("undefined".to_owned(), |left| format!("{:.1} % left", left * 100.0));
    format!("{} {}, {left}, {} requests", slo.name, slo.status, thousands(slo.total))
}

/// The time between two instants: `24.3 s`, or `31 ms`.
pub(super) fn seconds(later: Timestamp, earlier: Timestamp) -> String {
    let length = later.duration_since(earlier);
    if length < SignedDuration::from_secs(1) {
        format!("{} ms", length.as_millis().max(0))
    } else {
        format!("{:.1} s", length.as_secs_f64())
    }
}
