//! How the diagnosis and operation codes of admitted patient care wait in memory: two bytes a code
//! beside the rows, and nothing at all in a run that looks at none.

use crate::chunks::Chunks;

/// The codes of one row while it is on its way into a partition: places in the codes staged with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCodes {
    /// Where its diagnoses begin; its operations follow them.
    pub start: u32,
    /// How many diagnoses.
    pub diagnoses: u16,
    /// How many operations.
    pub operations: u16,
    /// Primary diagnosis of the dominant episode of the spell, where a file says it; 0 when not.
    pub spell_primary: u16,
}

/// The codes of the rows of a partition, row by row: numbers in `Texts::diagnosis` and
/// `Texts::operation`, distinct within a row, the primary first. Number 0 stands first in a row whose
/// primary is missing while others are there, and nowhere else.
#[derive(Debug, Default)]
pub struct KeptCodes {
    diagnoses: CodeLists,
    operations: CodeLists,
    spell_primary: Chunks<u16>,
}

/// Lists of codes, one after the other, with the end of each.
#[derive(Debug, Default)]
struct CodeLists {
    ends: Chunks<u32>,
    codes: Chunks<u16>,
}

impl CodeLists {
    fn push(&mut self, codes: &[u16]) {
        self.codes.extend_from_slice(codes);
        self.ends.push(self.codes.len() as u32);
    }

    fn get(&self, row: usize) -> impl Iterator<Item = u16> + '_ {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        (start..self.ends[row] as usize).map(|n| self.codes[n])
    }
}

impl KeptCodes {
    /// Adds the codes of a row; `staged` are the codes that its places are in.
    pub fn push(&mut self, row: RowCodes, staged: &[u16]) {
        let own = staged.get(row.start as usize..).unwrap_or_default();
        let (diagnoses, rest) = own.split_at(usize::from(row.diagnoses).min(own.len()));
        self.diagnoses.push(diagnoses);
        self.operations.push(rest.get(..usize::from(row.operations)).unwrap_or_default());
        // a column that hardly any file has takes no room until it says something
        if row.spell_primary != 0 || !self.spell_primary.is_empty() {
            self.spell_primary.fill_up(self.len() - 1, &0);
            self.spell_primary.push(row.spell_primary);
        }
    }

    /// How many rows there are: all of the partition, or none when codes are not kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.diagnoses.ends.len()
    }

    /// Whether no codes are kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnoses.ends.is_empty()
    }

    /// The diagnoses of a row.
    pub fn diagnoses(&self, row: usize) -> impl Iterator<Item = u16> + '_ {
        self.diagnoses.get(row)
    }

    /// The operations of a row.
    pub fn operations(&self, row: usize) -> impl Iterator<Item = u16> + '_ {
        self.operations.get(row)
    }

    /// Primary diagnosis of the dominant episode of the row's spell; 0 when no file says it.
    #[must_use]
    pub fn spell_primary(&self, row: usize) -> u16 {
        if row < self.spell_primary.len() { self.spell_primary[row] } else { 0 }
    }

    /// Gives every code its new number.
    pub fn renumber(&mut self, diagnoses: &[u16], operations: &[u16]) {
        let new = |numbers: &[u16], code: &mut u16| {
            *code = numbers.get(usize::from(*code)).copied().unwrap_or(0);
        };
        self.diagnoses.codes.iter_mut().for_each(|code| new(diagnoses, code));
        self.spell_primary.iter_mut().for_each(|code| new(diagnoses, code));
        self.operations.codes.iter_mut().for_each(|code| new(operations, code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_that_says_nothing_takes_no_room() {
        let mut kept = KeptCodes::default();
        assert!(kept.is_empty());
        kept.push(
            RowCodes { start: 1, diagnoses: 2, operations: 1, spell_primary: 0 },
            &[9, 1, 2, 3],
        );
        assert!(kept.spell_primary.is_empty());
        kept.push(RowCodes { spell_primary: 7, ..RowCodes::default() }, &[]);
        assert_eq!(kept.len(), 2);
        assert!(kept.diagnoses(0).eq([1, 2]) && kept.operations(0).eq([3]));
        assert!(kept.diagnoses(1).next().is_none());
        assert_eq!((kept.spell_primary(0), kept.spell_primary(1)), (0, 7));
        kept.renumber(&[0, 5, 6, 0, 0, 0, 0, 8], &[0, 0, 0, 4]);
        assert!(kept.diagnoses(0).eq([5, 6]) && kept.operations(0).eq([4]));
        assert_eq!(kept.spell_primary(1), 8);
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_were(
            rows in prop::collection::vec(
                (prop::collection::vec(any::<u16>(), 0..40), prop::collection::vec(any::<u16>(), 0..9)),
                0..80,
            ),
        ) {
            let mut kept = KeptCodes::default();
            for (diagnoses, operations) in &rows {
                let staged = [&[7, 7], &diagnoses[..], operations].concat();
                let row = RowCodes {
                    start: 2,
                    diagnoses: diagnoses.len() as u16,
                    operations: operations.len() as u16,
                    spell_primary: 0,
                };
                kept.push(row, &staged);
            }
            prop_assert_eq!(kept.len(), rows.len());
            for (n, (diagnoses, operations)) in rows.iter().enumerate() {
                prop_assert!(kept.diagnoses(n).eq(diagnoses.iter().copied()));
                prop_assert!(kept.operations(n).eq(operations.iter().copied()));
            }
        }
    }
}
