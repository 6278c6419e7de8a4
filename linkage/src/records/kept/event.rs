//! Events of an event log in two parts.

use super::Parts;
use crate::instant::Instant;
use crate::records::event::LogEvent;

/// What every log has.
#[derive(Clone, Copy, Debug)]
pub struct Main {
    start: Instant,
    row: u32,
    file: u16,
    activity: u16,
}

/// Milliseconds from the start to the end, which many logs do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest(i64);

impl Parts for LogEvent {
    type Main = Main;
    type Rest = Rest;

    const EMPTY: Rest = Rest(0);

    #[inline]
    fn split(self) -> (Main, Rest) {
        let Self { start, end, row, file, activity } = self;
        (Main { start, row, file, activity }, Rest(end.0.wrapping_sub(start.0)))
    }

    #[inline]
    fn join(main: Main, rest: Rest) -> Self {
        let Main { start, row, file, activity } = main;
        Self { start, end: Instant(start.0.wrapping_add(rest.0)), row, file, activity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::kept::tests::check;

    #[test]
    fn rows_come_back_as_they_were() {
        let event = |start, end| LogEvent {
            start: Instant(start),
            end: Instant(end),
            row: 7,
            file: 3,
            activity: 9,
        };
        check(event(5, 5), event(-5, 17));
        check(event(0, 0), event(i64::MIN, i64::MAX));
    }
}
