//! `throughcare run`: everything that a study file asks for.

use super::{WrongUsage, default_out, use_threads};
use crate::args::{Run, Voice};
use crate::progress::Shown;
use crate::wording::thousands;
use std::path::Path;
use throughcare_engine::batch::{self, Finished, Options};
use throughcare_engine::measures::NAMES;
use throughcare_engine::study_file::StudyFile;
use throughcare_engine::study_file::error::nearest;

/// Runs the study and says where the results are.
pub fn run(arguments: &Run, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.threads)?;
    for name in &arguments.only {
        if !NAMES.contains(&name.as_str()) {
            let hint = nearest(name, NAMES.iter().copied())
                .map(|near| format!("; did you mean {near}?"))
                .unwrap_or_default();
            let known = NAMES.join(", ");
            return Err(WrongUsage(format!(
                "--only {name}: there is no such measure{hint} (there are: {known})"
            ))
            .into());
        }
    }
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&arguments.study));
    let options = Options {
        only: arguments.only.clone(),
        exact: arguments.exact,
        force: arguments.force,
        against: arguments.against.clone(),
        salt: arguments.salt.clone(),
    };
    let finished = execute(&arguments.study, &out, &options, voice)?;
    if arguments.profile {
        for timing in &finished.timings {
            eprintln!("{:>22}  {:.2} s", timing.stage, timing.seconds);
        }
    }
    Ok(())
}

/// Runs a study file; used by `run` and `demo`.
pub fn execute(
    study: &Path,
    out: &Path,
    options: &Options,
    voice: Voice,
) -> anyhow::Result<Finished> {
    let study = StudyFile::read(study)?;
    if voice.verbose {
        eprintln!("{}", serde_json::to_string_pretty(&study)?);
    }
    let progress = Shown::new(voice.quiet);
    let finished = batch::run(study, out, options, &progress)?;
    if !voice.quiet {
        for warning in &finished.about.warnings {
            eprintln!("warning: {warning}");
        }
        for note in &finished.about.quality_notes {
            eprintln!("{note}");
        }
        eprintln!(
            "{} people linked; results in {}",
            thousands(finished.outcome.people),
            finished.folder.display()
        );
        if options.exact {
            eprintln!("exact/ holds uncontrolled results: it must not leave the secure setting");
        }
    }
    Ok(finished)
}
