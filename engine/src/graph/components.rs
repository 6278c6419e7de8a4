//! Groups of states between which people go back and forth.

use super::StateGraph;
use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;

/// The strongly connected components: sets of states each of which leads to every other of the set.
///
/// # Arguments
///
/// * `graph`: exact or released.
///
/// # Returns
///
/// Every state once; the largest component first, of equal ones that of the earliest state, the states
/// of a component in the order of the graph.
///
/// # Complexity
///
/// Linear in states and edges (Tarjan).
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{components::components, counts::GraphCounts, state_graph};
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to) in [(0, 1), (1, 0), (1, 2)] {
///     counts.begin();
///     counts.visit(from, 1, false);
///     counts.step(from, to, 1);
///     counts.visit(to, 1, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// let names: Vec<Vec<&str>> = components(&graph)
///     .iter()
///     .map(|states| states.iter().map(|&node| &*graph[node].state).collect())
///     .collect();
/// assert_eq!(names, [vec!["HOME", "HOSP"], vec!["DEAD"]]);
/// ```
#[must_use]
pub fn components(graph: &StateGraph) -> Vec<Vec<NodeIndex>> {
    let mut components = tarjan_scc(graph);
    for component in &mut components {
        component.sort_unstable();
    }
    components
        .sort_by_key(|component| (std::cmp::Reverse(component.len()), component.first().copied()));
    components
}
