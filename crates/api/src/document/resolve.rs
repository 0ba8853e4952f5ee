//! Documents to [`Definitions`]: references followed, defaults beneath, and what lint can compute.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_domain::alert::tiers;
use plimsoll_domain::catalog::{Name, Service, Team};
use plimsoll_domain::definitions::Definitions;
use plimsoll_domain::slo::slices::Slicing;
use plimsoll_domain::slo::tally;
use plimsoll_domain::slo::{Slo, Window, burn, guide, minutes};
use plimsoll_domain::time::Minutes;

use super::openslo::sli::Sli;
use super::openslo::slo::Indicator;
use super::position::{At, Fault};
use super::references::{Names, dangling};
use super::{Body, Document, Kind, backstage, defaults, openslo};
use crate::v1::definition::{Diagnostic, Level};

/// The burn policy of SLOs that name none.
const DEFAULT_BURN_POLICY: &str = "workbook";

/// Joins all documents in force, with the shipped defaults beneath them: a document of the same
/// kind and name takes a default's place.
///
/// The second value is every fault, warnings among them. The first is `None` when one is an error,
/// or when a document has no body.
pub fn resolve<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
) -> (Option<Definitions>, Vec<Diagnostic>) {
    let Salvaged { definitions, diagnostics, whole } = salvage(documents);
    (whole.then_some(definitions), diagnostics)
}

/// What could be joined of documents that may have errors.
#[derive(Debug)]
pub struct Salvaged {
    /// All that has no error, and rests on nothing that has one.
    pub definitions: Definitions,
    /// Every fault, warnings among them.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether nothing was left out.
    pub whole: bool,
}

/// The same, leaving out what has errors: for documents that were sound by the rules of the version
/// that took them.
pub fn salvage<'d>(documents: impl IntoIterator<Item = &'d Document>) -> Salvaged {
    let shipped = defaults();
    let mut all: Vec<&Document> = documents.into_iter().collect();
    let written: BTreeSet<_> = all.iter().map(|d| (&d.kind, &d.name)).collect();
    let beneath: Vec<_> =
        shipped.iter().filter(|d| !written.contains(&(&d.kind, &d.name))).collect();
    all.extend(beneath);

    let names = Names::of(&all);
    let mut diagnostics = dangling(&all, &names);
    let definitions = join(&all, &mut diagnostics);
    lint_owners(&all, &names, &definitions, &mut diagnostics);
    diagnostics.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error);
    let whole = !failed && all.iter().all(|document| document.body.is_some());
    Salvaged { definitions, diagnostics, whole }
}

/// Joins what can be joined; documents that lack something are left out.
fn join(all: &[&Document], diagnostics: &mut Vec<Diagnostic>) -> Definitions {
    let mut definitions = Definitions::default();
    let mut slis = BTreeMap::new();
    for document in all {
        let name = document.name.clone();
        match &document.body {
            None | Some(Body::DataSource | Body::Slo(_)) => {}
            Some(Body::Sli(sli)) => {
                slis.insert(name, sli);
            }
            Some(Body::Service(service)) => of_service(&mut definitions, name, service),
            Some(Body::Component(component)) => of_component(&mut definitions, name, component),
            Some(Body::Group(group)) => {
                let team = Team { name: name.clone(), display_name: group.display_name.clone() };
                definitions.teams.insert(name, team);
            }
            Some(Body::BurnPolicy(policy)) => {
                definitions.burn_policies.insert(name, policy.clone());
            }
            Some(Body::Receiver(receiver)) => {
                definitions.receivers.insert(name, receiver.clone());
            }
            Some(Body::ScrapeTarget(target)) => {
                definitions.scrape_targets.insert(name, target.clone());
            }
            Some(Body::ErrorBudgetPolicy(policy)) => {
                definitions.budget_policies.insert(name, policy.clone());
            }
            Some(Body::ObjectiveGuide(guide)) => {
                lint_in_force(document, guide::IN_FORCE, diagnostics);
                definitions.objective_guides.insert(name, guide.clone());
            }
            Some(Body::AlertTiers(tiers)) => {
                lint_in_force(document, tiers::IN_FORCE, diagnostics);
                definitions.alert_tiers.insert(name, tiers.clone());
            }
            Some(Body::KnownViolation(violation)) => {
                definitions.known_violations.insert(name, violation.clone());
            }
        }
    }
    for document in all {
        let Some(Body::Slo(body)) = &document.body else { continue };
        let Some(indicator) = measured(document, body, &slis, diagnostics) else { continue };
        let Some(slo) = of_slo(&definitions, &document.name, body, indicator) else { continue };
        lint_slo(document, body, &slo, diagnostics);
        lint_tier(&definitions, document, body, &slo, diagnostics);
        definitions.slos.insert(document.name.clone(), slo);
    }
    definitions
}

fn service_entry<'d>(definitions: &'d mut Definitions, name: &Name) -> &'d mut Service {
    definitions.services.entry(name.clone()).or_insert_with(|| Service {
        name: name.clone(),
        display_name: None,
        description: None,
        owner: None,
        tier: None,
        depends_on: Vec::new(),
        budget_policy: None,
    })
}

/// OpenSLO's Service fills in what no Component says.
fn of_service(definitions: &mut Definitions, name: Name, body: &openslo::Service) {
    let service = service_entry(definitions, &name);
    let openslo::Service { display_name, description } = body.clone();
    service.display_name = service.display_name.take().or(display_name);
    service.description = service.description.take().or(description);
}

/// A Component of the same name is the same service, and has the last word.
fn of_component(definitions: &mut Definitions, name: Name, body: &backstage::Component) {
    let service = service_entry(definitions, &name);
    let backstage::Component { display_name, description, owner, tier, depends_on, budget_policy } =
        body.clone();
    service.display_name = display_name.or(service.display_name.take());
    service.description = description.or(service.description.take());
    service.owner = owner;
    service.tier = tier;
    service.depends_on = depends_on;
    service.budget_policy = budget_policy;
}

/// What the SLI and the objective say together.
fn measured(
    document: &Document,
    body: &openslo::slo::Slo,
    slis: &BTreeMap<Name, &Sli>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<tally::Indicator> {
    let sli = match &body.indicator {
        Indicator::Inline(sli) => sli,
        Indicator::Named(name) => slis.get(name)?,
    };
    let (at, fault) = match (sli, &body.objective.condition) {
        (Sli::Ratio(indicator), None) => return Some(indicator.clone()),
        (Sli::Gauge(gauge), Some(condition)) => {
            return Some(tally::Indicator::gauge(gauge.clone(), condition.value));
        }
        (Sli::Ratio(_), Some(condition)) => {
            let message = "`op` and `value` belong to a thresholdMetric, and this SLI is a ratio";
            let hint = "leave them out: a ratio has its threshold in its queries, as le=\"0.3\" or \
                        histogram_fraction(0, 0.3, …)";
            (condition.at, Fault::error("slo.condition", message).hint(hint))
        }
        (Sli::Gauge(_), None) => {
            let message =
                "the objective does not say which samples of the thresholdMetric are good";
            let hint = "`op` (lt, lte, gt or gte) and `value`, beside `target`";
            (body.objective.at, Fault::error("slo.condition", message).hint(hint))
        }
    };
    diagnostics.push(fault.at(&document.origin.path, at));
    None
}

fn of_slo(
    definitions: &Definitions,
    name: &Name,
    body: &openslo::slo::Slo,
    indicator: tally::Indicator,
) -> Option<Slo> {
    let burn_policy = match &body.burn_policy {
        Some(policy) => definitions.burn_policies.get(policy),
        None => definitions.burn_policies.get(DEFAULT_BURN_POLICY),
    };
    Some(Slo {
        name: name.clone(),
        display_name: body.display_name.clone(),
        description: body.description.clone(),
        service: body.service.clone(),
        target: body.objective.target.value,
        window: body.window.value.clone(),
        budgeting: body.budgeting,
        indicator,
        burn_policy: burn_policy?.clone(),
        budget_terms: definitions.budget_policy_of(&body.service)?.terms(),
    })
}

/// Arms that cannot do what they are for.
fn lint_slo(
    document: &Document,
    body: &openslo::slo::Slo,
    slo: &Slo,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let path = &document.origin.path;
    let resolved = slo.burn_policy.resolve(&slo.window, slo.target);
    let window = slo.window.length();
    for arm in &resolved.unreachable {
        let factor = arm.factor.as_f64();
        let percent = tidy(slo.target.fraction() * 100.0);
        let most = tidy(1.0 / slo.target.budget_fraction());
        let message = format!(
            "the arm over {} can never fire: at {percent} % a total outage burns {most}×, not more \
             than {factor}×",
            arm.long
        );
        let hint = format!(
            "a target above {} %, or a burn policy with lower factors",
            tidy((1.0 - 1.0 / factor) * 100.0)
        );
        let fault = Fault::warning("slo.unreachable_arm", message).hint(hint);
        diagnostics.push(fault.at(path, body.objective.target.at));
    }
    for (long, factor) in &resolved.dropped {
        let message = format!(
            "the arm over {long} ({}×) is left out: scaled to a window of {window} it is shorter \
             than 5 minutes",
            factor.as_f64()
        );
        let fault = Fault::warning("slo.dropped_arm", message)
            .hint("write the arms out in a BurnPolicy to use shorter ones");
        diagnostics.push(fault.at(path, body.window.at));
    }
    for arm in resolved.arms.iter().filter(|arm: &&burn::Arm| arm.long > window) {
        let message = format!("the window of {window} is shorter than the arm over {}", arm.long);
        let fault = Fault::warning("slo.window_shorter_than_arm", message);
        diagnostics.push(fault.at(path, body.window.at));
    }
    lint_window(&body.window, path, diagnostics);
    if let Some(slicing) = slo.budgeting.slicing() {
        lint_slices(document, body, slo, slicing, diagnostics);
    }
}

/// Slices that are too few for the target, or too long for the burn policy.
fn lint_slices(
    document: &Document,
    body: &openslo::slo::Slo,
    slo: &Slo,
    slicing: Slicing,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let path = &document.origin.path;
    let length = slicing.length.minutes();
    let window = slo.window.length();
    let slices = window.0 / length.0;
    if f64::from(slices) * slo.target.budget_fraction() < 1.0 {
        let message = format!(
            "a single bad slice spends all of the budget: {window} is {slices} slices of {length}"
        );
        let hint = "shorter slices, a longer window, or a looser target";
        let fault = Fault::warning("slo.no_slice_to_spare", message).hint(hint);
        diagnostics.push(fault.at(path, body.objective.at));
    }
    let arms = slo.burn_policy.resolve(&slo.window, slo.target).arms;
    let blunt = arms.iter().filter(|arm| arm.short < length);
    let blunt: Vec<String> = blunt.map(|arm| format!("{}/{}", arm.long, arm.short)).collect();
    if !blunt.is_empty() {
        let message = format!(
            "the short windows of {} are shorter than a slice of {length}: each looks at one slice",
            blunt.join(", ")
        );
        let hint = "shorter slices alert sooner, and end alerts sooner";
        let fault = Fault::warning("slo.slice_longer_than_arm", message).hint(hint);
        diagnostics.push(fault.at(path, body.objective.at));
    }
}

/// A target that is stricter than what depends on the service asks for (SLO-07).
fn lint_tier(
    definitions: &Definitions,
    document: &Document,
    body: &openslo::slo::Slo,
    slo: &Slo,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let tier = definitions.services.get(&slo.service).and_then(|service| service.tier);
    let guide = definitions.objective_guide();
    let Some((tier, guide)) = tier.zip(guide) else { return };
    let Some(strictest) = guide.strictest(tier).filter(|strictest| slo.target > *strictest) else {
        return;
    };
    let message = format!(
        "{} % is stricter than the {} % that fit tier {}: the budget is {} times smaller",
        tidy(slo.target.fraction() * 100.0),
        tidy(strictest.fraction() * 100.0),
        u8::from(tier),
        tidy(guide::shrinks(strictest, slo.target)),
    );
    let hint = "a looser target, another tier, or an ObjectiveGuide of your own named `default`";
    let fault = Fault::warning("slo.target_above_tier", message).hint(hint);
    diagnostics.push(fault.at(&document.origin.path, body.objective.target.at));
}

/// A document of a kind of which only one is in force.
fn lint_in_force(document: &Document, in_force: &str, diagnostics: &mut Vec<Diagnostic>) {
    if document.name.as_str() == in_force {
        return;
    }
    let message = format!("nothing goes by this {}: it is not named `{in_force}`", document.kind);
    let fault = Fault::warning("document.not_in_force", message);
    let fault = fault.hint(format!("name it `{in_force}` to replace the one that ships"));
    diagnostics.push(fault.at(&document.origin.path, document.name_at));
}

/// A window that reaches further back than minutes do.
fn lint_window(window: &At<Window>, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    let kept = Minutes(minutes::KEPT_DAYS * 1_440);
    if window.value.length() <= kept {
        return;
    }
    let message = format!(
        "the window of {} is longer than minutes are kept ({kept} by default): its old edge \
         is widened to whole hours",
        window.value
    );
    let hint = "nothing to mend, unless it must move by the minute; `minutes_kept_days` is set in \
                the server's configuration";
    let fault = Fault::warning("slo.window_by_hours", message).hint(hint);
    diagnostics.push(fault.at(path, window.at));
}

/// A number with at most four decimals, as people write it.
fn tidy(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}

fn lint_owners(
    all: &[&Document],
    names: &Names<'_>,
    definitions: &Definitions,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut told = BTreeSet::new();
    // Components first: that is where an owner is written.
    for kind in [Kind::Component, Kind::Service] {
        for document in all.iter().filter(|document| document.kind == kind.as_str()) {
            let service = definitions.services.get(&document.name);
            let unowned = service.is_some_and(|service| service.owner.is_none());
            // A Component that has errors may well name an owner.
            let unsure = names.has_faulty_component(&document.name);
            if !unowned || unsure || !told.insert(&document.name) {
                continue;
            }
            let message = format!("the service `{}` has no owner", document.name);
            let fault = Fault::warning("service.unowned", message).hint(
                "write a Component of that name with `spec.owner`: its alerts go to the default \
                 receiver",
            );
            diagnostics.push(fault.at(&document.origin.path, document.name_at));
        }
    }
}
