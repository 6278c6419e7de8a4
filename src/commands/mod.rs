//! One file a command.

pub mod check;
pub mod compare;
pub mod demo;
pub mod explain;
pub mod graph;
pub mod methods;
pub mod pathways;
pub mod run;
pub mod stays;
pub mod synth;

use anyhow::Context;
use std::fmt;
use std::path::{Path, PathBuf};
use throughcare_engine::study_file::StudyFile;

/// A command that was typed wrongly: exit status 2.
#[derive(Debug)]
pub struct WrongUsage(pub String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// Sets the number of threads of the whole process.
fn use_threads(threads: Option<usize>) -> anyhow::Result<()> {
    let Some(threads) = threads else { return Ok(()) };
    if threads == 0 {
        return Err(WrongUsage("--threads 0: give 1 or more, or leave it out".into()).into());
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .context("the threads could not be started")
}

/// The study of a command that also takes a folder of records in place of a study file.
fn study(study: Option<&Path>, data: Option<&Path>) -> anyhow::Result<StudyFile> {
    match (study, data) {
        (Some(study), _) => Ok(StudyFile::read(study)?),
        (None, Some(folder)) => Ok(StudyFile::of_data(folder)?),
        (None, None) => Err(WrongUsage("give a study file, or --data with a folder".into()).into()),
    }
}

/// Leaves the measures out of a study, and what would be read for them alone.
fn only_journeys(study: &mut StudyFile) {
    study.measures.include = vec!["linkage".into()];
    study.measures.time_to.clear();
    study.measures.by.clear();
    study.study.by.clear();
}

/// The folder of results when none is named: beside the study file, with its name.
fn default_out(study: &Path) -> PathBuf {
    let stem = study.file_stem().unwrap_or_default().to_string_lossy();
    study.with_file_name(format!("{stem}-results"))
}
