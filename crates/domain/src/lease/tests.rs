use super::*;

const TERMS: Terms = Terms { lasts: Duration::from_secs(10), renew_every: Duration::from_secs(3) };

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// One turn of a replica on the row; says whether it wrote.
fn turn(watch: &mut Watch, now: u64, row: &mut Option<Lease>) -> bool {
    match watch.step(TERMS, at(now), row.as_ref()) {
        Act::Write(lease) => {
            watch.written(TERMS, at(now), &lease);
            *row = Some(lease);
            true
        }
        Act::Wait => false,
    }
}

#[test]
fn one_who_renews_is_never_followed() {
    let (mut holder, mut other, mut row) = (Watch::new("a"), Watch::new("b"), None);
    assert!(turn(&mut holder, 0, &mut row));
    for now in (3..300).step_by(3) {
        assert!(turn(&mut holder, now, &mut row));
        assert!(!turn(&mut other, now + 1_000, &mut row), "their clocks need not agree");
        assert_eq!(holder.epoch(at(now)), Some(1));
    }
}

#[test]
fn one_who_falls_silent_is_followed_after_a_whole_lease_and_knows_it_before() {
    let (mut holder, mut other, mut row) = (Watch::new("a"), Watch::new("b"), None);
    turn(&mut holder, 0, &mut row);
    assert!(!turn(&mut other, 1, &mut row));
    assert!(!turn(&mut other, 10, &mut row));
    assert_eq!(holder.epoch(at(9)), Some(1));
    assert_eq!(holder.epoch(at(10)), None, "before the other can have taken it");
    assert!(turn(&mut other, 11, &mut row));
    assert_eq!(other.epoch(at(11)), Some(2));
    assert!(!turn(&mut holder, 30, &mut row), "it contends like anyone");
    assert_eq!(holder.epoch(at(30)), None);
}

#[test]
fn what_was_seen_once_long_ago_says_nothing_of_now() {
    let (mut holder, mut other, mut row) = (Watch::new("a"), Watch::new("b"), None);
    turn(&mut holder, 0, &mut row);
    assert!(!turn(&mut other, 0, &mut row));
    turn(&mut holder, 9, &mut row);
    assert!(!turn(&mut other, 12, &mut row), "the count has moved since");
}

#[test]
fn a_lease_given_back_is_free_at_once_under_a_new_epoch() {
    let (mut holder, mut other, mut row) = (Watch::new("a"), Watch::new("b"), None);
    turn(&mut holder, 0, &mut row);
    row = holder.release(row.as_ref());
    assert_eq!(row.as_ref().and_then(|lease| lease.holder.as_ref()), None);
    assert!(turn(&mut other, 1, &mut row));
    assert_eq!(other.epoch(at(1)), Some(2));
    assert_eq!(other.release(None), None);
}

#[test]
fn a_refused_write_ends_what_was_held() {
    let (mut holder, mut row) = (Watch::new("a"), None);
    turn(&mut holder, 0, &mut row);
    holder.refused();
    assert_eq!(holder.epoch(at(1)), None);
}

#[test]
fn a_process_of_the_same_name_does_not_inherit() {
    let (mut before, mut row) = (Watch::new("a"), None);
    turn(&mut before, 0, &mut row);
    let mut after = Watch::new("a");
    assert!(!turn(&mut after, 1, &mut row), "its epoch is not ours");
}

#[test]
fn one_who_is_alone_takes_what_a_dead_one_left_and_need_not_renew() {
    let mut row = Some(Lease { holder: Some("dead".to_owned()), epoch: 7, renewals: 3 });
    let mut alone = Watch::alone("a");
    assert!(turn(&mut alone, 0, &mut row));
    assert!(!turn(&mut alone, 500, &mut row));
    assert_eq!(alone.epoch(at(1_000)), Some(8));
}
