//! How many records and people each filter of a measure leaves: counts that add up to the input.

use crate::figure::{AttritionStep, Unit};
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// Counts of the filters of one measure, part and period, in the order in which they apply. Each
/// record falls at the first filter that it fails, or passes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attrition {
    // by filter; the last entry holds what passed all filters
    records: Vec<i64>,
    people: Vec<i64>,
}

/// A filter in words: the handbook's rule and what it leaves out.
pub type FilterText = (&'static str, String);

impl Attrition {
    /// No records yet, with this many filters.
    #[must_use]
    pub fn new(filters: usize) -> Self {
        Self { records: vec![0; filters + 1], people: vec![0; filters + 1] }
    }

    /// Counts a record that failed the filter at this position (from 0), or passed when the position
    /// is the number of filters.
    #[inline]
    pub fn record(&mut self, position: usize) {
        self.records_at(position, 1);
    }

    /// Counts several records at one position.
    #[inline]
    pub fn records_at(&mut self, position: usize, records: i64) {
        if let Some(count) = self.records.get_mut(position) {
            *count += records;
        }
    }

    /// Counts a person by the furthest position that one of the person's records reached.
    #[inline]
    pub fn person(&mut self, furthest: usize) {
        if let Some(count) = self.people.get_mut(furthest) {
            *count += 1;
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for (count, more) in self.records.iter_mut().zip(&other.records) {
            *count += more;
        }
        for (count, more) in self.people.iter_mut().zip(&other.people) {
            *count += more;
        }
    }

    /// Records that passed every filter.
    #[must_use]
    pub fn passed(&self) -> i64 {
        self.records.last().copied().unwrap_or(0)
    }

    /// Writes the steps: first what there was (`start`), then each filter.
    pub fn steps(
        &self,
        of: &Steps<'_>,
        start: FilterText,
        filters: impl IntoIterator<Item = FilterText>,
        out: &mut Vec<AttritionStep>,
    ) {
        let mut records_left: i64 = self.records.iter().sum();
        let mut people_left: i64 = self.people.iter().sum();
        let texts = std::iter::once(start).chain(filters);
        for (n, (rule, what)) in texts.enumerate() {
            let fell = |counts: &[i64]| n.checked_sub(1).and_then(|n| counts.get(n).copied());
            let records_out = fell(&self.records).unwrap_or(0);
            records_left -= records_out;
            people_left -= fell(&self.people).unwrap_or(0);
            out.push(AttritionStep {
                measure: of.measure,
                part: of.part.into(),
                period: of.period,
                step: n as u16 + 1,
                rule,
                what,
                records_out,
                records_left,
                people_left: Some(people_left),
                unit: of.unit,
            });
        }
    }
}

/// Counts the records of one person in the attrition of a period by the positions at which they fall,
/// and the person, unless it is none, by the furthest.
pub fn count_records(
    attrition: &mut [Attrition],
    period: usize,
    person: &Person<'_>,
    positions: Vec<usize>,
) {
    let Some(counts) = attrition.get_mut(period) else { return };
    positions.iter().for_each(|&position| counts.record(position));
    if let Some(&furthest) = positions.iter().max()
        && person.is_known()
    {
        counts.person(furthest);
    }
}

/// What the steps of an [`Attrition`] belong to.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    /// Measure.
    pub measure: &'static str,
    /// Part; empty when the steps are the same for all.
    pub part: &'a str,
    /// Period, both days included.
    pub period: Period,
    /// What a record is.
    pub unit: Unit,
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::day::Day;

    #[test]
    fn steps_add_up_to_the_input() {
        let mut counts = Attrition::new(2);
        for position in [0, 0, 1, 2] {
            counts.record(position);
        }
        // one person with the first three records, one with the last
        counts.person(1);
        counts.person(2);
        let mut doubled = counts.clone();
        doubled.merge(&counts);
        let of = Steps {
            measure: "los",
            part: "",
            period: Period { start: Day(0), end: Day(1) },
            unit: Unit::Discharges,
        };
        let mut steps = Vec::new();
        let filters = [("A", "first".to_owned()), ("B", "second".to_owned())];
        doubled.steps(&of, ("S", "all".to_owned()), filters, &mut steps);
        let counts: Vec<_> = steps
            .iter()
            .map(|step| {
                (step.step, step.rule, step.records_out, step.records_left, step.people_left)
            })
            .collect();
        assert_eq!(
            counts,
            [(1, "S", 0, 8, Some(4)), (2, "A", 4, 4, Some(4)), (3, "B", 2, 2, Some(2))]
        );
        assert_eq!(doubled.passed(), 2);
    }
}
