//! A raw row as the tables see it.

use super::labels::{Label, Labels, client_type, event_type, service_type};
use crate::measures::breakdown::Facts;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::instant::Instant;
use throughcare_linkage::records::cld::{CldDetail, CldRow};

/// A row of a submission that is read, before it is known whether it is in a build.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What its texts are.
    pub labels: &'a Labels,
    /// The row.
    pub row: &'a CldRow,
    /// Its details.
    pub detail: &'a CldDetail,
}

impl View<'_> {
    /// The service type.
    #[must_use]
    #[inline]
    pub fn service_type(&self) -> Label {
        self.labels.service_type.of(self.row.service_type)
    }

    /// The event type.
    #[must_use]
    #[inline]
    pub fn event_type(&self) -> Label {
        self.labels.event_type.of(self.row.event_type)
    }

    /// Whether the service type is one of the four of long-term support.
    #[must_use]
    #[inline]
    pub fn is_long_term(&self) -> bool {
        is_long_term(self.service_type())
    }

    /// Whether the event type is one of the four.
    #[must_use]
    #[inline]
    pub fn is_event(&self) -> bool {
        event_type::LIST.has(self.event_type())
    }

    /// Whether the client is a service user.
    #[must_use]
    #[inline]
    pub fn is_service_user(&self) -> bool {
        self.labels.client_type.of(self.row.client_type) == client_type::SERVICE_USER
    }

    /// Whether the event started by a day; not when there is no start.
    #[must_use]
    #[inline]
    pub fn starts_by(&self, day: Day) -> bool {
        self.row.start.get().is_some_and(|start| start <= day)
    }

    /// Whether the event is open, or ended on a day or later.
    #[must_use]
    #[inline]
    pub fn lasts_to(&self, day: Day) -> bool {
        self.row.raw_end.get().is_none_or(|end| end >= day)
    }

    /// Whether the event has days in a period, by its start and end as submitted.
    #[must_use]
    #[inline]
    pub fn overlaps(&self, period: Period) -> bool {
        self.starts_by(period.end) && self.lasts_to(period.start)
    }

    /// N6: no death on the row, or not before a day.
    #[must_use]
    #[inline]
    pub fn alive_on(&self, day: Day) -> bool {
        self.row.death.get().is_none_or(|death| death >= day)
    }
}

/// Whether a service type is one of the four of long-term support.
#[must_use]
#[inline]
pub const fn is_long_term(service: Label) -> bool {
    service.0 >= service_type::NURSING.0 && service.0 <= service_type::PRISON.0
}

/// A row of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the coded fields have the names of the specification")]
pub struct Row {
    /// Council: number in `Frame::la_codes`.
    pub la: u16,
    /// The builds that have the row, as bits; bit 0 is the table's own.
    pub builds: u8,
    /// Start.
    pub start: Day,
    /// End as submitted.
    pub end: OptDay,
    /// Time of import.
    pub import: Instant,
    /// Month of birth.
    pub birth: BirthMonth,
    /// Date of death on the row.
    pub death: OptDay,
    pub event_type: Label,
    pub service_type: Label,
    pub component: Label,
    pub mechanism: Label,
    pub outcome: Label,
    pub route: Label,
    pub gender: Label,
    pub ethnicity: Label,
    pub support_reason: Label,
    pub accommodation: Label,
    pub employment: Label,
    pub has_carer: Label,
    /// What the person is in the council, as far as the study asks.
    pub(in crate::measures) facts: Facts,
}

impl Row {
    /// The row behind a view, which has a start.
    #[must_use]
    pub fn new(view: View<'_>, start: Day, import: Instant, builds: u8) -> Self {
        let View { labels, row, detail } = view;
        Self {
            la: row.la,
            builds,
            start,
            end: row.raw_end,
            import,
            birth: row.birth,
            death: row.death,
            event_type: labels.event_type.of(row.event_type),
            service_type: labels.service_type.of(row.service_type),
            component: labels.component.of(row.component),
            mechanism: labels.mechanism.of(row.mechanism),
            outcome: labels.outcome.of(row.outcome),
            route: labels.route.of(row.route),
            gender: labels.gender.of(row.gender),
            ethnicity: labels.ethnicity.of(detail.ethnicity),
            support_reason: labels.support_reason.of(detail.primary_support_reason),
            accommodation: labels.accommodation.of(detail.accommodation),
            employment: labels.employment.of(detail.employment),
            has_carer: labels.has_carer.of(detail.has_carer),
            facts: Facts::default(),
        }
    }

    /// Whether this is a request.
    #[must_use]
    #[inline]
    pub fn is_request(&self) -> bool {
        self.event_type == event_type::REQUEST
    }

    /// Whether this is a service.
    #[must_use]
    #[inline]
    pub fn is_service(&self) -> bool {
        self.event_type == event_type::SERVICE
    }

    /// Whether this is an ST-Max service.
    #[must_use]
    #[inline]
    pub fn is_st_max(&self) -> bool {
        self.is_service() && self.service_type == service_type::ST_MAX
    }

    /// Whether this is a long-term service that has started by a day and is open or ends on it or
    /// later.
    #[must_use]
    #[inline]
    pub fn is_long_term_on(&self, day: Day) -> bool {
        self.is_service()
            && is_long_term(self.service_type)
            && self.start <= day
            && self.end.get().is_none_or(|end| end >= day)
    }

    /// Age on a day (N5).
    #[must_use]
    pub fn age(&self, day: Day) -> Option<i32> {
        self.birth.dhsc_age(day)
    }
}
