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

/// The end, which many logs do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest(Instant);

impl Parts for LogEvent {
    type Main = Main;
    type Rest = Rest;

    const EMPTY: Rest = Rest(LogEvent::NO_END);

    #[inline]
    fn split(self) -> (Main, Rest) {
        let Self { start, end, row, file, activity } = self;
        (Main { start, row, file, activity }, Rest(end))
    }

    #[inline]
    fn join(main: Main, rest: Rest) -> Self {
        let Main { start, row, file, activity } = main;
        Self { start, end: rest.0, row, file, activity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::kept::tests::check;

    #[test]
    fn rows_come_back_as_they_were() {
        let ends = |end| LogEvent { start: Instant(5), end, row: 7, file: 3, activity: 9 };
        check(ends(LogEvent::NO_END), ends(Instant(5)));
    }
}
