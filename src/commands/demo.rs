//! `throughcare demo`: synthetic data, every analysis, and where the report is.

use super::run::execute;
use super::{WrongUsage, synth, use_threads};
use crate::args::{Demo, Voice};
use crate::progress::Shown;
use crate::wording::table;
use anyhow::Context;
use std::io::Write;
use std::path::Path;
use throughcare_engine::batch::Options;
use throughcare_testdata::Format;

/// The seed of the demonstration.
const SEED: u64 = 2024;

/// Makes data, runs the study on it, prints the headline figures.
pub fn run(arguments: &Demo, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.threads)?;
    let data = arguments.out.join("data");
    let results = arguments.out.join("results");
    remove_earlier(&data)?;
    synth::write(arguments.people, SEED, Format::Csv, &data, &Shown::new(voice.quiet))?;
    let options = Options { force: true, ..Options::default() };
    let finished = execute(&data.join("study.toml"), &results, &options, voice)?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{}\n", finished.about.title)?;
    let rows = headlines(&finished.folder)?;
    out.write_all(table(&["England, made-up people", "value", "unit"], &rows).as_bytes())?;
    writeln!(out, "\nOpen the report: {}", finished.folder.join("report.html").display())?;
    writeln!(out, "Spreadsheet:     {}", finished.folder.join("tables.xlsx").display())?;
    Ok(())
}

/// Removes the data of an earlier demonstration, and nothing else: a folder whose study file does not
/// say that it was made here stays, and the command stops.
fn remove_earlier(data: &Path) -> anyhow::Result<()> {
    let is_empty = match std::fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => !data.exists(),
    };
    if is_empty {
        return Ok(());
    }
    let study = std::fs::read_to_string(data.join("study.toml")).unwrap_or_default();
    if !study.starts_with(throughcare_testdata::MARK) {
        let what = format!(
            "{} is not the data of an earlier demonstration, so it is not replaced: give another \
             folder with --out",
            data.display()
        );
        return Err(WrongUsage(what).into());
    }
    std::fs::remove_dir_all(data).with_context(|| format!("{} cannot be replaced", data.display()))
}

/// The headline figures for England as released.
fn headlines(folder: &Path) -> anyhow::Result<Vec<Vec<String>>> {
    const WANTED: [(&str, &str, &str); 6] = [
        ("los", "median", "Median days in hospital"),
        ("usual_residence", "", "Discharged to their usual home"),
        ("readmission", "30d", "Back as an emergency within 30 days"),
        ("ascof_2d", "part1", "At home 12 weeks after reablement (ASCOF 2D part 1)"),
        ("ascof_2d", "part2", "Discharges followed by reablement (ASCOF 2D part 2)"),
        ("linkage", "linkable_share", "Social care clients with an NHS-number pseudonym"),
    ];
    let mut reader = csv::Reader::from_path(folder.join("tables").join("measures.csv"))?;
    let heading = reader.headers()?.clone();
    let place = |name: &str| heading.iter().position(|column| column == name);
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record?;
        let get =
            |name: &str| place(name).and_then(|n| record.get(n)).unwrap_or_default().to_owned();
        if get("area_type") == "england" && get("stratum").is_empty() {
            found.push((get("measure"), get("part"), get("value"), get("unit"), get("status")));
        }
    }
    let mut rows = Vec::new();
    for (measure, part, words) in WANTED {
        if let Some((_, _, value, unit, status)) =
            found.iter().find(|(m, p, ..)| m == measure && p == part)
        {
            let shown = if status.is_empty() { value.clone() } else { format!("[{status}]") };
            rows.push(vec![words.to_owned(), shown, unit.clone()]);
        }
    }
    Ok(rows)
}
