//! The table `[cld]` of a study file.

use crate::day::{Day, Period};
use crate::instant::Instant;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Edition of the department's method (`cld-preparation.md`, head and section 12).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Edition {
    /// June 2026: unique events by raw values, dates of death from care records.
    #[default]
    A,
    /// Summer 2026: unique events by cleaned values, dates of death from civil registration.
    B,
}

/// Which main table is prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The long table: one submission a quarter, one row a unique event.
    Joined,
    /// The latest 12 months: one submission, services split by delivery mechanism and cost.
    Single,
}

/// Which period a submission is taken to cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportingPeriod {
    /// Derived from the ends of its events (P-01; edition B: P-01B).
    #[default]
    Derived,
    /// As stated on its rows.
    Stated,
}

/// How submissions become main tables.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CldSettings {
    /// Edition of the method.
    pub edition: Edition,
    /// First and last day of the joined table; by default all whole quarters that a submission covers.
    pub joined: Option<Period>,
    /// First and last day of the single table; by default the latest 12 months up to a quarter end
    /// that a submission covers.
    pub single: Option<Period>,
    /// Import times of files with known major problems (P-04).
    pub exclude_imports: Vec<Instant>,
    /// File of values added to the built-in code lists.
    pub mapping: Option<PathBuf>,
    /// Days of the long-term support snapshots; by default every month end of the study period.
    pub snapshots: Vec<Day>,
    /// Which period of a submission counts.
    pub reporting_period: ReportingPeriod,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_as_in_a_study_file() {
        let text = "edition = \"B\"\njoined = { start = 2023-04-01, end = 2025-12-31 }\n\
                    exclude_imports = [2026-02-08T10:00:00.253]\nreporting_period = \"stated\"\n";
        let settings: CldSettings = toml::from_str(text).unwrap();
        assert_eq!(settings.edition, Edition::B);
        assert_eq!(settings.reporting_period, ReportingPeriod::Stated);
        assert_eq!(settings.joined.map(|period| period.end.to_string()), Some("2025-12-31".into()));
        assert_eq!(settings.exclude_imports, [Instant::parse("2026-02-08T10:00:00.253").unwrap()]);
        assert!(toml::from_str::<CldSettings>("editon = \"B\"").is_err());
    }
}
