//! Words that were misspelt, and which ones were meant.
//!
//! Invariant: looking takes bounded time, however much was written. Only words of about the same
//! length are compared, and what is told of all references together takes no more than
//! [`COMPARISONS_MAX`].

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Longer words are not looked for.
const BYTES_MAX: usize = 64;

/// Words that are compared on behalf of one call.
pub(super) const COMPARISONS_MAX: usize = 50_000;

/// The candidate nearest to a misspelt word, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Words::of(candidates).nearest(word, &mut Comparisons::default())
}

/// How many more words may be compared.
#[derive(Debug)]
pub(super) struct Comparisons {
    left: usize,
}

impl Default for Comparisons {
    fn default() -> Self {
        Self { left: COMPARISONS_MAX }
    }
}

impl Comparisons {
    /// Takes that many, all or none.
    fn take(&mut self, count: usize) -> Option<()> {
        self.left = self.left.checked_sub(count)?;
        Some(())
    }
}

/// Words that may have been meant, by their length.
#[derive(Debug)]
pub(super) struct Words<'a> {
    by_length: BTreeMap<usize, Vec<Word<'a>>>,
}

#[derive(Debug)]
struct Word<'a> {
    place: usize,
    lower: String,
    written: &'a str,
}

impl<'a> Words<'a> {
    /// Makes words ready to be looked among; of two that are as near the first is taken.
    pub(super) fn of(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_length: BTreeMap<usize, Vec<Word<'a>>> = BTreeMap::new();
        for (place, written) in words.into_iter().enumerate() {
            let lower = written.to_lowercase();
            let length = lower.chars().count();
            by_length.entry(length).or_default().push(Word { place, lower, written });
        }
        Self { by_length }
    }

    /// The word nearest to a misspelt one, if one is near enough to be meant and there are
    /// comparisons left to find it.
    pub(super) fn nearest(&self, word: &str, comparisons: &mut Comparisons) -> Option<&'a str> {
        if word.len() > BYTES_MAX {
            return None;
        }
        let word = word.to_lowercase();
        let length = word.chars().count();
        let limit = ((length + 1) / 3).clamp(1, 3);
        let lengths = length.saturating_sub(limit)..=length + limit;
        comparisons.take(self.count(lengths.clone()))?;
        let alike = self.by_length.range(lengths).flat_map(|(_, words)| words);
        alike
            .map(|other| (strsim::levenshtein(&word, &other.lower), other))
            .filter(|(far, _)| *far <= limit)
            .min_by_key(|(far, other)| (*far, other.place))
            .map(|(_, other)| other.written)
    }

    fn count(&self, lengths: RangeInclusive<usize>) -> usize {
        self.by_length.range(lengths).map(|(_, words)| words.len()).sum()
    }
}

#[cfg(test)]
mod tests;
