//! A growing list in pieces of one size: rows are never moved when it grows, and what it holds beyond
//! its rows is less than one piece.

use std::ops::Index;

/// Rows a piece: few, since every partition and kind of record has one that is not full.
const PIECE: usize = 1 << 8;

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
        match self.pieces.last_mut() {
            Some(last) if last.len() < PIECE => last.push(row),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push(row);
                self.pieces.push(piece);
            }
        }
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
    pub fn pieces(&self) -> impl Iterator<Item = &[R]> {
        self.pieces.iter().map(Vec::as_slice)
    }

    /// The rows in order, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.pieces.iter_mut().flatten()
    }
}

impl<R: Clone> Chunks<R> {
    /// Adds copies of a row until there are this many.
    pub fn fill_up(&mut self, len: usize, row: &R) {
        for _ in self.len()..len {
            self.push(row.clone());
        }
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
}
