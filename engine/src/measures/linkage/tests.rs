use super::*;
use crate::measures::fixture::*;
use proptest::prelude::*;
use throughcare_linkage::cld::event::ReviewType;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Outcome, Raw, ServiceType,
};
use throughcare_linkage::day::BirthMonth;
use throughcare_linkage::lookup::{AreaRow, Areas};
use throughcare_linkage::person::PersonIdKind;

fn event(la: u16, start: &str, end: &str, id_kind: PersonIdKind) -> CareEvent {
    let end = if end.is_empty() { OptDay::NONE } else { OptDay::some(day(end)) };
    CareEvent {
        record_id: 1,
        start: day(start),
        end,
        raw_end: end,
        death: OptDay::NONE,
        reference_start: day("2024-01-01"),
        reference_end: day("2024-12-31"),
        row: 0,
        la,
        birth: BirthMonth::new(1950, 1),
        event_type: EventType::Service,
        client_type: ClientType::ServiceUser,
        service_type: ServiceType::Community,
        component: Component::None,
        outcome: Outcome::None,
        assessment_type: AssessmentType::None,
        gender: Gender::Female,
        review_type: ReviewType::None,
        mechanism: Raw::NONE,
        id_kind,
        cropped: false,
    }
}

fn year() -> Period {
    period("2024-01-01", "2024-12-31")
}

fn the_frame() -> Frame {
    let row = |code: &str, region: &str| AreaRow {
        la_code: code.into(),
        name: format!("Council {code}"),
        region: region.into(),
        ons_code: String::new(),
    };
    Frame {
        areas: Areas::new([row("101", "North"), row("202", "North"), row("303", "South")]),
        la_codes: ["", "202", "101", "303"].map(Box::from).into(),
        ..frame(&[year()], "2025-01-01")
    }
}

fn person(joined: &[CareEvent], in_hospital: bool, unlinkable: bool) -> Maker {
    let spells = if in_hospital { vec![spell("2024-05-01", "2024-05-04")] } else { Vec::new() };
    Maker { joined: joined.to_vec(), spells, unlinkable, ..Maker::default() }
}

/// One person with two councils of one region, one with two events of one council and no hospital
/// record, one known by a local identifier, one known to hospital alone.
fn example() -> Vec<Maker> {
    let nhs = PersonIdKind::NhsTraced;
    let local = PersonIdKind::LaLocal;
    let a = |la| event(la, "2024-02-01", "", nhs);
    vec![
        person(&[a(1), a(2)], true, false),
        person(&[a(1), event(1, "2023-05-01", "2024-01-01", nhs)], false, false),
        person(&[event(3, "2024-02-01", "2024-03-01", local)], false, true),
        person(&[], true, false),
    ]
}

fn run(people: &[Maker]) -> Results {
    let frame = the_frame();
    results(Linkage::new(&frame), people, &frame)
}

fn counts(results: &Results, part: &str) -> Vec<(String, Option<i64>, Option<i64>)> {
    let figures = results.measures.iter();
    let figures = figures.filter(|figure| figure.part == part && figure.stratum.is_empty());
    figures.map(|figure| (figure.area.code.clone(), figure.numerator, figure.denominator)).collect()
}

fn table(rows: &[(&str, i64, Option<i64>)]) -> Vec<(String, Option<i64>, Option<i64>)> {
    rows.iter().map(|&(area, n, d)| (area.to_owned(), Some(n), d)).collect()
}

#[test]
fn m21_people_count_in_each_council_and_once_in_england_and_the_region() {
    let results = run(&example());
    let people = [(ENGLAND, 3, None), ("North", 2, None), ("South", 1, None), ("101", 1, None)];
    let mut wanted = table(&people);
    wanted.extend(table(&[("202", 2, None), ("303", 1, None)]));
    assert_eq!(counts(&results, "people"), wanted);
    let events = [(ENGLAND, 5, Some(3)), ("North", 4, Some(2)), ("South", 1, Some(1))];
    let mut wanted = table(&events);
    wanted.extend(table(&[("101", 1, Some(1)), ("202", 3, Some(2)), ("303", 1, Some(1))]));
    assert_eq!(counts(&results, "events"), wanted);
}

#[test]
fn m21_linkable_and_hospital_shares() {
    let results = run(&example());
    assert_eq!(england(&results, "linkable_share"), (Some(2), Some(3)));
    assert_eq!(england(&results, "hospital_share"), (Some(1), Some(3)));
    assert_eq!(england(&results, "people_nhs_pseudonym"), (Some(2), None));
    assert_eq!(england(&results, "events_nhs_pseudonym"), (Some(4), Some(2)));
    assert_eq!(england(&results, "people_in_hospital_records"), (Some(1), None));
    assert_eq!(england(&results, "events_in_hospital_records"), (Some(2), Some(1)));
    assert_eq!(england(&results, "match_yield_65"), (Some(1), Some(3)));
    assert_eq!(england(&results, "hospital_people"), (Some(2), None));
    assert_eq!(england(&results, "hospital_people_in_care_records"), (Some(1), None));
    let council = figure(&results, "hospital_share", "202", "");
    assert_eq!((council.numerator, council.denominator), (Some(1), Some(2)));
    assert_eq!(figure(&results, "people", "303", "age_band=65-74").numerator, Some(1));
    assert_attrition_adds_up(&results);
}

#[test]
fn m21_a_quarantined_pseudonym_never_meets_hospital_records() {
    let shared = event(1, "2024-02-01", "", PersonIdKind::NhsTraced);
    let results = run(&[person(&[shared], true, true)]);
    assert_eq!(england(&results, "people_nhs_pseudonym").0, Some(1));
    assert_eq!(england(&results, "linkable_share").0, Some(0));
    assert_eq!(england(&results, "people_in_hospital_records").0, Some(0));
}

#[test]
fn m21_events_count_in_the_periods_in_which_they_run() {
    let nhs = PersonIdKind::NhsTraced;
    let of = |start: &str, end: &str| {
        england(&run(&[person(&[event(1, start, end, nhs)], false, false)]), "events").0
    };
    assert_eq!(of("2023-01-01", "2023-12-31"), Some(0));
    assert_eq!(of("2023-01-01", "2024-01-01"), Some(1));
    assert_eq!(of("2024-12-31", ""), Some(1));
    assert_eq!(of("2025-01-01", ""), Some(0));
    assert_eq!(of("2024-01-05", "2023-12-01"), Some(1), "reversed: its first day");
    let frame = the_frame();
    let settings = Settings { all_events: true, ..Settings::default() };
    let old = person(&[event(1, "2023-01-01", "2023-12-31", nhs)], false, false);
    let results = results(Linkage::with_settings(&settings, &frame), &[old], &frame);
    assert_eq!(england(&results, "events").0, Some(1));
}

#[test]
fn x22_events_without_a_person_are_left_out_and_counted() {
    let nobody = person(&[event(1, "2024-02-01", "", PersonIdKind::None)], false, true);
    let results = run(&[Maker { nobody: true, ..nobody }]);
    assert_eq!(england(&results, "people").0, Some(0));
    assert_eq!(figure(&results, "linkable_share", ENGLAND, "").value, Value::Unavailable);
    let steps: Vec<_> = results
        .attrition
        .iter()
        .map(|step| (step.rule, step.records_out, step.records_left))
        .collect();
    assert_eq!(steps, [("M21", 0, 1), ("X-22", 1, 0), ("M21", 0, 0)]);
}

fn anyone() -> impl Strategy<Value = Maker> {
    let event = (0u16..4, 0i32..900, any::<bool>()).prop_map(|(la, start, traced)| {
        let kind = if traced { PersonIdKind::NhsTraced } else { PersonIdKind::NhsSupplied };
        let first = event(la, "2023-01-01", "2023-01-01", kind);
        CareEvent {
            start: first.start.plus(start),
            end: OptDay::some(first.start.plus(start + 20)),
            ..first
        }
    });
    (prop::collection::vec(event, 0..5), any::<bool>(), any::<bool>())
        .prop_map(|(events, in_hospital, unlinkable)| person(&events, in_hospital, unlinkable))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn merged_parts_are_the_whole(people in prop::collection::vec(anyone(), 0..12), cut in 0usize..12) {
        let frame = the_frame();
        let make = || Linkage::new(&frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        assert_attrition_adds_up(&whole);
        // every person with an event in the period counts once in England
        let counted = people.iter().filter(|person| {
            person.joined.iter().any(|event| runs_in(event, year()))
        });
        prop_assert_eq!(england(&whole, "people").0, Some(counted.count() as i64));
    }
}
