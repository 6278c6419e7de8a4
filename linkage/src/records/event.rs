//! Events of an event log.

use crate::instant::Instant;

/// One row of an event log: something happened in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When it began.
    pub start: Instant,
    /// When it ended; its start when the log has no end, or none for this row.
    pub end: Instant,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Activity: number in the log's texts.
    pub activity: u16,
}
