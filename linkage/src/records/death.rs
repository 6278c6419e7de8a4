//! Death records.

use crate::day::OptDay;

/// One registered death (`sus-fields.md` section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeathRecord {
    /// Date of death.
    pub death: OptDay,
    /// Date of registration, used only when no date of death exists.
    pub registration: OptDay,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Match rank, 1 best to 8 weak; 0 when missing.
    pub match_rank: u8,
}
