use clap::CommandFactory as _;

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split(' '))
}

#[test]
fn the_definition_of_the_arguments_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_exit_code_is_in_the_help() {
    let help = Cli::command().render_long_help().to_string();
    for code in [" 0 ", " 1 ", " 2 ", " 10 ", " 20 "] {
        assert!(help.contains(code), "{code} is missing in\n{help}");
    }
}

#[test]
fn a_token_in_the_environment_never_shows_in_help() {
    let command = Cli::command();
    let token = command.get_arguments().find(|arg| arg.get_id() == "token").unwrap();
    assert!(token.is_hide_env_values_set());
}

#[test]
fn the_server_may_be_named_after_the_command() {
    let cli = parse("plimsoll get slos --url http://plimsoll.example --token x").unwrap();
    assert_eq!(cli.connection.url, "http://plimsoll.example");
    assert_eq!(cli.connection.token.as_deref(), Some("x"));
}

#[test]
fn kinds_are_read_in_any_case_and_number() {
    for word in ["slo", "slos", "SLO", "BurnPolicy", "burnpolicies", "notification", "telemetry"] {
        assert!(parse(&format!("plimsoll get {word}")).is_ok(), "{word}");
    }
    assert!(parse("plimsoll get sloths").is_err());
}

#[test]
fn an_unknown_change_class_is_wrong_usage() {
    let line = "plimsoll gate check --service s --environment e --artifact a --class whim";
    let error = parse(line).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("reliability_fix"), "{error}");
}

#[test]
fn a_change_class_may_be_written_with_a_hyphen() {
    let line =
        "plimsoll gate check --service s --environment e --artifact a --class security-patch";
    assert!(parse(line).is_ok());
}
