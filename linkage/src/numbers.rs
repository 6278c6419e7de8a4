//! Numbers of people row by row, in half the room while a partition has few.

use crate::chunks::Chunks;

/// A growing list of numbers. A partition has some thousands of people in most runs, so the high half of
/// its numbers is kept only from the first one on that needs it.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    low: Chunks<u16>,
    /// As many as `low` from that one on, before it none.
    high: Chunks<u16>,
}

impl Numbers {
    /// Adds numbers at the end.
    pub fn extend(&mut self, numbers: &[u32]) {
        let before = self.low.len();
        self.low.extend_with(numbers.len(), |n| numbers[n] as u16);
        if !self.high.is_empty() || numbers.iter().any(|&number| number > u32::from(u16::MAX)) {
            self.high.fill_up(before, &0);
            self.high.extend_with(numbers.len(), |n| (numbers[n] >> u16::BITS) as u16);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.low.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.low.is_empty()
    }

    /// The numbers in their order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + Clone {
        self.pieces().flatten()
    }

    /// The numbers in their order, in pieces of as many as those of other lists.
    pub fn pieces(&self) -> impl Iterator<Item = impl Iterator<Item = u32> + Clone> + Clone {
        let high = self.high.pieces().map(Some).chain(std::iter::repeat(None));
        self.low.pieces().zip(high).map(|(low, high)| {
            let high = high.unwrap_or_default();
            low.iter().enumerate().map(move |(n, &low)| {
                let high = high.get(n).copied().unwrap_or(0);
                u32::from(high) << u16::BITS | u32::from(low)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back_whenever_the_first_large_one_comes(
            runs in prop::collection::vec(
                prop::collection::vec(prop_oneof![9 => 0..70_000u32, 1 => any::<u32>()], 0..1_500),
                0..5,
            ),
            small in 0..5usize,
        ) {
            let mut numbers = Numbers::default();
            let mut all = Vec::new();
            for (n, mut run) in runs.into_iter().enumerate() {
                if n < small {
                    run.iter_mut().for_each(|number| *number %= 1 << 16);
                }
                numbers.extend(&run);
                all.extend(run);
                prop_assert_eq!(numbers.len(), all.len());
                prop_assert_eq!(numbers.is_empty(), all.is_empty());
                prop_assert!(numbers.iter().eq(all.iter().copied()));
                let large = all.iter().any(|&number| number >= 1 << 16);
                prop_assert_eq!(numbers.high.len(), if large { all.len() } else { 0 });
            }
        }
    }
}
