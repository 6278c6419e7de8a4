//! The line of one person, from events and stays to visits (`journey-states.md` section 8).

use super::awaiting;
use super::counts::LineCounts;
use super::coverage::Coverage;
use super::death::{Death, DeathSource};
use super::event_state::StateEvent;
use super::finish;
use super::hold::HoldRules;
use super::hospital::HospitalRules;
use super::interval::{self, CareRules, Interval};
use super::settings::{EntryRule, TimelineSettings};
use super::stages;
use super::state::{Line, LineFlags};
use super::sweep::{Ranks, Sweep};
use crate::cld::event::CareEvent;
use crate::codes::cld::EventType;
use crate::day::{BirthMonth, Day, OptDay, Period};
use crate::hospital::stay::{Cips, Spell};
use crate::records::ecds::Attendance;
use std::ops::Range;

/// Days after a death from which records may contradict it (section 9).
const REVIVAL_DAYS: i32 = 30;

/// Builds lines by the settings of one study.
#[derive(Clone, Debug)]
pub struct Lines {
    settings: TimelineSettings,
    window: Range<Day>,
    /// The month of the window's start, to compare months of birth with.
    window_month: BirthMonth,
    hospital_window: Range<Day>,
    coverage: Coverage,
    care: CareRules,
    hospital: HospitalRules,
    hold: HoldRules,
    ranks: Ranks,
}

/// What is known of one person.
#[derive(Clone, Copy, Debug)]
pub struct LineInput<'a> {
    /// Unique events of the joined main table, by start, event type, end (open last), record id.
    pub events: &'a [CareEvent],
    /// Provider spells in the same-day order of `hospital-spells.md` G.
    pub spells: &'a [Spell],
    /// Continuous inpatient spells in time order.
    pub cips: &'a [Cips],
    /// Emergency attendances without duplicates.
    pub attendances: &'a [Attendance],
    /// The number of the spell that each attendance led to (`hospital-spells.md` K); one too high, or
    /// left out, is none.
    pub links: &'a [u32],
    /// The date of death; `chosen` counts.
    pub death: Death,
    /// Month of birth.
    pub birth: BirthMonth,
    /// Events of logs that the study reads as states, by day of start.
    pub logged: &'a [StateEvent],
}

/// Buffers that are reused from person to person.
#[derive(Debug, Default)]
pub struct Scratch {
    intervals: Vec<Interval>,
    bounds: Vec<u64>,
    councils: Vec<u16>,
    covered: Vec<(Day, Day)>,
    sorted: Vec<CareEvent>,
}

impl Scratch {
    /// The source intervals (L1) of the person built last: care intervals first, in the order of
    /// their numbers.
    #[must_use]
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }
}

/// The part of a person's records that decides where the line begins and what is observed.
#[derive(Clone, Copy, Default)]
struct Evidence {
    /// First event that may be evidence of the person, or admission; an attendance is none.
    first: Option<Day>,
    several_councils: bool,
}

impl Lines {
    /// Lines over `[window.start, window.end)`. `coverage` has disjoint periods by council number, both
    /// days included; no council at all means that every day is observed. `hospital_window` is the
    /// half-open span of hospital data. The settings' own windows are not looked at: see
    /// [`TimelineSettings::window`].
    #[must_use]
    pub fn new(
        settings: &TimelineSettings,
        window: Range<Day>,
        coverage: Vec<Vec<Period>>,
        hospital_window: Range<Day>,
    ) -> Self {
        let (year, month) = window.start.year_month();
        Self {
            window_month: BirthMonth::new(year, month),
            coverage: Coverage::new(&window, coverage, settings.observed),
            care: CareRules::new(settings),
            hospital: HospitalRules::new(settings),
            hold: HoldRules::new(settings),
            ranks: Ranks::new(settings),
            settings: settings.clone(),
            window,
            hospital_window,
        }
    }

    /// Builds the line of one person into `line`, whose visits are replaced.
    ///
    /// The line covers `[from, until)`: from the latest of the window's start, the 18th birthday and
    /// (entry rule `first_record`) the first evidence, to the earlier of the death and the window's
    /// end. Its visits are contiguous and add up to that length; visits of no days come from same-day
    /// order. The result depends on the set of records alone, and no allocation is made once the
    /// buffers have grown, unless stages of waits are told apart.
    pub fn build(
        &self,
        input: &LineInput<'_>,
        scratch: &mut Scratch,
        line: &mut Line,
        counts: &mut LineCounts,
    ) {
        line.visits.clear();
        line.masks.clear();
        line.community.clear();
        line.death = OptDay::NONE;
        line.flags = LineFlags::default();
        scratch.intervals.clear();
        counts.people += 1;

        let mut sorted = std::mem::take(&mut scratch.sorted);
        let events = in_order(input.events, &mut sorted);
        self.build_sorted(events, input, scratch, line, counts);
        scratch.sorted = sorted;
    }

    fn build_sorted(
        &self,
        events: &[CareEvent],
        input: &LineInput<'_>,
        scratch: &mut Scratch,
        line: &mut Line,
        counts: &mut LineCounts,
    ) {
        let evidence = self.evidence(events, input, &mut scratch.councils);
        if evidence.several_councils {
            line.flags.set(LineFlags::MULTI_LA);
            counts.multi_la += 1;
        }
        let death = self.death(events, input, line, counts);
        let until = death.map_or(self.window.end, |death| death.min(self.window.end));
        let from = self.first_day(input.birth, evidence);

        let tolerance = self.settings.death_tolerance_days;
        let intervals = &mut scratch.intervals;
        let rows = interval::Rows { events, rules: &self.care, coverage: &self.coverage };
        let care = rows.read(input.logged, death, tolerance, intervals, counts);
        counts.held += self.hold.join(intervals, input.cips);
        interval::number(intervals);
        let care_intervals = intervals.len();
        let span = (from, until);
        let stays =
            self.hospital.add_stays(input.cips, input.spells, death, span, intervals, counts);
        let LineInput { attendances, links, spells, .. } = *input;
        let attendances =
            self.hospital.add_attendances(attendances, links, spells, death, intervals, counts);
        let noted = [care, stays, attendances];
        if noted.iter().any(|noted| noted.tail) {
            line.flags.set(LineFlags::TAIL);
        }
        if noted.iter().any(|noted| noted.after_death) {
            line.flags.set(LineFlags::POST_DEATH);
        }

        // the rule "window" takes everyone seen at any time; an attendance is no first record
        let attended = self.settings.entry_rule == EntryRule::Window
            && input.attendances.iter().any(|attendance| attendance.arrival.is_some());
        if evidence.first.is_none() && !attended {
            counts.no_record += 1;
            return;
        }
        line.death = death.filter(|&day| from <= day && day < self.window.end).into();
        if from >= until {
            counts.death_before += u64::from(death.is_some_and(|death| death < from));
            if line.death.is_some() {
                counts.lines += 1
            } else {
                counts.outside += 1
            }
            return;
        }
        if self.hospital.check_destinations(input.cips, span, care_intervals, intervals, counts) {
            line.flags.set(LineFlags::DESTINATION_CONTRADICTION);
        }
        let first_wait = intervals.len();
        awaiting::add(events, &self.care, self.settings.await_max_days, span, intervals, counts);

        // a person without an event of care is known from hospital alone, and always observed
        let partly =
            !events.is_empty() && self.coverage.of(&scratch.councils, &mut scratch.covered);
        let mut sweep = Sweep {
            ranks: &self.ranks,
            same_day_visits: self.settings.same_day_visits,
            bounds: &mut scratch.bounds,
            masks: &mut line.masks,
        };
        let covered = partly.then_some(scratch.covered.as_slice());
        let touched = sweep.paint(&scratch.intervals, covered, span, &mut line.visits, counts);
        if self.settings.drop_empty && !touched && line.death.is_none() {
            line.visits.clear();
            line.masks.clear();
            counts.empty += 1;
            return;
        }
        counts.lines += 1;
        finish::absorb(&self.settings, &scratch.intervals, line, counts);
        let records = events.iter().filter(|event| self.care.is_of_person(event));
        let days = records.map(|event| event.start);
        finish::cap_idle(&self.settings, days, input, line, counts);
        let late = self.settings.entry_rule == EntryRule::FirstRecord
            && evidence.first == Some(from)
            && from > self.window.start
            && self.birthday(input.birth) != Some(from);
        finish::mark_ends(input, late, span, line);
        if evidence.several_councils {
            for visit in line.visits.iter_mut().filter(|visit| visit.state.is_care()) {
                if let Some(interval) = scratch.intervals.get(visit.id as usize) {
                    let row = rows.on(visit.start, interval);
                    visit.la = row.map_or(interval.la, |row| row.la);
                }
            }
        }
        if self.settings.split_community {
            finish::split_community(rows, &scratch.intervals, line);
        }
        if self.settings.split_await {
            stages::divide_waits(events, &self.care, first_wait, &mut scratch.intervals);
            stages::divide_line(scratch.intervals.get(first_wait..).unwrap_or_default(), line);
        }
        if from < self.hospital_window.start || until > self.hospital_window.end {
            line.flags.set(LineFlags::HOSPITAL_UNOBSERVED);
        }
    }

    /// Councils of all care rows, and the first evidence among those of the person.
    fn evidence(
        &self,
        events: &[CareEvent],
        input: &LineInput<'_>,
        councils: &mut Vec<u16>,
    ) -> Evidence {
        councils.clear();
        for event in events {
            if councils.last() != Some(&event.la) && !councils.contains(&event.la) {
                councils.push(event.la);
            }
        }
        let event = events.iter().find(|event| self.care.is_of_person(event));
        let admission = input.cips.iter().map(|stay| stay.admission).min();
        let first = event.map(|event| event.start).into_iter().chain(admission).min();
        Evidence { first, several_councils: councils.len() > 1 }
    }

    /// The first day of the line (section 5, person window).
    fn first_day(&self, birth: BirthMonth, evidence: Evidence) -> Day {
        let mut from = self.window.start;
        if let Some(birthday) = self.birthday(birth) {
            from = from.max(birthday);
        }
        match (self.settings.entry_rule, evidence.first) {
            (EntryRule::FirstRecord, Some(first)) => from.max(first),
            _ => from,
        }
    }

    /// The birthday before which no line begins, when it is after the window's start.
    fn birthday(&self, birth: BirthMonth) -> Option<Day> {
        let months = self.settings.adult_age_years.saturating_mul(12);
        if months == 0 || !birth.is_known() {
            return None;
        }
        let month = BirthMonth(birth.0.saturating_add(months));
        if month <= self.window_month {
            return None; // the usual case, without a calendar
        }
        month.first_day().filter(|&day| day > self.window.start)
    }

    /// The death that ends the line. Later records of another source may set it aside (section 9).
    fn death(
        &self,
        events: &[CareEvent],
        input: &LineInput<'_>,
        line: &mut Line,
        counts: &mut LineCounts,
    ) -> Option<Day> {
        let death = input.death.chosen.get()?;
        counts.deaths += 1;
        if input.death.conflict {
            counts.death_conflict += 1;
            line.flags.set(LineFlags::DEATH_CONFLICT);
        }
        let limit = death.plus(REVIVAL_DAYS);
        let mut later = 0;
        if input.death.source != Some(DeathSource::Hospital) {
            later += input.cips.iter().filter(|stay| stay.admission > limit).count();
            let arrivals = input.attendances.iter().filter_map(|a| a.arrival.get());
            later += arrivals.filter(|&arrival| arrival > limit).count();
        }
        if input.death.source != Some(DeathSource::Cld) {
            let later_service = |event: &&CareEvent| {
                event.event_type == EventType::Service
                    && event.start > limit
                    && self.care.is_of_person(event)
            };
            later += events.iter().filter(later_service).count();
        }
        if later >= 2 {
            counts.revivable += 1;
            if self.settings.revive {
                counts.revived += 1;
                line.flags.set(LineFlags::REVIVED);
                return None;
            }
        }
        Some(death)
    }
}

/// The events in their order; a copy is sorted when they are not.
fn in_order<'a>(events: &'a [CareEvent], sorted: &'a mut Vec<CareEvent>) -> &'a [CareEvent] {
    if events.is_sorted_by_key(|event| event.start) {
        return events;
    }
    sorted.clear();
    sorted.extend_from_slice(events);
    sorted.sort_unstable_by_key(|e| {
        (e.start, e.event_type as u8, e.end.is_none(), e.end, e.record_id)
    });
    sorted
}
