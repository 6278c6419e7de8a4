//! The table `[output]` of a study file.

use serde::{Deserialize, Serialize};

/// A format of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated tables.
    Csv,
    /// Parquet tables.
    Parquet,
    /// One accessible spreadsheet.
    Xlsx,
    /// The report.
    Html,
}

/// The formats asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Formats(Vec<Format>);

impl Formats {
    /// These formats; order and repetition do not matter.
    pub fn new(formats: impl IntoIterator<Item = Format>) -> Self {
        Self(formats.into_iter().collect())
    }

    /// Whether a format is asked for.
    #[must_use]
    pub fn has(&self, format: Format) -> bool {
        self.0.contains(&format)
    }
}

impl Default for Formats {
    /// All of them.
    fn default() -> Self {
        Self(vec![Format::Csv, Format::Parquet, Format::Xlsx, Format::Html])
    }
}

/// The table `[output]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutputSettings {
    /// Formats; all by default.
    pub formats: Formats,
}
