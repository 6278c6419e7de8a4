//! Eras: the visits of a line as steps of a pathway, with states that run together as one.

use super::settings::{FilterTreatments, PathwaySettings};
use hashbrown::HashMap;
use throughcare_linkage::day::Day;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::sequence::Step;
use throughcare_linkage::timeline::state::{ActiveStates, State};

/// A state, or a combination of states, for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Era {
    /// The number of the state or combination.
    pub code: u16,
    /// First day.
    pub start: Day,
    /// First day no longer in it.
    pub end: Day,
    /// Days in it.
    pub days: i32,
}

/// The numbers of what a step can be: the states of the scheme, then the last words of a pathway, then
/// combinations as they are met.
#[derive(Clone, Debug)]
pub struct Codes {
    names: Vec<String>,
    states: usize,
    map: [u8; State::COUNT],
    // sets of states, as bits of their numbers
    combinations: Vec<u32>,
    numbers: HashMap<u32, u16>,
}

/// The last words of a pathway after the states: alive and observed to the end, not observed to it, more
/// states than are written.
const WORDS: [&str; 3] = ["END", "LOST", "…"];

impl Codes {
    /// Those of a scheme, without combinations.
    #[must_use]
    pub fn new(scheme: &Scheme) -> Self {
        let words = WORDS.map(String::from);
        Self {
            names: scheme.names().iter().cloned().chain(words).collect(),
            states: scheme.len(),
            map: *scheme.map(),
            combinations: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// `END`, `LOST` and `…`.
    #[must_use]
    pub const fn words(&self) -> [u16; 3] {
        let first = self.states as u16;
        [first, first + 1, first + 2]
    }

    /// The names of all that have been met, by number.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let name = |set: &u32| {
            let states = (0..self.states).filter(|state| set >> state & 1 == 1);
            let names: Vec<&str> = states.map(|state| self.names[state].as_str()).collect();
            names.join("+")
        };
        self.names.iter().cloned().chain(self.combinations.iter().map(name)).collect()
    }

    /// The number of a code of others among these.
    pub fn code_of(&mut self, other: &Self, code: u16) -> u16 {
        match usize::from(code).checked_sub(other.names.len()) {
            Some(n) => self.combination(other.combinations[n]).unwrap_or(code),
            None => code,
        }
    }

    /// The number of a set of states; none when there are too many sets.
    fn combination(&mut self, set: u32) -> Option<u16> {
        if let Some(&number) = self.numbers.get(&set) {
            return Some(number);
        }
        let number = u16::try_from(self.names.len() + self.combinations.len()).ok()?;
        self.combinations.push(set);
        self.numbers.insert(set, number);
        Some(number)
    }

    /// The states of the scheme that are active, as bits: what only fills time counts by itself alone.
    fn set(&self, mask: u32) -> u32 {
        let fills =
            |state: &State| state.is_wait() || matches!(state, State::Home | State::Unobserved);
        let of = |filling: bool| {
            let states = State::ALL.into_iter().filter(|state| fills(state) == filling);
            let active = states.filter(|state| mask & state.bit() != 0);
            active.fold(0u32, |set, state| set | 1 << self.map[state as usize])
        };
        let set = of(false);
        if set != 0 { set } else { of(true) }
    }
}

/// The eras of a line, of its steps and its day mask.
pub fn of_line(
    steps: &[Step],
    masks: &[ActiveStates],
    settings: &PathwaySettings,
    codes: &mut Codes,
    eras: &mut Vec<Era>,
) {
    eras.clear();
    let Some(window) = settings.combination_window else {
        eras.extend(steps.iter().map(whole));
        return;
    };
    let mut masks = masks;
    for step in steps {
        let passed = masks.partition_point(|days| days.end <= step.start);
        masks = &masks[passed..];
        let inside = masks.partition_point(|days| days.start < step.end);
        if step.days == 0 || step.end <= step.start {
            eras.push(whole(step));
            continue;
        }
        let first = eras.len();
        let mut is_combined = false;
        // runs of days with one set of states
        let runs = masks[..inside].chunk_by(|a, b| codes.set(a.mask) == codes.set(b.mask));
        let runs: Vec<(u32, Day, Day)> = runs
            .map(|run| {
                let end = run[run.len() - 1].end.min(step.end);
                (codes.set(run[0].mask), run[0].start.max(step.start), end)
            })
            .collect();
        for (set, start, end) in runs {
            let days = end.since(start);
            let together = set.count_ones() > 1 && days >= i32::from(window);
            let code = if together { codes.combination(set) } else { None };
            is_combined |= code.is_some();
            let code = code.unwrap_or(u16::from(step.state));
            match eras.get_mut(first..).and_then(<[Era]>::last_mut) {
                Some(last) if last.code == code => {
                    last.end = end;
                    last.days += days;
                }
                _ => eras.push(Era { code, start, end, days }),
            }
        }
        if is_combined && settings.min_post_combination_duration > 0 {
            let rest = |era: &Era| {
                era.code == u16::from(step.state)
                    && era.days < settings.min_post_combination_duration
            };
            let mut kept = first;
            for n in first..eras.len() {
                if !rest(&eras[n]) {
                    eras[kept] = eras[n];
                    kept += 1;
                }
            }
            eras.truncate(kept);
        }
    }
}

fn whole(step: &Step) -> Era {
    Era { code: step.state.into(), start: step.start, end: step.end, days: step.days }
}

/// Adds an era to those of a pathway, in order of time, by the rules of the study: it may be too short,
/// go on where one of the same state ended, or not count again.
pub fn take(era: Era, settings: &PathwaySettings, path: &mut Vec<Era>) {
    if era.days < settings.min_era_duration {
        return;
    }
    if let Some(n) = path.iter().rposition(|before| before.code == era.code) {
        let collapse = settings.era_collapse_size;
        let is_near = collapse > 0 && era.start.since(path[n].end) <= collapse;
        let is_last = n + 1 == path.len();
        if is_near || is_last && settings.filter_treatments != FilterTreatments::All {
            path.truncate(n + 1);
            path[n].end = era.end;
            path[n].days += era.days;
            return;
        }
        if settings.filter_treatments == FilterTreatments::First {
            return;
        }
    }
    path.push(era);
}
