//! Hospital records: from rows to provider spells and continuous inpatient spells
//! (`hospital-spells.md`).
//!
//! One person at a time, in the order of X-03: [`cleaning`] flags and leaves out rows (A, B),
//! [`duplicate`] finds the rows that were sent twice (C), [`spell`] builds provider spells (F) and
//! repairs their dates (D), [`death`] compares them with the date of death (H), [`hygiene`] removes
//! overlaps (G) and [`cips`] joins what is left (I). [`stays`] runs them.

pub mod settings;
pub mod counts;
pub mod stay;
pub mod order;
pub mod cleaning;
pub mod duplicate;
pub mod spell;
pub mod dates;
pub mod death;
pub mod hygiene;
pub mod cips;
pub mod attendance;
pub mod appointment;
pub mod stays;
