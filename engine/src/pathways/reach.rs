//! Who ever reaches a state: by which step of the pathway, by which day, after how long.

use super::eras::Era;
use crate::figure::Reached;
use crate::histogram::Histogram;
use throughcare_linkage::day::Day;

/// Days by which shares are given, as far as the window goes.
const MARKS: [i32; 9] = [0, 7, 14, 28, 30, 60, 90, 180, 365];

/// Integers of one state.
#[derive(Clone, Debug, Default)]
struct Counts {
    // by step, from 0: those for whom it is the first time
    steps: Vec<i64>,
    days: Histogram,
}

/// How many of some people reach each state, by its number.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    states: Vec<Counts>,
}

impl Reach {
    /// Counts a pathway that begins on `from`: each state once, by its first era.
    pub fn add(&mut self, path: &[Era], from: Day) {
        for (step, era) in path.iter().enumerate() {
            if path[..step].iter().any(|before| before.code == era.code) {
                continue;
            }
            let code = usize::from(era.code);
            if self.states.len() <= code {
                self.states.resize_with(code + 1, Counts::default);
            }
            let counts = &mut self.states[code];
            if counts.steps.len() <= step {
                counts.steps.resize(step + 1, 0);
            }
            counts.steps[step] += 1;
            counts.days.add(era.start.since(from).max(0), 1);
        }
    }

    /// Adds the pathways of other people, whose numbers `code` makes these.
    pub fn merge(&mut self, other: &Self, mut code: impl FnMut(u16) -> u16) {
        for (n, theirs) in (0u16..).zip(&other.states) {
            if theirs.steps.is_empty() {
                continue;
            }
            let mine = usize::from(code(n));
            if self.states.len() <= mine {
                self.states.resize_with(mine + 1, Counts::default);
            }
            let mine = &mut self.states[mine];
            if mine.steps.len() < theirs.steps.len() {
                mine.steps.resize(theirs.steps.len(), 0);
            }
            mine.steps.iter_mut().zip(&theirs.steps).for_each(|(mine, theirs)| *mine += theirs);
            mine.days.merge(&theirs.days);
        }
    }

    /// The states that anyone reaches, by people, most first, then by name. `steps` are those that a
    /// pathway may have, `window` its days.
    #[must_use]
    pub fn finish(&self, names: &[String], steps: usize, window: i32) -> Vec<Reached> {
        let so_far = |first: &[i64]| -> Vec<i64> {
            let by = |step: usize| first.iter().take(step + 1).sum();
            (0..steps).map(by).collect()
        };
        let marks: Vec<i32> = MARKS.into_iter().filter(|&day| day < window).collect();
        let reached = |(name, counts): (&String, &Counts)| Reached {
            state: name.clone(),
            people: counts.days.records(),
            by_step: so_far(&counts.steps),
            by_day: marks
                .iter()
                .map(|&day| (day, counts.days.records() - counts.days.at_least(day + 1)))
                .collect(),
            median_days: counts.days.quantile(500),
        };
        let any = names.iter().zip(&self.states).filter(|(_, counts)| !counts.steps.is_empty());
        let mut states: Vec<Reached> = any.map(reached).collect();
        states.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.state.cmp(&b.state)));
        states
    }
}
