use super::*;

fn tree(paths: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for path in paths {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("# {}", path.display())).unwrap();
    }
    root
}

fn names(root: &Path, named: &[PathBuf]) -> Vec<String> {
    let files = read(named, &mut io::empty()).unwrap();
    let prefix = format!("{}/", root.display());
    files.into_iter().map(|file| file.path.replace(&prefix, "")).collect()
}

#[test]
fn a_directory_is_walked_in_name_order() {
    let root = tree(&["b.yaml", "a/z.yml", "a/b.yaml", "c.txt", ".git/x.yaml", "a/.hidden.yaml"]);
    let found = names(root.path(), &[root.path().to_owned()]);
    assert_eq!(found, ["a/b.yaml", "a/z.yml", "b.yaml"]);
}

#[test]
fn a_named_file_is_read_whatever_it_is_called_and_once() {
    let root = tree(&["slo.txt", "a.yaml"]);
    let named = [root.path().join("slo.txt"), root.path().join("a.yaml"), root.path().to_owned()];
    assert_eq!(names(root.path(), &named), ["slo.txt", "a.yaml"]);
}

#[test]
fn a_dash_is_standard_input() {
    let files = read(&["-".into()], &mut "kind: SLO".as_bytes()).unwrap();
    assert_eq!((files[0].path.as_str(), files[0].text.as_str()), ("-", "kind: SLO"));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_directory_is_not_followed() {
    let root = tree(&["a/x.yaml"]);
    std::os::unix::fs::symlink(root.path(), root.path().join("a/loop")).unwrap();
    assert_eq!(names(root.path(), &[root.path().to_owned()]), ["a/x.yaml"]);
}

#[test]
fn what_is_not_there_and_what_is_empty_is_refused() {
    let root = tree(&["a.txt"]);
    let missing = read(&[root.path().join("none.yaml")], &mut io::empty());
    assert!(matches!(missing, Err(Error::Unreadable { .. })), "{missing:?}");
    let empty = read(&[root.path().to_owned()], &mut io::empty());
    assert!(matches!(empty, Err(Error::Empty { .. })), "{empty:?}");
}
