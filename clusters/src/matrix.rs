//! All distances of a set of sequences.

use crate::alignment::{LANES, Number, Profile, is_short};
use crate::distance::{Costs, Distance};
use rayon::prelude::*;

/// Distances of every pair, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    size: usize,
    distances: Vec<u32>,
}

impl Matrix {
    /// The distances of all pairs, on the threads of the global pool. Sequences have one length: of
    /// longer ones only the steps that all have are looked at. Complexity: pairs times steps, of optimal
    /// matching times the width of the band.
    #[must_use]
    pub fn of(sequences: &[&[u8]], distance: &Distance) -> Self {
        let size = sequences.len();
        let mut distances = vec![0; size * size];
        let rows = between(sequences, sequences, distance, true);
        for (batch, costs) in rows.iter().enumerate() {
            for (a, lanes) in costs.iter().enumerate() {
                for (b, &cost) in (batch * LANES..size).zip(lanes) {
                    distances[a * size + b] = cost;
                    distances[b * size + a] = cost;
                }
            }
        }
        Self { size, distances }
    }

    /// How many sequences there are.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// The distance of two sequences, by their numbers.
    ///
    /// # Panics
    ///
    /// A number is not that of a sequence.
    #[must_use]
    #[inline]
    pub fn between(&self, a: usize, b: usize) -> u32 {
        self.distances[a * self.size + b]
    }

    /// The distances of one sequence from all.
    ///
    /// # Panics
    ///
    /// The number is not that of a sequence.
    #[must_use]
    #[inline]
    pub fn from(&self, a: usize) -> &[u32] {
        &self.distances[a * self.size..][..self.size]
    }
}

/// The distances of every one of `few` from every one of `many`: one list each.
#[must_use]
pub fn from_each(few: &[&[u8]], many: &[&[u8]], distance: &Distance) -> Vec<Vec<u32>> {
    let mut distances = vec![Vec::with_capacity(many.len()); few.len()];
    for (batch, costs) in between(few, many, distance, false).iter().enumerate() {
        let lanes = LANES.min(many.len() - batch * LANES);
        for (distances, costs) in distances.iter_mut().zip(costs) {
            distances.extend_from_slice(&costs[..lanes]);
        }
    }
    distances
}

/// The distances of each `a` from batches of `b`; of a set from itself only those before each batch's
/// end, and of equal pairs 0.
fn between(
    a: &[&[u8]],
    b: &[&[u8]],
    distance: &Distance,
    of_itself: bool,
) -> Vec<Vec<[u32; LANES]>> {
    let length = a.iter().chain(b).map(|sequence| sequence.len()).min().unwrap_or(0);
    let cut = |sequences: &[&[u8]]| -> Vec<Vec<u8>> {
        sequences.iter().map(|sequence| sequence[..length].to_vec()).collect()
    };
    let (a, b) = (cut(a), cut(b));
    let rows_of = |batch: usize| {
        let rows = if of_itself { ((batch + 1) * LANES).min(a.len()) } else { a.len() };
        &a[..rows]
    };
    match distance {
        Distance::OptimalMatching(costs) if is_short(length, costs) => {
            aligned::<i16>(&b, length, costs, rows_of)
        }
        Distance::OptimalMatching(costs) => aligned::<i32>(&b, length, costs, rows_of),
        _ => {
            let of_batch = |(batch, others): (usize, &[Vec<u8>])| {
                let costs = |sequence: &Vec<u8>| {
                    let mut lanes = [0; LANES];
                    for (lane, other) in lanes.iter_mut().zip(others) {
                        *lane = distance.by_step(sequence, other).unwrap_or(0);
                    }
                    lanes
                };
                rows_of(batch).iter().map(costs).collect()
            };
            b.par_chunks(LANES).enumerate().map(of_batch).collect()
        }
    }
}

fn aligned<'a, N: Number>(
    b: &[Vec<u8>],
    length: usize,
    costs: &Costs,
    rows_of: impl Fn(usize) -> &'a [Vec<u8>] + Sync,
) -> Vec<Vec<[u32; LANES]>> {
    let of_batch = |row: &mut Vec<[N; LANES]>, (batch, others): (usize, &[Vec<u8>])| {
        let others: Vec<&[u8]> = others.iter().map(Vec::as_slice).collect();
        let rows = rows_of(batch);
        let states = rows.iter().flatten().map(|&state| usize::from(state) + 1).max().unwrap_or(0);
        let profile = Profile::<N>::new(&others, states, length, costs);
        rows.iter().map(|sequence| profile.align(sequence, row)).collect()
    };
    b.par_chunks(LANES).enumerate().map_init(Vec::new, of_batch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STATES: usize = 5;

    /// The textbook: a full table, cell by cell.
    fn edit_distance(a: &[u8], b: &[u8], costs: &Costs) -> u32 {
        let mut table = vec![vec![0u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                let mut best = if i == 0 && j == 0 { 0 } else { u32::MAX };
                if i > 0 {
                    best = best.min(table[i - 1][j] + costs.indel());
                }
                if j > 0 {
                    best = best.min(table[i][j - 1] + costs.indel());
                }
                if i > 0 && j > 0 {
                    best = best.min(table[i - 1][j - 1] + costs.substitution(a[i - 1], b[j - 1]));
                }
                table[i][j] = best;
            }
        }
        table[a.len()][b.len()]
    }

    fn set(steps: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(0..STATES as u8, steps), 1..40)
    }

    fn borrowed(sequences: &[Vec<u8>]) -> Vec<&[u8]> {
        sequences.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn a_shift_costs_one_out_and_one_in() {
        let costs = Costs::constant(3);
        let distance = Distance::OptimalMatching(costs);
        assert_eq!(distance.between(&[0, 1, 2, 1, 2], &[1, 2, 1, 2, 0]), 200);
        assert_eq!(distance.between(&[0, 0], &[1, 1]), 400);
        assert_eq!(distance.between(&[], &[]), 0);
        let hamming = Distance::Hamming(Costs::of_differences(3));
        assert_eq!(hamming.between(&[0, 1, 2, 1, 2], &[1, 2, 1, 2, 0]), 500);
    }

    proptest! {
        #[test]
        fn optimal_matching_is_that_of_the_whole_table(
            sequences in (0usize..30).prop_flat_map(set),
            table in prop::collection::vec(0u32..300, STATES * STATES),
            indel in 1u32..200,
            long in any::<bool>(),
        ) {
            // costs that pass 16 bits take the wide numbers
            let factor = if long { 1000 } else { 1 };
            let costs = Costs::from_fn(STATES, |a, b| factor * table[a * STATES + b])
                .with_indel(factor * indel);
            let matrix = Matrix::of(&borrowed(&sequences), &Distance::OptimalMatching(costs.clone()));
            for (n, a) in sequences.iter().enumerate() {
                for (m, b) in sequences.iter().enumerate() {
                    prop_assert_eq!(matrix.between(n, m), edit_distance(a, b, &costs));
                }
            }
        }

        #[test]
        fn hamming_distances_are_sums_over_the_steps(
            sequences in (0usize..12).prop_flat_map(set),
            weight in 1i64..9,
        ) {
            let sequences = borrowed(&sequences);
            let weights: Vec<i64> = (0..sequences.len() as i64).map(|n| 1 + n % weight).collect();
            let dynamic = Distance::dynamic_hamming(STATES, &sequences, &weights);
            let plain = Distance::Hamming(Costs::of_transitions(STATES, &sequences, &weights));
            let Distance::DynamicHamming(by_step) = &dynamic else { panic!("another distance") };
            let Distance::Hamming(costs) = &plain else { panic!("another distance") };
            let matrices = [Matrix::of(&sequences, &dynamic), Matrix::of(&sequences, &plain)];
            let few = from_each(&sequences[..1], &sequences, &dynamic);
            for (n, a) in sequences.iter().enumerate() {
                prop_assert_eq!(few[0][n], matrices[0].between(0, n));
                for (m, b) in sequences.iter().enumerate() {
                    let (mut wanted, mut plainly) = (0, 0);
                    for step in 0..a.len() {
                        wanted += by_step[step].substitution(a[step], b[step]);
                        plainly += costs.substitution(a[step], b[step]);
                    }
                    prop_assert_eq!(matrices[0].between(n, m), wanted);
                    prop_assert_eq!(matrices[1].between(n, m), plainly);
                }
            }
        }

        #[test]
        fn distances_from_a_few_are_those_of_the_matrix(
            sequences in (1usize..20).prop_flat_map(set),
        ) {
            let sequences = borrowed(&sequences);
            let distance = Distance::OptimalMatching(Costs::constant(STATES));
            let matrix = Matrix::of(&sequences, &distance);
            let last = sequences.len() - 1;
            let few = from_each(&[sequences[last], sequences[0]], &sequences, &distance);
            prop_assert_eq!(&few[0], matrix.from(last));
            prop_assert_eq!(&few[1], matrix.from(0));
        }
    }
}
