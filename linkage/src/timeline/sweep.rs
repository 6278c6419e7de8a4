//! The sweep: from intervals to one state at any time (`journey-states.md` 8.1, 8.2, 8.4).

use super::counts::LineCounts;
use super::interval::Interval;
use super::settings::{Preset, SchemeChoice, TimelineSettings};
use super::state::{ActiveStates, State, Visit};
use crate::day::Day;

/// The states in order of rank.
#[derive(Clone, Debug)]
pub struct Ranks {
    order: [State; State::COUNT],
    /// The order is that of [`State::ALL`], so the lowest bit of a mask wins.
    usual: bool,
}

impl Ranks {
    /// The ranks of a study: those of section 2, the department's for the preset `ascof` (prison
    /// below community support), and the study's own. Equal ranks keep the order of the catalogue.
    #[must_use]
    pub fn new(settings: &TimelineSettings) -> Self {
        let ascof = settings.state_scheme == SchemeChoice::Preset(Preset::Ascof);
        let rank = |state: &State| match settings.rank_override.get(state) {
            Some(&rank) => rank,
            None if ascof && *state == State::Prison => State::Community.rank() + 1,
            None => state.rank(),
        };
        let mut order = State::ALL;
        order.sort_by_key(rank);
        Self { order, usual: order == State::ALL }
    }

    #[inline(always)]
    fn first(&self, mask: u32) -> Option<State> {
        if mask == 0 {
            None
        } else if self.usual {
            State::ALL.get(mask.trailing_zeros() as usize).copied()
        } else {
            self.order.into_iter().find(|state| mask & state.bit() != 0)
        }
    }
}

/// Waits of existing clients are active in a slot of their own, behind the states.
const MASK_ONLY: usize = State::COUNT;
const SLOTS: usize = State::COUNT + 1;
const STATES: u32 = (1 << State::COUNT) - 1;
const NO_INTERVAL: u32 = u32::MAX;
/// In place of an interval's number: the end and start of observed days.
const OBSERVED: u32 = (1 << 31) - 1;
const HOSPITAL: u32 = {
    let mut bits = 0;
    let mut n = 0;
    while n < State::COUNT {
        if State::ALL[n].is_hospital() {
            bits |= State::ALL[n].bit();
        }
        n += 1;
    }
    bits
};

/// What is active on one day.
struct Active<'a> {
    intervals: &'a [Interval],
    number: [u32; SLOTS],
    /// The active interval of a slot with the latest start, ties to the first of the list.
    latest: [u32; SLOTS],
    /// Bits of slots.
    mask: u32,
    observed: bool,
}

impl Active<'_> {
    fn slot(interval: &Interval) -> usize {
        if interval.mask_only { MASK_ONLY } else { interval.state as usize }
    }

    fn start(&mut self, n: u32, interval: &Interval) {
        let slot = Self::slot(interval);
        self.number[slot] += 1;
        self.mask |= 1 << slot;
        let known = self.intervals.get(self.latest[slot] as usize);
        if self.number[slot] == 1 || known.is_none_or(|known| known.start < interval.start) {
            self.latest[slot] = n;
        }
    }

    fn end(&mut self, n: u32, interval: &Interval, day: Day) {
        let slot = Self::slot(interval);
        self.number[slot] -= 1;
        if self.number[slot] == 0 {
            self.mask &= !(1 << slot);
        } else if self.latest[slot] == n {
            let mut latest: Option<(u32, Day)> = None;
            for (m, other) in (0..).zip(self.intervals) {
                let runs = Self::slot(other) == slot && other.start < day && other.end > day;
                if runs && latest.is_none_or(|(_, start)| start < other.start) {
                    latest = Some((m, other.start));
                }
            }
            self.latest[slot] = latest.map_or(NO_INTERVAL, |(m, _)| m);
        }
    }

    /// The active states as bits, with home or unobserved where there is no other.
    fn states(&self) -> u32 {
        let wait = if self.mask >> MASK_ONLY & 1 == 1 { State::Awaiting.bit() } else { 0 };
        self.mask & STATES | wait
    }

    fn idle(&self) -> State {
        if self.observed { State::Home } else { State::Unobserved }
    }
}

/// The sweep's settings and buffers.
pub(crate) struct Sweep<'a> {
    /// Which state wins.
    pub(crate) ranks: &'a Ranks,
    /// Put in the visits of no days of 8.2 and 8.4.
    pub(crate) same_day_visits: bool,
    /// Boundaries, packed; reused.
    pub(crate) bounds: &'a mut Vec<u64>,
    /// The day mask; what was there stays.
    pub(crate) masks: &'a mut Vec<ActiveStates>,
}

impl Sweep<'_> {
    /// Paints `[from, until)` into `visits`, contiguous and in order. `covered` are the observed days,
    /// disjoint, in order; `None` when all are. Returns whether any interval touches the window,
    /// waits of existing clients apart.
    ///
    /// Complexity: a sort of the boundaries, and a look at all intervals where one of several of one
    /// state ends.
    pub(crate) fn paint(
        &mut self,
        intervals: &[Interval],
        covered: Option<&[(Day, Day)]>,
        (from, until): (Day, Day),
        visits: &mut Vec<Visit>,
        counts: &mut LineCounts,
    ) -> bool {
        let touched = self.collect(intervals, covered, (from, until));
        let mut active = Active {
            intervals,
            number: [0; SLOTS],
            latest: [NO_INTERVAL; SLOTS],
            mask: 0,
            observed: covered.is_none(),
        };
        let mut last = NO_INTERVAL;
        let mut day = from;
        let mut next = 0;
        while day < until {
            let mut then = until;
            while let Some(&bound) = self.bounds.get(next) {
                let (at, starts, n) = unpack(bound, from);
                if at > day {
                    then = at;
                    break;
                }
                next += 1;
                if n == OBSERVED {
                    active.observed = starts;
                } else if let Some(interval) = intervals.get(n as usize) {
                    if starts {
                        active.start(n, interval);
                    } else {
                        active.end(n, interval, day);
                    }
                }
            }
            last = self.emit(&active, last, (day, then), visits, counts);
            day = then;
        }
        touched
    }

    fn collect(
        &mut self,
        intervals: &[Interval],
        covered: Option<&[(Day, Day)]>,
        (from, until): (Day, Day),
    ) -> bool {
        self.bounds.clear();
        let mut touched = false;
        for (n, interval) in (0..OBSERVED).zip(intervals) {
            let (start, end) = (interval.start.max(from), interval.end.min(until));
            if start < end {
                touched |= !interval.mask_only;
                self.bounds.push(pack(start, true, n, from));
                if end < until {
                    self.bounds.push(pack(end, false, n, from));
                }
            }
        }
        for &(start, end) in covered.unwrap_or_default() {
            let (start, end) = (start.max(from), end.min(until));
            if start < end {
                self.bounds.push(pack(start, true, OBSERVED, from));
                self.bounds.push(pack(end, false, OBSERVED, from));
            }
        }
        self.bounds.sort_unstable();
        touched
    }

    /// Adds `[day, then)`, on which nothing changes. Returns the number of the interval that holds.
    fn emit(
        &mut self,
        active: &Active<'_>,
        last: u32,
        (day, then): (Day, Day),
        visits: &mut Vec<Visit>,
        counts: &mut LineCounts,
    ) -> u32 {
        let candidates = active.mask & STATES;
        let idle = active.idle();
        let state = self.ranks.first(candidates).unwrap_or(idle);
        let underlying = self.ranks.first(candidates & !HOSPITAL).unwrap_or(idle);
        let holder = |state: State| {
            let n = active.latest[state as usize];
            if state == idle { NO_INTERVAL } else { n }
        };
        let n = holder(state);
        let interval = active.intervals.get(n as usize);
        let id = interval.map_or(u32::MAX, |interval| interval.id);
        let mask = active.states() | if state == idle { idle.bit() } else { 0 };
        match self.masks.last_mut() {
            Some(before) if before.mask == mask => before.end = then,
            _ => self.masks.push(ActiveStates { start: day, end: then, mask }),
        }
        let visit = |start, end, state: State, mask, n: u32| {
            let interval = active.intervals.get(n as usize);
            Visit {
                start,
                end,
                state,
                underlying,
                mask,
                id: interval.map_or(u32::MAX, |interval| interval.id),
                la: interval.map_or(0, |interval| interval.la),
                truncated: false,
                censored: false,
                held: interval.is_some_and(|interval| interval.held),
            }
        };
        match visits.last_mut() {
            Some(before) if before.state == state && before.id == id => {
                before.end = then;
                before.mask |= mask;
                return n;
            }
            _ => {}
        }
        let admitted = interval.is_some_and(|i| i.admission && i.start == day);
        if self.same_day_visits && admitted {
            let base = holder(underlying);
            let service = active.intervals.get(base as usize);
            let before = visits.last().map(|before| before.state);
            if before.is_none_or(|before| !before.is_inpatient()) {
                // a service that starts that morning is the setting they came from (8.2)
                if underlying.is_care() && service.is_some_and(|service| service.start == day) {
                    counts.same_day_visits += 1;
                    visits.push(visit(day, day, underlying, underlying.bit(), base));
                }
            } else if let Some(stay) = active.intervals.get(last as usize)
                && stay.discharge
                && stay.end == day
                && stay.id != id
            {
                counts.touching_visits += 1;
                visits.push(visit(day, day, underlying, underlying.bit(), base));
            }
        }
        visits.push(visit(day, then, state, mask, n));
        n
    }
}

/// A boundary that sorts by day, ends before starts, then by the number of the interval.
fn pack(day: Day, starts: bool, n: u32, from: Day) -> u64 {
    (day.since(from) as u64) << 32 | u64::from(starts) << 31 | u64::from(n)
}

fn unpack(bound: u64, from: Day) -> (Day, bool, u32) {
    (from.plus((bound >> 32) as i32), bound >> 31 & 1 == 1, bound as u32 & OBSERVED)
}
