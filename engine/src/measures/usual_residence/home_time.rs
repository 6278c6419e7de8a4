//! Days alive and at home after a discharge, and who is at home on one day (M20).

use super::Settings;
use super::residence::Dwelling;
use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::{Cohort, Filter, Profile};
use crate::figure::{AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::place::Places;
use crate::stay::{self, Facts};
use crate::stratum::{Dimension, visit_on};
use crate::tally::{Cell, Row, Tally};
use crate::wilson::wilson_percent;
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::state::{Line, State};

/// Filters behind those of the cohort, in the order in which they apply.
const FILTERS: [(&str, &str); 3] = [
    ("M0.3", "person not linkable"),
    ("M20", "day of discharge not observed"),
    ("M20", "not followed to the last day: records end before it"),
];

/// Counts of discharges by days at home.
#[derive(Clone, Debug)]
pub(super) struct HomeTime {
    /// Days of the window, that of discharge included.
    window_days: i32,
    /// The single day, counted from the discharge.
    single_day: i32,
    cohort: Cohort,
    filters: Vec<Filter>,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    tally: Tally,
    attrition: Vec<Attrition>,
}

/// Discharges of one row.
#[derive(Clone, Debug, Default)]
struct Counts {
    days: Histogram,
    at_home: i64,
}

impl HomeTime {
    pub fn new(periods: &[Period], settings: &Settings, frame: &Frame) -> Self {
        let cohort = settings.cohort.resolve(Profile::BcfHome);
        let filters = cohort.filters();
        Self {
            window_days: settings.home_time_days,
            single_day: settings.home_day,
            attrition: vec![Attrition::new(filters.len() + FILTERS.len()); periods.len()],
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            tally: Tally::default(),
            periods: periods.to_vec(),
            cohort,
            filters,
        }
    }

    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let of = Facts::of(person);
        for (n, &period) in self.periods.iter().enumerate() {
            let mut positions = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() {
                    match self.home_time(person, stay.discharge, frame) {
                        Ok(value) => {
                            position += FILTERS.len();
                            let on = stay.discharge;
                            let cell =
                                stay::cell(&stay, on, person, &self.places, &self.dimensions);
                            self.tally.add(Cell { period: n as u16, ..cell }, value);
                        }
                        Err(passed) => position += passed,
                    }
                }
                positions.push(position);
            }
            count_records(&mut self.attrition, n, person, positions);
        }
    }

    /// Days at home, with bit 32 for the single day; or how many of the own filters are passed.
    fn home_time(&self, person: &Person<'_>, discharge: Day, frame: &Frame) -> Result<u64, usize> {
        let line = person.line;
        let died = line.death.get();
        let seen = visit_on(line, discharge).is_some_and(|v| v.state != State::Unobserved);
        // the first day that need not be seen
        let end = discharge.plus(self.window_days.max(self.single_day + 1));
        let is_lined = died.is_some() || line.visits.last().is_some_and(|last| last.end >= end);
        let out =
            [!person.linkable, !seen && died != Some(discharge), !is_lined || end > frame.sus_end];
        if let Some(passed) = out.into_iter().position(|out| out) {
            return Err(passed);
        }
        let days = days_at_home(line, discharge, discharge.plus(self.window_days));
        let on = discharge.plus(self.single_day);
        let at_home = days_at_home(line, on, on.plus(1)) == 1;
        Ok(days as u64 | u64::from(at_home) << 32)
    }

    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period, area and stratum: the mean and quartiles of days at home, and the share at home on
    /// the single day.
    pub fn figures(&self, measure: &'static str, out: &mut Vec<Figure>) {
        let add = |counts: &mut Counts, value: u64, records: i64| {
            counts.days.add(value as u32 as i32, records);
            counts.at_home += if value >> 32 & 1 == 1 { records } else { 0 };
        };
        let rows = self.tally.rows(&self.places, &self.dimensions, self.periods.len(), add);
        for (row, counts) in rows {
            let discharges = counts.days.records();
            if discharges == 0 && row != Row::england(row.period) {
                continue;
            }
            let Some(&period) = self.periods.get(usize::from(row.period)) else { continue };
            let figure = Figure {
                measure,
                part: String::new(),
                period,
                area: self.places.area(row.kind, row.area),
                stratum: row.dimension.stratum(row.value),
                numerator: None,
                denominator: Some(discharges),
                value: Value::Unavailable,
                interval: None,
                unit: Unit::Days,
                counts: Unit::Discharges,
            };
            let statistics = [
                ("", counts.days.mean()),
                ("_p25", counts.days.quantile(250)),
                ("_median", counts.days.quantile(500)),
                ("_p75", counts.days.quantile(750)),
            ];
            out.extend(statistics.map(|(which, value)| Figure {
                part: format!("days_at_home_{}{which}", self.window_days),
                value: value.map_or(Value::Unavailable, Value::Statistic),
                ..figure.clone()
            }));
            out.push(Figure {
                part: format!("at_home_day_{}", self.single_day),
                numerator: Some(counts.at_home),
                value: if discharges > 0 { Value::Percent(1) } else { Value::Unavailable },
                interval: wilson_percent(counts.at_home, discharges),
                unit: Unit::Percent,
                ..figure
            });
        }
    }

    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure, part: "days_at_home", period, unit: Unit::Discharges };
            let own = FILTERS.map(|(rule, what)| (rule, what.to_owned()));
            let filters = self.filters.iter().map(|filter| filter.text()).chain(own);
            let start = ("M20", crate::measures::all_stays(self.cohort.unit));
            counts.steps(&of, start, filters, out);
        }
    }
}

/// Days in `[from, until)` on which the line shows the person's own home: alive, observed, in no
/// hospital, care home, short-term bed or prison.
fn days_at_home(line: &Line, from: Day, until: Day) -> i32 {
    let at_home = line.visits.iter().filter(|v| Dwelling::of(v.state) == Some(Dwelling::OwnHome));
    at_home.map(|visit| visit.end.min(until).since(visit.start.max(from)).max(0)).sum()
}

#[cfg(test)]
mod tests;
