//! Why an output could not be written.

use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why an output could not be written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nothing can be written where the output shall stand.
    #[error(
        "nothing can be written in {folder}: {source}: choose another place with --out, or ask for the right \
         to write there"
    )]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The output exists already.
    #[error("{0} exists already: choose another folder, or --force to replace it")]
    Exists(PathBuf),
    /// The output exists and is no run of the engine, so that even `--force` leaves it alone.
    #[error("{0} is not the output of a run (it has no manifest.json): it is not replaced")]
    NotARun(PathBuf),
    /// A folder of the path is a file.
    #[error("{0} is a file, not a folder: choose another place for the output")]
    NotAFolder(PathBuf),
    /// There is no table of an earlier run to compare with.
    #[error(
        "{0} does not exist: give the folder of a finished run whose study writes the format csv"
    )]
    NothingToCompare(PathBuf),
    /// A table does not fit a Parquet file.
    #[error("cannot write {path}: {source}")]
    Parquet {
        /// File.
        path: PathBuf,
        /// What the format's library said.
        source: parquet::errors::ParquetError,
    },
    /// The columns of a table do not fit its types.
    #[error("table {table}: {source}")]
    Columns {
        /// Table.
        table: &'static str,
        /// What the columns' library said.
        source: arrow_schema::ArrowError,
    },
    /// The spreadsheet could not be built.
    #[error("cannot build tables.xlsx: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// A JSON file could not be built.
    #[error("manifest or graph as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The page could not be built.
    #[error("cannot build report.html: {0}")]
    Report(#[from] askama::Error),
}

impl OutputError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
