//! The Aalen–Johansen estimate of cumulative incidence with competing causes (`linked-metrics.md` M9).

use super::risk_table::{AtTime, RiskTable, Time};
use crate::wilson::Z;

/// The estimate at one time, carried from one time to the next.
///
/// Variances follow the recursion of the Greenwood type: with `p = d_k / n` of the share `S` without
/// any event moving to cause `k` at a time,
///
/// ```text
/// Var F' = Var F + 2 p Cov(F, S) + p² Var S + S² d_k (n − d_k) / n³
/// ```
///
/// and so for `S` and the covariances. It is the delta-method sum of M9 written step by step, in one
/// pass and without differences of large sums.
#[derive(Clone, Debug, PartialEq)]
pub struct AalenJohansen {
    survival: f64,
    survival_variance: f64,
    causes: Vec<OfCause>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct OfCause {
    incidence: f64,
    variance: f64,
    // with the share without any event
    covariance: f64,
}

/// Cumulative incidence of one cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Incidence {
    /// Estimated share who have left by the cause.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
}

impl Incidence {
    /// 95% limits on the complementary log–log scale, in order, within 0 and 1; (0, 0) at 0 and
    /// (1, 1) at 1.
    #[must_use]
    pub fn limits(&self) -> (f64, f64) {
        let without = 1.0 - self.estimate;
        if self.estimate <= 0.0 {
            return (0.0, 0.0);
        }
        if without <= 0.0 {
            return (1.0, 1.0);
        }
        let spread = Z * self.variance.max(0.0).sqrt() / (without * without.ln()).abs();
        let limit = |spread: f64| (1.0 - without.powf(spread.exp())).clamp(0.0, 1.0);
        (limit(-spread), limit(spread))
    }
}

impl AalenJohansen {
    /// Before the first time: nobody has left.
    #[must_use]
    pub fn new(causes: usize) -> Self {
        let causes = vec![OfCause::default(); causes];
        Self { survival: 1.0, survival_variance: 0.0, causes }
    }

    /// Takes the next time. Nothing changes where there are no events.
    #[inline]
    pub fn step(&mut self, at: &AtTime<'_>) {
        let all = at.all_events();
        if all == 0 || at.at_risk <= 0 {
            return;
        }
        let (n, d) = (at.at_risk as f64, all as f64);
        let (stay, square) = (1.0 - d / n, self.survival * self.survival);
        for (of, &events) in self.causes.iter_mut().zip(at.events) {
            let d_k = events as f64;
            let p = d_k / n;
            of.incidence += self.survival * p;
            of.variance += 2.0 * p * of.covariance
                + p * p * self.survival_variance
                + square * d_k * (n - d_k) / (n * n * n);
            of.covariance = stay * (of.covariance + p * self.survival_variance)
                - square * d_k * (n - d) / (n * n * n);
        }
        self.survival_variance =
            stay * stay * self.survival_variance + square * d * (n - d) / (n * n * n);
        self.survival *= stay;
    }

    /// Estimated share who have not left by any cause.
    #[must_use]
    pub const fn survival(&self) -> f64 {
        self.survival
    }

    /// Variance of that share: Greenwood's.
    #[must_use]
    pub const fn survival_variance(&self) -> f64 {
        self.survival_variance
    }

    /// Cumulative incidence of a cause; nothing for a cause that the table does not have.
    #[must_use]
    pub fn incidence(&self, cause: usize) -> Incidence {
        let of = self.causes.get(cause).copied().unwrap_or_default();
        Incidence { estimate: of.incidence, variance: of.variance.max(0.0) }
    }
}

/// The estimate after `time`, included.
///
/// Complexity: one pass over the times of the table.
#[must_use]
pub fn cumulative_incidence(table: &RiskTable, time: Time) -> AalenJohansen {
    let mut estimate = AalenJohansen::new(table.causes());
    for at in table.at_times().take_while(|at| at.time <= time) {
        estimate.step(&at);
    }
    estimate
}
