//! A growing list in pieces of one size: rows are never moved when it grows, and what it holds beyond
//! its rows is less than one piece.

use std::ops::{Index, Range};

/// Rows a piece: few beside those of a partition, since each kind of record has a piece that is not full.
const PIECE: usize = 1 << 11;

/// Rows in the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct Chunks<R> {
    pieces: Vec<Vec<R>>,
}

impl<R> Default for Chunks<R> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<R> Chunks<R> {
    /// Adds a row at the end.
    #[inline]
    pub fn push(&mut self, row: R) {
        self.open().push(row);
    }

    /// The last piece, with room for a row or more.
    #[inline]
    fn open(&mut self) -> &mut Vec<R> {
        if self.pieces.last().is_none_or(|last| last.len() == PIECE) {
            self.pieces.push(Vec::with_capacity(PIECE));
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    /// Adds `count` rows at the end, piece by piece: `part` adds to a piece those of a range of them.
    fn extend(&mut self, count: usize, mut part: impl FnMut(&mut Vec<R>, Range<usize>)) {
        let mut done = 0;
        while done < count {
            let piece = self.open();
            let end = count.min(done + PIECE - piece.len());
            part(piece, done..end);
            done = end;
        }
    }

    /// Adds at the end the row that `row` gives for each of `places`, in their order.
    #[inline]
    pub fn extend_by(&mut self, places: &[u32], row: impl Fn(usize) -> R) {
        self.extend(places.len(), |piece, range| {
            piece.extend(places[range].iter().map(|&place| row(place as usize)));
        });
    }

    /// Adds at the end the rows that `row` gives for the numbers from 0 to `count`.
    #[inline]
    pub fn extend_with(&mut self, count: usize, row: impl Fn(usize) -> R) {
        self.extend(count, |piece, range| piece.extend(range.map(&row)));
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| (self.pieces.len() - 1) * PIECE + last.len())
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &R> + Clone {
        self.pieces.iter().flatten()
    }

    /// The rows in order, piece by piece: all pieces but the last have the same number of rows.
    pub fn pieces(&self) -> impl Iterator<Item = &[R]> + Clone {
        self.pieces.iter().map(Vec::as_slice)
    }

    /// The rows in order, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.pieces.iter_mut().flatten()
    }
}

impl<R: Clone> Chunks<R> {
    /// Adds copies of these rows at the end.
    pub fn extend_from_slice(&mut self, rows: &[R]) {
        self.extend(rows.len(), |piece, range| piece.extend_from_slice(&rows[range]));
    }

    /// Adds copies of a row until there are this many.
    pub fn fill_up(&mut self, len: usize, row: &R) {
        self.extend(len.saturating_sub(self.len()), |piece, range| {
            piece.resize(piece.len() + range.len(), row.clone());
        });
    }
}

impl<R> Index<usize> for Chunks<R> {
    type Output = R;

    #[inline]
    fn index(&self, n: usize) -> &R {
        &self.pieces[n / PIECE][n % PIECE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_places_over_pieces() {
        let mut rows = Chunks::default();
        assert!(rows.is_empty());
        for n in 0..3 * PIECE + 5 {
            rows.push(n);
        }
        rows.fill_up(3 * PIECE + 7, &9);
        rows.fill_up(2, &9);
        assert_eq!(rows.len(), 3 * PIECE + 7);
        assert_eq!((rows[PIECE - 1], rows[PIECE], rows[3 * PIECE + 6]), (PIECE - 1, PIECE, 9));
        assert!(rows.iter().take(3 * PIECE + 5).copied().eq(0..3 * PIECE + 5));
    }

    #[test]
    fn rows_that_come_together_stand_as_if_they_had_come_one_by_one() {
        for count in [0, 1, PIECE - 2, PIECE - 1, 2 * PIECE + 3] {
            let mut rows = Chunks::default();
            rows.push(0);
            let own: Vec<usize> = (1..=count).collect();
            rows.extend_from_slice(&own);
            let places: Vec<u32> = (0..count as u32).rev().collect();
            rows.extend_by(&places, |place| own[place]);
            let all = (0..=count).chain((1..=count).rev());
            assert!(rows.iter().copied().eq(all), "{count}");
            let full = rows.len() / PIECE;
            assert!(rows.pieces().take(full).all(|piece| piece.len() == PIECE), "{count}");
        }
    }
}
