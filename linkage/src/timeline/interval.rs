//! Source intervals (L1): care rows read as states and bridged (`journey-states.md` sections 3, 6).

use super::counts::LineCounts;
use super::coverage::Coverage;
use super::event_state::{NoEnd, StateEvent};
use super::settings::{InvalidServiceType, Preset, SchemeChoice, TimelineSettings};
use super::state::State;
use crate::cld::event::CareEvent;
use crate::codes::cld::{ClientType, Component, EventType, ServiceType};
use crate::day::{Day, OPEN_END};

/// One source interval, `[start, end)`, not cut to the window or the death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// First day.
    pub start: Day,
    /// First day no longer in the state.
    pub end: Day,
    /// Record id of the first row of a care interval, the smallest among equal starts; the highest number
    /// when an event of a log begins it; 0 otherwise.
    pub record: u64,
    /// Number of the CIPS or of the care interval; `u32::MAX` for A&E, waits and trusted destinations.
    pub id: u32,
    /// Council of the first row, or 0.
    pub la: u16,
    /// The state.
    pub state: State,
    /// Joined to another across a hospital stay.
    pub held: bool,
    /// In the mask only: the wait of an existing client.
    pub mask_only: bool,
    /// The part of a stay that begins with the admission.
    pub admission: bool,
    /// The part of a stay that ends with the discharge.
    pub discharge: bool,
}

impl Interval {
    /// The interval of a care row.
    #[must_use]
    pub(crate) const fn care(state: State, start: Day, end: Day, la: u16, record: u64) -> Self {
        Self {
            start,
            end,
            record,
            id: u32::MAX,
            la,
            state,
            held: false,
            mask_only: false,
            admission: false,
            discharge: false,
        }
    }
}

/// Why a service row is not a source interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A row of an unpaid carer.
    Carer,
    /// Direct support to an unpaid carer on the record of a service user.
    CarerDirect,
    /// The end is before the start.
    Reversed,
    /// Equipment.
    Equipment,
    /// No valid service type.
    InvalidType,
    /// A state that the settings leave out.
    Ignored,
}

/// How care rows become states.
#[derive(Clone, Debug)]
pub struct CareRules {
    gaps: [i32; State::COUNT],
    bed_components: Vec<Component>,
    ignored: u32,
    equipment_is_event: bool,
    invalid: InvalidServiceType,
    carer_lines: bool,
}

impl Default for CareRules {
    fn default() -> Self {
        Self::new(&TimelineSettings::default())
    }
}

impl CareRules {
    /// The rules of a study.
    #[must_use]
    pub fn new(settings: &TimelineSettings) -> Self {
        // the national measures know service types only
        let ascof = settings.state_scheme == SchemeChoice::Preset(Preset::Ascof);
        let split_beds = settings.split_short_term_beds && !ascof;
        let beds = if split_beds { settings.short_term_bed_components.clone() } else { Vec::new() };
        Self {
            gaps: settings.gaps(),
            bed_components: beds,
            ignored: settings.ignore_states.iter().fold(0, |bits, state| bits | state.bit()),
            equipment_is_event: settings.equipment_is_event,
            invalid: settings.invalid_service_type,
            carer_lines: settings.carer_lines,
        }
    }

    /// Whether an event may be evidence of the person of a line: not one of an unpaid carer, unless
    /// carers have lines.
    #[must_use]
    #[inline]
    pub fn is_of_person(&self, event: &CareEvent) -> bool {
        self.carer_lines || !is_carer(event)
    }

    /// The state of a service row (section 2).
    ///
    /// # Errors
    ///
    /// Why the row is not a source interval, the first reason that applies.
    #[inline]
    pub fn state(&self, event: &CareEvent) -> Result<State, LeftOut> {
        let carer = is_carer(event);
        if carer && !self.carer_lines {
            return Err(LeftOut::Carer);
        }
        if event.is_reversed() {
            return Err(LeftOut::Reversed);
        }
        let bed = || self.bed_components.contains(&event.component);
        let state = match event.service_type {
            ServiceType::CarerDirect | ServiceType::CarerIndirect if carer => State::CarerSelf,
            ServiceType::CarerDirect => return Err(LeftOut::CarerDirect),
            _ if carer => return Err(LeftOut::Carer),
            _ if self.equipment_is_event && event.component == Component::Equipment => {
                return Err(LeftOut::Equipment);
            }
            ServiceType::Nursing => State::Nursing,
            ServiceType::Residential => State::Residential,
            ServiceType::Community => State::Community,
            ServiceType::Prison => State::Prison,
            ServiceType::StMax | ServiceType::OtherShortTerm if bed() => State::ShortTermBed,
            ServiceType::StMax => State::StMax,
            ServiceType::OtherShortTerm => State::ShortTermOther,
            ServiceType::LowLevel => State::LowLevel,
            ServiceType::CarerIndirect => State::Carer,
            ServiceType::None | ServiceType::Invalid => match self.invalid {
                InvalidServiceType::LeaveOut => return Err(LeftOut::InvalidType),
                InvalidServiceType::OtherShortTerm => State::ShortTermOther,
            },
        };
        if self.ignored & state.bit() != 0 { Err(LeftOut::Ignored) } else { Ok(state) }
    }
}

/// The rows of one person while they are read.
struct Reading<'a> {
    rules: &'a CareRules,
    death: Option<Day>,
    death_tolerance_days: i32,
    /// The latest interval of each state.
    current: [u32; State::COUNT],
    intervals: &'a mut Vec<Interval>,
    noted: Noted,
}

/// Where a row lies to the death.
enum AtDeath {
    /// It ends by then.
    Before,
    /// It ends within the tolerance after it.
    Tail,
    /// It ends further after it, or is open.
    Cut,
    /// It starts after it.
    After,
}

impl Reading<'_> {
    #[inline]
    fn at_death(&mut self, start: Day, end: Day, is_open: bool) -> AtDeath {
        let Some(death) = self.death else { return AtDeath::Before };
        if start > death {
            self.noted.after_death = true;
            return AtDeath::After;
        }
        // the last day of the row against the day of death
        match end.plus(-1).since(death) {
            ..=0 => AtDeath::Before,
            days if days <= self.death_tolerance_days && !is_open => {
                self.noted.tail = true;
                AtDeath::Tail
            }
            _ => AtDeath::Cut,
        }
    }

    /// Joins a row to the interval that it continues, or begins another; whether it was joined.
    #[inline]
    fn join(&mut self, row: Interval) -> bool {
        let Interval { state, start, .. } = row;
        let known = if state == State::StMax {
            self.intervals.iter().rposition(|i| i.state == state && i.la == row.la)
        } else {
            Some(self.current[state as usize] as usize)
        };
        match known.and_then(|n| self.intervals.get_mut(n)) {
            Some(last) if start.since(last.end) <= self.rules.gaps[state as usize] => {
                last.end = last.end.max(row.end);
                if last.start == start {
                    last.record = last.record.min(row.record);
                }
                if last.la == 0 {
                    // begun by an event of a log
                    last.la = row.la;
                }
                true
            }
            _ => {
                self.current[state as usize] = self.intervals.len() as u32;
                self.intervals.push(row);
                false
            }
        }
    }

    /// Reads an event of a log.
    fn logged(&mut self, event: &StateEvent, counts: &mut LineCounts) {
        counts.event_rows += 1;
        let end = match event.end {
            Err(NoEnd::Missing) => {
                counts.event_no_end += 1;
                return;
            }
            Err(NoEnd::Reversed) => {
                counts.event_reversed += 1;
                return;
            }
            Ok(_) if self.rules.ignored & event.state.bit() != 0 => {
                counts.event_ignored += 1;
                return;
            }
            Ok(end) => end.plus(1),
        };
        match self.at_death(event.start, end, false) {
            AtDeath::After => {
                counts.event_after_death += 1;
                return;
            }
            AtDeath::Tail => counts.event_tail += 1,
            AtDeath::Cut => counts.event_cut += 1,
            AtDeath::Before => {}
        }
        counts.used_events += 1;
        let row = Interval::care(event.state, event.start, end, 0, u64::MAX);
        counts.event_bridged += u64::from(self.join(row));
    }
}

/// What reading noticed of a person's records against the death.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// An end shortly after the death was cut.
    pub tail: bool,
    /// A record that starts after the death was left out.
    pub after_death: bool,
}

/// Numbers care intervals in the order of start, state and first record id. Numbers of councils
/// depend on the order of input files and are not asked.
pub(crate) fn number(intervals: &mut [Interval]) {
    if intervals.len() > 1 {
        intervals.sort_unstable_by_key(|i| (i.start, i.state, i.record));
    }
    for (id, interval) in (0..).zip(intervals) {
        interval.id = id;
    }
}

/// The rows of a care interval, in their order.
pub fn rows_of<'a>(
    interval: &Interval,
    events: &'a [CareEvent],
    rules: &CareRules,
) -> impl Iterator<Item = &'a CareEvent> {
    events.iter().filter(|event| {
        event.event_type == EventType::Service
            && event.start >= interval.start
            && event.start < interval.end
            && rules.state(event) == Ok(interval.state)
            && (interval.state != State::StMax || event.la == interval.la)
    })
}

/// The row of a care interval that its attributes come from on a day (section 8.1): of the rows that
/// run then, or else of all that have begun, the one with the latest start, ties to the smallest
/// record id.
pub fn row_on<'a>(
    day: Day,
    rows: impl Iterator<Item = &'a CareEvent>,
    runs: impl Fn(&CareEvent) -> bool,
) -> Option<&'a CareEvent> {
    let begun = rows.filter(|event| event.start <= day);
    begun.max_by_key(|event| (runs(event), event.start, std::cmp::Reverse(event.record_id)))
}

/// The care rows of a person, read by the rules of a study.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    /// By start.
    pub(crate) events: &'a [CareEvent],
    pub(crate) rules: &'a CareRules,
    pub(crate) coverage: &'a Coverage,
}

impl<'a> Rows<'a> {
    /// Reads the service rows of one person, ordered by start, and bridges them: rows of one state
    /// (ST-Max: and one council, X-14) join when at most the state's gap of clear days lies between
    /// the latest end so far and the next start. `death` cuts nothing here, but rows that start after
    /// it are left out.
    ///
    /// The events of logs in `logged`, by day of start, are read as rows without a council among them.
    ///
    /// Complexity: one pass, and a look back over the intervals for ST-Max.
    pub(crate) fn read(
        self,
        logged: &[StateEvent],
        death: Option<Day>,
        death_tolerance_days: i32,
        intervals: &mut Vec<Interval>,
        counts: &mut LineCounts,
    ) -> Noted {
        let mut reading = Reading {
            rules: self.rules,
            death,
            death_tolerance_days,
            current: [u32::MAX; State::COUNT],
            intervals,
            noted: Noted::default(),
        };
        let mut logged = logged.iter().peekable();
        for event in self.events.iter().filter(|event| event.event_type == EventType::Service) {
            counts.service_rows += 1;
            let state = match self.rules.state(event) {
                Ok(state) => state,
                Err(why) => {
                    count_left_out(counts, why);
                    continue;
                }
            };
            let start = event.start;
            while let Some(earlier) = logged.next_if(|earlier| earlier.start < start) {
                reading.logged(earlier, counts);
            }
            let end = end_exclusive(event, self.coverage);
            match reading.at_death(start, end, is_open(event)) {
                AtDeath::After => {
                    counts.service_after_death += 1;
                    continue;
                }
                AtDeath::Tail => counts.tail_rows += 1,
                AtDeath::Cut => counts.cut_rows += 1,
                AtDeath::Before => {}
            }
            counts.used_rows += 1;
            counts.invalid_type +=
                u64::from(matches!(event.service_type, ServiceType::None | ServiceType::Invalid));
            let row = Interval::care(state, start, end, event.la, event.record_id);
            counts.bridged_rows += u64::from(reading.join(row));
        }
        logged.for_each(|event| reading.logged(event, counts));
        reading.noted
    }

    /// The row of a care interval that counts on a day (8.1 step 3).
    pub(crate) fn on(self, day: Day, interval: &Interval) -> Option<&'a CareEvent> {
        let rows = rows_of(interval, self.events, self.rules);
        row_on(day, rows, |event| self.runs_on(day, event))
    }

    /// Whether a row has not ended by a day.
    pub(crate) fn runs_on(self, day: Day, row: &CareEvent) -> bool {
        day < end_exclusive(row, self.coverage)
    }

    /// The days on which another row of a care interval may begin to count, in no order.
    pub(crate) fn changes(self, interval: &Interval) -> impl Iterator<Item = Day> {
        let rows = rows_of(interval, self.events, self.rules);
        rows.flat_map(move |event| [event.start, end_exclusive(event, self.coverage)])
    }
}

#[inline]
fn is_carer(event: &CareEvent) -> bool {
    matches!(event.client_type, ClientType::UnpaidCarer | ClientType::UnpaidCarerByAssociation)
}

#[inline]
fn is_open(event: &CareEvent) -> bool {
    event.end.get().is_none_or(|end| end >= OPEN_END)
}

/// The first day on which a row no longer runs. A row that opens after its council's coverage still
/// has its first day.
#[inline]
fn end_exclusive(event: &CareEvent, coverage: &Coverage) -> Day {
    match event.end.get() {
        Some(end) if end < OPEN_END => end.plus(1),
        _ => coverage.open_until(event.la, event.reference_end).max(event.start.plus(1)),
    }
}

fn count_left_out(counts: &mut LineCounts, why: LeftOut) {
    *match why {
        LeftOut::Carer => &mut counts.carer_rows,
        LeftOut::CarerDirect => &mut counts.carer_direct_rows,
        LeftOut::Reversed => &mut counts.reversed_rows,
        LeftOut::Equipment => &mut counts.equipment_rows,
        LeftOut::InvalidType => &mut counts.invalid_type_left_out,
        LeftOut::Ignored => &mut counts.ignored_rows,
    } += 1;
}
