//! Nasty texts: whatever they are, they are told apart and told about, and nothing breaks.

use expect_test::expect;

use super::{check, diagnose};
use crate::document::{Source, parse};

#[test]
fn nothing_is_no_fault() {
    check("", expect![[""]]);
    check("# only\n# comments\n", expect![[""]]);
    check("---\n---\n# nothing\n---\n...\n", expect![[""]]);
}

#[test]
fn a_tab_is_a_syntax_fault_and_the_next_document_is_still_read() {
    check(
        "apiVersion: openslo/v1\nkind: Service\nmetadata:\n\tname: a\n---\nkind: Service\n",
        expect![[r#"
            4:2 error yaml.syntax: tabs disallowed within this context (block indentation)
            6:1 error field.missing: `apiVersion` is missing
            6:1 error field.missing: `metadata` is missing
        "#]],
    );
}

#[test]
fn several_faults_at_once() {
    check(
        "apiVersion: openslo/v1
kind: SLO
metadata:
  name: -a
  owner: me
spec:
  servce: shop
  indicator:
    spec:
      ratioMetric:
        counter: no
        good: {metricSource: {spec: {query: 5}}}
  timeWindow: [{duration: 1M, isRolling: true}]
  budgetingMethod: Timeslices
  objectives: [{target: 99.9}, {target: 0.5}]
",
        expect![[r#"
            4:9 error name.invalid: `-a` is no name: 1 to 63 letters, digits, `-`, `_` or `.`, first and last a letter or digit
            5:3 error field.unknown: `owner` is no field here | known fields: name, displayName, labels, annotations
            7:3 error field.missing: `service` is missing
            7:3 error field.unknown: `servce` is no field here | did you mean `service`?
            11:9 error field.missing: `total` is missing
            11:18 error field.type: expected true or false, found the text `no` | YAML 1.2 knows only `true` and `false`, without quotes
            12:45 error field.type: expected a text, found the number 5 | put it in quotes
            13:27 error slo.window: `1M` has no fixed length | `M`, `Q` and `Y` are months, quarters and years of a calendar: write 30d or 90d, or `isRolling: false` and a `calendar`
            15:25 error slo.target: a target lies above 0 and below 1 (0.999 is 99.9 %) | a percentage is written as targetPercent
            15:32 error slo.several_objectives: an SLO has one objective for now, not 2 | write one SLO per objective; indicatorRef lets them share an SLI
        "#]],
    );
}

#[test]
fn duplicate_keys_are_reported_and_the_rest_is_read() {
    check(
        "apiVersion: openslo/v1\nkind: Service\nkind: SLO\nmetadata: {name: a, name: b}\nspc: {}\n",
        expect![[r#"
            3:1 error yaml.duplicate_key: `kind` is set twice | keep one of the two
            4:21 error yaml.duplicate_key: `name` is set twice | keep one of the two
            5:1 error field.unknown: `spc` is no field here | did you mean `spec`?
        "#]],
    );
}

#[test]
fn crlf_and_bom() {
    check(
        "\u{feff}apiVersion: openslo/v1\r\nkind: Servce\r\nmetadata: {name: a}\r\n---\r\nkind: 1\r\n",
        expect![[r#"
            2:7 error document.unknown_kind: there is no kind `Servce` of apiVersion `openslo/v1` | did you mean `Service`?
            5:1 error field.missing: `apiVersion` is missing
            5:1 error field.missing: `metadata` is missing
            5:7 error field.type: expected a text, found the number 1 | put it in quotes
        "#]],
    );
}

#[test]
fn scalars_lists_and_unclosed_things() {
    check(
        "just a text",
        expect![[r#"
        1:1 error field.type: expected a mapping, found the text `just a text`
    "#]],
    );
    check(
        "- a\n- list\n",
        expect![[r#"
        1:1 error field.type: expected a mapping, found a list
    "#]],
    );
    check(
        "a: [1, 2\n",
        expect![[r#"
        1:4 error yaml.syntax: unclosed bracket '['
    "#]],
    );
    check(
        "a: \"open\n---\nb: {\n",
        expect![[r#"
        2:1 error yaml.syntax: invalid indentation in multiline quoted scalar
        3:4 error yaml.syntax: unclosed bracket '{'
    "#]],
    );
    check(
        "a: *nowhere\n",
        expect![[r#"
        1:4 error yaml.syntax: alias references unknown anchor
    "#]],
    );
    check(
        "{a: 1}: 2\n",
        expect![[r#"
        1:1 error yaml.syntax: expected string scalar
    "#]],
    );
    check(
        "a: !!binary \"////\"\n",
        expect![[r#"
        1:13 error yaml.syntax: !!binary scalar is not valid UTF-8 so cannot be stored into string. If you just use !!binary for documentation/annotation, set ignore_binary_tag_for_string in Options
    "#]],
    );
    check(
        "%YAML 1.2\n---\nkind: Service\n",
        expect![[r#"
        3:1 error field.missing: `apiVersion` is missing
        3:1 error field.missing: `metadata` is missing
    "#]],
    );
    check(
        "a: 1\n\u{0}",
        expect![[r#"
        2:1 error yaml.syntax: unexpected character: `\u{0}'
    "#]],
    );
}

#[test]
fn anchors_are_read_and_faults_point_at_their_use() {
    check(
        "apiVersion: openslo/v1
kind: Service
metadata: {name: &name shop}
spec: {description: &long [not, a, text]}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: &n 5, displayName: *n}
",
        expect![[r#"
            4:27 error field.type: expected a text, found a list
            8:21 error field.type: expected a text, found the number 5 | put it in quotes
            8:37 error field.type: expected a text, found the number 5 | put it in quotes
        "#]],
    );
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let use_ten = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb += &format!("a{i}: &a{i} [{use_ten}]\n");
    }
    check(
        &bomb,
        expect![[r#"
            4:45 error yaml.limit: the document is too large: alias replay limit exceeded: total_replayed_events=10001 > 10000 | write it out with less nesting and fewer aliases
        "#]],
    );
}

#[test]
fn deep_nesting_is_refused() {
    check(
        &"[".repeat(100_000),
        expect![[r#"
        1:256 error yaml.syntax: recursion limit exceeded
    "#]],
    );
    let block: String = (0..500).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    check(
        &block,
        expect![[r#"
            65:65 error yaml.limit: the document is too large: budget breached: Depth { depth: 65 } | write it out with less nesting and fewer aliases
        "#]],
    );
}

#[test]
fn a_file_over_a_mebibyte_is_refused_before_it_is_read() {
    check(
        &"#".repeat((1 << 20) + 1),
        expect![[r#"
        1:1 error yaml.limit: the file is larger than 1 MiB | split it
    "#]],
    );
    assert_eq!(diagnose(&"#".repeat(1 << 20)), "");
}

#[test]
fn many_small_documents_and_long_words_are_bounded() {
    assert_eq!(diagnose(&"---\n".repeat(1 << 18)), "");
    let key = "k".repeat(1_000_000);
    let told = diagnose(&format!("kind: Service\n'{key}': 1\n"));
    assert!(told.len() < 2_000, "{} bytes", told.len());
}

#[test]
fn a_document_twice_names_both_places() {
    let text = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: shop}\n";
    let parsed = parse(&[Source { path: "a.yaml", text }, Source { path: "b.yaml", text }]);
    let [fault] = &parsed.diagnostics[..] else { panic!("one fault") };
    assert_eq!((fault.file.as_str(), fault.line, fault.column), ("b.yaml", 3, 18));
    assert_eq!(fault.message, "the Service `shop` is defined twice: first at a.yaml:3");
}

#[test]
fn own_text_reads_the_same_again() {
    let text = "# shop\napiVersion: openslo/v1\nkind: Service\nmetadata: {name: shop}\n---\n\
                apiVersion: openslo/v1\nkind: Service\nmetadata: {name: pay}\n";
    let parsed = parse(&[Source { path: "a.yaml", text }]);
    let names: Vec<_> = parsed.documents.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["shop", "pay"]);
    for document in &parsed.documents {
        let again = parse(&[Source { path: "-", text: &document.yaml }]);
        assert_eq!(again.documents[0].body, document.body);
    }
    assert_eq!(parsed.documents[1].origin.line, 6);
}

#[test]
fn faults_stand_where_they_are_in_every_document() {
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n# between\n\nkind: Servic\napiVersion: openslo/v1\n...\n---\n\
         apiVersion: openslo\nkind: SLO\nmetadata: {name: a}\n",
        expect![[r#"
            2:7 error document.unknown_kind: there is no kind `Pod` of apiVersion `v1` | known: openslo/v1 Service, DataSource, SLI, SLO; backstage.io/v1alpha1 Component, Group; plimsoll/v1 BurnPolicy, Receiver, ScrapeTarget, ErrorBudgetPolicy, ObjectiveGuide, AlertTiers, KnownViolation
            7:1 error field.missing: `metadata` is missing
            7:7 error document.unknown_kind: there is no kind `Servic` of apiVersion `openslo/v1` | did you mean `Service`?
            11:13 error document.unknown_kind: there is no kind `SLO` of apiVersion `openslo` | the kind SLO belongs to apiVersion: openslo/v1
        "#]],
    );
}
