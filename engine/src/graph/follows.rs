//! What comes after what, at any distance: eventually-follows counts of journeys and of cases.

use hashbrown::HashMap;

/// How often one state comes after another in the same journey, whatever lies between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FollowTotals {
    /// People, or cases, in whom it does.
    pub people: i64,
    /// Pairs of visits, or events: one of the earlier state and a later one of the other.
    pub pairs: i64,
}

/// Eventually-follows counts of some people or cases. Counts of different people add up in any order.
///
/// A state follows itself in those who come back to it, which is rework ([`super::rework`]).
///
/// # Complexity
///
/// Each visit costs the number of distinct states before it in the journey.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::follows::{FollowTotals, Follows};
///
/// let mut follows = Follows::default();
/// follows.begin();
/// [0, 1, 0, 2].into_iter().for_each(|state| follows.visit(state));
/// // both visits of 0 come before 2
/// assert_eq!(follows.totals(0, 2), FollowTotals { people: 1, pairs: 2 });
/// assert_eq!(follows.totals(0, 0), FollowTotals { people: 1, pairs: 1 });
/// assert_eq!(follows.totals(2, 0), FollowTotals::default());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Follows {
    cells: HashMap<(u16, u16), (FollowTotals, u64)>,
    // of the journey at hand: its number from 1, and the states so far with their visits
    journey: u64,
    seen: Vec<(u16, i64)>,
}

impl Follows {
    /// Begins the journey of the next person, or the next case.
    pub fn begin(&mut self) {
        self.journey += 1;
        self.seen.clear();
    }

    /// The next visit, or event, of the journey at hand.
    ///
    /// # Arguments
    ///
    /// * `state`: number of the state or activity.
    pub fn visit(&mut self, state: u16) {
        let Self { cells, journey, seen } = self;
        let mut own = None;
        for (place, &(before, visits)) in seen.iter().enumerate() {
            let (totals, last) = cells.entry((before, state)).or_default();
            totals.pairs += visits;
            if *last != *journey {
                *last = *journey;
                totals.people += 1;
            }
            if before == state {
                own = Some(place);
            }
        }
        match own {
            Some(place) => seen[place].1 += 1,
            None => seen.push((state, 1)),
        }
    }

    /// Adds the counts of other people or cases.
    pub fn merge(&mut self, other: &Self) {
        for (&key, (theirs, _)) in &other.cells {
            let (mine, last) = self.cells.entry(key).or_default();
            mine.people += theirs.people;
            mine.pairs += theirs.pairs;
            *last = 0;
        }
        self.cells.values_mut().for_each(|(_, last)| *last = 0);
        self.journey = 0;
        self.seen.clear();
    }

    /// How often `to` comes after `from`.
    #[must_use]
    pub fn totals(&self, from: u16, to: u16) -> FollowTotals {
        self.cells.get(&(from, to)).map_or_else(FollowTotals::default, |(totals, _)| *totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(journeys: &[Vec<u16>]) -> Follows {
        let mut follows = Follows::default();
        for journey in journeys {
            follows.begin();
            journey.iter().for_each(|&state| follows.visit(state));
        }
        follows
    }

    proptest! {
        #[test]
        fn counts_are_those_of_all_pairs_and_parts_add_up(
            journeys in prop::collection::vec(prop::collection::vec(0u16..4, 0..7), 0..20),
            cut in 0usize..20,
        ) {
            let cut = cut.min(journeys.len());
            let whole = count(&journeys);
            let mut parts = count(&journeys[cut..]);
            parts.merge(&count(&journeys[..cut]));
            for from in 0..4 {
                for to in 0..4 {
                    let mut wanted = FollowTotals::default();
                    for journey in &journeys {
                        let mut pairs = 0;
                        for (n, &earlier) in journey.iter().enumerate() {
                            let later = journey[n + 1..].iter().filter(|&&state| state == to);
                            pairs += if earlier == from { later.count() as i64 } else { 0 };
                        }
                        wanted.pairs += pairs;
                        wanted.people += i64::from(pairs > 0);
                    }
                    prop_assert_eq!(whole.totals(from, to), wanted);
                    prop_assert_eq!(parts.totals(from, to), wanted);
                }
            }
        }
    }

    #[test]
    fn journeys_counted_after_a_merge_count_again() {
        let mut follows = count(&[vec![0, 1]]);
        follows.merge(&count(&[vec![0, 1]]));
        follows.begin();
        [0, 1].into_iter().for_each(|state| follows.visit(state));
        assert_eq!(follows.totals(0, 1), FollowTotals { people: 3, pairs: 3 });
    }
}
