//! Rows of a partition by person: copied once into the order of persons.
//!
//! The rows of a partition lie in memory in the order in which they were read. Fetching those of one
//! person from where they lie would wait for memory at every row; reading all rows in their order and
//! writing each to its place in a buffer of the processor's cache does not.

/// Rows of one kind by the dense number of their person.
#[derive(Debug)]
pub(super) struct Grouped<R> {
    offsets: Vec<u32>,
    /// Longer than the last offset after a larger partition.
    rows: Vec<R>,
}

impl<R> Default for Grouped<R> {
    fn default() -> Self {
        Self { offsets: Vec::new(), rows: Vec::new() }
    }
}

impl<R: Copy> Grouped<R> {
    /// Groups rows by their persons, by counting: two passes, no comparison. Rows of one person stay
    /// in their order.
    pub(super) fn fill(
        &mut self,
        people: usize,
        persons: &[u32],
        mut rows: impl Iterator<Item = R> + Clone,
    ) {
        self.offsets.clear();
        self.offsets.resize(people + 1, 0);
        for &person in persons {
            self.offsets[person as usize + 1] += 1;
        }
        for n in 1..=people {
            self.offsets[n] += self.offsets[n - 1];
        }
        if let (true, Some(any)) = (self.rows.len() < persons.len(), rows.clone().next()) {
            self.rows.resize(persons.len(), any);
        }
        // the start of each person serves as the cursor and is put back afterwards
        for (&person, row) in persons.iter().zip(&mut rows) {
            let cursor = &mut self.offsets[person as usize];
            self.rows[*cursor as usize] = row;
            *cursor += 1;
        }
        self.offsets.rotate_right(1);
        self.offsets[0] = 0;
    }

    /// The rows of one person.
    pub(super) fn of(&self, person: u32) -> &[R] {
        &self.rows[self.range(person)]
    }

    /// The rows of one person, to order or change them.
    pub(super) fn of_mut(&mut self, person: u32) -> &mut [R] {
        let range = self.range(person);
        &mut self.rows[range]
    }

    fn range(&self, person: u32) -> std::ops::Range<usize> {
        let person = person as usize;
        self.offsets[person] as usize..self.offsets[person + 1] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_under_its_person_in_order() {
        let mut grouped = Grouped::default();
        grouped.fill(5, &[2, 0, 2, 3, 0, 2], 10..16);
        assert_eq!(grouped.of(0), [11, 14]);
        assert!(grouped.of(1).is_empty());
        assert_eq!(grouped.of(2), [10, 12, 15]);
        assert_eq!(grouped.of_mut(3), [13]);
        assert!(grouped.of(4).is_empty());
        grouped.fill(1, &[0], 7..8);
        assert_eq!(grouped.of(0), [7], "a smaller partition leaves nothing of a larger one");
        grouped.fill(2, &[], 0..0);
        assert!(grouped.of(0).is_empty() && grouped.of(1).is_empty());
    }
}
