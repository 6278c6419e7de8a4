//! STS002a: what followed the reablement of new clients (`cld-metrics.md` section 15).

mod class;
mod episodes;

use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::table::{Build, Cell, Context, Table, Tally};
use super::salt_sts001::{self, Requests};
use crate::attrition::FilterText;
use crate::figure::Unit;

pub use super::salt::Settings;
pub(super) use class::{Ascof2a, ascof_2a};
pub(super) use episodes::{Episodes, best_outcomes, bounds};

/// The measure `salt_sts002a`: episodes of reablement by `record_type` and `sequel`.
pub type SaltSts002a = Table<Sts002a>;

/// Reablement that requests of new clients led to.
#[derive(Clone, Debug)]
pub struct Sts002a {
    found: NewClients,
}

/// Reablement of new clients, one person at a time: for the table, and for ASCOF 2A of NHS England.
#[derive(Clone, Debug)]
pub struct NewClients {
    context: Context,
    requests: Requests,
    request_rows: Vec<Row>,
    /// What was found.
    pub episodes: Episodes,
}

/// Bit 0: the rows of this table. Bit 1: those of STS001, which have a month of birth too.
const OF_REQUESTS: u8 = 0b10;

impl NewClients {
    /// Nothing found yet.
    pub fn new(context: Context) -> Self {
        Self {
            requests: Requests::new(context.clone()),
            episodes: Episodes::new(context.clone()),
            request_rows: Vec::new(),
            context,
        }
    }

    /// The builds that have a row.
    pub fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        salt_sts001::admit(&self.context, view)?;
        Ok(if view.row.birth.is_known() { 1 | OF_REQUESTS } else { 1 })
    }

    /// Filters of rows, in words.
    pub fn admits(&self) -> Vec<FilterText> {
        salt_sts001::admits(&self.context)
    }

    /// Finds the episodes of a person, and counts what became of the rows.
    pub fn follow(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        self.request_rows.clear();
        self.request_rows.extend(rows.iter().filter(|row| row.builds & OF_REQUESTS != 0));
        self.requests.follow(&mut self.request_rows);
        rows.retain(|row| row.builds & 1 != 0);
        self.episodes.follow(rows, self.requests.cohort());
        let fates = self.episodes.fates();
        for (filter, &rows) in fates.iter().take(episodes::COUNTED).enumerate() {
            tally.fell(filter, rows);
        }
        tally.passed(fates[episodes::COUNTED]);
    }

    /// Filters of the rows of a person, in words.
    pub fn counts(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            ("STS002a step 1", "an earlier version of a service, or the same row again".into()),
            ("STS002a step 2", "not an ST-Max service".into()),
            ("STS002a step 2", "no request of a new client led to it (STS001 step 9)".into()),
            ("STS002a step 2", "part of a cluster for which another service stands".into()),
            ("STS002a step 2", format!("did not end from {} to {}", year.start, year.end)),
        ]
    }
}

impl Build for Sts002a {
    const NAME: &'static str = "salt_sts002a";
    const RULE: &'static str = "STS002a step 1";
    const READS: Reads = Reads::All;
    const PARTS: &'static [&'static str] = &[""];
    const COUNTS: Unit = Unit::Episodes;

    fn new(context: Context) -> Self {
        Self { found: NewClients::new(context) }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        self.found.admit(view)
    }

    fn admits(&self) -> Vec<FilterText> {
        self.found.admits()
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        self.found.follow(rows, tally);
        for found in self.found.episodes.counted() {
            tally.add(found.la, 0, [0, 0], 1);
            tally.add(found.la, 0, [found.record_type as u8, found.class], 1);
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        self.found.counts()
    }

    fn stratum(&self, cell: Cell) -> String {
        let [record_type, class] = cell.levels;
        format!("record_type={record_type}; sequel={}", class::sequel(class))
    }
}

#[cfg(test)]
pub(crate) mod tests;
