use std::num::NonZeroI64;

use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::fold::{Events, Liveness, Reading};
use plimsoll_domain::slo::selector::{Comparison, Matcher, Selector};
use plimsoll_domain::slo::tally::{Declaration, Indicator, Part};
use plimsoll_domain::slo::{Units, Window};
use plimsoll_domain::telemetry::{Batch, LabelSpan, Point, Value};
use plimsoll_domain::time::{Minutes, instant};

use super::*;

mod backup;
mod counting;
mod damage;
mod keeping;
mod replicas;

const DAY_S: i64 = 86_400;

fn selector(code: Option<&str>) -> Selector {
    let matcher = |label: &str, comparison, value: &str| Matcher {
        label: label.to_owned(),
        comparison,
        value: value.to_owned(),
    };
    let mut matchers = vec![matcher("__name__", Comparison::Equal, "requests_total")];
    matchers.extend(code.map(|code| matcher("code", Comparison::Matches, code)));
    Selector::new(matchers)
}

fn slo() -> Name {
    Name::parse("checkout").expect("a name")
}

fn indicator() -> Indicator {
    Indicator::ratio(selector(None), Part::Bad, selector(Some("5..")))
}

fn declarations() -> Declarations {
    of(&indicator())
}

/// The declarations of one SLO.
fn of(indicator: &Indicator) -> Declarations {
    Declarations {
        tallies: vec![Declaration {
            tally: indicator.tally(),
            service: Name::parse("shop").expect("a name"),
            channels: vec![indicator.total.clone(), indicator.part_channel.clone()],
            grouping: indicator.grouping.clone(),
        }],
        readers: [(slo(), indicator.clone().into())].into(),
    }
}

/// One series to be sent.
#[derive(Clone)]
struct Sent {
    labels: Vec<(String, String)>,
    points: Vec<Point>,
}

impl Sent {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.labels.push((name.to_owned(), value.to_owned()));
        self
    }

    fn starting(mut self, start_s: i64) -> Self {
        self.points.iter_mut().for_each(|p| p.start_ms = NonZeroI64::new(start_s * 1_000));
        self
    }
}

fn series(metric: &str, code: &str, samples: &[(i64, f64)]) -> Sent {
    let pairs = [("__name__", metric), ("code", code), ("job", "shop"), ("instance", "a:1")];
    let points = samples.iter().map(|(at_s, value)| Point {
        at_ms: at_s * 1_000,
        start_ms: None,
        value: Value::Number(*value),
    });
    Sent {
        labels: pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(),
        points: points.collect(),
    }
}

fn at(seconds: i64) -> Timestamp {
    instant(seconds * 1_000)
}

fn open(dir: &Path) -> (Tallies, Replayed) {
    Tallies::open(dir, [7; 16], Settings::default()).expect("opens")
}

fn write(
    tallies: &mut Tallies,
    sender: &str,
    arrival_s: i64,
    sent: &[Sent],
) -> Result<Outcome, WriteError> {
    let mut batch = Batch::default();
    for series in sent {
        let mut labels = Vec::new();
        for (name, value) in &series.labels {
            let mut span = |text: &str| batch.append(text).expect("it is small");
            labels.push(LabelSpan { name: span(name), value: span(value) });
        }
        batch.push_series(&mut labels, series.points.iter().copied()).expect("labels");
    }
    let prepared = tallies.identity().prepare(batch);
    tallies.write(sender, at(arrival_s), &prepared)
}

fn taken(tallies: &mut Tallies, arrival_s: i64, sent: &[Sent]) -> Outcome {
    write(tallies, "tok", arrival_s, sent).expect("writes")
}

fn reading(tallies: &Tallies, now_s: i64) -> Reading {
    window(tallies, Minutes(60), now_s)
}

fn window(tallies: &Tallies, window: Minutes, now_s: i64) -> Reading {
    let sli = tallies.fold().sli(&slo(), tallies.archive()).expect("declared");
    sli.read(&Window::Rolling(window), at(now_s))
}

/// A sample every four minutes for some days, one event in nine a failure.
fn days(tallies: &mut Tallies, from_s: i64, days: i64) {
    for at_s in (from_s..from_s + days * DAY_S).step_by(240) {
        count_up(tallies, at_s);
    }
}

/// Eight good events and a bad one in every four minutes so far.
fn count_up(tallies: &mut Tallies, at_s: i64) {
    let value = (at_s / 240) as f64;
    let sent = [
        series("requests_total", "200", &[(at_s, 8.0 * value)]),
        series("requests_total", "500", &[(at_s, value)]),
    ];
    taken(tallies, at_s, &sent);
}

/// Twenty-five rounds of a good and a bad series, fifteen seconds apart.
fn run(tallies: &mut Tallies) {
    tallies.declare(at(0), &declarations()).expect("declares");
    for round in 0..=25_i64 {
        let now_s = 15 * round;
        let sent = [
            series("requests_total", "200", &[(now_s, 9.0 * round as f64)]),
            series("requests_total", "500", &[(now_s, round as f64)]),
            series("other_total", "200", &[(now_s, 1.0)]),
        ];
        taken(tallies, now_s, &sent);
        tallies.sync().expect("syncs");
    }
}

fn counted() -> Events {
    Events {
        good: Units::events(225),
        bad: Units::events(25),
        total: Units::events(250),
        ..Events::default()
    }
}
