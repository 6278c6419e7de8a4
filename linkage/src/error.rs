//! The one error of this crate.

use std::fmt;
use std::path::{Path, PathBuf};

/// Something that stops the work: what was found, where, and what to do about it.
///
/// The type is opaque so that positions can be added on the way up without touching callers. Its text
/// is one or two readable sentences. It never holds an identifier or a date of a person.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(Box<Inner>);

#[derive(Debug, thiserror::Error)]
struct Inner {
    file: Option<PathBuf>,
    line: Option<u64>,
    row: Option<u64>,
    column: Option<String>,
    found: String,
    advice: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error about something found, in plain words without a final stop.
    #[must_use]
    pub fn new(found: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            file: None,
            line: None,
            row: None,
            column: None,
            found: found.into(),
            advice: String::new(),
            source: None,
        }))
    }

    /// Names the file, unless one is named already.
    #[must_use]
    pub fn in_file(mut self, path: &Path) -> Self {
        self.0.file.get_or_insert_with(|| path.to_path_buf());
        self
    }

    /// Names the line of the file, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Names the data row of the file, from 1 for the first row below the headings.
    #[must_use]
    pub fn at_row(mut self, row: u64) -> Self {
        self.0.row = Some(row);
        self
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.0.column = Some(column.into());
        self
    }

    /// Says what to do, as a clause without a final stop.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.0.advice = advice.into();
        self
    }

    /// Keeps the error that caused this one.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The file, if one is known.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place: Vec<String> = Vec::new();
        place.extend(self.file.as_ref().map(|file| file.display().to_string()));
        place.extend(self.line.map(|line| format!("line {line}")));
        place.extend(self.row.map(|row| format!("row {row}")));
        place.extend(self.column.as_ref().map(|column| format!("column {column}")));
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        f.write_str(&self.found)?;
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        if !self.advice.is_empty() {
            let asks = self.source.is_none() && self.found.ends_with('?');
            write!(f, "{} {}", if asks { "" } else { "." }, self.advice)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_the_place_what_was_found_and_what_to_do() {
        let error = Error::new("found no heading for la_code")
            .in_file(Path::new("cld/q1.csv"))
            .at_line(1)
            .in_column("la_code")
            .advise("Name the column under [inputs.columns.cld]")
            .in_file(Path::new("other.csv"));
        assert_eq!(
            error.to_string(),
            "cld/q1.csv, line 1, column la_code: found no heading for la_code. Name the column under [inputs.columns.cld]"
        );
        let asks = Error::new("no column la; did you mean la_code?").advise("Name it").to_string();
        assert_eq!(asks, "no column la; did you mean la_code? Name it");
    }
}
