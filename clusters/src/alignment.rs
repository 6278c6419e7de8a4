//! The cost of aligning one sequence with many at a time (optimal matching).

use crate::distance::Costs;

/// Sequences that are compared side by side.
pub const LANES: usize = 16;

/// Whole numbers of a width that holds all costs of a length.
pub trait Number: Copy + Ord + Send + Sync {
    /// What no cost reaches.
    const MOST: Self;
    /// A cost.
    fn of(cost: u32) -> Self;
    /// The sum, at most [`Self::MOST`].
    fn plus(self, other: Self) -> Self;
    /// The cost again.
    fn cost(self) -> u32;
}

impl Number for i16 {
    const MOST: Self = Self::MAX;

    #[inline(always)]
    fn of(cost: u32) -> Self {
        Self::try_from(cost).unwrap_or(Self::MAX)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }

    #[inline(always)]
    fn cost(self) -> u32 {
        u32::from(self.unsigned_abs())
    }
}

impl Number for i32 {
    // half, so that a sum of two costs never passes the end
    const MOST: Self = Self::MAX / 2;

    #[inline(always)]
    fn of(cost: u32) -> Self {
        Self::try_from(cost).unwrap_or(Self::MOST).min(Self::MOST)
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn cost(self) -> u32 {
        self.unsigned_abs()
    }
}

/// Whether all costs of sequences of a length fit in 16 bits.
pub fn is_short(length: usize, costs: &Costs) -> bool {
    let most = costs.highest() as usize;
    length.saturating_mul(most) < i16::MAX as usize && most * 4 < i16::MAX as usize
}

/// Up to [`LANES`] sequences of one length, with the cost of every state at every step of each.
pub struct Profile<N> {
    /// By state, then by step.
    costs: Vec<[N; LANES]>,
    length: usize,
    indel: N,
    whole_indel: u32,
}

impl<N: Number> Profile<N> {
    /// The profile of some sequences; lanes without a sequence stay empty. `states` are those that a
    /// sequence can have.
    pub fn new(sequences: &[&[u8]], states: usize, length: usize, costs: &Costs) -> Self {
        let mut table = vec![[N::of(0); LANES]; states * length];
        for (lane, sequence) in sequences.iter().take(LANES).enumerate() {
            for state in 0..states {
                for (step, &other) in sequence.iter().enumerate() {
                    table[state * length + step][lane] =
                        N::of(costs.substitution(state as u8, other));
                }
            }
        }
        let (indel, whole_indel) = (N::of(costs.indel()), costs.indel());
        Self { costs: table, length, indel, whole_indel }
    }

    /// The costs of aligning a sequence with each. `row` is a buffer.
    ///
    /// An alignment that leaves the diagonal by `k` steps needs `k` insertions and `k` deletions, so none
    /// further away than half the cost of no move at all can be the best: the band is exact.
    pub fn align(&self, sequence: &[u8], row: &mut Vec<[N; LANES]>) -> [u32; LANES] {
        let length = self.length;
        let mut straight = [N::of(0); LANES];
        for (step, &state) in sequence.iter().enumerate() {
            let costs = &self.costs[usize::from(state) * length + step];
            for lane in 0..LANES {
                straight[lane] = straight[lane].plus(costs[lane]);
            }
        }
        let furthest = straight.iter().map(|cost| cost.cost()).max().unwrap_or(0);
        let band = (furthest / (2 * self.whole_indel)) as usize;
        if band == 0 {
            return straight.map(Number::cost);
        }
        let band = band.min(length);
        row.clear();
        let border =
            |n: usize| N::of(u32::try_from(n).unwrap_or(u32::MAX).saturating_mul(self.whole_indel));
        row.extend((0..=length).map(|n| [if n <= band { border(n) } else { N::MOST }; LANES]));
        for (n, &state) in sequence.iter().enumerate() {
            let first = (n + 1).saturating_sub(band).max(1);
            let last = (n + 1 + band).min(length);
            let at = usize::from(state) * length;
            let costs = &self.costs[at + first - 1..at + last];
            let mut diagonal = row[first - 1];
            let mut left = [N::MOST; LANES];
            if first == 1 {
                left = [border(n + 1); LANES];
                row[0] = left;
            }
            for (cell, costs) in row[first..=last].iter_mut().zip(costs) {
                let above = *cell;
                for lane in 0..LANES {
                    let replaced = diagonal[lane].plus(costs[lane]);
                    let moved = above[lane].min(left[lane]).plus(self.indel);
                    left[lane] = replaced.min(moved);
                }
                *cell = left;
                diagonal = above;
            }
        }
        row[length].map(Number::cost)
    }
}
