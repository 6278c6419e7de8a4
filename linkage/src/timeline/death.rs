//! The date of death and its sources (`journey-states.md` section 9).

use crate::day::OptDay;
use serde::{Deserialize, Serialize};

/// A source of dates of death.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeathSource {
    /// Civil registration.
    Registration,
    /// Discharge method 4, or death in A&E.
    Hospital,
    /// Date of death on care records.
    Cld,
}

/// The date of death of one person by source, and the one chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Death {
    /// From the death registration.
    pub registration: OptDay,
    /// From hospital records, after the checks of `hospital-spells.md` H.
    pub hospital: OptDay,
    /// From care records.
    pub cld: OptDay,
    /// The date that counts.
    pub chosen: OptDay,
    /// Which source it is of.
    pub source: Option<DeathSource>,
    /// Sources differ by more than the tolerance.
    pub conflict: bool,
}
