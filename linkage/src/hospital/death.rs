//! Hospital stays and the date of death (`hospital-spells.md` H).

use super::counts::HospitalCounts;
use super::settings::HospitalSettings;
use super::spell::Draft;
use super::stay::{Cips, EndKind, StayFlags};
use crate::codes::short::Code;
use crate::day::OptDay;

/// Discharge method 4: died.
pub(super) const DIED: Code = Code::new("4");

/// What other files say of a person's death, before hospital records are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct KnownDeaths {
    /// The registered date of death.
    pub registered: OptDay,
    /// The earliest death in emergency care, which counts like a discharge as dead.
    pub emergency_care: OptDay,
    /// The date that counts when neither of these nor a discharge as dead gives one: that of care
    /// records, else that of the registration.
    pub otherwise: OptDay,
}

impl KnownDeaths {
    /// The dates of death with that in hospital, if there is one.
    pub(super) fn with(self, hospital: OptDay) -> Deaths {
        let order = [self.registered, hospital, self.otherwise];
        let used = order.into_iter().find(|day| day.is_some()).unwrap_or_default();
        Deaths { hospital, used }
    }
}

impl From<OptDay> for KnownDeaths {
    /// Nothing but a registered death, or none.
    fn from(registered: OptDay) -> Self {
        Self { registered, ..Self::default() }
    }
}

/// The dates of death that cleaning found and used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Deaths {
    /// Earliest discharge as dead, errors of H5 left out (H1), or death in emergency care.
    pub hospital: OptDay,
    /// The registered death, else the one in hospital, else what other files say.
    pub used: OptDay,
}

/// H1, H5, H3 and D5: finds the death in hospital, drops spells admitted after the death and gives a
/// missing discharge as dead its date. Spells need not be in order.
pub(super) fn before_ends(
    drafts: &mut Vec<Draft>,
    settings: &HospitalSettings,
    known: KnownDeaths,
    counts: &mut HospitalCounts,
) -> Deaths {
    let mut hospital = known.emergency_care;
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
                .filter(|&day| day > discharge && known.registered.get().is_none_or(|d| day <= d))
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
    let deaths = known.with(hospital);
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
