//! Index discharges that an A&E attendance follows within so many days (M15).
//!
//! Each discharge is followed for the whole of its window, and deaths stay in the denominator, so the
//! share is the cumulative incidence with death as a competing event (M9) at the end of the window.

use super::Settings;
use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::{Cohort, Filter, Profile};
use crate::figure::{AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use crate::wilson::wilson_percent;
use std::sync::Arc;
use throughcare_linkage::day::Period;
use throughcare_linkage::hospital::stay::Spell;
use throughcare_linkage::link::person::Person;

/// Windows that fit into one value of a tally, four bits each.
pub(super) const MOST_WINDOWS: usize = 16;

const FOLLOWED: u64 = 0b0001;
const ATTENDED: u64 = 0b0010;
const NOT_ADMITTED: u64 = 0b0100;
const DIED_FIRST: u64 = 0b1000;
const BITS: usize = 4;

/// Counts of index discharges by what followed them.
#[derive(Clone, Debug)]
pub(super) struct AfterDischarge {
    days: Vec<i32>,
    cohort: Cohort,
    filters: Vec<Filter>,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    tally: Tally,
    attrition: Vec<Attrition>,
}

/// Discharges of one row and window.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    followed: i64,
    attended: i64,
    not_admitted: i64,
    died_first: i64,
}

impl AfterDischarge {
    pub fn new(periods: &[Period], settings: &Settings, frame: &Frame) -> Self {
        let cohort = settings.cohort.resolve(Profile::General);
        let filters = cohort.filters();
        Self {
            // one more filter: not even the shortest window is complete
            attrition: vec![Attrition::new(filters.len() + 1); periods.len()],
            days: settings.days.clone(),
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            tally: Tally::default(),
            periods: periods.to_vec(),
            cohort,
            filters,
        }
    }

    /// What follows a discharge, window by window.
    fn outcomes(&self, person: &Person<'_>, stay: &Stay, frame: &Frame) -> u64 {
        let spell = person.spells.get(stay.first_spell as usize);
        let own_cips = spell.map(|spell| spell.cips).filter(|&cips| cips != Spell::NO_CIPS);
        let mut outcomes = 0;
        for (n, &days) in self.days.iter().enumerate() {
            // the first day after the window
            let end = stay.discharge.plus(days);
            if end > frame.sus_end {
                continue;
            }
            let mut outcome = FOLLOWED;
            let mut first = None;
            for (index, attendance) in person.attendances.iter().enumerate() {
                let Some(arrival) = attendance.arrival.get() else { continue };
                let admission = person.admission_after(index);
                // an attendance that led to this very stay may lie on the day of discharge
                let led_here = admission.is_some_and(|spell| Some(spell.cips) == own_cips);
                let within = stay.discharge <= arrival && arrival < end;
                if !within || led_here || !attendance.in_standard_count() {
                    continue;
                }
                first = first.or(Some(arrival));
                outcome |= ATTENDED;
                if admission.is_none() {
                    outcome |= NOT_ADMITTED;
                }
            }
            let died = person.dod().get().filter(|&dod| stay.discharge <= dod && dod < end);
            if died.is_some() && first.is_none() {
                outcome |= DIED_FIRST;
            }
            outcomes |= outcome << (n * BITS);
        }
        outcomes
    }

    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let of = Facts::of(person);
        for (n, &period) in self.periods.iter().enumerate() {
            let mut positions = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() {
                    let outcomes = self.outcomes(person, &stay, frame);
                    if outcomes != 0 {
                        position += 1;
                        let on = stay.discharge;
                        let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                        self.tally.add(Cell { period: n as u16, ..cell }, outcomes);
                    }
                }
                positions.push(position);
            }
            count_records(&mut self.attrition, n, person, positions);
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period, area and stratum, then by window.
    pub fn figures(&self, measure: &'static str, out: &mut Vec<Figure>) {
        let add = |counts: &mut [Counts; MOST_WINDOWS], outcomes: u64, records: i64| {
            for (n, counts) in counts.iter_mut().enumerate() {
                let outcome = outcomes >> (n * BITS);
                let of = |bit: u64| if outcome & bit == 0 { 0 } else { records };
                counts.followed += of(FOLLOWED);
                counts.attended += of(ATTENDED);
                counts.not_admitted += of(NOT_ADMITTED);
                counts.died_first += of(DIED_FIRST);
            }
        };
        for (row, counts) in
            self.tally.rows(&self.places, &self.dimensions, self.periods.len(), add)
        {
            let Some(&period) = self.periods.get(usize::from(row.period)) else { continue };
            for (&days, counts) in self.days.iter().zip(&counts) {
                if counts.followed == 0 && row != Row::england(row.period) {
                    continue;
                }
                let shares = [
                    ("", counts.attended),
                    ("_not_admitted", counts.not_admitted),
                    ("_died_first", counts.died_first),
                ];
                out.extend(shares.map(|(which, numerator)| Figure {
                    measure,
                    part: format!("after_discharge_{days}d{which}"),
                    period,
                    area: self.places.area(row.kind, row.area),
                    stratum: row.dimension.stratum(row.value),
                    numerator: Some(numerator),
                    denominator: Some(counts.followed),
                    value: match counts.followed {
                        0 => Value::Unavailable,
                        _ => Value::Percent(1),
                    },
                    interval: wilson_percent(numerator, counts.followed),
                    unit: Unit::Percent,
                    counts: Unit::Discharges,
                }));
            }
        }
    }

    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let part = "after_discharge";
            let of = Steps { measure, part, period, unit: Unit::Discharges };
            let window = "not even the shortest window lies within the hospital data".to_owned();
            let filters = self.filters.iter().map(|filter| filter.text()).chain([("M7.4", window)]);
            counts.steps(&of, ("M15", crate::measures::all_stays(self.cohort.unit)), filters, out);
        }
    }
}
