//! `throughcare explain`: how a figure of a finished run came about.

use super::WrongUsage;
use crate::args::Explain;
use crate::wording::table;
use anyhow::{Context, bail};
use std::io::Write;
use throughcare_engine::study_file::error::nearest;

/// Prints the attrition of a measure, rule by rule, from the released table `attrition`.
pub fn run(arguments: &Explain) -> anyhow::Result<()> {
    let path = arguments.out.join("tables").join("attrition.csv");
    if !path.is_file() {
        bail!(
            "{} does not exist: give the folder of a finished run, whose study writes the format csv",
            path.display()
        );
    }
    let mut reader = csv::Reader::from_path(&path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let heading = reader.headers()?.clone();
    let column = |name: &str| heading.iter().position(|column| column == name);
    let mut filters = Vec::new();
    for filter in &arguments.filters {
        let Some((name, value)) = filter.split_once('=') else {
            return Err(WrongUsage(format!("--where {filter}: write COLUMN=VALUE")).into());
        };
        let Some(place) = column(name) else {
            let near = nearest(name, heading.iter()).map(|near| format!("; did you mean {near}?"));
            return Err(WrongUsage(format!(
                "--where {filter}: the table has no column {name}{} (there are: {})",
                near.unwrap_or_default(),
                heading.iter().collect::<Vec<_>>().join(", ")
            ))
            .into());
        };
        filters.push((place, value.to_owned()));
    }
    let Some(measure) = column("measure") else {
        bail!("{}: no column measure; the file is not a table of this engine", path.display());
    };

    let mut measures: Vec<String> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.with_context(|| format!("{} cannot be read", path.display()))?;
        let name = record.get(measure).unwrap_or_default();
        if !measures.iter().any(|known| known == name) {
            measures.push(name.to_owned());
        }
        let meets = filters.iter().all(|(place, value)| record.get(*place) == Some(value.as_str()));
        if name == arguments.measure && meets {
            rows.push(record.iter().map(str::to_owned).collect());
        }
    }
    if rows.is_empty() {
        if measures.contains(&arguments.measure) {
            let what = format!("no row of {} meets every --where", arguments.measure);
            return Err(WrongUsage(what).into());
        }
        let known = measures.iter().map(String::as_str);
        let hint = nearest(&arguments.measure, known.clone())
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        return Err(WrongUsage(format!(
            "the run has no attrition of {}{hint} (there is some of: {})",
            arguments.measure,
            known.collect::<Vec<_>>().join(", ")
        ))
        .into());
    }

    // columns that say nothing in any row, and the measure itself, are left out
    let shown: Vec<usize> = (0..heading.len())
        .filter(|&n| n != measure && rows.iter().any(|row| !row[n].is_empty()))
        .collect();
    let names: Vec<&str> = shown.iter().filter_map(|&n| heading.get(n)).collect();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| shown.iter().map(|&n| shown_cell(&heading, row, n)).collect())
        .collect();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: what each rule left out\n", arguments.measure)?;
    out.write_all(table(&names, &cells).as_bytes())?;
    writeln!(out, "\nCounts are those released, after disclosure control. [c] is suppressed.")?;
    Ok(())
}

/// A cell as it is printed: a count that the table leaves out was suppressed.
fn shown_cell(heading: &csv::StringRecord, row: &[String], n: usize) -> String {
    let is_count = ["records_out", "records_left", "people_left"].contains(&&heading[n]);
    if is_count && row[n].is_empty() { "[c]".to_owned() } else { row[n].clone() }
}
