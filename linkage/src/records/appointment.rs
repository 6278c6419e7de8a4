//! Outpatient appointments.

use super::key::RecordKey;
use crate::codes::short::Code;
use crate::day::OptDay;

/// One outpatient appointment, kept or not (`sus-fields.md` section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Identifier of the appointment.
    pub key: Option<RecordKey>,
    /// Day of the appointment.
    pub date: OptDay,
    /// Day of submission; missing sorts first.
    pub submitted: OptDay,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Provider: number in `Texts::provider`; 0 when missing.
    pub provider: u16,
    /// Whether the person came: 0, 2 to 7.
    pub status: Code,
    /// First or follow-up attendance.
    pub first: Code,
    /// Outcome.
    pub outcome: Code,
    /// Medium of the consultation, two digits.
    pub medium: Code,
    /// Treatment function.
    pub treatment_function: Code,
    /// Main specialty.
    pub main_specialty: Code,
    /// Priority.
    pub priority: Code,
    /// Source of the referral, two digits.
    pub referral_source: Code,
}

impl Appointment {
    /// Whether the person was seen: on time (5) or late (6).
    #[must_use]
    pub fn is_attended(&self) -> bool {
        [const { Code::new("5") }, const { Code::new("6") }].contains(&self.status)
    }

    /// Whether the person did not attend (3), or came too late to be seen (7).
    #[must_use]
    pub fn is_missed(&self) -> bool {
        [const { Code::new("3") }, const { Code::new("7") }].contains(&self.status)
    }
}
