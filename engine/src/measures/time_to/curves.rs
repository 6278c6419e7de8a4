//! Times by cell, and the curves and tests made of them. Whatever has a start, a time in days and an
//! exit can be counted here: nothing is known of stays, states or event logs.

use crate::figure::{AreaType, CurveRow, Figure, Results, Unit, Value};
use crate::place::Places;
use crate::stratum::Dimension;
use crate::survival::{Exit, GroupTest, RiskTable, gray, incidence_curves};
use crate::tally::{Cell, Row, Tally};
use std::collections::BTreeMap;
use throughcare_linkage::day::Period;

/// Times of some people: days and exit by cell. Integers only.
#[derive(Clone, Debug, Default)]
pub struct Times(Tally);

/// What the curves of some times are called.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    /// The column `measure` of the curves.
    pub name: &'a str,
    /// The measure of the figures of Gray's test.
    pub figures: &'static str,
    /// What one start is.
    pub unit: Unit,
    /// Names of the events, by cause.
    pub events: &'a [&'a str],
    /// The periods, by number.
    pub periods: &'a [Period],
    /// The breakdowns.
    pub dimensions: &'a [Dimension],
    /// Days of the curves of regions and councils, which ascend.
    pub horizons: &'a [i32],
    /// Last day of England's curves, which have every day.
    pub horizon: i32,
}

/// Values below this are causes; the last is no event.
const CENSORED: u64 = 0xff;

impl Times {
    /// Counts a start. Days are not negative; causes are below 255.
    pub fn add(&mut self, cell: Cell, days: i32, exit: Exit) {
        let code = match exit {
            Exit::Event(cause) => u64::from(cause),
            Exit::Censored => CENSORED,
        };
        self.0.add(cell, (days.max(0) as u64) << 8 | code);
    }

    /// Adds the times of other people.
    pub fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    /// Adds the curves: by period, England, regions and councils, stratum, then event and day; and for
    /// England the tests between the values of each breakdown.
    pub fn finish(&self, naming: &Naming<'_>, places: &Places, results: &mut Results) {
        let causes = naming.events.len();
        let add = |table: &mut Option<RiskTable>, value: u64, records: i64| {
            let exit = match value & 0xff {
                CENSORED => Exit::Censored,
                cause => Exit::Event(cause as u8),
            };
            table.get_or_insert(RiskTable::new(causes)).add((value >> 8) as i64, exit, records);
        };
        let rows = self.0.rows(places, naming.dimensions, naming.periods.len(), add);
        let every_day: Vec<i32> = (0..=naming.horizon).collect();
        for (row, table) in &rows {
            let (Some(table), Some(stratum)) = (table, naming.stratum(*row)) else { continue };
            let days = if row.kind == AreaType::England { &*every_day } else { naming.horizons };
            let area_code = places.area(row.kind, row.area).code;
            for (event, points) in naming.events.iter().zip(incidence_curves(table, days)) {
                results.curves.extend(points.into_iter().map(|point| CurveRow {
                    measure: naming.name.into(),
                    area_code: area_code.clone(),
                    stratum: stratum.clone(),
                    event: (*event).into(),
                    point,
                }));
            }
        }
        naming.tests(&rows, places, results);
    }
}

impl Naming<'_> {
    /// The stratum of a row; with several periods it names the period first.
    fn stratum(&self, row: Row) -> Option<String> {
        let stratum = row.dimension.stratum(row.value);
        let period = self.periods.get(usize::from(row.period))?;
        if self.periods.len() < 2 {
            return Some(stratum);
        }
        let period = format!("period={}..{}", period.start, period.end);
        Some(if stratum.is_empty() { period } else { format!("{period}; {stratum}") })
    }

    /// Gray's test between the known values of each breakdown in England, event by event: the
    /// statistic (`gray_test`) and its probability in per cent (`gray_test_p`).
    fn tests(
        &self,
        rows: &BTreeMap<Row, Option<RiskTable>>,
        places: &Places,
        results: &mut Results,
    ) {
        for (&period, number) in self.periods.iter().zip(0u16..) {
            for &dimension in self.dimensions.iter().filter(|&&d| d != Dimension::Total) {
                let of_dimension = |row: &Row| {
                    row.kind == AreaType::England
                        && row.period == number
                        && row.dimension == dimension
                        && is_known(row)
                };
                let groups: Vec<RiskTable> = rows
                    .iter()
                    .filter(|(row, _)| of_dimension(row))
                    .filter_map(|(_, table)| table.clone())
                    .collect();
                let people: i64 = groups.iter().map(RiskTable::records).sum();
                for (event, cause) in self.events.iter().zip(0u8..) {
                    let Some(test) = gray(&groups, cause) else { continue };
                    let stratum =
                        format!("curve={}; event={event}; between={}", self.name, dimension.key());
                    let GroupTest { chi_square, p_value, .. } = test;
                    let values = [
                        ("gray_test", chi_square, Unit::Index),
                        ("gray_test_p", p_value * 100.0, Unit::Percent),
                    ];
                    results.measures.extend(values.map(|(part, value, unit)| Figure {
                        measure: self.figures,
                        part: part.into(),
                        period,
                        area: places.area(AreaType::England, 0),
                        stratum: stratum.clone(),
                        numerator: None,
                        denominator: Some(people),
                        value: Value::Statistic(value),
                        interval: None,
                        unit,
                        counts: self.unit,
                    }));
                }
            }
        }
    }
}

/// A value that says something of those in it.
fn is_known(row: &Row) -> bool {
    let value = row.dimension.values().get(usize::from(row.value));
    value.is_some_and(|(text, _)| !matches!(*text, "Unknown" | "Not observed"))
}
