//! What decoding with bounds and checks costs: a remote-write request decoded here, against
//! decompressing and decoding the same bytes with prost alone; and 2.0 beside 1.0. Prints ratios,
//! measured side by side in one run.
#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

use plimsoll_ingest::remote_write::{Message, decode, wire};
use plimsoll_ingest::{AT_MS_MAX, Limits};
use plimsoll_trials::bodies::packed;
use prost::Message as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SERIES: usize = 2_000;
const ROUNDS: u32 = 200;

fn main() {
    let (first, second) = (request(), request_v2());
    println!("remote write, {SERIES} series of 8 labels, one sample each, {ROUNDS} rounds");
    compare("1.0", Message::V1, &first, |message| {
        drop(black_box(wire::WriteRequest::decode(message).expect("a good request")));
    });
    compare("2.0", Message::V2, &second, |message| {
        drop(black_box(wire::v2::Request::decode(message).expect("a good request")));
    });
}

fn compare(version: &str, message: Message, body: &[u8], plainly: impl Fn(&[u8])) {
    let limits = Limits::default();
    let (mut ours, mut plain) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        ours += timed(|| drop(decode(message, black_box(body), &limits).expect("a good request")));
        plain += timed(|| {
            let unpacked = snap::raw::Decoder::new().decompress_vec(black_box(body));
            plainly(&unpacked.expect("a snappy block"));
        });
    }
    let per_sample = |spent: Duration| spent.as_nanos() / u128::from(ROUNDS) / SERIES as u128;
    println!("  {version}, bounded and checked  {:>8} ns a sample", per_sample(ours));
    println!("  {version}, prost alone          {:>8} ns a sample", per_sample(plain));
    println!("  {version}, ratio                {:>8.2}", ours.as_secs_f64() / plain.as_secs_f64());
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn labels(number: usize) -> [(&'static str, String); 8] {
    [
        ("__name__", "http_requests_total".to_owned()),
        ("code", (200 + number % 5).to_string()),
        ("handler", format!("/api/v1/orders/{}", number % 50)),
        ("instance", format!("10.0.{}.{}:9090", number % 7, number % 250)),
        ("job", "checkout".to_owned()),
        ("method", "GET".to_owned()),
        ("namespace", "shop".to_owned()),
        ("pod", format!("checkout-{number}")),
    ]
}

/// A request as Prometheus sends them: a full shard of 2,000 samples.
fn request() -> Vec<u8> {
    let timeseries = (0..SERIES).map(|number| {
        let sample = wire::Sample { value: number as f64, timestamp: AT_MS_MAX / 2 };
        wire::TimeSeries::new(labels(number), vec![sample])
    });
    packed(&wire::WriteRequest { timeseries: timeseries.collect() })
}

/// The same in 2.0.
fn request_v2() -> Vec<u8> {
    let mut symbols = vec![Vec::new()];
    let mut refer = |text: &[u8]| {
        let known = symbols.iter().position(|symbol| symbol == text);
        known.unwrap_or_else(|| {
            symbols.push(text.to_vec());
            symbols.len() - 1
        }) as u32
    };
    let timeseries = (0..SERIES)
        .map(|number| wire::v2::TimeSeries {
            labels_refs: labels(number)
                .iter()
                .flat_map(|(name, value)| [refer(name.as_bytes()), refer(value.as_bytes())])
                .collect(),
            samples: vec![wire::v2::Sample {
                value: number as f64,
                timestamp: AT_MS_MAX / 2,
                start_timestamp: AT_MS_MAX / 3,
            }],
            ..wire::v2::TimeSeries::default()
        })
        .collect();
    packed(&wire::v2::Request { symbols, timeseries })
}
