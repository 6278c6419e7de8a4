//! Section 5: checks of whole submissions whose reporting period is derived.

use super::sketch::{Row, row, service, told_derived, told_with};

/// First days of the months of 2025-26.
const MONTHS: [&str; 12] = [
    "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11",
    "2025-12", "2026-01", "2026-02", "2026-03",
];

/// A file with so many requests, assessments and ended services in each month of the year.
fn file(of_month: impl Fn(usize) -> [usize; 3]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (month, name) in MONTHS.iter().enumerate() {
        let (start, end) = (format!("{name}-01"), format!("{name}-10"));
        let days = [("Event_Start_Date", &*start), ("Event_End_Date", &*end)];
        let [requests, assessments, services] = of_month(month);
        for _ in 0..requests {
            rows.push(row(rows.len(), &days));
        }
        for _ in 0..assessments {
            let kind = ("Assessment_Type", "Long term assessment");
            rows.push(row(rows.len(), &[days[0], days[1], ("Event_Type", "Assessment"), kind]));
        }
        for _ in 0..services {
            rows.push(service(rows.len(), &days));
        }
    }
    rows
}

/// Submissions in which a check finds something, of so many.
fn found(rows: &[Row], more: &str, check: &str) -> (i64, Option<i64>) {
    told_derived(rows, more).one("dq_submission", "100", &format!("check={check}"))
}

const S02: &str = "S02; derived and stated period differ by over a month";
const S04: &str = "S04; an incomplete month between complete ones";
const S05: &str = "S05; no requests, no assessments or no services";
const S06: &str =
    "S06; a month with under 2% of ends, or two types of event fewer than the fullest";
const S12: &str = "S12; imported outside the window";

#[test]
fn s02_to_s12_find_nothing_in_a_whole_file() {
    let rows = file(|_| [12, 12, 12]);
    for check in [S02, S04, S05, S06, S12] {
        assert_eq!(found(&rows, "", check), (0, Some(1)), "{check}");
    }
}

#[test]
fn s02_the_ends_stop_two_months_before_the_stated_end() {
    let rows = file(|month| if month < 10 { [12, 12, 12] } else { [0, 0, 0] });
    // the quarters up to December are all that the derived period covers
    let joined = "joined = { start = 2025-04-01, end = 2025-12-31 }\n";
    assert_eq!(found(&rows, joined, S02), (1, Some(1)));
    // from the end of February to the end of March is one month, not over one
    let rows = file(|month| if month < 11 { [12, 12, 12] } else { [0, 0, 0] });
    assert_eq!(found(&rows, joined, S02), (0, Some(1)));
}

#[test]
fn s04_a_month_without_requests_between_months_with_them() {
    let rows = file(|month| if month == 4 { [1, 12, 12] } else { [12, 12, 12] });
    assert_eq!(found(&rows, "", S04), (1, Some(1)));
}

#[test]
fn s05_a_file_without_assessments() {
    let rows = file(|_| [12, 0, 12]);
    assert_eq!(found(&rows, "", S05), (1, Some(1)));
    assert_eq!(found(&rows, "", S04), (0, Some(1)));
}

#[test]
fn s06_a_month_inside_the_period_that_p01_would_not_count() {
    // 6 of 402 ends
    let thin = file(|month| if month == 4 { [2, 2, 2] } else { [12, 12, 12] });
    assert_eq!(found(&thin, "", S06), (1, Some(1)));
    // one type of three
    let lone = file(|month| if month == 4 { [12, 0, 0] } else { [12, 12, 12] });
    assert_eq!(found(&lone, "", S06), (1, Some(1)));
    // two types are one fewer
    let two = file(|month| if month == 4 { [12, 12, 0] } else { [12, 12, 12] });
    assert_eq!(found(&two, "", S06), (0, Some(1)));
}

/// A file of a period that ends in February, imported on a day.
fn until_february(import: &str) -> Vec<Row> {
    let mut rows = file(|month| if month < 11 { [12, 12, 12] } else { [0, 0, 0] });
    rows.iter_mut().for_each(|row| drop(row.insert("ImportDate", format!("{import} 10:00:00"))));
    rows
}

#[test]
fn s12_a_file_is_late_from_the_46th_day_after_its_period() {
    let joined = "joined = { start = 2025-04-01, end = 2025-12-31 }\n";
    for (import, late) in [("2026-04-14", 0), ("2026-04-15", 1), ("2026-05-05", 1)] {
        assert_eq!(found(&until_february(import), joined, S12), (late, Some(1)), "{import}");
    }
}

#[test]
fn s12_a_file_imported_before_its_stated_period_is_over_is_outside_the_window_too() {
    let mut rows = file(|_| [12, 12, 12]);
    for row in &mut rows {
        row.insert("ImportDate", "2026-05-05 10:00:00".into());
        row.insert("Reporting_Period_End_Date", "2026-05-31".into());
    }
    let told = told_with(&rows, "joined = { start = 2025-04-01, end = 2025-12-31 }\n");
    let found = told.one("dq_submission", "100", &format!("check={S12}"));
    assert_eq!(found, (1, Some(1)));
}

#[test]
fn s12_the_window_is_45_days() {
    let imported = |day: &'static str| {
        let mut rows = file(|_| [12, 12, 12]);
        rows.iter_mut().for_each(|row| drop(row.insert("ImportDate", format!("{day} 10:00:00"))));
        rows
    };
    assert_eq!(found(&imported("2026-05-05"), "", S12), (0, Some(1)));
    let rows = imported("2026-05-16");
    let told = told_derived(&rows, "");
    // after the as-of day of the study: not used, so not asked
    assert_eq!(told.one("dq_submission", "100", "submissions used"), (0, None));
}
