//! The share in each of several states over time: the Aalen–Johansen product integral for any model of
//! states (`linked-metrics.md` M9, multi-state generalisation).

use super::risk_table::Time;
use std::collections::BTreeMap;

/// Moves between states by time. Adding and merging commute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveTable {
    states: u8,
    // time, from, to; no state is outside observation
    moves: BTreeMap<(Time, Option<u8>, Option<u8>), i64>,
    // those under observation from the start, by state
    at_start: Vec<i64>,
}

/// The estimate at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Occupancy {
    /// Time.
    pub time: Time,
    /// Estimated share in each state after this time; they add up to 1.
    pub shares: Vec<f64>,
    /// Covariance of the shares, row by row.
    pub covariance: Vec<Vec<f64>>,
}

impl Occupancy {
    /// Standard error of the share in a state.
    #[must_use]
    pub fn standard_error(&self, state: u8) -> f64 {
        let n = usize::from(state);
        self.covariance.get(n).and_then(|row| row.get(n)).map_or(0.0, |v| v.max(0.0).sqrt())
    }
}

impl MoveTable {
    /// No moves, between this many states, numbered from 0.
    #[must_use]
    pub fn new(states: u8) -> Self {
        Self { states, moves: BTreeMap::new(), at_start: vec![0; usize::from(states)] }
    }

    /// Number of states.
    #[must_use]
    pub const fn states(&self) -> u8 {
        self.states
    }

    /// Counts one record: the state it starts in, when it comes under observation (`None`: from the
    /// start), its moves in the order of time, and when it is last seen (`None`: its last state is
    /// final).
    ///
    /// Several moves at one time are one, from the state before to the state after; a move to the same
    /// state is none. A move at `entry` or before it changes the state in which the record comes in.
    /// Moves after `last_seen` and to states that do not exist are not looked at. A record that is last
    /// seen at its entry or before is never at risk, and not counted: the answer is `false`.
    pub fn add(
        &mut self,
        start: u8,
        entry: Option<Time>,
        moves: impl IntoIterator<Item = (Time, u8)>,
        last_seen: Option<Time>,
    ) -> bool {
        let states = self.states;
        if start >= states || entry.zip(last_seen).is_some_and(|(entry, last)| last <= entry) {
            return false;
        }
        let mut moves = moves
            .into_iter()
            .filter(|&(time, to)| to < states && last_seen.is_none_or(|last| time <= last))
            .peekable();
        let mut state = start;
        if let Some(entry) = entry {
            while let Some((_, to)) = moves.next_if(|&(time, _)| time <= entry) {
                state = to;
            }
            self.count(entry, None, Some(state));
        } else {
            self.at_start[usize::from(state)] += 1;
        }
        while let Some((time, mut to)) = moves.next() {
            while let Some((_, later)) = moves.next_if(|&(other, _)| other == time) {
                to = later;
            }
            if to != state {
                self.count(time, Some(state), Some(to));
                state = to;
            }
        }
        if let Some(last) = last_seen {
            self.count(last, Some(state), None);
        }
        true
    }

    fn count(&mut self, time: Time, from: Option<u8>, to: Option<u8>) {
        *self.moves.entry((time, from, to)).or_default() += 1;
    }

    /// Adds the records of other people. Both tables have the same states.
    pub fn merge(&mut self, other: &Self) {
        for (&key, &records) in &other.moves {
            *self.moves.entry(key).or_default() += records;
        }
        for (mine, theirs) in self.at_start.iter_mut().zip(&other.at_start) {
            *mine += theirs;
        }
    }

    /// Records under observation in each state at the end of a time, those last seen at it included.
    #[must_use]
    pub fn present(&self, time: Time) -> Vec<i64> {
        let mut counts = self.at_start.clone();
        for (&(at, left, entered), &records) in self.moves.range(..(time + 1, None, None)) {
            if at == time && entered.is_none() {
                continue;
            }
            if let Some(count) = left.and_then(|left| counts.get_mut(usize::from(left))) {
                *count -= records;
            }
            if let Some(count) = entered.and_then(|entered| counts.get_mut(usize::from(entered))) {
                *count += records;
            }
        }
        counts
    }

    /// Records that start in each state, whenever they come under observation.
    #[must_use]
    pub fn starts(&self) -> Vec<i64> {
        self.at_start.clone()
    }
}

/// Row `from` of the matrix of transition probabilities `P(s, t) = Π (I + dA)` after every time `t > since`
/// with a move, with the covariance of its entries.
///
/// `dA_hj = d_hj / Y_h`, where `Y_h` are in state `h` just before and `d_hj` move to `j`; a record last
/// seen at the time of a move is still there. With the row `p`, the covariance goes from one time to the
/// next by `(I + dA)' V (I + dA) + Σ_h p_h² Cov(dA_h)`, where a row of `dA` is that of a multinomial draw,
/// `Cov(dA_hj, dA_hk) = (δ_jk d_hj Y_h − d_hj d_hk) / Y_h³`: with one start and final states this is the
/// variance of M9.
///
/// Complexity: times × (states³).
#[must_use]
pub fn occupancy(table: &MoveTable, from: u8, since: Time) -> Vec<Occupancy> {
    let size = usize::from(table.states);
    let mut shares = vec![0.0; size];
    let mut covariance = vec![vec![0.0; size]; size];
    let Some(start) = shares.get_mut(usize::from(from)) else { return Vec::new() };
    *start = 1.0;
    let mut at_risk = table.at_start.clone();
    let mut results = Vec::new();
    let mut moves = table.moves.iter().peekable();
    while let Some(&(&(time, ..), _)) = moves.peek() {
        // what moves now, by state left and state entered
        let mut now = vec![vec![0; size]; size];
        let mut net = vec![0; size];
        let mut moved = false;
        while let Some((&(_, left, entered), &records)) = moves.next_if(|((at, ..), _)| *at == time)
        {
            let number = |state: Option<u8>| state.map(usize::from);
            if let (Some(left), Some(entered)) = (number(left), number(entered)) {
                now[left][entered] += records;
                moved = true;
            }
            if let Some(left) = number(left) {
                net[left] -= records;
            }
            if let Some(entered) = number(entered) {
                net[entered] += records;
            }
        }
        if moved && time > since {
            let step = Step::new(&now, &at_risk);
            covariance = step.covariance(&covariance, &shares);
            shares = step.row(&shares);
            let (shares, covariance) = (shares.clone(), covariance.clone());
            results.push(Occupancy { time, shares, covariance });
        }
        for (count, change) in at_risk.iter_mut().zip(&net) {
            *count += change;
        }
    }
    results
}

/// `I + dA` of one time, and the numbers behind it.
struct Step<'a> {
    moves: &'a [Vec<i64>],
    at_risk: &'a [i64],
    matrix: Vec<Vec<f64>>,
}

impl<'a> Step<'a> {
    fn new(moves: &'a [Vec<i64>], at_risk: &'a [i64]) -> Self {
        let row = |(from, (moves, &n)): (usize, (&Vec<i64>, &i64))| {
            let d: i64 = moves.iter().sum();
            let n = n.max(1) as f64;
            let mut row: Vec<f64> = moves.iter().map(|&moves| moves as f64 / n).collect();
            row[from] = 1.0 - d as f64 / n;
            row
        };
        let matrix = moves.iter().zip(at_risk).enumerate().map(row).collect();
        Self { moves, at_risk, matrix }
    }

    /// A row vector times the matrix.
    fn row(&self, row: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; row.len()];
        for (of_row, of_matrix) in row.iter().zip(&self.matrix) {
            for (sum, entry) in product.iter_mut().zip(of_matrix) {
                *sum += of_row * entry;
            }
        }
        product
    }

    fn covariance(&self, before: &[Vec<f64>], shares: &[f64]) -> Vec<Vec<f64>> {
        let size = shares.len();
        // (I + dA)' V (I + dA): V is symmetric, so rows first and then columns
        let half: Vec<Vec<f64>> = before.iter().map(|row| self.row(row)).collect();
        let column = |j: usize| half.iter().map(|row| row[j]).collect::<Vec<f64>>();
        let mut after: Vec<Vec<f64>> = (0..size).map(|j| self.row(&column(j))).collect();
        for (from, moves) in self.moves.iter().enumerate() {
            let n = self.at_risk[from] as f64;
            let d: i64 = moves.iter().sum();
            if d == 0 || n <= 0.0 {
                continue;
            }
            let scale = shares[from] * shares[from] / (n * n * n);
            // those that stay are what is left of the draw
            let drawn = |state: usize| {
                if state == from { n - d as f64 } else { moves[state] as f64 }
            };
            for (j, row) in after.iter_mut().enumerate() {
                for (k, entry) in row.iter_mut().enumerate() {
                    let same = if j == k { n } else { 0.0 };
                    *entry += scale * (drawn(j) * same - drawn(j) * drawn(k));
                }
            }
        }
        after
    }
}
