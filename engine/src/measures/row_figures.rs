//! The figures of one row of a tally: shares, counts, amounts and statistics that have period, area and
//! stratum in common.

use crate::figure::{Area, Figure, Unit, Value};
use crate::histogram::Histogram;
use crate::place::Places;
use crate::tally::Row;
use crate::wilson::wilson_percent;
use throughcare_linkage::day::Period;

/// What the figures of one row have in common, and where they go.
pub struct RowFigures<'a> {
    figure: Figure,
    out: &'a mut Vec<Figure>,
}

impl<'a> RowFigures<'a> {
    /// Figures of this measure for a row of one of the periods. `counts` is what one record is.
    #[must_use]
    pub fn new(
        measure: &'static str,
        period: Period,
        row: Row,
        places: &Places,
        counts: Unit,
        out: &'a mut Vec<Figure>,
    ) -> Self {
        let area: Area = places.area(row.kind, row.area);
        let figure = Figure {
            measure,
            part: String::new(),
            period,
            area,
            stratum: row.dimension.stratum(row.value),
            numerator: None,
            denominator: None,
            value: Value::Unavailable,
            interval: None,
            unit: counts,
            counts,
        };
        Self { figure, out }
    }

    /// `numerator` of `denominator` records in per cent, with Wilson's limits. `more` is a pair
    /// `key=value` that goes behind the row's stratum, or empty.
    pub fn share(&mut self, part: &str, more: &str, numerator: i64, denominator: i64) {
        let figure = Figure {
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: if denominator > 0 { Value::Percent(1) } else { Value::Unavailable },
            interval: wilson_percent(numerator, denominator),
            unit: Unit::Percent,
            ..self.named(part, more)
        };
        self.out.push(figure);
    }

    /// A number of records.
    pub fn count(&mut self, part: &str, more: &str, records: i64) {
        let figure =
            Figure { numerator: Some(records), value: Value::Count, ..self.named(part, more) };
        self.out.push(figure);
    }

    /// Days that `records` records have in all. The records stand in the denominator, so that control
    /// hides the days of few people.
    pub fn days(&mut self, part: &str, more: &str, days: i64, records: i64) {
        let figure = Figure {
            numerator: Some(days),
            denominator: Some(records),
            value: Value::Count,
            unit: Unit::Days,
            ..self.named(part, more)
        };
        self.out.push(figure);
    }

    /// A statistic in days of `records` records.
    pub fn statistic(&mut self, part: &str, more: &str, value: Option<f64>, records: i64) {
        let figure = Figure {
            denominator: Some(records),
            value: value.map_or(Value::Unavailable, Value::Statistic),
            unit: Unit::Days,
            ..self.named(part, more)
        };
        self.out.push(figure);
    }

    /// The mean over all records of which `some` alone have days: `some` stands in the numerator, so that
    /// control hides a mean that few people make.
    pub fn mean_of(&mut self, part: &str, more: &str, days: &Histogram, some: i64) {
        self.statistic(part, more, days.mean(), days.records());
        if let Some(figure) = self.out.last_mut() {
            figure.numerator = Some(some);
        }
    }

    fn named(&self, part: &str, more: &str) -> Figure {
        let row = &self.figure.stratum;
        let stratum = match (row.is_empty(), more.is_empty()) {
            (_, true) => row.clone(),
            (true, false) => more.into(),
            (false, false) => format!("{row}; {more}"),
        };
        Figure { part: part.into(), stratum, ..self.figure.clone() }
    }
}
