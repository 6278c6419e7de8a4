//! The most common pathways of people: the states that follow an anchor, in order (`linked-metrics.md`
//! M17), who ever reaches a state, and the states over time.

mod eras;
mod reach;
mod settings;
mod window;

pub use settings::{Anchor, ClusterSettings, DistanceName, FilterTreatments, PathwaySettings};

use crate::figure::{Journeys, Pathway, Results};
use crate::graph::strata::{Breakdown, LookUps};
use crate::sequences::Sequences;
use crate::stratum::{Dimension, joined, of_period};
use eras::{Codes, Era};
use reach::Reach;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::sequence::{Piece, Step, walk};
use throughcare_linkage::timeline::settings::TimelineSettings;
use throughcare_linkage::timeline::state::State;
use window::Windows;

/// Counts of pathways by period, anchor and stratum. Each person counts once an anchor, in a scheme's
/// states and one of these last: `DEAD`; `END`, alive and observed to the end of the window; `LOST`, not
/// observed to its end; `…`, more states than are written.
#[derive(Clone, Debug)]
pub struct Pathways {
    settings: PathwaySettings,
    scheme: Scheme,
    windows: Windows,
    periods: Vec<Period>,
    breakdowns: Vec<Breakdown>,
    look_ups: LookUps,
    codes: Codes,
    // by period, then by anchor, then by breakdown and its values
    cells: Vec<Cell>,
    // of the person at hand
    steps: Vec<Step>,
    eras: Vec<Era>,
    path: Vec<Era>,
    sequence: Vec<u16>,
    over_time: Vec<u16>,
}

/// The people of one period, anchor and stratum.
#[derive(Clone, Debug, Default)]
struct Cell {
    paths: Sequences,
    over_time: Sequences,
    reach: Reach,
}

impl Pathways {
    /// No people yet. `look_ups` tell where people live and their ethnic groups; empty ones do where no
    /// breakdown asks for them.
    #[must_use]
    pub fn new(
        settings: &PathwaySettings,
        timeline: &TimelineSettings,
        periods: &[Period],
        look_ups: &LookUps,
    ) -> Self {
        let scheme = Scheme::of_study(timeline);
        let breakdowns = settings.breakdowns();
        let strata: usize = breakdowns.iter().map(|&by| usize::from(look_ups.values(by))).sum();
        Self {
            cells: vec![Cell::default(); periods.len() * settings.anchors.len() * strata],
            settings: settings.clone(),
            codes: Codes::new(&scheme),
            scheme,
            windows: Windows::new(settings.window_days),
            periods: periods.to_vec(),
            breakdowns,
            look_ups: look_ups.clone(),
            steps: Vec::new(),
            eras: Vec::new(),
            path: Vec::new(),
            sequence: Vec::new(),
            over_time: Vec::new(),
        }
    }

    /// Takes one person.
    pub fn add(&mut self, person: &Person<'_>) {
        if !person.is_known() || self.cells.is_empty() {
            return;
        }
        let mut is_walked = false;
        let anchors = self.settings.anchors.len();
        let strata = self.cells.len() / (self.periods.len() * anchors);
        for n in 0..self.periods.len() * anchors {
            let period = self.periods[n / anchors];
            let anchor = &self.settings.anchors[n % anchors];
            let Some((from, to)) = self.windows.of(anchor, period, person) else { continue };
            let is_last_days = *anchor == Anchor::BeforeDeath;
            if !std::mem::replace(&mut is_walked, true) {
                self.walk(person);
            }
            let days = i64::from(self.follow(from, to, is_last_days));
            let mut first = n * strata;
            let mut of_person = window::strata(person, from);
            if self.breakdowns.contains(&Breakdown::Of(Dimension::Ethnicity)) {
                let ethnicity = self.look_ups.ethnicity(person);
                of_person = of_person.with(Dimension::Ethnicity, ethnicity);
            }
            self.states_over_time(from, to);
            for &by in &self.breakdowns {
                let fact = match by {
                    Breakdown::Of(dimension) => Some(dimension),
                    Breakdown::Region | Breakdown::La => None,
                };
                let of_fact = fact.into_iter().flat_map(|fact| fact.values_of(of_person));
                let area = self.look_ups.area(by, person, from);
                for value in of_fact.map(u16::from).chain(area) {
                    let cell = &mut self.cells[first + usize::from(value)];
                    cell.paths.add(&self.sequence, days);
                    cell.reach.add(&self.path, from);
                    cell.over_time.add_one(&self.over_time);
                }
                first += usize::from(self.look_ups.values(by));
            }
        }
    }

    fn walk(&mut self, person: &Person<'_>) {
        self.steps.clear();
        let steps = &mut self.steps;
        walk(person.line, &self.scheme, 0, |piece| {
            if let Piece::Visit(step) = piece {
                steps.push(step);
            }
        });
        eras::of_line(steps, &person.line.masks, &self.settings, &mut self.codes, &mut self.eras);
    }

    /// Makes the sequence of the window `[from, to)`; gives the days in it.
    fn follow(&mut self, from: Day, to: Day, ends_in_death: bool) -> i32 {
        let dead = u16::from(self.scheme.of(State::Dead));
        let unobserved = u16::from(self.scheme.of(State::Unobserved));
        let [end, lost, more] = self.codes.words();
        let Self { settings, eras, path, sequence, .. } = self;
        path.clear();
        let mut seen_until = from;
        let mut death = None;
        for era in eras.iter() {
            if era.code == dead {
                // the window of those who die ends the day before
                if (from..to).contains(&era.start) || (ends_in_death && era.start == to) {
                    death = Some(*era);
                }
                continue;
            }
            let is_point = era.start == era.end && (from..to).contains(&era.start);
            if !is_point && (era.end <= from || era.start >= to) {
                continue;
            }
            if era.code == unobserved {
                break;
            }
            seen_until = era.end.min(to);
            eras::take(*era, settings, path);
        }
        sequence.clear();
        sequence.extend(path.iter().map(|era| era.code).take(settings.max_path_length));
        let last = if path.len() > settings.max_path_length {
            more
        } else if death.is_some() {
            dead
        } else if seen_until >= to {
            end
        } else {
            lost
        };
        sequence.push(last);
        path.extend(death);
        seen_until.since(from)
    }

    /// Makes the states of the window's steps: that of the first day of each.
    fn states_over_time(&mut self, from: Day, to: Day) {
        let dead = self.scheme.of(State::Dead);
        let unobserved = self.scheme.of(State::Unobserved);
        self.over_time.clear();
        let mut next = 0;
        let mut day = from;
        while day < to {
            while self.steps.get(next).is_some_and(|step| step.end <= day && step.state != dead) {
                next += 1;
            }
            let state = match self.steps.get(next) {
                Some(step) if step.start <= day => step.state,
                _ => unobserved,
            };
            self.over_time.push(u16::from(state));
            day = day.plus(self.settings.step_days.into());
        }
    }

    /// Adds the pathways of other people.
    pub fn merge(&mut self, other: &Self) {
        let Self { codes, cells, .. } = self;
        for (mine, theirs) in cells.iter_mut().zip(&other.cells) {
            let mut code = |code| codes.code_of(&other.codes, code);
            mine.paths.merge_as(&theirs.paths, &mut code);
            mine.reach.merge(&theirs.reach, &mut code);
            mine.over_time.merge(&theirs.over_time);
        }
    }

    /// Makes the rows of `pathways`, and what goes with them, by period, anchor, and stratum or area. With
    /// several periods the stratum names them.
    pub fn finish(&self, results: &mut Results) {
        let names = self.codes.names();
        let several = self.periods.len() > 1;
        let mut cells = self.cells.iter();
        for period in &self.periods {
            for anchor in &self.settings.anchors {
                for &by in &self.breakdowns {
                    for value in 0..self.look_ups.values(by) {
                        let Some(cell) = cells.next() else { return };
                        let (area_code, of_value) = self.look_ups.name(by, value);
                        let stratum = joined(&[&of_period(*period, several), &of_value]);
                        let of = Group { anchor, period: *period, area_code, stratum };
                        self.finish_cell(cell, &of, &names, results);
                    }
                }
            }
        }
    }

    fn finish_cell(&self, cell: &Cell, group: &Group<'_>, names: &[String], results: &mut Results) {
        let people = cell.paths.cases();
        let most = cell.paths.most_frequent(names, ">", self.settings.most_paths);
        results.pathways.extend(most.into_iter().map(|sequence| Pathway {
            area_code: group.area_code.clone(),
            stratum: group.stratum.clone(),
            anchor: group.anchor.name().into(),
            path: if self.settings.compress_loops {
                compressed(&sequence.path)
            } else {
                sequence.path
            },
            people: sequence.cases,
            of: people,
            median_days: sequence.median_length,
        }));
        if people == 0 {
            return;
        }
        let window = self.windows.days(group.anchor, group.period);
        results.journeys.push(Journeys {
            area_code: group.area_code.clone(),
            stratum: group.stratum.clone(),
            anchor: group.anchor.name().into(),
            people,
            reached: cell.reach.finish(names, self.settings.max_path_length, window),
            step_days: self.settings.step_days.into(),
            states: self.scheme.names().to_vec(),
            sequences: cell.over_time.by_states(),
            typology: None,
        });
    }
}

/// What a cell counts.
struct Group<'a> {
    anchor: &'a Anchor,
    period: Period,
    area_code: String,
    stratum: String,
}

/// A path with repeated runs written once: from left to right the run that takes up most states, of equal
/// ones the shortest.
fn compressed(path: &str) -> String {
    let states: Vec<&str> = path.split('>').collect();
    let mut words: Vec<String> = Vec::new();
    let mut at = 0;
    while at < states.len() {
        let left = &states[at..];
        let repeats = |length: usize| {
            left.chunks_exact(length).take_while(|run| *run == &left[..length]).count()
        };
        let longest = (2..=left.len() / 2)
            .map(|length| (length, repeats(length)))
            .filter(|&(_, times)| times > 1)
            .max_by_key(|&(length, times)| (length * times, std::cmp::Reverse(length)));
        if let Some((length, times)) = longest {
            words.push(format!("({})×{times}", left[..length].join(">")));
            at += length * times;
        } else {
            words.push(left[0].to_owned());
            at += 1;
        }
    }
    words.join(">")
}

#[cfg(test)]
mod tests;
