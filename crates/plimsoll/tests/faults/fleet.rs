//! Everyone who uses the server at once: senders of telemetry, a pipeline, a gate, services that
//! begin to fail; and all of their acknowledgements.

use std::fmt::Write as _;

use crate::burns::{Burns, RECEIVERS, UNITS, now_ms};
use crate::clerk::Clerk;
use crate::dice::Dice;
use crate::inbox::Inbox;
use crate::ledger::Ledger;
use crate::site::Site;
use crate::victim::Victim;
use crate::writer::Writer;

const WRITERS: [&str; 3] = ["a", "b", "c"];

/// The samples of the writers lie in the past, so that a second of theirs need not take one.
const PAST_MS: i64 = 20 * 3_600_000;

/// All of them.
pub(crate) struct Fleet {
    pub(crate) writers: [Writer; 3],
    pub(crate) deployments: Clerk,
    pub(crate) decisions: Clerk,
    pub(crate) burns: Burns,
    pub(crate) inbox: Inbox,
    pub(crate) token: String,
}

impl Fleet {
    /// Starts a server on a fresh directory, declares everything, and sends what later samples are
    /// compared with. The server still runs.
    pub(crate) async fn embark(
        site: &Site,
        dice: &mut Dice,
        ledger: &mut Ledger,
    ) -> (Self, Victim) {
        let token = site.token();
        let inbox = Inbox::open(dice.split()).await;
        let victim = site.start(&token);
        site.apply(&victim, &definitions(&inbox));
        let first_ms = now_ms() - PAST_MS;
        let writers = WRITERS.map(|name| Writer::new(name, first_ms, dice.split()));
        let burns = Burns::new(dice.split());
        burns.begin(&victim).await;
        let (deployments, decisions) = (Clerk::of_deployments(), Clerk::of_decisions());
        let mut fleet = Self { writers, deployments, decisions, burns, inbox, token };
        fleet.settle(&victim, ledger).await;
        (fleet, victim)
    }

    /// Puts the server under load until it does not answer any more.
    pub(crate) async fn run(&mut self, victim: &Victim, ledger: &mut Ledger) {
        let [a, b, c] = &mut self.writers;
        let (mut of_b, mut of_c) = (Ledger::default(), Ledger::default());
        tokio::join!(
            a.run(victim, ledger),
            b.run(victim, &mut of_b),
            c.run(victim, &mut of_c),
            self.deployments.run(victim),
            self.decisions.run(victim),
            self.burns.run(victim),
        );
        ledger.writes += of_b.writes + of_c.writes;
        ledger.retried += of_b.retried + of_c.retried;
    }

    /// Sends what was in flight again, until it is acknowledged.
    pub(crate) async fn settle(&mut self, victim: &Victim, ledger: &mut Ledger) {
        for writer in &mut self.writers {
            writer.settle(victim, ledger).await;
        }
    }

    /// Compares what the server says with what it acknowledged: first as the crash left it, then
    /// with everything in flight sent again.
    pub(crate) async fn check(&mut self, victim: &Victim, ledger: &mut Ledger) {
        self.check_writers(victim, ledger).await;
        self.settle(victim, ledger).await;
        self.compare(victim, ledger).await;
    }

    /// Compares without sending anything.
    pub(crate) async fn compare(&self, victim: &Victim, ledger: &mut Ledger) {
        self.check_writers(victim, ledger).await;
        self.deployments.check(victim, ledger).await;
        self.decisions.check(victim, ledger).await;
    }

    /// Forgets refusals that a failing disk is answerable for.
    pub(crate) fn forgive(&mut self) {
        self.deployments.refused.clear();
        self.decisions.refused.clear();
    }

    async fn check_writers(&self, victim: &Victim, ledger: &mut Ledger) {
        for writer in &self.writers {
            writer.check(victim, ledger).await;
        }
    }

    /// Waits for everything that is owed, and compares all of it; the server ends as it is told to,
    /// and its history is sound.
    pub(crate) async fn land(mut self, site: &Site, victim: Victim, ledger: &mut Ledger) {
        self.check(&victim, ledger).await;
        self.burns.settle(&victim, &self.inbox, ledger).await;
        self.burns.check(&victim, &self.inbox, ledger).await;
        let none: [String; 0] = [];
        assert_eq!(self.deployments.refused, none);
        assert_eq!(self.decisions.refused, none);
        ledger.deployments += self.deployments.acknowledged();
        ledger.decisions += self.decisions.acknowledged();
        let ended = victim.stop().await;
        assert!(ended.success(), "{ended}\n{}", site.logged());
        site.run(&["verify", "--data", site.data_text()]);
    }
}

fn definitions(inbox: &Inbox) -> String {
    let mut text = String::from(
        "
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: crew}
spec: {type: team, children: []}
---
apiVersion: plimsoll/v1
kind: BurnPolicy
metadata: {name: quick}
spec:
  arms: [{long: 1m, short: 1m, factor: 5, severity: page}]
  significance: 0.001
  noData: {after: 60m, severity: ticket}
",
    );
    for receiver in RECEIVERS {
        let url = inbox.url(receiver);
        write!(
            text,
            "---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {{name: {receiver}}}
spec: {{team: crew, webhook: {{url: '{url}'}}}}
"
        )
        .unwrap();
    }
    for service in ["shop", "pier"] {
        write!(
            text,
            "---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {service}}}
spec: {{type: service, lifecycle: production, owner: 'group:crew'}}
"
        )
        .unwrap();
    }
    for writer in WRITERS {
        text += &slo("shop", &format!("shop-{writer}"), "shop", &format!("writer=\"{writer}\""));
    }
    for unit in 0..UNITS {
        text += &slo("pier", &format!("unit-{unit}"), "unit", &format!("unit=\"{unit}\""));
    }
    text
}

fn slo(service: &str, name: &str, metric: &str, matcher: &str) -> String {
    let series = format!("{metric}_requests_total{{{matcher}");
    format!(
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
          metricSource: {{spec: {{query: 'sum(rate({series},code=~\"5..\"}}[5m]))'}}}}
        total:
          metricSource: {{spec: {{query: 'sum(rate({series}}}[5m]))'}}}}
  timeWindow: [{{duration: 1d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: 0.99}}]
  alertPolicies: [quick]
"
    )
}
