//! From provider spells to continuous inpatient spells (`hospital-spells.md` I).

use super::counts::HospitalCounts;
use super::death::DIED;
use super::settings::{CompareWith, MinGap, Rules};
use super::spell::tie_key;
use super::stay::{Cips, Spell, StayFlags};
use crate::codes::short::Code;
use crate::day::{Day, OptDay};

const DAY_CASE: Code = Code::new("2");

/// Whether a spell continues the chain of the spell it is compared with (I.4 to I.6).
#[must_use]
pub fn joins(rules: &Rules, before: &Spell, spell: &Spell) -> bool {
    let gap = spell.admission.since(before.discharge);
    if gap < 0 {
        match rules.min_gap {
            MinGap::OverlapsJoin => return true,
            MinGap::Zero => return false,
            MinGap::None => {}
        }
    }
    gap <= rules.max_gap_days && marked(rules, before, spell)
}

/// Whether the codes of two spells say "transfer" (I.4 and I.5).
fn marked(rules: &Rules, before: &Spell, spell: &Spell) -> bool {
    const HOME: Code = Code::new("19");
    const WARD: Code = Code::new("51");
    const OWN_AE: Code = Code::new("21");
    let marker = rules.destinations.contains(before.destination)
        || rules.sources.contains(spell.source)
        || rules.methods.contains(spell.admission_method);
    // source 51 was misused for an arrival from home through the own A&E
    let excluded = rules.exclude_19_51_21
        && before.destination == HOME
        && spell.source == WARD
        && spell.admission_method == OWN_AE;
    marker && !excluded
}

/// The chain that is being built.
#[derive(Clone, Copy)]
struct Chain {
    /// Its number among the stays.
    cips: usize,
    /// The spell that joined last.
    previous: usize,
    /// The spell with the latest discharge; ties: later admission, higher key.
    latest: usize,
    /// Nights before this day are counted.
    counted_to: Day,
    /// A rehabilitation spell was met.
    rehabilitation: bool,
}

/// Joins the spells of one person, which are in the same-day order, and writes to each spell the
/// number of its stay. `died_on` is the date of death, whatever its source.
///
/// Where overlaps do not join by themselves, inner stays (G6) are stays of their own and no other
/// spell is compared with them.
pub(super) fn join(
    rules: &Rules,
    spells: &mut [Spell],
    died_on: OptDay,
    stays: &mut Vec<Cips>,
    counts: &mut HospitalCounts,
) {
    let mut open: Option<Chain> = None;
    for n in 0..spells.len() {
        let Some(spell) = spells.get(n) else { continue };
        let apart = spell.flags.has(StayFlags::INNER) && rules.min_gap != MinGap::OverlapsJoin;
        let joined = open.filter(|_| !apart).filter(|chain| {
            let compared = match rules.compare_with {
                CompareWith::LatestDischarge => chain.latest,
                CompareWith::PreviousSpell => chain.previous,
            };
            spells.get(compared).is_some_and(|before| joins(rules, before, spell))
        });
        if let Some(mut chain) = joined {
            extend(&mut chain, spells, n, stays);
            open = Some(chain);
            continue;
        }
        let chain = Chain {
            cips: stays.len(),
            previous: n,
            latest: n,
            counted_to: spell.discharge,
            rehabilitation: spell.flags.has(StayFlags::REHABILITATION),
        };
        stays.push(first_stay(rules, spell, n));
        if let Some(own) = spells.get_mut(n) {
            own.cips = chain.cips as u32;
        }
        if !apart {
            open = Some(chain);
        }
    }
    for stay in stays.iter_mut() {
        stay.died =
            stay.discharge_method == DIED || died_on.get().is_some_and(|day| day == stay.discharge);
        // a chain without a rehabilitation bed is acute to its end
        if !stay.flags.has(StayFlags::REHABILITATION) {
            stay.acute_nights = stay.nights();
        }
    }
    counts.spells += spells.len() as u64;
    counts.cips += stays.len() as u64;
    count_orphans(rules, spells, counts);
}

/// A stay of one spell. Its acute nights are none if the spell is a rehabilitation bed.
fn first_stay(rules: &Rules, spell: &Spell, n: usize) -> Cips {
    Cips {
        admission: spell.admission,
        discharge: spell.discharge,
        discharge_ready: spell.discharge_ready,
        first_spell: n as u32,
        last_spell: n as u32,
        nights_in_bed: spell.nights().max(0),
        acute_nights: 0,
        spells: 1,
        providers: 1,
        max_gap: 0,
        provider: spell.provider,
        discharge_provider: spell.provider,
        residence: spell.residence,
        lsoa: spell.lsoa,
        birth: spell.birth,
        sex: spell.sex,
        admission_method: spell.admission_method,
        source: spell.source,
        class: spell.class,
        treatment_admission: spell.treatment_admission,
        treatment_discharge: spell.treatment_discharge,
        main_specialty: spell.main_specialty,
        destination: spell.destination,
        discharge_method: spell.discharge_method,
        end_kind: spell.end_kind,
        day_case: spell.class == DAY_CASE,
        emergency: rules.emergency_methods.contains(spell.admission_method),
        died: false,
        flags: spell.flags,
    }
}

fn extend(chain: &mut Chain, spells: &mut [Spell], n: usize, stays: &mut [Cips]) {
    let Some(stay) = stays.get_mut(chain.cips) else { return };
    let Some((earlier, [spell, ..])) = spells.split_at_mut_checked(n) else { return };
    spell.cips = chain.cips as u32;
    let members = earlier
        .get(stay.first_spell as usize..)
        .unwrap_or_default()
        .iter()
        .filter(|other| other.cips == chain.cips as u32);
    let known = spell.provider != 0 && members.clone().all(|m| m.provider != spell.provider);
    // a stay whose providers are all unknown has one
    let any_known = members.clone().any(|m| m.provider != 0);
    stay.providers = stay.providers.saturating_add(u16::from(known && any_known));
    let Some(latest) = earlier.get(chain.latest) else { return };
    stay.max_gap = stay.max_gap.max(spell.admission.since(latest.discharge));
    stay.spells = stay.spells.saturating_add(1);
    stay.day_case = false;
    stay.flags.0 |= spell.flags.0;
    let uncounted = spell.discharge.since(spell.admission.max(chain.counted_to));
    stay.nights_in_bed += uncounted.max(0);
    chain.counted_to = chain.counted_to.max(spell.discharge);
    if spell.flags.has(StayFlags::REHABILITATION) && !chain.rehabilitation {
        chain.rehabilitation = true;
        stay.acute_nights = spell.admission.since(stay.admission);
    }
    chain.previous = n;
    if tie_key(spell) >= tie_key(latest) {
        chain.latest = n;
        stay.last_spell = n as u32;
        stay.discharge = spell.discharge;
        stay.discharge_ready = spell.discharge_ready;
        stay.discharge_provider = spell.provider;
        stay.treatment_discharge = spell.treatment_discharge;
        stay.destination = spell.destination;
        stay.discharge_method = spell.discharge_method;
        stay.end_kind = spell.end_kind;
    }
}

/// Transfers out, and those after which nothing follows within the largest gap.
fn count_orphans(rules: &Rules, spells: &[Spell], counts: &mut HospitalCounts) {
    for (n, spell) in spells.iter().enumerate() {
        if !rules.destinations.contains(spell.destination) {
            continue;
        }
        counts.transfers_out += 1;
        let follows = spells
            .get(n + 1)
            .is_some_and(|next| next.admission.since(spell.discharge) <= rules.max_gap_days);
        counts.transfer_orphans += u64::from(!follows);
    }
}
