//! The attrition of a table by council, so that a council can tell where its rows went.
//!
//! A person's rows are counted together. Where they are of several councils, the filters cannot say
//! whose rows they left out: these rows are one step of their own.

use crate::attrition::{Attrition, FilterText, Steps};
use crate::figure::{Area, AttritionStep};
use crate::place::Places;

/// Rows of each council by the filter at which they fell, people apart.
#[derive(Clone, Debug)]
pub(super) struct ByCouncil {
    /// By number in [`Places`].
    councils: Vec<Attrition>,
    filters: usize,
}

impl ByCouncil {
    /// No rows yet, with this many filters.
    pub(super) const fn new(filters: usize) -> Self {
        Self { councils: Vec::new(), filters }
    }

    /// Counts rows of a council that fell at a filter, or passed when the position is the number of
    /// filters.
    #[inline]
    pub(super) fn rows(&mut self, council: u16, position: usize, rows: i64) {
        // the filters are followed by that of rows of several councils
        let position = if position == self.filters { position + 1 } else { position };
        self.count(council, position, rows);
    }

    /// Counts a row of a person whose rows are of several councils.
    pub(super) fn shared(&mut self, council: u16) {
        self.count(council, self.filters, 1);
    }

    fn count(&mut self, council: u16, position: usize, rows: i64) {
        self.grow(usize::from(council) + 1);
        if let Some(attrition) = self.councils.get_mut(usize::from(council)) {
            attrition.records_at(position, rows);
        }
    }

    fn grow(&mut self, councils: usize) {
        if self.councils.len() < councils {
            self.councils.resize(councils, Attrition::new(self.filters + 1));
        }
    }

    /// Adds the counts of other people.
    pub(super) fn merge(&mut self, other: &Self) {
        self.grow(other.councils.len());
        for (mine, theirs) in self.councils.iter_mut().zip(&other.councils) {
            mine.merge(theirs);
        }
    }

    /// Writes the steps of every council with rows, by code.
    pub(super) fn steps(
        &self,
        of: &Steps<'_>,
        start: &FilterText,
        filters: &[FilterText],
        places: &Places,
        out: &mut Vec<(Area, AttritionStep)>,
    ) {
        let shared: FilterText =
            ("N2", "of a person with rows of several councils, counted in England's steps".into());
        let mut steps = Vec::new();
        for (council, attrition) in (0u16..).zip(&self.councils).skip(1) {
            let filters = filters.iter().chain([&shared]).cloned();
            attrition.steps(of, start.clone(), filters, &mut steps);
            let has_rows = steps.first().is_some_and(|step| step.records_left != 0);
            let area = places.area(crate::figure::AreaType::La, council);
            let steps = steps.drain(..).filter(|_| has_rows);
            out.extend(
                steps.map(|step| (area.clone(), AttritionStep { people_left: None, ..step })),
            );
        }
    }
}
