//! Counts by council as a plain array, for measures that meet a council of nearly every person.

use super::councils;
use crate::figure::Area;
use crate::frame::Frame;
use crate::place::Places;
use std::collections::BTreeMap;

/// Counts by number of council in [`Places`], 0 being none.
#[derive(Clone, Debug, Default)]
pub(super) struct ByCouncil<A>(Vec<A>);

impl<A: Clone + Default + PartialEq> ByCouncil<A> {
    /// The counts of a council.
    pub(super) fn at(&mut self, council: u16) -> &mut A {
        let council = usize::from(council);
        if self.0.len() <= council {
            self.0.resize(council + 1, A::default());
        }
        &mut self.0[council]
    }

    /// Adds the counts of other people.
    pub(super) fn merge(&mut self, other: &Self, add: impl Fn(&mut A, &A)) {
        for (council, counts) in (0..=u16::MAX).zip(&other.0) {
            add(self.at(council), counts);
        }
    }

    /// The counts of England, of regions by name and of councils by code. A council has a row when it
    /// is listed, covered by records, or has counted anything.
    pub(super) fn with_sums(
        &self,
        places: &Places,
        frame: &Frame,
        add: impl Fn(&mut A, &A),
    ) -> Vec<(Area, A)> {
        let grid = councils::with_a_row(places, frame);
        let mut rows: BTreeMap<u16, A> =
            grid.into_iter().map(|council| (council, A::default())).collect();
        for (council, counts) in (0..=u16::MAX).zip(&self.0) {
            if *counts != A::default() {
                rows.insert(council, counts.clone());
            }
        }
        councils::with_sums(places, &rows, add)
    }
}
