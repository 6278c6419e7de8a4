//! Rows of a partition by person, without moving them: offsets and an order (CSR).

/// Rows of one kind grouped by the dense number of their person.
#[derive(Debug, Default)]
pub(super) struct Grouped {
    offsets: Vec<u32>,
    order: Vec<u32>,
}

impl Grouped {
    /// Groups rows, given by their persons, by counting: two passes, no comparison.
    pub(super) fn fill(&mut self, people: usize, persons: &[u32]) {
        self.offsets.clear();
        self.offsets.resize(people + 1, 0);
        for &person in persons {
            self.offsets[person as usize + 1] += 1;
        }
        for n in 1..=people {
            self.offsets[n] += self.offsets[n - 1];
        }
        self.order.clear();
        self.order.resize(persons.len(), 0);
        // the start of each person serves as the cursor and is put back afterwards
        for (n, &person) in persons.iter().enumerate() {
            let cursor = &mut self.offsets[person as usize];
            self.order[*cursor as usize] = n as u32;
            *cursor += 1;
        }
        self.offsets.rotate_right(1);
        self.offsets[0] = 0;
    }

    /// The rows of one person as indices into the rows that were grouped.
    pub(super) fn of(&self, person: u32) -> &[u32] {
        let person = person as usize;
        &self.order[self.offsets[person] as usize..self.offsets[person + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_under_its_person_in_order() {
        let mut grouped = Grouped::default();
        grouped.fill(5, &[2, 0, 2, 3, 0, 2]);
        assert_eq!(grouped.of(0), [1, 4]);
        assert!(grouped.of(1).is_empty());
        assert_eq!(grouped.of(2), [0, 2, 5]);
        assert_eq!(grouped.of(3), [3]);
        assert!(grouped.of(4).is_empty());
        grouped.fill(1, &[0]);
        assert_eq!(grouped.of(0), [0]);
    }
}
