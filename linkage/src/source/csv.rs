//! CSV files, plain or compressed, as batches.
//!
//! Records end at line feeds; a carriage return before one is part of the blank around the last
//! field. Each distinct text of a coded column is kept once.

use super::format::Format;
use super::regions::Region;
use super::{BATCH_ROWS, Batch, Cells, Rows, Sink, Wanted, Words};
use crate::error::Error;
use crate::records::quarantine::Reason;
use crate::schema::Form;
use csv::ByteRecord;
use hashbrown::HashTable;
use memchr::memchr2_iter;
use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;
use xxhash_rust::xxh3::xxh3_64;

/// Distinct texts in the order in which they were met.
#[derive(Debug, Default)]
pub struct WordList {
    numbers: HashTable<u32>,
    text: String,
    ends: Vec<u32>,
}

impl WordList {
    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A word.
    #[must_use]
    pub fn get(&self, n: usize) -> &str {
        word(&self.text, &self.ends, n as u32)
    }

    fn number(&mut self, text: &str) -> u32 {
        let Self { numbers, text: all, ends } = self;
        let hash = xxh3_64(text.as_bytes());
        if let Some(&n) = numbers.find(hash, |&n| word(all, ends, n) == text) {
            return n;
        }
        let n = ends.len() as u32;
        all.push_str(text);
        ends.push(all.len() as u32);
        numbers.insert_unique(hash, n, |&n| xxh3_64(word(all, ends, n).as_bytes()));
        n
    }
}

fn word<'a>(all: &'a str, ends: &[u32], n: u32) -> &'a str {
    let n = n as usize;
    let start = if n == 0 { 0 } else { ends[n - 1] as usize };
    &all[start..ends[n] as usize]
}

/// Words of one column beyond which its list starts anew, so that a column of distinct texts cannot
/// exhaust memory.
const MOST_WORDS: usize = 1 << 16;

#[derive(Debug)]
enum Column {
    Absent,
    Coded { at: usize, words: WordList, keys: Vec<i32>, edition: u64 },
    Spans { at: usize, bytes: Vec<u8>, ends: Vec<u32> },
}

impl Column {
    fn new(wanted: &Wanted) -> Self {
        match (wanted.at, wanted.form) {
            (None, _) => Self::Absent,
            (Some(at), Form::Coded) => {
                Self::Coded { at, words: WordList::default(), keys: Vec::new(), edition: 1 }
            }
            (Some(at), Form::Id | Form::Key | Form::Moment) => {
                Self::Spans { at, bytes: Vec::new(), ends: Vec::new() }
            }
        }
    }

    fn push(&mut self, record: &ByteRecord, text: &str) {
        match self {
            Self::Absent => {}
            Self::Coded { at, words, keys, .. } => {
                let field = record.range(*at).and_then(|range| text.get(range)).unwrap_or("");
                let field = field.trim_ascii();
                // runs of one value are common
                let last = keys.last().copied().filter(|&n| words.get(n as usize) == field);
                keys.push(last.unwrap_or_else(|| words.number(field) as i32));
            }
            Self::Spans { at, bytes, ends } => {
                bytes.extend_from_slice(record.get(*at).unwrap_or_default());
                ends.push(bytes.len() as u32);
            }
        }
    }

    fn cells(&self) -> Cells<'_> {
        match self {
            Self::Absent => Cells::Absent,
            Self::Coded { words, keys, edition, .. } => {
                Cells::Coded { keys, nulls: None, words: Words::List(words), edition: *edition }
            }
            Self::Spans { bytes, ends, .. } => Cells::Spans(bytes, ends),
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Absent => {}
            Self::Coded { words, keys, edition, .. } => {
                keys.clear();
                if words.len() > MOST_WORDS {
                    *words = WordList::default();
                    *edition += 1;
                }
            }
            Self::Spans { bytes, ends, .. } => {
                bytes.clear();
                ends.clear();
            }
        }
    }
}

/// Reads one region of an uncompressed file; `fields` is the number of headings.
///
/// # Errors
/// The file cannot be read, or a quote is left open.
pub fn run_region(
    path: &Path,
    region: Region,
    wanted: &[Wanted],
    fields: usize,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let mut file = File::open(path).map_err(unreadable)?;
    file.seek(SeekFrom::Start(region.start)).map_err(unreadable)?;
    let input = file.take(region.end - region.start);
    records(Watched::new(input), region.first_row, wanted, fields, sink)
}

/// Reads a whole file, plain or compressed.
///
/// # Errors
/// The file cannot be read, is cut short, or a quote is left open.
pub fn run_stream(
    path: &Path,
    format: Format,
    wanted: &[Wanted],
    fields: usize,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    records(Watched::new(open(path, format)?), 0, wanted, fields, sink)
}

/// The first records of a file: the headings and up to `rows` rows, for a look at what they hold.
///
/// # Errors
/// The file cannot be read, or its headings are not UTF-8.
pub fn sample(path: &Path, format: Format, rows: usize) -> Result<Vec<Vec<String>>, Error> {
    let mut reader = reader(Watched::new(open(path, format)?));
    let mut record = ByteRecord::new();
    let mut sample = Vec::new();
    while sample.len() <= rows && reader.read_byte_record(&mut record).map_err(broken)? {
        if is_blank(&record) {
            continue;
        }
        if sample.is_empty() {
            let Ok(_) = std::str::from_utf8(record.as_slice()) else {
                return Err(Error::new("the headings are not UTF-8 text").at_line(1).advise(
                    "Save the file as CSV in UTF-8; spreadsheets often save in Windows-1252",
                ));
            };
        }
        let field = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        sample.push(record.iter().map(field).collect());
    }
    let first: Option<&mut String> =
        sample.first_mut().and_then(|row: &mut Vec<String>| row.first_mut());
    if let Some(heading) = first.filter(|heading| heading.starts_with('\u{feff}')) {
        *heading = heading.trim_start_matches('\u{feff}').trim_matches('"').to_owned();
    }
    if sample.is_empty() {
        return Err(Error::new("the file has no headings").advise("Export it again"));
    }
    Ok(sample)
}

fn open(path: &Path, format: Format) -> Result<Box<dyn Read>, Error> {
    let file = File::open(path).map_err(unreadable)?;
    Ok(match format {
        Format::Gzip => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file))),
        Format::Zstd => Box::new(zstd::stream::read::Decoder::new(file).map_err(unreadable)?),
        #[cfg(feature = "xes")]
        Format::Xes | Format::XesGzip => {
            Box::new(super::xes::Rows::new(path, format).map_err(unreadable)?)
        }
        Format::Csv | Format::Parquet => Box::new(file),
    })
}

fn reader<R: Read>(input: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .terminator(csv::Terminator::Any(b'\n'))
        .buffer_capacity(1 << 17)
        .from_reader(input)
}

fn is_blank(record: &ByteRecord) -> bool {
    record.len() == 1 && record.as_slice() == b"\r"
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new("the file cannot be read").because(error)
}

fn broken(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::new("the file cannot be read to its end")
            .because(error)
            .advise("It may be cut short: copy or export it again"),
        _ => Error::new("the file cannot be read as CSV"),
    }
}

/// Reads records; the first one is number `first_row`, and number 0 is the headings.
fn records<R: Read>(
    input: Watched<R>,
    first_row: u64,
    wanted: &[Wanted],
    fields: usize,
    sink: &mut dyn Sink,
) -> Result<(), Error> {
    let watch = Rc::clone(&input.watch);
    let mut reader = reader(input);
    let mut columns: Vec<Column> = wanted.iter().map(Column::new).collect();
    let mut rows: Vec<u32> = Vec::with_capacity(BATCH_ROWS);
    let mut record = ByteRecord::new();
    let mut row = first_row;
    while reader.read_byte_record(&mut record).map_err(broken)? {
        if is_blank(&record) {
            continue;
        }
        let number = u32::try_from(row).map_err(|_| {
            Error::new("the file has more than four thousand million rows").advise("Split it")
        })?;
        row += 1;
        if number == 0 {
            continue;
        }
        if record.len() != fields {
            if record.as_slice().contains(&b'\n') {
                watch.borrow().check()?;
                return Err(Error::new(
                    "a quoted field runs over the end of its line and the row then has the wrong number of fields",
                )
                .at_row(u64::from(number))
                .advise("A quotation mark in or just before this row is not closed: double it or remove it"));
            }
            sink.reject(number, Reason::FieldCount);
            continue;
        }
        let Ok(text) = std::str::from_utf8(record.as_slice()) else {
            sink.reject(number, Reason::Encoding);
            continue;
        };
        for column in &mut columns {
            column.push(&record, text);
        }
        rows.push(number);
        if rows.len() == BATCH_ROWS {
            flush(&mut columns, &mut rows, sink)?;
        }
    }
    watch.borrow().check()?;
    if rows.is_empty() { Ok(()) } else { flush(&mut columns, &mut rows, sink) }
}

fn flush(columns: &mut [Column], rows: &mut Vec<u32>, sink: &mut dyn Sink) -> Result<(), Error> {
    let cells = columns.iter().map(Column::cells).collect();
    sink.batch(&Batch { len: rows.len(), rows: Rows::Listed(rows), cells })?;
    columns.iter_mut().for_each(Column::clear);
    rows.clear();
    Ok(())
}

/// Where quotes open and close in what has been read so far.
#[derive(Debug)]
struct Quotes {
    line: u64,
    inside: bool,
    opened_on: u64,
    /// Line of the first quote that closed in front of something else than a field's end.
    suspect: Option<u64>,
    /// A quote opened in the middle of a field, so that quotes say nothing about fields.
    irregular: bool,
    last: Option<u8>,
    closed_last: bool,
    at: u64,
}

impl Quotes {
    fn take(&mut self, bytes: &[u8]) {
        let Some(&end) = bytes.last() else { return };
        if self.closed_last && !ends_a_field(bytes[0]) {
            self.suspect.get_or_insert(self.opened_on);
        }
        self.closed_last = false;
        for at in memchr2_iter(b'"', b'\n', bytes) {
            if bytes[at] == b'\n' {
                self.line += 1;
                continue;
            }
            let before = if at == 0 { self.last } else { Some(bytes[at - 1]) };
            if self.inside {
                match bytes.get(at + 1) {
                    Some(&next) if !ends_a_field(next) => {
                        self.suspect.get_or_insert(self.opened_on);
                    }
                    Some(_) => {}
                    None => self.closed_last = true,
                }
            } else {
                let starts = matches!(before, None | Some(b',' | b'\n' | b'"'))
                    || (self.at + at as u64 == 3 && before == Some(0xbf));
                self.irregular |= !starts;
                if before != Some(b'"') {
                    self.opened_on = self.line;
                }
            }
            self.inside = !self.inside;
        }
        self.last = Some(end);
        self.at += bytes.len() as u64;
    }

    /// Whether the quotes read so far leave none open.
    fn check(&self) -> Result<(), Error> {
        if !self.inside || (self.irregular && self.suspect.is_none()) {
            return Ok(());
        }
        Err(Error::new(
            "a quotation mark opens here and is never closed, which swallows the rows after it",
        )
        .at_line(self.suspect.unwrap_or(self.opened_on))
        .advise("Close it, double it or remove it"))
    }
}

const fn ends_a_field(byte: u8) -> bool {
    matches!(byte, b',' | b'\n' | b'\r' | b'"')
}

/// A reader whose quotes are watched.
struct Watched<R> {
    input: R,
    watch: Rc<RefCell<Quotes>>,
}

impl<R> Watched<R> {
    fn new(input: R) -> Self {
        let quotes = Quotes {
            line: 1,
            inside: false,
            opened_on: 0,
            suspect: None,
            irregular: false,
            last: None,
            closed_last: false,
            at: 0,
        };
        Self { input, watch: Rc::new(RefCell::new(quotes)) }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.watch.borrow_mut().take(&buffer[..read]);
        Ok(read)
    }
}
