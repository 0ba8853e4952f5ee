//! Random histories: what instances expose, what is lost of it, and in which order the rest
//! arrives.

use plimsoll_trials::dice::Dice;

use super::pool::Key;

pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// What a series' sample brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Brings {
    Number(f64),
    /// (count, at most 0.5, at most 1).
    Histogram(f64, f64, f64),
    /// (start, value).
    Delta(i64, f64),
    Stale,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Our clock.
    pub(super) arrives: i64,
    pub(super) key: Key,
    pub(super) at: i64,
    pub(super) brings: Brings,
    pub(super) start: Option<i64>,
    pub(super) sender: u8,
}

/// One series of one instance.
struct Exposed {
    key: Key,
    shard: usize,
    born: i64,
    value: f64,
    half: f64,
    one: f64,
    last: Option<i64>,
    ended: bool,
}

struct Scraped {
    interval: i64,
    jitter: i64,
    skew: i64,
    starts: Option<i64>,
    /// What the second sender takes for the start is so much later.
    start_skew: i64,
    /// Pauses last for days.
    slow: bool,
    replicas: bool,
    delta: bool,
    sender: u8,
    series: Vec<Exposed>,
}

const SERIES: [(&str, &str, &str, &str); 13] = [
    ("requests_total", "200", "/a", ""),
    ("requests_total", "500", "/a", ""),
    ("requests_total", "404", "/b", ""),
    ("requests_total", "200", "/c", ""),
    ("requests_total", "500", "/d", ""),
    ("aux_total", "200", "", ""),
    ("aux_total", "500", "", ""),
    ("latency", "", "", ""),
    ("latency", "200", "", ""),
    ("up", "", "", ""),
    ("lat_bucket", "", "", "0.5"),
    ("lat_bucket", "", "", "+Inf"),
    ("undeclared", "", "", ""),
];

/// One history: when it starts, and what arrives.
pub(super) fn history(dice: &mut Dice) -> (i64, Vec<Arrival>) {
    let from = 20 * DAY - dice.below(3 * HOUR / SECOND) * SECOND;
    let grain = dice.pick(&[1.0, 1.0, 0.25, 0.1]);
    let lags: Vec<i64> = (0..3).map(|_| dice.pick(&[0, 0, 2, 40, 600]) * SECOND).collect();
    let mut arrivals = Vec::new();
    let drawn_out = dice.one_in(20);
    for instance in 0..dice.within(1, 3) {
        let mut scraped = Scraped::random(dice, instance as u8, from);
        if drawn_out {
            // Some speak for weeks, and some are heard after all others.
            scraped.slow = dice.one_in(2);
            scraped.skew = -dice.pick(&[0, 3, 20, 40]) * DAY;
        }
        let mut at = from + dice.below(2 * MINUTE);
        let ticks = dice.within(6, 36);
        for tick in 0..ticks {
            at += scraped.interval + dice.below(scraped.jitter + 1);
            if tick > 1 && dice.one_in(10) {
                at = scraped.pause(dice, at, &lags, &mut arrivals);
            }
            if dice.one_in(14) {
                scraped.restart(dice, at);
            }
            scraped.scrape(dice, (tick, at), grain, &lags, &mut arrivals);
        }
        if dice.one_in(3) {
            let late = dice.pick(&[0, 10 * MINUTE, 3 * DAY, 13 * DAY]);
            let ended = at + dice.pick(&[SECOND, MINUTE, DAY, 8 * DAY]);
            scraped.end(ended, late, &lags, &mut arrivals);
        }
    }
    arrivals.sort_by_key(|arrival| arrival.arrives);
    (from, arrivals)
}

impl Scraped {
    fn random(dice: &mut Dice, instance: u8, from: i64) -> Self {
        let few = dice.within(1, 5);
        let mut series: Vec<Exposed> = Vec::new();
        for _ in 0..few {
            let (metric, code, path, le) = dice.pick(&SERIES);
            let key = Key { metric, instance, code, path, le };
            if series.iter().any(|known| known.key == key) {
                continue;
            }
            let born = if dice.one_in(3) { dice.below(20) } else { 0 };
            let value = if dice.one_in(2) { 0.0 } else { 1_000.0 };
            let (shard, half, one) = (dice.below(3) as usize, value / 2.0, value);
            series.push(Exposed { key, shard, born, value, half, one, last: None, ended: false });
        }
        let delta = dice.one_in(6);
        Self {
            interval: dice.pick(&[5, 10, 15, 15, 30, 60, 60, 120]) * SECOND,
            jitter: dice.pick(&[0, 0, 1_500]),
            skew: match dice.below(24) {
                0 => -dice.within(1, 20) * DAY,
                1..15 => 0,
                15..20 => -4 * MINUTE,
                _ => 200 * SECOND,
            },
            start_skew: dice.pick(&[0, 0, 7 * SECOND, -HOUR, 10 * MINUTE]),
            slow: dice.one_in(16),
            starts: dice.one_in(3).then(|| from - dice.below(HOUR) + dice.below(20 * MINUTE)),
            replicas: dice.one_in(4),
            delta,
            sender: 0,
            series,
        }
    }

    /// Falls silent for a while; says until when.
    fn pause(
        &mut self,
        dice: &mut Dice,
        at: i64,
        lags: &[i64],
        arrivals: &mut Vec<Arrival>,
    ) -> i64 {
        let short = [self.interval, 150 * SECOND, 290 * SECOND, 300 * SECOND - self.interval];
        let long = [300 * SECOND + 1, 20 * MINUTE, 47 * MINUTE + 13, 3 * HOUR];
        let length = match dice.below(100) {
            _ if self.slow => dice.pick(&[DAY, 3 * DAY, 7 * DAY, 7 * DAY + 1, 9 * DAY]),
            0..50 => dice.pick(&short),
            50..92 => dice.pick(&long),
            92..99 => DAY + dice.below(DAY),
            _ => 7 * DAY + dice.pick(&[-1, 0, 1, HOUR]),
        };
        if dice.one_in(2) {
            self.end(at, 0, lags, arrivals);
        }
        let until = at + length;
        if dice.one_in(3) {
            let restarted = until - dice.below(length);
            self.restart(dice, restarted);
        }
        until
    }

    /// All of its series end, and so late it is told.
    fn end(&mut self, at: i64, late: i64, lags: &[i64], arrivals: &mut Vec<Arrival>) {
        for series in self.series.iter_mut().filter(|s| s.last.is_some() && !s.ended) {
            let brings = Brings::Stale;
            let arrives = at - self.skew + lags[series.shard] + late;
            let (key, start, sender) = (series.key, None, self.sender);
            arrivals.push(Arrival { arrives, key, at, brings, start, sender });
        }
    }

    fn restart(&mut self, dice: &mut Dice, at: i64) {
        if let Some(start) = &mut self.starts {
            *start = at;
        }
        for series in &mut self.series {
            if dice.one_in(5) {
                continue;
            }
            (series.value, series.half, series.one) = (0.0, 0.0, 0.0);
        }
    }

    fn scrape(
        &mut self,
        dice: &mut Dice,
        (tick, at): (i64, i64),
        grain: f64,
        lags: &[i64],
        arrivals: &mut Vec<Arrival>,
    ) {
        if self.replicas && dice.one_in(8) {
            self.sender = 1 - self.sender;
            self.series.iter_mut().for_each(|series| series.value = (series.value - 2.0).max(0.0));
        }
        for series in self.series.iter_mut().filter(|series| series.born <= tick) {
            let more = grain * dice.below(40) as f64;
            series.value += more;
            series.half += (more / 2.0).floor();
            series.one = (series.one + more).min(series.value);
            series.half = series.half.min(series.one);
            if dice.one_in(20) {
                continue;
            }
            if dice.one_in(40) && series.last.is_some() {
                series.ended = true;
            }
            let brings = match series.key.metric {
                _ if series.ended => Brings::Stale,
                "latency" => Brings::Histogram(series.value, series.half, series.one),
                "up" => Brings::Number(f64::from(u8::from(!dice.one_in(4)))),
                _ if self.delta => Brings::Delta(series.last.unwrap_or(at - self.interval), more),
                _ => Brings::Number(series.value),
            };
            if series.ended && self.delta {
                continue;
            }
            series.ended = series.ended && !dice.one_in(3);
            series.last = Some(at);
            let later = i64::from(self.sender) * self.start_skew;
            let start = self.starts.map(|start| (start + later).min(at));
            let mut arrives = at - self.skew + lags[series.shard];
            let (key, sender) = (series.key, self.sender);
            if matches!(brings, Brings::Delta(..)) && dice.one_in(10) {
                arrives += dice.below(3 * HOUR);
            }
            arrivals.push(Arrival { arrives, key, at, brings, start, sender });
            if dice.one_in(20) {
                arrives += dice.below(30 * MINUTE);
                arrivals.push(Arrival { arrives, key, at, brings, start, sender });
            }
        }
    }
}
