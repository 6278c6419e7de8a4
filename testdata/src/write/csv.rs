//! CSV files.

use super::{Column, Written, failed, push_iso};
use crate::Error;
use std::fs::File;
use std::path::PathBuf;
use throughcare_linkage::day::Day;

/// A CSV file being written.
pub struct CsvTable {
    writer: csv::Writer<File>,
    path: PathBuf,
    rows: u64,
    scratch: String,
}

impl CsvTable {
    pub(super) fn create(path: PathBuf, columns: &[Column]) -> Result<Self, Error> {
        let mut writer = csv::WriterBuilder::new()
            .buffer_capacity(128 * 1024)
            .from_path(&path)
            .map_err(|e| failed(&path, e))?;
        writer
            .write_record(columns.iter().map(|(heading, _)| heading))
            .map_err(|e| failed(&path, e))?;
        Ok(Self { writer, path, rows: 0, scratch: String::new() })
    }

    pub(super) fn text(&mut self, value: &str) -> Result<(), Error> {
        self.writer.write_field(value).map_err(|e| failed(&self.path, e))
    }

    pub(super) fn number(&mut self, value: Option<i64>) -> Result<(), Error> {
        use std::fmt::Write;
        self.scratch.clear();
        if let Some(value) = value {
            let _ = write!(self.scratch, "{value}");
        }
        self.write_scratch()
    }

    pub(super) fn date(&mut self, value: Option<Day>) -> Result<(), Error> {
        self.scratch.clear();
        if let Some(day) = value {
            push_iso(day, &mut self.scratch);
        }
        self.write_scratch()
    }

    fn write_scratch(&mut self) -> Result<(), Error> {
        self.writer.write_field(&self.scratch).map_err(|e| failed(&self.path, e))
    }

    pub(super) fn end_row(&mut self) -> Result<(), Error> {
        self.rows += 1;
        self.writer.write_record(None::<&[u8]>).map_err(|e| failed(&self.path, e))
    }

    pub(super) fn finish(mut self) -> Result<Written, Error> {
        self.writer.flush().map_err(|e| failed(&self.path, e))?;
        Ok(Written { path: self.path, rows: self.rows })
    }
}
