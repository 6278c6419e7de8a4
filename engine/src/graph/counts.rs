//! Integer counts of visits and moves.

use crate::figure::{Clock, StateFigure};
use crate::histogram::Histogram;

/// Totals of one state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateTotals {
    /// Visits, those of no days included.
    pub visits: i64,
    /// People with a visit.
    pub people: i64,
    /// Days of the visits.
    pub days: i64,
    /// Lines that begin in the state.
    pub starts: i64,
    /// Lines that end in the state.
    pub ends: i64,
    /// Visits that still ran when observation ended, or that ended in an unobserved time: they have
    /// no move out.
    pub censored: i64,
}

impl StateTotals {
    /// Adds the totals of other people.
    pub fn merge(&mut self, other: &Self) {
        self.visits += other.visits;
        self.people += other.people;
        self.days += other.days;
        self.starts += other.starts;
        self.ends += other.ends;
        self.censored += other.censored;
    }

    /// The row of `states` that these totals make, without the names of its graph and state.
    #[must_use]
    pub fn figure(&self) -> StateFigure {
        StateFigure {
            scheme: String::new(),
            area_code: String::new(),
            stratum: String::new(),
            state: String::new(),
            visits: self.visits,
            people: self.people,
            clock: Clock::Days,
            total_time: self.days,
            starts: self.starts,
            ends: self.ends,
            censored: self.censored,
        }
    }
}

/// Totals of one move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EdgeTotals {
    /// Moves.
    pub count: i64,
    /// People who made the move.
    pub people: i64,
    /// Days in the state left, over the moves.
    pub days: i64,
}

/// Visits and moves of some people, in a scheme of up to 32 states. Counts of different people add
/// up in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphCounts {
    size: usize,
    states: Vec<StateTotals>,
    edges: Vec<EdgeTotals>,
    stays: Vec<Histogram>,
    // of the current person: states visited, and moves made by origin
    visited: u32,
    moved: [u32; 32],
}

impl GraphCounts {
    /// No visits yet, in a scheme of `states` states (at most 32; more are ignored).
    #[must_use]
    pub fn new(states: usize) -> Self {
        let size = states.min(32);
        Self {
            size,
            states: vec![StateTotals::default(); size],
            edges: vec![EdgeTotals::default(); size * size],
            stays: vec![Histogram::default(); size * size],
            visited: 0,
            moved: [0; 32],
        }
    }

    /// How many states the scheme has.
    #[must_use]
    pub const fn states(&self) -> usize {
        self.size
    }

    /// Begins the line of the next person.
    pub fn begin(&mut self) {
        self.visited = 0;
        self.moved = [0; 32];
    }

    /// A visit of `days` days; `censored` when it has no move out.
    #[inline]
    pub fn visit(&mut self, state: usize, days: i32, censored: bool) {
        let Some(totals) = self.states.get_mut(state) else { return };
        totals.visits += 1;
        totals.days += i64::from(days);
        totals.censored += i64::from(censored);
        if self.visited & (1 << state) == 0 {
            self.visited |= 1 << state;
            totals.people += 1;
        }
    }

    /// A move after `days` days in the state left. Stays of no days count as moves but not in the
    /// durations.
    #[inline]
    pub fn step(&mut self, from: usize, to: usize, days: i32) {
        if from >= self.size || to >= self.size {
            return;
        }
        let index = from * self.size + to;
        let edge = &mut self.edges[index];
        edge.count += 1;
        edge.days += i64::from(days);
        if self.moved[from] & (1 << to) == 0 {
            self.moved[from] |= 1 << to;
            edge.people += 1;
        }
        if days > 0 {
            self.stays[index].add(days, 1);
        }
    }

    /// The line of the current person began in one state and ended in another.
    pub fn end(&mut self, first: usize, last: usize) {
        if let Some(totals) = self.states.get_mut(first) {
            totals.starts += 1;
        }
        if let Some(totals) = self.states.get_mut(last) {
            totals.ends += 1;
        }
    }

    /// Adds the counts of other people, in the same scheme.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.states.iter_mut().zip(&other.states) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.edges.iter_mut().zip(&other.edges) {
            mine.count += theirs.count;
            mine.people += theirs.people;
            mine.days += theirs.days;
        }
        for (mine, theirs) in self.stays.iter_mut().zip(&other.stays) {
            mine.merge(theirs);
        }
    }

    /// Totals of a state.
    #[must_use]
    pub fn state(&self, state: usize) -> StateTotals {
        self.states.get(state).copied().unwrap_or_default()
    }

    /// Totals of a move.
    #[must_use]
    pub fn edge(&self, from: usize, to: usize) -> EdgeTotals {
        self.edges.get(from * self.size + to).copied().unwrap_or_default()
    }

    /// Stays of at least a day in `from` before a move to `to`.
    #[must_use]
    pub fn stays(&self, from: usize, to: usize) -> &Histogram {
        &self.stays[from * self.size + to]
    }
}
