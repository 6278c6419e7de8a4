//! What happens to a person: hospital stays, attendances and care events, before anybody writes
//! them down.

use throughcare_linkage::codes::cld::{AssessmentType, Component, EventType, Outcome, ServiceType};
use throughcare_linkage::day::Day;

/// Everything that happens to one person. The buffers are used again for the next person.
#[derive(Default, Debug)]
pub struct Journey {
    /// Date of death.
    pub death: Option<Day>,
    /// Hospital stays at one provider, in order of admission.
    pub stays: Vec<Stay>,
    /// A&E attendances.
    pub visits: Vec<Visit>,
    /// Care events.
    pub events: Vec<Event>,
}

impl Journey {
    /// Empties the journey.
    pub fn clear(&mut self) {
        self.death = None;
        self.stays.clear();
        self.visits.clear();
        self.events.clear();
    }
}

/// A stay at one provider. Codes are those of the hospital data set.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields are named after the columns they become")]
pub struct Stay {
    pub provider: usize,
    pub admission: Day,
    pub discharge: Day,
    pub ready: Option<Day>,
    pub method: &'static str,
    pub source: &'static str,
    pub destination: &'static str,
    pub discharge_method: &'static str,
    pub class: &'static str,
    pub specialty: &'static str,
    pub last_specialty: &'static str,
    pub episode_type: &'static str,
    pub diagnosis: &'static str,
    pub other_diagnosis: Option<&'static str>,
    pub episodes: i32,
    pub salt: u64,
}

/// An A&E attendance.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields are named after the columns they become")]
pub struct Visit {
    pub provider: usize,
    pub day: Day,
    pub minute: i32,
    pub duration: i32,
    pub department: &'static str,
    pub category: &'static str,
    pub mode: &'static str,
    pub acuity: &'static str,
    pub status: &'static str,
    pub destination: &'static str,
    pub salt: u64,
}

/// A care event as it really was; what a council's file says of it may differ.
#[derive(Clone, Debug)]
pub struct Event {
    /// Event type; `EventType::None` for a carer known by association.
    pub kind: EventType,
    /// The person acts as an unpaid carer in this event.
    pub carer: bool,
    /// First day.
    pub start: Day,
    /// Last day; missing when the service has not ended.
    pub end: Option<Day>,
    /// Outcome, of a service once it has ended.
    pub outcome: Outcome,
    /// Place in the list of routes of access.
    pub route: usize,
    /// Assessment type.
    pub assessment: AssessmentType,
    /// Service type.
    pub service: ServiceType,
    /// Service component.
    pub component: Component,
    /// Delivery mechanism: 0 none, 1 direct payment, 2 managed budget, 3 commissioned.
    pub mechanism: usize,
    /// Place in the list of review reasons.
    pub review: usize,
    /// Units of service a week.
    pub units: i32,
    /// Number within the council of the person cared for.
    pub cares_for: Option<u64>,
    /// Salt of what files make of the event.
    pub salt: u64,
}

impl Event {
    /// An event of this type that begins and ends on a day and says nothing else.
    #[must_use]
    pub fn new(kind: EventType, start: Day, salt: u64) -> Self {
        Self {
            kind,
            carer: false,
            start,
            end: Some(start),
            outcome: Outcome::None,
            route: 3,
            assessment: AssessmentType::None,
            service: ServiceType::None,
            component: Component::None,
            mechanism: 0,
            review: 0,
            units: 1,
            cares_for: None,
            salt,
        }
    }
}
