//! Time from one activity of a case to the first of several others: the tables `[[time_to]]` of a study of
//! event logs alone (`linked-metrics.md` M9).
//!
//! A case is under observation from its first event to its last, so a case in which none of the events
//! follows is last seen when its last event begins. Times keep the milliseconds of the source; curves are
//! shown at whole days.

use super::of_cases;
use crate::figure::{CurveRow, Results};
use crate::measures::time_to::{Index, a_year, check_curves, horizons};
use crate::survival::{Exit, RiskTable, incidence_curves_in};
use serde::{Deserialize, Serialize};
use throughcare_linkage::instant::DAY_MILLIS;
use throughcare_linkage::link::cases::Case;
use throughcare_linkage::read::EventLog;

/// One table `[[time_to]]` of event logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the curves: the column `measure`.
    pub name: String,
    /// The activity with which time starts.
    pub anchor: String,
    /// The activities that end it, each a curve.
    pub events: Vec<String>,
    /// Last day that is looked at, since the start.
    #[serde(default = "a_year")]
    pub horizon_days: u16,
    /// Days on which a row of a released curve should end.
    #[serde(default = "horizons")]
    pub horizons: Vec<u16>,
    /// Which events of the anchor count in a case.
    #[serde(default)]
    pub index: Index,
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        check_curves(&self.name, &self.events, &self.horizons)
    }

    /// The activities that the settings name.
    pub fn activities(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.anchor).chain(&self.events).map(String::as_str)
    }
}

/// Times of the cases of a log, in milliseconds.
#[derive(Clone, Debug)]
pub struct LogTimes {
    anchor: u16,
    /// The cause of each activity.
    causes: Vec<Option<u8>>,
    index: Index,
    table: RiskTable,
}

impl LogTimes {
    /// No times yet; none for a log without the anchor.
    #[must_use]
    pub fn new(settings: &Settings, activities: &[Box<str>]) -> Option<Self> {
        let anchor = activities.iter().position(|name| **name == settings.anchor)?;
        let cause = |name: &str| {
            let cause = settings.events.iter().position(|event| event == name)?;
            u8::try_from(cause).ok()
        };
        Some(Self {
            anchor: u16::try_from(anchor).ok()?,
            causes: activities.iter().map(|name| cause(name)).collect(),
            index: settings.index,
            table: RiskTable::new(settings.events.len()),
        })
    }

    /// Takes one case. Events of one moment are in the order of their rows.
    pub fn add(&mut self, case: &Case<'_>) {
        for (n, start) in case.events.iter().enumerate() {
            if start.activity != self.anchor {
                continue;
            }
            let after = &case.events[n + 1..];
            let first = after.iter().find_map(|event| {
                Some((event, self.causes.get(usize::from(event.activity)).copied()??))
            });
            let last = case.events.last().unwrap_or(start);
            let (end, exit) = match first {
                Some((event, cause)) => (event, Exit::Event(cause)),
                None => (last, Exit::Censored),
            };
            self.table.add((end.start.0 - start.start.0).max(0), exit, 1);
            if self.index == Index::First {
                return;
            }
        }
    }

    /// Counts every case of a log, on the threads of the global pool; none for a log without the anchor.
    #[must_use]
    pub fn of(settings: &Settings, log: &EventLog) -> Option<Self> {
        let empty = Self::new(settings, &log.activities)?;
        let merge = |mut one: Self, other: Self| {
            one.table.merge(&other.table);
            one
        };
        Some(of_cases(log, || empty.clone(), Self::add, merge))
    }

    /// Makes the rows of `curves`: every day up to the horizon, as far as any case is at risk. `stratum`
    /// says which log, where there are several.
    pub fn finish(&self, settings: &Settings, stratum: &str, results: &mut Results) {
        let days: Vec<i32> = (0..=i32::from(settings.horizon_days)).collect();
        let curves = incidence_curves_in(&self.table, DAY_MILLIS, &days);
        for (event, points) in settings.events.iter().zip(curves) {
            results.curves.extend(points.into_iter().map(|point| CurveRow {
                measure: settings.name.clone(),
                area_code: String::new(),
                stratum: stratum.into(),
                event: event.clone(),
                is_horizon: settings.horizons.iter().any(|&day| i32::from(day) == point.day),
                point,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use throughcare_linkage::identifier::Identifier;
    use throughcare_linkage::instant::Instant;
    use throughcare_linkage::records::event::LogEvent;

    const HOUR: i64 = 3_600_000;

    fn settings(index: Index) -> Settings {
        Settings {
            name: "to_c".into(),
            anchor: "a".into(),
            events: vec!["c".into(), "d".into()],
            horizon_days: 10,
            horizons: vec![7],
            index,
        }
    }

    /// Curves of cases of activities a to d and hours, which ascend.
    fn curves(cases: &[Vec<(u16, i64)>], index: Index) -> Vec<CurveRow> {
        let names = ["a", "b", "c", "d"].map(Box::from);
        let settings = settings(index);
        let mut times = LogTimes::new(&settings, &names).unwrap();
        for case in cases {
            let event = |(n, &(activity, hours)): (usize, &(u16, i64))| {
                let start = Instant(hours * HOUR);
                LogEvent { start, end: start, row: n as u32, file: 0, activity }
            };
            let events: Vec<LogEvent> = case.iter().enumerate().map(event).collect();
            times.add(&Case { id: Identifier::default(), events: &events });
        }
        let mut results = Results::default();
        times.finish(&settings, "", &mut results);
        results.curves
    }

    #[test]
    fn m9_a_case_is_last_seen_at_its_last_event_and_times_keep_their_hours() {
        let cases = [
            vec![(0, 0), (1, 5), (2, 30)],           // c after 30 hours
            vec![(0, 0), (1, 26)],                   // last seen after 26 hours
            vec![(2, 0), (0, 10), (3, 12), (2, 13)], // d after 2 hours; the c before does not count
            vec![(0, 0), (0, 4), (2, 28)],           // c after 28 hours of the first a
            vec![(1, 0), (2, 3)],                    // no a
        ];
        let found = curves(&cases, Index::First);
        let at = |event: &str, day: i32| {
            found.iter().find(|row| row.event == event && row.point.day == day).unwrap().point
        };
        assert_eq!(at("c", 0).at_risk, 4);
        assert_eq!((at("c", 0).events, at("d", 1).events, at("c", 1).events), (0, 1, 0));
        // of the two left at 28 hours one has c: the case last seen at 26 hours is no longer at risk
        assert_eq!((at("c", 2).at_risk, at("c", 2).events, at("c", 2).censored), (3, 2, 1));
        assert!((at("c", 2).estimate - 0.75).abs() < 1e-12);
        assert!((at("d", 2).estimate - 0.25).abs() < 1e-12);
        // with all starts the second a of the fourth case counts too
        assert_eq!(curves(&cases, Index::All)[0].point.at_risk, 5);
    }

    #[test]
    fn a_log_without_the_anchor_has_no_curve() {
        assert!(LogTimes::new(&settings(Index::First), &["b", "c"].map(Box::from)).is_none());
    }

    proptest! {
        /// Shares add up, and with hours for days the estimate is that of whole numbers of hours.
        #[test]
        fn m9_shares_of_all_events_and_none_add_up_to_one(
            cases in prop::collection::vec(
                prop::collection::vec((0u16..4, 0i64..300), 1..6),
                1..20,
            ),
        ) {
            let mut cases = cases;
            cases.iter_mut().for_each(|case| case.sort_by_key(|event| event.1));
            let found = curves(&cases, Index::First);
            let mut table = RiskTable::new(1);
            for case in &cases {
                let Some(n) = case.iter().position(|event| event.0 == 0) else { continue };
                let hours = |event: &(u16, i64)| event.1 - case[n].1;
                match case[n + 1..].iter().find(|event| event.0 >= 2) {
                    Some(event) => table.add(hours(event), Exit::Event(0), 1),
                    None => table.add(hours(case.last().unwrap()), Exit::Censored, 1),
                }
            }
            for day in 0..=10 {
                let of_day = found.iter().filter(|row| row.point.day == day);
                let shares: Vec<f64> = of_day.map(|row| row.point.estimate).collect();
                if shares.is_empty() {
                    continue;
                }
                let together =
                    crate::survival::cumulative_incidence(&table, i64::from(day) * 24).incidence(0);
                prop_assert!((shares.iter().sum::<f64>() - together.estimate).abs() < 1e-9);
            }
        }
    }
}
