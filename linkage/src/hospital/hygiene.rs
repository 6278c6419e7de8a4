//! Twins, nested and overlapping spells (`hospital-spells.md` G).

use super::cleaning::DESTINATION_UNFINISHED;
use super::counts::HospitalCounts;
use super::order::TextOrder;
use super::settings::{HospitalSettings, Hygiene};
use super::spell::{Draft, same_day};
use super::stay::{Spell, StayFlags};
use crate::codes::short::Code;
use std::cmp::Reverse;

const DAY_CASE: Code = Code::new("2");
const DESTINATION_UNKNOWN: Code = Code::new("99");
/// What an absorbed spell does not pass on: the outer one keeps its own specialty.
const SPECIALTY: u32 = StayFlags::MATERNITY | StayFlags::REHABILITATION | StayFlags::MENTAL_HEALTH;

/// The rows of a spell that another one took in (G3, G4).
#[derive(Clone, Copy, Debug)]
pub(super) struct Absorbed {
    /// The rows, as in [`Draft::members`].
    pub members: (u32, u32),
    /// The spell that is gone, by its sequence.
    pub spell: u32,
    /// The spell that took them in, by its sequence.
    pub by: u32,
}

/// Applies G1 to G6 to the spells of one person, which are and stay in the same-day order.
pub(super) fn tidy(
    drafts: &mut Vec<Draft>,
    settings: &HospitalSettings,
    texts: &TextOrder,
    absorbed: &mut Vec<Absorbed>,
    counts: &mut HospitalCounts,
) {
    let rules = settings.hygiene;
    if rules == Hygiene::OFF || !any_contact(drafts) {
        return;
    }
    let by_day = |a: &Draft, b: &Draft| same_day(settings.same_day_order, texts, a, b);
    // longest first among equal admissions, so that an outer spell stands before its inner ones
    let key = |d: &Draft| {
        (texts.provider(d.spell.provider), d.spell.admission, Reverse(d.spell.discharge))
    };
    drafts.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| by_day(a, b)));
    for group in drafts.chunk_by_mut(|a, b| a.spell.provider == b.spell.provider) {
        // an unknown provider is never "the same provider"
        if group.len() < 2 || group.first().is_none_or(|draft| draft.spell.provider == 0) {
            continue;
        }
        if rules.g1 {
            drop_equal(group, counts);
        }
        if rules.g2 {
            drop_unknown_twins(group, counts);
        }
        if rules.g3 {
            absorb_nested(group, absorbed, counts);
        }
        if rules.g4 {
            merge_overlapping(group, absorbed, counts);
        }
    }
    drafts.retain(|draft| !draft.dropped);
    drafts.sort_unstable_by(by_day);
    flag_other_providers(drafts, rules, counts);
}

/// Whether any two spells share an admission day or overlap: without that no rule applies.
fn any_contact(drafts: &[Draft]) -> bool {
    let mut latest = i32::MIN;
    drafts.iter().zip(drafts.iter().skip(1)).any(|(a, b)| {
        latest = latest.max(a.spell.discharge.0);
        b.spell.admission.0 < latest || a.spell.admission == b.spell.admission
    })
}

/// G1: of equal dates the best by C3 stays.
fn drop_equal(group: &mut [Draft], counts: &mut HospitalCounts) {
    let dates = |d: &Draft| (d.spell.admission, d.spell.discharge);
    for twins in group.chunk_by_mut(|a, b| dates(a) == dates(b)) {
        if twins.len() < 2 {
            continue;
        }
        let best = (0..twins.len()).max_by_key(|&n| {
            twins.get(n).map(|d| (d.quality, d.submitted, d.spell.key, Reverse(n)))
        });
        for (n, twin) in twins.iter_mut().enumerate() {
            if Some(n) == best {
                twin.spell.flags.0 |= StayFlags::DUPLICATE;
            } else {
                twin.dropped = true;
                counts.g1 += 1;
                counts.twin_rows += u64::from(twin.rows);
            }
        }
    }
}

/// G2: of one admission with several discharges those with an unknown destination go, if another's is
/// known.
fn drop_unknown_twins(group: &mut [Draft], counts: &mut HospitalCounts) {
    let unknown = |d: &Draft| {
        let code = d.spell.destination;
        code.is_none() || code == DESTINATION_UNFINISHED || code == DESTINATION_UNKNOWN
    };
    for twins in group.chunk_by_mut(|a, b| a.spell.admission == b.spell.admission) {
        for n in 0..twins.len() {
            let Some(twin) = twins.get(n).copied().filter(|d| !d.dropped && unknown(d)) else {
                continue;
            };
            let mut drop = false;
            for known in twins.iter_mut().filter(|d| !d.dropped && !unknown(d)) {
                if known.spell.discharge != twin.spell.discharge {
                    known.spell.flags.0 |= StayFlags::DUPLICATE_ADMISSION;
                    drop = true;
                }
            }
            if let (Some(twin), true) = (twins.get_mut(n), drop) {
                twin.dropped = true;
                counts.g2 += 1;
                counts.twin_rows += u64::from(twin.rows);
            }
        }
    }
}

/// Whether one spell lies inside another; a zero-night one only strictly between its dates.
fn inside(inner: &Spell, outer: &Spell) -> bool {
    if inner.nights() == 0 {
        return outer.admission < inner.admission && inner.discharge < outer.discharge;
    }
    outer.admission <= inner.admission
        && inner.discharge <= outer.discharge
        && inner.nights() < outer.nights()
}

/// Two drafts at once, the first before the second.
fn pair(group: &mut [Draft], a: usize, b: usize) -> Option<(&mut Draft, &mut Draft)> {
    let (left, right) = group.split_at_mut_checked(b)?;
    Some((left.get_mut(a)?, right.first_mut()?))
}

/// G3: inner spells go; the rows count for the outer spell, which keeps its dates and codes.
fn absorb_nested(group: &mut [Draft], absorbed: &mut Vec<Absorbed>, counts: &mut HospitalCounts) {
    for n in 1..group.len() {
        for m in 0..n {
            let Some((outer, inner)) = pair(group, m, n) else { continue };
            if outer.dropped || inner.dropped || !inside(&inner.spell, &outer.spell) {
                continue;
            }
            inner.dropped = true;
            add_rows(outer, inner, absorbed, inner.spell.flags.0 & !SPECIALTY | StayFlags::NESTED);
            counts.g3 += 1;
        }
    }
}

/// G4: a spell that ends after the one it overlaps lengthens it and gives its discharge codes.
fn merge_overlapping(
    group: &mut [Draft],
    absorbed: &mut Vec<Absorbed>,
    counts: &mut HospitalCounts,
) {
    let mut open: Option<usize> = None;
    for n in 0..group.len() {
        if group.get(n).is_none_or(|draft| draft.dropped || draft.spell.nights() <= 0) {
            continue;
        }
        let Some((first, later)) = open.and_then(|m| pair(group, m, n)) else {
            open = Some(n);
            continue;
        };
        if later.spell.admission >= first.spell.discharge {
            open = Some(n);
            continue;
        }
        let partly = first.spell.admission < later.spell.admission
            && first.spell.discharge < later.spell.discharge;
        if !partly {
            continue;
        }
        later.dropped = true;
        let end = later.spell;
        first.set_end(end.discharge, end.end_kind);
        first.spell.destination = end.destination;
        first.spell.discharge_method = end.discharge_method;
        first.spell.discharge_ready = end.discharge_ready;
        first.spell.treatment_discharge = end.treatment_discharge;
        first.spell.management = end.management;
        first.spell.lsoa = end.lsoa;
        first.spell.residence = end.residence;
        first.spell.last_episode = end.last_episode;
        first.quality = later.quality;
        first.submitted = later.submitted;
        first.set_transit();
        add_rows(
            first,
            later,
            absorbed,
            end.flags.0 & !StayFlags::REHABILITATION & !StayFlags::MENTAL_HEALTH,
        );
        first.spell.flags.0 |= StayFlags::OVERLAP_SAME;
        counts.g4 += 1;
    }
}

fn add_rows(into: &mut Draft, from: &Draft, absorbed: &mut Vec<Absorbed>, flags: u32) {
    absorbed.push(Absorbed { members: from.members, spell: from.sequence, by: into.sequence });
    into.rows += from.rows;
    into.spell.episodes = into.spell.episodes.saturating_add(from.spell.episodes);
    into.any_open |= from.any_open;
    into.spell.flags.0 |= flags;
}

/// G5 and G6: flags overlaps of different (or unknown) providers.
fn flag_other_providers(drafts: &mut [Draft], rules: Hygiene, counts: &mut HospitalCounts) {
    for n in 1..drafts.len() {
        for m in 0..n {
            let Some((a, b)) = pair(drafts, m, n) else { continue };
            let (outer, inner) = (&mut a.spell, &mut b.spell);
            if outer.provider == inner.provider && inner.provider != 0 {
                continue;
            }
            let nights = outer.discharge.min(inner.discharge).since(inner.admission);
            if rules.g5 && nights >= 1 {
                outer.flags.0 |= StayFlags::OVERLAP_OTHER;
                inner.flags.0 |= StayFlags::OVERLAP_OTHER;
            }
            let short = inner.class == DAY_CASE || inner.nights() == 0;
            let strictly = outer.admission < inner.admission && inner.discharge < outer.discharge;
            if rules.g6 && short && strictly {
                inner.flags.0 |= StayFlags::INNER;
            }
        }
    }
    let flagged = |flag: u32| drafts.iter().filter(|d| d.spell.flags.has(flag)).count() as u64;
    counts.g5 += flagged(StayFlags::OVERLAP_OTHER);
    counts.g6 += flagged(StayFlags::INNER);
}
