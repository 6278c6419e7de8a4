//! Unpaid carers (`cld-metrics.md` section 12): people in long-term support who have one (12.3), and
//! the events of carers by quarter (12.4). Carers who receive support are in `ascof_3d` (12.1).
//!
//! Who has a carer is what the latest person details say (P-26): the record of the person, or a carer
//! of the same council who names the person. Links are collected over all people for one period, the
//! latest, as the published details are.

mod finish;
#[cfg(test)]
mod tests;

use super::Measure;
use super::by_council::ByCouncil;
use super::quarters::Quarters;
use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::place::Places;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{AssessmentType, ClientType, EventType, ServiceType};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.carers]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. People are counted on
    /// the last day, events in the calendar quarters that lie wholly inside.
    pub periods: Vec<Period>,
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)
    }

    /// The period whose carers' links decide who has a carer: that which ends last, of these the one
    /// that begins last.
    #[must_use]
    pub fn latest_period(&self, of_study: &[Period]) -> Option<Period> {
        let periods = if self.periods.is_empty() { of_study } else { &self.periods };
        periods.iter().copied().max_by_key(|period| (period.end, period.start))
    }
}

/// People in long-term support on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    /// All of them.
    people: i64,
    /// Those of whom it is known whether they have a carer.
    known: i64,
    /// Those who have one.
    with_carer: i64,
}

impl Share {
    fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.known += other.known;
        self.with_carer += other.with_carer;
    }
}

/// Places of the breakdowns in [`Snapshot`].
mod place {
    pub const TOTAL: usize = 0;
    /// 18 to 64, 65 and above, any other age.
    pub const BANDS: usize = 1;
    /// In the order of the long-term support hierarchy.
    pub const SETTINGS: usize = 4;
    /// In the order of their list; 0 is none.
    pub const REASONS: usize = 8;
    pub const NUMBER: usize = 32;
}

/// People in long-term support on the last day of a period, in one council, by breakdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Snapshot([Share; place::NUMBER]);

impl Snapshot {
    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| mine.add(theirs));
    }
}

/// What is counted of carers, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Part {
    Requests,
    /// Short-term and long-term ones.
    Assessments,
    /// Financial ones, and those without a usable type.
    OtherAssessments,
    NewServices,
    NewDirectServices,
    NewIndirectServices,
    Reviews,
    /// People with any of these.
    Carers,
    /// People known by association, who have no events of their own.
    ByAssociation,
}

const PARTS: usize = Part::ByAssociation as usize + 1;

/// Events and the people who had them, in one council and quarter, by part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Activity([[i64; 2]; PARTS]);

impl Activity {
    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            mine[0] += theirs[0];
            mine[1] += theirs[1];
        }
    }
}

/// Filters on services for the snapshots, in the order in which they apply.
mod filter {
    pub const LONG_TERM: usize = 0;
    pub const OPEN: usize = 1;
    pub const ALIVE: usize = 2;
    pub const FIRST: usize = 3;
    pub const NUMBER: usize = 4;
}

/// Filters on events for the quarters, in the order in which they apply.
mod event_filter {
    pub const CARER: usize = 0;
    pub const KIND: usize = 1;
    pub const IN_QUARTERS: usize = 2;
    pub const NUMBER: usize = 3;
}

/// The people of one period.
#[derive(Clone, Debug)]
struct Tally {
    period: Period,
    councils: ByCouncil<Snapshot>,
    attrition: Attrition,
}

/// The measure `carers`.
///
/// Parts for the period: `has_carer` and `has_carer_of_known` (per cent of people in long-term support
/// on its last day), by `age_band`, `support_reason` and `setting`. Parts a quarter: `requests`,
/// `assessments`, `other_assessments`, `new_services` (also by `service_type`) and `reviews` of unpaid
/// carers (numerator: events, denominator: people); `carers` and `carers_by_association` (people).
#[derive(Clone, Debug)]
pub struct Carers {
    places: Arc<Places>,
    tallies: Vec<Tally>,
    quarters: Quarters,
    activity: Vec<ByCouncil<Activity>>,
    attrition: Attrition,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    services: Vec<Service>,
    /// Quarter, council and part of each event of a carer.
    keys: Vec<(u16, u16, Part)>,
}

/// Long-term support of a service user.
#[derive(Clone, Copy, Debug)]
struct Service {
    la: u16,
    kind: ServiceType,
    start: Day,
    end: Option<Day>,
}

impl Carers {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let quarters = Quarters::inside(&periods, Day(i32::MIN / 2));
        let tally = |&period| Tally {
            period,
            councils: ByCouncil::default(),
            attrition: Attrition::new(filter::NUMBER),
        };
        Self {
            places: Arc::new(Places::new(frame)),
            tallies: periods.iter().map(tally).collect(),
            activity: vec![ByCouncil::default(); usize::from(quarters.len())],
            quarters,
            attrition: Attrition::new(event_filter::NUMBER),
            scratch: Scratch::default(),
        }
    }

    /// Counts the events of the person as a carer.
    fn add_events(&mut self, person: &Person<'_>, frame: &Frame, keys: &mut Vec<(u16, u16, Part)>) {
        keys.clear();
        let mut furthest = event_filter::CARER;
        for event in person.joined {
            let council = self.places.council(event.la);
            let position = match event.client_type {
                ClientType::UnpaidCarer => {
                    let kind = frame.exact_event_type(person, event);
                    self.note(kind, event, council, keys)
                }
                ClientType::UnpaidCarerByAssociation => {
                    for quarter in 0..self.quarters.len() {
                        let touches = self.quarters.period(quarter).is_some_and(|period| {
                            event.start <= period.end
                                && event.end.get().is_none_or(|end| end >= period.start)
                        });
                        if touches {
                            keys.push((quarter, council, Part::ByAssociation));
                        }
                    }
                    event_filter::CARER
                }
                _ => event_filter::CARER,
            };
            self.attrition.record(position);
            furthest = furthest.max(position);
        }
        self.attrition.person(furthest);
        keys.sort_unstable();
        for group in keys.chunk_by(|a, b| a == b) {
            let Some(&(quarter, council, part)) = group.first() else { continue };
            if let Some(councils) = self.activity.get_mut(usize::from(quarter)) {
                let [events, people] = &mut councils.at(council).0[part as usize];
                *events += group.len() as i64;
                *people += 1;
            }
        }
    }

    /// Notes where an event of a carer counts; the position of the filter that it fails.
    fn note(
        &self,
        kind: EventType,
        event: &CareEvent,
        council: u16,
        keys: &mut Vec<(u16, u16, Part)>,
    ) -> usize {
        let (part, day) = match kind {
            EventType::Request => (Part::Requests, event.end.get()),
            EventType::Assessment => match event.assessment_type {
                AssessmentType::ShortTerm | AssessmentType::LongTerm => {
                    (Part::Assessments, event.end.get())
                }
                _ => (Part::OtherAssessments, event.end.get()),
            },
            EventType::Service => (Part::NewServices, Some(event.start)),
            EventType::Review => (Part::Reviews, event.end.get()),
            EventType::None | EventType::Invalid => return event_filter::KIND,
        };
        let Some(quarter) = day.and_then(|day| self.quarters.of(day)) else {
            return event_filter::IN_QUARTERS;
        };
        keys.push((quarter, council, part));
        keys.push((quarter, council, Part::Carers));
        match (part, event.service_type) {
            (Part::NewServices, ServiceType::CarerDirect) => {
                keys.push((quarter, council, Part::NewDirectServices));
            }
            (Part::NewServices, ServiceType::CarerIndirect) => {
                keys.push((quarter, council, Part::NewIndirectServices));
            }
            _ => {}
        }
        event_filter::NUMBER
    }
}

impl Tally {
    /// Counts the person on the last day of the period; `others` events are not long-term support.
    fn add(
        &mut self,
        person: &Person<'_>,
        frame: &Frame,
        places: &Places,
        services: &[Service],
        others: i64,
    ) {
        let day = self.period.end;
        let mut furthest = filter::LONG_TERM;
        self.attrition.records_at(filter::LONG_TERM, others);
        for (n, service) in services.iter().enumerate() {
            let la = service.la;
            // the first service of a council stands for all of them
            if services.iter().take(n).any(|earlier| earlier.la == la) {
                continue;
            }
            let of_council = || services.iter().filter(move |service| service.la == la);
            let open = || {
                of_council().filter(move |service| {
                    service.start <= day && service.end.is_none_or(|end| end >= day)
                })
            };
            let open_services = open().count() as i64;
            let closed = of_council().count() as i64 - open_services;
            self.attrition.records_at(filter::OPEN, closed);
            furthest = furthest.max(filter::OPEN);
            let Some(setting) = open().map(|service| service.kind).min() else { continue };
            let (birth, death) = person_details::birth_and_death(la, person.joined);
            if death.get().is_some_and(|death| death < day) {
                self.attrition.records_at(filter::ALIVE, open_services);
                furthest = furthest.max(filter::ALIVE);
                continue;
            }
            self.attrition.records_at(filter::FIRST, open_services - 1);
            self.attrition.record(filter::NUMBER);
            furthest = filter::NUMBER;
            let has_carer = frame.details.has_carer(la, person);
            let share = Share {
                people: 1,
                known: i64::from(has_carer.is_some()),
                with_carer: i64::from(has_carer == Some(true)),
            };
            let band = match birth.dhsc_age(day) {
                Some(18..=64) => 0,
                Some(65..) => 1,
                _ => 2,
            };
            let reason = usize::from(frame.details.primary_support_reason(la, person).0);
            let snapshot = self.councils.at(places.council(la));
            for position in [
                place::TOTAL,
                place::BANDS + band,
                place::SETTINGS + (setting as usize).saturating_sub(1),
                (place::REASONS + reason).min(place::NUMBER - 1),
            ] {
                if let Some(cell) = snapshot.0.get_mut(position) {
                    cell.add(&share);
                }
            }
        }
        self.attrition.person(furthest);
    }
}

impl Measure for Carers {
    const NAME: &'static str = "carers";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() || !person.is_known() {
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.services.clear();
        for event in person.joined {
            if event.service_type.is_long_term()
                && event.client_type == ClientType::ServiceUser
                && frame.exact_event_type(person, event) == EventType::Service
            {
                let &CareEvent { la, service_type: kind, start, .. } = event;
                scratch.services.push(Service { la, kind, start, end: event.end.get() });
            }
        }
        let others = (person.joined.len() - scratch.services.len()) as i64;
        for tally in &mut self.tallies {
            tally.add(person, frame, &self.places, &scratch.services, others);
        }
        self.add_events(person, frame, &mut scratch.keys);
        self.scratch = scratch;
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            mine.councils.merge(&theirs.councils, Snapshot::add);
            mine.attrition.merge(&theirs.attrition);
        }
        for (mine, theirs) in self.activity.iter_mut().zip(&other.activity) {
            mine.merge(theirs, Activity::add);
        }
        self.attrition.merge(&other.attrition);
    }

    /// By period: the shares of every area and breakdown; by quarter: the counts of every area; then
    /// the attrition of each.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        self.figures(frame, &mut results.measures);
        self.steps(&mut results.attrition);
    }
}
