//! `throughcare check`: reads the inputs of a study and reports their data quality.

use super::{WrongUsage, use_threads};
use crate::args::{Check, Voice};
use crate::progress::Shown;
use crate::wording::{table, thousands};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use throughcare_engine::batch::{self, Options};
use throughcare_engine::figure::{AreaType, Content, QualityFigure};
use throughcare_engine::run::{Outcome, Prepared};
use throughcare_engine::study_file::StudyFile;

/// Prints what was read, what was set aside and what the checks found, council by council. Writes
/// nothing unless a folder is named.
pub fn run(arguments: &Check, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.threads)?;
    let study = StudyFile::read(&arguments.study)?;
    let progress = Shown::new(voice.quiet);
    if let Some(out) = &arguments.out {
        let options = Options { force: arguments.force, ..Options::default() };
        let finished = batch::check(study, out, &options, &progress)?;
        if !voice.quiet {
            for warning in &finished.about.warnings {
                eprintln!("warning: {warning}");
            }
            eprintln!("data quality, after disclosure control, in {}", finished.folder.display());
        }
        return Ok(());
    }
    let prepared = Prepared::read(study, &progress)?;
    let checked = prepared.check(&progress);
    let mut out = std::io::stdout().lock();
    files(&mut out, &prepared)?;
    let rows = &checked.results.quality;
    if let Some(code) = &arguments.la {
        return council(&mut out, rows, code);
    }
    writeln!(out, "\nQuality, before disclosure control: keep it inside the secure setting\n")?;
    let of_stages = rows.iter().filter(|row| !row.source.starts_with("dq_"));
    listing(&mut out, of_stages)?;
    councils(&mut out, rows)?;
    fitness(&mut out, rows)?;
    findings(&mut out, rows)?;
    linkage(&mut out, &checked)?;
    for assumption in &prepared.facts.assumptions {
        writeln!(out, "\nnote: {assumption}")?;
    }
    writeln!(out, "\nEvery check of one council: --la CODE. As released tables: --out DIR.")?;
    Ok(())
}

fn files(out: &mut impl Write, prepared: &Prepared) -> anyhow::Result<()> {
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
    Ok(())
}

fn listing<'r>(
    out: &mut impl Write,
    rows: impl Iterator<Item = &'r QualityFigure>,
) -> anyhow::Result<()> {
    let rows: Vec<Vec<String>> = rows
        .map(|row| {
            let check = match &row.content {
                Content::RawText { text, .. } => format!("{}; value={text}", row.check),
                _ => row.check.clone(),
            };
            let (found, of) = match row.content {
                Content::NotAvailable => ("[x]".to_owned(), String::new()),
                _ => (row.numerator.to_string(), of(row)),
            };
            vec![row.area.name.clone(), row.source.to_owned(), check, found, of]
        })
        .collect();
    out.write_all(table(&["area", "source", "check", "found", "of"], &rows).as_bytes())?;
    Ok(())
}

fn of(row: &QualityFigure) -> String {
    row.denominator.map(|rows| rows.to_string()).unwrap_or_default()
}

/// Everything that was found of one council.
fn council(out: &mut impl Write, rows: &[QualityFigure], code: &str) -> anyhow::Result<()> {
    let of_council = |row: &&QualityFigure| row.area.kind == AreaType::La && row.area.code == code;
    if !rows.iter().any(|row| of_council(&row)) {
        let known: BTreeSet<&str> = rows
            .iter()
            .filter(|row| row.area.kind == AreaType::La)
            .map(|row| row.area.code.as_str())
            .collect();
        let known: Vec<&str> = known.into_iter().collect();
        return Err(WrongUsage(format!(
            "--la {code}: there is no such council in the records or the look-up (there are: {})",
            known.join(", ")
        ))
        .into());
    }
    writeln!(out, "\nQuality, before disclosure control: keep it inside the secure setting\n")?;
    listing(out, rows.iter().filter(of_council))
}

/// One line a council: its headline figures.
fn councils(out: &mut impl Write, rows: &[QualityFigure]) -> anyhow::Result<()> {
    const FIGURES: [(&str, &str); 6] = [
        ("dq_field_summary", "field=all; figure=records"),
        ("dq_field_summary", "field=all; figure=mandatory completeness"),
        ("dq_field_summary", "field=all; figure=mandatory valid"),
        ("dq_field_summary", "field=all; figure=validity of populated"),
        ("dq_field_summary", "field=all; figure=Release 1 residue"),
        ("dq_linkage", "figure=NHS number, rows"),
    ];
    let mut lines: BTreeMap<(AreaType, &str, &str), [String; FIGURES.len()]> = BTreeMap::new();
    for row in rows {
        let is_missing = row.check.starts_with("check=S01; no record");
        let place = FIGURES.iter().position(|figure| *figure == (row.source, row.check.as_str()));
        if !is_missing && place.is_none() {
            continue;
        }
        let line = lines.entry((row.area.kind, &row.area.code, &row.area.name)).or_default();
        match place {
            None => line[0] = "none".into(),
            Some(place) => line[place] = share(row),
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nSocial care records by council\n")?;
    let rows: Vec<Vec<String>> = lines
        .into_iter()
        .map(|((_, code, name), line)| {
            [code.to_owned(), name.to_owned()].into_iter().chain(line).collect()
        })
        .collect();
    let heading = [
        "area",
        "name",
        "records",
        "mandatory filled",
        "mandatory valid",
        "filled valid",
        "Release 1",
        "NHS number",
    ];
    out.write_all(table(&heading, &rows).as_bytes())?;
    Ok(())
}

/// A count, or a percentage with one decimal.
fn share(row: &QualityFigure) -> String {
    match row.denominator {
        None => row.numerator.to_string(),
        Some(0) => String::new(),
        Some(of) => format!("{:.1}%", 100.0 * row.numerator as f64 / of as f64),
    }
}

/// One line a measure and council that is not green, and the measures that cannot be computed.
fn fitness(out: &mut impl Write, rows: &[QualityFigure]) -> anyhow::Result<()> {
    let lines: Vec<Vec<String>> = rows
        .iter()
        .filter(|row| row.source == "dq_metric_caveats" && !row.check.contains("fitness=green"))
        .map(|row| {
            vec![row.area.name.clone(), row.check.clone(), row.numerator.to_string(), of(row)]
        })
        .collect();
    if !lines.is_empty() {
        writeln!(out, "\nMeasures to be used with care\n")?;
        out.write_all(
            table(&["area", "measure", "valid in its worst field", "of"], &lines).as_bytes(),
        )?;
    }
    Ok(())
}

/// The rules that England fails, and the raw values that no list maps.
fn findings(out: &mut impl Write, rows: &[QualityFigure]) -> anyhow::Result<()> {
    let of_england = |row: &&QualityFigure| row.area.kind == AreaType::England;
    let failed = |row: &&QualityFigure| row.source == "dq_rule_counts" && row.numerator > 0;
    writeln!(out, "\nRules that some records fail\n")?;
    listing(out, rows.iter().filter(of_england).filter(failed))?;
    let is_new = |row: &&QualityFigure| row.source == "dq_new_values";
    if rows.iter().any(|row| is_new(&row)) {
        writeln!(out, "\nValues that no list maps\n")?;
        listing(out, rows.iter().filter(of_england).filter(is_new))?;
    }
    Ok(())
}

fn linkage(out: &mut impl Write, checked: &Outcome) -> anyhow::Result<()> {
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
    Ok(())
}
