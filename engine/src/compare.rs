//! Two groups of people side by side, move by move: how likely each move is in one and in the other, and
//! how long the stay before it.
//!
//! The probability of a move is its share of the moves out of a state, and the median that of the days
//! before it, as in the transition graph (`linked-metrics.md` M16). A difference is that of the second group
//! from the first. Its interval comes from drawing *people* anew ([`draw`]), not moves: the moves of one
//! person are not independent. With standardisation each person weighs what makes both groups alike in age
//! and sex: people of a cell count as the cell's share of both groups together, in either group. Cells that
//! only one group has leave their people out, counted.
//!
//! # Example
//!
//! ```
//! use throughcare_engine::compare::moves::{Collected, GroupPerson};
//! use throughcare_engine::compare::compare;
//! use throughcare_linkage::person::PersonKey;
//!
//! let mut collected = Collected::default();
//! for n in 0..200u32 {
//!     let group = (n % 2) as u16;
//!     collected.begin(GroupPerson { key: PersonKey::of(&n.to_le_bytes()), group, cell: 0 });
//!     // of the first group half go home, of the second three quarters
//!     let goes_home = if group == 0 { n % 4 < 2 } else { n % 8 < 6 };
//!     collected.step(0, if goes_home { 1 } else { 2 }, 5);
//! }
//! let compared = compare(&collected.settle(), false, 200, 1);
//! let home = &compared.edges[0];
//! assert_eq!(home.probability.map(|of| of.value), Some(0.25));
//! assert!(home.probability.is_some_and(|of| of.lower > 0.0 && of.upper < 0.5));
//! ```

pub mod discovery;
pub mod draw;
pub mod moves;
pub mod settings;
#[cfg(test)]
mod tests;

use moves::{GroupMove, Groups};
use rayon::prelude::*;
use statrs::function::erf::erfc;

/// Two groups compared. Exact: never written without disclosure control.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// People of each group.
    pub people: [i64; 2],
    /// People of each group who were left out because the other group has nobody of their age and sex.
    pub left_out: [i64; 2],
    /// The moves that any of them made, by state left and state entered.
    pub edges: Vec<EdgeComparison>,
}

/// What the groups and states of a comparison are called.
#[derive(Clone, Debug)]
pub struct Names {
    /// What the groups differ in.
    pub by: String,
    /// The value of each.
    pub groups: [String; 2],
    /// The columns `area_code` and `stratum` of the graph of each.
    pub keys: [(String, String); 2],
    /// States by number.
    pub states: Vec<String>,
    /// What the groups were made alike in.
    pub standardised: Vec<String>,
    /// Draws behind the intervals.
    pub replicates: u32,
    /// Their seed.
    pub seed: u64,
}

/// One kind of move in both groups.
#[derive(Clone, Copy, Debug)]
pub struct EdgeComparison {
    /// State left.
    pub from: u8,
    /// State entered.
    pub to: u8,
    /// Moves in each group.
    pub count: [i64; 2],
    /// Share of the moves out of the state, in each group; none where nobody leaves it.
    pub probabilities: [Option<f64>; 2],
    /// Median of the days before the move, stays of no days left out; none without a stay.
    pub median_days: [Option<f64>; 2],
    /// The difference of the probabilities; none where one is missing.
    pub probability: Option<Difference>,
    /// The difference of the medians.
    pub days: Option<Difference>,
}

/// The second group's number less the first group's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The difference.
    pub value: f64,
    /// Lower limit: the 2.5th percentile of the replicates.
    pub lower: f64,
    /// Upper limit: the 97.5th percentile.
    pub upper: f64,
    /// Probability of so large a difference if the groups do not differ, two-sided, by the standard error of
    /// the replicates.
    pub p: f64,
    /// `p` adjusted for the number of comparisons of its kind ([`discovery`]).
    pub q: f64,
}

/// Compares two groups.
///
/// # Arguments
///
/// * `groups`: the people and their moves.
/// * `standardise`: weigh people so that both groups are alike in the cells of [`moves::GroupPerson`].
/// * `replicates`, `seed`: draws of people for the intervals.
///
/// # Complexity
///
/// Time of moves × replicates, on all threads.
#[must_use]
pub fn compare(groups: &Groups, standardise: bool, replicates: u32, seed: u64) -> Comparison {
    let weigher = Weigher::new(groups, standardise);
    let once = vec![1u8; groups.people().len()];
    let whole = weigher.estimates(&once);
    let drawn: Vec<Vec<Estimate>> = (0..replicates)
        .into_par_iter()
        .map(|replicate| {
            let times = groups.people().iter().map(|of| draw::times(seed, replicate, of.key));
            weigher.estimates(&times.collect::<Vec<u8>>())
        })
        .collect();
    let difference = |edge: usize, of: fn(&Estimate) -> [Option<f64>; 2]| {
        let value = apart(of(&whole[edge]))?;
        let values = drawn.iter().filter_map(|estimates| apart(of(&estimates[edge])));
        Difference::new(value, values.collect(), replicates)
    };
    let mut edges: Vec<EdgeComparison> = groups
        .edges()
        .iter()
        .enumerate()
        .map(|(n, edge)| EdgeComparison {
            from: edge.from,
            to: edge.to,
            count: [0, 1].map(|group| groups.of(edge, group).len() as i64),
            probabilities: whole[n].probability,
            median_days: whole[n].days,
            probability: difference(n, |estimate| estimate.probability),
            days: difference(n, |estimate| estimate.days),
        })
        .collect();
    adjust(&mut edges, |edge| edge.probability.as_mut());
    adjust(&mut edges, |edge| edge.days.as_mut());
    Comparison {
        people: [0u16, 1].map(|group| groups.size(group) as i64),
        left_out: weigher.left_out,
        edges,
    }
}

/// The second less the first.
fn apart(of: [Option<f64>; 2]) -> Option<f64> {
    Some(of[1]? - of[0]?)
}

fn adjust(edges: &mut [EdgeComparison], of: fn(&mut EdgeComparison) -> Option<&mut Difference>) {
    let p: Vec<f64> = edges.iter_mut().filter_map(of).map(|of| of.p).collect();
    let q = discovery::adjusted(&p);
    for (difference, q) in edges.iter_mut().filter_map(of).zip(q) {
        difference.q = q;
    }
}

impl Difference {
    /// The difference with limits from replicates; none when a tenth of them or more have no difference.
    fn new(value: f64, mut drawn: Vec<f64>, replicates: u32) -> Option<Self> {
        if drawn.len() < 2 || drawn.len() as f64 <= 0.9 * f64::from(replicates) {
            return None;
        }
        drawn.sort_unstable_by(f64::total_cmp);
        let n = drawn.len() as f64;
        let mean = drawn.iter().sum::<f64>() / n;
        let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let p = if value == 0.0 {
            1.0
        } else if variance == 0.0 {
            0.0
        } else {
            erfc(value.abs() / variance.sqrt() / std::f64::consts::SQRT_2)
        };
        let (lower, upper) = (percentile(&drawn, 0.025), percentile(&drawn, 0.975));
        Some(Self { value, lower, upper, p, q: p })
    }
}

/// A percentile of ordered values, between two of them in proportion.
fn percentile(ordered: &[f64], share: f64) -> f64 {
    let place = share * (ordered.len() - 1) as f64;
    let (below, above) = (ordered[place.floor() as usize], ordered[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// What one draw says of one kind of move, in each group.
#[derive(Clone, Copy, Debug, Default)]
struct Estimate {
    probability: [Option<f64>; 2],
    days: [Option<f64>; 2],
}

/// Weighs people and makes estimates.
struct Weigher<'a> {
    groups: &'a Groups,
    /// The cell of each person; all in cell 0 without standardisation.
    cells: Vec<u16>,
    /// Whether both groups have people of a cell.
    is_shared: Vec<bool>,
    left_out: [i64; 2],
}

impl<'a> Weigher<'a> {
    fn new(groups: &'a Groups, standardise: bool) -> Self {
        let cell = |cell: u16| if standardise { cell } else { 0 };
        let cells: Vec<u16> = groups.people().iter().map(|person| cell(person.cell)).collect();
        let number = cells.iter().max().map_or(0, |&last| usize::from(last) + 1);
        let mut sizes = vec![[0i64; 2]; number];
        for (person, &cell) in groups.people().iter().zip(&cells) {
            sizes[usize::from(cell)][usize::from(person.group)] += 1;
        }
        let is_shared: Vec<bool> =
            sizes.iter().map(|&[one, other]| !standardise || (one > 0 && other > 0)).collect();
        let alone = sizes.iter().zip(&is_shared).filter(|(_, is_shared)| !**is_shared);
        let left_out = alone.fold([0; 2], |[a, b], ([one, other], _)| [a + one, b + other]);
        Self { groups, cells, is_shared, left_out }
    }

    /// What the people say when each counts so many times.
    fn estimates(&self, times: &[u8]) -> Vec<Estimate> {
        let factors = self.factors(times);
        let weight = |step: &GroupMove, group: usize| {
            let person = step.person as usize;
            f64::from(times[person]) * factors[usize::from(self.cells[person])][group]
        };
        // whole numbers by cell first, so that the sum of a cell is exact
        let total = |moves: &[GroupMove], group: usize| {
            let mut counts = vec![0u64; factors.len()];
            for step in moves {
                let person = step.person as usize;
                counts[usize::from(self.cells[person])] += u64::from(times[person]);
            }
            counts.iter().zip(&factors).map(|(&n, factor)| n as f64 * factor[group]).sum::<f64>()
        };
        let edges = self.groups.edges();
        let totals: Vec<[f64; 2]> = edges
            .iter()
            .map(|edge| [0, 1].map(|group| total(self.groups.of(edge, group), group)))
            .collect();
        let mut leaving = [[0.0; 2]; 1 + u8::MAX as usize];
        for (edge, total) in edges.iter().zip(&totals) {
            let [one, other] = &mut leaving[usize::from(edge.from)];
            *one += total[0];
            *other += total[1];
        }
        let mut estimates = vec![Estimate::default(); edges.len()];
        for (n, edge) in edges.iter().enumerate() {
            for group in [0, 1] {
                let leaving = leaving[usize::from(edge.from)][group];
                let estimate = &mut estimates[n];
                if leaving > 0.0 {
                    estimate.probability[group] = Some(totals[n][group] / leaving);
                }
                let moves = self.groups.of(edge, group);
                let stays = &moves[moves.partition_point(|step| step.days <= 0)..];
                let half = total(stays, group) / 2.0;
                estimate.days[group] = median(stays, half, |step| weight(step, group));
            }
        }
        estimates
    }

    /// What one count of a person of each cell weighs in each group: the size of the cell in both groups for
    /// one in this one.
    fn factors(&self, times: &[u8]) -> Vec<[f64; 2]> {
        let mut sizes = vec![[0u64; 2]; self.is_shared.len()];
        for ((person, &cell), &times) in self.groups.people().iter().zip(&self.cells).zip(times) {
            sizes[usize::from(cell)][usize::from(person.group)] += u64::from(times);
        }
        if let [_] = sizes[..] {
            return vec![[1.0; 2]];
        }
        let factor = |(&[one, other], &is_shared): (&[u64; 2], &bool)| {
            [one, other].map(|own| {
                let is_there = is_shared && own > 0;
                if is_there { (one + other) as f64 / own as f64 } else { 0.0 }
            })
        };
        sizes.iter().zip(&self.is_shared).map(factor).collect()
    }
}

/// The days at which half of the weight is reached; where that is exactly between two stays, the middle of
/// both.
fn median(stays: &[GroupMove], half: f64, weight: impl Fn(&GroupMove) -> f64) -> Option<f64> {
    if half <= 0.0 {
        return None;
    }
    // sums of other orders differ in the last digits
    let nearly = half * 1e-9;
    let mut passed = 0.0;
    let mut at_half: Option<i32> = None;
    for step in stays {
        let weight = weight(step);
        if weight == 0.0 {
            continue;
        }
        if let Some(days) = at_half {
            return Some(f64::from(days + step.days) / 2.0);
        }
        passed += weight;
        if passed > half + nearly {
            return Some(step.days.into());
        }
        if passed > half - nearly {
            at_half = Some(step.days);
        }
    }
    at_half.map(f64::from)
}
