//! Reablement in a few words, and what a person's episodes count as.

use super::super::{Ascof2a, Settings};
use crate::figure::{Results, Value};
use crate::frame::Frame;
use crate::measures::Measure;
pub use crate::measures::care_fixture::*;
use crate::measures::fixture::{self, Maker};
use crate::study::Method;
use throughcare_linkage::cld::event::CareEvent;
pub use throughcare_linkage::codes::cld::{
    ClientType, Component as C, EventType as E, Outcome as O, ServiceType as S,
};
use throughcare_linkage::day::Period;

/// The year of the worked example.
pub fn year() -> Period {
    period("2025-04-01", "2026-03-31")
}

pub fn year_frame() -> Frame {
    frame(&[year()])
}

/// Reablement with an outcome.
pub fn st_max(start: &str, end: &str, outcome: O) -> CareEvent {
    service(S::StMax, start, end).component(C::Reablement).outcome(outcome)
}

pub fn results_in(frame: &Frame, people: &[Maker]) -> Results {
    let results =
        same_however_split(|| Ascof2a::with_settings(&Settings::default(), frame), people, frame);
    fixture::assert_attrition_adds_up(&results);
    results
}

pub fn results(people: &[Maker]) -> Results {
    results_in(&year_frame(), people)
}

/// Sequel type, final outcome, denominator and numerator of every kind of episode of a person in
/// Northton, each of which must be there once.
pub fn sequels(method: Method, events: &[CareEvent]) -> Vec<(String, String, i64, i64)> {
    let mut frame = year_frame();
    frame.study.method = method;
    let results = results_in(&frame, &[someone(events)]);
    let rows = results.measures.iter();
    rows.filter(|row| row.part == "sequel" && row.area.code == NORTH)
        .map(|row| {
            assert_eq!(row.value, Value::Statistic(1.0));
            let pairs: Vec<&str> = row.stratum.split("; ").collect();
            let value = |n: usize| pairs[n].split_once('=').unwrap().1.to_owned();
            (value(1), value(2), row.denominator.unwrap(), row.numerator.unwrap())
        })
        .collect()
}

/// The same of the only episode; nothing when none is in scope.
pub fn sequel_of(events: &[CareEvent]) -> Option<(String, String, i64, i64)> {
    let mut found = sequels(Method::AsPublished, events);
    assert!(found.len() < 2, "more than one episode: {found:?}");
    found.pop()
}

/// Sequel type and final outcome as one text; empty when no episode is in scope.
pub fn sequel(events: &[CareEvent]) -> String {
    sequel_of(events).map(|(sequel, outcome, ..)| format!("{sequel} {outcome}")).unwrap_or_default()
}

#[test]
fn no_people_make_only_the_grid() {
    let results = results_of_nobody();
    let rows: Vec<_> = results
        .measures
        .iter()
        .map(|row| (row.area.code.as_str(), row.stratum.as_str(), row.numerator, row.denominator))
        .collect();
    let mut wanted = Vec::new();
    for area in [ENGLAND, "North", "South", "100", "200", "400"] {
        for stratum in ["", "age_band=18 to 64", "age_band=65 and above"] {
            wanted.push((area, stratum, Some(0), Some(0)));
        }
    }
    assert_eq!(rows, wanted);
    // published as 0, not as missing
    assert!(results.measures.iter().all(|row| row.value == Value::Count));
    assert_eq!(Ascof2a::NAME, "ascof_2a");
}

fn results_of_nobody() -> Results {
    let frame = year_frame();
    fixture::results(Ascof2a::new(&frame), &[], &frame)
}
