//! `events`: one row a prepared event of the joined table, an outpatient appointment, or an event of a log.

use super::Names;
use super::column::{Column, coded, dates, flags, keys, moments};
use super::file::Record;
use arrow_array::ArrayRef;
use std::cmp::Ordering;
use std::hash::Hash;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Field, Gender, Outcome, ServiceType,
};
use throughcare_linkage::day::{Day, OptDay};
use throughcare_linkage::instant::Instant;
use throughcare_linkage::link::events::PersonEvent;
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::appointment::Appointment;

/// What one row is.
#[derive(Clone, Copy, Debug)]
pub(super) enum EventRow {
    /// A prepared social care event.
    Care(CareEvent),
    /// An outpatient appointment, a point in time.
    Outpatient(Appointment),
    /// An event of a log.
    Logged(PersonEvent),
}

/// Where a row is from, in the order of the rows of one day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Source {
    SocialCare,
    Outpatients,
    EventLog,
}

impl Source {
    const fn name(self) -> &'static str {
        match self {
            Self::SocialCare => "social_care",
            Self::Outpatients => "outpatients",
            Self::EventLog => "event_log",
        }
    }
}

impl EventRow {
    fn care<T>(&self, of: impl Fn(&CareEvent) -> T) -> Option<T> {
        match self {
            Self::Care(event) => Some(of(event)),
            Self::Outpatient(_) | Self::Logged(_) => None,
        }
    }

    fn care_day(&self, of: impl Fn(&CareEvent) -> OptDay) -> OptDay {
        self.care(of).unwrap_or_default()
    }

    fn outpatient<T>(&self, of: impl Fn(&Appointment) -> T) -> Option<T> {
        match self {
            Self::Outpatient(appointment) => Some(of(appointment)),
            Self::Care(_) | Self::Logged(_) => None,
        }
    }

    fn logged<T>(&self, of: impl Fn(&PersonEvent) -> T) -> Option<T> {
        match self {
            Self::Logged(event) => Some(of(event)),
            Self::Care(_) | Self::Outpatient(_) => None,
        }
    }

    const fn source(&self) -> Source {
        match self {
            Self::Care(_) => Source::SocialCare,
            Self::Outpatient(_) => Source::Outpatients,
            Self::Logged(_) => Source::EventLog,
        }
    }

    /// First day.
    fn start(&self) -> OptDay {
        match self {
            Self::Care(event) => event.start.into(),
            Self::Outpatient(appointment) => appointment.date,
            Self::Logged(event) => event.start.day().into(),
        }
    }

    /// Last day, included.
    fn end(&self) -> OptDay {
        match self {
            Self::Care(event) => event.end,
            Self::Outpatient(appointment) => appointment.date,
            Self::Logged(event) => event.end.map(Instant::day).into(),
        }
    }

    /// The order of one person's rows: first day, social care before outpatients before event logs, then
    /// the order of each.
    pub(super) fn order(a: &Self, b: &Self, names: &Names<'_>) -> Ordering {
        match (a, b) {
            (Self::Care(a), Self::Care(b)) => order(a, b, names),
            (Self::Outpatient(a), Self::Outpatient(b)) => {
                let key = |a: &Appointment| {
                    (
                        a.date,
                        names.provider(a.provider),
                        a.treatment_function,
                        a.main_specialty,
                        a.status,
                    )
                };
                key(a).cmp(&key(b))
            }
            (Self::Logged(a), Self::Logged(b)) => {
                let key =
                    |e: &PersonEvent| (e.start, e.activity.log, names.activity(e.activity), e.end);
                key(a).cmp(&key(b))
            }
            _ => a.start().cmp(&b.start()).then(a.source().cmp(&b.source())),
        }
    }
}

/// Texts of social care events; none for other rows.
fn care_coded<'t, K: Copy + Eq + Hash>(
    rows: &[EventRow],
    key: impl Fn(&CareEvent) -> K,
    text: impl Fn(K) -> &'t str,
) -> ArrayRef {
    coded(rows, |row| row.care(&key), |key| key.map_or("", &text))
}

/// Texts of outpatient appointments; none for other rows.
fn outpatient_coded<K: Copy + Eq + Hash, T: AsRef<str> + Default>(
    rows: &[EventRow],
    key: impl Fn(&Appointment) -> K,
    text: impl Fn(K) -> T,
) -> ArrayRef {
    coded(rows, |row| row.outpatient(&key), |key| key.map_or_else(T::default, &text))
}

/// The order of one person's events in the table: start, event type, end (open last), record id; then,
/// for record ids that are not unique, every other column. Events that it cannot tell apart are equal
/// rows.
fn order(a: &CareEvent, b: &CareEvent, names: &Names<'_>) -> Ordering {
    let first = |e: &CareEvent| (e.start, e.event_type, e.end.or(Day(i32::MAX)), e.record_id);
    let labels = |e: &CareEvent| {
        (e.client_type, e.service_type, e.component, e.outcome, e.assessment_type, e.review_type)
    };
    let texts =
        |e: &CareEvent| (names.la(e.la), names.cleaned(Field::DeliveryMechanism, e.mechanism));
    let rest = |e: &CareEvent| {
        let days = (e.raw_end, e.death, e.reference_start, e.reference_end);
        (days, e.gender, e.birth, e.id_kind, e.cropped)
    };
    first(a)
        .cmp(&first(b))
        .then_with(|| labels(a).cmp(&labels(b)))
        .then_with(|| texts(a).cmp(&texts(b)))
        .then_with(|| rest(a).cmp(&rest(b)))
}

impl Record for EventRow {
    const NAME: &'static str = "events";
    const NOTE: &'static str = "One row a unique social care event of a person in the prepared joined table. \
        Both start and end are days of the event: the end is included, and missing while the event is open. \
        Outpatient appointments, where there are any, are rows of one day with source outpatients; events of \
        logs have source event_log and the days of their start and end. \
        People stand in the order of a hash of their identifiers, their events by start, event type (in the \
        order of the published list, then outpatients, then event logs), end (open last) and record id; \
        events of logs of one day by time, log, activity and end.";

    fn columns() -> Vec<Column<Self>> {
        vec![
            Column::new("la_code", "Council", |rows, names| {
                care_coded(rows, |event| event.la, |la| names.la(la))
            }),
            Column::new("event_type", "Event type", |rows, _| {
                care_coded(rows, |event| event.event_type, EventType::label)
            }),
            Column::new("client_type", "Client type", |rows, _| {
                care_coded(rows, |event| event.client_type, ClientType::label)
            }),
            Column::new("service_type", "Service type", |rows, _| {
                care_coded(rows, |event| event.service_type, ServiceType::label)
            }),
            Column::new("service_component", "Service component", |rows, _| {
                care_coded(rows, |event| event.component, Component::label)
            }),
            Column::new("start", "First day", |rows, _| dates(rows, EventRow::start)),
            Column::new(
                "end",
                "Last day, included, corrected and cropped (P-07, P-13); none while open",
                |rows, _| dates(rows, EventRow::end),
            ),
            Column::new("submitted_end", "Last day as submitted", |rows, _| {
                dates(rows, |row| row.care_day(|event| event.raw_end))
            }),
            Column::new("cropped", "The end is that of the reference period (P-13)", |rows, _| {
                flags(rows, |row| row.care(|event| event.cropped).unwrap_or(false))
            }),
            Column::new("outcome", "Event outcome", |rows, _| {
                care_coded(rows, |event| event.outcome, Outcome::label)
            }),
            Column::new("assessment_type", "Assessment type", |rows, _| {
                care_coded(rows, |event| event.assessment_type, AssessmentType::label)
            }),
            Column::new("review_type", "Type of review (P-10)", |rows, _| {
                care_coded(rows, |event| event.review_type, review_type)
            }),
            Column::new("delivery_mechanism", "Delivery mechanism", |rows, names| {
                let label = |raw| names.cleaned(Field::DeliveryMechanism, raw);
                care_coded(rows, |event| event.mechanism, label)
            }),
            Column::new("gender", "Gender", |rows, _| {
                care_coded(rows, |event| event.gender, Gender::label)
            }),
            Column::new("birth_month", "First day of the month of birth", |rows, _| {
                dates(rows, |row| row.care_day(|event| event.birth.first_day().into()))
            }),
            Column::new("date_of_death", "Date of death on the record", |rows, _| {
                dates(rows, |row| row.care_day(|event| event.death))
            }),
            Column::new("reference_start", "First day of the reference period", |rows, _| {
                dates(rows, |row| row.care_day(|event| event.reference_start.into()))
            }),
            Column::new("reference_end", "Last day of the reference period", |rows, _| {
                dates(rows, |row| row.care_day(|event| event.reference_end.into()))
            }),
            Column::new("id_kind", "Where the identifier of the person is from", |rows, _| {
                care_coded(rows, |event| event.id_kind, id_kind)
            }),
            Column::new(
                "record_id",
                "Der_Unique_Record_ID; a hash of the row where the input has none",
                |rows, _| {
                    keys(rows, |row| {
                        row.care(|event| i64::try_from(event.record_id).ok()).flatten()
                    })
                },
            ),
            Column::new("source", "Where the row is from", |rows, _| {
                coded(rows, EventRow::source, Source::name)
            }),
            Column::new("provider", "Provider of an outpatient appointment", |rows, names| {
                outpatient_coded(rows, |row| row.provider, |provider| names.provider(provider))
            }),
            Column::new(
                "attendance_status",
                "Attendance status of an outpatient appointment: 5 and 6 seen, 3 and 7 did not attend",
                |rows, _| outpatient_coded(rows, |row| row.status, |code| code.text()),
            ),
            Column::new("first_attendance", "First attendance or follow-up", |rows, _| {
                outpatient_coded(rows, |row| row.first, |code| code.text())
            }),
            Column::new(
                "treatment_function",
                "Treatment function of an outpatient appointment",
                |rows, _| outpatient_coded(rows, |row| row.treatment_function, |code| code.text()),
            ),
            Column::new("log", "Event log", |rows, names| {
                let log = |row: &EventRow| row.logged(|event| event.activity.log);
                coded(rows, log, |log| log.map_or("", |log| names.log(log)))
            }),
            Column::new("activity", "Activity of an event log", |rows, names| {
                let activity = |row: &EventRow| row.logged(|event| event.activity);
                coded(rows, activity, |of| of.map_or("", |of| names.activity(of)))
            }),
            Column::new("start_time", "When the event of a log began", |rows, _| {
                moments(rows, |row| row.logged(|event| event.start))
            }),
            Column::new(
                "end_time",
                "When the event of a log ended; none when the log does not say",
                |rows, _| moments(rows, |row| row.logged(|event| event.end).flatten()),
            ),
        ]
    }
}

const fn review_type(kind: ReviewType) -> &'static str {
    match kind {
        ReviewType::None => "",
        ReviewType::Planned => "Planned",
        ReviewType::Unplanned => "Unplanned",
        ReviewType::ShortTerm => "Short term",
        ReviewType::Unknown => "Unknown",
    }
}

const fn id_kind(kind: PersonIdKind) -> &'static str {
    match kind {
        PersonIdKind::NhsTraced => "nhs_traced",
        PersonIdKind::NhsSupplied => "nhs_supplied",
        PersonIdKind::Hospital => "hospital",
        PersonIdKind::LaLocal => "la_local",
        PersonIdKind::None => "",
    }
}
