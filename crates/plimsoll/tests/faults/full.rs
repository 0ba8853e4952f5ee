//! A full disk: telemetry is refused with 503 and alerts go out, until there is room again.

use std::time::Instant;

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;
use serde_json::json;

use crate::burns::{RECEIVERS, UNITS};
use crate::disk::{Disk, is_there, site_on_a_disk};
use crate::fleet::Fleet;
use crate::kills::passes;
use crate::ledger::Ledger;
use crate::site::{CONFIG, Site};
use crate::victim::{PATIENCE, Reply, Victim};

const MEGABYTES: u32 = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_telemetry_and_alerts_go_out() {
    let what = "full disk";
    let mut dice = Dice::cast(what);
    let mut ledger = Ledger::default();
    let mut healed = Vec::new();
    for _ in 0..campaign::amount(1, 4) {
        let Some((site, mut disk)) = site_on_a_disk(what, CONFIG, MEGABYTES) else { return };
        let (mut fleet, victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
        reserve_is(true, &site, &mut disk).await;
        fleet.burns.ignite_all(&victim).await;
        victim.kill();
        fill(&mut disk);

        let victim = site.start(&fleet.token);
        telemetry_is_refused(&mut fleet, &victim).await;
        fleet.burns.settle(&victim, &fleet.inbox, &mut ledger).await;
        assert!(!is_there(&mut disk, &site.data.join("reserve")), "it was not needed");
        fleet.compare(&victim, &mut ledger).await;

        disk.run(&format!("rm {}", disk.path("ballast").display()));
        let began = Instant::now();
        fleet.settle(&victim, &mut ledger).await;
        healed.push(began.elapsed());
        reserve_is(true, &site, &mut disk).await;

        fill(&mut disk);
        pages_and_deployments_go_on(&mut fleet, &victim).await;
        deployments_go_on_to_the_reserve(&mut fleet, &victim, &site, &mut disk).await;
        disk.run(&format!("rm {}", disk.path("ballast").display()));
        ledger.faults += 2;
        fleet.land(&site, victim, &mut ledger).await;
    }
    let pages = UNITS * RECEIVERS.len() * healed.len();
    let slowest = healed.iter().max().map_or(0, |healed| healed.as_millis());
    println!("alerts sent while full: {pages}; telemetry taken again after {slowest} ms at most");
    ledger.close(what);
}

/// Takes every block that is left.
fn fill(disk: &mut Disk) {
    let ballast = disk.path("ballast").display().to_string();
    // It ends with an error when there is nothing left, which is what is wanted.
    disk.run(&format!("dd if=/dev/zero of={ballast} bs=4k; sync -f {ballast}"));
    disk.run(&format!("dd if=/dev/zero of={ballast} bs=512 oflag=append conv=notrunc; true"));
    let left = disk.run(&format!("df --output=avail -k {ballast} | tail -n 1"));
    assert_eq!(left.trim(), "0", "the disk is full");
}

/// Each writer is told to come again, and nothing of it counts.
async fn telemetry_is_refused(fleet: &mut Fleet, victim: &Victim) {
    for writer in &mut fleet.writers {
        let request = writer.request();
        let answer = victim.write_raw(request).await;
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"), "{answer:?}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "storage_full", "{problem}");
    }
}

/// The reserve is there for what people do.
async fn pages_and_deployments_go_on(fleet: &mut Fleet, victim: &Victim) {
    for _ in 0..20 {
        assert!(fleet.deployments.ask(victim).await);
        assert!(fleet.decisions.ask(victim).await);
    }
    let none: [String; 0] = [];
    assert_eq!(fleet.deployments.refused, none);
    assert_eq!(fleet.decisions.refused, none);
    let nobody = json!({"service": "nobody", "environment": "production", "artifact": "sha256:0",
        "class": "feature"});
    let refused = victim.post("/api/v1/deployments", &nobody).await;
    assert!(matches!(refused, Reply::Refused(422, _)), "{refused:?}");
}

/// What SQLite has of its log it fills first; then the reserve is given up, and nobody notices.
async fn deployments_go_on_to_the_reserve(
    fleet: &mut Fleet,
    victim: &Victim,
    site: &Site,
    disk: &mut Disk,
) {
    let began = Instant::now();
    while is_there(disk, &site.data.join("reserve")) {
        assert!(fleet.deployments.ask(victim).await);
        assert!(began.elapsed() < PATIENCE, "the reserve is not used\n{}", site.logged());
    }
    let none: [String; 0] = [];
    assert_eq!(fleet.deployments.refused, none);
}

/// Waits until the reserve is there, or is not.
async fn reserve_is(there: bool, site: &Site, disk: &mut Disk) {
    let began = Instant::now();
    while is_there(disk, &site.data.join("reserve")) != there {
        assert!(began.elapsed() < PATIENCE, "the reserve is there: {}\n{}", !there, site.logged());
        passes(std::time::Duration::from_millis(50)).await;
    }
}
