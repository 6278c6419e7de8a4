//! States that people come back to.

use super::StateGraph;
use petgraph::visit::EdgeRef;
use serde::Serialize;

/// How often a state is visited by those who visit it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rework {
    /// State.
    pub state: String,
    /// Moves from the state to itself, which timelines do not have and event logs may.
    pub self_loops: i64,
    /// Visits a person who visits it at all.
    pub visits_per_person: f64,
}

/// Self-loops and repeated visits of each state.
///
/// How many *people* visit a state again is the count of those in whom it comes after itself:
/// [`super::follows::Follows`] has it.
///
/// # Arguments
///
/// * `graph`: exact or released.
///
/// # Returns
///
/// One row a state with people, in the order of the graph.
///
/// # Complexity
///
/// Linear in states and edges.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, rework::rework, state_graph};
///
/// let mut counts = GraphCounts::new(2);
/// counts.begin();
/// [0, 1, 0].into_iter().for_each(|state| counts.visit(state, 1, state == 0));
/// let rows = rework(&state_graph(&counts, "example", &["HOME", "HOSP"], "", ""));
/// assert_eq!(rows.iter().map(|row| row.visits_per_person).collect::<Vec<_>>(), [2.0, 1.0]);
/// ```
#[must_use]
pub fn rework(graph: &StateGraph) -> Vec<Rework> {
    let row = |node| {
        let weight = &graph[node];
        let own = graph.edges(node).filter(|edge| edge.target() == node);
        (weight.people > 0).then(|| Rework {
            state: weight.state.clone(),
            self_loops: own.map(|edge| edge.weight().count).sum(),
            visits_per_person: weight.visits as f64 / weight.people as f64,
        })
    };
    graph.node_indices().filter_map(row).collect()
}
