//! Which days a council's submissions cover (`journey-states.md` section 5, X-13).

use super::settings::Observed;
use crate::day::{Day, Period};
use std::ops::Range;

/// Coverage of every council over the window.
#[derive(Clone, Debug)]
pub struct Coverage {
    councils: Vec<Council>,
    /// Every day is observed and open services run to this day.
    always_until: Option<Day>,
}

#[derive(Clone, Debug, Default)]
struct Council {
    /// Disjoint half-open periods in order, with a day or more between them, cut to the window.
    covered: Vec<(Day, Day)>,
    /// They are the whole window.
    whole: bool,
    /// The day after the last covered one, in or after the window.
    end: Option<Day>,
}

impl Coverage {
    /// Coverage by council number, periods in any order. No council at all means that every day is
    /// observed, as under [`Observed::Always`].
    #[must_use]
    pub fn new(window: &Range<Day>, councils: Vec<Vec<Period>>, observed: Observed) -> Self {
        let always = councils.is_empty() || observed == Observed::Always;
        let council = |periods: Vec<Period>| {
            let end = periods.iter().map(|period| period.end.plus(1)).max();
            let mut covered: Vec<(Day, Day)> = periods
                .into_iter()
                .map(|p| (p.start.max(window.start), p.end.plus(1).min(window.end)))
                .filter(|(start, end)| start < end)
                .collect();
            unite(&mut covered);
            let whole = covered == [(window.start, window.end)];
            Council { covered, whole, end }
        };
        Self {
            councils: councils.into_iter().map(council).collect(),
            always_until: always.then_some(window.end),
        }
    }

    /// The first day on which an open service no longer runs: the day after its council's last
    /// submitted period, or after the row's own reference period for a council without coverage.
    #[must_use]
    #[inline]
    pub fn open_until(&self, la: u16, reference_end: Day) -> Day {
        match self.always_until {
            Some(end) => end,
            None => self
                .councils
                .get(usize::from(la))
                .and_then(|council| council.end)
                .unwrap_or(reference_end.plus(1)),
        }
    }

    /// The days that any of the councils covers, into `covered` as disjoint half-open periods in
    /// order; `false`, with nothing written, when that is the whole window.
    pub fn of(&self, councils: &[u16], covered: &mut Vec<(Day, Day)>) -> bool {
        covered.clear();
        let known = || councils.iter().filter_map(|&la| self.councils.get(usize::from(la)));
        if self.always_until.is_some() || known().any(|council| council.whole) {
            return false;
        }
        for council in known() {
            covered.extend_from_slice(&council.covered);
        }
        unite(covered);
        true
    }
}

/// Sorts half-open periods and joins those that overlap or touch.
fn unite(periods: &mut Vec<(Day, Day)>) {
    periods.sort_unstable();
    periods.dedup_by(|next, last| {
        let joins = next.0 <= last.1;
        if joins {
            last.1 = last.1.max(next.1);
        }
        joins
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: i32, end: i32) -> Period {
        Period { start: Day(start), end: Day(end) }
    }

    #[test]
    fn x13_any_council_covers_a_day() {
        let window = Day(0)..Day(100);
        let councils = vec![
            vec![],
            vec![period(30, 49), period(-10, 9), period(50, 59)],
            vec![period(5, 19)],
            vec![period(-30, 40), period(41, 200)],
        ];
        let coverage = Coverage::new(&window, councils, Observed::Coverage);
        let mut covered = Vec::new();
        assert!(coverage.of(&[1], &mut covered));
        assert_eq!(covered, [(Day(0), Day(10)), (Day(30), Day(60))]);
        assert!(coverage.of(&[2, 1], &mut covered));
        assert_eq!(covered, [(Day(0), Day(20)), (Day(30), Day(60))]);
        assert!(!coverage.of(&[1, 3], &mut covered));
        assert!(coverage.of(&[0, 9], &mut covered) && covered.is_empty());
        assert_eq!(coverage.open_until(1, Day(7)), Day(60));
        assert_eq!(coverage.open_until(3, Day(7)), Day(201));
        assert_eq!(coverage.open_until(0, Day(7)), Day(8), "no coverage: the row's own period");
    }

    #[test]
    fn everything_can_count_as_observed() {
        let window = Day(0)..Day(100);
        let mut covered = Vec::new();
        let coverage = Coverage::new(&window, vec![vec![period(0, 9)]], Observed::Always);
        assert!(!coverage.of(&[0], &mut covered));
        assert_eq!(coverage.open_until(0, Day(7)), Day(100));
        assert!(!Coverage::new(&window, vec![], Observed::Coverage).of(&[4], &mut covered));
    }
}
