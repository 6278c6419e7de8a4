use super::*;
use crate::figure::{AreaType, Figure, Unit, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{Maker, assert_attrition_adds_up};
use ServiceType as S;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of locations: their order is not that of the identifiers.
const LOCATIONS: [&str; 4] = ["", "1-300", "1-100", "1-200"];

fn quarter() -> Frame {
    let quarter = period("2026-01-01", "2026-03-31");
    let mut frame = frame(&[quarter]);
    frame.single = Some(period("2025-04-01", "2026-03-31"));
    frame.coded.cost_frequency = cost_fields();
    frame.cqc_locations = LOCATIONS.map(Into::into).to_vec();
    frame
}

fn results(people: &[Maker], frame: &Frame) -> Results {
    let results = same_however_split(|| CareMarket::new(frame), people, frame);
    assert_attrition_adds_up(&results);
    results
}

/// A package at a location, at so many pounds a day.
fn package(kind: S, la: u16, location: u32, pounds: i64) -> (CareEvent, CldDetail) {
    let detail = priced_detail("Weekly", Some(pounds * 7_00), None);
    let service = service(kind, "2025-05-01", "-").la(la);
    (service, CldDetail { cqc_location: location, ..detail })
}

fn row<'a>(results: &'a Results, part: &str, area: &str, stratum: &str) -> Option<&'a Figure> {
    let found = |row: &&Figure| row.part == part && row.area.code == area && row.stratum == stratum;
    results.measures.iter().find(found)
}

fn counts(results: &Results, part: &str, area: &str, stratum: &str) -> [i64; 2] {
    let row =
        row(results, part, area, stratum).unwrap_or_else(|| panic!("{part} {area} {stratum}"));
    [row.numerator, row.denominator].map(|count| count.unwrap_or(-1))
}

fn index(results: &Results, part: &str, area: &str) -> Value {
    row(results, part, area, "").unwrap_or_else(|| panic!("{part} {area}")).value
}

/// Northton: three people at 1-300 and one at 1-100. Southton: one at 1-100, one without a location.
fn example() -> Vec<Maker> {
    let one = |kind, la, location, pounds| priced(&[package(kind, la, location, pounds)]);
    vec![
        one(S::Residential, NORTHTON, 1, 100),
        one(S::Residential, NORTHTON, 1, 100),
        one(S::Nursing, NORTHTON, 1, 200),
        one(S::Community, NORTHTON, 2, 100),
        one(S::Community, SOUTHTON, 2, 50),
        one(S::Community, SOUTHTON, 0, 50),
    ]
}

#[test]
fn engine_example_clients_locations_shares_and_concentration() {
    let results = results(&example(), &quarter());
    assert_eq!(counts(&results, "packages", NORTH, ""), [4, 4]);
    assert_eq!(counts(&results, "packages", "400", ""), [0, 0]);
    assert_eq!(counts(&results, "located", SOUTH, ""), [1, 2]);
    assert_eq!(counts(&results, "located", ENGLAND, ""), [5, 6]);
    assert_eq!(counts(&results, "locations", ENGLAND, ""), [2, -1]);
    assert_eq!(counts(&results, "largest_share", NORTH, ""), [3, 4]);
    // (3/4)² + (1/4)², of money (4/5)² + (1/5)²
    assert_eq!(index(&results, "hhi_clients", NORTH), Value::Statistic(6250.0));
    assert_eq!(index(&results, "hhi_spend", NORTH), Value::Statistic(6800.0));
    assert_eq!(index(&results, "hhi_clients", SOUTH), Value::Statistic(10_000.0));
    assert_eq!(index(&results, "hhi_clients", ENGLAND), Value::Statistic(5200.0));
    assert_eq!(
        counts(&results, "packages", NORTH, "setting=Long term support: Nursing care"),
        [1, 1]
    );
    // no market, no index
    assert_eq!(row(&results, "hhi_clients", "400", ""), None);
}

#[test]
fn engine_a_location_of_several_councils_is_shared_in_each_of_them() {
    let results = results(&example(), &quarter());
    assert_eq!(counts(&results, "shared_locations", ENGLAND, ""), [1, 2]);
    assert_eq!(counts(&results, "shared_locations", NORTH, ""), [1, 2]);
    assert_eq!(counts(&results, "shared_locations", SOUTH, ""), [1, 1]);
}

#[test]
fn engine_locations_are_areas_in_the_order_of_their_identifiers() {
    let results = results(&example(), &quarter());
    let locations: Vec<_> = results
        .measures
        .iter()
        .filter(|row| {
            row.area.kind == AreaType::Provider && row.stratum.is_empty() && row.part == "packages"
        })
        .map(|row| (row.area.code.as_str(), row.numerator, row.denominator))
        .collect();
    assert_eq!(locations, [("1-100", Some(2), Some(2)), ("1-300", Some(3), Some(3))]);
    // 90 days at 100 and at 50 pounds
    let spend = row(&results, "spend", "1-100", "").unwrap();
    assert_eq!((spend.value, spend.unit), (Value::Statistic(13_500.0), Unit::Pounds));
    let settings = Settings { locations: false, ..Settings::default() };
    let frame = quarter();
    let without =
        same_however_split(|| CareMarket::with_settings(&settings, &frame), &example(), &frame);
    assert!(without.measures.iter().all(|row| row.area.kind != AreaType::Provider));
}

#[test]
fn a_person_with_two_packages_is_one_client_and_packages_without_a_cost_still_count() {
    let (mut unpriced, detail) = package(S::Community, NORTHTON, 1, 0);
    unpriced.start = day("2026-03-31");
    let people = [priced(&[package(S::Community, NORTHTON, 1, 10), (unpriced, detail)])];
    let results = results(&people, &quarter());
    assert_eq!(counts(&results, "packages", "1-300", ""), [2, 1]);
    assert_eq!(row(&results, "spend", "1-300", "").unwrap().value, Value::Statistic(900.0));
}

#[test]
fn what_is_left_out_is_counted() {
    let base = package(S::Community, NORTHTON, 1, 10);
    let with = |event: CareEvent| priced(&[(event, base.1)]);
    let carer = CareEvent { client_type: ClientType::UnpaidCarer, ..base.0 };
    let reversed = CareEvent { start: day("2026-02-02"), end: day("2026-02-01").into(), ..base.0 };
    let people = [
        with(base.0.kind(EventType::Request)),
        with(carer),
        with(CareEvent { end: day("2025-12-31").into(), ..base.0 }),
        with(reversed),
        priced(&[package(S::Community, NORTHTON, 0, 10)]),
    ];
    let results = results(&people, &quarter());
    let out: Vec<_> = results.attrition.iter().map(|step| step.records_out).collect();
    assert_eq!(out, [0, 1, 1, 1, 1, 1]);
    assert_eq!(counts(&results, "packages", ENGLAND, ""), [0, 0]);
}

#[test]
fn quarters_outside_the_single_table_have_no_figures() {
    let frame = Frame { single: None, ..quarter() };
    assert_eq!(
        same_however_split(|| CareMarket::new(&frame), &example(), &frame),
        Results::default()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_market_is_that_of_a_slow_reference(
        people in prop::collection::vec(prop::collection::vec((1..4u16, 0..4u32, 0..3usize), 0..5), 0..8)
    ) {
        let kinds = [S::Community, S::Nursing, S::Residential];
        let makers: Vec<Maker> = people.iter().map(|packages| {
            let made: Vec<_> = packages.iter().map(|&(la, at, kind)| package(kinds[kind], la, at, 10)).collect();
            priced(&made)
        }).collect();
        let results = results(&makers, &quarter());
        let codes = ["", "200", "100", "300"];
        // clients of a location in a council
        let mut clients: BTreeMap<(u16, u32), BTreeSet<usize>> = BTreeMap::new();
        let mut located: BTreeMap<u16, BTreeSet<usize>> = BTreeMap::new();
        for (n, packages) in people.iter().enumerate() {
            for &(la, at, _) in packages.iter().filter(|package| package.1 != 0) {
                clients.entry((la, at)).or_default().insert(n);
                located.entry(la).or_default().insert(n);
            }
        }
        for la in 1..4u16 {
            let code = codes[usize::from(la)];
            let Some(located) = located.get(&la) else { continue };
            prop_assert_eq!(counts(&results, "packages", code, "")[1], located.len() as i64);
            let of_council: Vec<f64> = clients.iter().filter(|((of, _), _)| *of == la)
                .map(|(_, people)| people.len() as f64).collect();
            let total: f64 = of_council.iter().sum();
            let wanted: f64 = of_council.iter().map(|n| (100.0 * n / total).powi(2)).sum();
            let Value::Statistic(found) = index(&results, "hhi_clients", code) else { panic!() };
            prop_assert!((found - wanted).abs() < 0.5001);
            let several = clients.keys().filter(|(of, at)| {
                *of == la && clients.keys().filter(|(_, other)| other == at).count() > 1
            });
            prop_assert_eq!(counts(&results, "shared_locations", code, "")[0], several.count() as i64);
        }
        for (at, name) in (0u32..).zip(LOCATIONS).skip(1) {
            let of_location = clients.iter().filter(|((_, other), _)| *other == at);
            let wanted: usize = of_location.map(|(_, people)| people.len()).sum();
            let found = row(&results, "packages", name, "").and_then(|row| row.denominator);
            prop_assert_eq!(found.unwrap_or(0), wanted as i64);
        }
    }
}
