//! LTS001a: people with long-term support in the year, by primary support reason, setting and delivery
//! mechanism (`cld-metrics.md` section 17).

use super::salt::labels::{Label, support_reason};
use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::support::{self, Preferred};
use super::salt::table::{Build, Cell, Context, Table, Tally};
use crate::attrition::FilterText;
use crate::figure::Unit;
use throughcare_linkage::day::Day;

pub use super::salt::Settings;

/// The measure `salt_lts001a`. Parts `1a` (18 to 64) and `1b` (65 and over).
pub type SaltLts001a = Table<Lts001a>;

/// Long-term support in the year.
#[derive(Clone, Debug)]
pub struct Lts001a {
    context: Context,
}

/// The tables by age: part and first and last age.
pub(super) const BY_AGE: [(u8, i32, i32); 2] = [(0, 18, 64), (1, 65, i32::MAX)];

/// Filters of the rows of a person, by number.
const NO_TABLE: usize = 0;
const NOT_PREFERRED: usize = 1;

impl Build for Lts001a {
    const NAME: &'static str = "salt_lts001a";
    const RULE: &'static str = "LTS001a step 1";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] = &["1a", "1b"];
    const COUNTS: Unit = Unit::People;

    fn new(context: Context) -> Self {
        Self { context }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let year = self.context.year;
        let filters = [
            view.is_long_term() && view.is_service_user(),
            view.overlaps(year),
            view.alive_on(year.start),
            view.row.birth.is_known(),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            ("LTS001a step 1", "not long-term support of a service user".into()),
            ("LTS001a step 1", format!("no day from {} to {}", year.start, year.end)),
            ("N6", format!("died before {}", year.start)),
            ("N5", "no month of birth".into()),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        let show = |row: &Row| Label(u16::from(support_reason::LIST.level(row.support_reason)));
        count_by_age(rows, self.context.year.end, show, tally);
    }

    fn counts(&self) -> Vec<FilterText> {
        count_by_age_texts("LTS001a")
    }

    fn stratum(&self, cell: Cell) -> String {
        stratum(cell)
    }
}

/// Steps 2 to 6: in each table by age at a day, the preferred support of each person and council.
/// `shown` is what the support reasons of equally preferred rows are compared by.
pub(super) fn count_by_age(
    rows: &mut [Row],
    at: Day,
    shown: impl Fn(&Row) -> Label,
    tally: &mut Tally<'_>,
) {
    rows.sort_unstable_by_key(|row| row.la);
    for council in rows.chunk_by(|a, b| a.la == b.la) {
        let Some(la) = council.first().map(|row| row.la) else { continue };
        let mut in_tables = 0;
        let mut people = 0;
        for (part, from, to) in BY_AGE {
            let mut preferred = Preferred::new();
            let of_age = |row: &&Row| row.age(at).is_some_and(|age| from <= age && age <= to);
            for row in council.iter().filter(of_age) {
                let rank = support::rank(row.service_type, row.mechanism);
                let reason = row.support_reason;
                let known = !reason.is_null() && reason != support_reason::UNKNOWN;
                preferred.take(rank, known, row.start, shown(row));
                in_tables += 1;
            }
            let Some((rank, reason)) = preferred.get() else { continue };
            let reason = support_reason::LIST.level(reason.unwrap_or(support_reason::UNKNOWN));
            tally.add(la, part, [0, 0], 1);
            tally.add(la, part, [rank, reason], 1);
            people += 1;
        }
        tally.fell(NO_TABLE, council.len() as i64 - in_tables);
        tally.fell(NOT_PREFERRED, in_tables - people);
        tally.passed(people);
    }
}

/// The filters of [`count_by_age`], in words.
pub(super) fn count_by_age_texts(table: &'static str) -> Vec<FilterText> {
    vec![
        ("N5", format!("{table}: aged under 18")),
        ("LTS001a step 4", "another row stands for the person in the council and table".into()),
    ]
}

/// The stratum of a cell of [`count_by_age`].
pub(super) fn stratum(cell: Cell) -> String {
    let [rank, reason] = cell.levels;
    let reason = support_reason::LIST.text_of_level(reason);
    format!("{}; support_reason={reason}", support::stratum(rank))
}

#[cfg(test)]
pub(crate) mod tests;
