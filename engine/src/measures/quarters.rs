//! The calendar quarters of a study.

use throughcare_linkage::day::{Day, Period};

/// The calendar quarters with figures, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Quarters(Vec<Period>);

impl Quarters {
    /// The quarters that lie wholly inside one of the periods and begin on `from` or later.
    pub(super) fn inside(periods: &[Period], from: Day) -> Self {
        let mut quarters = Vec::new();
        for period in periods {
            let mut start = quarter_start(period.start.max(from));
            while start <= period.end {
                let next = start.add_months(3);
                let quarter = Period { start, end: next.plus(-1) };
                if period.start <= start && from <= start && quarter.end <= period.end {
                    quarters.push(quarter);
                }
                if next <= start {
                    break; // the end of the calendar
                }
                start = next;
            }
        }
        quarters.sort_unstable();
        quarters.dedup();
        Self(quarters)
    }

    /// Position of the quarter of a day, if it has figures.
    #[inline]
    pub(super) fn of(&self, day: Day) -> Option<u16> {
        let position = self.0.partition_point(|quarter| quarter.end < day);
        let quarter = self.0.get(position)?;
        quarter.contains(day).then_some(position as u16)
    }

    pub(super) fn period(&self, quarter: u16) -> Option<Period> {
        self.0.get(usize::from(quarter)).copied()
    }

    pub(super) fn len(&self) -> u16 {
        self.0.len() as u16
    }

    /// From the first day of the first quarter to the last day of the last one.
    pub(super) fn span(&self) -> Option<Period> {
        Some(Period { start: self.0.first()?.start, end: self.0.last()?.end })
    }
}

fn quarter_start(day: Day) -> Day {
    let (_, month) = day.year_month();
    day.month_start().add_months(-((month as i32 - 1) % 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::fixture::{day, period};

    #[test]
    fn only_whole_quarters_of_the_periods_have_figures() {
        let quarters = Quarters::inside(
            &[period("2023-12-01", "2024-12-30"), period("2024-10-01", "2025-03-31")],
            day("2024-04-01"),
        );
        let starts: Vec<_> = quarters.0.iter().map(|quarter| quarter.start.to_string()).collect();
        assert_eq!(starts, ["2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01"]);
        let of = |text| quarters.of(day(text));
        assert_eq!(
            [of("2024-03-31"), of("2024-04-01"), of("2024-06-30")],
            [None, Some(0), Some(0)]
        );
        assert_eq!(
            [of("2024-12-31"), of("2025-03-31"), of("2025-04-01")],
            [Some(2), Some(3), None]
        );
        assert_eq!(quarters.span(), Some(period("2024-04-01", "2025-03-31")));
        let within = [period("2024-04-02", "2024-09-29")];
        assert_eq!(Quarters::inside(&within, day("2024-04-01")), Quarters::default());
        let longer = Quarters::inside(&[period("2022-01-01", "2024-06-30")], day("2023-05-02"));
        assert_eq!(longer.0.first().map(|quarter| quarter.start), Some(day("2023-07-01")));
    }
}
