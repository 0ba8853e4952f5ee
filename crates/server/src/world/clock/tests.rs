use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn reading(monotonic: Instant) -> Reading {
    Reading { last: at(0), read_at: monotonic, stepped_at: None }
}

#[test]
fn small_differences_are_followed_but_never_backward() {
    let (_, start) = machine();
    let mut reading = reading(start);
    let later = |seconds| start + Duration::from_secs(seconds);
    assert_eq!(reading.advance(at(11), later(10)), at(11));
    assert_eq!(reading.advance(at(10), later(10)), at(11));
    assert_eq!(reading.advance(at(12), later(12)), at(12));
}

#[test]
fn a_forward_step_is_adopted_after_a_minute() {
    let (_, start) = machine();
    let mut reading = reading(start);
    let later = |seconds| start + Duration::from_secs(seconds);
    assert_eq!(reading.advance(at(3_610), later(10)), at(10));
    assert_eq!(reading.advance(at(3_660), later(60)), at(60));
    assert_eq!(reading.advance(at(3_670), later(70)), at(3_670));
}

#[test]
fn a_backward_step_is_never_adopted() {
    let (_, start) = machine();
    let mut reading = reading(start);
    let later = |seconds| start + Duration::from_secs(seconds);
    assert_eq!(reading.advance(at(-3_590), later(10)), at(10));
    assert_eq!(reading.advance(at(-3_500), later(100)), at(100));
}

#[tokio::test]
async fn a_sim_clock_wakes_sleepers_when_it_is_set() {
    let clock = SimClock::new(at(0));
    let sleep = tokio::spawn(clock.sleep_until(at(5)));
    clock.advance(SignedDuration::from_secs(4));
    assert!(!sleep.is_finished());
    clock.set(at(5));
    sleep.await.unwrap();
    clock.set(at(1));
    assert_eq!(clock.now(), at(5));
}
