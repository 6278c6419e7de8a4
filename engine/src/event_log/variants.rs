//! Variants: distinct sequences of activities, and how many cases follow each.

use super::edges::quantile;
use hashbrown::HashTable;
use std::cmp::Reverse;
use throughcare_linkage::link::cases::Case;
use xxhash_rust::xxh3::xxh3_64;

/// The sequences of some cases.
#[derive(Debug, Default)]
pub struct Variants {
    // sequences one after the other; each distinct one once
    activities: Vec<u16>,
    ends: Vec<u32>,
    cases: Vec<i64>,
    // a hash beside the number spares a look at the sequence
    numbers: HashTable<(u64, u32)>,
    // number of the sequence and milliseconds of each case
    lengths: Vec<(u32, i64)>,
    // of the case at hand
    sequence: Vec<u16>,
}

/// One sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Names of the activities, joined by ` > `.
    pub path: String,
    /// Cases.
    pub cases: i64,
    /// Median milliseconds from the first start to the last end.
    pub median_millis: Option<f64>,
}

impl Variants {
    /// Counts a case.
    pub fn add(&mut self, case: &Case<'_>) {
        let mut sequence = std::mem::take(&mut self.sequence);
        sequence.clear();
        sequence.extend(case.events.iter().map(|event| event.activity));
        let number = self.number(&sequence);
        self.cases[number as usize] += 1;
        self.lengths.push((number, case.millis()));
        self.sequence = sequence;
    }

    /// Adds the sequences of other cases.
    pub fn merge(&mut self, other: &Self) {
        let theirs: Vec<u32> = (0..other.len())
            .map(|n| {
                let mine = self.number(other.sequence_of(n));
                self.cases[mine as usize] += other.cases[n];
                mine
            })
            .collect();
        let renumbered = other.lengths.iter().map(|&(n, millis)| (theirs[n as usize], millis));
        self.lengths.extend(renumbered);
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

    /// The sequences that most cases follow, at most `most`; of equal ones those first whose text comes
    /// first by its bytes.
    #[must_use]
    pub fn most_frequent(&self, names: &[Box<str>], most: usize) -> Vec<Variant> {
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
                .map(|&activity| &*names[usize::from(activity)])
                .collect();
            (Reverse(self.cases[n as usize]), names.join(" > "), n)
        };
        let mut first: Vec<(Reverse<i64>, String, u32)> = numbers.iter().map(path).collect();
        first.sort_unstable();
        first.truncate(most);
        let mut place = vec![u32::MAX; self.len()];
        for (n, (_, _, number)) in first.iter().enumerate() {
            place[*number as usize] = n as u32;
        }
        let mut lengths: Vec<Vec<i64>> = first.iter().map(|_| Vec::new()).collect();
        for &(number, millis) in &self.lengths {
            if let Some(lengths) = lengths.get_mut(place[number as usize] as usize) {
                lengths.push(millis);
            }
        }
        let variants = first.into_iter().zip(lengths);
        variants
            .map(|((Reverse(cases), path, _), mut lengths)| {
                lengths.sort_unstable();
                Variant { path, cases, median_millis: quantile(&lengths, 500) }
            })
            .collect()
    }

    fn sequence_of(&self, n: usize) -> &[u16] {
        sequence(&self.activities, &self.ends, n as u32)
    }

    /// The number of a sequence, which is added when new.
    fn number(&mut self, wanted: &[u16]) -> u32 {
        let Self { activities, ends, cases, numbers, .. } = self;
        let hash = hash_of(wanted);
        let is_it =
            |&(other, n): &(u64, u32)| other == hash && sequence(activities, ends, n) == wanted;
        if let Some(&(_, n)) = numbers.find(hash, is_it) {
            return n;
        }
        let n = ends.len() as u32;
        activities.extend_from_slice(wanted);
        ends.push(activities.len() as u32);
        cases.push(0);
        numbers.insert_unique(hash, (hash, n), |&(hash, _)| hash);
        n
    }
}

fn sequence<'a>(activities: &'a [u16], ends: &[u32], n: u32) -> &'a [u16] {
    let n = n as usize;
    let start = if n == 0 { 0 } else { ends[n - 1] as usize };
    &activities[start..ends[n] as usize]
}

/// The same on every machine; it decides no order.
fn hash_of(sequence: &[u16]) -> u64 {
    let mut bytes = [0u8; 256];
    let whole = sequence.len() * 2;
    if whole <= bytes.len() {
        for (pair, activity) in bytes.chunks_exact_mut(2).zip(sequence) {
            pair.copy_from_slice(&activity.to_le_bytes());
        }
        return xxh3_64(&bytes[..whole]);
    }
    let bytes: Vec<u8> = sequence.iter().flat_map(|activity| activity.to_le_bytes()).collect();
    xxh3_64(&bytes)
}
