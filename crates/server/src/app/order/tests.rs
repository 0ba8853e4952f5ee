use super::{Place, page};
use crate::app::Paging;

fn places() -> Vec<(Place<'static>, &'static str)> {
    vec![
        (Place::new(1, 0.2, "b"), "b"),
        (Place::new(0, f64::INFINITY, "z"), "z"),
        (Place::new(1, -8.5, "a"), "a"),
        (Place::new(1, 0.2, "c"), "c"),
        (Place::new(0, -0.0, "y"), "y"),
    ]
}

#[test]
fn rank_comes_before_number_and_number_before_name() {
    let (all, cursor) = page(places(), &Paging::default()).unwrap();
    assert_eq!(all, ["y", "z", "a", "b", "c"]);
    assert_eq!(cursor, None);
}

#[test]
fn cursors_lead_through_all_of_it_once() {
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let paging = Paging { limit: Some(2), cursor };
        let (items, next) = page(places(), &paging).unwrap();
        seen.extend(items);
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["y", "z", "a", "b", "c"]);
}

#[test]
fn a_cursor_that_was_never_given_is_told() {
    for strange in ["", "b", "zz0000000000000000b", "é0000000000000000000"] {
        let paging = Paging { limit: None, cursor: Some(strange.to_owned()) };
        assert!(page(places(), &paging).is_err(), "{strange}");
    }
}
