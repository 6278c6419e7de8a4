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

use crate::args::{OutputArgs, RecordsArgs, Voice};
use anyhow::Context;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use throughcare_engine::disclosure::Profile;
use throughcare_engine::study_file::StudyFile;
use throughcare_linkage::day::Period;

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
fn study(records: &RecordsArgs) -> anyhow::Result<StudyFile> {
    match (&records.study, &records.data) {
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

/// The ending of the name of the file to write, in small letters: it says the form when nothing else does.
fn ending(output: &OutputArgs) -> Option<String> {
    let ending = output.out.as_ref()?.extension()?;
    Some(ending.to_string_lossy().to_lowercase())
}

/// Prints the warnings of the profile, and which period is used when the study has none.
fn say(profile: &Profile, period: Option<Period>) {
    for warning in profile.warnings() {
        eprintln!("warning: {warning}");
    }
    if let Some(period) = period {
        eprintln!("no period is given: {} to {} is used", period.start, period.end);
    }
}

/// Writes to the file that is named, or to standard output.
fn give(what: &str, bytes: &[u8], output: &OutputArgs, voice: Voice) -> anyhow::Result<()> {
    let Some(out) = &output.out else {
        let mut standard = std::io::stdout().lock();
        standard.write_all(bytes)?;
        return Ok(standard.flush()?);
    };
    std::fs::write(out, bytes).with_context(|| {
        format!("{} cannot be written (choose another place with --out)", out.display())
    })?;
    if !voice.quiet {
        eprintln!("{what}, after disclosure control, in {}", out.display());
    }
    Ok(())
}

/// The folder of results when none is named: beside the study file, with its name.
fn default_out(study: &Path) -> PathBuf {
    let stem = study.file_stem().unwrap_or_default().to_string_lossy();
    study.with_file_name(format!("{stem}-results"))
}
