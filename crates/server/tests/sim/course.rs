//! The course of one history: trouble as the dice fall, then calm, in which all must come right.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::access::Role;
use plimsoll_server::Reconciler;
use plimsoll_server::app::tokens;
use plimsoll_server::world::{SeededRng, World};
use plimsoll_store::{Location, Records, Scope};
use plimsoll_trials::dice::Dice;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::clerk::{Clerk, Errand};
use super::figures::Figures;
use super::receivers::Receivers;
use super::replica::{Doing, Ended, Replica, post};
use super::senders::{Sample, Senders, definitions};
use super::times::Times;

/// The reconcilers that have something to do: there are no targets to scrape, and no space is held
/// back.
pub(super) const BUSY: [Reconciler; 5] = [
    Reconciler::Lease,
    Reconciler::Evaluate,
    Reconciler::Remind,
    Reconciler::Deliver,
    Reconciler::Seal,
];

/// How likely what is: one in so many steps, never when it is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Temper {
    pub(super) crash: u64,
    pub(super) clock_step: u64,
    pub(super) errand: u64,
    pub(super) stall: u64,
    /// A replica stands still, and the other does not.
    pub(super) freeze: u64,
    /// The same, of the times at which it acts on a lease.
    pub(super) hesitation: u64,
    /// How much time passes at most between two steps.
    pub(super) pace_ms: i64,
}

impl Temper {
    fn of(dice: &mut Dice) -> Self {
        Self {
            crash: dice.pick(&[0, 400, 150, 40]),
            clock_step: dice.pick(&[0, 0, 60, 20]),
            errand: dice.pick(&[10, 30, 80]),
            stall: dice.pick(&[0, 120, 50]),
            freeze: dice.pick(&[0, 200, 80]),
            hesitation: dice.pick(&[0, 8, 3, 3]),
            pace_ms: dice.pick(&[1_000, 3_000, 5_000, 8_000]),
        }
    }
}

/// One history.
pub(super) struct Course {
    pub(super) dice: Dice,
    pub(super) temper: Temper,
    pub(super) times: Times,
    pub(super) replicas: [Replica; 2],
    pub(super) receivers: Receivers,
    pub(super) senders: Senders,
    pub(super) clerk: Clerk,
    /// What happened, a line each.
    pub(super) trace: Vec<String>,
    /// What should not have happened.
    pub(super) faults: Vec<String>,
    pub(super) figures: Figures,
    pub(super) runtime: Runtime,
    pub(super) records: Records,
    pub(super) scope: Scope,
    /// Which process calls itself what in leases.
    pub(super) holders: BTreeMap<String, u64>,
    /// What each clock said when it was last looked at, by process.
    pub(super) shown: [Option<(u64, Timestamp)>; 2],
    /// Who took telemetry last.
    pub(super) favourite: usize,
    pub(super) next_sample_ms: u64,
    /// When a unit begins to fare otherwise.
    pub(super) next_turn_ms: u64,
    /// The act that went on last, while it can.
    pub(super) going_on: Option<(usize, u64)>,
    /// Until when each replica stands still.
    pub(super) frozen_until_ms: [u64; 2],
    /// Sent to a process that crashed.
    pub(super) unanswered: Vec<Sample>,
    /// Whether the trouble is over, and with it what is worth a line.
    pub(super) is_calm: bool,
    _dir: TempDir,
}

impl Course {
    /// The history of a seed, to its end.
    pub(super) fn sail(seed: u64) -> Self {
        let mut course = Self::embark(seed);
        course.trouble();
        course.calm();
        course.land();
        course
    }

    fn embark(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let temper = Temper::of(&mut dice);
        let dir = scratch();
        let times = Times::new();
        let receivers = Receivers::new(dice.split());
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let store = dir.path().join("records.db");
        let mut replica = |index: usize, token: &str| {
            let paths = (dir.path().join(index.to_string()), store.clone());
            let outside = (times.clone(), receivers.clone());
            Replica::new(index, paths, token.to_owned(), outside, dice.split())
        };
        let unarmed = replica(0, "");
        let rng = std::sync::Arc::new(SeededRng::new(seed));
        let world = World::new(std::sync::Arc::new(times.clock(0)), rng);
        let token = tokens::create_offline(unarmed.config(), &world, "sim", Role::Admin);
        let token = runtime.block_on(token).unwrap();
        let replicas = [0, 1].map(|index| replica(index, &token));
        let data = replicas.each_ref().map(|replica| replica.config().data.clone());
        std::fs::create_dir_all(&data[1]).unwrap();
        std::fs::copy(data[0].join("key"), data[1].join("key")).unwrap();
        let (records, scope) = runtime.block_on(async {
            let records = Records::open(&Location::Sqlite(store)).await.unwrap();
            let scope = records.organisation(world.fresh(world.now()), world.now()).await.unwrap();
            (records, scope)
        });
        let mut course = Self {
            dice,
            temper,
            times,
            replicas,
            receivers,
            senders: Senders::new(),
            clerk: Clerk::default(),
            trace: vec![format!("{temper:?}")],
            faults: Vec::new(),
            figures: Figures::default(),
            runtime,
            records,
            scope,
            holders: BTreeMap::new(),
            shown: [None; 2],
            favourite: 0,
            next_sample_ms: 0,
            next_turn_ms: 0,
            going_on: None,
            frozen_until_ms: [0; 2],
            unanswered: Vec::new(),
            is_calm: false,
            _dir: dir,
        };
        course.start(0);
        let body = serde_json::json!({"files": [{"path": "sim.yaml", "text": definitions()}]});
        let request = post(Errand::Definition.path(), body.to_string());
        let (status, report) = course.replicas[0].process.as_ref().unwrap().ask(request);
        assert_eq!((status, &report["applied"]), (StatusCode::OK, &true.into()), "{report:#}");
        course.start(1);
        course
    }

    pub(super) fn log(&mut self, replica: usize, line: &str) {
        if self.is_calm {
            return;
        }
        self.trace.push(format!("{:>9} r{replica} {line}", self.times.passed_ms()));
    }

    pub(super) fn start(&mut self, replica: usize) {
        self.replicas[replica].start();
        self.log(replica, "started");
        if self.replicas[replica].process.as_ref().is_some_and(super::replica::Process::is_tallying)
        {
            self.note_holder(replica);
        }
    }

    pub(super) fn begin(&mut self, replica: usize, doing: Doing) {
        let process = self.replicas[replica].process.as_mut().unwrap();
        let (number, now) = (process.number, process.clock.now());
        let before: Vec<u64> = process.waiting().iter().map(|waits| waits.act).collect();
        let line = match &doing {
            Doing::Pass(reconciler) => format!("{reconciler:?}"),
            Doing::Write(_) => "sample".to_owned(),
            Doing::Errand(errand, name) => format!("{errand:?} {name}"),
        };
        let act = process.begin(doing);
        process.began_at.insert(act, now);
        self.log(replica, &format!("#{act} {line}"));
        self.went_on(replica, act, number, &before);
    }

    pub(super) fn release(&mut self, replica: usize, act: u64) {
        let process = self.replicas[replica].process.as_ref().unwrap();
        let number = process.number;
        let before: Vec<u64> = process.waiting().iter().map(|waits| waits.act).collect();
        process.release(act);
        self.went_on(replica, act, number, &before);
    }

    /// Notes how far an act has come, and what it began.
    fn went_on(&mut self, replica: usize, act: u64, number: u64, before: &[u64]) {
        let process = self.replicas[replica].process.as_mut().unwrap();
        let waiting = process.waiting();
        let ended = process.ended();
        let began_at = process.began_at.get(&act).copied();
        let claim = process.claims.get(&act).copied();
        let evaluates = matches!(process.doing(act), Some(Doing::Pass(Reconciler::Evaluate)));
        for waits in &waiting {
            if waits.act == act || !before.contains(&waits.act) {
                self.log(replica, &format!("#{} {}: {}", waits.act, waits.what, waits.at));
            }
            if waits.what == "flight" && !before.contains(&waits.act) {
                let at = began_at.expect("a delivery began it");
                let claim = claim.expect("a claim came before it");
                self.receivers.claimed(number, waits.act, claim, at);
                self.hesitate(replica);
            }
        }
        self.going_on = None;
        if let Some(waits) = waiting.iter().find(|waits| waits.act == act) {
            self.going_on = Some((replica, act)).filter(|_| waits.at != "answered");
            match waits.what {
                "flight" => self.delivery_came_to(replica, number, act, waits.at),
                "pass" if evaluates => self.evaluation_came_to(replica, waits.at),
                _ => self.came_to(replica, act, waits.at),
            }
            self.figures.conflicts += u64::from(waits.at == "refused");
        }
        for (act, doing, outcome) in ended {
            self.heard(replica, act, doing, outcome);
        }
    }

    fn came_to(&mut self, replica: usize, act: u64, at: &str) {
        match at {
            "claimed" => {
                let claim = self.trace.len();
                self.replicas[replica].process.as_mut().unwrap().claims.insert(act, claim);
            }
            "lease written" => self.note_holder(replica),
            _ => {}
        }
    }

    fn delivery_came_to(&mut self, replica: usize, number: u64, act: u64, at: &str) {
        match at {
            "answered" => {
                let until_ms = self.times.passed_ms() + self.receivers.hang_ms();
                let process = self.replicas[replica].process.as_mut().unwrap();
                process.held_until_ms.insert(act, until_ms);
                self.hesitate(replica);
            }
            "committed" => {
                if let Some(sent) = self.receivers.overtaken(number, act) {
                    self.faults.push(format!("stored after another had the claim: {sent:?}"));
                }
            }
            _ => {}
        }
    }

    fn evaluation_came_to(&mut self, replica: usize, at: &str) {
        match at {
            "commit" => self.hesitate(replica),
            "refused" => self.figures.fenced += u64::from(!self.holds(replica)),
            "committed" => {
                self.figures.transitions += u64::from(!self.is_calm);
                self.check_fence(replica);
            }
            _ => {}
        }
    }

    fn heard(&mut self, replica: usize, act: u64, doing: Doing, outcome: Ended) {
        let line = match (doing, outcome) {
            (Doing::Pass(reconciler), Ended::Passed(passed)) => {
                self.passed(replica, reconciler, passed)
            }
            (Doing::Write(sample), Ended::Answered(status, _)) => {
                self.written(replica, sample, status);
                status.to_string()
            }
            (Doing::Errand(errand, name), Ended::Answered(status, answer)) => {
                if status.is_success() {
                    self.clerk.acknowledge(errand, &name, answer);
                } else if answer["code"] == "conflict" && !self.is_calm {
                    self.clerk.refuse(errand, name);
                } else {
                    self.faults.push(format!("{errand:?} {name} was refused: {status} {answer}"));
                }
                status.to_string()
            }
            (doing, _) => unreachable!("{doing:?} has no such end"),
        };
        self.log(replica, &format!("#{act} ended: {line}"));
    }

    fn passed(
        &mut self,
        replica: usize,
        reconciler: Reconciler,
        passed: anyhow::Result<Option<Timestamp>>,
    ) -> String {
        let process = self.replicas[replica].process.as_mut().unwrap();
        match passed {
            Ok(at) => {
                // Commits would nudge it: it looks again before long.
                let soon = process.clock.now() + SignedDuration::from_secs(1);
                process.due_at[reconciler as usize] = Some(at.map_or(soon, |at| at.min(soon)));
                format!("{reconciler:?}, again at {at:?}")
            }
            Err(error) => {
                self.faults.push(format!("{reconciler:?} failed: {error:#}"));
                error.to_string()
            }
        }
    }

    fn written(&mut self, replica: usize, sample: Sample, status: StatusCode) {
        if status.is_success() {
            self.favourite = replica;
            self.senders.acknowledge(replica, sample);
            if !self.is_calm && self.dice.one_in(4) {
                self.write(replica, sample);
            }
        } else if status == StatusCode::SERVICE_UNAVAILABLE {
            self.favourite = 1 - replica;
            self.unanswered.push(sample);
        } else {
            self.faults.push(format!("telemetry was refused: {status}"));
        }
    }

    /// Clocks never go back, and one replica at most tallies.
    pub(super) fn watch(&mut self) {
        let mut tallying = 0;
        for replica in &self.replicas {
            let Some(process) = &replica.process else { continue };
            tallying += u32::from(process.is_tallying());
            let now = process.clock.now();
            let shown = self.shown[replica.index].replace((process.number, now));
            if let Some((number, before)) = shown
                && number == process.number
                && now < before
            {
                self.faults.push(format!("the clock of r{} went back", replica.index));
            }
        }
        if tallying > 1 {
            let passed_ms = self.times.passed_ms();
            self.faults.push(format!("both replicas tally at {passed_ms} ms"));
        }
    }

    fn holder(&self) -> Option<String> {
        let lease = self.records.lease(self.scope, "tallies");
        self.runtime.block_on(lease).unwrap().and_then(|lease| lease.holder)
    }

    /// A process has just written the lease.
    fn note_holder(&mut self, replica: usize) {
        let number = self.replicas[replica].process.as_ref().unwrap().number;
        let holder = self.holder().expect("it was just taken");
        if self.holders.insert(holder, number).is_none() {
            self.figures.takeovers += 1;
        }
    }

    /// Whether the records say that this replica's process has the lease.
    fn holds(&self, replica: usize) -> bool {
        let number = self.replicas[replica].process.as_ref().unwrap().number;
        let holder = self.holder().and_then(|holder| self.holders.get(&holder).copied());
        holder == Some(number)
    }

    /// A process has just committed what follows from its tallies.
    fn check_fence(&mut self, replica: usize) {
        if !self.holds(replica) {
            let (passed_ms, holder) = (self.times.passed_ms(), self.holder());
            self.faults.push(format!(
                "at {passed_ms} ms r{replica} committed an alert while {holder:?} had the lease"
            ));
        }
    }

    /// Who tallies at the end.
    pub(super) fn tallying(&self) -> Option<usize> {
        let is_tallying = |replica: &&Replica| {
            replica.process.as_ref().is_some_and(super::replica::Process::is_tallying)
        };
        self.replicas.iter().find(is_tallying).map(|replica| replica.index)
    }
}

/// A directory in memory, where there is one: syncs are not what is tried here.
fn scratch() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
