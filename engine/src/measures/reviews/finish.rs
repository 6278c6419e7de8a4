//! Figures and attrition from the counts.

use super::{Cell, FILTERS, Reviews};
use crate::attrition::Steps;
use crate::figure::{Area, AreaType, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::ledger::Sum;
use crate::measures::{Measure, review_type_label};
use std::collections::BTreeMap;
use throughcare_linkage::cld::event::ReviewType;
use throughcare_linkage::day::Period;

/// The cells of an area.
type Cells = BTreeMap<(u16, Cell), Sum>;

/// Adds the figures of each period. The total of `reviews` and `coverage` are there for every area,
/// the rest where there are reviews. A period that the table does not cover is not available.
pub(super) fn figures(measure: &Reviews, frame: &Frame, out: &mut Vec<Figure>) {
    let areas = measure.ledger.areas(&measure.places, frame);
    for (n, &period) in (0u16..).zip(&measure.periods) {
        if !measure.table.covers(period) {
            let england = areas.iter().filter(|(area, _)| area.kind == AreaType::England);
            for part in ["reviews", "coverage"] {
                out.extend(england.clone().map(|(area, _)| figure(part, period, area)));
            }
            continue;
        }
        for (area, cells) in &areas {
            reviews(n, period, area, cells, out);
        }
        // England is first; where it has a value, every area with such reviews has a row
        let values: Vec<Cell> = areas.first().map_or_else(Vec::new, |(_, cells)| values(n, cells));
        for (area, cells) in &areas {
            shares((n, period), area, cells, &values, frame, out);
        }
        for (area, cells) in &areas {
            let people = |cell| cells.get(&(n, cell)).map_or(0, |sum: &Sum| sum.people);
            let counts = [people(Cell::Reviewed), people(Cell::Supported)];
            out.push(share(Unit::People, counts, figure("coverage", period, area)));
        }
    }
}

fn reviews(n: u16, period: Period, area: &Area, cells: &Cells, out: &mut Vec<Figure>) {
    let total = (n, Cell::Reviews(None, None));
    let none = Sum::default();
    let counted = |sum: &Sum, stratum: String| Figure {
        stratum,
        numerator: Some(sum.records),
        denominator: Some(sum.people),
        value: Value::Count,
        unit: Unit::Events,
        counts: Unit::Events,
        ..figure("reviews", period, area)
    };
    out.push(counted(cells.get(&total).unwrap_or(&none), String::new()));
    for (&(of, cell), sum) in cells.range(total..) {
        let Cell::Reviews(kind, flag) = cell else { break };
        if of == n && (kind.is_some() || flag.is_some()) {
            let kind = kind.map(|kind| format!("type={}", review_type_label(kind)));
            let flag =
                flag.map(|flag| format!("receiving_lts={}", if flag { "Yes" } else { "No" }));
            let stratum: Vec<String> = kind.into_iter().chain(flag).collect();
            out.push(counted(sum, stratum.join("; ")));
        }
    }
}

/// The outcomes and reasons of a period.
fn values(n: u16, cells: &Cells) -> Vec<Cell> {
    let of_period = cells.keys().filter(|(of, _)| *of == n).map(|&(_, cell)| cell);
    of_period.filter(|cell| matches!(cell, Cell::Outcomes(_) | Cell::Reasons(_))).collect()
}

/// Planned reviews by outcomes achieved, unplanned ones by reason.
fn shares(
    (n, period): (u16, Period),
    area: &Area,
    cells: &Cells,
    values: &[Cell],
    frame: &Frame,
    out: &mut Vec<Figure>,
) {
    let records = |cell| cells.get(&(n, cell)).map_or(0, |sum| sum.records);
    for &cell in values {
        let (part, stratum, kind) = match cell {
            Cell::Outcomes(value) => {
                let label = frame.coded.review_outcomes.label(value);
                ("outcomes", format!("outcome={label}"), ReviewType::Planned)
            }
            Cell::Reasons(value) => {
                let label = frame.coded.review_reason.label(value);
                ("reasons", format!("reason={label}"), ReviewType::Unplanned)
            }
            _ => continue,
        };
        let base = records(Cell::Reviews(Some(kind), None));
        if base > 0 {
            let figure = Figure { stratum, ..figure(part, period, area) };
            out.push(share(Unit::Events, [records(cell), base], figure));
        }
    }
}

fn share(counts: Unit, [numerator, denominator]: [i64; 2], figure: Figure) -> Figure {
    let (numerator, denominator) = (Some(numerator), Some(denominator));
    Figure { numerator, denominator, value: Value::Percent(1), counts, ..figure }
}

fn figure(part: &str, period: Period, area: &Area) -> Figure {
    Figure {
        measure: Reviews::NAME,
        part: part.into(),
        period,
        area: area.clone(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Unavailable,
        interval: None,
        unit: Unit::Percent,
        counts: Unit::People,
    }
}

/// Adds the attrition of each period, from the events of the table to the reviews that count.
pub(super) fn attrition(measure: &Reviews, out: &mut Vec<AttritionStep>) {
    for (&period, counts) in measure.periods.iter().zip(&measure.attrition) {
        let Period { start, end } = period;
        let of = Steps { measure: Reviews::NAME, part: "", period, unit: Unit::Events };
        let first = ("section 3", format!("events of the {} table", measure.table.name()));
        let filters: [(&'static str, String); FILTERS] = [
            ("section 2", "not a review".into()),
            ("section 1", "review without an end".into()),
            ("section 1", format!("did not end from {start} to {end}")),
        ];
        counts.steps(&of, first, filters, out);
    }
}
