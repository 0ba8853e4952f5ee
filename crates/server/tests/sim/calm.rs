//! Calm: everything is mended, and must come right.

use super::clerk::Errand;
use super::course::{BUSY, Course};
use super::replica::Doing;
use super::senders::{EVERY_MS, Fare, UNITS};

/// How many rounds after the last outage until everyone must have been told.
const ROUNDS_MAX: u32 = 60;

impl Course {
    /// Everything is mended, both replicas start anew, and time passes until nothing is owed.
    pub(super) fn calm(&mut self) {
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
        self.senders.fares = [Fare::Well; UNITS];
        self.rounds(10);
        self.expect_phase("closed");
        self.run_errands();
        self.senders.fares = [Fare::Badly; UNITS];
        let before = self.outages();
        self.rounds(8);
        self.expect_phase("firing");
        self.expect_one_outage(before);
        self.senders.fares = [Fare::Well; UNITS];
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

    /// Asks one replica for everything: what it applies must be in force on both from now on, and
    /// neither starts anew.
    fn run_errands(&mut self) {
        let replica = usize::from(self.dice.one_in(2));
        for errand in Errand::ALL {
            let name = self.clerk.next(errand);
            self.begin(replica, Doing::Errand(errand, name));
            self.finish(replica);
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
        for replica in 0..2 {
            for reconciler in BUSY {
                self.begin(replica, Doing::Pass(reconciler));
                self.finish(replica);
            }
        }
    }
}
