//! What a run is asked to do, as far as every measure must know it.

use serde::{Deserialize, Serialize};
use throughcare_linkage::day::{Day, Period};

/// Title, periods and breakdowns of a study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Study {
    /// Title.
    pub title: String,
    /// The study's periods, in order; at least one, unless there is nothing but event logs.
    pub periods: Vec<Period>,
    /// Latest submission considered.
    pub as_of: Option<Day>,
    /// Extra breakdowns.
    pub by: Vec<String>,
    /// Which reading counts where the published code of a measure has a known fault.
    pub method: Method,
}

/// Which reading counts where the published code of a measure has a known fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// What the published code does.
    #[default]
    #[serde(rename = "as-published")]
    AsPublished,
    /// What the published text means.
    #[serde(rename = "as-intended")]
    AsIntended,
}
