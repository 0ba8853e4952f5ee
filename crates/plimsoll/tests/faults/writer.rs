//! A sender of counters, as Prometheus sends: in order, and each request again until it is
//! acknowledged. Now and then it does not wait for the answer, so that the second attempt may
//! overtake the first.

use plimsoll_ingest::remote_write::wire;
use plimsoll_trials::bodies::packed;
use plimsoll_trials::dice::Dice;
use tokio::time::timeout;

use crate::burns::now_ms;
use crate::ledger::Ledger;
use crate::victim::{Reply, Victim};

/// Between two samples, in their own time.
const STEP_MS: i64 = 500;

/// One writer: nobody else writes its series.
pub(crate) struct Writer {
    name: &'static str,
    dice: Dice,
    first: Point,
    acknowledged: Point,
    /// Sent, and not yet acknowledged.
    flight: Option<Point>,
    attempts: u64,
}

/// Two counters at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) at_ms: i64,
    pub(crate) good: u64,
    pub(crate) bad: u64,
}

impl Writer {
    pub(crate) fn new(name: &'static str, first_ms: i64, dice: Dice) -> Self {
        let first = Point { at_ms: first_ms, good: 1_000, bad: 50 };
        Self { name, dice, first, acknowledged: first, flight: Some(first), attempts: 0 }
    }

    /// Sends until there is no answer any more.
    pub(crate) async fn run(&mut self, victim: &Victim, ledger: &mut Ledger) {
        while self.send(victim, ledger).await {}
    }

    /// Sends what is in flight until it is acknowledged.
    pub(crate) async fn settle(&mut self, victim: &Victim, ledger: &mut Ledger) {
        while self.flight.is_some() {
            assert!(self.send(victim, ledger).await, "the server ended by itself");
        }
    }

    /// Sends one sample more, until it is acknowledged.
    pub(crate) async fn once(&mut self, victim: &Victim, ledger: &mut Ledger) {
        self.flight = Some(self.next());
        self.settle(victim, ledger).await;
    }

    /// The next request, which stays in flight.
    pub(crate) fn request(&mut self) -> Vec<u8> {
        let point = match self.flight {
            Some(point) => point,
            None => self.next(),
        };
        self.flight = Some(point);
        let series = [("200", point.good), ("500", point.bad)];
        pack(series.map(|(code, value)| (self.labels(code), vec![(point.at_ms, value)])))
    }

    /// One attempt; false when there was no answer.
    async fn send(&mut self, victim: &Victim, ledger: &mut Ledger) -> bool {
        self.attempts += 1;
        let request = victim.write(self.request());
        let point = self.flight.expect("it was made just now");
        let reply = if self.dice.one_in(8) {
            let patience = self.dice.while_of(4);
            let Ok(reply) = timeout(patience, request).await else { return true };
            reply
        } else {
            request.await
        };
        match reply {
            Reply::Acknowledged(_) => {
                ledger.writes += 1;
                ledger.retried += u64::from(self.attempts > 1);
                (self.acknowledged, self.flight, self.attempts) = (point, None, 0);
                true
            }
            Reply::Refused(503, _) => true,
            Reply::Refused(status, body) => panic!("a write was answered {status}: {body}"),
            Reply::Lost => false,
        }
    }

    fn next(&mut self) -> Point {
        let Point { at_ms, good, bad } = self.acknowledged;
        assert!(at_ms < now_ms(), "the samples of {} have come to the present", self.name);
        let (good, bad) = (good + self.dice.below(100), bad + self.dice.below(3));
        Point { at_ms: at_ms + STEP_MS, good, bad }
    }

    fn labels(&self, code: &'static str) -> Labels {
        vec![
            ("__name__", "shop_requests_total".into()),
            ("code", code.into()),
            ("writer", self.name.into()),
        ]
    }

    /// Compares what is counted with what was acknowledged.
    pub(crate) async fn check(&self, victim: &Victim, ledger: &mut Ledger) {
        let slo = victim.get(&format!("/api/v1/slos/shop-{}", self.name)).await;
        let counted = |key: &str| slo[key].as_f64().unwrap_or(f64::NAN);
        let counted = (counted("good"), counted("total") - counted("good"));
        let since = |point: Point| {
            ((point.good - self.first.good) as f64, (point.bad - self.first.bad) as f64)
        };
        let may_be = [Some(self.acknowledged), self.flight].into_iter().flatten().map(since);
        if may_be.clone().any(|truth| truth == counted) {
            return;
        }
        let truth = since(self.acknowledged);
        let what = format!(
            "writer {}: (good, bad) are {counted:?}, acknowledged {truth:?}, in flight {:?}",
            self.name,
            self.flight.map(since)
        );
        let too_much = may_be.clone().all(|truth| counted.0 > truth.0 || counted.1 > truth.1);
        if too_much { ledger.doubled(what) } else { ledger.lost(what) }
    }
}

pub(crate) type Labels = Vec<(&'static str, String)>;

/// A packed request of series with their samples.
pub(crate) fn pack(series: impl IntoIterator<Item = (Labels, Vec<(i64, u64)>)>) -> Vec<u8> {
    let sample = |(timestamp, value): (i64, u64)| wire::Sample { value: value as f64, timestamp };
    let timeseries = series.into_iter().map(|(labels, samples)| {
        wire::TimeSeries::new(labels, samples.into_iter().map(sample).collect())
    });
    packed(&wire::WriteRequest { timeseries: timeseries.collect() })
}
