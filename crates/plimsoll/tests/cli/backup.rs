//! The restore drill, with the real binary: a backup under load, restored elsewhere, started, and
//! compared with what it was made of.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use plimsoll_trials::program::Program;
use serde_json::Value;

use crate::server::apply_starter;
use crate::telemetry::Shop;
use crate::{Server, follow, plimsoll, run};

/// The page whose `sh` blocks are run.
const GUIDE: &str = include_str!("../../../../docs/guide/backup.md");

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are text")
}

fn json(server: &Server, token: &str, arguments: &[&str]) -> Value {
    let ran = server.ask(token, &[arguments, &["--output", "json"]].concat()).exits(0);
    serde_json::from_str(&ran.out).expect("it is JSON")
}

/// Rounds that come slowly, before those that come as fast as they are taken.
const SLOW: u64 = 100;

/// When the sample of a round was taken: a quarter of a minute apart, then ten milliseconds.
fn sampled_ms(first_ms: i64, round: u64) -> i64 {
    let fast = round.saturating_sub(SLOW);
    first_ms + 15_000 * round.min(SLOW).cast_signed() + 10 * fast.cast_signed()
}

async fn send(shop: &Shop, http: &reqwest::Client, first_ms: i64, round: u64) {
    shop.write(http, sampled_ms(first_ms, round), 60 * round, 40 * round).await;
}

fn totals(slo: &Value) -> (u64, u64) {
    let read = |field: &str| slo[field].as_f64().expect("it counts") as u64;
    (read("good"), read("total"))
}

/// Twenty-five minutes of a bad shop up to now, a deployment, a decision; waits for its alert.
async fn story(shop: &Shop, http: &reqwest::Client, place: &Path) -> (i64, Value) {
    apply_starter(place, &shop.server, &shop.token);
    let now: jiff::Timestamp = shop.slo()["as_of"].as_str().unwrap().parse().unwrap();
    let first_ms = now.as_millisecond() - 15_000 * SLOW.cast_signed();
    for round in 0..=SLOW {
        send(shop, http, first_ms, round).await;
    }
    let record = ["deployment", "record", "--service", "shop", "--environment", "production"];
    let change = ["--artifact", "sha256:abc", "--class", "feature"];
    shop.run(&[&record[..], &change].concat()).exits(0);
    let gate = ["gate", "check", "--service", "shop", "--environment", "production"];
    shop.run(&[&gate[..], &change].concat()).exits(0);
    loop {
        let alerts = json(&shop.server, &shop.token, &["get", "alerts"]);
        if alerts.as_array().is_some_and(|alerts| !alerts.is_empty()) {
            return (first_ms, alerts);
        }
    }
}

/// Rounds sent one after the other, until it is enough.
struct Load {
    acknowledged: Arc<AtomicU64>,
    enough: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Load {
    fn start(shop: &Arc<Shop>, http: &reqwest::Client, first_ms: i64) -> Self {
        let (acknowledged, enough) = (Arc::new(AtomicU64::new(SLOW)), Arc::default());
        let (shop, http) = (shop.clone(), http.clone());
        let (counted, stop): (_, Arc<AtomicBool>) = (acknowledged.clone(), Arc::clone(&enough));
        let task = tokio::spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                let round = counted.load(Ordering::SeqCst) + 1;
                send(&shop, &http, first_ms, round).await;
                counted.store(round, Ordering::SeqCst);
            }
        });
        Self { acknowledged, enough, task }
    }

    fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::SeqCst)
    }

    /// Stops; says how many rounds were acknowledged in all.
    async fn stop(self) -> u64 {
        self.enough.store(true, Ordering::SeqCst);
        self.task.await.unwrap();
        self.acknowledged.load(Ordering::SeqCst)
    }
}

/// A list without where services stand, which goes on changing.
fn kept(mut list: Value) -> Value {
    for item in list.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        for moving in ["status", "budget_remaining", "firing"] {
            item.remove(moving);
        }
    }
    list
}

/// Holds what a restored server says against what the first one does.
fn compare(shop: &Shop, restored: &Server, at: &str, alerts: &Value) {
    let here = |arguments: &[&str]| json(&shop.server, &shop.token, arguments);
    let there = |arguments: &[&str]| json(restored, &shop.token, arguments);
    let explain = ["explain", "slo", "shop-availability", "--minutes", "20", "--at", at];
    let (theirs, ours) = (here(&explain), there(&explain));
    assert_eq!(ours["minutes"], theirs["minutes"], "{ours}");
    assert!(ours["minutes"].as_array().is_some_and(|minutes| minutes.len() > 10), "{ours}");
    let known = there(&["get", "alerts"]);
    for alert in alerts.as_array().unwrap() {
        assert!(known.as_array().unwrap().iter().any(|a| a["id"] == alert["id"]), "{known}");
    }
    for list in [["get", "deployments"], ["get", "decisions"], ["get", "services"]] {
        let (theirs, ours) = (kept(here(&list)), kept(there(&list)));
        assert_eq!(ours, theirs, "{list:?}");
        assert!(ours.as_array().is_some_and(|items| !items.is_empty()), "{list:?}");
    }
    let decisions = there(&["get", "decisions"]);
    let id = decisions[0]["id"].as_str().unwrap();
    let replayed = restored.ask(&shop.token, &["gate", "replay", id]).exits(0);
    assert!(replayed.out.contains("identical"), "{}", replayed.out);
    let tokens = |server: &Server| {
        let mut tokens = json(server, &shop.admin, &["token", "list"]);
        // That it asks here is a use of the token that asks.
        for token in tokens.as_array_mut().unwrap() {
            token.as_object_mut().unwrap().remove("last_used_at");
        }
        tokens
    };
    assert_eq!(tokens(restored), tokens(&shop.server));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_restored_to_what_it_was() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let shop = Arc::new(Shop::open());
    let place = tempfile::tempdir().unwrap();
    let (file, data) = (place.path().join("plimsoll.backup"), place.path().join("restored"));
    let (first_ms, alerts) = story(&shop, &http, place.path()).await;

    // Of the load a known part is acknowledged before the backup is asked for.
    let load = Load::start(&shop, &http, first_ms);
    while load.acknowledged() < SLOW + 10 {
        tokio::task::yield_now().await;
    }
    let before = load.acknowledged();
    let made = shop.server.ask(&shop.admin, &["backup", text(&file)]).exits(0);
    assert!(made.out.contains("rows in"), "{}", made.out);
    let after = load.stop().await;

    let told = run(&["restore", text(&file), "--data", text(&data)]).exits(0);
    assert!(told.out.contains("History: intact"), "{}", told.out);
    let restored = Server::start(&data);
    let slo = || json(&restored, &shop.token, &["get", "slo", "shop-availability"]);
    // All that was acknowledged before, and whole rounds.
    let (good, total) = totals(&slo());
    let round = total / 100;
    assert_eq!((good, total), (60 * round, 100 * round), "{}", slo());
    assert!((before..=after).contains(&round), "{before} ≤ {round} ≤ {after}");
    // As of an instant before the load, every figure of the minutes is the same.
    let at = jiff::Timestamp::from_millisecond(sampled_ms(first_ms, SLOW - 8)).unwrap();
    compare(&shop, &restored, &at.to_string(), &alerts);

    // It goes on where it was: the counters that went on meanwhile are counted to the unit.
    let (at_ms, next) = (sampled_ms(first_ms, after + 1), after + 1);
    shop.write_to(&restored.url, &http, at_ms, 60 * next, 40 * next).await;
    assert_eq!(totals(&slo()).1, 100 * (after + 1));
    assert_eq!(restored.stop("TERM"), Some(0));
    run(&["verify", "--data", text(&data)]).exits(0);
}

/// A stopped installation with something in it, and a backup of it.
fn backed_up(place: &Path) -> std::path::PathBuf {
    let shop = Shop::open();
    let file = place.join("plimsoll.backup");
    let made = shop.server.ask(&shop.admin, &["backup", text(&file)]).exits(0);
    assert!(made.out.contains("keep it"), "{}", made.out);
    file
}

#[test]
fn a_restore_that_is_killed_leaves_nothing_or_all_of_it() {
    let place = tempfile::tempdir().unwrap();
    let file = backed_up(place.path());
    let data = place.path().join("data");
    let partial = place.path().join("data.partial");
    let signs = [
        partial.join("lock"),
        partial.join("tallies/key"),
        partial.join("records"),
        partial.join("records.db"),
        partial.join("records.db-wal"),
        data.clone(),
    ];
    for sign in signs.iter().cycle().take(4 * signs.len()) {
        let mut restore = plimsoll(&["restore", text(&file), "--data", text(&data)]);
        restore.stdout(Stdio::null()).stderr(Stdio::null());
        let mut restore = Program::start(&mut restore);
        // The signs come and go: one that was missed ends with the restore.
        while !sign.exists() && restore.is_running() {}
        restore.kill();
        if data.exists() {
            run(&["verify", "--data", text(&data)]).exits(0);
            assert_eq!(Server::start(&data).stop("TERM"), Some(0));
            std::fs::remove_dir_all(&data).unwrap();
        }
    }
    run(&["restore", text(&file), "--data", text(&data)]).exits(0);
    assert!(!partial.exists());
    let again = run(&["restore", text(&file), "--data", text(&data)]).exits(1);
    assert!(again.err.contains("not empty"), "{}", again.err);
}

#[test]
fn a_backup_is_the_admins_and_offline_only_of_what_nobody_holds() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::open();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("a.backup");
    shop.server.ask(&shop.token, &["backup", text(&file)]).exits(2);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "nothing is left");
    let data = shop.data();
    let held = run(&["backup", text(&file), "--data", text(&data)]).exits(1);
    assert!(held.err.contains("without --data"), "{}", held.err);
    // A file of that name, which anybody may read, is not written into.
    std::fs::write(place.path().join("a.backup.partial"), "").unwrap();
    shop.server.ask(&shop.admin, &["backup", text(&file)]).exits(0);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let nothing = run(&["backup", text(&file), "--data", text(place.path())]).exits(1);
    assert!(nothing.err.contains("nothing to back up"), "{}", nothing.err);

    let dir = shop.stop();
    let offline = place.path().join("b.backup");
    run(&["backup", text(&offline), "--data", text(&data)]).exits(0);
    let left: Vec<String> = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("backup-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    run(&["restore", text(&offline), "--data", text(&place.path().join("b"))]).exits(0);
    assert_eq!(Server::start(&place.path().join("b")).stop("TERM"), Some(0));
    drop(dir);
}

#[test]
fn the_commands_of_the_guide_work_as_they_stand() {
    let shop = Shop::open();
    let place = tempfile::tempdir().unwrap();
    let told = follow(GUIDE, place.path(), &shop.server.url, &shop.admin);
    assert!(told.contains("History: intact"), "{told}");
}
