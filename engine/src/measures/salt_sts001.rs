//! STS001: requests for support from new clients, and what they led to (`cld-metrics.md` section 14).

mod class;
mod requests;

use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::table::{Build, Cell, Context, Table, Tally};
use crate::attrition::FilterText;
use crate::figure::Unit;

pub use super::salt::Settings;
pub(super) use requests::Requests;

/// The measure `salt_sts001`: requests by `record_type` and `sequel`.
pub type SaltSts001 = Table<Sts001>;

/// Requests of new clients.
#[derive(Clone, Debug)]
pub struct Sts001 {
    context: Context,
    requests: Requests,
}

/// Step 1: an event of a service user that started by the end of the year, and who had not died
/// before it. Both tables of requests and reablement start from it.
pub(super) fn admit(context: &Context, view: View<'_>) -> Result<(), usize> {
    let filters = [
        view.is_event() && view.is_service_user(),
        view.starts_by(context.year.end),
        view.alive_on(context.year.start),
    ];
    filters.iter().position(|passes| !passes).map_or(Ok(()), Err)
}

/// The filters of [`admit`], in words.
pub(super) fn admits(context: &Context) -> Vec<FilterText> {
    let year = context.year;
    vec![
        ("STS001 step 1", "not an event of a service user".into()),
        ("STS001 step 1", format!("not started by {}", year.end)),
        ("N6", format!("died before {}", year.start)),
    ]
}

impl Build for Sts001 {
    const NAME: &'static str = "salt_sts001";
    const RULE: &'static str = "STS001 step 1";
    const READS: Reads = Reads::All;
    const PARTS: &'static [&'static str] = &[""];
    const COUNTS: Unit = Unit::Events;

    fn new(context: Context) -> Self {
        Self { requests: Requests::new(context.clone()), context }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        admit(&self.context, view)?;
        if view.row.birth.is_known() { Ok(1) } else { Err(3) }
    }

    fn admits(&self) -> Vec<FilterText> {
        let mut texts = admits(&self.context);
        texts.push(("N5", "no month of birth".into()));
        texts
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        self.requests.follow(rows);
        for found in self.requests.counted() {
            tally.add(found.la, 0, [0, 0], found.times);
            tally.add(found.la, 0, [found.record_type as u8, found.class], found.times);
        }
        let fates = self.requests.fates();
        for (filter, &rows) in fates.iter().take(requests::COUNTED).enumerate() {
            tally.fell(filter, rows);
        }
        tally.passed(fates[requests::COUNTED]);
    }

    fn counts(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            (
                "STS001 step 2",
                "an earlier version of a request or service, or the same row again".into(),
            ),
            ("STS001 step 2", "not a request".into()),
            ("STS001 step 3", "part of a cluster for which another request stands".into()),
            ("STS001 step 3", format!("no end from {} to {}", year.start, year.end)),
            ("STS001 step 4", "of a client with long-term support on the first day".into()),
            ("STS001 point c", "no route of access: lost by the published code".into()),
        ]
    }

    fn stratum(&self, cell: Cell) -> String {
        let [record_type, class] = cell.levels;
        format!("record_type={record_type}; sequel={}", class::sequel(record_type, class))
    }
}

#[cfg(test)]
pub(crate) mod tests;
