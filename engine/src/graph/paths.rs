//! The quickest and the most probable way from one state to another.

use super::StateGraph;
use super::markov::exits;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use serde::Serialize;

/// A way between two states.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Path {
    /// The states passed, both ends included.
    pub states: Vec<String>,
    /// Sum of the median days before each move; none if a move of the way has no median.
    pub median_days: Option<f64>,
    /// Product of the probabilities of its moves.
    pub probability: f64,
}

/// Cost of a move in whole units, so that equal ways are equal whatever the order of adding up.
type Cost = u64;

/// The way whose median stays add up to the fewest days.
///
/// # Arguments
///
/// * `graph`: exact or released. Moves without a median (hidden, or only after stays of no days) are not
///   used.
/// * `from`, `to`: the ends.
///
/// # Returns
///
/// The way, of equal ones that through the states that come first in the graph; `None` when there is
/// none. From a state to itself it is the state alone.
///
/// # Complexity
///
/// Quadratic in the states (Dijkstra with a plain search for the nearest).
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, paths::quickest, state_graph};
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to, days) in [(0, 1, 4), (1, 2, 3), (0, 2, 30)] {
///     counts.begin();
///     counts.visit(from, days, false);
///     counts.step(from, to, days);
///     counts.visit(to, 1, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "RES"], "", "");
/// let nodes: Vec<_> = graph.node_indices().collect();
/// let path = quickest(&graph, nodes[0], nodes[2]).unwrap();
/// assert_eq!(path.states, ["HOME", "HOSP", "RES"]);
/// assert_eq!((path.median_days, path.probability), (Some(7.0), 0.5));
/// ```
#[must_use]
pub fn quickest(graph: &StateGraph, from: NodeIndex, to: NodeIndex) -> Option<Path> {
    let cost = |one: NodeIndex, other: NodeIndex, _| {
        let days = median(graph, one, other)?;
        // thousandths of a day, halves of days being the finest of medians
        Some((days * 1000.0).round() as Cost)
    };
    search(graph, from, to, cost)
}

/// The way that is most probable when each move depends on the state left alone.
///
/// # Arguments
///
/// * `graph`: exact or released.
/// * `from`, `to`: the ends.
///
/// # Returns, complexity
///
/// As those of [`quickest`].
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, paths::most_probable, state_graph};
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to) in [(0, 1), (0, 1), (0, 1), (1, 2), (0, 2)] {
///     counts.begin();
///     counts.visit(from, 1, false);
///     counts.step(from, to, 1);
///     counts.visit(to, 1, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// let nodes: Vec<_> = graph.node_indices().collect();
/// let path = most_probable(&graph, nodes[0], nodes[2]).unwrap();
/// assert_eq!(path.states, ["HOME", "HOSP", "DEAD"]);
/// assert_eq!(path.probability, 0.75);
/// ```
#[must_use]
pub fn most_probable(graph: &StateGraph, from: NodeIndex, to: NodeIndex) -> Option<Path> {
    search(graph, from, to, |_, _, probability| Some(distance(probability)))
}

/// Length of a move where likely ones are short: minus the natural logarithm of its probability in
/// millionths, at least one, so that the shortest way is the most probable one.
#[must_use]
pub fn distance(probability: f64) -> u64 {
    (-probability.ln() * 1e6).round().max(1.0) as u64
}

fn median(graph: &StateGraph, from: NodeIndex, to: NodeIndex) -> Option<f64> {
    let edge = graph.edges(from).find(|edge| edge.target() == to)?;
    edge.weight().quartiles_days[1]
}

fn search(
    graph: &StateGraph,
    from: NodeIndex,
    to: NodeIndex,
    cost: impl Fn(NodeIndex, NodeIndex, f64) -> Option<Cost>,
) -> Option<Path> {
    let size = graph.node_count();
    if from.index() >= size || to.index() >= size {
        return None;
    }
    let mut best: Vec<Option<(Cost, Option<NodeIndex>)>> = vec![None; size];
    let mut is_done = vec![false; size];
    best[from.index()] = Some((0, None));
    loop {
        let open = |node: &NodeIndex| !is_done[node.index()] && best[node.index()].is_some();
        let nearest = graph.node_indices().filter(open).min_by_key(|node| best[node.index()]);
        let nearest = nearest?;
        if nearest == to {
            break;
        }
        is_done[nearest.index()] = true;
        let so_far = best[nearest.index()].map_or(0, |(cost, _)| cost);
        for (next, probability) in exits(graph, nearest) {
            let Some(step) = cost(nearest, next, probability) else { continue };
            let reached = so_far.saturating_add(step);
            let known = &mut best[next.index()];
            if !is_done[next.index()] && known.is_none_or(|(known, _)| reached < known) {
                *known = Some((reached, Some(nearest)));
            }
        }
    }
    let mut nodes = vec![to];
    while let Some((_, Some(before))) = nodes.last().and_then(|node| best[node.index()]) {
        nodes.push(before);
    }
    nodes.reverse();
    let steps = || nodes.windows(2).map(|pair| (pair[0], pair[1]));
    let probability = |(one, other): (NodeIndex, NodeIndex)| {
        let exits = exits(graph, one);
        exits.into_iter().find(|(next, _)| *next == other).map_or(0.0, |(_, share)| share)
    };
    Some(Path {
        states: nodes.iter().map(|&node| graph[node].state.clone()).collect(),
        median_days: steps().map(|(one, other)| median(graph, one, other)).sum(),
        probability: steps().map(probability).product(),
    })
}
