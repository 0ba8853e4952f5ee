use expect_test::expect;

use super::*;

#[test]
fn faults_of_one_document_and_of_all_together_stand_in_order() {
    let text = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: till}
spec: {type: service, lifecycle: production, owner: group:nobody}
---
apiVersion: plimsoll/v1
kind: Recever
metadata: {name: inbox}
";
    let file = File { path: "a.yaml".to_owned(), text: text.to_owned() };
    let found = faults(&[file]);
    expect![[]].assert_eq(&definition::diagnostics(&Screen::PLAIN, &found));
    assert!(definition::has_errors(&found));
}
