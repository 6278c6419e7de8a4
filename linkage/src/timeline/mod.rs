//! Timelines: one gap-free line of states per person (`journey-states.md`).

pub mod death;
pub mod state;
