//! Parquet with fixed settings and no timestamps: the same table gives the same bytes.

use super::NOT_FOR_RELEASE;
use super::error::OutputError;
use super::table::{Cell, Kind, Table};
use crate::disclosure::Marker;
use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use std::path::Path;
use std::sync::Arc;

/// A table as Arrow columns: text as `Utf8`, whole numbers as `Int64`, decimals as `Float64`, days
/// as `Date32`. Marked numbers are null, except that what rounds to zero is 0.
///
/// # Errors
/// When a row has not a cell for each column.
pub fn record_batch(table: &Table) -> Result<RecordBatch, OutputError> {
    let column = |number: usize| table.rows.iter().map(move |row| row.get(number));
    let mut fields = Vec::with_capacity(table.columns.len());
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(table.columns.len());
    for (number, described) in table.columns.iter().enumerate() {
        let (kind, array): (DataType, ArrayRef) = match described.kind {
            Kind::Text => {
                let values = column(number).map(|cell| match cell {
                    Some(Cell::Text(text)) => Some(text.as_str()),
                    _ => None,
                });
                (DataType::Utf8, Arc::new(values.collect::<StringArray>()))
            }
            Kind::Integer => {
                let values = column(number).map(|cell| match cell {
                    Some(Cell::Integer(value)) => Some(*value),
                    Some(Cell::Marked(Marker::Low)) => Some(0),
                    _ => None,
                });
                (DataType::Int64, Arc::new(values.collect::<Int64Array>()))
            }
            Kind::Decimal => {
                let values = column(number).map(|cell| match cell {
                    Some(Cell::Decimal(value)) => Some(value.value),
                    Some(Cell::Marked(Marker::Low)) => Some(0.0),
                    _ => None,
                });
                (DataType::Float64, Arc::new(values.collect::<Float64Array>()))
            }
            Kind::Date => {
                let values = column(number).map(|cell| match cell {
                    Some(Cell::Date(day)) => Some(day.0),
                    _ => None,
                });
                (DataType::Date32, Arc::new(values.collect::<Date32Array>()))
            }
        };
        fields.push(Field::new(described.name, kind, true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|source| OutputError::Columns { table: table.name, source })
}

/// The settings of every Parquet file: with the stamp, if it is to have one, then `notes`, as metadata.
pub(super) fn properties(
    stamp: bool,
    notes: Vec<KeyValue>,
) -> Result<WriterPropertiesBuilder, ParquetError> {
    let stamp = stamp.then(|| KeyValue::new("release".into(), NOT_FOR_RELEASE.to_owned()));
    let metadata: Vec<KeyValue> = stamp.into_iter().chain(notes).collect();
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by(concat!("throughcare ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata((!metadata.is_empty()).then_some(metadata)))
}

pub(super) fn write(table: &Table, stamp: bool, path: &Path) -> Result<(), OutputError> {
    let failed = |source: ParquetError| OutputError::Parquet { path: path.to_owned(), source };
    let batch = record_batch(table)?;
    let properties = properties(stamp, Vec::new()).map_err(failed)?.build();
    let file = std::fs::File::create(path).map_err(OutputError::io(path))?;
    let mut writer =
        ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(())
}
