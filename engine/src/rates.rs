//! Rates and their 95% intervals (`linked-metrics.md` M12): counts as Poisson counts, crude rates, and
//! rates standardised directly or indirectly. The interval of a proportion is in [`crate::wilson`].

mod indirect;
mod poisson;
mod standard_population;
mod standardised;

pub use indirect::{Indirect, IndirectStratum, indirectly_standardised};
pub use poisson::{byar, exact_poisson, poisson_interval};
pub use standard_population::{StandardBand, standard_population, standard_weight};
pub use standardised::{
    EmptyStratum, MIN_EVENTS, NotStandardised, Standardised, Stratum, directly_standardised,
    merge_empty,
};

/// A rate with its 95% limits, in the unit of its denominator times a multiplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The rate.
    pub value: f64,
    /// Its lower limit.
    pub lower: f64,
    /// Its upper limit.
    pub upper: f64,
}

/// `events` over `denominator` times `multiplier` (M11, M13), with the limits of
/// [`poisson_interval`]; `None` when the denominator is not positive.
///
/// With person-days `d`, the rate per 1,000 person-years is
/// `crude_rate(events, d as f64 / DAYS_PER_YEAR, 1000.0)`.
#[must_use]
pub fn crude_rate(events: i64, denominator: f64, multiplier: f64) -> Option<Rate> {
    let (lower, upper) = poisson_interval(events);
    let rate = |events: f64| events / denominator * multiplier;
    (denominator > 0.0).then(|| Rate {
        value: rate(events as f64),
        lower: rate(lower),
        upper: rate(upper),
    })
}

/// Days of a year of person-time (M0.1).
pub const DAYS_PER_YEAR: f64 = 365.25;

#[cfg(test)]
mod tests;
