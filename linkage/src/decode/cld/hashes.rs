//! Record numbers of files that have none.

use crate::source::{Batch, Cells};
use arrow_buffer::NullBuffer;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Hashes of the mapped cells of each row: the record number of files that have none. It depends on
/// what the row says and not on where it stands, so that the same rows in another order, or split over
/// other files, keep their numbers. The top bit is cleared by the reader of `rows`.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    pub rows: Vec<u64>,
    tables: Vec<(u64, Vec<u64>)>,
}

impl Hashes {
    pub fn load(&mut self, batch: &Batch<'_>) {
        let Self { rows, tables } = self;
        rows.clear();
        rows.resize(batch.len, 0);
        tables.resize_with(batch.cells.len(), Default::default);
        for ((n, cells), (edition, table)) in batch.cells.iter().enumerate().zip(tables) {
            let seed = n as u64;
            match *cells {
                Cells::Absent => {}
                Cells::Coded { keys, nulls, words, edition: now } => {
                    if *edition != now {
                        table.clear();
                        *edition = now;
                    }
                    let hash = |n| xxh3_64_with_seed(words.get(n).trim().as_bytes(), seed);
                    table.extend((table.len()..words.len()).map(hash));
                    let hash = |key| table.get(key as usize).copied().unwrap_or(seed);
                    add(rows, keys, nulls, seed, hash);
                }
                Cells::Days(days, nulls) => {
                    add(rows, days, nulls, seed, |day| of_number(i64::from(day)));
                }
                Cells::Millis(numbers, nulls) | Cells::Integers(numbers, nulls) => {
                    add(rows, numbers, nulls, seed, of_number);
                }
                ref texts => {
                    for (row, sum) in rows.iter_mut().enumerate() {
                        *sum = joined(*sum, xxh3_64_with_seed(texts.bytes(row), seed));
                    }
                }
            }
        }
    }
}

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Adds the hashes of a column to those of the rows, `absent` where a cell is missing.
#[inline]
fn add<C: Copy>(
    rows: &mut [u64],
    cells: &[C],
    nulls: Option<&NullBuffer>,
    absent: u64,
    hash: impl Fn(C) -> u64,
) {
    let rows = rows.iter_mut().zip(cells);
    match nulls.filter(|nulls| nulls.null_count() > 0) {
        None => rows.for_each(|(sum, &cell)| *sum = joined(*sum, hash(cell))),
        Some(nulls) => rows.zip(nulls.inner()).for_each(|((sum, &cell), known)| {
            *sum = joined(*sum, if known { hash(cell) } else { absent });
        }),
    }
}

/// The hash of some columns and one more.
const fn joined(sum: u64, hash: u64) -> u64 {
    (sum ^ hash).wrapping_mul(ODD).rotate_left(29)
}

/// Spreads a number over all bits.
const fn of_number(number: i64) -> u64 {
    let spread = (number as u64 ^ ODD).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (spread ^ (spread >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}
