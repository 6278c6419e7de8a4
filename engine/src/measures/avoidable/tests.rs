use super::*;
use crate::clinical::patient::{Given, Patient};
use crate::clinical::{Conditions, Settings, Told};
use crate::measures::fixture::{assert_attrition_adds_up, figure, frame, period};
use crate::rates::EmptyStratum;
use throughcare_linkage::day::BirthMonth;

const ENGLAND: &str = "E92000001";

/// One person, and the frame of a run that keeps codes.
fn run(stays: &[Given<'_>], settings: &Settings) -> (Patient, Frame) {
    let mut patient = Patient::of_stays(stays);
    let clinical = Arc::new(patient.settle(settings));
    let frame = Frame { clinical, ..frame(&[period("2024-04-01", "2025-03-31")], "2025-04-01") };
    (patient, frame)
}

fn empty(frame: &Frame) -> Avoidable {
    let standard = Standard { empty: EmptyStratum::Merge, nonindependent: true };
    Avoidable::new("admission_rate", &frame.study.periods, standard, frame)
}

fn counted(patient: &Patient, frame: &Frame) -> Results {
    let mut counts = empty(frame);
    patient.maker.with(|person| counts.add(person));
    let mut results = Results::default();
    counts.finish(frame, &mut results);
    assert_attrition_adds_up(&results);
    results
}

fn part(results: &Results, part: &str, stratum: &str) -> Option<i64> {
    figure(results, part, ENGLAND, stratum).numerator
}

const STAYS: [Given<'static>; 8] = [
    ("2024-03-31", "2024-04-02", true, &["J440"]),
    ("2024-04-10", "2024-04-12", true, &["J440"]),
    ("2024-05-10", "2024-05-12", true, &["L03", "E112", "R02"]),
    ("2024-06-10", "2024-06-12", false, &["J440"]),
    ("2024-07-10", "2024-07-12", true, &[]),
    ("2024-08-10", "2024-08-12", true, &["S720", "W190"]),
    ("2024-09-10", "2024-09-12", true, &["R074"]),
    ("2025-03-31", "2025-04-02", true, &["S720", "W190", "J181"]),
];

#[test]
fn m18_emergencies_of_the_period_count_by_condition() {
    let (patient, frame) = run(&STAYS, &Settings::default());
    let results = counted(&patient, &frame);
    assert_eq!(part(&results, "acsc", ""), Some(3));
    assert_eq!(part(&results, "acsc_acute", ""), Some(1));
    assert_eq!(part(&results, "acsc_acute", "condition=cellulitis"), Some(1));
    assert_eq!(part(&results, "acsc_acute", "condition=gangrene"), Some(0));
    assert_eq!(part(&results, "acsc_chronic", ""), Some(1));
    assert_eq!(part(&results, "acsc_vaccine", "condition=influenza and pneumonia"), Some(1));
    assert_eq!(part(&results, "acsc", "sex=Female"), Some(3));
    assert_eq!(figure(&results, "acsc", "RZZ", "").numerator, Some(3));
    let out: Vec<i64> = results.attrition.iter().map(|step| step.records_out).collect();
    assert_eq!(out, [0, 0, 1, 1, 1, 1]);
    assert_eq!(results.attrition.last().map(|step| step.records_left), Some(4));
}

#[test]
fn m18_an_admission_with_several_conditions_counts_once_in_a_part() {
    let all = Settings { acsc: Conditions::All, ..Settings::default() };
    let (patient, frame) = run(&STAYS, &all);
    let results = counted(&patient, &frame);
    assert_eq!(part(&results, "acsc", ""), Some(3));
    assert_eq!(part(&results, "acsc_acute", ""), Some(1));
    for condition in ["cellulitis", "gangrene"] {
        assert_eq!(part(&results, "acsc_acute", &format!("condition={condition}")), Some(1));
    }
    assert_eq!(part(&results, "acsc_chronic", ""), Some(2));
    assert_eq!(part(&results, "acsc_chronic", "condition=diabetes complications"), Some(1));
}

#[test]
fn m13_falls_count_from_65_on() {
    let (mut patient, frame) = run(&STAYS, &Settings::default());
    assert_eq!(part(&counted(&patient, &frame), "falls_65_and_over", ""), Some(2));
    // 65 in September 2024
    patient.maker.cips.iter_mut().for_each(|stay| stay.birth = BirthMonth::new(1959, 9));
    assert_eq!(part(&counted(&patient, &frame), "falls_65_and_over", ""), Some(1));
    patient.maker.cips.iter_mut().for_each(|stay| stay.birth = BirthMonth::default());
    assert_eq!(part(&counted(&patient, &frame), "falls_65_and_over", ""), Some(0));
}

#[test]
fn m18_without_operations_only_what_they_rule_out_is_not_available() {
    let (patient, mut frame) = run(&STAYS, &Settings::default());
    let texts = ["", "J181", "J440"].map(Box::from);
    let parts = ["acsc", "acsc_acute", "acsc_chronic", "acsc_vaccine", "falls_65_and_over"];
    for (told, wanted) in [
        (Told::Nothing, [false; 5]),
        (Told::Diagnoses, [false, false, false, true, true]),
        (Told::Operations, [true; 5]),
    ] {
        frame.clinical = Arc::new(Clinical::new(&Settings::default(), &texts, &[], told));
        let results = counted(&patient, &frame);
        let is_told = parts.map(|name| part(&results, name, "").is_some());
        assert_eq!(is_told, wanted, "{told:?}");
    }
}

#[test]
fn counts_of_parts_add_up_to_those_of_all() {
    let (patient, frame) = run(&STAYS, &Settings::default());
    let new = || empty(&frame);
    let of = |people: usize| {
        let mut counts = new();
        (0..people).for_each(|_| patient.maker.with(|person| counts.add(person)));
        counts
    };
    let finished = |counts: &Avoidable| {
        let mut results = Results::default();
        counts.finish(&frame, &mut results);
        results
    };
    for (a, b) in [(0, 3), (1, 2), (2, 1), (3, 0)] {
        let mut merged = of(a);
        merged.merge(of(b));
        assert_eq!(finished(&merged), finished(&of(3)));
    }
}

#[test]
fn m13_avoidable_admissions_and_falls_by_population() {
    let (mut patient, mut frame) = run(&STAYS, &Settings::default());
    // residents of council 101, which is number 2; one stay of nowhere known
    patient.maker.cips.iter_mut().for_each(|stay| stay.residence = 2);
    patient.maker.cips[2].residence = 0;
    frame.coverage = vec![Vec::new(), Vec::new(), vec![period("2024-01-01", "2025-12-31")]];
    for (band, people) in [("18-64", 3000), ("65+", 2000)] {
        frame.population.people.insert(("101".into(), String::new(), band.into()), people);
    }
    let results = counted(&patient, &frame);
    let rate = |part: &str, stratum: &str| {
        let row = figure(&results, part, "101", stratum);
        (row.numerator, row.denominator, row.value)
    };
    let per = Value::Per(100_000.0);
    // a woman of 74: all are of 65 and over
    assert_eq!(rate("population_acsc", ""), (Some(2), Some(5000), per));
    assert_eq!(rate("population_acsc", "age_band=18-64"), (Some(0), Some(3000), per));
    assert_eq!(rate("population_acsc_chronic", "age_band=65+"), (Some(1), Some(2000), per));
    assert_eq!(rate("population_falls_65_and_over", ""), (Some(2), Some(2000), per));
    let steps = results.attrition.iter().filter(|step| step.part == "population_acsc");
    let out: Vec<i64> = steps.map(|step| step.records_out).collect();
    assert_eq!(out, [0, 0, 1, 1, 1, 1, 0, 1]);
}

#[test]
fn m18_groups_that_operations_rule_out_have_no_rate_without_operations() {
    let (patient, mut frame) = run(&STAYS, &Settings::default());
    let texts = ["", "J181", "J440"].map(Box::from);
    let clinical = Clinical::new(&Settings::default(), &texts, &[], Told::Diagnoses);
    frame.clinical = Arc::new(clinical);
    frame.coverage = vec![Vec::new(), vec![period("2024-01-01", "2025-12-31")]];
    frame.population.people.insert(("202".into(), String::new(), "65+".into()), 2000);
    let results = counted(&patient, &frame);
    let row = |part: &str| figure(&results, part, "202", "").clone();
    assert_eq!(row("population_acsc_acute").numerator, None);
    assert_eq!(row("population_acsc_acute").value, Value::Unavailable);
    assert!(row("population_falls_65_and_over").numerator.is_some());
}
