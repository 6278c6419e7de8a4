//! Directly-follows edges: which activity came next, and after how long.

use crate::histogram::quantile_of;
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
    /// Milliseconds of each, from start to start: some in half the memory, and those that need more.
    short: Vec<u32>,
    long: Vec<i64>,
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
            match u32::try_from(millis) {
                Ok(short) => edge.short.push(short),
                Err(_) => edge.long.push(millis),
            }
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
            mine.short.extend(their.short);
            mine.long.extend(their.long);
        }
        self.case = 0;
    }

    /// Puts the times of each move in order, for quantiles.
    pub fn settle(&mut self) {
        self.edges.par_iter_mut().for_each(|edge| {
            edge.short.sort_unstable();
            edge.long.sort_unstable();
        });
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
        (self.short.len() + self.long.len()) as i64
    }

    /// Milliseconds in all.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.gaps().sum()
    }

    /// The quantile at `permille` thousandths in milliseconds, linear between order statistics (M0.5).
    /// Only after [`Edges::settle`].
    #[must_use]
    pub fn quantile(&self, permille: u16) -> Option<f64> {
        quantile_of(self.gaps().map(|millis| (millis, 1)), self.count(), permille)
    }

    /// Milliseconds of each; in order after [`Edges::settle`].
    fn gaps(&self) -> impl Iterator<Item = i64> + '_ {
        self.short.iter().map(|&millis| i64::from(millis)).chain(self.long.iter().copied())
    }
}
