//! What random histories are made of: indicators, and the series they count.

use super::*;
use crate::slo::tally::{Channel, Condition, Grouping, Measure, Operator, Part};

/// A series as the naive reading knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) metric: &'static str,
    pub(super) instance: u8,
    pub(super) code: &'static str,
    pub(super) path: &'static str,
    pub(super) le: &'static str,
}

impl Key {
    pub(super) fn hash(&self) -> SeriesHash {
        identity(&self.labels())
    }

    pub(super) fn labels(&self) -> Labels {
        let pairs =
            [("__name__", self.metric), ("code", self.code), ("path", self.path), ("le", self.le)];
        let owned = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter();
        let instance = ("instance".to_owned(), self.instance.to_string());
        Labels::from_pairs(owned.chain([instance]).collect()).expect("unique")
    }

    pub(super) fn instance_hash(&self) -> InstanceHash {
        InstanceHash(u128::from(self.instance))
    }
}

/// A channel as the naive reading knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chan {
    Requests,
    Requests5,
    Requests45,
    Aux,
    Aux5,
    PathA,
    PathA5,
    Observed,
    AtMostHalf,
    AtMostOne,
    Up,
    UpMeeting,
    BucketInf,
    BucketHalf,
}

impl Chan {
    pub(super) fn wants(self, key: &Key) -> bool {
        let requests = key.metric == "requests_total";
        let (four, five) = (key.code.starts_with('4'), key.code.starts_with('5'));
        match self {
            Self::Requests => requests,
            Self::Requests5 => requests && five,
            Self::Requests45 => requests && (four || five),
            Self::Aux => key.metric == "aux_total",
            Self::Aux5 => key.metric == "aux_total" && five,
            Self::PathA => requests && key.path == "/a",
            Self::PathA5 => requests && key.path == "/a" && five,
            Self::Observed | Self::AtMostHalf | Self::AtMostOne => key.metric == "latency",
            Self::Up | Self::UpMeeting => key.metric == "up",
            Self::BucketInf => key.metric == "lat_bucket" && key.le == "+Inf",
            Self::BucketHalf => key.metric == "lat_bucket" && key.le == "0.5",
        }
    }

    fn real(self) -> Channel {
        let path = |code| {
            let mut matchers = selector("requests_total", code).matchers().to_vec();
            matchers.push(matcher("path", Comparison::Equal, "/a"));
            Selector::new(matchers)
        };
        let le = |le| {
            let mut matchers = selector("lat_bucket", None).matchers().to_vec();
            matchers.push(matcher("le", Comparison::Equal, le));
            Selector::new(matchers)
        };
        let (selector, measure) = match self {
            Self::Requests => (selector("requests_total", None), Measure::Increase),
            Self::Requests5 => (selector("requests_total", Some("5..")), Measure::Increase),
            Self::Requests45 => (selector("requests_total", Some("[45]..")), Measure::Increase),
            Self::Aux => (selector("aux_total", None), Measure::Increase),
            Self::Aux5 => (selector("aux_total", Some("5..")), Measure::Increase),
            Self::PathA => (path(None), Measure::Increase),
            Self::PathA5 => (path(Some("5..")), Measure::Increase),
            Self::Observed => (selector("latency", None), Measure::Observations),
            Self::AtMostHalf => (selector("latency", None), Measure::AtMost(0.5)),
            Self::AtMostOne => (selector("latency", None), Measure::AtMost(1.0)),
            Self::Up => (selector("up", None), Measure::Samples),
            Self::UpMeeting => {
                let condition = Condition { operator: Operator::Gte, value: 1.0 };
                (selector("up", None), Measure::Meeting(condition))
            }
            Self::BucketInf => (le("+Inf"), Measure::Increase),
            Self::BucketHalf => (le("0.5"), Measure::Increase),
        };
        Channel { selector, measure }
    }
}

/// An indicator as the naive reading knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) tally: u8,
    pub(super) total: Chan,
    pub(super) part: Chan,
    pub(super) part_is_bad: bool,
}

/// The tally that is split by path, into so many groups.
pub(super) const GROUPED: u8 = 2;
pub(super) const GROUPS_MAX: u32 = 2;

/// The tally of gauges.
pub(super) const GAUGES: u8 = 4;

const fn plan(tally: u8, total: Chan, part: Chan, part_is_bad: bool) -> Plan {
    Plan { tally, total, part, part_is_bad }
}

pub(super) const PLANS: [Plan; 10] = [
    plan(0, Chan::Requests, Chan::Requests5, true),
    plan(0, Chan::Requests, Chan::Requests45, true),
    plan(0, Chan::Requests, Chan::Aux, false),
    plan(0, Chan::Requests, Chan::Aux5, true),
    plan(1, Chan::PathA, Chan::PathA5, true),
    plan(GROUPED, Chan::Requests, Chan::Requests5, true),
    plan(3, Chan::Observed, Chan::AtMostHalf, false),
    plan(3, Chan::Observed, Chan::AtMostOne, false),
    plan(GAUGES, Chan::Up, Chan::UpMeeting, false),
    plan(5, Chan::BucketInf, Chan::BucketHalf, false),
];

impl Plan {
    pub(super) fn real(self) -> Indicator {
        let part = if self.part_is_bad { Part::Bad } else { Part::Good };
        let grouped = Grouping { labels: vec!["path".to_owned()], groups_max: GROUPS_MAX };
        Indicator {
            source: crate::slo::tally::Source::Ingest,
            total: self.total.real(),
            part,
            part_channel: self.part.real(),
            grouping: if self.tally == GROUPED { grouped } else { Grouping::default() },
        }
    }
}
