//! One record-level Parquet file, written as the rows come.

use super::column::Column;
use super::{Names, People};
use crate::output::error::OutputError;
use crate::output::parquet::properties;
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are written at once.
const BATCH: usize = 8_192;

/// Rows of a row group, a multiple of [`BATCH`]. Where batches and groups end decides about bytes, so
/// both go by rows alone, never by partitions or threads.
const GROUP: usize = 16 * BATCH;

/// A row of a table; its person stands beside it.
pub(super) trait Record: Copy + 'static {
    /// Name of the file, without its extension.
    const NAME: &'static str;
    /// What a row is, in which order rows stand, and how its days are to be read.
    const NOTE: &'static str;

    /// The columns after `person_id`.
    fn columns() -> Vec<Column<Self>>;
}

/// A table that is being written.
pub(super) struct RecordFile<'a, R> {
    path: PathBuf,
    names: Names<'a>,
    columns: Vec<Column<R>>,
    schema: Arc<Schema>,
    writer: ArrowWriter<File>,
    ids: StringBuilder,
    rows: Vec<R>,
}

impl<'a, R: Record> RecordFile<'a, R> {
    pub(super) fn create(dir: &Path, names: Names<'a>) -> Result<Self, OutputError> {
        let path = dir.join(format!("{}.parquet", R::NAME));
        let columns = R::columns();
        let schema = Arc::new(schema(&columns, &names, R::NOTE));
        let notes = vec![KeyValue::new("table".into(), R::NOTE.to_owned())];
        let failed = |source| OutputError::Parquet { path: path.clone(), source };
        let properties = properties(true, notes)
            .map_err(failed)?
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let file = File::create(&path).map_err(OutputError::io(&path))?;
        let writer =
            ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(failed)?;
        let (ids, rows) = (StringBuilder::new(), Vec::with_capacity(BATCH));
        Ok(Self { path, names, columns, schema, writer, ids, rows })
    }

    /// Writes rows, each with the number of its person among `people`.
    pub(super) fn write(&mut self, people: &People, rows: &[(u32, R)]) -> Result<(), OutputError> {
        for &(person, row) in rows {
            self.ids.append_value(people.id(person));
            self.rows.push(row);
            if self.rows.len() == BATCH {
                self.flush()?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, OutputError> {
        self.flush()?;
        let Self { path, writer, .. } = self;
        writer.close().map_err(|source| OutputError::Parquet { path: path.clone(), source })?;
        Ok(path)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(self.ids.finish())];
        arrays.extend(self.columns.iter().map(|column| (column.cells)(&self.rows, &self.names)));
        self.rows.clear();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|source| OutputError::Columns { table: R::NAME, source })?;
        self.writer
            .write(&batch)
            .map_err(|source| OutputError::Parquet { path: self.path.clone(), source })
    }
}

fn schema<R>(columns: &[Column<R>], names: &Names<'_>, note: &str) -> Schema {
    let described = |field: Field, what: &str| {
        // one entry only: several would be written in the order of a hash
        field.with_metadata(HashMap::from([("description".to_owned(), what.to_owned())]))
    };
    let id = Field::new("person_id", arrow_schema::DataType::Utf8, false);
    let mut fields =
        vec![described(id, "Pseudonym of the person; 0x and hex digits if it is no text")];
    fields.extend(columns.iter().map(|column| {
        let kind = (column.cells)(&[], names).data_type().clone();
        described(Field::new(column.name, kind, true), column.what)
    }));
    Schema::new_with_metadata(fields, HashMap::from([("table".to_owned(), note.to_owned())]))
}
