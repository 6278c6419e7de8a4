//! `throughcare synth`: synthetic data in the published layouts.

use super::WrongUsage;
use crate::args::{Synth, SynthFormat, Voice};
use crate::progress::Shown;
use anyhow::Context;
use std::path::Path;
use throughcare_linkage::progress::Progress;
use throughcare_testdata::{Format, Options, Summary, generate};

/// Writes synthetic files and says which.
pub fn run(arguments: &Synth, voice: Voice) -> anyhow::Result<()> {
    let format = match arguments.format {
        SynthFormat::Csv => Format::Csv,
        SynthFormat::Parquet => Format::Parquet,
    };
    check_empty(&arguments.out)?;
    let progress = Shown::new(voice.quiet);
    let summary = write(arguments.people, arguments.seed, format, &arguments.out, &progress)?;
    if !voice.quiet {
        let rows: u64 = summary.files.iter().map(|file| file.rows).sum();
        eprintln!(
            "{} files with {} rows in {}",
            summary.files.len(),
            crate::wording::thousands(rows),
            arguments.out.display()
        );
        eprintln!("next: throughcare run {}", arguments.out.join("study.toml").display());
    }
    Ok(())
}

/// Writes synthetic files.
pub fn write(
    people: u64,
    seed: u64,
    format: Format,
    out: &Path,
    progress: &Shown,
) -> anyhow::Result<Summary> {
    progress.begin("making people", "people", people);
    let options = Options { people, seed, format, out: out.to_path_buf() };
    let mut told = 0;
    let summary = generate(&options, &mut |done| {
        progress.advance(done.saturating_sub(told));
        told = done;
    })
    .with_context(|| {
        let out = out.display();
        format!("synthetic data cannot be written to {out} (choose another place with --out)")
    })?;
    progress.end();
    Ok(summary)
}

fn check_empty(out: &Path) -> anyhow::Result<()> {
    if out.is_file() {
        return Err(
            WrongUsage(format!("--out {}: this is a file, give a folder", out.display())).into()
        );
    }
    let is_empty = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => true,
    };
    if is_empty {
        Ok(())
    } else {
        let what = format!("--out {}: the folder is not empty; give another", out.display());
        Err(WrongUsage(what).into())
    }
}
