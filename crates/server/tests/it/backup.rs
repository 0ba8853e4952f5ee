//! Backups over HTTP, and what a restore refuses.

use std::path::Path;

use plimsoll_server::app::backup::{RestoreError, check, restore};
use plimsoll_server::config::Config;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};

use crate::it::harness::TestServer;

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn backup(server: &TestServer) -> Vec<u8> {
    let response = server.request("GET", "/api/v1/backup").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/x-tar");
    let length: usize = response.headers()[CONTENT_LENGTH].to_str().unwrap().parse().unwrap();
    let bytes = response.bytes().await.unwrap();
    assert_eq!(bytes.len(), length);
    bytes.to_vec()
}

fn into(place: &Path) -> Config {
    Config { data: place.join("data"), ..Config::default() }
}

#[tokio::test]
async fn a_backup_is_whole_leaves_nothing_staged_and_sweeps_what_a_crash_left() {
    let server = TestServer::start().await;
    let bytes = backup(&server).await;
    let manifest = check(&mut bytes.as_slice()).unwrap();
    assert_eq!(manifest.total_bytes(), bytes.len() as u64);
    assert!(manifest.tables.iter().any(|(table, rows)| table == "token" && *rows == 1));
    backup(&server).await;
    let data = server.site.config.data.clone();
    let staged = "backup-00f1e2d3c4b5a69788796a5b4c3d2e1f";
    let of_others = ["backup-before-upgrade", &staged[..38], "backup-2026", "backup-"];
    for name in of_others.into_iter().chain([staged]) {
        std::fs::create_dir_all(data.join(name).join("tallies")).unwrap();
    }
    let server = server.restart().await;
    let left = names(&data);
    assert!(!left.iter().any(|name| name == staged), "{left:?}");
    assert!(of_others.iter().all(|name| left.iter().any(|left| left == name)), "{left:?}");

    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    std::fs::write(&file, &bytes).unwrap();
    let restored = restore(&into(place.path()), &file).await.unwrap();
    assert!(restored.history.intact);
    assert_eq!(restored.manifest, manifest);
    assert_eq!(names(place.path()), ["data", "file"]);
    drop(server);
}

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
fn numbers() -> impl Iterator<Item = usize> {
    let next = |n: &u64| {
        Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(7_u64), next).map(|number| (number >> 33) as usize)
}

#[tokio::test]
async fn two_thousand_damaged_files_are_refused_and_leave_nothing_behind() {
    let server = TestServer::start().await;
    let bytes = backup(&server).await;
    let place = tempfile::tempdir().unwrap();
    let config = into(place.path());
    let file = place.path().join("file");
    for (turn, number) in numbers().take(2_000).enumerate() {
        let damaged = if turn % 4 == 0 {
            bytes[..number % bytes.len()].to_vec()
        } else {
            let mut flipped = bytes.clone();
            flipped[(number / 8) % bytes.len()] ^= 1 << (number % 8);
            flipped
        };
        std::fs::write(&file, damaged).unwrap();
        let refused = restore(&config, &file).await;
        assert!(matches!(refused, Err(RestoreError::Archive(_))), "{turn}: {refused:?}");
        assert_eq!(names(place.path()), ["file"], "{turn}");
    }
    std::fs::write(&file, &bytes).unwrap();
    restore(&config, &file).await.unwrap();
}

#[tokio::test]
async fn a_restore_is_never_over_something() {
    let server = TestServer::start().await;
    let bytes = backup(&server).await;
    let place = tempfile::tempdir().unwrap();
    let (config, file) = (into(place.path()), place.path().join("file"));
    std::fs::write(&file, &bytes).unwrap();
    let partial = place.path().join("data.partial");
    std::fs::create_dir_all(&partial).unwrap();
    std::fs::write(partial.join("thesis.txt"), "mine").unwrap();
    let refused = restore(&config, &file).await;
    assert!(matches!(refused, Err(RestoreError::InTheWay(_))), "{refused:?}");
    assert_eq!(names(&partial), ["thesis.txt"]);
    std::fs::remove_dir_all(&partial).unwrap();
    std::fs::create_dir_all(&config.data).unwrap();
    std::fs::write(config.data.join("anything"), "mine").unwrap();
    let refused = restore(&config, &file).await;
    assert!(matches!(refused, Err(RestoreError::Occupied(_))), "{refused:?}");
    assert_eq!(names(place.path()), ["data", "file"]);
    std::fs::remove_file(config.data.join("anything")).unwrap();
    restore(&config, &file).await.unwrap();
    let missing = restore(&into(&place.path().join("b")), &place.path().join("none")).await;
    assert!(matches!(missing, Err(RestoreError::File { .. })), "{missing:?}");
}
