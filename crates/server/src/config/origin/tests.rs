use super::*;
use crate::config::Flags;

/// The page that documents every key, with its default.
const GUIDE: &str = include_str!("../../../../../docs/guide/configuration.md");

fn shown(toml: &str, flags: Flags, given: &[(&str, Origin)]) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("plimsoll.toml");
    std::fs::write(&path, toml).unwrap();
    let config = Config::load(Some(&path), flags).unwrap();
    let settings = settings(&config, Some(&path), given).unwrap();
    let origin =
        |setting: &Setting| setting.origin.to_string().replace(&path.display().to_string(), "FILE");
    settings.iter().map(|setting| (setting.key.to_owned(), origin(setting))).collect()
}

fn origin_of<'s>(shown: &'s [(String, String)], key: &str) -> &'s str {
    &shown.iter().find(|(name, _)| name == key).unwrap().1
}

#[test]
fn every_value_says_where_it_comes_from() {
    let toml = "# a comment\nlog = \"debug\"\ndata = \"a\"\n\n[outbound]\nallow_loopback = true\n\
                [limits]\nbody_bytes_max = 5\n";
    let flags = Flags { data: Some("b".into()), ..Flags::default() };
    let flag = Origin::Flag { flag: "--data".to_owned() };
    let shown = shown(toml, flags, &[("data", flag)]);
    assert_eq!(origin_of(&shown, "log"), "FILE:2");
    assert_eq!(origin_of(&shown, "data"), "--data");
    assert_eq!(origin_of(&shown, "outbound.allow_loopback"), "FILE:6");
    assert_eq!(origin_of(&shown, "limits.body_bytes_max"), "FILE:8");
    assert_eq!(origin_of(&shown, "limits.write_bytes_max"), "default");
}

#[test]
fn dotted_and_inline_tables_have_lines_too() {
    let toml = "disk.reserve_bytes = 1\noutbound = {allow_loopback = true}\n";
    let shown = shown(toml, Flags::default(), &[]);
    assert_eq!(origin_of(&shown, "disk.reserve_bytes"), "FILE:1");
    assert_eq!(origin_of(&shown, "outbound.allow_loopback"), "FILE:2");
}

#[test]
fn the_settings_are_those_that_the_guide_documents() {
    let (_, rest) = GUIDE.split_once("```toml\n").unwrap();
    let (toml, _) = rest.split_once("```").unwrap();
    let mut documented: Vec<_> = written(toml).into_iter().map(|(key, _)| key).collect();
    documented.extend(["public_url", "advertise_url", "store"].map(str::to_owned));
    let (_, mail) = GUIDE.split_once("## Mail\n").unwrap();
    let (mail, _) = mail.split_once("\n`[outbound]`").unwrap();
    let cells = mail.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" | "));
    let keys = cells.flat_map(|(keys, _)| keys.split(", "));
    documented.extend(keys.map(|key| format!("mail.{}", key.trim_matches('`'))));
    documented.sort();
    let mut known: Vec<_> =
        values(&Config::default()).into_iter().map(|(key, _)| key.to_owned()).collect();
    known.sort();
    assert_eq!(known, documented);
}

#[test]
fn a_secret_is_shown_by_where_it_is_kept() {
    let toml = "[mail]\nserver = \"mail.example.com\"\nfrom = \"a@example.com\"\n\
                username = \"a\"\npassword = {env = \"MAIL_PASSWORD\"}\n";
    let shown = shown(toml, Flags::default(), &[]);
    assert_eq!(origin_of(&shown, "mail.password"), "FILE:5");
    assert_eq!(origin_of(&shown, "mail.port"), "default");
}

#[test]
fn a_password_is_never_shown() {
    let store = "postgres://u:hunter2@db/records".parse().unwrap();
    let config = Config { store: Some(store), ..Config::default() };
    let text = serde_json::to_string(&settings(&config, None, &[]).unwrap()).unwrap();
    assert!(text.contains("postgres://u:…@db/records") && !text.contains("hunter2"), "{text}");
}
