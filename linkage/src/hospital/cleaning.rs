//! Row flags, filled admission dates and which rows are left out (`hospital-spells.md` A and B).

use super::counts::HospitalCounts;
use super::settings::{HospitalSettings, Rules};
use crate::codes::short::Code;
use crate::day::OptDay;
use crate::records::apc::{Episode, EpisodeFlags};

const WARDS: [Code; 3] = [Code::new("51"), Code::new("52"), Code::new("53")];
const TRANSFERS: [Code; 2] = [Code::new("2B"), Code::new("81")];
const BIRTH_METHODS: [Code; 3] = [Code::new("82"), Code::new("83"), Code::new("2C")];
const BIRTH_EPISODES: [Code; 2] = [Code::new("3"), Code::new("6")];
const WELL_BABIES: Code = Code::new("424");
const REGULAR: [Code; 2] = [Code::new("3"), Code::new("4")];
const STILLBIRTH: Code = Code::new("5");
/// Discharge method 8 and destination 98: the spell has not finished.
pub(super) const METHOD_UNFINISHED: Code = Code::new("8");
pub(super) const DESTINATION_UNFINISHED: Code = Code::new("98");

/// Position in a chain of transfers: 0 none, 1 start, 2 middle, 3 end (C, `TRANSIT`).
#[must_use]
pub fn transit(source: Code, method: Code, destination: Code) -> u8 {
    let transferred_in = WARDS.contains(&source) || TRANSFERS.contains(&method);
    match (transferred_in, WARDS.contains(&destination)) {
        (false, false) => 0,
        (false, true) => 1,
        (true, true) => 2,
        (true, false) => 3,
    }
}

/// The admission date; where a HES episode has none, the episode start if it is the first episode
/// and not a transfer in (B).
#[must_use]
pub fn filled_admission(e: &Episode) -> OptDay {
    let fill = e.admission.is_none()
        && e.flags.has(EpisodeFlags::HES)
        && e.episode_no == 1
        && !TRANSFERS.contains(&e.admission_method)
        && !WARDS.contains(&e.source);
    if fill { e.episode_start } else { e.admission }
}

/// A birth or newborn record (A3, `BIRTH`).
#[must_use]
pub fn is_birth(e: &Episode) -> bool {
    BIRTH_METHODS.contains(&e.admission_method)
        || BIRTH_EPISODES.contains(&e.episode_type)
        || e.treatment_function == WELL_BABIES
}

/// Any sign of an unfinished spell on a row (A3, `UNFIN`).
fn looks_unfinished(e: &Episode) -> bool {
    !e.flags.has(EpisodeFlags::FINISHED)
        || e.discharge_method == METHOD_UNFINISHED
        || e.destination == DESTINATION_UNFINISHED
        || e.discharge.is_none()
}

/// Counts the flags of a row, whatever becomes of it.
pub(super) fn count_flags(e: &Episode, known_person: bool, counts: &mut HospitalCounts) {
    counts.rows += 1;
    counts.no_person.total += u64::from(!known_person);
    counts.still.total += u64::from(e.discharge_method == STILLBIRTH);
    counts.reg.total += u64::from(REGULAR.contains(&e.class));
    counts.birth.total += u64::from(is_birth(e));
    counts.no_prov.total += u64::from(e.provider == 0);
    counts.no_adm.total += u64::from(filled_admission(e).is_none());
    counts.unfin.total += u64::from(looks_unfinished(e));
}

/// Which way a row takes into a spell, in the order in which spells are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// A spell by itself.
    SpellLevel,
    /// An episode of the spell with this identifier (F1).
    Ident,
    /// A HES episode (F2).
    Hes,
    /// A HES episode that gets no spell, but may stand between others (B).
    InvalidHes,
    /// No way.
    LeftOut,
}

impl Route {
    /// Its place in the order: 0 for rows that are spells, 1 for those with an identifier of their spell,
    /// 2 for those of HES, valid or not.
    pub const fn rank(self) -> u8 {
        let place = self as u8;
        if place < Self::Hes as u8 { place } else { Self::Hes as u8 }
    }
}

/// The way of a row that is no duplicate and has a person, and whether it is a regular attender's.
pub(super) fn route(
    e: &Episode,
    settings: &HospitalSettings,
    rules: &Rules,
    counts: &mut HospitalCounts,
) -> (Route, bool) {
    if settings.exclude_stillbirths && e.discharge_method == STILLBIRTH {
        counts.still.first += 1;
        return (Route::LeftOut, false);
    }
    let regular = REGULAR.contains(&e.class);
    counts.regular_attendance_rows += u64::from(regular);
    if regular && !rules.regular_attenders {
        counts.reg.first += 1;
        return (Route::LeftOut, regular);
    }
    if settings.exclude_births && is_birth(e) {
        counts.birth.first += 1;
        return (Route::LeftOut, regular);
    }
    let spell_level = e.flags.has(EpisodeFlags::SPELL_LEVEL);
    // rows without an identifier of their spell can only be put together by their dates
    let by_dates = e.flags.has(EpisodeFlags::HES) || (e.spell_key.is_none() && !spell_level);
    if by_dates && e.provider == 0 {
        counts.no_prov.first += 1;
        return (Route::LeftOut, regular);
    }
    if filled_admission(e).is_none() {
        counts.no_adm.first += 1;
        return (if by_dates { Route::InvalidHes } else { Route::LeftOut }, regular);
    }
    let route = if spell_level {
        Route::SpellLevel
    } else if !by_dates {
        Route::Ident
    } else if !e.flags.has(EpisodeFlags::FINISHED) {
        counts.unfin.first += 1;
        Route::InvalidHes
    } else if e.episode_key.is_none() || e.episode_start.is_none() || e.episode_end.is_none() {
        counts.invalid_rows += 1;
        Route::InvalidHes
    } else {
        counts.episode_reversed_rows += u64::from(e.episode_end < e.episode_start);
        counts.filled_admission_rows += u64::from(e.admission.is_none());
        Route::Hes
    };
    (route, regular)
}
