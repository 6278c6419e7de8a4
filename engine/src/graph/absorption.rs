//! Visits and time before people settle for good: the fundamental matrix of the chain.

use super::StateGraph;
use super::components::components;
use super::linear::solve;
use super::markov::exits;
use petgraph::graph::NodeIndex;
use serde::Serialize;

/// What lies ahead of someone in a state, if each move depends on the state left alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ahead {
    /// The state someone is in.
    pub from: String,
    /// Expected visits of each transient state before absorption, the present one included, in the
    /// order of [`Absorption::transient`].
    pub visits: Vec<f64>,
    /// Expected days before absorption; none if a state on the way has no known length of stay.
    pub days: Option<f64>,
    /// Probability that each absorbing set is the one reached, in the order of
    /// [`Absorption::absorbing`].
    pub absorbed: Vec<f64>,
}

/// The fundamental matrix `N = (I - Q)⁻¹` and what follows from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Absorption {
    /// States that people leave for good sooner or later, in the order of the graph.
    pub transient: Vec<String>,
    /// Sets of states that people do not leave: `DEAD`, `END`, a state without moves out, and sets of
    /// states with moves only among themselves; `OTHER` of a released graph.
    pub absorbing: Vec<Vec<String>>,
    /// By transient state.
    pub ahead: Vec<Ahead>,
}

/// Expected visits and days before absorption.
///
/// Days of a visit are the mean over those that ended with a move, stays of no days included; those cut
/// off by the end of observation are in neither.
///
/// # Arguments
///
/// * `graph`: exact or released. In a released graph `OTHER` absorbs: whoever makes a folded move is
///   followed no further, so visits and days are those before it.
///
/// # Returns
///
/// Transient and absorbing states and what lies ahead of each transient one.
///
/// # Complexity
///
/// Cubic in the states.
///
/// # Example
///
/// From home half go into hospital, from where half come back and half die.
///
/// ```
/// use throughcare_engine::graph::{absorption::absorption, counts::GraphCounts, state_graph};
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to) in [(0, 1), (0, 2), (1, 0), (1, 2)] {
///     counts.begin();
///     counts.visit(from, 6, false);
///     counts.step(from, to, 6);
///     counts.visit(to, 0, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// let found = absorption(&graph);
/// assert_eq!(found.transient, ["HOME", "HOSP"]);
/// let home = &found.ahead[0];
/// // 1 / (1 - 1/4) visits at home, half as many in hospital, six days each
/// assert!((home.visits[0] - 4.0 / 3.0).abs() < 1e-12);
/// assert!((home.days.unwrap() - 12.0).abs() < 1e-12);
/// assert!((home.absorbed[0] - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn absorption(graph: &StateGraph) -> Absorption {
    let (transient, absorbing) = classes(graph);
    let name = |&node: &NodeIndex| graph[node].state.clone();
    let place = |wanted: NodeIndex| transient.iter().position(|&node| node == wanted);
    let size = transient.len();
    let mut left = vec![vec![0.0; size]; size];
    let mut right = vec![vec![0.0; size + absorbing.len()]; size];
    for (row, &node) in transient.iter().enumerate() {
        left[row][row] += 1.0;
        right[row][row] = 1.0;
        for (to, probability) in exits(graph, node) {
            if let Some(column) = place(to) {
                left[row][column] -= probability;
            } else if let Some(set) = absorbing.iter().position(|set| set.contains(&to)) {
                right[row][size + set] += probability;
            }
        }
    }
    // (I - Q)⁻¹ I and (I - Q)⁻¹ R at once
    let solved = solve(left, right).unwrap_or_default();
    let stays: Vec<Option<f64>> = transient.iter().map(|&node| stay_days(graph, node)).collect();
    let ahead = transient.iter().zip(solved).map(|(node, mut row)| {
        let absorbed = row.split_off(size);
        let visited = || row.iter().zip(&stays).filter(|(visits, _)| **visits > 0.0);
        Ahead {
            from: name(node),
            days: visited().map(|(visits, days)| Some(visits * (*days)?)).sum(),
            absorbed,
            visits: row,
        }
    });
    Absorption {
        ahead: ahead.collect(),
        transient: transient.iter().map(name).collect(),
        absorbing: absorbing.iter().map(|set| set.iter().map(name).collect()).collect(),
    }
}

/// Transient states, and the closed sets that absorb.
fn classes(graph: &StateGraph) -> (Vec<NodeIndex>, Vec<Vec<NodeIndex>>) {
    let mut chain = graph.clone();
    chain.retain_edges(|chain, edge| {
        let ends = chain.edge_endpoints(edge);
        ends.is_some_and(|(from, to)| exits(graph, from).iter().any(|&(other, _)| other == to))
    });
    let is_closed = |set: &[NodeIndex]| {
        set.iter().all(|&node| chain.neighbors(node).all(|next| set.contains(&next)))
    };
    let (mut absorbing, others): (Vec<_>, Vec<_>) =
        components(&chain).into_iter().partition(|set| is_closed(set));
    // a state that is neither left nor entered tells nothing
    let is_met = |node: &NodeIndex| chain.neighbors_undirected(*node).next().is_some();
    absorbing.retain(|set| set.iter().all(is_met));
    absorbing.sort();
    let mut transient: Vec<NodeIndex> = others.into_iter().flatten().collect();
    transient.sort_unstable();
    (transient, absorbing)
}

/// Mean days of the visits of a state that ended with a move, of those moves whose days are known.
pub(super) fn stay_days(graph: &StateGraph, node: NodeIndex) -> Option<f64> {
    let (mut time, mut moves, mut per_day) = (0, 0, 1);
    // negative stays: the days of a released edge are hidden
    for edge in graph.edges(node).map(|edge| edge.weight()).filter(|edge| edge.stays >= 0) {
        time += edge.total_time;
        moves += edge.count;
        per_day = edge.clock.per_day();
    }
    (moves > 0).then(|| time as f64 / per_day as f64 / moves as f64)
}
