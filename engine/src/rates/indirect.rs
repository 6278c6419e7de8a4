//! Indirect standardisation: events against those expected at the rates of a reference population.

use super::{Rate, poisson_interval};

/// What was counted in one stratum, here and in the reference population.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct IndirectStratum {
    /// Events.
    pub events: i64,
    /// People, discharges or person-years.
    pub denominator: f64,
    /// Events of the reference population.
    pub reference_events: i64,
    /// Denominator of the reference population.
    pub reference_denominator: f64,
}

/// Events against expected events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indirect {
    /// Events.
    pub events: i64,
    /// Events expected at the rates of the reference population.
    pub expected: f64,
    /// Events over expected events, with the limits of the count over the same.
    pub ratio: Rate,
    /// The ratio times the crude rate of the reference population, times the multiplier.
    pub rate: Rate,
}

/// Observed over expected events (M7 step 6). Strata without a reference denominator expect nothing.
/// `None` when nothing is expected.
#[must_use]
pub fn indirectly_standardised(strata: &[IndirectStratum], multiplier: f64) -> Option<Indirect> {
    let expected = strata
        .iter()
        .filter(|stratum| stratum.reference_denominator > 0.0)
        .map(|s| s.denominator * (s.reference_events as f64 / s.reference_denominator));
    let expected: f64 = expected.sum();
    if expected.is_nan() || expected <= 0.0 {
        return None;
    }
    let events: i64 = strata.iter().map(|stratum| stratum.events).sum();
    let reference_events: i64 = strata.iter().map(|stratum| stratum.reference_events).sum();
    let reference: f64 = strata.iter().map(|stratum| stratum.reference_denominator).sum();
    let crude = reference_events as f64 / reference * multiplier;
    let (lower, upper) = poisson_interval(events);
    let ratio =
        Rate { value: events as f64 / expected, lower: lower / expected, upper: upper / expected };
    let rate =
        Rate { value: ratio.value * crude, lower: ratio.lower * crude, upper: ratio.upper * crude };
    Some(Indirect { events, expected, ratio, rate })
}
