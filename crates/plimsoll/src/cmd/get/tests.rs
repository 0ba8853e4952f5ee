use clap::Parser as _;
use expect_test::{Expect, expect};

use super::*;
use crate::args::Command;

fn check(line: &str, expected: Expect) {
    let typed: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    let cli = Cli::try_parse_from(&typed).unwrap();
    let (verb, args) = cli.command.verb_first().expect("the verb stands first");
    let turned = args.noun_first(verb, &typed);
    let text = match turned {
        Ok(words) => {
            let words: Vec<_> = words.into_iter().map(|word| word.into_string().unwrap()).collect();
            let parsed = Cli::try_parse_from(&words);
            assert!(parsed.is_ok(), "{words:?}: {}", parsed.unwrap_err());
            words.join(" ")
        }
        Err(failure) => failure.render(),
    };
    expected.assert_eq(&text);
}

#[test]
fn words_change_places() {
    check("plimsoll get slos", expect!["plimsoll slos list"]);
    check("plimsoll get SLO a -o json", expect!["plimsoll slo get a -o json"]);
    check(
        "plimsoll --url http://x get deployments --limit 5 --token t",
        expect!["plimsoll --url http://x deployments list --limit 5 --token t"],
    );
    check("plimsoll get --token t tokens", expect!["plimsoll --token t tokens list"]);
    check("plimsoll get slos --url http://x", expect!["plimsoll slos list --url http://x"]);
    check("plimsoll get slo --token t a", expect!["plimsoll slo get --token t a"]);
    check("plimsoll get telemetry", expect!["plimsoll telemetry get"]);
    check("plimsoll get notification", expect!["plimsoll notification list"]);
    check("plimsoll explain slo a --at -10m", expect!["plimsoll slo explain a --at -10m"]);
    check("plimsoll explain alert alt_1", expect!["plimsoll alert explain alt_1"]);
    check("plimsoll explain decision dec_1", expect!["plimsoll decision explain dec_1"]);
}

#[test]
fn kinds_of_definitions_are_nouns_too() {
    check("plimsoll get burnpolicies", expect!["plimsoll definitions list --kind BurnPolicy"]);
    check("plimsoll get scrape-target a", expect!["plimsoll definitions get ScrapeTarget a"]);
    check("plimsoll get definition SLO/a", expect!["plimsoll definition get SLO/a"]);
}

/// `get backup` must never become `backup list`, which would write a backup to a file `list`.
#[test]
fn commands_that_are_no_nouns_are_not_run() {
    for word in ["backup", "restore", "serve", "apply", "delete", "export"] {
        let typed = ["plimsoll", "get", word].map(OsString::from);
        let Command::Get(args) = Cli::try_parse_from(&typed).unwrap().command else { panic!() };
        assert!(args.noun_first(Verb::Get, &typed).is_err(), "{word}");
    }
}

#[test]
fn what_was_meant_is_told() {
    check(
        "plimsoll get sloths",
        expect![[r"
            error: there is nothing called `sloths` to list
            hint: did you mean `slos`?"]],
    );
    check(
        "plimsoll explain deployment a",
        expect![[r"
            error: there is nothing called `deployment` to explain
            hint: there are slos, alerts, gate, decisions"]],
    );
}
