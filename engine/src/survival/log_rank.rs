//! The log-rank test: do groups have the same hazard of a cause?

use super::chi_square::GroupTest;
use super::groups::side_by_side;
use super::risk_table::RiskTable;

/// Compares the hazard of one cause between groups; other causes end observation. The covariance is
/// the hypergeometric one, exact with ties. `None` where nothing can be compared: fewer than two groups
/// with anybody at risk at an event.
#[must_use]
pub fn log_rank(groups: &[RiskTable], cause: u8) -> Option<GroupTest> {
    let size = groups.len();
    let mut scores = vec![0.0; size];
    let mut covariance = vec![vec![0.0; size]; size];
    for (_, at) in side_by_side(groups, cause) {
        let d: i64 = at.iter().map(|group| group.events).sum();
        let n: i64 = at.iter().map(|group| group.at_risk).sum();
        if d == 0 || n < 2 {
            continue;
        }
        let (d, n) = (d as f64, n as f64);
        let spread = d * (n - d) / (n - 1.0);
        for (i, one) in at.iter().enumerate() {
            let share = one.at_risk as f64 / n;
            scores[i] += one.events as f64 - d * share;
            for (j, other) in at.iter().enumerate() {
                let same = if i == j { 1.0 } else { 0.0 };
                covariance[i][j] += spread * share * (same - other.at_risk as f64 / n);
            }
        }
    }
    GroupTest::of(scores, covariance)
}
