use super::*;

/// The complete exposition of the specification, section "Overall Structure", with a histogram.
const WHOLE: &str = r#"# TYPE acme_http_router_request_seconds summary
# UNIT acme_http_router_request_seconds seconds
# HELP acme_http_router_request_seconds Latency though all of ACME's HTTP request router.
acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
acme_http_router_request_seconds_count{path="/api/v1",method="GET"} 807283.0
acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 0.5
acme_http_router_request_seconds_sum{path="/api/v2",method="POST"} 479.3
acme_http_router_request_seconds_count{path="/api/v2",method="POST"} 34.0
acme_http_router_request_seconds_created{path="/api/v2",method="POST"} 0.25
# TYPE go_goroutines gauge
# HELP go_goroutines Number of goroutines that currently exist.
go_goroutines 69
# TYPE process_cpu_seconds counter
# UNIT process_cpu_seconds seconds
# HELP process_cpu_seconds Total user and system CPU time spent in seconds.
process_cpu_seconds_total 4.20072246e+06
# TYPE foo histogram
foo_bucket{le="0.1"} 8 1520879607.789 # {} 0.054
foo_bucket{le="+Inf"} 17 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879606.5
foo_count 17 1520879607.789
foo_sum 324789.3 1520879607.789
foo_created 1520430000.123 1520879607.789
# EOF
"#;

#[test]
fn the_examples_of_the_specification() {
    let decoded = open_metrics(WHOLE).unwrap();
    expect![[r#"
        acme_http_router_request_seconds_sum{instance="here:80",job="shop",method="GET",path="/api/v1"} 9036.32 @1000 since 500
        acme_http_router_request_seconds_count{instance="here:80",job="shop",method="GET",path="/api/v1"} 807283 @1000 since 500
        acme_http_router_request_seconds_sum{instance="here:80",job="shop",method="POST",path="/api/v2"} 479.3 @1000 since 250
        acme_http_router_request_seconds_count{instance="here:80",job="shop",method="POST",path="/api/v2"} 34 @1000 since 250
        go_goroutines{instance="here:80",job="shop"} 69 @1000
        process_cpu_seconds_total{instance="here:80",job="shop"} 4200722.46 @1000
        foo_bucket{instance="here:80",job="shop",le="0.1"} 8 @1520879607789 since 1520430000123
        foo_bucket{instance="here:80",job="shop",le="+Inf"} 17 @1520879607789 since 1520430000123
        foo_count{instance="here:80",job="shop"} 17 @1520879607789 since 1520430000123
        foo_sum{instance="here:80",job="shop"} 324789.3 @1520879607789 since 1520430000123
    "#]]
    .assert_eq(&crate::tests::told(&decoded));
    assert_eq!((decoded.written.samples, decoded.written.exemplars), (10, 2));
}

#[test]
fn a_text_that_is_cut_off_anywhere_gives_nothing() {
    // Without its last line feed the text is whole all the same.
    for length in 0..WHOLE.len() - 1 {
        let refused = open_metrics(&WHOLE[..length]);
        assert!(refused.is_err(), "{}", &WHOLE[..length]);
    }
    assert!(open_metrics(&WHOLE[..WHOLE.len() - 1]).is_ok());
    let fault = open_metrics("a 1\nb 2\n").unwrap_err();
    expect!["line 3: the text ends without `# EOF`: it was cut off"].assert_eq(&fault.to_string());
}

#[test]
fn a_malformed_text_is_refused_whole() {
    let refused = [
        "a 1\r\n# EOF\n",
        "a 1\n\n# EOF\n",
        "# EOF\na 1\n",
        "# EOF\n# EOF\n",
        "# EOF \n",
        "#EOF\n",
        "# comment\n# EOF\n",
        "# TYPE a unheard_of\n# EOF\n",
        "# TYPE a\n# EOF\n",
        "# UNIT a_bytes seconds\n# EOF\n",
        "# UNIT seconds seconds\n# EOF\n",
        "a{b=\"1\",b=\"2\"} 1\n# EOF\n",
        "a{b=\"1\"\n# EOF\n",
        "a 1 soon\n# EOF\n",
        "a 1 NaN\n# EOF\n",
        "a 1 # 1\n# EOF\n",
        "a 1 # {b=\"1\"}\n# EOF\n",
        "a 1 # {b=\"1\"} 1 2 3\n# EOF\n",
        "a one\n# EOF\n",
    ];
    let told: Vec<_> = refused.map(|text| open_metrics(text).unwrap_err().to_string()).into();
    expect![[r#"
        line 1: expected a number at column 3
        line 2: expected a metric name at column 1
        line 2: expected the end of the text at column 1
        line 2: expected the end of the text at column 1
        line 1: expected the end of the line at column 6
        line 1: expected `# ` at column 2
        line 1: expected TYPE, UNIT, HELP or EOF at column 3
        line 1: expected a metric type at column 10
        line 1: expected a metric type at column 9
        line 1: expected a unit that the metric's name ends with at column 16
        line 1: expected a unit that the metric's name ends with at column 16
        line 1: a label name occurs twice
        line 1: expected `,` or `}` at column 8
        line 1: expected a time in seconds at column 5
        line 1: expected a time in seconds at column 5
        line 1: expected the labels of an exemplar at column 7
        line 1: expected a number at column 14
        line 1: expected the end of the line at column 19
        line 1: expected a number at column 3"#]]
    .assert_eq(&told.join("\n"));
    let not_utf8 = read(Format::OpenMetrics, b"a{b=\"\xff\"} 1\n# EOF\n", &Limits::default());
    assert_eq!(not_utf8.unwrap_err().reason, Reason::NotUtf8);
}

#[test]
fn what_exceeds_our_limits_alone_is_left_out_alone() {
    let limits = Limits { labels_per_series_max: 4, label_bytes_max: 9, ..Limits::default() };
    let text = "a{b=\"1\",c=\"2\"} 1\na{b=\"1\"} 2\na{b=\"0123456789\"} 3\na 1 -5\n# EOF\n";
    let decoded = read(Format::OpenMetrics, text.as_bytes(), &limits).unwrap();
    expect![[r#"
        a{b="1",instance="here:80",job="shop"} 2 @1000
        fault in line 3: a label has 10 bytes, 9 are allowed
        fault in line 4: the sample time -5000 ms is outside the years 1970 to 9999
        fault in line 1: the series has 5 labels, 4 are allowed
    "#]]
    .assert_eq(&crate::tests::told(&decoded));
    let limits = Limits { decompressed_bytes_max: 10, ..Limits::default() };
    let fault = read(Format::OpenMetrics, text.as_bytes(), &limits).unwrap_err();
    assert_eq!(fault.reason, Reason::Stopped { limit: 10, unit: "bytes" });
    let limits = Limits { samples_max: 2, ..Limits::default() };
    let fault = read(Format::OpenMetrics, text.as_bytes(), &limits).unwrap_err();
    assert_eq!(fault.reason, Reason::Stopped { limit: 2, unit: "samples" });
}

#[test]
fn created_times_belong_to_what_counts_in_their_family_and_no_series() {
    check_open_metrics(
        "# TYPE foo counter\n\
         foo_total{a=\"1\",b=\"2\"} 17\n\
         foo_total{a=\"2\"} 5\n\
         foo_created{b=\"2\",a=\"1\"} 0.7\n\
         # TYPE bar gauge\n\
         bar_created 0.3\n\
         bar 1\n\
         # TYPE rpc summary\n\
         rpc{quantile=\"0.5\"} 3\n\
         rpc_count 4\n\
         rpc_created 0.9\n\
         # TYPE later counter\n\
         later_created 5\n\
         later_total 6\n\
         # TYPE twice counter\n\
         twice_total 1 100\n\
         twice_created 50 100\n\
         twice_total 1 200\n\
         twice_created 150 200\n\
         # TYPE odd counter\n\
         odd_total 1\n\
         odd_created NaN\n\
         # EOF",
        expect![[r#"
            foo_total{a="1",b="2",instance="here:80",job="shop"} 17 @1000 since 700
            foo_total{a="2",instance="here:80",job="shop"} 5 @1000
            bar_created{instance="here:80",job="shop"} 0.3 @1000
            bar{instance="here:80",job="shop"} 1 @1000
            rpc{instance="here:80",job="shop",quantile="0.5"} 3 @1000
            rpc_count{instance="here:80",job="shop"} 4 @1000 since 900
            later_total{instance="here:80",job="shop"} 6 @1000
            twice_total{instance="here:80",job="shop"} 1 @100000 since 50000
            twice_total{instance="here:80",job="shop"} 1 @200000 since 150000
            odd_total{instance="here:80",job="shop"} 1 @1000
        "#]],
    );
}

#[test]
fn names_may_be_quoted_and_text_escaped() {
    check_open_metrics(
        "# TYPE \"requests.by route\" counter\n\
         {\"requests.by route_total\",\"http.route\"=\"/a\\\"b\\\\c\\nd\"} 1 0.5\n\
         {\"requests.by route_created\",\"http.route\"=\"/a\\\"b\\\\c\\nd\"} 0.25\n\
         # HELP \"say \\\"hi\\\"\" quotes \\\" and \\n\n\
         {a=\"1\",\"say \\\"hi\\\"\"} 2\n\
         # EOF\n",
        expect![[r#"
            requests.by route_total{http.route="/a\"b\\c\nd",instance="here:80",job="shop"} 1 @500 since 250
            say "hi"{a="1",instance="here:80",job="shop"} 2 @1000
        "#]],
    );
}

#[test]
fn the_content_type_names_the_format() {
    let named = [
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        "Application/OpenMetrics-Text",
        "text/plain; version=0.0.4; charset=utf-8",
        "text/html",
        "",
    ];
    let open =
        named.map(|content_type| Format::of_content_type(content_type) == Format::OpenMetrics);
    assert_eq!(open, [true, true, false, false, false]);
}

fn open_metrics(text: &str) -> Result<Decoded, Fault> {
    read(Format::OpenMetrics, text.as_bytes(), &Limits::default())
}

fn check_open_metrics(text: &str, expected: Expect) {
    expected.assert_eq(&crate::tests::told(&open_metrics(text).unwrap()));
}
