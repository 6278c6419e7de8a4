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
    /// LSOA 2011 of residence: number in `Texts::lsoa`; 0 when missing.
    pub lsoa: u32,
    /// Council of residence as given: number in `Texts::la`; 0 when missing.
    pub residence: u16,
    /// Sex: 1, 2, 9 or none.
    pub sex: Code,
    /// Age on arrival as given (infant codes already 0); 255 when missing.
    pub age: u8,
    /// Department type, two digits.
    pub department: Code,
    /// Attendance category.
    pub category: Code,
    /// How the attendance ended.
    pub disposal: Disposal,
    /// How the person came.
    pub arrival_mode: ArrivalMode,
    /// A number for the first diagnosis and the first treatment of a row in a layout before ECDS, which
    /// tell its duplicates apart (C2): equal texts are equal numbers. 0 in ECDS.
    pub first_codes: u32,
    /// A row in a layout before ECDS.
    pub legacy: bool,
    /// Whether status or patient group keep the attendance out of the standard count (8.4): streamed
    /// to urgent treatment or to an emergency department, dead on arrival, or brought in dead.
    pub uncounted: bool,
    /// Whether the row is a duplicate, deleted or unfinished by the file's own flags.
    pub housekeeping: bool,
}

impl Attendance {
    /// The age of a row without one.
    pub const NO_AGE: u8 = 255;

    /// Age on arrival in years, where the row has it.
    #[must_use]
    pub const fn age(&self) -> Option<i32> {
        match self.age {
            Self::NO_AGE => None,
            age => Some(age as i32),
        }
    }

    /// Whether the attendance belongs to the standard count of attendances, whatever the department
    /// (`sus-fields.md` 8.4): finished, no duplicate, not planned, not streamed away, not brought in
    /// dead. A missing category counts; same-day emergency care (department 05) does not (section 12).
    #[must_use]
    pub fn in_standard_count(&self) -> bool {
        const UNPLANNED: [Code; 4] = [Code::NONE, Code::new("1"), Code::new("2"), Code::new("3")];
        const SAME_DAY: Code = Code::new("05");
        !self.housekeeping
            && !self.uncounted
            && UNPLANNED.contains(&self.category)
            && self.department != SAME_DAY
    }
}

/// How a person came to emergency care (`sus-fields.md` 8.1 and 8.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum ArrivalMode {
    /// Missing, or a code that is in no list.
    #[default]
    Unknown,
    /// Conveyed by ambulance.
    Ambulance,
    /// Any other way.
    Other,
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
