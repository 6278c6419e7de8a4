//! The tables `[[time_to]]`.

use super::event::{Target, no_event};
use crate::activities::{Activity, Logs};
use crate::cohort::CohortSettings;
use crate::stay::StayUnit;
use crate::stratum::BREAKDOWNS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use throughcare_linkage::day::Period;
use throughcare_linkage::error::Error;
use throughcare_linkage::timeline::state::State;

/// One table `[[time_to]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the curves: the column `measure`.
    pub name: String,
    /// Where time starts.
    pub anchor: Anchor,
    /// The events that end it, each a curve. On one day the event named first is the one that counts.
    pub events: Vec<Target>,
    /// Last day that is looked at, since the start.
    #[serde(default = "a_year")]
    pub horizon_days: u16,
    /// Breakdowns besides everyone: `age_band`, `sex`, `ethnicity`, `admission_class`, `setting`.
    #[serde(default)]
    pub by: Vec<String>,
    /// Days of the curves of regions and councils; England's have every day.
    #[serde(default = "horizons")]
    pub horizons: Vec<u16>,
    /// Days since the start on which people are looked for in each state; none to leave that out.
    #[serde(default = "occupancy_days")]
    pub occupancy_days: Vec<u16>,
    /// Which starts of a person in a period count.
    #[serde(default)]
    pub index: Index,
    /// Index stays of the anchors `discharge` and `admission`, on the profile `general`.
    #[serde(default)]
    pub cohort: CohortSettings,
    /// People in long-term nursing or residential care at the start are left out where `care_home` is
    /// one of the events; `false` keeps them.
    #[serde(default = "yes")]
    pub outside_care_home: bool,
    /// Periods of the starts; none means the study's.
    #[serde(default)]
    pub periods: Vec<Period>,
}

/// The horizon of a table that names none, in days.
pub(crate) const fn a_year() -> u16 {
    365
}

const fn yes() -> bool {
    true
}

/// Days on which people are looked for in each state.
fn occupancy_days() -> Vec<u16> {
    vec![0, 7, 14, 30, 60, 90, 180, 365]
}

/// The horizons of M9.
#[must_use]
pub fn horizons() -> Vec<u16> {
    vec![7, 28, 30, 84, 90, 180, 365]
}

/// Where time starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Anchor {
    /// An index discharge.
    Discharge,
    /// The admission of an index stay, known or not how it ended.
    Admission,
    /// A request for support, such as the first contact of the period.
    Request,
    /// The start of a visit of this state of the line.
    Entry(State),
    /// An event of a log: any name that is none of the others.
    Activity(Activity),
}

/// Which starts of a person count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// The first of the period (M9).
    #[default]
    First,
    /// All: those of one person are not independent, and variances are too small.
    All,
}

impl From<String> for Anchor {
    fn from(text: String) -> Self {
        match &*text {
            "discharge" => Self::Discharge,
            "admission" => Self::Admission,
            "request" => Self::Request,
            name => entry(name).map_or_else(|| Self::Activity(Activity::new(name)), Self::Entry),
        }
    }
}

/// A state that a person can enter: death and unobserved days are none.
pub(super) fn entry(code: &str) -> Option<State> {
    State::from_code(code).filter(|state| !matches!(state, State::Dead | State::Unobserved))
}

impl From<Anchor> for String {
    fn from(anchor: Anchor) -> Self {
        match anchor {
            Anchor::Discharge => "discharge".into(),
            Anchor::Admission => "admission".into(),
            Anchor::Request => "request".into(),
            Anchor::Entry(state) => state.code().into(),
            Anchor::Activity(activity) => activity.name().into(),
        }
    }
}

impl Anchor {
    /// An index stay.
    #[must_use]
    pub const fn is_stay(&self) -> bool {
        matches!(self, Self::Discharge | Self::Admission)
    }

    /// Needs hospital records.
    #[must_use]
    pub const fn needs_stays(&self) -> bool {
        match self {
            Self::Entry(state) => state.is_hospital(),
            Self::Discharge | Self::Admission => true,
            Self::Request | Self::Activity(_) => false,
        }
    }

    /// Needs social care records.
    #[must_use]
    pub const fn needs_care(&self) -> bool {
        match self {
            Self::Entry(state) => !state.is_hospital(),
            Self::Request => true,
            Self::Discharge | Self::Admission | Self::Activity(_) => false,
        }
    }
}

impl Settings {
    /// Whether anything in it comes from social care records, so that follow-up ends with them.
    #[must_use]
    pub fn needs_care(&self) -> bool {
        self.anchor.needs_care() || self.events.iter().any(|event| event.needs_care())
    }

    /// Whether anything in it comes from hospital records.
    #[must_use]
    pub fn needs_stays(&self) -> bool {
        self.anchor.needs_stays() || self.events.iter().any(|event| event.needs_stays())
    }

    /// The activities that the settings name.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        let anchor = match &self.anchor {
            Anchor::Activity(activity) => Some(activity),
            _ => None,
        };
        anchor.into_iter().chain(self.ending_activities())
    }

    /// The activities that are events.
    pub fn ending_activities(&self) -> impl Iterator<Item = &Activity> {
        self.events.iter().filter_map(|event| match event {
            Target::Activity(activity) => Some(activity),
            _ => None,
        })
    }

    /// The first name that is nothing in a study without event logs, the key that it stands under, and
    /// what is wrong with it.
    #[must_use]
    pub fn unknown(&self) -> Option<(&'static str, &str, String)> {
        if let Anchor::Activity(activity) = &self.anchor {
            let name = activity.name();
            let what = format!(
                "{name:?} is no anchor; there are \"discharge\", \"admission\", \"request\" and the \
                 codes of states, such as \"STMAX\", and the activities of event logs where there are any"
            );
            return Some(("anchor", name, what));
        }
        let name = self.ending_activities().next()?.name();
        Some(("events", name, no_event(name)))
    }

    /// Looks for the activities in the logs.
    ///
    /// # Errors
    ///
    /// A name is that of no activity, or of several; two events are one activity.
    pub fn find_activities(&mut self, logs: &Logs<'_>) -> Result<(), Error> {
        let place = format!("[[time_to]] {}", self.name);
        let states = State::ALL.into_iter().map(State::code).filter(|code| entry(code).is_some());
        let states: Vec<&str> = states.collect();
        if let Anchor::Activity(activity) = &mut self.anchor {
            let words = [&["discharge", "admission", "request"], states.as_slice()].concat();
            activity.find(logs, &place, &words)?;
        }
        let named = Target::NAMED;
        let mut words: Vec<&str> = named.iter().map(Target::name).collect();
        words.extend(&states);
        let mut found = BTreeSet::new();
        for event in &mut self.events {
            let Target::Activity(activity) = event else { continue };
            activity.find(logs, &place, &words)?;
            if !found.insert(activity.number()) {
                let name = activity.name();
                return Err(Error::new(format!("{place}: events has the activity {name:?} twice"))
                    .advise("Name it once, with its log or without"));
            }
        }
        Ok(())
    }

    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        let name = &self.name;
        check_curves(name, &self.events, &self.horizons)?;
        let days: BTreeSet<u16> = self.occupancy_days.iter().copied().collect();
        if days.len() < self.occupancy_days.len() {
            return Err(format!("{name}: occupancy_days must not have a day twice"));
        }
        const AREAS: [&str; 3] = ["region", "la", "provider"];
        let breakdowns = BREAKDOWNS.iter().filter(|key| !AREAS.contains(key));
        let breakdowns: Vec<&str> = breakdowns.copied().collect();
        if let Some(key) = self.by.iter().find(|key| !breakdowns.contains(&key.as_str())) {
            return Err(format!(
                "{name}: by = {key:?} is no breakdown of curves (there are: {})",
                breakdowns.join(", ")
            ));
        }
        if self.anchor.is_stay() && self.cohort.unit == Some(StayUnit::Spell) {
            return Err(format!("{name}: curves follow CIPS, unit = \"spell\" cannot be had"));
        }
        crate::measures::check_periods(&self.periods).map_err(|what| format!("{name}: {what}"))
    }
}

/// Refuses a name, events or horizons that cannot be those of curves.
///
/// # Errors
///
/// Says which setting, with its value, and why.
pub(crate) fn check_curves<T: Ord>(
    name: &str,
    events: &[T],
    horizons: &[u16],
) -> Result<(), String> {
    if name.is_empty() || name.contains([';', '=']) {
        return Err(format!("name = {name:?} must be a text without ; and ="));
    }
    let different: BTreeSet<&T> = events.iter().collect();
    if events.is_empty() || different.len() < events.len() {
        return Err(format!("{name}: events must name at least one event, and none twice"));
    }
    if events.len() > MOST_EVENTS {
        return Err(format!("{name}: more than {MOST_EVENTS} events"));
    }
    let days: BTreeSet<&u16> = horizons.iter().collect();
    if horizons.is_empty() || days.len() < horizons.len() {
        return Err(format!("{name}: horizons must have at least one day, and none twice"));
    }
    Ok(())
}

/// Most events of one table.
const MOST_EVENTS: usize = 32;
