//! Rows of a partition by person: copied once into the order of persons.
//!
//! The rows of a partition lie in memory in the order in which they were read. Fetching those of one
//! person from where they lie would wait for memory at every row; reading all rows in their order and
//! writing each to its place in a buffer of the processor's cache does not.

use crate::chunks::Chunks;
use crate::numbers::Numbers;
use crate::records::kept::{Kept, Parts};

/// Rows of one kind by the dense number of their person, and those of the person at hand.
#[derive(Debug)]
pub(super) struct Grouped<R: Parts> {
    offsets: Vec<u32>,
    // each longer than the last offset after a larger partition
    mains: Vec<R::Main>,
    rests: Vec<R::Rest>,
    /// Whether `rests` holds anything of this partition.
    has_rests: bool,
    places: Vec<u32>,
    /// The rows of the person at hand by their place among the person's, in order; none where they lie in
    /// order.
    order: Vec<(u128, u32)>,
    rows: Vec<R>,
}

impl<R: Parts> Default for Grouped<R> {
    fn default() -> Self {
        Self {
            offsets: Vec::new(),
            mains: Vec::new(),
            rests: Vec::new(),
            has_rests: false,
            places: Vec::new(),
            order: Vec::new(),
            rows: Vec::new(),
        }
    }
}

impl<R: Parts> Grouped<R> {
    /// Groups rows by their persons, by counting: two passes, no comparison.
    pub(super) fn fill(&mut self, people: usize, persons: &Numbers, kept: &Kept<R>) {
        self.offsets.clear();
        self.offsets.resize(people + 1, 0);
        persons.iter().for_each(|person| self.offsets[person as usize + 1] += 1);
        for n in 1..=people {
            self.offsets[n] += self.offsets[n - 1];
        }
        let (mains, rests) = kept.parts();
        scatter(&mut self.offsets, persons, mains, &mut self.mains);
        self.has_rests = !rests.is_empty();
        if self.has_rests {
            scatter(&mut self.offsets, persons, rests, &mut self.rests);
        }
    }

    /// Notes also where in the partition each row lies, after [`Grouped::fill`].
    pub(super) fn fill_places(&mut self, persons: &Numbers) {
        if self.places.len() < persons.len() {
            self.places.resize(persons.len(), 0);
        }
        put(&mut self.offsets, persons.iter().zip(0..), &mut self.places);
    }

    /// How many rows a person has.
    pub(super) fn count(&self, person: u32) -> usize {
        self.range(person).len()
    }

    /// Fetches the rows of one person, in the order of [`Parts::order`].
    pub(super) fn load(&mut self, person: u32) {
        let range = self.range(person);
        let Self { mains, rests, has_rests, order, rows, .. } = self;
        let mains = &mains[range.clone()];
        order.clear();
        if mains.is_empty() {
            rows.clear();
            return;
        }
        if !mains.is_sorted_by_key(R::order) {
            // to order numbers is to move less than to order rows
            order.extend((0..).zip(mains).map(|(n, main)| (R::order(main), n)));
            order.sort_unstable_by_key(|&(order, _)| order);
        }
        if *has_rests {
            let rests = &rests[range];
            fetch(rows, mains.len(), order, |n| R::join(mains[n], rests[n]));
        } else {
            fetch(rows, mains.len(), order, |n| R::join(mains[n], R::EMPTY));
        }
    }

    /// The rows of the person at hand.
    pub(super) fn rows(&self) -> &[R] {
        &self.rows
    }

    /// The rows of the person at hand, to change them.
    pub(super) fn rows_mut(&mut self) -> &mut [R] {
        &mut self.rows
    }

    /// Where the rows of the person at hand, who is this one, lie in the partition, in their order.
    pub(super) fn places(&self, person: u32) -> impl Iterator<Item = usize> {
        let places = &self.places[self.range(person)];
        let place = |n| self.order.get(n).map_or(n, |&(_, place)| place as usize);
        (0..places.len()).map(move |n| places[place(n)] as usize)
    }

    fn range(&self, person: u32) -> std::ops::Range<usize> {
        let person = person as usize;
        self.offsets[person] as usize..self.offsets[person + 1] as usize
    }
}

/// Makes `rows` those of the places that `order` names; without an order, of all places as they come.
fn fetch<R>(rows: &mut Vec<R>, places: usize, order: &[(u128, u32)], row: impl Fn(usize) -> R) {
    rows.clear();
    if order.is_empty() {
        rows.extend((0..places).map(row));
    } else {
        rows.extend(order.iter().map(|&(_, place)| row(place as usize)));
    }
}

/// Writes each value to the next place of its person. Values are there, as many as persons.
fn scatter<T: Copy>(offsets: &mut [u32], persons: &Numbers, values: &Chunks<T>, out: &mut Vec<T>) {
    if let (true, Some(&any)) = (out.len() < persons.len(), values.iter().next()) {
        out.resize(persons.len(), any);
    }
    let pieces = persons.pieces().zip(values.pieces());
    let rows = pieces.flat_map(|(persons, values)| persons.zip(values.iter().copied()));
    put(offsets, rows, out);
}

/// Writes each value to the next place of its person. The start of each person serves as the cursor and
/// is put back afterwards.
fn put<T>(offsets: &mut [u32], rows: impl Iterator<Item = (u32, T)>, out: &mut [T]) {
    rows.for_each(|(person, value)| {
        let cursor = &mut offsets[person as usize];
        out[*cursor as usize] = value;
        *cursor += 1;
    });
    offsets.rotate_right(1);
    offsets[0] = 0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instant::Instant;
    use crate::records::event::LogEvent;

    fn filled(grouped: &mut Grouped<LogEvent>, people: usize, persons: &[u32], ends: &[i64]) {
        let (mut numbers, mut kept) = (Numbers::default(), Kept::default());
        for (n, (&person, &end)) in (0u32..).zip(persons.iter().zip(ends)) {
            numbers.extend(&[person]);
            let end = if end == 0 { LogEvent::NO_END } else { Instant(end) };
            let start = Instant(0);
            kept.push(LogEvent { start, end, row: n, file: 0, activity: 0 });
        }
        grouped.fill(people, &numbers, &kept);
        grouped.fill_places(&numbers);
    }

    fn of(grouped: &mut Grouped<LogEvent>, person: u32) -> Vec<(u32, i64)> {
        grouped.load(person);
        let rows: Vec<_> = grouped
            .rows()
            .iter()
            .map(|event| (event.row, event.ended().map_or(0, |end| end.0)))
            .collect();
        assert!(rows.iter().map(|&(row, _)| row as usize).eq(grouped.places(person)));
        rows
    }

    #[test]
    fn every_row_is_under_its_person_in_order() {
        let mut grouped = Grouped::default();
        filled(&mut grouped, 5, &[2, 0, 2, 3, 0, 2], &[0, 0, 12, 0, 0, 15]);
        assert_eq!(of(&mut grouped, 0), [(1, 0), (4, 0)]);
        assert!(of(&mut grouped, 1).is_empty());
        assert_eq!(of(&mut grouped, 2), [(0, 0), (2, 12), (5, 15)]);
        assert_eq!(of(&mut grouped, 3), [(3, 0)]);
        assert!(of(&mut grouped, 4).is_empty());
        filled(&mut grouped, 1, &[0], &[0]);
        assert_eq!(
            of(&mut grouped, 0),
            [(0, 0)],
            "a smaller partition leaves nothing of a larger one"
        );
        filled(&mut grouped, 2, &[], &[]);
        assert!(of(&mut grouped, 0).is_empty() && of(&mut grouped, 1).is_empty());
    }
}
