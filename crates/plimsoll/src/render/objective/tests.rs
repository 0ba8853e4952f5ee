use plimsoll_api::document::shipped_targets;

use super::*;

fn outages(window: &str) -> Vec<String> {
    let answer = shipped_targets(window).expect("a window");
    answer.targets.iter().map(|target| outage(&target.allows)).collect()
}

/// SLO-09, Z-02: the practice's table, computed for the window that is named above it.
#[test]
fn slo_09_the_table_is_computed_for_its_window() {
    let month = ["7.2 h", "3.6 h", "43.2 min", "21.6 min", "4.32 min", "25.92 s"];
    assert_eq!(outages("30d"), month);
    let year = ["3.65 d", "1.83 d", "8.76 h", "4.38 h", "52.56 min", "5.26 min"];
    assert_eq!(outages("365d"), year);
    let drawn = targets(&Screen::PLAIN, &shipped_targets("28d").expect("a window"));
    assert!(drawn.starts_with("What targets allow over 28d, by the ObjectiveGuide default"));
    assert!(drawn.contains("40.32 min") && !drawn.contains("43.2 min"), "{drawn}");
}

/// Z-03: what a nine costs is text, labelled as a rule of thumb.
#[test]
fn z_03_the_cost_of_a_nine_is_a_rule_of_thumb_in_words() {
    let answer = shipped_targets("30d").expect("a window");
    let raising = answer.raising.clone().expect("the shipped guide has it");
    assert!(raising.starts_with("As a rule of thumb"), "{raising}");
    assert!(targets(&Screen::PLAIN, &answer).contains(&raising));
}
