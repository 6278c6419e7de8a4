//! From cells to typed rows: one file a kind of record.
//!
//! Decoding works by column: each distinct text of a batch's dictionary is parsed once and its value
//! looked up for every row. Nothing is allocated per row.

pub mod apc;
pub mod cld;
mod clinical;
pub mod deaths;
pub mod ecds;
pub mod events;
pub mod outpatients;
pub mod values;

use crate::day::{Day, OptDay};
use crate::dictionary::Dictionary;
use crate::instant::{DAY_MILLIS, Instant};
use crate::records::key::RecordKey;
use crate::records::quarantine::Reason;
use crate::source::{Batch, Cells};
use arrow_buffer::NullBuffer;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use values::{Moment, Number};

/// What a task noticed besides its rows.
#[derive(Debug, Default)]
pub struct Notes {
    /// Rows set aside: row, reason and canonical column.
    pub set_aside: Vec<(u32, Reason, &'static str)>,
    /// Values that were not understood and are treated as missing, by canonical column.
    pub not_understood: BTreeMap<&'static str, u64>,
    /// Rows whose NHS number is not one to join by: they count as without a person.
    pub untrusted: u64,
}

impl Notes {
    /// Adds what another task of the file noticed.
    pub fn merge(&mut self, other: Self) {
        self.set_aside.extend(other.set_aside);
        self.untrusted += other.untrusted;
        for (column, values) in other.not_understood {
            self.bad(column, values);
        }
    }

    fn bad(&mut self, column: &'static str, values: u64) {
        if values > 0 {
            *self.not_understood.entry(column).or_default() += values;
        }
    }
}

/// The latest day in a column of dates; missing when there is none.
#[must_use]
pub fn latest_day(batch: &Batch<'_>, slot: usize) -> OptDay {
    let mut column = Column::date(slot);
    column.load_dates(batch);
    column.values[..batch.len].iter().map(|moment| moment.day).max().unwrap_or_default()
}

/// The number of a text in a dictionary that is addressed by 16 bits; 0, no value, when the text is
/// missing or the dictionary is full.
fn small(dictionary: &Dictionary, text: &str) -> u16 {
    if values::is_missing(text) {
        return 0;
    }
    u16::try_from(dictionary.intern(text.trim())).unwrap_or(0)
}

/// The values of one column for the rows of a batch.
#[derive(Debug)]
struct Column<T> {
    slot: usize,
    absent: T,
    table: Vec<T>,
    edition: u64,
    numbers: Parsed<T>,
    /// At least one a row; those of a column that the file lacks stay from batch to batch.
    values: Vec<T>,
    /// The cells hold texts or moments, which may not be understood.
    may_be_bad: bool,
}

impl<T: Copy> Column<T> {
    fn new(slot: usize, absent: T) -> Self {
        Self {
            slot,
            absent,
            table: Vec::new(),
            edition: 0,
            numbers: Parsed::default(),
            values: Vec::new(),
            may_be_bad: false,
        }
    }

    #[inline]
    fn at(&self, row: usize) -> T {
        self.values[row]
    }

    /// Loads a batch; `parse` gives the value of a text. Missing cells are `absent`.
    fn load(&mut self, batch: &Batch<'_>, mut parse: impl FnMut(&str) -> T) {
        let Self { slot, absent, table, edition, numbers, values, may_be_bad } = self;
        let absent = *absent;
        *may_be_bad = true;
        match batch.cells[*slot] {
            Cells::Absent => {
                *may_be_bad = false;
                if values.len() < batch.len {
                    values.resize(batch.len, absent);
                }
            }
            Cells::Coded { keys, nulls, words, edition: now } => {
                if *edition != now {
                    table.clear();
                    *edition = now;
                }
                table.extend((table.len()..words.len()).map(|n| parse(words.get(n))));
                let value = |key| table.get(key as usize).copied().unwrap_or(absent);
                fill(values, keys, nulls, absent, value);
            }
            Cells::Integers(cells, nulls) | Cells::Millis(cells, nulls) => {
                fill(values, cells, nulls, absent, |number| {
                    numbers.get(number, || parse(&number.to_string()))
                });
            }
            Cells::Days(cells, nulls) => fill(values, cells, nulls, absent, |day| {
                numbers.get(i64::from(day), || parse(&Day(day).to_string()))
            }),
            ref texts => {
                values.clear();
                values.extend(
                    (0..batch.len).map(|row| {
                        std::str::from_utf8(texts.bytes(row)).map_or(absent, &mut parse)
                    }),
                );
            }
        }
    }

    /// How many values of the batch are bad.
    fn bad(&self, batch: &Batch<'_>, is_bad: impl Fn(&T) -> bool) -> u64 {
        let values = if self.may_be_bad { &self.values[..batch.len] } else { &[] };
        values.iter().filter(|value| is_bad(value)).count() as u64
    }
}

/// The values of numbers that stand for texts. Most are codes, which are small.
#[derive(Debug)]
struct Parsed<T> {
    small: Vec<Option<T>>,
    others: HashMap<i64, T>,
}

impl<T> Default for Parsed<T> {
    fn default() -> Self {
        Self { small: Vec::new(), others: HashMap::new() }
    }
}

impl<T: Copy> Parsed<T> {
    const SMALL: usize = 1 << 10;

    #[inline(always)]
    fn get(&mut self, number: i64, parse: impl FnOnce() -> T) -> T {
        match usize::try_from(number) {
            Ok(n) if n < Self::SMALL => {
                if self.small.is_empty() {
                    self.small.resize(Self::SMALL, None);
                }
                *self.small[n].get_or_insert_with(parse)
            }
            _ => *self.others.entry(number).or_insert_with(parse),
        }
    }
}

impl Column<Moment> {
    fn date(slot: usize) -> Self {
        Self::new(slot, Moment::NONE)
    }

    /// Dates of hospital, emergency and death records.
    fn load_dates(&mut self, batch: &Batch<'_>) {
        self.load_dates_unless(batch, values::is_sentinel);
    }

    /// Dates of social care records.
    fn load_care_dates(&mut self, batch: &Batch<'_>) {
        self.load_dates_unless(batch, values::is_open_end);
    }

    fn load_dates_unless(&mut self, batch: &Batch<'_>, missing: impl Fn(Day) -> bool + Copy) {
        let values = &mut self.values;
        match batch.cells[self.slot] {
            Cells::Days(cells, nulls) => {
                self.may_be_bad = false;
                fill(values, cells, nulls, Moment::NONE, |day| Moment::from_day(day, missing));
            }
            Cells::Millis(cells, nulls) => {
                self.may_be_bad = true;
                fill(values, cells, nulls, Moment::NONE, |n| Moment::from_millis(n, missing));
            }
            _ => self.load(batch, |text| values::date(text, missing)),
        }
    }

    /// Counts values that are not dates under the column's name.
    fn count_bad(&self, batch: &Batch<'_>, name: &'static str, notes: &mut Notes) {
        notes.bad(name, self.bad(batch, |value| value.bad));
    }
}

impl Column<Number> {
    fn number(slot: usize) -> Self {
        Self::new(slot, Number::NONE)
    }

    fn load_numbers(&mut self, batch: &Batch<'_>) {
        if let Cells::Integers(cells, nulls) = batch.cells[self.slot] {
            self.may_be_bad = true;
            fill(&mut self.values, cells, nulls, Number::NONE, Number::new);
        } else {
            self.load(batch, values::number);
        }
    }

    fn count_bad(&self, batch: &Batch<'_>, name: &'static str, notes: &mut Notes) {
        notes.bad(name, self.bad(batch, |value| value.is_bad()));
    }
}

/// A moment to the millisecond: none when missing, `Err` when it cannot be understood.
type Stamp = Result<Option<Instant>, ()>;

impl Column<Stamp> {
    fn load_instants(&mut self, batch: &Batch<'_>) {
        match batch.cells[self.slot] {
            Cells::Millis(cells, nulls) => {
                fill(&mut self.values, cells, nulls, Ok(None), |cell| Ok(Some(Instant(cell))));
            }
            Cells::Days(cells, nulls) => {
                let midnight = |day| Ok(Some(Instant::midnight(Day(day))));
                fill(&mut self.values, cells, nulls, Ok(None), midnight);
            }
            _ => self.load(batch, instant),
        }
    }
}

impl Column<Option<RecordKey>> {
    fn key(slot: usize) -> Self {
        Self::new(slot, None)
    }

    fn load_keys(&mut self, batch: &Batch<'_>) {
        let values = &mut self.values;
        match batch.cells[self.slot] {
            Cells::Absent if values.len() >= batch.len => {}
            Cells::Absent => values.resize(batch.len, None),
            Cells::Integers(cells, nulls) => fill(values, cells, nulls, None, |n| {
                u64::try_from(n).ok().map(RecordKey::from_number)
            }),
            ref cells => {
                values.clear();
                values.extend((0..batch.len).map(|row| {
                    let text = cells.bytes(row);
                    // pandas and Spark write whole numbers of a nullable column with a point
                    let text = text.strip_suffix(b".0").unwrap_or(text);
                    RecordKey::from_text(text).filter(|_| !is_no_key(text))
                }));
            }
        }
    }
}

/// Reads a moment: an ISO date or date and time, with or without a zone, or any date that records may
/// have.
fn instant(text: &str) -> Stamp {
    if values::is_missing(text) {
        return Ok(None);
    }
    if let Some(instant) = Instant::parse(text) {
        return Ok(Some(instant));
    }
    let moment = values::date(text, values::is_sentinel);
    let day = moment.day.get().ok_or(())?;
    let minutes = if moment.minute == values::NO_TIME { 0 } else { moment.minute };
    Ok(Some(Instant(i64::from(day.0) * DAY_MILLIS + i64::from(minutes) * 60_000)))
}

/// Whether the bytes stand for no record.
fn is_no_key(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"null")
}

/// Whether the bytes of a person's identifier stand for nobody (`sus-fields.md` section 2). Other
/// spellings, such as `NA` or `null`, are identifiers like any other.
#[inline]
fn is_nobody(id: &[u8]) -> bool {
    matches!(id, b"" | b"NULL" | b"N/A" | b"-1") || id.iter().all(|&c| c == b'0')
}

/// The identifier in a cell, empty when it stands for nobody.
#[inline]
fn person<'a>(cells: &Cells<'a>, row: usize) -> &'a [u8] {
    let id = cells.bytes(row);
    if is_nobody(id) { &[] } else { id }
}

/// The identifier in a cell of a file that says how far NHS numbers are to be trusted: empty, and
/// noted, where it is not to be joined by.
#[inline(always)]
fn trusted_person<'a>(
    cells: &Cells<'a>,
    row: usize,
    is_untrusted: &Column<bool>,
    notes: &mut Notes,
) -> &'a [u8] {
    let id = person(cells, row);
    if is_untrusted.at(row) && !id.is_empty() {
        notes.untrusted += 1;
        return &[];
    }
    id
}

/// Makes `values` those of the cells, `absent` where a cell is missing.
#[inline]
fn fill<C: Copy, V: Copy>(
    values: &mut Vec<V>,
    cells: &[C],
    nulls: Option<&NullBuffer>,
    absent: V,
    mut value: impl FnMut(C) -> V,
) {
    values.clear();
    let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) else {
        values.extend(cells.iter().map(|&cell| value(cell)));
        return;
    };
    values.resize(cells.len(), absent);
    let known = nulls.inner().bit_chunks();
    let words = values.chunks_mut(64).zip(cells.chunks(64)).zip(known.iter_padded());
    for ((values, cells), mut known) in words {
        while known != 0 {
            let n = known.trailing_zeros() as usize;
            values[n] = value(cells[n]);
            known &= known - 1;
        }
    }
}

/// The day of an essential date: `Err` with the column's name when it cannot be understood.
fn essential(moment: Moment, name: &'static str) -> Result<OptDay, &'static str> {
    if moment.bad { Err(name) } else { Ok(moment.day) }
}
