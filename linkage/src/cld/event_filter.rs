//! Corrected ends and the events of a reference period (P-07, P-08), and which date of death counts.

use crate::cld::settings::Edition;
use crate::day::{Day, OptDay, Period};
use crate::person::PersonIdKind;
use crate::records::death::DeathRecord;

/// The end cut to the date of death (P-07): death between start and end, both included, or after the
/// start of an open event.
#[must_use]
#[inline]
pub fn corrected_end(start: Day, raw_end: OptDay, death: OptDay) -> OptDay {
    match (raw_end.get(), death.get()) {
        (Some(end), Some(death)) if start <= death && death <= end => death.into(),
        (None, Some(death)) if death > start => death.into(),
        _ => raw_end,
    }
}

/// Whether an event belongs to a reference period (P-08, first condition).
#[must_use]
#[inline]
pub fn is_in_period(is_service: bool, start: Day, end: OptDay, reference: Period) -> bool {
    let in_time = match end.get() {
        None => is_service,
        Some(end) => reference.start <= end && (is_service || end <= reference.end),
    };
    in_time && start <= reference.end
}

/// Whether the date of death lets the event stand (P-08, second condition).
#[must_use]
#[inline]
pub fn is_alive(start: Day, death: OptDay, reference: Period) -> bool {
    death.get().is_none_or(|death| death >= reference.start && death >= start)
}

/// The date of death of a row. Edition A: as submitted. Edition B: the registered one for rows with a
/// pseudonym of an NHS number, without falling back on the submitted one. Where no file of deaths was
/// given edition B has nothing to look up and keeps the submitted date.
#[must_use]
#[inline]
pub fn death_of_row(
    edition: Edition,
    id_kind: PersonIdKind,
    submitted: OptDay,
    registered: OptDay,
    deaths_given: bool,
) -> OptDay {
    if edition == Edition::B && deaths_given && id_kind.is_linkable() {
        registered
    } else {
        submitted
    }
}

/// The registered death of a person (section 12): of several records the one registered last, then
/// the one with the latest date of death.
#[must_use]
pub fn registered_death(records: &[DeathRecord]) -> OptDay {
    records
        .iter()
        .max_by_key(|record| (record.registration, record.death))
        .map_or(OptDay::NONE, |record| record.death)
}

#[cfg(test)]
mod tests;
