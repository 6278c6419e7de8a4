//! Person-time by care state, and the state that an event comes from (`linked-metrics.md` M11, M15).
//!
//! Time at risk is that of the state line outside hospital: a day belongs to one care state, one
//! council, one age band, one band of time in care and one component of the service. An event belongs to the day before it, hospital
//! ignored, so that events and time have the same cells.

use crate::place::Places;
use crate::stratum::{Dimension, Strata, sex_level, visit_on};
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::cld::{Component, Gender};
use throughcare_linkage::day::{BirthMonth, Day, OPEN_END};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::{CareRules, Interval, row_on, rows_of};
use throughcare_linkage::timeline::state::{State, Visit};

/// Which person-time is at risk, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exposure {
    /// Days in hospital are no time at risk; otherwise they belong to the care state below them.
    pub exclude_hospital_time: bool,
    /// Days from a discharge, that day included, that are no time at risk.
    pub washout_days: i32,
    /// What happens to time with several services.
    pub multiple_services: MultipleServices,
    /// Whether events count with which the line of a person begins: there is no time at risk before
    /// them.
    pub first_day_events: bool,
}

impl Default for Exposure {
    fn default() -> Self {
        Self {
            exclude_hospital_time: true,
            washout_days: 0,
            multiple_services: MultipleServices::Primary,
            first_day_events: true,
        }
    }
}

impl Exposure {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        match self.washout_days {
            ..0 => Err(format!("washout_days = {} must not be negative", self.washout_days)),
            _ => Ok(()),
        }
    }
}

/// How a day with several services counts (M11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultipleServices {
    /// In the state of the line alone: the states add up to the total.
    Primary,
    /// In every service that runs: the states do not add up. Everything that is not by care state
    /// still counts each day once.
    Each,
}

/// Where person-time counts, and the events that come from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeCell {
    /// Position of the period.
    pub period: u16,
    /// Council of [`Places`].
    pub council: u16,
    /// Care state.
    pub state: State,
    /// The state runs beside the one of the line ([`MultipleServices::Each`]).
    pub beside: bool,
    /// Level of time in care: 0 when the state is no service, else a position in [`TIMES`] and 1.
    pub time: u8,
    /// Component of the service, when the state is one.
    pub component: Option<Component>,
    /// Age and sex.
    pub strata: Strata,
}

/// Days since the start of a service: text, first day and first day of the next band (M11.7).
pub const TIMES: [(&str, i32, i32); 4] =
    [("0-30", 0, 31), ("31-90", 31, 91), ("91-365", 91, 366), ("366+", 366, i32::MAX)];

/// First age of each age level above the lowest, as in [`crate::stratum::age_level`].
const AGE_EDGES: [u16; 5] = [16, 18, 65, 75, 85];

/// Days of a line that are no time at risk, by the reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotAtRisk {
    /// Of a person whose month of birth is not known, who may be a child.
    pub unknown_age: i64,
    /// Nobody covers the day.
    pub unobserved: i64,
    /// In hospital.
    pub in_hospital: i64,
    /// Soon after a discharge.
    pub washed_out: i64,
}

/// Why an event comes from no person-time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoOrigin {
    /// The month of birth of the person is not known.
    UnknownAge,
    /// Neither the day before nor the day itself is observed.
    Unobserved,
    /// The line begins on that day ([`Exposure::first_day_events`]).
    FirstDay,
    /// Soon after a discharge.
    WashedOut,
}

/// The person-time of one person.
#[derive(Clone, Copy, Debug)]
pub struct PersonTime<'a> {
    person: &'a Person<'a>,
    places: &'a Places,
    rules: &'a CareRules,
    exposure: Exposure,
    sex: u8,
    /// First days of the age bands; none when the month of birth is not known.
    birthdays: Option<[Day; AGE_EDGES.len()]>,
}

/// A stretch of the line in one care state.
#[derive(Clone, Copy, Debug)]
struct Stretch<'a> {
    start: Day,
    end: Day,
    state: State,
    beside: bool,
    /// The service, for states that are one.
    service: Option<&'a Interval>,
    council: u16,
}

impl<'a> PersonTime<'a> {
    /// The person-time of a person under these rules.
    #[must_use]
    pub fn new(
        person: &'a Person<'a>,
        places: &'a Places,
        rules: &'a CareRules,
        exposure: Exposure,
    ) -> Self {
        let sex = sex_of(person);
        Self { person, places, rules, exposure, sex, birthdays: birthdays(person.birth()) }
    }

    /// Hands over the time at risk in `[from, until)`, as days by cell of period 0; a cell may come
    /// several times. Returns the days of the line in the same time that are not at risk.
    pub fn each(&self, from: Day, until: Day, mut each: impl FnMut(TimeCell, i64)) -> NotAtRisk {
        let mut not_at_risk = NotAtRisk::default();
        let mut washed_until = Day(i32::MIN);
        for visit in &self.person.line.visits {
            let in_hospital = visit.state.is_hospital();
            if visit.state.is_inpatient() && visit.days() > 0 {
                washed_until = visit.end.plus(self.exposure.washout_days);
            }
            let (start, end) = (visit.start.max(from), visit.end.min(until));
            if start >= end {
                continue;
            }
            let days = i64::from(end.since(start));
            if self.birthdays.is_none() {
                not_at_risk.unknown_age += days;
                continue;
            }
            if care_state(visit) == State::Unobserved {
                not_at_risk.unobserved += days;
                continue;
            }
            if in_hospital && self.exposure.exclude_hospital_time {
                not_at_risk.in_hospital += days;
                continue;
            }
            let at_risk = if in_hospital { start } else { start.max(washed_until.min(end)) };
            not_at_risk.washed_out += i64::from(at_risk.since(start));
            let council = self.council(visit);
            let stretch = Stretch {
                start: at_risk,
                end,
                state: care_state(visit),
                beside: false,
                service: self.service(visit),
                council,
            };
            self.slice(stretch, &mut each);
            if self.exposure.multiple_services == MultipleServices::Each {
                self.slice_beside(stretch, &mut each);
            }
        }
        not_at_risk
    }

    /// The cells of period 0 that an event on a day comes from: those of the day before, hospital
    /// ignored; of the day itself when the person left hospital that day, or when the line begins with
    /// it (M11.4, X-20). The first cell is that of the line's state.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn origin(&self, day: Day, mut each: impl FnMut(TimeCell)) -> Result<(), NoOrigin> {
        if self.birthdays.is_none() {
            return Err(NoOrigin::UnknownAge);
        }
        let (at, visit) = self.before(day).ok_or(NoOrigin::Unobserved)?;
        let state = care_state(visit);
        if state == State::Unobserved {
            return Err(NoOrigin::Unobserved);
        }
        let line = &self.person.line.visits;
        if !self.exposure.first_day_events && line.first().is_some_and(|v| v.start == day) {
            return Err(NoOrigin::FirstDay);
        }
        if self.is_washed_out(day) {
            return Err(NoOrigin::WashedOut);
        }
        let council = self.council(visit);
        let service = self.service(visit);
        let of = Stretch { start: at, end: day, state, beside: false, service, council };
        each(self.cell(of, at));
        if self.exposure.multiple_services == MultipleServices::Each {
            let mut seen = state.bit();
            for interval in self.person.intervals {
                let runs = interval.start <= at && at < interval.end && !interval.mask_only;
                if runs && interval.state.is_care() && seen & interval.state.bit() == 0 {
                    seen |= interval.state.bit();
                    let (state, service) = (interval.state, Some(interval));
                    each(self.cell(Stretch { state, beside: true, service, ..of }, at));
                }
            }
        }
        Ok(())
    }

    /// The day whose state an event comes from, and the visit that covers it.
    fn before(&self, day: Day) -> Option<(Day, &'a Visit)> {
        let line = self.person.line;
        let that_day = || visit_on(line, day).map(|visit| (day, visit));
        let eve = day.plus(-1);
        match visit_on(line, eve) {
            None => that_day(),
            Some(visit) if visit.state.is_hospital() && visit.end == day => {
                that_day().or(Some((eve, visit)))
            }
            Some(visit) => Some((eve, visit)),
        }
    }

    /// Whether the day before lies in the washout of a discharge.
    fn is_washed_out(&self, day: Day) -> bool {
        let washout = self.exposure.washout_days;
        let stays = self.person.line.visits.iter();
        let mut stays = stays.filter(|visit| visit.state.is_inpatient() && visit.days() > 0);
        washout > 0 && stays.any(|stay| (0..=washout).contains(&day.since(stay.end)))
    }

    /// The council of a visit: that of its service, else the one on its first day.
    fn council(&self, visit: &Visit) -> u16 {
        if visit.la != 0 && !visit.state.is_hospital() {
            self.places.council(visit.la)
        } else {
            council_on(self.person, visit.start, self.places)
        }
    }

    /// The service of a visit or, in hospital, the one below it.
    fn service(&self, visit: &Visit) -> Option<&'a Interval> {
        let intervals = self.person.intervals;
        if visit.state.is_care() {
            let interval = intervals.get(visit.id as usize);
            return interval.filter(|interval| interval.state == visit.state);
        }
        let below = intervals.iter().filter(|interval| {
            interval.state == visit.underlying
                && interval.state.is_care()
                && interval.start <= visit.start
                && visit.start < interval.end
        });
        if visit.state.is_hospital() { below.max_by_key(|interval| interval.start) } else { None }
    }

    /// Services that run beside the state of a stretch.
    fn slice_beside(&self, of: Stretch<'a>, each: &mut impl FnMut(TimeCell, i64)) {
        // intervals are in the order of start: what a state has covered so far ends here
        let mut covered = [of.start; State::COUNT];
        for interval in self.person.intervals {
            let state = interval.state;
            if !state.is_care() || state == of.state || interval.mask_only {
                continue;
            }
            let Some(covered) = covered.get_mut(state as usize) else { continue };
            let (start, end) = (interval.start.max(*covered), interval.end.min(of.end));
            if start < end {
                *covered = end;
                let service = Some(interval);
                self.slice(Stretch { start, end, state, beside: true, service, ..of }, each);
            }
        }
    }

    /// Splits a stretch at birthdays, at the bands of time in care and where the rows of the service
    /// begin and end, as the component may change there.
    fn slice(&self, of: Stretch<'a>, each: &mut impl FnMut(TimeCell, i64)) {
        let mut day = of.start;
        while day < of.end {
            let birthdays = self.birthdays.iter().flatten().copied();
            let service = of.service.into_iter();
            let times = service
                .clone()
                .flat_map(|of| TIMES.iter().map(move |&(_, first, _)| of.start.plus(first)));
            let rows = service.flat_map(|of| rows_of(of, self.person.joined, self.rules));
            let rows = rows.flat_map(|row| {
                let after = row.end.get().filter(|&end| end < OPEN_END).map(|end| end.plus(1));
                [Some(row.start), after].into_iter().flatten()
            });
            let edges = birthdays.chain(times).chain(rows);
            let next = edges.filter(|&edge| edge > day).fold(of.end, Day::min);
            each(self.cell(of, day), days(day, next));
            day = next;
        }
    }

    fn cell(&self, of: Stretch<'a>, day: Day) -> TimeCell {
        let age = self.birthdays.map_or(0, |birthdays| {
            1 + birthdays.iter().filter(|&&birthday| birthday <= day).count() as u8
        });
        let time = of.service.map_or(0, |service| {
            let passed = day.since(service.start);
            1 + TIMES.iter().filter(|&&(_, _, next)| passed >= next).count() as u8
        });
        let component = of.service.map(|service| {
            let rows = rows_of(service, self.person.joined, self.rules);
            row_on(day, rows, |row| row.covers(day)).map_or(Component::None, |row| row.component)
        });
        let strata = Strata::default().with(Dimension::AgeBand, age).with(Dimension::Sex, self.sex);
        let Stretch { council, state, beside, .. } = of;
        TimeCell { period: 0, council, state, beside, time, component, strata }
    }
}

fn days(start: Day, end: Day) -> i64 {
    i64::from(end.since(start))
}

/// The care state of a visit, hospital ignored.
const fn care_state(visit: &Visit) -> State {
    if visit.state.is_hospital() { visit.underlying } else { visit.state }
}

/// The council of the latest care event that has begun by a day, else of the first care event; for
/// people without care records the council of residence of the latest stay that has begun, else of the
/// first one. 0 when neither is known.
#[must_use]
pub fn council_on(person: &Person<'_>, day: Day, places: &Places) -> u16 {
    // events and stays are in the order of their first day
    let latest = |begun: usize| begun.saturating_sub(1);
    let begun = person.joined.partition_point(|event| event.start <= day);
    if let Some(event) = person.joined.get(latest(begun)) {
        return places.council(event.la);
    }
    let begun = person.cips.partition_point(|stay| stay.admission <= day);
    let stay = person.cips.get(latest(begun));
    stay.map_or(0, |stay| places.residence(stay.lsoa, stay.residence))
}

/// The days on which the age levels begin; none when the month of birth is not known.
fn birthdays(birth: BirthMonth) -> Option<[Day; AGE_EDGES.len()]> {
    let mut days = [Day(i32::MAX); AGE_EDGES.len()];
    if !birth.is_known() {
        return None;
    }
    for (day, years) in days.iter_mut().zip(AGE_EDGES) {
        // an age that the calendar of birth months does not reach is never reached
        if let Some(edge) = BirthMonth(birth.0.saturating_add(years * 12)).first_day() {
            *day = edge;
        }
    }
    Some(days)
}

/// Level of [`Dimension::Sex`] of a person: the first known one of the stays, else that of the latest
/// care event.
pub fn sex_of(person: &Person<'_>) -> u8 {
    let stays = person.cips.iter().map(|stay| sex_level(stay.sex));
    let care = person.joined.iter().rev().map(|event| match event.gender {
        Gender::Male => 1,
        Gender::Female => 2,
        Gender::Other => 3,
        _ => 0,
    });
    stays.chain(care).find(|&level| level != 0).unwrap_or(0)
}
