//! Prepared events: one row of a main table.

use crate::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Gender, Outcome, Raw, ServiceType,
};
use crate::day::{BirthMonth, Day, OptDay};
use crate::person::PersonIdKind;

/// One unique event of a main table (`cld-preparation.md` P-14, P-15), cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CareEvent {
    /// `Der_Unique_Record_ID`.
    pub record_id: u64,
    /// Event start.
    pub start: Day,
    /// Corrected and, in the joined table, cropped end: the last day, included; missing when open.
    pub end: OptDay,
    /// End as submitted.
    pub raw_end: OptDay,
    /// Date of death on the row (edition B: the derived one).
    pub death: OptDay,
    /// First day of the reference period of the row's submission.
    pub reference_start: Day,
    /// Last day of the reference period of the row's submission.
    pub reference_end: Day,
    /// Index of the row among the person's rows (`Person::cld_rows`).
    pub row: u32,
    /// Council: number in `Texts::la`.
    pub la: u16,
    /// Month of birth on the row.
    pub birth: BirthMonth,
    /// Cleaned event type.
    pub event_type: EventType,
    /// Cleaned client type.
    pub client_type: ClientType,
    /// Cleaned service type.
    pub service_type: ServiceType,
    /// Cleaned service component.
    pub component: Component,
    /// Cleaned outcome.
    pub outcome: Outcome,
    /// Cleaned assessment type.
    pub assessment_type: AssessmentType,
    /// Cleaned gender.
    pub gender: Gender,
    /// Type of review (P-10).
    pub review_type: ReviewType,
    /// Delivery mechanism, raw.
    pub mechanism: Raw,
    /// Where the person identifier came from.
    pub id_kind: PersonIdKind,
    /// The joined table cropped the end of this event to its reference period (P-13).
    pub cropped: bool,
}

impl CareEvent {
    /// The first day on which the event no longer runs; `open_until` for an open event.
    #[must_use]
    pub fn end_exclusive(&self, open_until: Day) -> Day {
        self.end.get().map_or(open_until, |end| end.plus(1))
    }

    /// Whether the event runs on a day, both of its days included.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.start <= day && self.end.get().is_none_or(|end| day <= end)
    }

    /// Whether the end is before the start.
    #[must_use]
    pub fn is_reversed(&self) -> bool {
        self.end.get().is_some_and(|end| end < self.start)
    }

    /// A service received by a service user.
    #[must_use]
    pub fn is_client_service(&self) -> bool {
        self.event_type == EventType::Service && self.client_type == ClientType::ServiceUser
    }
}

/// Type of review (P-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum ReviewType {
    /// Not a review, or a review without a reason.
    #[default]
    None,
    /// Planned review of long-term support.
    Planned,
    /// Unplanned.
    Unplanned,
    /// Review of short-term support.
    ShortTerm,
    /// Any other reason.
    Unknown,
}
