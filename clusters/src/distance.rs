//! How far two sequences are apart.

/// A cost of 1 in the whole numbers of this crate.
pub const UNIT: u32 = 100;

/// Costs of putting one state in the place of another, and of a state too many or too few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    states: usize,
    /// By state and state; the same both ways, 0 for equal states.
    substitution: Vec<u32>,
    /// Of an insertion or a deletion.
    indel: u32,
}

/// A distance between sequences of one length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distance {
    /// The least cost of making one sequence the other by substitutions, insertions and deletions
    /// (optimal matching).
    OptimalMatching(Costs),
    /// The cost of substitutions, step by step.
    Hamming(Costs),
    /// The same with costs of each step's own (Lesnard).
    DynamicHamming(Vec<Costs>),
}

impl Costs {
    /// Every substitution costs 2, every insertion or deletion 1.
    #[must_use]
    pub fn constant(states: usize) -> Self {
        Self::from_fn(states, |_, _| 2 * UNIT)
    }

    /// Every difference costs 1: with [`Distance::Hamming`] the number of steps that differ.
    #[must_use]
    pub fn of_differences(states: usize) -> Self {
        Self::from_fn(states, |_, _| UNIT)
    }

    /// Substitutions cost `2 - p(b|a) - p(a|b)` in the rates of moves from one step to the next, to the
    /// nearest hundredth a rate; insertions and deletions 1. States that follow each other often are
    /// near each other.
    #[must_use]
    pub fn of_transitions(states: usize, sequences: &[&[u8]], weights: &[i64]) -> Self {
        let rates = Rates::of(states, sequences, weights, None);
        Self::from_fn(states, |a, b| (2 * UNIT).saturating_sub(rates.rate(a, b) + rates.rate(b, a)))
    }

    /// Substitution costs of a function of two different states, which is asked once for each pair;
    /// insertions and deletions cost 1.
    #[must_use]
    pub fn from_fn(states: usize, cost: impl Fn(usize, usize) -> u32) -> Self {
        let mut substitution = vec![0; states * states];
        for a in 0..states {
            for b in a + 1..states {
                substitution[a * states + b] = cost(a, b);
                substitution[b * states + a] = cost(a, b);
            }
        }
        Self { states, substitution, indel: UNIT }
    }

    /// The same with another cost of an insertion or a deletion; at least one hundredth.
    #[must_use]
    pub fn with_indel(self, indel: u32) -> Self {
        Self { indel: indel.max(1), ..self }
    }

    /// How many states there are.
    #[must_use]
    pub const fn states(&self) -> usize {
        self.states
    }

    /// The cost of `b` in the place of `a`. A state that the costs do not know differs from every other
    /// at twice the cost of an insertion.
    #[must_use]
    #[inline]
    pub fn substitution(&self, a: u8, b: u8) -> u32 {
        let (a, b) = (usize::from(a), usize::from(b));
        if a == b {
            0
        } else if a < self.states && b < self.states {
            self.substitution[a * self.states + b]
        } else {
            2 * self.indel
        }
    }

    /// The cost of a state too many or too few.
    #[must_use]
    pub const fn indel(&self) -> u32 {
        self.indel
    }

    /// The highest cost of a substitution.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.substitution.iter().copied().max().unwrap_or(0).max(2 * self.indel)
    }
}

impl Distance {
    /// Optimal matching with substitution costs of the sequences' own moves.
    #[must_use]
    pub fn optimal_matching_of_transitions(
        states: usize,
        sequences: &[&[u8]],
        weights: &[i64],
    ) -> Self {
        Self::OptimalMatching(Costs::of_transitions(states, sequences, weights))
    }

    /// The dynamic Hamming distance: at each step, two states are `4` apart less the rates of moves
    /// between them, both ways, into the step and out of it. At the first and the last step the one side
    /// there is counts twice.
    #[must_use]
    pub fn dynamic_hamming(states: usize, sequences: &[&[u8]], weights: &[i64]) -> Self {
        let steps = sequences.first().map_or(0, |sequence| sequence.len());
        // from one step to the next
        let rates: Vec<Rates> =
            (1..steps).map(|step| Rates::of(states, sequences, weights, Some(step))).collect();
        let costs = |step: usize| {
            let last = rates.len().saturating_sub(1);
            let sides = [step.saturating_sub(1).min(last), step.min(last)];
            Costs::from_fn(states, |a, b| {
                let near = sides.iter().filter_map(|&side| rates.get(side));
                let near: u32 = near.map(|rates| rates.rate(a, b) + rates.rate(b, a)).sum();
                (4 * UNIT).saturating_sub(near)
            })
        };
        Self::DynamicHamming((0..steps).map(costs).collect())
    }

    /// The distance of two sequences of one length, by itself.
    #[must_use]
    pub fn between(&self, a: &[u8], b: &[u8]) -> u32 {
        crate::matrix::Matrix::of(&[a, b], self).between(0, 1)
    }

    /// The sum of the costs of the steps that differ; `None` for a distance that is not such a sum.
    #[must_use]
    #[inline]
    pub(crate) fn by_step(&self, a: &[u8], b: &[u8]) -> Option<u32> {
        let steps = a.iter().zip(b);
        match self {
            Self::OptimalMatching(_) => None,
            Self::Hamming(costs) => Some(steps.map(|(&a, &b)| costs.substitution(a, b)).sum()),
            Self::DynamicHamming(costs) => {
                let costed = costs.iter().zip(steps);
                Some(costed.map(|(costs, (&a, &b))| costs.substitution(a, b)).sum())
            }
        }
    }
}

/// Rates of moves from one step to the next, the moves to the same state among them.
struct Rates {
    states: usize,
    moves: Vec<u64>,
    from: Vec<u64>,
}

impl Rates {
    /// Of all steps, or of the moves into one of them.
    fn of(states: usize, sequences: &[&[u8]], weights: &[i64], into: Option<usize>) -> Self {
        let mut rates = Self { states, moves: vec![0; states * states], from: vec![0; states] };
        for (sequence, &weight) in sequences.iter().zip(weights) {
            for (step, pair) in (1..).zip(sequence.windows(2)) {
                let (a, b) = (usize::from(pair[0]), usize::from(pair[1]));
                if into.is_none_or(|into| into == step) && a < states && b < states {
                    rates.moves[a * states + b] += weight.unsigned_abs();
                    rates.from[a] += weight.unsigned_abs();
                }
            }
        }
        rates
    }

    /// In hundredths, to the nearest.
    fn rate(&self, a: usize, b: usize) -> u32 {
        let (moves, from) = (self.moves[a * self.states + b], self.from[a]);
        (u64::from(UNIT) * moves + from / 2).checked_div(from).unwrap_or(0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_of_transitions_are_two_less_both_rates() {
        // from 0: 3 of 4 stay, 1 of 4 goes to 1; from 1: 1 of 2 goes back
        let sequences: [&[u8]; 2] = [&[0, 0, 0, 1, 1], &[0, 0, 2, 2, 2]];
        let costs = Costs::of_transitions(3, &sequences, &[1, 0]);
        assert_eq!(costs.substitution(0, 1), 200 - 33);
        assert_eq!(costs.substitution(1, 0), 200 - 33);
        assert_eq!(costs.substitution(0, 2), 200);
        let weighted = Costs::of_transitions(3, &sequences, &[1, 2]);
        // 0: 2 stay and 1 moves to 1 in the first; 2 stay and 2 move to 2 in the second
        assert_eq!(weighted.substitution(0, 1), 200 - 14);
        assert_eq!(weighted.substitution(0, 2), 200 - 29);
        assert_eq!(weighted.substitution(0, 9), 200);
    }

    #[test]
    fn dynamic_costs_are_those_of_the_step() {
        let sequences: [&[u8]; 2] = [&[0, 1, 1], &[0, 0, 1]];
        let Distance::DynamicHamming(costs) = Distance::dynamic_hamming(2, &sequences, &[1, 1])
        else {
            panic!("another distance");
        };
        // into step 1: p(1|0) = 1/2; into step 2: p(1|0) = 1, p(0|1) = 0
        let found: Vec<u32> = costs.iter().map(|costs| costs.substitution(0, 1)).collect();
        assert_eq!(found, [400 - 100, 400 - 150, 400 - 200]);
    }
}
