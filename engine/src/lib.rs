//! Transition graphs, measures, disclosure control and reports from linked timelines.
//!
//! 1. [`study_file::StudyFile`] is the study as typed, with every default filled in.
//! 2. [`run::Prepared`] reads the records and links people; each [`Measure`](measures::Measure) takes
//!    one person at a time into integer counts, which merge in any order, and makes its figures at
//!    the end.
//! 3. [`disclosure::protect`] turns exact [`Results`](figure::Results) into tables that may leave the
//!    secure setting. It alone makes a [`Protected`](disclosure::Protected), and the writers of
//!    [`output`] and [`report`] take nothing else.
//!
//! [`batch::run`] does all three and writes a folder.
//!
//! # Example
//!
//! One discharge is a figure inside the secure setting and a marker outside it.
//!
//! ```
//! use throughcare_engine::disclosure::{Profile, protect};
//! use throughcare_engine::run::Prepared;
//! use throughcare_engine::study_file::StudyFile;
//! use throughcare_linkage::progress::Silent;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! std::fs::write(
//!     folder.path().join("apc.csv"),
//!     "Pseudo_NHS_Number,Admission_Date,Discharge_Date,Year_of_Birth,Month_of_Birth\n\
//!      AB12,2024-05-01,2024-05-06,1950,1\n",
//! )?;
//! let study = folder.path().join("study.toml");
//! std::fs::write(
//!     &study,
//!     "study = { period = { start = 2024-04-01, end = 2025-03-31 } }\n\
//!      inputs = { apc = [\"apc.csv\"] }\n\
//!      measures = { include = [\"los\"] }\n",
//! )?;
//! let outcome = Prepared::read(StudyFile::read(&study)?, &Silent)?.measure(&Silent);
//! let exact = outcome.results.measures.iter().find(|figure| figure.part == "discharges");
//! assert_eq!(exact.and_then(|figure| figure.numerator), Some(1));
//!
//! let released = protect(&outcome.results, &Profile::default());
//! let shown = released.measures.iter().find(|figure| figure.part == "discharges");
//! assert_eq!(shown.and_then(|figure| figure.status).map(|marker| marker.code()), Some("c"));
//! # Ok(())
//! # }
//! ```
//!
//! Data flows one way, and a module imports only what stands above it in this file.

pub mod study;
pub mod histogram;
pub mod wilson;
pub mod rates;
pub mod survival;
pub mod figure;
pub mod details;
pub mod coded;
pub mod clinical;
pub mod activities;
pub mod frame;
pub mod place;
pub mod stratum;
pub mod tally;
pub mod amounts;
pub mod attrition;
pub mod stay;
pub mod cohort;
pub mod follow_up;
pub mod measures;
pub mod graph;
pub mod active_days;
pub mod compare;
pub mod sequences;
pub mod event_log;
pub mod pathways;
pub mod clusters;
pub mod disclosure;
pub mod output;
pub mod report;
pub mod quality;
pub mod study_file;
pub mod salt_return;
pub mod run;
pub mod journey_graphs;
pub mod journey_pathways;
pub mod journey_comparison;
pub mod stay_rules;
mod caveats;
pub mod batch;
