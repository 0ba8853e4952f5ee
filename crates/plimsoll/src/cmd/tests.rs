use plimsoll_domain::release::ChangeClass;

use super::*;

#[test]
fn the_classes_are_those_of_the_domain() {
    assert_eq!(CLASSES, ChangeClass::ALL.map(ChangeClass::as_str));
}
