use anyhow::Context as _;
use clap::Parser as _;
use expect_test::expect;

use super::*;

#[test]
fn the_codes_are_a_contract() {
    let codes = [
        Exit::Ok,
        Exit::Refused,
        Exit::Unasked,
        Exit::Differs,
        Exit::Warn,
        Exit::Deny,
        Exit::Interrupted,
    ];
    assert_eq!(codes.map(|exit| exit as u8), [0, 1, 2, 3, 10, 20, 130]);
}

#[test]
fn a_failure_says_what_where_and_how_to_mend_it() {
    let failure = Failure::unasked("the server did not answer")
        .detail("http://127.0.0.1:8010\nconnection refused")
        .hint("start one with `plimsoll serve`");
    expect![[r"
        error: the server did not answer
          http://127.0.0.1:8010
          connection refused
        hint: start one with `plimsoll serve`"]]
    .assert_eq(&failure.render());
    assert_eq!(failure.exit(), Exit::Unasked);
}

#[test]
fn the_sources_of_an_error_are_told() {
    let error = anyhow::anyhow!("the disk is full").context("the records do not open");
    expect![[r"
        error: the records do not open
          the disk is full"]]
    .assert_eq(&Failure::from(error).render());
}

#[test]
fn a_context_without_sources_is_one_line() {
    let error = Err::<(), _>(std::io::Error::other("broken")).context("cannot").unwrap_err();
    assert_eq!(Failure::from(error).exit(), Exit::Refused);
}

#[test]
fn what_a_server_says_is_not_obeyed() {
    let failure = Failure::refused("no \u{1b}[2J").detail("a\u{7}").hint("\u{9b}31m");
    expect![[r"
        error: no \u001b[2J
          a\u0007
        hint: \u009b31m"]]
    .assert_eq(&failure.render());
}

#[test]
fn the_words_that_tell_the_parts_apart_have_colours_on_a_terminal() {
    let drawn = Failure::refused("it broke").hint("mend it").drawn(true);
    assert!(drawn.starts_with("\u{1b}[") && drawn.contains("it broke"), "{drawn:?}");
}

fn usage(line: &str, expected: expect_test::Expect) {
    let error = crate::args::Cli::try_parse_from(line.split(' ')).unwrap_err();
    let failure = Failure::of_usage(&error);
    assert_eq!(failure.exit(), Exit::Unasked);
    expected.assert_eq(&failure.render());
}

#[test]
fn what_is_wrong_with_the_arguments_looks_like_every_failure() {
    usage(
        "plimsoll slso list",
        expect![[r#"
            error: unrecognized subcommand 'slso'
              Usage: plimsoll [OPTIONS] <COMMAND>
            hint: some similar subcommands exist: 'slos', 'slo'"#]],
    );
    usage(
        "plimsoll slos list --servise x",
        expect![[r"
            error: unexpected argument '--servise' found
              Usage: plimsoll slos list --service <SERVICE>
            hint: a similar argument exists: '--service'"]],
    );
    usage(
        "plimsoll slos get",
        expect![[r"
            error: the following required arguments were not provided:
              <NAME>
              Usage: plimsoll slos get <NAME>
            hint: --help describes the command; `plimsoll help` lists all of them"]],
    );
    usage(
        "plimsoll alerts list --phase fireing",
        expect![[r"
            error: invalid value 'fireing' for '--phase <PHASE>'
              [possible values: firing, closed]
            hint: a similar value exists: 'firing'"]],
    );
}
