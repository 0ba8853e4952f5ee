//! Documents that tests of several rooms declare; each begins with its own `---`.

use std::fmt;

/// The team that owns everything.
pub const CREW: &str = "---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: crew}
spec: {type: team, children: []}
";

/// A policy by which a minute of failures pages.
pub const QUICK: &str = "---
apiVersion: plimsoll/v1
kind: BurnPolicy
metadata: {name: quick}
spec:
  arms: [{long: 1m, short: 1m, factor: 5, severity: page}]
  significance: 0.001
  noData: {after: 60m, severity: ticket}
";

/// A service of the crew.
pub fn component(name: &str) -> String {
    format!(
        "---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {name}}}
spec: {{type: service, lifecycle: production, owner: 'group:crew'}}
"
    )
}

/// A webhook at which the crew is told.
pub fn receiver(name: &str, url: &str) -> String {
    format!(
        "---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {{name: {name}}}
spec: {{team: crew, webhook: {{url: '{url}'}}}}
"
    )
}

/// An SLO about the requests that a counter with a label `code` counts, those of 5xx being bad.
#[derive(Debug, Clone, Copy)]
pub struct Slo<'a> {
    /// Its name.
    pub name: &'a str,
    /// The service it belongs to.
    pub service: &'a str,
    /// The counter.
    pub metric: &'a str,
    /// What selects its series, as in PromQL between the braces.
    pub matchers: &'a str,
    /// How long it looks back.
    pub window: &'a str,
    /// The share that is to be good.
    pub target: f64,
    /// The burn policy by which it alerts; none for what is usual.
    pub policy: Option<&'a str>,
}

impl Default for Slo<'_> {
    fn default() -> Self {
        let (window, target, policy) = ("1d", 0.99, None);
        Self { name: "", service: "", metric: "", matchers: "", window, target, policy }
    }
}

impl fmt::Display for Slo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, service, metric, matchers, window, target, policy } = self;
        write!(
            f,
            "---
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}}}
spec:
  service: {service}
  indicator:
    metadata: {{name: {name}-requests}}
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource: {{spec: {{query: 'sum(rate({metric}{{{matchers},code=~\"5..\"}}[5m]))'}}}}
        total:
          metricSource: {{spec: {{query: 'sum(rate({metric}{{{matchers}}}[5m]))'}}}}
  timeWindow: [{{duration: {window}, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: {target}}}]
"
        )?;
        policy.map_or(Ok(()), |policy| writeln!(f, "  alertPolicies: [{policy}]"))
    }
}
