//! Kaplan–Meier, Aalen–Johansen and their curves.

use super::*;

/// `(exact, printed on the page)` of M9 at day 30: incidence, variance, limits.
const M9_AT_30: [(f64, f64, (f64, f64)); 3] = [
    (13.0 / 28.0, 1_619.0 / 65_856.0, (0.2204, 0.7909)),
    (1.0 / 12.0, 11.0 / 1_728.0, (0.0122, 0.4610)),
    (2.0 / 21.0, 151.0 / 18_522.0, (0.0141, 0.5066)),
];

#[test]
fn m08_example_of_twelve_discharges() {
    let estimate = KaplanMeier::new(&example().of_cause(0));
    // the fractions behind the printed digits
    let wanted = [
        (0, 12, 11.0 / 12.0, 1.0 / 132.0),
        (3, 11, 5.0 / 6.0, 1.0 / 60.0),
        (8, 9, 20.0 / 27.0, 11.0 / 360.0),
        (15, 6, 50.0 / 81.0, 23.0 / 360.0),
        (25, 4, 25.0 / 54.0, 53.0 / 360.0),
    ];
    assert_eq!(estimate.steps().len(), wanted.len());
    for (step, (time, at_risk, share, greenwood)) in estimate.steps().iter().zip(wanted) {
        assert_eq!((step.time, step.at_risk, step.events), (time, at_risk, 1));
        assert!(is_near(step.share, share) && is_near(step.greenwood, greenwood), "{step:?}");
    }
    let last = estimate.at(30);
    assert!((last.variance() - 0.031_555).abs() < 5e-7);
    assert!((last.variance().sqrt() - 0.177_637).abs() < 5e-7);
    let (lower, upper) = last.limits(Limits::LogLog).unwrap();
    assert!((lower - 0.1294).abs() < 5e-5 && (upper - 0.7482).abs() < 5e-5);
    let (lower, upper) = last.limits(Limits::Plain).unwrap();
    let spread = 1.959_963_985 * last.variance().sqrt();
    assert!(is_near(lower, last.share - spread) && is_near(upper, last.share + spread));
    assert_eq!(estimate.median(), Some(25));
    assert_eq!(estimate.at(-1).share, 1.0);
    assert_eq!(estimate.at(-1).limits(Limits::LogLog), None);
}

#[test]
fn m09_example_of_twelve_discharges() {
    let wanted = [
        (0, 11.0 / 12.0, [1.0 / 12.0, 0.0, 0.0]),
        (3, 5.0 / 6.0, [1.0 / 6.0, 0.0, 0.0]),
        (5, 3.0 / 4.0, [1.0 / 6.0, 1.0 / 12.0, 0.0]),
        (8, 2.0 / 3.0, [1.0 / 4.0, 1.0 / 12.0, 0.0]),
        (12, 4.0 / 7.0, [1.0 / 4.0, 1.0 / 12.0, 2.0 / 21.0]),
        (15, 10.0 / 21.0, [29.0 / 84.0, 1.0 / 12.0, 2.0 / 21.0]),
        (25, 5.0 / 14.0, [13.0 / 28.0, 1.0 / 12.0, 2.0 / 21.0]),
    ];
    for (time, survival, incidence) in wanted {
        let estimate = cumulative_incidence(&example(), time);
        assert!(is_near(estimate.survival(), survival), "{estimate:?}");
        for (cause, wanted) in incidence.into_iter().enumerate() {
            assert!(is_near(estimate.incidence(cause).estimate, wanted), "{time} {cause}");
        }
    }
    let estimate = cumulative_incidence(&example(), 30);
    for (cause, (share, variance, limits)) in M9_AT_30.into_iter().enumerate() {
        let of = estimate.incidence(cause);
        assert!(is_near(of.estimate, share) && is_near(of.variance, variance), "{of:?}");
        let (lower, upper) = of.limits();
        assert!((lower - limits.0).abs() < 5e-5 && (upper - limits.1).abs() < 5e-5, "{of:?}");
    }
    // less than the complement of Kaplan–Meier, which takes the other causes away
    assert!(1.0 - KaplanMeier::new(&example().of_cause(0)).at(30).share > M9_AT_30[0].0);
}

#[test]
fn m09_curves_count_between_their_days() {
    let curves = incidence_curves(&example(), &[7, 28, 30, 84]);
    assert_eq!(curves.len(), 3);
    let counts = |cause: usize| {
        let points = curves[cause].iter();
        points.map(|p| (p.day, p.at_risk, p.events, p.others, p.censored)).collect::<Vec<_>>()
    };
    // nobody is left after day 30
    assert_eq!(counts(0), [(7, 12, 2, 1, 0), (28, 9, 3, 1, 2), (30, 3, 0, 0, 3)]);
    assert_eq!(counts(2), [(7, 12, 0, 3, 0), (28, 9, 1, 3, 2), (30, 3, 0, 0, 3)]);
    assert!(is_near(curves[0][2].estimate, 13.0 / 28.0));
    assert_eq!(curves[2][0].interval, Some((0.0, 0.0)), "no event yet");
    assert!(incidence_curves(&RiskTable::new(3), &[7]).iter().all(Vec::is_empty));
}

#[test]
fn m08_curves_count_between_their_days() {
    let points = survival_curve(&example().of_cause(0), &[10, 30, 90]);
    let counts: Vec<_> = points.iter().map(|p| (p.day, p.at_risk, p.events, p.censored)).collect();
    assert_eq!(counts, [(10, 12, 3, 2), (30, 7, 2, 5)]);
    assert!(is_near(points[1].estimate, 29.0 / 54.0));
    let (lower, upper) = points[1].interval.unwrap();
    assert!((lower - (1.0 - 0.7482)).abs() < 5e-5 && (upper - (1.0 - 0.1294)).abs() < 5e-5);
    let all = survival_curve(&table(1, &[(1, Some(0)), (2, Some(0))]), &[0, 2, 3]);
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].estimate, all[0].interval), (0.0, None));
    assert_eq!((all[1].estimate, all[1].variance, all[1].interval), (1.0, 0.0, None));
}

#[test]
fn m08_at_one_time_events_come_before_those_last_seen() {
    let table = table(1, &[(5, Some(0)), (5, None), (5, None), (9, Some(0))]);
    let estimate = KaplanMeier::new(&table);
    assert_eq!(estimate.steps()[0].at_risk, 4);
    assert_eq!((estimate.at(5).share, estimate.at(9).share), (0.75, 0.0));
    assert_eq!(estimate.at(9).limits(Limits::LogLog), None);
    assert_eq!(estimate.at(9).limits(Limits::Plain), Some((0.0, 0.0)));
}

/// Values of R 4.2.2, package survival 3.5-3: `survfit(Surv(entry, time, status) ~ 1)`.
#[test]
fn m08_delayed_entry_agrees_with_r() {
    let entries = [0, 0, 2, 0, 4, 5, 0, 10, 0, 0, 20, 29];
    let times = [4, 3, 5, 8, 8, 12, 15, 20, 25, 30, 30, 30];
    let events = [1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0];
    let mut table = RiskTable::new(1);
    for ((entry, time), event) in entries.into_iter().zip(times).zip(events) {
        let exit = if event == 1 { Exit::Event(0) } else { Exit::Censored };
        assert!(table.add_late(entry, time, exit, 1));
    }
    assert!(!table.add_late(7, 7, Exit::Event(0), 1), "never at risk");
    let wanted = [
        (3, 7, 0.857_142_86, 0.132_260_01),
        (4, 6, 0.714_285_71, 0.170_746_94),
        (8, 6, 0.595_238_10, 0.179_043_22),
        (15, 4, 0.446_428_57, 0.186_118_17),
        (25, 3, 0.297_619_05, 0.173_661_72),
    ];
    let estimate = KaplanMeier::new(&table);
    assert_eq!(estimate.steps().len(), wanted.len());
    for (step, (time, at_risk, share, error)) in estimate.steps().iter().zip(wanted) {
        assert_eq!((step.time, step.at_risk), (time, at_risk));
        assert!((step.share - share).abs() < 5e-9, "{step:?}");
        assert!((step.variance().sqrt() - error).abs() < 5e-9, "{step:?}");
    }
}

#[test]
fn limits_of_certain_and_impossible() {
    let limits = |estimate| Incidence { estimate, variance: 0.01 }.limits();
    assert_eq!((limits(0.0), limits(1.0)), ((0.0, 0.0), (1.0, 1.0)));
}

/// Kaplan–Meier, record by record: share and Greenwood's sum after `time`.
fn slow_survival(records: &[Record], time: i64) -> (f64, f64) {
    let (mut share, mut sum) = (1.0, 0.0);
    for t in 0..=time {
        let n = records.iter().filter(|record| record.0 >= t).count() as f64;
        let d = records.iter().filter(|r| r.0 == t && r.1.is_some()).count() as f64;
        if d > 0.0 {
            share *= 1.0 - d / n;
            sum += if n > d { d / (n * (n - d)) } else { 0.0 };
        }
    }
    (share, sum)
}

/// The steps of M9 as they are written: incidence and variance of a cause after `time`.
fn slow_incidence(records: &[Record], cause: u8, time: i64) -> (f64, f64) {
    // n, d, d_k, S before, F after
    let mut rows = Vec::new();
    let (mut survival, mut incidence) = (1.0, 0.0);
    for t in 0..=time {
        let n = records.iter().filter(|record| record.0 >= t).count() as f64;
        let d = records.iter().filter(|r| r.0 == t && r.1.is_some()).count() as f64;
        let d_k = records.iter().filter(|&&r| r == (t, Some(cause))).count() as f64;
        if d > 0.0 {
            let before = survival;
            incidence += survival * d_k / n;
            survival *= 1.0 - d / n;
            rows.push((n, d, d_k, before, incidence));
        }
    }
    let mut variance = 0.0;
    for (n, d, d_k, before, at) in rows {
        let more: f64 = incidence - at;
        variance += if n > d { more * more * d / (n * (n - d)) } else { 0.0 };
        variance += before * before * d_k * (n - d_k) / (n * n * n);
        variance -= 2.0 * more * before * d_k / (n * n);
    }
    (incidence, variance)
}

proptest! {
    #[test]
    fn m09_is_the_sum_as_it_is_written(records in records(), time in 0i64..26) {
        let table = table(3, &records);
        let estimate = cumulative_incidence(&table, time);
        let mut whole = estimate.survival();
        for cause in 0..3u8 {
            let of = estimate.incidence(usize::from(cause));
            let (incidence, variance) = slow_incidence(&records, cause, time);
            prop_assert!((of.estimate - incidence).abs() < 1e-12);
            prop_assert!((of.variance - variance).abs() < 1e-12, "{} {variance}", of.variance);
            let (lower, upper) = of.limits();
            prop_assert!(0.0 <= lower && lower <= of.estimate + 1e-12);
            prop_assert!(of.estimate <= upper + 1e-12 && upper <= 1.0);
            whole += of.estimate;
        }
        prop_assert!((whole - 1.0).abs() < 1e-12);
        let greenwood = slow_survival(&records, time);
        let variance = greenwood.0 * greenwood.0 * greenwood.1;
        prop_assert!((estimate.survival_variance() - variance).abs() < 1e-12);
    }

    #[test]
    fn m08_is_the_product_record_by_record(records in records(), time in 0i64..26) {
        let estimate = KaplanMeier::new(&table(3, &records));
        let (share, greenwood) = slow_survival(&records, time);
        prop_assert!((estimate.at(time).share - share).abs() < 1e-12);
        prop_assert!((estimate.at(time).greenwood - greenwood).abs() < 1e-12);
        let median = (0..26).find(|&t| slow_survival(&records, t).0 <= 0.5 + 1e-12);
        prop_assert_eq!(estimate.median(), median);
    }

    #[test]
    fn with_one_cause_incidence_is_the_complement_of_survival(records in records()) {
        let table = table(3, &records).regrouped(1, |_| Exit::Event(0));
        let survival = survival_curve(&table, &[0, 4, 9, 20, 40]);
        let incidence = incidence_curves(&table, &[0, 4, 9, 20, 40]).remove(0);
        prop_assert_eq!(survival.len(), incidence.len());
        let mut left = records.len() as i64;
        for (one, other) in survival.iter().zip(&incidence) {
            prop_assert!((one.estimate - other.estimate).abs() < 1e-12);
            prop_assert!((one.variance - other.variance).abs() < 1e-12);
            prop_assert_eq!(
                (one.day, one.at_risk, one.events, one.censored),
                (other.day, other.at_risk, other.events, other.censored)
            );
            if let (Some(limits), Some(others)) = (one.interval, other.interval) {
                prop_assert!((limits.0 - others.0).abs() < 1e-6 && (limits.1 - others.1).abs() < 1e-6);
            }
            prop_assert_eq!(one.at_risk, left);
            left -= one.events + one.others + one.censored;
        }
    }

    #[test]
    fn m08_restricted_mean_is_the_area_day_by_day(records in records(), horizon in 0i64..40) {
        let estimate = KaplanMeier::new(&table(3, &records));
        let of = estimate.restricted_mean(horizon);
        let area = |from: i64| (from..horizon).map(|day| estimate.at(day).share).sum::<f64>();
        prop_assert!((of.mean - area(0)).abs() < 1e-9);
        let variance: f64 = estimate.steps().iter().filter(|step| step.at_risk > step.events)
            .map(|step| {
                let (n, d) = (step.at_risk as f64, step.events as f64);
                area(step.time).powi(2) * d / (n * (n - d))
            }).sum();
        prop_assert!((of.variance - variance).abs() < 1e-9);
    }

    #[test]
    fn delayed_entry_is_at_risk_after_entry_only(
        records in prop::collection::vec((-1i64..20, 0i64..25, prop::option::of(0u8..2)), 1..50),
    ) {
        let mut table = RiskTable::new(2);
        let mut kept = Vec::new();
        for &(entry, time, cause) in &records {
            let exit = cause.map_or(Exit::Censored, Exit::Event);
            prop_assert_eq!(table.add_late(entry, time, exit, 1), entry < time);
            if entry < time {
                kept.push((entry, time, cause));
            }
        }
        for at in table.at_times() {
            let n = kept.iter().filter(|r| r.0 < at.time && r.1 >= at.time).count() as i64;
            prop_assert_eq!(at.at_risk, n);
            let d = kept.iter().filter(|r| r.1 == at.time && r.2.is_some()).count() as i64;
            prop_assert_eq!(at.all_events(), d);
        }
        prop_assert_eq!(table.records(), kept.len() as i64);
    }

    #[test]
    fn merged_tables_are_the_whole(
        records in prop::collection::vec((-3i64..9_000, prop::option::of(0u8..2)), 0..60),
        cut in 0usize..60,
    ) {
        let cut = cut.min(records.len());
        let (mut left, right) = (table(2, &records[..cut]), table(2, &records[cut..]));
        let mut other = right.clone();
        other.merge(&left);
        left.merge(&right);
        prop_assert_eq!(&left, &other);
        prop_assert_eq!(&left, &table(2, &records));
        prop_assert_eq!(left.records(), records.len() as i64);
        let times: Vec<i64> = left.at_times().map(|at| at.time).collect();
        prop_assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
