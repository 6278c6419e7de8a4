//! What follows an anchor, besides the sequences themselves: states reached, states over time, groups.

/// People of one anchor, exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Journeys {
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The anchor.
    pub anchor: String,
    /// People.
    pub people: i64,
    /// The states that anyone reaches.
    pub reached: Vec<Reached>,
    /// Days from one step of time to the next.
    pub step_days: i32,
    /// Names of the states over time, by number.
    pub states: Vec<String>,
    /// Distinct sequences of states over time, one state a step, with how many people follow each: the
    /// most frequent first, then by the numbers of their states.
    pub sequences: Vec<(Vec<u8>, i64)>,
    /// Groups of similar sequences.
    pub typology: Option<Typology>,
}

/// A state, or a combination of states, that people reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The state.
    pub state: String,
    /// People who ever reach it in the window.
    pub people: i64,
    /// Of these, by the first step of the pathway, by the second and so on.
    pub by_step: Vec<i64>,
    /// Of these, by the end of a day since the anchor.
    pub by_day: Vec<(i32, i64)>,
    /// Median days from the anchor, of those who reach it.
    pub median_days: Option<f64>,
}

/// Groups of similar sequences.
#[derive(Clone, Debug, PartialEq)]
pub struct Typology {
    /// The distance, in words.
    pub distance: &'static str,
    /// Distinct sequences.
    pub distinct: i64,
    /// Medoids were looked for in samples, and the silhouette is that of a sample.
    pub sampled: bool,
    /// Mean silhouette, -1 to 1.
    pub silhouette: f64,
    /// The groups, by people, most first.
    pub clusters: Vec<Cluster>,
}

/// One group of sequences.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// People.
    pub people: i64,
    /// Distinct sequences.
    pub distinct: i64,
    /// The sequence from which the others are least far.
    pub medoid: Vec<u8>,
    /// People who follow just that one.
    pub medoid_people: i64,
    /// The most common state of each step, and how many are in it.
    pub common: Vec<(u8, i64)>,
    /// Mean silhouette, -1 to 1.
    pub silhouette: f64,
}
