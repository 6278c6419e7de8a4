//! `throughcare check`: reads the inputs of a study and reports their data quality.

use super::use_threads;
use crate::args::{Check, Voice};
use crate::progress::Shown;
use crate::wording::{table, thousands};
use std::io::Write;
use throughcare_engine::run::Prepared;
use throughcare_engine::study_file::StudyFile;

/// Prints what was read, what was set aside and what linkage found. Writes nothing.
pub fn run(arguments: &Check, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.threads)?;
    let study = StudyFile::read(&arguments.study)?;
    let progress = Shown::new(voice.quiet);
    let prepared = Prepared::read(study, &progress)?;
    let checked = prepared.check(&progress);

    let mut out = std::io::stdout().lock();
    let rows: Vec<Vec<String>> = prepared
        .files()
        .iter()
        .map(|file| {
            vec![
                file.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                file.layout.to_owned(),
                thousands(file.rows),
                thousands(file.stored),
                thousands(file.quarantined),
            ]
        })
        .collect();
    writeln!(out, "Files\n")?;
    out.write_all(table(&["file", "read as", "rows", "used", "set aside"], &rows).as_bytes())?;
    for file in prepared.files() {
        for warning in &file.warnings {
            writeln!(out, "  {}: {warning}", file.path.display())?;
        }
    }
    writeln!(out, "\nQuality, before disclosure control: keep it inside the secure setting\n")?;
    let rows: Vec<Vec<String>> = checked
        .results
        .quality
        .iter()
        .map(|line| {
            vec![
                line.area.name.clone(),
                line.source.to_owned(),
                line.check.clone(),
                line.numerator.to_string(),
                line.denominator.map(|rows| rows.to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    out.write_all(table(&["area", "source", "check", "found", "of"], &rows).as_bytes())?;
    let rows: Vec<Vec<String>> = checked
        .results
        .measures
        .iter()
        .filter(|figure| figure.stratum.is_empty())
        .map(|figure| {
            let count = |count: Option<i64>| count.map(|n| n.to_string()).unwrap_or_default();
            vec![
                figure.area.code.clone(),
                figure.area.name.clone(),
                figure.part.clone(),
                count(figure.numerator),
                count(figure.denominator),
            ]
        })
        .collect();
    writeln!(out, "\nLinkage by council\n")?;
    out.write_all(table(&["area", "name", "part", "found", "of"], &rows).as_bytes())?;
    for assumption in &prepared.facts.assumptions {
        writeln!(out, "\nnote: {assumption}")?;
    }
    Ok(())
}
