//! Typed rows: what is left of a source row once it has been read.
//!
//! Every row is a fixed-size struct of integers. Text is kept once, in the dictionaries of
//! [`crate::store::Texts`]; whose row it is stands beside it in [`crate::store::Partition`].

pub mod apc;
pub mod appointment;
pub mod cld;
pub mod death;
pub mod ecds;
pub mod event;
pub mod kept;
pub mod key;
pub mod quarantine;
