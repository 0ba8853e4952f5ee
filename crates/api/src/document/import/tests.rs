use expect_test::expect_file;

use super::*;
use crate::document::resolve;
use crate::v1::definition::{ImportOutcome, Level};

/// Reads one file. Whatever is written, the reader of documents takes without a fault.
fn imported(text: &str, assumed: &Assumed) -> Import {
    let found = import(&[Source { path: "f", text }], assumed);
    let parsed = parse(&[Source { path: "out", text: &found.yaml }]);
    let (_, together) = resolve(&parsed.documents);
    let faults = parsed.diagnostics.iter().chain(&together);
    let errors: Vec<_> = faults.filter(|fault| fault.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{}", found.yaml);
    found
}

/// The documents, and below them the report.
fn told(found: &Import) -> String {
    let line = |note: &ImportNote| {
        let outcome = match note.outcome {
            ImportOutcome::Kept => "kept",
            ImportOutcome::Changed => "changed",
            ImportOutcome::Refused => "refused",
        };
        let hint = note.hint.as_ref().map(|hint| format!("\n#     {hint}")).unwrap_or_default();
        format!("# {}:{} {outcome}: {}{hint}\n", note.line, note.column, note.message)
    };
    found.yaml.clone() + "\n" + &found.notes.iter().map(line).collect::<String>()
}

fn read(text: &str) -> String {
    told(&imported(text, &Assumed::default()))
}

#[test]
fn a_file_of_sloth_becomes_its_service_and_an_slo_each() {
    let found = read(include_str!("tests/sloth.yaml"));
    expect_file!["tests/sloth.out.yaml"].assert_eq(&found);
}

#[test]
fn what_sloth_does_that_is_not_done_here_is_refused_at_its_line() {
    let found = read(include_str!("tests/sloth-refused.yaml"));
    expect_file!["tests/sloth-refused.out.yaml"].assert_eq(&found);
}

#[test]
fn resources_of_sloth_come_out_of_a_list_too() {
    let found = read(include_str!("tests/sloth-list.yaml"));
    expect_file!["tests/sloth-list.out.yaml"].assert_eq(&found);
}

const PYRRA: &str = include_str!("tests/pyrra.yaml");

#[test]
fn objectives_of_pyrra_become_slos_of_the_service_that_is_named() {
    let assumed = Assumed::read(Some("books"), None).expect("a name");
    expect_file!["tests/pyrra.out.yaml"].assert_eq(&told(&imported(PYRRA, &assumed)));
}

#[test]
fn an_objective_of_pyrra_without_a_service_is_refused() {
    let found = imported(PYRRA, &Assumed::default());
    let of_none = found.notes.iter().filter(|note| note.message.ends_with("names no service"));
    assert_eq!(of_none.count(), 4);
    assert_eq!(found.yaml.matches("kind: SLO\n").count(), 1);
}

#[test]
fn timeslices_of_v1alpha_need_their_target() {
    let slo = |method: &str, target: &str| {
        format!(
            "apiVersion: openslo/v1alpha\nkind: SLO\nmetadata: {{name: latency}}\nspec:\n  \
             service: books\n  budgetingMethod: {method}\n  \
             timeWindows: [{{unit: Day, count: 7, isRolling: true}}]\n  \
             objectives: [{{target: 0.99{target}, ratioMetrics: {{good: {{query: a}}, total: \
             {{query: b}}}}}}]\n"
        )
    };
    let refused = |method: &str, target: &str| {
        let found = imported(&slo(method, target), &Assumed::default());
        assert!(!found.yaml.contains("kind: SLO"), "{}", found.yaml);
        found.notes.iter().map(|note| note.message.clone()).collect::<Vec<_>>().join("; ")
    };
    assert!(refused("Timeslices", "").contains("`timeSliceTarget` is missing"));
    assert!(refused("Sometimes", "").contains("`Sometimes` is no method"));
    let read = imported(&slo("Timeslices", ", timeSliceTarget: 0.9"), &Assumed::default());
    assert!(read.yaml.contains("timeSliceTarget: 0.9, timeSliceWindow: 1m"), "{}", read.yaml);
}

#[test]
fn each_objective_of_openslo_v1alpha_is_an_slo() {
    let found = read(include_str!("tests/alpha.yaml"));
    expect_file!["tests/alpha.out.yaml"].assert_eq(&found);
}

#[test]
fn what_is_read_anyway_stays_as_it_is_and_the_rest_is_named() {
    let found = read(include_str!("tests/others.yaml"));
    expect_file!["tests/others.out.yaml"].assert_eq(&found);
}

#[test]
fn a_window_and_a_service_are_said_or_refused_in_words() {
    let window = Assumed::read(None, Some("28d")).expect("a window").window;
    assert_eq!(window.to_string(), "28d");
    for (service, window) in [(Some("no name"), None), (None, Some("5m")), (None, Some("a"))] {
        let refused = Assumed::read(service, window).expect_err("not these");
        assert!(refused.starts_with('`'), "{refused}");
    }
}

/// The service comes first, and once, whoever names it.
#[test]
fn files_are_joined_and_a_service_that_is_written_out_is_kept() {
    let sloth = Source { path: "a", text: include_str!("tests/sloth.yaml") };
    let alpha = Source { path: "b", text: include_str!("tests/alpha.yaml") };
    for files in [[sloth, alpha], [alpha, sloth]] {
        let found = import(&files, &Assumed::default());
        assert_eq!(found.yaml.matches("kind: Service\n").count(), 1, "{}", found.yaml);
        assert!(found.yaml.starts_with("apiVersion: openslo/v1\nkind: Service\n"));
    }
}
