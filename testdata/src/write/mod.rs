//! Tables of text, whole numbers and days, as CSV or Parquet.

mod csv;
mod parquet;

use self::csv::CsvTable;
use self::parquet::ParquetTable;
use crate::Error;
use std::path::{Path, PathBuf};
use throughcare_linkage::day::Day;

/// The format of the hospital files.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// Comma-separated text.
    #[default]
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The end of file names.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Text; empty means missing.
    Text,
    /// A whole number.
    Number,
    /// A calendar day.
    Date,
}

/// A column: its heading and what it holds.
pub type Column = (&'static str, Kind);

/// A table being written, field by field and row by row.
pub enum Table {
    /// To a CSV file.
    Csv(Box<CsvTable>),
    /// To a Parquet file.
    Parquet(Box<ParquetTable>),
}

impl Table {
    /// Creates the file and writes the headings.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(path: PathBuf, columns: &[Column], format: Format) -> Result<Self, Error> {
        Ok(match format {
            Format::Csv => Self::Csv(Box::new(CsvTable::create(path, columns)?)),
            Format::Parquet => Self::Parquet(Box::new(ParquetTable::create(path, columns)?)),
        })
    }

    /// Writes the next field of the row as text.
    ///
    /// # Errors
    /// When the file cannot be written, or the column is not of this kind.
    pub fn text(&mut self, value: &str) -> Result<(), Error> {
        match self {
            Self::Csv(table) => table.text(value),
            Self::Parquet(table) => table.text(value),
        }
    }

    /// Writes the next field of the row as a number.
    ///
    /// # Errors
    /// As [`Table::text`].
    pub fn number(&mut self, value: Option<i64>) -> Result<(), Error> {
        match self {
            Self::Csv(table) => table.number(value),
            Self::Parquet(table) => table.number(value),
        }
    }

    /// Writes the next field of the row as a day.
    ///
    /// # Errors
    /// As [`Table::text`].
    pub fn date(&mut self, value: Option<Day>) -> Result<(), Error> {
        match self {
            Self::Csv(table) => table.date(value),
            Self::Parquet(table) => table.date(value),
        }
    }

    /// Ends the row.
    ///
    /// # Errors
    /// When the file cannot be written, or the row has another number of fields than the table.
    pub fn end_row(&mut self) -> Result<(), Error> {
        match self {
            Self::Csv(table) => table.end_row(),
            Self::Parquet(table) => table.end_row(),
        }
    }

    /// Finishes the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(self) -> Result<Written, Error> {
        match self {
            Self::Csv(table) => table.finish(),
            Self::Parquet(table) => table.finish(),
        }
    }
}

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Rows without the heading.
    pub rows: u64,
}

/// Appends a day as `YYYY-MM-DD`.
pub fn push_iso(day: Day, text: &mut String) {
    let (year, month, date) = civil(day);
    push_digits(year, 4, text);
    text.push('-');
    push_digits(month, 2, text);
    text.push('-');
    push_digits(date, 2, text);
}

/// Appends a day as `DD/MM/YYYY`.
pub fn push_day_first(day: Day, text: &mut String) {
    let (year, month, date) = civil(day);
    push_digits(date, 2, text);
    text.push('/');
    push_digits(month, 2, text);
    text.push('/');
    push_digits(year, 4, text);
}

/// Appends a number with leading zeros.
pub fn push_digits(mut number: u32, width: usize, text: &mut String) {
    let mut digits = [b'0'; 10];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    text.extend(digits[10 - width.min(10)..].iter().map(|digit| char::from(*digit)));
}

/// Year, month and date of a day.
fn civil(day: Day) -> (u32, u32, u32) {
    let (year, month) = day.year_month();
    (year.unsigned_abs(), month, day.since(day.month_start()).unsigned_abs() + 1)
}

fn failed(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Write { path: path.to_path_buf(), what: error.to_string() }
}
