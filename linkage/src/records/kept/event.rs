//! Events of an event log in two parts.

use super::row_order;
use crate::instant::Instant;
use crate::records::event::LogEvent;

parts! {
    // with the sign turned, moments before 1970 come first
    LogEvent by |row| row_order(row.start.0 as u64 ^ (1 << 63), row.file, row.row);
    main {
        start: Instant,
        row: u32,
        file: u16,
        activity: u16,
    }
    rest {
        end: Instant = LogEvent::NO_END,
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
