//! Shares that the chain settles to among states that people keep moving between.

use super::StateGraph;
use super::absorption::stay_days;
use super::components::components;
use super::linear::solve;
use super::markov::exits;
use petgraph::graph::NodeIndex;
use serde::Serialize;

/// The long-run share of one state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LongRun {
    /// State.
    pub state: String,
    /// Share of visits.
    pub visits: f64,
    /// Share of time, visits weighted by their mean days; none if one of the set has no known length of
    /// stay.
    pub time: Option<f64>,
}

/// The stationary distribution of the irreducible part: the largest set of states that all lead to each
/// other, as if nobody died or left it.
///
/// # Arguments
///
/// * `graph`: exact or released. Moves out of the set are left out and the rest of each state's moves
///   weighted up, so that the shares describe life before death or loss.
///
/// # Returns
///
/// The states of the set in the order of the graph with their shares, which add up to 1; nothing when no
/// two states lead to each other.
///
/// # Complexity
///
/// Cubic in the states.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, state_graph, stationary::stationary};
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to, days) in [(0, 1, 30), (1, 0, 10), (1, 2, 10)] {
///     counts.begin();
///     counts.visit(from, days, false);
///     counts.step(from, to, days);
///     counts.visit(to, 0, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// let found = stationary(&graph);
/// assert_eq!((found[0].visits, found[0].time), (0.5, Some(0.75)));
/// ```
#[must_use]
pub fn stationary(graph: &StateGraph) -> Vec<LongRun> {
    let sets = components(&graph.filter_map(
        |_, node| Some(node.clone()),
        |_, edge| (edge.count > 0 && !super::is_final(&edge.from)).then(|| edge.clone()),
    ));
    let visits = |set: &Vec<NodeIndex>| -> i64 { set.iter().map(|&n| graph[n].visits).sum() };
    let sets = sets.into_iter().filter(|set| set.len() > 1);
    // the largest; of equally large ones the most visited, then the first
    let best = sets.max_by_key(|set| (set.len(), visits(set), std::cmp::Reverse(set.clone())));
    let Some(set) = best else { return Vec::new() };
    let size = set.len();
    // π (P - I) = 0 by columns, with the last equation replaced by Σ π = 1
    let mut left = vec![vec![0.0; size]; size];
    for (from, &node) in set.iter().enumerate() {
        let inside: Vec<(usize, f64)> = exits(graph, node)
            .into_iter()
            .filter_map(|(to, share)| Some((set.iter().position(|&n| n == to)?, share)))
            .collect();
        let total: f64 = inside.iter().map(|(_, share)| share).sum();
        for (to, share) in inside {
            left[to][from] += share / total;
        }
        left[from][from] -= 1.0;
    }
    let mut right = vec![vec![0.0]; size];
    left[size - 1] = vec![1.0; size];
    right[size - 1] = vec![1.0];
    let Some(shares) = solve(left, right) else { return Vec::new() };
    let shares: Vec<f64> = shares.into_iter().flatten().map(|share| share.max(0.0)).collect();
    let days: Option<Vec<f64>> = set.iter().map(|&node| stay_days(graph, node)).collect();
    let time: Option<Vec<f64>> =
        days.map(|days| days.iter().zip(&shares).map(|(days, share)| days * share).collect());
    let all: f64 = time.iter().flatten().sum();
    let long_run = |(n, &node): (usize, &NodeIndex)| LongRun {
        state: graph[node].state.clone(),
        visits: shares[n],
        time: time.as_ref().and_then(|time| (all > 0.0).then(|| time[n] / all)),
    };
    set.iter().enumerate().map(long_run).collect()
}
