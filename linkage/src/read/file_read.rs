//! What was read of a file.

use crate::schema::FileKind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What was read of one file. `rows = stored + quarantined`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileRead {
    /// The file.
    pub path: PathBuf,
    /// Its kind.
    pub kind: FileKind,
    /// Its size.
    pub bytes: u64,
    /// Data rows, blank lines aside.
    pub rows: u64,
    /// Rows that became records.
    pub stored: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// What its headings say it is, such as `HES APC`.
    pub layout: &'static str,
    /// What the user should know, in a fixed order.
    pub warnings: Vec<String>,
    /// Canonical names of the columns that were found, in the order of the kind's columns; then
    /// [`DIAGNOSES`] and [`OPERATIONS`] where columns of one code each were found.
    pub columns: Vec<&'static str>,
    /// Headings that mean nothing to the engine, in the order of the file.
    pub other_headings: Vec<String>,
    /// Values that were not understood and count as missing, by canonical column.
    pub not_understood: BTreeMap<&'static str, u64>,
    /// Rows whose NHS number has a status by which it is not to be joined: they count as without a
    /// person.
    pub untrusted: u64,
}

/// The name of the columns that hold one diagnosis each.
pub const DIAGNOSES: &str = "diagnoses";

/// The name of the columns that hold one operation each.
pub const OPERATIONS: &str = "procedures";

/// A count in a warning, which is printed and released: never small, never exact.
pub(super) fn about(count: u64) -> String {
    match count {
        0..=7 => "fewer than 8".into(),
        _ => format!("about {}", (count + 2) / 5 * 5),
    }
}
