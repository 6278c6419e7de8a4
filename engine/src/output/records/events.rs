//! `events`: one row a prepared event of the joined table.

use super::Names;
use super::column::{Column, coded, dates, flags, keys};
use super::file::Record;
use std::cmp::Ordering;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Field, Gender, Outcome, ServiceType,
};
use throughcare_linkage::day::Day;
use throughcare_linkage::person::PersonIdKind;

/// The order of one person's events in the table: start, event type, end (open last), record id; then,
/// for record ids that are not unique, every other column. Events that it cannot tell apart are equal
/// rows.
pub(super) fn order(a: &CareEvent, b: &CareEvent, names: &Names<'_>) -> Ordering {
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

impl Record for CareEvent {
    const NAME: &'static str = "events";
    const NOTE: &'static str = "One row a unique social care event of a person in the prepared joined table. \
        Both start and end are days of the event: the end is included, and missing while the event is open. \
        People stand in the order of a hash of their identifiers, their events by start, event type (in the \
        order of the published list), end (open last) and record id.";

    fn columns() -> Vec<Column<Self>> {
        vec![
            Column::new("la_code", "Council", |rows, names| {
                coded(rows, |row| row.la, |la| names.la(la))
            }),
            Column::new("event_type", "Event type", |rows, _| {
                coded(rows, |row| row.event_type, EventType::label)
            }),
            Column::new("client_type", "Client type", |rows, _| {
                coded(rows, |row| row.client_type, ClientType::label)
            }),
            Column::new("service_type", "Service type", |rows, _| {
                coded(rows, |row| row.service_type, ServiceType::label)
            }),
            Column::new("service_component", "Service component", |rows, _| {
                coded(rows, |row| row.component, Component::label)
            }),
            Column::new("start", "First day", |rows, _| dates(rows, |row| row.start.into())),
            Column::new(
                "end",
                "Last day, included, corrected and cropped (P-07, P-13); none while open",
                |rows, _| dates(rows, |row| row.end),
            ),
            Column::new("submitted_end", "Last day as submitted", |rows, _| {
                dates(rows, |row| row.raw_end)
            }),
            Column::new("cropped", "The end is that of the reference period (P-13)", |rows, _| {
                flags(rows, |row| row.cropped)
            }),
            Column::new("outcome", "Event outcome", |rows, _| {
                coded(rows, |row| row.outcome, Outcome::label)
            }),
            Column::new("assessment_type", "Assessment type", |rows, _| {
                coded(rows, |row| row.assessment_type, AssessmentType::label)
            }),
            Column::new("review_type", "Type of review (P-10)", |rows, _| {
                coded(rows, |row| row.review_type, review_type)
            }),
            Column::new("delivery_mechanism", "Delivery mechanism", |rows, names| {
                let label = |raw| names.cleaned(Field::DeliveryMechanism, raw);
                coded(rows, |row| row.mechanism, label)
            }),
            Column::new("gender", "Gender", |rows, _| coded(rows, |row| row.gender, Gender::label)),
            Column::new("birth_month", "First day of the month of birth", |rows, _| {
                dates(rows, |row| row.birth.first_day().into())
            }),
            Column::new("date_of_death", "Date of death on the record", |rows, _| {
                dates(rows, |row| row.death)
            }),
            Column::new("reference_start", "First day of the reference period", |rows, _| {
                dates(rows, |row| row.reference_start.into())
            }),
            Column::new("reference_end", "Last day of the reference period", |rows, _| {
                dates(rows, |row| row.reference_end.into())
            }),
            Column::new("id_kind", "Where the identifier of the person is from", |rows, _| {
                coded(rows, |row| row.id_kind, id_kind)
            }),
            Column::new(
                "record_id",
                "Der_Unique_Record_ID; a hash of the row where the input has none",
                |rows, _| keys(rows, |row| i64::try_from(row.record_id).ok()),
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
