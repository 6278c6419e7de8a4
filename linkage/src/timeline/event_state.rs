//! Events of logs that a study reads as states (`[timeline] event_states`).

use super::state::State;
use crate::day::Day;

/// An event of a log in the place of a care row: it runs from the day of its start to that of its end, both
/// included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateEvent {
    /// The state that it is read as: a care state.
    pub state: State,
    /// The day of its start.
    pub start: Day,
    /// The day of its end, not before the start.
    pub end: Result<Day, NoEnd>,
}

/// Why an event has no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEnd {
    /// The log gives no end.
    Missing,
    /// The end is before the start.
    Reversed,
}
