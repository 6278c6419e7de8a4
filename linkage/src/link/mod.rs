//! From partitions of records to linked people.

pub mod cases;
pub mod facts;
mod group;
mod guard;
pub mod partition;
pub mod person;
