//! Damaged documents and queries: every fault is told at a place that exists, nothing panics, and
//! reading twice says the same.

use plimsoll_trials::fuzz::{Corpus, run};

use super::*;
use crate::document::{import, promql, starter};

#[test]
fn fuzz_documents() {
    let guide = include_str!("../../../../../docs/guide/definitions.md");
    let blocks = guide.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shipped = starter().into_iter().map(|(_, text)| text);
    let seeds = shipped.chain(blocks.map(str::to_owned)).map(String::into_bytes).collect();
    let words: &[&[u8]] = &[
        b"---\n",
        b"...\n",
        b"%YAML 1.2\n",
        b"&a ",
        b"*a",
        b"<<: ",
        b"? ",
        b"- ",
        b"[",
        b"{",
        b"|\n",
        b">-\n",
        b"!!binary ",
        b"'",
        b"\"",
        b"\\u0000",
        b"\t",
        b": ",
        b"#",
        b"null",
        b".nan",
        b"9999999999999999999",
        b"apiVersion: ",
        b"kind: SLO\n",
        b"spec: ",
        b"\xff",
    ];
    run(&Corpus { name: "documents", seeds, words, cost: 240 }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let told = diagnose(&text);
        assert_eq!(told, diagnose(&text), "reading twice says the same");
        // To YAML a carriage return alone ends a line, too.
        let lines = text.replace("\r\n", "\n").split(['\n', '\r']).count();
        for place in told.lines().filter_map(|line| line.split_once(':')) {
            let line: usize = place.0.parse().unwrap_or(1);
            assert!((1..=lines).contains(&line), "{lines} lines:\n{told}");
        }
    });
}

/// Whatever the file of another program says: what is written has no faults, and each note is about
/// a line that exists.
#[test]
fn fuzz_imports() {
    let seeds = [
        include_str!("../import/tests/sloth.yaml"),
        include_str!("../import/tests/sloth-refused.yaml"),
        include_str!("../import/tests/sloth-list.yaml"),
        include_str!("../import/tests/pyrra.yaml"),
        include_str!("../import/tests/alpha.yaml"),
        include_str!("../import/tests/others.yaml"),
    ];
    let seeds = seeds.map(|text| text.as_bytes().to_vec()).to_vec();
    let words: &[&[u8]] = &[
        b"---\n",
        b"{{.window}}",
        b"{{",
        b"}}",
        b" - ",
        b" or vector(0)",
        b"'",
        b"\"",
        b"\\",
        b": ",
        b"#",
        b"\n",
        b"|\n",
        b"null",
        b"-1e999",
        b"100",
        b"kind: List\nitems:\n",
        b"service: ",
        b"window: 4w",
        b"isRolling: false",
        b"\xff",
        "\u{a0}\u{85}\u{2028}".as_bytes(),
    ];
    let assumed = import::Assumed::read(Some("assumed"), None).expect("a name");
    run(&Corpus { name: "imports", seeds, words, cost: 240 }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let read = || import::import(&[Source { path: "f", text: &text }], &assumed);
        let found = read();
        assert_eq!(found, read(), "reading twice says the same");
        let written = parse(&[Source { path: "out", text: &found.yaml }]);
        let (_, together) = resolve(&written.documents);
        let faults = written.diagnostics.iter().chain(&together);
        let errors: Vec<_> = faults.filter(|fault| fault.level == Level::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{}", found.yaml);
        let lines = text.replace("\r\n", "\n").split(['\n', '\r']).count();
        for note in found.notes {
            assert!((1..=lines).contains(&(note.line as usize)), "{note:?} of {lines} lines");
        }
    });
}

#[test]
fn fuzz_promql() {
    let seeds = [
        "sum(rate(http_requests_total{job=\"checkout\",code=~\"5..\"}[5m]))",
        "1 - sum(increase(a{b!=\"c\"}[1h])) / sum(increase(a[1h]))",
        "sum by (code) (rate({__name__=~\"a|b\",x!~\"y\"}[5m:1m] offset 5m))",
        "-(-x + 1e9) * on(a) group_left(b) y{z=\"\\u00e9\"} @ 5",
    ];
    let seeds = seeds.map(|query| query.as_bytes().to_vec()).to_vec();
    let words: &[&[u8]] = &[
        b"(",
        b")",
        b"{",
        b"}",
        b"[",
        b"]",
        b"sum(",
        b"rate(",
        b" by (a)",
        b" / ",
        b" - ",
        b"1",
        b"=~\"",
        b"\"",
        b"'",
        b"`",
        b"\\",
        b"[5m]",
        b" offset ",
        b" @ ",
        b"#",
        b"NaN",
        b"Inf",
        b"0x",
        b"{{",
        b"$",
        "é".as_bytes(),
    ];
    run(&Corpus { name: "promql", seeds, words, cost: 8 }, |bytes| {
        let query = String::from_utf8_lossy(bytes);
        let check = |refused: Option<&promql::Refusal>| {
            if let Some((at, _)) = refused {
                assert!(*at <= query.len(), "a place within the query");
                assert!(query.is_char_boundary(*at), "a place between characters");
            }
        };
        let (counter, share) = (promql::counter(&query), promql::share(&query));
        check(counter.as_ref().err());
        check(share.as_ref().err());
        assert_eq!(counter.ok(), promql::counter(&query).ok());
        assert_eq!(share.ok(), promql::share(&query).ok());
    });
}
