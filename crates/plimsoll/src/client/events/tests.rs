use super::*;

const STREAM: &[u8] = b"event: hello\ndata: {}\n\n: keep\n\nevent: changed\n\
    data: {\"noun\":\"slo\",\"name\":\"a\"}\n\nevent: changed\ndata: nonsense\n\n\
    event:changed\ndata:{\"noun\":\"alert\",\"name\":\"b\"}\n\nevent: chan";

fn nouns(parser: &mut Parser) -> Vec<String> {
    std::iter::from_fn(|| parser.next()).map(|changed| changed.noun).collect()
}

#[test]
fn events_are_found_however_the_stream_is_cut() {
    for size in 1..STREAM.len() {
        let mut parser = Parser::default();
        let mut found = Vec::new();
        for piece in STREAM.chunks(size) {
            parser.take(piece).unwrap();
            found.extend(nouns(&mut parser));
        }
        assert_eq!(found, ["slo", "alert"], "in pieces of {size}");
    }
}

#[test]
fn a_stream_without_end_is_no_stream_of_events() {
    let mut parser = Parser::default();
    assert!(parser.take(&vec![b'x'; BYTES_MAX + 1]).is_err());
}
