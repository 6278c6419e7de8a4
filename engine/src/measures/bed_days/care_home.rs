//! Days in long-term nursing and residential care, both ends of a service included (M14).
//!
//! A placement goes on while the person is in hospital, so these are days of placement, not nights in
//! the bed.

use super::{Month, amount, by_month, month_stratum};
use crate::amounts::Amounts;
use crate::figure::{AreaType, Figure, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::State;

/// Where days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct DayCell {
    period: u16,
    council: u16,
    month: Month,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum By {
    Everything,
    Month(Month),
    State(State),
}

/// Counts of days in care homes.
#[derive(Clone, Debug)]
pub(super) struct CareHomeDays {
    periods: Vec<Period>,
    places: Arc<Places>,
    days: Amounts<DayCell, 1>,
}

impl CareHomeDays {
    pub fn new(periods: &[Period], frame: &Frame) -> Self {
        Self {
            periods: periods.to_vec(),
            places: Arc::new(Places::new(frame)),
            days: Amounts::default(),
        }
    }

    /// Takes the days of a person: a day of both kinds of care is one of nursing care, as on the line.
    pub fn add(&mut self, person: &Person<'_>) {
        let visits = &person.line.visits;
        let (Some(first), Some(last)) = (visits.first(), visits.last()) else { return };
        for n in 0..self.periods.len() {
            let Some(&period) = self.periods.get(n) else { continue };
            let from = first.start.max(period.start);
            let until = last.end.min(period.end.plus(1));
            let mut nursed = from;
            for interval in of_state(person, State::Nursing) {
                let (start, end) = (interval.start.max(nursed), interval.end.min(until));
                self.note(n, interval, start, end);
                nursed = nursed.max(end);
            }
            let mut resident = from;
            for interval in of_state(person, State::Residential) {
                let mut start = interval.start.max(resident);
                let end = interval.end.min(until);
                for nursing in of_state(person, State::Nursing) {
                    if nursing.end > start && nursing.start < end {
                        self.note(n, interval, start, nursing.start.min(end));
                        start = start.max(nursing.end);
                    }
                }
                self.note(n, interval, start, end);
                resident = resident.max(end);
            }
        }
        self.days.close();
    }

    fn note(&mut self, n: usize, interval: &Interval, start: Day, end: Day) {
        let council = self.places.council(interval.la);
        for (month, start, end) in by_month(start, end) {
            let cell = DayCell { period: n as u16, council, month, state: interval.state };
            self.days.note(cell, 0, i64::from(end.since(start)));
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.days.merge(other.days);
    }

    pub fn figures(&self, measure: &'static str, out: &mut Vec<Figure>) {
        let mut rows = self.days.rows(|cell, rows: &mut Vec<(u16, AreaType, u16, By)>| {
            let areas = [
                (AreaType::England, 0),
                (AreaType::Region, self.places.region(cell.council)),
                (AreaType::La, cell.council),
            ];
            for (kind, area) in areas {
                if area != 0 || kind == AreaType::England {
                    let by = [By::Everything, By::Month(cell.month), By::State(cell.state)];
                    rows.extend(by.map(|by| (cell.period, kind, area, by)));
                }
            }
        });
        for period in 0..self.periods.len() {
            rows.entry((period as u16, AreaType::England, 0, By::Everything)).or_default();
        }
        for ((period, kind, area, by), sums) in rows {
            let Some(&period) = self.periods.get(usize::from(period)) else { continue };
            let figure = Figure {
                measure,
                part: String::new(),
                period,
                area: self.places.area(kind, area),
                stratum: match by {
                    By::Everything => String::new(),
                    By::Month(month) => month_stratum(month),
                    By::State(state) => format!("care_state={}", state.code()),
                },
                numerator: None,
                denominator: None,
                value: Value::Count,
                interval: None,
                unit: Unit::Days,
                counts: Unit::Days,
            };
            let [days] = sums.amounts;
            let [people] = sums.people;
            out.extend(amount(&figure, "care_home_days", days, people, None));
        }
    }
}

/// The care intervals of one state, in the order of start.
fn of_state<'a>(person: &Person<'a>, state: State) -> impl Iterator<Item = &'a Interval> {
    person.intervals.iter().filter(move |i| i.state == state && !i.mask_only)
}
