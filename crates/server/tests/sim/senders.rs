//! The units: their counters, sent every fifteen seconds to whoever takes them, now and then twice.

use axum::body::Body;
use axum::http::Request;
use plimsoll_ingest::remote_write::wire;
use plimsoll_trials::bodies::packed;
use plimsoll_trials::documents::{CREW, Slo, component, receiver};

use super::receivers::NAMES;

/// How many objectives there are to be burnt.
pub(super) const UNITS: usize = 2;

/// Between two samples.
pub(super) const EVERY_MS: u64 = 15_000;

/// Requests of a unit between two samples.
const REQUESTS: u64 = 100;

/// How a unit fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fare {
    Well,
    /// Badly enough for a ticket.
    Ill,
    /// Badly enough for a page.
    Badly,
}

impl Fare {
    pub(super) const ALL: [Self; 3] = [Self::Well, Self::Ill, Self::Badly];

    /// Requests that fail between two samples.
    fn bad(self) -> u64 {
        match self {
            Self::Well => 0,
            Self::Ill => REQUESTS / 5,
            Self::Badly => REQUESTS / 2,
        }
    }
}

/// The counters of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) total: u64,
    pub(super) bad: u64,
}

/// The counters of all units at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    at_ms: i64,
    pub(super) counts: [Count; UNITS],
}

/// What was sent to one replica, in this order.
#[derive(Debug, Default)]
struct Sent {
    samples: Vec<Sample>,
    /// How many of them there were when the first was acknowledged.
    before_acknowledged: Option<usize>,
    newest_acknowledged: Option<Sample>,
}

#[derive(Debug)]
pub(super) struct Senders {
    counts: [Count; UNITS],
    pub(super) fares: [Fare; UNITS],
    sent: [Sent; 2],
    pub(super) acknowledged: u64,
}

impl Senders {
    pub(super) fn new() -> Self {
        let counts = [Count { total: 1_000, bad: 10 }; UNITS];
        Self { counts, fares: [Fare::Well; UNITS], sent: Default::default(), acknowledged: 0 }
    }

    /// An interval is over.
    pub(super) fn next(&mut self, at_ms: i64) -> Sample {
        for (count, fare) in self.counts.iter_mut().zip(self.fares) {
            count.total += REQUESTS;
            count.bad += fare.bad();
        }
        Sample { at_ms, counts: self.counts }
    }

    /// A sample is on its way.
    pub(super) fn sends(&mut self, replica: usize, sample: Sample) {
        self.sent[replica].samples.push(sample);
    }

    /// It was taken.
    pub(super) fn acknowledge(&mut self, replica: usize, sample: Sample) {
        self.acknowledged += 1;
        let sent = &mut self.sent[replica];
        sent.before_acknowledged.get_or_insert(sent.samples.len());
        let newest = sent.newest_acknowledged.get_or_insert(sample);
        if newest.at_ms < sample.at_ms {
            *newest = sample;
        }
    }

    /// What a replica may say of a unit: all since a first sample, which is one of those sent until
    /// the first was acknowledged, up to the newest that was acknowledged.
    pub(super) fn expected(&self, replica: usize, unit: usize) -> Vec<Count> {
        let sent = &self.sent[replica];
        let Some((newest, before)) = sent.newest_acknowledged.zip(sent.before_acknowledged) else {
            return Vec::new();
        };
        let to = newest.counts[unit];
        let since = |from: &Sample| {
            let from = from.counts[unit];
            Count { total: to.total.wrapping_sub(from.total), bad: to.bad.wrapping_sub(from.bad) }
        };
        sent.samples[..before].iter().map(since).collect()
    }
}

impl Sample {
    /// The request that sends it.
    pub(super) fn request(&self) -> Request<Body> {
        let series = self.counts.iter().enumerate().flat_map(|(unit, count)| {
            [("200", count.total - count.bad), ("500", count.bad)]
                .map(|(code, value)| series(unit, code, value, self.at_ms))
        });
        let message = wire::WriteRequest { timeseries: series.collect() };
        Request::post("/api/v1/write")
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .body(Body::from(packed(&message)))
            .unwrap()
    }
}

fn series(unit: usize, code: &str, value: u64, timestamp: i64) -> wire::TimeSeries {
    let unit = unit.to_string();
    let labels =
        [("__name__", "requests_total"), ("code", code), ("instance", "a:1"), ("unit", &unit)];
    wire::TimeSeries::new(labels, vec![wire::Sample { value: value as f64, timestamp }])
}

/// Like the quick policy, but what is not bad enough for a page is a ticket.
const QUICK_AND_WORSE: &str = "---
apiVersion: plimsoll/v1
kind: BurnPolicy
metadata: {name: quick}
spec:
  arms:
    - {long: 1m, short: 1m, factor: 5, severity: ticket}
    - {long: 1m, short: 1m, factor: 30, severity: page}
  significance: 0.001
  noData: {after: 60m, severity: ticket}
";

/// What is declared from the beginning.
pub(super) fn definitions() -> String {
    let mut text = [CREW, QUICK_AND_WORSE, &component("pier")].concat();
    for name in NAMES {
        // Outages here last minutes, so whoever is reminded is so at the shortest period there is.
        let told = receiver(name, &format!("http://receivers.test/{name}"));
        text += &told.replace("}}\n", "}, repeatInterval: 5m}\n");
    }
    for unit in 0..UNITS {
        let (name, matchers) = (format!("unit-{unit}"), format!("unit=\"{unit}\""));
        text += &Slo {
            name: &name,
            service: "pier",
            metric: "requests_total",
            matchers: &matchers,
            policy: Some("quick"),
            ..Slo::default()
        }
        .to_string();
    }
    text
}
