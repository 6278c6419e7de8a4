//! 95% limits of a Poisson count (M12).

use crate::wilson::Z;
use statrs::distribution::{ContinuousCDF, Gamma};

/// Counts from here on take Byar's approximation, smaller ones the exact limits.
const BYAR_FROM: i64 = 10;

/// Lower and upper limit of a count: exact below 10, Byar's approximation from 10 on. A count is
/// never negative; a negative one is taken as 0.
#[must_use]
pub fn poisson_interval(events: i64) -> (f64, f64) {
    if events < BYAR_FROM { exact_poisson(events) } else { byar(events) }
}

/// The exact limits: those expected counts under which so many events or more (lower limit), or so few
/// (upper limit), come about with probability 0.025. Half a quantile of the chi-square distribution
/// with `2x` and `2x + 2` degrees of freedom is the quantile of a gamma distribution of shape `x` and
/// `x + 1`.
#[must_use]
pub fn exact_poisson(events: i64) -> (f64, f64) {
    let events = events.max(0) as f64;
    let quantile = |shape: f64, probability: f64| {
        // no such distribution, and no lower limit, at shape 0
        Gamma::new(shape, 1.0).map_or(0.0, |gamma| gamma.inverse_cdf(probability))
    };
    (quantile(events, 0.025), quantile(events + 1.0, 0.975))
}

/// Byar's approximation to the exact limits. A count is never negative; a negative one is taken as 0.
#[must_use]
pub fn byar(events: i64) -> (f64, f64) {
    let limit =
        |count: f64, z: f64| count * (1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt())).powi(3);
    let events = events.max(0) as f64;
    (if events > 0.0 { limit(events, -Z) } else { 0.0 }, limit(events + 1.0, Z))
}
