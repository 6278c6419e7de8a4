//! Parquet files, row group by row group.
//!
//! Coded columns are asked for as dictionaries, which files without an Arrow schema would not give by
//! themselves, so that a code is decoded once per dictionary and not once per row.

use super::{BATCH_ROWS, Batch, Cells, Rows, Sink, Wanted, Words};
use crate::error::Error;
use crate::schema::Form;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMillisecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Int32Array, RecordBatch, StringArray,
    cast::AsArray,
};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// A Parquet file whose metadata has been read.
#[derive(Clone, Debug)]
pub struct Opened(ArrowReaderMetadata);

impl Opened {
    /// Reads the metadata of a file.
    ///
    /// # Errors
    /// The file cannot be read or is not a complete Parquet file.
    pub fn new(path: &Path) -> Result<Self, Error> {
        let file = File::open(path)
            .map_err(|error| Error::new("the file cannot be read").because(error).in_file(path))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        metadata.map(Self).map_err(|error| {
            Error::new("the file is not a complete Parquet file")
                .because(error)
                .in_file(path)
                .advise("It may be cut short or still being written: copy or write it again")
        })
    }

    /// The names of the columns.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Rows and compressed bytes of each row group.
    #[must_use]
    pub fn groups(&self) -> Vec<(u64, u64)> {
        let groups = self.0.metadata().row_groups().iter();
        groups.map(|g| (g.num_rows().max(0) as u64, g.compressed_size().max(0) as u64)).collect()
    }

    /// The same file with the wanted columns asked for in the form that decodes fastest.
    #[must_use]
    pub fn hinted(&self, wanted: &[Wanted]) -> Self {
        let mut fields: Vec<Arc<Field>> = self.0.schema().fields().iter().cloned().collect();
        for column in wanted {
            let Some(field) = column.at.and_then(|at| fields.get_mut(at)) else { continue };
            if let Some(hint) = hint(field.data_type(), column.form) {
                *field = Arc::new(field.as_ref().clone().with_data_type(hint));
            }
        }
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        let hinted = ArrowReaderMetadata::try_new(Arc::clone(self.0.metadata()), options);
        // a file that cannot be read so is read as it is and cast
        hinted.map_or_else(|_| self.clone(), Self)
    }

    fn batches(
        &self,
        path: &Path,
        group: usize,
        columns: &[usize],
        rows: usize,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, Error>>, Error> {
        let file = File::open(path)
            .map_err(|error| Error::new("the file cannot be read").because(error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.0.clone());
        let mask = ProjectionMask::roots(self.0.parquet_schema(), columns.iter().copied());
        let reader = builder
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(rows)
            .build()
            .map_err(damaged)?;
        Ok(reader.map(|batch| batch.map_err(damaged)))
    }

    /// The first rows of every column as text, for a look at what they hold; none where a column
    /// cannot be shown as text.
    ///
    /// # Errors
    /// The file is damaged.
    pub fn sample(&self, path: &Path, rows: usize) -> Result<Vec<Option<StringArray>>, Error> {
        let all: Vec<usize> = (0..self.0.schema().fields().len()).collect();
        let empty = || Ok(vec![None; all.len()]);
        if self.0.metadata().num_row_groups() == 0 {
            return empty();
        }
        let Some(batch) = self.batches(path, 0, &all, rows)?.next() else { return empty() };
        let text = |array: &ArrayRef| {
            let array = cast(array, &DataType::Utf8).ok()?;
            array.as_string_opt::<i32>().cloned()
        };
        Ok(batch?.columns().iter().map(text).collect())
    }
}

fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new("the Parquet file is damaged")
        .because(error)
        .advise("It may be cut short: copy or write it again")
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

fn hint(kind: &DataType, form: Form) -> Option<DataType> {
    match form {
        Form::Coded if is_text(kind) => Some(dictionary()),
        Form::Id | Form::Key | Form::Moment if is_text(kind) => Some(DataType::Utf8View),
        Form::Id | Form::Key if matches!(kind, DataType::Binary | DataType::LargeBinary) => {
            Some(DataType::BinaryView)
        }
        _ => None,
    }
}

/// Brings an array into one of the types that [`cells`] knows.
fn settle(array: &ArrayRef, form: Form) -> Result<ArrayRef, Error> {
    use DataType as T;
    let kind = array.data_type();
    let wanted = match (kind, form) {
        (T::Date32 | T::Date64, Form::Coded | Form::Moment) => T::Date32,
        (T::Timestamp(..), Form::Coded | Form::Moment) => T::Timestamp(TimeUnit::Millisecond, None),
        (T::Int64, Form::Coded | Form::Key) => T::Int64,
        (T::Int8, Form::Coded | Form::Key) => return Ok(widened::<Int8Type>(array)),
        (T::Int16, Form::Coded | Form::Key) => return Ok(widened::<Int16Type>(array)),
        (T::Int32, Form::Coded | Form::Key) => return Ok(widened::<Int32Type>(array)),
        (T::UInt8, Form::Coded | Form::Key) => return Ok(widened::<UInt8Type>(array)),
        (T::UInt16, Form::Coded | Form::Key) => return Ok(widened::<UInt16Type>(array)),
        (T::UInt32, Form::Coded | Form::Key) => return Ok(widened::<UInt32Type>(array)),
        (T::Boolean, Form::Coded) => return coded(array.as_boolean()),
        (T::Binary | T::LargeBinary, Form::Coded) => {
            let text = cast(array, &T::Utf8).map_err(damaged)?;
            return cast(&text, &dictionary()).map_err(damaged);
        }
        (T::Binary | T::LargeBinary | T::BinaryView, Form::Id | Form::Key) => T::BinaryView,
        (_, Form::Moment) => T::Utf8View,
        (T::FixedSizeBinary(_), Form::Id | Form::Key) => return Ok(Arc::clone(array)),
        (_, Form::Id | Form::Key) => T::Utf8View,
        (kind, Form::Coded) if is_text(kind) => dictionary(),
        (_, Form::Coded) => {
            let text = cast(array, &T::Utf8).map_err(damaged)?;
            return cast(&text, &dictionary()).map_err(damaged);
        }
    };
    if *kind == wanted { Ok(Arc::clone(array)) } else { cast(array, &wanted).map_err(damaged) }
}

/// Whole numbers of fewer bits as numbers of 64.
fn widened<N: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef) -> ArrayRef {
    Arc::new(array.as_primitive::<N>().unary::<_, Int64Type>(Into::into))
}

/// Booleans as numbers of two words.
fn coded(array: &BooleanArray) -> Result<ArrayRef, Error> {
    let words = StringArray::from(vec!["false", "true"]);
    let keys = array.values().iter().map(i32::from).collect();
    let keys = Int32Array::new(keys, array.nulls().cloned());
    let coded = DictionaryArray::try_new(keys, Arc::new(words)).map_err(damaged)?;
    Ok(Arc::new(coded))
}

/// The dictionary of a column's last batch. It is held so that its memory cannot become another
/// dictionary's while the edition stands for it.
#[derive(Debug, Default)]
struct LastWords {
    words: Option<StringArray>,
    edition: u64,
}

impl LastWords {
    fn edition(&mut self, words: &StringArray) -> u64 {
        let same = self.words.as_ref().is_some_and(|last| {
            last.len() == words.len()
                && last.value_data().as_ptr() == words.value_data().as_ptr()
                && last.value_offsets().as_ptr() == words.value_offsets().as_ptr()
        });
        if !same {
            self.words = Some(words.clone());
            self.edition += 1;
        }
        self.edition
    }
}

fn cells<'a>(array: &'a ArrayRef, last: &mut LastWords) -> Cells<'a> {
    let nulls = array.nulls();
    match array.data_type() {
        DataType::Dictionary(..) => {
            let coded: Option<&DictionaryArray<Int32Type>> = array.as_dictionary_opt();
            let Some(coded) = coded else { return Cells::Absent };
            let Some(words) = coded.values().as_string_opt::<i32>() else { return Cells::Absent };
            let edition = last.edition(words);
            Cells::Coded { keys: coded.keys().values(), nulls, words: Words::Array(words), edition }
        }
        DataType::Date32 => Cells::Days(array.as_primitive::<Date32Type>().values(), nulls),
        DataType::Timestamp(..) => {
            Cells::Millis(array.as_primitive::<TimestampMillisecondType>().values(), nulls)
        }
        DataType::Int64 => Cells::Integers(array.as_primitive::<Int64Type>().values(), nulls),
        DataType::Utf8View => Cells::Texts(array.as_string_view()),
        DataType::BinaryView => Cells::Bytes(array.as_binary_view()),
        DataType::FixedSizeBinary(_) => Cells::Fixed(array.as_fixed_size_binary()),
        _ => Cells::Absent,
    }
}

/// Reads one row group.
///
/// # Errors
/// The file cannot be read or is damaged.
pub fn run(
    path: &Path,
    file: &Opened,
    group: usize,
    rows_before: u64,
    wanted: &[Wanted],
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let mut columns: Vec<usize> = wanted.iter().filter_map(|column| column.at).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut last: Vec<LastWords> = wanted.iter().map(|_| LastWords::default()).collect();
    let mut settled: Vec<Option<ArrayRef>> = Vec::new();
    let mut row = rows_before + 1;
    for batch in file.batches(path, group, &columns, BATCH_ROWS)? {
        let batch = batch?;
        settled.clear();
        for column in wanted {
            // projected columns keep the order of the file
            let place = column.at.and_then(|at| columns.binary_search(&at).ok());
            let array = place.and_then(|place| batch.columns().get(place));
            settled.push(array.map(|array| settle(array, column.form)).transpose()?);
        }
        let cells = settled
            .iter()
            .zip(&mut last)
            .map(|(array, last)| array.as_ref().map_or(Cells::Absent, |array| cells(array, last)))
            .collect();
        let first = u32::try_from(row).map_err(|_| {
            Error::new("the file has more than four thousand million rows").advise("Split it")
        })?;
        sink.batch(&Batch { len: batch.num_rows(), rows: Rows::From(first), cells })?;
        row += batch.num_rows() as u64;
    }
    Ok(())
}
