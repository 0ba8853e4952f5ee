//! Trouble: what goes on next, what breaks, and what those outside ask for meanwhile, as the dice
//! fall.

use super::clerk::Errand;
use super::course::{BUSY, Course};
use super::replica::Doing;
use super::senders::{EVERY_MS, Fare, Sample};

/// For how long all units fare alike at most.
const FARES_MS: u64 = 120_000;

impl Course {
    pub(super) fn trouble(&mut self) {
        let steps = self.dice.within(800, 1_400);
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
        if self.dice.one_in(self.temper.freeze) {
            self.freeze(replica);
        }
        if self.dice.one_in(self.temper.clock_step) {
            let by_ms = self.dice.pick(&[1_500, 20_000, 90_000]);
            let by_ms = self.dice.within(-by_ms, by_ms);
            let off_ms = self.times.step(replica, by_ms);
            self.figures.clock_steps += 1;
            self.log(replica, &format!("wall clock off by {off_ms} ms"));
        }
    }

    fn freeze(&mut self, replica: usize) {
        let for_ms = self.dice.within(5_000, 40_000).unsigned_abs();
        self.frozen_until_ms[replica] = self.times.passed_ms() + for_ms;
        self.log(replica, &format!("stands still for {for_ms} ms"));
    }

    /// A replica comes to where it acts on a lease or a claim: it may stand still for so long that
    /// another has it.
    pub(super) fn hesitate(&mut self, replica: usize) {
        if !self.is_calm && self.dice.one_in(self.temper.hesitation) {
            self.freeze(replica);
        }
    }

    pub(super) fn crash(&mut self, replica: usize) {
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
            && !self.is_frozen(replica)
            && !self.dice.one_in(3)
        {
            return self.release(replica, act);
        }
        let mut moves: Vec<(usize, Result<u64, Doing>)> = Vec::new();
        for replica in &self.replicas {
            let Some(process) = &replica.process else { continue };
            if self.is_frozen(replica.index) {
                continue;
            }
            let passed_ms = self.times.passed_ms();
            let hangs =
                |act: &u64| process.held_until_ms.get(act).is_some_and(|until| passed_ms < *until);
            let acts = process.waiting().into_iter().map(|waits| waits.act);
            let free = acts.filter(|act| !hangs(act));
            moves.extend(free.map(|act| (replica.index, Ok(act))));
            let now = process.clock.now();
            for reconciler in BUSY {
                let is_due = process.due_at[reconciler as usize].is_none_or(|at| at <= now);
                if is_due && !process.is_doing(reconciler) {
                    moves.push((replica.index, Err(Doing::Pass(reconciler))));
                }
            }
        }
        if moves.is_empty() {
            return self.pass(100, 3_000);
        }
        let chosen = self.dice.below(moves.len());
        match moves.swap_remove(chosen) {
            (replica, Ok(act)) => self.release(replica, act),
            (replica, Err(doing)) => self.begin(replica, doing),
        }
    }

    fn is_frozen(&self, replica: usize) -> bool {
        self.times.passed_ms() < self.frozen_until_ms[replica]
    }

    fn pass(&mut self, low_ms: i64, high_ms: i64) {
        let ms = self.dice.within(low_ms, high_ms).unsigned_abs();
        self.times.pass(ms);
    }

    /// Those outside do something.
    fn beckon(&mut self) {
        if self.times.passed_ms() >= self.next_turn_ms {
            let unit = usize::from(self.dice.one_in(2));
            self.senders.fares[unit] = self.dice.pick(&Fare::ALL);
            self.next_turn_ms = self.times.passed_ms() + self.dice.below(FARES_MS);
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
    pub(super) fn write(&mut self, replica: usize, sample: Sample) {
        let replica = if self.replicas[replica].process.is_some() { replica } else { 1 - replica };
        if self.replicas[replica].process.is_some() {
            self.senders.sends(replica, sample);
            self.begin(replica, Doing::Write(sample));
        }
    }
}
