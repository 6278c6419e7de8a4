//! Time from a start to the first of several events on linked timelines: cumulative incidence with
//! competing events (`linked-metrics.md` M9, X-18), the tables `[[time_to]]` of a study.
//!
//! [`anchor`] finds the starts of a person, [`event`] what ends each, [`curves`] counts times and
//! makes curves of them, `occupancy` says where people are meanwhile.

pub mod anchor;
pub mod curves;
pub mod event;
mod occupancy;
mod settings;
#[cfg(test)]
mod tests;

pub use event::Target;
pub use settings::{Anchor, Index, Settings, horizons};
pub(crate) use settings::{a_year, check_curves};

use crate::activities::Activity;
use crate::attrition::{Attrition, Steps};
use crate::cohort::{self, Profile};
use crate::figure::{Results, Unit};
use crate::frame::Frame;
use crate::measures::readmission::NextRule;
use crate::place::Places;
use crate::stratum::Dimension;
use crate::survival::Exit;
use crate::tally::Cell;
use anchor::{Anchors, Filter, Start};
use curves::{Naming, Times};
use occupancy::Occupied;
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The measure of the figures that are not of a measure of their own.
pub const NAME: &str = "time_to";

/// Times of one table `[[time_to]]`, or of the curves of a measure.
#[derive(Clone, Debug)]
pub struct TimeTo {
    settings: Settings,
    /// The measure of attrition and tests.
    measure: &'static str,
    /// The part of attrition.
    part: String,
    stays: NextRule,
    anchors: Anchors,
    periods: Vec<Period>,
    /// First day on which no event is on record.
    end: Day,
    places: Arc<Places>,
    times: Times,
    occupied: Option<Occupied>,
    attrition: Vec<Attrition>,
}

impl TimeTo {
    /// No times yet.
    #[must_use]
    pub fn new(settings: &Settings, frame: &Frame) -> Self {
        let part = settings.name.clone();
        Self::of_measure(NAME, &part, settings, &NextRule::default(), frame)
    }

    /// No times yet, for the curves of a measure; `stays` says which stays may be a readmission, its
    /// range and what it says of stays in between are not looked at.
    #[must_use]
    pub fn of_measure(
        measure: &'static str,
        part: &str,
        settings: &Settings,
        stays: &NextRule,
        frame: &Frame,
    ) -> Self {
        let mut cohort = settings.cohort.resolve(Profile::General);
        cohort.exclude_inner = settings.cohort.exclude_inner.unwrap_or(true);
        let mut filters: Vec<Filter> = match &settings.anchor {
            Anchor::Discharge => cohort.filters().into_iter().map(Filter::Cohort).collect(),
            Anchor::Admission => {
                let keeps =
                    |f: &cohort::Filter| f.holds_before_discharge() || *f == cohort::Filter::Period;
                cohort.filters().into_iter().filter(keeps).map(Filter::Cohort).collect()
            }
            Anchor::Request | Anchor::Entry(_) | Anchor::Activity(_) => {
                vec![Filter::Person, Filter::Period, Filter::Linkable]
            }
        };
        if settings.events.contains(&Target::CareHome) && settings.outside_care_home {
            filters.push(Filter::CareHome);
        }
        filters.extend([Filter::Dead, Filter::Observed]);
        if settings.index == Index::First {
            filters.push(Filter::First);
        }
        let extra = Dimension::with(&settings.by);
        let by = |dimension: &Dimension| {
            *dimension == Dimension::Total || settings.by.iter().any(|key| key == dimension.key())
        };
        let dimensions: Vec<Dimension> = extra.into_iter().filter(by).collect();
        let periods = super::periods(&settings.periods, frame);
        let cld_end = frame.joined.map(|window| window.end.plus(1));
        let both_end = cld_end.map_or(frame.sus_end, |end| end.min(frame.sus_end));
        // what ends time is on record as far as all that it comes from, logs to their latest event
        let ends = [
            cld_end.filter(|_| settings.needs_care()),
            Some(frame.sus_end).filter(|_| settings.needs_stays()),
            settings.ending_activities().filter_map(Activity::until).min(),
        ];
        let has_stays = frame.sus_start < frame.sus_end;
        let otherwise = cld_end.filter(|_| !has_stays).unwrap_or(frame.sus_end);
        let end = ends.into_iter().flatten().min().unwrap_or(otherwise);
        Self {
            measure,
            part: part.into(),
            stays: stays.clone(),
            attrition: vec![Attrition::new(filters.len()); periods.len()],
            anchors: Anchors { anchor: settings.anchor.clone(), cohort, filters, dimensions },
            periods,
            end,
            places: Arc::new(Places::new(frame)),
            times: Times::default(),
            occupied: Occupied::new(&settings.occupancy_days, both_end),
            settings: settings.clone(),
        }
    }

    /// Takes one person into the counts. Called once a person, with all records of the person.
    pub fn add(&mut self, person: &Person<'_>) {
        let last_filter = self.anchors.filters.len();
        let place = |wanted| self.anchors.filters.iter().position(|&filter| filter == wanted);
        let (observed, first) = (place(Filter::Observed), place(Filter::First));
        for (number, &period) in self.periods.iter().enumerate() {
            let (mut met, mut furthest, mut is_counted) = (false, 0, false);
            let Self { settings, stays, end, times, occupied, attrition, .. } = self;
            self.anchors.of(person, period, &self.places, |start, position| {
                met = true;
                let mut position = position;
                let until = observed_until(settings, *end, person, start.day);
                if position == last_filter {
                    if until <= start.day {
                        position = observed.unwrap_or(last_filter);
                    } else if let (true, Some(first)) = (is_counted, first) {
                        position = first;
                    } else {
                        let cell = Cell { period: number as u16, ..start.cell };
                        let (days, exit) = outcome(settings, stays, person, &start, until);
                        times.add(cell, days, exit);
                        if let Some(occupied) = occupied {
                            occupied.add(cell.period, cell.council, person, start.day);
                        }
                        is_counted = true;
                    }
                }
                if let Some(counts) = attrition.get_mut(number) {
                    counts.record(position);
                }
                furthest = position.max(furthest);
            });
            if met
                && person.is_known()
                && let Some(counts) = self.attrition.get_mut(number)
            {
                counts.person(furthest);
            }
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        self.times.merge(other.times);
        if let (Some(mine), Some(theirs)) = (&mut self.occupied, other.occupied) {
            mine.merge(theirs);
        }
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// Makes curves, means, tests, shares of states and attrition steps.
    pub fn finish(&self, results: &mut Results) {
        let events: Vec<&str> = self.settings.events.iter().map(|event| event.name()).collect();
        let horizon = i32::from(self.settings.horizon_days);
        let mut horizons: Vec<i32> = self.settings.horizons.iter().map(|&d| d.into()).collect();
        horizons.retain(|&day| day <= horizon);
        horizons.sort_unstable();
        let unit = self.unit();
        let naming = Naming {
            name: &self.settings.name,
            of: "",
            figures: self.measure,
            unit,
            events: &events,
            periods: &self.periods,
            dimensions: &self.anchors.dimensions,
            horizons: &horizons,
            horizon,
        };
        self.times.finish(&naming, &self.places, results);
        if let Some(occupied) = &self.occupied {
            occupied.finish(&naming, &self.places, results);
        }
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: self.measure, part: &self.part, period, unit };
            let filters = self.anchors.filters.iter().map(|filter| filter.text());
            counts.steps(&of, ("M9", self.start_text()), filters, &mut results.attrition);
        }
    }

    const fn unit(&self) -> Unit {
        match &self.settings.anchor {
            Anchor::Discharge => Unit::Discharges,
            Anchor::Admission => Unit::Admissions,
            Anchor::Request | Anchor::Entry(_) | Anchor::Activity(_) => Unit::Events,
        }
    }

    fn start_text(&self) -> String {
        match &self.settings.anchor {
            Anchor::Discharge | Anchor::Admission => "all continuous inpatient spells".into(),
            Anchor::Request => "all requests of service users".into(),
            Anchor::Entry(state) => format!("all visits of the state {}", state.code()),
            Anchor::Activity(activity) => format!("all events {:?} of people", activity.name()),
        }
    }
}

/// The first day after `from` on which nothing is on record of a person (M8, X-18).
fn observed_until(settings: &Settings, end: Day, person: &Person<'_>, from: Day) -> Day {
    if settings.needs_care() {
        let of_line = anchor::observed_until(person, from);
        return of_line.map_or(from, |until| until.min(end));
    }
    end
}

/// Days to the first event of a start, or to the last day on which one would count. Of events on one
/// day the one named first counts (M9).
fn outcome(
    settings: &Settings,
    stays: &NextRule,
    person: &Person<'_>,
    start: &Start,
    until: Day,
) -> (i32, Exit) {
    let last = until.plus(-1).min(start.day.plus(settings.horizon_days.into()));
    let days = settings.events.iter().zip(0u8..).filter_map(|(event, cause)| {
        let day = event.first(person, start, stays)?;
        (day <= last).then_some((day, cause))
    });
    match days.min() {
        Some((day, cause)) => (day.since(start.day), Exit::Event(cause)),
        None => (last.since(start.day), Exit::Censored),
    }
}
