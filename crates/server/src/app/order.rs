//! Lists that are not kept in a database: what was typed to find things in them, a place in their
//! order, and the cursor made of it.
//!
//! Invariant: a list is ordered by a rank, a number and a name, of which the name is unique, so
//! that a cursor names one place. What moves between two pages is met twice or not at all.

use std::borrow::Cow;

use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::budget::Status;

use super::{Failure, Paging};

/// How grave a status is, from 1, the gravest. An unknown one is grave: nothing vouches for it.
pub(crate) fn gravity(status: Status) -> u8 {
    match status {
        Status::Exhausted => 1,
        Status::NoData => 2,
        Status::Warning => 3,
        Status::Unmeasured => 4,
        Status::Caution => 5,
        Status::NoTraffic => 6,
        Status::Healthy => 7,
    }
}

/// What things without any status are ranked by.
pub(crate) const RANKLESS: u8 = 8;

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place<'a> {
    rank: u8,
    number: u64,
    name: Cow<'a, str>,
}

impl<'a> Place<'a> {
    /// By rank, then by number, then by name.
    pub(crate) fn new(rank: u8, number: f64, name: impl Into<Cow<'a, str>>) -> Self {
        Self { rank, number: ordered(number), name: name.into() }
    }

    /// By name alone.
    pub(crate) fn named(name: impl Into<Cow<'a, str>>) -> Self {
        Self::new(0, 0.0, name)
    }

    fn cursor(&self) -> String {
        format!("{:02x}{:016x}{}", self.rank, self.number, self.name)
    }

    fn parse(cursor: &str) -> Option<Self> {
        let rank = u8::from_str_radix(cursor.get(..2)?, 16).ok()?;
        let number = u64::from_str_radix(cursor.get(2..18)?, 16).ok()?;
        Some(Self { rank, number, name: cursor.get(18..)?.to_owned().into() })
    }
}

/// Bits that are ordered as the number is (IEEE 754, section 5.10).
fn ordered(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The name of the place at which the page before ended.
pub(crate) fn after(paging: &Paging) -> Result<Option<String>, Failure> {
    let place = paging.cursor.as_deref().map(|cursor| Place::parse(cursor).ok_or_else(strange));
    Ok(place.transpose()?.map(|place| place.name.into_owned()))
}

/// One page of what is ordered by its places, and the cursor of the next. Of very many things only
/// those of the page are put in order.
pub(crate) fn page<T>(
    mut items: Vec<(Place<'_>, T)>,
    paging: &Paging,
) -> Result<(Vec<T>, Option<String>), Failure> {
    let limit = paging.limit()? as usize;
    let after = paging.cursor.as_deref().map(|cursor| Place::parse(cursor).ok_or_else(strange));
    if let Some(after) = after.transpose()? {
        items.retain(|(place, _)| *place > after);
    }
    let more = items.len() > limit;
    if more {
        items.select_nth_unstable_by(limit, |(one, _), (other, _)| one.cmp(other));
        items.truncate(limit);
    }
    items.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let next_cursor = items.last().filter(|_| more).map(|(place, _)| place.cursor());
    Ok((items.into_iter().map(|(_, item)| item).collect(), next_cursor))
}

/// Whether what was typed is a part of a name or of a display name; nothing is a part of every one.
pub(crate) fn is_called(typed: Option<&str>, name: &Name, display_name: Option<&str>) -> bool {
    let Some(typed) = typed.map(str::to_lowercase) else { return true };
    let named = |text: &str| text.to_lowercase().contains(&typed);
    named(name.as_str()) || display_name.is_some_and(named)
}

fn strange() -> Failure {
    Failure::invalid_with_hint(
        "unknown_cursor",
        "no page ended there",
        "pass the next_cursor of the page before, with the same filters",
    )
}

#[cfg(test)]
mod tests;
