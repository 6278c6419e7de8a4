//! Hospital records: from rows to provider spells and continuous inpatient spells
//! (`hospital-spells.md`).

pub mod stay;
