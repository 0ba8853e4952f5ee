use std::fs;

use super::{Files, Usage, usage};

#[test]
fn files_are_told_apart_by_what_they_are_for() {
    let dir = tempfile::tempdir().expect("a directory");
    assert_eq!(usage(dir.path()).expect("reads"), Usage::default(), "nothing is there yet");
    for (name, bytes) in [
        ("key", 24),
        ("checkpoint-00000000000000000000", 100),
        ("checkpoint-00000000000000000900", 200),
        ("log/00000000000000000000.log", 30),
        ("log/unfinished", 1_000),
        ("segments/0000000001.segment", 7),
    ] {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("makes a directory");
        fs::write(path, vec![0; bytes]).expect("writes");
    }
    let expected = Usage {
        log: Files { count: 1, bytes: 30 },
        checkpoints: Files { count: 2, bytes: 300 },
        segments: Files { count: 1, bytes: 7 },
    };
    assert_eq!(usage(dir.path()).expect("reads"), expected);
}
