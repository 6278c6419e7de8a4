//! What a study may change about ASCOF 2D, and the same resolved for the hot path.

use super::areas::AreaIndex;
use crate::frame::Frame;
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::short::{Code, CodeSet};
use throughcare_linkage::day::{Day, Period};

/// What a missing code does to a row in a field that has a list of exclusions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nulls {
    /// The row is left out, as by SQL's `NOT IN` (the published method).
    Drop,
    /// The row passes.
    Keep,
}

/// The table `[measures.ascof_2d]` of a study file. Every default is the published method
/// (`cld-metrics.md` sections 8 and 27, column `ascof2d` of `linked-metrics.md` 0.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. Follow-up needs
    /// data up to 84 days after the last day.
    pub periods: Vec<Period>,
    /// First discharge date of the static hospital extract, included.
    pub extract_start: Day,
    /// Last discharge date of the static hospital extract, included; by default the end of the
    /// hospital data. A stay that is open or ends later is not in the extract.
    pub extract_end: Option<Day>,
    /// Eligible stays are admitted on this day or later.
    pub first_admission: Day,
    /// Least age at discharge in years, by the 365.25 formula.
    pub minimum_age: i32,
    /// Least number of nights of an eligible stay and of a readmission.
    pub minimum_nights: i32,
    /// Admission methods that are left out.
    pub excluded_admission_methods: CodeSet,
    /// Discharge methods that are left out.
    pub excluded_discharge_methods: CodeSet,
    /// Discharge destinations that are left out.
    pub excluded_destinations: CodeSet,
    /// Treatment functions that are left out.
    pub excluded_treatment_functions: CodeSet,
    /// Beginnings of treatment functions that are left out.
    pub excluded_treatment_prefixes: Vec<String>,
    /// What a missing admission method, discharge method, destination or treatment function does.
    pub null_in_exclusion: Nulls,
    /// Leave out discharges of people in long-term nursing, residential or prison care on the day of
    /// admission.
    pub exclude_care_at_admission: bool,
    /// Only services with the component Reablement, rather than every ST-Max service.
    pub reablement_component_only: bool,
    /// Reablement that starts at most this many days after the latest end so far is one cluster.
    pub cluster_gap_days: i32,
    /// A linked discharge is at most this many days before the start of the cluster.
    pub link_days_before_start: i32,
    /// A linked discharge is at most this many days after the start of the cluster.
    pub link_days_after_start: i32,
    /// Outcomes count up to this many days after the discharge, that day included.
    pub follow_up_days: i32,
    /// Management types of a readmission.
    pub readmission_management_types: CodeSet,
    /// Discharge methods that make an admission no readmission; a missing one does under
    /// [`Nulls::Drop`].
    pub readmission_excluded_discharge_methods: CodeSet,
    /// Count a cluster once in each cell of the Venn table. The published code counts it once for
    /// every distinct client type, gender and age group of its linked rows.
    pub venn_counts_clusters_once: bool,
    /// Also write a row without figures for every council, client type and slice that has nothing to
    /// count.
    pub empty_rows: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let collection_start = Day(19_448); // 2023-04-01
        Self {
            periods: Vec::new(),
            extract_start: collection_start,
            extract_end: None,
            first_admission: collection_start,
            minimum_age: 65,
            minimum_nights: 1,
            excluded_admission_methods: CodeSet::new(["31", "32", "82", "83"]),
            excluded_discharge_methods: CodeSet::new(["4", "5"]),
            excluded_destinations: CodeSet::new(["49", "50", "51", "52", "79", "87", "88"]),
            excluded_treatment_functions: CodeSet::new([
                "199", "223", "290", "291", "331", "344", "345", "346", "424", "499", "501", "504",
                "560", "660", "661", "662", "840", "920",
            ]),
            excluded_treatment_prefixes: vec!["65".into(), "7".into()],
            null_in_exclusion: Nulls::Drop,
            exclude_care_at_admission: true,
            reablement_component_only: true,
            cluster_gap_days: 7,
            link_days_before_start: 7,
            link_days_after_start: 3,
            follow_up_days: 84,
            readmission_management_types: CodeSet::new(["EM", "NE"]),
            readmission_excluded_discharge_methods: CodeSet::new(["5"]),
            venn_counts_clusters_once: false,
            empty_rows: false,
        }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        crate::measures::check_periods(&self.periods)?;
        match self.extract_end {
            Some(end) if end < self.extract_start => {
                Err(format!("extract_end = {end} is before extract_start = {}", self.extract_start))
            }
            _ => Ok(()),
        }
    }
}

/// The settings of a run, with what depends on the data filled in.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub settings: Settings,
    pub areas: AreaIndex,
    /// Last discharge date of the extract, included.
    pub extract_end: Day,
    /// Every excluded treatment function, those by their beginning included.
    treatment_functions: CodeSet,
}

impl Method {
    pub fn new(settings: Settings, frame: &Frame) -> Self {
        let extract_end = settings.extract_end.unwrap_or(frame.sus_end);
        let treatment_functions = with_prefixes(
            &settings.excluded_treatment_functions,
            &settings.excluded_treatment_prefixes,
        );
        Self { settings, areas: AreaIndex::new(frame), extract_end, treatment_functions }
    }

    /// Whether a code passes a list of exclusions.
    #[inline]
    pub fn passes(&self, code: Code, excluded: &CodeSet) -> bool {
        if code.is_none() {
            self.settings.null_in_exclusion == Nulls::Keep
        } else {
            !excluded.contains(code)
        }
    }

    #[inline]
    pub fn treatment_passes(&self, code: Code) -> bool {
        self.passes(code, &self.treatment_functions)
    }
}

/// A set and every code of three characters or fewer that begins with one of the prefixes.
fn with_prefixes(codes: &CodeSet, prefixes: &[String]) -> CodeSet {
    let mut texts: Vec<String> = codes.iter().map(Code::text).collect();
    let mut next = prefixes.to_vec();
    while let Some(text) = next.pop() {
        if text.len() < 3 {
            next.extend(('0'..='9').chain('A'..='Z').map(|last| format!("{text}{last}")));
        }
        texts.push(text);
    }
    CodeSet::new(texts.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_cover_every_code_that_begins_so() {
        let set = with_prefixes(&CodeSet::new(["199"]), &["65".into(), "7".into()]);
        for code in ["199", "650", "659", "65A", "65", "7", "70", "700", "727", "7ZZ"] {
            assert!(set.contains(Code::new(code)), "{code}");
        }
        for code in ["198", "660", "640", "6", "165", "170", "300"] {
            assert!(!set.contains(Code::new(code)), "{code}");
        }
    }

    #[test]
    fn the_collection_starts_on_the_first_of_april_2023() {
        assert_eq!(Settings::default().first_admission.to_string(), "2023-04-01");
    }

    #[test]
    fn a_study_file_changes_only_what_it_names() {
        let text = "periods = [{ start = 2024-07-01, end = 2025-06-30 }]\n\
                    null_in_exclusion = \"keep\"\nexcluded_destinations = [\"51\"]";
        let settings: Settings = toml::from_str(text).unwrap();
        assert_eq!(settings.periods.len(), 1);
        assert_eq!(settings.null_in_exclusion, Nulls::Keep);
        assert_eq!(settings.excluded_destinations, CodeSet::new(["51"]));
        assert_eq!(settings.follow_up_days, 84);
        assert!(toml::from_str::<Settings>("follow_up = 84").is_err());
    }
}
