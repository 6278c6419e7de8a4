//! LTS001c: people who on the last day of the year have had long-term support for more than 12 months
//! (`cld-metrics.md` section 19).

use super::salt::cluster::{self, Member, Span};
use super::salt::labels::{Label, support_reason};
use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::table::{Build, Cell, Context, Table, Tally};
use super::salt_lts001a;
use crate::attrition::FilterText;
use crate::figure::Unit;

pub use super::salt::Settings;

/// The measure `salt_lts001c`. Parts `1a` (18 to 64) and `1b` (65 and over).
pub type SaltLts001c = Table<Lts001c>;

/// Long-term support on one day that has run for more than 12 months.
#[derive(Clone, Debug)]
pub struct Lts001c {
    context: Context,
    spans: Vec<Span>,
    members: Vec<Member>,
    lasting: Vec<bool>,
}

/// The first filter of the rows of a person, by number.
const LASTING: usize = 0;

impl Lts001c {
    /// Steps 2 and 3: keeps the rows that reach the snapshot themselves and are in a chain that began
    /// more than 12 months before it.
    fn keep_lasting(&mut self, rows: &mut Vec<Row>) {
        let Self { context, spans, members, lasting } = self;
        let (at, today) = (context.year.end, context.today);
        spans.clear();
        spans.extend(
            (0u32..)
                .zip(rows.iter())
                .map(|(n, row)| Span::new(row.la, row.start, row.end.or(today), n)),
        );
        let gap = context.settings.support_gap_days;
        cluster::find(spans, gap, context.as_published(), members);
        lasting.clear();
        lasting.resize(rows.len(), false);
        let started_by = at.add_months(-12);
        let starts = |member: &Member| rows.get(member.row as usize).map(|row| row.start);
        for chain in members.chunk_by(|a, b| (a.la, a.cluster) == (b.la, b.cluster)) {
            if chain.iter().filter_map(starts).min().is_some_and(|start| start < started_by) {
                for member in chain {
                    if let Some(lasting) = lasting.get_mut(member.row as usize) {
                        *lasting = true;
                    }
                }
            }
        }
        let mut in_chain = lasting.iter();
        rows.retain(|row| in_chain.next() == Some(&true) && row.end.or(today) >= at);
    }
}

impl Build for Lts001c {
    const NAME: &'static str = "salt_lts001c";
    const RULE: &'static str = "LTS001c step 1";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] = &["1a", "1b"];
    const COUNTS: Unit = Unit::People;

    fn new(context: Context) -> Self {
        Self { context, spans: Vec::new(), members: Vec::new(), lasting: Vec::new() }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let at = self.context.year.end;
        let filters = [
            view.is_long_term() && view.is_service_user(),
            view.starts_by(at),
            view.alive_on(at),
            view.row.birth.is_known(),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let at = self.context.year.end;
        vec![
            ("LTS001c step 1", "not long-term support of a service user".into()),
            ("LTS001c step 1", format!("not started by {at}")),
            ("N6", format!("died before {at}")),
            ("N5", "no month of birth".into()),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        let found = rows.len();
        self.keep_lasting(rows);
        tally.fell(LASTING, (found - rows.len()) as i64);
        tally.skip(LASTING + 1);
        // as published every text that is not on the list is a reason of its own
        let as_published = self.context.as_published();
        let shown = |row: &Row| match support_reason::LIST.has(row.support_reason) {
            false if !as_published => Label::NULL,
            _ => row.support_reason,
        };
        salt_lts001a::count_by_age(rows, self.context.year.end, shown, tally);
    }

    fn counts(&self) -> Vec<FilterText> {
        let at = self.context.year.end;
        let mut texts = vec![(
            "LTS001c step 3",
            format!("ended before {at}, or the chain of support began within 12 months of it"),
        )];
        texts.extend(salt_lts001a::count_by_age_texts("LTS001c"));
        texts
    }

    fn stratum(&self, cell: Cell) -> String {
        salt_lts001a::stratum(cell)
    }
}

#[cfg(test)]
mod tests;
