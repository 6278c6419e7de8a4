//! The most common pathways of people: the states that follow an anchor, in order (`linked-metrics.md`
//! M17).

mod settings;

pub use settings::{Anchor, PathwaySettings};

use crate::cohort::{Cohort, Filter, Profile};
use crate::figure::{Area, Pathway, Results};
use crate::sequences::Sequences;
use crate::stay::{self, Facts, StayUnit, is_regular_attender};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::EventType;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::sequence::{Piece, Step, walk};
use throughcare_linkage::timeline::settings::TimelineSettings;
use throughcare_linkage::timeline::state::State;

/// Counts of pathways by period and anchor. Each person counts once an anchor, in a scheme's states and
/// one of these last: `DEAD`; `END`, alive and observed to the end of the window; `LOST`, not observed
/// to its end; `…`, more states than are written.
#[derive(Clone, Debug)]
pub struct Pathways {
    settings: PathwaySettings,
    scheme: Scheme,
    cohort: Cohort,
    filters: Vec<Filter>,
    periods: Vec<Period>,
    // by period, then by anchor
    counts: Vec<Sequences>,
    // of the person at hand
    steps: Vec<Step>,
    sequence: Vec<u16>,
}

impl Pathways {
    /// No people yet.
    #[must_use]
    pub fn new(
        settings: &PathwaySettings,
        timeline: &TimelineSettings,
        periods: &[Period],
    ) -> Self {
        let cohort = Cohort::of(Profile::General);
        Self {
            counts: vec![Sequences::default(); periods.len() * settings.anchors.len()],
            settings: settings.clone(),
            scheme: Scheme::of_study(timeline),
            filters: cohort.filters(),
            cohort,
            periods: periods.to_vec(),
            steps: Vec::new(),
            sequence: Vec::new(),
        }
    }

    /// Takes one person.
    pub fn add(&mut self, person: &Person<'_>) {
        if !person.is_known() || self.counts.is_empty() {
            return;
        }
        self.steps.clear();
        let steps = &mut self.steps;
        walk(person.line, &self.scheme, 0, |piece| {
            if let Piece::Visit(step) = piece {
                steps.push(step);
            }
        });
        let anchors = self.settings.anchors.len();
        for cell in 0..self.counts.len() {
            let period = self.periods[cell / anchors];
            let anchor = self.settings.anchors[cell % anchors];
            let Some((from, to)) = self.window(anchor, period, person) else { continue };
            let days = self.follow(from, to, anchor == Anchor::BeforeDeath);
            self.counts[cell].add(&self.sequence, i64::from(days));
        }
    }

    /// First day of the window and first day after it, for a person who has the anchor.
    fn window(&self, anchor: Anchor, period: Period, person: &Person<'_>) -> Option<(Day, Day)> {
        let length = i32::from(self.settings.window_days);
        let from = |day: Day| (day, day.plus(length));
        let discharge = |emergency_only: bool| {
            let stays = stay::stays(person, StayUnit::Cips).zip(person.cips);
            let index = |stay: &stay::Stay| {
                self.cohort.position(&self.filters, stay, Facts::of(person), period)
                    == self.filters.len()
            };
            stays
                .filter(|(stay, cips)| index(stay) && (cips.emergency || !emergency_only))
                .map(|(stay, _)| stay.discharge)
                .min()
        };
        match anchor {
            Anchor::Discharge => discharge(false).map(from),
            Anchor::EmergencyDischarge => discharge(true).map(from),
            Anchor::Admission => {
                let stays = stay::stays(person, StayUnit::Cips);
                let counts = |stay: &stay::Stay| {
                    period.contains(stay.admission)
                        && !stay.day_case
                        && !stay.inner
                        && !is_regular_attender(stay.class)
                };
                stays.filter(counts).map(|stay| stay.admission).min().map(from)
            }
            Anchor::FirstContact => {
                let is_request = |event: &&CareEvent| {
                    event.event_type == EventType::Request && period.contains(event.start)
                };
                person.joined.iter().filter(is_request).map(|event| event.start).min().map(from)
            }
            Anchor::BeforeDeath => {
                let death = person.line.death.get().filter(|&day| period.contains(day))?;
                Some((death.plus(-length), death))
            }
            Anchor::Period => {
                let is_seen = self
                    .steps
                    .iter()
                    .any(|step| step.end >= period.start && step.start <= period.end);
                is_seen.then(|| (period.start, period.end.plus(1)))
            }
        }
    }

    /// Makes the sequence of the window `[from, to)`; gives the days in it.
    fn follow(&mut self, from: Day, to: Day, ends_in_death: bool) -> i32 {
        let dead = self.scheme.of(State::Dead);
        let unobserved = self.scheme.of(State::Unobserved);
        let [end, lost, more] = self.last_words();
        self.sequence.clear();
        let mut seen_until = from;
        let mut last = None;
        for step in &self.steps {
            if step.state == dead {
                // the window of those who die ends the day before
                if (from..to).contains(&step.start) || (ends_in_death && step.start == to) {
                    last = Some(u16::from(dead));
                }
                continue;
            }
            let is_point = step.start == step.end && (from..to).contains(&step.start);
            if !is_point && (step.end <= from || step.start >= to) {
                continue;
            }
            if step.state == unobserved {
                break;
            }
            seen_until = step.end.min(to);
            let is_short = step.days < self.settings.min_era_duration;
            if !is_short && self.sequence.last() != Some(&u16::from(step.state)) {
                self.sequence.push(u16::from(step.state));
            }
        }
        let days = seen_until.since(from);
        let last = last.unwrap_or(if seen_until >= to { end } else { lost });
        if self.sequence.len() > self.settings.max_path_length {
            self.sequence.truncate(self.settings.max_path_length);
            self.sequence.push(more);
        } else {
            self.sequence.push(last);
        }
        days
    }

    /// The numbers of `END`, `LOST` and `…`, which come after those of the scheme.
    fn last_words(&self) -> [u16; 3] {
        let first = self.scheme.len() as u16;
        [first, first + 1, first + 2]
    }

    /// Adds the pathways of other people.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.merge(theirs);
        }
    }

    /// Makes the rows of `pathways`, for England, by period and anchor. With several periods the stratum
    /// names them.
    pub fn finish(&self, results: &mut Results) {
        let names: Vec<&str> = self.scheme.names().iter().map(String::as_str).collect();
        let names = [&names[..], &["END", "LOST", "…"]].concat();
        let several = self.periods.len() > 1;
        let cells = self
            .periods
            .iter()
            .flat_map(|period| self.settings.anchors.iter().map(move |anchor| (period, anchor)));
        for (sequences, (period, anchor)) in self.counts.iter().zip(cells) {
            let of = sequences.cases();
            let most = sequences.most_frequent(&names, ">", self.settings.most_paths);
            results.pathways.extend(most.into_iter().map(|sequence| Pathway {
                area_code: Area::england().code,
                stratum: if several {
                    format!("period={}..{}", period.start, period.end)
                } else {
                    String::new()
                },
                anchor: anchor.name().into(),
                path: if self.settings.compress_loops {
                    compressed(&sequence.path)
                } else {
                    sequence.path
                },
                people: sequence.cases,
                of,
                median_days: sequence.median_length,
            }));
        }
    }
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
