//! Times to an event, some of them cut short: the Kaplan–Meier estimate (`linked-metrics.md` M8).

use crate::histogram::Histogram;

/// Days to the event, and days of those who were last seen without it. Integers only, so that counts of
/// different people add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Days of those who had the event.
    pub events: Histogram,
    /// Days of the others, to the last day on which they could have had it, included.
    pub censored: Histogram,
}

/// A point of a curve: the estimate at the end of a day, and what happened since the point before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Days since the start, included.
    pub day: i32,
    /// Those under observation without the event after the point before; at the first point everyone.
    pub at_risk: i64,
    /// Events after the point before, up to this day.
    pub events: i64,
    /// Those last seen after the point before, up to this day.
    pub censored: i64,
    /// Estimated share who have had the event by the end of the day, `1 − S`.
    pub estimate: f64,
    /// Greenwood's variance of it.
    pub variance: f64,
    /// 95% limits, log–log; none where the estimate is 0 or 1.
    pub interval: Option<(f64, f64)>,
}

const Z: f64 = 1.959_963_985;

impl Times {
    /// Adds the times of other people.
    pub fn merge(&mut self, other: &Self) {
        self.events.merge(&other.events);
        self.censored.merge(&other.censored);
    }

    /// Number of people.
    #[must_use]
    pub fn records(&self) -> i64 {
        self.events.records() + self.censored.records()
    }

    /// The curve at these days, which ascend, as far as anybody is at risk. On one day events come
    /// before those last seen, who are still at risk on it.
    #[must_use]
    pub fn curve(&self, days: &[i32]) -> Vec<Point> {
        let mut points = Vec::with_capacity(days.len());
        let mut left = self.records();
        let (mut still_without, mut greenwood) = (1.0, 0.0);
        let mut from = i32::MIN;
        for &day in days {
            if left <= 0 {
                break;
            }
            let at_risk = left;
            let mut events = 0;
            for (when, records) in
                self.events.iter().filter(|(when, _)| (from..=day).contains(when))
            {
                // those last seen on earlier days are no longer at risk
                let n = at_risk - events - self.censored.between(from, when - 1);
                still_without *= 1.0 - records as f64 / n as f64;
                if n > records {
                    greenwood += records as f64 / (n as f64 * (n - records) as f64);
                }
                events += records;
            }
            let censored = self.censored.between(from, day);
            points.push(Point {
                day,
                at_risk,
                events,
                censored,
                estimate: 1.0 - still_without,
                variance: still_without * still_without * greenwood,
                interval: log_log(still_without, greenwood),
            });
            left -= events + censored;
            from = day.saturating_add(1);
        }
        points
    }
}

/// The log–log limits of `S`, as limits of `1 − S`.
fn log_log(still_without: f64, greenwood: f64) -> Option<(f64, f64)> {
    if still_without <= 0.0 || still_without >= 1.0 {
        return None;
    }
    let log = still_without.ln();
    let spread = (Z * greenwood.sqrt() / log.abs()).exp();
    // the larger power of a share is the smaller share
    Some((1.0 - still_without.powf(1.0 / spread), 1.0 - still_without.powf(spread)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn times(events: &[i32], censored: &[i32]) -> Times {
        let mut times = Times::default();
        events.iter().for_each(|&day| times.events.add(day, 1));
        censored.iter().for_each(|&day| times.censored.add(day, 1));
        times
    }

    /// Readmissions, with deaths, care-home entries and the end of data as censoring.
    fn example() -> Times {
        times(&[0, 3, 8, 15, 25], &[5, 8, 12, 20, 30, 30, 30])
    }

    #[test]
    fn m8_example_of_twelve_discharges() {
        let points = example().curve(&[0, 3, 8, 15, 25, 30]);
        let wanted = [
            (0, 12, 0.916_667, 0.007_576),
            (3, 11, 0.833_333, 0.016_667),
            (8, 10, 0.740_741, 0.030_556),
            (15, 7, 0.617_284, 0.063_889),
            (25, 5, 0.462_963, 0.147_222),
            (30, 3, 0.462_963, 0.147_222),
        ];
        assert_eq!(points.len(), wanted.len());
        for (point, (day, at_risk, still_without, greenwood)) in points.iter().zip(wanted) {
            assert_eq!((point.day, point.at_risk), (day, at_risk));
            assert!((1.0 - point.estimate - still_without).abs() < 1e-6, "{point:?}");
            let variance = still_without * still_without * greenwood;
            assert!((point.variance - variance).abs() < 1e-6, "{point:?}");
        }
        let last = points[5];
        assert!((last.estimate - 0.5370).abs() < 1e-4 && (last.variance - 0.031_555).abs() < 1e-6);
        let (lower, upper) = last.interval.unwrap();
        assert!((lower - (1.0 - 0.7482)).abs() < 1e-4 && (upper - (1.0 - 0.1294)).abs() < 1e-4);
        // at wider steps the estimate is the same, and the counts are sums
        let rare = example().curve(&[10, 30, 90]);
        assert_eq!(rare.len(), 2, "nobody is left after day 30");
        assert_eq!((rare[0].at_risk, rare[0].events, rare[0].censored), (12, 3, 2));
        assert_eq!((rare[1].at_risk, rare[1].events, rare[1].censored), (7, 2, 5));
        assert_eq!(rare[1].estimate, last.estimate);
    }

    #[test]
    fn certain_and_impossible_have_no_limits() {
        let all = times(&[1, 2], &[]).curve(&[0, 2]);
        assert_eq!((all[0].estimate, all[0].interval), (0.0, None));
        assert_eq!((all[1].estimate, all[1].variance, all[1].interval), (1.0, 0.0, None));
        assert!(Times::default().curve(&[0, 7]).is_empty());
        assert!(times(&[], &[3]).curve(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn counts_add_up_and_the_curve_is_the_product_person_by_person(
            events in prop::collection::vec(0i32..40, 0..30),
            censored in prop::collection::vec(0i32..40, 0..30),
        ) {
            let points = times(&events, &censored).curve(&[0, 4, 9, 20, 40]);
            let mut left = (events.len() + censored.len()) as i64;
            for point in &points {
                prop_assert_eq!(point.at_risk, left);
                left -= point.events + point.censored;
                let mut without = 1.0;
                for day in 0..=point.day {
                    let n = events.iter().chain(&censored).filter(|&&time| time >= day).count();
                    let d = events.iter().filter(|&&time| time == day).count();
                    if d > 0 {
                        without *= 1.0 - d as f64 / n as f64;
                    }
                }
                prop_assert!((1.0 - point.estimate - without).abs() < 1e-12);
                if let Some((lower, upper)) = point.interval {
                    prop_assert!(lower <= point.estimate && point.estimate <= upper);
                }
            }
            prop_assert!(left == 0 || points.len() == 5);
        }
    }
}
