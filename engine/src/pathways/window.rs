//! The days that are followed: from an anchor on, or before a death.

use super::settings::Anchor;
use crate::cohort::{Cohort, Filter, Profile};
use crate::stay::{self, Facts, StayUnit, is_regular_attender};
use crate::stratum::{self, Dimension, Strata};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{EventType, Gender};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// Finds windows of one length.
#[derive(Clone, Debug)]
pub struct Windows {
    cohort: Cohort,
    filters: Vec<Filter>,
    length: i32,
}

impl Windows {
    /// Windows of so many days.
    #[must_use]
    pub fn new(days: u16) -> Self {
        let cohort = Cohort::of(Profile::General);
        Self { filters: cohort.filters(), cohort, length: days.into() }
    }

    /// The days of the longest window: those of the period where that is the window.
    #[must_use]
    pub fn days(&self, anchor: &Anchor, period: Period) -> i32 {
        if *anchor == Anchor::Period { period.end.plus(1).since(period.start) } else { self.length }
    }

    /// First day of the window and first day after it, for a person who has the anchor.
    #[must_use]
    pub fn of(&self, anchor: &Anchor, period: Period, person: &Person<'_>) -> Option<(Day, Day)> {
        let from = |day: Day| (day, day.plus(self.length));
        let discharge = |emergency_only: bool| {
            let stays = stay::stays(person, StayUnit::Cips).zip(person.cips);
            let index = |stay: &stay::Stay| {
                self.cohort.position(&self.filters, stay, Facts::of(person), period)
                    == self.filters.len()
            };
            stays
                .filter(|(stay, cips)| index(stay) && (cips.emergency || !emergency_only))
                .map(|(stay, _)| stay.discharge)
                .min()
        };
        match anchor {
            Anchor::Discharge => discharge(false).map(from),
            Anchor::EmergencyDischarge => discharge(true).map(from),
            Anchor::Admission => {
                let stays = stay::stays(person, StayUnit::Cips);
                let counts = |stay: &stay::Stay| {
                    period.contains(stay.admission)
                        && !stay.day_case
                        && !stay.inner
                        && !is_regular_attender(stay.class)
                };
                stays.filter(counts).map(|stay| stay.admission).min().map(from)
            }
            Anchor::FirstContact => {
                let is_request = |event: &&CareEvent| {
                    event.event_type == EventType::Request && period.contains(event.start)
                };
                person.joined.iter().filter(is_request).map(|event| event.start).min().map(from)
            }
            Anchor::BeforeDeath => {
                let death = person.line.death.get().filter(|&day| period.contains(day))?;
                Some((death.plus(-self.length), death))
            }
            Anchor::Period => {
                let is_seen = |day: &Day, end: &Day| *end >= period.start && *day <= period.end;
                let visits = person.line.visits.iter();
                let death = person.line.death.get();
                let seen =
                    visits.map(|visit| (visit.start, visit.end)).chain(death.map(|d| (d, d)));
                let mut seen = seen.filter(|(start, end)| is_seen(start, end));
                seen.next().map(|_| (period.start, period.end.plus(1)))
            }
            Anchor::Activity(activity) => {
                let days = activity.of(person.events).map(|event| event.start.day());
                let is_alive = |day: &Day| person.dod().get().is_none_or(|dod| *day <= dod);
                days.filter(is_alive).find(|&day| period.contains(day)).map(from)
            }
            &Anchor::Entry(state) => {
                let visits = person.line.visits.iter();
                let mut entries = visits.filter(|visit| {
                    visit.state == state && !visit.truncated && period.contains(visit.start)
                });
                entries.next().map(|visit| from(visit.start))
            }
        }
    }
}

/// Age, sex and care of a person on a day: sex is that of the first stay, else of the latest care event.
#[must_use]
pub fn strata(person: &Person<'_>, day: Day) -> Strata {
    let sex = person.cips.first().map(|stay| stratum::sex_level(stay.sex));
    let sex = sex.filter(|&level| level != 0).unwrap_or_else(|| {
        match person.joined.last().map(|event| event.gender) {
            Some(Gender::Male) => 1,
            Some(Gender::Female) => 2,
            _ => 0,
        }
    });
    let care = stratum::care_state(person, day.plus(-1));
    Strata::default()
        .with(Dimension::AgeBand, stratum::age_level_at(person.birth(), day))
        .with(Dimension::Sex, sex)
        .with(Dimension::Setting, stratum::setting_level(care))
}
