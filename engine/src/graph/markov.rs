//! The Markov chain of a graph: the share of each move among the moves out of its state.

use super::{StateGraph, is_final};
use crate::wilson::wilson;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use serde::Serialize;

/// The probability of one move with its 95% limits (M16.3).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Probability {
    /// State left.
    pub from: String,
    /// State entered.
    pub to: String,
    /// Moves.
    pub count: i64,
    /// Moves out of the state left.
    pub of: i64,
    /// The first as a share of the second.
    pub probability: f64,
    /// Lower limit (Wilson), each move alone.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// The probability of every move with Wilson's interval.
///
/// # Arguments
///
/// * `graph`: exact or released. In a released graph counts are rounded, and the intervals are those of
///   the rounded counts.
///
/// # Returns
///
/// One row an edge, in the order of the graph. Those of one origin add up to 1.
///
/// # Complexity
///
/// Linear in the edges.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, markov::probabilities, state_graph};
///
/// let mut counts = GraphCounts::new(3);
/// [(0, 1), (0, 1), (0, 2), (0, 1)].iter().for_each(|&(from, to)| {
///     counts.begin();
///     counts.visit(from, 5, false);
///     counts.step(from, to, 5);
///     counts.visit(to, 5, true);
/// });
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// let found = probabilities(&graph);
/// assert_eq!((found[0].count, found[0].of, found[0].probability), (3, 4, 0.75));
/// assert!(found[0].lower > 0.30 && found[0].upper < 0.96);
/// ```
#[must_use]
pub fn probabilities(graph: &StateGraph) -> Vec<Probability> {
    let row = |edge: petgraph::graph::EdgeReference<'_, crate::figure::Transition>| {
        let of = graph.edges(edge.source()).map(|other| other.weight().count).sum();
        let edge = edge.weight();
        let (lower, upper) = wilson(edge.count, of)?;
        Some(Probability {
            from: edge.from.clone(),
            to: edge.to.clone(),
            count: edge.count,
            of,
            probability: edge.count as f64 / of as f64,
            lower,
            upper,
        })
    };
    graph.edge_references().filter_map(row).collect()
}

/// The moves of the chain out of a state, with their probabilities, by target in the order of the graph.
/// Final states have none. Those of a released graph to [`OTHER`](super::OTHER), which stands for folded
/// moves, are among them: it is a state that journeys are followed to and no further.
#[must_use]
pub fn exits(graph: &StateGraph, from: NodeIndex) -> Vec<(NodeIndex, f64)> {
    if is_final(&graph[from].state) {
        return Vec::new();
    }
    let mut counts: Vec<(NodeIndex, i64)> = graph
        .edges(from)
        .filter(|edge| edge.weight().count > 0)
        .map(|edge| (edge.target(), edge.weight().count))
        .collect();
    counts.sort_unstable();
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    counts.into_iter().map(|(to, count)| (to, count as f64 / total as f64)).collect()
}
