//! Which states lie between the others.

use super::markov::exits;
use super::paths::distance;
use super::{OTHER, StateGraph};
use petgraph::graph::NodeIndex;

/// The betweenness of each state: over all ordered pairs of other states, the share of the most probable
/// ways between the pair that pass through it.
///
/// The length of a move is minus the logarithm of its probability ([`distance`]), so that the shortest
/// way is the most probable one; ways that are equal to a millionth share the pair between them. `OTHER`
/// is no state of a way, and `START`, `END` and `DEAD` lie between nothing, for nothing comes before the
/// one or after the others.
///
/// # Arguments
///
/// * `graph`: exact or released.
///
/// # Returns
///
/// A number a state, in the order of the graph: 0 for one that lies on no such way. Divided by
/// `(n - 1)(n - 2)` it is the share of all pairs.
///
/// # Complexity
///
/// States times edges times states at worst (Brandes with a plain search for the nearest): well below a
/// millisecond for 64 states.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{betweenness::betweenness, counts::GraphCounts, state_graph};
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to) in [(0, 1), (1, 2)] {
///     counts.begin();
///     counts.visit(from, 1, false);
///     counts.step(from, to, 1);
///     counts.visit(to, 1, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// assert_eq!(betweenness(&graph), [0.0, 1.0, 0.0]);
/// ```
#[must_use]
pub fn betweenness(graph: &StateGraph) -> Vec<f64> {
    let size = graph.node_count();
    let moves: Vec<Vec<(usize, u64)>> = graph
        .node_indices()
        .map(|node| {
            let exits = exits(graph, node).into_iter();
            let others = exits.filter(|(to, _)| *to != node && graph[*to].state != OTHER);
            others.map(|(to, probability)| (to.index(), distance(probability))).collect()
        })
        .collect();
    let mut between = vec![0.0; size];
    for source in graph.node_indices().map(NodeIndex::index) {
        let Ways { order, before, ways } = ways(&moves, source);
        // Brandes: from the farthest back, each state hands on what depends on it
        let mut depends = vec![0.0; size];
        for &state in order.iter().rev() {
            for &earlier in &before[state] {
                depends[earlier] += ways[earlier] / ways[state] * (1.0 + depends[state]);
            }
            if state != source {
                between[state] += depends[state];
            }
        }
    }
    between
}

/// The shortest ways from one state.
struct Ways {
    /// States by distance, the source first.
    order: Vec<usize>,
    /// The states that come just before each on a shortest way.
    before: Vec<Vec<usize>>,
    /// How many shortest ways lead to each.
    ways: Vec<f64>,
}

fn ways(moves: &[Vec<(usize, u64)>], source: usize) -> Ways {
    let size = moves.len();
    let mut found =
        Ways { order: Vec::new(), before: vec![Vec::new(); size], ways: vec![0.0; size] };
    let mut length: Vec<Option<u64>> = vec![None; size];
    let mut is_done = vec![false; size];
    length[source] = Some(0);
    found.ways[source] = 1.0;
    while let Some((so_far, state)) =
        (0..size).filter(|&n| !is_done[n]).filter_map(|n| Some((length[n]?, n))).min()
    {
        is_done[state] = true;
        found.order.push(state);
        for &(next, step) in &moves[state] {
            let reached = so_far + step;
            if length[next].is_none_or(|known| reached < known) {
                length[next] = Some(reached);
                found.before[next].clear();
                found.ways[next] = 0.0;
            }
            if length[next] == Some(reached) {
                found.before[next].push(state);
                found.ways[next] += found.ways[state];
            }
        }
    }
    found
}
