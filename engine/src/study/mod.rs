//! The study file: what a run is asked to do.

use serde::{Deserialize, Serialize};
use throughcare_linkage::day::{Day, Period};

/// A resolved study.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Study {
    /// Title.
    pub title: String,
    /// The study's periods, in order, at least one.
    pub periods: Vec<Period>,
    /// Latest submission considered.
    pub as_of: Option<Day>,
    /// What to measure and how.
    pub measures: Measures,
}

/// The table `[measures]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Measures {
    /// Names; empty means all that the inputs allow.
    pub include: Vec<String>,
    /// Extra breakdowns.
    pub by: Vec<String>,
}
