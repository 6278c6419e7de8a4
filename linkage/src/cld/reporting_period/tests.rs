use super::*;
use crate::cld::testing::{day, instant, period};
use proptest::prelude::*;

const KINDS: [&str; 4] = ["Request", "Assessment", "Service", "Review"];

fn types() -> EventTypeTexts {
    let mut texts: Vec<Box<str>> = KINDS.map(Into::into).to_vec();
    texts.push("service ".into()); // equal to "Service" by C1
    EventTypeTexts::new(&texts)
}

/// Rows by month and raw event type (1 to 5 as in `types`, 0 for null; month `-` for no end).
fn tally(rows: &[(&str, u16, u64)]) -> Tally {
    let mut tally = Tally::default();
    for &(month, kind, n) in rows {
        let month = if month == "-" { OptDay::NONE } else { day(month).into() };
        for _ in 0..n {
            tally.add(month, Raw(kind), (OptDay::NONE, OptDay::NONE));
        }
    }
    tally
}

fn a(rows: &[(&str, u16, u64)], import: &str) -> Option<Period> {
    let tally = tally(rows);
    let submission = Submitted { la_code: "100", import: instant(import), tally: &tally };
    covered(submission, &types(), Edition::A, ReportingPeriod::Derived).period
}

/// The months of the worked example, with the given rows in January and March.
fn example(january: u64, march: u64) -> Vec<(&'static str, u16, u64)> {
    vec![
        ("2025-12-01", 1, 4),
        ("2025-12-01", 2, 4),
        ("2026-01-01", 1, january - 3),
        ("2026-01-01", 2, 1),
        ("2026-01-01", 3, 1),
        ("2026-01-01", 4, 1),
        ("2026-02-01", 1, 100),
        ("2026-02-01", 2, 50),
        ("2026-02-01", 3, 40),
        ("2026-02-01", 4, 5),
        ("2026-03-01", 1, march - 2),
        ("2026-03-01", 2, 1),
        ("2026-03-01", 3, 1),
        ("2026-04-01", 1, 47),
        ("2026-04-01", 2, 1),
        ("2026-04-01", 3, 1),
        ("2026-04-01", 4, 1),
        ("2026-05-01", 1, 9),
        ("-", 3, 900),
    ]
}

#[test]
fn p01_months_count_by_share_and_types() {
    let import = "2026-04-20";
    assert_eq!(a(&example(190, 7), import), Some(period("2026-01-01", "2026-02-28")));
    assert_eq!(a(&example(189, 8), import), Some(period("2026-01-01", "2026-03-31")));
}

#[test]
fn p01_small_files_count_every_month_and_gaps_are_ignored() {
    let rows = [("2025-12-01", 1, 1), ("2026-02-01", 3, 98)];
    assert_eq!(a(&rows, "2026-04-20"), Some(period("2025-12-01", "2026-02-28")));
    let hundred = [("2025-12-01", 1, 1), ("2026-02-01", 3, 99)];
    assert_eq!(a(&hundred, "2026-04-20"), Some(period("2026-02-01", "2026-02-28")));
    assert_eq!(a(&[("-", 3, 500), ("2026-04-01", 3, 500)], "2026-04-20"), None);
}

#[test]
fn p01_types_are_those_of_the_richest_month_and_compare_folded() {
    // three types over the file, but never more than one in a month: every month has 1 >= 1 - 1
    let rows = [("2026-01-01", 1, 50), ("2026-02-01", 2, 50), ("2026-03-01", 3, 50)];
    assert_eq!(a(&rows, "2026-04-20"), Some(period("2026-01-01", "2026-03-31")));
    // "Service" and "service " are one type, so February with one type less than three still counts
    let rows = [
        ("2026-01-01", 1, 50),
        ("2026-01-01", 2, 50),
        ("2026-01-01", 3, 50),
        ("2026-02-01", 3, 50),
        ("2026-02-01", 5, 50),
    ];
    assert_eq!(a(&rows, "2026-04-20"), Some(period("2026-01-01", "2026-01-31")));
    // null is no type
    let rows = [("2026-01-01", 1, 50), ("2026-01-01", 2, 50), ("2026-02-01", 0, 50)];
    assert_eq!(a(&rows, "2026-04-20"), Some(period("2026-01-01", "2026-01-31")));
}

#[test]
fn p02_length_in_months() {
    assert_eq!(months(period("2026-01-01", "2026-02-28")), 2);
    assert_eq!(months(period("2025-04-01", "2026-03-31")), 12);
    assert_eq!(months(period("2025-04-01", "2025-04-30")), 1);
    assert_eq!(months(period("2025-04-01", "2025-04-01")), 0);
}

fn b_example() -> Vec<(&'static str, u16, u64)> {
    let months =
        ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"];
    let counts =
        [(1, [50, 52, 3, 49, 51, 48]), (2, [30, 31, 29, 33, 30, 28]), (3, [20, 22, 21, 24, 5, 4])];
    let mut rows = vec![("-", 3, 400)];
    for (kind, by_month) in counts {
        rows.extend(months.into_iter().zip(by_month).map(|(month, n)| (month, kind, n)));
    }
    rows
}

fn b(la_code: &str, rows: &[(&str, u16, u64)], import: &str) -> Covered {
    let tally = tally(rows);
    let submission = Submitted { la_code, import: instant(import), tally: &tally };
    covered(submission, &types(), Edition::B, ReportingPeriod::Derived)
}

#[test]
fn p01b_isolated_gaps_are_allowed_and_the_last_run_counts() {
    let expected = Covered {
        period: Some(period("2026-01-01", "2026-04-30")),
        has_gap: true,
        misses_a_type: false,
    };
    assert_eq!(b("100", &b_example(), "2026-07-15"), expected);
}

#[test]
fn p01b_the_month_before_the_import_is_the_last() {
    let rows: Vec<_> = (1..=3)
        .flat_map(|kind| ["2026-01-01", "2026-02-01", "2026-03-01"].map(|month| (month, kind, 20)))
        .collect();
    let of = |import| b("100", &rows, import).period;
    assert_eq!(of("2026-07-15"), Some(period("2026-01-01", "2026-03-31")));
    assert_eq!(of("2026-03-31"), Some(period("2026-01-01", "2026-02-28")));
}

#[test]
fn p01b_a_missing_type_gives_no_period() {
    let rows = [("2026-01-01", 1, 50), ("2026-01-01", 2, 50), ("2026-01-01", 4, 50)];
    let found = b("100", &rows, "2026-07-15");
    assert_eq!((found.period, found.misses_a_type), (None, true));
}

#[test]
fn p01b_rare_types_are_never_complete() {
    // requests 1000, assessments 1000, services 49 of a median of 1000: below 5%
    let of = |services| {
        let rows = [("2026-01-01", 1, 1000), ("2026-01-01", 2, 1000), ("2026-01-01", 3, services)];
        b("100", &rows, "2026-07-15").period
    };
    assert_eq!(of(49), None);
    assert_eq!(of(50), Some(period("2026-01-01", "2026-01-31")));
}

#[test]
fn p01b_two_councils_are_special() {
    let rows = [("2026-01-01", 1, 3), ("2026-01-01", 2, 3), ("2026-01-01", 3, 3)];
    assert_eq!(b("100", &rows, "2026-07-15").period, None);
    assert_eq!(b("714", &rows, "2026-07-15").period, Some(period("2026-01-01", "2026-01-31")));
    assert_eq!(b("906", &rows, "2026-07-15").period, None);
    let mut stated = tally(&rows);
    let days = |text: &str| OptDay::some(day(text));
    stated.add(OptDay::NONE, Raw(1), (days("2025-07-01"), days("2026-03-31")));
    stated.add(OptDay::NONE, Raw(1), (days("2025-08-01"), days("2026-06-30")));
    let submission = Submitted { la_code: "906", import: instant("2026-07-15"), tally: &stated };
    let found = covered(submission, &types(), Edition::B, ReportingPeriod::Derived);
    assert_eq!(found.period, Some(period("2025-07-01", "2026-06-30")));
    let stated = covered(
        Submitted { la_code: "100", ..submission },
        &types(),
        Edition::A,
        ReportingPeriod::Stated,
    );
    assert_eq!(stated.period, Some(period("2025-07-01", "2026-06-30")));
}

/// P-01 as the rule reads, in floating point.
fn slow_a(rows: &[(u32, u16, u64)], import_month: u32) -> Option<(u32, u32)> {
    let before: Vec<_> = rows.iter().filter(|row| row.0 < import_month && row.2 > 0).collect();
    let n = |month: u32| before.iter().filter(|r| r.0 == month).map(|r| r.2).sum::<u64>();
    let kinds = |month: u32| {
        let mut kinds: Vec<u16> =
            before.iter().filter(|r| r.0 == month && r.1 > 0).map(|r| r.1.min(3)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.len() as i64
    };
    let n_file: u64 = (1..=12).map(n).sum();
    let types_file = (1..=12).map(kinds).max().unwrap_or(0);
    let counting: Vec<u32> = (1..=12)
        .filter(|&month| n(month) > 0)
        .filter(|&month| {
            n_file < 100
                || (100.0 * n(month) as f64 / n_file as f64 >= 2.0
                    && kinds(month) >= types_file - 1)
        })
        .collect();
    Some((*counting.first()?, *counting.last()?))
}

proptest! {
    #[test]
    fn p01_agrees_with_the_rule_as_it_reads(
        rows in prop::collection::vec((1u32..=12, 0u16..=4, 0u64..60), 0..30),
        import_month in 2u32..=12,
    ) {
        let texts = EventTypeTexts::new(&["Request".into(), "Review".into(), "Service".into(), "SERVICE".into()]);
        let mut counts = Tally::default();
        for &(month, kind, n) in &rows {
            let month = Day::from_ymd(2025, month, 1).unwrap();
            for _ in 0..n {
                counts.add(month.into(), Raw(kind), (OptDay::NONE, OptDay::NONE));
            }
        }
        let import = Instant::midnight(Day::from_ymd(2025, import_month, 17).unwrap());
        let submission = Submitted { la_code: "1", import, tally: &counts };
        let expected = slow_a(&rows, import_month).map(|(first, last)| Period {
            start: Day::from_ymd(2025, first, 1).unwrap(),
            end: Day::from_ymd(2025, last, 1).unwrap().month_end(),
        });
        prop_assert_eq!(
            covered(submission, &texts, Edition::A, ReportingPeriod::Derived).period,
            expected
        );
    }
}
