//! Whether telemetry arrives, across changes of what is read.

use super::rules::{Bench, ratio};
use super::*;
use crate::slo::Window;
use crate::slo::tally::{Indicator, Part};
use crate::time::instant;

fn never() -> Indicator {
    let of = |code| selector("never_total", code);
    Indicator::ratio(of(None), Part::Bad, of(Some("5..")))
}

fn liveness(bench: &Bench, number: usize, now_s: i64) -> Liveness {
    bench.sli(number).read(&Window::Rolling(Minutes(60)), instant(now_s * 1_000)).liveness
}

fn speaks(bench: &mut Bench, from_s: i64, to_s: i64) {
    for at_s in (from_s..=to_s).step_by(15) {
        bench.sample("200", at_s, at_s as f64).expect("newer");
    }
}

#[test]
fn an_slo_whose_new_metric_never_comes_is_silent() {
    let mut bench = Bench::new();
    speaks(&mut bench, 0, 300);
    bench.declare(310, &[never()]);
    assert_eq!(liveness(&bench, 0, 335), Liveness::Live { watermark_ms: 300_000 });
    assert_eq!(liveness(&bench, 0, 336), Liveness::Silent { since_ms: 300_000 });
    assert_eq!(liveness(&bench, 0, 900), Liveness::Silent { since_ms: 300_000 });
    let reading = bench.read(900);
    assert_eq!((reading.measured_minutes, reading.unmeasured_minutes), (6, 54));
}

#[test]
fn what_others_read_of_the_former_metric_is_no_telemetry_of_the_new_one() {
    let mut bench = Bench::declared(&[ratio(), ratio()]);
    speaks(&mut bench, 0, 300);
    bench.declare(310, &[never(), ratio()]);
    speaks(&mut bench, 315, 900);
    let since_ms = 360_000;
    assert_eq!(liveness(&bench, 0, 900), Liveness::Silent { since_ms }, "the end of its run");
    assert_eq!(liveness(&bench, 1, 900), Liveness::Live { watermark_ms: 900_000 });
}

#[test]
fn a_metric_read_again_that_stays_away_is_silent_since_the_one_between() {
    let between = Indicator { part: Part::Good, ..never() };
    let mut bench = Bench::declared(std::slice::from_ref(&between));
    let labels = Labels::from_pairs(vec![("__name__".to_owned(), "never_total".to_owned())]);
    let (hash, labels) = (SeriesHash(9), labels.expect("unique"));
    bench.apply(Record::Series { hash, instance: InstanceHash(1), labels });
    let series = bench.fold.known(hash).expect("just appeared");
    for at_ms in [0, 15_000] {
        bench.apply(Record::Sample { series, at_ms, value: 1.0 });
    }
    bench.declare(20, &[ratio()]);
    speaks(&mut bench, 30, 300);
    bench.declare(310, &[between]);
    assert_eq!(liveness(&bench, 0, 900), Liveness::Silent { since_ms: 300_000 });
}

#[test]
fn before_any_run_all_is_unmeasured() {
    let mut bench = Bench::new();
    assert_eq!(liveness(&bench, 0, 60), Liveness::Unmeasured);
    bench.declare(10, &[never()]);
    assert_eq!(liveness(&bench, 0, 60), Liveness::Unmeasured);
}
