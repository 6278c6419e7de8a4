//! Figures and attrition from the counts.

use super::market::{Locations, herfindahl, locations};
use super::{CareMarket, Cell, FILTERS, Level, Whose};
use crate::attrition::Steps;
use crate::figure::{Area, AreaType, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::ledger::Sum;
use crate::measures::service_cost::{pounds, quotient};
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::day::Period;

type Areas = [(Area, BTreeMap<Cell, Sum>)];

/// Adds the figures of each quarter: by service type, first the areas, then the locations.
pub(super) fn figures(measure: &CareMarket, frame: &Frame, out: &mut Vec<Figure>) {
    let areas = measure.ledger.areas(&measure.places, frame);
    let names = &frame.cqc_locations;
    // England is first and has every cell
    let Some((_, of_england)) = areas.first() else { return };
    let levels: BTreeSet<Level> = of_england.keys().map(|cell| cell.2).chain([None]).collect();
    for (n, &quarter) in (0u16..).zip(&measure.quarters) {
        for &level in &levels {
            let shared = several_councils((n, level), &areas, names);
            for (area, cells) in &areas {
                let market = locations((n, level), cells, names);
                let make = Make { quarter, area: area.clone(), level };
                council(&make, (n, level), cells, &market, &shared, out);
            }
            if measure.settings.locations {
                for (name, sum) in locations((n, level), of_england, names) {
                    let area =
                        Area { kind: AreaType::Provider, code: name.into(), name: name.into() };
                    packages(&Make { quarter, area, level }, &sum, out);
                }
            }
        }
    }
}

/// The locations with packages of several councils.
fn several_councils<'a>(
    of: (u16, Level),
    areas: &Areas,
    names: &'a [Box<str>],
) -> BTreeSet<&'a str> {
    let mut councils: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, cells) in areas.iter().filter(|(area, _)| area.kind == AreaType::La) {
        for name in locations(of, cells, names).into_keys() {
            *councils.entry(name).or_default() += 1;
        }
    }
    councils.into_iter().filter(|&(_, n)| n > 1).map(|(name, _)| name).collect()
}

/// The parts of England, a region or a council. The packages of all types are there in any case.
fn council(
    make: &Make,
    (n, level): (u16, Level),
    cells: &BTreeMap<Cell, Sum>,
    market: &Locations<'_>,
    shared: &BTreeSet<&str>,
    out: &mut Vec<Figure>,
) {
    let of = |whose| cells.get(&(n, whose, level)).copied().unwrap_or_default();
    let (all, located) = (of(Whose::All), of(Whose::Located));
    if level.is_none() || located.people > 0 {
        packages(make, &located, out);
    }
    if all.records > 0 {
        out.push(make.share("located", [located.records, all.records], Unit::Events));
    }
    if market.is_empty() {
        return;
    }
    let count = market.len() as i64;
    let several = market.keys().filter(|name| shared.contains(*name)).count() as i64;
    let largest = market.values().map(|sum| sum.people).max().unwrap_or(0);
    // in pounds, so that squares have room
    let spend = market.values().map(|sum| quotient(sum.amount, 910_000));
    let clients = market.values().map(|sum| i128::from(sum.people));
    out.push(make.count("locations", count, Unit::Locations));
    out.push(make.share("shared_locations", [several, count], Unit::Locations));
    out.push(make.share("largest_share", [largest, located.people], Unit::People));
    out.push(make.index("hhi_clients", herfindahl(clients), located.people));
    out.push(make.index("hhi_spend", herfindahl(spend), located.people));
}

/// Packages and spend, with the clients behind them. Both have the same counts, so that what
/// disclosure control hides of one it hides of the other.
fn packages(make: &Make, sum: &Sum, out: &mut Vec<Figure>) {
    let counts = |figure: Figure| Figure {
        numerator: Some(sum.records),
        denominator: Some(sum.people),
        counts: Unit::People,
        ..figure
    };
    out.push(Figure { value: Value::Count, unit: Unit::Events, ..counts(make.figure("packages")) });
    out.push(Figure {
        value: Value::Statistic(pounds(sum.amount)),
        unit: Unit::Pounds,
        ..counts(make.figure("spend"))
    });
}

/// Makes the figures of one area and service type.
struct Make {
    quarter: Period,
    area: Area,
    level: Level,
}

impl Make {
    fn figure(&self, part: &str) -> Figure {
        let setting = |kind: ServiceType| match kind.label() {
            "" => "setting=Not recorded".to_owned(),
            label => format!("setting={label}"),
        };
        Figure {
            measure: CareMarket::NAME,
            part: part.into(),
            period: self.quarter,
            area: self.area.clone(),
            stratum: self.level.map(setting).unwrap_or_default(),
            numerator: None,
            denominator: None,
            value: Value::Unavailable,
            interval: None,
            unit: Unit::People,
            counts: Unit::People,
        }
    }

    fn count(&self, part: &str, number: i64, unit: Unit) -> Figure {
        let numerator = Some(number);
        Figure { numerator, value: Value::Count, unit, counts: unit, ..self.figure(part) }
    }

    fn share(&self, part: &str, [numerator, denominator]: [i64; 2], counts: Unit) -> Figure {
        Figure {
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: Value::Percent(1),
            unit: Unit::Percent,
            counts,
            ..self.figure(part)
        }
    }

    fn index(&self, part: &str, index: Option<i128>, clients: i64) -> Figure {
        Figure {
            denominator: Some(clients),
            value: index.map_or(Value::Unavailable, |index| Value::Statistic(index as f64)),
            unit: Unit::Index,
            ..self.figure(part)
        }
    }
}

/// Adds the attrition of each quarter, from the events of the table to the packages with a location.
pub(super) fn attrition(measure: &CareMarket, out: &mut Vec<AttritionStep>) {
    for (&quarter, counts) in measure.quarters.iter().zip(&measure.attrition) {
        let Period { start, end } = quarter;
        let of = Steps { measure: CareMarket::NAME, part: "", period: quarter, unit: Unit::Events };
        let first = ("engine", format!("events of the {} table", measure.table.name()));
        let filters: [(&'static str, String); FILTERS] = [
            ("section 2", "not a service".into()),
            ("engine", "not of a service user".into()),
            ("section 5 step 1", format!("not open on any day from {start} to {end}")),
            ("engine", "ended before it started".into()),
            ("engine", "no CQC location".into()),
        ];
        counts.steps(&of, first, filters, out);
    }
}
