//! Something for each day of a run of days, found by its number.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::time::Day;

/// The days from the first to the last that was ever asked to be made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Days<T> {
    first: i64,
    held: VecDeque<T>,
}

impl<T> Days<T> {
    /// What is held of a day.
    pub(super) fn get(&self, day: Day) -> Option<&T> {
        self.held.get(usize::try_from(day.0 - self.first).ok()?)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, day: Day) -> Option<&mut T> {
        self.held.get_mut(usize::try_from(day.0 - self.first).ok()?)
    }

    /// What is held of a day, which is made if there is nothing, and those between.
    pub(super) fn make(&mut self, day: Day) -> &mut T
    where
        T: Default,
    {
        if self.held.is_empty() {
            self.first = day.0;
        }
        while day.0 < self.first {
            self.held.push_front(T::default());
            self.first -= 1;
        }
        let at = (day.0 - self.first) as usize;
        if at >= self.held.len() {
            self.held.resize_with(at + 1, T::default);
        }
        &mut self.held[at]
    }

    /// All of them, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Day, &T)> {
        self.held.iter().enumerate().map(|(at, held)| (Day(self.first + at as i64), held))
    }

    /// Those before a day, the oldest first, to be changed.
    pub(super) fn before_mut(&mut self, day: Day) -> impl DoubleEndedIterator<Item = &mut T> {
        let count = usize::try_from(day.0 - self.first).unwrap_or(0);
        self.held.iter_mut().take(count)
    }

    /// Forgets every day before this one.
    pub(super) fn forget_before(&mut self, day: Day) {
        while self.first < day.0 && self.held.pop_front().is_some() {
            self.first += 1;
        }
    }
}
