//! The transition graph: moves between states and time in states, as mergeable counts, the weighted
//! graph made of them, and what can be computed of it (`linked-metrics.md` M16).
//!
//! [`counts`], [`follows`] and [`whole`] count; [`journeys`] does it for timelines. A [`StateGraph`] is
//! exact, or made again from released rows; [`view`] takes a part of it, and one file an algorithm
//! computes the rest, put together in [`analysis`].

pub mod settings;
pub mod counts;
pub mod follows;
pub mod view;
pub mod whole;
pub mod strata;
pub mod journeys;
pub mod linear;
pub mod markov;
pub mod rates;
pub mod rework;
pub mod components;
pub mod dominators;
pub mod paths;
pub mod betweenness;
pub mod absorption;
pub mod stationary;
pub mod analysis;
pub mod layout;

use crate::figure::{Clock, StateFigure, Transition};
use counts::GraphCounts;
use petgraph::graph::{DiGraph, NodeIndex};
use std::cmp::Reverse;

/// What stands before the first event of a case.
pub const START: &str = "START";
/// What stands after the last event of a case.
pub const END: &str = "END";
/// The state in which a line ends by death.
pub const DEAD: &str = "DEAD";
/// Where the folded edges of a released graph lead.
pub const OTHER: &str = "OTHER";

/// A directed graph of states: exact, never written without disclosure control.
pub type StateGraph = DiGraph<StateFigure, Transition>;

/// The graph of the counts. Nodes are the states with a visit, in the order of the scheme; edges are
/// the moves, by origin and target in that order.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, state_graph};
///
/// let mut counts = GraphCounts::new(2);
/// counts.begin();
/// counts.visit(0, 30, false);
/// counts.step(0, 1, 30);
/// counts.visit(1, 12, true);
/// counts.end(0, 1);
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP"], "E92000001", "");
/// assert_eq!(graph.edge_weights().next().map(|edge| edge.count), Some(1));
/// ```
#[must_use]
pub fn state_graph(
    counts: &GraphCounts,
    scheme: &str,
    names: &[impl AsRef<str>],
    area_code: &str,
    stratum: &str,
) -> StateGraph {
    let mut graph = StateGraph::new();
    let name =
        |state: usize| names.get(state).map_or_else(String::new, |name| name.as_ref().to_owned());
    let mut nodes: Vec<Option<NodeIndex>> = vec![None; counts.states()];
    for (state, node) in nodes.iter_mut().enumerate() {
        let totals = counts.state(state);
        if totals.visits == 0 {
            continue;
        }
        *node = Some(graph.add_node(StateFigure {
            scheme: scheme.to_owned(),
            area_code: area_code.to_owned(),
            stratum: stratum.to_owned(),
            state: name(state),
            ..totals.figure()
        }));
    }
    for from in 0..counts.states() {
        let from_total: i64 = (0..counts.states()).map(|to| counts.edge(from, to).count).sum();
        for to in 0..counts.states() {
            let edge = counts.edge(from, to);
            let (Some(source), Some(target)) = (nodes[from], nodes[to]) else { continue };
            if edge.count == 0 {
                continue;
            }
            let stays = counts.stays(from, to);
            graph.add_edge(
                source,
                target,
                Transition {
                    scheme: scheme.to_owned(),
                    area_code: area_code.to_owned(),
                    stratum: stratum.to_owned(),
                    from: name(from),
                    to: name(to),
                    count: edge.count,
                    people: edge.people,
                    from_total,
                    clock: Clock::Days,
                    total_time: edge.days,
                    stays: stays.records(),
                    quartiles_days: [250, 500, 750].map(|permille| stays.quantile(permille)),
                    person_time: counts.state(from).days,
                },
            );
        }
    }
    graph
}

/// The rows of the tables `states` and `transitions`, in the order of the graph.
#[must_use]
pub fn rows(graph: &StateGraph) -> (Vec<StateFigure>, Vec<Transition>) {
    (graph.node_weights().cloned().collect(), graph.edge_weights().cloned().collect())
}

/// Whether a state ends a journey: nobody leaves it.
#[must_use]
pub fn is_final(state: &str) -> bool {
    state == DEAD || state == END
}

/// The node of a state.
#[must_use]
pub fn node_of(graph: &StateGraph, state: &str) -> Option<NodeIndex> {
    graph.node_indices().find(|&node| graph[node].state == state)
}

/// Where journeys begin: [`START`] where there is one, else the state in which most begin, of equal ones
/// the first.
#[must_use]
pub fn first_state(graph: &StateGraph) -> Option<NodeIndex> {
    let common = || {
        let begun = graph.node_indices().filter(|&node| graph[node].starts > 0);
        begun.max_by_key(|&node| (graph[node].starts, Reverse(node)))
    };
    node_of(graph, START).or_else(common)
}

/// The states in which journeys end, [`END`] apart: the most common first, of equal ones the first.
#[must_use]
pub fn last_states(graph: &StateGraph) -> Vec<NodeIndex> {
    let is_last = |&node: &NodeIndex| graph[node].ends > 0 && graph[node].state != END;
    let mut last: Vec<NodeIndex> = graph.node_indices().filter(is_last).collect();
    last.sort_by_key(|&node| (Reverse(graph[node].ends), node));
    last
}

#[cfg(test)]
mod tests;
