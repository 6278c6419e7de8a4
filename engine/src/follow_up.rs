//! How far a person is followed after a discharge, and what ends the time after it first: the days on
//! which both hospital data and social care records would show an event (M0.1, X-13, X-18), and the
//! bridged care that starts count from.

use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::stay::{Stay, is_inner, is_regular_attender};
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;

/// The first day from `from` on that no council of the person covers: `from` itself when it is not
/// covered. A person without an event of care is known from hospital records alone and always observed
/// as far as the social care window reaches. A gap in the submissions ends the time, because a
/// missing submission is not an absence of care.
///
/// Complexity: councils of the person times their periods, for each period that continues another.
#[must_use]
pub fn covered_until(person: &Person<'_>, frame: &Frame, from: Day) -> Day {
    const FOREVER: Day = Day(i32::MAX);
    if person.joined.is_empty() {
        return match frame.joined {
            None => FOREVER,
            Some(window) if window.contains(from) => window.end.plus(1),
            Some(_) => from,
        };
    }
    if frame.coverage.is_empty() {
        return FOREVER;
    }
    let mut until = from;
    loop {
        let mut furthest = until;
        let mut last = None;
        for la in person.joined.iter().map(|event| event.la) {
            // nearly everybody has one council
            if last.replace(la) == Some(la) {
                continue;
            }
            let periods = frame.coverage.get(usize::from(la)).map_or(&[][..], Vec::as_slice);
            for period in periods.iter().filter(|period| period.contains(until)) {
                furthest = furthest.max(period.end.plus(1));
            }
        }
        if furthest == until {
            return until;
        }
        until = furthest;
    }
}

/// The first day from `from` on that hospital data or social care records do not cover: events on days
/// before it would be seen.
#[must_use]
pub fn followed_until(person: &Person<'_>, frame: &Frame, from: Day) -> Day {
    covered_until(person, frame, from).min(frame.sus_end)
}

/// The care intervals of a person: service rows of one state, bridged over short gaps and held over
/// hospital stays (`journey-states.md` section 6), by start. Hospital, waits and trusted destinations
/// are not among them.
pub fn care_intervals<'a>(person: &Person<'a>) -> impl Iterator<Item = &'a Interval> + use<'a> {
    let care = |interval: &&Interval| interval.state.is_care() && interval.id != u32::MAX;
    person.intervals.iter().filter(care)
}

/// The day of the first emergency readmission after a stay, day cases, regular attenders and inner stays
/// aside.
#[must_use]
pub fn readmitted_on(person: &Person<'_>, stay: &Stay) -> Option<Day> {
    emergencies_after(person, stay).next()
}

/// Days of emergency admissions after a stay, in time order, day cases, regular attenders and inner stays
/// aside.
pub fn emergencies_after<'a>(
    person: &Person<'a>,
    stay: &Stay,
) -> impl Iterator<Item = Day> + use<'a> {
    let (first_spell, discharge) = (stay.first_spell, stay.discharge);
    let later = person.cips.iter().filter(move |next| {
        next.first_spell > first_spell
            && next.admission >= discharge
            && next.emergency
            && !next.day_case
            && !is_regular_attender(next.class)
            && !is_inner(next)
    });
    later.map(|next| next.admission)
}

/// What ended the time after a discharge. On one day the first of the list comes first (M9): an event on
/// the day of a readmission is not seen, and both come before death.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Ending {
    /// An emergency readmission.
    Readmission,
    /// The event that the measure is about.
    Event,
    /// Death.
    Death,
    /// Nothing, as far as the person was followed.
    Censored,
}

impl Ending {
    /// Every ending, in order.
    pub const ALL: [Self; 4] = [Self::Readmission, Self::Event, Self::Death, Self::Censored];
}

/// What came first after a discharge and after how many days. `last` is the last day on which it
/// would count, included; events after it are not seen (M8).
#[must_use]
pub fn first_ending(discharge: Day, days: [(Ending, Option<Day>); 3], last: Day) -> (Ending, i32) {
    let seen = days.into_iter().filter_map(|(ending, day)| Some((day?, ending)));
    let first = seen.filter(|&(day, _)| day <= last).min();
    let (day, ending) = first.unwrap_or((last, Ending::Censored));
    (ending, day.since(discharge).max(0))
}

/// Days from discharge to what came first, by ending: integers that add up, from which time-to-event
/// estimates are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endings {
    days: [Histogram; Ending::ALL.len()],
}

impl Endings {
    /// Counts discharges with one ending.
    pub fn add(&mut self, ending: Ending, days: i32, discharges: i64) {
        self.days[ending as usize].add(days, discharges);
    }

    /// Days to one ending.
    #[must_use]
    pub const fn days(&self, ending: Ending) -> &Histogram {
        &self.days[ending as usize]
    }

    /// Discharges in all.
    #[must_use]
    pub fn discharges(&self) -> i64 {
        self.days.iter().map(Histogram::records).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::care_fixture::{NORTHTON, SOUTHTON, With, frame, service, someone};
    use crate::measures::fixture::{Maker, cips, day, period, planned};
    use throughcare_linkage::codes::cld::ServiceType;
    use throughcare_linkage::hospital::stay::Cips;

    fn covered() -> Frame {
        let mut frame = frame(&[period("2024-04-01", "2025-03-31")]);
        frame.joined = Some(period("2023-04-01", "2025-06-30"));
        frame.coverage = vec![Vec::new(); 4];
        frame.coverage[usize::from(NORTHTON)] =
            vec![period("2024-01-01", "2024-06-30"), period("2024-10-01", "2024-12-31")];
        frame.coverage[usize::from(SOUTHTON)] = vec![period("2024-06-15", "2024-10-31")];
        frame.sus_end = day("2024-12-01");
        frame
    }

    #[test]
    fn x13_any_council_of_the_person_covers_a_day() {
        let frame = covered();
        let north = service(ServiceType::Community, "2024-02-01", "-");
        let until = |maker: &Maker, from| maker.with(|p| covered_until(p, &frame, day(from)));
        let one = someone(&[north]);
        assert_eq!(until(&one, "2024-06-30"), day("2024-07-01"));
        assert_eq!(until(&one, "2024-07-01"), day("2024-07-01"), "not covered itself");
        assert_eq!(until(&one, "2024-10-01"), day("2025-01-01"));
        let both = someone(&[north, north.la(SOUTHTON)]);
        assert_eq!(until(&both, "2024-02-01"), day("2025-01-01"));
        // people of hospital records alone are observed over the whole window
        let hospital = Maker::of_cips(&[cips("2024-05-01", "2024-05-04")]);
        assert_eq!(until(&hospital, "2024-05-04"), day("2025-07-01"));
        assert_eq!(until(&hospital, "2023-03-31"), day("2023-03-31"));
        let open = Frame { coverage: Vec::new(), ..frame.clone() };
        assert_eq!(one.with(|p| covered_until(p, &open, day("2024-07-01"))), Day(i32::MAX));
    }

    #[test]
    fn x18_follow_up_ends_with_the_earlier_of_the_two_sources() {
        let frame = covered();
        let until = |maker: &Maker, from| maker.with(|p| followed_until(p, &frame, day(from)));
        let one = someone(&[service(ServiceType::Community, "2024-02-01", "-")]);
        assert_eq!(until(&one, "2024-06-01"), day("2024-07-01"));
        assert_eq!(until(&one, "2024-11-01"), day("2024-12-01"));
    }

    #[test]
    fn the_first_emergency_after_a_stay_is_no_day_case_and_comes_after_it() {
        let at = |stay: Cips, first_spell| Cips { first_spell, ..stay };
        let stays = [
            cips("2024-05-01", "2024-05-04"),
            at(Cips { day_case: true, ..cips("2024-05-06", "2024-05-06") }, 1),
            at(planned("2024-05-07", "2024-05-08"), 2),
            at(cips("2024-05-09", "2024-05-10"), 3),
        ];
        let maker = Maker::of_cips(&stays);
        let after = |n: usize| maker.with(|p| readmitted_on(p, &Stay::of_cips(&stays[n])));
        assert_eq!(after(0), Some(day("2024-05-09")));
        assert_eq!(after(3), None, "a stay does not follow itself");
    }

    #[test]
    fn m9_same_day_order_is_readmission_event_death() {
        let on = |days: [Option<i32>; 3], last| {
            let [event, death, readmission] = days.map(|days| days.map(Day));
            let days = [
                (Ending::Event, event),
                (Ending::Death, death),
                (Ending::Readmission, readmission),
            ];
            first_ending(Day(0), days, Day(last))
        };
        assert_eq!(on([Some(3), Some(3), Some(3)], 9), (Ending::Readmission, 3));
        assert_eq!(on([Some(3), Some(3), None], 9), (Ending::Event, 3));
        assert_eq!(on([None, Some(3), Some(5)], 9), (Ending::Death, 3));
        assert_eq!(on([Some(10), None, Some(12)], 9), (Ending::Censored, 9));
        assert_eq!(on([Some(9), None, None], 9), (Ending::Event, 9));
    }

    #[test]
    fn endings_add_up() {
        let mut endings = Endings::default();
        endings.add(Ending::Event, 3, 2);
        endings.add(Ending::Censored, 90, 5);
        assert_eq!(endings.discharges(), 7);
        assert_eq!(endings.days(Ending::Event).records(), 2);
    }
}
