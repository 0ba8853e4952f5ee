//! SLOs: status, budget, burn, and the minutes behind them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::definition::Provenance;

/// Where the statuses of a budget begin, as shares of it: each holds above its mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Marks {
    /// Healthy is more than this.
    pub healthy_above: f64,
    /// Caution is more than this.
    pub caution_above: f64,
    /// Warning is more than this, and exhausted is not.
    pub warning_above: f64,
    /// Less than this is told to those who lead.
    pub escalate_below: Option<f64>,
    /// More than this, over a window that was measured whole, is unused.
    pub unused_above: Option<f64>,
}

/// What is said of a budget beside its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    /// `escalate` or `unused`.
    pub code: String,
    /// In words.
    pub message: String,
    /// What the policy asks for then.
    pub advice: Option<String>,
}

/// A period of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Period {
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// When the next one begins.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// The IANA name of the zone whose clocks say so.
    pub time_zone: String,
}

/// One SLO and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Slo {
    /// Its name.
    pub name: String,
    /// How people call it.
    pub display_name: Option<String>,
    /// What it promises.
    pub description: Option<String>,
    /// The service.
    pub service: String,
    /// The owning team of the service.
    pub owner: Option<String>,
    /// The share of events that must be good: 0.999.
    pub objective: f64,
    /// The window: the last `30d`, or the period of a calendar, such as `1M`.
    pub window: String,
    /// The period at hand, when the window is that of a calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// What counts: `Occurrences` (events), `Timeslices` or `RatioTimeslices` (slices of time).
    pub budgeting_method: String,
    /// The slices, where these count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_slice: Option<TimeSlice>,
    /// What makes an event good.
    pub indicator: Indicator,
    /// Good events in the window, including inferred ones; or what of its slices was good.
    pub good: f64,
    /// All events in the window, including inferred ones; or its slices that were judged.
    pub total: f64,
    /// Slices that could not be judged, since less than half of their minutes were covered; null
    /// where events count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unjudged: Option<f64>,
    /// Bad / total; null without traffic.
    pub error_ratio: Option<f64>,
    /// The share of the budget left; negative when overspent, null when undefined.
    pub budget_remaining: Option<f64>,
    /// The same, were every unseen event bad.
    pub budget_remaining_worst: Option<f64>,
    /// The same, were every unseen event good.
    pub budget_remaining_best: Option<f64>,
    /// `healthy`, `caution`, `warning`, `exhausted`, `no_traffic`, `no_data` or `unmeasured`.
    pub status: String,
    /// The error-budget policy by which it is judged.
    pub budget_policy: String,
    /// Where that policy has the statuses begin.
    pub marks: Marks,
    /// What that policy says of the budget besides; null when nothing.
    pub remark: Option<Remark>,
    /// The share of the measured time that samples covered; null when nothing was measured.
    pub coverage: Option<f64>,
    /// Minutes of the measured time that samples did not cover.
    pub gap_minutes: f64,
    /// The share of the window that lies before the first sample, or between two declarations.
    pub unmeasured: f64,
    /// Events that are known but not when they happened (a gap without a reset).
    pub inferred: f64,
    /// Events in the window that were added to their minute after it was sealed.
    pub corrected: f64,
    /// Whether the window's old edge was widened to a whole hour, since its minutes are not kept.
    pub aligned_to_hours: bool,
    /// Up to when the data reaches.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub watermark: Option<Timestamp>,
    /// The instant this was worked out for.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// The burn policy.
    pub burn_policy: String,
    /// Each arm of it.
    pub burn: Vec<Arm>,
    /// Arms left out or out of reach, in words.
    pub burn_notes: Vec<String>,
    /// The firing alert, if one.
    pub alert: Option<String>,
    /// The documents that its numbers come from, and whose they are; empty in lists.
    pub origins: Vec<Provenance>,
}

/// A rule by which time is cut into slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimeSlice {
    /// How long each is: `5m`.
    pub window: String,
    /// The share of its events that must be good for a slice to be; null when it counts for the
    /// share of its events that was good.
    pub target: Option<f64>,
}

/// The budgeting methods side by side, from the same minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Methods {
    /// The SLO.
    pub slo: String,
    /// The share of what counts that must be good.
    pub objective: f64,
    /// The window.
    pub window: String,
    /// The instant this was worked out for.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// Each method: Occurrences, Timeslices, RatioTimeslices.
    pub methods: Vec<Method>,
}

/// A budget, by one budgeting method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Method {
    /// `Occurrences`, `Timeslices` or `RatioTimeslices`.
    pub budgeting_method: String,
    /// The slices, where these count.
    pub time_slice: Option<TimeSlice>,
    /// Whether it is the one that the SLO names, with these slices.
    pub counts: bool,
    /// Good events, or what of the slices was good.
    pub good: f64,
    /// All events, or all slices that were judged.
    pub total: f64,
    /// Slices that could not be judged; null where events count.
    pub unjudged: Option<f64>,
    /// Bad / total; null without traffic.
    pub error_ratio: Option<f64>,
    /// The share of the budget left; negative when overspent, null when undefined.
    pub budget_remaining: Option<f64>,
    /// The same, were everything unseen bad.
    pub budget_remaining_worst: Option<f64>,
    /// The same, were everything unseen good.
    pub budget_remaining_best: Option<f64>,
    /// `healthy`, `caution`, `warning`, `exhausted`, `no_traffic`, `no_data` or `unmeasured`.
    pub status: String,
    /// The share of the window that was not measured, or whose minutes are no longer kept.
    pub unmeasured: f64,
}

/// What makes an event of an SLO good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Indicator {
    /// `ratio` (events are counted as good or bad by their counters), `latency` (observations of a
    /// classic or native histogram are compared) or `gauge` (samples are).
    pub kind: String,
    /// How a good observation or sample stands to the bound: `lt`, `lte`, `gt` or `gte`; null for
    /// a ratio.
    pub op: Option<String>,
    /// The bound, in the unit of the metric; null for a ratio.
    pub bound: Option<f64>,
}

/// One arm of a burn policy now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Arm {
    /// The burn over the long window; null without traffic.
    pub long: Option<f64>,
    /// The burn over the short window.
    pub short: Option<f64>,
    /// The length of the long window: `1h`.
    pub long_window: String,
    /// The length of the short window: `5m`.
    pub short_window: String,
    /// The burn both must exceed.
    pub factor: f64,
    /// P(at least these failures at the budget rate).
    pub significance: f64,
    /// The significance needed.
    pub significance_needed: f64,
    /// `page`, `ticket` or `log`.
    pub severity: String,
    /// Whether it fires.
    pub firing: bool,
}

/// A stretch of the minutes behind an SLO, for charts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// Minutes per point.
    pub step_minutes: u32,
    /// The points, oldest first.
    pub points: Vec<Point>,
}

/// One point of a history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// The first instant of the point's minutes.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Good events.
    pub good: f64,
    /// All events.
    pub total: f64,
    /// The share of the time that samples covered; null where nothing was measured.
    pub coverage: Option<f64>,
    /// The budget left of the window that ends with this point.
    pub budget_remaining: Option<f64>,
    /// The burn over the first page arm's long window that ends with this point.
    pub burn_long: Option<f64>,
    /// The burn over its short window.
    pub burn_short: Option<f64>,
}

/// The reasons behind an SLO's numbers at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The numbers at that instant.
    pub slo: Slo,
    /// What counts as an event, as a selector.
    pub total_selector: String,
    /// `good` or `bad`.
    pub part: String,
    /// What counts as good or bad, as a selector.
    pub part_selector: String,
    /// The first minute of the window.
    #[schema(value_type = String, format = DateTime)]
    pub window_from: Timestamp,
    /// The end of the window.
    #[schema(value_type = String, format = DateTime)]
    pub window_to: Timestamp,
    /// The last minutes up to that instant, oldest first.
    pub minutes: Vec<ExplainedMinute>,
    /// The last slices up to that instant, oldest first; none where events count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<ExplainedSlice>,
    /// The series routed then.
    pub series: Vec<RoutedSeries>,
    /// The arithmetic, a step a line.
    pub arithmetic: Vec<String>,
}

/// One minute, as it was counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedMinute {
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub minute: Timestamp,
    /// Good events.
    pub good: f64,
    /// Bad events.
    pub bad: f64,
    /// All events.
    pub total: f64,
    /// Of these, inferred over a gap.
    pub inferred: f64,
    /// The share of it that samples covered.
    pub coverage: f64,
    /// `closed` or `open`.
    pub state: String,
}

/// One slice, as it was judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedSlice {
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// The end of it.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// Good events that were seen in it when they happened.
    pub good: f64,
    /// All events that were.
    pub total: f64,
    /// What of it counts as good, 0 to 1; null when too little of it was covered to judge it.
    pub verdict: Option<f64>,
}

/// A series that a tally counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoutedSeries {
    /// Its labels, the metric's name as `__name__`.
    pub labels: std::collections::BTreeMap<String, String>,
    /// `total`, `good` or `bad`: the channels it counts in.
    pub channels: Vec<String>,
    /// Its first accepted sample.
    #[schema(value_type = String, format = DateTime)]
    pub first_sample_at: Timestamp,
    /// Its last accepted sample.
    #[schema(value_type = String, format = DateTime)]
    pub last_sample_at: Timestamp,
    /// The value then.
    pub last_value: f64,
    /// The spacing of its samples, if known.
    pub interval_seconds: Option<f64>,
    /// `live`, `stale` or `silent`.
    pub state: String,
}
