use axum::http::HeaderValue;

use super::*;

fn asking(encodings: &str) -> HeaderMap {
    [(ACCEPT_ENCODING, HeaderValue::from_str(encodings).unwrap())].into_iter().collect()
}

#[test]
fn gzip_is_for_those_who_read_it() {
    for yes in ["gzip", "br, GZIP", "gzip;q=0.5, *;q=0", "deflate, gzip ; q=1"] {
        assert!(takes_gzip(&asking(yes)), "{yes}");
    }
    for no in ["", "identity", "gzip;q=0", "br, gzip; q=0.0", "x-gzip"] {
        assert!(!takes_gzip(&asking(no)), "{no}");
    }
    assert!(!takes_gzip(&HeaderMap::new()));
}

/// `make test` builds the app before.
#[test]
fn what_the_build_packed_goes_out_packed_and_says_so() {
    let script = Dist::iter().find(|path| path.starts_with(HASHED) && path.ends_with(".js"));
    let script = script.expect("the app is built");
    let of = |headers: &HeaderMap| serve(&format!("/{script}"), headers);
    let (plain, packed) = (of(&HeaderMap::new()), of(&asking("gzip")));
    assert_eq!(plain.headers().get(CONTENT_ENCODING), None);
    assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
    assert_eq!(packed.headers()[VARY], "accept-encoding");
    assert_eq!(plain.headers()[CONTENT_TYPE], packed.headers()[CONTENT_TYPE]);
    assert_ne!(plain.headers()[ETAG], packed.headers()[ETAG]);
}
