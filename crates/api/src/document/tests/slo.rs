//! OpenSLO's SLO: windows, objectives, methods and burn policies.

use expect_test::expect;

use super::{SHOP, diagnose, table};

fn slo(spec: &str) -> String {
    format!(
        "apiVersion: openslo/v1
kind: SLO
metadata: {{name: s, labels: {{any: thing}}, annotations: {{a: b}}}}
spec:
  service: shop
  indicatorRef: requests
{spec}---
{SHOP}---
apiVersion: openslo/v1
kind: SLI
metadata: {{name: requests}}
spec: {{ratioMetric: {{rawType: success, raw: {{metricSource: {{spec: {{query: a / b}}}}}}}}}}
"
    )
}

/// What is said of these windows.
fn windows(of: &[&str]) -> String {
    let rest = "budgetingMethod: Occurrences\n  objectives: [{target: 0.99}]";
    table(of, |window| diagnose(&slo(&format!("  timeWindow: {window}\n  {rest}\n"))))
}

#[test]
fn windows_that_roll() {
    let told = windows(&[
        "[{duration: 4w, isRolling: true}]",
        "[{duration: 1M, isRolling: true}]",
        "[{duration: 1m, isRolling: true}]",
        "[{duration: 30m, isRolling: true}]",
        "[{duration: 100d, isRolling: true}]",
        "[{duration: 101d, isRolling: true}]",
        "[{duration: 367d, isRolling: true}]",
        "[{duration: 30, isRolling: true}]",
        "[{duration: 1h30m, isRolling: true}]",
        "[{duration: 30d, isRolling: no}]",
        "[{duration: 30d}]",
        "{duration: 30d, isRolling: true}",
        "[]",
    ]);
    expect![[r#"
        [{duration: 4w, isRolling: true}]
        [{duration: 1M, isRolling: true}]
            7:27 error slo.window: `1M` has no fixed length | `M`, `Q` and `Y` are months, quarters and years of a calendar: write 30d or 90d, or `isRolling: false` and a `calendar`
        [{duration: 1m, isRolling: true}]
            7:27 error slo.window: 1m is too short: a window is 1h to 366d long | `m` is minutes; for a month write 30d
        [{duration: 30m, isRolling: true}]
            7:27 error slo.window: 30m is too short: a window is 1h to 366d long | `m` is minutes; for a month write 30d
        [{duration: 100d, isRolling: true}]
        [{duration: 101d, isRolling: true}]
            7:27 warning slo.window_by_hours: the window of 101d is longer than minutes are kept (100d by default): its old edge is widened to whole hours | nothing to mend, unless it must move by the minute; `minutes_kept_days` is set in the server's configuration
        [{duration: 367d, isRolling: true}]
            7:27 error slo.window: 367d does not fit: a window is 1h to 366d long
        [{duration: 30, isRolling: true}]
            7:27 error field.value: the length 30 has no unit | one number and one unit, such as 5m or 30d
        [{duration: 1h30m, isRolling: true}]
            7:27 error slo.window: `1h30m` is not a window's length | one number and one unit: 1h, 7d, 4w, 30d
        [{duration: 30d, isRolling: no}]
            7:43 error field.type: expected true or false, found the text `no` | YAML 1.2 knows only `true` and `false`, without quotes
        [{duration: 30d}]
            7:16 error slo.calendar_window: neither the last so long, nor the periods of a calendar | write `isRolling: true`, or `calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}`
        {duration: 30d, isRolling: true}
            7:15 error field.type: expected a list, found a mapping | start each item with `- `
        []
            7:15 error slo.window: an SLO has one time window, not 0
    "#]].assert_eq(&told);
}

#[test]
fn windows_of_a_calendar() {
    let told = windows(&[
        "[{duration: 1M, calendar: {startTime: x, timeZone: y}}]",
        "[{duration: 1M, isRolling: false}]",
        "[{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}]",
        "[{duration: 1w, isRolling: false, calendar: {startTime: 2026-01-05, timeZone: UTC}}]",
        "[{duration: 1M, isRolling: true, calendar: {startTime: 2026-01-01, timeZone: UTC}}]",
        "[{duration: 1m, calendar: {startTime: 2026-01-01, timeZone: UTC}}]",
        "[{duration: 24h, calendar: {startTime: 2026-01-01, timeZone: UTC}}]",
        "[{duration: 2Y, calendar: {startTime: 2026-01-01, timeZone: UTC}}]",
        "[{duration: 2Q, calendar: {startTime: 2026-01-01T00:00:00Z, timeZone: Europe/Berln}}]",
        "[{duration: 1M, calendar: {timeZone: Mars}}]",
        "[{duration: 1M, calendar: monthly}]",
    ]);
    expect![[r#"
        [{duration: 1M, calendar: {startTime: x, timeZone: y}}]
            7:53 error slo.calendar_window: `x` is no date and time without a zone | written as 2026-01-01 00:00:00; `timeZone` says by whose clocks
            7:66 error slo.calendar_window: `y` is no time zone of the IANA database | such as Europe/Berlin, America/New_York or UTC
        [{duration: 1M, isRolling: false}]
            7:16 error slo.calendar_window: neither the last so long, nor the periods of a calendar | write `isRolling: true`, or `calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}`
        [{duration: 1M, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/Berlin}}]
        [{duration: 1w, isRolling: false, calendar: {startTime: 2026-01-05, timeZone: UTC}}]
        [{duration: 1M, isRolling: true, calendar: {startTime: 2026-01-01, timeZone: UTC}}]
            7:58 error slo.calendar_window: a rolling window has no calendar | leave `calendar` out, or write `isRolling: false`
        [{duration: 1m, calendar: {startTime: 2026-01-01, timeZone: UTC}}]
            7:27 error slo.window: `1m` is minutes | `M` is months
        [{duration: 24h, calendar: {startTime: 2026-01-01, timeZone: UTC}}]
            7:27 error slo.window: `24h` is no period of a calendar | one number and one unit, up to a year: 1d, 1w, 1M, 1Q, 1Y
        [{duration: 2Y, calendar: {startTime: 2026-01-01, timeZone: UTC}}]
            7:27 error slo.window: `2Y` is no period of a calendar | one number and one unit, up to a year: 1d, 1w, 1M, 1Q, 1Y
        [{duration: 2Q, calendar: {startTime: 2026-01-01T00:00:00Z, timeZone: Europe/Berln}}]
            7:53 error slo.calendar_window: `2026-01-01T00:00:00Z` is no date and time without a zone | written as 2026-01-01 00:00:00; `timeZone` says by whose clocks
            7:85 error slo.calendar_window: `Europe/Berln` is no time zone of the IANA database | did you mean `Europe/Berlin`?
        [{duration: 1M, calendar: {timeZone: Mars}}]
            7:41 error field.missing: `startTime` is missing
            7:52 error slo.calendar_window: `Mars` is no time zone of the IANA database | such as Europe/Berlin, America/New_York or UTC
        [{duration: 1M, calendar: monthly}]
            7:41 error field.type: expected a mapping, found the text `monthly`
    "#]]
    .assert_eq(&told);
}

#[test]
fn objectives() {
    let rest = "timeWindow: [{duration: 30d, isRolling: true}]\n  budgetingMethod: Occurrences";
    let told = table(
        &[
            "[{displayName: good, targetPercent: 99.9}]",
            "[{target: 0.99}, {target: 0.999}]",
            "[]",
            "[{target: 99.9}]",
            "[{target: 1.0}]",
            "[{targetPercent: 100}]",
            "[{targetPercent: 0.999}]",
            "[{target: 0}]",
            "[{target: .nan}]",
            "[{target: '99.9%'}]",
            "[{target: 0.99999999999}]",
            "[{target: 0.9, targetPercent: 90}]",
            "[{displayName: x}]",
            "[{target: 0.9, indicatorRef: b}]",
            "99.9",
        ],
        |objectives| diagnose(&slo(&format!("  {rest}\n  objectives: {objectives}\n"))),
    );
    expect![[r#"
        [{displayName: good, targetPercent: 99.9}]
        [{target: 0.99}, {target: 0.999}]
            9:32 error slo.several_objectives: an SLO has one objective for now, not 2 | write one SLO per objective; indicatorRef lets them share an SLI
        []
            9:15 error slo.no_objective: an SLO needs an objective
        [{target: 99.9}]
            9:25 error slo.target: a target lies above 0 and below 1 (0.999 is 99.9 %) | a percentage is written as targetPercent
        [{target: 1.0}]
            9:25 error slo.target: a target lies above 0 and below 1 (0.999 is 99.9 %) | 100 % leaves no budget: burn would have no meaning
        [{targetPercent: 100}]
            9:32 error slo.target: a target lies above 0 and below 1 (0.999 is 99.9 %) | 100 % leaves no budget: burn would have no meaning
        [{targetPercent: 0.999}]
            9:32 error slo.target: 0.999 % of good events is hardly meant | a fraction is written as target
        [{target: 0}]
            9:25 error slo.target: a target lies above 0 and below 1 (0.999 is 99.9 %) | the share of good events, such as 0.999
        [{target: .nan}]
            9:25 error field.type: expected a number, found the text `.nan`
        [{target: '99.9%'}]
            9:25 error field.type: expected a number, found the text `99.9%`
        [{target: 0.99999999999}]
            9:25 error slo.target: a target has at most nine decimals | the share of good events, such as 0.999
        [{target: 0.9, targetPercent: 90}]
            9:45 error slo.target: both `target` and `targetPercent` | keep one of the two
        [{displayName: x}]
            9:16 error field.missing: `target` is missing | the share of good events, such as 0.999
        [{target: 0.9, indicatorRef: b}]
            9:44 error slo.composite: composite SLOs are not computed yet | name the indicator in `spec`
        99.9
            9:15 error field.type: expected a list, found the number 99.9
    "#]].assert_eq(&told);
}

#[test]
fn methods_and_policies() {
    let with = |rest: &str| {
        let window = "timeWindow: [{duration: 30d, isRolling: true}]";
        diagnose(&slo(&format!("  {window}\n  objectives: [{{target: 0.99}}]\n  {rest}\n")))
    };
    let told = table(
        &[
            "budgetingMethod: Timeslices",
            "budgetingMethod: occurrences",
            "# no method",
            "budgetingMethod: Occurrences\n  alertPolicies: [workbook, accelerator]",
            "budgetingMethod: Occurrences\n  alertPolicies: [{kind: AlertPolicy, spec: {}}]",
            "budgetingMethod: Occurrences\n  indicator: {spec: {}}\n  composite: {}",
        ],
        with,
    );
    expect![[r#"
        budgetingMethod: Timeslices
            8:16 error field.missing: `timeSliceWindow` is missing | the length of a slice, beside `target`: 5m
            8:16 error field.missing: `timeSliceTarget` is missing | the share of a slice's events that must be good: 0.95
        budgetingMethod: occurrences
            9:20 error field.value: `occurrences` is not one of `Occurrences`, `Timeslices`, `RatioTimeslices` | did you mean `Occurrences`?
        # no method
            5:3 error field.missing: `budgetingMethod` is missing
        budgetingMethod: Occurrences
          alertPolicies: [workbook, accelerator]
            10:29 error slo.several_burn_policies: an SLO has one burn policy | one BurnPolicy can hold many arms
        budgetingMethod: Occurrences
          alertPolicies: [{kind: AlertPolicy, spec: {}}]
            10:19 error slo.alert_policy: alert policies are not written here | write a BurnPolicy of plimsoll/v1 and name it
        budgetingMethod: Occurrences
          indicator: {spec: {}}
          composite: {}
            10:14 error slo.indicator: both `indicatorRef` and `indicator` | keep one of the two
            11:3 error field.unknown: `composite` is no field here | known fields: description, service, indicatorRef, indicator, timeWindow, budgetingMethod, objectives, alertPolicies
    "#]].assert_eq(&told);
}

/// What is said of the budgeting methods with these fields in the objective, over a day.
fn slices(of: &[(&str, &str)]) -> String {
    let window = "timeWindow: [{duration: 1d, isRolling: true}]";
    let cases: Vec<String> = of
        .iter()
        .map(|(method, fields)| {
            format!("budgetingMethod: {method}\n  objectives: [{{target: 0.99{fields}}}]")
        })
        .collect();
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    table(&cases, |rest| diagnose(&slo(&format!("  {window}\n  {rest}\n"))))
}

#[test]
fn slices_of_time_have_a_length_and_a_target() {
    let told = slices(&[
        ("Timeslices", ""),
        ("RatioTimeslices", ""),
        ("Timeslices", ", timeSliceTarget: 0, timeSliceWindow: 7m"),
        ("Timeslices", ", timeSliceTarget: 95, timeSliceWindow: 90"),
        ("Timeslices", ", timeSliceTarget: yes, timeSliceWindow: 5s"),
    ]);
    expect![[r#"
        budgetingMethod: Timeslices
          objectives: [{target: 0.99}]
            9:16 error field.missing: `timeSliceWindow` is missing | the length of a slice, beside `target`: 5m
            9:16 error field.missing: `timeSliceTarget` is missing | the share of a slice's events that must be good: 0.95
        budgetingMethod: RatioTimeslices
          objectives: [{target: 0.99}]
            9:16 error field.missing: `timeSliceWindow` is missing | the length of a slice, beside `target`: 5m
        budgetingMethod: Timeslices
          objectives: [{target: 0.99, timeSliceTarget: 0, timeSliceWindow: 7m}]
            9:48 error slo.time_slice_target: a slice's target lies above 0 and is 1 at most (0.95 is 95 %) | the share of a slice's events that must be good: 0.95, or 1 for all
            9:68 error slo.time_slice_window: a slice of 7m does not divide an hour | 1m, 2m, 3m, 4m, 5m, 6m, 10m, 12m, 15m, 20m, 30m or 1h: the slices of every hour begin with it
        budgetingMethod: Timeslices
          objectives: [{target: 0.99, timeSliceTarget: 95, timeSliceWindow: 90}]
            9:48 error slo.time_slice_target: a slice's target lies above 0 and is 1 at most (0.95 is 95 %) | the share of a slice's events that must be good: 0.95, or 1 for all
            9:69 error field.value: 90 is no whole number from 1 to 60
        budgetingMethod: Timeslices
          objectives: [{target: 0.99, timeSliceTarget: yes, timeSliceWindow: 5s}]
            9:48 error field.type: expected a number, found the text `yes`
            9:70 error field.value: `5s` is not a length in whole minutes | one number and one unit: 5m (minutes), 6h, 30d or 4w
    "#]]
    .assert_eq(&told);
}

#[test]
fn what_slices_cannot_do_is_a_warning() {
    let told = slices(&[
        ("Timeslices", ", timeSliceTarget: 1, timeSliceWindow: 1"),
        ("RatioTimeslices", ", timeSliceTarget: 0.95, timeSliceWindow: 5m"),
        ("RatioTimeslices", ", timeSliceWindow: 30m"),
        ("Occurrences", ", timeSliceWindow: 5m"),
    ]);
    expect![[r#"
        budgetingMethod: Timeslices
          objectives: [{target: 0.99, timeSliceTarget: 1, timeSliceWindow: 1}]
            7:27 warning slo.dropped_arm: the arm over 1h (14.4×) is left out: scaled to a window of 1d it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
        budgetingMethod: RatioTimeslices
          objectives: [{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5m}]
            9:48 warning slo.time_slice: `timeSliceTarget` says nothing here: it belongs to Timeslices | leave it out, or change `budgetingMethod`
            7:27 warning slo.dropped_arm: the arm over 1h (14.4×) is left out: scaled to a window of 1d it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
            9:16 warning slo.slice_longer_than_arm: the short windows of 12m/1m, 48m/4m are shorter than a slice of 5m: each looks at one slice | shorter slices alert sooner, and end alerts sooner
        budgetingMethod: RatioTimeslices
          objectives: [{target: 0.99, timeSliceWindow: 30m}]
            7:27 warning slo.dropped_arm: the arm over 1h (14.4×) is left out: scaled to a window of 1d it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
            9:16 warning slo.no_slice_to_spare: a single bad slice spends all of the budget: 1d is 48 slices of 30m | shorter slices, a longer window, or a looser target
            9:16 warning slo.slice_longer_than_arm: the short windows of 12m/1m, 48m/4m, 144m/12m are shorter than a slice of 30m: each looks at one slice | shorter slices alert sooner, and end alerts sooner
        budgetingMethod: Occurrences
          objectives: [{target: 0.99, timeSliceWindow: 5m}]
            9:48 warning slo.time_slice: `timeSliceWindow` says nothing here: it belongs to Timeslices and RatioTimeslices | leave it out, or change `budgetingMethod`
            7:27 warning slo.dropped_arm: the arm over 1h (14.4×) is left out: scaled to a window of 1d it is shorter than 5 minutes | write the arms out in a BurnPolicy to use shorter ones
    "#]]
    .assert_eq(&told);
}
