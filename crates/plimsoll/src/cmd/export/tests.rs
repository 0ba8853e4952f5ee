use super::*;

fn definition(kind: &str, name: &str) -> Definition {
    Definition {
        api_version: "openslo/v1".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        yaml: "kind: SLO\n\n".to_owned(),
        origin: "yours".to_owned(),
        version: None,
        changed_at: None,
        changed_by: None,
    }
}

#[test]
fn a_definition_has_a_file_of_its_own() {
    let (path, text) = file(&definition("SLO", "checkout-availability")).unwrap();
    assert_eq!(path, Path::new("slo/checkout-availability.yaml"));
    assert_eq!(text, "kind: SLO\n");
}

#[test]
fn no_name_leads_out_of_the_directory() {
    for (kind, name) in [
        ("SLO", "../../etc/passwd"),
        ("SLO", "a/b"),
        ("SLO", ".."),
        ("SLO", ".hidden"),
        ("SLO", ""),
        ("../SLO", "a"),
        ("SLO", "a\u{1b}[2J"),
    ] {
        assert!(file(&definition(kind, name)).is_err(), "{kind} {name}");
    }
}

#[test]
fn what_says_something_else_is_not_written_over() {
    let place = tempfile::tempdir().unwrap();
    let (there, new) = (place.path().join("slo/a.yaml"), place.path().join("slo/b.yaml"));
    let files = [(there.clone(), "mine\n".to_owned()), (new.clone(), "new\n".to_owned())];
    assert_eq!(write(&files, false).unwrap(), 2);
    assert_eq!(write(&files, false).unwrap(), 0);
    fs::write(&there, "other\n").unwrap();
    fs::remove_file(&new).unwrap();
    assert!(write(&files, false).is_err());
    assert!(!new.exists(), "all or nothing");
    assert_eq!(write(&files, true).unwrap(), 2);
    assert_eq!(fs::read_to_string(&there).unwrap(), "mine\n");
}
