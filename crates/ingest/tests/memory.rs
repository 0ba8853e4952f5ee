//! What decoding costs in memory, counted by the allocator: nothing per series, and never more than
//! [`Limits`] promise, however a body is made.

#![expect(unsafe_code, reason = "an allocator can be written in no other way")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use plimsoll_domain::slo::selector::Labels;
use plimsoll_ingest::exposition::{self, Format};
use plimsoll_ingest::remote_write::{Message, decode, wire};
use plimsoll_ingest::{Limits, Written};
use plimsoll_trials::bodies::{nested, snappy};

/// The promise of [`Limits`].
const PEAK_BYTES_MAX: usize = 256 << 20;

/// What this thread has allocated.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(grown: isize) {
    let live = LIVE.get() + grown;
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
    if grown > 0 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    }
}

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be held while one is copied into the other.
        count(size.cast_signed());
        let moved = unsafe { System.realloc(at, layout, size) };
        count(-layout.size().cast_signed());
        moved
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often memory was taken, and how much of it was held at once.
fn measured<T>(work: impl FnOnce() -> T) -> (usize, usize, T) {
    let (allocations, live) = (ALLOCATIONS.get(), LIVE.get());
    PEAK.set(live);
    let made = work();
    (ALLOCATIONS.get() - allocations, (PEAK.get() - live).unsigned_abs(), made)
}

/// Growing arrays double: from 100 series to 10,000 that is seven times, for five of them.
const DOUBLINGS: usize = 7 * 5;

#[test]
fn a_series_of_remote_write_costs_no_allocation() {
    let cost = |message, body: &[u8]| measured(|| decode(message, body, &Limits::default())).0;
    let v1 = |series| cost(Message::V1, &snappy(&requests::v1(series)));
    let v2 = |series| cost(Message::V2, &snappy(&requests::v2(series)));
    let histograms = |series| cost(Message::V2, &snappy(&requests::histograms(series, 8)));
    for (name, few, many) in [
        ("1.0", v1(100), v1(10_000)),
        ("2.0", v2(100), v2(10_000)),
        ("2.0 histograms", histograms(100), histograms(10_000)),
    ] {
        assert!(many <= few + DOUBLINGS, "{name}: {few} allocations, then {many}");
    }
}

#[test]
fn a_scraped_line_costs_no_allocation() {
    let cost = |format, lines: usize| {
        let text = requests::exposition(lines);
        measured(|| exposition::parse(format, text, 1_000, &target(), &Limits::default())).0
    };
    for format in [Format::Prometheus, Format::OpenMetrics] {
        let (few, many) = (cost(format, 100), cost(format, 10_000));
        assert!(many <= few + DOUBLINGS, "{format:?}: {few} allocations, then {many}");
    }
}

/// A body, what it is, and how much more than its own length unpacked it may cost.
type Bomb = (&'static str, Message, Vec<u8>, usize);

fn bombs() -> Vec<Bomb> {
    use Message::{V1, V2};
    let claim = |bytes: &[u8]| bytes.to_vec();
    vec![
        ("a claim of 4 GiB", V1, claim(&[0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]), 1 << 10),
        ("a claim of 32 MiB", V1, claim(&[0x80, 0x80, 0x80, 0x10, 0x00]), 1 << 10),
        ("a claim beyond 32 bits", V2, claim(&[0xff; 10]), 1 << 10),
        ("zeros", V1, snappy(&vec![0; 32 << 20]), 1 << 10),
        ("empty series", V1, snappy(&[0x0a, 0x00].repeat(16 << 20)), 16 << 20),
        ("empty series", V2, snappy(&[0x2a, 0x00].repeat(16 << 20)), 16 << 20),
        ("empty symbols", V2, snappy(&[0x22, 0x00].repeat(16 << 20)), 48 << 20),
        ("empty labels", V1, snappy(&nested(0x0a, &[0x0a, 0x00].repeat(8 << 20))), 1 << 20),
        ("a million labels", V1, snappy(&requests::labels(1_000_000, 1)), 1 << 20),
        ("a label of 1 MiB", V1, snappy(&requests::label_of(1 << 20)), 1 << 10),
        (
            "references to nothing",
            V2,
            snappy(&nested(0x2a, &nested(0x0a, &[1; 30 << 20]))),
            1 << 20,
        ),
        ("one long symbol everywhere", V2, snappy(&requests::amplified()), 48 << 20),
        ("a million buckets", V2, snappy(&requests::histograms(1_000, 1_000)), 64 << 20),
        ("too many buckets in one", V2, snappy(&requests::histograms(1, 1_000_000)), 1 << 20),
        ("nesting", V1, snappy(&[0x0a].repeat(1 << 20)), 1 << 10),
        ("groups", V1, snappy(&[0x0b].repeat(1 << 20)), 1 << 10),
        ("a varint without end", V1, snappy(&[0xff].repeat(1 << 20)), 1 << 10),
    ]
}

#[test]
fn bombs_of_remote_write_cost_what_is_said() {
    for (name, message, body, more) in bombs() {
        let unpacked = snap::raw::decompress_len(&body).unwrap_or(0);
        let allowed = if unpacked > body.len() * 22 { more } else { unpacked + more };
        let (_, peak, _) = measured(|| decode(message, &body, &Limits::default()));
        assert!(peak <= allowed, "{name}: {peak} bytes, {allowed} are allowed");
    }
}

#[test]
fn the_largest_requests_that_are_taken_keep_the_promise() {
    let largest = [
        ("series and labels", Message::V1, requests::labels(20, 100_000)),
        ("samples", Message::V2, requests::samples(1_000_000)),
        ("histograms", Message::V2, requests::histograms(100_000, 8)),
        ("buckets", Message::V2, requests::histograms(500, 2_000)),
    ];
    for (name, message, request) in largest {
        let body = snappy(&request);
        let (_, peak, decoded) = measured(|| decode(message, &body, &Limits::default()));
        assert_ne!(decoded.unwrap().written, Written::default(), "{name}");
        assert!(peak <= PEAK_BYTES_MAX, "{name}: {peak} bytes");
    }
}

#[test]
fn the_largest_texts_keep_the_promise() {
    let lines = requests::exposition(200_000);
    let labels: String = (0..61).map(|number| format!("l{number}=\"v\",")).collect();
    let wide = format!("a{{{labels}}} 1\n").repeat(31_000) + "# EOF";
    let conflicts = "a{job=\"\\\\\",exported_job=\"x\"} 1\n".repeat(100_000) + "# EOF";
    let created = "# TYPE a counter\na_created 1\n".repeat(100_000) + "# EOF";
    let texts = [
        ("lines", lines),
        ("labels", wide.into_bytes()),
        ("conflicts", conflicts.into_bytes()),
        ("created times", created.into_bytes()),
        ("one line", vec![b'a'; 32 << 20]),
        ("line feeds", vec![b'\n'; 32 << 20]),
        ("too long", vec![b'\n'; 64 << 20]),
    ];
    for (name, text) in texts {
        for format in [Format::Prometheus, Format::OpenMetrics] {
            let text = text.clone();
            let parse = || exposition::parse(format, text, 1_000, &target(), &Limits::default());
            let (_, peak, _) = measured(parse);
            assert!(peak <= PEAK_BYTES_MAX, "{name}, {format:?}: {peak} bytes");
        }
    }
}

/// Requests and texts of any size.
mod requests {
    use super::{nested, wire};
    use prost::Message as _;
    use wire::v2;

    pub(super) fn v1(series: usize) -> Vec<u8> {
        let label =
            |name: &str, value: String| wire::Label { name: name.into(), value: value.into() };
        let timeseries = (0..series).map(|number| wire::TimeSeries {
            labels: vec![
                label("__name__", "http_requests_total".to_owned()),
                label("pod", format!("checkout-{number}")),
            ],
            samples: vec![wire::Sample { value: 1.0, timestamp: 1_000 }; 2],
        });
        wire::WriteRequest { timeseries: timeseries.collect() }.encode_to_vec()
    }

    pub(super) fn v2(series: usize) -> Vec<u8> {
        request((0..series).map(|_| v2::TimeSeries { samples: vec![sample(); 2], ..named() }))
    }

    pub(super) fn samples(samples: usize) -> Vec<u8> {
        request([v2::TimeSeries { samples: vec![sample(); samples], ..named() }].into_iter())
    }

    pub(super) fn histograms(series: usize, buckets: u32) -> Vec<u8> {
        let mut positive_deltas = vec![0; buckets as usize];
        positive_deltas[0] = 1;
        let histogram = wire::Histogram {
            count_int: Some(u64::from(buckets)),
            positive_spans: vec![wire::BucketSpan { offset: 0, length: buckets }],
            positive_deltas,
            timestamp: 1_000,
            ..wire::Histogram::default()
        };
        let one = v2::TimeSeries { histograms: vec![histogram], ..named() };
        let mut message = request([].into_iter());
        message.extend(nested(0x2a, &one.encode_to_vec()).repeat(series));
        message
    }

    pub(super) fn labels(labels: usize, series: usize) -> Vec<u8> {
        let label = |number: usize| wire::Label {
            name: format!("{number:x}").into(),
            value: b"v".to_vec(),
        };
        let one = wire::TimeSeries {
            labels: (0..labels).map(label).collect(),
            samples: vec![wire::Sample { value: 1.0, timestamp: 1_000 }],
        };
        nested(0x0a, &one.encode_to_vec()).repeat(series)
    }

    pub(super) fn label_of(bytes: usize) -> Vec<u8> {
        let label = wire::Label { name: b"a".to_vec(), value: vec![b'x'; bytes] };
        nested(0x0a, &nested(0x0a, &label.encode_to_vec()))
    }

    /// Two million labels that all refer to one symbol of 4 KiB.
    pub(super) fn amplified() -> Vec<u8> {
        let mut message =
            v2::Request { symbols: vec![vec![], vec![b'x'; 4_096]], timeseries: Vec::new() }
                .encode_to_vec();
        message.extend(nested(0x2a, &nested(0x0a, &[1; 128])).repeat(31_000));
        message
    }

    pub(super) fn exposition(lines: usize) -> Vec<u8> {
        let mut text = String::from("# TYPE http_requests counter\n");
        for line in 0..lines {
            text += &format!("http_requests_total{{code=\"200\",pod=\"checkout-{line}\"}} 1\n");
        }
        (text + "# EOF\n").into_bytes()
    }

    fn request(timeseries: impl Iterator<Item = v2::TimeSeries>) -> Vec<u8> {
        let symbols = ["", "__name__", "http_requests_total"].map(Vec::from).to_vec();
        v2::Request { symbols, timeseries: timeseries.collect() }.encode_to_vec()
    }

    fn named() -> v2::TimeSeries {
        v2::TimeSeries { labels_refs: vec![1, 2], ..v2::TimeSeries::default() }
    }

    fn sample() -> v2::Sample {
        v2::Sample { value: 1.0, timestamp: 1_000, start_timestamp: 500 }
    }
}

fn target() -> Labels {
    let pairs = [("job", "shop"), ("instance", "here:80")];
    Labels::from_pairs(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec()).unwrap()
}
