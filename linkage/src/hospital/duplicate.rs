//! Rows sent twice (`hospital-spells.md` C).

use super::cleaning::{filled_admission, transit};
use super::codes::EpisodeCodes;
use super::counts::HospitalCounts;
use super::order::TextOrder;
use crate::codes::short::Code;
use crate::day::OptDay;
use crate::records::apc::{Episode, EpisodeFlags};
use crate::records::key::RecordKey;
use std::cmp::Ordering;

/// What two rows of one person share when they are the same record (C2). Nulls equal nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NaturalKey {
    /// `APCE_Ident`.
    Episode(RecordKey),
    /// A numbered or dated episode of a spell.
    EpisodeOfSpell { spell: RecordKey, episode_no: u8, start: OptDay, end: OptDay },
    /// Rows of a spell with neither number nor dates cannot be told apart by a key: only equal rows
    /// are duplicates.
    Unnumbered(RecordKey),
    /// `APCS_Ident` of a spell-level row.
    Spell(RecordKey),
    /// A spell-level row across identifiers.
    Stay { provider: u16, admission: OptDay, discharge: OptDay, method: Code },
    /// A HES episode, or a row without identifiers.
    Hes {
        start: OptDay,
        end: OptDay,
        episode_no: u8,
        provider: u16,
        admission: OptDay,
        discharge: OptDay,
        transit: u8,
    },
}

impl NaturalKey {
    fn of(e: &Episode) -> Self {
        if e.flags.has(EpisodeFlags::SPELL_LEVEL) {
            return e.spell_key.map_or_else(|| Self::stay(e), Self::Spell);
        }
        if !e.flags.has(EpisodeFlags::HES) {
            if let Some(key) = e.episode_key {
                return Self::Episode(key);
            }
            if let Some(spell) = e.spell_key {
                if e.episode_no == 0 && e.episode_start.is_none() && e.episode_end.is_none() {
                    return Self::Unnumbered(spell);
                }
                return Self::EpisodeOfSpell {
                    spell,
                    episode_no: e.episode_no,
                    start: e.episode_start,
                    end: e.episode_end,
                };
            }
        }
        Self::Hes {
            start: e.episode_start,
            end: e.episode_end,
            episode_no: e.episode_no,
            provider: e.provider,
            admission: filled_admission(e),
            discharge: e.discharge,
            transit: transit(e.source, e.admission_method, e.destination),
        }
    }

    fn stay(e: &Episode) -> Self {
        Self::Stay {
            provider: e.provider,
            admission: e.admission,
            discharge: e.discharge,
            method: e.admission_method,
        }
    }
}

/// Whether two rows are equal in every field of the source.
fn same_content(texts: &TextOrder, a: &Episode, b: &Episode) -> bool {
    a.lsoa == b.lsoa && a.residence == b.residence && texts.content(a) == texts.content(b)
}

/// C3, the better row last: quality, submission date, record key, then everything else.
fn survival(texts: &TextOrder, a: &Episode, b: &Episode) -> Ordering {
    let key = |e: &Episode| {
        let spell_level = e.flags.has(EpisodeFlags::SPELL_LEVEL);
        (e.quality, e.submitted, if spell_level { e.spell_key } else { e.episode_key })
    };
    key(a).cmp(&key(b)).then_with(|| texts.content(a).cmp(&texts.content(b)))
}

/// Puts the numbers of the rows to keep into `kept`, in no particular order.
pub(super) fn keep_one_of_each(
    episodes: &[Episode],
    codes: &EpisodeCodes,
    texts: &TextOrder,
    keys: &mut Vec<(NaturalKey, u32)>,
    kept: &mut Vec<u32>,
    counts: &mut HospitalCounts,
) {
    kept.clear();
    if episodes.len() < 2 {
        kept.extend(0..episodes.len() as u32);
        return;
    }
    keys.clear();
    keys.extend(episodes.iter().enumerate().map(|(n, e)| (NaturalKey::of(e), n as u32)));
    survivors(episodes, codes, texts, keys, kept, counts);
    // spell-level rows are compared once more across identifiers
    let spell_level =
        |n: &u32| episodes.get(*n as usize).is_some_and(|e| e.flags.has(EpisodeFlags::SPELL_LEVEL));
    if kept.iter().filter(|n| spell_level(n)).count() > 1 {
        keys.clear();
        kept.retain(|n| match episodes.get(*n as usize) {
            Some(e) if e.flags.has(EpisodeFlags::SPELL_LEVEL) => {
                keys.push((NaturalKey::stay(e), *n));
                false
            }
            _ => true,
        });
        survivors(episodes, codes, texts, keys, kept, counts);
    }
}

fn survivors(
    episodes: &[Episode],
    codes: &EpisodeCodes,
    texts: &TextOrder,
    keys: &mut [(NaturalKey, u32)],
    kept: &mut Vec<u32>,
    counts: &mut HospitalCounts,
) {
    keys.sort_unstable_by_key(|entry| entry.0);
    for group in keys.chunk_by_mut(|a, b| a.0 == b.0) {
        let [(key, only), rest @ ..] = group else { continue };
        if rest.is_empty() {
            kept.push(*only);
            continue;
        }
        let unnumbered = matches!(key, NaturalKey::Unnumbered(_));
        // the best first; among rows that agree in all else the greater codes, then the earlier place
        group.sort_unstable_by(|a, b| match (episode(episodes, a), episode(episodes, b)) {
            (Some(x), Some(y)) => survival(texts, y, x)
                .then_with(|| codes.order(b.1, a.1))
                .then_with(|| (x.file, x.row).cmp(&(y.file, y.row))),
            _ => Ordering::Equal,
        });
        let mut before: Option<&Episode> = None;
        for entry in group.iter() {
            let Some(row) = episode(episodes, entry) else { continue };
            let equal = before.is_some_and(|before| same_content(texts, before, row));
            if before.is_none() || (unnumbered && !equal) {
                kept.push(entry.1);
            } else {
                counts.dup.total += 1;
                counts.dup.first += 1;
                counts.dup_exact_rows += u64::from(equal);
            }
            before = Some(row);
        }
    }
}

fn episode<'a>(episodes: &'a [Episode], entry: &(NaturalKey, u32)) -> Option<&'a Episode> {
    episodes.get(entry.1 as usize)
}
