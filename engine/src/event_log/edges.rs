//! Directly-follows edges: which activity came next, and after how long.

use crate::histogram::quantile;
use hashbrown::HashMap;
use rayon::prelude::*;
use throughcare_linkage::link::cases::Case;

/// The moves of some cases.
#[derive(Debug, Default)]
pub struct Edges {
    numbers: HashMap<(u16, u16), u32>,
    edges: Vec<Edge>,
    nodes: Vec<Node>,
    // the case at hand, from 1
    case: u32,
}

/// One move: from an activity to the next of the case.
#[derive(Debug, Default)]
pub struct Edge {
    /// Milliseconds of each, from start to start.
    gaps: Vec<i64>,
    /// Cases that made the move.
    pub cases: i64,
    last_case: u32,
}

/// One activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Events.
    pub events: i64,
    /// Cases with such an event.
    pub cases: i64,
    /// Cases that begin with it.
    pub starts: i64,
    /// Cases that end with it.
    pub ends: i64,
    /// Milliseconds until the next event began, or, of a last event, until it ended.
    pub millis: i64,
    last_case: u32,
}

impl Edges {
    /// Counts the moves of a case.
    pub fn add(&mut self, case: &Case<'_>) {
        self.case += 1;
        let Self { numbers, edges, nodes, case: this } = self;
        for (n, event) in case.events.iter().enumerate() {
            let activity = usize::from(event.activity);
            if nodes.len() <= activity {
                nodes.resize(activity + 1, Node::default());
            }
            let next = case.events.get(n + 1);
            let until = next.map_or(event.end, |next| next.start);
            let millis = (until.0 - event.start.0).max(0);
            let node = &mut nodes[activity];
            node.events += 1;
            node.millis += millis;
            node.starts += i64::from(n == 0);
            node.ends += i64::from(next.is_none());
            if node.last_case != *this {
                node.last_case = *this;
                node.cases += 1;
            }
            let Some(next) = next else { continue };
            let number = *numbers.entry((event.activity, next.activity)).or_insert_with(|| {
                edges.push(Edge::default());
                edges.len() as u32 - 1
            });
            let edge = &mut edges[number as usize];
            edge.gaps.push(millis);
            if edge.last_case != *this {
                edge.last_case = *this;
                edge.cases += 1;
            }
        }
    }

    /// Adds the moves of other cases.
    pub fn merge(&mut self, other: Self) {
        let Self { numbers, edges, nodes, .. } = self;
        if nodes.len() < other.nodes.len() {
            nodes.resize(other.nodes.len(), Node::default());
        }
        for (mine, theirs) in nodes.iter_mut().zip(&other.nodes) {
            mine.events += theirs.events;
            mine.cases += theirs.cases;
            mine.starts += theirs.starts;
            mine.ends += theirs.ends;
            mine.millis += theirs.millis;
            mine.last_case = 0;
        }
        let mut theirs = other.edges;
        for (key, number) in other.numbers {
            let their = std::mem::take(&mut theirs[number as usize]);
            let mine = *numbers.entry(key).or_insert_with(|| {
                edges.push(Edge::default());
                edges.len() as u32 - 1
            });
            let mine = &mut edges[mine as usize];
            mine.cases += their.cases;
            mine.last_case = 0;
            if mine.gaps.is_empty() {
                mine.gaps = their.gaps;
            } else {
                mine.gaps.extend(their.gaps);
            }
        }
        self.case = 0;
    }

    /// Puts the times of each move in order, for quantiles.
    pub fn settle(&mut self) {
        self.edges.par_iter_mut().for_each(|edge| edge.gaps.sort_unstable());
    }

    /// An activity.
    #[must_use]
    pub fn node(&self, activity: u16) -> Node {
        self.nodes.get(usize::from(activity)).copied().unwrap_or_default()
    }

    /// A move, if a case made it.
    #[must_use]
    pub fn edge(&self, from: u16, to: u16) -> Option<&Edge> {
        let number = *self.numbers.get(&(from, to))?;
        self.edges.get(number as usize)
    }
}

impl Edge {
    /// How often the move was made.
    #[must_use]
    pub fn count(&self) -> i64 {
        self.gaps.len() as i64
    }

    /// Milliseconds in all.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.gaps.iter().sum()
    }

    /// The quantile at `permille` thousandths in milliseconds, linear between order statistics (M0.5).
    /// Only after [`Edges::settle`].
    #[must_use]
    pub fn quantile(&self, permille: u16) -> Option<f64> {
        quantile(&self.gaps, permille)
    }
}
