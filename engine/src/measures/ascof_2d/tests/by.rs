//! Breakdowns on request, by what care records or else hospital records say of a person.

use super::people::*;
use crate::figure::{Results, Value};
use crate::frame::Frame;
use crate::measures::broken_down::BrokenDown;
use crate::measures::care_fixture;
use crate::measures::{Measure, ascof_2d::Ascof2d};
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::BirthMonth;

fn broken(by: &[&str], people: &[Someone]) -> Results {
    let mut frame = Frame {
        details: care_fixture::frame(&[]).details,
        ..frame(&[period("2024-04-01", "2025-03-31")], "2025-06-30")
    };
    frame.study.by = by.iter().map(|&key| key.into()).collect();
    let count = |people: &[Someone]| {
        let mut counts = BrokenDown::<Ascof2d>::new(&frame);
        people.iter().for_each(|someone| counts.add(&someone.person(), &frame));
        counts
    };
    let finished = |counts: &BrokenDown<Ascof2d>| {
        let mut results = Results::default();
        counts.finish(&frame, &mut results);
        results
    };
    let results = finished(&count(people));
    let (left, right) = people.split_at(people.len() / 2);
    let mut parts = count(right);
    parts.merge(count(left));
    assert_eq!(finished(&parts), results);
    results
}

/// Numerator, denominator and value of England.
fn england(results: &Results, part: &str, stratum: &str) -> (Option<i64>, Option<i64>, Value) {
    let mut rows = results
        .measures
        .iter()
        .filter(|row| row.part == part && row.area.code == "E92000001" && row.stratum == stratum);
    let row = rows.next().unwrap_or_else(|| panic!("no row {part} {stratum}"));
    assert!(rows.next().is_none(), "{part} {stratum} twice");
    (row.numerator, row.denominator, row.value)
}

fn born(year: i32, stays: &[(u64, &str, &str)], care: bool) -> Someone {
    let birth = BirthMonth::new(year, 1);
    let episodes = stays.iter().map(|&(spell, from, to)| {
        let mut episode = stay(spell, from, to);
        episode.birth = birth;
        episode
    });
    let episodes: Vec<_> = episodes.collect();
    let mut help = reablement("2024-05-10", "2024-06-20");
    help.birth = birth;
    Someone::new(&episodes, if care { std::slice::from_ref(&help) } else { &[] })
}

#[test]
fn by_counts_people_of_care_records_and_of_hospitals_alone() {
    let mut nursed = born(1940, &[(1, "2024-05-01", "2024-05-08")], true);
    nursed.joined.push(service(NORTHTON, ServiceType::Nursing, "2025-01-25", ""));
    let helped = born(1944, &[(2, "2024-05-01", "2024-05-09")], true);
    let mut white = born(1944, &[(3, "2024-07-01", "2024-07-09")], false);
    white.episodes[0].ethnic = Code::new("A");
    let unknown = born(1950, &[(4, "2024-07-01", "2024-07-09")], false);
    let by = ["age", "ethnicity", "support_reason", "setting", "sex", "age_band", "client_type"];
    let results = broken(&by, &[nursed, helped, white, unknown]);
    let share = Value::Percent(2);
    assert_eq!(england(&results, "part2", ""), (Some(2), Some(4), share));
    // ages on 31 March 2025
    assert_eq!(england(&results, "part2", "age=85"), (Some(1), Some(1), share));
    assert_eq!(england(&results, "part2", "age=81"), (Some(1), Some(2), share));
    let no_share = Value::Unavailable;
    assert_eq!(england(&results, "part2", "age=75"), (None, Some(1), no_share));
    assert_eq!(england(&results, "part1", "age=85"), (Some(1), Some(1), share));
    assert_eq!(england(&results, "part2", "ethnicity=White"), (None, Some(1), no_share));
    assert_eq!(england(&results, "part2", "ethnicity=No data"), (Some(2), Some(3), share));
    assert_eq!(england(&results, "part2", "support_reason=Unknown"), (Some(2), Some(4), share));
    assert_eq!(england(&results, "part2", "setting=Nursing"), (Some(1), Some(1), share));
    assert_eq!(england(&results, "part2", "setting=None"), (Some(1), Some(3), share));
    let venn = england(&results, "venn", "setting=Nursing; died_readmitted_carehome=000");
    assert_eq!(venn.0, Some(1));
    // sex and age bands are slices, the type of client is the measure's own
    let own = "client_type=Those not in any LTS; slice=Female";
    assert_eq!(england(&results, "part2", own), (Some(2), Some(4), share));
    for key in ["sex=", "age_band=", "client_type=Service", "client_type=Unknown"] {
        assert!(results.measures.iter().all(|row| !row.stratum.contains(key)), "{key}");
    }
}

#[test]
fn by_counts_a_person_of_two_councils_once_and_looks_at_the_care_of_both() {
    // Northton and Southton differ in the month of birth
    let mut differs = born(1944, &[(1, "2024-05-01", "2024-05-08")], true);
    differs.joined.push(service(SOUTHTON, ServiceType::Community, "2025-01-25", ""));
    differs.joined[1].birth = BirthMonth::new(1945, 1);
    // lived in a care home of Southton on admission: not eligible
    let mut resident = born(1944, &[(2, "2024-05-01", "2024-05-08")], true);
    resident.joined.push(service(SOUTHTON, ServiceType::Residential, "2024-01-25", ""));
    resident.joined[1].birth = BirthMonth::new(1945, 1);
    let results = broken(&["age", "setting"], &[differs, resident]);
    let one = (Some(1), Some(1), Value::Percent(2));
    assert_eq!(england(&results, "part2", ""), one);
    assert_eq!(england(&results, "part2", "age=80"), one);
    assert_eq!(england(&results, "part2", "setting=Community"), one);
    let strata = results.measures.iter().filter(|row| row.part == "part2");
    assert!(strata.into_iter().all(|row| row.stratum != "age=81"));
}
