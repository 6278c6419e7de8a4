//! How rows wait in memory: what nearly every file fills apart from the rest.
//!
//! Files of prepared spells or events fill little more than half of a row, and memory is what limits how
//! many rows a modest machine can link. The rest is held beside the rows from the first row on that fills
//! any of it.

/// A row by its fields: those of the main part, then those of the rest with what they are when nothing is
/// filled. The types `Main` and `Rest` are made beside it.
macro_rules! parts {
    (
        $row:ident by $order:expr;
        main { $($main:ident: $main_type:ty,)+ }
        rest { $($rest:ident: $rest_type:ty = $empty:expr,)+ }
    ) => {
        /// What nearly every file fills.
        #[derive(Clone, Copy, Debug)]
        pub struct Main {
            $($main: $main_type,)+
        }

        /// What many files fill nothing of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Rest {
            $($rest: $rest_type,)+
        }

        impl $crate::records::kept::Parts for $row {
            type Main = Main;
            type Rest = Rest;

            const EMPTY: Rest = Rest { $($rest: $empty,)+ };

            #[inline]
            fn split(self) -> (Main, Rest) {
                (Main { $($main: self.$main,)+ }, Rest { $($rest: self.$rest,)+ })
            }

            #[inline]
            fn join(main: Main, rest: Rest) -> Self {
                Self { $($main: main.$main,)+ $($rest: rest.$rest,)+ }
            }

            #[inline]
            fn order(main: &Main) -> u128 {
                let order: fn(&Main) -> u128 = $order;
                order(main)
            }
        }
    };
}

mod apc;
mod cld;
mod event;

use crate::chunks::Chunks;
use crate::records::appointment::Appointment;
use crate::records::death::DeathRecord;
use crate::records::ecds::Attendance;

/// A row in two parts.
pub trait Parts: Copy {
    /// What nearly every file fills.
    type Main: Copy + Send;
    /// What many files fill nothing of.
    type Rest: Copy + PartialEq + Send;

    /// The rest of a row of which nothing is filled.
    const EMPTY: Self::Rest;

    /// The two parts of the row.
    fn split(self) -> (Self::Main, Self::Rest);

    /// The two parts of the row; no rest where nothing of it is filled.
    #[inline]
    fn filled(self) -> (Self::Main, Option<Self::Rest>) {
        let (main, rest) = self.split();
        (main, Some(rest).filter(|rest| *rest != Self::EMPTY))
    }

    /// The row of two parts.
    fn join(main: Self::Main, rest: Self::Rest) -> Self;

    /// What the rows of one person are ordered by, so that the order of reading does not matter: one
    /// number, which is compared at once.
    fn order(main: &Self::Main) -> u128;
}

/// The order of rows by something, then by their place in the input.
#[inline]
const fn row_order(first: u64, file: u16, row: u32) -> u128 {
    (first as u128) << 64 | (file as u128) << 32 | row as u128
}

/// Rows that are all main part.
macro_rules! whole {
    ($($row:ty),+) => {$(
        impl Parts for $row {
            type Main = Self;
            type Rest = ();
            const EMPTY: () = ();

            #[inline]
            fn split(self) -> (Self, ()) {
                (self, ())
            }

            #[inline]
            fn join(main: Self, (): ()) -> Self {
                main
            }

            #[inline]
            fn order(main: &Self) -> u128 {
                row_order(0, main.file, main.row)
            }
        }
    )+};
}

whole!(Attendance, Appointment, DeathRecord);

/// Rows in the order in which they were pushed.
#[derive(Clone, Debug)]
pub struct Kept<R: Parts> {
    main: Chunks<R::Main>,
    rest: Chunks<R::Rest>,
}

impl<R: Parts> Default for Kept<R> {
    fn default() -> Self {
        Self { main: Chunks::default(), rest: Chunks::default() }
    }
}

impl<R: Parts> Kept<R> {
    /// Adds at the end the row that stands at each of `places`, in their order: `main` gives its main
    /// part, `rests` holds its rest, or nothing where nothing of any rest is filled.
    #[inline]
    pub fn extend_by(
        &mut self,
        places: &[u32],
        main: impl Fn(usize) -> R::Main,
        rests: &[R::Rest],
    ) {
        let before = self.main.len();
        self.main.extend_by(places, main);
        if !rests.is_empty() {
            self.rest.fill_up(before, &R::EMPTY);
            self.rest.extend_by(places, |place| rests[place]);
        } else if !self.rest.is_empty() {
            self.rest.fill_up(self.main.len(), &R::EMPTY);
        }
    }

    /// The row at a position, as it was pushed.
    #[must_use]
    #[inline]
    pub fn get(&self, n: usize) -> R {
        let rest = if self.rest.is_empty() { R::EMPTY } else { self.rest[n] };
        R::join(self.main[n], rest)
    }

    /// The rows in order, as they were pushed.
    pub fn iter(&self) -> impl Iterator<Item = R> + Clone + '_ {
        (0..self.len()).map(|n| self.get(n))
    }

    /// The main parts in order, and the rests: as many, or none when all are empty.
    #[must_use]
    pub fn parts(&self) -> (&Chunks<R::Main>, &Chunks<R::Rest>) {
        (&self.main, &self.rest)
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.main.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.main.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;

    impl<R: Parts> Kept<R> {
        /// Adds a row at the end.
        pub(crate) fn push(&mut self, row: R) {
            let (main, rest) = row.filled();
            self.extend_by(&[0], |_| main, rest.as_slice());
        }
    }

    /// Rows come back as they were, and nothing is held beside plain ones.
    pub(super) fn check<R: Parts + PartialEq + Debug>(plain: R, full: R) {
        assert!(plain.split().1 == R::EMPTY && full.split().1 != R::EMPTY);
        let rows = [plain, plain, full, plain];
        let mut kept = Kept::<R>::default();
        for (n, row) in rows.into_iter().enumerate() {
            kept.push(row);
            assert_eq!(kept.rest.len(), if n < 2 { 0 } else { n + 1 });
        }
        assert_eq!(kept.len(), 4);
        assert!(kept.iter().eq(rows));
    }
}
