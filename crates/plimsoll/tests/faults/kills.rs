//! `kill -9` at random instants, a thousand times.

use std::time::Duration;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;
use tokio::time::timeout;

use crate::burns::UNITS;
use crate::fleet::Fleet;
use crate::ledger::Ledger;
use crate::site::Site;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_1_nothing_acknowledged_is_lost_or_doubled_by_kill_9() {
    let mut dice = Dice::cast("kills");
    let mut ledger = Ledger::default();
    let all = campaign::amount(12, 1_000);
    while ledger.faults < all {
        let site = Site::new();
        let (mut fleet, mut victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
        for _ in 0..UNITS {
            fleet.run_until_killed(&victim, &site, dice.while_of(400), &mut ledger).await;
            ledger.faults += 1;
            while dice.one_in(4) {
                kill_at_start(&site, &fleet, &mut dice, &mut ledger).await;
            }
            victim = site.start(&fleet.token);
            fleet.check(&victim, &mut ledger).await;
            if ledger.faults >= all {
                break;
            }
        }
        fleet.land(&site, victim, &mut ledger).await;
    }
    ledger.close("kill -9");
}

/// Kills a server that has hardly begun to read what is there.
async fn kill_at_start(site: &Site, fleet: &Fleet, dice: &mut Dice, ledger: &mut Ledger) {
    let victim = site.launch(&fleet.token);
    passes(dice.while_of(150)).await;
    assert!(victim.kill(), "the server did not start:\n{}", site.logged());
    ledger.faults += 1;
    ledger.at_start += 1;
}

/// Real time goes by, in which the server does what it does.
pub(crate) async fn passes(moment: Duration) {
    let _ = timeout(moment, std::future::pending::<()>()).await;
}
