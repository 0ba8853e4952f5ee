//! Services that begin to fail, one after the other, and what is owed for it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use plimsoll_trials::dice::Dice;

use crate::inbox::{Delivery, Inbox};
use crate::ledger::Ledger;
use crate::victim::{PATIENCE, Reply, Victim};
use crate::writer::{Labels, pack};

/// Who is told.
pub(crate) const RECEIVERS: [&str; 2] = ["bridge", "engine-room"];

/// How many objectives there are to be burnt.
pub(crate) const UNITS: usize = 25;

/// The units of a fleet.
pub(crate) struct Burns {
    burning: BTreeSet<usize>,
    dice: Dice,
}

impl Burns {
    pub(crate) fn new(dice: Dice) -> Self {
        Self { burning: BTreeSet::new(), dice }
    }

    /// Tells of every unit that it has been well for a few minutes.
    pub(crate) async fn begin(&self, victim: &Victim) {
        let now_ms = now_ms();
        let past = [180, 120, 60].map(|seconds| (now_ms - seconds * 1_000, 1_000));
        let series =
            (0..UNITS).flat_map(|unit| CODES.map(|code| (labels(unit, code), past.into())));
        let reply = victim.write(pack(series)).await;
        assert!(matches!(reply, Reply::Acknowledged(_)), "{reply:?}");
    }

    /// Sets the next unit on fire at some moment of the round.
    pub(crate) async fn run(&mut self, victim: &Victim) {
        let pause = self.dice.while_of(200);
        let _ = tokio::time::timeout(pause, std::future::pending::<()>()).await;
        self.ignite(victim).await;
    }

    /// Sets the next unit on fire; it burns once that is acknowledged.
    pub(crate) async fn ignite(&mut self, victim: &Victim) {
        let unit = self.burning.len();
        if unit == UNITS {
            return;
        }
        let now_ms = now_ms();
        let series = CODES.map(|code| on_fire(unit, code, now_ms));
        if let Reply::Acknowledged(_) = victim.write(pack(series)).await {
            self.burning.insert(unit);
        }
    }

    /// Sets every unit on fire at once.
    pub(crate) async fn ignite_all(&mut self, victim: &Victim) {
        let now_ms = now_ms();
        let series = (0..UNITS).flat_map(|unit| CODES.map(|code| on_fire(unit, code, now_ms)));
        let reply = victim.write(pack(series)).await;
        assert!(matches!(reply, Reply::Acknowledged(_)), "{reply:?}");
        self.burning.extend(0..UNITS);
    }

    /// Waits until everything owed has been delivered and is known to be.
    pub(crate) async fn settle(&self, victim: &Victim, inbox: &Inbox, ledger: &mut Ledger) {
        let started = std::time::Instant::now();
        loop {
            let owed = victim.list("/api/v1/notifications").await;
            let opened = self.opened(&inbox.deliveries());
            let ended = ["accepted", "superseded"];
            let waiting = owed.iter().filter(|one| ended.iter().all(|end| one["state"] != *end));
            let waiting = waiting.count();
            if opened.len() >= self.burning.len() * RECEIVERS.len() && waiting == 0 {
                return;
            }
            if started.elapsed() > PATIENCE {
                let told = opened.len();
                let burning = self.burning.len();
                ledger.lost(format!("{waiting} wait; of {burning} burning units told {told}"));
                return;
            }
            inbox.stirs().await;
        }
    }

    /// Who was told that a unit burns: by unit and receiver, the keys of the messages.
    fn opened(&self, deliveries: &[Delivery]) -> BTreeMap<(usize, String), BTreeSet<String>> {
        let mut opened: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for delivery in deliveries.iter().filter(|delivery| delivery.what == "alert.opened") {
            let unit = delivery.slo.strip_prefix("unit-").and_then(|unit| unit.parse().ok());
            let Some(unit) = unit.filter(|unit| self.burning.contains(unit)) else { continue };
            let to = (unit, delivery.receiver.clone());
            opened.entry(to).or_default().insert(delivery.key.clone());
        }
        opened
    }

    /// Compares what was delivered with what the server says it owed.
    pub(crate) async fn check(&self, victim: &Victim, inbox: &Inbox, ledger: &mut Ledger) {
        let deliveries = inbox.deliveries();
        for (unit, receiver) in self.burning.iter().flat_map(|unit| RECEIVERS.map(|to| (*unit, to)))
        {
            let opened = self.opened(&deliveries);
            match opened.get(&(unit, receiver.to_owned())).map_or(0, BTreeSet::len) {
                0 => ledger.lost(format!("{receiver} was never told that unit {unit} burns")),
                1 => {}
                times => ledger.doubled(format!("unit {unit} opened {times} times for {receiver}")),
            }
        }
        let owed = victim.list("/api/v1/notifications").await;
        let mut by_key: BTreeMap<&str, Vec<&Delivery>> = BTreeMap::new();
        for delivery in &deliveries {
            by_key.entry(&delivery.key).or_default().push(delivery);
        }
        for one in &owed {
            let id = one["id"].as_str().unwrap_or_default();
            let delivered = by_key.remove(id).unwrap_or_default();
            let senders: BTreeSet<&str> = delivered.iter().map(|one| one.from.as_str()).collect();
            if delivered.is_empty() {
                ledger.lost(format!("{one} was never delivered"));
            }
            if senders.len() < delivered.len() {
                ledger.doubled(format!("{one} was delivered twice without a crash between"));
            }
            ledger.redelivered += delivered.len().saturating_sub(1) as u64;
            ledger.notifications += 1;
        }
        for key in by_key.keys() {
            ledger.lost(format!("the record of {key}, which was delivered"));
        }
    }
}

const CODES: [&str; 2] = ["200", "500"];

/// Well until ten seconds ago, and failing since.
fn on_fire(unit: usize, code: &str, now_ms: i64) -> (Labels, Vec<(i64, u64)>) {
    let value = if code == "500" { 2_000 } else { 1_000 };
    (labels(unit, code), vec![(now_ms - 10_000, 1_000), (now_ms, value)])
}

fn labels(unit: usize, code: &str) -> Labels {
    let name = ("__name__", "unit_requests_total".into());
    vec![name, ("code", code.into()), ("unit", unit.to_string())]
}

pub(crate) fn now_ms() -> i64 {
    let since: Duration = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("before the year 292 million")
}
