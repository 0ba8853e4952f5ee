//! Random texts made of the formats' own pieces: whatever they say, reading them ends, and ends in
//! diagnostics. The seeds are fixed, so a failure is found again.

use plimsoll_trials::dice::Dice;

use crate::document::promql::{counter, share};
use crate::document::{Source, parse, resolve};

/// Fewer pieces than `longest`, put together.
fn pieced(dice: &mut Dice, pieces: &[&str], longest: usize) -> String {
    (0..dice.below(longest)).map(|_| dice.pick(pieces)).collect()
}

const PROMQL: [&str; 48] = [
    "sum",
    "rate",
    "increase",
    "avg",
    "by",
    "without",
    "(",
    ")",
    "[5m]",
    "[",
    "]",
    "{",
    "}",
    "x",
    "foo_total",
    "a=\"b\"",
    "a=~\"(\"",
    "!~",
    ",",
    " ",
    " ",
    "/",
    "-",
    "+",
    "*",
    "1",
    "0",
    "or",
    "on",
    "offset",
    "5m",
    "-5m",
    "@",
    "start()",
    "99999999999999999999y",
    "\"",
    "'",
    "\\",
    "\\u{110000}",
    "é",
    "#",
    "\n",
    "bool",
    "group_left",
    "NaN",
    "0x",
    ":",
    "{\"q\"}",
];

#[test]
fn no_query_makes_it_panic() {
    let mut dice = Dice::new(7);
    for _ in 0..2_000 {
        let query = pieced(&mut dice, &PROMQL, 14);
        for refusal in [counter(&query).err(), share(&query).err()].into_iter().flatten() {
            assert!(query.is_char_boundary(refusal.0), "{query:?} is refused at {}", refusal.0);
        }
    }
}

const YAML: [&str; 56] = [
    "apiVersion: ",
    "openslo/v1\n",
    "plimsoll/v1\n",
    "backstage.io/v1alpha1\n",
    "kind: ",
    "SLO\n",
    "SLI\n",
    "Component\n",
    "BurnPolicy\n",
    "metadata: ",
    "{name: a}\n",
    "spec:\n",
    "spec: ",
    "  ",
    "  arms: ",
    "  timeWindow: ",
    "  ratioMetric: ",
    "  objectives: ",
    "service: b\n",
    "owner: c\n",
    "\n",
    "\n",
    "---\n",
    "...\n",
    "- ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "&x ",
    "*x",
    "<<: *x\n",
    "? ",
    "!!str ",
    "!!binary ",
    "# c\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "é",
    "~",
    "0x7f",
    "1e999",
    "-.inf",
    "true",
    "no",
    "%YAML 1.2\n",
    "\\",
    "\u{0}",
    "\u{85}",
];

#[test]
fn no_file_makes_it_panic() {
    let mut dice = Dice::new(11);
    let head = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec:\n  service: b\n";
    for round in 0..4_000 {
        let text = if round % 2 == 0 { String::new() } else { head.to_owned() };
        let text = text + &pieced(&mut dice, &YAML, 20);
        let parsed = parse(&[Source { path: "a.yaml", text: &text }]);
        let lines = text.split('\n').count();
        for fault in &parsed.diagnostics {
            let line = fault.line as usize;
            assert!((1..=lines + 1).contains(&line), "{text:?} is faulty at line {line}");
        }
        if !parsed.documents.is_empty() {
            resolve(&parsed.documents);
        }
    }
}
