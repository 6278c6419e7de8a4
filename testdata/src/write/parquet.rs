//! Parquet files.

use super::{Column, Kind, Written, failed};
use crate::Error;
use arrow_array::builder::{Date32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use throughcare_linkage::day::Day;

/// Rows kept before they are handed to the writer.
const BATCH_ROWS: usize = 16 * 1024;
/// Rows of a row group.
const GROUP_ROWS: usize = 256 * 1024;

enum Builder {
    Text(StringBuilder),
    Number(Int64Builder),
    Date(Date32Builder),
}

/// A Parquet file being written.
pub struct ParquetTable {
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    builders: Vec<Builder>,
    next: usize,
    waiting: usize,
    path: PathBuf,
    rows: u64,
}

impl ParquetTable {
    pub(super) fn create(path: PathBuf, columns: &[Column]) -> Result<Self, Error> {
        let fields = columns.iter().map(|(heading, kind)| {
            let data_type = match kind {
                Kind::Text => DataType::Utf8,
                Kind::Number => DataType::Int64,
                Kind::Date => DataType::Date32,
            };
            Field::new(*heading, data_type, true)
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let builders = columns.iter().map(|(_, kind)| match kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Number => Builder::Number(Int64Builder::new()),
            Kind::Date => Builder::Date(Date32Builder::new()),
        });
        let builders = builders.collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let file = File::create(&path).map_err(|e| failed(&path, e))?;
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|e| failed(&path, e))?;
        Ok(Self { writer, schema, builders, next: 0, waiting: 0, path, rows: 0 })
    }

    fn wrong_kind(&self) -> Error {
        failed(&self.path, format!("field {} of a row is not of its column's kind", self.next))
    }

    pub(super) fn text(&mut self, value: &str) -> Result<(), Error> {
        let Some(Builder::Text(builder)) = self.builders.get_mut(self.next) else {
            return Err(self.wrong_kind());
        };
        builder.append_option((!value.is_empty()).then_some(value));
        self.next += 1;
        Ok(())
    }

    pub(super) fn number(&mut self, value: Option<i64>) -> Result<(), Error> {
        let Some(Builder::Number(builder)) = self.builders.get_mut(self.next) else {
            return Err(self.wrong_kind());
        };
        builder.append_option(value);
        self.next += 1;
        Ok(())
    }

    pub(super) fn date(&mut self, value: Option<Day>) -> Result<(), Error> {
        let Some(Builder::Date(builder)) = self.builders.get_mut(self.next) else {
            return Err(self.wrong_kind());
        };
        builder.append_option(value.map(|day| day.0));
        self.next += 1;
        Ok(())
    }

    pub(super) fn end_row(&mut self) -> Result<(), Error> {
        if self.next != self.builders.len() {
            return Err(failed(&self.path, format!("a row ended after {} fields", self.next)));
        }
        self.next = 0;
        self.rows += 1;
        self.waiting += 1;
        if self.waiting == BATCH_ROWS { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<(), Error> {
        self.waiting = 0;
        let columns = self.builders.iter_mut().map(|builder| -> ArrayRef {
            match builder {
                Builder::Text(text) => Arc::new(text.finish()),
                Builder::Number(numbers) => Arc::new(numbers.finish()),
                Builder::Date(days) => Arc::new(days.finish()),
            }
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.collect())
            .map_err(|e| failed(&self.path, e))?;
        self.writer.write(&batch).map_err(|e| failed(&self.path, e))
    }

    pub(super) fn finish(mut self) -> Result<Written, Error> {
        if self.waiting > 0 {
            self.hand_over()?;
        }
        self.writer.close().map_err(|e| failed(&self.path, e))?;
        Ok(Written { path: self.path, rows: self.rows })
    }
}
