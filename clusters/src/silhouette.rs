//! How well groups are set apart: 1 where everyone is near their own group and far from the next, 0
//! where they lie between, below 0 where they would fit another better (Rousseeuw 1987).

use crate::matrix::Matrix;
use crate::medoids::Groups;
use rayon::prelude::*;

/// The silhouette of each sequence. Weights count as so many sequences that are equal. One who is alone
/// in a group has 0, and so has everyone of a single group.
#[must_use]
pub fn of_each(matrix: &Matrix, weights: &[i64], groups: &Groups) -> Vec<f64> {
    let number = groups.medoids.len();
    let mut sizes = vec![0i64; number];
    for (&group, &weight) in groups.of.iter().zip(weights) {
        sizes[group] += weight;
    }
    let one = |n: usize| {
        let mut far = vec![0i64; number];
        for ((&distance, &group), &weight) in matrix.from(n).iter().zip(&groups.of).zip(weights) {
            far[group] += weight * i64::from(distance);
        }
        let own = groups.of[n];
        let others = (0..number).filter(|&group| group != own && sizes[group] > 0);
        let next = others
            .map(|group| far[group] as f64 / sizes[group] as f64)
            .fold(f64::INFINITY, f64::min);
        if sizes[own] < 2 || next.is_infinite() {
            return 0.0;
        }
        let within = far[own] as f64 / (sizes[own] - 1) as f64;
        let most = within.max(next);
        if most > 0.0 { (next - within) / most } else { 0.0 }
    };
    (0..groups.of.len()).into_par_iter().map(one).collect()
}

/// The mean over all, by weight. 0 without any.
#[must_use]
pub fn mean(matrix: &Matrix, weights: &[i64], groups: &Groups) -> f64 {
    weighted(&of_each(matrix, weights, groups), weights, |_| true)
}

/// The mean of those that are asked for, by weight, in their order.
#[must_use]
pub fn weighted(values: &[f64], weights: &[i64], is_in: impl Fn(usize) -> bool) -> f64 {
    let (mut sum, mut all) = (0.0, 0i64);
    for (n, (value, &weight)) in values.iter().zip(weights).enumerate() {
        if is_in(n) {
            sum += value * weight as f64;
            all += weight;
        }
    }
    if all > 0 { sum / all as f64 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::{Costs, Distance};
    use crate::medoids::groups;
    use proptest::prelude::*;

    proptest! {
        /// Every sequence written as often as it is followed, mean distances by the definition.
        #[test]
        fn weights_are_so_many_equal_sequences(
            sequences in prop::collection::vec(prop::collection::vec(0u8..3, 5), 1..8),
            weights in prop::collection::vec(1i64..4, 8),
            number in 1usize..4,
        ) {
            let sequences: Vec<&[u8]> = sequences.iter().map(Vec::as_slice).collect();
            let weights = &weights[..sequences.len()];
            let matrix = Matrix::of(&sequences, &Distance::Hamming(Costs::of_differences(3)));
            let groups = groups(&matrix, weights, number);
            let people: Vec<usize> = (0..sequences.len())
                .flat_map(|n| std::iter::repeat_n(n, weights[n] as usize))
                .collect();
            let mut sum = 0.0;
            for (p, &n) in people.iter().enumerate() {
                let mean = |group: usize| {
                    let others: Vec<u32> = people.iter().enumerate()
                        .filter(|&(q, &m)| q != p && groups.of[m] == group)
                        .map(|(_, &m)| matrix.between(n, m))
                        .collect();
                    let all = others.iter().sum::<u32>();
                    (!others.is_empty()).then(|| f64::from(all) / others.len() as f64)
                };
                let own = mean(groups.of[n]);
                let next = (0..groups.medoids.len()).filter(|&group| group != groups.of[n])
                    .filter_map(mean).fold(f64::INFINITY, f64::min);
                if let Some(own) = own && next.is_finite() && own.max(next) > 0.0 {
                    sum += (next - own) / own.max(next);
                }
            }
            let found = mean(&matrix, weights, &groups);
            prop_assert!((found - sum / people.len() as f64).abs() < 1e-9);
        }
    }
}
