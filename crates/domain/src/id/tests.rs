use super::*;

#[test]
fn an_id_reads_back_what_it_wrote() {
    let id = AlertId::fresh(1_700_000_000_000, [7; 10]);
    assert_eq!(id.to_string().parse::<AlertId>(), Ok(id));
    assert!(id.to_string().starts_with("alt_018bcfe5"));
}

#[test]
fn an_id_of_another_noun_is_refused() {
    let id = AlertId::fresh(1, [0; 10]).to_string();
    assert!(id.parse::<TokenId>().is_err());
    assert!("alt_12".parse::<AlertId>().is_err());
}

#[test]
fn a_derived_id_depends_on_each_part_and_its_place() {
    let parent = AlertId::fresh(1, [1; 10]);
    let id = |parts: &[&str]| NotificationId::derived(parent, parts);
    assert_eq!(id(&["a", "b"]), id(&["a", "b"]));
    assert_ne!(id(&["a", "b"]), id(&["ab", ""]));
    assert_ne!(id(&["a", "b"]), id(&["b", "a"]));
}

#[test]
fn derived_ids_are_ordered_by_time_and_rank() {
    let parent = AlertId::fresh(1, [9; 10]);
    let id = |ms, rank, part| EntryId::derived_at(ms, rank, parent, &[part]);
    assert_eq!(id(7, 1, "a"), id(7, 1, "a"));
    assert_ne!(id(7, 1, "a"), id(7, 1, "b"));
    for (earlier, later) in [((7, 1), (7, 2)), ((7, 255), (7, 256)), ((7, 4095), (8, 0))] {
        for (first, second) in [("a", "b"), ("b", "a")] {
            assert!(id(earlier.0, earlier.1, first) < id(later.0, later.1, second));
        }
    }
}
