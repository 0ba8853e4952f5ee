//! Everyone who uses the server at once: senders of telemetry, a pipeline, a gate, services that
//! begin to fail; and all of their acknowledgements.

use std::time::Duration;

use plimsoll_trials::dice::Dice;
use plimsoll_trials::documents::{CREW, QUICK, Slo, component, receiver};

use crate::burns::{Burns, RECEIVERS, UNITS, now_ms};
use crate::clerk::Clerk;
use crate::inbox::Inbox;
use crate::kills::passes;
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

    /// Puts it under load, and kills it at a moment that comes in a while.
    pub(crate) async fn run_until_killed(
        &mut self,
        victim: &Victim,
        site: &Site,
        moment: Duration,
        ledger: &mut Ledger,
    ) {
        let killer = async {
            passes(moment).await;
            assert!(victim.kill(), "the server ended by itself:\n{}", site.logged());
        };
        tokio::join!(self.run(victim, ledger), killer);
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
    let mut text = [CREW, QUICK, &component("shop"), &component("pier")].concat();
    for name in RECEIVERS {
        text += &receiver(name, &inbox.url(name));
    }
    for writer in WRITERS {
        let (name, matchers) = (format!("shop-{writer}"), format!("writer=\"{writer}\""));
        text += &slo("shop", &name, "shop_requests_total", &matchers);
    }
    for unit in 0..UNITS {
        let (name, matchers) = (format!("unit-{unit}"), format!("unit=\"{unit}\""));
        text += &slo("pier", &name, "unit_requests_total", &matchers);
    }
    text
}

fn slo(service: &str, name: &str, metric: &str, matchers: &str) -> String {
    let policy = Some("quick");
    Slo { name, service, metric, matchers, policy, ..Slo::default() }.to_string()
}
