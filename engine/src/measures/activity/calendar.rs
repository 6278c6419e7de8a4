//! The spans of time that events are counted in (0.2).

use super::Trend;
use std::collections::BTreeSet;
use throughcare_linkage::day::{Day, Period};

/// Spans by number: the periods and their whole quarters, the whole weeks, the days.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    /// The periods, as given.
    pub periods: Vec<Period>,
    /// Every span. Periods and quarters come first and may overlap; weeks, then days, do not.
    all: Vec<Period>,
    weeks: usize,
    days: usize,
}

/// Which kind of span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Period,
    Week,
    Day,
}

impl Calendar {
    /// The spans of these periods. A span of several of them is there once.
    pub fn new(periods: &[Period], trends: &[Trend]) -> Self {
        let sorted = |spans: BTreeSet<(Day, Day)>| {
            spans.into_iter().map(|(start, end)| Period { start, end })
        };
        let each = |period: &Period| (period.start, period.end);
        let quarters = periods.iter().flat_map(|&period| quarters(period));
        let mut all: Vec<Period> =
            sorted(periods.iter().map(each).chain(quarters.map(|q| each(&q))).collect()).collect();
        let weeks = all.len();
        if trends.contains(&Trend::Weekly) {
            let weeks = periods.iter().flat_map(|&period| whole_weeks(period));
            all.extend(sorted(weeks.map(|week| each(&week)).collect()));
        }
        let days = all.len();
        if trends.contains(&Trend::Daily) {
            let days = periods.iter().flat_map(|period| period.start.0..=period.end.0);
            all.extend(sorted(days.map(|day| (Day(day), Day(day))).collect()));
        }
        // beyond 65,535 spans there is no number
        all.truncate(usize::from(u16::MAX));
        Self {
            periods: periods.to_vec(),
            weeks: weeks.min(all.len()),
            days: days.min(all.len()),
            all,
        }
    }

    /// Periods and quarters with their numbers.
    pub fn spans(&self) -> impl Iterator<Item = (u16, Period)> + use<'_> {
        (0u16..).zip(self.all.iter().copied()).take(self.weeks)
    }

    /// The numbers of the week and of the day with this day, as far as they are counted.
    pub fn trends(&self, day: Day) -> impl Iterator<Item = u16> + use<> {
        let find = |from: usize, to: usize| {
            let spans = self.all.get(from..to).unwrap_or_default();
            let n = spans.partition_point(|span| span.end < day);
            spans.get(n).filter(|span| span.contains(day)).map(|_| (from + n) as u16)
        };
        let (week, day) = (find(self.weeks, self.days), find(self.days, self.all.len()));
        week.into_iter().chain(day)
    }

    /// Every span with its number and kind.
    pub fn all(&self) -> impl Iterator<Item = (u16, Period, Kind)> + use<'_> {
        (0usize..).zip(&self.all).map(|(n, &period)| {
            let kind = match n {
                n if n < self.weeks => Kind::Period,
                n if n < self.days => Kind::Week,
                _ => Kind::Day,
            };
            (n as u16, period, kind)
        })
    }
}

/// The calendar quarters that lie wholly within a period.
pub(in crate::measures) fn quarters(period: Period) -> impl Iterator<Item = Period> {
    let (_, month) = period.start.year_month();
    let into_quarter = (month as i32 - 1) % 3;
    let first = period.start.month_start().add_months(-into_quarter);
    (0..)
        .map(move |n| Period {
            start: first.add_months(3 * n),
            end: first.add_months(3 * (n + 1)).plus(-1),
        })
        .skip_while(move |quarter| quarter.start < period.start)
        .take_while(move |quarter| quarter.end <= period.end)
}

/// The weeks, Monday to Sunday, that lie wholly within a period.
fn whole_weeks(period: Period) -> impl Iterator<Item = Period> {
    // day 4 of the count, 5 January 1970, was a Monday
    let to_monday = (4 - period.start.0).rem_euclid(7);
    let first = period.start.plus(to_monday);
    (0..)
        .map(move |n| Period { start: first.plus(7 * n), end: first.plus(7 * n + 6) })
        .take_while(move |week| week.end <= period.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::fixture::{day, period};

    fn texts(spans: impl Iterator<Item = Period>) -> Vec<String> {
        spans.map(|span| format!("{} {}", span.start, span.end)).collect()
    }

    #[test]
    fn section_0_2_weeks_end_on_sunday_and_must_be_whole() {
        // 1 April 2025 is a Tuesday, 27 April a Sunday
        let found = texts(whole_weeks(period("2025-04-01", "2025-04-28")));
        assert_eq!(
            found,
            ["2025-04-07 2025-04-13", "2025-04-14 2025-04-20", "2025-04-21 2025-04-27"]
        );
        assert_eq!(texts(whole_weeks(period("2025-04-07", "2025-04-13"))).len(), 1);
        assert_eq!(texts(whole_weeks(period("2025-04-07", "2025-04-12"))).len(), 0);
    }

    #[test]
    fn section_0_2_quarters_are_those_of_the_financial_year() {
        let found = texts(quarters(period("2025-05-15", "2026-03-31")));
        assert_eq!(
            found,
            ["2025-07-01 2025-09-30", "2025-10-01 2025-12-31", "2026-01-01 2026-03-31"]
        );
        assert_eq!(texts(quarters(period("2025-04-01", "2025-06-29"))).len(), 0);
    }

    #[test]
    fn a_span_of_two_periods_is_there_once() {
        let periods = [period("2025-04-01", "2025-09-30"), period("2025-07-01", "2025-09-30")];
        let calendar = Calendar::new(&periods, &[Trend::Weekly, Trend::Daily]);
        let count = |wanted| calendar.all().filter(|&(_, _, kind)| kind == wanted).count();
        assert_eq!([count(Kind::Period), count(Kind::Week), count(Kind::Day)], [3, 25, 183]);
        let trends = |text: &str| -> Vec<Period> {
            let numbers: Vec<u16> = calendar.trends(day(text)).collect();
            let spans = calendar.all().filter(|(n, ..)| numbers.contains(n));
            spans.map(|(_, period, _)| period).collect()
        };
        // a Sunday of a week that began before the period
        assert_eq!(trends("2025-04-06"), [period("2025-04-06", "2025-04-06")]);
        assert_eq!(
            trends("2025-04-07"),
            [period("2025-04-07", "2025-04-13"), period("2025-04-07", "2025-04-07")]
        );
        assert_eq!(trends("2025-10-01"), []);
    }
}
