//! Figures and attrition from the counts.

use super::calendar::Kind;
use super::{Activity, CountDate, FILTERS, Level, Part};
use crate::attrition::Steps;
use crate::figure::{Area, AreaType, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::ledger::Sum;
use crate::measures::{Measure, review_type_label};
use throughcare_linkage::codes::cld::{AssessmentType, ClientType, Component, ServiceType};
use throughcare_linkage::day::Period;

/// Adds the figures: the total of every area, then the other strata where there are events. A span
/// that the table does not cover is not available.
pub(super) fn figures(measure: &Activity, frame: &Frame, out: &mut Vec<Figure>) {
    let areas = measure.ledger.areas(&measure.places, frame);
    for part in Part::ALL {
        for (span, period, kind) in measure.calendar.all() {
            if !measure.table.covers(period) {
                let england = areas.iter().filter(|(area, _)| area.kind == AreaType::England);
                let england = england.filter(|_| kind == Kind::Period);
                out.extend(england.map(|(area, _)| figure(part, kind, period, area)));
                continue;
            }
            for (area, cells) in &areas {
                let none = Sum::default();
                let total = cells.get(&(part, span, Level::Total)).unwrap_or(&none);
                out.push(counted(figure(part, kind, period, area), total));
                let cells = cells.range((part, span, Level::Total)..).skip_while(is_total);
                for (&(_, _, level), sum) in
                    cells.take_while(|((of, at, _), _)| (*of, *at) == (part, span))
                {
                    let stratum = stratum(level, frame);
                    out.push(Figure { stratum, ..counted(figure(part, kind, period, area), sum) });
                }
            }
        }
    }
}

fn is_total(cell: &(&super::Key, &Sum)) -> bool {
    cell.0.2 == Level::Total
}

fn counted(figure: Figure, sum: &Sum) -> Figure {
    Figure {
        numerator: Some(sum.records),
        denominator: Some(sum.people),
        value: Value::Count,
        ..figure
    }
}

fn figure(part: Part, kind: Kind, period: Period, area: &Area) -> Figure {
    let suffix = match kind {
        Kind::Period => "",
        Kind::Week => "_weekly",
        Kind::Day => "_daily",
    };
    Figure {
        measure: Activity::NAME,
        part: format!("{}{suffix}", part.name()),
        period,
        area: area.clone(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Unavailable,
        interval: None,
        unit: Unit::Events,
        counts: Unit::Events,
    }
}

fn stratum(level: Level, frame: &Frame) -> String {
    let known = |label: &'static str| if label.is_empty() { "Not recorded" } else { label };
    let yes = |flag: bool| if flag { "Yes" } else { "No" };
    match level {
        Level::Total => String::new(),
        Level::Route(route) => format!("type={}", frame.coded.route.label(route)),
        Level::Assessment(kind) => format!("type={}", known(AssessmentType::label(kind))),
        Level::Service(kind) => format!("type={}", known(ServiceType::label(kind))),
        Level::Review(kind) => format!("type={}", review_type_label(kind)),
        Level::Component(component) => format!("component={}", known(Component::label(component))),
        Level::Client(client) => format!("client_type={}", known(ClientType::label(client))),
        Level::ReceivingLts(flag) => format!("receiving_lts={}", yes(flag)),
        Level::NewToLts(flag) => format!("new_to_lts={}", yes(flag)),
    }
}

/// Adds the attrition of each period, from the events of the table to those that count.
pub(super) fn attrition(measure: &Activity, out: &mut Vec<AttritionStep>) {
    let (completed, dated) = match measure.settings.date {
        CountDate::End => {
            ("completed event without an end", "completed events by end, services by start")
        }
        CountDate::Start => ("event without a start", "by start"),
    };
    for (&period, counts) in measure.calendar.periods.iter().zip(&measure.attrition) {
        let Period { start, end } = period;
        let of = Steps { measure: Activity::NAME, part: "", period, unit: Unit::Events };
        let first = ("section 1", format!("events of the {} table", measure.table.name()));
        let filters: [(&'static str, String); FILTERS] = [
            ("section 2", "neither request, assessment, service nor review".into()),
            ("section 1", completed.into()),
            ("section 1", format!("not dated {start} to {end} ({dated})")),
        ];
        counts.steps(&of, first, filters, out);
    }
}
