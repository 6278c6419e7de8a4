//! Intensities: moves per year that people spend in the state left.

use super::StateGraph;
use serde::Serialize;

/// Days of a year in rates (M16.4).
pub const YEAR_DAYS: f64 = 365.25;

/// The rate of one move.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// State left.
    pub from: String,
    /// State entered; the state left itself for the diagonal.
    pub to: String,
    /// Moves per person-year; on the diagonal minus the sum of the others of its state.
    pub per_person_year: f64,
}

/// The rate matrix `q_ij = n_ij / T_i` (M16.4), for follow-up of unequal length.
///
/// # Arguments
///
/// * `graph`: exact or released.
///
/// # Returns
///
/// The rates of the moves out of each state and its diagonal, state by state in the order of the graph;
/// nothing of states without time or without moves out. Each row of the matrix adds up to 0.
///
/// # Complexity
///
/// Linear in the edges.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, rates::rates, state_graph};
///
/// let mut counts = GraphCounts::new(2);
/// counts.begin();
/// counts.visit(0, 1461, false);
/// counts.step(0, 1, 1461);
/// counts.visit(1, 0, false);
/// let rates = rates(&state_graph(&counts, "example", &["HOME", "DEAD"], "", ""));
/// let found: Vec<_> = rates.iter().map(|rate| (&*rate.to, rate.per_person_year)).collect();
/// assert_eq!(found, [("DEAD", 0.25), ("HOME", -0.25)]);
/// ```
#[must_use]
pub fn rates(graph: &StateGraph) -> Vec<Rate> {
    let mut rates = Vec::new();
    for node in graph.node_indices() {
        let state = &graph[node].state;
        let mut all = 0;
        let mut time = None;
        let mut edges: Vec<_> = graph.edges(node).map(|edge| edge.weight()).collect();
        // petgraph hands over the latest edge first
        edges.reverse();
        for edge in edges {
            if edge.person_time <= 0 {
                continue;
            }
            let years = edge.person_time as f64 / edge.clock.per_day() as f64 / YEAR_DAYS;
            time = Some(years);
            all += edge.count;
            let per_person_year = edge.count as f64 / years;
            rates.push(Rate { from: edge.from.clone(), to: edge.to.clone(), per_person_year });
        }
        rates.extend(time.map(|years| Rate {
            from: state.clone(),
            to: state.clone(),
            per_person_year: -(all as f64 / years),
        }));
    }
    rates
}
