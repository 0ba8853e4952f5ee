//! What must be true of a history: judged from outside, by what the server says at the end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plimsoll_domain::alert::Transition;
use plimsoll_domain::notify::{Progress, Superseded};
use plimsoll_server::app::seals;
use plimsoll_store::{NotificationFilter, NotificationRecord, PageRequest};
use serde_json::Value;

use super::clerk::Errand;
use super::course::Course;
use super::figures::Figures;
use super::receivers::{Answer, Delivery, NAMES};
use super::senders::{Count, UNITS};

/// How many lines of a history are shown.
const SHOWN: usize = 120;

impl Course {
    /// What was wrong, with the end of the history.
    pub(super) fn judged(self) -> Result<Figures, String> {
        if self.faults.is_empty() {
            return Ok(self.figures);
        }
        let from = self.trace.len().saturating_sub(SHOWN);
        let (faults, trace) = (self.faults.join("\n  "), self.trace[from..].join("\n  "));
        Err(format!("\n  {faults}\n{} lines, the last:\n  {trace}", self.trace.len()))
    }

    fn get(&self, replica: usize, path: &str) -> Value {
        self.replicas[replica].process.as_ref().unwrap().get(path)
    }

    fn items(&self, replica: usize, path: &str) -> Vec<Value> {
        let page = self.get(replica, path);
        assert!(page["next_cursor"].is_null(), "{path} has more than a page");
        page["items"].as_array().unwrap().clone()
    }

    /// Alerts with their timelines.
    fn alerts(&self) -> Vec<Value> {
        let alerts = self.items(0, "/api/v1/alerts?limit=500");
        let id = |alert: &Value| alert["id"].as_str().unwrap().to_owned();
        alerts.iter().map(|alert| self.get(0, &format!("/api/v1/alerts/{}", id(alert)))).collect()
    }

    /// Every unit's newest alert is in that phase.
    pub(super) fn expect_phase(&mut self, phase: &str) {
        let alerts = self.items(0, "/api/v1/alerts?limit=500");
        for unit in 0..UNITS {
            let slo = format!("unit-{unit}");
            let newest = alerts.iter().find(|alert| alert["slo"] == *slo);
            let found = newest.map_or("closed", |alert| alert["phase"].as_str().unwrap());
            if found != phase {
                let ms = self.times.passed_ms();
                self.faults.push(format!("at {ms} ms the alert of {slo} is {found}, not {phase}"));
            }
        }
    }

    /// How often each unit was seen to begin burning. They are counted, since a clock that was ahead
    /// may have dated one of them later than now.
    pub(super) fn outages(&mut self) -> [usize; UNITS] {
        let alerts = self.alerts();
        std::array::from_fn(|unit| {
            let slo = format!("unit-{unit}");
            let entries = alerts.iter().filter(|alert| alert["slo"] == *slo).flat_map(entries);
            entries.filter(|(_, event)| *event == "opened" || *event == "reopened").count()
        })
    }

    /// Every unit has begun to burn once more.
    pub(super) fn expect_one_outage(&mut self, before: [usize; UNITS]) {
        for (unit, (before, now)) in before.into_iter().zip(self.outages()).enumerate() {
            let begun = now - before;
            if begun != 1 {
                self.faults.push(format!("the outage of unit-{unit} was noticed {begun} times"));
            }
        }
    }

    /// Compares everything that was said with everything that is there.
    pub(super) fn land(&mut self) {
        for replica in 0..2 {
            for errand in Errand::ALL {
                let listed = self.items(replica, errand.list());
                self.faults.extend(self.clerk.differences(errand, &listed));
            }
        }
        self.judge_alerts();
        self.judge_dates();
        self.judge_notifications();
        self.judge_minutes();
        self.figures.histories = 1;
        self.figures.samples = self.senders.acknowledged;
        self.figures.errands = self.clerk.acknowledged();
        self.trace.push(self.figures.to_string());
        (0..2).for_each(|replica| self.stop(replica));
        self.judge_history();
    }

    /// What happens to an alert happens in order, and each receiver hears of each of it.
    fn judge_alerts(&mut self) {
        for alert in self.alerts() {
            let events: Vec<&str> = entries(&alert).map(|(_, event)| event).collect();
            let happened: Vec<&str> = events.iter().copied().filter(|e| is_transition(e)).collect();
            let told = events.len() - happened.len();
            if told != happened.len() * NAMES.len() {
                self.faults.push(format!("{}: {events:?}", alert["id"]));
            }
            let is_legal = |pair: &[&str]| match pair {
                ["closed", next] => *next == "reopened",
                [_, next] => *next == "closed" || *next == "escalated",
                _ => false,
            };
            let is_ordered = events.first() == Some(&"opened") && happened.windows(2).all(is_legal);
            if !is_ordered {
                self.faults.push(format!("{}: {events:?}", alert["id"]));
            }
        }
    }

    /// Nothing that happens to an alert is dated before what it follows, whosever clock says when.
    fn judge_dates(&mut self) {
        for alert in self.alerts() {
            let at = |field: &str| alert[field].as_str().map(|at| at.parse::<Timestamp>().unwrap());
            let times: Vec<_> =
                ["opened_at", "firing_since", "closed_at"].into_iter().filter_map(at).collect();
            if !times.is_sorted() || told_too_early(&alert) {
                self.faults.push(format!("dated before what it follows: {alert}"));
            }
        }
        let owed = self.owed();
        let mut dates: BTreeMap<_, BTreeMap<u32, BTreeSet<Timestamp>>> = BTreeMap::new();
        for NotificationRecord { notification: one, .. } in owed {
            let of_alert = dates.entry(one.alert).or_default();
            if one.reminder == 0 {
                of_alert.entry(one.snapshot.transitions).or_default().insert(one.created_at);
            }
        }
        for (alert, dates) in dates {
            if !dates.keys().copied().eq((1..).take(dates.len()))
                || !dates.values().flatten().is_sorted()
            {
                self.faults.push(format!("transitions of {alert}, by number: {dates:?}"));
            }
        }
    }

    /// All that was ever owed.
    fn owed(&self) -> Vec<NotificationRecord> {
        let page = PageRequest { limit: 1_000, cursor: None };
        let all = NotificationFilter::default();
        let owed = self.records.notifications(self.scope, &all, &page);
        self.runtime.block_on(owed).unwrap().items
    }

    /// What was not sent was overtaken by what was owed to the same receiver later, or is the end of
    /// what that receiver, by its own account, had not heard of.
    fn judge_superseded(&mut self, deliveries: &[Delivery]) {
        let is_taken =
            |sent: &&Delivery| matches!(sent.answer, Answer::Taken | Answer::TakenUnheard);
        let taken: BTreeSet<&str> =
            deliveries.iter().filter(is_taken).map(|sent| sent.key.as_str()).collect();
        let owed: Vec<_> = self.owed();
        for record in &owed {
            let one = &record.notification;
            self.figures.reminders += u64::from(one.reminder > 0);
            let Progress::Superseded { reason } = &record.progress else { continue };
            self.figures.superseded += 1;
            let same = owed.iter().map(|other| &other.notification);
            let same = same.filter(|o| o.alert == one.alert && o.receiver == one.receiver);
            let (earlier, later): (Vec<_>, Vec<_>) =
                same.filter(|o| o.id != one.id).partition(|other| other.order() < one.order());
            let heard = earlier.iter().filter(|other| taken.contains(&*other.id.to_string()));
            let knew = heard.max_by_key(|other| other.order());
            let is_right = if *reason == Superseded::NeverTold.reason() {
                knew.is_none_or(|other| other.transition == Transition::Closed)
            } else {
                !later.is_empty()
            };
            if !is_right {
                self.faults.push(format!("superseded without cause: {record:?}"));
            }
        }
    }

    /// Owed is accepted, undeliverable, or no longer news, by what the receivers themselves say; and no
    /// message went out while an earlier one of the same key might have been under way.
    fn judge_notifications(&mut self) {
        let deliveries = self.receivers.deliveries();
        let mut by_key: BTreeMap<&str, Vec<&Delivery>> = BTreeMap::new();
        for delivery in &deliveries {
            by_key.entry(&delivery.key).or_default().push(delivery);
            if delivery.outlasts_its_lease() {
                self.faults.push(format!("it could outlast its lease: {delivery:?}"));
            }
        }
        by_key.values_mut().for_each(|sent| sent.sort_by_key(|delivery| delivery.claim));
        let balance = self.records.notification_balance(self.scope);
        let balance = self.runtime.block_on(balance).unwrap();
        let ended = balance.accepted + balance.superseded + balance.undeliverable;
        if balance.pending > 0 || balance.owed != ended {
            self.faults.push(format!("{balance:?}"));
        }
        let owed = self.items(0, "/api/v1/notifications?limit=500");
        let mut told = BTreeSet::new();
        for one in &owed {
            let key = one["id"].as_str().unwrap();
            let sent = by_key.remove(key).unwrap_or_default();
            let what = (&one["alert"], &one["receiver"], &one["created_at"], &one["transition"]);
            if !told.insert(what.0.to_string() + &format!("{what:?}")) {
                self.faults.push(format!("owed twice: {one}"));
            }
            let heard = match one["state"].as_str().unwrap() {
                "accepted" => sent.iter().any(|delivery| delivery.answer == Answer::Taken),
                "undeliverable" => sent.iter().any(|delivery| delivery.answer == Answer::Refused),
                // Whoever took it from a process that crashed then may have it all the same.
                "superseded" => true,
                _ => false,
            };
            if !heard {
                self.faults.push(format!("{one} after {sent:?}"));
            }
            if sent.iter().any(|delivery| one["receiver"] != *delivery.receiver) {
                self.faults.push(format!("{one} was sent to another: {sent:?}"));
            }
            let overtaken = sent.windows(2).filter(|pair| pair[0].holds_against(pair[1]));
            self.faults.extend(overtaken.map(|pair| format!("sent while claimed: {pair:?}")));
        }
        for (key, sent) in by_key {
            self.faults.push(format!("{key} was never owed: {sent:?}"));
        }
        self.judge_superseded(&deliveries);
        self.figures.owed = balance.owed;
        self.figures.messages = deliveries.len() as u64;
        self.trace.push(format!("{balance:?}"));
    }

    /// Counters to the unit.
    fn judge_minutes(&mut self) {
        let Some(replica) = self.tallying() else {
            return self.faults.push("nobody tallies".to_owned());
        };
        for unit in 0..UNITS {
            let slo = self.get(replica, &format!("/api/v1/slos/unit-{unit}"));
            let number = |field: &str| slo[field].as_f64().unwrap() as u64;
            let (total, good) = (number("total"), number("good"));
            let found = Count { total, bad: total.saturating_sub(good) };
            let expected = self.senders.expected(replica, unit);
            if !expected.contains(&found) {
                self.faults.push(format!("r{replica} unit {unit}: {found:?} of {expected:?}"));
            }
        }
    }

    /// History is sealed and was never changed.
    fn judge_history(&mut self) {
        for replica in 0..2 {
            let verified = seals::verify(self.replicas[replica].config(), None, None);
            let verified = self.runtime.block_on(verified).unwrap();
            if !verified.intact {
                self.faults.push(format!("history: {:?}", verified.violations));
            }
            let root = verified.head.map(|head| head.root);
            self.trace
                .push(format!("{} sealed, {} wait: {root:?}", verified.sealed, verified.waiting));
        }
    }
}

fn is_transition(event: &str) -> bool {
    matches!(event, "opened" | "escalated" | "closed" | "reopened")
}

/// Whether its timeline says that someone was told of what only happens after.
fn told_too_early(alert: &Value) -> bool {
    let mut happened: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    timeline(alert).any(|entry| {
        let event = entry["event"].as_str().unwrap();
        if is_transition(event) {
            *happened.entry(event).or_default() += 1;
            return false;
        }
        let (_, of) = entry["message"].as_str().unwrap().split_once("told: ").unwrap();
        let of = of.split(';').next().unwrap();
        let times = told.entry(of).or_default();
        *times += 1;
        *times > NAMES.len() * happened.get(of).copied().unwrap_or_default()
    })
}

/// The timeline of an alert, without what was only said again.
fn timeline(alert: &Value) -> impl Iterator<Item = &Value> {
    let says_again = |entry: &&Value| entry["message"].as_str().unwrap().contains("it still fires");
    alert["timeline"].as_array().unwrap().iter().filter(move |entry| !says_again(entry))
}

/// The entries of an alert's timeline.
fn entries(alert: &Value) -> impl Iterator<Item = (Timestamp, &str)> {
    timeline(alert).map(|entry| {
        (entry["at"].as_str().unwrap().parse().unwrap(), entry["event"].as_str().unwrap())
    })
}
