//! Records, distinct people and an amount by council and cell: what most measures of care records
//! count.

use super::councils;
use crate::figure::Area;
use crate::frame::Frame;
use crate::place::Places;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::hash::Hash;

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// People with a record in the cell. A person of two councils counts in each of them.
    pub people: i64,
    /// Records.
    pub records: i64,
    /// Sum of the amounts of the records, in the unit of the measure.
    pub amount: i128,
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.records += other.records;
        self.amount += other.amount;
    }
}

/// Sums by council of [`Places`] and cell. The records of a person are noted first and counted when
/// all of them are there, so that the person counts once in each cell.
#[derive(Clone, Debug)]
pub(super) struct Ledger<K> {
    cells: HashMap<(u16, K), Sum>,
    /// Records of the person in hand; keeps its memory.
    noted: Vec<(u16, K, i128)>,
}

impl<K> Default for Ledger<K> {
    fn default() -> Self {
        Self { cells: HashMap::new(), noted: Vec::new() }
    }
}

impl<K: Copy + Ord + Hash> Ledger<K> {
    /// Notes a record of the person in hand.
    #[inline]
    pub fn note(&mut self, council: u16, cell: K, amount: i128) {
        self.noted.push((council, cell, amount));
    }

    /// Counts what was noted of the person in hand.
    pub fn close(&mut self) {
        self.noted.sort_unstable();
        for same in self.noted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            if let Some(&(council, cell, _)) = same.first() {
                let sum = self.cells.entry((council, cell)).or_default();
                sum.people += 1;
                sum.records += same.len() as i64;
                sum.amount += same.iter().map(|noted| noted.2).sum::<i128>();
            }
        }
        self.noted.clear();
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        if self.cells.is_empty() {
            self.cells = other.cells;
            return;
        }
        for (cell, sum) in other.cells {
            self.cells.entry(cell).or_default().add(&sum);
        }
    }

    /// The cells of England, of regions by name and of councils by code. Every council of the look-up
    /// and every one with care records is there; England and the regions are sums of councils.
    pub fn areas(&self, places: &Places, frame: &Frame) -> Vec<(Area, BTreeMap<K, Sum>)> {
        let mut councils: BTreeMap<u16, BTreeMap<K, Sum>> = councils::with_a_row(places, frame)
            .into_iter()
            .map(|council| (council, BTreeMap::new()))
            .collect();
        for (&(council, cell), &sum) in &self.cells {
            councils.entry(council).or_default().insert(cell, sum);
        }
        councils::with_sums(places, &councils, |total: &mut BTreeMap<K, Sum>, more| {
            for (&cell, sum) in more {
                total.entry(cell).or_default().add(sum);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::care_fixture::{ENGLAND, NORTH, NORTHTON, SOUTH, SOUTHTON, frame};

    #[test]
    fn a_person_counts_once_in_a_cell_and_in_each_council() {
        let frame = frame(&[]);
        let places = Places::new(&frame);
        let [north, south] = [NORTHTON, SOUTHTON].map(|la| places.council(la));
        let mut ledger = Ledger::default();
        let mut other = Ledger::default();
        for (n, person) in [
            vec![(north, 'b', 5), (north, 'a', 1), (north, 'b', 7)],
            vec![(north, 'b', 2), (south, 'b', 4)],
        ]
        .into_iter()
        .enumerate()
        {
            let ledger = if n == 0 { &mut ledger } else { &mut other };
            person
                .into_iter()
                .for_each(|(council, cell, amount)| ledger.note(council, cell, amount));
            ledger.close();
        }
        ledger.merge(other);
        let areas = ledger.areas(&places, &frame);
        let cells = |code: &str| {
            let (_, cells) = areas.iter().find(|(area, _)| area.code == code).unwrap();
            cells.iter().map(|(&c, s)| (c, s.people, s.records, s.amount)).collect::<Vec<_>>()
        };
        assert_eq!(cells(NORTH), [('a', 1, 1, 1), ('b', 2, 3, 14)]);
        assert_eq!(cells(SOUTH), [('b', 1, 1, 4)]);
        assert_eq!(cells(ENGLAND), [('a', 1, 1, 1), ('b', 3, 4, 18)]);
        assert_eq!(cells("400"), []);
    }
}
