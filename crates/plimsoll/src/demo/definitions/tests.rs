use plimsoll_api::document::{self, Source};

use super::*;

#[test]
fn the_documents_have_no_faults() {
    let files = submission(&Addresses {
        storefront: "http://127.0.0.1:1000",
        checkout: "http://127.0.0.1:1001",
        payments: "http://127.0.0.1:1002",
        webhook: "http://127.0.0.1:1003",
        secret: Path::new("/tmp/a \"strange\" place/secret"),
        interval_s: 2,
    })
    .files;
    let sources: Vec<_> =
        files.iter().map(|file| Source { path: &file.path, text: &file.text }).collect();
    let parsed = document::parse(&sources);
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    let (definitions, diagnostics) = document::resolve(&parsed.documents);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    assert_eq!(definitions.map(|definitions| definitions.slos.len()), Some(4));
}
