//! N4: of an event that several submissions have, the rows of the latest one.

use super::labels::Label;
use super::row::Row;
use throughcare_linkage::day::Day;

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

/// Keeps the rows of the latest import of each service (by council, start, service type, component
/// and mechanism) and, if `requests`, of each request (by council, start and route), for one person.
/// Null equals null. All rows of the latest import stay, and all rows of other kinds. Returns how many
/// went.
pub fn keep(rows: &mut Vec<Row>, requests: bool) -> i64 {
    let before = rows.len();
    rows.sort_unstable_by_key(|row| (key(row, requests), std::cmp::Reverse(row.import)));
    let mut latest = None;
    rows.retain(|row| {
        let Some(key) = key(row, requests) else { return true };
        match latest {
            Some((last, import)) if last == key => row.import == import,
            _ => {
                latest = Some((key, row.import));
                true
            }
        }
    });
    (before - rows.len()) as i64
}
