//! Groups of large sets, from samples (as CLARA does).

use crate::distance::Distance;
use crate::matrix::{Matrix, from_each};
use crate::medoids::{self, Groups};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// How medoids of a large set are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// Sequences of a sample.
    pub size: usize,
    /// Samples.
    pub samples: usize,
    /// Where the random numbers begin; the same seed gives the same groups.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { size: 1_000, samples: 5, seed: 1 }
    }
}

/// The groups of a set too large for all its distances: medoids are looked for in samples of its distinct
/// sequences, the weights of each with it, and those win from which the whole set is least far.
///
/// Complexity: by sample, the square of its size and the groups times the set.
#[must_use]
pub fn groups(
    sequences: &[&[u8]],
    weights: &[i64],
    distance: &Distance,
    number: usize,
    sampling: Sampling,
) -> Groups {
    let all: Vec<u64> = weights.iter().map(|&weight| weight.max(0).unsigned_abs()).collect();
    let mut generator = ChaCha8Rng::seed_from_u64(sampling.seed);
    let mut best: Option<Groups> = None;
    for _ in 0..sampling.samples.max(1) {
        let sample = draw(sequences.len(), sampling.size, &mut generator);
        let drawn: Vec<&[u8]> = sample.iter().map(|&n| sequences[n]).collect();
        let weights: Vec<i64> = sample.iter().map(|&n| weights[n]).collect();
        let found = medoids::groups(&Matrix::of(&drawn, distance), &weights, number);
        let medoids: Vec<usize> = found.medoids.iter().map(|&n| sample[n]).collect();
        let chosen: Vec<&[u8]> = medoids.iter().map(|&n| sequences[n]).collect();
        let distances = from_each(&chosen, sequences, distance);
        let distances: Vec<&[u32]> = distances.iter().map(Vec::as_slice).collect();
        let groups = medoids::assign(&medoids, &distances, &all);
        if best.as_ref().is_none_or(|best| groups.cost < best.cost) {
            best = Some(groups);
        }
    }
    best.unwrap_or_default()
}

/// The numbers of one sample of so many sequences, ascending: the first that [`groups`] looks at.
#[must_use]
pub fn once(of: usize, sampling: Sampling) -> Vec<usize> {
    draw(of, sampling.size, &mut ChaCha8Rng::seed_from_u64(sampling.seed))
}

/// So many different numbers below `of`, ascending.
fn draw(of: usize, size: usize, generator: &mut ChaCha8Rng) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..of).collect();
    let size = size.min(of);
    for n in 0..size {
        let left = (of - n) as u64;
        // of numbers this small the remainder favours none that matters
        numbers.swap(n, n + (generator.next_u64() % left) as usize);
    }
    numbers.truncate(size);
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::Costs;

    fn set() -> Vec<Vec<u8>> {
        // 300 distinct sequences: mostly 0, mostly 1, mostly 2, each with a short stay elsewhere
        (0..300u32)
            .map(|n| {
                let (most, at) = ((n % 3) as u8, (n / 3) as usize % 20);
                let mut sequence = vec![most; 24];
                let stay = 1 + (n / 60) as usize % 5;
                sequence[at..(at + stay).min(24)].fill((most + 1) % 3);
                sequence
            })
            .collect()
    }

    #[test]
    fn samples_find_the_groups_of_the_whole_and_the_same_again() {
        let set = set();
        let sequences: Vec<&[u8]> = set.iter().map(Vec::as_slice).collect();
        let weights: Vec<i64> = (0..300).map(|n| 1 + n % 7).collect();
        let distance = Distance::OptimalMatching(Costs::constant(3));
        let whole = medoids::groups(&Matrix::of(&sequences, &distance), &weights, 3);
        let sampling = Sampling { size: 60, samples: 5, seed: 7 };
        let sampled = groups(&sequences, &weights, &distance, 3, sampling);
        assert_eq!(sampled, groups(&sequences, &weights, &distance, 3, sampling));
        assert!(sampled.cost >= whole.cost && sampled.cost * 10 <= whole.cost * 11);
        // a sequence and the one three further on are mostly in one state
        for group in [&whole.of, &sampled.of] {
            assert!(group.windows(4).all(|of| of[0] == of[3]));
        }
        // a sample of everything is everything
        let all = Sampling { size: 300, samples: 1, seed: 7 };
        assert_eq!(groups(&sequences, &weights, &distance, 3, all), whole);
    }

    #[test]
    fn a_sample_holds_different_numbers_in_order() {
        let mut generator = ChaCha8Rng::seed_from_u64(3);
        let drawn = draw(50, 20, &mut generator);
        assert_eq!(drawn.len(), 20);
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]) && drawn[19] < 50);
        assert_eq!(draw(3, 9, &mut generator), [0, 1, 2]);
    }
}
