//! LTS001b: people with long-term support at the snapshot date, the last day of the year, by setting,
//! delivery mechanism and support reason, unpaid carer or ethnicity (`cld-metrics.md` section 18).

use super::salt::labels::{Label, ethnicity, gender, has_carer, support_reason};
use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::support::{self, Preferred};
use super::salt::table::{Build, Cell, Context, Table, Tally};
use crate::attrition::FilterText;
use crate::figure::Unit;
use throughcare_linkage::day::Day;

pub use super::salt::Settings;

/// The measure `salt_lts001b`. Parts `1a` and `1b` by support reason, `2` by unpaid carer, `3a` (male)
/// and `3b` (female) by ethnicity, `3c` other and unknown gender.
pub type SaltLts001b = Table<Lts001b>;

/// Long-term support on one day.
#[derive(Clone, Debug)]
pub struct Lts001b {
    context: Context,
}

/// The parts, by number.
const WORKING_AGE: u8 = 0;
const OLDER: u8 = 1;
const CARER: u8 = 2;
const MALE: u8 = 3;
const FEMALE: u8 = 4;
const OTHER_GENDER: u8 = 5;

/// What a table breaks down by: known or not, and the number shown.
type Value = (bool, u8);

/// A table with a breakdown: its part, what it is by, and the number of a conflict.
type Breakdown = (u8, fn(&Row) -> Value, u8);

fn reason(row: &Row) -> Value {
    let known = !row.support_reason.is_null() && row.support_reason != support_reason::UNKNOWN;
    (known, support_reason::LIST.level(row.support_reason))
}

/// The list has Yes, No and Invalid: `Unknown` is shown like a text that is not on it.
fn carer(row: &Row) -> Value {
    match row.has_carer {
        Label::NULL | has_carer::UNKNOWN => (false, 0),
        carer => (true, has_carer::LIST.level(carer)),
    }
}

fn ethnic(row: &Row) -> Value {
    let known = !row.ethnicity.is_null() && row.ethnicity != ethnicity::UNDECLARED;
    (known, ethnicity::LIST.level(row.ethnicity))
}

impl Lts001b {
    /// Whether a row is in a table.
    fn is_in(part: u8, row: &Row, at: Day) -> bool {
        match part {
            WORKING_AGE => row.age(at).is_some_and(|age| (18..=64).contains(&age)),
            OLDER => row.age(at).is_some_and(|age| age >= 65),
            CARER => true,
            MALE => row.gender == gender::MALE,
            FEMALE => row.gender == gender::FEMALE,
            _ => matches!(row.gender, gender::OTHER | gender::UNKNOWN),
        }
    }
}

impl Build for Lts001b {
    const NAME: &'static str = "salt_lts001b";
    const RULE: &'static str = "LTS001b";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] = &["1a", "1b", "2", "3a", "3b", "3c"];
    const COUNTS: Unit = Unit::People;

    fn new(context: Context) -> Self {
        Self { context }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let at = self.context.year.end;
        let filters = [
            view.is_long_term() && view.is_service_user(),
            view.starts_by(at) && view.lasts_to(at),
            view.alive_on(at),
            view.row.birth.is_known(),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let at = self.context.year.end;
        vec![
            ("LTS001b", "not long-term support of a service user".into()),
            ("LTS001b", format!("not running on {at}")),
            ("N6", format!("died before {at}")),
            ("N5", "no month of birth".into()),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        let at = self.context.year.end;
        rows.sort_unstable_by_key(|row| row.la);
        for council in rows.chunk_by(|a, b| a.la == b.la) {
            let Some(la) = council.first().map(|row| row.la) else { continue };
            let tables: [Breakdown; 5] = [
                (WORKING_AGE, reason, support_reason::LIST.level(support_reason::UNKNOWN)),
                (OLDER, reason, support_reason::LIST.level(support_reason::UNKNOWN)),
                (CARER, carer, has_carer::LIST.level(has_carer::UNKNOWN)),
                (MALE, ethnic, ethnicity::LIST.level(ethnicity::UNDECLARED)),
                (FEMALE, ethnic, ethnicity::LIST.level(ethnicity::UNDECLARED)),
            ];
            for (part, value, conflict) in tables {
                let mut preferred = Preferred::new();
                for row in council.iter().filter(|row| Self::is_in(part, row, at)) {
                    let rank = support::rank(row.service_type, row.mechanism);
                    let (known, shown) = value(row);
                    preferred.take(rank, known, row.start, shown);
                }
                if let Some((rank, value)) = preferred.get() {
                    let level = match (part, value.unwrap_or(conflict)) {
                        (MALE | FEMALE, level) => ethnic_group(level),
                        (_, level) => level,
                    };
                    tally.add(la, part, [0, 0], 1);
                    tally.add(la, part, [rank, level], 1);
                }
            }
            if council.iter().any(|row| Self::is_in(OTHER_GENDER, row, at)) {
                tally.add(la, OTHER_GENDER, [0, 0], 1);
            }
            tally.fell(0, council.len() as i64 - 1);
            tally.passed(1);
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        vec![("LTS001b", "another row of the person in the council".into())]
    }

    fn stratum(&self, cell: Cell) -> String {
        let [rank, level] = cell.levels;
        let support = support::stratum(rank);
        match cell.part {
            WORKING_AGE | OLDER => {
                let reason = support_reason::LIST.text_of_level(level);
                format!("{support}; support_reason={reason}")
            }
            CARER => {
                format!("{support}; has_unpaid_carer={}", has_carer::LIST.text_of_level(level))
            }
            _ => format!("ethnicity={}; {support}", ETHNIC_GROUPS[usize::from(level)]),
        }
    }
}

/// Groups of ethnicities in the published table, by number.
const ETHNIC_GROUPS: [&str; 7] = [
    "Invalid/NULL",
    "White",
    "Mixed / multiple ethnic groups",
    "Asian / Asian British",
    "Black / African / Caribbean / Black British",
    "Other Ethnic Group",
    "No Data",
];

/// The group of an ethnicity by its number on the list.
const fn ethnic_group(level: u8) -> u8 {
    match level {
        0 => 0,
        1..=5 => 1,
        6..=9 => 2,
        10..=14 => 3,
        15..=17 => 4,
        18..=19 => 5,
        _ => 6,
    }
}

#[cfg(test)]
mod tests;
