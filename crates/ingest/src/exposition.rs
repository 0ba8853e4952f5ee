//! Prometheus exposition text, version 0.0.4, as scraped from a target.
//!
//! Invariant: a malformed line costs itself and nothing else. Comments (`HELP` and `TYPE` among
//! them) are skipped: what a series counts is said by its declaration, not by its target.
//!
//! The format: "Exposition formats" in the Prometheus documentation; where it is silent (an unknown
//! escape, spaces between tokens) this reads as the Prometheus server does.

use crate::{Batch, Fault, Limits, Place, Reason, Sample, SampleValue, Series, check_time, labels};
use plimsoll_domain::slo::selector::Labels;

mod line;

/// How many malformed lines are listed before the rest of a text is given up: it is something
/// other than exposition text, and a list of its lines helps nobody.
const FAULTS_MAX: usize = 1_000;

/// Reads a scraped text. Samples without a time of their own get `scraped_at_ms`; `target_labels`
/// (`job`, `instance`) go onto every series, and a scraped label of the same name is kept as
/// `exported_<name>`, as Prometheus does unless told to honour it.
pub fn parse(text: &[u8], scraped_at_ms: i64, target_labels: &Labels, limits: &Limits) -> Batch {
    let mut batch = Batch::default();
    let readable = whole_lines(text, limits.decompressed_bytes_max);
    let mut lines = 0;
    for (number, line) in (1..).zip(readable.split(|&byte| byte == b'\n')) {
        lines = number;
        let Err(reason) = take(&mut batch, line, scraped_at_ms, target_labels, limits) else {
            continue;
        };
        let stopped = matches!(reason, Reason::Stopped { .. });
        batch.faults.push(Fault { place: Place::Line(number), reason });
        if stopped {
            return batch;
        }
    }
    if readable.len() < text.len() {
        let reason = Reason::Stopped { limit: limits.decompressed_bytes_max, unit: "bytes" };
        batch.faults.push(Fault { place: Place::Line(lines), reason });
    }
    batch
}

/// The text, or as many whole lines of it as are allowed: half a line could read as a number that
/// nobody sent.
fn whole_lines(text: &[u8], bytes_max: usize) -> &[u8] {
    if text.len() <= bytes_max {
        return text;
    }
    let end = text[..bytes_max].iter().rposition(|&byte| byte == b'\n');
    &text[..end.map_or(0, |at| at + 1)]
}

/// Reads one line into the batch.
fn take(
    batch: &mut Batch,
    line: &[u8],
    scraped_at_ms: i64,
    target_labels: &Labels,
    limits: &Limits,
) -> Result<(), Reason> {
    if batch.faults.len() >= FAULTS_MAX {
        return Err(Reason::Stopped { limit: FAULTS_MAX, unit: "malformed lines" });
    }
    let line = std::str::from_utf8(line).map_err(|_| Reason::NotUtf8)?;
    let Some(scraped) = line::parse(line, limits.labels_per_series_max)? else { return Ok(()) };
    // A line holds one sample of one series, so the smaller limit is the one that binds.
    let series_max = limits.series_max.min(limits.samples_max);
    if batch.series.len() >= series_max {
        return Err(Reason::Stopped { limit: series_max, unit: "samples" });
    }
    let scraped_labels = labels(scraped.labels, limits)?;
    let labels = labels(onto_target(&scraped_labels, target_labels), limits)?;
    let at_ms = check_time(scraped.at_ms.unwrap_or(scraped_at_ms))?;
    match SampleValue::of(scraped.value) {
        Some(value) => batch.series.push(Series { labels, samples: vec![Sample { at_ms, value }] }),
        None => batch.not_finite += 1,
    }
    Ok(())
}

/// The scraped labels with the target's own on top (`resolveConflictingExposedLabels` in
/// Prometheus' `scrape.go`).
fn onto_target(scraped: &Labels, target: &Labels) -> Vec<(String, String)> {
    let mut pairs = target.pairs().to_vec();
    for (name, value) in scraped.pairs() {
        let mut kept = name.clone();
        while target.get(&kept).is_some() || (kept != *name && scraped.get(&kept).is_some()) {
            kept.insert_str(0, "exported_");
        }
        pairs.push((kept, value.clone()));
    }
    pairs
}

#[cfg(test)]
mod tests;
