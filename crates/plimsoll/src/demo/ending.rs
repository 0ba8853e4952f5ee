//! What the story came to, in figures, and where to look at it.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1::slo::Slo;

use super::place::Place;
use super::stack::Stack;
use super::story::{self, Told};
use super::terminal::{Tone, thousands};
use super::traffic::ORDERS_PER_SECOND;
use super::words::{budget, seconds, tone};

/// Features go out again when more than this share of the budget is left.
const FREE_ABOVE: f64 = 0.25;

/// Shows both.
pub(super) async fn show(stack: &Stack, place: &Place, told: &Told) -> Result<()> {
    stack.terminal.chapter(9, "What it came to");
    let slo = stack.api.slo(story::SLO).await?;
    figures(stack, told, &slo);
    addresses(stack, place, told);
    Ok(())
}

fn figures(stack: &Stack, told: &Told, slo: &Slo) {
    let Told { release, rollback, alert, opened, .. } = told;
    let after = |at: Timestamp| format!("{} after the release", seconds(at, release.deployed_at));
    let say = |tone, text: &str| stack.terminal.say(tone, text);
    let row = |name: &str, text: &str| say(Tone::Plain, &format!("{name:<13}{text}"));
    row("Released", &format!("at {}", clock(release.deployed_at)));
    row("Detected", &after(alert.opened_at));
    row("Team told", &after(opened.received_at));
    row("Rolled back", &after(rollback.deployed_at));
    row("Closed", &alert.closed_at.map(after).unwrap_or_default());
    let (sent, failed) = stack.seen.counts();
    row("Customers", &format!("saw {} of {} orders fail", count(failed), count(sent)));
    let (bad, total) = (thousands(slo.total - slo.good), thousands(slo.total));
    row("Plimsoll", &format!("counted {bad} of {total}; the rest came before the first scrape,"));
    stack.terminal.detail("             or between the last one of a process and its end");
    say(tone(slo), &budget(slo));
    let (around, latest) = free_again(slo, stack.world.now(), rollback.deployed_at);
    say(
        Tone::Bad,
        "The next feature stays denied until more than 25 % of the budget is left again:",
    );
    let (around, latest) = (clock(around), clock(latest));
    stack.terminal.detail(&format!(
        "with this traffic at about {around}; at the latest at {latest}, when the failures leave \
         the hour"
    ));
}

fn addresses(stack: &Stack, place: &Place, told: &Told) {
    let Told { alert, denied, .. } = told;
    let plimsoll = std::env::args().next().unwrap_or_else(|| "plimsoll".to_owned());
    let (url, token) = (&stack.url, stack.token_file.display());
    let line = |text: &str| stack.terminal.line(text);
    line("\nIn the browser");
    if let Some(setup_url) = &stack.setup_url {
        line(&format!("  first, set a password  {setup_url}"));
    }
    line(&format!("  the SLO                {url}/slos/{}", story::SLO));
    line(&format!("  the alerts, now over   {url}/alerts?phase=closed"));
    line(&format!("  what the gate said     {url}/releases"));
    line(&format!("  the mail               {}", stack.inbox_url));
    line("\nOn the command line");
    line(&format!("  export PLIMSOLL_URL={url} PLIMSOLL_TOKEN=$(cat {token})"));
    let at = alert.opened_at.strftime("%Y-%m-%dT%H:%M:%SZ");
    for command in [
        format!("slos get {}", story::SLO),
        format!("slos explain {} --at {at}", story::SLO),
        format!("alerts explain {}", alert.id),
        format!("decisions get {}", denied.id),
        format!("decisions replay {}", denied.id),
        format!(
            "gate check --service {} --environment {} --artifact {} --class feature --enforce",
            denied.service, denied.environment, denied.artifact
        ),
    ] {
        line(&format!("  {plimsoll} {command}"));
    }
    let fate = if place.is_temporary() { "removed at the end" } else { "kept" };
    line(&format!("\nData and server.log are in {} ({fate}).", place.dir().display()));
}

/// When features may go out again: by dilution at the present traffic, and when the last failure
/// leaves the window.
fn free_again(slo: &Slo, now: Timestamp, mended_at: Timestamp) -> (Timestamp, Timestamp) {
    let latest = mended_at + SignedDuration::from_mins(61);
    let failed = slo.total - slo.good;
    let needed = failed / ((1.0 - FREE_ABOVE) * (1.0 - slo.objective));
    let wait = (needed - slo.total).max(0.0) / ORDERS_PER_SECOND as f64;
    let diluted = SignedDuration::try_from_secs_f64(wait).map(|wait| now + wait);
    (diluted.unwrap_or(latest).min(latest), latest)
}

fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

fn count(number: u64) -> String {
    thousands(number as f64)
}
