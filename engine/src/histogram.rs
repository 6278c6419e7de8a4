//! An exact histogram of whole days, from which quantiles come without keeping every record, and the
//! rule of quantiles.

use std::collections::BTreeMap;

/// Days below this are counted in plain arrays, the others in a sorted map.
const DENSE_DAYS: usize = 1 << 12;
/// Days of one array, which is there only if one of its days is.
const ARRAY_DAYS: usize = 1 << 7;

/// How many records have each number of days. Negative days are allowed. Adding and merging commute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    dense: Vec<Vec<i64>>,
    sparse: BTreeMap<i32, i64>,
}

impl Histogram {
    /// Counts `records` (not negative) with this many days.
    #[inline]
    pub fn add(&mut self, days: i32, records: i64) {
        if records == 0 {
            return;
        }
        match usize::try_from(days) {
            Ok(day) if day < DENSE_DAYS => {
                let place = day / ARRAY_DAYS;
                if self.dense.len() <= place {
                    self.dense.resize(place + 1, Vec::new());
                }
                let array = &mut self.dense[place];
                if array.is_empty() {
                    array.resize(ARRAY_DAYS, 0);
                }
                array[day % ARRAY_DAYS] += records;
            }
            _ => *self.sparse.entry(days).or_default() += records,
        }
    }

    /// Adds the records of another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (days, records) in other.iter() {
            self.add(days, records);
        }
    }

    /// Days and their records in the order of days, without empty days.
    pub fn iter(&self) -> impl Iterator<Item = (i32, i64)> + '_ {
        let negative = self.sparse.range(..0).map(|(&days, &records)| (days, records));
        let days = |place: usize| (place * ARRAY_DAYS) as i32..;
        let dense = self.dense.iter().enumerate();
        let dense = dense.flat_map(move |(place, array)| days(place).zip(array.iter().copied()));
        let large = self.sparse.range(0..).map(|(&days, &records)| (days, records));
        negative.chain(dense.filter(|(_, records)| *records != 0)).chain(large)
    }

    /// Number of records.
    #[must_use]
    pub fn records(&self) -> i64 {
        self.iter().map(|(_, records)| records).sum()
    }

    /// Days of all records together.
    #[must_use]
    pub fn total_days(&self) -> i64 {
        self.iter().map(|(days, records)| i64::from(days) * records).sum()
    }

    /// Records with at least this many days.
    #[must_use]
    pub fn at_least(&self, days: i32) -> i64 {
        self.between(days, i32::MAX)
    }

    /// Records with `first` to `last` days, both included.
    #[must_use]
    pub fn between(&self, first: i32, last: i32) -> i64 {
        let inside = self.iter().filter(|(days, _)| (first..=last).contains(days));
        inside.map(|(_, records)| records).sum()
    }

    /// Mean days; `None` without records.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let records = self.records();
        (records > 0).then(|| self.total_days() as f64 / records as f64)
    }

    /// The quantile at `permille` thousandths (500 is the median). `None` without records or above 1000.
    #[must_use]
    pub fn quantile(&self, permille: u16) -> Option<f64> {
        let days = self.iter().map(|(days, records)| (i64::from(days), records));
        quantile_of(days, self.records(), permille)
    }
}

/// The quantile of ordered values at `permille` thousandths. `None` without values or above 1000.
#[must_use]
pub fn quantile(ordered: &[i64], permille: u16) -> Option<f64> {
    quantile_of(ordered.iter().map(|&value| (value, 1)), ordered.len() as i64, permille)
}

/// The quantile of so many records, given as values in order with the records of each: by linear
/// interpolation between order statistics at position `(n - 1) p`, the common type 7 (M0.5). The
/// position is found in integers, so that the result is exact up to one rounding. `None` without records
/// or above 1000.
pub fn quantile_of(
    values: impl Iterator<Item = (i64, i64)>,
    records: i64,
    permille: u16,
) -> Option<f64> {
    if records <= 0 || permille > 1000 {
        return None;
    }
    let position = (i128::from(records) - 1) * i128::from(permille);
    let (below, rest) = (position / 1000, position % 1000);
    let mut seen = 0;
    let mut lower = None;
    for (value, count) in values {
        seen += i128::from(count);
        if lower.is_none() && seen > below {
            lower = Some(value);
        }
        if let Some(lower) = lower
            && (rest == 0 || seen > below + 1)
        {
            let step = i128::from(value) - i128::from(lower);
            let thousandths = i128::from(lower) * 1000 + step * rest;
            return Some(thousandths as f64 / 1000.0);
        }
    }
    lower.map(|lower| lower as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(days: &[i32]) -> Histogram {
        let mut histogram = Histogram::default();
        days.iter().for_each(|&days| histogram.add(days, 1));
        histogram
    }

    #[test]
    fn m0_5_median_of_3_and_7_is_5() {
        assert_eq!(of(&[3, 7]).quantile(500), Some(5.0));
        assert_eq!(of(&[3, 7]).quantile(250), Some(4.0));
        assert_eq!(of(&[7]).quantile(900), Some(7.0));
        assert_eq!(of(&[]).quantile(500), None);
        assert_eq!(of(&[]).mean(), None);
    }

    #[test]
    fn m01_summary_of_the_five_stays() {
        let stays = of(&[0, 3, 14, 39, 7]);
        assert_eq!((stays.records(), stays.total_days(), stays.mean()), (5, 63, Some(12.6)));
        let quantiles = [250, 500, 750, 900].map(|p| stays.quantile(p).unwrap());
        assert_eq!(quantiles, [3.0, 7.0, 14.0, 29.0]);
        assert_eq!([7, 14, 21].map(|days| stays.at_least(days)), [3, 2, 1]);
    }

    proptest! {
        #[test]
        fn quantiles_agree_with_the_sorted_list(
            mut days in prop::collection::vec(prop_oneof![-40i32..1500, 4000i32..9000], 1..60),
            permille in 0u16..=1000,
        ) {
            let histogram = of(&days);
            days.sort_unstable();
            // type 7 by its definition, in exact thousandths
            let position = (days.len() - 1) * usize::from(permille);
            let (below, rest) = (position / 1000, (position % 1000) as i64);
            let low = i64::from(days[below]);
            let high = i64::from(days[(below + 1).min(days.len() - 1)]);
            let wanted = (low * 1000 + (high - low) * rest) as f64 / 1000.0;
            prop_assert_eq!(histogram.quantile(permille), Some(wanted));
            prop_assert_eq!(histogram.total_days(), days.iter().map(|&d| i64::from(d)).sum::<i64>());
            let long = days.iter().filter(|&&d| d >= 500).count() as i64;
            prop_assert_eq!(histogram.at_least(500), long);
        }

        #[test]
        fn merged_histograms_are_the_whole(
            days in prop::collection::vec(prop_oneof![-5i32..1000, 4000i32..4200], 0..60),
            cut in 0usize..60,
        ) {
            let cut = cut.min(days.len());
            let mut left = of(&days[..cut]);
            left.merge(&of(&days[cut..]));
            let listed: Vec<_> = left.iter().collect();
            prop_assert_eq!(listed, of(&days).iter().collect::<Vec<_>>());
        }
    }
}
