use super::*;
use proptest::prelude::*;

fn is_near(value: f64, wanted: f64, digits: i32) -> bool {
    (value - wanted).abs() <= 0.5 * 10f64.powi(-digits) * 1.000_001
}

fn assert_interval((lower, upper): (f64, f64), wanted: (f64, f64), digits: i32) {
    let good = is_near(lower, wanted.0, digits) && is_near(upper, wanted.1, digits);
    assert!(good, "({lower}, {upper}) is not {wanted:?}");
}

#[test]
fn m12_check_values_of_counts() {
    assert_interval(byar(10), (4.7874, 18.3915), 4);
    assert_interval(exact_poisson(10), (4.7954, 18.3904), 4);
    assert_interval(exact_poisson(4), (1.0899, 10.2416), 4);
    assert_interval(exact_poisson(0), (0.0, 3.6889), 4);
    assert_interval(byar(50), (37.1081, 65.9202), 4);
}

#[test]
fn m12_counts_switch_at_10() {
    assert_eq!(poisson_interval(9), exact_poisson(9));
    assert_eq!(poisson_interval(10), byar(10));
    assert_eq!(poisson_interval(-1), exact_poisson(0));
    assert_eq!(byar(0).0, 0.0);
}

/// The limits are where the tails of the Poisson distribution, added up term by term, are 0.025.
#[test]
fn m12_exact_limits_leave_a_fortieth_on_each_side() {
    let up_to = |events: i64, mean: f64| {
        let mut term = (-mean).exp();
        let mut sum = 0.0;
        for n in 0..=events {
            sum += term;
            term *= mean / (n + 1) as f64;
        }
        sum
    };
    for events in 0..40 {
        let (lower, upper) = exact_poisson(events);
        assert!((up_to(events, upper) - 0.025).abs() < 1e-9, "{events}");
        let more = 1.0 - if events == 0 { 0.0 } else { up_to(events - 1, lower) };
        assert!(events == 0 || (more - 0.025).abs() < 1e-9, "{events}");
    }
}

#[test]
fn m12_the_standard_population_has_the_sums_of_the_page() {
    assert_eq!(standard_population().len(), 19);
    assert_eq!(standard_weight(0, u8::MAX), Some(100_000));
    assert_eq!(standard_weight(65, u8::MAX), Some(19_500));
    let ascof = [(65, 74), (75, 84), (85, u8::MAX)].map(|(from, to)| standard_weight(from, to));
    assert_eq!(ascof, [Some(10_500), Some(6_500), Some(2_500)]);
    assert_eq!(standard_weight(66, 74), None);
    assert_eq!(standard_weight(65, 73), None);
    let bands = standard_population();
    assert!(bands.windows(2).all(|pair| pair[0].last_age + 1 == pair[1].first_age));
}

fn example(events_squared: [i64; 3]) -> Vec<Stratum> {
    let rows = [(10_500.0, 12, 400.0), (6_500.0, 20, 300.0), (2_500.0, 18, 120.0)];
    let rows = rows.into_iter().zip(events_squared);
    rows.map(|((weight, events, denominator), events_squared)| Stratum {
        events,
        events_squared,
        denominator,
        weight,
    })
    .collect()
}

#[test]
fn m12_example_of_three_bands() {
    let strata = example([12, 20, 18]);
    let of = directly_standardised(&strata, EmptyStratum::Merge, 1000.0).unwrap();
    assert!(of.events == 50 && of.is_publishable());
    assert!(is_near(of.rate, 57.61, 2) && is_near(of.variance, 6.698_26e-5, 10), "{of:?}");
    assert_interval((of.lower, of.upper), (42.69, 76.03), 2);
    let crude = crude_rate(50, 820.0, 1000.0).unwrap();
    assert!(is_near(crude.value, 60.98, 2));
    assert_interval((crude.lower, crude.upper), (45.25, 80.39), 2);
}

#[test]
fn m12_example_of_repeat_events() {
    // people with one, two and three events, band by band
    let people = [[8, 2, 0], [12, 4, 0], [10, 1, 2]];
    let sum = |power: u32| {
        people.map(|of| of.iter().zip(1i64..).map(|(n, f)| n * f.pow(power)).sum::<i64>())
    };
    assert_eq!(sum(1), [12, 20, 18]);
    let of = directly_standardised(&example(sum(2)), EmptyStratum::Merge, 1000.0).unwrap();
    assert!(is_near(of.variance, 1.000_877e-4, 10), "{of:?}");
    assert_interval((of.lower, of.upper), (39.37, 80.13), 2);
}

#[test]
fn m12_empty_strata_are_merged_dropped_or_refused() {
    let mut strata = example([12, 20, 18]);
    let empty = Stratum { weight: 500.0, ..Stratum::default() };
    strata.insert(0, empty);
    strata.insert(2, empty);
    let weights = |choice| {
        let kept = merge_empty(&strata, choice)?;
        Ok(kept.iter().map(|stratum| stratum.weight).collect::<Vec<_>>())
    };
    assert_eq!(weights(EmptyStratum::Merge), Ok(vec![11_500.0, 6_500.0, 2_500.0]));
    assert_eq!(weights(EmptyStratum::DropWithWeight), Ok(vec![10_500.0, 6_500.0, 2_500.0]));
    assert_eq!(weights(EmptyStratum::Error), Err(NotStandardised::Empty(0)));
    let events = [Stratum { events: 1, ..empty }];
    let of = |strata: &[Stratum]| directly_standardised(strata, EmptyStratum::Merge, 1.0);
    assert_eq!(of(&events), Err(NotStandardised::EventsWithoutPeople(0)));
    assert_eq!(of(&[empty]), Err(NotStandardised::NobodyAtRisk));
    assert_eq!(of(&[]), Err(NotStandardised::NobodyAtRisk));
}

#[test]
fn m13_example_of_emergency_admissions() {
    let rate = crude_rate(1_234, 48_200.0, 100_000.0).unwrap();
    assert!(is_near(rate.value, 2_560.2, 1));
    let (lower, upper) = byar(1_234);
    assert!(is_near(rate.lower, lower / 0.482, 6) && is_near(rate.upper, upper / 0.482, 6));
    assert_eq!(crude_rate(0, 0.0, 1.0), None);
}

#[test]
fn m11_limits_of_the_table() {
    let rate = |events, days: f64| crude_rate(events, days / DAYS_PER_YEAR, 1000.0).unwrap();
    for (events, days, value, limits) in [
        (1, 173.0, 2_111.3, (53.5, 11_763.3)),
        (1, 168.0, 2_174.1, (55.0, 12_113.3)),
        (1, 283.0, 1_290.6, (32.7, 7_191.0)),
        (0, 42.0, 0.0, (0.0, 32_080.1)),
        (1, 169.0, 2_161.2, (54.7, 12_041.7)),
        (4, 835.0, 1_749.7, (476.7, 4_479.9)),
    ] {
        let of = rate(events, days);
        assert!(is_near(of.value, value, 1), "{of:?}");
        assert_interval((of.lower, of.upper), limits, 1);
    }
}

#[test]
fn m07_observed_over_expected() {
    // 10 expected of 100 at 10%, 10 of 50 at 20%; 25 seen; the reference has 300 of 2,000 in all
    let strata = [(10, 100.0, 100, 1000.0), (15, 50.0, 200, 1000.0)];
    let strata = strata.map(|(events, denominator, reference_events, reference_denominator)| {
        IndirectStratum { events, denominator, reference_events, reference_denominator }
    });
    let of = indirectly_standardised(&strata, 100.0).unwrap();
    assert!((of.expected - 20.0).abs() < 1e-12 && of.events == 25);
    assert!((of.ratio.value - 1.25).abs() < 1e-12 && (of.rate.value - 18.75).abs() < 1e-12);
    let (lower, upper) = byar(25);
    assert!((of.ratio.lower - lower / 20.0).abs() < 1e-12);
    assert!((of.rate.upper - upper / 20.0 * 15.0).abs() < 1e-12);
    assert_eq!(indirectly_standardised(&[], 1.0), None);
}

proptest! {
    #[test]
    fn m12_the_variance_is_that_of_each_frequency_times_its_square(
        people in prop::collection::vec((prop::collection::vec(0i64..30, 4), 1u32..5000, 1u32..9000), 1..8),
    ) {
        let strata: Vec<Stratum> = people.iter().map(|(of, denominator, weight)| {
            let sum = |power| of.iter().zip(1i64..).map(|(n, f)| n * f.pow(power)).sum();
            let (denominator, weight) = (f64::from(*denominator), f64::from(*weight));
            Stratum { events: sum(1), events_squared: sum(2), denominator, weight }
        }).collect();
        let of = directly_standardised(&strata, EmptyStratum::Error, 1.0).unwrap();
        let weights: f64 = strata.iter().map(|s| s.weight).sum();
        let mut variance = 0.0;
        for f in 1..=4usize {
            let of_f: f64 = people.iter().zip(&strata)
                .map(|((of, ..), s)| of[f - 1] as f64 * (s.weight / s.denominator).powi(2)).sum();
            variance += (f * f) as f64 * of_f / (weights * weights);
        }
        prop_assert!((of.variance - variance).abs() <= 1e-12 * variance.max(1.0));
        prop_assert!(of.lower <= of.rate && of.rate <= of.upper);
        // one stratum alone has its crude rate
        let alone = directly_standardised(&strata[..1], EmptyStratum::Error, 1.0).unwrap();
        let crude = strata[0].events as f64 / strata[0].denominator;
        prop_assert!((alone.rate - crude).abs() < 1e-12);
    }
}
