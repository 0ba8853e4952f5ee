//! The power is cut at random instants, two hundred times: what had not reached the device is gone.

use std::time::Duration;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use crate::burns::UNITS;
use crate::disk::site_on_a_disk;
use crate::fleet::Fleet;
use crate::ledger::Ledger;
use crate::site::CONFIG;
use crate::syncs::library;

const MEGABYTES: u32 = 64;

/// Long enough for acknowledgements of every kind.
const UNDER_WAY: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_1_nothing_acknowledged_is_lost_or_doubled_by_a_power_cut() {
    let what = "power cut";
    let mut dice = Dice::cast(what);
    let mut ledger = Ledger::default();
    let mut repaired = 0;
    let all = campaign::amount(4, 200);
    while ledger.faults < all {
        let Some((site, mut disk)) = site_on_a_disk(what, CONFIG, MEGABYTES) else { return };
        let (mut fleet, mut victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
        for _ in 0..UNITS {
            fleet.run_until_killed(&victim, &site, dice.while_of(400), &mut ledger).await;
            ledger.faults += 1;
            repaired += u64::from(disk.cut_power());
            victim = site.start(&fleet.token);
            fleet.check(&victim, &mut ledger).await;
            if ledger.faults >= all {
                break;
            }
        }
        fleet.land(&site, victim, &mut ledger).await;
    }
    println!("file systems that needed more than their journal: {repaired}");
    ledger.close(what);
}

/// The same with a server whose syncs do nothing: what this campaign is worth.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_lies_about_its_syncs_is_found_out_by_a_power_cut() {
    let what = "power cut on a disk that lies";
    let mut dice = Dice::cast(what);
    let mut ledger = Ledger::default();
    let Some((mut site, mut disk)) = site_on_a_disk(what, CONFIG, MEGABYTES) else { return };
    let library = library(&site);
    let (mut fleet, victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
    assert!(victim.stop().await.success());
    // What was there before it began to lie is durable.
    disk.run("sync");
    site.environment =
        vec![("LD_PRELOAD".to_owned(), library.into()), ("FAULT_LIE".to_owned(), "1".into())];
    let victim = site.start(&fleet.token);
    fleet.run_until_killed(&victim, &site, UNDER_WAY, &mut ledger).await;
    disk.cut_power();
    site.environment.clear();
    let victim = site.start(&fleet.token);
    fleet.compare(&victim, &mut ledger).await;
    println!("FIGURES {what}: {ledger}");
    assert!(ledger.has_losses(), "{ledger}");
}
