//! Plimsoll's own kinds, where no standard has the idea: burn policies, receivers, scrape targets,
//! error-budget policies, objective guides, alert tiers and known violations.

pub(super) mod alert_tiers;
pub(super) mod burn_policy;
pub(super) mod error_budget_policy;
pub(super) mod known_violation;
pub(super) mod objective_guide;
pub(super) mod receiver;
pub(super) mod scrape_target;

use plimsoll_domain::slo::budget::Status;

use super::fields::{Reader, meaning};
use super::openslo::ABOUT;
use super::parse::{API_VERSION, KIND};
use super::position::{At, Fault};
use super::schema::{Field, Shape, Type};
use super::spelling::nearest;

/// A BurnPolicy's document.
pub(super) const BURN_POLICY: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&burn_policy::SPEC), "When to alert"),
]);

/// A Receiver's document.
pub(super) const RECEIVER: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&receiver::SPEC), "Who is told, and how"),
]);

/// A ScrapeTarget's document.
pub(super) const SCRAPE_TARGET: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&scrape_target::SPEC), "What is scraped, and how often"),
]);

/// An ErrorBudgetPolicy's document.
pub(super) const ERROR_BUDGET_POLICY: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&error_budget_policy::SPEC), "What a budget permits"),
]);

/// An ObjectiveGuide's document.
pub(super) const OBJECTIVE_GUIDE: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&objective_guide::SPEC), "What to choose from"),
]);

/// The document of AlertTiers.
pub(super) const ALERT_TIERS: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&alert_tiers::SPEC), "What each severity means"),
]);

/// A KnownViolation's document.
pub(super) const KNOWN_VIOLATION: Shape = Shape::of(&[
    API_VERSION,
    KIND,
    ABOUT,
    Field::need("spec", Type::Object(&known_violation::SPEC), "What is owed, and by when"),
]);

/// The words of budget statuses.
const STATUS_WORDS: [&str; Status::ALL.len()] = {
    let mut words = [""; Status::ALL.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = Status::ALL[at].as_str();
        at += 1;
    }
    words
};

/// Reads the status of a budget.
fn status(reader: &mut Reader<'_>, key: &At<String>) -> Option<Status> {
    let status = Status::parse(&key.value);
    if status.is_none() {
        unknown(reader, key, "budget status", &Status::ALL.map(Status::as_str));
    }
    status
}

fn unknown(reader: &mut Reader<'_>, key: &At<String>, noun: &str, known: &[&str]) {
    let message = format!("`{}` is no {noun}", key.value);
    let fault = Fault::error("field.value", message);
    let near = nearest(&key.value, known.iter().copied());
    let fault = match near {
        Some(_) => meaning(fault, near),
        None => fault.hint(format!("known: {}", known.join(", "))),
    };
    reader.report(key.at, fault);
}

/// Why a text is no URL that Plimsoll can call, if it is none.
fn url_fault(url: &str) -> Option<Fault> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let visible = url.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let message = match host {
        Some(host) if host.contains('@') => "a URL here holds no user or password".to_owned(),
        // What follows may be a secret, and is not repeated.
        Some(host) if !host.is_empty() && visible => match url::Url::parse(url) {
            Ok(_) => return None,
            Err(error) => format!("the URL cannot be called: {error}"),
        },
        Some(_) | None => "expected a URL that starts with http:// or https://".to_owned(),
    };
    Some(Fault::error("url.invalid", message))
}
