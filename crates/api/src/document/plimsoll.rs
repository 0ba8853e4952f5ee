//! Plimsoll's own kinds, where no standard has the idea: burn policies, receivers, scrape targets,
//! error-budget policies, objective guides and alert tiers.

pub(super) mod alert_tiers;
pub(super) mod burn_policy;
pub(super) mod error_budget_policy;
pub(super) mod objective_guide;
pub(super) mod receiver;
pub(super) mod scrape_target;

use super::openslo::ABOUT;
use super::parse::{API_VERSION, KIND};
use super::position::Fault;
use super::schema::{Field, Shape, Type};

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
