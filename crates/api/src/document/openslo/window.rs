//! OpenSLO's time window: the last so long, or one period of a calendar after the other.
//!
//! The trap of its durations is that `m` is minutes and `M` is months: its own example writes one
//! and means the other. A length that is shorter than anybody means is refused with that in mind.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use plimsoll_domain::slo::Window;
use plimsoll_domain::slo::window::{Calendar, Period};
use plimsoll_domain::time::Minutes;

use super::super::fields::Reader;
use super::super::position::{At, Fault};
use super::super::schema::{Field, Shape, Type};
use super::super::spelling::nearest;
use super::super::yaml::Node;

/// One of the `timeWindow`s of an SLO.
pub(super) const SHAPE: Shape = Shape::of(&[
    Field::need(
        "duration",
        Type::Duration,
        "From 1h to 366d when rolling; `d`, `w`, `M`, `Q`, `Y` at a calendar, up to a year",
    ),
    Field::need_if(
        "isRolling",
        "without `calendar`",
        Type::Boolean,
        "`true`: the last so long; `false`: the period of a calendar",
    ),
    Field::need_if("calendar", "without `isRolling: true`", Type::Object(&CALENDAR), "Whose"),
]);

const CALENDAR: Shape = Shape::of(&[
    Field::need("startTime", Type::Text, "When one of the periods begins: `2026-01-01 00:00:00`"),
    Field::need("timeZone", Type::Text, "By whose clocks: `Europe/Berlin`, `UTC`"),
]);

/// Reads `timeWindow`.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<At<Window>> {
    let windows = reader.list(node)?;
    let [window] = windows else {
        let message = format!("an SLO has one time window, not {}", windows.len());
        let at = windows.get(1).map_or(node.at, |second| second.at);
        reader.report(at, Fault::error("slo.window", message));
        return None;
    };
    let mut fields = reader.fields(window, &SHAPE)?;
    let duration = fields.need(reader, "duration").and_then(|node| reader.length(node));
    let written = fields.get("isRolling").map(|node| reader.boolean(node));
    let calendar = fields.get("calendar").map(|node| (node.at, calendar(reader, node)));
    let at = fields.at;
    fields.close(reader);
    let rolls = match written {
        Some(rolls) => Some(rolls?),
        None => None,
    };
    let mut refuse = |at, message: &str, hint: &str| {
        reader.report(at, Fault::error("slo.calendar_window", message).hint(hint));
        None
    };
    match (rolls, calendar) {
        (Some(true), None) => rolling(reader, duration?),
        (Some(false) | None, Some((_, of))) => aligned(reader, duration?, of?),
        (Some(true), Some((at, _))) => refuse(
            at,
            "a rolling window has no calendar",
            "leave `calendar` out, or write `isRolling: false`",
        ),
        (Some(false) | None, None) => refuse(
            at,
            "neither the last so long, nor the periods of a calendar",
            "write `isRolling: true`, or `calendar: {startTime: 2026-01-01 00:00:00, timeZone: \
             UTC}`",
        ),
    }
}

/// A duration that ends now.
fn rolling(reader: &mut Reader<'_>, text: At<String>) -> Option<At<Window>> {
    let range = format!("a window is {} to {} long", Window::SHORTEST, Window::LONGEST);
    let fault = |message: String| Fault::error("slo.window", message);
    let unit = text.value.trim_start_matches(|c: char| c.is_ascii_digit());
    let fault = match (Minutes::parse(&text.value), unit) {
        (Some(length), _) if (Window::SHORTEST..=Window::LONGEST).contains(&length) => {
            return Some(At { at: text.at, value: Window::Rolling(length) });
        }
        (Some(length), "m") => fault(format!("{length} is too short: {range}"))
            .hint("`m` is minutes; for a month write 30d"),
        (Some(length), _) => fault(format!("{length} does not fit: {range}")),
        (None, "M" | "Q" | "Y") => fault(format!("`{}` has no fixed length", text.value)).hint(
            "`M`, `Q` and `Y` are months, quarters and years of a calendar: write 30d or 90d, or \
             `isRolling: false` and a `calendar`",
        ),
        (None, _) => fault(format!("`{}` is not a window's length", text.value))
            .hint("one number and one unit: 1h, 7d, 4w, 30d"),
    };
    reader.report(text.at, fault);
    None
}

/// Periods of a calendar.
fn aligned(reader: &mut Reader<'_>, text: At<String>, of: Start) -> Option<At<Window>> {
    let Some(period) = Period::parse(&text.value) else {
        let fault = match text.value.trim_start_matches(|c: char| c.is_ascii_digit()) {
            "m" => Fault::error("slo.window", format!("`{}` is minutes", text.value))
                .hint("`M` is months"),
            _ => Fault::error("slo.window", format!("`{}` is no period of a calendar", text.value))
                .hint("one number and one unit, up to a year: 1d, 1w, 1M, 1Q, 1Y"),
        };
        reader.report(text.at, fault);
        return None;
    };
    let calendar = Calendar::new(period, of.start, of.zone);
    Some(At { at: text.at, value: Window::Calendar(calendar) })
}

/// When one of the periods begins.
struct Start {
    start: DateTime,
    zone: TimeZone,
}

fn calendar(reader: &mut Reader<'_>, node: &Node) -> Option<Start> {
    let mut fields = reader.fields(node, &CALENDAR)?;
    let start = fields.need(reader, "startTime").and_then(|node| start_time(reader, node));
    let zone = fields.need(reader, "timeZone").and_then(|node| time_zone(reader, node));
    fields.close(reader);
    Some(Start { start: start?, zone: zone? })
}

fn start_time(reader: &mut Reader<'_>, node: &Node) -> Option<DateTime> {
    let text = reader.text(node)?;
    let parsed = text.value.parse::<DateTime>().ok();
    if parsed.is_none() {
        let message = format!("`{}` is no date and time without a zone", text.value);
        let hint = "written as 2026-01-01 00:00:00; `timeZone` says by whose clocks";
        reader.report(text.at, Fault::error("slo.calendar_window", message).hint(hint));
    }
    parsed
}

fn time_zone(reader: &mut Reader<'_>, node: &Node) -> Option<TimeZone> {
    let text = reader.text(node)?;
    let found = Calendar::zone(&text.value);
    if found.is_none() {
        let message = format!("`{}` is no time zone of the IANA database", text.value);
        let fault = Fault::error("slo.calendar_window", message);
        let known = TimeZoneDatabase::bundled();
        let known: Vec<_> = known.available().map(|name| name.to_string()).collect();
        let near = nearest(&text.value, known.iter().map(String::as_str));
        let fault = match near {
            Some(near) => fault.hint(format!("did you mean `{near}`?")),
            None => fault.hint("such as Europe/Berlin, America/New_York or UTC"),
        };
        reader.report(text.at, fault);
    }
    found
}
