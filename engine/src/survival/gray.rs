//! Gray's test: do groups have the same cumulative incidence of a cause, others competing?
//!
//! After R. J. Gray, "A class of K-sample tests for comparing the cumulative incidence of a competing
//! risk", Annals of Statistics 16 (1988), with weight 1. Write `G = 1 − F` for the pooled incidence `F` of
//! the cause, and for each group `Y` at risk, `S` without any event and `R = Y (1 − F) / S` at risk of the
//! cause as if nobody left by another. The score of group `i` is `Σ (d_i − R_i d / ΣR)`. Its variance
//! follows how each number of events moves it: directly, and through the `R` of all later times; there the
//! incidence is the pooled one, as it is if groups do not differ.

use super::chi_square::GroupTest;
use super::groups::{InGroup, side_by_side};
use super::risk_table::RiskTable;

/// What is kept of a time for the pass backwards.
struct Moment {
    at: Vec<InGroup>,
    /// `Y / S` before, by group.
    risk: Vec<f64>,
    /// Share without any event before and after, by group.
    before: Vec<f64>,
    after: Vec<f64>,
    /// `Σ Y / S` before.
    total: f64,
    /// Pooled `1 − F` before and after.
    pooled_before: f64,
    pooled_after: f64,
}

/// Compares the cumulative incidence of one cause between groups. `None` where nothing can be compared.
///
/// Complexity: times with events × groups³.
#[must_use]
pub fn gray(groups: &[RiskTable], cause: u8) -> Option<GroupTest> {
    let size = groups.len();
    let mut scores = vec![0.0; size];
    let moments = moments(groups, cause, &mut scores);
    let mut covariance = vec![vec![0.0; size]; size];
    // by score and group: what a later time adds through the risk of the cause
    let mut later = vec![vec![0.0; size]; size];
    for moment in moments.iter().rev() {
        let Moment { at, risk, before, after, total, pooled_before, pooled_after } = moment;
        let d: i64 = at.iter().map(|group| group.events).sum();
        let weight = |score: usize, group: usize| {
            let same = if score == group { 1.0 } else { 0.0 };
            if *total > 0.0 { risk[score] * (same - risk[group] / total) } else { 0.0 }
        };
        for (group, here) in at.iter().enumerate().filter(|(_, here)| here.at_risk > 0) {
            let n = here.at_risk as f64;
            let ratio = if after[group] > 0.0 { pooled_after / after[group] } else { 0.0 };
            if d > 0 {
                // the variance of the cause's hazard, at the pooled incidence; ties as drawn without
                // replacement
                let variance = d as f64 * before[group] / (total * n)
                    * without_replacement(d, total * before[group]);
                let moved =
                    |score: usize| weight(score, group) + (1.0 - ratio) * later[score][group];
                spread(&mut covariance, variance, moved);
            }
            if here.others > 0 {
                let variance = before[group] * before[group] * here.others as f64 / (n * n)
                    * without_replacement(here.others, n);
                spread(&mut covariance, variance, |score| ratio * later[score][group]);
            }
        }
        if d > 0 && *total > 0.0 {
            let step = d as f64 / (total * pooled_before);
            for (score, of_score) in later.iter_mut().enumerate() {
                for (group, sum) in of_score.iter_mut().enumerate() {
                    *sum += weight(score, group) * step;
                }
            }
        }
    }
    GroupTest::of(scores, covariance)
}

/// The pass forwards: the scores, and what the pass backwards needs.
fn moments(groups: &[RiskTable], cause: u8, scores: &mut [f64]) -> Vec<Moment> {
    let mut survival = vec![1.0; groups.len()];
    let mut incidence = vec![0.0; groups.len()];
    let mut pooled = 0.0;
    let mut moments = Vec::new();
    for (_, at) in side_by_side(groups, cause) {
        let before = survival.clone();
        let mut risk = vec![0.0; at.len()];
        let mut at_risk = vec![0.0; at.len()];
        for (group, here) in at.iter().enumerate() {
            if here.at_risk > 0 && before[group] > 0.0 {
                let n = here.at_risk as f64;
                risk[group] = n / before[group];
                at_risk[group] = risk[group] * (1.0 - incidence[group]);
                incidence[group] += before[group] * here.events as f64 / n;
                survival[group] *= 1.0 - (here.events + here.others) as f64 / n;
            }
        }
        let d: i64 = at.iter().map(|group| group.events).sum();
        let (total, all): (f64, f64) = (risk.iter().sum(), at_risk.iter().sum());
        let pooled_before = 1.0 - pooled;
        if d > 0 && all > 0.0 {
            for (group, here) in at.iter().enumerate() {
                scores[group] += here.events as f64 - d as f64 * at_risk[group] / all;
            }
            pooled += d as f64 / total;
        }
        let (after, pooled_after) = (survival.clone(), 1.0 - pooled);
        moments.push(Moment { at, risk, before, after, total, pooled_before, pooled_after });
    }
    moments
}

/// What ties take from a variance: 1 for one event, 0 when all `n` have it at once.
fn without_replacement(events: i64, n: f64) -> f64 {
    if events > 1 && n > 1.0 { 1.0 - (events - 1) as f64 / (n - 1.0) } else { 1.0 }
}

/// Adds `variance · m m'`, where `moved(i)` is how the score `i` moves.
fn spread(covariance: &mut [Vec<f64>], variance: f64, moved: impl Fn(usize) -> f64) {
    let moves: Vec<f64> = (0..covariance.len()).map(moved).collect();
    for (row, one) in covariance.iter_mut().zip(&moves) {
        for (entry, other) in row.iter_mut().zip(&moves) {
            *entry += variance * one * other;
        }
    }
}
