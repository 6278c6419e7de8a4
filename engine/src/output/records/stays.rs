//! `cips`: one row a continuous inpatient spell.

use super::column::{Column, coded, dates, flags, listed, numbers};
use super::file::Record;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::{Cips, EndKind, StayFlags};

/// A stay with its number among the person's, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct StayRow {
    number: u32,
    stay: Cips,
}

/// The rows of one person, in the order of the stays.
pub(super) fn rows(stays: &[Cips]) -> impl Iterator<Item = StayRow> + '_ {
    (1..).zip(stays).map(|(number, &stay)| StayRow { number, stay })
}

/// A column of hospital codes.
macro_rules! code {
    ($name:literal, $what:literal, $field:ident) => {
        Column::new($name, $what, |rows, _| coded(rows, |row| row.stay.$field, Code::text))
    };
}

impl Record for StayRow {
    const NAME: &'static str = "cips";
    const NOTE: &'static str = "One row a continuous inpatient spell of a person: [admission, discharge), so \
        that nights are discharge minus admission. Where end_kind is not observed or death, the discharge is \
        imputed. People stand in the order of a hash of their identifiers, their stays in the order of their \
        first provider spells.";

    fn columns() -> Vec<Column<Self>> {
        vec![
            Column::new("stay", "Number among the person's stays, from 1", |rows, _| {
                numbers(rows, |row| i32::try_from(row.number).ok())
            }),
            Column::new("admission", "Admission date of the first spell", |rows, _| {
                dates(rows, |row| row.stay.admission.into())
            }),
            Column::new("discharge", "Latest discharge date of its spells", |rows, _| {
                dates(rows, |row| row.stay.discharge.into())
            }),
            Column::new("end_kind", "How the discharge is known", |rows, _| {
                coded(rows, |row| row.stay.end_kind, end_kind)
            }),
            Column::new("nights", "Nights from admission to discharge", |rows, _| {
                numbers(rows, |row| Some(row.stay.nights()))
            }),
            Column::new("nights_in_bed", "Nights in the union of its spells", |rows, _| {
                numbers(rows, |row| Some(row.stay.nights_in_bed))
            }),
            Column::new(
                "acute_nights",
                "Nights before its first spell in a rehabilitation bed",
                |rows, _| numbers(rows, |row| Some(row.stay.acute_nights)),
            ),
            Column::new("n_spells", "Provider spells", |rows, _| {
                numbers(rows, |row| Some(row.stay.spells.into()))
            }),
            Column::new("n_providers", "Providers", |rows, _| {
                numbers(rows, |row| Some(row.stay.providers.into()))
            }),
            Column::new("max_gap_days", "Largest gap between its spells", |rows, _| {
                numbers(rows, |row| Some(row.stay.max_gap))
            }),
            Column::new("provider", "Provider of the first spell", |rows, names| {
                coded(rows, |row| row.stay.provider, |number| names.provider(number))
            }),
            Column::new(
                "discharge_provider",
                "Provider of the spell with the latest discharge",
                |rows, names| {
                    coded(rows, |row| row.stay.discharge_provider, |number| names.provider(number))
                },
            ),
            code!("admission_method", "Admission method, first spell", admission_method),
            code!("source", "Source of admission, first spell", source),
            code!("patient_class", "Patient classification, first spell", class),
            code!(
                "admission_treatment_function",
                "Treatment function at admission, first spell",
                treatment_admission
            ),
            code!(
                "discharge_treatment_function",
                "Treatment function at discharge, spell with the latest discharge",
                treatment_discharge
            ),
            code!("main_specialty", "Main specialty, first spell", main_specialty),
            code!("destination", "Discharge destination", destination),
            code!("discharge_method", "Discharge method", discharge_method),
            Column::new("discharge_ready", "Discharge-ready date", |rows, _| {
                dates(rows, |row| row.stay.discharge_ready)
            }),
            Column::new("day_case", "One spell, and that a day case", |rows, _| {
                flags(rows, |row| row.stay.day_case)
            }),
            Column::new("emergency", "The first admission was an emergency", |rows, _| {
                flags(rows, |row| row.stay.emergency)
            }),
            Column::new("died", "Discharged dead, or died on the day of discharge", |rows, _| {
                flags(rows, |row| row.stay.died)
            }),
            code!("sex", "Sex, first spell", sex),
            Column::new("birth_month", "First day of the month of birth", |rows, _| {
                dates(rows, |row| row.stay.birth.first_day().into())
            }),
            Column::new("residence_la", "Council of residence as given", |rows, names| {
                coded(rows, |row| row.stay.residence, |la| names.la(la))
            }),
            Column::new("lsoa", "LSOA 2011 of residence", |rows, names| {
                coded(rows, |row| row.stay.lsoa, |number| names.lsoa(number))
            }),
            Column::new("flags", "What else is known of its spells", |rows, _| {
                coded(rows, |row| row.stay.flags.0, |bits| listed(notes(StayFlags(bits))))
            }),
        ]
    }
}

const fn end_kind(kind: EndKind) -> &'static str {
    match kind {
        EndKind::Observed => "observed",
        EndKind::Death => "death",
        EndKind::NextAdmission => "next_admission",
        EndKind::NextMinusOne => "day_before_next_admission",
        EndKind::Censored => "censored",
    }
}

fn notes(flags: StayFlags) -> impl Iterator<Item = (bool, &'static str)> {
    [
        (StayFlags::CANCER, "cancer"),
        (StayFlags::OBSTETRIC, "obstetric"),
        (StayFlags::MATERNITY, "maternity"),
        (StayFlags::REHABILITATION, "rehabilitation"),
        (StayFlags::MENTAL_HEALTH, "mental_health"),
        (StayFlags::IDENT_CONFLICT, "ident_conflict"),
        (StayFlags::ORDER_CONFLICT, "order_conflict"),
        (StayFlags::DUPLICATE, "duplicate"),
        (StayFlags::DUPLICATE_ADMISSION, "duplicate_admission"),
        (StayFlags::NESTED, "nested"),
        (StayFlags::OVERLAP_SAME, "overlap_same_provider"),
        (StayFlags::OVERLAP_OTHER, "overlap_other_provider"),
        (StayFlags::INNER, "inner"),
        (StayFlags::IMPLAUSIBLE_TAIL, "implausible_tail"),
        (StayFlags::LONG_STAY, "long_stay"),
        (StayFlags::BIRTH, "birth"),
        (StayFlags::NO_ATTENDANCE, "em_without_ae"),
    ]
    .into_iter()
    .map(move |(bit, name)| (flags.has(bit), name))
}
