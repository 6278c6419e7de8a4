//! Section 10 of the specification, example by example and trap by trap.

mod carers;
mod clients;
mod reference;

use super::*;
use crate::figure::{Results, Unit, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{self, Maker};
use throughcare_linkage::codes::cld::{
    Component as C, EventType, Mechanism as M, Outcome as O, ServiceType as S,
};

/// The year of the worked example.
fn year() -> Period {
    period("2025-04-01", "2026-03-31")
}

fn results_by(method: Method, people: &[Maker]) -> Results {
    let mut frame = frame(&[year()]);
    frame.study.method = method;
    let results =
        same_however_split(|| Ascof3d::with_settings(&Settings::default(), &frame), people, &frame);
    fixture::assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn results(people: &[Maker]) -> Results {
    results_by(Method::AsPublished, people)
}

/// Numerator and denominator in Northton.
fn north(results: &Results, part: &str, stratum: &str) -> [Option<i64>; 2] {
    numbers(results, part, NORTH, stratum)
}

#[test]
fn the_grid_has_every_council_part_and_band() {
    let results = results(&[]);
    let of = |part: &str| results.measures.iter().filter(|row| row.part == part).count();
    let areas = 6; // England, two regions, three councils
    for part in ["1a_clients_self_directed", "2a_clients_direct_payment"] {
        assert_eq!(of(part), areas * 3);
    }
    for part in ["1b_carers_self_directed", "2b_carers_direct_payment"] {
        assert_eq!(of(part), areas * 3);
    }
    for part in ["clients_unknown_mechanism", "carers_unknown_mechanism"] {
        assert_eq!(of(part), areas);
    }
    // published as 0, not as missing
    assert!(results.measures.iter().all(|row| row.numerator == Some(0)));
    assert!(results.measures.iter().all(|row| row.value == Value::Count));
}

#[test]
fn two_periods_are_counted_apart_and_own_periods_replace_them() {
    let periods = [period("2024-04-01", "2025-03-31"), year()];
    let frame = frame(&periods);
    let person = someone(&[service(S::Community, "2025-06-01", "-").mechanism(M::Commissioned)]);
    let make = || Ascof3d::with_settings(&Settings::default(), &frame);
    let results = same_however_split(make, &[person], &frame);
    let people = periods.map(|period| {
        let mut rows = results.measures.iter().filter(|row| row.period == period);
        rows.find(|row| row.area.code == ENGLAND).unwrap().denominator.unwrap()
    });
    assert_eq!(people, [0, 1]);
    let own = Settings { periods: vec![periods[0]] };
    let results = fixture::results(Ascof3d::with_settings(&own, &frame), &[], &frame);
    assert!(results.measures.iter().all(|row| row.period == periods[0]));
    assert!(Settings { periods: vec![period("2025-01-02", "2025-01-01")] }.check().is_err());
}
