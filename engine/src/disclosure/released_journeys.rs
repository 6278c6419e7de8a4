//! What follows an anchor, after control.

use super::number::Decimal;
use super::released::Entry;

/// People of one anchor.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedJourneys {
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The anchor.
    pub anchor: String,
    /// People.
    pub people: i64,
    /// The states that enough people reach.
    pub reached: Vec<ReleasedReach>,
    /// Days from one step of time to the next.
    pub step_days: i32,
    /// The states over time; `OTHER` stands for those of few people.
    pub states: Vec<String>,
    /// People in each of these at each step.
    pub over_time: Vec<Vec<Entry<i64>>>,
    /// The most frequent sequences of states over time.
    pub sequences: Vec<ReleasedSequence>,
    /// People who follow others.
    pub others: Entry<i64>,
    /// Groups of similar sequences.
    pub typology: Option<ReleasedTypology>,
}

/// A state that people reach.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedReach {
    /// The state, or a combination of states.
    pub state: String,
    /// People who reach it in the window.
    pub people: i64,
    /// Their share, 0 to 1.
    pub share: Entry<Decimal>,
    /// The share who reach it by the first step of the pathway, by the second and so on.
    pub by_step: Vec<Entry<Decimal>>,
    /// The share who reach it by the end of a day since the anchor.
    pub by_day: Vec<(i32, Entry<Decimal>)>,
    /// Median days from the anchor, of those who reach it.
    pub median_days: Entry<Decimal>,
}

/// A sequence of states over time.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedSequence {
    /// The state of each step.
    pub states: Vec<String>,
    /// People who follow it.
    pub people: Entry<i64>,
}

/// Groups of similar sequences.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedTypology {
    /// The distance, in words.
    pub distance: &'static str,
    /// Distinct sequences.
    pub distinct: i64,
    /// Medoids were looked for in samples.
    pub sampled: bool,
    /// Mean silhouette.
    pub silhouette: Decimal,
    /// The groups, the largest first.
    pub clusters: Vec<ReleasedCluster>,
    /// People of groups too small to show.
    pub others: Entry<i64>,
}

/// A group of similar sequences.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedCluster {
    /// People.
    pub people: Entry<i64>,
    /// Their share, 0 to 1.
    pub share: Entry<Decimal>,
    /// The sequence that stands for the group, where enough people follow just that one.
    pub medoid: Option<Vec<String>>,
    /// People who do.
    pub medoid_people: Entry<i64>,
    /// The most common state of each step, where enough are in it, and their share of the group.
    pub common: Vec<(Option<String>, Entry<Decimal>)>,
    /// Mean silhouette.
    pub silhouette: Decimal,
}
