//! Amounts such as days, nights and events by cell, and the people behind every row that cells are
//! spread over.

use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::hash::Hash;

/// `N` amounts by cell. What a person has is noted first and counted when all of it is there, so that
/// the person counts once in each row, however many of the person's cells the row covers.
///
/// `N` is at most 8. Counts of different people add up in any order.
#[derive(Clone, Debug)]
pub struct Amounts<C, const N: usize> {
    cells: HashMap<C, [i64; N]>,
    /// People by the cells that they have, each with the amounts that are not 0 there, as bits.
    people: HashMap<Box<[(C, u8)]>, i64>,
    /// The person in hand; keeps its memory.
    noted: Vec<(C, [i64; N])>,
    key: Vec<(C, u8)>,
}

/// The sums of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums<const N: usize> {
    /// The amounts.
    pub amounts: [i64; N],
    /// People with some of each amount.
    pub people: [i64; N],
}

impl<const N: usize> Default for Sums<N> {
    fn default() -> Self {
        Self { amounts: [0; N], people: [0; N] }
    }
}

impl<C, const N: usize> Default for Amounts<C, N> {
    fn default() -> Self {
        const { assert!(N <= 8) };
        Self { cells: HashMap::new(), people: HashMap::new(), noted: Vec::new(), key: Vec::new() }
    }
}

impl<C: Copy + Ord + Hash, const N: usize> Amounts<C, N> {
    /// Notes some of one amount of the person in hand; amounts beyond `N` are lost.
    #[inline]
    pub fn note(&mut self, cell: C, which: usize, amount: i64) {
        let at = self.noted.iter().position(|(known, _)| *known == cell).unwrap_or_else(|| {
            self.noted.push((cell, [0; N]));
            self.noted.len() - 1
        });
        if let Some(sum) = self.noted.get_mut(at).and_then(|(_, sums)| sums.get_mut(which)) {
            *sum += amount;
        }
    }

    /// Counts what was noted of the person in hand.
    pub fn close(&mut self) {
        if self.noted.is_empty() {
            return;
        }
        self.noted.sort_unstable_by_key(|(cell, _)| *cell);
        self.key.clear();
        for (cell, sums) in self.noted.drain(..) {
            let some = sums.iter().enumerate().filter(|(_, sum)| **sum != 0);
            self.key.push((cell, some.fold(0, |bits, (n, _)| bits | 1 << n)));
            add(self.cells.entry(cell).or_insert([0; N]), &sums);
        }
        if let Some(people) = self.people.get_mut(self.key.as_slice()) {
            *people += 1;
        } else {
            self.people.insert(self.key.as_slice().into(), 1);
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        if self.cells.is_empty() {
            self.cells = other.cells;
            self.people = other.people;
            return;
        }
        for (cell, sums) in other.cells {
            add(self.cells.entry(cell).or_insert([0; N]), &sums);
        }
        for (cells, people) in other.people {
            *self.people.entry(cells).or_default() += people;
        }
    }

    /// The sums of every row. `spread` adds the rows that a cell counts in to the list it is given; a
    /// row that it adds twice counts twice.
    pub fn rows<R: Copy + Ord>(&self, spread: impl Fn(C, &mut Vec<R>)) -> BTreeMap<R, Sums<N>> {
        let mut rows: BTreeMap<R, Sums<N>> = BTreeMap::new();
        let mut list = Vec::new();
        for (&cell, sums) in &self.cells {
            list.clear();
            spread(cell, &mut list);
            for &row in &list {
                add(&mut rows.entry(row).or_default().amounts, sums);
            }
        }
        // the rows of one person, each once, with the amounts of all its cells
        let mut of_person: Vec<(R, u8)> = Vec::new();
        for (cells, &people) in &self.people {
            of_person.clear();
            for &(cell, some) in cells {
                list.clear();
                spread(cell, &mut list);
                of_person.extend(list.iter().map(|&row| (row, some)));
            }
            of_person.sort_unstable();
            for same in of_person.chunk_by(|a, b| a.0 == b.0) {
                let some = same.iter().fold(0, |bits, (_, more)| bits | more);
                let Some(sums) = same.first().and_then(|(row, _)| rows.get_mut(row)) else {
                    continue;
                };
                for (n, count) in sums.people.iter_mut().enumerate() {
                    *count += if some >> n & 1 == 1 { people } else { 0 };
                }
            }
        }
        rows
    }
}

fn add<const N: usize>(sums: &mut [i64; N], more: &[i64; N]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    type Noted = Vec<(u8, usize, i64)>;

    fn count(people: &[Noted]) -> Amounts<u8, 3> {
        let mut amounts = Amounts::default();
        for person in people {
            person.iter().for_each(|&(cell, which, amount)| amounts.note(cell, which, amount));
            amounts.close();
        }
        amounts
    }

    /// A row for everything and one for each parity.
    fn spread(cell: u8, rows: &mut Vec<u8>) {
        rows.extend([9, cell % 2]);
    }

    #[test]
    fn a_person_counts_once_in_a_row_for_each_amount_that_is_not_nothing() {
        let rows = count(&[vec![(1, 0, 5), (3, 0, 2), (2, 1, 1)], vec![(1, 0, 4), (1, 1, 0)]])
            .rows(spread);
        assert_eq!(rows[&9], Sums { amounts: [11, 1, 0], people: [2, 1, 0] });
        assert_eq!(rows[&1], Sums { amounts: [11, 0, 0], people: [2, 0, 0] });
        assert_eq!(rows[&0], Sums { amounts: [0, 1, 0], people: [0, 1, 0] });
    }

    fn people() -> impl Strategy<Value = Vec<Noted>> {
        prop::collection::vec(prop::collection::vec((0u8..6, 0usize..3, 0i64..3), 0..6), 0..12)
    }

    proptest! {
        #[test]
        fn rows_are_those_of_a_list_of_everything(people in people(), cut in 0usize..12) {
            let (left, right) = people.split_at(cut.min(people.len()));
            let mut merged = count(right);
            merged.merge(count(left));
            let rows = count(&people).rows(spread);
            prop_assert_eq!(&merged.rows(spread), &rows);
            for (row, sums) in rows {
                let inside = |cell: u8| row == 9 || cell % 2 == row;
                for n in 0..3 {
                    let mut amount = 0;
                    let mut with_some = BTreeSet::new();
                    for (who, person) in people.iter().enumerate() {
                        for &(cell, which, more) in person {
                            if inside(cell) && which == n && more != 0 {
                                amount += more;
                                with_some.insert(who);
                            }
                        }
                    }
                    prop_assert_eq!(sums.amounts[n], amount);
                    prop_assert_eq!(sums.people[n], with_some.len() as i64);
                }
            }
        }
    }
}
