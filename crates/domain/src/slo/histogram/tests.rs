use super::*;

fn at_most(schema: i32, positive: &[(i32, f64)], bound: f64) -> f64 {
    let buckets: Vec<Bucket> =
        positive.iter().map(|&(index, count)| Bucket { index, count }).collect();
    let histogram = Histogram {
        count: positive.iter().map(|(_, count)| count).sum::<f64>() + 4.0,
        zero_threshold: 1e-128,
        zero_count: 4.0,
        scale: Scale::Exponential(schema),
        positive: 0..buckets.len(),
        negative: 0..0,
    };
    histogram.at_most(bound, &buckets, &[])
}

#[test]
fn a_threshold_on_a_bound_is_exact() {
    // Schema 0: buckets end at powers of two.
    assert_eq!(at_most(0, &[(-1, 10.0), (0, 20.0), (1, 30.0)], 1.0), 34.0);
    // Schema 3: 2^(1/8); the sixteenth bucket ends at 4.
    assert_eq!(at_most(3, &[(16, 7.0), (17, 9.0)], 4.0), 11.0);
    // Schema −2: buckets end at powers of sixteen.
    assert_eq!(at_most(-2, &[(0, 7.0), (1, 9.0)], 16.0), 20.0);
}

#[test]
fn within_a_bucket_the_scale_is_logarithmic() {
    let inside = at_most(0, &[(1, 30.0)], 2.0_f64.sqrt());
    assert!((inside - 19.0).abs() < 1e-9, "{inside}");
    assert_eq!(at_most(0, &[(1, 30.0)], 0.5), 4.0);
    assert_eq!(at_most(0, &[(1, 30.0)], 1e9), 34.0);
}

#[test]
fn negative_observations_lie_below_every_positive_threshold() {
    let buckets = [Bucket { index: 1, count: 8.0 }, Bucket { index: 1, count: 5.0 }];
    let histogram = Histogram {
        count: 13.0,
        zero_threshold: 0.0,
        zero_count: 0.0,
        scale: Scale::Exponential(0),
        positive: 0..1,
        negative: 1..2,
    };
    assert_eq!(histogram.at_most(1.0, &buckets, &[]), 5.0);
    assert_eq!(histogram.at_most(-1.0, &buckets, &[]), 5.0);
    assert_eq!(histogram.at_most(-2.0, &buckets, &[]), 0.0);
}

#[test]
fn custom_buckets_interpolate_on_a_linear_scale() {
    let buckets = [
        Bucket { index: 0, count: 10.0 },
        Bucket { index: 1, count: 20.0 },
        Bucket { index: 2, count: 5.0 },
    ];
    let histogram = Histogram {
        count: 35.0,
        zero_threshold: 0.0,
        zero_count: 0.0,
        scale: Scale::Custom(0..2),
        positive: 0..3,
        negative: 0..0,
    };
    let at_most = |bound| histogram.at_most(bound, &buckets, &[0.1, 0.3]);
    assert_eq!(at_most(0.1), 10.0);
    assert_eq!(at_most(0.3), 30.0);
    assert!((at_most(0.2) - 20.0).abs() < 1e-9);
    assert_eq!(at_most(5.0), 30.0, "the last bucket has no end");
}

#[test]
fn bounds_below_the_smallest_number_are_no_trap() {
    let tiny = at_most(-4, &[(-68, 9.0)], f64::MIN_POSITIVE / 4.0);
    assert!((4.0..=13.0).contains(&tiny), "{tiny}");
}
