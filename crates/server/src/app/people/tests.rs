use super::Names;

#[test]
fn names_are_put_in_place_of_ids_and_nothing_else_is_touched() {
    let names = Names([("per_1".to_owned(), "ada".to_owned())].into());
    assert_eq!(
        names.put_into("per_1 was viewer, per_12 (per_1) per_1"),
        "ada was viewer, per_12 (ada) ada"
    );
    assert_eq!(names.put_into("é per_2;\nper_1"), "é per_2;\nada");
    assert_eq!(names.put_into(""), "");
    assert_eq!(names.id_of("ada"), Some("per_1"));
    assert_eq!(names.id_of("bob"), None);
}
