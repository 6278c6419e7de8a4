//! From partitions of records to linked people.

pub mod person;
