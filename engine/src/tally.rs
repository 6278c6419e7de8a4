//! Counts of records by place, strata and a small number of the measure's own, spread over areas and
//! breakdowns only at the end.

use crate::figure::AreaType;
use crate::place::Places;
use crate::stratum::{Dimension, Strata};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// Where a record counts. All numbers are those of [`Places`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cell {
    /// Position of the period.
    pub period: u16,
    /// Council of residence.
    pub council: u16,
    /// Provider.
    pub provider: u16,
    /// Levels of every breakdown.
    pub strata: Strata,
}

/// Records by cell and by a value that means something to the measure (days, a pattern of outcomes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: HashMap<(Cell, u64), i64>,
}

/// A row of a table: period, area and one value of one breakdown, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Position of the period.
    pub period: u16,
    /// Kind of area.
    pub kind: AreaType,
    /// Number of the area in [`Places`]; 0 for England.
    pub area: u16,
    /// Breakdown.
    pub dimension: Dimension,
    /// Position of the value among [`Dimension::values`].
    pub value: u8,
}

impl Row {
    /// England's total of a period.
    #[must_use]
    pub const fn england(period: u16) -> Self {
        let (kind, dimension) = (AreaType::England, Dimension::Total);
        Self { period, kind, area: 0, dimension, value: 0 }
    }
}

impl Tally {
    /// Counts one record.
    #[inline]
    pub fn add(&mut self, cell: Cell, value: u64) {
        *self.counts.entry((cell, value)).or_default() += 1;
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        if self.counts.is_empty() {
            self.counts = other.counts;
            return;
        }
        for (key, records) in other.counts {
            *self.counts.entry(key).or_default() += records;
        }
    }

    /// The counts of the cells that `keep` keeps.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&Cell) -> bool) -> Self {
        let kept = self.counts.iter().filter(|((cell, _), _)| keep(cell));
        Self { counts: kept.map(|(&key, &records)| (key, records)).collect() }
    }

    /// The counts summed by `add` into one accumulator a row: England, regions, councils and
    /// providers, each by every breakdown. A record without a council or provider counts in England
    /// alone. England's total of each of the `periods` is there even if nothing counts in it.
    /// `add` takes (accumulator, value, records) and must commute.
    pub fn rows<A: Default>(
        &self,
        places: &Places,
        dimensions: &[Dimension],
        periods: usize,
        mut add: impl FnMut(&mut A, u64, i64),
    ) -> BTreeMap<Row, A> {
        let mut rows: HashMap<Row, A> = HashMap::new();
        for period in 0..periods {
            rows.entry(Row::england(period as u16)).or_default();
        }
        for (&(cell, value), &records) in &self.counts {
            let areas = [
                (AreaType::England, 0),
                (AreaType::Region, places.region(cell.council)),
                (AreaType::La, cell.council),
                (AreaType::Provider, cell.provider),
            ];
            for &dimension in dimensions {
                for position in dimension.values_of(cell.strata) {
                    for (kind, area) in areas {
                        if area != 0 || kind == AreaType::England {
                            let period = cell.period;
                            let row = Row { period, kind, area, dimension, value: position };
                            add(rows.entry(row).or_default(), value, records);
                        }
                    }
                }
            }
        }
        rows.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;

    #[test]
    fn a_record_counts_in_each_of_its_areas_and_overlapping_bands() {
        let frame = Frame {
            la_codes: ["", "101"].map(Box::from).into(),
            providers: ["", "RAA"].map(Box::from).into(),
            ..Frame::default()
        };
        let places = Places::new(&frame);
        let mut tally = Tally::default();
        let strata = Strata::default().with(Dimension::AgeBand, 4);
        let cell = Cell { period: 0, council: 1, provider: 0, strata };
        tally.add(cell, 7);
        tally.add(cell, 7);
        tally.add(Cell { provider: 1, council: 0, ..cell }, 1);
        let mut twice = tally.clone();
        twice.merge(tally);
        let rows = twice.rows(
            &places,
            &[Dimension::Total, Dimension::PublishedAgeBand],
            2,
            |sum: &mut i64, value, records| *sum += value as i64 * records,
        );
        let listed: Vec<_> = rows
            .iter()
            .map(|(row, sum)| {
                let code = places.area(row.kind, row.area).code;
                (row.period, code, row.dimension.stratum(row.value), *sum)
            })
            .collect();
        let mut wanted = Vec::new();
        for (code, sum) in [("E92000001", 30), ("101", 28), ("RAA", 2)] {
            for stratum in ["", "age_band=16+", "age_band=16-74"] {
                wanted.push((0, code.to_owned(), stratum.to_owned(), sum));
            }
        }
        wanted.push((1, "E92000001".into(), String::new(), 0));
        assert_eq!(listed, wanted);
    }
}
