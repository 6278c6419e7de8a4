//! The table `[graph]`.

use serde::{Deserialize, Serialize};

/// How much of graphs and sequences is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GraphSettings {
    /// Most rows of `pathways` of one anchor or event log: the most frequent sequences. What they leave
    /// out stands in one row.
    pub most_paths: usize,
}

impl Default for GraphSettings {
    fn default() -> Self {
        Self { most_paths: 10_000 }
    }
}
