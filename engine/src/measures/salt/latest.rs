//! N4: of an event that several submissions have, the rows of the latest one.

use super::labels::Label;
use super::row::Row;
use throughcare_linkage::day::{BirthMonth, Day, OptDay};
use throughcare_linkage::instant::Instant;

/// What makes rows versions of one event: kind, council, start and three texts. Rows of other kinds
/// have none.
type Key = (u8, u16, Day, [Label; 3]);

fn key(row: &Row, requests: bool) -> Option<Key> {
    if row.is_service() {
        Some((1, row.la, row.start, [row.service_type, row.component, row.mechanism]))
    } else if requests && row.is_request() {
        Some((2, row.la, row.start, [row.route, Label::NULL, Label::NULL]))
    } else {
        None
    }
}

/// What tells rows of one event apart as far as any table looks: end, outcome, births and deaths.
type Version = (OptDay, Label, BirthMonth, OptDay);

const fn version(row: &Row) -> Version {
    (row.end, row.outcome, row.birth, row.death)
}

/// Keeps the rows of the latest import of each service (by council, start, service type, component
/// and mechanism) and, if `requests`, of each request (by council, start and route), for one person.
/// Null equals null. Of rows of the latest import that say the same, one stays (section 14 step 2:
/// exact duplicates merge); all others of it stay, and all rows of other kinds. Returns how many went.
pub fn keep(rows: &mut Vec<Row>, requests: bool) -> i64 {
    let before = rows.len();
    rows.sort_unstable_by_key(|row| {
        (key(row, requests), std::cmp::Reverse(row.import), version(row))
    });
    let mut latest: Option<(Key, Instant, Version)> = None;
    rows.retain(|row| {
        let Some(key) = key(row, requests) else { return true };
        let kept = match latest {
            Some((last, import, same)) if last == key => {
                row.import == import && version(row) != same
            }
            _ => true,
        };
        if kept {
            latest = Some((key, row.import, version(row)));
        }
        kept
    });
    (before - rows.len()) as i64
}
