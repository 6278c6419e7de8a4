//! Wilson's 95% interval of a proportion (M0.6).

/// The standard normal quantile that the published limits use.
pub(crate) const Z: f64 = 1.959_963_985;

/// Lower and upper 95% limit of `x` of `n`, as proportions from 0 to 1; `None` when `n` is not
/// positive or `x` is not between 0 and `n`.
#[must_use]
pub fn wilson(x: i64, n: i64) -> Option<(f64, f64)> {
    if n <= 0 || x < 0 || x > n {
        return None;
    }
    let (none, all) = (x == 0, x == n);
    let (x, n) = (x as f64, n as f64);
    let z2 = Z * Z;
    let spread = Z * (z2 + 4.0 * x * (1.0 - x / n)).sqrt();
    let below = 2.0 * (n + z2);
    let lower = (2.0 * x + z2 - spread) / below;
    let upper = (2.0 * x + z2 + spread) / below;
    // rounding may miss the exact 0 of x = 0 and 1 of x = n by the last bit
    Some((if none { 0.0 } else { lower }, if all { 1.0 } else { upper }))
}

/// [`wilson`] in per cent.
#[must_use]
pub fn wilson_percent(x: i64, n: i64) -> Option<(f64, f64)> {
    wilson(x, n).map(|(lower, upper)| (lower * 100.0, upper * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(x: i64, n: i64) -> Option<(f64, f64)> {
        let four = |limit: f64| (limit * 10_000.0).round() / 10_000.0;
        wilson(x, n).map(|(lower, upper)| (four(lower), four(upper)))
    }

    #[test]
    fn m0_6_check_values() {
        assert_eq!(rounded(12, 80), Some((0.0879, 0.2441)));
        assert_eq!(rounded(2, 5), Some((0.1176, 0.7693)));
        assert_eq!(rounded(0, 10), Some((0.0, 0.2775)));
        assert_eq!(rounded(10, 10), Some((0.7225, 1.0)));
    }

    #[test]
    fn m0_5_nothing_of_nothing_has_no_interval() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(2, 1), None);
    }

    #[test]
    fn limits_stay_in_0_to_1_around_the_proportion() {
        for n in 1..200 {
            for x in 0..=n {
                let (lower, upper) = wilson(x, n).unwrap();
                let p = x as f64 / n as f64;
                assert!(0.0 <= lower && lower <= p && p <= upper && upper <= 1.0, "{x} of {n}");
            }
        }
    }
}
