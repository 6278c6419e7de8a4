//! The ASCOF measures of NHS England.

mod examples;
mod reference;
mod traps;

use super::*;
use crate::figure::{Figure, Unit, Value};
use crate::measures::Settings;
use crate::measures::all::Measures;
use crate::measures::fixture;
use crate::measures::salt::fixture::*;
use crate::study::Method;
use std::collections::BTreeMap;

/// Numerator and denominator by part and stratum.
type Shares = BTreeMap<(String, String), (i64, i64)>;

/// The figures of a council in one table, those with an empty denominator left out.
fn shares_by<B: Build>(people: &[Vec<Line>], method: Method, code: &str) -> Shares {
    shares_of(&results::<B>(people, method), code)
}

fn shares_of(results: &Results, code: &str) -> Shares {
    let rows = results.measures.iter().filter(|row| row.area.code == code);
    let counts = |row: &Figure| (row.numerator.unwrap_or(0), row.denominator.unwrap_or(0));
    rows.filter(|row| counts(row).1 > 0)
        .map(|row| ((row.part.clone(), row.stratum.clone()), counts(row)))
        .collect()
}

/// Numerator and denominator of a part and stratum in Northton, as published.
fn share<B: Build>(people: &[Vec<Line>], part: &str, stratum: &str) -> (i64, i64) {
    let shares = shares_by::<B>(people, Method::AsPublished, NORTH);
    shares.get(&(part.into(), stratum.into())).copied().unwrap_or_default()
}

/// People admitted, younger and older.
fn admitted_by(people: &[Vec<Line>], method: Method, code: &str) -> [i64; 2] {
    let count = |results: Results| fixture::figure(&results, "nhse-2324", code, "").numerator;
    [
        count(results::<admissions::Ascof2b>(people, method)).unwrap_or(-1),
        count(results::<admissions::Ascof2c>(people, method)).unwrap_or(-1),
    ]
}

fn admitted(lines: &[Line]) -> [i64; 2] {
    admitted_by(&[lines.to_vec()], Method::AsPublished, NORTH)
}

const PART: &str = "nhse-2324";
