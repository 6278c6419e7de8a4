//! Events of an event log.

use crate::instant::Instant;

/// One row of an event log: something happened in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When it began.
    pub start: Instant,
    /// When it ended, or [`LogEvent::NO_END`].
    pub end: Instant,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Activity: number in the log's texts.
    pub activity: u16,
}

impl LogEvent {
    /// No end is given: before every start, so that whoever takes the later of both has the start.
    pub const NO_END: Instant = Instant(i64::MIN / 2);

    /// When it ended, if the log says so.
    #[must_use]
    pub fn ended(&self) -> Option<Instant> {
        (self.end != Self::NO_END).then_some(self.end)
    }
}
