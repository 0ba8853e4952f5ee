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
    for code in [" 0 ", " 1 ", " 2 ", " 3 ", " 10 ", " 20 ", " 130 "] {
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
    let cli = parse("plimsoll slos list --url http://plimsoll.example --token x").unwrap();
    assert_eq!(cli.connection.url, "http://plimsoll.example");
    assert_eq!(cli.connection.token.as_deref(), Some("x"));
}

#[test]
fn nouns_are_read_in_both_numbers() {
    for noun in ["slo", "slos", "alert", "alerts", "token", "tokens", "deployment", "decisions"] {
        assert!(parse(&format!("plimsoll {noun} list")).is_ok(), "{noun}");
    }
}

#[test]
fn every_noun_is_listed_and_printed_alike() {
    let lists = |noun: &clap::Command| noun.get_subcommands().any(|it| it.get_name() == "list");
    let cli = Cli::command();
    let nouns: Vec<_> = cli.get_subcommands().filter(|noun| lists(noun)).collect();
    assert!(nouns.len() >= 7, "{}", nouns.len());
    for noun in nouns {
        for options in ["--limit 3 --output json", "-o yaml", "--watch -o table", "--color always"]
        {
            let line = format!("plimsoll {} list {options}", noun.get_name());
            assert!(parse(&line).is_ok(), "{line}");
        }
    }
}

#[test]
fn what_was_typed_about_colours_wins_over_the_environment() {
    let colours = |line: &str| parse(line).unwrap().colours();
    assert_eq!(colours("plimsoll --no-color slos list"), Colours::Never);
    assert_eq!(colours("plimsoll slos list --color always"), Colours::Always);
    assert_eq!(colours("plimsoll slos list --colour never"), Colours::Never);
    let on = [Colours::Auto, Colours::Always, Colours::Never].map(|it| (it.on(true), it.on(false)));
    assert_eq!(on, [(true, false), (true, true), (false, false)]);
    assert_eq!(not_empty(""), Ok(false));
    assert_eq!(not_empty("0"), Ok(true));
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
