use super::*;
use crate::coded::CodedField;
use crate::figure::{Area, Unit, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{Maker, assert_attrition_adds_up};
use EventType as E;
use ReviewType as R;
use ServiceType as S;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::cld::cleaning::{Cleaning, ExtraValue};
use throughcare_linkage::codes::cld::{Field, Raw, RawValues, ServiceType};
use throughcare_linkage::records::cld::CldDetail;

/// Raw texts of the outcomes achieved by number, from 1: the third is ambiguous, the last unlisted.
const OUTCOMES: [&str; 4] = ["Fully achieved", "Not achieved", "n/a", "in part"];
const REASONS: [&str; 3] = ["Planned", "Unplanned - Carer related", "Unplanned - my own words"];

fn year() -> Frame {
    let raw = RawValues::default();
    let _ = OUTCOMES.map(|text| raw.intern(Field::ReviewOutcomesAchieved, text));
    let _ = REASONS.map(|text| raw.intern(Field::ReviewReason, text));
    let extra = |raw: &str, cleaned: Option<&str>| ExtraValue {
        field: "review_outcomes_achieved".into(),
        raw: raw.into(),
        cleaned: cleaned.map(Into::into),
    };
    let labels = [(0, Some("Fully achieved")), (1, Some("Not achieved")), (2, None)];
    let cleaning = Cleaning::new(&raw, &labels.map(|(n, to)| extra(OUTCOMES[n], to))).unwrap();
    let year = period("2025-04-01", "2026-03-31");
    let mut frame = frame(&[year]);
    frame.single = Some(year);
    frame.joined = Some(period("2023-04-01", "2026-03-31"));
    frame.coded.review_outcomes = CodedField::new(Field::ReviewOutcomesAchieved, &raw, &cleaning);
    frame.coded.review_reason = CodedField::new(Field::ReviewReason, &raw, &cleaning);
    frame
}

fn review(kind: R, start: &str, end: &str) -> CareEvent {
    CareEvent { review_type: kind, ..event(E::Review, start, end) }
}

/// A person whose events have rows of their own, with these raw outcomes and reasons.
fn person(events: &[(CareEvent, u16, u16)]) -> Maker {
    let mut maker = Maker::default();
    for (n, &(event, outcome, reason)) in (0u32..).zip(events) {
        let mut row = row_of_type(Raw::NONE);
        row.review_reason = Raw(reason);
        maker.rows.push(row);
        maker.details.push(CldDetail { review_outcomes: Raw(outcome), ..CldDetail::default() });
        maker.single.push(CareEvent { row: n, ..event });
    }
    maker
}

fn results(people: &[Maker], frame: &Frame) -> Results {
    let results = same_however_split(|| Reviews::new(frame), people, frame);
    assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn counts(results: &Results, part: &str, stratum: &str) -> [i64; 2] {
    numbers(results, part, ENGLAND, stratum).map(|count| count.unwrap_or(-1))
}

#[test]
fn section_3_example_half_of_the_planned_reviews_achieved_their_outcomes() {
    let planned = |outcome| (review(R::Planned, "2025-06-01", "2025-06-02"), outcome, 1);
    let unplanned = (review(R::Unplanned, "2025-07-01", "2025-07-02"), 1, 2);
    let people = [person(&[planned(1), planned(1), planned(0), planned(3), unplanned])];
    let results = results(&people, &year());
    let kind = "type=Planned review of long term support";
    assert_eq!(counts(&results, "reviews", kind), [4, 1]);
    assert_eq!(counts(&results, "reviews", "type=Unplanned"), [1, 1]);
    assert_eq!(counts(&results, "reviews", ""), [5, 1]);
    assert_eq!(counts(&results, "outcomes", "outcome=Fully achieved"), [2, 4]);
    assert_eq!(counts(&results, "outcomes", "outcome=Not recorded"), [1, 4]);
    assert_eq!(counts(&results, "outcomes", "outcome=Invalid and not mapped"), [1, 4]);
    assert_eq!(counts(&results, "reasons", "reason=Unplanned - Carer related"), [1, 1]);
    let share = results.measures.iter().find(|row| row.part == "outcomes").unwrap();
    assert_eq!((share.value, share.unit), (Value::Percent(1), Unit::Percent));
}

#[test]
fn section_3_unlisted_outcomes_and_reasons_are_neither_blank_nor_invalid() {
    let people = [person(&[
        (review(R::Planned, "2025-06-01", "2025-06-02"), 4, 1),
        (review(R::Unplanned, "2025-06-01", "2025-06-02"), 0, 3),
    ])];
    let results = results(&people, &year());
    assert_eq!(counts(&results, "outcomes", "outcome=Not in the code list"), [1, 1]);
    assert_eq!(counts(&results, "reasons", "reason=Not in the code list"), [1, 1]);
}

#[test]
fn p10_an_invalid_reason_and_a_null_reason_are_two_cells() {
    let people = [person(&[
        (review(R::Unknown, "2025-06-01", "2025-06-02"), 0, 0),
        (review(R::None, "2025-06-01", "2025-06-02"), 0, 0),
        (review(R::ShortTerm, "2025-06-01", "2025-06-02"), 0, 0),
    ])];
    let results = results(&people, &year());
    for kind in ["Review Type Unknown", "Not recorded", "Review of short term support"] {
        assert_eq!(counts(&results, "reviews", &format!("type={kind}")), [1, 1]);
    }
}

#[test]
fn section_3_reviews_of_people_receiving_long_term_support() {
    let people = [person(&[
        (service(S::Community, "2025-05-01", "2025-06-01"), 0, 0),
        (review(R::Planned, "2025-06-01", "2025-06-20"), 1, 1),
        (review(R::Planned, "2025-06-02", "2025-06-20"), 1, 1),
    ])];
    let results = results(&people, &year());
    assert_eq!(counts(&results, "reviews", "receiving_lts=Yes"), [1, 1]);
    let both = "type=Planned review of long term support; receiving_lts=No";
    assert_eq!(counts(&results, "reviews", both), [1, 1]);
}

#[test]
fn section_3_coverage_is_of_people_supported_all_of_the_last_12_months() {
    let long = |start, end| (service(S::Community, start, end), 0, 0);
    let reviewed = (review(R::Unplanned, "2025-06-01", "2025-06-02"), 0, 2);
    let people = [
        person(&[long("2024-01-01", "-"), reviewed]),
        // without a day between two services
        person(&[long("2025-04-01", "2025-08-31"), long("2025-09-01", "2026-03-31")]),
        // a day between
        person(&[long("2025-04-01", "2025-08-31"), long("2025-09-02", "-"), reviewed]),
        // a long row around a short one
        person(&[long("2025-03-01", "-"), long("2025-04-01", "2025-04-02"), reviewed]),
        // begins or ends a day short
        person(&[long("2025-04-02", "-"), reviewed]),
        person(&[long("2024-04-01", "2026-03-30"), reviewed]),
        // reviewed by another council, and after the period
        person(&[long("2024-04-01", "-"), (reviewed.0.la(SOUTHTON), 0, 2)]),
        person(&[long("2024-04-01", "-"), (review(R::Planned, "2026-03-30", "2026-04-01"), 0, 1)]),
    ];
    let results = results(&people, &year());
    assert_eq!(counts(&results, "coverage", ""), [2, 5]);
    assert_eq!(numbers(&results, "coverage", "400", ""), [Some(0), Some(0)]);
}

#[test]
fn reviews_count_by_their_end_and_only_completed_ones() {
    let of = |start, end| (review(R::Planned, start, end), 1, 1);
    let people = [person(&[
        of("2025-03-01", "2025-04-01"),
        of("2026-03-01", "2026-04-01"),
        of("2025-06-01", "-"),
        (event(E::Request, "2025-06-01", "2025-06-02"), 0, 0),
    ])];
    let results = results(&people, &year());
    assert_eq!(counts(&results, "reviews", ""), [1, 1]);
    let left: Vec<_> = results.attrition.iter().map(|step| step.records_left).collect();
    assert_eq!(left, [4, 3, 2, 1]);
}

#[test]
fn a_period_that_the_table_does_not_cover_is_not_available() {
    let mut frame = year();
    frame.study.periods = vec![period("2022-04-01", "2023-03-31")];
    let results = results(&[], &frame);
    assert!(results.measures.iter().all(|row| row.value == Value::Unavailable));
    assert_eq!(results.measures.len(), 2);
    let none = Frame { single: None, joined: None, ..frame };
    assert_eq!(same_however_split(|| Reviews::new(&none), &[], &none), Results::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn counts_are_those_of_a_slow_reference(
        people in prop::collection::vec(prop::collection::vec(
            (0..600i32, prop::option::of(0..600i32), 0..2usize, 0..5usize, 0..5u16, 1..3u16), 0..8,
        ), 0..6)
    ) {
        let frame = year();
        let origin = day("2024-12-01");
        let kinds = [R::None, R::Planned, R::Unplanned, R::ShortTerm, R::Unknown];
        let makers: Vec<Maker> = people.iter().map(|events| {
            let events: Vec<_> = events.iter().map(|&(start, end, is_review, kind, outcome, la)| {
                let start = origin.plus(start);
                let end = end.map(|days| start.plus(days)).into();
                let made = if is_review == 1 {
                    review(kinds[kind], "2025-01-01", "-")
                } else {
                    service([S::Community, S::StMax][kind % 2], "2025-01-01", "-")
                };
                (CareEvent { start, end, ..made.la(la) }, outcome, outcome.min(3))
            }).collect();
            person(&events)
        }).collect();
        let results = results(&makers, &frame);
        let mut wanted: BTreeMap<(String, String), [i64; 2]> = BTreeMap::new();
        let mut people: BTreeSet<(String, usize, u16)> = BTreeSet::new();
        for (n, maker) in makers.iter().enumerate() {
            let in_year = |event: &CareEvent| {
                event.event_type == E::Review
                    && event.end.get().is_some_and(|end| day("2025-04-01") <= end && end <= day("2026-03-31"))
            };
            for event in maker.single.iter().filter(|event| in_year(event)) {
                let kind = match event.review_type {
                    R::Planned => "Planned review of long term support",
                    R::Unplanned => "Unplanned",
                    R::ShortTerm => "Review of short term support",
                    R::Unknown => "Review Type Unknown",
                    R::None => "Not recorded",
                };
                for stratum in [String::new(), format!("type={kind}")] {
                    let counts = wanted.entry(("reviews".into(), stratum.clone())).or_default();
                    counts[0] += 1;
                    counts[1] += i64::from(people.insert((stratum, n, event.la)));
                }
                if event.review_type == R::Planned {
                    let raw = maker.details[event.row as usize].review_outcomes.0;
                    let label = ["Not recorded", "Fully achieved", "Not achieved",
                        "Invalid and not mapped", "Not in the code list"][usize::from(raw)];
                    wanted.entry(("outcomes".into(), format!("outcome={label}"))).or_default()[0] += 1;
                }
            }
            for la in 1..3 {
                let of = |event: &&CareEvent| event.la == la;
                let every_day = (0..365).all(|n| {
                    let at = day("2025-04-01").plus(n);
                    maker.single.iter().filter(of).any(|event| {
                        event.service_type == S::Community && event.start <= at
                            && event.end.get().is_none_or(|end| at <= end)
                    })
                });
                if every_day {
                    let counts = wanted.entry(("coverage".into(), String::new())).or_default();
                    counts[1] += 1;
                    counts[0] += i64::from(maker.single.iter().filter(of).any(in_year));
                }
            }
        }
        for ((part, stratum), mut counts) in wanted {
            if part == "outcomes" {
                let planned = "type=Planned review of long term support";
                counts[1] = numbers(&results, "reviews", ENGLAND, planned)[0].unwrap();
            }
            prop_assert_eq!(numbers(&results, &part, ENGLAND, &stratum), counts.map(Some), "{} {}", part, stratum);
        }
        let rows = results.measures.iter().filter(|row| row.area == Area::england() && row.part == "outcomes");
        let sum: i64 = rows.filter_map(|row| row.numerator).sum();
        let planned = results.measures.iter().find(|row| {
            row.area == Area::england() && row.stratum == "type=Planned review of long term support"
        });
        prop_assert_eq!(sum, planned.and_then(|row| row.numerator).unwrap_or(0));
    }
}
