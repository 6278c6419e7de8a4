//! Timelines: one gap-free line of states per person (`journey-states.md`).
//!
//! [`build::Lines`] turns the events and stays of one person into a line: care rows are read and
//! bridged ([`interval`]), held over hospital stays ([`hold`]), joined by waits ([`awaiting`]) and
//! hospital intervals ([`hospital`]) and swept into visits ([`sweep`]). [`sequence::walk`] maps the
//! visits to the states of a [`scheme`] and counts the moves between them.

pub mod death;
pub mod state;
pub mod settings;
pub mod scheme;
pub mod counts;
pub mod coverage;
pub mod event_state;
pub mod interval;
pub mod hold;
pub mod awaiting;
pub mod hospital;
pub mod sweep;
mod stages;
mod finish;
pub mod build;
pub mod sequence;

#[cfg(test)]
mod tests;
