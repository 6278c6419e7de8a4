//! Whether a person receives long-term support on the day an event starts (`cld-metrics.md`
//! section 2).

use crate::frame::Frame;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::EventType;
use throughcare_linkage::day::{Day, OPEN_END};
use throughcare_linkage::link::person::Person;

/// The long-term support of one person in one main table, of whatever client type. Support that ended
/// before the table begins is not in it.
#[derive(Clone, Debug, Default)]
pub(super) struct LongTermSupport {
    /// Council, first day and last day.
    support: Vec<(u16, Day, Day)>,
}

impl LongTermSupport {
    /// Takes the support of a person in place of what was there.
    pub fn take(&mut self, person: &Person<'_>, events: &[CareEvent], frame: &Frame) {
        self.support.clear();
        let support = events.iter().filter(|event| {
            event.service_type.is_long_term()
                && frame.exact_event_type(person, event) == EventType::Service
        });
        self.support.extend(support.map(|event| (event.la, event.start, event.end.or(OPEN_END))));
    }

    /// The flag of an event: the same council's support covers its start, both ends included.
    pub fn is_received_at(&self, event: &CareEvent) -> bool {
        let covers = |&(la, start, end): &(u16, Day, Day)| {
            la == event.la && start <= event.start && event.start <= end
        };
        self.support.iter().any(covers)
    }

    /// Whether long-term support that starts with this event is new: no support of the same council
    /// that started before it ran until fewer than `days` before it (section 6 step 7).
    pub fn is_new_at(&self, event: &CareEvent, days: i32) -> bool {
        let is_recent = |&(la, start, end): &(u16, Day, Day)| {
            la == event.la && start < event.start && event.start.since(end) < days
        };
        !self.support.iter().any(is_recent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::care_fixture::*;
    use crate::measures::fixture::Maker;
    use throughcare_linkage::codes::cld::{ClientType, ServiceType as S};

    fn of(events: &[CareEvent]) -> LongTermSupport {
        let mut support = LongTermSupport::default();
        support.take_all(events);
        support
    }

    impl LongTermSupport {
        fn take_all(&mut self, events: &[CareEvent]) {
            let frame = frame(&[]);
            Maker::default().with(|person| self.take(person, events, &frame));
        }
    }

    #[test]
    fn section_2_example_support_on_the_first_day_of_the_event_in_the_same_council() {
        let request = event(EventType::Request, "2025-06-01", "2025-06-05");
        for (start, end, la, flag) in [
            ("2025-06-01", "-", NORTHTON, true),
            ("2025-01-01", "2025-06-01", NORTHTON, true),
            ("2025-01-01", "2025-05-31", NORTHTON, false),
            ("2025-06-02", "-", NORTHTON, false),
            ("2025-01-01", "-", SOUTHTON, false),
        ] {
            let support = of(&[service(S::Community, start, end).la(la)]);
            assert_eq!(support.is_received_at(&request), flag, "{start} {end} {la}");
        }
    }

    #[test]
    fn section_2_any_client_type_counts_and_short_term_support_does_not() {
        let request = event(EventType::Request, "2025-06-01", "2025-06-05");
        let long = service(S::Prison, "2025-01-01", "-");
        let carer = CareEvent { client_type: ClientType::UnpaidCarer, ..long };
        assert!(of(&[carer]).is_received_at(&request));
        assert!(!of(&[service(S::StMax, "2025-01-01", "-")]).is_received_at(&request));
        assert!(!of(&[long.kind(EventType::Review)]).is_received_at(&request));
        // the next person starts afresh
        let mut support = of(&[long]);
        support.take_all(&[]);
        assert!(!support.is_received_at(&request));
    }

    #[test]
    fn support_is_new_91_days_after_the_last_one() {
        let new = service(S::Community, "2025-06-01", "-");
        for (start, end, is_new) in [
            ("2024-01-01", "2025-03-02", true), // 91 days
            ("2024-01-01", "2025-03-03", false),
            ("2024-01-01", "-", false),
            ("2025-06-01", "-", true), // with it, not before it
        ] {
            let support = of(&[new, service(S::Nursing, start, end)]);
            assert_eq!(support.is_new_at(&new, 91), is_new, "{start} {end}");
        }
    }
}
