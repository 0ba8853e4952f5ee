//! Days of counters, one sample of each series every thirty seconds, made as they are sent: to all
//! receivers at once, so that what each holds is the same and ends at the same instant.

use plimsoll_ingest::remote_write::wire;
use plimsoll_trials::dice::Dice;

use crate::load::{self, DECLARED, REQUEST_SAMPLES, Series};

/// Between two samples of a series.
pub(crate) const SPACING_MS: i64 = 30_000;

/// Series of each service: two instances, and for each the successes and the failures.
pub(crate) const SERIES_PER_SERVICE: usize = 4;

/// Samples in five minutes.
const FIVE_MINUTES: usize = 10;

/// The counters of some services.
pub(crate) struct History {
    services: Vec<Service>,
    next_ms: i64,
    dice: Dice,
    /// Samples of counters made so far.
    pub(crate) samples: u64,
}

struct Service {
    series: Vec<Series>,
    counts: Vec<u64>,
    recorded: Series,
    /// Errors and requests of the last five minutes, by sample.
    last: [(u64, u64); FIVE_MINUTES],
}

/// Requests to send: the counters, and what a recording rule would have made of them, for receivers
/// that are to answer from that.
pub(crate) struct Due {
    pub(crate) counters: Vec<u8>,
    pub(crate) recorded: Vec<u8>,
}

impl History {
    /// Begins so many days before now.
    pub(crate) fn new(services: usize, days: i64) -> Self {
        let services = (0..services).map(Service::new).collect();
        let next_ms = load::now_ms() - days * 86_400_000;
        Self { services, next_ms, dice: Dice::new(1), samples: 0 }
    }

    /// The next request, unless everything up to now is made.
    pub(crate) fn due(&mut self) -> Option<Due> {
        let (mut counters, mut recorded) = (Vec::new(), Vec::new());
        let per_round = self.services.len() * SERIES_PER_SERVICE;
        while self.next_ms <= load::now_ms() && counters.len() + per_round <= REQUEST_SAMPLES {
            for service in &mut self.services {
                service.grow(self.next_ms, &mut self.dice);
                service.tell(self.next_ms, &mut counters);
                recorded.extend(service.rule(self.next_ms));
            }
            self.next_ms += SPACING_MS;
        }
        self.samples += counters.len() as u64;
        (!counters.is_empty())
            .then(|| Due { counters: load::request(counters), recorded: load::request(recorded) })
    }
}

impl Service {
    fn new(number: usize) -> Self {
        let series = |at: usize| {
            let code = if at.is_multiple_of(2) { "200" } else { "500" };
            // Each instance is a pod of its own, twenty numbers apart.
            Series::of(DECLARED.to_owned(), number, at / 2 * 20, code)
        };
        let recorded = Series::named(RECORDED, "sloth_id", load::name(number));
        Self {
            series: (0..SERIES_PER_SERVICE).map(series).collect(),
            counts: vec![0; SERIES_PER_SERVICE],
            recorded,
            last: [(0, 0); FIVE_MINUTES],
        }
    }

    /// Some hundreds of requests, more by day than by night; one in a thousand fails.
    fn grow(&mut self, at_ms: i64, dice: &mut Dice) {
        let day = (at_ms % 86_400_000) as f64 / 86_400_000.0;
        let load = 300.0 + 200.0 * (day * std::f64::consts::TAU).sin();
        let (mut errors, mut requests) = (0, 0);
        for (at, count) in self.counts.iter_mut().enumerate() {
            let grown = if at.is_multiple_of(2) {
                load as u64 + dice.below(100)
            } else {
                u64::from(dice.one_in(3))
            };
            *count += grown;
            requests += grown;
            errors += if at.is_multiple_of(2) { 0 } else { grown };
        }
        self.last.rotate_left(1);
        self.last[FIVE_MINUTES - 1] = (errors, requests);
    }

    fn tell(&self, at_ms: i64, into: &mut Vec<wire::TimeSeries>) {
        let counted = self.series.iter().zip(&self.counts);
        into.extend(counted.map(|(series, count)| series.at(at_ms, *count as f64)));
    }

    /// What the rule records, which is evaluated once a minute as it is by default.
    fn rule(&self, at_ms: i64) -> Option<wire::TimeSeries> {
        if at_ms / SPACING_MS % 2 != 0 {
            return None;
        }
        let sum = |(errors, requests), (e, r): &(u64, u64)| (errors + e, requests + r);
        let (errors, requests) = self.last.iter().fold((0, 0), sum);
        (requests > 0).then(|| self.recorded.at(at_ms, errors as f64 / requests as f64))
    }
}

/// The error ratio over five minutes, as Sloth records it.
pub(crate) const RECORDED: &str = "slo:sli_error:ratio_rate5m";
