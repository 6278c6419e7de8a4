//! The first of several events after a start.

use super::anchor::Start;
use super::settings::entry;
use crate::activities::Activity;
use crate::measures::readmission::NextRule;
use serde::{Deserialize, Serialize};
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::{State, Visit};

/// An event that may end the time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Target {
    /// An emergency admission; planned ones are passed over (M8).
    Readmission,
    /// Any admission.
    AnyAdmission,
    /// Entry to long-term nursing or residential care.
    CareHome,
    /// Death.
    Death,
    /// The start of any service of the council, bridged.
    Service,
    /// The start of a visit of this state.
    Entry(State),
    /// An event of a log: any name that is none of the others.
    Activity(Activity),
}

impl From<String> for Target {
    fn from(text: String) -> Self {
        let named = Self::NAMED.into_iter().find(|target| target.name() == text);
        let state = || entry(&text).map(Self::Entry);
        named.or_else(state).unwrap_or_else(|| Self::Activity(Activity::new(&text)))
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.name().into()
    }
}

/// What is wrong with the name of an event in a study without event logs.
pub(super) fn no_event(name: &str) -> String {
    format!(
        "{name:?} is no event; there are \"readmission\", \"any_admission\", \"care_home\", \"death\", \
         \"service\" and the codes of states, such as \"STMAX\", and the activities of event logs where \
         there are any"
    )
}

impl Target {
    /// The events with a name of their own.
    pub(super) const NAMED: [Self; 5] =
        [Self::Readmission, Self::AnyAdmission, Self::CareHome, Self::Death, Self::Service];

    /// The name in study files and in the column `event`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Readmission => "readmission",
            Self::AnyAdmission => "any_admission",
            Self::CareHome => "care_home",
            Self::Death => "death",
            Self::Service => "service",
            Self::Entry(state) => state.code(),
            Self::Activity(activity) => activity.name(),
        }
    }

    /// Comes from social care records.
    #[must_use]
    pub const fn needs_care(&self) -> bool {
        match self {
            Self::CareHome | Self::Service => true,
            Self::Entry(state) => !state.is_hospital(),
            Self::Readmission | Self::AnyAdmission | Self::Death | Self::Activity(_) => false,
        }
    }

    /// Comes from hospital records.
    #[must_use]
    pub const fn needs_stays(&self) -> bool {
        match self {
            Self::Readmission | Self::AnyAdmission => true,
            Self::Entry(state) => state.is_hospital(),
            Self::CareHome | Self::Death | Self::Service | Self::Activity(_) => false,
        }
    }

    /// The day of the first such event at or after a start.
    #[must_use]
    pub fn first(&self, person: &Person<'_>, start: &Start, stays: &NextRule) -> Option<Day> {
        match self {
            Self::Readmission => admission(person, start, stays, false),
            Self::AnyAdmission => admission(person, start, stays, true),
            Self::Death => person.dod().get().filter(|&day| day >= start.day),
            Self::CareHome => {
                // an entry during the stay that is still open on the first day counts then
                let entries = person.intervals.iter().filter(|interval| {
                    is_care_home(interval)
                        && interval.start > start.before
                        && interval.end > start.day
                });
                entries.map(|interval| interval.start.max(start.day)).min()
            }
            Self::Service => {
                let starts = person.intervals.iter().filter(|interval| {
                    is_bridged(interval)
                        && interval.state.is_care()
                        && interval.state != State::Carer
                        && interval.start >= start.day
                });
                starts.map(|interval| interval.start).min()
            }
            Self::Entry(state) => {
                let visits = person.line.visits.iter();
                let entered = |visit: &&Visit| {
                    visit.state == *state && visit.start >= start.next_visit && !visit.truncated
                };
                visits.filter(entered).map(|visit| visit.start).next()
            }
            Self::Activity(activity) => {
                // the start itself does not follow, nor does what is noted again at its very moment
                let is_start = start.activity.is_some() && start.activity == activity.number();
                let next = start.next_event;
                let mut later = activity.of(person.events).filter(|event| {
                    if is_start { event.start > next } else { event.start >= next }
                });
                let day = later.next()?.start.day();
                person.dod().get().is_none_or(|dod| day <= dod).then_some(day)
            }
        }
    }
}

/// Long-term nursing or residential care by the care records.
pub(super) const fn is_care_home(interval: &Interval) -> bool {
    is_bridged(interval) && matches!(interval.state, State::Nursing | State::Residential)
}

/// Bridged rows of care, or a stay: not a wait or a destination that is trusted without a care record.
const fn is_bridged(interval: &Interval) -> bool {
    interval.id != u32::MAX
}

/// The first admission among the stays that may follow.
fn admission(person: &Person<'_>, start: &Start, stays: &NextRule, any: bool) -> Option<Day> {
    let later = person.cips.iter().skip(start.next_stay);
    let mut later = later.filter(|stay| {
        stay.admission >= start.next_admission
            && stays.is_candidate(stay)
            && (any || stay.emergency)
            && !stays.excludes(stay)
    });
    later.next().map(|stay| stay.admission)
}
