use super::*;
use crate::cld::testing::{World, day, instant, period};
use proptest::prelude::*;

#[test]
fn p03_the_latest_submission_that_covers_the_period_as_of_a_day() {
    let mut world = World::default();
    world.submit("100", "2026-04-15T10:00", "2025-04-01", "2026-03-31");
    world.submit("100", "2026-05-05T23:50", "2025-04-01", "2026-03-31");
    world.submit("100", "2026-05-06T00:10", "2025-04-01", "2026-04-30");
    world.submit("100", "2026-05-04T09:00", "2025-05-01", "2026-03-31");
    world.submit("100", "2026-03-31T08:00", "2025-04-01", "2026-03-31");
    let year = period("2025-04-01", "2026-03-31");
    world.settings.single = Some(year);
    let chosen = |world: &World, as_of: &str| {
        let as_of = Some(day(as_of));
        let selection = select(&world.submissions, &world.texts, &world.settings, as_of);
        selection.single.iter().position(Option::is_some)
    };
    assert_eq!(chosen(&world, "2026-05-05"), Some(1));
    assert_eq!(chosen(&world, "2026-05-06"), Some(2));
    assert_eq!(chosen(&world, "2026-05-04"), Some(0));
    assert_eq!(chosen(&world, "2026-04-14"), None);
    // stated periods let the file imported on the last day itself pass, for its time is after midnight
    world.settings.reporting_period = crate::cld::settings::ReportingPeriod::Stated;
    assert_eq!(chosen(&world, "2026-04-14"), Some(4));
    assert_eq!(chosen(&world, "2026-03-30"), None);
}

#[test]
fn c1_spellings_of_a_council_in_one_import_are_one_submission() {
    let mut world = World::default();
    world.submit("100", "2026-04-15T10:00", "2025-04-01", "2025-06-30");
    world.submit("100", "2026-04-15T10:00", "2025-07-01", "2026-03-31");
    let names = ["Northton", "NORTHTON "].map(|name| world.texts.la_name.intern(name) as u16);
    for (submission, la_name) in world.submissions.iter_mut().zip(names) {
        submission.0.la_name = la_name;
    }
    let year = period("2025-04-01", "2026-03-31");
    world.settings.single = Some(year);
    assert_eq!(world.selection().single, [Some(year), Some(year)]);
}

#[test]
fn p04_listed_imports_are_never_selected() {
    let mut world = World::default();
    world.submit("100", "2026-04-15T10:00", "2025-04-01", "2026-03-31");
    world.submit("100", "2026-04-16T10:00:00.253", "2025-04-01", "2026-03-31");
    world.settings.exclude_imports = vec![instant("2026-04-16T10:00:00.253")];
    let selection = world.selection();
    assert_eq!(selection.single.iter().position(Option::is_some), Some(0));
    assert_eq!(selection.joined[1], None);
}

#[test]
fn p05_a_last_part_that_is_no_quarter_is_left_out() {
    let found: Vec<Period> = quarters(period("2024-07-01", "2025-02-28")).collect();
    assert_eq!(found, [period("2024-07-01", "2024-09-30"), period("2024-10-01", "2024-12-31")]);
    assert_eq!(quarters(period("2024-07-01", "2024-09-29")).count(), 0);
}

#[test]
fn p06_reference_periods_by_submission() {
    let mut world = World::default();
    world.submit("100", "2025-01-20", "2024-04-01", "2024-12-31");
    world.submit("100", "2025-04-20", "2024-10-01", "2025-03-31");
    world.submit("100", "2024-10-20", "2023-10-01", "2024-09-30");
    world.settings.joined = Some(period("2024-04-01", "2025-03-31"));
    let selection = world.selection();
    let first = period("2024-04-01", "2024-09-30");
    let second = period("2024-10-01", "2025-03-31");
    assert_eq!(selection.joined, [Some(first), Some(second), None]);
    assert_eq!(selection.prior, [true, false, false]);
    assert!(selection.missing.iter().all(|missing| missing.mode == Mode::Single));
}

#[test]
fn p06_reference_periods_may_overlap() {
    let mut world = World::default();
    // the first file serves quarters 1, 2 and 4, the second only quarter 3
    world.submit("100", "2025-04-10", "2024-04-01", "2025-03-31");
    world.submit("100", "2025-04-20", "2024-10-01", "2024-12-31");
    world.settings.joined = Some(period("2024-04-01", "2025-03-31"));
    let selection = world.selection();
    assert_eq!(
        selection.joined,
        [Some(period("2024-04-01", "2025-03-31")), Some(period("2024-10-01", "2024-12-31"))]
    );
    assert_eq!(selection.prior, [true, false]);
}

#[test]
fn p06_rows_of_one_import_go_together_whatever_their_council_code() {
    let mut world = World::default();
    world.submit("100", "2025-04-10", "2024-04-01", "2025-03-31");
    world.submit("101", "2025-04-10", "2025-01-01", "2025-01-31");
    let name = world.submissions[0].0.la_name;
    world.submissions[1].0.la_name = name;
    let selection = world.selection();
    // in the single table the reference period is the whole 12 months
    assert_eq!(selection.single, [Some(period("2024-04-01", "2025-03-31")); 2]);
    assert_eq!(selection.missing, []);
}

fn section_9() -> World {
    let mut world = World::default();
    world.submit("100", "2025-01-20", "2024-01-01", "2024-12-31");
    world.submit("100", "2025-04-18", "2024-04-01", "2025-03-31");
    world.settings.joined = Some(period("2024-07-01", "2025-03-31"));
    world
}

#[test]
fn section_9_selection_as_of_the_end_of_april() {
    let world = section_9();
    let as_of = Some(day("2025-04-30"));
    let selection = select(&world.submissions, &world.texts, &world.settings, as_of);
    assert_eq!(selection.joined, [None, Some(period("2024-07-01", "2025-03-31"))]);
    assert!(selection.missing.is_empty());
}

#[test]
fn section_9_selection_as_of_the_end_of_january() {
    let world = section_9();
    let as_of = Some(day("2025-01-31"));
    let selection = select(&world.submissions, &world.texts, &world.settings, as_of);
    assert_eq!(selection.joined, [Some(period("2024-07-01", "2024-12-31")), None]);
    assert_eq!(selection.prior, [false, false]);
    let missing = MissingSubmission {
        la_name: "100".into(),
        quarter: period("2025-01-01", "2025-03-31"),
        mode: Mode::Joined,
    };
    assert_eq!(selection.missing, [missing]);
}

#[test]
fn default_windows_are_what_submissions_cover() {
    let mut world = World::default();
    world.submit("100", "2025-01-20", "2024-01-01", "2024-12-31");
    world.submit("200", "2025-05-18", "2024-05-01", "2025-04-30");
    let selection = world.selection();
    assert_eq!(selection.joined_window, Some(period("2024-01-01", "2025-03-31")));
    // council 200 covers no 12 months that end with a quarter
    assert_eq!(selection.single_window, Some(period("2024-01-01", "2024-12-31")));
    let missing: Vec<(&str, Period)> =
        selection.missing.iter().map(|missing| (&*missing.la_name, missing.quarter)).collect();
    assert_eq!(
        missing,
        [
            ("100", period("2025-01-01", "2025-03-31")),
            ("200", period("2024-01-01", "2024-03-31")),
            ("200", period("2024-01-01", "2024-12-31")),
            ("200", period("2024-04-01", "2024-06-30")),
        ]
    );
    assert_eq!(World::default().selection(), Selection::default());
}

#[test]
fn council_names_compare_folded() {
    let mut world = World::default();
    world.submit("Durham", "2025-01-20", "2024-01-01", "2024-12-31");
    world.submit("DURHAM ", "2025-02-20", "2024-01-01", "2024-12-31");
    let selection = world.selection();
    assert_eq!(selection.joined[0], None);
    assert_eq!(selection.joined[1], Some(period("2024-01-01", "2024-12-31")));
}

/// One submission of the property test: council, months from January 2023 to start and end, days to
/// import after the end.
type Drawn = (u8, i32, i32, i32);

fn world_of(drawn: &[Drawn]) -> World {
    let mut world = World::default();
    for &(council, start, length, delay) in drawn {
        let start = day("2023-01-01").add_months(start);
        let end = start.add_months(length).plus(-1);
        let import = end.plus(1).add_months(delay).plus(3 + i32::from(council));
        world.submit(
            &format!("{council}"),
            &import.to_string(),
            &start.to_string(),
            &end.to_string(),
        );
    }
    world
}

proptest! {
    #[test]
    fn selection_agrees_with_the_rules_as_they_read_in_any_order(
        drawn in prop::collection::vec((0u8..3, 0i32..18, 1i32..18, 0i32..5), 0..12),
        as_of in 0i32..40,
    ) {
        let as_of = day("2023-01-15").add_months(as_of);
        let mut drawn = drawn;
        drawn.sort_unstable();
        // of one council and import time only one
        drawn.dedup_by_key(|&mut (council, start, length, delay)| (council, start + length + delay));
        let mut seen = std::collections::BTreeSet::new();
        drawn.retain(|&(council, start, length, delay)| seen.insert((council, start + length + delay)));

        let mut world = world_of(&drawn);
        world.settings.joined = Some(period("2023-04-01", "2024-12-31"));
        let found = select(&world.submissions, &world.texts, &world.settings, Some(as_of));

        let mut expected: Vec<Option<Period>> = vec![None; drawn.len()];
        let mut missing = 0;
        let councils: std::collections::BTreeSet<u8> = drawn.iter().map(|one| one.0).collect();
        for n in 0..7 {
            let start = day("2023-04-01").add_months(3 * n);
            let end = start.add_months(3).plus(-1);
            for &council in &councils {
                let best = (0..drawn.len())
                    .filter(|&s| drawn[s].0 == council)
                    .filter(|&s| {
                        let covered = found.covered[s].period.unwrap();
                        let import = world.submissions[s].0.import;
                        covered.start <= start && covered.end >= end
                            && import.0 > Instant::midnight(end).0
                            && import.day() <= as_of
                    })
                    .max_by_key(|&s| world.submissions[s].0.import);
                let Some(best) = best else { missing += 1; continue };
                expected[best] = Some(Period {
                    start: expected[best].map_or(start, |p| p.start.min(start)),
                    end: expected[best].map_or(end, |p| p.end.max(end)),
                });
            }
        }
        prop_assert_eq!(&found.joined, &expected);
        let of_joined = found.missing.iter().filter(|m| m.mode == Mode::Joined).count();
        prop_assert_eq!(of_joined, missing);

        let mut reversed = drawn.clone();
        reversed.reverse();
        let mut other = world_of(&reversed);
        other.settings = world.settings.clone();
        let mut again = select(&other.submissions, &other.texts, &other.settings, Some(as_of));
        again.joined.reverse();
        again.single.reverse();
        again.prior.reverse();
        again.covered.reverse();
        prop_assert_eq!(found, again);
    }
}
