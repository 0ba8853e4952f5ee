//! The story, step by step. Every step acts and looks through the public API; a step whose turn
//! does not come fails the demo and names what was awaited.
//!
//! Invariant: nothing is told that was not seen, and nothing waits without a limit.

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp};
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::deployment::{Deployment, NewDeployment};
use plimsoll_api::v1::gate::{Decision, Question};
use plimsoll_api::v1::slo::Slo;

use super::api::Look;
use super::inbox::Message;
use super::services::Version;
use super::stack::Stack;
use super::terminal::{Tone, bar, thousands};
use super::traffic::ORDERS_PER_SECOND;

const SERVICE: &str = "checkout";
const ENVIRONMENT: &str = "production";
/// The SLO that the story is about.
pub(super) const SLO: &str = "checkout-availability";
const SLO_OF_DEPENDENCY: &str = "payments-availability";

/// Orders counted before the first release is asked for.
const BASELINE_ORDERS: f64 = 500.0;

/// Each step is over well before, also on a busy machine.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// How long people look before they roll back: long enough for a chart of minutes to show why.
const TIME_TO_DECIDE: SignedDuration = SignedDuration::from_secs(30);

const RULE_OF_CLOSING: &str =
    "An alert closes when a full minute, and the one under way, burn at most 1 together";

/// What the story leaves behind.
pub(super) struct Told {
    /// The good version again.
    pub(super) rollback: Deployment,
    /// The bad one.
    pub(super) release: Deployment,
    /// The alert, closed.
    pub(super) alert: Alert,
    /// The message that it opened.
    pub(super) opened: Message,
    /// The decision that denied the next feature.
    pub(super) denied: Decision,
}

/// Tells it all.
pub(super) async fn tell(stack: &Stack) -> Result<Told> {
    two_healthy_services(stack).await?;
    let release = a_feature_ships(stack).await?;
    let alert = the_budget_burns(stack, &release).await?;
    let opened = the_team_is_told(stack, &alert).await?;
    let denied = the_next_feature_is_denied(stack).await?;
    let rollback = the_rollback_may_go(stack, &alert).await?;
    let alert = the_alert_closes(stack, &alert).await?;
    Ok(Told { rollback, release, alert, opened, denied })
}

async fn two_healthy_services(stack: &Stack) -> Result<()> {
    let Stack { api, terminal, .. } = stack;
    terminal.chapter(1, "Two healthy services");
    let version = Version::V1_4_0.number();
    terminal.say(Tone::Plain, &format!("The server runs at {}", stack.url));
    terminal.say(
        Tone::Plain,
        &format!(
            "checkout {version} takes {ORDERS_PER_SECOND} orders a second and calls payments; \
             both are scraped every 2 s"
        ),
    );
    terminal.say(Tone::Plain, "Each promises that 99 % of the requests of any hour succeed");
    for name in [SLO, SLO_OF_DEPENDENCY] {
        let awaited = format!("a first full minute of {name}");
        let slo = api
            .until(&awaited, PATIENCE, async || {
                let slo = api.slo(name).await?;
                let known = slo.coverage.is_some() && slo.total >= BASELINE_ORDERS;
                let sure = slo.budget_remaining_worst.is_some_and(|left| left > 0.5);
                let healthy = slo.status == "healthy" && known && sure;
                Ok(if healthy { Look::Found(slo) } else { Look::NotYet(state(&slo)) })
            })
            .await?;
        let coverage = slo.coverage.unwrap_or_default() * 100.0;
        terminal.say(Tone::Good, &format!("{name} is {}: {coverage:.0} % covered", slo.status));
        terminal.detail(&budget(&slo));
    }
    Ok(())
}

async fn a_feature_ships(stack: &Stack) -> Result<Deployment> {
    stack.terminal.chapter(2, "A feature ships");
    let version = Version::V1_5_0;
    ask(stack, version, "feature", "allow").await?;
    deploy(stack, version, "feature").await
}

async fn the_budget_burns(stack: &Stack, release: &Deployment) -> Result<Alert> {
    let Stack { api, terminal, .. } = stack;
    terminal.chapter(3, "The budget burns");
    let mut pulse = Pulse::every(stack, SignedDuration::from_secs(5));
    let id = api
        .until("the alert", PATIENCE, async || {
            let slo = api.slo(SLO).await?;
            pulse.show(&slo);
            Ok(match &slo.alert {
                Some(id) => Look::Found(id.clone()),
                None => Look::NotYet(state(&slo)),
            })
        })
        .await?;
    let alert = api.alert(&id).await?;
    let after = seconds(alert.opened_at, release.deployed_at);
    let Alert { severity, slo, summary, .. } = &alert;
    terminal.say(Tone::Bad, &format!("Alert: {severity} for {slo}, {after} after the release"));
    terminal.detail(summary);
    terminal.detail(&alert.id);
    Ok(alert)
}

async fn the_team_is_told(stack: &Stack, alert: &Alert) -> Result<Message> {
    stack.terminal.chapter(4, "The team is told");
    let message = delivered(stack, alert, "opened").await?;
    let after = seconds(message.received_at, alert.firing_since);
    stack.terminal.say(Tone::Good, &format!("Alert delivered {after} after it opened"));
    Ok(message)
}

async fn the_next_feature_is_denied(stack: &Stack) -> Result<Decision> {
    let Stack { api, terminal, .. } = stack;
    terminal.chapter(5, "The next feature has to wait");
    let exhausted = async || {
        let slo = api.slo(SLO).await?;
        let spent = slo.status == "exhausted";
        Ok(if spent { Look::Found(slo) } else { Look::NotYet(state(&slo)) })
    };
    let slo = api.until("the end of the budget", PATIENCE, exhausted).await?;
    terminal.say(Tone::Bad, &budget(&slo));
    ask(stack, Version::V1_6_0, "feature", "deny").await
}

async fn the_rollback_may_go(stack: &Stack, alert: &Alert) -> Result<Deployment> {
    let Stack { api, terminal, .. } = stack;
    terminal.chapter(6, "The rollback may go");
    terminal.say(Tone::Plain, "Someone reads the page, looks, and decides to roll back");
    let mut pulse = Pulse::every(stack, SignedDuration::from_secs(10));
    let decided_at = alert.opened_at + TIME_TO_DECIDE;
    api.until("half a minute more of telemetry", PATIENCE, async || {
        let slo = api.slo(SLO).await?;
        pulse.show(&slo);
        let decided = slo.watermark.is_some_and(|watermark| watermark >= decided_at);
        Ok(if decided { Look::Found(()) } else { Look::NotYet(state(&slo)) })
    })
    .await?;
    let version = Version::V1_4_0;
    ask(stack, version, "rollback", "allow").await?;
    deploy(stack, version, "rollback").await
}

async fn the_alert_closes(stack: &Stack, alert: &Alert) -> Result<Alert> {
    let Stack { api, terminal, .. } = stack;
    terminal.chapter(7, "Recovery");
    terminal.say(Tone::Plain, RULE_OF_CLOSING);
    let mut pulse = Pulse::every(stack, SignedDuration::from_secs(20));
    let closed = api
        .until("a calm minute", PATIENCE, async || {
            let slo = api.slo(SLO).await?;
            pulse.show(&slo);
            let alert = api.alert(&alert.id).await?;
            let over = alert.phase == "closed";
            Ok(if over { Look::Found(alert) } else { Look::NotYet(state(&slo)) })
        })
        .await?;
    let message = delivered(stack, &closed, "closed").await?;
    let closed_at = closed.closed_at.unwrap_or(message.received_at);
    let lasted = seconds(closed_at, closed.opened_at);
    terminal.say(Tone::Good, &format!("Alert closed, {lasted} after it opened; the team knows"));
    Ok(closed)
}

/// Asks the gate of checkout, shows the answer, and holds it against what the story expects.
async fn ask(stack: &Stack, version: Version, class: &str, expected: &str) -> Result<Decision> {
    let question = Question {
        service: SERVICE.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        artifact: version.artifact(),
        class: class.to_owned(),
        enforce: true,
    };
    let decision = stack.api.check(&question).await?;
    let Decision { id, verdict, reasons, .. } = &decision;
    let tone = if verdict == "allow" { Tone::Good } else { Tone::Bad };
    let number = version.number();
    let line = format!("May {SERVICE} {number} go to {ENVIRONMENT}, as a {class}? {verdict}");
    stack.terminal.say(tone, &line);
    for reason in reasons {
        stack.terminal.detail(&reason.message);
    }
    let until = decision.expires_at.strftime("%H:%M:%S");
    stack.terminal.detail(&format!("{id}, holds until {until}"));
    ensure!(verdict == expected, "the gate said {verdict} where {expected} was due; see {id}");
    Ok(decision)
}

/// Replaces the running version, and records that as a pipeline does.
async fn deploy(stack: &Stack, version: Version, class: &str) -> Result<Deployment> {
    stack.checkout.deploy(version);
    let new = NewDeployment {
        service: SERVICE.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        artifact: version.artifact(),
        version: Some(version.number().to_owned()),
        commit: None,
        class: class.to_owned(),
        deployed_at: Some(stack.world.now()),
    };
    let deployment = stack.api.record(&new).await?;
    let number = version.number();
    let line = format!("Deployed {SERVICE} {number} to {ENVIRONMENT}, as a {class}");
    stack.terminal.say(Tone::Plain, &line);
    stack.terminal.detail(&deployment.id);
    Ok(deployment)
}

/// Waits until the inbox has the message, and the delivery log says so, too.
async fn delivered(stack: &Stack, alert: &Alert, transition: &str) -> Result<Message> {
    let Stack { api, inbox, .. } = stack;
    let awaited = format!("the message that the alert {transition}");
    let event = format!("alert.{transition}");
    api.until(&awaited, PATIENCE, async || {
        let Some(message) = inbox.find(&alert.id, &event) else {
            return Ok(Look::NotYet("the inbox does not have it".to_owned()));
        };
        let owed = api.notifications(&alert.id).await?;
        let logged = owed.iter().find(|owed| owed.id == message.id);
        Ok(match logged.map(|owed| owed.state.as_str()) {
            Some("accepted") => {
                inbox.show(&message);
                Look::Found(message)
            }
            state => Look::NotYet(format!("delivery log: {}", state.unwrap_or("nothing"))),
        })
    })
    .await
}

/// Shows the budget from time to time.
struct Pulse<'a> {
    stack: &'a Stack,
    every: SignedDuration,
    next_at: Timestamp,
}

impl<'a> Pulse<'a> {
    fn every(stack: &'a Stack, every: SignedDuration) -> Self {
        Self { stack, every, next_at: stack.world.now() + every }
    }

    fn show(&mut self, slo: &Slo) {
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
    let failed = thousands(slo.total - slo.good);
    let total = thousands(slo.total);
    format!(
        "budget {} {:>7.1} % left, {}: {failed} of {total} failed{burn}",
        bar(left),
        left * 100.0,
        slo.status,
    )
}

/// Where an SLO stands, for whoever waits.
fn state(slo: &Slo) -> String {
    let left = slo
        .budget_remaining
        .map_or("undefined".to_owned(), |left| format!("{:.1} % left", left * 100.0));
    format!("{}, {left}, {} requests", slo.status, thousands(slo.total))
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
