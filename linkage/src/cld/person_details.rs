//! Latest person details (P-16 to P-28).

use crate::cld::event::CareEvent;
use crate::day::OptDay;

/// The date of death in care records (P-25): of the rows with one, that of the latest reference
/// period, then the latest. A death known to an older submission only still counts.
#[must_use]
pub fn date_of_death(events: &[CareEvent]) -> OptDay {
    events
        .iter()
        .filter(|event| event.death.is_some())
        .max_by_key(|event| (event.reference_end, event.death))
        .map_or(OptDay::NONE, |event| event.death)
}

#[cfg(test)]
mod tests;
