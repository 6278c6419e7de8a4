//! The graph of the people of a run: every line as a sequence of moves, counted where they fall in
//! the study's periods.

use super::counts::GraphCounts;
use super::{rows, state_graph};
use crate::figure::{Area, Results};
use throughcare_linkage::day::Period;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::sequence::{Move, Piece, Step, walk};
use throughcare_linkage::timeline::settings::TimelineSettings;
use throughcare_linkage::timeline::state::Line;

/// Counts of moves and visits, period by period (M16).
///
/// A move counts in the period that holds its day; its days are those of the whole stay in the state
/// left, also before the period. A visit counts in a period if it has a day or a move in it; its days
/// are those in the period. Death is a visit of no days.
#[derive(Clone, Debug)]
pub struct Journeys {
    scheme: Scheme,
    min_state_days: i32,
    periods: Vec<(Period, GraphCounts)>,
    steps: Vec<Step>,
    moves: Vec<Option<Move>>,
}

impl Journeys {
    /// No people yet.
    #[must_use]
    pub fn new(settings: &TimelineSettings, periods: &[Period]) -> Self {
        let scheme = Scheme::of_study(settings);
        let periods =
            periods.iter().map(|&period| (period, GraphCounts::new(scheme.len()))).collect();
        Self {
            scheme,
            min_state_days: settings.min_state_days,
            periods,
            steps: Vec::new(),
            moves: Vec::new(),
        }
    }

    /// Takes the line of one person.
    pub fn add(&mut self, line: &Line) {
        let Self { scheme, min_state_days, periods, steps, moves } = self;
        steps.clear();
        moves.clear();
        walk(line, scheme, *min_state_days, |piece| match piece {
            Piece::Visit(step) => {
                steps.push(step);
                moves.push(None);
            }
            // a move stands after the visit that it ends
            Piece::Move(step) => {
                if let Some(last) = moves.last_mut() {
                    *last = Some(step);
                }
            }
        });
        for (period, counts) in periods {
            counts.begin();
            let mut ends: Option<(u8, u8)> = None;
            for (step, exit) in steps.iter().zip(moves.iter()) {
                let exit = exit.filter(|exit| period.contains(exit.day));
                let from = step.start.max(period.start);
                let until = step.end.min(period.end.plus(1));
                let days = until.since(from).max(0).min(step.days);
                let is_point = step.start == step.end && period.contains(step.start);
                if days == 0 && exit.is_none() && !is_point {
                    continue;
                }
                counts.visit(usize::from(step.state), days, exit.is_none());
                if let Some(exit) = exit {
                    counts.step(usize::from(exit.from), usize::from(exit.to), exit.days);
                }
                ends = Some((ends.map_or(step.state, |(first, _)| first), step.state));
            }
            if let Some((first, last)) = ends {
                counts.end(usize::from(first), usize::from(last));
            }
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for ((_, mine), (_, theirs)) in self.periods.iter_mut().zip(&other.periods) {
            mine.merge(theirs);
        }
    }

    /// Counts by period.
    pub fn counts(&self) -> impl Iterator<Item = (Period, &GraphCounts)> {
        self.periods.iter().map(|(period, counts)| (*period, counts))
    }

    /// Makes the rows of `states` and `transitions`, for England. With several periods the stratum
    /// names them: `period=2024-04-01..2025-03-31`.
    pub fn finish(&self, results: &mut Results) {
        let several = self.periods.len() > 1;
        for (period, counts) in &self.periods {
            let stratum = if several {
                format!("period={}..{}", period.start, period.end)
            } else {
                String::new()
            };
            let england = Area::england();
            let graph = state_graph(
                counts,
                self.scheme.name(),
                self.scheme.names(),
                &england.code,
                &stratum,
            );
            let (states, transitions) = rows(&graph);
            results.states.extend(states);
            results.transitions.extend(transitions);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::day::Day;
    use throughcare_linkage::timeline::state::{State, Visit};

    fn visit(state: State, start: i32, end: i32) -> Visit {
        Visit {
            start: Day(start),
            end: Day(end),
            state,
            underlying: state,
            mask: state.bit(),
            id: u32::MAX,
            la: 0,
            truncated: false,
            censored: false,
            held: false,
        }
    }

    fn line(visits: Vec<Visit>) -> Line {
        Line { visits, ..Line::default() }
    }

    fn count(first: i32, last: i32, line: &Line) -> Results {
        let period = Period { start: Day(first), end: Day(last) };
        let mut journeys = Journeys::new(&TimelineSettings::default(), &[period]);
        journeys.add(line);
        let mut results = Results::default();
        journeys.finish(&mut results);
        results
    }

    #[test]
    fn m16_a_move_counts_in_the_period_of_its_day_with_the_whole_stay_before_it() {
        let mut last = visit(State::Home, 130, 200);
        last.censored = true;
        let line = line(vec![visit(State::Home, 0, 110), visit(State::Community, 110, 130), last]);
        let results = count(100, 129, &line);
        let found: Vec<_> =
            results.transitions.iter().map(|t| (&*t.from, &*t.to, t.count, t.total_time)).collect();
        assert_eq!(found, [("HOME", "COMM", 1, 110)]);
        let states: Vec<_> = results
            .states
            .iter()
            .map(|s| (&*s.state, s.visits, s.total_time, s.censored))
            .collect();
        assert_eq!(states, [("COMM", 1, 20, 1), ("HOME", 1, 10, 0)]);
        // the day after the period: the move home is in, with a visit of no days of the period before
        let results = count(130, 150, &line);
        assert_eq!(results.transitions.len(), 1);
        assert_eq!(results.transitions[0].total_time, 20);
    }

    #[test]
    fn death_is_a_target_and_keeps_no_days() {
        let line = Line { death: Day(50).into(), ..line(vec![visit(State::Home, 0, 50)]) };
        let results = count(0, 99, &line);
        assert_eq!(results.transitions[0].to, "DEAD");
        assert_eq!(results.states[0].state, "DEAD");
        assert_eq!((results.states[0].visits, results.states[0].total_time), (1, 0));
        assert_eq!((results.states[1].total_time, results.states[1].ends), (50, 0));
    }
}
