//! Times by cell, and the curves and tests made of them. Whatever has a start, a time in days and an
//! exit can be counted here: nothing is known of stays, states or event logs.

use crate::figure::{AreaType, CurveRow, Figure, Results, Unit, Value};
use crate::place::Places;
use crate::stratum::{Dimension, joined, of_period};
use crate::survival::{
    Exit, GroupTest, KaplanMeier, RestrictedMean, RiskTable, gray, incidence_curves,
};
use crate::tally::{Cell, Row, Tally};
use crate::wilson::Z;
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
    /// What of the measure the curves are, as `key=value`, where it has several; else empty.
    pub of: &'a str,
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

    /// Adds the curves of these times and their tests: see [`Naming::finish`].
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
        let rows = rows.into_iter().filter_map(|(row, table)| Some((row, table?))).collect();
        naming.finish(&rows, places, results);
    }
}

impl Naming<'_> {
    /// Adds the curves of times by row: by period, England, regions and councils, stratum, then event and
    /// day; the mean time before any event of each; and for England the tests between the values of each
    /// breakdown. The causes of the tables are
    /// the events.
    pub fn finish(&self, rows: &BTreeMap<Row, RiskTable>, places: &Places, results: &mut Results) {
        let every_day: Vec<i32> = (0..=self.horizon).collect();
        for (row, table) in rows {
            let Some(stratum) = self.stratum(*row) else { continue };
            let days = match row.kind {
                AreaType::England => &*every_day,
                AreaType::Region | AreaType::La => self.horizons,
                // the table says no kind of area
                AreaType::Provider | AreaType::Icb => continue,
            };
            let area_code = places.area(row.kind, row.area).code;
            for (event, points) in self.events.iter().zip(incidence_curves(table, days)) {
                results.curves.extend(points.into_iter().map(|point| CurveRow {
                    measure: self.name.into(),
                    area_code: area_code.clone(),
                    stratum: stratum.clone(),
                    event: (*event).into(),
                    is_horizon: self.horizons.contains(&point.day),
                    point,
                }));
            }
        }
        self.means(rows, places, results);
        self.tests(rows, places, results);
    }

    /// The mean days before any of the events, counted up to the horizon (`restricted_mean`), with those who
    /// had one as numerator and the starts as denominator. Not available where nobody is followed so far
    /// and some had no event before they were last seen.
    fn means(&self, rows: &BTreeMap<Row, RiskTable>, places: &Places, results: &mut Results) {
        for (row, table) in rows {
            let Some(&period) = self.periods.get(usize::from(row.period)) else { continue };
            if !matches!(row.kind, AreaType::England | AreaType::Region | AreaType::La) {
                continue;
            }
            let estimate = KaplanMeier::new(table);
            let horizon = i64::from(self.horizon);
            let last = table.at_times().map(|at| at.time).last().unwrap_or(0);
            let is_told = last >= horizon || estimate.at(last).share <= 0.0;
            let RestrictedMean { mean, variance } = estimate.restricted_mean(horizon);
            let spread = Z * variance.sqrt();
            let curve = format!("curve={}", self.name);
            results.measures.push(Figure {
                measure: self.figures,
                part: "restricted_mean".into(),
                period,
                area: places.area(row.kind, row.area),
                stratum: joined(&[&curve, self.of, &row.dimension.stratum(row.value)]),
                numerator: Some(table.events().iter().sum()),
                denominator: Some(table.records()),
                value: if is_told { Value::Statistic(mean) } else { Value::Unavailable },
                interval: is_told
                    .then(|| ((mean - spread).max(0.0), (mean + spread).min(self.horizon.into()))),
                unit: Unit::Days,
                counts: self.unit,
            });
        }
    }

    /// The stratum of a row: the period where there are several, what the curves are of, the breakdown.
    fn stratum(&self, row: Row) -> Option<String> {
        let period = self.periods.get(usize::from(row.period))?;
        let period = of_period(*period, self.periods.len() > 1);
        Some(joined(&[&period, self.of, &row.dimension.stratum(row.value)]))
    }

    /// Gray's test between the known values of each breakdown in England, event by event: the
    /// statistic (`gray_test`) and its probability in per cent (`gray_test_p`), with the events as
    /// numerator and the starts as denominator.
    fn tests(&self, rows: &BTreeMap<Row, RiskTable>, places: &Places, results: &mut Results) {
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
                    .map(|(_, table)| table.clone())
                    .collect();
                let people: i64 = groups.iter().map(RiskTable::records).sum();
                for (event, cause) in self.events.iter().zip(0u8..) {
                    let Some(found) = gray(&groups, cause) else { continue };
                    let events = groups.iter().map(|table| table.events()[usize::from(cause)]);
                    let events: i64 = events.sum();
                    let curve = format!("curve={}", self.name);
                    let test = format!("event={event}; between={}", dimension.key());
                    let stratum = joined(&[&curve, self.of, &test]);
                    let GroupTest { chi_square, p_value, .. } = found;
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
                        numerator: Some(events),
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
