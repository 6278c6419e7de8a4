//! ASCOF 2A: reablement of new clients that led to no further need for ongoing support
//! (`cld-metrics.md` section 6).
//!
//! A reablement episode is the ST-Max services of one council without a gap of more than a week. Of
//! the episodes of new clients that ended in the period and have a known sequel, the measure is the
//! share whose sequel is no ongoing support.
//!
//! The work on one person is in the order of the published code: `episode` (steps 1 to 5), `sequel`
//! (steps 6 to 8); `outcome` names the sequels and says how they count (step 9), `finish` makes
//! figures (step 10).

mod episode;
mod finish;
mod outcome;
mod sequel;
#[cfg(test)]
mod tests;

use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::study::Method;
use episode::{Episode, Row};
use outcome::{Final, Sequel};
use sequel::Story;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.ascof_2a]`. Every default is the published method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. Data should reach
    /// from `new_client_days` before to `sequel_days` after.
    pub periods: Vec<Period>,
    /// Reablement that starts at most this many days after the latest end so far is one episode.
    pub cluster_gap_days: i32,
    /// A client is new when long-term support ended at least this many days before the episode.
    pub new_client_days: i32,
    /// What starts at most this many days after the end of the episode, and a death up to then, is
    /// its sequel.
    pub sequel_days: i32,
    /// An assessment or review within the episode tells its sequel when it ends at most this many
    /// days before the episode does.
    pub nested_days: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cluster_gap_days: 7,
            new_client_days: 91,
            sequel_days: 7,
            nested_days: 13,
        }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)?;
        let days = [
            ("cluster_gap_days", self.cluster_gap_days),
            ("new_client_days", self.new_client_days),
            ("sequel_days", self.sequel_days),
            ("nested_days", self.nested_days),
        ];
        match days.iter().find(|(_, days)| *days < 0) {
            Some((name, days)) => Err(format!("{name} = {days} must not be negative")),
            None => Ok(()),
        }
    }
}

/// Age at the end of an episode, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Band {
    WorkingAge,
    Older,
    Unknown,
}

impl Band {
    /// The band on a day; none under 18.
    fn at(birth: BirthMonth, day: Day) -> Option<Self> {
        match birth.dhsc_age(day) {
            None => Some(Self::Unknown),
            Some(..=17) => None,
            Some(18..=64) => Some(Self::WorkingAge),
            Some(_) => Some(Self::Older),
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::WorkingAge => "18 to 64",
            Self::Older => "65 and above",
            Self::Unknown => "Unknown",
        }
    }
}

/// Filters on events, then on episodes, in the order in which they apply. An event that only makes an
/// episode longer falls at [`Filter::Clustered`]; the other one stands for the episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    ServiceUser,
    NotReversed,
    StMax,
    Clustered,
    EndsInPeriod,
    Adult,
    Alive,
    NewClient,
    Classified,
    Counted,
}

const FILTERS: usize = Filter::Counted as usize + 1;

/// What an episode counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    /// Council of [`Places`].
    council: u16,
    band: Band,
    sequel: Sequel,
    outcome: Final,
}

/// Counts of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tally {
    period: Period,
    episodes: BTreeMap<Cell, i64>,
    attrition: Attrition,
}

/// The measure `ascof_2a`: integer counts of episodes by period, council, age band and sequel.
///
/// Parts: none (per cent; numerator and denominator are episodes), by `age_band`; `sequel` (the value
/// is the number of episodes, numerator and denominator those of them that count), by `age_band`,
/// `sequel_type` and `final_outcome`.
#[derive(Clone, Debug)]
pub struct Ascof2a {
    settings: Settings,
    method: Method,
    places: Arc<Places>,
    tallies: Vec<Tally>,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    rows: Vec<Row>,
    episodes: Vec<Episode>,
    /// Where each event of the person fell before episodes were made.
    fallen: [i64; Filter::Clustered as usize],
}

impl Ascof2a {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let tally = |period| Tally {
            period,
            episodes: BTreeMap::new(),
            attrition: Attrition::new(FILTERS),
        };
        Self {
            settings: settings.clone(),
            method: frame.study.method,
            places: Arc::new(Places::new(frame)),
            tallies: super::periods(&settings.periods, frame).into_iter().map(tally).collect(),
            scratch: Scratch::default(),
        }
    }

    /// Counts the episodes of a person in one period; the furthest position reached.
    fn add_episodes(&mut self, n: usize, person: &Person<'_>, frame: &Frame, scratch: &Scratch) {
        let mut furthest = 0;
        for (position, &events) in scratch.fallen.iter().enumerate() {
            self.tallies[n].attrition.records_at(position, events);
            if events > 0 {
                furthest = position;
            }
        }
        for episode in &scratch.episodes {
            let counts = self.count(n, episode, person, frame);
            let attrition = &mut self.tallies[n].attrition;
            attrition.records_at(Filter::Clustered as usize, episode.services - 1);
            attrition.record(counts);
            furthest = furthest.max(counts);
        }
        self.tallies[n].attrition.person(furthest);
    }

    /// Counts an episode in one period, if it is in scope; the position of the filter that it fails.
    fn count(&mut self, n: usize, episode: &Episode, person: &Person<'_>, frame: &Frame) -> usize {
        let Self { settings, method, places, tallies, .. } = self;
        let tally = &mut tallies[n];
        if !tally.period.contains(episode.end) {
            return Filter::EndsInPeriod as usize;
        }
        let (birth, death): (BirthMonth, OptDay) =
            person_details::birth_and_death(episode.la, person.joined);
        let Some(band) = Band::at(birth, episode.end) else { return Filter::Adult as usize };
        if death.get().is_some_and(|death| death < episode.start) {
            return Filter::Alive as usize;
        }
        let story = Story { person, frame, episode, death, settings, method: *method };
        if !story.is_new_client() {
            return Filter::NewClient as usize;
        }
        let (sequel, outcome) = story.sequel();
        let cell = Cell { council: places.council(episode.la), band, sequel, outcome };
        *tally.episodes.entry(cell).or_default() += 1;
        match outcome.counting() {
            outcome::Counting::Unclassified => Filter::Classified as usize,
            outcome::Counting::Neither => Filter::Counted as usize,
            outcome::Counting::Denominator | outcome::Counting::Both => FILTERS,
        }
    }
}

impl Measure for Ascof2a {
    const NAME: &'static str = "ascof_2a";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() || !person.is_known() {
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        episode::find(person, frame, self.settings.cluster_gap_days, &mut scratch);
        for n in 0..self.tallies.len() {
            self.add_episodes(n, person, frame, &scratch);
        }
        self.scratch = scratch;
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(other.tallies) {
            for (cell, episodes) in theirs.episodes {
                *mine.episodes.entry(cell).or_default() += episodes;
            }
            mine.attrition.merge(&theirs.attrition);
        }
    }

    /// By period: the share for every area and band, the sequels of every area, the attrition.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        for tally in &self.tallies {
            finish::figures(tally, &self.places, frame, &mut results.measures);
        }
        for tally in &self.tallies {
            finish::attrition(tally, &self.settings, &mut results.attrition);
        }
    }
}
