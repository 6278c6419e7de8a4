//! The days for which a council's records can be trusted to be complete.

use crate::cld::submission::Selection;
use crate::day::Period;
use crate::submissions::{SubmissionKey, Tally};

/// The days that each council's joined table covers: its reference periods, merged where they touch
/// or overlap, in order. By number of the council (`Texts::la`), of which there are `councils`.
///
/// A council without any submission is known from prepared tables only, which are taken to cover the
/// whole joined window. A council whose submissions were all passed over covers nothing.
#[must_use]
pub fn coverage(
    selection: &Selection,
    submissions: &[(SubmissionKey, Tally)],
    councils: usize,
) -> Vec<Vec<Period>> {
    let mut covered: Vec<Option<Vec<Period>>> = vec![None; councils];
    for (number, (key, _)) in submissions.iter().enumerate() {
        if let Some(periods) = covered.get_mut(usize::from(key.la)) {
            let reference = selection.joined.get(number).copied().flatten();
            periods.get_or_insert_default().extend(reference);
        }
    }
    let whole = || selection.joined_window.into_iter().collect();
    covered.into_iter().map(|periods| periods.map_or_else(whole, merged)).collect()
}

/// Disjoint periods in order with the same days.
fn merged(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_unstable_by_key(|period| (period.start, period.end));
    let mut merged: Vec<Period> = Vec::with_capacity(periods.len());
    for period in periods {
        match merged.last_mut() {
            Some(last) if period.start <= last.end.plus(1) => last.end = last.end.max(period.end),
            _ => merged.push(period),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::instant::Instant;

    fn period(start: i32, end: i32) -> Period {
        Period { start: Day(start), end: Day(end) }
    }

    #[test]
    fn touching_and_overlapping_periods_become_one() {
        assert_eq!(
            merged(vec![period(21, 30), period(1, 10), period(11, 20), period(25, 28)]),
            [period(1, 30)]
        );
        assert_eq!(merged(vec![period(12, 20), period(1, 10)]), [period(1, 10), period(12, 20)]);
    }

    #[test]
    fn councils_without_submissions_cover_the_window_and_unused_ones_nothing() {
        let key = |la| (SubmissionKey { la, la_name: la, import: Instant(0) }, Tally::default());
        let submissions = [key(1), key(2), key(1)];
        let selection = Selection {
            joined: vec![Some(period(1, 10)), None, Some(period(11, 20))],
            joined_window: Some(period(1, 40)),
            ..Selection::default()
        };
        assert_eq!(
            coverage(&selection, &submissions, 4),
            [vec![period(1, 40)], vec![period(1, 20)], vec![], vec![period(1, 40)]]
        );
    }
}
