//! What was agreed for a time: shares of a budget that may be spent on purpose, and windows of the
//! week that are kept for work on reliability.

use std::collections::BTreeSet;

use jiff::civil::Time;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan as _, civil};
use serde::{Deserialize, Serialize};

use super::Rule;
use crate::catalog::Name;
use crate::slo::budget::Share;

/// A share of the budgets of a service that may go to planned maintenance or a large roll-out
/// (BUD-08): so long its budgets are judged as if that much more were left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Whose budgets.
    pub service: Name,
    /// How much of each.
    pub share: Share,
    /// From then on.
    pub from: Timestamp,
    /// Until then; the next instant is without it.
    pub until: Timestamp,
    /// What it is for.
    pub reason: String,
    /// Who agreed to it.
    pub approved_by: Vec<String>,
}

impl Allowance {
    /// Whether it holds for that service then.
    pub(super) fn holds(&self, service: &Name, at: Timestamp) -> bool {
        self.service == *service && (self.from..self.until).contains(&at)
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they say it themselves")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Day {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    fn of(date: civil::Date) -> Self {
        match date.weekday() {
            civil::Weekday::Monday => Self::Monday,
            civil::Weekday::Tuesday => Self::Tuesday,
            civil::Weekday::Wednesday => Self::Wednesday,
            civil::Weekday::Thursday => Self::Thursday,
            civil::Weekday::Friday => Self::Friday,
            civil::Weekday::Saturday => Self::Saturday,
            civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A window of the week in which what is not excepted stays where it is, so that there is room for
/// work on reliability (BUD-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserved {
    /// The days on which it begins.
    pub days: BTreeSet<Day>,
    /// When it begins there, by the clock on the wall.
    pub from: Time,
    /// When it ends: on the next day, if that is not later than it begins.
    pub until: Time,
    /// The IANA name of the time zone of both.
    pub time_zone: String,
    /// What it permits.
    pub rule: Rule,
}

impl Reserved {
    /// The time zone of that name, in the database that is part of the program: two machines
    /// decide alike.
    pub fn zone(name: &str) -> Option<TimeZone> {
        TimeZoneDatabase::bundled().get(name).ok()
    }

    /// The names of all zones that are known.
    pub fn zones() -> Vec<String> {
        TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect()
    }

    /// Whether it holds then. One of a zone that is not known holds always.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        let Some(zone) = Self::zone(&self.time_zone) else { return true };
        let local = zone.to_datetime(at);
        let begins_on = |date: civil::Date| self.days.contains(&Day::of(date));
        let (date, time) = (local.date(), local.time());
        if self.from < self.until {
            return begins_on(date) && (self.from..self.until).contains(&time);
        }
        let began_yesterday = date.checked_sub(1.day()).is_ok_and(begins_on);
        begins_on(date) && time >= self.from || began_yesterday && time < self.until
    }

    /// The window in words.
    pub(super) fn words(&self) -> String {
        let days: Vec<_> = self.days.iter().map(|day| day.as_str()).collect();
        let (from, until) = (self.from.strftime("%H:%M"), self.until.strftime("%H:%M"));
        format!("{}, {from} to {until} {}", days.join(", "), self.time_zone)
    }
}

#[cfg(test)]
mod tests;
