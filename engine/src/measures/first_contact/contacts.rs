//! Which events are contacts (M4): requests, assessments and reviews by their start, services by the
//! start of bridged care, so that a restart within the bridging gap or after a stay that held the
//! service is none.

use crate::follow_up::care_intervals;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, EventType, ServiceType};
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::State;

/// A class of contact, in the order of output; services also by state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Class {
    Any,
    Request,
    Assessment,
    Review,
    Service,
    Nursing,
    Residential,
    Prison,
    ShortTermBed,
    StMax,
    Community,
    ShortTermOther,
    LowLevel,
    Carer,
}

impl Class {
    /// Every class, in order.
    pub const ALL: [Self; 14] = [
        Self::Any,
        Self::Request,
        Self::Assessment,
        Self::Review,
        Self::Service,
        Self::Nursing,
        Self::Residential,
        Self::Prison,
        Self::ShortTermBed,
        Self::StMax,
        Self::Community,
        Self::ShortTermOther,
        Self::LowLevel,
        Self::Carer,
    ];

    /// The classes that have parts of their own.
    pub const MAIN: [Self; 5] =
        [Self::Any, Self::Request, Self::Assessment, Self::Review, Self::Service];

    /// The name that parts begin with; that of a service by state is `service`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Request => "request",
            Self::Assessment => "assessment",
            Self::Review => "review",
            _ => "service",
        }
    }

    /// The state of a service by state.
    #[must_use]
    pub const fn service(self) -> Option<State> {
        Some(match self {
            Self::Nursing => State::Nursing,
            Self::Residential => State::Residential,
            Self::Prison => State::Prison,
            Self::ShortTermBed => State::ShortTermBed,
            Self::StMax => State::StMax,
            Self::Community => State::Community,
            Self::ShortTermOther => State::ShortTermOther,
            Self::LowLevel => State::LowLevel,
            Self::Carer => State::Carer,
            Self::Any | Self::Request | Self::Assessment | Self::Review | Self::Service => {
                return None;
            }
        })
    }
}

/// Whether a record is about an unpaid carer rather than the person cared for.
#[must_use]
pub const fn is_of_carer(event: &CareEvent) -> bool {
    matches!(event.client_type, ClientType::UnpaidCarer | ClientType::UnpaidCarerByAssociation)
}

/// The first day of each class of contact from `from` to `last`, both included, in the order of
/// [`Class::ALL`]. Records of unpaid carers and records that start after the death are none.
#[must_use]
pub fn first_contacts(
    person: &Person<'_>,
    from: Day,
    last: Day,
) -> [Option<Day>; Class::ALL.len()] {
    let last = person.dod().get().map_or(last, |death| death.min(last));
    let mut first = [None; Class::ALL.len()];
    let mut note = |class: Class, day: Day| {
        if from <= day && day <= last {
            let known: &mut Option<Day> = &mut first[class as usize];
            *known = Some(known.map_or(day, |known| known.min(day)));
        }
    };
    for event in person.joined.iter().filter(|event| !is_of_carer(event)) {
        let class = match event.event_type {
            EventType::Request => Class::Request,
            EventType::Assessment => Class::Assessment,
            EventType::Review => Class::Review,
            EventType::Service | EventType::None | EventType::Invalid => continue,
        };
        note(class, event.start);
        note(Class::Any, event.start);
    }
    for interval in care_intervals(person) {
        let of_state = |class: &&Class| class.service() == Some(interval.state);
        for class in Class::ALL.iter().filter(of_state) {
            note(*class, interval.start);
        }
        note(Class::Service, interval.start);
        note(Class::Any, interval.start);
    }
    first
}

/// Whether long-term support or ST-Max runs on a day (M4 step 3). A short-term bed is ST-Max when a row
/// of it says so.
#[must_use]
pub fn is_already_supported(person: &Person<'_>, day: Day) -> bool {
    let in_st_max_bed = || {
        person.joined.iter().any(|event| {
            event.event_type == EventType::Service
                && event.service_type == ServiceType::StMax
                && !is_of_carer(event)
                && event.covers(day)
        })
    };
    let supports = |interval: &Interval| match interval.state {
        State::Nursing | State::Residential | State::Prison | State::Community | State::StMax => {
            true
        }
        State::ShortTermBed => in_st_max_bed(),
        _ => false,
    };
    care_intervals(person)
        .any(|interval| interval.start <= day && day < interval.end && supports(interval))
}
