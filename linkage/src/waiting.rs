//! Rows of a partition whose people are not numbered yet.
//!
//! A look-up in a table of people that is not in the processor's cache costs more than all the rest of
//! reading a row. Rows therefore wait until many of one partition have come together, and
//! their people are numbered at once, while the table is at hand.

use crate::chunks::Chunks;
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
    pub apc: Chunks<u32>,
    /// Client Level Data.
    pub cld: Chunks<u32>,
    /// Emergency care.
    pub ecds: Chunks<u32>,
    /// Outpatient appointments.
    pub outpatients: Chunks<u32>,
    /// Registered deaths.
    pub deaths: Chunks<u32>,
    /// Events of a log.
    pub events: Chunks<u32>,
}

/// Identifiers of rows in the order in which the rows came.
#[derive(Debug, Default)]
pub struct Waiting {
    ids: Vec<u8>,
    rows: Vec<WaitingRow>,
    numbers: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct WaitingRow {
    /// That of the identifier's key.
    tag: u32,
    /// Where the identifier ends.
    end: u32,
    kind: RecordKind,
}

impl Waiting {
    /// Rows that are worth a visit to the table.
    const FULL: usize = 1 << 10;

    /// Takes the identifier of a row, empty when it has none.
    #[inline]
    pub fn push(&mut self, id: &[u8], tag: u32, kind: RecordKind) {
        if self.rows.capacity() == 0 {
            // room for a few more than fill it; identifiers are mostly of one length
            const ROWS: usize = Waiting::FULL / 8 * 9;
            self.rows.reserve_exact(ROWS);
            self.numbers.reserve_exact(ROWS);
            self.ids.reserve_exact(ROWS * id.len());
        }
        self.ids.extend_from_slice(id);
        self.rows.push(WaitingRow { tag, end: self.ids.len() as u32, kind });
    }

    /// Whether it is time to [`Waiting::settle`].
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.rows.len() >= Self::FULL
    }

    /// Numbers the people of the rows. Nothing waits afterwards.
    pub fn settle(&mut self, people: &mut PersonTable, persons: &mut Persons) {
        let Self { ids, rows, numbers } = self;
        let starts = std::iter::once(0).chain(rows.iter().map(|row| row.end));
        let id =
            |(row, start): (&WaitingRow, u32)| (&ids[start as usize..row.end as usize], row.tag);
        people.numbers(rows.iter().zip(starts).map(id), numbers);
        for (row, &number) in rows.iter().zip(&*numbers) {
            match row.kind {
                RecordKind::Apc => persons.apc.push(number),
                RecordKind::Cld => persons.cld.push(number),
                RecordKind::Ecds => persons.ecds.push(number),
                RecordKind::Outpatients => persons.outpatients.push(number),
                RecordKind::Deaths => persons.deaths.push(number),
                RecordKind::Events => persons.events.push(number),
            }
        }
        ids.clear();
        rows.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::PersonKey;

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
                waiting.push(id.as_bytes(), PersonKey::of(id.as_bytes()).tag(), kind);
            }
            waiting.settle(&mut people, &mut persons);
        }
        let name = |numbers: &Chunks<u32>| -> Vec<String> {
            numbers.iter().map(|&n| String::from_utf8_lossy(people.id(n)).into_owned()).collect()
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
