//! Everything that is computed of one graph.

use super::absorption::{Absorption, absorption};
use super::betweenness::betweenness;
use super::components::components;
use super::dominators::dominators;
use super::markov::{Probability, probabilities};
use super::paths::{Path, most_probable, quickest};
use super::rates::{Rate, rates};
use super::rework::{Rework, rework};
use super::stationary::{LongRun, stationary};
use super::{StateGraph, first_state, is_final, last_states};
use petgraph::graph::NodeIndex;
use serde::Serialize;

/// A state and the one that every way to it passes last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dominated {
    /// State.
    pub state: String,
    /// Its immediate dominator.
    pub by: String,
}

/// How much lies through a state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Between {
    /// State.
    pub state: String,
    /// Pairs of other states whose most probable way passes through it.
    pub pairs: f64,
    /// Share of all ordered pairs of other states.
    pub share: f64,
}

/// The ways from the first state to a final one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ways {
    /// The first state.
    pub from: String,
    /// The final state.
    pub to: String,
    /// The most probable way.
    pub most_probable: Option<Path>,
    /// The way of the fewest median days.
    pub quickest: Option<Path>,
}

/// What is computed of one graph. All of it follows from the counts of the graph: of a released graph it
/// tells nothing that the graph does not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Analysis {
    /// Where journeys begin: `START`, or the most common first state.
    pub first: Option<String>,
    /// Where they end, the most common first.
    pub last: Vec<String>,
    /// Sets of states that lead to each other.
    pub components: Vec<Vec<String>>,
    /// Immediate dominators from the first state.
    pub dominators: Vec<Dominated>,
    /// Ways from the first state to each final one.
    pub ways: Vec<Ways>,
    /// Betweenness.
    pub betweenness: Vec<Between>,
    /// Self-loops and repeated visits.
    pub rework: Vec<Rework>,
    /// The Markov chain.
    pub probabilities: Vec<Probability>,
    /// The rate matrix.
    pub rates: Vec<Rate>,
    /// Visits and days before absorption.
    pub absorption: Absorption,
    /// Long-run shares.
    pub stationary: Vec<LongRun>,
}

/// Most states of a graph of which matrices are made.
pub const MOST_STATES: usize = 64;

/// Computes everything of one graph.
///
/// # Arguments
///
/// * `graph`: exact or released.
///
/// # Returns
///
/// The analysis; without matrices, ways and betweenness for more than [`MOST_STATES`] states.
///
/// # Complexity
///
/// Cubic in the states.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{analysis::analyse, counts::GraphCounts, state_graph};
///
/// let mut counts = GraphCounts::new(2);
/// counts.begin();
/// counts.visit(0, 9, false);
/// counts.step(0, 1, 9);
/// counts.visit(1, 0, false);
/// counts.end(0, 1);
/// let found = analyse(&state_graph(&counts, "example", &["HOME", "DEAD"], "", ""));
/// assert_eq!(found.first.as_deref(), Some("HOME"));
/// assert_eq!(found.absorption.ahead[0].days, Some(9.0));
/// ```
#[must_use]
pub fn analyse(graph: &StateGraph) -> Analysis {
    let name = |node: NodeIndex| graph[node].state.clone();
    let first = first_state(graph);
    let names = |nodes: Vec<NodeIndex>| nodes.into_iter().map(name).collect::<Vec<_>>();
    let mut found = Analysis {
        first: first.map(name),
        last: names(last_states(graph)),
        components: components(graph).into_iter().map(names).collect(),
        rework: rework(graph),
        probabilities: probabilities(graph),
        rates: rates(graph),
        ..Analysis::default()
    };
    let size = graph.node_count();
    if size > MOST_STATES {
        return found;
    }
    if let Some(first) = first {
        let pair = |(state, by)| Dominated { state: name(state), by: name(by) };
        found.dominators = dominators(graph, first).into_iter().map(pair).collect();
        let finals = graph.node_indices().filter(|&node| is_final(&graph[node].state));
        found.ways = finals
            .filter(|&to| to != first)
            .map(|to| Ways {
                from: name(first),
                to: name(to),
                most_probable: most_probable(graph, first, to),
                quickest: quickest(graph, first, to),
            })
            .collect();
    }
    let all = (size.saturating_sub(1) * size.saturating_sub(2)).max(1) as f64;
    let between = graph.node_indices().zip(betweenness(graph));
    found.betweenness = between
        .map(|(node, pairs)| Between { state: name(node), pairs, share: pairs / all })
        .collect();
    found.absorption = absorption(graph);
    found.stationary = stationary(graph);
    found
}
