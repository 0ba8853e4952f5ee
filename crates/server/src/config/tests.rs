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
    let flags = Flags { data: Some("here".into()), listen: None };
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
        expect![[r#"
        TOML parse error at line 3, column 1
          |
        3 | allow_loopbak = true
          | ^^^^^^^^^^^^^
        unknown field `allow_loopbak`, expected one of `allow_loopback`, `allow_private_scrapes`, `allow_private_webhooks`
    "#]],
    );
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
