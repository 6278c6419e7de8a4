//! The transition graph: moves between states and time in states, as mergeable counts, and the
//! weighted graph made of them (`linked-metrics.md` M16).

pub mod counts;
pub mod journeys;

use crate::figure::{Clock, StateFigure, Transition};
use counts::GraphCounts;
use petgraph::graph::{DiGraph, NodeIndex};

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
            visits: totals.visits,
            people: totals.people,
            clock: Clock::Days,
            total_time: totals.days,
            starts: totals.starts,
            ends: totals.ends,
            censored: totals.censored,
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

#[cfg(test)]
mod tests;
