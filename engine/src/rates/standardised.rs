//! Directly standardised rates with Dobson's limits, and the variance of repeat events (M12).

use super::poisson::byar;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Fewest events behind a directly standardised rate that may be published.
pub const MIN_EVENTS: i64 = 10;

/// What was counted in one stratum, such as an age band of one sex.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stratum {
    /// Events.
    pub events: i64,
    /// Sum over people of the square of each one's number of events in the stratum: `Σ f² n_f` where
    /// `n_f` people had `f` events each. The same as `events` where nobody can have two.
    pub events_squared: i64,
    /// People or person-years, not negative.
    pub denominator: f64,
    /// Weight in the standard population, positive.
    pub weight: f64,
}

/// What becomes of a stratum in which nobody was at risk (M12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyStratum {
    /// It becomes part of the stratum before it, or of the one after it when it is the first: their
    /// weights are added.
    #[default]
    Merge,
    /// It is left out with its weight.
    DropWithWeight,
    /// There is no rate.
    Error,
}

/// A directly standardised rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardised {
    /// Events of all strata.
    pub events: i64,
    /// The rate, times the multiplier.
    pub rate: f64,
    /// Its variance, before the multiplier.
    pub variance: f64,
    /// Its lower limit, times the multiplier.
    pub lower: f64,
    /// Its upper limit, times the multiplier.
    pub upper: f64,
}

impl Standardised {
    /// Whether there are events enough for publication.
    #[must_use]
    pub const fn is_publishable(&self) -> bool {
        self.events >= MIN_EVENTS
    }
}

/// Why there is no standardised rate. The number is the position of the stratum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotStandardised {
    /// No stratum has anybody at risk.
    NobodyAtRisk,
    /// Nobody is at risk in the stratum, and the choice is [`EmptyStratum::Error`].
    Empty(usize),
    /// Events in a stratum with nobody at risk.
    EventsWithoutPeople(usize),
}

impl fmt::Display for NotStandardised {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyAtRisk => write!(text, "nobody is at risk in any stratum"),
            Self::Empty(n) => write!(text, "nobody is at risk in stratum {}", n + 1),
            Self::EventsWithoutPeople(n) => {
                write!(text, "stratum {} has events but nobody at risk", n + 1)
            }
        }
    }
}

impl std::error::Error for NotStandardised {}

/// The rate `Σ w x/n / Σ w` times `multiplier`, with Dobson's limits.
///
/// The variance is that of repeat events, `Σ_f f² Var_f`, when [`Stratum::events_squared`] counts
/// them; with `events_squared = events` it is the variance of independent events.
///
/// # Errors
///
/// See [`NotStandardised`].
pub fn directly_standardised(
    strata: &[Stratum],
    empty: EmptyStratum,
    multiplier: f64,
) -> Result<Standardised, NotStandardised> {
    let strata = merge_empty(strata, empty)?;
    let weights: f64 = strata.iter().map(|stratum| stratum.weight).sum();
    let rates = strata.iter().map(|stratum| {
        let of_one = stratum.weight / stratum.denominator;
        (of_one * stratum.events as f64, of_one * of_one * stratum.events_squared as f64)
    });
    let (rate, variance) = rates.fold((0.0, 0.0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
    let (rate, variance) = (rate / weights, variance / (weights * weights));
    let events: i64 = strata.iter().map(|stratum| stratum.events).sum();
    let count = events as f64;
    let spread = if events > 0 { (variance / count).sqrt() } else { 0.0 };
    let (low, high) = byar(events);
    Ok(Standardised {
        events,
        rate: rate * multiplier,
        variance,
        lower: (rate + spread * (low - count)) * multiplier,
        upper: (rate + spread * (high - count)) * multiplier,
    })
}

/// The strata after the choice for empty ones: each has somebody at risk.
///
/// # Errors
///
/// See [`NotStandardised`].
pub fn merge_empty(
    strata: &[Stratum],
    empty: EmptyStratum,
) -> Result<Vec<Stratum>, NotStandardised> {
    let mut kept: Vec<Stratum> = Vec::with_capacity(strata.len());
    // the weight of empty strata before the first with people
    let mut ahead = 0.0;
    for (n, stratum) in strata.iter().enumerate() {
        if stratum.denominator > 0.0 {
            kept.push(Stratum { weight: stratum.weight + ahead, ..*stratum });
            ahead = 0.0;
            continue;
        }
        if stratum.events != 0 {
            return Err(NotStandardised::EventsWithoutPeople(n));
        }
        match (empty, kept.last_mut()) {
            (EmptyStratum::Error, _) => return Err(NotStandardised::Empty(n)),
            (EmptyStratum::DropWithWeight, _) => {}
            (EmptyStratum::Merge, Some(before)) => before.weight += stratum.weight,
            (EmptyStratum::Merge, None) => ahead += stratum.weight,
        }
    }
    if kept.is_empty() { Err(NotStandardised::NobodyAtRisk) } else { Ok(kept) }
}
