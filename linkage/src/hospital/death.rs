//! Hospital stays and the date of death (`hospital-spells.md` H).

use super::counts::HospitalCounts;
use super::settings::HospitalSettings;
use super::spell::Draft;
use super::stay::{Cips, EndKind, StayFlags};
use crate::codes::short::Code;
use crate::day::OptDay;

/// Discharge method 4: died.
pub(super) const DIED: Code = Code::new("4");

/// The dates of death that cleaning found and used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Deaths {
    /// Earliest discharge as dead, errors of H5 left out (H1).
    pub hospital: OptDay,
    /// The registered death, else the one in hospital.
    pub used: OptDay,
}

/// H1, H5, H3 and D5: finds the death in hospital, drops spells admitted after the death and gives a
/// missing discharge as dead its date. Spells need not be in order.
pub(super) fn before_ends(
    drafts: &mut Vec<Draft>,
    settings: &HospitalSettings,
    registered: OptDay,
    counts: &mut HospitalCounts,
) -> Deaths {
    let mut hospital = OptDay::NONE;
    for n in 0..drafts.len() {
        let Some(draft) = drafts.get(n) else { break };
        let (Some(discharge), true) = (draft.discharge.get(), draft.spell.discharge_method == DIED)
        else {
            continue;
        };
        if settings.death_consistency {
            let later = drafts
                .iter()
                .map(|other| other.spell.admission)
                .filter(|&day| day > discharge && registered.get().is_none_or(|d| day <= d))
                .count();
            if later > 0 && later as u64 >= u64::from(settings.death_error_records) {
                counts.h5 += 1;
                if let Some(draft) = drafts.get_mut(n) {
                    draft.spell.discharge_method = Code::NONE;
                }
                continue;
            }
            counts.h1 += 1;
        }
        if hospital.get().is_none_or(|day| discharge < day) {
            hospital = OptDay::some(discharge);
        }
    }
    let deaths =
        Deaths { hospital, used: if registered.is_some() { registered } else { hospital } };
    let (Some(death), true) = (deaths.used.get(), settings.death_consistency) else {
        return deaths;
    };
    drafts.retain_mut(|draft| {
        if draft.spell.admission > death {
            counts.h3 += 1;
            counts.postdeath.total += u64::from(draft.rows);
            counts.postdeath.first += u64::from(draft.rows);
            return false;
        }
        if draft.discharge.is_none() && draft.spell.discharge_method == DIED {
            counts.d5 += 1;
            draft.set_end(death, EndKind::Death);
        }
        true
    });
    deaths
}

/// H2 and H4: ends after the death are cut to it. No spell begins after the death any more.
pub(super) fn cut_ends(
    drafts: &mut [Draft],
    settings: &HospitalSettings,
    registered: OptDay,
    deaths: Deaths,
    counts: &mut HospitalCounts,
) {
    let (Some(death), true) = (deaths.used.get(), settings.death_consistency) else { return };
    if let (Some(registered), Some(hospital)) = (registered.get(), deaths.hospital.get()) {
        let apart = registered.since(hospital).abs();
        counts.h2 += u64::from(apart > 0 && apart <= settings.death_tolerance_days);
    }
    for draft in drafts {
        let spell = &mut draft.spell;
        if spell.discharge <= death {
            continue;
        }
        if spell.discharge > death.plus(settings.death_tolerance_days) {
            spell.flags.0 |= StayFlags::IMPLAUSIBLE_TAIL;
            counts.h4 += 1;
        } else {
            counts.h2_cut += 1;
        }
        draft.set_end(death, EndKind::Death);
    }
}

/// The earliest discharge as dead among stays that are already built (H1). Stays built with death
/// consistency carry no such discharge that H5 takes for an error.
#[must_use]
pub fn hospital_death(stays: &[Cips]) -> OptDay {
    stays
        .iter()
        .filter(|stay| stay.discharge_method == DIED)
        .map(|stay| stay.discharge)
        .min()
        .into()
}
