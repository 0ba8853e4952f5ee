//! The course of one history: trouble as the dice fall, then calm, in which all must come right.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use plimsoll_domain::access::Role;
use plimsoll_server::Reconciler;
use plimsoll_server::app::tokens;
use plimsoll_server::world::{SeededRng, World};
use plimsoll_store::{Location, Records, Scope};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::clerk::{Clerk, Errand};
use super::dice::Dice;
use super::figures::Figures;
use super::receivers::Receivers;
use super::replica::{Doing, Ended, Replica, post};
use super::senders::{EVERY_MS, Sample, Senders, UNITS, definitions};
use super::times::Times;

/// How many rounds after the last outage until everyone must have been told.
const ROUNDS_MAX: u32 = 60;

/// How likely what is: one in so many steps, never when it is none.
#[derive(Debug, Clone, Copy)]
struct Temper {
    crash: u64,
    clock_step: u64,
    errand: u64,
    stall: u64,
    /// How much time passes at most between two steps.
    pace_ms: i64,
}

/// One history.
pub(super) struct Course {
    dice: Dice,
    temper: Temper,
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
    holders: BTreeMap<String, u64>,
    /// What each clock said when it was last looked at, by process.
    shown: [Option<(u64, Timestamp)>; 2],
    /// Who took telemetry last.
    favourite: usize,
    next_sample_ms: u64,
    /// The act that went on last, while it can.
    going_on: Option<(usize, u64)>,
    /// Sent to a process that crashed.
    unanswered: Vec<Sample>,
    /// Whether the trouble is over, and with it what is worth a line.
    is_calm: bool,
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
        let temper = Temper {
            crash: dice.pick(&[0, 150, 60, 25]),
            clock_step: dice.pick(&[0, 0, 60, 20]),
            errand: dice.pick(&[6, 12, 30]),
            stall: dice.pick(&[0, 60, 25]),
            pace_ms: dice.pick(&[300, 1_500, 5_000]),
        };
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
            going_on: None,
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

    fn start(&mut self, replica: usize) {
        self.replicas[replica].start();
        self.log(replica, "started");
        if self.replicas[replica].process.as_ref().is_some_and(super::replica::Process::is_tallying)
        {
            self.note_holder(replica);
        }
    }

    fn trouble(&mut self) {
        let steps = self.dice.within(500, 900);
        for _ in 0..steps {
            self.befall();
            self.step();
            self.watch();
        }
    }

    /// What nobody asked for: crashes, restarts, clocks that step.
    fn befall(&mut self) {
        let replica = usize::from(self.dice.one_in(2));
        let is_up = self.replicas[replica].process.is_some();
        if is_up && self.dice.one_in(self.temper.crash) {
            self.crash(replica);
        } else if !is_up && self.dice.one_in(8) {
            self.start(replica);
        }
        if self.dice.one_in(self.temper.clock_step) {
            let by_ms = self.dice.pick(&[1_500, 20_000, 90_000]);
            let by_ms = self.dice.within(-by_ms, by_ms);
            let off_ms = self.times.step(replica, by_ms);
            self.figures.clock_steps += 1;
            self.log(replica, &format!("wall clock off by {off_ms} ms"));
        }
    }

    fn crash(&mut self, replica: usize) {
        let process = self.replicas[replica].process.as_mut().unwrap();
        let waiting = process.waiting();
        for waits in &waiting {
            if let Some(Doing::Write(sample)) = process.doing(waits.act) {
                self.unanswered.push(*sample);
            }
        }
        let at: Vec<&str> = waiting.iter().map(|waits| waits.at).collect();
        self.replicas[replica].crash();
        self.going_on = None;
        self.figures.crashes += 1;
        self.log(replica, &format!("crashed at {at:?}"));
    }

    /// Time passes, or something goes on.
    fn step(&mut self) {
        if self.dice.one_in(self.temper.stall) {
            return self.pass(8_000, 30_000);
        }
        if self.dice.one_in(5) {
            return self.pass(1, self.temper.pace_ms);
        }
        self.beckon();
        if let Some((replica, act)) = self.going_on
            && !self.dice.one_in(3)
        {
            return self.release(replica, act);
        }
        let mut moves: Vec<(usize, Result<u64, Doing>)> = Vec::new();
        for replica in &self.replicas {
            let Some(process) = &replica.process else { continue };
            let passed_ms = self.times.passed_ms();
            let hangs =
                |act: &u64| process.held_until_ms.get(act).is_some_and(|until| passed_ms < *until);
            let acts = process.waiting().into_iter().map(|waits| waits.act);
            let free = acts.filter(|act| !hangs(act));
            moves.extend(free.map(|act| (replica.index, Ok(act))));
            let now = process.clock.now();
            for reconciler in Reconciler::ALL {
                let is_due = process.due_at[reconciler as usize].is_none_or(|at| at <= now);
                if is_due && !process.is_doing(reconciler) {
                    moves.push((replica.index, Err(Doing::Pass(reconciler))));
                }
            }
        }
        if moves.is_empty() {
            return self.pass(100, 3_000);
        }
        let chosen = usize::try_from(self.dice.below(moves.len() as u64)).unwrap();
        match moves.swap_remove(chosen) {
            (replica, Ok(act)) => self.release(replica, act),
            (replica, Err(doing)) => self.begin(replica, doing),
        }
    }

    fn pass(&mut self, low_ms: i64, high_ms: i64) {
        let ms = self.dice.within(low_ms, high_ms).unsigned_abs();
        self.times.pass(ms);
    }

    /// Those outside do something.
    fn beckon(&mut self) {
        if self.dice.one_in(100) {
            let unit = usize::from(self.dice.one_in(2));
            self.senders.is_burning[unit] ^= true;
        }
        if self.times.passed_ms() >= self.next_sample_ms {
            self.next_sample_ms = self.times.passed_ms() + EVERY_MS;
            let sample = self.senders.next(self.times.now().as_millisecond());
            self.write(self.favourite, sample);
        }
        if !self.unanswered.is_empty() && self.dice.one_in(4) {
            let sample = self.unanswered.remove(0);
            self.write(self.favourite, sample);
        }
        if self.dice.one_in(self.temper.errand) {
            let errand = self.dice.pick(&Errand::ALL);
            let replica = usize::from(self.dice.one_in(2));
            if self.replicas[replica].process.is_some() {
                let name = self.clerk.next(errand);
                self.begin(replica, Doing::Errand(errand, name));
            }
        }
    }

    /// Sends a sample to that replica, or to the other if that one is down.
    fn write(&mut self, replica: usize, sample: Sample) {
        let replica = if self.replicas[replica].process.is_some() { replica } else { 1 - replica };
        if self.replicas[replica].process.is_some() {
            self.senders.sends(replica, sample);
            self.begin(replica, Doing::Write(sample));
        }
    }

    fn begin(&mut self, replica: usize, doing: Doing) {
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

    fn release(&mut self, replica: usize, act: u64) {
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
        let evaluates = matches!(process.doing(act), Some(Doing::Pass(Reconciler::Evaluate)));
        for waits in &waiting {
            if waits.act == act || !before.contains(&waits.act) {
                self.log(replica, &format!("#{} {}: {}", waits.act, waits.what, waits.at));
            }
            if waits.what == "flight" && !before.contains(&waits.act) {
                let at = began_at.expect("a delivery began it");
                self.receivers.claimed(number, waits.act, at);
            }
        }
        self.going_on = None;
        if let Some(waits) = waiting.iter().find(|waits| waits.act == act) {
            self.going_on = Some((replica, act)).filter(|_| waits.at != "answered");
            match waits.at {
                "answered" => {
                    let until_ms = self.times.passed_ms() + self.receivers.hang_ms();
                    let process = self.replicas[replica].process.as_mut().unwrap();
                    process.held_until_ms.insert(act, until_ms);
                }
                "lease written" => self.note_holder(replica),
                "refused" => self.figures.conflicts += 1,
                "committed" if evaluates => self.check_fence(replica),
                _ => {}
            }
        }
        for (act, doing, outcome) in ended {
            self.heard(replica, act, doing, outcome);
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
                } else if answer["code"] == "conflict" {
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
    fn watch(&mut self) {
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

    /// A process has just committed what follows from its tallies.
    fn check_fence(&mut self, replica: usize) {
        let number = self.replicas[replica].process.as_ref().unwrap().number;
        let holder = self.holder().and_then(|holder| self.holders.get(&holder).copied());
        if holder != Some(number) {
            let passed_ms = self.times.passed_ms();
            self.faults.push(format!(
                "at {passed_ms} ms process {number} committed an alert while {holder:?} had the lease"
            ));
        }
    }

    /// Everything is mended, both replicas start anew, and time passes until nothing is owed.
    fn calm(&mut self) {
        for replica in 0..2 {
            match self.replicas[replica].process.is_some() {
                true if self.dice.one_in(2) => self.crash(replica),
                true => self.stop(replica),
                false => {}
            }
        }
        self.receivers.calm();
        self.times.mend();
        (0..2).for_each(|replica| self.start(replica));
        self.is_calm = true;
        self.senders.is_burning = [false; UNITS];
        self.rounds(10);
        self.expect_phase("closed");
        self.senders.is_burning = [true; UNITS];
        let burning_from = self.times.now();
        self.rounds(8);
        self.expect_phase("firing");
        self.expect_one_outage(burning_from);
        self.senders.is_burning = [false; UNITS];
        self.rounds(10);
        self.expect_phase("closed");
        for _ in 0..ROUNDS_MAX {
            let balance = self.records.notification_balance(self.scope);
            if self.runtime.block_on(balance).unwrap().pending == 0 {
                break;
            }
            self.rounds(1);
        }
    }

    /// Lets everything that a replica does come to its end.
    fn finish(&mut self, replica: usize) {
        while let Some(waits) = self.replicas[replica].process.as_ref().unwrap().waiting().first() {
            self.release(replica, waits.act);
        }
    }

    /// Stops a replica as it should be stopped.
    pub(super) fn stop(&mut self, replica: usize) {
        self.finish(replica);
        self.replicas[replica].stop();
        self.log(replica, "stopped");
    }

    /// So many times fifteen seconds.
    fn rounds(&mut self, rounds: u32) {
        for _ in 0..rounds {
            self.times.pass(EVERY_MS);
            self.settle();
            let sample = self.senders.next(self.times.now().as_millisecond());
            if let Some(replica) = self.tallying() {
                self.write(replica, sample);
                self.finish(replica);
            }
            self.settle();
            self.watch();
        }
    }

    /// Runs what matters on both, one after the other.
    fn settle(&mut self) {
        let reconcilers =
            [Reconciler::Lease, Reconciler::Evaluate, Reconciler::Deliver, Reconciler::Seal];
        for replica in 0..2 {
            for reconciler in reconcilers {
                self.begin(replica, Doing::Pass(reconciler));
                self.finish(replica);
            }
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
