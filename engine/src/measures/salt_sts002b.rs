//! STS002b: reablement of existing clients (`cld-metrics.md` section 16).

use super::salt::cluster::{self, Member, Span};
use super::salt::labels::Label;
use super::salt::latest;
use super::salt::onward;
use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::table::{Build, Cell, Context, Table, Tally};
use super::salt_sts001;
use super::salt_sts002a::{best_outcomes, bounds};
use crate::attrition::FilterText;
use crate::figure::Unit;

pub use super::salt::Settings;

/// The measure `salt_sts002b`: episodes of reablement, a total alone.
pub type SaltSts002b = Table<Sts002b>;

/// Reablement of clients who had long-term support when it began.
#[derive(Clone, Debug)]
pub struct Sts002b {
    context: Context,
    spans: Vec<Span>,
    members: Vec<Member>,
    outcomes: Vec<Label>,
}

/// Filters of the rows of a person, by number. Of the services of a cluster one stands for it.
const SUPERSEDED: usize = 0;
const NO_ST_MAX: usize = 1;
const CLUSTERED: usize = 2;
const NOT_IN_YEAR: usize = 3;
const NEW_CLIENT: usize = 4;
const NO_OUTCOME: usize = 5;
const COUNTED: usize = 6;

impl Sts002b {
    /// What becomes of a cluster.
    fn fate(&mut self, rows: &[Row], la: u16, members: &[Member]) -> usize {
        let Some(cluster) = bounds(rows, members, self.context.today) else { return NOT_IN_YEAR };
        if !self.context.year.contains(cluster.end) {
            return NOT_IN_YEAR;
        }
        let council = onward::council(rows, la);
        if !council.iter().any(|row| row.is_long_term_on(cluster.start)) {
            return NEW_CLIENT;
        }
        best_outcomes(rows, members, &self.context, cluster.end, &mut self.outcomes);
        if self.context.as_published() && self.outcomes.iter().all(|outcome| outcome.is_null()) {
            return NO_OUTCOME;
        }
        COUNTED
    }
}

impl Build for Sts002b {
    const NAME: &'static str = "salt_sts002b";
    const RULE: &'static str = "STS002b";
    const READS: Reads = Reads::All;
    const PARTS: &'static [&'static str] = &[""];
    const COUNTS: Unit = Unit::Episodes;

    fn new(context: Context) -> Self {
        Self { context, spans: Vec::new(), members: Vec::new(), outcomes: Vec::new() }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        salt_sts001::admit(&self.context, view).map(|()| 1)
    }

    fn admits(&self) -> Vec<FilterText> {
        salt_sts001::admits(&self.context)
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        tally.fell(SUPERSEDED, latest::keep(rows, false));
        rows.sort_unstable_by_key(|row| (row.la, onward::order(row)));
        let today = self.context.today;
        self.spans.clear();
        self.spans.extend(
            (0u32..)
                .zip(rows.iter())
                .filter(|(_, row)| row.is_st_max())
                .map(|(n, row)| Span::new(row.la, row.start, row.end.or(today), n)),
        );
        tally.fell(NO_ST_MAX, (rows.len() - self.spans.len()) as i64);
        let mut clustered = self.spans.len() as i64;
        let mut members = std::mem::take(&mut self.members);
        let gap = self.context.settings.reablement_gap_days;
        cluster::find(&mut self.spans, gap, self.context.as_published(), &mut members);
        for of_cluster in members.chunk_by(|a, b| (a.la, a.cluster) == (b.la, b.cluster)) {
            let Some(la) = of_cluster.first().map(|member| member.la) else { continue };
            let fate = self.fate(rows, la, of_cluster);
            if fate == COUNTED {
                tally.add(la, 0, [0, 0], 1);
            }
            if of_cluster.iter().any(|member| member.own) {
                clustered -= 1;
                if fate == COUNTED {
                    tally.passed(1);
                } else {
                    tally.fell(fate, 1);
                }
            }
        }
        tally.fell(CLUSTERED, clustered);
        self.members = members;
    }

    fn counts(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            ("STS002b", "an earlier version of a service, or the same row again".into()),
            ("STS002b", "not an ST-Max service".into()),
            ("STS002b", "part of a cluster for which another service stands".into()),
            ("STS002b", format!("did not end from {} to {}", year.start, year.end)),
            ("STS002b", "no long-term support on the first day".into()),
            ("STS002b", "no outcome: lost by the published code".into()),
        ]
    }

    fn stratum(&self, _: Cell) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests;
