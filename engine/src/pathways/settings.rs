//! The table `[graph]`: pathways and variants.

use crate::compare::settings::CompareSettings;
use crate::graph::settings::ViewSettings;
use serde::{Deserialize, Serialize};

/// Where a pathway begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
}

impl Anchor {
    /// The name in study files and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Discharge => "discharge",
            Self::EmergencyDischarge => "emergency_discharge",
            Self::Admission => "admission",
            Self::FirstContact => "first_contact",
            Self::BeforeDeath => "before_death",
            Self::Period => "period",
        }
    }
}

/// Which pathways are followed, and how they are written. The names of lengths are those of the OHDSI
/// tools.
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
    /// Repeated runs are written once: `(A>B)×2` for `A>B>A>B`.
    pub compress_loops: bool,
    /// Most rows of `pathways` of one anchor or event log: the most frequent sequences. What they leave
    /// out stands in one row.
    pub most_paths: usize,
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
            compress_loops: false,
            most_paths: 10_000,
            view: ViewSettings::default(),
            compare: CompareSettings::default(),
        }
    }
}

impl PathwaySettings {
    /// Refuses settings that leave nothing.
    ///
    /// # Errors
    ///
    /// Says which setting, and why.
    pub fn check(&self) -> Result<(), String> {
        if self.window_days == 0 {
            return Err("window_days = 0 leaves no day to follow".into());
        }
        if self.max_path_length == 0 {
            return Err("max_path_length = 0 leaves no state of a pathway".into());
        }
        self.compare.check()?;
        self.view.check()
    }
}
