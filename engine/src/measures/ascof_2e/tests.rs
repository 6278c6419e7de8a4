//! Section 9 of the specification, example by example and trap by trap.

mod examples;
mod reference;

use super::*;
use crate::figure::{Results, Unit, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{self, Maker};
use throughcare_linkage::codes::cld::{Component as C, Gender as G, ServiceType as S};
use throughcare_linkage::records::cld::CldDetail;

const OWNER: &str = "Owner occupier or shared ownership scheme";
const TENANT: &str = "Tenant: Private landlord";
const CARE_HOME: &str = "Registered care home";
const LD: &str = "Learning disability support";

/// The year of the worked example.
fn year() -> Period {
    period("2025-04-01", "2026-03-31")
}

/// Long-term community support of the year.
fn community(start: &str, end: &str, gender: G) -> CareEvent {
    service(S::Community, start, end).gender(gender)
}

fn results(people: &[Maker]) -> Results {
    let frame = frame(&[year()]);
    let results =
        same_however_split(|| Ascof2e::with_settings(&Settings::default(), &frame), people, &frame);
    fixture::assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

/// Numerator and denominator in Northton.
fn north(results: &Results, part: &str, stratum: &str) -> [i64; 2] {
    numbers(results, part, NORTH, stratum).map(Option::unwrap)
}
