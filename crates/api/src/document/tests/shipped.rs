//! The shipped documents say what the practice says; each test is named after its rule.

use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::release::ChangeClass;
use plimsoll_domain::release::gate::{Policy, Rule, Verdict};
use plimsoll_domain::slo::budget::Status;
use plimsoll_domain::slo::burn::{self, Arms, Severity};
use plimsoll_domain::slo::{Target, Window};
use plimsoll_domain::time::Minutes;

use super::show;
use crate::document::{Source, defaults, parse, resolve, starter};

fn shipped() -> Definitions {
    resolve(&[]).0.expect("the defaults have no faults")
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn policy() -> Policy {
    shipped().budget_policies[&name("default")].clone()
}

/// The verdict of each class, by the table alone.
fn verdicts(status: Status) -> impl Fn(ChangeClass) -> Verdict {
    let Rule { default, except, .. } = policy().rules[&status].clone();
    move |class| except.get(&class).copied().unwrap_or(default)
}

fn classes(status: Status, verdict: Verdict) -> Vec<&'static str> {
    let of = verdicts(status);
    let all = ChangeClass::ALL.into_iter().filter(|class| of(*class) == verdict);
    all.map(ChangeClass::as_str).collect()
}

const FIXES: [&str; 3] = ["reliability_fix", "security_patch", "rollback"];

#[test]
fn bud_03_healthy_permits_everything() {
    assert_eq!(classes(Status::Healthy, Verdict::Allow).len(), ChangeClass::ALL.len());
}

#[test]
fn bud_04_caution_warns_of_risky_changes() {
    assert_eq!(classes(Status::Caution, Verdict::Warn), ["migration", "refactor", "experiment"]);
    assert_eq!(classes(Status::Caution, Verdict::Deny), [""; 0]);
    let advice = policy().rules[&Status::Caution].advice.clone().expect("advice");
    assert!(advice.contains("Test risky changes more"), "{advice}");
}

#[test]
fn bud_05_warning_freezes_features() {
    let denied = ["feature", "migration", "refactor", "experiment"];
    assert_eq!(classes(Status::Warning, Verdict::Deny), denied);
    assert_eq!(classes(Status::Warning, Verdict::Warn), ["compliance", "configuration"]);
    assert_eq!(classes(Status::Warning, Verdict::Allow), FIXES);
}

#[test]
fn bud_06_exhausted_permits_only_fixes() {
    assert_eq!(classes(Status::Exhausted, Verdict::Allow), FIXES);
    assert_eq!(classes(Status::Exhausted, Verdict::Warn), [""; 0]);
}

#[test]
fn bud_07_the_table_knows_every_status() {
    assert_eq!(policy().rules.len(), 7);
}

#[test]
fn no_verdict_out_of_ignorance() {
    for status in [Status::NoData, Status::Unmeasured] {
        assert_eq!(classes(status, Verdict::Deny).len(), ChangeClass::ALL.len());
    }
    assert_eq!(classes(Status::NoTraffic, Verdict::Allow), FIXES);
    assert_eq!(classes(Status::NoTraffic, Verdict::Deny), [""; 0]);
    let policy = policy();
    assert_eq!((policy.unmeasured_max, policy.unmeasured_verdict), (0.5, Verdict::Allow));
    assert_eq!(policy.valid_minutes, 60);
    assert_eq!(policy.enforced_environments, []);
}

fn arms(policy: &burn::Policy) -> Vec<(Minutes, Minutes, f64, Severity)> {
    let month = Window::Rolling(Minutes(43_200));
    let target = Target::from_fraction(0.999).expect("a target");
    let arms = policy.resolve(month, target).arms;
    arms.iter().map(|arm| (arm.long, arm.short, arm.factor.as_f64(), arm.severity)).collect()
}

#[test]
fn alr_01_burn_above_3_over_30_minutes_is_a_ticket() {
    let accelerator = shipped().burn_policies[&name("accelerator")].clone();
    assert!(arms(&accelerator).contains(&(Minutes(30), Minutes(5), 3.0, Severity::Ticket)));
}

#[test]
fn alr_02_burn_above_10_or_a_tenth_left_pages() {
    let accelerator = shipped().burn_policies[&name("accelerator")].clone();
    assert!(arms(&accelerator).contains(&(Minutes(30), Minutes(5), 10.0, Severity::Page)));
    assert_eq!(accelerator.page_below, Some(0.1));
}

#[test]
fn invariant_11_a_default_is_a_document() {
    for (text, preset) in [("workbook", Arms::Workbook), ("accelerator", Arms::Accelerator)] {
        let shipped = shipped().burn_policies[&name(text)].clone();
        assert_eq!(shipped, burn::Policy::new(name(text), preset));
    }
}

#[test]
fn defaults_are_three_documents() {
    assert_eq!(defaults().len(), 3);
    assert!(defaults().iter().all(|document| document.body.is_some()));
}

fn read(files: &[(&str, String)]) -> (String, Option<Definitions>) {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source { path, text }).collect();
    let parsed = parse(&sources);
    let (definitions, faults) = resolve(&parsed.documents);
    (show(&[parsed.diagnostics, faults].concat()), definitions)
}

#[test]
fn what_init_writes_has_no_faults() {
    let (faults, definitions) = read(&starter());
    assert_eq!(faults, "");
    assert_eq!(definitions.expect("no faults").slos.len(), 1);
}

#[test]
fn what_init_comments_out_has_no_faults_either() {
    let uncomment = |text: &str| {
        let yaml = |line: &str| {
            line == "---" || line.starts_with(' ') || line.split_once(':').is_some_and(is_key)
        };
        let bare = text.lines().map(|line| line.strip_prefix("# ").unwrap_or(line));
        bare.filter(|line| yaml(line)).map(|line| format!("{line}\n")).collect::<String>()
    };
    let mut files = starter();
    let telemetry = files.iter_mut().find(|(path, _)| *path == "telemetry.yaml");
    let (_, text) = telemetry.expect("there is such a file");
    *text = uncomment(text)
        .lines()
        .filter(|l| !l.contains("remote_write"))
        .fold(String::new(), |text, line| text + line + "\n");
    let (faults, definitions) = read(&files);
    assert_eq!(faults, "");
    let definitions = definitions.expect("no faults");
    assert_eq!((definitions.receivers.len(), definitions.scrape_targets.len()), (1, 1));
}

fn is_key((key, _): (&str, &str)) -> bool {
    ["apiVersion", "kind", "metadata", "spec"].contains(&key)
}

#[test]
fn the_guides_examples_have_no_faults() {
    let guide = include_str!("../../../../../docs/guide/definitions.md");
    let blocks = guide.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let text = blocks.collect::<Vec<_>>().join("---\n");
    let (faults, definitions) = read(&[("guide", text)]);
    assert_eq!(faults, "");
    let definitions = definitions.expect("no faults");
    assert_eq!((definitions.slos.len(), definitions.budget_policies.len()), (2, 2));
}
