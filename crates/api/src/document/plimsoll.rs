//! Plimsoll's own kinds, where no standard has the idea: burn policies, receivers, scrape targets
//! and error-budget policies.

pub(super) mod burn_policy;
pub(super) mod error_budget_policy;
pub(super) mod receiver;
pub(super) mod scrape_target;

use super::position::Fault;

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
