//! The worked examples of the handbook.

use super::super::Settings;
use super::people::*;
use crate::figure::{Results, Value};
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Period};
use throughcare_linkage::records::apc::Episode;

const NORTH: &str = "100";
const ENGLAND: &str = "E92000001";

fn both(numerator: i64, denominator: i64) -> Option<Numbers> {
    Some((Some(numerator), Some(denominator)))
}

fn count(number: i64) -> Option<Numbers> {
    Some((Some(number), None))
}

/// M10: P1 to P6 and two people without reablement.
fn m10() -> Vec<Someone> {
    let p1 = Someone::new(
        &[stay(11, "2024-05-01", "2024-05-08"), stay(12, "2024-06-01", "2024-06-03")],
        &[reablement("2024-05-10", "2024-06-20")],
    );
    let p2 = Someone::new(
        &[stay(21, "2024-05-20", "2024-05-29")],
        &[reablement("2024-06-01", "2024-06-10"), reablement("2024-06-15", "2024-07-05")],
    );
    let mut p3 = Someone::new(
        &[stay(31, "2024-06-20", "2024-06-25"), stay(32, "2024-06-27", "2024-07-03")],
        &[reablement("2024-07-01", "2024-07-20")],
    );
    p3.joined[0].death = day("2024-09-25").into();
    let p4 = Someone::new(
        &[stay(41, "2024-07-20", "2024-07-24")],
        &[reablement("2024-08-01", "2024-08-20")],
    );
    let p5 = Someone::new(
        &[stay(51, "2024-08-11", "2024-08-12")],
        &[reablement("2024-08-10", "2024-08-30")],
    );
    let p6 = Someone::new(
        &[stay(61, "2024-08-25", "2024-09-01")],
        &[
            reablement("2024-09-02", "2024-09-30"),
            service(NORTHTON, ServiceType::Nursing, "2024-11-25", ""),
        ],
    );
    let p7 = Someone::new(&[stay(71, "2024-10-01", "2024-10-05")], &[]);
    let p8 = Someone::new(&[stay(81, "2024-12-01", "2024-12-02")], &[]);
    vec![p1, p2, p3, p4, p5, p6, p7, p8]
}

fn m10_results() -> Results {
    let frame = frame(&[period("2024-04-01", "2025-03-31")], "2025-06-30");
    measure(Settings::default(), &frame, &m10())
}

#[test]
fn m10_part_1_is_two_of_four_and_part_2_four_of_ten() {
    let results = m10_results();
    for area in [NORTH, ENGLAND, "North"] {
        assert_eq!(numbers(&results, "part1", area, ""), both(2, 4), "{area}");
        assert_eq!(numbers(&results, "part2", area, ""), both(4, 10), "{area}");
    }
    assert_eq!(numbers(&results, "part1_died", NORTH, ""), count(1));
    assert_eq!(numbers(&results, "part1_readmitted", NORTH, ""), count(1));
    assert_eq!(numbers(&results, "part1_entered_care_home", NORTH, ""), count(0));
    let figure = find(&results, "part1", NORTH, "").unwrap();
    assert_eq!(figure.value, Value::Percent(2));
}

/// Combination of outcomes (none when not linked) and eligible spells of one person.
fn alone(results: &Results) -> (Option<String>, Option<i64>) {
    let mut venn = results.measures.iter().filter(|row| {
        let all = row.stratum.strip_prefix("died_readmitted_carehome=");
        row.part == "venn" && row.area.code == NORTH && row.numerator == Some(1) && all.is_some()
    });
    let combination = venn.next().map(|row| row.stratum[row.stratum.len() - 3..].to_owned());
    assert!(venn.next().is_none());
    (combination, numbers(results, "part2", NORTH, "").and_then(|(_, spells)| spells))
}

#[test]
fn m10_person_by_person() {
    let frame = frame(&[period("2024-04-01", "2025-03-31")], "2025-06-30");
    let found = m10().into_iter().map(|one| alone(&measure(Settings::default(), &frame, &[one])));
    let wanted = [
        (Some("010"), 2),
        (Some("000"), 1),
        (Some("100"), 2),
        (None, 1),
        (None, 1),
        (Some("000"), 1),
        (None, 1),
        (None, 1),
    ];
    let wanted = wanted.map(|(code, spells)| (code.map(str::to_owned), Some(spells)));
    assert_eq!(found.collect::<Vec<_>>(), wanted);
}

#[test]
fn m10_combinations_are_died_readmitted_care_home() {
    let results = m10_results();
    let venn =
        |code: &str| numbers(&results, "venn", NORTH, &format!("died_readmitted_carehome={code}"));
    let wanted = ["000", "001", "010", "011", "100", "101", "110", "111"].map(|code| match code {
        "000" => count(2),
        "010" | "100" => count(1),
        _ => count(0),
    });
    assert_eq!(["000", "001", "010", "011", "100", "101", "110", "111"].map(venn), wanted);
}

#[test]
fn m10_attrition_ends_at_the_figures_and_counts_people() {
    let results = m10_results();
    let last = |part: &str| {
        let step = results.attrition.iter().rfind(|step| step.part == part).unwrap();
        (step.records_left, step.people_left)
    };
    assert_eq!(last("part1"), (4, Some(4)));
    assert_eq!(last("part2"), (10, Some(8)));
}

/// Section 8: A to G; C's second stay is not eligible itself, as it ends in a transfer.
fn section_8(readmission: &str) -> Vec<Someone> {
    let born = |stay: Episode, year: i32, sex: &str| Episode {
        birth: BirthMonth::new(year, 1),
        sex: Code::new(sex),
        ..stay
    };
    let a = Someone::new(
        &[born(stay(1, "2025-03-01", "2025-03-10"), 1947, "2")],
        &[reablement("2025-03-12", "2025-04-10")],
    );
    let b = Someone::new(
        &[born(stay(2, "2025-05-01", "2025-05-08"), 1943, "1")],
        &[reablement("2025-05-04", "2025-05-30")],
    );
    let again = Episode { destination: Code::new("51"), ..stay(31, readmission, "2025-09-01") };
    let c = Someone::new(
        &[born(stay(3, "2025-05-20", "2025-06-01"), 1935, "2"), born(again, 1935, "2")],
        &[reablement("2025-06-08", "2025-07-01")],
    );
    let d = Someone::new(
        &[born(stay(4, "2025-07-01", "2025-07-09"), 1955, "1")],
        &[
            reablement("2025-07-10", "2025-07-30"),
            service(NORTHTON, ServiceType::Residential, "2025-01-01", ""),
        ],
    );
    let e = Someone::new(&[born(stay(5, "2025-08-20", "2025-09-01"), 1959, "2")], &[]);
    let died = Episode { discharge_method: Code::new("4"), ..stay(6, "2025-02-01", "2025-02-09") };
    let f = Someone::new(&[born(died, 1950, "1")], &[]);
    let lost = Episode { destination: Code::NONE, ..stay(7, "2025-02-01", "2025-02-09") };
    let g = Someone::new(&[born(lost, 1945, "2")], &[reablement("2025-02-10", "2025-03-01")]);
    vec![a, b, c, d, e, f, g]
}

fn section_8_results(readmission: &str) -> Results {
    let year: Period = period("2025-01-01", "2025-12-31");
    measure(Settings::default(), &frame(&[year], "2026-03-31"), &section_8(readmission))
}

#[test]
fn cld_section_8_example() {
    let results = section_8_results("2025-08-24");
    assert_eq!(numbers(&results, "part1", NORTH, ""), both(1, 2));
    assert_eq!(numbers(&results, "part1_readmitted", NORTH, ""), count(1));
    assert_eq!(numbers(&results, "part2", NORTH, ""), both(2, 4));
    assert_eq!(numbers(&results, "part1", NORTH, "slice=85+"), both(0, 1));
    assert_eq!(numbers(&results, "part2", NORTH, "slice=85+"), both(1, 1));
    assert_eq!(numbers(&results, "venn", NORTH, "died_readmitted_carehome=010"), count(1));
}

#[test]
fn cld_section_8_person_by_person() {
    let frame = frame(&[period("2025-01-01", "2025-12-31")], "2026-03-31");
    let people = section_8("2025-08-24").into_iter();
    let found = people.map(|one| alone(&measure(Settings::default(), &frame, &[one])));
    let wanted = [
        (Some("000"), Some(1)),
        (None, Some(1)),
        (Some("010"), Some(1)),
        (None, None),
        (None, Some(1)),
        (None, None),
        (None, None),
    ];
    let wanted = wanted.map(|(code, spells)| (code.map(str::to_owned), spells));
    assert_eq!(found.collect::<Vec<_>>(), wanted);
}

#[test]
fn cld_section_8_a_readmission_on_day_85_does_not_count() {
    let results = section_8_results("2025-08-25");
    assert_eq!(numbers(&results, "part1", NORTH, ""), both(2, 2));
}

#[test]
fn cld_section_8_slices_are_by_age_at_discharge_and_gender() {
    let results = section_8_results("2025-08-24");
    let nobody = "client_type=Those not in any LTS; ";
    for prefix in ["", nobody] {
        let part2 =
            |slice: &str| numbers(&results, "part2", NORTH, &format!("{prefix}slice={slice}"));
        // A 78 F, B 82 M, C 90 F, E 66 F; A and C are linked
        assert_eq!(part2("65-74"), Some((None, Some(1))));
        assert_eq!(part2("75-84"), both(1, 2));
        assert_eq!(part2("85+"), both(1, 1));
        assert_eq!(part2("Female"), both(2, 3));
        assert_eq!(part2("Male"), Some((None, Some(1))));
    }
    let figure = find(&results, "part2", NORTH, "slice=Male").unwrap();
    assert_eq!(figure.value, Value::Unavailable);
    assert_eq!(numbers(&results, "part1", NORTH, "slice=Male"), None);
    let community = "client_type=Those in LT community support";
    assert_eq!(numbers(&results, "part2", NORTH, community), None);
}

#[test]
fn cld_section_8_attrition_names_every_exclusion() {
    let results = section_8_results("2025-08-24");
    let out = |what: &str| {
        let step = results.attrition.iter().find(|step| step.what.starts_with(what)).unwrap();
        step.records_out
    };
    assert_eq!(out("Discharge method"), 1); // F
    assert_eq!(out("Discharge destination"), 2); // G and the readmission of C
    assert_eq!(out("Not in long-term"), 1); // D
    assert_eq!(out("An eligible discharge"), 3); // the clusters of B, D and G
}
