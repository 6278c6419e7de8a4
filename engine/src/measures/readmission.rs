//! Emergency readmission: the naive proportion (M7).

mod intermediate_care;
mod rule;
mod settings;

pub use intermediate_care::IntermediateCare;
pub use rule::{Intervening, NextRule, next_stay, readmission};
pub use settings::{CurveSettings, Custom, Named, Rule, Settings};

use crate::attrition::{Attrition, Steps};
use crate::cohort::Filter;
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::time_to::TimeTo;
use crate::place::Places;
use crate::stay::{self, Facts, Stay, StayUnit};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use crate::wilson::wilson_percent;
use intermediate_care::InIntermediateCare;
use std::sync::Arc;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// Profiles that share one tally: two bits of its value each.
const PER_TALLY: usize = 32;
const INDEX: u64 = 0b01;
const READMITTED: u64 = 0b10;

/// Index discharges and those followed by a readmission, profile by profile.
///
/// One part a profile (`7d`, `28d`, `30d`, `90d`, `nhsd30`, …): per cent, numerator the index
/// discharges followed by a readmission, denominator all index discharges of the period. Areas are
/// those of the index stay: council of residence, provider of its first spell. Curves of the time to
/// readmission come with them ([`TimeTo`]). One more part, `in_intermediate_care`, where there are social
/// care records: per cent of index discharges with intermediate care that are followed by an emergency
/// readmission while it runs.
#[derive(Clone, Debug)]
pub struct Readmission {
    rules: Vec<Rule>,
    filters: Vec<Vec<Filter>>,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    // each holds the outcomes of PER_TALLY profiles side by side
    tallies: Vec<Tally>,
    // by period, then by profile
    attrition: Vec<Attrition>,
    in_intermediate_care: Option<InIntermediateCare>,
    // by profile, for the person at hand
    furthest: Vec<usize>,
    curves: Option<TimeTo>,
}

impl Readmission {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let rules = settings.rules();
        let periods = super::periods(&settings.periods, frame);
        let filters: Vec<Vec<Filter>> = rules.iter().map(|rule| rule.index.filters()).collect();
        // one more filter: the complete follow-up
        let attrition = filters.iter().map(|filters| Attrition::new(filters.len() + 1));
        let attrition: Vec<Attrition> = attrition.collect();
        let in_intermediate_care = InIntermediateCare::new(
            &settings.intermediate_care,
            settings.engine_index(),
            periods.len(),
            frame,
        );
        Self {
            in_intermediate_care,
            attrition: periods.iter().flat_map(|_| attrition.iter().cloned()).collect(),
            tallies: vec![Tally::default(); rules.len().div_ceil(PER_TALLY)],
            furthest: vec![0; rules.len()],
            curves: settings.curves(&frame.study.by, frame.joined.is_some()).map(
                |(curves, stays)| TimeTo::of_measure(Self::NAME, "curves", &curves, &stays, frame),
            ),
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            rules,
            filters,
            periods,
        }
    }

    /// Takes the stay at `index` into the counts of one period.
    fn add_stay(
        &mut self,
        person: &Person<'_>,
        index: usize,
        stay: &Stay,
        period: usize,
        frame: &Frame,
    ) {
        let of = Facts::of(person);
        let mut cell = None;
        let counts = self.attrition.iter_mut().skip(period * self.rules.len());
        let profiles = self.rules.iter().zip(&self.filters).zip(counts).zip(&mut self.furthest);
        let mut outcomes = 0;
        for (n, (((rule, filters), counts), furthest)) in profiles.enumerate() {
            let mut position = rule.index.position(filters, stay, of, self.periods[period]);
            let window_end = stay.discharge.plus(rule.next.hi);
            let is_followed = !rule.complete_follow_up || window_end < frame.sus_end;
            if position == filters.len() && is_followed {
                position += 1;
                outcomes |= INDEX << (n % PER_TALLY * 2);
                if readmission(person.cips, index, &rule.next).is_some() {
                    outcomes |= READMITTED << (n % PER_TALLY * 2);
                }
            }
            counts.record(position);
            *furthest = position.max(*furthest);
            if (n % PER_TALLY == PER_TALLY - 1 || n + 1 == self.rules.len()) && outcomes != 0 {
                let cell = *cell.get_or_insert_with(|| {
                    let on = stay.discharge;
                    let cell = stay::cell(stay, on, person, &self.places, &self.dimensions);
                    Cell { period: period as u16, ..cell }
                });
                self.tallies[n / PER_TALLY].add(cell, outcomes);
                outcomes = 0;
            }
        }
    }

    fn figure(&self, row: Row, rule: &Rule, counts: &Counts) -> Option<Figure> {
        let is_age = matches!(row.dimension, Dimension::AgeBand | Dimension::PublishedAgeBand);
        let is_published = row.dimension == Dimension::PublishedAgeBand;
        let england = row == Row::england(row.period);
        if (is_age && is_published != rule.published_ages) || (counts.index == 0 && !england) {
            return None;
        }
        Some(Figure {
            measure: Self::NAME,
            part: rule.part.clone(),
            period: *self.periods.get(usize::from(row.period))?,
            area: self.places.area(row.kind, row.area),
            stratum: row.dimension.stratum(row.value),
            numerator: Some(counts.readmitted),
            denominator: Some(counts.index),
            value: if counts.index > 0 { Value::Percent(1) } else { Value::Unavailable },
            interval: wilson_percent(counts.readmitted, counts.index),
            unit: Unit::Percent,
            counts: Unit::Discharges,
        })
    }
}

/// Index discharges of one profile and those with a readmission.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    index: i64,
    readmitted: i64,
}

impl Measure for Readmission {
    const NAME: &'static str = "readmission";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.cips.is_empty() {
            return;
        }
        if let Some(curves) = &mut self.curves {
            curves.add(person);
        }
        for period in 0..self.periods.len() {
            self.furthest.fill(0);
            for (index, stay) in stay::stays(person, StayUnit::Cips).enumerate() {
                self.add_stay(person, index, &stay, period, frame);
            }
            if person.is_known() {
                let counts = self.attrition.iter_mut().skip(period * self.rules.len());
                for (counts, &furthest) in counts.zip(&self.furthest) {
                    counts.person(furthest);
                }
            }
            if let Some(part) = &mut self.in_intermediate_care {
                let of = self.periods[period];
                part.add(period, of, person, frame, &self.places, &self.dimensions);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (tally, more) in self.tallies.iter_mut().zip(other.tallies) {
            tally.merge(more);
        }
        super::merge_attrition(&mut self.attrition, &other.attrition);
        if let (Some(mine), Some(theirs)) = (&mut self.curves, other.curves) {
            mine.merge(theirs);
        }
        if let (Some(mine), Some(theirs)) =
            (&mut self.in_intermediate_care, other.in_intermediate_care)
        {
            mine.merge(theirs);
        }
    }

    /// By period, area and stratum, then by profile in the order of the settings.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        let mut dimensions = self.dimensions.clone();
        dimensions.push(Dimension::PublishedAgeBand);
        for (tally, rules) in self.tallies.iter().zip(self.rules.chunks(PER_TALLY)) {
            let add = |counts: &mut [Counts; PER_TALLY], outcomes: u64, records: i64| {
                for (n, counts) in counts.iter_mut().enumerate() {
                    let outcome = outcomes >> (n * 2);
                    counts.index += if outcome & INDEX != 0 { records } else { 0 };
                    counts.readmitted += if outcome & READMITTED != 0 { records } else { 0 };
                }
            };
            for (row, counts) in tally.rows(&self.places, &dimensions, self.periods.len(), add) {
                let figures = rules.iter().zip(&counts);
                results
                    .measures
                    .extend(figures.filter_map(|(rule, counts)| self.figure(row, rule, counts)));
            }
        }
        let parts = self.rules.iter().zip(&self.filters);
        let parts =
            self.periods.iter().flat_map(|period| parts.clone().map(move |part| (period, part)));
        for (counts, (&period, (rule, filters))) in self.attrition.iter().zip(parts) {
            let of =
                Steps { measure: Self::NAME, part: &rule.part, period, unit: Unit::Discharges };
            let follow_up = if rule.complete_follow_up {
                format!("window of {} days after discharge not complete in the data", rule.next.hi)
            } else {
                "no complete window is asked for".into()
            };
            let filters = filters.iter().map(|filter| filter.text());
            let filters = filters.chain([("M7.4", follow_up)]);
            let start = ("M7", super::all_stays(StayUnit::Cips));
            counts.steps(&of, start, filters, &mut results.attrition);
        }
        if let Some(curves) = &self.curves {
            curves.finish(results);
        }
        if let Some(part) = &self.in_intermediate_care {
            part.finish(&self.periods, &self.places, &self.dimensions, results);
        }
    }
}

#[cfg(test)]
mod tests;
