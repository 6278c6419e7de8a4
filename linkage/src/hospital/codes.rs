//! The diagnosis and operation codes of one person, and which episodes make up which spell.

use crate::records::apc::Episode;
use crate::records::clinical::KeptCodes;
use std::cmp::Ordering;

/// Short lists, one after the other, with the end of each.
#[derive(Clone, Debug)]
struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    const fn new() -> Self {
        Self { ends: Vec::new(), items: Vec::new() }
    }

    fn clear(&mut self) {
        self.ends.clear();
        self.items.clear();
    }

    fn push(&mut self, items: impl Iterator<Item = T>) {
        self.items.extend(items);
        self.ends.push(self.items.len() as u32);
    }

    fn get(&self, n: usize) -> &[T] {
        let end_of = |n: usize| self.ends.get(n).map(|&end| end as usize);
        let start = n.checked_sub(1).map_or(Some(0), end_of);
        let range = start.zip(end_of(n)).map(|(start, end)| start..end);
        range.and_then(|range| self.items.get(range)).unwrap_or_default()
    }
}

/// The codes of the admitted patient care of one person. In a run that keeps no codes everything is
/// empty.
///
/// Codes are numbers in `Texts::diagnosis` and `Texts::operation`, in the order of their texts. Number
/// 0 is no code: it stands first in the list of an episode whose primary diagnosis is missing while
/// others are there.
#[derive(Clone, Debug)]
pub struct EpisodeCodes {
    diagnoses: Lists<u16>,
    operations: Lists<u16>,
    spell_primary: Vec<u16>,
    of_spells: Lists<u32>,
}

/// No codes.
pub static NO_CODES: EpisodeCodes = EpisodeCodes::new();

impl Default for EpisodeCodes {
    fn default() -> Self {
        Self::new()
    }
}

impl EpisodeCodes {
    /// No codes.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            diagnoses: Lists::new(),
            operations: Lists::new(),
            spell_primary: Vec::new(),
            of_spells: Lists::new(),
        }
    }

    /// The diagnoses of an episode, by its place among the person's: distinct, in the order of the
    /// source, the primary first.
    #[must_use]
    pub fn diagnoses(&self, episode: usize) -> &[u16] {
        self.diagnoses.get(episode)
    }

    /// The operations of an episode: distinct, in the order of the source.
    #[must_use]
    pub fn operations(&self, episode: usize) -> &[u16] {
        self.operations.get(episode)
    }

    /// The primary diagnosis of the dominant episode of an episode's spell, where a file says it;
    /// else 0.
    #[must_use]
    pub fn spell_primary(&self, episode: usize) -> u16 {
        self.spell_primary.get(episode).copied().unwrap_or(0)
    }

    /// The episodes of a spell, by its place among the person's, as places among the person's
    /// episodes: the first episode first, the others by number, start and place; those of absorbed
    /// spells among them.
    #[must_use]
    pub fn episodes_of(&self, spell: usize) -> &[u32] {
        self.of_spells.get(spell)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.diagnoses.clear();
        self.operations.clear();
        self.spell_primary.clear();
        self.of_spells.clear();
    }

    /// Adds an episode behind those that are there.
    pub fn push_episode(
        &mut self,
        diagnoses: impl Iterator<Item = u16>,
        operations: impl Iterator<Item = u16>,
        spell_primary: u16,
    ) {
        self.diagnoses.push(diagnoses);
        self.operations.push(operations);
        self.spell_primary.push(spell_primary);
    }

    /// Adds a row of a partition as an episode.
    pub fn push_row(&mut self, kept: &KeptCodes, row: usize) {
        self.push_episode(kept.diagnoses(row), kept.operations(row), kept.spell_primary(row));
    }

    /// The order of two episodes by their codes, for ties between rows that agree in all else.
    #[must_use]
    pub(super) fn order(&self, a: u32, b: u32) -> Ordering {
        let key = |n: u32| {
            let n = n as usize;
            (self.diagnoses(n), self.operations(n), self.spell_primary(n))
        };
        key(a).cmp(&key(b))
    }

    /// Says which episodes make up each of so many spells, from pairs of spell and episode in any
    /// order. `first` gives the first episode of a spell.
    pub fn set_spells(
        &mut self,
        spells: usize,
        pairs: &mut [(u32, u32)],
        episodes: &[Episode],
        first: impl Fn(usize) -> u32,
    ) {
        let key = |&(spell, n): &(u32, u32)| {
            let place = episodes.get(n as usize).map(|episode| {
                let number = if episode.episode_no == 0 { u8::MAX } else { episode.episode_no };
                (number, episode.episode_start)
            });
            (spell, n != first(spell as usize), place, n)
        };
        pairs.sort_unstable_by_key(key);
        self.of_spells.clear();
        let mut pairs = pairs.iter().peekable();
        for spell in 0..spells {
            let of_spell = std::iter::from_fn(|| {
                pairs.next_if(|pair| pair.0 as usize == spell).map(|pair| pair.1)
            });
            self.of_spells.push(of_spell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_by_episode_and_spell_and_empty_elsewhere() {
        let mut codes = EpisodeCodes::new();
        codes.push_episode([3, 1].into_iter(), [].into_iter(), 0);
        codes.push_episode([].into_iter(), [7].into_iter(), 5);
        codes.push_episode([0, 2].into_iter(), [].into_iter(), 0);
        codes.set_spells(3, &mut [(2, 1), (0, 2), (2, 0)], &[], |spell| [2, 9, 1][spell]);
        assert_eq!((codes.diagnoses(0), codes.diagnoses(2)), (&[3, 1][..], &[0, 2][..]));
        assert!(codes.diagnoses(1).is_empty() && codes.diagnoses(3).is_empty());
        assert_eq!((codes.operations(1), codes.spell_primary(1)), (&[7][..], 5));
        assert_eq!(codes.episodes_of(0), [2]);
        assert!(codes.episodes_of(1).is_empty() && codes.episodes_of(3).is_empty());
        assert_eq!(codes.episodes_of(2), [1, 0], "the first episode comes first");
        codes.clear();
        assert!(codes.diagnoses(0).is_empty() && codes.episodes_of(0).is_empty());
        assert!(NO_CODES.operations(0).is_empty());
    }
}
