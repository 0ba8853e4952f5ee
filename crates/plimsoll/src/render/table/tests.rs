use super::*;

const HEADS: [&str; 4] = ["ID", "STATE", "SINCE", "SUMMARY"];
const WIDTHS: [usize; 4] = [30, 6, 20, 60];
const FIT: Fit = Fit { optional: &["SINCE", "STATE"], wraps: Some("SUMMARY") };

fn planned(room: Option<usize>) -> Plan {
    plan(&HEADS, &WIDTHS, &FIT, room)
}

fn table(columns: &[usize], wrapping: Option<(usize, usize)>) -> Plan {
    Plan::Table { columns: columns.to_vec(), wrapping }
}

#[test]
fn where_there_is_room_everything_is_shown_as_it_is() {
    assert_eq!(planned(None), table(&[0, 1, 2, 3], None));
    assert_eq!(planned(Some(122)), table(&[0, 1, 2, 3], None));
}

#[test]
fn one_column_wraps_before_others_go() {
    assert_eq!(planned(Some(121)), table(&[0, 1, 2, 3], Some((3, 59))));
    assert_eq!(planned(Some(92)), table(&[0, 1, 2, 3], Some((3, 30))));
}

#[test]
fn optional_columns_go_in_their_order() {
    assert_eq!(planned(Some(91)), table(&[0, 1, 3], Some((3, 51))));
    assert_eq!(planned(Some(69)), table(&[0, 3], Some((3, 37))));
}

#[test]
fn the_last_resort_is_a_block_for_each_row() {
    assert_eq!(planned(Some(44)), table(&[0, 3], Some((3, 12))));
    assert_eq!(planned(Some(43)), Plan::Blocks);
    assert_eq!(planned(Some(1)), Plan::Blocks);
}

#[test]
fn a_table_without_wishes_wraps_its_last_column() {
    let wrapped = plan(&["A", "B"], &[10, 40], &Fit::default(), Some(40));
    assert_eq!(wrapped, table(&[0, 1], Some((1, 28))));
}

#[test]
fn no_plan_is_wider_than_the_terminal() {
    for room in 0..140 {
        let Plan::Table { columns, wrapping } = planned(Some(room)) else { continue };
        let mut widths = WIDTHS;
        if let Some((column, width)) = wrapping {
            widths[column] = width;
        }
        assert!(total(&columns, &widths) <= room, "{room}");
    }
}
