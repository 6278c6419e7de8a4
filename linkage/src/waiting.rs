//! Rows of a partition whose people are not numbered yet.
//!
//! A look-up in a table of people that is not in the processor's cache costs more than all the rest of
//! reading a row. Rows therefore wait until many of one partition have come together, and
//! their people are numbered at once, while the table is at hand.

use crate::identifier::{Block, Identifier, Shape};
use crate::numbers::Numbers;
use crate::person::PersonTable;

/// Kinds of record in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// Admitted patient care.
    Apc,
    /// Client Level Data.
    Cld,
    /// Emergency care.
    Ecds,
    /// Outpatient appointments.
    Outpatients,
    /// Registered deaths.
    Deaths,
    /// Events of a log.
    Events,
}

/// Whose each row of a partition is: numbers in its [`PersonTable`], row by row of each kind.
#[derive(Debug, Default)]
pub struct Persons {
    /// Admitted patient care.
    pub apc: Numbers,
    /// Client Level Data.
    pub cld: Numbers,
    /// Emergency care.
    pub ecds: Numbers,
    /// Outpatient appointments.
    pub outpatients: Numbers,
    /// Registered deaths.
    pub deaths: Numbers,
    /// Events of a log.
    pub events: Numbers,
}

/// Identifiers of rows in the order in which the rows came.
#[derive(Debug, Default)]
pub struct Waiting {
    blocks: Vec<Block>,
    rows: Vec<WaitingRow>,
    /// Rows one after the other that are of one kind.
    runs: Vec<(RecordKind, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct WaitingRow {
    /// That of the identifier's key.
    tag: u32,
    /// That of the identifier.
    shape: Shape,
}

impl Waiting {
    /// Rows that are worth a visit to the table.
    const FULL: usize = 1 << 13;

    /// Takes the identifiers of rows, empty for a row that has none, with the tags of their keys.
    #[inline]
    pub fn extend<'i>(
        &mut self,
        kind: RecordKind,
        ids: impl ExactSizeIterator<Item = (Identifier<'i>, u32)>,
    ) {
        if self.rows.capacity() == 0 {
            // room for a few more than fill it; identifiers of more blocks double theirs
            const ROWS: usize = Waiting::FULL / 8 * 9;
            self.rows.reserve_exact(ROWS);
            self.blocks.reserve_exact(ROWS);
        }
        self.runs.push((kind, ids.len()));
        for (Identifier { blocks, shape }, tag) in ids {
            blocks.iter().for_each(|&block| self.blocks.push(block));
            self.rows.push(WaitingRow { tag, shape });
        }
    }

    /// Whether it is time to [`Waiting::settle`].
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.rows.len() >= Self::FULL
    }

    /// Numbers the people of the rows, in a buffer. Nothing waits afterwards.
    pub fn settle(
        &mut self,
        people: &mut PersonTable,
        persons: &mut Persons,
        numbers: &mut Vec<u32>,
    ) {
        let Self { blocks, rows, runs } = self;
        let mut left = blocks.as_slice();
        let id = move |&WaitingRow { tag, shape }: &WaitingRow| {
            let (blocks, others) = left.split_at(shape.blocks());
            left = others;
            (Identifier { blocks, shape }, tag)
        };
        people.numbers(rows.iter().map(id), numbers);
        let mut left = numbers.as_slice();
        for &(kind, rows) in &*runs {
            let (numbers, others) = left.split_at(rows);
            left = others;
            let persons = match kind {
                RecordKind::Apc => &mut persons.apc,
                RecordKind::Cld => &mut persons.cld,
                RecordKind::Ecds => &mut persons.ecds,
                RecordKind::Outpatients => &mut persons.outpatients,
                RecordKind::Deaths => &mut persons.deaths,
                RecordKind::Events => &mut persons.events,
            };
            persons.extend(numbers);
        }
        blocks.clear();
        rows.clear();
        runs.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::tests::tagged;

    #[test]
    fn people_keep_their_numbers_over_visits_and_kinds() {
        let mut people = PersonTable::default();
        let mut persons = Persons::default();
        let mut waiting = Waiting::default();
        let visits: [&[(&str, RecordKind)]; 2] = [
            &[("a", RecordKind::Apc), ("b", RecordKind::Cld), ("a", RecordKind::Cld)],
            &[("c", RecordKind::Deaths), ("", RecordKind::Ecds), ("b", RecordKind::Apc)],
        ];
        for visit in visits {
            for &(id, kind) in visit {
                let mut blocks = Vec::new();
                let id = tagged(&mut blocks, id.as_bytes());
                waiting.extend(kind, std::iter::once(id));
            }
            waiting.settle(&mut people, &mut persons, &mut Vec::new());
        }
        let name = |numbers: &Numbers| -> Vec<String> {
            numbers
                .iter()
                .map(|n| String::from_utf8_lossy(&people.id(n).text()).into_owned())
                .collect()
        };
        assert_eq!(name(&persons.apc), ["a", "b"]);
        assert_eq!(name(&persons.cld), ["b", "a"]);
        assert_eq!(
            (name(&persons.ecds), name(&persons.deaths)),
            (vec![String::new()], vec!["c".into()])
        );
        assert_eq!(people.len(), 4);
    }
}
