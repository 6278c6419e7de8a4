//! Source intervals (L1) from hospital data (`journey-states.md` section 4).

use super::counts::LineCounts;
use super::hold::is_of_line;
use super::interval::{Interval, Noted};
use super::settings::TimelineSettings;
use super::state::State;
use crate::codes::short::{Code, CodeSet};
use crate::day::Day;
use crate::hospital::stay::{Cips, EndKind, Spell, StayFlags};
use crate::records::ecds::Attendance;

/// How stays and attendances become states.
#[derive(Clone, Debug)]
pub struct HospitalRules {
    split_rehab: bool,
    split_mh: bool,
    ae_cap_days: i32,
    trust_destination: bool,
    trusted_destination_days: i32,
    care_homes: CodeSet,
    elective: CodeSet,
    maternity: CodeSet,
    maternity_specialties: CodeSet,
    death_tolerance_days: i32,
}

const ORDINARY: Code = Code::new("1");
const MOTHER_AND_BABY: Code = Code::new("5");

impl HospitalRules {
    /// The rules of a study.
    #[must_use]
    pub fn new(settings: &TimelineSettings) -> Self {
        let care_homes = settings.care_home_destinations.iter().map(String::as_str);
        Self {
            split_rehab: settings.split_rehab,
            split_mh: settings.split_mh,
            ae_cap_days: settings.ae_cap_days,
            trust_destination: settings.trust_destination,
            trusted_destination_days: settings.trusted_destination_days,
            care_homes: CodeSet::new(care_homes),
            elective: CodeSet::new(["11", "12", "13"]),
            maternity: CodeSet::new(["31", "32", "82", "83"]),
            maternity_specialties: CodeSet::new(["501", "560"]),
            death_tolerance_days: settings.death_tolerance_days,
        }
    }

    /// The state of a stay by its first spell: an emergency method comes first, even with a maternity
    /// specialty. A missing patient classification counts as an ordinary one.
    #[must_use]
    pub fn class(&self, stay: &Cips) -> State {
        if stay.emergency {
            State::InpatientEmergency
        } else if self.maternity.contains(stay.admission_method)
            || self.maternity_specialties.contains(stay.treatment_admission)
            || stay.class == MOTHER_AND_BABY
        {
            State::InpatientMaternity
        } else if self.elective.contains(stay.admission_method)
            && (stay.class == ORDINARY || stay.class.is_none())
        {
            State::InpatientElective
        } else {
            State::InpatientOther
        }
    }

    /// Adds the stays of one person. Intervals that do not touch `[from, until)` are counted only.
    pub(crate) fn add_stays(
        &self,
        stays: &[Cips],
        spells: &[Spell],
        death: Option<Day>,
        (from, until): (Day, Day),
        intervals: &mut Vec<Interval>,
        counts: &mut LineCounts,
    ) -> Noted {
        let mut noted = Noted::default();
        for (id, stay) in (0..).zip(stays) {
            counts.stays += 1;
            if death.is_some_and(|death| stay.admission > death) {
                counts.stay_after_death += 1;
                noted.after_death = true;
            } else if stay.day_case {
                counts.day_cases += 1;
            } else if !is_of_line(stay) {
                counts.inner_stays += 1;
            } else if stay.nights() <= 0 {
                counts.zero_night_stays += 1;
            } else {
                counts.used_stays += 1;
                counts.unfinished_stays += u64::from(stay.end_kind == EndKind::Censored);
                match death.map_or(0, |death| stay.discharge.since(death)) {
                    ..=0 => {}
                    days if days <= self.death_tolerance_days => {
                        counts.tail_stays += 1;
                        noted.tail = true;
                    }
                    _ => counts.cut_stays += 1,
                }
                if stay.admission < until && stay.discharge > from {
                    self.add_stay(id, stay, spells, intervals);
                }
            }
        }
        noted
    }

    /// One interval for a stay, or one a spell where a spell has a state of its own. Nights between
    /// spells belong to the later one; where spells overlap the sweep takes the lowest rank.
    fn add_stay(&self, id: u32, stay: &Cips, spells: &[Spell], intervals: &mut Vec<Interval>) {
        let class = self.class(stay);
        let mut add = |state, start, end| {
            intervals.push(Interval {
                id,
                admission: start == stay.admission,
                discharge: end == stay.discharge,
                ..Interval::care(state, start, end, 0, 0)
            });
        };
        match self.own_state(stay.flags) {
            None => return add(class, stay.admission, stay.discharge),
            Some(state) if stay.spells <= 1 => {
                return add(state, stay.admission, stay.discharge);
            }
            Some(_) => {}
        }
        let mut latest = stay.admission;
        for spell in spells.iter().skip(stay.first_spell as usize) {
            if spell.cips != id || spell.flags.has(StayFlags::INNER) {
                continue;
            }
            let start = spell.admission.min(latest);
            if start < spell.discharge {
                add(self.own_state(spell.flags).unwrap_or(class), start, spell.discharge);
            }
            latest = latest.max(spell.discharge);
        }
        if latest < stay.discharge {
            add(class, latest, stay.discharge); // spells that the caller does not have
        }
    }

    fn own_state(&self, flags: StayFlags) -> Option<State> {
        if self.split_mh && flags.has(StayFlags::MENTAL_HEALTH) {
            Some(State::InpatientMentalHealth)
        } else if self.split_rehab && flags.has(StayFlags::REHABILITATION) {
            Some(State::InpatientRehabilitation)
        } else {
            None
        }
    }

    /// Adds A&E attendances across midnight, `[arrival, departure)`, capped, and cut at the admission
    /// that they are linked to (K).
    pub(crate) fn add_attendances(
        &self,
        attendances: &[Attendance],
        links: &[u32],
        spells: &[Spell],
        death: Option<Day>,
        intervals: &mut Vec<Interval>,
        counts: &mut LineCounts,
    ) -> Noted {
        let mut noted = Noted::default();
        counts.attendances += attendances.len() as u64;
        for (n, attendance) in attendances.iter().enumerate() {
            let (arrival, departure) = match (attendance.arrival.get(), attendance.departure.get())
            {
                (Some(arrival), Some(departure)) if arrival <= departure => (arrival, departure),
                _ => {
                    counts.attendance_undated += 1;
                    continue;
                }
            };
            if death.is_some_and(|death| arrival > death) {
                counts.attendance_after_death += 1;
                noted.after_death = true;
                continue;
            }
            if arrival == departure {
                counts.attendance_events += 1;
                continue;
            }
            if self.ae_cap_days == 0 {
                counts.attendance_off += 1;
                continue;
            }
            let linked = links.get(n).and_then(|&link| spells.get(link as usize));
            let admission = linked.map_or(departure, |spell| spell.admission);
            let end = departure.min(arrival.plus(self.ae_cap_days)).min(admission);
            if end <= arrival {
                counts.attendance_admitted += 1;
                continue;
            }
            counts.used_attendances += 1;
            intervals.push(Interval::care(State::AccidentEmergency, arrival, end, 0, 0));
        }
        noted
    }

    /// Whether any discharge to a care home, in `[from, until)`, is one that care records do not show:
    /// on that day they show nothing, or community support or less (8.3). When destinations are trusted, adds
    /// residential care from the discharge to the next service start, at most
    /// `trusted_destination_days`. `care` intervals come first in `intervals`.
    pub(crate) fn check_destinations(
        &self,
        stays: &[Cips],
        (from, until): (Day, Day),
        care: usize,
        intervals: &mut Vec<Interval>,
        counts: &mut LineCounts,
    ) -> bool {
        let mut contradiction = false;
        for stay in stays.iter().filter(|stay| self.care_homes.contains(stay.destination)) {
            let day = stay.discharge;
            if day < from
                || day >= until
                || stay.nights() <= 0
                || stay.died
                || !stay.end_kind.is_known()
                || !is_of_line(stay)
            {
                continue;
            }
            let services = intervals.get(..care).unwrap_or_default();
            let elsewhere = |i: &Interval| {
                i.start <= day && day < i.end && i.state.rank() < State::Community.rank()
            };
            if services.iter().any(elsewhere) {
                continue;
            }
            contradiction = true;
            counts.care_home_not_shown += 1;
            if self.trust_destination {
                let next = services.iter().map(|i| i.start).filter(|&start| start > day).min();
                let latest = day.plus(self.trusted_destination_days);
                let end = next.map_or(latest, |next| next.min(latest));
                counts.trusted += 1;
                intervals.push(Interval::care(State::Residential, day, end, 0, 0));
            }
        }
        contradiction
    }
}
