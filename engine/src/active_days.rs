//! Days in every active state (`journey-states.md` 8.5, `count_all_active`): a person in hospital whose
//! care at home runs on counts in both states, so the days do not add up to those observed.

use crate::figure::{Area, Results, StateFigure};
use crate::graph::counts::StateTotals;
use crate::stratum::of_period;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::settings::TimelineSettings;
use throughcare_linkage::timeline::state::{Line, State};

/// What the scheme of these rows of `states` ends in: `full_all_active`.
pub const SUFFIX: &str = "_all_active";

/// A run of days of one person with a state active.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: Day,
    end: Day,
    state: usize,
}

/// Days of some people in every active state, by period. Nothing is counted unless the study asks.
#[derive(Clone, Debug)]
pub struct ActiveDays {
    scheme: Scheme,
    periods: Vec<(Period, Vec<StateTotals>)>,
    // of the person at hand
    runs: Vec<Run>,
    seen: Vec<bool>,
}

impl ActiveDays {
    /// No people yet. Community support is one state, also where a study splits it.
    #[must_use]
    pub fn new(settings: &TimelineSettings, periods: &[Period]) -> Self {
        let scheme = Scheme::new(settings);
        let states = scheme.len();
        let wanted = periods.iter().filter(|_| settings.count_all_active);
        let periods =
            wanted.map(|&period| (period, vec![StateTotals::default(); states])).collect();
        Self { scheme, periods, runs: Vec::new(), seen: vec![false; states] }
    }

    /// Takes the line of one person. A visit is a run of days on which the state is active.
    pub fn add(&mut self, line: &Line) {
        let Self { scheme, periods, runs, seen } = self;
        let (Some(first), Some(last)) = (line.visits.first(), line.visits.last()) else { return };
        if periods.is_empty() {
            return;
        }
        runs.clear();
        for days in &line.masks {
            let mut done = 0u32;
            for state in State::ALL.into_iter().filter(|state| days.mask & state.bit() != 0) {
                let state = usize::from(scheme.of(state));
                if done & 1 << state != 0 {
                    continue; // two states of one name
                }
                done |= 1 << state;
                let run = runs.iter_mut().rev().find(|run| run.state == state);
                match run.filter(|run| run.end == days.start) {
                    Some(run) => run.end = days.end,
                    None => runs.push(Run { start: days.start, end: days.end, state }),
                }
            }
        }
        for (period, totals) in periods {
            let from = first.start.max(period.start);
            let until = last.end.min(period.end.plus(1));
            seen.fill(false);
            for run in runs.iter() {
                let (start, end) = (run.start.max(from), run.end.min(until));
                if start >= end {
                    continue;
                }
                let totals = &mut totals[run.state];
                totals.visits += 1;
                totals.days += i64::from(end.since(start));
                totals.people += i64::from(!std::mem::replace(&mut seen[run.state], true));
                totals.starts += i64::from(start == from);
                totals.ends += i64::from(end == until);
                totals.censored += i64::from(end == until && line.death != until.into());
            }
        }
    }

    /// Adds the days of other people.
    pub fn merge(&mut self, other: &Self) {
        for ((_, mine), (_, theirs)) in self.periods.iter_mut().zip(&other.periods) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.merge(theirs);
            }
        }
    }

    /// Makes rows of `states`, for England. With several periods the stratum names them.
    pub fn finish(&self, results: &mut Results) {
        let several = self.periods.len() > 1;
        for (period, totals) in &self.periods {
            let named = self.scheme.names().iter().zip(totals);
            let rows =
                named.filter(|(_, totals)| totals.visits > 0).map(|(name, totals)| StateFigure {
                    scheme: format!("{}{SUFFIX}", self.scheme.name()),
                    area_code: Area::england().code,
                    stratum: of_period(*period, several),
                    state: name.clone(),
                    ..totals.figure()
                });
            results.states.extend(rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use throughcare_linkage::timeline::settings::{Preset, SchemeChoice};
    use throughcare_linkage::timeline::state::{ActiveStates, Visit};

    /// A line of masks, one after another from day 0; the visits do not matter but for their span.
    fn line(masks: &[(u32, i32)]) -> Line {
        let mut line = Line::default();
        let mut day = Day(0);
        for &(mask, days) in masks {
            let end = day.plus(days);
            line.masks.push(ActiveStates { start: day, end, mask });
            day = end;
        }
        line.visits.push(Visit {
            start: Day(0),
            end: day,
            state: State::Home,
            underlying: State::Home,
            mask: 0,
            id: u32::MAX,
            la: 0,
            truncated: false,
            censored: false,
            held: false,
        });
        line
    }

    fn count(settings: &TimelineSettings, period: (i32, i32), lines: &[Line]) -> Vec<StateFigure> {
        let period = Period { start: Day(period.0), end: Day(period.1) };
        let mut days = ActiveDays::new(settings, &[period]);
        lines.iter().for_each(|line| days.add(line));
        let mut results = Results::default();
        days.finish(&mut results);
        results.states
    }

    fn all() -> TimelineSettings {
        TimelineSettings { count_all_active: true, ..TimelineSettings::default() }
    }

    const STATES: [State; 4] =
        [State::InpatientEmergency, State::InpatientElective, State::Community, State::StMax];

    #[test]
    fn section_08_5_care_that_runs_on_in_hospital_counts_in_both_states() {
        let [em, _, comm, stmax] = STATES.map(State::bit);
        // 5 days of care, 3 in hospital with care, 2 with reablement, death
        let mut one = line(&[(comm, 5), (em | comm, 3), (comm | stmax, 2)]);
        one.death = Day(10).into();
        let rows = count(&all(), (2, 99), &[one.clone()]);
        let found: Vec<_> = rows
            .iter()
            .map(|r| (&*r.state, r.visits, r.total_time, r.starts, r.ends, r.censored))
            .collect();
        assert_eq!(
            found,
            [("IP_EM", 1, 3, 0, 0, 0), ("STMAX", 1, 2, 0, 1, 0), ("COMM", 1, 8, 1, 1, 0)]
        );
        assert!(rows.iter().all(|row| row.scheme == "full_all_active"));
        assert!(count(&TimelineSettings::default(), (2, 99), &[one]).is_empty());
    }

    proptest! {
        /// Day by day, state by state.
        #[test]
        fn days_are_those_of_the_days(
            people in prop::collection::vec(prop::collection::vec((1u32..16, 1i32..9), 1..8), 0..6),
            first in 0i32..20,
            length in 0i32..30,
        ) {
            let lines: Vec<Line> = people
                .iter()
                .map(|masks| {
                    let bits = |mask: u32| {
                        STATES.iter().enumerate().filter(|(n, _)| mask >> n & 1 == 1)
                            .fold(0, |bits, (_, state)| bits | state.bit())
                    };
                    line(&masks.iter().map(|&(mask, days)| (bits(mask), days)).collect::<Vec<_>>())
                })
                .collect();
            let settings =
                TimelineSettings { state_scheme: SchemeChoice::Preset(Preset::Compact), ..all() };
            let rows = count(&settings, (first, first + length), &lines);
            for (name, states) in [("HOSP", &STATES[..2]), ("COMM", &STATES[2..3]), ("ST", &STATES[3..])] {
                let (mut days, mut people, mut visits) = (0, 0, 0);
                for line in &lines {
                    let active: Vec<bool> = (first..=first + length)
                        .map(|day| {
                            let on = line.masks.iter().find(|m| m.start.0 <= day && day < m.end.0);
                            on.is_some_and(|on| states.iter().any(|s| on.mask & s.bit() != 0))
                        })
                        .collect();
                    days += active.iter().filter(|&&on| on).count() as i64;
                    people += i64::from(active.contains(&true));
                    visits += active.chunk_by(|a, b| a == b).filter(|run| run[0]).count() as i64;
                }
                let found = rows.iter().find(|row| row.state == name);
                let found = found.map_or((0, 0, 0), |r| (r.total_time, r.people, r.visits));
                prop_assert_eq!(found, (days, people, visits));
            }
        }
    }
}
