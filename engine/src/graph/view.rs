//! A part of a graph, and how much of the whole it is.

use super::StateGraph;
use super::settings::ViewSettings;
use petgraph::graph::EdgeIndex;
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;

/// What is left of a graph.
#[derive(Clone, Debug)]
pub struct View {
    /// The states and moves that are shown.
    pub graph: StateGraph,
    /// Moves that are shown.
    pub moves: i64,
    /// Moves of the whole graph.
    pub all_moves: i64,
}

impl View {
    /// Share of the moves that is shown; `None` where there is none at all.
    #[must_use]
    pub fn share_of_moves(&self) -> Option<f64> {
        (self.all_moves > 0).then(|| self.moves as f64 / self.all_moves as f64)
    }

    /// Whether a state is shown.
    #[must_use]
    pub fn has_state(&self, state: &str) -> bool {
        self.graph.node_weights().any(|node| node.state == state)
    }

    /// Whether a move is shown.
    #[must_use]
    pub fn has_move(&self, from: &str, to: &str) -> bool {
        self.graph.edge_weights().any(|edge| edge.from == from && edge.to == to)
    }
}

/// The part of a graph that filters leave.
///
/// States go first: those hidden by name, and those of fewer people than asked. Then moves: those
/// without both states, hidden by name, or of fewer people. Of the others the most frequent stay until
/// their share of all moves of the graph reaches the coverage; moves made equally often stay or go by
/// the texts of their states. A state that has lost its last move goes too.
///
/// `OTHER`, where folded moves lead, and moves to it have no people of their own: no number of people
/// leaves them out, hiding the state does.
///
/// # Arguments
///
/// * `graph`: exact or released.
/// * `filter`: the filters; `from` and `by` are none of them.
/// * `coverage`: in place of a coverage that the filters do not give.
///
/// # Returns
///
/// The view. Its edges keep `from_total` and `person_time` of the whole graph, so that probabilities and
/// rates are those of all moves.
///
/// # Complexity
///
/// Moves times the logarithm of them.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{
///     counts::GraphCounts, settings::ViewSettings, state_graph, view::view,
/// };
///
/// let mut counts = GraphCounts::new(3);
/// for (from, to) in [(0, 1), (0, 1), (0, 1), (0, 2)] {
///     counts.begin();
///     counts.visit(from, 1, false);
///     counts.step(from, to, 1);
///     counts.visit(to, 1, true);
/// }
/// let graph = state_graph(&counts, "example", &["HOME", "HOSP", "DEAD"], "", "");
/// let seen = view(&graph, &ViewSettings { coverage: Some(0.7), ..Default::default() }, 1.0);
/// assert_eq!(seen.share_of_moves(), Some(0.75));
/// assert!(seen.has_state("HOSP") && !seen.has_state("DEAD"));
/// ```
#[must_use]
pub fn view(graph: &StateGraph, filter: &ViewSettings, coverage: f64) -> View {
    let is_named = |list: &[String], state: &str| list.iter().any(|name| name == state);
    let is_state = |state: &str, people: i64| {
        (state == super::OTHER || people >= filter.min_people)
            && !is_named(&filter.hide_states, state)
            && (filter.only_states.is_empty() || is_named(&filter.only_states, state))
    };
    let states: Vec<bool> =
        graph.node_weights().map(|node| is_state(&node.state, node.people)).collect();
    let mut moves: Vec<EdgeIndex> = graph
        .edge_references()
        .filter(|edge| {
            let (from, to) = (edge.source(), edge.target());
            let edge = edge.weight();
            let is_hidden =
                filter.hide_moves.iter().any(|[from, to]| *from == edge.from && *to == edge.to);
            states[from.index()]
                && states[to.index()]
                && (edge.to == super::OTHER || edge.people >= filter.min_people)
                && !is_hidden
        })
        .map(|edge| edge.id())
        .collect();
    moves.sort_by(|&one, &other| {
        let (one, other) = (&graph[one], &graph[other]);
        let texts = (&one.from, &one.to).cmp(&(&other.from, &other.to));
        other.count.cmp(&one.count).then(texts)
    });
    let all_moves: i64 = graph.edge_weights().map(|edge| edge.count).sum();
    let wanted = filter.coverage.unwrap_or(coverage);
    let mut shown = 0;
    let mut kept = BTreeSet::new();
    for edge in moves {
        // the tolerance is for shares such as 0.95 that no float holds
        if shown as f64 + 1e-9 * all_moves as f64 >= wanted * all_moves as f64 && wanted < 1.0 {
            break;
        }
        shown += graph[edge].count;
        kept.insert(edge);
    }
    let is_end = |node| {
        kept.iter()
            .filter_map(|&edge| graph.edge_endpoints(edge))
            .any(|(a, b)| a == node || b == node)
    };
    let left = graph.filter_map(
        |node, weight| {
            let is_alone = graph.neighbors_undirected(node).next().is_none();
            (states[node.index()] && (is_alone || is_end(node))).then(|| weight.clone())
        },
        |edge, weight| kept.contains(&edge).then(|| weight.clone()),
    );
    View { graph: left, moves: shown, all_moves }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::random_graph;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shown_moves_are_the_fewest_that_reach_the_coverage(
            graph in random_graph(6),
            percent in 1u32..=100,
            min_people in 0i64..4,
        ) {
            let filter = ViewSettings {
                min_people,
                coverage: Some(f64::from(percent) / 100.0),
                ..ViewSettings::default()
            };
            let seen = view(&graph, &filter, 1.0);
            let counted: i64 = seen.graph.edge_weights().map(|edge| edge.count).sum();
            prop_assert_eq!(seen.moves, counted);
            prop_assert_eq!(seen.all_moves, graph.edge_weights().map(|edge| edge.count).sum::<i64>());
            for edge in seen.graph.edge_weights() {
                prop_assert!(edge.people >= min_people);
            }
            let least = seen.graph.edge_weights().map(|edge| edge.count).min().unwrap_or(0);
            let wanted = i64::from(percent) * seen.all_moves;
            prop_assert!(100 * (seen.moves - least) < wanted || seen.moves == 0);
            let candidates = graph.edge_weights().filter(|edge| {
                let people = |state: &str| {
                    graph.node_weights().find(|node| node.state == state).unwrap().people
                };
                edge.people >= min_people
                    && people(&edge.from) >= min_people
                    && people(&edge.to) >= min_people
            });
            for edge in candidates {
                if edge.count > least && least > 0 {
                    prop_assert!(seen.has_move(&edge.from, &edge.to));
                }
                if 100 * seen.moves < wanted {
                    prop_assert!(seen.has_move(&edge.from, &edge.to));
                }
            }
        }
    }

    #[test]
    fn states_and_moves_are_hidden_by_name() {
        let mut counts = crate::graph::counts::GraphCounts::new(3);
        for (from, to) in [(0, 1), (1, 0), (1, 2)] {
            counts.begin();
            counts.visit(from, 1, false);
            counts.step(from, to, 1);
            counts.visit(to, 1, true);
        }
        let graph = crate::graph::state_graph(&counts, "s", &["A", "B", "C"], "", "");
        let moves = |filter: ViewSettings| {
            let seen = view(&graph, &filter, 1.0);
            let edges = seen.graph.edge_weights().map(|edge| format!("{}{}", edge.from, edge.to));
            (edges.collect::<Vec<_>>(), seen.graph.node_count(), seen.moves)
        };
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let hidden = ViewSettings { hide_states: list(&["C"]), ..Default::default() };
        assert_eq!(moves(hidden), (vec!["AB".to_owned(), "BA".into()], 2, 2));
        let only = ViewSettings { only_states: list(&["B", "C"]), ..Default::default() };
        assert_eq!(moves(only), (vec!["BC".to_owned()], 2, 1));
        let one = ViewSettings { hide_moves: vec![["B".into(), "C".into()]], ..Default::default() };
        assert_eq!(moves(one), (vec!["AB".to_owned(), "BA".into()], 2, 2));
    }
}
