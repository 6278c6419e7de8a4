//! From cells to typed rows: one file a kind of record.
//!
//! Decoding works by column: each distinct text of a batch's dictionary is parsed once and its value
//! looked up for every row. Nothing is allocated per row.

pub mod apc;
pub mod cld;
pub mod deaths;
pub mod ecds;
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
}

impl Notes {
    /// Adds what another task of the file noticed.
    pub fn merge(&mut self, other: Self) {
        self.set_aside.extend(other.set_aside);
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
    column.values.iter().map(|moment| moment.day).max().unwrap_or_default()
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
    numbers: HashMap<i64, T>,
    values: Vec<T>,
}

impl<T: Copy> Column<T> {
    fn new(slot: usize, absent: T) -> Self {
        Self {
            slot,
            absent,
            table: Vec::new(),
            edition: 0,
            numbers: HashMap::new(),
            values: Vec::new(),
        }
    }

    #[inline]
    fn at(&self, row: usize) -> T {
        self.values[row]
    }

    /// Loads a batch; `parse` gives the value of a text. Missing cells are `absent`.
    fn load(&mut self, batch: &Batch<'_>, mut parse: impl FnMut(&str) -> T) {
        let Self { slot, absent, table, edition, numbers, values } = self;
        let absent = *absent;
        values.clear();
        match batch.cells[*slot] {
            Cells::Absent => {}
            Cells::Coded { keys, nulls, words, edition: now } => {
                if *edition != now {
                    table.clear();
                    *edition = now;
                }
                table.extend((table.len()..words.len()).map(|n| parse(words.get(n))));
                let value = |key: &i32| table.get(*key as usize).copied().unwrap_or(absent);
                match nulls {
                    None => values.extend(keys.iter().map(value)),
                    Some(nulls) => values.extend(
                        keys.iter().zip(nulls).map(|(k, ok)| if ok { value(k) } else { absent }),
                    ),
                }
            }
            Cells::Integers(cells, nulls) | Cells::Millis(cells, nulls) => {
                each(cells, nulls, |cell| {
                    values.push(cell.map_or(absent, |number| {
                        *numbers.entry(number).or_insert_with(|| parse(&number.to_string()))
                    }));
                });
            }
            Cells::Days(cells, nulls) => each(cells, nulls, |cell| {
                values.push(cell.map_or(absent, |day| {
                    *numbers.entry(i64::from(day)).or_insert_with(|| parse(&Day(day).to_string()))
                }));
            }),
            ref texts => values.extend(
                (0..batch.len)
                    .map(|row| std::str::from_utf8(texts.bytes(row)).map_or(absent, &mut parse)),
            ),
        }
        values.resize(batch.len, absent);
    }
}

impl Column<Moment> {
    fn date(slot: usize) -> Self {
        Self::new(slot, Moment::NONE)
    }

    fn load_dates(&mut self, batch: &Batch<'_>) {
        match batch.cells[self.slot] {
            Cells::Days(cells, nulls) => {
                self.values.clear();
                let values = &mut self.values;
                each(cells, nulls, |day| values.push(Moment::from_day(day)));
            }
            Cells::Millis(cells, nulls) => {
                self.values.clear();
                let values = &mut self.values;
                each(cells, nulls, |millis| values.push(Moment::from_millis(millis)));
            }
            _ => self.load(batch, values::date),
        }
    }

    /// Counts values that are not dates under the column's name.
    fn count_bad(&self, name: &'static str, notes: &mut Notes) {
        notes.bad(name, self.values.iter().filter(|value| value.bad).count() as u64);
    }
}

impl Column<Number> {
    fn number(slot: usize) -> Self {
        Self::new(slot, Number::NONE)
    }

    fn load_numbers(&mut self, batch: &Batch<'_>) {
        if let Cells::Integers(cells, nulls) = batch.cells[self.slot] {
            self.values.clear();
            let values = &mut self.values;
            each(cells, nulls, |cell| values.push(cell.map_or(Number::NONE, Number::new)));
        } else {
            self.load(batch, values::number);
        }
    }

    fn count_bad(&self, name: &'static str, notes: &mut Notes) {
        notes.bad(name, self.values.iter().filter(|value| value.is_bad()).count() as u64);
    }
}

/// An import time: none when missing, `Err` when it cannot be understood.
type Import = Result<Option<Instant>, ()>;

impl Column<Import> {
    fn load_instants(&mut self, batch: &Batch<'_>) {
        if let Cells::Millis(cells, nulls) = batch.cells[self.slot] {
            self.values.clear();
            let values = &mut self.values;
            each(cells, nulls, |cell| values.push(Ok(cell.map(Instant))));
            return;
        }
        self.load(batch, |text| {
            if values::is_missing(text) {
                return Ok(None);
            }
            if let Some(instant) = Instant::parse(text) {
                return Ok(Some(instant));
            }
            let moment = values::date(text);
            let day = moment.day.get().ok_or(())?;
            let minutes = if moment.minute == values::NO_TIME { 0 } else { moment.minute };
            Ok(Some(Instant(i64::from(day.0) * DAY_MILLIS + i64::from(minutes) * 60_000)))
        });
    }
}

impl Column<Option<RecordKey>> {
    fn key(slot: usize) -> Self {
        Self::new(slot, None)
    }

    fn load_keys(&mut self, batch: &Batch<'_>) {
        self.values.clear();
        let values = &mut self.values;
        match batch.cells[self.slot] {
            Cells::Absent => {}
            Cells::Integers(cells, nulls) => each(cells, nulls, |cell| {
                values.push(cell.filter(|&n| n >= 0).map(|n| RecordKey::from_number(n as u64)));
            }),
            ref cells => values.extend((0..batch.len).map(|row| {
                let text = cells.bytes(row);
                // pandas and Spark write whole numbers of a nullable column with a point
                let text = text.strip_suffix(b".0").unwrap_or(text);
                RecordKey::from_text(text).filter(|_| !is_no_key(text))
            })),
        }
        values.resize(batch.len, None);
    }
}

/// Whether the bytes stand for no record.
fn is_no_key(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"null")
}

/// Whether the bytes of a person's identifier stand for nobody (`sus-fields.md` section 2). Other
/// spellings, such as `NA` or `null`, are identifiers like any other.
fn is_nobody(id: &[u8]) -> bool {
    matches!(id, b"" | b"NULL" | b"N/A" | b"-1") || id.iter().all(|&c| c == b'0')
}

/// The identifier in a cell, empty when it stands for nobody.
#[inline]
fn person<'a>(cells: &Cells<'a>, row: usize) -> &'a [u8] {
    let id = cells.bytes(row);
    if is_nobody(id) { &[] } else { id }
}

fn each<T: Copy>(cells: &[T], nulls: Option<&NullBuffer>, mut take: impl FnMut(Option<T>)) {
    match nulls {
        None => cells.iter().for_each(|&cell| take(Some(cell))),
        Some(nulls) => cells.iter().zip(nulls).for_each(|(&cell, ok)| take(ok.then_some(cell))),
    }
}

/// The day of an essential date: `Err` with the column's name when it cannot be understood.
fn essential(moment: Moment, name: &'static str) -> Result<OptDay, &'static str> {
    if moment.bad { Err(name) } else { Ok(moment.day) }
}
