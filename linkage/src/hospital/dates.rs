//! Repair of spell dates (`hospital-spells.md` D and E).

use super::cleaning::{DESTINATION_UNFINISHED, METHOD_UNFINISHED};
use super::counts::HospitalCounts;
use super::order::TextOrder;
use super::settings::{HospitalSettings, LateDates, MissingEnd, ReversedDates};
use super::spell::{Draft, same_day};
use super::stay::{EndKind, StayFlags};
use crate::codes::short::Code;
use crate::day::{Day, OptDay};

/// D1 and D6: reversed dates, and dates after the extract.
pub(super) fn check(
    drafts: &mut Vec<Draft>,
    settings: &HospitalSettings,
    extract: Day,
    counts: &mut HospitalCounts,
) {
    drafts.retain_mut(|draft| {
        let reversed = draft.discharge.get().filter(|&day| day < draft.spell.admission);
        if let (Some(discharge), true) = (reversed, settings.reversed_dates != ReversedDates::Keep)
        {
            counts.d1 += 1;
            match settings.reversed_dates {
                ReversedDates::Swap => {
                    draft.discharge = OptDay::some(draft.spell.admission);
                    draft.spell.admission = discharge;
                    // the time belongs to the other date now
                    draft.spell.admission_time = u16::MAX;
                }
                ReversedDates::DropDischarge => draft.discharge = OptDay::NONE,
                ReversedDates::Quarantine | ReversedDates::Keep => {
                    counts.reversed_rows += u64::from(draft.rows);
                    return false;
                }
            }
        }
        let late = draft.discharge.get().is_some_and(|day| day > extract);
        let admitted_late = draft.spell.admission > extract;
        if (late || admitted_late) && settings.late_dates != LateDates::Keep {
            counts.d6 += 1;
            if admitted_late || settings.late_dates == LateDates::Quarantine {
                counts.late_rows += u64::from(draft.rows);
                return false;
            }
            draft.discharge = OptDay::NONE;
        }
        if let Some(discharge) = draft.discharge.get() {
            draft.set_end(discharge, EndKind::Observed);
            let contradiction = draft.spell.destination == DESTINATION_UNFINISHED
                || draft.spell.discharge_method == METHOD_UNFINISHED;
            counts.finished_contradictions += u64::from(contradiction);
        }
        true
    });
}

/// D3, D4 and D2, in the same-day order in which the spells are left.
pub(super) fn fill_ends(
    drafts: &mut Vec<Draft>,
    settings: &HospitalSettings,
    texts: &TextOrder,
    extract: Day,
    death: OptDay,
    counts: &mut HospitalCounts,
) {
    const STILL_IN_HOSPITAL: [Code; 2] = [Code::new("51"), DESTINATION_UNFINISHED];
    if settings.missing_end != MissingEnd::Impute {
        let any = settings.missing_end == MissingEnd::ExcludeAny;
        drafts.retain(|draft| {
            let out = draft.discharge.is_none() || (any && draft.any_open);
            if out {
                counts.missing_ends += 1;
                counts.missing_end_rows += u64::from(draft.rows);
            }
            !out
        });
    }
    let by_day = |a: &Draft, b: &Draft| same_day(settings.same_day_order, texts, a, b);
    if drafts.len() > 1 {
        drafts.sort_unstable_by(by_day);
    }
    if drafts.iter().all(|draft| draft.discharge.is_some()) {
        return;
    }
    let mut next: Option<Day> = None;
    for draft in drafts.iter_mut().rev() {
        let admission = draft.spell.admission;
        if draft.discharge.is_none() {
            match next {
                Some(next) if STILL_IN_HOSPITAL.contains(&draft.spell.destination) => {
                    counts.d3 += 1;
                    draft.set_end(next, EndKind::NextAdmission);
                }
                Some(next) => {
                    counts.d4 += 1;
                    draft.set_end(next.plus(-1).max(admission), EndKind::NextMinusOne);
                }
                None => {
                    counts.d2 += 1;
                    let end = death.get().map_or(extract, |death| death.min(extract));
                    draft.set_end(end.max(admission), EndKind::Censored);
                }
            }
        }
        next = Some(admission);
    }
    drafts.sort_unstable_by(by_day);
}

/// Day cases with nights become ordinary admissions, and early admissions are flagged (D7).
pub(super) fn look_over(
    drafts: &mut [Draft],
    settings: &HospitalSettings,
    counts: &mut HospitalCounts,
) {
    const DAY_CASE: Code = Code::new("2");
    const ORDINARY: Code = Code::new("1");
    for draft in drafts {
        let spell = &mut draft.spell;
        if settings.fix_daycase && spell.class == DAY_CASE && spell.nights() > 0 {
            spell.class = ORDINARY;
            counts.daycases_recoded += 1;
        }
        if spell.admission < settings.long_stay_before {
            spell.flags.0 |= StayFlags::LONG_STAY;
            counts.d7 += 1;
        }
    }
}
