//! LTS001c.

mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;

/// The year 2023, whose snapshot is its last day, as in the example of the handbook.
fn settings_2023() -> Settings {
    Settings { year: Some(period("2023-01-01", "2023-12-31")), ..settings() }
}

fn counted_by(lines: &[Line], method: Method) -> Vec<String> {
    let results = results_with::<Lts001c>(&settings_2023(), &[lines.to_vec()], method);
    let counts = of_council(&results, NORTH);
    let strata = counts.into_keys().map(|(_, stratum)| stratum);
    strata.filter(|stratum| !stratum.is_empty()).collect()
}

fn counted(lines: &[Line]) -> Vec<String> {
    counted_by(lines, Method::AsPublished)
}

const NURSING_ROW: &str = "setting=Nursing; mechanism=None; support_reason=Invalid/NULL";
const COMMUNITY_ROW: &str = "setting=Community; mechanism=None; support_reason=Invalid/NULL";

#[test]
fn section_19_example_p1_one_chain_counts_under_the_open_setting() {
    let lines =
        [service(COMMUNITY, "2022-06-01", "2023-03-31"), service(NURSING, "2023-04-01", "-")];
    assert_eq!(counted(&lines), [NURSING_ROW]);
}

#[test]
fn section_19_example_p2_two_days_begin_a_new_chain() {
    let lines =
        [service(COMMUNITY, "2022-06-01", "2023-03-31"), service(NURSING, "2023-04-03", "-")];
    assert!(counted(&lines).is_empty());
    // the second day is still a day too late, only the next one joins
    let lines = [lines[0].clone(), service(NURSING, "2023-04-02", "-")];
    assert!(counted(&lines).is_empty());
}

#[test]
fn section_19_example_p3_twelve_months_to_the_day_are_not_more() {
    assert!(counted(&[service(NURSING, "2022-12-31", "-")]).is_empty());
    assert_eq!(counted(&[service(NURSING, "2022-12-30", "-")]), [NURSING_ROW]);
}

#[test]
fn section_19_example_p4_the_chain_looks_at_the_previous_row_only() {
    let lines = [
        service(COMMUNITY, "2020-01-01", "-"),
        service(COMMUNITY, "2021-01-01", "2021-02-01"),
        service(NURSING, "2023-06-01", "-"),
    ];
    // the nursing care would be preferred if it were in the long chain
    assert_eq!(counted(&lines), [COMMUNITY_ROW]);
}

#[test]
fn section_19_trap_the_row_itself_reaches_the_snapshot() {
    let lines =
        [service(NURSING, "2022-06-01", "2023-12-30"), service(COMMUNITY, "2023-12-30", "-")];
    assert_eq!(counted(&lines), [COMMUNITY_ROW]);
    let lines = [service(NURSING, "2022-06-01", "2023-12-31")];
    assert_eq!(counted(&lines), [NURSING_ROW]);
}

#[test]
fn section_19_step_2_an_open_row_lasts_to_today() {
    let lines = [service(COMMUNITY, "2020-01-01", "-"), service(NURSING, "2023-06-01", "-")];
    assert_eq!(counted(&lines), [NURSING_ROW]);
}

#[test]
fn section_19_step_4_invalid_reasons_are_not_relabelled_before_they_conflict() {
    let row = |reason| Line { reason, ..service(NURSING, "2020-01-01", "-") };
    let lines = [row("Klingon"), row("Romulan")];
    let unknown = "setting=Nursing; mechanism=None; support_reason=Unknown";
    assert_eq!(counted(&lines), [unknown]);
    assert_eq!(counted_by(&lines, Method::AsIntended), [NURSING_ROW]);
    // no text outside the list is shown
    assert_eq!(counted(&lines[..1]), [NURSING_ROW]);
}

#[test]
fn section_14_trap_the_island_join_forgets_the_council_here_too() {
    // in Southton the row of the same days is of chain 2, which in Northton is the recent one
    let south = |start, end| Line { la: SOUTHTON, ..service(COMMUNITY, start, end) };
    let lines = [
        service(COMMUNITY, "2021-01-01", "2021-02-01"),
        service(NURSING, "2023-06-01", "-"),
        south("2020-01-01", "2020-02-01"),
        south("2021-01-01", "2021-02-01"),
    ];
    // so chain 2 of Northton began in 2021 too
    assert_eq!(counted(&lines), [NURSING_ROW]);
    assert!(counted_by(&lines, Method::AsIntended).is_empty());
}

#[test]
fn section_19_the_gap_is_a_setting() {
    let lines =
        vec![service(COMMUNITY, "2022-06-01", "2023-03-31"), service(NURSING, "2023-04-03", "-")];
    let settings = Settings { support_gap_days: 3, ..settings_2023() };
    let results = results_with::<Lts001c>(&settings, &[lines], Method::AsPublished);
    assert_eq!(of_council(&results, NORTH).len(), 2);
}
