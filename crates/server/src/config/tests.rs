use expect_test::{Expect, expect};

use super::*;

fn load(toml: &str, flags: Flags) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plimsoll.toml");
    std::fs::write(&path, toml).unwrap();
    Config::load(Some(&path), flags)
}

fn refused(toml: &str, expected: Expect) {
    let ConfigError::Refused { message, .. } = load(toml, Flags::default()).unwrap_err() else {
        panic!("the file was read");
    };
    expected.assert_eq(&message);
}

#[test]
fn flags_win_over_the_file_and_the_file_over_defaults() {
    let toml = "listen = \"127.0.0.1:9000\"\ndata = \"/var/lib/plimsoll\"\n\
                [outbound]\nallow_loopback = true\n";
    let flags = Flags { data: Some("here".into()), ..Flags::default() };
    let config = load(toml, flags).unwrap();
    assert_eq!(config.listen.port(), 9000);
    assert_eq!(config.data, Path::new("here"));
    assert!(config.outbound.allow_loopback && config.outbound.allow_private_scrapes);
    assert_eq!(config.limits, Limits::default());
}

#[test]
fn an_unknown_key_is_refused_with_its_position() {
    refused(
        "listen = \"127.0.0.1:9000\"\n[outbound]\nallow_loopbak = true\n",
        expect![
            "line 3, column 1: unknown field `allow_loopbak`, expected one of `allow_loopback`, `allow_private_scrapes`, `allow_private_webhooks`"
        ],
    );
}

#[test]
fn an_address_that_no_url_begins_with_is_refused_by_its_key() {
    for (text, key) in [
        ("advertise_url = \"10.0.0.5:8010\"", "advertise_url"),
        ("advertise_url = \"http://10.0.0.5/?a=b\"", "advertise_url"),
        ("public_url = \"plimsoll.example.com\"", "public_url"),
        ("public_url = \"ftp://plimsoll.example.com\"", "public_url"),
    ] {
        let told = format!("`{key}` is no http or https URL of a server");
        let error = load(text, Flags::default()).unwrap_err().to_string();
        assert!(error.ends_with(&told), "{text}: {error}");
    }
    let fine = load("advertise_url = \"http://10.0.0.5:8010/\"", Flags::default()).unwrap();
    let bound = "0.0.0.0:8010".parse().unwrap();
    assert_eq!(fine.advertised(Some(bound)).as_deref(), Some("http://10.0.0.5:8010"));
    assert_eq!(Config::default().advertised(Some(bound)), None);
    let one = "192.0.2.1:8010".parse().unwrap();
    assert_eq!(Config::default().advertised(Some(one)).as_deref(), Some("http://192.0.2.1:8010"));
}

#[test]
fn a_fault_is_told_by_its_place_and_key_and_never_by_the_value() {
    refused(
        "\nlog = \"info\"\nstor = \"postgres://u:hunter2@h/db\"\n",
        expect![
            "line 3, column 1: unknown field `stor`, expected one of `data`, `listen`, `public_url`, `advertise_url`, `store`, `outbound`, `mail`, `limits`, `tallies`, `disk`, `log`"
        ],
    );
    refused(
        "limits = \"hunter2, expected \\\"hunter2\\\"\"\n",
        expect!["line 1, column 10, `limits`: invalid type: a string, expected struct Limits"],
    );
    refused(
        "listen = \"hunter2\"",
        expect!["line 1, column 10, `listen`: invalid socket address syntax"],
    );
    refused(
        "store = 'postgres://u:hunter2@h/db\n",
        expect!["line 1, column 35: invalid literal string, expected `'`"],
    );
    refused(
        "store = postgres://u:hunter2@h/db\n",
        expect!["line 1, column 9: string values must be quoted, expected literal string"],
    );
    refused(
        "store = \"\"\"\nhunter2 = \\q\"\"\"\n",
        expect![[
            r#"line 2, column 12: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`"#
        ]],
    );
    refused("store = \"a\"\nstore = \"hunter2\"\n", expect!["line 2, column 1: duplicate key"]);
}

#[test]
fn a_password_in_the_place_of_its_place_is_not_repeated() {
    let mail = "[mail]\nserver = \"a\"\nfrom = \"a@b\"\nusername = \"u\"\n";
    refused(
        &format!("{mail}password = \"hunter2\"\n"),
        expect!["line 5, column 12, `password`: invalid type: a string, expected struct Place"],
    );
    let half = load(mail, Flags::default()).unwrap_err().to_string();
    assert!(half.contains("[mail]") && half.contains("belong together"), "{half}");
}

#[test]
fn a_secret_comes_from_a_file_without_its_line_end_and_is_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    std::fs::write(&path, "whsec_c2VjcmV0\n").unwrap();
    let reference = SecretRef::File(path.display().to_string());
    let secret = resolve_secret(&reference).unwrap();
    assert_eq!(secret.expose(), "whsec_c2VjcmV0");
    assert_eq!(format!("{secret:?}"), "Secret(…)");
    let missing = resolve_secret(&SecretRef::Env("PLIMSOLL_NO_SUCH_VARIABLE".into()));
    assert!(matches!(missing, Err(SecretError::NoVariable(_))));
}

#[test]
fn a_store_is_named_by_a_flag_before_the_file_and_never_shows_its_password() {
    let toml = "store = \"postgres://u:hunter2@db/records\"\n";
    let config = load(toml, Flags::default()).unwrap();
    assert_eq!(config.location().to_string(), "postgres://u:…@db/records");
    assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
    let flags = Flags { store: Some("sqlite:elsewhere.db".into()), ..Flags::default() };
    assert_eq!(load(toml, flags).unwrap().location(), Location::Sqlite("elsewhere.db".into()));
    assert_eq!(
        Config::default().location(),
        Location::Sqlite(Path::new("./plimsoll-data/records.db").into())
    );

    for (toml, flag) in [("store = \"postgres://u:hun/ter2@db\"", None), ("", Some("mysql:ter2"))] {
        let flags = Flags { store: flag.map(str::to_owned), ..Flags::default() };
        let error = load(toml, flags).unwrap_err();
        let ConfigError::Store { source, .. } = &error else { panic!("{error:?}") };
        let said = format!("{error} {error:?} {source}");
        assert!(said.contains("postgres://USER:PASSWORD@HOST") && !said.contains("ter2"), "{said}");
    }
}

/// The guide shows every key with its default; what it shows must be true.
#[test]
fn the_guide_shows_the_defaults() {
    let guide = include_str!("../../../../docs/guide/configuration.md");
    let mut blocks = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shown = load(blocks.next().unwrap(), Flags::default()).unwrap();
    assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
    let opened = load(blocks.next().unwrap(), Flags::default()).unwrap();
    assert!(opened.outbound.allow_loopback);
}

#[test]
fn a_secret_is_a_regular_file_of_a_bounded_size() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    let read = |path: &Path| resolve_secret(&SecretRef::File(path.display().to_string()));
    let pipe = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for irregular in [Path::new("/dev/zero"), dir.path(), &pipe] {
        let refused = read(irregular);
        assert!(matches!(refused, Err(SecretError::Irregular(_))), "{refused:?}");
    }
    std::fs::write(&path, "x".repeat(4_096)).unwrap();
    assert_eq!(read(&path).unwrap().expose().len(), 4_096);
    std::fs::write(&path, "hunter2".repeat(600)).unwrap();
    let refused = read(&path).unwrap_err();
    assert!(matches!(refused, SecretError::TooLong(_)), "{refused:?}");
    assert!(!refused.to_string().contains("hunter2"), "{refused}");
}
