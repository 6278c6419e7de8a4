//! Identifiers that are shared by many people (`sus-fields.md` section 2).

use crate::codes::short::Code;
use crate::day::BirthMonth;
use serde::{Deserialize, Serialize};

/// When an identifier is taken for a constant that hashing made of missing numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SharedIdentifier {
    /// More rows of one source than this.
    pub max_rows_per_person: usize,
    /// More distinct months of birth than this.
    pub max_birth_months: usize,
}

impl Default for SharedIdentifier {
    fn default() -> Self {
        Self { max_rows_per_person: 2_000, max_birth_months: 3 }
    }
}

impl SharedIdentifier {
    /// Whether rows with these months of birth and sexes cannot be of one person: too many rows, too
    /// many months of birth, or more than two sexes.
    pub(super) fn applies(
        &self,
        rows: usize,
        births: impl Iterator<Item = BirthMonth>,
        sexes: impl Iterator<Item = Code>,
    ) -> bool {
        rows > self.max_rows_per_person
            || more_distinct_than(self.max_birth_months, births.filter(|birth| birth.is_known()))
            || more_distinct_than(2, sexes.filter(|sex| sex.is_some()))
    }
}

fn more_distinct_than<T: PartialEq + Copy>(limit: usize, values: impl Iterator<Item = T>) -> bool {
    let mut distinct: [Option<T>; 8] = [None; 8];
    let mut count = 0;
    let limit = limit.min(distinct.len());
    for value in values {
        if distinct[..count].contains(&Some(value)) {
            continue;
        }
        if count == limit {
            return true;
        }
        distinct[count] = Some(value);
        count += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter::empty;

    #[test]
    fn sus_section_2_a_constant_is_not_a_person() {
        let guard = SharedIdentifier::default();
        let births = |n: u32| (1..=n).map(|month| BirthMonth::new(1950, month));
        assert!(!guard.applies(2_000, births(3), empty()));
        assert!(guard.applies(2_001, births(1), empty()));
        assert!(guard.applies(4, births(4), empty()));
        let sexes = ["1", "2", "1", ""].into_iter().map(Code::new);
        assert!(!guard.applies(4, empty(), sexes));
        let sexes = ["1", "2", "9"].into_iter().map(Code::new);
        assert!(guard.applies(3, empty(), sexes));
    }
}
