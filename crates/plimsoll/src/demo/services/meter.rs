//! What a service counts of its requests, as a Prometheus client library would.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use plimsoll_server::world::World;

/// Upper bounds of the buckets, in milliseconds; the last bucket has none.
const BOUNDS_MS: [u64; 7] = [10, 25, 50, 100, 250, 500, 1_000];

/// The counters of a running process; they start at zero, as those of every new process do.
#[derive(Debug, Default)]
pub(super) struct Meter {
    answered: AtomicU64,
    failed: AtomicU64,
    /// How many requests ended in each bucket, those of smaller ones left out.
    buckets: [AtomicU64; BOUNDS_MS.len() + 1],
    took_us: AtomicU64,
}

impl Meter {
    /// Answers a request, counts it and takes its time.
    pub(super) async fn measure(
        &self,
        world: &World,
        answer: impl Future<Output = StatusCode>,
    ) -> StatusCode {
        let began = world.monotonic();
        let status = answer.await;
        self.count(status, world.monotonic().saturating_sub(began));
        status
    }

    fn count(&self, status: StatusCode, took: Duration) {
        let counter = if status.is_server_error() { &self.failed } else { &self.answered };
        counter.fetch_add(1, Ordering::Relaxed);
        let fits = |bound: &u64| took <= Duration::from_millis(*bound);
        let bucket = BOUNDS_MS.iter().position(fits).unwrap_or(BOUNDS_MS.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.took_us.fetch_add(took_us, Ordering::Relaxed);
    }

    /// Text exposition format 0.0.4.
    pub(super) fn expose(&self, service: &str) -> impl IntoResponse + use<> {
        let line = |code: &str, counter: &AtomicU64| {
            let count = counter.load(Ordering::Relaxed);
            format!("http_requests_total{{service=\"{service}\",code=\"{code}\"}} {count}\n")
        };
        let mut text = [
            "# HELP http_requests_total Requests answered.\n".to_owned(),
            "# TYPE http_requests_total counter\n".to_owned(),
            line("200", &self.answered),
            line("500", &self.failed),
        ]
        .concat();
        self.expose_times(service, &mut text);
        ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text)
    }

    fn expose_times(&self, service: &str, text: &mut String) {
        const NAME: &str = "http_request_duration_seconds";
        *text += &format!("# HELP {NAME} Time to answer.\n# TYPE {NAME} histogram\n");
        let mut count = 0;
        for (place, bucket) in self.buckets.iter().enumerate() {
            count += bucket.load(Ordering::Relaxed);
            let bound = BOUNDS_MS.get(place).map(|bound| (*bound as f64 / 1e3).to_string());
            let le = bound.unwrap_or_else(|| "+Inf".to_owned());
            *text += &format!("{NAME}_bucket{{service=\"{service}\",le=\"{le}\"}} {count}\n");
        }
        let took = Duration::from_micros(self.took_us.load(Ordering::Relaxed)).as_secs_f64();
        *text += &format!("{NAME}_sum{{service=\"{service}\"}} {took}\n");
        *text += &format!("{NAME}_count{{service=\"{service}\"}} {count}\n");
    }
}

#[cfg(test)]
mod tests;
