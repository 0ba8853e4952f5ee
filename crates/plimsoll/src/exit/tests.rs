use anyhow::Context as _;
use expect_test::expect;

use super::*;

#[test]
fn the_codes_are_a_contract() {
    let codes = [Exit::Ok, Exit::Refused, Exit::Unasked, Exit::Warn, Exit::Deny];
    assert_eq!(codes.map(|exit| exit as u8), [0, 1, 2, 10, 20]);
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
