use serde_json::json;

use super::*;

fn alert() -> Alert {
    let value = json!({
        "id": "alt_1", "kind": "burn", "slo": "checkout-availability", "service": "checkout",
        "owner": null, "severity": "page", "phase": "firing",
        "opened_at": "2026-01-31T12:00:00Z", "firing_since": "2026-01-31T12:00:00Z",
        "closed_at": null, "summary": "the budget burns", "arms": [], "budget_remaining": 0.5,
    });
    serde_json::from_value(value).unwrap()
}

#[test]
fn what_went_out_before_stands_between_the_reasons_and_who_was_told() {
    let value = json!({
        "id": "dep_1", "service": "payments", "environment": "production",
        "artifact": "sha256:abc", "version": "1.5.0", "commit": null, "class": "feature",
        "deployed_at": "2026-01-31T11:50:00Z", "recorded_by": "ci",
    });
    let suspects: [Deployment; 1] = [serde_json::from_value(value).unwrap()];
    let shown = explanation(&Screen::PLAIN, &alert(), &suspects, &[]);
    let places = [
        "the budget burns",
        "What went out in the day before, of checkout and of what it calls",
        "payments",
        "Who was told",
        "There are no notifications.",
        "plimsoll explain slo checkout-availability --at 2026-01-31T12:00:00Z",
    ]
    .map(|part| shown.find(part).unwrap_or_else(|| panic!("{part} is missing in\n{shown}")));
    assert!(places.is_sorted(), "{shown}");
}

#[test]
fn where_nothing_went_out_it_says_so() {
    let shown = explanation(&Screen::PLAIN, &alert(), &[], &[]);
    assert!(shown.contains("of what it calls\nThere are no deployments."), "{shown}");
}
