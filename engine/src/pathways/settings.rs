//! The table `[graph]`: pathways and variants.

use crate::activities::{Activity, Logs};
use crate::compare::settings::CompareSettings;
use crate::graph::settings::ViewSettings;
use crate::graph::strata::Breakdown;
use crate::stratum::Dimension;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use throughcare_linkage::error::Error;
use throughcare_linkage::timeline::state::State;

/// Where a pathway begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Anchor {
    /// The first index discharge of the period (cohort `general`).
    Discharge,
    /// The first index discharge of the period from a stay that began as an emergency.
    EmergencyDischarge,
    /// The first admission of the period, day cases and regular attenders aside.
    Admission,
    /// The first request for social care of the period.
    FirstContact,
    /// The days before a death in the period.
    BeforeDeath,
    /// The whole period.
    Period,
    /// The first visit of the period in this state of the line whose beginning was seen.
    Entry(State),
    /// The first such event of a log in the period: any name that is none of the others.
    Activity(Activity),
}

impl Anchor {
    /// The anchors that are not states.
    const NAMED: [(&'static str, Self); 6] = [
        ("discharge", Self::Discharge),
        ("emergency_discharge", Self::EmergencyDischarge),
        ("admission", Self::Admission),
        ("first_contact", Self::FirstContact),
        ("before_death", Self::BeforeDeath),
        ("period", Self::Period),
    ];

    /// The name in study files and tables: of an entry the code of the state.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Entry(state) => state.code(),
            Self::Activity(activity) => activity.name(),
            _ => {
                Self::NAMED.iter().find(|(_, anchor)| anchor == self).map_or("", |(name, _)| *name)
            }
        }
    }

    /// What is wrong with an anchor where there are no event logs beside other records: it is none.
    #[must_use]
    pub fn unknown(&self) -> Option<String> {
        let Self::Activity(activity) = self else { return None };
        let names: Vec<&str> = Self::NAMED.iter().map(|(name, _)| *name).collect();
        Some(format!(
            "{:?} is no anchor; there are {} and the codes of states, such as STMAX, and the activities of \
             event logs beside other records",
            activity.name(),
            names.join(", ")
        ))
    }
}

/// A state that a pathway can begin with: death and unobserved days are none.
fn entry(code: &str) -> Option<State> {
    State::from_code(code).filter(|state| !matches!(state, State::Dead | State::Unobserved))
}

impl From<String> for Anchor {
    fn from(text: String) -> Self {
        let named = Self::NAMED.into_iter().find(|(name, _)| *name == text);
        let state = || entry(&text).map(Self::Entry);
        let activity = || Self::Activity(Activity::new(&text));
        named.map(|(_, anchor)| anchor).or_else(state).unwrap_or_else(activity)
    }
}

impl From<Anchor> for String {
    fn from(anchor: Anchor) -> Self {
        anchor.name().into()
    }
}

/// Which visits of a pathway are its steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterTreatments {
    /// The first of each state.
    First,
    /// Each that differs from the one before (M17).
    #[default]
    Changes,
    /// Each, also where one of the same state was just left.
    All,
}

/// Which pathways are followed, and how they are written. Lengths and rules have the names of the OHDSI
/// tool `TreatmentPatterns`. They apply in this order: combination, shortest era, collapse, filter,
/// longest path. (There, treatments overlap until they are combined; here one state holds on a day.)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PathwaySettings {
    /// Where pathways begin.
    pub anchors: Vec<Anchor>,
    /// Days that are followed from the anchor, its own included; of `before_death` those before it.
    pub window_days: u16,
    /// States after which a pathway is cut, with `…` in the place of the rest.
    pub max_path_length: usize,
    /// States of fewer days are left out, those of no days from 1 on; what stands on both sides of them
    /// is then one if it is the same state.
    pub min_era_duration: i32,
    /// A state that comes back at most so many days after its end is one era, and what lay between is
    /// left out; 0 for never.
    pub era_collapse_size: i32,
    /// States that are active together for so many days are one state of their own, `STMAX+COMM`; for
    /// fewer days, the one that ranks first holds. Without it, it always does.
    pub combination_window: Option<u16>,
    /// What a combination leaves of a state before and after it is left out when it is shorter, in days.
    pub min_post_combination_duration: i32,
    /// Which visits are steps.
    pub filter_treatments: FilterTreatments,
    /// Repeated runs are written once: `(A>B)×2` for `A>B>A>B`.
    pub compress_loops: bool,
    /// Most rows of `pathways` of one anchor or event log: the most frequent sequences. What they leave
    /// out stands in one row.
    pub most_paths: usize,
    /// Breakdowns besides everyone, at the anchor: `age_band`, `sex`, `ethnicity`, `setting`, and the areas
    /// `region` and `la`.
    pub by: Vec<String>,
    /// Days from one step to the next of the states over time, and of what is clustered.
    pub step_days: u16,
    /// Groups of similar sequences of states over time.
    pub clusters: ClusterSettings,
    /// What graphs show.
    pub view: ViewSettings,
    /// Which groups `throughcare compare` sets side by side.
    pub compare: CompareSettings,
}

impl Default for PathwaySettings {
    fn default() -> Self {
        Self {
            anchors: vec![Anchor::Discharge],
            window_days: 91,
            max_path_length: 10,
            min_era_duration: 0,
            era_collapse_size: 0,
            combination_window: None,
            min_post_combination_duration: 0,
            filter_treatments: FilterTreatments::default(),
            compress_loops: false,
            most_paths: 10_000,
            by: Vec::new(),
            step_days: 7,
            clusters: ClusterSettings::default(),
            view: ViewSettings::default(),
            compare: CompareSettings::default(),
        }
    }
}

/// The table `[graph.clusters]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterSettings {
    /// How far two sequences are apart.
    pub distance: DistanceName,
    /// Groups; 0 for the number from 2 to `most` whose mean silhouette is highest.
    pub number: u8,
    /// Most groups that are tried.
    pub most: u8,
    /// Distinct sequences up to which all distances are found; of more, medoids are looked for in
    /// samples.
    pub most_distinct: u32,
    /// Distinct sequences of a sample.
    pub sample_size: u32,
    /// Samples.
    pub samples: u8,
}

impl Default for ClusterSettings {
    fn default() -> Self {
        Self {
            distance: DistanceName::default(),
            number: 0,
            most: 8,
            most_distinct: 2_000,
            sample_size: 1_000,
            samples: 5,
        }
    }
}

/// A distance between sequences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceName {
    /// No groups are made.
    None,
    /// Optimal matching, substitutions at 2 less the rates of moves both ways, insertions at 1.
    #[default]
    OptimalMatchingTransitions,
    /// Optimal matching, substitutions at 2, insertions at 1.
    OptimalMatching,
    /// Steps that differ.
    Hamming,
    /// Steps that differ, at costs of each step's own moves.
    DynamicHamming,
}

impl DistanceName {
    /// In plain words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OptimalMatchingTransitions => "optimal matching, costs of transitions",
            Self::OptimalMatching => "optimal matching, constant costs",
            Self::Hamming => "Hamming distance",
            Self::DynamicHamming => "dynamic Hamming distance",
        }
    }
}

impl PathwaySettings {
    /// Refuses settings that leave nothing or cannot be met.
    ///
    /// # Errors
    ///
    /// Says which setting, and why.
    pub fn check(&self) -> Result<(), String> {
        let refused = |text: &'static str| Err(Cow::Borrowed(text));
        let known = |key: &&String| Breakdown::of_key(key).is_some();
        let checked: Result<(), Cow<'static, str>> = if self.window_days == 0 {
            refused("window_days = 0 leaves no day to follow")
        } else if self.max_path_length == 0 {
            refused("max_path_length = 0 leaves no state of a pathway")
        } else if self.step_days == 0 {
            refused("step_days = 0 takes no step; write 1 or more days")
        } else if self.era_collapse_size < 0 || self.min_post_combination_duration < 0 {
            refused("era_collapse_size and min_post_combination_duration are days: write 0 or more")
        } else if self.combination_window == Some(0) {
            refused("combination_window = 0: write the days of a combination, or leave it out")
        } else if self.clusters.most < 2 || self.clusters.number == 1 {
            refused("clusters: number is 0 or at least 2, and most is at least 2")
        } else if self.clusters.sample_size < 2 || self.clusters.samples == 0 {
            refused("clusters: sample_size is at least 2, and samples at least 1")
        } else if let Some(key) = self.by.iter().find(|key| !known(key)) {
            let keys = Breakdown::ALL.map(Breakdown::key).join(", ");
            Err(format!("by: pathways are not broken down by \"{key}\" (there are: {keys})").into())
        } else {
            Ok(())
        };
        checked.map_err(Cow::into_owned)?;
        self.compare.check()?;
        self.view.check()
    }

    /// Looks for the activities among the anchors in the logs.
    ///
    /// # Errors
    ///
    /// A name is that of no activity, or of several.
    pub fn find_activities(&mut self, logs: &Logs<'_>) -> Result<(), Error> {
        let states = State::ALL.into_iter().map(State::code).filter(|code| entry(code).is_some());
        let words: Vec<&str> = Anchor::NAMED.iter().map(|(name, _)| *name).chain(states).collect();
        for anchor in &mut self.anchors {
            if let Anchor::Activity(activity) = anchor {
                activity.find(logs, "[graph] anchors", &words)?;
            }
        }
        Ok(())
    }

    /// Everyone, and the breakdowns that are asked for.
    #[must_use]
    pub fn breakdowns(&self) -> Vec<Breakdown> {
        let is_asked = |by: &Breakdown| self.by.iter().any(|key| key == by.key());
        let asked = Breakdown::ALL.into_iter().filter(is_asked);
        std::iter::once(Breakdown::Of(Dimension::Total)).chain(asked).collect()
    }
}
