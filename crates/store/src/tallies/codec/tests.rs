use plimsoll_domain::catalog::Name;
use plimsoll_domain::slo::selector::{Comparison, Matcher, Selector};
use plimsoll_domain::slo::tally::{Change, Declaration, Indicator, Part};
use plimsoll_trials::fuzz::{self, Corpus};
use proptest::prelude::*;

use super::super::Replicas;
use super::*;

fn identity() -> Identity {
    Identity::new([7; 16], Replicas::default())
}

fn decode(payload: &[u8]) -> Result<Frame, DecodeError> {
    Frame::decode(payload, &identity())
}

fn labels() -> Labels {
    let pairs = [("__name__", "requests_total"), ("code", "500"), ("job", "über")];
    Labels::from_pairs(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec()).expect("unique")
}

fn change() -> Change {
    let matcher = Matcher {
        label: "__name__".to_owned(),
        comparison: Comparison::Equal,
        value: "requests_total".to_owned(),
    };
    let total = Selector::new(vec![matcher]);
    let indicator = Indicator::ratio(total.clone(), Part::Bad, total);
    let name = |text| Name::parse(text).expect("a name");
    let declaration = Declaration {
        tally: indicator.tally(),
        service: name("shop"),
        channels: vec![indicator.total.clone()],
        grouping: indicator.grouping.clone(),
    };
    Change {
        tallies: vec![declaration],
        ended: vec![indicator.tally()],
        readers: [(name("checkout"), Some(indicator.into())), (name("basket"), None)].into(),
    }
}

fn frame() -> Frame {
    Frame {
        arrival_ms: 1_800_000_000_000,
        epoch: 3,
        sender: "tok_1".to_owned(),
        records: vec![
            Record::Declare { at_ms: 1_800_000_000_000, change: change() },
            Record::Instance { instance: InstanceHash(5), at_ms: 1_799_999_999_000 },
            Record::Series {
                hash: identity().of(&labels()),
                instance: InstanceHash(5),
                labels: labels(),
            },
            Record::Sample { series: SeriesNo(0), at_ms: 1_799_999_999_000, value: 12.5 },
            Record::Sample { series: SeriesNo(7), at_ms: 1_799_999_999_000, value: 1e15 },
            Record::Sample { series: SeriesNo(2), at_ms: 1_799_999_998_000, value: -0.0 },
            Record::Histogram {
                series: SeriesNo(1),
                at_ms: 1_799_999_999_500,
                count: 12.0,
                at_most: vec![0.5, 11.0],
            },
            Record::Stale { series: SeriesNo(0), at_ms: 1_800_000_000_001 },
            Record::Start { series: SeriesNo(3), start_ms: 1_700_000_000_000 },
            Record::Delta {
                series: SeriesNo(3),
                start_ms: 1_799_999_990_000,
                at_ms: 1_799_999_999_000,
                value: 3.0,
            },
            Record::Elect { cluster: "tok eu".to_owned(), replica: "a".to_owned() },
            Record::Forget { oldest_ms: 1_791_360_000_000, series: vec![SeriesNo(9), SeriesNo(4)] },
        ],
    }
}

#[test]
fn a_frame_reads_back_what_it_wrote() {
    assert_eq!(decode(&frame().encode()), Ok(frame()));
}

/// The format is for years: these bytes were written by the first version.
#[test]
fn golden_bytes_of_a_sample_frame() {
    let golden = Frame {
        arrival_ms: 1_000,
        epoch: 1,
        sender: "a".to_owned(),
        records: vec![
            Record::Sample { series: SeriesNo(300), at_ms: 985, value: 2.0 },
            Record::Sample { series: SeriesNo(301), at_ms: 985, value: 2.5 },
        ],
    };
    let bytes = golden.encode();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "e803000000000000010161 02 0ad8041d02 0402000000000000000440".replace(' ', ""));
    assert_eq!(decode(&bytes), Ok(golden));
}

#[test]
fn an_unknown_tag_is_refused_and_not_skipped() {
    let mut bytes = Frame { records: Vec::new(), ..frame() }.encode();
    *bytes.last_mut().expect("a count") = 1;
    bytes.push(99);
    assert_eq!(decode(&bytes), Err(DecodeError::UnknownTag(99)));
}

/// What reads at all says the same once it is written again.
#[test]
fn fuzz_log_frame() {
    let of_each =
        frame().records.into_iter().map(|record| Frame { records: vec![record], ..frame() });
    let seeds = of_each.chain([frame()]).map(|frame| frame.encode()).collect();
    let tags: Vec<[u8; 1]> = (0..=14).map(|tag| [tag]).collect();
    let words: Vec<&[u8]> = tags.iter().map(<[u8; 1]>::as_slice).collect();
    let corpus = Corpus { name: "log frame", seeds, words: &words, cost: 12 };
    fuzz::run(&corpus, |payload| {
        let Ok(frame) = decode(payload) else { return };
        let written = frame.encode();
        let again = decode(&written).expect("what was written reads");
        assert_eq!(again.encode(), written);
        assert_eq!(again.records.len(), frame.records.len());
    });
}

proptest! {
    #[test]
    fn samples_of_any_time_and_value_read_back(
        arrival_ms in any::<i64>(),
        at_ms in any::<i64>(),
        bits in any::<u64>(),
        series in any::<u32>(),
    ) {
        let value = f64::from_bits(bits);
        let records = vec![Record::Sample { series: SeriesNo(series), at_ms, value }];
        let frame = Frame { arrival_ms, epoch: 0, sender: String::new(), records };
        let read = decode(&frame.encode()).expect("reads back");
        prop_assert_eq!(read.encode(), frame.encode());
    }

    #[test]
    fn truncated_frames_never_read(cut in 0_usize..100) {
        let bytes = frame().encode();
        let cut = cut.min(bytes.len() - 1);
        prop_assert!(decode(&bytes[..cut]).is_err());
    }
}
