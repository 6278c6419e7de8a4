//! Stages 1 and 2 of the published code: which events count, and their order.

use super::counts::Band;
use super::{Filter, Settings, band};
use crate::frame::Frame;
use std::cmp::Reverse;
use throughcare_linkage::cld::age::latest_age;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, EventType, Outcome, ServiceType,
};
use throughcare_linkage::day::Day;
use throughcare_linkage::instant::Instant;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::cld::CldRow;

/// Kind of an event of the pool, in the order that events of one day take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Request,
    Assessment,
    Service,
}

/// An event of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Council: number in `Frame::la_codes`.
    pub la: u16,
    pub start: Day,
    pub kind: Kind,
    /// Of two events of one kind and day, the one that was imported later comes first; then that with
    /// the larger record id.
    pub latest: (Reverse<Option<Instant>>, Reverse<u64>),
    /// Band at the end of the event.
    pub band: Option<Band>,
    /// A request: its outcome lets a conversation answer it. An assessment: it leads to a service.
    pub progresses: bool,
    /// A request that was a conversation.
    pub conversation: bool,
    /// Assessment type of an assessment, service type of a service, by position in their lists.
    pub code: i32,
}

/// Fills `pool` with the requests that count and every assessment and service of the age, council by
/// council, each in the published order; `fallen` counts the other events.
pub(super) fn gather(
    person: &Person<'_>,
    frame: &Frame,
    settings: &Settings,
    pool: &mut Vec<Event>,
    fallen: &mut [i64; Filter::NoOverlap as usize],
) {
    pool.clear();
    *fallen = Default::default();
    for event in person.joined {
        let kind = match event.event_type {
            EventType::Request => Kind::Request,
            EventType::Assessment if is_assessment(event.assessment_type) => Kind::Assessment,
            EventType::Service if is_client_service(event.service_type) => Kind::Service,
            _ => {
                fallen[Filter::Request as usize] += 1;
                continue;
            }
        };
        if kind == Kind::Request {
            if let Some(filter) = first_failure(person, event, settings) {
                fallen[filter as usize] += 1;
                continue;
            }
        } else {
            fallen[Filter::Request as usize] += 1;
            if !is_of_age(person, event, settings) {
                continue;
            }
        }
        let row = person.cld_rows.get(event.row as usize);
        pool.push(Event {
            la: event.la,
            start: event.start,
            kind,
            latest: (Reverse(frame.details.import(person, event)), Reverse(event.record_id)),
            band: band(latest_age(event)),
            progresses: progresses(kind, event.outcome),
            conversation: row.is_some_and(|row| row.conversation == CONVERSATION),
            code: match kind {
                Kind::Request => 0,
                Kind::Assessment => event.assessment_type as i32,
                Kind::Service => event.service_type as i32,
            },
        });
    }
    // a stable sort: what is still tied stays in the order of the joined table
    pool.sort_by_key(|event| (event.la, event.start, event.kind, event.latest));
}

/// [`CldRow::conversation`] of a row that is one.
const CONVERSATION: u8 = 2;

/// The date of death by the latest details.
pub(super) fn death(la: u16, person: &Person<'_>) -> Option<Day> {
    person_details::birth_and_death(la, person.joined).1.get()
}

/// The last day of the latest reference period of the person's records in a council.
pub(super) fn latest_reference_end(la: u16, person: &Person<'_>) -> Day {
    let of_council = person.joined.iter().filter(|event| event.la == la);
    of_council.map(|event| event.reference_end).max().unwrap_or_default()
}

/// Steps 2 to 4: the first filter that a request fails.
fn first_failure(person: &Person<'_>, request: &CareEvent, settings: &Settings) -> Option<Filter> {
    if request.client_type != ClientType::ServiceUser {
        Some(Filter::ServiceUser)
    } else if request.start < settings.requests_from {
        Some(Filter::Start)
    } else if !is_of_age(person, request, settings) {
        Some(Filter::Age)
    } else if is_of_existing_client(person, request, settings) {
        Some(Filter::NewClient)
    } else if matches!(request.outcome, Outcome::None | Outcome::AdmittedToHospital)
        || request.outcome.is_no_further_action()
    {
        Some(Filter::Outcome)
    } else {
        None
    }
}

/// Step 3: support that started before the request and ran until a while before it or longer, at
/// whatever age.
fn is_of_existing_client(person: &Person<'_>, request: &CareEvent, settings: &Settings) -> bool {
    let long_term_from = request.start.add_months(-settings.long_term_months);
    let short_term_from = request.start.add_months(-settings.short_term_months);
    let earlier = person.joined.iter().take_while(|event| event.start < request.start);
    let mut services =
        earlier.filter(|event| event.la == request.la && event.event_type == EventType::Service);
    services.any(|service| {
        let from = match service.service_type {
            kind if kind.is_long_term() => long_term_from,
            ServiceType::StMax | ServiceType::OtherShortTerm => short_term_from,
            _ => return false,
        };
        service.end.get().is_none_or(|end| end >= from)
    })
}

/// Whether the age at the start, as the row has it, is old enough; an unknown age is not.
fn is_of_age(person: &Person<'_>, event: &CareEvent, settings: &Settings) -> bool {
    let age = person.cld_rows.get(event.row as usize).map(|row| row.age_at_start);
    age.is_some_and(|age| age != CldRow::NO_AGE && i32::from(age) >= settings.minimum_age)
}

const fn is_assessment(kind: AssessmentType) -> bool {
    matches!(kind, AssessmentType::ShortTerm | AssessmentType::LongTerm)
}

/// One of the seven service types of clients.
const fn is_client_service(kind: ServiceType) -> bool {
    kind.is_long_term()
        || matches!(kind, ServiceType::StMax | ServiceType::LowLevel | ServiceType::OtherShortTerm)
}

/// Step 6.
const fn progresses(kind: Kind, outcome: Outcome) -> bool {
    match outcome {
        Outcome::Reablement | Outcome::SupportPlanning | Outcome::Continuation => {
            !matches!(kind, Kind::Service)
        }
        Outcome::Assessment | Outcome::Release1Only => matches!(kind, Kind::Request),
        _ => false,
    }
}
