//! Files of any format as batches of cells.
//!
//! A file is cut into tasks that threads take one by one; each task gives batches with the mapped
//! columns only. A batch has the same shape whatever the format, so that there is one way from cells
//! to typed rows ([`crate::decode`]).

pub mod format;
#[cfg(feature = "xes")]
pub mod xes;
pub mod csv;
pub mod parquet;
pub mod regions;

use crate::error::Error;
use crate::records::quarantine::Reason;
use crate::schema::Form;
use arrow_array::{BinaryViewArray, FixedSizeBinaryArray, StringArray, StringViewArray};
use arrow_buffer::NullBuffer;
use std::path::PathBuf;

/// Rows of a batch: enough to work by column, few enough to stay in the cache.
pub const BATCH_ROWS: usize = 4096;

/// A column to read: where it is in the file and how its cells are kept.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Column of the file, from 0; none when the file has no such column.
    pub at: Option<usize>,
    /// How its cells are kept.
    pub form: Form,
}

/// One piece of a file that one thread reads.
#[derive(Clone, Debug)]
pub struct Task {
    /// The file.
    pub path: PathBuf,
    /// Which piece.
    pub part: Part,
    /// About how many bytes of the file it is.
    pub bytes: u64,
}

/// A piece of a file.
#[derive(Clone, Debug)]
pub enum Part {
    /// A row group of a Parquet file.
    RowGroup {
        /// Metadata of the file, with the wanted types.
        file: parquet::Opened,
        /// Number of the row group.
        group: usize,
        /// Rows of the file before it.
        rows_before: u64,
    },
    /// A region of an uncompressed CSV file that begins and ends at record ends.
    Region(regions::Region),
    /// A whole CSV file, read as a stream.
    Stream(format::Format),
}

/// Receives what a task reads.
pub trait Sink {
    /// Takes a batch. Called with at most [`BATCH_ROWS`] rows.
    ///
    /// # Errors
    /// Whatever stops the run.
    fn batch(&mut self, batch: &Batch<'_>) -> Result<(), Error>;

    /// Takes note of a row that cannot be read at all. Rows are numbered from 1.
    fn reject(&mut self, row: u32, reason: Reason);
}

/// Reads one task.
///
/// # Errors
/// The file cannot be read or is damaged.
pub fn run(
    task: &Task,
    wanted: &[Wanted],
    fields: usize,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    match &task.part {
        Part::RowGroup { file, group, rows_before } => {
            parquet::run(&task.path, file, *group, *rows_before, wanted, sink)
        }
        Part::Region(region) => csv::run_region(&task.path, *region, wanted, fields, sink),
        Part::Stream(format) => csv::run_stream(&task.path, *format, wanted, fields, sink),
    }
    .map_err(|error| error.in_file(&task.path))
}

/// Some rows of a file.
#[derive(Debug)]
pub struct Batch<'a> {
    /// How many rows.
    pub len: usize,
    /// Row numbers.
    pub rows: Rows<'a>,
    /// Cells of each wanted column.
    pub cells: Vec<Cells<'a>>,
}

impl Batch<'_> {
    /// Whether there is any of these columns.
    #[must_use]
    pub fn has_any(&self, slots: impl IntoIterator<Item = usize>) -> bool {
        slots.into_iter().any(|slot| !matches!(self.cells[slot], Cells::Absent))
    }
}

/// Row numbers of a batch, from 1 for the first data row of the file.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Consecutive rows from this one.
    From(u32),
    /// These rows.
    Listed(&'a [u32]),
}

impl Rows<'_> {
    /// The number of the row at a position of the batch.
    #[must_use]
    #[inline]
    pub fn at(self, position: usize) -> u32 {
        match self {
            Self::From(first) => first.saturating_add(position as u32),
            Self::Listed(rows) => rows[position],
        }
    }
}

/// The cells of one column of a batch.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// The file has no such column.
    Absent,
    /// Numbers of words; a missing cell is null or an empty word.
    Coded {
        /// Number of the word of each row.
        keys: &'a [i32],
        /// Which rows have a value, if not all.
        nulls: Option<&'a NullBuffer>,
        /// The words.
        words: Words<'a>,
        /// Changes when the words do. Words may be added at the end without a change.
        edition: u64,
    },
    /// Days since 1970-01-01.
    Days(&'a [i32], Option<&'a NullBuffer>),
    /// Milliseconds since 1970-01-01T00:00.
    Millis(&'a [i64], Option<&'a NullBuffer>),
    /// Whole numbers.
    Integers(&'a [i64], Option<&'a NullBuffer>),
    /// Texts one after the other: bytes and the end of each.
    Spans(&'a [u8], &'a [u32]),
    /// Texts.
    Texts(&'a StringViewArray),
    /// Bytes.
    Bytes(&'a BinaryViewArray),
    /// Bytes of one length.
    Fixed(&'a FixedSizeBinaryArray),
}

/// The distinct texts of a column.
#[derive(Clone, Copy, Debug)]
pub enum Words<'a> {
    /// From an Arrow dictionary.
    Array(&'a StringArray),
    /// From a list that grows while a file is read.
    List(&'a csv::WordList),
}

impl<'a> Words<'a> {
    /// How many.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Array(array) => arrow_array::Array::len(array),
            Self::List(list) => list.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// A word; empty when it is null.
    #[must_use]
    pub fn get(self, n: usize) -> &'a str {
        match self {
            Self::Array(array) if arrow_array::Array::is_null(array, n) => "",
            Self::Array(array) => array.value(n),
            Self::List(list) => list.get(n),
        }
    }
}

impl<'a> Cells<'a> {
    /// The bytes of an identifier without blanks around it; empty when missing. Numbers have no bytes
    /// here: identifiers are read as text.
    #[must_use]
    #[inline(always)] // of a column in a loop: what the cells are is then asked once
    pub fn bytes(&self, row: usize) -> &'a [u8] {
        use arrow_array::Array;
        let bytes = match *self {
            Self::Spans(bytes, ends) => {
                let start = if row == 0 { 0 } else { ends[row - 1] as usize };
                &bytes[start..ends[row] as usize]
            }
            Self::Texts(array) if array.is_valid(row) => array.value(row).as_bytes(),
            Self::Bytes(array) if array.is_valid(row) => array.value(row),
            Self::Fixed(array) if array.is_valid(row) => return array.value(row),
            Self::Coded { keys, nulls, words, .. } if nulls.is_none_or(|n| n.is_valid(row)) => {
                words.get(keys[row] as usize).as_bytes()
            }
            _ => &[],
        };
        bytes.trim_ascii()
    }
}
