//! Figures and attrition from the counts.

use super::{Cell, FILTERS, Fact, Intensity, Kind, Level, Settings};
use crate::attrition::Steps;
use crate::figure::{Area, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::ledger::Sum;
use crate::measures::service_cost::quotient;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::day::Period;

/// The cells of an area.
type Cells = BTreeMap<Cell, Sum>;

/// Adds the figures. Means of everyone are there for every area. Where England has a band or a
/// change, every area with people to take a share of has a row for it.
pub(super) fn figures(measure: &Intensity, frame: &Frame, out: &mut Vec<Figure>) {
    let areas = measure.ledger.areas(&measure.places, frame);
    // England is first and has every cell
    let England { levels, facts } = areas.first().map_or_else(England::default, England::of);
    for (n, &quarter) in (0u16..).zip(&measure.quarters) {
        for kind in [Kind::Hours, Kind::Cost] {
            for (area, cells) in &areas {
                for &level in &levels {
                    let sum = cells.get(&(n, kind, level, Fact::Sum));
                    if let Some(sum) = sum.copied().or((level == Level::Total).then(Sum::default)) {
                        out.push(mean(kind, level, &sum, figure(quarter, area)));
                    }
                }
            }
            for (area, cells) in &areas {
                for &(_, of, level, fact) in
                    facts.iter().filter(|cell| (cell.0, cell.1) == (n, kind))
                {
                    let figure = figure(quarter, area);
                    out.extend(share((n, of, level, fact), cells, &measure.settings, figure));
                }
            }
        }
    }
}

/// What England has.
#[derive(Default)]
struct England {
    levels: BTreeSet<Level>,
    facts: Vec<Cell>,
}

impl England {
    fn of((_, cells): &(Area, Cells)) -> Self {
        let levels = std::iter::once(Level::Total).chain(cells.keys().map(|cell| cell.2)).collect();
        let is_share = |cell: &&Cell| matches!(cell.3, Fact::Band(_) | Fact::Change(_));
        Self { levels, facts: cells.keys().filter(is_share).copied().collect() }
    }
}

/// The mean of people, to hundredths of an hour or pence.
fn mean(kind: Kind, level: Level, sum: &Sum, figure: Figure) -> Figure {
    let (part, unit) = match kind {
        Kind::Hours => ("hours", Unit::HoursAWeek),
        Kind::Cost => ("weekly_cost", Unit::PoundsAWeek),
    };
    let by = i128::from(sum.people) * kind.one() / 100;
    let value = (by > 0).then(|| quotient(sum.amount, by) as f64 / 100.0);
    Figure {
        part: part.into(),
        stratum: stratum(level).into_iter().collect(),
        denominator: Some(sum.people),
        value: value.map_or(Value::Unavailable, Value::Statistic),
        unit,
        ..figure
    }
}

/// A band or a change as a share of people, if there are any.
fn share(
    (n, kind, level, fact): Cell,
    cells: &Cells,
    settings: &Settings,
    figure: Figure,
) -> Option<Figure> {
    let people = |fact| cells.get(&(n, kind, level, fact)).map_or(0, |sum| sum.people);
    let name = match kind {
        Kind::Hours => "hours",
        Kind::Cost => "weekly_cost",
    };
    let (part, value, base) = match fact {
        Fact::Band(position) => {
            let band = band(settings.edges(kind), usize::from(position));
            (format!("{name}_band"), format!("band={band}"), people(Fact::Sum))
        }
        Fact::Change(change) => {
            let change = match change {
                Ordering::Less => "Less",
                Ordering::Equal => "The same",
                Ordering::Greater => "More",
            };
            (format!("{name}_change"), format!("change={change}"), people(Fact::Both))
        }
        Fact::Sum | Fact::Both => return None,
    };
    let stratum: Vec<String> = stratum(level).into_iter().chain([value]).collect();
    (base > 0).then(|| Figure {
        part,
        stratum: stratum.join("; "),
        numerator: Some(people(fact)),
        denominator: Some(base),
        value: Value::Percent(1),
        unit: Unit::Percent,
        ..figure
    })
}

/// A band in words: its lower edge is the upper edge of the band before, not included.
fn band(edges: &[u32], position: usize) -> String {
    let upper = edges.get(position);
    let lower = position.checked_sub(1).and_then(|n| edges.get(n));
    match (lower, upper) {
        (None, Some(upper)) => format!("up to {upper}"),
        (Some(lower), Some(upper)) => format!("over {lower} to {upper}"),
        (Some(lower), None) => format!("over {lower}"),
        (None, None) => String::new(),
    }
}

fn stratum(level: Level) -> Option<String> {
    let known = |label: &'static str| if label.is_empty() { "Not recorded" } else { label };
    match level {
        Level::Total => None,
        Level::Setting(kind) => Some(format!("setting={}", known(kind.label()))),
        Level::Component(component) => Some(format!("component={}", known(component.label()))),
    }
}

fn figure(quarter: Period, area: &Area) -> Figure {
    Figure {
        measure: Intensity::NAME,
        part: String::new(),
        period: quarter,
        area: area.clone(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Unavailable,
        interval: None,
        unit: Unit::People,
        counts: Unit::People,
    }
}

/// Adds the attrition of each quarter, from the events of the table to those that count.
pub(super) fn attrition(measure: &Intensity, out: &mut Vec<AttritionStep>) {
    for (&quarter, counts) in measure.quarters.iter().zip(&measure.attrition) {
        let day = quarter.end;
        let of = Steps { measure: Intensity::NAME, part: "", period: quarter, unit: Unit::Events };
        let first = ("engine", format!("events of the {} table", measure.table.name()));
        let filters: [(&'static str, String); FILTERS] = [
            ("section 2", "not a service".into()),
            ("section 4", "not of a service user".into()),
            ("section 4", format!("not open on {day}")),
            ("section 4", format!("died before {day}")),
            ("section 5", "neither planned hours nor a cost a week".into()),
        ];
        counts.steps(&of, first, filters, out);
    }
}
