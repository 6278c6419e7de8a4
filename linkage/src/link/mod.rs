//! From partitions of records to linked people.

pub mod activities;
pub mod cases;
mod group;
pub mod events;
pub mod facts;
mod guard;
pub mod partition;
pub mod person;
