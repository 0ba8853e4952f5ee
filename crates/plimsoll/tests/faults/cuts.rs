//! The power is cut at random instants, two hundred times: what had not reached the device is gone.

use crate::burns::UNITS;
use crate::dice::Dice;
use crate::disk::site_on_a_disk;
use crate::fleet::Fleet;
use crate::kills::passes;
use crate::ledger::Ledger;
use crate::of_campaign;
use crate::site::CONFIG;
use crate::syncs::library;

const MEGABYTES: u32 = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_1_nothing_acknowledged_is_lost_or_doubled_by_a_power_cut() {
    let what = "power cut";
    let mut dice = Dice::cast(what);
    let mut ledger = Ledger::default();
    let mut repaired = 0;
    let all = u64::from(of_campaign(200, 4));
    while ledger.faults < all {
        let Some((site, mut disk)) = site_on_a_disk(what, CONFIG, MEGABYTES) else { return };
        let (mut fleet, mut victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
        for _ in 0..UNITS {
            let moment = dice.while_of(400);
            let killer = async {
                passes(moment).await;
                assert!(victim.kill(), "the server ended by itself:\n{}", site.logged());
            };
            tokio::join!(fleet.run(&victim, &mut ledger), killer);
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
    let killer = async {
        fleet_is_under_way().await;
        victim.kill();
    };
    tokio::join!(fleet.run(&victim, &mut ledger), killer);
    disk.cut_power();
    site.environment.clear();
    let victim = site.start(&fleet.token);
    fleet.compare(&victim, &mut ledger).await;
    println!("FIGURES {what}: {ledger}");
    assert!(ledger.has_losses(), "{ledger}");
}

/// Long enough for acknowledgements of every kind.
async fn fleet_is_under_way() {
    passes(std::time::Duration::from_millis(500)).await;
}
