//! A disk that fails to keep what is written: each call of fsync, one after the other, once or from
//! then on. The process ends, nothing is acknowledged after the error, and a restart finds
//! everything that was.

use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;
use tokio::time::{Duration, Instant};

use crate::fleet::Fleet;
use crate::kills::passes;
use crate::ledger::Ledger;
use crate::site::Site;
use crate::victim::Victim;

/// How long a process may take to end once a sync failed: its threads need a moment of processor.
const GRACE: Duration = Duration::from_secs(5);

/// Calls that fail in a plain run: start-up, first writes, and some way into the load.
const PLAIN: [u64; 10] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

/// Builds the library that stands between the server and the disk.
pub(crate) fn library(site: &Site) -> PathBuf {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/failing_sync.c");
    let library = site.file("failing_sync.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .args([source, "-ldl"])
        .status()
        .expect("there is a C compiler");
    assert!(built.success(), "the library was not built");
    library
}

/// How a call fails.
#[derive(Debug, Clone, Copy)]
enum Failing {
    /// It alone; the next is answered as if nothing had happened, as Linux does.
    Once(u64),
    /// It and all after it.
    From(u64),
}

impl Failing {
    fn at(call: u64) -> Self {
        if call.is_multiple_of(2) { Self::From(call) } else { Self::Once(call) }
    }

    fn set(self, site: &mut Site, library: &Path) {
        let (name, call) = match self {
            Self::Once(call) => ("FAULT_ONCE", call),
            Self::From(call) => ("FAULT_FROM", call),
        };
        let side = site.file("side");
        let _ = std::fs::remove_file(&side);
        site.environment = vec![
            ("LD_PRELOAD".to_owned(), library.into()),
            ("FAULT_SIDE".to_owned(), side.into()),
            (name.to_owned(), call.to_string().into()),
            ("FAULT_SPARE_SQLITE".to_owned(), "directories".into()),
        ];
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_1_a_failed_fsync_ends_the_process_and_nothing_is_acknowledged_after_it() {
    let mut dice = Dice::cast("syncs");
    let mut ledger = Ledger::default();
    let mut site = Site::new();
    let library = library(&site);
    let (mut fleet, victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
    victim.kill();
    let calls = campaign::amount(PLAIN.to_vec(), (1..=500).collect());
    for failing in calls.into_iter().map(Failing::at) {
        failing.set(&mut site, &library);
        fail(&site, &mut fleet, failing, &mut ledger).await;
        site.environment.clear();
        let victim = site.start(&fleet.token);
        fleet.check(&victim, &mut ledger).await;
        victim.kill();
    }
    let victim = site.start(&fleet.token);
    fleet.forgive();
    fleet.land(&site, victim, &mut ledger).await;
    ledger.close("failed fsync");
}

/// Runs a server whose disk fails, under load, until it has ended.
async fn fail(site: &Site, fleet: &mut Fleet, failing: Failing, ledger: &mut Ledger) {
    ledger.faults += 1;
    let side = site.file("side");
    let mut victim = site.launch(&fleet.token);
    if !victim.listens() {
        ledger.at_start += 1;
        let ended = victim.ends().await.expect("it said nothing and ended");
        assert!(side.exists() && !ended.success(), "{failing:?}: {ended}\n{}", site.logged());
        return;
    }
    victim.watch(&side);
    let overdue = overdue(&victim, &side);
    tokio::join!(fleet.run(&victim, ledger), overdue);
    let fault = std::fs::read_to_string(&side).unwrap();
    for late in victim.late() {
        ledger.lost(format!("{failing:?}: {late} was acknowledged after {fault}"));
    }
}

/// Ends a server that goes on although a sync failed.
async fn overdue(victim: &Victim, side: &Path) {
    let mut failed_at = None;
    while victim.is_alive() {
        if side.exists() {
            let since = *failed_at.get_or_insert_with(Instant::now);
            let fault = std::fs::read_to_string(side).unwrap();
            let overdue = since.elapsed() > GRACE && victim.kill();
            assert!(!overdue, "the server went on after {fault}");
        }
        passes(Duration::from_millis(5)).await;
    }
}
