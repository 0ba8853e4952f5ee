//! Data-driven: YAML in, diagnostics out, one per line as `line:column level code message | hint`.

mod fuzz;
mod hostile;
mod indicators;
mod kinds;
mod lint;
mod practice;
mod shipped;
mod slo;
mod syntax;

use expect_test::Expect;

use super::{Document, Source, parse, resolve};
use crate::v1::definition::{Diagnostic, Level};

/// A service, and the team that owns it.
const SHOP: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
spec: {owner: shopkeepers}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shopkeepers}
spec: {}
";

fn show(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let level = match d.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        let Diagnostic { line, column, code, message, .. } = d;
        let hint = d.hint.iter().map(|hint| format!(" | {hint}")).collect::<String>();
        format!("{line}:{column} {level} {code}: {message}{hint}\n")
    };
    diagnostics.iter().map(line).collect()
}

fn diagnose(yaml: &str) -> String {
    let parsed = parse(&[Source { path: "a.yaml", text: yaml }]);
    let (definitions, faults) = resolve(&parsed.documents);
    let failed = faults.iter().any(|diagnostic| diagnostic.level == Level::Error);
    let parse_failed = parsed.diagnostics.iter().any(|d| d.level == Level::Error);
    let faulty = parsed.documents.iter().any(|document| document.body.is_none());
    assert!(parse_failed || !faulty, "a document lacks its body only for an error");
    assert_eq!(definitions.is_none(), failed || faulty, "nothing faulty is resolved");
    show(&[parsed.diagnostics, faults].concat())
}

/// Parses and resolves one file, and compares every diagnostic.
fn check(yaml: &str, expected: Expect) {
    expected.assert_eq(&diagnose(yaml));
}

/// Each row, and below it what becomes of it.
fn table(rows: &[&str], outcome: impl Fn(&str) -> String) -> String {
    let indented =
        |text: String| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    rows.iter().map(|row| format!("{row}\n{}", indented(outcome(row)))).collect()
}

fn documents(yaml: &str) -> Vec<Document> {
    let parsed = parse(&[Source { path: "a.yaml", text: yaml }]);
    assert_eq!(show(&parsed.diagnostics), "");
    parsed.documents
}
