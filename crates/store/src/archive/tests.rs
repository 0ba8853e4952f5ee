use std::process::Command;

use super::*;

/// A small backup's files, and the backup.
fn backup() -> (tempfile::TempDir, Manifest, Vec<u8>) {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join("tallies/segments")).unwrap();
    for (name, bytes) in [
        ("key", 32),
        ("records", 1_500),
        ("tallies/key", 20),
        ("tallies/checkpoint-00000000000000000123", 700),
        ("tallies/segments/0000000007.segment", 512),
        ("tallies/segments/0000000008.segment", 0),
    ] {
        let text: Vec<u8> = (0..bytes).map(|i| (i % 251) as u8).collect();
        std::fs::write(root.path().join(name), text).unwrap();
    }
    let tables = vec![("alert".to_owned(), 3)];
    let exported = Exported { migrations: vec!["m0001_first".to_owned()], tables };
    let manifest = Manifest::of(root.path(), Timestamp::UNIX_EPOCH, exported).unwrap();
    let mut bytes = Vec::new();
    write(root.path(), &manifest, &mut bytes).unwrap();
    (root, manifest, bytes)
}

#[test]
fn what_is_written_is_read_and_tar_and_sha256sum_read_it_too() {
    let (root, manifest, bytes) = backup();
    assert_eq!(manifest.total_bytes(), bytes.len() as u64);
    assert_eq!(check(&mut bytes.as_slice()).unwrap(), manifest);
    let place = tempfile::tempdir().unwrap();
    assert_eq!(extract(&mut bytes.as_slice(), &place.path().join("a")).unwrap(), manifest);
    for Member { name, .. } in &manifest.members {
        let both = [root.path(), &place.path().join("a")].map(|d| std::fs::read(d.join(name)));
        let [theirs, ours] = both.map(Result::unwrap);
        assert_eq!(ours, theirs, "{name}");
    }
    std::fs::write(place.path().join("b.tar"), &bytes).unwrap();
    let script = "mkdir b && tar -xf b.tar -C b && cd b && sha256sum -c --strict SHA256SUMS";
    let ran = Command::new("sh").args(["-c", script]).current_dir(place.path()).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let (_, _, bytes) = backup();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(check(&mut flipped.as_slice()).is_err(), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(check(&mut &bytes[..length]).is_err(), "cut at {length}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(check(&mut longer.as_slice()).is_err());
}

/// A file made by somebody else, sound but for the name of one member.
fn with_name(name: &str) -> Vec<u8> {
    let (root, mut manifest, _) = backup();
    let member = manifest.members.last_mut().unwrap();
    let old = root.path().join(&member.name);
    name.clone_into(&mut member.name);
    let text = manifest.text();
    let mut bytes = Vec::new();
    write_member(&mut bytes, MANIFEST, text.len() as u64, &mut text.as_bytes()).unwrap();
    let (last, others) = manifest.members.split_last().unwrap();
    for member in others {
        let mut file = File::open(root.path().join(&member.name)).unwrap();
        write_member(&mut bytes, &member.name, member.bytes, &mut file).unwrap();
    }
    let header = header(&last.name, 0).unwrap_or([b'x'; BLOCK]);
    bytes.extend(header);
    bytes.extend(std::fs::read(old).unwrap());
    let sums = manifest.sums(&text);
    write_member(&mut bytes, SUMS, sums.len() as u64, &mut sums.as_bytes()).unwrap();
    bytes.extend([0; 2 * BLOCK]);
    bytes
}

#[test]
fn a_member_is_a_part_of_a_backup_or_the_file_is_refused() {
    let sound = with_name("tallies/segments/0000000009.segment");
    check(&mut sound.as_slice()).expect("only the name matters");
    for name in [
        "../evil",
        "/etc/cron.d/evil",
        "tallies/../../evil",
        "tallies/segments/../1.segment",
        "tallies/segments/.segment",
        "tallies/checkpoint-00000000000000000124",
        "records",
        "seal-head.json",
        "key/evil",
        "",
    ] {
        let bytes = with_name(name);
        let place = tempfile::tempdir().unwrap();
        let refused = extract(&mut bytes.as_slice(), &place.path().join("a"));
        assert!(matches!(refused, Err(ArchiveError::Damaged(_))), "{name}: {refused:?}");
        let around: Vec<_> = std::fs::read_dir(place.path()).unwrap().flatten().collect();
        assert_eq!(around.len(), 1, "{name}: {around:?}");
    }
}

#[test]
fn a_backup_of_another_format_says_who_wrote_it() {
    let (root, mut manifest, _) = backup();
    manifest.format = 2;
    manifest.program = "9.1.0".to_owned();
    let mut bytes = Vec::new();
    write(root.path(), &manifest, &mut bytes).unwrap();
    let refused = check(&mut bytes.as_slice()).unwrap_err().to_string();
    assert!(refused.contains("format 2") && refused.contains("9.1.0"), "{refused}");
}

#[test]
fn a_file_that_changes_while_it_is_written_is_no_part_of_a_backup() {
    let (root, manifest, _) = backup();
    std::fs::write(root.path().join("records"), vec![1; 1_500]).unwrap();
    let refused = write(root.path(), &manifest, &mut Vec::new());
    assert!(matches!(refused, Err(ArchiveError::Damaged(_))), "{refused:?}");
}
