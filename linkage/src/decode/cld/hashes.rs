//! Record numbers of files that have none.

use crate::decode::fill;
use crate::source::{Batch, Cells};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Hashes of the mapped cells of each row: the record number of files that have none. It depends on
/// what the row says and not on where it stands, so that the same rows in another order, or split over
/// other files, keep their numbers. The top bit is cleared by the reader of `rows`.
#[derive(Debug, Default)]
pub(super) struct Hashes {
    pub rows: Vec<u64>,
    tables: Vec<(u64, Vec<u64>)>,
    column: Vec<u64>,
}

impl Hashes {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

    pub fn load(&mut self, batch: &Batch<'_>) {
        let Self { rows, tables, column } = self;
        rows.clear();
        rows.resize(batch.len, 0);
        tables.resize_with(batch.cells.len(), Default::default);
        for ((n, cells), (edition, table)) in batch.cells.iter().enumerate().zip(tables) {
            let seed = n as u64;
            match *cells {
                Cells::Absent => continue,
                Cells::Coded { keys, nulls, words, edition: now } => {
                    if *edition != now {
                        table.clear();
                        *edition = now;
                    }
                    let hash = |n| xxh3_64_with_seed(words.get(n).trim().as_bytes(), seed);
                    table.extend((table.len()..words.len()).map(hash));
                    fill(column, keys, nulls, seed, |key| {
                        table.get(key as usize).copied().unwrap_or(seed)
                    });
                }
                Cells::Days(days, nulls) => {
                    fill(column, days, nulls, seed, |day| Self::of_number(i64::from(day)));
                }
                Cells::Millis(numbers, nulls) | Cells::Integers(numbers, nulls) => {
                    fill(column, numbers, nulls, seed, Self::of_number);
                }
                ref texts => {
                    column.clear();
                    column.extend(
                        (0..batch.len).map(|row| xxh3_64_with_seed(texts.bytes(row), seed)),
                    );
                }
            }
            for (sum, hash) in rows.iter_mut().zip(&*column) {
                *sum = (*sum ^ hash).wrapping_mul(Self::ODD).rotate_left(29);
            }
        }
    }

    /// Spreads a number over all bits.
    const fn of_number(number: i64) -> u64 {
        let spread = (number as u64 ^ Self::ODD).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (spread ^ (spread >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
    }
}
