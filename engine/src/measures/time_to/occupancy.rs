//! Where people are on chosen days after a start: the share in each state of the compact scheme, by the
//! Aalen–Johansen product integral over the moves of their lines (`linked-metrics.md` M9, multi-state
//! generalisation; X-12).

use super::anchor::observed_until;
use super::curves::Naming;
use crate::figure::{AreaType, Figure, Results, Unit, Value};
use crate::place::Places;
use crate::stratum::joined;
use crate::survival::{Incidence, MoveTable, occupancy};
use std::collections::BTreeMap;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::state::State;

/// Moves between states after the starts of some people, by period and council. Integers only.
#[derive(Clone, Debug)]
pub(super) struct Occupied {
    /// Days since the start, which ascend.
    days: Vec<i32>,
    /// First day on which hospital or social care records say nothing.
    end: Day,
    scheme: Scheme,
    tables: BTreeMap<(u16, u16), MoveTable>,
}

impl Occupied {
    /// No moves yet; `None` when there are no days to look at.
    pub fn new(days: &[u16], end: Day) -> Option<Self> {
        let mut days: Vec<i32> = days.iter().map(|&day| day.into()).collect();
        days.sort_unstable();
        let scheme = Scheme::compact();
        (!days.is_empty()).then(|| Self { days, end, scheme, tables: BTreeMap::new() })
    }

    /// Everybody begins here and leaves on day 0 for the state of that day, so that the spread of the
    /// first states is part of the variance. It is behind the states of the scheme.
    fn start_state(&self) -> u8 {
        self.scheme.len() as u8
    }

    /// Takes the moves after a start on a day that somebody observes.
    pub fn add(&mut self, period: u16, council: u16, person: &Person<'_>, start: Day) {
        let Some(until) = observed_until(person, start) else { return };
        let horizon = self.days.last().copied().unwrap_or(0);
        let last = until.min(self.end).plus(-1).min(start.plus(horizon));
        if last < start {
            return;
        }
        let (scheme, from) = (&self.scheme, self.start_state());
        let visits =
            person.line.visits.iter().filter(|visit| visit.days() > 0 && visit.end > start);
        let of_line =
            visits.map(|visit| (visit.start.max(start).since(start), scheme.of(visit.state)));
        let died = person.line.death.get().filter(|&day| start <= day && day <= last);
        let died = died.map(|day| (day.since(start), scheme.of(State::Dead)));
        let moves = of_line.chain(died).map(|(day, state)| (i64::from(day), state));
        let last_seen = died.is_none().then(|| last.since(start).into());
        let table = self.tables.entry((period, council));
        table.or_insert_with(|| MoveTable::new(from + 1)).add(from, None, moves, last_seen);
    }

    /// Adds the moves of other people.
    pub fn merge(&mut self, other: Self) {
        for (at, table) in other.tables {
            match self.tables.entry(at) {
                std::collections::btree_map::Entry::Occupied(mut mine) => {
                    mine.get_mut().merge(&table)
                }
                std::collections::btree_map::Entry::Vacant(empty) => {
                    empty.insert(table);
                }
            }
        }
    }

    /// The shares, as part `in_state`: by period, England, regions and councils, then day and state. The
    /// numerator is those in the state of those whose state is known on that day, the dead among them; the
    /// estimate also uses the moves of those who are no longer followed. A row without a state has
    /// everybody.
    pub fn finish(&self, naming: &Naming<'_>, places: &Places, results: &mut Results) {
        let mut rows: BTreeMap<(u16, AreaType, u16), MoveTable> = BTreeMap::new();
        for (&(period, council), table) in &self.tables {
            let areas = [
                (AreaType::England, 0),
                (AreaType::Region, places.region(council)),
                (AreaType::La, council),
            ];
            for (kind, area) in areas {
                if area != 0 || kind == AreaType::England {
                    let sum = rows.entry((period, kind, area));
                    sum.or_insert_with(|| MoveTable::new(table.states())).merge(table);
                }
            }
        }
        for ((period, kind, area), table) in rows {
            let Some(&period) = naming.periods.get(usize::from(period)) else { continue };
            let estimates = occupancy(&table, self.start_state(), -1);
            for &day in &self.days {
                let time = i64::from(day);
                let present = table.present(time);
                let all: i64 = present.iter().sum();
                let before = estimates.partition_point(|estimate| estimate.time <= time);
                let Some(estimate) = before.checked_sub(1).and_then(|n| estimates.get(n)) else {
                    continue;
                };
                if all == 0 {
                    continue;
                }
                let curve = format!("curve={}", naming.name);
                let figure = Figure {
                    measure: naming.figures,
                    part: "in_state".into(),
                    period,
                    area: places.area(kind, area),
                    stratum: joined(&[&curve, naming.of, &format!("day={day}")]),
                    numerator: Some(all),
                    denominator: Some(all),
                    value: Value::Percent(1),
                    interval: None,
                    unit: Unit::Percent,
                    counts: naming.unit,
                };
                let states = self.scheme.names().iter().zip(0u8..).zip(&present);
                let states = states.filter(|((name, _), _)| *name != State::Unobserved.code());
                let of_states = states.map(|((name, state), &count)| {
                    let share = estimate.shares.get(usize::from(state)).copied().unwrap_or(0.0);
                    let variance = estimate.standard_error(state).powi(2);
                    let (lower, upper) = Incidence { estimate: share, variance }.limits();
                    Figure {
                        stratum: format!("{}; state={name}", figure.stratum),
                        numerator: Some(count),
                        value: Value::Statistic(share * 100.0),
                        interval: Some((lower * 100.0, upper * 100.0)),
                        ..figure.clone()
                    }
                });
                let of_states: Vec<Figure> = of_states.collect();
                results.measures.push(figure);
                results.measures.extend(of_states);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::fixture::{ENGLAND, Maker, day, figure, frame, line, period};
    use proptest::prelude::*;

    fn naming<'a>(periods: &'a [throughcare_linkage::day::Period]) -> Naming<'a> {
        Naming {
            name: "after",
            of: "",
            figures: "time_to",
            unit: Unit::Discharges,
            events: &[],
            periods,
            dimensions: &[],
            horizons: &[],
            horizon: 90,
        }
    }

    fn finished(occupied: &Occupied) -> Results {
        let periods = [period("2024-04-01", "2025-03-31")];
        let places = Places::new(&frame(&periods, "2026-01-01"));
        let mut results = Results::default();
        occupied.finish(&naming(&periods), &places, &mut results);
        results
    }

    fn someone(states: &[(&str, State)], end: &str, dies: bool) -> Maker {
        let mut maker = Maker { line: line(states, end), ..Maker::default() };
        if dies {
            maker.line.death = day(end).into();
        }
        maker
    }

    #[test]
    fn m09_shares_of_states_without_censoring_are_those_counted() {
        use State::{Community, Home, InpatientEmergency, Residential, Unobserved};
        let start = "2024-05-01";
        let people = [
            someone(&[(start, Home), ("2024-05-08", InpatientEmergency)], "2025-05-01", false),
            someone(&[(start, Community), ("2024-05-09", Residential)], "2025-05-01", false),
            someone(&[("2024-04-01", Home)], "2024-05-15", true),
            // nobody observes the day of the start
            someone(&[("2024-04-01", Unobserved)], "2025-05-01", false),
        ];
        let mut occupied = Occupied::new(&[14, 0, 7], day("2026-01-01")).unwrap();
        for person in &people {
            person.with(|person| occupied.add(0, 1, person, day(start)));
        }
        let results = finished(&occupied);
        let share = |on: i32, state: &str| {
            let stratum = format!("curve=after; day={on}; state={state}");
            let row = figure(&results, "in_state", ENGLAND, &stratum);
            let Value::Statistic(value) = row.value else { panic!("no estimate") };
            (row.numerator.unwrap(), (value * 10.0).round() / 10.0)
        };
        assert_eq!((share(0, "NONE"), share(0, "COMM")), ((2, 66.7), (1, 33.3)));
        assert_eq!((share(7, "NONE"), share(7, "HOSP")), ((1, 33.3), (1, 33.3)));
        assert_eq!((share(14, "DEAD"), share(14, "CARE_HOME")), ((1, 33.3), (1, 33.3)));
        let all = figure(&results, "in_state", "101", "curve=after; day=14");
        assert_eq!((all.numerator, all.denominator), (Some(3), Some(3)));
        // a third of three: the variance of a multinomial draw
        let row = figure(&results, "in_state", ENGLAND, "curve=after; day=14; state=DEAD");
        let wanted = Incidence { estimate: 1.0 / 3.0, variance: 2.0 / 27.0 }.limits();
        let (lower, upper) = row.interval.unwrap();
        assert!((lower / 100.0 - wanted.0).abs() < 1e-9 && (upper / 100.0 - wanted.1).abs() < 1e-9);
    }

    #[test]
    fn m09_who_is_no_longer_followed_has_the_moves_of_the_others() {
        use State::{Home, Residential};
        let start = "2024-05-01";
        let moves = [(start, Home), ("2024-05-11", Residential)];
        let mut occupied = Occupied::new(&[30], day("2026-01-01")).unwrap();
        for (states, end) in
            [(&moves[..], "2025-01-01"), (&moves[..1], "2025-01-01"), (&moves[..1], "2024-05-06")]
        {
            someone(states, end, false).with(|person| occupied.add(0, 1, person, day(start)));
        }
        let results = finished(&occupied);
        let row = figure(&results, "in_state", ENGLAND, "curve=after; day=30; state=CARE_HOME");
        assert_eq!((row.numerator, row.denominator), (Some(1), Some(2)));
        assert_eq!(row.value, Value::Statistic(50.0));
    }

    proptest! {
        #[test]
        fn m09_shares_add_up_to_one_and_partials_merge(
            people in prop::collection::vec((0i32..60, 0usize..6, 1i32..40, any::<bool>()), 1..12),
            cut in 0usize..12,
        ) {
            use State::{Community, Home, InpatientEmergency, Nursing, StMax, Unobserved};
            let start = day("2024-05-01");
            let add = |occupied: &mut Occupied, &(at, state, length, dies): &(i32, usize, i32, bool)| {
                let other = [Community, Home, InpatientEmergency, Nursing, StMax, Unobserved][state];
                let moved = start.plus(at).to_string();
                let states = [("2024-04-01", Home), (moved.as_str(), other)];
                let end = start.plus(at + length).to_string();
                someone(&states, &end, dies).with(|person| occupied.add(0, 1, person, start));
            };
            let new = || Occupied::new(&[0, 7, 30, 60], day("2024-06-20")).unwrap();
            let of = |people: &[(i32, usize, i32, bool)]| {
                let mut occupied = new();
                people.iter().for_each(|person| add(&mut occupied, person));
                occupied
            };
            let (left, right) = people.split_at(cut.min(people.len()));
            let mut merged = of(right);
            merged.merge(of(left));
            let results = finished(&of(&people));
            prop_assert_eq!(&finished(&merged), &results);
            for on in [0, 7, 30, 60] {
                let rows = results.measures.iter().filter(|row| {
                    row.area.code == ENGLAND && row.stratum.starts_with(&format!("curve=after; day={on}; "))
                });
                let shares: Vec<f64> = rows
                    .filter_map(|row| match row.value {
                        Value::Statistic(value) => Some(value),
                        _ => None,
                    })
                    .collect();
                let sum: f64 = shares.iter().sum();
                prop_assert!(shares.is_empty() || (sum - 100.0).abs() < 1e-9, "{}", sum);
            }
        }
    }
}
