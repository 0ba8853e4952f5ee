//! The story, step by step. Every step acts and looks through the public API, and names the page of
//! the app that shows it; a step whose turn does not come fails the demo and names what was
//! awaited.
//!
//! Invariant: nothing is told that was not seen, and nothing waits without a limit.

use anyhow::{Result, ensure};
use jiff::SignedDuration;
use plimsoll_api::v1::alert::Alert;
use plimsoll_api::v1::deployment::{Deployment, NewDeployment};
use plimsoll_api::v1::gate::{Decision, Question};

use super::api::Look;
use super::services::{Version, artifact};
use super::stack::Stack;
use super::terminal::Tone;
use super::traffic::ORDERS_PER_SECOND;
use super::webhook::Message;
use super::words::{Pulse, budget, seconds, state};

const SERVICE: &str = "checkout";
const ENVIRONMENT: &str = "production";
/// The SLO that the story is about.
pub(super) const SLO: &str = "checkout-availability";
/// How long customers of the same service wait.
const LATENCY: &str = "checkout-latency";
/// Of the service that calls it.
const CALLER: &str = "storefront-availability";
/// Of the service that it calls.
const CALLED: &str = "payments-availability";

/// Each step is over well before, also on a busy machine.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

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

/// The alerts of one fault.
struct Alerts {
    caller: Alert,
    latency: Alert,
}

/// Tells it all.
pub(super) async fn tell(stack: &Stack) -> Result<Told> {
    three_healthy_services(stack).await?;
    let release = a_feature_ships(stack).await?;
    let alert = the_budget_burns(stack, &release).await?;
    let opened = the_team_is_told(stack, &alert).await?;
    let denied = the_next_feature_is_denied(stack).await?;
    let others = others_feel_it(stack).await?;
    let rollback = the_rollback_may_go(stack, &alert).await?;
    let alert = the_alerts_close(stack, &alert, &others).await?;
    Ok(Told { rollback, release, alert, opened, denied })
}

async fn three_healthy_services(stack: &Stack) -> Result<()> {
    let Stack { terminal, pace, .. } = stack;
    terminal.chapter(1, "Three healthy services");
    terminal.say(Tone::Plain, &format!("The server runs at {}", stack.url));
    if let Some(setup_url) = &stack.setup_url {
        terminal.detail("To follow the story there, set a password first:");
        terminal.link(setup_url);
    }
    record(stack, Version::V1_4_0, "feature").await?;
    let each = pace.scrape_interval_s();
    terminal.say(
        Tone::Plain,
        &format!(
            "storefront hands {ORDERS_PER_SECOND} orders a second to checkout, which calls payments"
        ),
    );
    terminal.detail(&format!("all are scraped every {each} s"));
    terminal.say(Tone::Plain, "Each promises that 99 % of the requests of any hour succeed, and");
    terminal.detail("checkout that 95 % of the orders are answered within half a second");
    for name in [SLO, LATENCY, CALLER, CALLED] {
        is_healthy(stack, name).await?;
    }
    stack.shown_at("/services/checkout");
    Ok(())
}

async fn is_healthy(stack: &Stack, name: &str) -> Result<()> {
    let Stack { api, terminal, pace, .. } = stack;
    let awaited = format!("enough requests of {name}");
    let slo = api
        .until(&awaited, PATIENCE, async || {
            let slo = api.slo(name).await?;
            let covered = slo.coverage.is_some() || !pace.wants_full_minute();
            let known = covered && slo.total >= pace.baseline_orders();
            let sure = slo.budget_remaining_worst.is_some_and(|left| left > 0.5);
            let healthy = slo.status == "healthy" && known && sure;
            Ok(if healthy { Look::Found(slo) } else { Look::NotYet(state(&slo)) })
        })
        .await?;
    let covered = slo.coverage.map(|share| format!(": {:.0} % covered", share * 100.0));
    let covered = covered.unwrap_or_default();
    terminal.say(Tone::Good, &format!("{name} is {}{covered}", slo.status));
    terminal.detail(&budget(&slo));
    Ok(())
}

async fn a_feature_ships(stack: &Stack) -> Result<Deployment> {
    stack.terminal.chapter(2, "A feature ships");
    let version = Version::V1_5_0;
    ask(stack, version, "feature", "allow").await?;
    deploy(stack, version, "feature").await
}

async fn the_budget_burns(stack: &Stack, release: &Deployment) -> Result<Alert> {
    let terminal = &stack.terminal;
    terminal.chapter(3, "The budget burns");
    let alert = opened(stack, SLO).await?;
    let after = seconds(alert.opened_at, release.deployed_at);
    let Alert { severity, slo, summary, .. } = &alert;
    terminal.say(Tone::Bad, &format!("Alert: {severity} for {slo}, {after} after the release"));
    terminal.detail(summary);
    stack.shown_at(&format!("/alerts/{}", alert.id));
    Ok(alert)
}

async fn the_team_is_told(stack: &Stack, alert: &Alert) -> Result<Message> {
    stack.terminal.chapter(4, "The team is told");
    let message = called(stack, alert, "opened").await?;
    mailed(stack, alert, "opened").await?;
    let after = seconds(message.received_at, alert.firing_since);
    stack.terminal.say(Tone::Good, &format!("Alert delivered {after} after it opened"));
    stack.shown_at("/admin/notifications");
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

async fn others_feel_it(stack: &Stack) -> Result<Alerts> {
    let terminal = &stack.terminal;
    terminal.chapter(6, "Who calls it feels it");
    let caller = opened(stack, CALLER).await?;
    terminal.say(Tone::Bad, &format!("Alert: {} for {CALLER}", caller.severity));
    terminal.detail("Half of its requests are orders. It calls checkout, so its page names");
    terminal.detail("checkout 1.5.0 among what changed before");
    stack.shown_at(&format!("/alerts/{}", caller.id));
    mailed(stack, &caller, "opened").await?;
    let latency = opened(stack, LATENCY).await?;
    terminal.say(Tone::Bad, &format!("Alert: {} for {LATENCY}", latency.severity));
    terminal.detail("1.5.0 tries again what failed, and customers wait for it");
    stack.shown_at(&format!("/slos/{LATENCY}"));
    called(stack, &latency, "opened").await?;
    Ok(Alerts { caller, latency })
}

async fn the_rollback_may_go(stack: &Stack, alert: &Alert) -> Result<Deployment> {
    let Stack { api, terminal, pace, .. } = stack;
    terminal.chapter(7, "The rollback may go");
    terminal.say(Tone::Plain, "Someone reads the page, looks, and decides to roll back");
    let mut pulse = Pulse::every(stack, SignedDuration::from_secs(10));
    let decided_at = alert.opened_at + pace.time_to_decide();
    api.until("some more telemetry", PATIENCE, async || {
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

async fn the_alerts_close(stack: &Stack, alert: &Alert, others: &Alerts) -> Result<Alert> {
    let Stack { terminal, .. } = stack;
    terminal.chapter(8, "Recovery");
    terminal.say(Tone::Plain, RULE_OF_CLOSING);
    let closed = over(stack, alert).await?;
    let message = called(stack, &closed, "closed").await?;
    mailed(stack, &closed, "closed").await?;
    let closed_at = closed.closed_at.unwrap_or(message.received_at);
    let lasted = seconds(closed_at, closed.opened_at);
    terminal.say(Tone::Good, &format!("Alert closed, {lasted} after it opened; the team knows"));
    for other in [&others.caller, &others.latency] {
        let Alert { slo, .. } = over(stack, other).await?;
        terminal.say(Tone::Good, &format!("Alert closed: {slo}"));
    }
    called(stack, &others.latency, "closed").await?;
    stack.shown_at(&format!("/slos/{SLO}"));
    Ok(closed)
}

/// Waits for an SLO's alert.
async fn opened(stack: &Stack, name: &str) -> Result<Alert> {
    let api = &stack.api;
    let mut pulse = Pulse::every(stack, SignedDuration::from_secs(5));
    let awaited = format!("the alert of {name}");
    let id = api
        .until(&awaited, PATIENCE, async || {
            let slo = api.slo(name).await?;
            if slo.name == SLO {
                pulse.show(&slo);
            }
            Ok(match &slo.alert {
                Some(id) => Look::Found(id.clone()),
                None => Look::NotYet(state(&slo)),
            })
        })
        .await?;
    api.alert(&id).await
}

/// Waits for an alert's end.
async fn over(stack: &Stack, alert: &Alert) -> Result<Alert> {
    let api = &stack.api;
    let mut pulse = Pulse::every(stack, SignedDuration::from_secs(20));
    api.until("a calm minute", PATIENCE, async || {
        let slo = api.slo(&alert.slo).await?;
        pulse.show(&slo);
        let alert = api.alert(&alert.id).await?;
        let over = alert.phase == "closed";
        Ok(if over { Look::Found(alert) } else { Look::NotYet(state(&slo)) })
    })
    .await
}

/// Asks the gate of checkout, shows the answer, and holds it against what the story expects.
async fn ask(stack: &Stack, version: Version, class: &str, expected: &str) -> Result<Decision> {
    let question = Question {
        service: SERVICE.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        artifact: artifact(SERVICE, version.number()),
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
        let about = reason.slo.as_ref().map(|slo| format!("{slo}: ")).unwrap_or_default();
        stack.terminal.detail(&format!("{about}{}", reason.message));
    }
    let until = decision.expires_at.strftime("%H:%M:%S");
    stack.terminal.detail(&format!("holds until {until}"));
    stack.shown_at(&format!("/releases/decisions/{id}"));
    ensure!(verdict == expected, "the gate said {verdict} where {expected} was due; see {id}");
    Ok(decision)
}

/// Replaces the running version, and records that as a pipeline does.
async fn deploy(stack: &Stack, version: Version, class: &str) -> Result<Deployment> {
    stack.checkout.deploy(version);
    let deployment = record(stack, version, class).await?;
    let number = version.number();
    let line = format!("Deployed {SERVICE} {number} to {ENVIRONMENT}, as a {class}");
    stack.terminal.say(Tone::Plain, &line);
    stack.shown_at(&format!("/releases/deployments/{}", deployment.id));
    Ok(deployment)
}

async fn record(stack: &Stack, version: Version, class: &str) -> Result<Deployment> {
    let new = NewDeployment {
        service: SERVICE.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        artifact: artifact(SERVICE, version.number()),
        version: Some(version.number().to_owned()),
        commit: None,
        class: class.to_owned(),
        deployed_at: Some(stack.world.now()),
    };
    stack.api.record(&new).await
}

/// Waits until the webhook has the message, and the delivery log says so, too.
async fn called(stack: &Stack, alert: &Alert, transition: &str) -> Result<Message> {
    let awaited = format!("the message that the alert {transition}");
    let event = format!("alert.{transition}");
    stack
        .api
        .until(&awaited, PATIENCE, async || {
            let Some(message) = stack.webhook.find(&alert.id, &event) else {
                return Ok(Look::NotYet("the webhook was not called".to_owned()));
            };
            let owed = stack.api.notifications(&alert.id).await?;
            let logged = owed.iter().find(|owed| owed.id == message.id);
            Ok(match logged.map(|owed| owed.state.as_str()) {
                Some("accepted") => {
                    stack.webhook.show(&message);
                    Look::Found(message)
                }
                state => Look::NotYet(format!("delivery log: {}", state.unwrap_or("nothing"))),
            })
        })
        .await
}

/// Waits until the owner's mail is in the inbox, and shows where.
async fn mailed(stack: &Stack, alert: &Alert, transition: &str) -> Result<()> {
    let awaited = format!("the mail that the alert {transition}");
    let kept = stack
        .api
        .until(&awaited, PATIENCE, async || {
            let owed = stack.api.notifications(&alert.id).await?;
            let mut owed = owed.iter().filter(|owed| owed.channel == "email");
            let mail = owed.find(|owed| owed.transition == transition);
            let kept = mail.and_then(|owed| stack.inbox.find(&owed.id));
            Ok(kept.map_or(Look::NotYet("the inbox does not have it".to_owned()), Look::Found))
        })
        .await?;
    let tone = if transition == "closed" { Tone::Good } else { Tone::Bad };
    let (to, subject) = (kept.to.join(", "), &kept.letter.subject);
    let first = kept.letter.text.lines().next().unwrap_or_default();
    stack.terminal.say(tone, &format!("✉ to {to}: {subject}"));
    stack.terminal.detail(first);
    stack.terminal.link(&format!("{}/letters/{}", stack.inbox_url, kept.number));
    Ok(())
}
