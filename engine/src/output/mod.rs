//! What a run writes: tables as CSV, Parquet and an accessible spreadsheet, graphs, the manifest.
//!
//! Writers of this module take [`Protected`] tables. The doors for what went through no control are
//! [`write_exact`], for tables, and [`RecordFiles`] and [`person_details::DetailsFiles`], for records of
//! people; each puts a notice beside what it writes.

mod about;
pub mod anchored;
mod changes;
mod comparison;
mod csv;
mod error;
mod exact;
mod folder;
#[cfg(test)]
pub(crate) mod fixture;
mod graph;
mod journeys;
mod manifest;
mod names;
mod parquet;
pub mod person_details;
mod records;
mod salt_comparison;
mod settings;
mod table;
#[cfg(test)]
mod tests;
mod xlsx;

pub use self::parquet::record_batch;
pub use about::{About, Source};
pub(crate) use about::{CAVEATS, SHORTHAND, day_in_words, period_in_words};
pub use changes::{Changes, Counts};
pub use comparison::{comparison_csv, comparison_json};
pub use error::OutputError;
pub use exact::{RESTRICTED, write_exact, write_exact_with_salt};
pub use folder::Folder;
pub use journeys::{GraphText, graph_text};
pub use manifest::{
    Input, Manifest, OutputFile, Timing, hash_file, list_outputs, read_manifest, write_manifest,
};
pub use names::{measure_name, plain_name};
pub use records::{Names, People, RecordFiles};
pub use salt_comparison::{ReturnCell, SaltComparison, SaltReturn};
pub use settings::{Format, Formats, OutputSettings};
pub use table::{Cell, Column, Kind, Table, tables};

use crate::disclosure::{Protected, Released};
use std::path::{Path, PathBuf};

/// The stamp of outputs that went through no control.
pub const NOT_FOR_RELEASE: &str = "NOT FOR RELEASE";

/// Writes `tables/*.csv`, `tables/*.parquet`, `tables.xlsx` and `graph/*` below `dir`, as
/// the formats ask, and returns the paths of the files in the order of writing. Graphs are always
/// written. The page `report.html` is [`crate::report::write_report`]'s.
///
/// # Errors
/// When a file cannot be written.
pub fn write_tables(
    released: &Protected<Released>,
    about: &About,
    formats: &Formats,
    dir: &Path,
) -> Result<Vec<PathBuf>, OutputError> {
    write_tables_beside(released, Beside::default(), about, formats, dir)
}

/// What the figures of a run stand beside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// Those of an earlier run.
    pub changes: Option<&'a Changes>,
    /// Those of a SALT return.
    pub salt: Option<&'a SaltComparison>,
}

/// Like [`write_tables`], with the tables `changes` and `salt_comparison` after the others.
///
/// # Errors
/// When a file cannot be written.
pub fn write_tables_beside(
    released: &Protected<Released>,
    beside: Beside<'_>,
    about: &About,
    formats: &Formats,
    dir: &Path,
) -> Result<Vec<PathBuf>, OutputError> {
    let mut tables = tables(released);
    tables.extend(beside.changes.map(|changes| changes.table().clone()));
    tables.extend(beside.salt.map(|salt| salt.table().clone()));
    let stamp = released.not_for_release;
    let mut written = Vec::new();
    if formats.has(Format::Csv) || formats.has(Format::Parquet) {
        write_flat(&tables, formats, stamp, &dir.join("tables"), &mut written)?;
    }
    if formats.has(Format::Xlsx) {
        let path = dir.join("tables.xlsx");
        if formats.has(Format::Csv) || formats.has(Format::Parquet) {
            tables.iter_mut().for_each(|table| xlsx::shorten(table, xlsx::MOST_ROWS));
        }
        write_file(&path, &xlsx::workbook(&tables, released, about)?)?;
        written.push(path);
    }
    let graph_dir = dir.join("graph");
    make_dir(&graph_dir)?;
    let graphs = graph::graphs(released);
    for (name, text) in [
        ("transitions.dot", graph::dot(&graphs, stamp)),
        ("transitions.graphml", graph::graphml(&graphs, stamp)),
        ("transitions.json", graph::json(&graphs, stamp)?),
        ("pathways.json", anchored::json(released)?),
    ] {
        let path = graph_dir.join(name);
        write_file(&path, text.as_bytes())?;
        written.push(path);
    }
    if stamp {
        let path = dir.join("NOT_FOR_RELEASE.txt");
        let text = format!(
            "{NOT_FOR_RELEASE}\n\nThe disclosure profile of this run is \"none\": counts are exact and \
             none is suppressed.\nEvery file of this folder stays inside the secure setting.\n"
        );
        write_file(&path, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

fn write_flat(
    tables: &[Table],
    formats: &Formats,
    stamp: bool,
    dir: &Path,
    written: &mut Vec<PathBuf>,
) -> Result<(), OutputError> {
    make_dir(dir)?;
    for table in tables {
        if formats.has(Format::Csv) {
            let path = dir.join(format!("{}.csv", table.name));
            csv::write(table, &path)?;
            written.push(path);
        }
        if formats.has(Format::Parquet) {
            let path = dir.join(format!("{}.parquet", table.name));
            parquet::write(table, stamp, &path)?;
            written.push(path);
        }
    }
    Ok(())
}

pub(crate) fn make_dir(path: &Path) -> Result<(), OutputError> {
    std::fs::create_dir_all(path).map_err(OutputError::io(path))
}

pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    std::fs::write(path, bytes).map_err(OutputError::io(path))
}
