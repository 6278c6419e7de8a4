//! What a reader of a run must bear in mind, in whole sentences: assumptions, gaps in the records, and
//! periods that the records cannot fully answer for.

use crate::measures::ae_rate::AeRate;
use crate::measures::ascof_2b::Ascof2b;
use crate::measures::ascof_2c::Ascof2c;
use crate::measures::los::Los;
use crate::measures::readmission::Readmission;
use crate::measures::{Measure, breakdowns_without_population};
use crate::place::Places;
use crate::run::Prepared;
use std::collections::BTreeSet;
use throughcare_linkage::read::{FileKind, FileRead};
use throughcare_linkage::store::Partition;

/// The caveats of a run, in a fixed order: what was assumed, what is missing, what is provisional,
/// what was odd about each file.
#[must_use]
pub fn of(prepared: &Prepared) -> Vec<String> {
    let mut caveats = prepared.facts.assumptions.clone();
    caveats.extend(missing_submissions(prepared));
    caveats.extend(missing_councils(prepared));
    caveats.extend(coding_lag(prepared));
    caveats.extend(finished_only(prepared));
    caveats.extend(short_look_back(prepared));
    caveats.extend(unavailable_measures(prepared));
    caveats.extend(unavailable_breakdowns(prepared));
    caveats.extend(rates_without_population(prepared));
    caveats.extend(unavailable_conditions(prepared));
    caveats.extend(unavailable_exclusions(prepared));
    caveats.extend(unavailable_attendances(prepared));
    caveats.extend(prepared.files().iter().flat_map(of_file));
    caveats
}

/// Councils without a submission for a quarter, one sentence a quarter.
fn missing_submissions(prepared: &Prepared) -> Vec<String> {
    let missing = &prepared.facts.selection.missing;
    let mut sentences = Vec::new();
    for group in missing.chunk_by(|a, b| (a.quarter, a.mode) == (b.quarter, b.mode)) {
        let Some(first) = group.first() else { continue };
        let names: Vec<&str> = group.iter().map(|missing| missing.la_name.as_str()).collect();
        sentences.push(format!(
            "No submission for {} to {} of: {}",
            first.quarter.start,
            first.quarter.end,
            names.join(", ")
        ));
    }
    sentences
}

/// Councils of the look-up of areas that no social care record is of.
fn missing_councils(prepared: &Prepared) -> Option<String> {
    let is_care = |file: &FileRead| {
        matches!(file.kind, FileKind::CldSubmissions | FileKind::CldEvents) && file.rows > 0
    };
    if !prepared.files().iter().any(is_care) {
        return None;
    }
    let places = Places::new(&prepared.frame);
    let mut met: BTreeSet<u16> = BTreeSet::new();
    for partition in &prepared.records.partitions {
        met.extend(partition.cld.iter().map(|row| places.council(row.la)));
    }
    let missing: Vec<String> = prepared
        .frame
        .areas
        .iter()
        .filter(|area| !met.contains(&places.council_of_code(&area.la_code)))
        .map(|area| format!("{} ({})", area.name, area.la_code))
        .collect();
    (!missing.is_empty()).then(|| {
        format!("No record at all of councils of the look-up areas: {}", missing.join(", "))
    })
}

/// Periods whose last discharges were still being coded at the extract (`hospital-spells.md` E3).
fn coding_lag(prepared: &Prepared) -> Option<String> {
    let has_stays = prepared.records.partitions.iter().any(|part| !part.apc.is_empty());
    let days = prepared.study.hospital.coding_lag_days;
    let coded_until = prepared.facts.sus_end.plus(-i32::try_from(days).unwrap_or(i32::MAX));
    let open = prepared.study.study.periods.iter().any(|period| period.end >= coded_until);
    (has_stays && open).then(|| {
        format!(
            "Hospital coding is incomplete for the last {days} days before {}: figures of a period \
             that reaches into them are provisional",
            prepared.facts.sus_end
        )
    })
}

/// Hospital files without one stay that is still open (`hospital-spells.md` E1).
fn finished_only(prepared: &Prepared) -> Option<String> {
    let stays = |part: &Partition| !part.apc.is_empty();
    let open = |part: &Partition| part.apc.iter().any(|row| row.discharge.is_none());
    let partitions = &prepared.records.partitions;
    let asks = prepared.study.measures.asks_for(<Los as Measure>::NAME);
    (asks && partitions.iter().any(stays) && !partitions.iter().any(open)).then(|| {
        "The hospital files hold finished stays only: people in hospital on the extract date are not \
         in them, and every bed census and count of people in hospital is an undercount"
            .to_owned()
    })
}

/// Periods that begin too soon after the social care records do for what counts as new
/// (`journey-states.md` section 3).
fn short_look_back(prepared: &Prepared) -> Vec<String> {
    let Some(window) = prepared.facts.selection.joined_window else { return Vec::new() };
    let Some(first) = prepared.study.study.periods.iter().map(|period| period.start).min() else {
        return Vec::new();
    };
    let washout = prepared.study.timeline.washout_days;
    [
        ("New care-home admissions (ASCOF 2B and 2C)", washout.care_home),
        ("New clients of reablement (ASCOF 2A)", washout.client),
    ]
    .into_iter()
    .filter(|(_, days)| first.since(window.start) < *days)
    .map(|(what, days)| {
        format!(
            "{what} are too many in a period from {first}: they need {days} days of earlier records, \
             and the social care records begin on {}",
            window.start
        )
    })
    .collect()
}

/// Measures that were asked for by name and that the inputs do not allow.
fn unavailable_measures(prepared: &Prepared) -> impl Iterator<Item = String> + '_ {
    let include = &prepared.study.measures.include;
    include.iter().filter_map(|measure| {
        let why = prepared.given.prevents(measure)?;
        Some(format!("{measure} is not available: {why}"))
    })
}

/// Breakdowns that were asked for and that the inputs do not allow.
fn unavailable_breakdowns(prepared: &Prepared) -> impl Iterator<Item = String> + '_ {
    prepared.study.measures.by.iter().filter_map(|key| {
        let why = prepared.given.prevents_breakdown(key)?;
        Some(format!("The breakdown {key} is not available: {why}"))
    })
}

/// Breakdowns by which ASCOF 2B and 2C have people and no rates.
fn rates_without_population(prepared: &Prepared) -> Option<String> {
    let rates = [<Ascof2b as Measure>::NAME, <Ascof2c as Measure>::NAME];
    let is_asked = |name: &&str| {
        prepared.study.measures.asks_for(name) && !prepared.frame.unavailable.contains(name)
    };
    let rates: Vec<&str> = rates.into_iter().filter(is_asked).collect();
    let keys = breakdowns_without_population(&prepared.frame);
    (!rates.is_empty() && !prepared.frame.population.people.is_empty() && !keys.is_empty()).then(
        || {
            format!(
                "{} have no rates by {}, only people: the look-up population has no such groups",
                rates.join(" and "),
                keys.join(", ")
            )
        },
    )
}

/// Conditions of admissions that were asked for and that the inputs do not tell.
fn unavailable_conditions(prepared: &Prepared) -> Option<String> {
    if !prepared.study.measures.counts_conditions() {
        return None;
    }
    let given = &prepared.given;
    match (given.prevents_conditions(false), given.prevents_conditions(true)) {
        (Some(why), _) => {
            Some(format!("admission_rate: conditions and falls are not available: {why}"))
        }
        (None, Some(why)) => Some(format!(
            "admission_rate: acsc, acsc_acute and acsc_chronic are not available: {why}"
        )),
        (None, None) => None,
    }
}

/// Exclusions of readmission profiles that look at diagnoses which no file has.
fn unavailable_exclusions(prepared: &Prepared) -> Option<String> {
    let measures = &prepared.study.measures;
    if !measures.asks_for(<Readmission as Measure>::NAME) {
        return None;
    }
    let why = prepared.given.prevents_conditions(false)?;
    let parts = measures.readmission.rules_by_diagnosis();
    (!parts.is_empty()).then(|| {
        format!(
            "readmission: {} leave out cancer and maternity by their diagnoses, and cannot here: {why}",
            parts.join(", ")
        )
    })
}

/// A&E rates by population that the records of attendances cannot give.
fn unavailable_attendances(prepared: &Prepared) -> Option<String> {
    let asks = prepared.study.measures.asks_for(<AeRate as Measure>::NAME);
    let why = prepared.given.prevents_attendances_by_population().filter(|_| asks)?;
    Some(format!("ae_rate: rates by population are not available: {why}"))
}

/// What was odd about a file.
fn of_file(file: &FileRead) -> impl Iterator<Item = String> + '_ {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    file.warnings.iter().map(move |warning| format!("{name}: {warning}"))
}
