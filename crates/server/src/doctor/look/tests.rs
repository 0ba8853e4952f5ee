use super::*;

#[test]
fn what_belongs_to_another_is_found_however_deep_it_lies() {
    let data = tempfile::tempdir().unwrap();
    let deep = data.path().join("tallies/segments");
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("day"), "").unwrap();
    fs::write(data.path().join("notes"), "").unwrap();
    let user = fs::metadata(data.path()).unwrap().uid();
    assert_eq!(stranger(data.path(), user), None);
    let mut found = Vec::new();
    note_strangers(&data.path().join("tallies"), user + 1, &mut found);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|found| found.owner == user && found.usable), "{found:?}");
    let found = stranger(data.path(), user + 1).unwrap();
    assert_eq!((found.path, found.owner), (data.path().display().to_string(), user));

    let directory = directory(data.path()).unwrap();
    assert_eq!((directory.user, directory.stranger), (Some(user), None));
}
