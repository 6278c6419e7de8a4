//! Curves at chosen days, with what happened between them.

use super::aalen_johansen::AalenJohansen;
use super::kaplan_meier::{Limits, Survival};
use super::risk_table::{AtTime, RiskTable, Time};

/// A point of a curve: the estimate at the end of a day, and what happened since the point before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Days since the start, included.
    pub day: i32,
    /// Those under observation without an event after the point before; at the first point everyone
    /// who is there from the start.
    pub at_risk: i64,
    /// Events after the point before, up to this day.
    pub events: i64,
    /// Events of competing causes after the point before, up to this day.
    pub others: i64,
    /// Those last seen after the point before, up to this day.
    pub censored: i64,
    /// Estimated share who have had the event by the end of the day.
    pub estimate: f64,
    /// Its variance.
    pub variance: f64,
    /// 95% limits, if the method has them at this estimate.
    pub interval: Option<(f64, f64)>,
}

/// The days between two points of a curve.
#[derive(Debug)]
struct Span {
    at_risk: i64,
    left: i64,
    events: Vec<i64>,
    censored: i64,
}

impl Span {
    fn of(left: i64, causes: usize) -> Self {
        Self { at_risk: left, left, events: vec![0; causes], censored: 0 }
    }

    fn add(&mut self, at: &AtTime<'_>) {
        for (sum, events) in self.events.iter_mut().zip(at.events) {
            *sum += events;
        }
        self.censored += at.censored;
        self.left = at.left();
    }
}

/// Walks the times of a table, of which `per_day` are a day, up to each of the days, which ascend, as far as
/// anybody is at risk:
/// `step` carries the estimate over a time, `point` takes it at a day.
fn walk<E>(
    table: &RiskTable,
    per_day: Time,
    days: &[i32],
    mut estimate: E,
    step: impl Fn(&mut E, &AtTime<'_>),
    mut point: impl FnMut(&E, i32, &Span),
) {
    let mut times = table.at_times().peekable();
    let mut left = times.peek().map_or(0, |first| first.at_risk);
    for &day in days {
        if left <= 0 && times.peek().is_none() {
            break;
        }
        let mut span = Span::of(left, table.causes());
        while let Some(at) = times.next_if(|at| at.time <= Time::from(day) * per_day) {
            step(&mut estimate, &at);
            span.add(&at);
        }
        left = span.left;
        point(&estimate, day, &span);
    }
}

/// Cumulative incidence of every cause at these days, which ascend: one curve a cause, as far as
/// anybody is at risk (M9). All curves have the same days.
#[must_use]
pub fn incidence_curves(table: &RiskTable, days: &[i32]) -> Vec<Vec<Point>> {
    incidence_curves_in(table, 1, days)
}

/// [`incidence_curves`] of a table whose times are finer than days: `per_day` of them are one.
#[must_use]
pub fn incidence_curves_in(table: &RiskTable, per_day: Time, days: &[i32]) -> Vec<Vec<Point>> {
    let mut curves = vec![Vec::with_capacity(days.len()); table.causes()];
    let start = AalenJohansen::new(table.causes());
    walk(table, per_day, days, start, AalenJohansen::step, |estimate, day, span| {
        let all: i64 = span.events.iter().sum();
        for (cause, (curve, &events)) in curves.iter_mut().zip(&span.events).enumerate() {
            let incidence = estimate.incidence(cause);
            curve.push(Point {
                day,
                at_risk: span.at_risk,
                events,
                others: all - events,
                censored: span.censored,
                estimate: incidence.estimate,
                variance: incidence.variance,
                interval: Some(incidence.limits()),
            });
        }
    });
    curves
}

/// `1 − S` of Kaplan–Meier at these days, which ascend, as far as anybody is at risk; every cause is
/// the event. With log–log limits, none at 0 and 1 (M8).
#[must_use]
pub fn survival_curve(table: &RiskTable, days: &[i32]) -> Vec<Point> {
    let mut points = Vec::with_capacity(days.len());
    walk(table, 1, days, Survival::START, Survival::step, |estimate, day, span| {
        let limits = estimate.limits(Limits::LogLog);
        points.push(Point {
            day,
            at_risk: span.at_risk,
            events: span.events.iter().sum(),
            others: 0,
            censored: span.censored,
            estimate: 1.0 - estimate.share,
            variance: estimate.variance(),
            interval: limits.map(|(lower, upper)| (1.0 - upper, 1.0 - lower)),
        });
    });
    points
}
