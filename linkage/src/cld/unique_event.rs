//! When two rows are the same event (P-12).

use crate::cld::cleaning::Cleaning;
use crate::cld::settings::Edition;
use crate::codes::cld::{EventType, Field, Raw};
use crate::day::{Day, OptDay};
use crate::records::cld::CldRow;

/// The event reference of a row within one person: equal for rows of the same event.
///
/// Packed: council, start and client type; end and event type; up to two values that go with the
/// event type (route, assessment type, or service type and component). Values are numbered in text or
/// list order, so the order of references does not depend on the order of the input.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct EventReference([u64; 3]);

impl EventReference {
    /// The reference of a row that starts on `start` and, P-07 applied, ends on `end`. `la` is the
    /// council's rank in the order of codes, `kind` the event type as the edition sees it.
    #[inline]
    pub(crate) fn new(
        cleaning: &Cleaning,
        edition: Edition,
        la: u16,
        kind: EventType,
        row: &CldRow,
        (start, end): (Day, OptDay),
    ) -> Self {
        let value = |field: Field, raw: Raw| -> u64 {
            match edition {
                Edition::A => u64::from(cleaning.fold(field, raw)),
                Edition::B => u64::from(cleaning.cleaned(field, raw).0),
            }
        };
        let (first, second) = match kind {
            EventType::Request => (value(Field::RequestRouteOfAccess, row.route), 0),
            EventType::Assessment => (value(Field::AssessmentType, row.assessment_type), 0),
            EventType::Service => (
                value(Field::ServiceType, row.service_type),
                value(Field::ServiceComponent, row.component),
            ),
            _ => (0, 0),
        };
        // one more than the bits of the day, so that 0 is left for no end
        let end = match (kind, end.get()) {
            (EventType::Service, _) | (_, None) => 0,
            (_, Some(day)) => u64::from(ascending(day.0)) + 1,
        };
        let client = value(Field::ClientType, row.client_type);
        let event_type = value(Field::EventType, row.event_type);
        Self([
            u64::from(la) << 48 | u64::from(ascending(start.0)) << 16 | client,
            end << 16 | event_type,
            first << 16 | second,
        ])
    }
}

/// The bits of a signed number, as an unsigned number in the same order.
pub(crate) const fn ascending(value: i32) -> u32 {
    value.cast_unsigned() ^ (1 << 31)
}
