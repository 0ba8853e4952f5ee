use expect_test::{Expect, expect};

use super::*;

fn connection(url: &str) -> Connection {
    Connection { url: url.to_owned(), token: None, token_file: None }
}

fn check_refusal(status: u16, body: &str, exit: Exit, expected: Expect) {
    let failure = refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes());
    expected.assert_eq(&failure.render());
    assert_eq!(failure.exit(), exit);
}

#[test]
fn a_problem_is_told_with_its_own_hint() {
    check_refusal(
        422,
        r#"{"status":422,"code":"unknown_service","title":"no definition names `till`",
            "detail":"in this organisation","hint":"apply one"}"#,
        Exit::Refused,
        expect![[r"
            error: no definition names `till`
              in this organisation
            hint: apply one"]],
    );
}

#[test]
fn not_signed_in_and_not_allowed_say_how_to_get_a_token() {
    check_refusal(
        401,
        r#"{"status":401,"code":"unauthenticated","title":"this needs a token"}"#,
        Exit::Unasked,
        expect![[r"
            error: this needs a token
            hint: set PLIMSOLL_TOKEN, --token or --token-file; `plimsoll tokens create` makes a token"]],
    );
    check_refusal(
        403,
        r#"{"status":403,"code":"forbidden","title":"this needs the role `editor`"}"#,
        Exit::Unasked,
        expect![[r"
            error: this needs the role `editor`
            hint: ask with a token of that role; an admin makes one with `plimsoll tokens create --name NAME --role ROLE`"]],
    );
}

#[test]
fn an_answer_that_is_no_problem_questions_the_address() {
    check_refusal(
        502,
        "<html>bad gateway</html>",
        Exit::Refused,
        expect![[r"
            error: the server answered 502 Bad Gateway
            hint: is this address a Plimsoll server? see --url"]],
    );
}

#[test]
fn names_are_escaped_and_a_path_before_the_api_is_kept() {
    let client = Client::new(&connection("http://example.com/plimsoll/")).unwrap();
    let query = [("service", "a b".to_owned())];
    let request = client.request(Method::GET, &["slos", "a/b?c"], &query).build().unwrap();
    let expected = "http://example.com/plimsoll/api/v1/slos/a%2Fb%3Fc?service=a+b";
    assert_eq!(request.url().as_str(), expected);
}

#[test]
fn only_web_addresses_are_servers() {
    for url in ["localhost:8010", "ftp://example.com", "not an address"] {
        let failure = Client::new(&connection(url)).err().unwrap();
        assert_eq!(failure.exit(), Exit::Unasked, "{url}");
    }
}

#[test]
fn the_token_comes_from_the_file_without_its_line_end() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "plim_abc\n").unwrap();
    let mut connection = connection("http://127.0.0.1:1");
    connection.token = Some("other".to_owned());
    connection.token_file = Some(file.path().to_owned());
    assert_eq!(token(&connection).unwrap().as_deref(), Some("plim_abc"));
    std::fs::write(file.path(), "two words").unwrap();
    assert!(token(&connection).is_err());
}
