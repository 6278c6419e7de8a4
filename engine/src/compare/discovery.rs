//! Control of the false discovery rate among many comparisons.

/// Benjamini and Hochberg's adjusted p values: rows whose value is at most q are, of their number, wrong
/// in at most the share q on average.
///
/// # Arguments
///
/// * `p`: p values, each 0 to 1, in any order.
///
/// # Returns
///
/// The adjusted value of each, in the same order.
///
/// # Complexity
///
/// A sort of the values.
///
/// # Example
///
/// ```
/// use throughcare_engine::compare::discovery::adjusted;
///
/// let q = adjusted(&[0.01, 0.04, 0.03, 0.5]);
/// assert!((q[0] - 0.04).abs() < 1e-12);
/// assert!((q[1] - 0.16 / 3.0).abs() < 1e-12 && q[1] == q[2]);
/// ```
#[must_use]
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0f64;
    for (rank, &n) in order.iter().enumerate().rev() {
        least = least.min(p[n] * p.len() as f64 / (rank + 1) as f64);
        q[n] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The definition, word for word: the least over all larger p of p × m / rank.
        #[test]
        fn adjusted_values_are_those_of_the_definition(
            p in prop::collection::vec(0.0f64..=1.0, 1..30),
        ) {
            let q = adjusted(&p);
            for n in 0..p.len() {
                let rank = |x: f64| p.iter().filter(|&&other| other <= x).count() as f64;
                let least = p
                    .iter()
                    .filter(|&&x| x >= p[n])
                    .map(|&x| x * p.len() as f64 / rank(x))
                    .fold(1.0, f64::min);
                prop_assert!((q[n] - least).abs() < 1e-12);
                prop_assert!(q[n] >= p[n] - 1e-12);
            }
        }
    }
}
