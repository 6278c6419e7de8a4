//! STS002b.

mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;

fn episodes_by(lines: &[Line], method: Method) -> i64 {
    let results = results::<Sts002b>(&[lines.to_vec()], method);
    let counts = of_council(&results, NORTH);
    assert!(counts.len() <= 1, "a total alone");
    counts.get(&(String::new(), String::new())).copied().unwrap_or(0)
}

fn episodes(lines: &[Line]) -> i64 {
    episodes_by(lines, Method::AsPublished)
}

fn st_max(start: &str, end: &str) -> Line {
    Line { outcome: AS_PLANNED, ..service(ST_MAX, start, end) }
}

#[test]
fn section_16_example_p1_two_services_on_end_are_one_episode() {
    let lines = [
        service(COMMUNITY, "2022-01-01", "-"),
        st_max("2023-05-01", "2023-05-20"),
        st_max("2023-05-21", "2023-06-01"),
    ];
    assert_eq!(episodes(&lines), 1);
    let lines = [lines[0].clone(), lines[1].clone(), st_max("2023-05-22", "2023-06-01")];
    assert_eq!(episodes(&lines), 2);
}

#[test]
fn section_16_example_p2_support_that_starts_a_day_later_is_too_late() {
    let with = |start: &str, end: &str| {
        episodes(&[st_max("2023-05-01", "2023-05-20"), service(COMMUNITY, start, end)])
    };
    assert_eq!(with("2023-05-02", "-"), 0);
    assert_eq!(with("2023-05-01", "-"), 1);
    assert_eq!(with("2023-01-01", "2023-05-01"), 1);
    assert_eq!(with("2023-01-01", "2023-04-30"), 0);
}

#[test]
fn section_16_the_end_is_in_the_year() {
    let home = service(NURSING, "2022-01-01", "-");
    for (end, counts) in [("2024-03-31", 1), ("2024-04-01", 0), ("-", 0), ("2023-03-31", 0)] {
        assert_eq!(episodes(&[home.clone(), st_max("2023-03-01", end)]), counts, "{end}");
    }
}

#[test]
fn section_16_trap_an_episode_without_an_outcome_is_dropped() {
    let home = service(NURSING, "2022-01-01", "-");
    let null = service(ST_MAX, "2023-05-01", "2023-05-20");
    let lines = [home.clone(), null.clone()];
    assert_eq!(episodes(&lines), 0);
    assert_eq!(episodes_by(&lines, Method::AsIntended), 1);
    // of two services that end last one outcome will do, even one without a rank
    let other = Line { component: "other", outcome: "Something", ..null.clone() };
    assert_eq!(episodes(&[home.clone(), null.clone(), other]), 1);
    // an earlier end does not help
    let earlier = Line { end: day("2023-05-19").into(), ..st_max("2023-05-01", "2023-05-20") };
    let earlier = Line { component: "other", ..earlier };
    assert_eq!(episodes(&[home, null, earlier]), 0);
}

#[test]
fn section_16_needs_no_request_and_no_month_of_birth() {
    let birth = throughcare_linkage::day::BirthMonth::default();
    let lines = [
        Line { birth, ..service(COMMUNITY, "2022-01-01", "-") },
        Line { birth, ..st_max("2023-05-01", "2023-05-20") },
    ];
    assert_eq!(episodes(&lines), 1);
}

#[test]
fn section_16_the_latest_version_of_a_service_counts() {
    let home = Line { import: 0, ..service(COMMUNITY, "2022-01-01", "-") };
    let closed = Line { import: 1, end: day("2022-12-31").into(), ..home.clone() };
    let st_max = st_max("2023-05-01", "2023-05-20");
    assert_eq!(episodes(&[home.clone(), st_max.clone()]), 1);
    assert_eq!(episodes(&[home, closed, st_max]), 0);
}
