//! Where time starts: index stays, requests and entries to a state.

use super::event::is_care_home;
use super::settings::Anchor;
use crate::attrition::FilterText;
use crate::cohort::{self, Cohort};
use crate::place::Places;
use crate::stay::{self, Facts, Stay, StayUnit};
use crate::stratum::{self, Dimension, Strata};
use crate::tally::Cell;
use throughcare_linkage::codes::cld::{ClientType, EventType, Gender};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::instant::Instant;
use throughcare_linkage::link::activities::Activity;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::state::State;

/// A start of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Day 0.
    pub day: Day,
    /// The last day on which the person must not be in a care home yet: the admission of an index
    /// stay, else the day before.
    pub before: Day,
    /// Position among the person's CIPS from which one may follow.
    pub next_stay: usize,
    /// First day on which an admission may follow.
    pub next_admission: Day,
    /// First day on which a visit may follow.
    pub next_visit: Day,
    /// First moment at which an event of a log may follow.
    pub next_event: Instant,
    /// The activity that the start is.
    pub activity: Option<Activity>,
    /// Council, breakdowns.
    pub cell: Cell,
}

/// A filter on starts, in the order in which filters apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// One of the cohort of index stays.
    Cohort(cohort::Filter),
    /// No person.
    Person,
    /// Starts outside the period.
    Period,
    /// Hospital and care records cannot meet.
    Linkable,
    /// In a care home at the start.
    CareHome,
    /// Died before.
    Dead,
    /// Not under observation on the day.
    Observed,
    /// Not the first of the person.
    First,
}

impl Filter {
    /// The rule and what it leaves out.
    #[must_use]
    pub fn text(self) -> FilterText {
        let (rule, what) = match self {
            Self::Cohort(filter) => return filter.text(),
            Self::Person => ("X-22", "no person"),
            Self::Period => ("M0.2", "start outside the period"),
            Self::Linkable => ("M0.3", "person not linkable"),
            Self::CareHome => ("X-18", "in long-term nursing or residential care at the start"),
            Self::Dead => ("M9", "death before the start"),
            Self::Observed => ("M9", "not under observation on the day of the start"),
            Self::First => ("M9", "not the person's first start of the period"),
        };
        (rule, what.into())
    }
}

/// How starts are found.
#[derive(Clone, Debug)]
pub struct Anchors {
    /// What a start is.
    pub anchor: Anchor,
    /// Which stays are index stays.
    pub cohort: Cohort,
    /// The filters, in order.
    pub filters: Vec<Filter>,
    /// The breakdowns.
    pub dimensions: Vec<Dimension>,
}

impl Anchors {
    /// Calls `each` with every start of a person in time order, and the position of the first of the
    /// filters that leaves it out, [`Filter::First`] not looked at; the number of filters if none does.
    pub fn of(
        &self,
        person: &Person<'_>,
        period: Period,
        places: &Places,
        mut each: impl FnMut(Start, usize),
    ) {
        match &self.anchor {
            Anchor::Discharge | Anchor::Admission => {
                for (index, stay) in stay::stays(person, StayUnit::Cips).enumerate() {
                    let start = self.of_stay(person, index, &stay, places);
                    each(start, self.position(person, &start, Some(&stay), period));
                }
            }
            Anchor::Request => {
                let requests = person.joined.iter().filter(|event| {
                    event.event_type == EventType::Request
                        && event.client_type == ClientType::ServiceUser
                });
                for request in requests {
                    let start = self.of_day(person, request.start, request.la, places);
                    each(start, self.position(person, &start, None, period));
                }
            }
            Anchor::Activity(activity) => {
                for event in activity.of(person.events) {
                    let day = event.start.day();
                    // an event of a log has no council: it is that of the latest care event by then
                    let begun = person.joined.iter().take_while(|care| care.start <= day);
                    let la = begun.last().map_or(0, |care| care.la);
                    let start = Start {
                        next_event: event.start,
                        activity: Some(event.activity),
                        ..self.of_day(person, day, la, places)
                    };
                    each(start, self.position(person, &start, None, period));
                }
            }
            &Anchor::Entry(state) => {
                let visits = person.line.visits.iter();
                for visit in visits.filter(|visit| visit.state == state && !visit.truncated) {
                    let mut start = self.of_day(person, visit.start, visit.la, places);
                    // the stay or visit itself does not follow
                    start.next_visit = visit.start.plus(1);
                    if state.is_hospital() {
                        start.next_admission = visit.start.plus(1);
                    }
                    each(start, self.position(person, &start, None, period));
                }
            }
        }
    }

    fn of_stay(&self, person: &Person<'_>, index: usize, stay: &Stay, places: &Places) -> Start {
        let (day, next_visit) = match &self.anchor {
            Anchor::Admission => (stay.admission, stay.admission.plus(1)),
            _ => (stay.discharge, stay.discharge),
        };
        let cell = stay::cell(stay, day, person, places, &self.dimensions);
        Start {
            day,
            before: stay.admission,
            next_stay: index + 1,
            next_admission: stay.discharge,
            next_visit,
            next_event: Instant::midnight(day),
            activity: None,
            // curves have no providers
            cell: Cell { provider: 0, ..cell },
        }
    }

    /// A start of someone who need not have been in hospital: sex is that of the first stay, else of
    /// the latest care event; of ethnicity and admission class nothing is known.
    fn of_day(&self, person: &Person<'_>, day: Day, la: u16, places: &Places) -> Start {
        let sex = person.cips.first().map(|stay| stratum::sex_level(stay.sex));
        let sex = sex.filter(|&level| level != 0).unwrap_or_else(|| {
            let gender = person.joined.last().map(|event| event.gender);
            match gender {
                Some(Gender::Male) => 1,
                Some(Gender::Female) => 2,
                _ => 0,
            }
        });
        let care = stratum::care_state(person, day.plus(-1));
        let strata = Strata::default()
            .with(Dimension::AgeBand, stratum::age_level_at(person.birth(), day))
            .with(Dimension::Sex, sex)
            .with(Dimension::Setting, stratum::setting_level(care));
        let council = places.council(la);
        Start {
            day,
            before: day.plus(-1),
            next_stay: 0,
            next_admission: day,
            next_visit: day,
            next_event: Instant::midnight(day),
            activity: None,
            cell: Cell { period: 0, council, provider: 0, strata },
        }
    }

    fn position(
        &self,
        person: &Person<'_>,
        start: &Start,
        stay: Option<&Stay>,
        period: Period,
    ) -> usize {
        let is_out = |filter: &Filter| match *filter {
            Filter::Cohort(cohort::Filter::Period) | Filter::Period => !period.contains(start.day),
            Filter::Cohort(filter) => stay.is_some_and(|stay| {
                self.cohort.excludes(filter, stay, Facts::of(person), period, start.day)
            }),
            Filter::Person => !person.is_known(),
            Filter::Linkable => !person.linkable,
            Filter::CareHome => person.intervals.iter().any(|interval| {
                is_care_home(interval)
                    && interval.start <= start.before
                    && interval.end > start.before
            }),
            Filter::Dead => person.dod().get().is_some_and(|dod| dod < start.day),
            Filter::Observed | Filter::First => false,
        };
        self.filters.iter().position(is_out).unwrap_or(self.filters.len())
    }
}

/// The first day after `from` on which social care is not observed: unobserved days of the line, or
/// its end other than by death. `None` when the line does not cover `from`.
pub(super) fn observed_until(person: &Person<'_>, from: Day) -> Option<Day> {
    let visits = &person.line.visits;
    let first = visits.partition_point(|visit| visit.end <= from);
    let covering = visits.get(first).filter(|visit| visit.start <= from);
    if covering.is_none() {
        // the day of death has no visit
        return person.line.death.get().filter(|&day| day == from).map(|day| day.plus(1));
    }
    let later = visits.get(first..).unwrap_or(&[]);
    let gap = later.iter().find(|visit| visit.state == State::Unobserved);
    gap.map(|visit| visit.start).or_else(|| {
        let end = later.last().map(|visit| visit.end)?;
        // whoever has died is followed to the day of death, included
        Some(if person.line.death.get() == Some(end) { end.plus(1) } else { end })
    })
}
