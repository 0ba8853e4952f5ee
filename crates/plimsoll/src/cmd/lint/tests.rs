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
    expect![[r#"
        a.yaml:4:53: warning[reference.unknown]: there is no Group named `nobody`
          hint: write it, or add the file that holds it
        a.yaml:7:7: error[document.unknown_kind]: there is no kind `Recever` of apiVersion `plimsoll/v1`
          hint: did you mean `Receiver`?"#]].assert_eq(&definition::diagnostics(&Screen::PLAIN, &found, &[]));
    assert!(definition::has_errors(&found));
}
