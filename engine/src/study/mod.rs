//! What a run is asked to do, as far as every measure must know it.

use serde::Serialize;
use throughcare_linkage::day::{Day, Period};

/// Title, periods and breakdowns of a study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Study {
    /// Title.
    pub title: String,
    /// The study's periods, in order, at least one.
    pub periods: Vec<Period>,
    /// Latest submission considered.
    pub as_of: Option<Day>,
    /// Extra breakdowns.
    pub by: Vec<String>,
}
