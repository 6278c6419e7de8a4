//! Distinct sequences of states or states, and how many follow each: pathways of people, variants of
//! an event log.

use crate::histogram::quantile;
use hashbrown::HashTable;
use std::cmp::Reverse;
use throughcare_linkage::person::spread;
use xxhash_rust::xxh3::xxh3_64;

/// The sequences that some people, or cases, follow. A state is a number that names give a text to.
#[derive(Clone, Debug, Default)]
pub struct Sequences {
    // sequences one after the other; each distinct one once
    states: Vec<u16>,
    ends: Vec<u32>,
    cases: Vec<i64>,
    // a part of the hash beside the number spares nearly every look at another sequence
    numbers: HashTable<(u32, u32)>,
    // number of the sequence and length of each case
    lengths: Vec<(u32, i64)>,
}

/// One sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Names of the states, joined.
    pub path: String,
    /// Those who follow it.
    pub cases: i64,
    /// Median length.
    pub median_length: Option<f64>,
}

impl Sequences {
    /// Counts one who follows a sequence and takes so long for it, in days or milliseconds.
    pub fn add(&mut self, sequence: &[u16], length: i64) {
        let number = self.number(sequence);
        self.cases[number as usize] += 1;
        self.lengths.push((number, length));
    }

    /// Counts one who follows a sequence whose length nobody asks for.
    pub fn add_one(&mut self, sequence: &[u16]) {
        let number = self.number(sequence);
        self.cases[number as usize] += 1;
    }

    /// Adds the sequences of others.
    pub fn merge(&mut self, other: &Self) {
        self.merge_as(other, |state| state);
    }

    /// Adds the sequences of others, whose numbers of states `state` makes these.
    pub fn merge_as(&mut self, other: &Self, mut state: impl FnMut(u16) -> u16) {
        let mut sequence = Vec::new();
        let theirs: Vec<u32> = (0..other.len())
            .map(|n| {
                sequence.clear();
                sequence.extend(other.sequence_of(n).iter().map(|&theirs| state(theirs)));
                let mine = self.number(&sequence);
                self.cases[mine as usize] += other.cases[n];
                mine
            })
            .collect();
        let renumbered = other.lengths.iter().map(|&(n, length)| (theirs[n as usize], length));
        self.lengths.extend(renumbered);
    }

    /// How many follow one of the sequences.
    #[must_use]
    pub fn cases(&self) -> i64 {
        self.cases.iter().sum()
    }

    /// How many distinct sequences there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The sequences that most follow, at most `most`, with the names of their states joined by
    /// `separator`; of equal ones those first whose text comes first by its bytes.
    #[must_use]
    pub fn most_frequent(
        &self,
        names: &[impl AsRef<str>],
        separator: &str,
        most: usize,
    ) -> Vec<Sequence> {
        if most == 0 {
            return Vec::new();
        }
        let mut numbers: Vec<u32> = (0..self.len() as u32).collect();
        // texts are made only of those that may be among the first
        if numbers.len() > most {
            let by_cases = |&n: &u32| Reverse(self.cases[n as usize]);
            let (_, &mut last, _) = numbers.select_nth_unstable_by_key(most - 1, by_cases);
            let fewest = self.cases[last as usize];
            numbers.retain(|&n| self.cases[n as usize] >= fewest);
        }
        let path = |&n: &u32| {
            let names: Vec<&str> = self
                .sequence_of(n as usize)
                .iter()
                .map(|&state| names.get(usize::from(state)).map_or("", AsRef::as_ref))
                .collect();
            (Reverse(self.cases[n as usize]), names.join(separator), n)
        };
        let mut first: Vec<(Reverse<i64>, String, u32)> = numbers.iter().map(path).collect();
        first.sort_unstable();
        first.truncate(most);
        let mut place = vec![u32::MAX; self.len()];
        for (n, (_, _, number)) in first.iter().enumerate() {
            place[*number as usize] = n as u32;
        }
        let mut lengths: Vec<Vec<i64>> = first.iter().map(|_| Vec::new()).collect();
        for &(number, length) in &self.lengths {
            if let Some(lengths) = lengths.get_mut(place[number as usize] as usize) {
                lengths.push(length);
            }
        }
        let sequences = first.into_iter().zip(lengths);
        sequences
            .map(|((Reverse(cases), path, _), mut lengths)| {
                lengths.sort_unstable();
                Sequence { path, cases, median_length: quantile(&lengths, 500) }
            })
            .collect()
    }

    /// Every sequence of states below 256 and how many follow it: the most frequent first, then by the
    /// numbers of their states.
    #[must_use]
    pub fn by_states(&self) -> Vec<(Vec<u8>, i64)> {
        let states = |n| self.sequence_of(n).iter().map(|&state| state as u8).collect();
        let mut all: Vec<(Vec<u8>, i64)> =
            (0..self.len()).map(|n| (states(n), self.cases[n])).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    fn sequence_of(&self, n: usize) -> &[u16] {
        sequence(&self.states, &self.ends, n as u32)
    }

    /// The number of a sequence, which is added when new.
    fn number(&mut self, wanted: &[u16]) -> u32 {
        let Self { states, ends, cases, numbers, .. } = self;
        let tag = tag_of(wanted);
        let is_it = |&(other, n): &(u32, u32)| other == tag && sequence(states, ends, n) == wanted;
        if let Some(&(_, n)) = numbers.find(spread(tag), is_it) {
            return n;
        }
        let n = ends.len() as u32;
        states.extend_from_slice(wanted);
        ends.push(states.len() as u32);
        cases.push(0);
        numbers.insert_unique(spread(tag), (tag, n), |&(tag, _)| spread(tag));
        n
    }
}

fn sequence<'a>(states: &'a [u16], ends: &[u32], n: u32) -> &'a [u16] {
    let n = n as usize;
    let start = if n == 0 { 0 } else { ends[n - 1] as usize };
    &states[start..ends[n] as usize]
}

/// The same on every machine; it decides no order.
fn tag_of(sequence: &[u16]) -> u32 {
    let mut bytes = [0u8; 256];
    let whole = sequence.len() * 2;
    if whole <= bytes.len() {
        for (pair, state) in bytes.chunks_exact_mut(2).zip(sequence) {
            pair.copy_from_slice(&state.to_le_bytes());
        }
        return xxh3_64(&bytes[..whole]) as u32;
    }
    let bytes: Vec<u8> = sequence.iter().flat_map(|state| state.to_le_bytes()).collect();
    xxh3_64(&bytes) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_most_frequent_come_first_and_equal_ones_by_text() {
        // the longer name sorts by the text of the whole path: "a > b" before "a b"
        let names = ["a b", "a", "b"];
        let mut sequences = Sequences::default();
        for (sequence, length) in [(&[0][..], 1), (&[1, 2], 5), (&[2], 4), (&[2], 7), (&[0, 0], 1)]
        {
            sequences.add(sequence, length);
        }
        let paths = |most| -> Vec<String> {
            let most = sequences.most_frequent(&names, " > ", most);
            most.into_iter().map(|sequence| sequence.path).collect()
        };
        assert_eq!(paths(9), ["b", "a > b", "a b", "a b > a b"]);
        assert_eq!(paths(2), ["b", "a > b"]);
        assert!(paths(0).is_empty());
        assert_eq!(sequences.len(), 4);
        assert_eq!(sequences.most_frequent(&names, ">", 1)[0].median_length, Some(5.5));
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(
            all in prop::collection::vec((prop::collection::vec(0u16..3, 0..200), 0i64..9), 0..30),
            cut in 0usize..30,
        ) {
            let cut = cut.min(all.len());
            let count = |part: &[(Vec<u16>, i64)]| {
                let mut sequences = Sequences::default();
                part.iter().for_each(|(sequence, length)| sequences.add(sequence, *length));
                sequences
            };
            let names = ["x", "y", "z"];
            let mut merged = count(&all[cut..]);
            merged.merge(&count(&all[..cut]));
            let whole = count(&all);
            prop_assert_eq!(merged.len(), whole.len());
            prop_assert_eq!(
                merged.most_frequent(&names, ">", 100),
                whole.most_frequent(&names, ">", 100)
            );
        }
    }
}
