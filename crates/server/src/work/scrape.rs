//! Scraping: each target of the definitions at its own interval and offset.
//!
//! Samples carry the instant the scrape began. A series that a scrape no longer brings, and every
//! series of a scrape that failed, gets a stale marker, as Prometheus does; so does what is left of
//! a target that is no longer defined.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use axum::http::header::{ACCEPT, CONTENT_TYPE};
use jiff::Timestamp;
use plimsoll_api::v1;
use plimsoll_domain::catalog::Name;
use plimsoll_domain::definitions::{Definitions, ScrapeTarget};
use plimsoll_domain::slo::selector::Labels;
use plimsoll_domain::telemetry::Batch;
use plimsoll_ingest::exposition::{self, Format};
use plimsoll_ingest::{Decoded, Fault, Limits};
use sha2::{Digest, Sha256};

use super::Reconciler;
use crate::app::{Failure, Shared, telemetry};
use crate::outbound::cause;
use crate::world::World;

/// The longest a scrape may take, whatever its interval.
const TIMEOUT_MAX: Duration = Duration::from_secs(10);

/// Where each target stands.
#[derive(Default)]
pub(crate) struct Scrapes(Mutex<BTreeMap<Name, Standing>>);

/// One target.
#[derive(Default)]
struct Standing {
    /// When it is scraped next; `None` while a scrape is in the air.
    due_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    error: Option<String>,
    /// The series of the last good scrape.
    series: BTreeSet<Labels>,
}

impl Scrapes {
    fn standings(&self) -> MutexGuard<'_, BTreeMap<Name, Standing>> {
        self.0.lock().expect("no holder of the standings panics")
    }

    /// Every target, and how its last scrape went.
    pub(crate) fn status(&self, definitions: &Definitions) -> Vec<v1::telemetry::Scrape> {
        let standings = self.standings();
        let status = |name: &Name| {
            let standing = standings.get(name);
            v1::telemetry::Scrape {
                target: name.to_string(),
                last_at: standing.and_then(|standing| standing.last_at),
                error: standing.and_then(|standing| standing.error.clone()),
            }
        };
        definitions.scrape_targets.keys().map(status).collect()
    }

    /// Takes what is due, and says when the next target is.
    fn take_due(&self, targets: &BTreeMap<Name, ScrapeTarget>, now: Timestamp) -> Due {
        let mut standings = self.standings();
        let mut due = Due::default();
        for (name, target) in targets {
            let first = || Standing { due_at: Some(next_at(target, now)), ..Standing::default() };
            let standing = standings.entry(name.clone()).or_insert_with(first);
            match standing.due_at {
                Some(at) if at <= now => {
                    standing.due_at = None;
                    due.targets.push(target.clone());
                }
                Some(at) => due.next_at = Some(due.next_at.map_or(at, |next| next.min(at))),
                None => {}
            }
        }
        let gone = |name: &Name, standing: &Standing| {
            standing.due_at.is_some() && !targets.contains_key(name)
        };
        due.gone = standings.extract_if(.., |name, standing| gone(name, standing)).collect();
        due
    }
}

#[derive(Default)]
struct Due {
    targets: Vec<ScrapeTarget>,
    gone: Vec<(Name, Standing)>,
    next_at: Option<Timestamp>,
}

/// Starts a scrape of every target that is due; returns when the next one is.
pub(crate) fn run(shared: &Shared, now: Timestamp) -> Option<Timestamp> {
    // Whoever takes the lease is nudged.
    super::lease::epoch(shared)?;
    let due = shared.work.scrapes.take_due(&shared.definitions().scrape_targets, now);
    for target in due.targets {
        shared.work.fly(shared, Reconciler::Scrape, scrape(shared.clone(), target, now));
    }
    for (name, standing) in due.gone {
        let mut batch = Batch::default();
        end(&mut batch, &standing.series, now);
        shared.work.fly(shared, Reconciler::Scrape, take(shared.clone(), name, now, batch));
    }
    due.next_at
}

/// The first instant after `now` at the target's offset, so that targets are spread over their
/// intervals and a restart changes nothing.
fn next_at(target: &ScrapeTarget, now: Timestamp) -> Timestamp {
    let interval_ms = i64::from(target.interval_seconds.max(1)) * 1_000;
    let digest = Sha256::digest(target.name.as_str().as_bytes());
    let offset_ms = i64::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]));
    let into = (now.as_millisecond() - offset_ms).rem_euclid(interval_ms);
    plimsoll_domain::time::instant(now.as_millisecond() - into + interval_ms)
}

/// A scrape in the air. However it ends, and be it that it breaks, its target is due again.
struct InTheAir<'a> {
    scrapes: &'a Scrapes,
    world: &'a World,
    target: &'a ScrapeTarget,
    began_at: Timestamp,
}

impl Drop for InTheAir<'_> {
    fn drop(&mut self) {
        let mut standings = self.scrapes.standings();
        let standing = standings.entry(self.target.name.clone()).or_default();
        standing.due_at = Some(next_at(self.target, self.world.now().max(self.began_at)));
    }
}

/// Scrapes a target once and hands on what it brought.
async fn scrape(shared: Shared, target: ScrapeTarget, began_at: Timestamp) {
    let _due_again =
        InTheAir { scrapes: &shared.work.scrapes, world: &shared.world, target: &target, began_at };
    let read = read(&shared, &target, began_at).await;
    shared.metrics.count_scrape(read.is_ok());
    let previous = {
        let mut standings = shared.work.scrapes.standings();
        let standing = standings.entry(target.name.clone()).or_default();
        std::mem::take(&mut standing.series)
    };
    let (Decoded { mut batch, faults, .. }, error) = match read {
        Ok(decoded) => (decoded, None),
        Err(error) => (Decoded::default(), Some(error)),
    };
    let seen: BTreeSet<Labels> = batch.series().map(|series| series.to_labels(|_| true)).collect();
    end(&mut batch, previous.difference(&seen), began_at);
    let error = error.or_else(|| told(&faults));
    take(shared.clone(), target.name.clone(), began_at, batch).await;
    let mut standings = shared.work.scrapes.standings();
    let standing = standings.entry(target.name.clone()).or_default();
    standing.last_at = Some(began_at);
    standing.error = error;
    standing.series = seen;
}

/// Hands a batch on. Overload loses a scrape, as it does in Prometheus: the next one is due soon,
/// and counters carry what was missed.
async fn take(shared: Shared, target: Name, began_at: Timestamp, batch: Batch) {
    let sender = format!("scrape:{target}");
    match telemetry::write(&shared, sender, began_at, batch).await {
        Ok(_) => {}
        Err(Failure::Busy { message, .. }) => {
            tracing::warn!(%target, message, "a scrape was lost");
        }
        Err(error) => tracing::error!(%target, %error, "a scrape was lost"),
    }
}

/// Reads a target's text.
async fn read(
    shared: &Shared,
    target: &ScrapeTarget,
    began_at: Timestamp,
) -> Result<Decoded, String> {
    let interval = Duration::from_secs(u64::from(target.interval_seconds.max(1)));
    let request = shared.scrape_client.request(reqwest::Method::GET, &target.url);
    let request = request.map_err(|error| error.to_string())?;
    let request =
        request.timeout(TIMEOUT_MAX.min(interval * 9 / 10)).header(ACCEPT, exposition::ACCEPT);
    let response = shared.scrape_client.send(request).await.map_err(|it| it.cause)?;
    if !response.status().is_success() {
        return Err(format!("the target answered HTTP {}", response.status().as_u16()));
    }
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let format = Format::of_content_type(content_type.unwrap_or_default());
    let bytes_max = shared.config.limits.scrape_bytes_max;
    let text = body(response, bytes_max).await?;
    let limits = Limits { decompressed_bytes_max: bytes_max, ..Limits::default() };
    exposition::parse(format, text, began_at.as_millisecond(), &labels(target), &limits)
        .map_err(|fault| fault.to_string())
}

/// The whole body, unpacked, unless it is larger than allowed. It comes in chunks of some
/// kilobytes, unpacked as they are asked for, so that no more than is allowed is held of a bomb.
async fn body(mut response: reqwest::Response, bytes_max: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(format!("the target's text is larger than {bytes_max} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The target's labels: `job` and `instance` unless it names them.
fn labels(target: &ScrapeTarget) -> Labels {
    let url = reqwest::Url::parse(&target.url).ok();
    let instance =
        url.and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
    let mut pairs = target.labels.to_pairs();
    let mut or_else = |name: &str, value: String| {
        if target.labels.get(name).is_none() {
            pairs.push((name.to_owned(), value));
        }
    };
    or_else("job", target.name.to_string());
    or_else("instance", instance.unwrap_or_default());
    Labels::from_pairs(pairs).expect("the target's names are unique, and absent ones were added")
}

/// Marks the end of series.
fn end<'a>(batch: &mut Batch, series: impl IntoIterator<Item = &'a Labels>, at: Timestamp) {
    for labels in series {
        exposition::push_stale(batch, labels, at.as_millisecond());
    }
}

fn told(faults: &[Fault]) -> Option<String> {
    let first = faults.first()?;
    Some(match faults.len() {
        1 => first.to_string(),
        count => format!("{first}, and {} more faults", count - 1),
    })
}

#[cfg(test)]
mod tests;
