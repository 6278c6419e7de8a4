//! Time-to-event curves: no step that few people made (section 4; `linked-metrics.md` M9).

use super::number::Decimal;
use super::profile::{Profile, ProfileName, Rules};
use super::released::{Entry, Marker, Reason, ReleasedCurve, Summary};
use crate::figure::CurveRow;
use crate::survival::Point;

/// Fewest people at risk behind a point, under every profile but `none`.
const AT_RISK_MIN: i64 = 10;

/// Fewest people at the start of curves of which one is left out because few had its event: among
/// fewer, the others' estimates could tell how many.
const LEFT_OUT_AT_RISK_MIN: i64 = 100;

/// The curves after control, in their order.
///
/// Competing events of one area and stratum are looked at together, since who leaves by one is no
/// longer at risk of the others. A point goes into the next point of all of them, which then counts
/// both, when few had any of the events, few were last seen or few are left at risk. What is so left at
/// the end of a curve is not shown, nor is a point with few at risk. Since the difference of two
/// estimates is that of the events between them, a shown estimate rests on shown counts alone.
///
/// Where a day is a horizon, the points before it are put together further, so that a row ends on it.
///
/// An event that few had in all would hide the curves of the others from its first day on. Its own curve
/// is left out instead; so that nobody can reckon it from the others, these do not say how many were at
/// risk or last seen, and estimates lose a decimal. Where few people are there at the start, all curves
/// are left out.
pub(super) fn release_curves(
    rows: &[CurveRow],
    profile: &Profile,
    summary: &mut Summary,
) -> Vec<ReleasedCurve> {
    let mut released = Vec::with_capacity(rows.len());
    for family in rows.chunk_by(is_same_family) {
        let curves: Vec<&[CurveRow]> = family.chunk_by(|a, b| a.event == b.event).collect();
        let rules = family.first().map(|row| profile.of_measure(&row.measure).rounding_always());
        let Some(rules) = rules else { continue };
        let before = released.len();
        if family.iter().any(|row| row.point.others != 0) {
            release_together(&curves, &rules, &mut released);
        } else {
            for curve in curves {
                release_together(&[curve], &rules, &mut released);
            }
        }
        for _ in released.len() - before..family.len() {
            summary.hide("curves", Reason::FoldedPoint);
        }
        summary.look("curves", family.len() as u64);
    }
    released
}

fn is_same_family(a: &CurveRow, b: &CurveRow) -> bool {
    (&a.measure, &a.area_code, &a.stratum) == (&b.measure, &b.area_code, &b.stratum)
}

/// Releases the curves of competing events, which have the same days.
fn release_together(curves: &[&[CurveRow]], rules: &Rules, out: &mut Vec<ReleasedCurve>) {
    let events = |curve: &[CurveRow]| curve.iter().map(|row| row.point.events).sum::<i64>();
    let is_rare = |curve: &[CurveRow]| {
        rules.profile != ProfileName::None && curves.len() > 1 && rules.is_small(events(curve))
    };
    let shown: Vec<&[CurveRow]> = curves.iter().copied().filter(|curve| !is_rare(curve)).collect();
    let all_shown = shown.len() == curves.len();
    let Some(start) = shown.first().and_then(|curve| curve.first()).map(|row| row.point) else {
        return;
    };
    if !all_shown && start.at_risk < LEFT_OUT_AT_RISK_MIN {
        return;
    }
    let days = shown.iter().map(|curve| curve.len()).min().unwrap_or(0);
    let mut kept: Vec<Kept> = Vec::new();
    let mut folded: Option<Kept> = None;
    // where the rows since the last horizon begin
    let mut since_horizon = 0;
    for day in 0..days {
        let rows = shown.iter().filter_map(|curve| curve.get(day));
        let mut now = Kept { day, points: rows.map(|row| row.point).collect() };
        if let Some(before) = folded.take() {
            now = before.and(&now);
        }
        let is_horizon =
            shown.first().and_then(|curve| curve.get(day)).is_some_and(|row| row.is_horizon);
        while is_horizon && !may_be_shown(&now.points, all_shown, rules) {
            if kept.len() <= since_horizon {
                break;
            }
            now = kept.pop().map_or_else(|| now.clone(), |before| before.and(&now));
        }
        if may_be_shown(&now.points, all_shown, rules) {
            kept.push(now);
        } else {
            folded = Some(now);
        }
        if is_horizon {
            since_horizon = kept.len();
        }
    }
    for (number, curve) in shown.iter().enumerate() {
        let rows = kept.iter().filter_map(|kept| {
            let (row, point) = (curve.get(kept.day)?, kept.points.get(number)?);
            Some(release_point(row, point, all_shown, rules))
        });
        out.extend(rows);
    }
}

/// The points of one day of some curves, which may count what happened before, too.
#[derive(Clone, Debug)]
struct Kept {
    /// Position of the day.
    day: usize,
    /// By curve.
    points: Vec<Point>,
}

impl Kept {
    /// A later day that also counts this one.
    fn and(&self, later: &Self) -> Self {
        let points = self.points.iter().zip(&later.points);
        let points = points.map(|(before, point)| together(before, point)).collect();
        Self { day: later.day, points }
    }
}

/// A point that also counts what happened up to the one before.
const fn together(before: &Point, point: &Point) -> Point {
    Point {
        at_risk: before.at_risk,
        events: before.events + point.events,
        others: before.others + point.others,
        censored: before.censored + point.censored,
        ..*point
    }
}

/// Whether one day of some curves, or of one, may be shown. With `all_shown`, every way of leaving
/// has a count that a reader can see or reckon.
fn may_be_shown(points: &[Point], all_shown: bool, rules: &Rules) -> bool {
    let Some(first) = points.first() else { return false };
    if rules.profile == ProfileName::None {
        return true;
    }
    // every event of the day is the first curve's or one of its others
    let left = first.at_risk - first.events - first.others - first.censored;
    let of_shown: i64 = points.iter().map(|point| point.events).sum();
    let elsewhere = first.censored + first.events + first.others - of_shown;
    first.at_risk >= rules.statistic_min.max(AT_RISK_MIN)
        && !points.iter().any(|point| rules.is_small(point.events))
        && !rules.is_small(left)
        && (!all_shown || !rules.is_small(elsewhere))
}

fn release_point(row: &CurveRow, point: &Point, all_shown: bool, rules: &Rules) -> ReleasedCurve {
    let decimals = match (rules.profile, all_shown) {
        (ProfileName::None, _) => 6,
        (_, true) => 3,
        (_, false) => 2,
    };
    const HIDDEN: Entry<i64> = Entry::Marked(Marker::Confidential);
    let count = |count: i64| Entry::Shown(rules.rounded(count));
    let share = |share: f64| Entry::Shown(Decimal::rounded(share, decimals));
    let limit = |limit: Option<f64>| limit.map_or(Entry::Marked(Marker::NotApplicable), share);
    ReleasedCurve {
        measure: row.measure.clone(),
        area_code: row.area_code.clone(),
        stratum: row.stratum.clone(),
        event: row.event.clone(),
        day: point.day,
        at_risk: if all_shown { count(point.at_risk) } else { HIDDEN },
        events: count(point.events),
        censored: if all_shown { count(point.censored) } else { HIDDEN },
        estimate: share(point.estimate),
        variance: Entry::Shown(Decimal::rounded(point.variance, decimals + 2)),
        lower: limit(point.interval.map(|limits| limits.0)),
        upper: limit(point.interval.map(|limits| limits.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::{Exit, RiskTable, incidence_curves, survival_curve};
    use proptest::prelude::*;

    fn rows(area_code: &str, events: &[(i64, i64)], censored: &[(i64, i64)]) -> Vec<CurveRow> {
        let mut times = RiskTable::new(1);
        events.iter().for_each(|&(day, records)| times.add(day, Exit::Event(0), records));
        censored.iter().for_each(|&(day, records)| times.add(day, Exit::Censored, records));
        let row = |point| CurveRow {
            measure: "waiting_times".into(),
            area_code: area_code.into(),
            stratum: String::new(),
            event: "first_response".into(),
            is_horizon: false,
            point,
        };
        survival_curve(&times, &[0, 7, 14, 28]).into_iter().map(row).collect()
    }

    fn counts(rows: &[ReleasedCurve]) -> Vec<(i32, [i64; 3])> {
        let shown = |row: &ReleasedCurve| {
            [row.at_risk, row.events, row.censored].map(|count| count.shown().unwrap())
        };
        rows.iter().map(|row| (row.day, shown(row))).collect()
    }

    #[test]
    fn d04_steps_of_few_events_go_into_the_next() {
        // cld5: 1 to 4 are few
        let exact = rows("E92000001", &[(0, 3), (5, 20), (10, 6), (20, 12)], &[(12, 7), (28, 50)]);
        let mut summary = Summary::default();
        let released = release_curves(&exact, &Profile::default(), &mut summary);
        let wanted = [(7, [100, 25, 0]), (14, [75, 5, 5]), (28, [60, 10, 50])];
        assert_eq!(counts(&released), wanted);
        assert_eq!(summary.total_hidden(), 1);
        assert_eq!(released[0].estimate, Entry::Shown(Decimal { value: 0.235, decimals: 3 }));
        // nothing else changed the estimate
        assert!((exact[1].point.estimate - 23.0 / 98.0).abs() < 1e-12);
    }

    #[test]
    fn d04_few_at_risk_or_few_left_are_not_shown() {
        let small = rows("101", &[(5, 9)], &[]);
        let mut summary = Summary::default();
        assert!(release_curves(&small, &Profile::default(), &mut summary).is_empty());
        // three are left after day 7, and leave one by one
        let tail = rows("101", &[(5, 20), (10, 1)], &[(28, 2)]);
        let released = release_curves(&tail, &Profile::default(), &mut summary);
        assert_eq!(counts(&released), [(0, [25, 0, 0])]);
        let last = rows("101", &[(5, 20), (10, 1)], &[(20, 6), (28, 9)]);
        let released = release_curves(&last, &Profile::default(), &mut summary);
        assert_eq!(counts(&released), [(0, [35, 0, 0]), (7, [35, 20, 0])]);
    }

    #[test]
    fn exact_tables_have_every_point_and_curves_stay_apart() {
        let mut both = rows("101", &[(5, 1)], &[(9, 1)]);
        both.extend(rows("102", &[(0, 2)], &[(28, 1)]));
        let mut summary = Summary::default();
        let exact = release_curves(&both, &Profile::named(ProfileName::None), &mut summary);
        assert_eq!(exact.len(), both.len());
        assert_eq!(exact[1].estimate, Entry::Shown(Decimal { value: 0.5, decimals: 6 }));
        assert_eq!(exact[0].lower, Entry::Marked(Marker::NotApplicable));
        assert_eq!(summary.total_hidden(), 0);
    }

    /// Curves of competing events: `(day, event, records)`, event 3 being last seen.
    fn competing(records: &[(i64, u8, i64)], days: &[i32]) -> Vec<CurveRow> {
        let mut table = RiskTable::new(3);
        for &(day, event, records) in records {
            table.add(day, if event == 3 { Exit::Censored } else { Exit::Event(event) }, records);
        }
        let names = ["readmission", "care_home", "death"];
        let curves = names.into_iter().zip(incidence_curves(&table, days));
        curves
            .flat_map(|(event, points)| {
                points.into_iter().map(move |point| CurveRow {
                    measure: "readmission".into(),
                    area_code: "E92000001".into(),
                    stratum: String::new(),
                    event: event.into(),
                    is_horizon: point.day >= 28,
                    point,
                })
            })
            .collect()
    }

    fn days_of(released: &[ReleasedCurve], event: &str) -> Vec<i32> {
        released.iter().filter(|row| row.event == event).map(|row| row.day).collect()
    }

    #[test]
    fn d04_a_point_waits_until_every_competing_event_has_enough() {
        // hes7: 1 to 7 are few. By day 7 only 2 died; by day 28 there are 20
        let records = [(3, 0, 50), (4, 1, 9), (5, 2, 2), (20, 0, 40), (21, 2, 18), (30, 3, 400)];
        let exact = competing(&records, &[0, 7, 28, 30]);
        let mut summary = Summary::default();
        let released = release_curves(&exact, &Profile::default(), &mut summary);
        for event in ["readmission", "care_home", "death"] {
            assert_eq!(days_of(&released, event), [0, 28, 30], "{event}");
        }
        assert_eq!(summary.total_hidden(), 3);
        let death = released.iter().find(|row| (&*row.event, row.day) == ("death", 28)).unwrap();
        let counts = [death.at_risk, death.events, death.censored];
        assert_eq!(counts.map(|count| count.shown()), [Some(520), Some(20), Some(0)]);
        assert_eq!(death.estimate, Entry::Shown(Decimal { value: 0.039, decimals: 3 }));
    }

    #[test]
    fn d04_an_event_that_few_had_has_no_curve_and_cannot_be_had_from_the_others() {
        let records = [(3, 0, 50), (4, 1, 3), (20, 0, 40), (21, 2, 18), (30, 3, 400)];
        let exact = competing(&records, &[7, 28, 30]);
        let mut summary = Summary::default();
        let released = release_curves(&exact, &Profile::default(), &mut summary);
        assert!(days_of(&released, "care_home").is_empty());
        assert_eq!(days_of(&released, "readmission"), [7, 28, 30]);
        assert_eq!(days_of(&released, "death"), [7, 28, 30]);
        // the three of day 4 would be the difference of those at risk
        let hidden = Entry::Marked(Marker::Confidential);
        assert!(released.iter().all(|row| row.at_risk == hidden && row.censored == hidden));
        assert_eq!(released[1].events, Entry::Shown(40));
        assert_eq!(released[1].estimate, Entry::Shown(Decimal { value: 0.18, decimals: 2 }));
        // few people at the start: nothing is shown
        let few = competing(&[(3, 0, 20), (4, 1, 3), (30, 3, 40)], &[7, 30]);
        assert!(release_curves(&few, &Profile::default(), &mut summary).is_empty());
    }

    #[test]
    fn d04_others_without_a_curve_are_looked_at_all_the_same() {
        let mut exact = competing(&[(3, 0, 50), (4, 1, 3), (30, 3, 400)], &[7, 30]);
        exact.retain(|row| row.event == "readmission");
        let mut summary = Summary::default();
        let released = release_curves(&exact, &Profile::default(), &mut summary);
        assert_eq!(days_of(&released, "readmission"), [30]);
    }

    #[test]
    fn d04_rows_end_on_horizons_where_they_can() {
        // 9 on day 20 could be shown alone; the 3 of day 25 would then be lost to the horizon 28
        let records = [(20, 0, 9), (25, 0, 3), (29, 0, 2), (40, 0, 30), (40, 2, 9), (60, 3, 100)];
        let exact = competing(&records, &[7, 20, 25, 28, 29, 40, 60]);
        let mut summary = Summary::default();
        let released = release_curves(&exact, &Profile::default(), &mut summary);
        assert_eq!(days_of(&released, "readmission"), [7, 28, 40, 60]);
        assert_eq!(released[1].events, Entry::Shown(10));
    }

    proptest! {
        /// What a reader can add up from shown rows is never a small number of people.
        #[test]
        fn d04_shown_counts_hide_no_few(
            records in prop::collection::vec((0i64..60, 0u8..4, 1i64..40), 1..40),
        ) {
            let exact = competing(&records, &[0, 7, 14, 21, 28, 35, 42, 60]);
            let mut summary = Summary::default();
            let released = release_curves(&exact, &Profile::default(), &mut summary);
            let events = ["readmission", "care_home", "death"];
            let days: Vec<Vec<i32>> =
                events.iter().map(|event| days_of(&released, event)).collect();
            let Some(shown) = days.iter().find(|days| !days.is_empty()) else { return Ok(()) };
            prop_assert!(days.iter().all(|days| days.is_empty() || days == shown));
            let is_few = |count: i64| (1..8).contains(&count);
            let hides = released.iter().any(|row| row.at_risk.shown().is_none());
            let mut after = -1i64;
            for &day in shown {
                let between = |event: u8| -> i64 {
                    let inside =
                        records.iter().filter(|r| r.1 == event && r.0 > after && r.0 <= day.into());
                    inside.map(|record| record.2).sum()
                };
                let mut others = between(3);
                for (event, days) in (0u8..).zip(&days) {
                    if days.is_empty() {
                        others += between(event);
                    } else {
                        prop_assert!(!is_few(between(event)));
                    }
                }
                prop_assert!(hides || !is_few(others));
                let left: i64 =
                    records.iter().filter(|r| r.0 > day.into()).map(|record| record.2).sum();
                prop_assert!(!is_few(left));
                after = day.into();
            }
        }
    }
}
