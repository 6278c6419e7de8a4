//! From scores and their covariance to a chi-square test.

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A pivot below this part of the largest variance is taken for 0: the score depends on the others.
const NO_PIVOT: f64 = 1e-10;

/// The test that groups do not differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupTest {
    /// The statistic.
    pub chi_square: f64,
    /// Its degrees of freedom: scores that do not follow from the others.
    pub degrees_of_freedom: u32,
    /// Probability of such a statistic or a larger one if groups do not differ.
    pub p_value: f64,
}

impl GroupTest {
    /// The statistic `z' V⁻ z`; `None` when no score varies.
    ///
    /// The scores of all groups add up to 0, so `V` is singular by one: elimination passes over what
    /// follows from the scores before it.
    pub(super) fn of(mut scores: Vec<f64>, mut covariance: Vec<Vec<f64>>) -> Option<Self> {
        let size = scores.len();
        let largest = (0..size).map(|n| covariance[n][n]).fold(0.0, f64::max);
        let mut used = vec![false; size];
        let mut chi_square = 0.0;
        let mut degrees_of_freedom = 0;
        // the pivot of the largest variance each time, the first of equal ones
        while let Some(pivot) = (0..size)
            .filter(|&n| !used[n])
            .reduce(|best, n| if covariance[n][n] > covariance[best][best] { n } else { best })
        {
            let variance = covariance[pivot][pivot];
            if variance.is_nan() || variance <= largest * NO_PIVOT {
                break;
            }
            used[pivot] = true;
            degrees_of_freedom += 1;
            let score = scores[pivot];
            chi_square += score * score / variance;
            let row = covariance[pivot].clone();
            for n in (0..size).filter(|&n| !used[n]) {
                let part = covariance[n][pivot] / variance;
                scores[n] -= part * score;
                for (entry, of_pivot) in covariance[n].iter_mut().zip(&row) {
                    *entry -= part * of_pivot;
                }
            }
        }
        let distribution = ChiSquared::new(f64::from(degrees_of_freedom)).ok()?;
        Some(Self { chi_square, degrees_of_freedom, p_value: distribution.sf(chi_square) })
    }
}
