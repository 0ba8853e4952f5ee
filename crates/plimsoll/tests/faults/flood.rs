//! A flood of fresh series: the series that were there are not disturbed, memory stays bounded, and
//! the sender is named.

use plimsoll_trials::campaign;
use plimsoll_trials::dice::Dice;

use crate::burns::now_ms;
use crate::fleet::Fleet;
use crate::ledger::Ledger;
use crate::site::{CONFIG, Site};
use crate::victim::{Reply, Victim};
use crate::writer::pack;

/// Series in one request.
const BATCH: u32 = 5_000;

/// What the server may hold in memory, all of it.
const RESIDENT_MIB_MAX: u64 = 512;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_5_a_flood_of_fresh_series_disturbs_no_other_and_stays_within_its_cap() {
    let mut dice = Dice::cast("flood");
    let mut ledger = Ledger::default();
    let (undeclared, declared) =
        (campaign::amount(100_000, 1_000_000), campaign::amount(10_000, 100_000));
    let cap = declared / 2;
    let site = Site::with_config(&format!("{CONFIG}series_per_tally_max = {cap}\n"));
    let (mut fleet, victim) = Fleet::embark(&site, &mut dice, &mut ledger).await;
    let before_mib = resident_mib(&victim);
    for (metric, series) in [("stray_total", undeclared), ("shop_requests_total", declared)] {
        for first in (0..series).step_by(BATCH as usize) {
            flood(&victim, metric, first..first + BATCH).await;
            // The known series keep their samples, between any two waves.
            fleet.writers[0].once(&victim, &mut ledger).await;
            fleet.writers[0].check(&victim, &mut ledger).await;
        }
    }
    fleet.compare(&victim, &mut ledger).await;
    let after_mib = resident_mib(&victim);
    assert!(after_mib < RESIDENT_MIB_MAX, "{after_mib} MiB");

    let telemetry = victim.get("/api/v1/telemetry").await;
    // The fleet's own three writers have two series each, in tallies of their own.
    let over_cap = u64::from(declared - (cap - 2));
    assert_eq!(telemetry["over_cap"], over_cap, "{telemetry}");
    let offender = &telemetry["offenders"][0];
    assert_eq!(offender["over_cap"], over_cap, "{telemetry}");
    assert!(offender["sender"].as_str().is_some_and(|sender| !sender.is_empty()), "{telemetry}");
    let shown = ["get", "telemetry", "--url", &victim.url, "--token", &victim.token];
    assert!(site.run(&shown).contains(offender["sender"].as_str().unwrap()));
    println!(
        "FIGURES flood: {undeclared} undeclared and {declared} declared series, cap {cap}: \
         {over_cap} dropped and their sender named; memory {before_mib} MiB before, {after_mib} \
         MiB at most"
    );
    fleet.land(&site, victim, &mut ledger).await;
    ledger.close("flood");
}

/// One sample each of series that nobody has seen.
async fn flood(victim: &Victim, metric: &'static str, numbers: std::ops::Range<u32>) {
    let at_ms = now_ms();
    let series = numbers.map(|number| {
        let labels = vec![
            ("__name__", metric.to_owned()),
            ("code", "200".to_owned()),
            ("user", format!("user-{number:08}")),
            ("writer", "a".to_owned()),
        ];
        (labels, vec![(at_ms, 0)])
    });
    let reply = victim.write(pack(series)).await;
    assert!(matches!(reply, Reply::Acknowledged(_)), "{reply:?}");
}

/// The most memory it has held so far.
fn resident_mib(victim: &Victim) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", victim.pid())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
}
