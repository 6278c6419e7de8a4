//! Linear equations of a few dozen unknowns.

/// Solves `A X = B` by Gaussian elimination with partial pivoting.
///
/// # Arguments
///
/// * `a`: a square matrix, by rows.
/// * `b`: the right-hand sides: as many rows as `a`, any number of columns.
///
/// # Returns
///
/// `X`, in the shape of `b`; `None` when `a` is singular, or so near to it that nothing of the result
/// could be trusted, or when the shapes do not fit.
///
/// # Complexity
///
/// `n² (n + m)` for `n` unknowns and `m` right-hand sides; meant for graphs of at most 64 states. The
/// order of operations is fixed, so the result is the same to the last bit everywhere.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::linear::solve;
///
/// let x = solve(vec![vec![0.0, 2.0], vec![1.0, 1.0]], vec![vec![4.0], vec![5.0]]);
/// assert_eq!(x, Some(vec![vec![3.0], vec![2.0]]));
/// assert_eq!(solve(vec![vec![1.0, 1.0], vec![1.0, 1.0]], vec![vec![1.0], vec![2.0]]), None);
/// ```
#[must_use]
pub fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    const SINGULAR: f64 = 1e-12;
    let size = a.len();
    let width = b.first().map_or(0, Vec::len);
    let fits = |rows: &[Vec<f64>], width: usize| {
        rows.len() == size && rows.iter().all(|row| row.len() == width)
    };
    if !fits(&a, size) || !fits(&b, width) {
        return None;
    }
    for column in 0..size {
        // of equal ones the first
        let mut pivot = column;
        for row in column + 1..size {
            if a[row][column].abs() > a[pivot][column].abs() {
                pivot = row;
            }
        }
        if a[pivot][column].is_nan() || a[pivot][column].abs() < SINGULAR {
            return None;
        }
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (top, head) = (a[column].clone(), b[column].clone());
        for row in column + 1..size {
            let factor = a[row][column] / top[column];
            if factor == 0.0 {
                continue;
            }
            subtract(&mut a[row], &top, factor);
            subtract(&mut b[row], &head, factor);
        }
    }
    for column in (0..size).rev() {
        let diagonal = a[column][column];
        b[column].iter_mut().for_each(|value| *value /= diagonal);
        let solved = b[column].clone();
        for row in 0..column {
            let factor = a[row][column];
            subtract(&mut b[row], &solved, factor);
        }
    }
    Some(b)
}

fn subtract(row: &mut [f64], other: &[f64], factor: f64) {
    for (value, other) in row.iter_mut().zip(other) {
        *value -= factor * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn solutions_fulfil_their_equations(
            size in 1usize..9,
            numbers in prop::collection::vec(-9i32..10, 81),
            right in prop::collection::vec(-9i32..10, 18),
        ) {
            let a: Vec<Vec<f64>> = (0..size)
                .map(|n| (0..size).map(|m| f64::from(numbers[n * 9 + m])).collect())
                .collect();
            let b: Vec<Vec<f64>> =
                (0..size).map(|n| vec![f64::from(right[2 * n]), f64::from(right[2 * n + 1])]).collect();
            if let Some(x) = solve(a.clone(), b.clone()) {
                for n in 0..size {
                    for column in 0..2 {
                        let terms: Vec<f64> = (0..size).map(|m| a[n][m] * x[m][column]).collect();
                        let sum: f64 = terms.iter().sum();
                        let scale = 1.0 + terms.iter().map(|term| term.abs()).fold(0.0, f64::max);
                        prop_assert!((sum - b[n][column]).abs() < 1e-9 * scale);
                    }
                }
            }
        }
    }

    #[test]
    fn shapes_must_fit() {
        assert_eq!(solve(vec![vec![1.0, 2.0]], vec![vec![1.0]]), None);
        assert_eq!(solve(vec![vec![1.0]], vec![]), None);
        assert_eq!(solve(vec![], vec![]), Some(vec![]));
    }
}
