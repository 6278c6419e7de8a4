//! LTS004: people of 18 to 64 with long-term support for a learning disability, by employment and by
//! accommodation (`cld-metrics.md` section 22).

use super::salt::labels::{
    Label, accommodation, employment, event_type, gender, is_settled, support_reason,
};
use super::salt::row::{Row, View};
use super::salt::submissions::Reads;
use super::salt::table::{Build, Cell, Context, Table, Tally};
use crate::attrition::FilterText;
use crate::figure::Unit;

pub use super::salt::Settings;

/// The measure `salt_lts004`. Parts `1` by employment, `2a` (settled) and `2b` (unsettled) by
/// accommodation; `2` has the people whose accommodation is never valid.
pub type SaltLts004 = Table<Lts004>;

/// People with a learning disability in the year.
#[derive(Clone, Debug)]
pub struct Lts004 {
    context: Context,
    chosen: Vec<Row>,
    cells: Vec<(u16, u8, Label)>,
}

/// The parts, by number.
const EMPLOYMENT: u8 = 0;
const NO_ACCOMMODATION: u8 = 1;
const SETTLED: u8 = 2;
const UNSETTLED: u8 = 3;

/// A status that stands for "no valid status".
const NEVER_VALID: u8 = u8::MAX;

/// What a table is by.
#[derive(Clone, Copy, Debug)]
struct Status {
    of: fn(&Row) -> Label,
    is_valid: fn(Label) -> bool,
    unknown: Label,
}

const BY_EMPLOYMENT: Status = Status {
    of: |row| row.employment,
    is_valid: |status| employment::LIST.has(status),
    unknown: employment::UNKNOWN,
};

const BY_ACCOMMODATION: Status = Status {
    of: |row| row.accommodation,
    is_valid: |status| accommodation::LIST.has(status),
    unknown: accommodation::UNKNOWN,
};

impl Lts004 {
    /// Council, gender and status of each cell that the person counts in: the valid status of the
    /// latest start in any council, known before unknown. Of several with one gender, `Unknown`.
    fn choose(&mut self, rows: &[Row], status: Status) {
        let Self { context, chosen, cells } = self;
        cells.clear();
        chosen.clear();
        chosen.extend(rows.iter().filter(|row| (status.is_valid)((status.of)(row))));
        let latest = chosen.iter().map(|row| row.start).max();
        chosen.retain(|row| Some(row.start) == latest);
        let known = |row: &Row| (status.of)(row) != status.unknown;
        if chosen.iter().any(known) {
            chosen.retain(known);
        }
        for row in &*chosen {
            // as published a null gender equals nothing, so it never meets another status; as
            // intended any two statuses of the person conflict
            let conflicts = |other: &&Row| {
                let same = row.gender == other.gender && !row.gender.is_null();
                (same || !context.as_published()) && (status.of)(row) != (status.of)(other)
            };
            let conflict = chosen.iter().find(conflicts).is_some();
            let shown = if conflict { status.unknown } else { (status.of)(row) };
            cells.push((row.la, gender::LIST.level(row.gender), shown));
        }
        cells.sort_unstable();
        cells.dedup();
    }
}

impl Build for Lts004 {
    const NAME: &'static str = "salt_lts004";
    const RULE: &'static str = "LTS004 step 1";
    const READS: Reads = Reads::Latest;
    const PARTS: &'static [&'static str] = &["1", "2", "2a", "2b"];
    const COUNTS: Unit = Unit::People;

    fn new(context: Context) -> Self {
        Self { context, chosen: Vec::new(), cells: Vec::new() }
    }

    fn admit(&self, view: View<'_>) -> Result<u8, usize> {
        let year = self.context.year;
        let reason = view.labels.support_reason.of(view.detail.primary_support_reason);
        let filters = [
            view.event_type() == event_type::SERVICE
                && view.is_long_term()
                && view.is_service_user(),
            reason == support_reason::LEARNING_DISABILITY,
            view.overlaps(year),
            view.alive_on(year.start),
            view.row.birth.dhsc_age(year.end).is_some_and(|age| (18..=64).contains(&age)),
        ];
        filters.iter().position(|passes| !passes).map_or(Ok(1), Err)
    }

    fn admits(&self) -> Vec<FilterText> {
        let year = self.context.year;
        vec![
            ("LTS004 step 1", "not long-term support of a service user".into()),
            ("LTS004 step 1", "primary support reason not learning disability".into()),
            ("LTS004 step 1", format!("no day from {} to {}", year.start, year.end)),
            ("N6", format!("died before {}", year.start)),
            ("LTS004 step 1", format!("not aged 18 to 64 on {}", year.end)),
        ]
    }

    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>) {
        rows.sort_unstable_by_key(|row| row.la);
        let tables = [(BY_EMPLOYMENT, EMPLOYMENT), (BY_ACCOMMODATION, NO_ACCOMMODATION)];
        for (status, part) in tables {
            self.choose(rows, status);
            let mut totals = [None; 4];
            for &(la, sex, shown) in &self.cells {
                let part = match part {
                    EMPLOYMENT => EMPLOYMENT,
                    _ if is_settled(shown) => SETTLED,
                    _ => UNSETTLED,
                };
                tally.add(la, part, [sex, shown.0 as u8], 1);
                let total = &mut totals[usize::from(part)];
                if *total != Some(la) {
                    *total = Some(la);
                    tally.add(la, part, [0, 0], 1);
                }
            }
            if self.cells.is_empty() {
                for council in rows.chunk_by(|a, b| a.la == b.la) {
                    let Some(la) = council.first().map(|row| row.la) else { continue };
                    tally.add(la, part, [0, NEVER_VALID], 1);
                    if part == NO_ACCOMMODATION {
                        tally.add(la, part, [0, 0], 1);
                    }
                }
            }
        }
        for council in rows.chunk_by(|a, b| a.la == b.la) {
            tally.fell(0, council.len() as i64 - 1);
            tally.passed(1);
        }
    }

    fn counts(&self) -> Vec<FilterText> {
        vec![("LTS004", "another row of the person in the council".into())]
    }

    fn stratum(&self, cell: Cell) -> String {
        let [sex, level] = cell.levels;
        let (key, list) = match cell.part {
            EMPLOYMENT => ("employment", employment::LIST),
            _ => ("accommodation", accommodation::LIST),
        };
        if level == NEVER_VALID {
            return format!("{key}=NULL/Invalid");
        }
        let sex = gender::LIST.text_of_level(sex);
        format!("sex={sex}; {key}={}", list.text_of_level(level))
    }
}

#[cfg(test)]
mod tests;
