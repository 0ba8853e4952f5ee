//! What bounds and checks cost: decoding a remote-write request here, against decompressing and
//! decoding the same bytes with prost alone. Prints a ratio, measured side by side in one run.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

use plimsoll_ingest::remote_write::{decode, wire};
use plimsoll_ingest::{AT_MS_MAX, Limits};
use prost::Message as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SERIES: usize = 2_000;
const ROUNDS: u32 = 200;

fn main() {
    let body = request();
    let limits = Limits::default();
    let (mut ours, mut plain) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        ours += timed(|| decode(black_box(&body), &limits).expect("a good request"));
        plain += timed(|| {
            let message = snap::raw::Decoder::new().decompress_vec(black_box(&body));
            let message = message.expect("a snappy block");
            wire::WriteRequest::decode(message.as_slice()).expect("a good request")
        });
    }
    let per_sample = |spent: Duration| spent.as_nanos() / u128::from(ROUNDS) / SERIES as u128;
    println!("remote write, {SERIES} series of 8 labels, one sample each, {ROUNDS} rounds");
    println!("  bounded and checked  {:>8} ns a sample", per_sample(ours));
    println!("  prost alone          {:>8} ns a sample", per_sample(plain));
    println!("  ratio                {:>8.2}", ours.as_secs_f64() / plain.as_secs_f64());
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = work();
    let spent = start.elapsed();
    drop(black_box(made));
    spent
}

/// A request as Prometheus sends them: a full shard of 2,000 samples.
fn request() -> Vec<u8> {
    let label = |name: &str, value: String| wire::Label { name: name.into(), value: value.into() };
    let timeseries = (0..SERIES).map(|number| wire::TimeSeries {
        labels: vec![
            label("__name__", "http_requests_total".to_owned()),
            label("code", (200 + number % 5).to_string()),
            label("handler", format!("/api/v1/orders/{}", number % 50)),
            label("instance", format!("10.0.{}.{}:9090", number % 7, number % 250)),
            label("job", "checkout".to_owned()),
            label("method", "GET".to_owned()),
            label("namespace", "shop".to_owned()),
            label("pod", format!("checkout-{number}")),
        ],
        samples: vec![wire::Sample { value: number as f64, timestamp: AT_MS_MAX / 2 }],
    });
    let message = wire::WriteRequest { timeseries: timeseries.collect() }.encode_to_vec();
    snap::raw::Encoder::new().compress_vec(&message).expect("a request fits a block")
}
