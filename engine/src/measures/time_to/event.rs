//! The first of several events after a start.

use super::anchor::Start;
use super::settings::entry;
use crate::measures::readmission::NextRule;
use serde::{Deserialize, Serialize};
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::{State, Visit};

/// An event that may end the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let named =
            [Self::Readmission, Self::AnyAdmission, Self::CareHome, Self::Death, Self::Service];
        let named = named.into_iter().find(|target| target.name() == text);
        named.or_else(|| entry(&text).map(Self::Entry)).ok_or_else(|| {
            format!(
                "{text:?} is no event; there are \"readmission\", \"any_admission\", \"care_home\", \
                 \"death\", \"service\" and the codes of states, such as \"STMAX\""
            )
        })
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.name().into()
    }
}

impl Target {
    /// The name in study files and in the column `event`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Readmission => "readmission",
            Self::AnyAdmission => "any_admission",
            Self::CareHome => "care_home",
            Self::Death => "death",
            Self::Service => "service",
            Self::Entry(state) => state.code(),
        }
    }

    /// Comes from social care records.
    #[must_use]
    pub const fn needs_care(self) -> bool {
        match self {
            Self::CareHome | Self::Service => true,
            Self::Entry(state) => !state.is_hospital(),
            Self::Readmission | Self::AnyAdmission | Self::Death => false,
        }
    }

    /// Comes from hospital records.
    #[must_use]
    pub const fn needs_stays(self) -> bool {
        match self {
            Self::Readmission | Self::AnyAdmission => true,
            Self::Entry(state) => state.is_hospital(),
            Self::CareHome | Self::Death | Self::Service => false,
        }
    }

    /// The day of the first such event at or after a start.
    #[must_use]
    pub fn first(self, person: &Person<'_>, start: &Start, stays: &NextRule) -> Option<Day> {
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
                    visit.state == state && visit.start >= start.next_visit && !visit.truncated
                };
                visits.filter(entered).map(|visit| visit.start).next()
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
