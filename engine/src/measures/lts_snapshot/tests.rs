use super::*;
use crate::measures::care_fixture::*;
use crate::measures::fixture::{Maker, assert_attrition_adds_up};
use ServiceType as S;
use proptest::prelude::*;
use std::collections::BTreeSet;

const YEAR: (&str, &str) = ("2025-04-01", "2026-03-31");

/// Both tables cover the year; there is a snapshot on each of these days.
fn on(days: &[&str]) -> Frame {
    let year = period(YEAR.0, YEAR.1);
    Frame {
        single: Some(year),
        joined: Some(period("2023-04-01", YEAR.1)),
        snapshots: days.iter().map(|text| day(text)).collect(),
        ..frame(&[year])
    }
}

/// A person with the same events in both tables.
fn both(events: &[CareEvent]) -> Maker {
    let maker = someone(events);
    Maker { single: maker.joined.clone(), ..maker }
}

fn results(people: &[Maker], frame: &Frame) -> Results {
    let results = same_however_split(|| LtsSnapshot::new(frame), people, frame);
    if !results.attrition.is_empty() {
        assert_attrition_adds_up(&results);
    }
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn count(results: &Results, area: &str, stratum: &str) -> i64 {
    let [people, denominator] = numbers(results, "single", area, stratum);
    assert_eq!(denominator, None);
    people.unwrap()
}

#[test]
fn section_4_example_two_settings_count_in_each_and_once_in_the_total() {
    let people = [
        both(&[service(S::Nursing, "2025-05-01", "-"), service(S::Community, "2025-04-02", "-")]),
        both(&[service(S::Community, "2025-06-01", "2026-03-31")]),
        both(&[service(S::Community, "2025-06-01", "2026-03-30")]),
    ];
    let results = results(&people, &on(&["2026-03-31"]));
    assert_eq!(count(&results, ENGLAND, "setting=Nursing"), 1);
    assert_eq!(count(&results, NORTH, "setting=Community"), 2);
    assert_eq!(count(&results, NORTH, "setting=Community; age_band=65 and above"), 2);
    for area in [ENGLAND, "North", NORTH] {
        assert_eq!(count(&results, area, ""), 2);
    }
    // listed, without records: a zero
    assert_eq!(count(&results, "400", ""), 0);
}

#[test]
fn section_4_start_and_death_on_the_day_count_and_other_services_do_not() {
    let carer = ClientType::UnpaidCarer;
    let long = |start, end| service(S::Community, start, end);
    let people = [
        both(&[long("2025-06-30", "-")]),
        both(&[long("2025-07-01", "-")]),
        both(&[long("2025-05-01", "-").died("2025-06-30")]),
        both(&[long("2025-05-01", "-").died("2025-06-29")]),
        both(&[service(S::StMax, "2025-05-01", "-")]),
        both(&[CareEvent { client_type: carer, ..long("2025-05-01", "-") }]),
        both(&[long("2025-05-01", "-").kind(EventType::Request)]),
    ];
    let results = results(&people, &on(&["2025-06-30"]));
    assert_eq!(count(&results, ENGLAND, ""), 2);
    let left: Vec<_> = results.attrition[..7].iter().map(|step| step.records_left).collect();
    assert_eq!(left, [7, 6, 5, 4, 3, 3, 2]);
}

#[test]
fn p24_age_is_that_of_the_latest_details_on_the_day() {
    let long = |start: &str| service(S::Community, start, "-");
    let people = [
        both(&[long("2025-04-02").born(1961, 1), long("2025-04-03").unborn()]),
        both(&[long("2025-04-02").unborn()]),
        both(&[long("2025-04-02").born(2010, 1)]),
        both(&[long("2025-04-02").born(2025, 4)]),
    ];
    // turns 65 by the department's formula in January 2026
    let results = results(&people, &on(&["2025-12-31", "2026-01-31"]));
    let bands = |n: usize| -> Vec<(String, i64)> {
        let day = [day("2025-12-31"), day("2026-01-31")][n];
        let rows = results.measures.iter().filter(|row| {
            row.part == "single"
                && row.period.start == day
                && row.area.code == ENGLAND
                && row.stratum.starts_with("age_band")
        });
        rows.map(|row| (row.stratum.replace("age_band=", ""), row.numerator.unwrap())).collect()
    };
    let wanted = |older: &str| {
        vec![("Under 18".to_owned(), 1), (older.to_owned(), 1), ("Unknown".to_owned(), 2)]
    };
    assert_eq!(bands(0), wanted("18 to 64"));
    assert_eq!(bands(1), wanted("65 and above"));
}

#[test]
fn the_default_days_are_the_month_ends_of_the_period_that_a_table_covers() {
    let study = period("2025-02-10", "2025-06-29");
    let frame = Frame { study: frame(&[study]).study, ..on(&[]) };
    let found = results(&[both(&[service(S::Prison, "2025-01-01", "-")])], &frame);
    let days = |part: &str| -> Vec<String> {
        let rows = found.measures.iter();
        let rows = rows.filter(|row| row.part == part && row.area.code == ENGLAND);
        rows.filter(|row| row.stratum.is_empty()).map(|row| row.period.end.to_string()).collect()
    };
    assert_eq!(days("single"), ["2025-04-30", "2025-05-31"]);
    assert_eq!(days("joined"), ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]);
    // no table, no figures
    let without = Frame { single: None, joined: None, ..frame };
    let measure = LtsSnapshot::new(&without);
    let mut none = Results::default();
    measure.finish(&without, &mut none);
    assert_eq!(none, Results::default());
}

#[test]
fn the_tables_count_apart_and_a_person_counts_in_each_council() {
    let in_two = [
        service(S::Community, "2025-05-01", "-"),
        service(S::Community, "2025-05-01", "-").la(SOUTHTON),
    ];
    let person =
        Maker { single: in_two[..1].to_vec(), joined: in_two.to_vec(), ..Maker::default() };
    let nobody = Maker { nobody: true, ..person.clone() };
    let results = results(&[person, nobody], &on(&["2025-06-30"]));
    assert_eq!(numbers(&results, "single", ENGLAND, "")[0], Some(1));
    assert_eq!(numbers(&results, "joined", ENGLAND, "")[0], Some(2));
    assert_eq!(numbers(&results, "joined", SOUTH, "")[0], Some(1));
}

#[test]
fn an_event_type_that_only_contains_the_word_is_no_service() {
    use throughcare_linkage::codes::cld::Raw;
    let mut person = both(&[service(S::Community, "2025-05-01", "-")]);
    person.rows = vec![row_of_type(Raw(7))];
    person.single[0].row = 0;
    person.joined[0].row = 0;
    let mut frame = on(&["2025-06-30"]);
    assert_eq!(count(&results(&[person.clone()], &frame), ENGLAND, ""), 1);
    frame.inexact_event_types.insert(7);
    assert_eq!(count(&results(&[person], &frame), ENGLAND, ""), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn counts_are_those_of_a_slow_reference(
        people in prop::collection::vec(prop::collection::vec(
            (0..400i32, prop::option::of(0..400i32), prop::option::of(0..400i32), 1..4u16, 0..9usize, 1935..2026i32),
            0..6,
        ), 0..6)
    ) {
        let days = ["2025-05-31", "2025-06-30", "2025-12-31"];
        let frame = on(&days);
        let origin = day("2025-01-01");
        let makers: Vec<Maker> = people.iter().map(|events| {
            let events: Vec<CareEvent> = events.iter().map(|&(start, end, death, la, kind, year)| {
                let event = service(S::ALL[kind], "2025-01-01", "-").la(la).born(year, 6);
                let start = origin.plus(start);
                let end = end.map(|days| start.plus(days)).into();
                let death = death.map(|days| origin.plus(days)).into();
                CareEvent { start, end, death, ..event }
            }).collect();
            both(&events)
        }).collect();
        let results = results(&makers, &frame);
        for text in days {
            let at = day(text);
            let mut wanted: BTreeMap<(u16, String), i64> = BTreeMap::new();
            for maker in &makers {
                let mut strata: BTreeSet<(u16, String)> = BTreeSet::new();
                for event in &maker.joined {
                    let open = event.start <= at
                        && event.end.get().is_none_or(|end| end >= at)
                        && event.death.get().is_none_or(|death| death >= at);
                    if !open || !event.service_type.label().starts_with("Long term support: ") {
                        continue;
                    }
                    let latest = maker.joined.iter().filter(|other| other.la == event.la);
                    let birth = latest.map(|other| other.birth).min().unwrap();
                    let age = at.since(birth.first_day().unwrap()) * 4 / 1461;
                    let band = match age {
                        1..=17 => "Under 18",
                        18..=64 => "18 to 64",
                        65.. => "65 and above",
                        _ => "Unknown",
                    };
                    let name = event.service_type.label().replace("Long term support: ", "");
                    let name = name.replace(" care", "");
                    strata.insert((event.la, String::new()));
                    strata.insert((event.la, format!("setting={name}")));
                    strata.insert((event.la, format!("age_band={band}")));
                    strata.insert((event.la, format!("setting={name}; age_band={band}")));
                }
                for stratum in strata {
                    *wanted.entry(stratum).or_default() += 1;
                }
            }
            let codes = ["", "200", "100", "300"];
            let mut found: BTreeMap<(u16, String), i64> = BTreeMap::new();
            for row in results.measures.iter().filter(|row| row.part == "joined" && row.period.start == at) {
                let la = codes.iter().position(|&code| code == row.area.code);
                if let (Some(la), Some(people @ 1..)) = (la, row.numerator) {
                    found.insert((la as u16, row.stratum.clone()), people);
                }
            }
            prop_assert_eq!(found, wanted);
        }
    }
}
