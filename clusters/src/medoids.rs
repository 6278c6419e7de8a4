//! Groups around medoids: the sequences of the set itself from which the others are least far in all.

use crate::matrix::Matrix;

/// A set cut into groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// The medoid of each group, ascending.
    pub medoids: Vec<usize>,
    /// The group of each sequence: that of the nearest medoid, of equally near ones the first.
    pub of: Vec<usize>,
    /// Distances from the medoids, times the weights, in all.
    pub cost: u64,
}

/// At most `number` groups with the least cost that swapping one medoid for one other sequence reaches
/// (partitioning around medoids). Begins with the sequences that lower the cost most, one after another,
/// and swaps at once where a swap lowers it (FasterPAM, Schubert and Rousseeuw 2021); of equal choices
/// the first is taken, so the same input gives the same groups. `weights` are how many follow each
/// sequence.
///
/// Complexity: the square of the set, by rounds of swaps.
#[must_use]
pub fn groups(matrix: &Matrix, weights: &[i64], number: usize) -> Groups {
    let weights: Vec<u64> = weights.iter().map(|&weight| weight.max(0).unsigned_abs()).collect();
    let mut medoids = build(matrix, &weights, number.min(matrix.size()));
    if !medoids.is_empty() {
        swap(matrix, &weights, &mut medoids);
    }
    medoids.sort_unstable();
    assign(&medoids, &medoids.iter().map(|&m| matrix.from(m)).collect::<Vec<_>>(), &weights)
}

/// The groups of given medoids. `distances` are those of each medoid from all sequences.
#[must_use]
pub(crate) fn assign(medoids: &[usize], distances: &[&[u32]], weights: &[u64]) -> Groups {
    let mut groups = Groups { medoids: medoids.to_vec(), ..Groups::default() };
    for (n, &weight) in weights.iter().enumerate() {
        let nearest = distances.iter().map(|from| from[n]).enumerate().min_by_key(|&(_, d)| d);
        let Some((group, distance)) = nearest else { break };
        groups.of.push(group);
        groups.cost += weight * u64::from(distance);
    }
    groups
}

/// The first medoids: the one nearest to all, then each that lowers the cost most.
fn build(matrix: &Matrix, weights: &[u64], number: usize) -> Vec<usize> {
    let mut medoids: Vec<usize> = Vec::with_capacity(number);
    let mut nearest = vec![u32::MAX; matrix.size()];
    for _ in 0..number {
        let cost = |candidate: usize| -> u64 {
            let distances = matrix.from(candidate).iter().zip(&nearest).zip(weights);
            distances.map(|((&d, &near), &weight)| weight * u64::from(d.min(near))).sum()
        };
        let candidates = (0..matrix.size()).filter(|candidate| !medoids.contains(candidate));
        let Some(best) = candidates.min_by_key(|&candidate| cost(candidate)) else { break };
        medoids.push(best);
        for (near, &distance) in nearest.iter_mut().zip(matrix.from(best)) {
            *near = distance.min(*near);
        }
    }
    medoids
}

/// The nearest medoid and its distance, and the distance of the second nearest.
#[derive(Clone, Copy)]
struct Near {
    group: usize,
    first: u32,
    second: u32,
}

fn near(matrix: &Matrix, medoids: &[usize], n: usize) -> Near {
    let mut near = Near { group: 0, first: u32::MAX, second: u32::MAX };
    for (group, &medoid) in medoids.iter().enumerate() {
        let distance = matrix.between(medoid, n);
        if distance < near.first {
            near = Near { group, first: distance, second: near.first };
        } else {
            near.second = near.second.min(distance);
        }
    }
    // with one medoid, taking it away leaves nothing; what comes in its place is then nearest
    near
}

fn swap(matrix: &Matrix, weights: &[u64], medoids: &mut [usize]) {
    let size = matrix.size();
    let all_near =
        |medoids: &[usize]| -> Vec<Near> { (0..size).map(|n| near(matrix, medoids, n)).collect() };
    let mut nears = all_near(medoids);
    let mut unchanged = 0;
    let mut candidate = 0;
    let mut change = vec![0i64; medoids.len()];
    while unchanged < size {
        unchanged += 1;
        let distances = matrix.from(candidate);
        if !medoids.contains(&candidate) {
            // what taking each medoid away adds, and what the candidate spares
            change.fill(0);
            let mut spared = 0i64;
            for ((near, &distance), &weight) in nears.iter().zip(distances).zip(weights) {
                let times = |a: u32, b: u32| weight as i64 * (i64::from(a) - i64::from(b));
                if distance < near.first {
                    spared += times(near.first, distance);
                } else {
                    change[near.group] += times(distance.min(near.second), near.first);
                }
            }
            let best = change.iter().enumerate().min_by_key(|&(group, &change)| (change, group));
            if let Some((group, &added)) = best
                && added < spared
            {
                medoids[group] = candidate;
                nears = all_near(medoids);
                unchanged = 0;
            }
        }
        candidate = (candidate + 1) % size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::{Costs, Distance};
    use proptest::prelude::*;

    fn cost(matrix: &Matrix, weights: &[i64], medoids: &[usize]) -> u64 {
        (0..matrix.size())
            .map(|n| {
                let near = medoids.iter().map(|&medoid| matrix.between(medoid, n)).min();
                weights[n] as u64 * u64::from(near.unwrap_or(0))
            })
            .sum()
    }

    /// Every choice of so many of so many.
    fn choices(size: usize, number: usize) -> Vec<Vec<usize>> {
        let chosen = |bits: u32| (0..size).filter(move |n| bits >> n & 1 == 1);
        (0..1u32 << size)
            .filter(|bits| bits.count_ones() as usize == number)
            .map(|bits| chosen(bits).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn no_swap_of_a_medoid_lowers_the_cost(
            sequences in prop::collection::vec(prop::collection::vec(0u8..4, 6), 1..9),
            weights in prop::collection::vec(1i64..20, 9),
            number in 1usize..4,
        ) {
            let sequences: Vec<&[u8]> = sequences.iter().map(Vec::as_slice).collect();
            let weights = &weights[..sequences.len()];
            let matrix = Matrix::of(&sequences, &Distance::OptimalMatching(Costs::constant(4)));
            let found = groups(&matrix, weights, number);
            let number = number.min(sequences.len());
            prop_assert_eq!(found.medoids.len(), number);
            prop_assert_eq!(found.cost, cost(&matrix, weights, &found.medoids));
            for (n, &group) in found.of.iter().enumerate() {
                let near = found.medoids.iter().map(|&medoid| matrix.between(medoid, n)).min();
                prop_assert_eq!(Some(matrix.between(found.medoids[group], n)), near);
            }
            let mut best = u64::MAX;
            for other in choices(sequences.len(), number) {
                let cost = cost(&matrix, weights, &other);
                best = best.min(cost);
                let kept = other.iter().filter(|medoid| found.medoids.contains(medoid)).count();
                prop_assert!(kept + 1 < number || cost >= found.cost, "a swap is better");
            }
            prop_assert!(found.cost >= best);
            if number == 1 || number == sequences.len() {
                prop_assert_eq!(found.cost, best);
            }
        }
    }

    #[test]
    fn clear_groups_are_found_and_numbered_by_their_medoids() {
        let sequences: [&[u8]; 6] = [
            &[2; 8],
            &[0; 8],
            &[1; 8],
            &[0, 0, 0, 0, 0, 0, 0, 1],
            &[1, 1, 1, 1, 1, 1, 1, 2],
            &[2; 8],
        ];
        let matrix = Matrix::of(&sequences, &Distance::Hamming(Costs::of_differences(3)));
        let found = groups(&matrix, &[1, 5, 5, 1, 1, 5], 3);
        assert_eq!(
            (found.medoids, found.of, found.cost),
            (vec![0, 1, 2], vec![0, 1, 2, 1, 2, 0], 200)
        );
        assert!(
            groups(&Matrix::of(&[], &Distance::Hamming(Costs::constant(3))), &[], 3).of.is_empty()
        );
    }
}
