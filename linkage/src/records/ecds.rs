//! Emergency care attendances (ECDS and legacy A&E).

use super::key::RecordKey;
use crate::codes::short::Code;
use crate::day::OptDay;

/// One attendance (`sus-fields.md` section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// Identifier of the attendance.
    pub key: Option<RecordKey>,
    /// Day of arrival.
    pub arrival: OptDay,
    /// Day of departure.
    pub departure: OptDay,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Provider: number in `Texts::provider`; 0 when missing.
    pub provider: u16,
    /// Arrival time as minutes from midnight; `u16::MAX` when missing.
    pub arrival_time: u16,
    /// Departure time as minutes from midnight; `u16::MAX` when missing.
    pub departure_time: u16,
    /// Department type, two digits.
    pub department: Code,
    /// Attendance category.
    pub category: Code,
    /// How the attendance ended.
    pub disposal: Disposal,
    /// Whether the row is a duplicate, deleted or unfinished by the file's own flags.
    pub housekeeping: bool,
}

/// The class of a discharge status and destination together (`sus-fields.md` 8.2 and 8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Disposal {
    /// Neither status nor destination says.
    #[default]
    Unknown,
    /// Went home, to a care home, to custody or elsewhere.
    Discharged,
    /// Admitted to a bed of this provider.
    Admitted,
    /// To ambulatory or same-day emergency care.
    Ambulatory,
    /// To another facility.
    Transferred,
    /// Streamed to another service.
    Streamed,
    /// Left before treatment was complete.
    Left,
    /// Dead on arrival or died in the department.
    Died,
}
