use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

mod openmetrics;

#[test]
fn the_example_of_the_format_description() {
    let text = r#"# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
"#;
    check(
        text,
        expect![[r#"
        http_requests_total{code="200",instance="here:80",job="shop",method="post"} 1027 @1395066363000
        http_requests_total{code="400",instance="here:80",job="shop",method="post"} 3 @1395066363000
        msdos_file_access_time_seconds{error="Cannot find file:\n\"FILE.TXT\"",instance="here:80",job="shop",path="C:\\DIR\\FILE.TXT"} 1458255915 @1000
        metric_without_timestamp_and_labels{instance="here:80",job="shop"} 12.47 @1000
        http_request_duration_seconds_bucket{instance="here:80",job="shop",le="0.05"} 24054 @1000
        http_request_duration_seconds_bucket{instance="here:80",job="shop",le="+Inf"} 144320 @1000
        http_request_duration_seconds_sum{instance="here:80",job="shop"} 53423 @1000
        fault in line 13: the sample time -3982045 ms is outside the years 1970 to 9999
    "#]],
    );
}

#[test]
fn what_a_line_may_look_like() {
    let text = "up 1\r\n\
        \t spaced { a = \"1\" , b=\"2\" , } \t 2 \t 5000 \n\
        braces{} 3\n\
        closed{a=\"1\"}4\n\
        ns:rule:rate5m 5e-3\n\
        unicode{path=\"/café/}{,\\\\\"} 6\n\
        strange_escape{a=\"\\d\\é\"} 7\n\
        empty{a=\"\"} 8\n\
        #comment without a space\n\
        #\n\
        nan NaN\n\
        low -Inf\n\
        last_without_newline .5";
    check(
        text,
        expect![[r#"
        up{instance="here:80",job="shop"} 1 @1000
        spaced{a="1",b="2",instance="here:80",job="shop"} 2 @5000
        braces{instance="here:80",job="shop"} 3 @1000
        closed{a="1",instance="here:80",job="shop"} 4 @1000
        ns:rule:rate5m{instance="here:80",job="shop"} 0.005 @1000
        unicode{instance="here:80",job="shop",path="/café/}{,\\"} 6 @1000
        strange_escape{a="\\d\\é",instance="here:80",job="shop"} 7 @1000
        empty{instance="here:80",job="shop"} 8 @1000
        last_without_newline{instance="here:80",job="shop"} 0.5 @1000
        2 not finite
    "#]],
    );
}

#[test]
fn a_malformed_line_costs_itself_only() {
    let text = "good 1\n\
        1name 1\n\
        name\n\
        name{a=\"1\"}\n\
        name{a=\"1\" 1\n\
        name{a=\"1\" b=\"2\"} 1\n\
        name{a=1} 1\n\
        name{a} 1\n\
        name{,} 1\n\
        name{a=\"1} 1\n\
        name{a=\"1\\\n\
        name{a=\"1\",a=\"2\"} 1\n\
        name{__name__=\"other\"} 1\n\
        name{\"quoted\"} 1\n\
        {a=\"1\"} 1\n\
        name one\n\
        name 1 soon\n\
        name 1 1.5\n\
        name 1 2 3\n\
        name 1 # {trace_id=\"x\"} 1\n\
        näme 1\n\
        also_good 2";
    check(
        text,
        expect![[r#"
        good{instance="here:80",job="shop"} 1 @1000
        also_good{instance="here:80",job="shop"} 2 @1000
        fault in line 2: expected a metric name at column 1
        fault in line 3: expected a number at column 5
        fault in line 4: expected a number at column 12
        fault in line 5: expected `,` or `}` at column 12
        fault in line 6: expected `,` or `}` at column 12
        fault in line 7: expected `"` at column 8
        fault in line 8: expected `=` at column 7
        fault in line 9: expected a label name or `}` at column 6
        fault in line 10: expected a closing `"` at column 13
        fault in line 11: expected a closing `"` at column 11
        fault in line 12: a label name occurs twice
        fault in line 13: a label name occurs twice
        fault in line 14: expected `=` at column 14
        fault in line 15: expected a metric name at column 1
        fault in line 16: expected a number at column 6
        fault in line 17: expected a time in milliseconds at column 8
        fault in line 18: expected a time in milliseconds at column 8
        fault in line 19: expected the end of the line at column 10
        fault in line 20: expected a time in milliseconds at column 8
        fault in line 21: expected a number at column 2
    "#]],
    );
}

#[test]
fn bytes_that_are_not_utf8_cost_their_line_only() {
    let text = b"good 1\nbad{a=\"\xff\"} 1\ngood 2\n";
    let decoded = read(Format::Prometheus, text, &Limits::default()).unwrap();
    expect![[r#"
        good{instance="here:80",job="shop"} 1 @1000
        good{instance="here:80",job="shop"} 2 @1000
        fault in line 2: the text is not UTF-8
    "#]]
    .assert_eq(&crate::tests::told(&decoded));
}

#[test]
fn the_targets_labels_win_and_scraped_ones_are_kept_beside_them() {
    let text = "up{job=\"mine\",instance=\"here\"} 1\n\
        up{job=\"mine\",exported_job=\"older\"} 2\n\
        up{job=\"\"} 3\n";
    check(
        text,
        expect![[r#"
        up{exported_instance="here",exported_job="mine",instance="here:80",job="shop"} 1 @1000
        up{exported_exported_job="mine",exported_job="older",instance="here:80",job="shop"} 2 @1000
        up{instance="here:80",job="shop"} 3 @1000
    "#]],
    );
}

#[test]
fn limits_hold() {
    let limits = Limits {
        decompressed_bytes_max: 60,
        series_max: 3,
        labels_per_series_max: 4,
        label_bytes_max: 9,
        ..Limits::default()
    };
    let told = |text: &str| {
        crate::tests::told(&read(Format::Prometheus, text.as_bytes(), &limits).unwrap())
    };
    expect![[r#"
        a{instance="here:80",job="shop"} 1 @1000
        b{instance="here:80",job="shop"} 2 @1000
        c{instance="here:80",job="shop"} 3 @1000
        fault in line 4: nothing is read from here on: more than 3 samples
    "#]]
    .assert_eq(&told("a 1\nb 2\nc 3\nd 4\ne 5"));
    assert!(!told("a 1\nb 2\nc 3\n# the end\n").contains("fault"));
    expect![[r#"
        a{b="1",instance="here:80",job="shop"} 2 @1000
        fault in line 1: the series has 5 labels, 4 are allowed
        fault in line 3: a label has 10 bytes, 9 are allowed
    "#]]
    .assert_eq(&told("a{b=\"1\",c=\"2\"} 1\na{b=\"1\"} 2\na{b=\"0123456789\"} 3"));
    expect![[r#"
        up{instance="here:80",job="shop"} 1 @1000
        fault in line 2: nothing is read from here on: more than 60 bytes
    "#]]
    .assert_eq(&told(&format!("up 1\n# {}\nup 2", "x".repeat(60))));
    // Cut at 60 bytes, the last line would read `up 1`.
    expect![[r#"
        fault in line 2: nothing is read from here on: more than 60 bytes
    "#]]
    .assert_eq(&told(&format!("# {}\nup 12345\n", "x".repeat(53))));
}

#[test]
fn a_text_of_another_kind_is_given_up() {
    let text = "<br>\n".repeat(5_000);
    let batch = read(Format::Prometheus, text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(batch.faults.len(), 1_001);
    expect!["line 1001: nothing is read from here on: more than 1000 malformed lines"]
        .assert_eq(&batch.faults[1_000].to_string());
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        name in "[a-z_:][a-z0-9_:]{0,8}",
        value in "\\PC{1,10}|[\\\\\"\n]{1,5}",
        number in prop::num::f64::NORMAL,
        at_ms in prop::option::of(0..=crate::AT_MS_MAX),
    ) {
        let escaped = value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', "\\n");
        let time = at_ms.map(|at| at.to_string()).unwrap_or_default();
        let text = format!("{name}{{l=\"{escaped}\"}} {number} {time}\n");
        let decoded = parse(
            Format::Prometheus, text.into(), 1_000, &Labels::default(), &Limits::default(),
        ).unwrap();
        let pairs = vec![("__name__".to_owned(), name), ("l".to_owned(), value)];
        let (at_ms, value) = (at_ms.unwrap_or(1_000), Value::Number(number));
        let series = decoded.batch.series().next().unwrap();
        prop_assert_eq!(series.to_labels(|_| true), Labels::from_pairs(pairs).unwrap());
        prop_assert_eq!(series.points(), &[Point { at_ms, start_ms: None, value }]);
    }
}

fn target() -> Labels {
    let pairs = [("job", "shop"), ("instance", "here:80")];
    Labels::from_pairs(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec()).unwrap()
}

fn read(format: Format, text: &[u8], limits: &Limits) -> Result<Decoded, Fault> {
    parse(format, text.to_vec(), 1_000, &target(), limits)
}

fn check(text: &str, expected: Expect) {
    let decoded = read(Format::Prometheus, text.as_bytes(), &Limits::default()).unwrap();
    expected.assert_eq(&crate::tests::told(&decoded));
}
