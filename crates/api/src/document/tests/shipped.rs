//! The shipped documents say what the practice says; each test is named after its rule.

use plimsoll_domain::alert::tiers::Tier;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::release::ChangeClass;
use plimsoll_domain::release::gate::{Mark, Policy, Rule, Verdict};
use plimsoll_domain::slo::budget::{Marks, Share, Status};
use plimsoll_domain::slo::burn::{self, Severity};
use plimsoll_domain::slo::guide::Guide;
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
    assert!(advice.contains("start reliability work"), "{advice}");
}

/// BUD-02 with the bounds of Z-01: what ships is what a policy without marks means.
#[test]
fn bud_02_and_z_01_the_marks_are_half_a_quarter_and_nothing() {
    let Policy { marks, escalate, unused, .. } = policy();
    assert_eq!(marks, Marks::PRACTICE);
    let shares = [marks.healthy_above(), marks.caution_above(), marks.warning_above()];
    assert_eq!(shares.map(Share::fraction), [0.5, 0.25, 0.0]);
    let at = |mark: Option<Mark>| mark.expect("it ships").at.fraction();
    assert_eq!((at(escalate), at(unused)), (0.1, 0.9));
}

#[test]
fn bud_07_the_classes_are_those_of_the_practice() {
    let practice = [
        "feature",
        "reliability_fix",
        "security_patch",
        "compliance",
        "migration",
        "refactor",
        "experiment",
        "configuration",
    ];
    assert!(practice.iter().all(|class| ChangeClass::parse(class).is_some()));
}

#[test]
fn bud_15_two_services_below_their_slo_strain_a_team() {
    let strain = policy().strain.expect("it ships");
    assert_eq!((strain.services, strain.rule.default), (2, Verdict::Warn));
    assert_eq!(strain.rule.except.len(), FIXES.len(), "fixes are not held up");
}

fn guide() -> Guide {
    shipped().objective_guide().expect("one ships").clone()
}

fn target(fraction: f64) -> Target {
    Target::from_fraction(fraction).expect("in range")
}

#[test]
fn slo_06_availability_and_deployments_begin_where_the_practice_does() {
    let starting: Vec<_> =
        guide().starting.into_iter().map(|start| (start.of, start.target)).collect();
    let expected = [("availability", 0.999), ("deployments that succeed", 0.99)];
    assert_eq!(starting, expected.map(|(of, share)| (of.to_owned(), target(share))));
}

#[test]
fn slo_07_the_chooser_has_the_six_targets_of_the_practice() {
    let efforts = ["low", "low to medium", "medium", "high", "very high", "extreme"];
    let shares = [0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999];
    let choices = guide().targets;
    let found: Vec<_> = choices.iter().map(|choice| choice.target).collect();
    assert_eq!(found, shares.map(target));
    let found: Vec<_> = choices.iter().filter_map(|choice| choice.effort.as_deref()).collect();
    assert_eq!(found, efforts);
    assert!(choices.iter().all(|choice| !choice.uses.is_empty()));
}

#[test]
fn alr_03_and_04_what_belongs_in_a_tier_ships() {
    let tiers = shipped().alert_tiers[&name("default")].clone();
    assert_eq!([&tiers.page, &tiers.ticket, &tiers.log].map(|tier| tier.tell), [true, true, false]);
    let belongs = |tier: &Tier, what: &str| tier.belongs.iter().any(|it| it.contains(what));
    for what in ["objective", "P0 or P1", "data plane", "security incident"] {
        assert!(belongs(&tiers.page, what), "{what}");
    }
    for what in ["not critical", "scheduled maintenance", "low severity"] {
        assert!(belongs(&tiers.ticket, what), "{what}");
    }
    assert_eq!(tiers.ticket.act.as_deref(), Some("in business hours"));
}

/// What `init` writes changes nothing of what ships but its origin.
#[test]
fn what_init_writes_is_what_ships() {
    let files = starter();
    let (_, written) = read(&files);
    let (written, shipped) = (written.expect("no faults"), shipped());
    assert_eq!(written.budget_policies, shipped.budget_policies);
    assert_eq!(written.burn_policies, shipped.burn_policies);
    assert_eq!(written.objective_guides, shipped.objective_guides);
    assert_eq!(written.alert_tiers, shipped.alert_tiers);
    let of_defaults = files.iter().filter(|(path, _)| path.starts_with("defaults/"));
    assert_eq!(of_defaults.count(), 4);
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
    let arms = policy.resolve(&month, target).arms;
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

/// The Site Reliability Workbook, table 5-8: its numbers stand in the document and nowhere else.
#[test]
fn invariant_11_a_default_is_a_document() {
    use Severity::{Page, Ticket};
    let workbook = shipped().burn_policies[&name("workbook")].clone();
    assert_eq!(
        arms(&workbook),
        [
            (Minutes(60), Minutes(5), 14.4, Page),
            (Minutes(360), Minutes(30), 6.0, Page),
            (Minutes(1_440), Minutes(120), 3.0, Ticket),
            (Minutes(4_320), Minutes(360), 1.0, Ticket),
        ]
    );
    assert_eq!((workbook.significance, workbook.page_below), (1e-3, None));
}

#[test]
fn defaults_are_five_documents() {
    assert_eq!(defaults().len(), 5);
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
