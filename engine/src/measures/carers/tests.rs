//! Section 12 of the specification: its example, its traps, and a plain reference.

use super::*;
use crate::figure::{Results, Unit, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{self, Maker};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::cld::person_details::CarerLinks;
use throughcare_linkage::codes::cld::{Field, Raw, ServiceType as S};
use throughcare_linkage::day::OptDay;
use throughcare_linkage::records::cld::CldDetail;

const MENTAL: &str = "Mental health support";

fn year() -> Period {
    period("2025-04-01", "2026-03-31")
}

fn results_in(frame: &Frame, people: &[Maker]) -> Results {
    let make = || Carers::with_settings(&Settings::default(), frame);
    let results = same_however_split(make, people, frame);
    fixture::assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn results(people: &[Maker]) -> Results {
    results_in(&frame(&[year()]), people)
}

fn says(has_carer: &str, local_id: u32) -> CldDetail {
    let has_carer =
        if has_carer.is_empty() { Raw::NONE } else { raw(Field::HasUnpaidCarer, has_carer) };
    CldDetail { has_carer, local_id, ..detail("", MENTAL) }
}

/// Someone in long-term community support whose record says this of a carer.
fn client(has_carer: &str, local_id: u32) -> Maker {
    someone_with(&[(service(S::Community, "2025-06-01", "-"), says(has_carer, local_id))])
}

/// The links that an unpaid carer's service makes.
fn links(event: CareEvent, cared_for: u32) -> CarerLinks {
    let mut links = CarerLinks::default();
    let event = CareEvent { row: 0, ..event.client(ClientType::UnpaidCarer) };
    let detail = CldDetail { linked_ids: [0, cared_for, 0], ..CldDetail::default() };
    links.add(&[event], &[detail], year());
    links
}

fn share(results: &Results, part: &str, stratum: &str) -> [Option<i64>; 2] {
    numbers(results, part, NORTH, stratum)
}

#[test]
fn section_12_example_of_ten_clients() {
    // 77 says No, but a carer names 77
    let frame = frame_with(&[year()], links(service(S::CarerDirect, "2024-01-01", "-"), 77), &[]);
    let mut people: Vec<Maker> = (1..=3).map(|id| client("Yes", id)).collect();
    people.push(client("No", 77));
    people.extend((10..15).map(|id| client("No", id)));
    people.push(client("", 20));
    let results = results_in(&frame, &people);
    assert_eq!(share(&results, "has_carer", ""), [Some(4), Some(10)]);
    assert_eq!(share(&results, "has_carer_of_known", ""), [Some(4), Some(9)]);
    let row = fixture::figure(&results, "has_carer", NORTH, "");
    assert_eq!((row.value, row.counts), (Value::Percent(1), Unit::People));
    for stratum in ["age_band=65 and above", "setting=Community"] {
        assert_eq!(share(&results, "has_carer", stratum), [Some(4), Some(10)], "{stratum}");
    }
    let reason = format!("support_reason={MENTAL}");
    assert_eq!(share(&results, "has_carer", &reason), [Some(4), Some(10)]);
    assert_eq!(share(&results, "has_carer", "setting=Nursing"), [Some(0), Some(0)]);
    let empty = fixture::figure(&results, "has_carer", "400", "");
    assert_eq!((empty.denominator, empty.value), (Some(0), Value::Unavailable));
}

#[test]
fn p26_the_link_is_of_the_council_and_of_the_period() {
    let with = |event: CareEvent| {
        let frame = frame_with(&[year()], links(event, 77), &[]);
        share(&results_in(&frame, &[client("No", 77)]), "has_carer", "")[0]
    };
    let event = |end| service(S::CarerDirect, "2024-01-01", end);
    assert_eq!([with(event("-")), with(event("2025-04-01"))], [Some(1), Some(1)]);
    assert_eq!(with(event("2025-03-31")), Some(0));
    assert_eq!(with(event("-").la(SOUTHTON)), Some(0));
}

#[test]
fn people_count_once_in_the_highest_setting_open_on_the_last_day() {
    let detail = || says("Yes", 1);
    let person = someone_with(&[
        (service(S::Community, "2025-06-01", "-").id(1), detail()),
        (service(S::Nursing, "2025-07-01", "2026-03-31").id(2), detail()),
        (service(S::Residential, "2025-08-01", "2026-03-30").id(3), detail()),
        (service(S::Community, "2025-08-01", "-").la(SOUTHTON).id(4), says("No", 1)),
    ]);
    let results = results(&[person]);
    assert_eq!(share(&results, "has_carer", ""), [Some(1), Some(1)]);
    assert_eq!(share(&results, "has_carer", "setting=Nursing"), [Some(1), Some(1)]);
    assert_eq!(share(&results, "has_carer", "setting=Community"), [Some(0), Some(0)]);
    assert_eq!(numbers(&results, "has_carer", SOUTH, ""), [Some(0), Some(1)]);
    assert_eq!(numbers(&results, "has_carer", ENGLAND, ""), [Some(1), Some(2)]);
}

#[test]
fn who_is_a_client_on_the_last_day() {
    let count = |event: CareEvent| {
        share(&results(&[someone_with(&[(event, says("Yes", 1))])]), "has_carer", "")[1].unwrap()
    };
    let open = service(S::Community, "2026-03-31", "-");
    assert_eq!(count(open), 1);
    assert_eq!(count(service(S::Community, "2026-04-01", "-")), 0);
    assert_eq!(count(service(S::StMax, "2026-03-31", "-")), 0);
    assert_eq!(count(open.client(ClientType::UnpaidCarer)), 0);
    assert_eq!(count(open.kind(EventType::Review)), 0);
    assert_eq!([count(open.died("2026-03-30")), count(open.died("2026-03-31"))], [0, 1]);
    // people of every age, in bands where they have one
    let child = someone_with(&[(open.born(2015, 1), says("Yes", 1))]);
    let results = results(&[child]);
    assert_eq!(share(&results, "has_carer", "")[1], Some(1));
    assert_eq!(share(&results, "has_carer", "age_band=18 to 64")[1], Some(0));
}

fn carer(kind: EventType, start: &str, end: &str) -> CareEvent {
    event(kind, start, end).client(ClientType::UnpaidCarer)
}

/// Events and people of a part in the quarter that begins on a day.
fn in_quarter(results: &Results, part: &str, quarter: &str, stratum: &str) -> [i64; 2] {
    let mut rows = results.measures.iter().filter(|row| {
        (row.part.as_str(), row.area.code.as_str(), row.stratum.as_str()) == (part, NORTH, stratum)
            && row.period.start == day(quarter)
    });
    let row = rows.next().unwrap();
    assert!(rows.next().is_none());
    [row.numerator.unwrap(), row.denominator.unwrap_or(-1)]
}

#[test]
fn section_12_4_events_of_carers_by_quarter() {
    let assessment = carer(EventType::Assessment, "2025-09-20", "2025-10-02");
    let direct = carer(EventType::Service, "2025-12-31", "-");
    let people = [
        someone(&[
            carer(EventType::Request, "2025-09-30", "2025-10-01").id(1),
            carer(EventType::Request, "2025-10-05", "2025-10-05").id(2),
            CareEvent { assessment_type: AssessmentType::LongTerm, ..assessment }.id(3),
            assessment.id(4),
            CareEvent { service_type: S::CarerDirect, ..direct }.id(5),
            // counts by its start, which is in no quarter
            carer(EventType::Service, "2025-03-31", "-").id(6),
        ]),
        someone(&[
            carer(EventType::Review, "2025-12-01", "2025-12-31"),
            carer(EventType::Request, "2025-12-30", "2026-01-01").id(2),
            event(EventType::Request, "2025-11-01", "2025-11-01").id(3),
        ]),
        someone(&[carer(EventType::Review, "2025-07-01", "-")
            .client(ClientType::UnpaidCarerByAssociation)]),
    ];
    let results = results(&people);
    let of = |part| in_quarter(&results, part, "2025-10-01", "");
    assert_eq!(of("requests"), [2, 1]);
    assert_eq!(of("assessments"), [1, 1]);
    assert_eq!(of("other_assessments"), [1, 1]);
    assert_eq!(of("new_services"), [1, 1]);
    assert_eq!(of("reviews"), [1, 1]);
    assert_eq!(of("carers"), [2, -1]);
    assert_eq!(of("carers_by_association"), [1, -1]);
    let direct = "service_type=Unpaid carer support: Direct to unpaid carer";
    assert_eq!(in_quarter(&results, "new_services", "2025-10-01", direct), [1, 1]);
    let by = |quarter| in_quarter(&results, "carers_by_association", quarter, "")[0];
    assert_eq!([by("2025-04-01"), by("2025-07-01"), by("2026-01-01")], [0, 1, 1]);
    assert_eq!(in_quarter(&results, "requests", "2026-01-01", ""), [1, 1]);
    assert_eq!(in_quarter(&results, "new_services", "2025-04-01", ""), [0, 0]);
    let last = results.attrition.iter().rfind(|step| step.part == "events").unwrap();
    assert_eq!(last.records_left, 7);
}

#[test]
fn records_without_a_person_are_left_out() {
    let results = results(&[Maker { nobody: true, ..client("Yes", 1) }]);
    assert_eq!(share(&results, "has_carer", "")[1], Some(0));
}

#[test]
fn the_period_of_the_links_is_the_latest_and_settings_replace_periods() {
    let earlier = period("2024-04-01", "2025-03-31");
    let settings = Settings { periods: vec![year(), earlier] };
    assert_eq!(settings.latest_period(&[]), Some(year()));
    assert_eq!(Settings::default().latest_period(&[earlier]), Some(earlier));
    assert_eq!(Settings::default().latest_period(&[]), None);
    let frame = frame(&[year()]);
    let own = Settings { periods: vec![earlier] };
    let results = fixture::results(Carers::with_settings(&own, &frame), &[], &frame);
    assert!(results.measures.iter().all(|row| row.period.end <= earlier.end));
    assert!(Settings { periods: vec![period("2025-01-02", "2025-01-01")] }.check().is_err());
}

prop_compose! {
    fn any_event()(
        kind in prop::sample::select(EventType::ALL),
        long_term in any::<bool>(),
        service in prop::sample::select(S::ALL),
        assessment in prop::sample::select(AssessmentType::ALL),
        client in prop::sample::select(ClientType::ALL),
        start in 0i32..700,
        days in prop_oneof![4 => 0i32..300, 1 => -9i32..0, 2 => Just(9_999)],
        la in prop_oneof![4 => Just(NORTHTON), 1 => Just(SOUTHTON)],
        says_of_carer in prop::sample::select(vec!["Yes", "No", "Unknown", ""]),
    ) -> (CareEvent, CldDetail) {
        let first = 20_000; // 2024-10-04
        let event = CareEvent {
            end: if days == 9_999 { OptDay::NONE } else { Day(first + start + days).into() },
            start: Day(first + start),
            client_type: client,
            service_type: if long_term { S::Community } else { service },
            assessment_type: assessment,
            la,
            ..event(kind, "2025-01-01", "-")
        };
        (event, says(says_of_carer, 1))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn section_12_agrees_with_sets_of_people(
        people in prop::collection::vec(prop::collection::vec(any_event(), 0..6), 0..7),
    ) {
        let makers: Vec<Maker> = people.iter().map(|events| {
            let numbered = events.iter().zip(1..);
            someone_with(&numbered.map(|((event, d), id)| (event.id(id), *d)).collect::<Vec<_>>())
        }).collect();
        let results = results(&makers);
        let mut clients = BTreeSet::new();
        let mut events: BTreeMap<(&str, Day), (i64, BTreeSet<usize>)> = BTreeMap::new();
        let quarters = ["2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"].map(day);
        for (number, maker) in makers.iter().enumerate() {
            for event in maker.joined.iter().filter(|event| event.la == NORTHTON) {
                let kind = event.event_type.label();
                if event.client_type.label() == "Service user"
                    && kind == "Service"
                    && event.service_type.label().starts_with("Long term")
                    && event.start <= day("2026-03-31")
                    && event.end.get().is_none_or(|end| end >= day("2026-03-31"))
                {
                    clients.insert(number);
                }
                let (part, at) = match (kind, event.assessment_type.label()) {
                    ("Request", _) => ("requests", event.end.get()),
                    ("Assessment", "Financial assessment") => ("other_assessments", event.end.get()),
                    ("Assessment", _) => ("assessments", event.end.get()),
                    ("Service", _) => ("new_services", Some(event.start)),
                    _ => ("reviews", event.end.get()),
                };
                let quarter = quarters.into_iter().find(|start| {
                    at.is_some_and(|at| *start <= at && at < start.add_months(3))
                });
                let (Some(quarter), "Unpaid carer") = (quarter, event.client_type.label()) else { continue };
                for part in [part, "carers"] {
                    let counted = events.entry((part, quarter)).or_default();
                    counted.0 += 1;
                    counted.1.insert(number);
                }
            }
        }
        prop_assert_eq!(share(&results, "has_carer", "")[1], Some(clients.len() as i64));
        for part in ["requests", "assessments", "other_assessments", "new_services", "reviews", "carers"] {
            for quarter in quarters {
                let (records, of) = events.get(&(part, quarter)).cloned().unwrap_or_default();
                let people = of.len() as i64;
                let wanted = if part == "carers" { [people, -1] } else { [records, people] };
                let found = in_quarter(&results, part, &quarter.to_string(), "");
                prop_assert_eq!(found, wanted, "{} {}", part, quarter);
            }
        }
    }
}
