//! Time-to-event curves: no step that few people made (section 4; `linked-metrics.md` M9).

use super::number::Decimal;
use super::profile::{Profile, ProfileName, Rules};
use super::released::{Entry, Marker, Reason, ReleasedCurve, Summary};
use crate::figure::CurveRow;
use crate::survival::Point;

/// Fewest people at risk behind a point, under every profile but `none`.
const AT_RISK_MIN: i64 = 10;

/// The curves after control, in their order.
///
/// A point whose events, or those last seen, are few goes into the next point of its curve, which then
/// counts both; so does one that leaves few at risk. What is so left at the end of a curve is not
/// shown, nor is a point with few at risk. Since the difference of two estimates is that of the events
/// between them, a shown estimate rests on shown counts alone.
pub(super) fn release_curves(
    rows: &[CurveRow],
    profile: &Profile,
    summary: &mut Summary,
) -> Vec<ReleasedCurve> {
    let mut released = Vec::with_capacity(rows.len());
    for curve in rows.chunk_by(is_same_curve) {
        let Some(first) = curve.first() else { continue };
        let rules = profile.of_measure(&first.measure).rounding_always();
        let mut folded: Option<Point> = None;
        let mut shown = 0;
        for row in curve {
            let point = folded.take().map_or(row.point, |before| together(before, row.point));
            if may_be_shown(&point, &rules) {
                released.push(release_point(row, &point, &rules));
                shown += 1;
            } else {
                folded = Some(point);
            }
        }
        for _ in shown..curve.len() {
            summary.hide("curves", Reason::FoldedPoint);
        }
        summary.look("curves", curve.len() as u64);
    }
    released
}

fn is_same_curve(a: &CurveRow, b: &CurveRow) -> bool {
    (&a.measure, &a.area_code, &a.stratum, &a.event)
        == (&b.measure, &b.area_code, &b.stratum, &b.event)
}

/// A point that also counts what happened up to the one before.
const fn together(before: Point, point: Point) -> Point {
    Point {
        at_risk: before.at_risk,
        events: before.events + point.events,
        others: before.others + point.others,
        censored: before.censored + point.censored,
        ..point
    }
}

fn may_be_shown(point: &Point, rules: &Rules) -> bool {
    if rules.profile == ProfileName::None {
        return true;
    }
    let left = point.at_risk - point.events - point.censored;
    point.at_risk >= rules.statistic_min.max(AT_RISK_MIN)
        && [point.events, point.censored, left].iter().all(|&count| !rules.is_small(count))
}

fn release_point(row: &CurveRow, point: &Point, rules: &Rules) -> ReleasedCurve {
    let decimals = if rules.profile == ProfileName::None { 6 } else { 3 };
    let count = |count: i64| Entry::Shown(rules.rounded(count));
    let share = |share: f64| Entry::Shown(Decimal::rounded(share, decimals));
    let limit = |limit: Option<f64>| limit.map_or(Entry::Marked(Marker::NotApplicable), share);
    ReleasedCurve {
        measure: row.measure.clone(),
        area_code: row.area_code.clone(),
        stratum: row.stratum.clone(),
        event: row.event.clone(),
        day: point.day,
        at_risk: count(point.at_risk),
        events: count(point.events),
        censored: count(point.censored),
        estimate: share(point.estimate),
        variance: Entry::Shown(Decimal::rounded(point.variance, decimals + 2)),
        lower: limit(point.interval.map(|limits| limits.0)),
        upper: limit(point.interval.map(|limits| limits.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survival::{Exit, RiskTable, survival_curve};

    fn rows(area_code: &str, events: &[(i64, i64)], censored: &[(i64, i64)]) -> Vec<CurveRow> {
        let mut times = RiskTable::new(1);
        events.iter().for_each(|&(day, records)| times.add(day, Exit::Event(0), records));
        censored.iter().for_each(|&(day, records)| times.add(day, Exit::Censored, records));
        let row = |point| CurveRow {
            measure: "waiting_times".into(),
            area_code: area_code.into(),
            stratum: String::new(),
            event: "first_response".into(),
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
}
