use super::*;
use crate::figure::{Area, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{Maker, assert_attrition_adds_up};
use AssessmentType as A;
use EventType as E;
use ServiceType as S;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::codes::cld::Raw;

const Q4: (&str, &str) = ("2026-01-01", "2026-03-31");

/// The single table covers 2025/26, the joined one the three years before its end.
fn study(start: &str, end: &str) -> Frame {
    Frame {
        single: Some(period("2025-04-01", "2026-03-31")),
        joined: Some(period("2023-04-01", "2026-03-31")),
        ..frame(&[period(start, end)])
    }
}

fn q4() -> Frame {
    study(Q4.0, Q4.1)
}

fn person(events: &[CareEvent]) -> Maker {
    let maker = someone(events);
    Maker { single: maker.joined, ..Maker::default() }
}

fn with(settings: &Settings, people: &[Maker], frame: &Frame) -> Results {
    let make = || Activity::with_settings(settings, frame);
    let results = same_however_split(make, people, frame);
    assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn quarter_of(people: &[Maker], frame: &Frame) -> Results {
    with(&Settings { trends: Vec::new(), ..Settings::default() }, people, frame)
}

fn counts(results: &Results, part: &str, stratum: &str) -> [i64; 2] {
    numbers(results, part, ENGLAND, stratum).map(|count| count.unwrap_or(-1))
}

fn assessment(kind: A, start: &str, end: &str) -> CareEvent {
    CareEvent { assessment_type: kind, ..event(E::Assessment, start, end) }
}

fn example() -> [Maker; 3] {
    [
        person(&[
            event(E::Request, "2025-12-30", "2026-01-02"),
            assessment(A::LongTerm, "2026-01-05", "2026-01-20"),
            service(S::Community, "2026-02-01", "-").component(Component::HomeSupport),
            service(S::Community, "2026-02-01", "-").component(Component::Meals),
        ]),
        person(&[service(S::Community, "2025-11-01", "-")]),
        person(&[event(E::Request, "2026-03-30", "2026-04-02")]),
    ]
}

#[test]
fn section_1_example_completed_events_count_by_end_and_services_by_start() {
    let results = quarter_of(&example(), &q4());
    assert_eq!(counts(&results, "requests", ""), [1, 1]);
    assert_eq!(counts(&results, "assessments", ""), [1, 1]);
    assert_eq!(counts(&results, "new_services", ""), [2, 1]);
    assert_eq!(counts(&results, "reviews", ""), [0, 0]);
    assert_eq!(counts(&results, "new_services", "component=Meals"), [1, 1]);
    assert_eq!(counts(&results, "new_services", "type=Long term support: Community"), [2, 1]);
    assert_eq!(counts(&results, "assessments", "type=Long term assessment"), [1, 1]);
    // every council has its total, those without events too
    assert_eq!(numbers(&results, "requests", "400", ""), [Some(0), Some(0)]);
    let left: Vec<_> = results.attrition.iter().map(|step| step.records_left).collect();
    assert_eq!(left, [6, 6, 6, 4]);
}

#[test]
fn section_1_alternative_by_start() {
    let settings = Settings { date: CountDate::Start, trends: Vec::new(), ..Settings::default() };
    let results = with(&settings, &example(), &q4());
    assert_eq!(counts(&results, "requests", ""), [1, 1]); // P3 instead of P1
    assert_eq!(counts(&results, "assessments", ""), [1, 1]);
    assert_eq!(counts(&results, "new_services", ""), [2, 1]);
}

#[test]
fn section_1_financial_invalid_and_missing_types_are_shown_apart() {
    let ended = |kind| assessment(kind, "2026-01-05", "2026-01-20");
    let kinds = [A::ShortTerm, A::LongTerm, A::Financial, A::Invalid, A::None];
    let results = quarter_of(&[person(&kinds.map(ended))], &q4());
    assert_eq!(counts(&results, "assessments", ""), [2, 1]);
    assert_eq!(counts(&results, "other_assessments", ""), [3, 1]);
    for kind in ["Financial assessment", "Invalid and not mapped", "Not recorded"] {
        assert_eq!(counts(&results, "other_assessments", &format!("type={kind}")), [1, 1]);
    }
}

#[test]
fn section_1_the_wave_of_1_april_is_flagged_as_no_new_support() {
    let long = |start, end| service(S::Community, start, end);
    // one service, cut in two by the financial year, and one that is new
    let people = [
        person(&[long("2024-06-01", "2025-03-31"), long("2025-04-01", "-")]),
        person(&[long("2025-04-01", "-")]),
    ];
    let frame = study("2025-04-01", "2025-06-30");
    let results = quarter_of(&people, &frame);
    assert_eq!(counts(&results, "new_services", ""), [2, 2]);
    assert_eq!(counts(&results, "new_services", "new_to_lts=Yes"), [1, 1]);
    assert_eq!(counts(&results, "new_services", "new_to_lts=No"), [1, 1]);
}

#[test]
fn section_2_events_while_long_term_support_is_open_are_flagged_by_their_start() {
    let review = |start: &str, end: &str| CareEvent {
        review_type: ReviewType::Planned,
        ..event(E::Review, start, end)
    };
    let people = [person(&[
        service(S::Nursing, "2025-06-01", "2026-01-10"),
        review("2026-01-10", "2026-01-12"),
        review("2026-01-11", "2026-01-12"),
    ])];
    let results = quarter_of(&people, &q4());
    assert_eq!(counts(&results, "reviews", "receiving_lts=Yes"), [1, 1]);
    assert_eq!(counts(&results, "reviews", "receiving_lts=No"), [1, 1]);
    assert_eq!(counts(&results, "reviews", "type=Planned review of long term support"), [2, 1]);
}

#[test]
fn section_2_trap_support_that_the_single_table_does_not_hold_is_not_seen() {
    let review = event(E::Review, "2026-01-10", "2026-01-12");
    let support = service(S::Nursing, "2025-06-01", "-");
    let people = [Maker { joined: vec![support, review], ..person(&[review]) }];
    let results = quarter_of(&people, &q4());
    assert_eq!(counts(&results, "reviews", "receiving_lts=No"), [1, 1]);
}

#[test]
fn requests_are_broken_down_by_route_of_access() {
    let mut maker = person(&[event(E::Request, "2026-01-01", "2026-01-02")]);
    maker.rows = vec![row_of_type(Raw::NONE)];
    maker.single[0].row = 0;
    let results = quarter_of(&[maker], &q4());
    assert_eq!(counts(&results, "requests", "type=Not recorded"), [1, 1]);
    assert_eq!(counts(&results, "requests", "client_type=Service user"), [1, 1]);
}

#[test]
fn section_0_2_periods_have_their_quarters_and_whole_weeks_and_days() {
    let settings = Settings { trends: vec![Trend::Weekly, Trend::Daily], ..Settings::default() };
    let frame = study("2025-10-01", "2026-03-31");
    let results = with(&settings, &example(), &frame);
    let rows = |part: &str| -> Vec<(String, i64)> {
        let rows = results.measures.iter().filter(|row| row.part == part);
        let rows = rows.filter(|row| row.area == Area::england() && row.stratum.is_empty());
        let rows = rows.filter(|row| row.numerator != Some(0));
        let span = |row: &crate::figure::Figure| format!("{} {}", row.period.start, row.period.end);
        rows.map(|row| (span(row), row.numerator.unwrap())).collect()
    };
    let of = |span: &str, n| (span.to_owned(), n);
    assert_eq!(
        rows("new_services"),
        [
            of("2025-10-01 2025-12-31", 1),
            of("2025-10-01 2026-03-31", 3),
            of("2026-01-01 2026-03-31", 2)
        ]
    );
    // trends go by start, whatever the quarters go by
    assert_eq!(rows("requests_weekly"), [of("2025-12-29 2026-01-04", 1)]);
    assert_eq!(
        rows("requests_daily"),
        [of("2025-12-30 2025-12-30", 1), of("2026-03-30 2026-03-30", 1)]
    );
}

#[test]
fn a_period_outside_the_single_table_is_counted_from_the_joined_one() {
    let request = event(E::Request, "2024-05-01", "2024-05-02");
    let maker = Maker { joined: vec![request], ..Maker::default() };
    let frame = study("2024-04-01", "2024-06-30");
    let results = quarter_of(std::slice::from_ref(&maker), &frame);
    assert_eq!(counts(&results, "requests", ""), [1, 1]);
    assert!(results.attrition[0].what.contains("joined table"));

    // the single table was asked for: not available rather than nothing
    let settings =
        Settings { table: Some(Mode::Single), trends: Vec::new(), ..Settings::default() };
    let results = with_unavailable(&settings, &[maker], &frame);
    assert!(results.measures.iter().all(|row| row.value == Value::Unavailable));
    assert_eq!(results.measures.len(), 5);
}

fn with_unavailable(settings: &Settings, people: &[Maker], frame: &Frame) -> Results {
    same_however_split(|| Activity::with_settings(settings, frame), people, frame)
}

#[test]
fn without_care_records_there_are_no_figures() {
    let frame = Frame { single: None, joined: None, ..q4() };
    let results = with_unavailable(&Settings::default(), &[], &frame);
    assert_eq!(results, Results::default());
}

#[test]
fn records_without_a_person_and_events_without_an_end_do_not_count() {
    let open = person(&[event(E::Request, "2026-01-01", "-")]);
    let nobody = Maker { nobody: true, ..example()[0].clone() };
    let results = quarter_of(&[open, nobody], &q4());
    assert_eq!(counts(&results, "requests", ""), [0, 0]);
    let out: Vec<_> = results.attrition.iter().map(|step| step.records_out).collect();
    assert_eq!(out, [0, 0, 1, 0]);
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    assert!(Settings::default().check().is_ok());
    assert!(Settings { new_client_days: -1, ..Settings::default() }.check().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn counts_are_those_of_a_slow_reference(
        people in prop::collection::vec(prop::collection::vec(
            (0..200i32, prop::option::of(0..60i32), 0..5usize, 0..9usize, 1..4u16), 0..8,
        ), 0..6)
    ) {
        let frame = q4();
        let origin = day("2025-11-01");
        let makers: Vec<Maker> = people.iter().map(|events| {
            let events: Vec<CareEvent> = events.iter().map(|&(start, end, kind, service, la)| {
                let start = origin.plus(start);
                CareEvent {
                    start,
                    end: end.map(|days| start.plus(days)).into(),
                    event_type: [E::None, E::Request, E::Assessment, E::Service, E::Review][kind],
                    service_type: if kind == 3 { S::ALL[service] } else { S::None },
                    assessment_type: [A::LongTerm, A::Financial, A::ShortTerm][service % 3],
                    ..event(E::None, "2025-11-01", "-")
                }.la(la)
            }).collect();
            person(&events)
        }).collect();
        let results = with(&Settings::default(), &makers, &frame);
        let (first, last) = (day(Q4.0), day(Q4.1));
        let mut events: BTreeMap<(String, String), i64> = BTreeMap::new();
        let mut people: BTreeMap<(String, String), BTreeSet<(usize, u16)>> = BTreeMap::new();
        for (n, maker) in makers.iter().enumerate() {
            for event in &maker.single {
                let label = event.event_type.label();
                let part = match (label, event.assessment_type.label()) {
                    ("", _) => continue,
                    ("Assessment", "Financial assessment") => "other_assessments",
                    ("Assessment", _) => "assessments",
                    ("Service", _) => "new_services",
                    ("Request", _) => "requests",
                    _ => "reviews",
                };
                let flag = maker.single.iter().any(|other| {
                    other.event_type == E::Service
                        && other.service_type.label().starts_with("Long term")
                        && other.la == event.la
                        && other.start <= event.start
                        && other.end.get().is_none_or(|end| event.start <= end)
                });
                let mut note = |part: String, stratum: String| {
                    *events.entry((part.clone(), stratum.clone())).or_default() += 1;
                    people.entry((part, stratum)).or_default().insert((n, event.la));
                };
                let date = if part == "new_services" { Some(event.start) } else { event.end.get() };
                let Some(date) = date else { continue };
                if first <= date && date <= last {
                    note(part.into(), String::new());
                    if part == "new_services" {
                        note(part.into(), format!("type={}", event.service_type.label()));
                    } else {
                        let flag = if flag { "Yes" } else { "No" };
                        note(part.into(), format!("receiving_lts={flag}"));
                    }
                }
                // the week of Monday 2 February
                if day("2026-02-02") <= event.start && event.start <= day("2026-02-08") {
                    note(format!("{part}_weekly"), String::new());
                }
            }
        }
        for (key, &wanted) in &events {
            let found = results.measures.iter().find(|row| {
                row.area == Area::england()
                    && (row.part.clone(), row.stratum.clone()) == *key
                    && (!row.part.ends_with("weekly") || row.period.start == day("2026-02-02"))
            });
            let found = found.map(|row| (row.numerator, row.denominator));
            prop_assert_eq!(found, Some((Some(wanted), Some(people[key].len() as i64))), "{:?}", key);
        }
        let total: i64 = results.measures.iter()
            .filter(|row| row.area == Area::england() && row.stratum.is_empty() && !row.part.ends_with("weekly"))
            .filter_map(|row| row.numerator).sum();
        let wanted: i64 = events.iter()
            .filter(|((part, stratum), _)| stratum.is_empty() && !part.ends_with("weekly"))
            .map(|(_, events)| events).sum();
        prop_assert_eq!(total, wanted);
    }
}
