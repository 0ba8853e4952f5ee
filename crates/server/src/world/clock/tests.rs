use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn reading(monotonic: Instant) -> Reading {
    Reading { last: at(0), read_at: monotonic, step: None }
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

#[test]
fn a_step_is_confirmed_by_itself_and_not_by_another() {
    let (_, start) = machine();
    let mut reading = reading(start);
    let later = |seconds| start + Duration::from_secs(seconds);
    let since = |reading: &Reading| reading.step.map(|step| step.since);
    assert_eq!(reading.advance(at(7), later(10)), at(10));
    assert_eq!(since(&reading), Some(later(10)));
    // Another step, a minute after the first: its own minute begins.
    assert_eq!(reading.advance(at(86_471), later(71)), at(71));
    assert_eq!(since(&reading), Some(later(71)));
    // It grows by as little as may be followed, and is the same.
    assert_eq!(reading.advance(at(86_502), later(100)), at(100));
    assert_eq!(since(&reading), Some(later(71)));
    // It grows by more.
    assert_eq!(reading.advance(at(86_523), later(120)), at(120));
    assert_eq!(since(&reading), Some(later(120)));
    assert_eq!(reading.advance(at(86_582), later(179)), at(179));
    assert_eq!(reading.advance(at(86_583), later(180)), at(86_583));
    assert_eq!(since(&reading), None);
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
