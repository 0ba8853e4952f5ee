use expect_test::expect;
use serde_json::{Value, json};

use super::*;
use crate::render::Row;

fn slo() -> Value {
    let mut slo = figures();
    slo["budget_policy"] = json!("default");
    slo["marks"] = json!({
        "healthy_above": 0.5, "caution_above": 0.25, "warning_above": 0.0,
        "escalate_below": 0.1, "unused_above": null,
    });
    slo["remark"] = json!({
        "code": "unused", "message": "more than 90 % of the budget is left", "advice": "Spend it.",
    });
    slo["origins"] = json!([
        {"kind": "ErrorBudgetPolicy", "name": "default", "origin": "default", "version": "0.1.0"},
        {
            "kind": "BurnPolicy", "name": "workbook", "origin": "yours", "version": null,
            "changed_at": "2026-01-30T12:00:00Z", "changed_by": "mara",
        },
    ]);
    slo
}

fn figures() -> Value {
    json!({
        "name": "checkout-availability", "display_name": "Checkout answers", "description": null,
        "service": "checkout", "owner": "team-shop", "objective": 0.999, "window": "30d",
        "budgeting_method": "Occurrences",
        "indicator": {"kind": "ratio", "op": null, "bound": null}, "good": 1_234_500.0, "total": 1_234_567.0,
        "error_ratio": 0.000_054_27, "budget_remaining": 0.945_7,
        "budget_remaining_worst": 0.9, "budget_remaining_best": 0.95, "status": "healthy",
        "coverage": 0.998, "gap_minutes": 12.0, "unmeasured": 0.25, "inferred": 3.5,
        "corrected": 0.0, "aligned_to_hours": false,
        "watermark": "2026-01-31T11:59:45Z", "as_of": "2026-01-31T12:00:00Z",
        "burn_policy": "workbook", "alert": null, "burn_notes": ["an arm was left out"],
        "burn": [{
            "long": 0.3, "short": null, "long_window": "1h", "short_window": "5m", "factor": 14.4,
            "significance": 0.000_04, "significance_needed": 0.001, "severity": "page",
            "firing": false,
        }],
    })
}

#[test]
fn one_slo_shows_its_figures_and_its_arms() {
    let slo = serde_json::from_value(slo()).unwrap();
    expect![[r#"
        checkout-availability: healthy
        Checkout answers

        Service        checkout (team-shop)
        Objective      99.9 % over 30d (Occurrences)
        Indicator      ratio
        Budget left    94.57 % (worst 90 %, best 95 %)
        Events         1,234,500 good of 1,234,567
        Error ratio    0.0054 %
        Coverage       99.8 %; 12 minutes of gaps; 25 % of the window unmeasured
        Inferred       3.5 events
        Data until     2026-01-31T11:59:45Z
        As of          2026-01-31T12:00:00Z
        Budget policy  default (default, shipped with 0.1.0): healthy above 50 %, caution above 25 %, warning above 0 %
        Burn policy    workbook (yours, applied 2026-01-30T12:00:00Z by mara)
        Alert          –

        ARM    LONG  SHORT  FACTOR  SIGNIFICANCE                SEVERITY  FIRING
        1h/5m  0.3×  –      14.4×   4.0e-5 (needs below 0.001)  page      no

        note: more than 90 % of the budget is left. Spend it.
        note: an arm was left out"#]]
    .assert_eq(&one(&Screen::PLAIN, &slo));
}

#[test]
fn an_indicator_says_what_is_good() {
    let said = |kind: &str, op: &str, bound: f64| {
        let json = json!({"kind": kind, "op": op, "bound": bound});
        indicator(&serde_json::from_value(json).unwrap())
    };
    assert_eq!(said("latency", "lte", 0.3), "latency: observations ≤ 0.3 are good");
    assert_eq!(said("latency", "gt", 2.0), "latency: observations > 2 are good");
    assert_eq!(said("gauge", "lt", 80.0), "gauge: samples < 80 are good");
    assert_eq!(said("gauge", "gte", -0.5), "gauge: samples ≥ -0.5 are good");
}

#[test]
fn corrections_and_a_widened_window_are_noted_when_there_are_any() {
    let mut value = slo();
    value["corrected"] = json!(1200.0);
    value["aligned_to_hours"] = json!(true);
    expect![[r#"
        note: more than 90 % of the budget is left. Spend it.
        note: 1,200 events were added after their minute was sealed
        note: the window's old edge is widened to a whole hour: minutes that old are not kept
        note: an arm was left out"#]]
    .assert_eq(&notes(&Screen::PLAIN, &serde_json::from_value(value).unwrap()));
}

#[test]
fn what_is_undefined_is_a_dash_and_never_zero() {
    let mut value = slo();
    for field in ["error_ratio", "budget_remaining", "coverage", "watermark"] {
        value[field] = Value::Null;
    }
    let slo: Slo = serde_json::from_value(value).unwrap();
    let cells: Vec<_> = slo.cells().into_iter().map(|word| word.text).collect();
    let expected = ["checkout-availability", "checkout", "healthy", "99.9 %", "30d", "–", "–", "–"];
    assert_eq!(cells, expected);
}

#[test]
fn an_explanation_shows_minutes_series_and_arithmetic() {
    let value = json!({
        "slo": slo(), "total_selector": "http_requests_total{job=\"checkout\"}", "part": "bad",
        "part_selector": "http_requests_total{job=\"checkout\",code=~\"5..\"}",
        "window_from": "2026-01-01T12:00:00Z", "window_to": "2026-01-31T12:00:00Z",
        "minutes": [{
            "minute": "2026-01-31T11:58:00Z", "good": 1200.0, "bad": 3.0, "total": 1203.0,
            "inferred": 0.0, "coverage": 1.0, "state": "closed",
        }],
        "series": [{
            "labels": {"__name__": "http_requests_total", "code": "500", "job": "checkout"},
            "channels": ["total", "bad"], "first_sample_at": "2026-01-30T00:00:00Z",
            "last_sample_at": "2026-01-31T11:59:45Z", "last_value": 67.0,
            "interval_seconds": 15.0, "state": "live",
        }],
        "arithmetic": ["bad = 67", "error ratio = 67 / 1234567"],
    });
    let found = serde_json::from_value(value).unwrap();
    expect![[r#"
        checkout-availability: healthy
        Checkout answers

        Window     2026-01-01T12:00:00Z to 2026-01-31T12:00:00Z
        Indicator  ratio
        Total      http_requests_total{job="checkout"}
        Bad        http_requests_total{job="checkout",code=~"5.."}

        Minutes
        MINUTE                GOOD   BAD  TOTAL  INFERRED  COVERAGE  STATE
        2026-01-31T11:58:00Z  1,200  3    1,203  0         100 %     closed

        Series routed then
        SERIES                                          COUNTS AS   FIRST                 LAST                  VALUE  INTERVAL  STATE
        http_requests_total{code="500",job="checkout"}  total, bad  2026-01-30T00:00:00Z  2026-01-31T11:59:45Z  67     15 s      live

        Arithmetic
        bad = 67
        error ratio = 67 / 1234567

        note: more than 90 % of the budget is left. Spend it.
        note: an arm was left out"#]].assert_eq(&explanation(&Screen::PLAIN, &found));
}

#[test]
fn a_history_has_a_line_for_so_many_minutes() {
    let value = json!({"step_minutes": 5, "points": [{
        "at": "2026-01-31T11:55:00Z", "good": 1200.0, "total": 1203.0, "coverage": 1.0,
        "budget_remaining": 0.945_7, "burn_long": 2.5, "burn_short": null,
    }]});
    let shown = history(&Screen::PLAIN, &serde_json::from_value(value).unwrap());
    assert!(shown.starts_with("5 min a line; "), "{shown}");
    let line = "2026-01-31T11:55:00Z  1,200  1,203  94.6 %  2.5×  –      100 %";
    assert!(shown.ends_with(line), "{shown}");
}

#[test]
fn what_was_never_measured_says_where_to_look() {
    let mut value = slo();
    value["status"] = json!("unmeasured");
    value["remark"] = json!(null);
    let told = notes(&Screen::PLAIN, &serde_json::from_value(value).unwrap());
    assert!(told.starts_with("note: no sample that its selectors name has come yet"), "{told}");
    assert!(told.contains("plimsoll telemetry get"), "{told}");
}

#[test]
fn an_slo_of_slices_speaks_of_slices() {
    let mut slo = slo();
    slo["budgeting_method"] = json!("Timeslices");
    slo["time_slice"] = json!({"window": "5m", "target": 0.95});
    (slo["good"], slo["total"], slo["unjudged"]) = (json!(8_635.0), json!(8_637.0), json!(3.0));
    let slo: Slo = serde_json::from_value(slo).unwrap();
    let told = one(&Screen::PLAIN, &slo);
    assert!(told.contains("99.9 % over 30d (Timeslices, slices of 5m with 95 % good)"), "{told}");
    assert!(told.contains("Slices         8,635 good of 8,637; 3 not judged"), "{told}");
}

#[test]
fn methods_stand_side_by_side() {
    let method = |name: &str, target: Option<f64>, counts: bool| {
        let slices = (name != "Occurrences").then(|| json!({"window": "5m", "target": target}));
        json!({
            "budgeting_method": name, "time_slice": slices, "counts": counts, "good": 8_635.0,
            "total": 8_637.0, "unjudged": slices.as_ref().map(|_| 3.0), "error_ratio": 0.000_231_6,
            "budget_remaining": 0.768_4, "budget_remaining_worst": 0.42,
            "budget_remaining_best": 0.77, "status": "healthy", "unmeasured": 0.0,
        })
    };
    let methods = json!({
        "slo": "checkout", "objective": 0.999, "window": "30d", "as_of": "2026-01-31T12:00:00Z",
        "methods": [
            method("Occurrences", None, false),
            method("Timeslices", Some(0.95), true),
            method("RatioTimeslices", None, false),
        ],
    });
    expect![[r#"
        SLO        checkout
        Objective  99.9 % over 30d
        As of      2026-01-31T12:00:00Z

        METHOD           SLICES                       COUNTS  GOOD   OF     UNJUDGED  ERRORS    LEFT     WORST  BEST
        Occurrences      –                            no      8,635  8,637  –         0.0232 %  76.84 %  42 %   77 %
        Timeslices       slices of 5m with 95 % good  yes     8,635  8,637  3         0.0232 %  76.84 %  42 %   77 %
        RatioTimeslices  slices of 5m                 no      8,635  8,637  3         0.0232 %  76.84 %  42 %   77 %"#]]
    .assert_eq(&super::methods(&Screen::PLAIN, &serde_json::from_value(methods).unwrap()));
}

#[test]
fn each_slice_shows_its_verdict() {
    let slice = |minute: u32, verdict: Option<f64>| {
        json!({
            "from": format!("2026-01-31T11:{minute:02}:00Z"),
            "to": format!("2026-01-31T11:{:02}:00Z", minute + 5),
            "good": 90.0, "total": 100.0, "verdict": verdict,
        })
    };
    let slices = [(40, Some(1.0)), (45, Some(0.0)), (50, Some(0.9)), (52, None)];
    let slices = json!(slices.map(|(minute, verdict)| slice(minute, verdict)));
    let slices: Vec<ExplainedSlice> = serde_json::from_value(slices).unwrap();
    expect![[r#"
        Slices
        FROM                  TO                    GOOD  TOTAL  VERDICT
        2026-01-31T11:40:00Z  2026-01-31T11:45:00Z  90    100    good
        2026-01-31T11:45:00Z  2026-01-31T11:50:00Z  90    100    bad
        2026-01-31T11:50:00Z  2026-01-31T11:55:00Z  90    100    90 %
        2026-01-31T11:52:00Z  2026-01-31T11:57:00Z  90    100    not judged"#]]
    .assert_eq(&slice_table(&Screen::PLAIN, &slices));
}
