//! `events`: one row a prepared event of the joined table, or an outpatient appointment.

use super::Names;
use super::column::{Column, coded, dates, flags, keys};
use super::file::Record;
use arrow_array::ArrayRef;
use std::cmp::Ordering;
use std::hash::Hash;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Field, Gender, Outcome, ServiceType,
};
use throughcare_linkage::day::{Day, OptDay};
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::appointment::Appointment;

/// What one row is.
#[derive(Clone, Copy, Debug)]
pub(super) enum EventRow {
    /// A prepared social care event.
    Care(CareEvent),
    /// An outpatient appointment, a point in time.
    Outpatient(Appointment),
}

impl EventRow {
    fn care<T>(&self, of: impl Fn(&CareEvent) -> T) -> Option<T> {
        match self {
            Self::Care(event) => Some(of(event)),
            Self::Outpatient(_) => None,
        }
    }

    fn care_day(&self, of: impl Fn(&CareEvent) -> OptDay) -> OptDay {
        self.care(of).unwrap_or_default()
    }

    fn outpatient<T>(&self, of: impl Fn(&Appointment) -> T) -> Option<T> {
        match self {
            Self::Care(_) => None,
            Self::Outpatient(appointment) => Some(of(appointment)),
        }
    }

    /// The order of one person's rows: first day, social care before outpatients, then the order of
    /// each.
    pub(super) fn order(a: &Self, b: &Self, names: &Names<'_>) -> Ordering {
        match (a, b) {
            (Self::Care(a), Self::Care(b)) => order(a, b, names),
            (Self::Care(a), Self::Outpatient(b)) => {
                OptDay::from(a.start).cmp(&b.date).then(Ordering::Less)
            }
            (Self::Outpatient(a), Self::Care(b)) => {
                a.date.cmp(&b.start.into()).then(Ordering::Greater)
            }
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
        Outpatient appointments, where there are any, are rows of one day with source outpatients. \
        People stand in the order of a hash of their identifiers, their events by start, event type (in the \
        order of the published list, outpatients last), end (open last) and record id.";

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
            Column::new("start", "First day", |rows, _| {
                dates(rows, |row| match row {
                    EventRow::Care(event) => event.start.into(),
                    EventRow::Outpatient(appointment) => appointment.date,
                })
            }),
            Column::new(
                "end",
                "Last day, included, corrected and cropped (P-07, P-13); none while open",
                |rows, _| {
                    dates(rows, |row| match row {
                        EventRow::Care(event) => event.end,
                        EventRow::Outpatient(appointment) => appointment.date,
                    })
                },
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
                coded(
                    rows,
                    |row| row.care(|_| ()).is_some(),
                    |is_care| {
                        if is_care { "social_care" } else { "outpatients" }
                    },
                )
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
