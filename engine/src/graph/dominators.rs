//! States that every journey to a state passes through.

use super::StateGraph;
use petgraph::algo::dominators::simple_fast;
use petgraph::graph::NodeIndex;

/// The immediate dominator of each state: the last state that every way from the root passes before it.
///
/// # Arguments
///
/// * `graph`: exact or released.
/// * `root`: where journeys begin, such as [`super::first_state`].
///
/// # Returns
///
/// State and dominator, in the order of the graph; without the root and without states that cannot be
/// reached from it.
///
/// # Complexity
///
/// Quadratic in the states at worst (Cooper, Harvey and Kennedy).
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, dominators::dominators, state_graph};
///
/// let mut counts = GraphCounts::new(4);
/// for (from, to) in [(0, 1), (1, 2), (2, 3), (1, 3)] {
///     counts.begin();
///     counts.visit(from, 1, false);
///     counts.step(from, to, 1);
///     counts.visit(to, 1, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "AE", "IP", "DEAD"], "", "");
/// let root = graph.node_indices().next().unwrap();
/// let found: Vec<(&str, &str)> = dominators(&graph, root)
///     .iter()
///     .map(|&(state, by)| (&*graph[state].state, &*graph[by].state))
///     .collect();
/// assert_eq!(found, [("AE", "HOME"), ("IP", "AE"), ("DEAD", "AE")]);
/// ```
#[must_use]
pub fn dominators(graph: &StateGraph, root: NodeIndex) -> Vec<(NodeIndex, NodeIndex)> {
    if root.index() >= graph.node_count() {
        return Vec::new();
    }
    let found = simple_fast(graph, root);
    let pair = |state| found.immediate_dominator(state).map(|by| (state, by));
    graph.node_indices().filter_map(pair).collect()
}
