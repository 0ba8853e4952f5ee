//! The time over which a budget is counted: the last so long, or a period of civil time.
//!
//! Invariant: the periods of a calendar follow each other without gap or overlap, whatever the
//! clocks of their zone do. Each is reckoned from the first one, so that a month which began on a
//! 31st begins on the 30th in June and on the 31st in July.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span as CivilSpan, Timestamp};
use serde::{Deserialize, Serialize};

use super::minutes::Span;
use crate::time::{Minute, Minutes};

/// The time over which the budget is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// The last so many minutes: from 1 hour to 366 days.
    Rolling(Minutes),
    /// The period of civil time at hand, from its beginning until now.
    Calendar(Calendar),
}

impl Window {
    /// The shortest rolling window.
    pub const SHORTEST: Minutes = Minutes(60);
    /// The longest rolling window: a year.
    pub const LONGEST: Minutes = Minutes(366 * 1_440);

    /// Its length. A month counts as 30 days, a quarter as 90 and a year as 365: burn policies are
    /// fitted to that, and it is what is drawn when nothing else is asked for.
    pub fn length(&self) -> Minutes {
        match self {
            Self::Rolling(length) => *length,
            Self::Calendar(calendar) => calendar.period.length(),
        }
    }

    /// Whether the window whose open minute this is is about as long as it gets: of a period nine
    /// tenths are over. What was not spent by then will hardly be.
    pub fn is_ripe(&self, open: Minute) -> bool {
        match self {
            Self::Rolling(_) => true,
            Self::Calendar(calendar) => {
                let period = calendar.around(open);
                let lasted = Span { to: open, ..period };
                lasted.len() * 10 >= period.len() * 9
            }
        }
    }

    /// The minutes of the window whose open minute is this one: from its first until the last that
    /// may come to it.
    pub fn around(&self, open: Minute) -> Span {
        match self {
            Self::Rolling(length) => {
                Span { from: open.plus(-i64::from(length.0)), to: Minute(i64::MAX) }
            }
            Self::Calendar(calendar) => calendar.around(open),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rolling(length) => length.fmt(f),
            Self::Calendar(calendar) => calendar.period.fmt(f),
        }
    }
}

/// A length of civil time, written as OpenSLO writes it: `1d`, `2w`, `1M`, `1Q`, `1Y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    count: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    fn letter(self) -> &'static str {
        match self {
            Self::Day => "d",
            Self::Week => "w",
            Self::Month => "M",
            Self::Quarter => "Q",
            Self::Year => "Y",
        }
    }

    /// How long it is in days, about.
    fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }
}

impl Period {
    /// Reads a whole number and a unit; `None` when it is not one, or longer than a year.
    pub fn parse(text: &str) -> Option<Self> {
        let split = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, letter) = text.split_at(split);
        let unit = Unit::ALL.into_iter().find(|unit| unit.letter() == letter)?;
        let period = Self { count: number.parse().ok()?, unit };
        (period.count > 0 && period.length() <= Window::LONGEST).then_some(period)
    }

    /// See [`Window::length`].
    pub fn length(self) -> Minutes {
        Minutes(Minutes::DAY.0 * self.unit.days() * u32::from(self.count))
    }

    /// So many of it.
    fn times(self, number: i64) -> Option<CivilSpan> {
        let count = number.checked_mul(i64::from(self.count))?;
        let span = CivilSpan::new();
        match self.unit {
            Unit::Day => span.try_days(count),
            Unit::Week => span.try_weeks(count),
            Unit::Month => span.try_months(count),
            Unit::Quarter => span.try_months(count.checked_mul(3)?),
            Unit::Year => span.try_years(count),
        }
        .ok()
    }

    /// How many of it lie between two civil times, within one or two.
    fn between(self, from: DateTime, to: DateTime) -> i64 {
        let days = || to.date().duration_since(from.date()).as_hours() / 24;
        let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
        let units = match self.unit {
            Unit::Day => days(),
            Unit::Week => days().div_euclid(7),
            Unit::Month => months,
            Unit::Quarter => months.div_euclid(3),
            Unit::Year => months.div_euclid(12),
        };
        units.div_euclid(i64::from(self.count))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.letter())
    }
}

/// Periods of civil time in a zone, one after the other, from one of them on and before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Calendar {
    period: Period,
    start: DateTime,
    zone: TimeZone,
}

/// A calendar as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    period: String,
    start: DateTime,
    zone: String,
}

impl Calendar {
    /// Periods of which one begins at this civil time.
    pub fn new(period: Period, start: DateTime, zone: TimeZone) -> Self {
        Self { period, start, zone }
    }

    /// The time zone of that IANA name, such as `Europe/Berlin`, by the database that is built in:
    /// all replicas agree.
    pub fn zone(name: &str) -> Option<TimeZone> {
        TimeZoneDatabase::bundled().get(name).ok()
    }

    /// The IANA name of its zone.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The minutes of the period that holds one.
    pub fn around(&self, minute: Minute) -> Span {
        let civil = self.zone.to_datetime(minute.start());
        let mut number = self.period.between(self.start, civil);
        while self.begins(number) > minute {
            number -= 1;
        }
        while self.begins(number + 1) <= minute {
            number += 1;
        }
        Span { from: self.begins(number), to: self.begins(number + 1) }
    }

    /// The first minute of a period: 0 is the one that begins at `start`. A civil time that a zone
    /// leaves out is as much later as its clocks are put forward; of one that comes twice it is the
    /// first.
    fn begins(&self, number: i64) -> Minute {
        let civil = self.period.times(number).and_then(|span| self.start.checked_add(span).ok());
        let begins = civil.map(|civil| self.zone.to_ambiguous_timestamp(civil).compatible());
        match begins {
            Some(Ok(begins)) => Minute::of(begins),
            Some(Err(_)) | None if number < 0 => Minute::of(Timestamp::MIN),
            Some(Err(_)) | None => Minute(i64::MAX),
        }
    }
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        let (zone, period) = (calendar.zone_name().to_owned(), calendar.period.to_string());
        Self { period, start: calendar.start, zone }
    }
}

impl TryFrom<Written> for Calendar {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { period, start, zone } = written;
        let period = Period::parse(&period).ok_or_else(|| format!("`{period}` is no period"))?;
        let zone = Self::zone(&zone).ok_or_else(|| format!("`{zone}` is no time zone"))?;
        Ok(Self { period, start, zone })
    }
}

#[cfg(test)]
mod tests;
