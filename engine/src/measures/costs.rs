//! What services cost in the latest quarter of the period (`cld-metrics.md` section 5).

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping, reason = "pounds and pence")]
mod tests;

use crate::attrition::{Attrition, Steps};
use crate::figure::{Area, AreaType, AttritionStep, Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::ledger::{Ledger, Sum};
use crate::measures::main_table::MainTable;
use crate::measures::service_cost::{Cost, NoCost, Prices, mean_pounds_a_week, pounds};
use crate::place::Places;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::codes::cld::{Component, EventType, ServiceType};
use throughcare_linkage::day::{Day, OPEN_END, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.costs]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. The last three months
    /// of each are counted.
    pub periods: Vec<Period>,
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)
    }
}

/// A breakdown with its value, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Level {
    Total,
    Setting(ServiceType),
    Component(Component),
}

/// Cost in the quarter, or cost a week of the services that have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Total,
    Weekly,
}

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    Service,
    InQuarter,
    Cost,
    Units,
    Size,
    NotReversed,
}

const FILTERS: usize = Filter::NotReversed as usize + 1;

/// The measure `costs`: amounts are added up exactly and rounded to the penny at the end.
///
/// Parts: `total` (pounds in the quarter) and `weekly` (mean pounds a week of a service, those paid
/// once left out). The numerator is the services, the denominator the people. Strata: `setting`
/// (service type) and `component`.
#[derive(Clone, Debug)]
pub struct Costs {
    places: Arc<Places>,
    table: MainTable,
    quarters: Vec<Period>,
    prices: Prices,
    ledger: Ledger<(u16, Part, Level)>,
    attrition: Vec<Attrition>,
}

impl Costs {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let mut quarters: Vec<Period> =
            super::periods(&settings.periods, frame).into_iter().map(latest_quarter).collect();
        quarters.sort_unstable();
        quarters.dedup();
        Self {
            places: Arc::new(Places::new(frame)),
            // the joined table has one row an event and no costs (P-14)
            table: MainTable::choose(Some(Mode::Single), &[], frame),
            prices: Prices::new(&frame.coded.cost_frequency),
            ledger: Ledger::default(),
            attrition: vec![Attrition::new(FILTERS); quarters.len()],
            quarters,
        }
    }

    /// Cost and days in the quarter of an event, or the first filter that it fails.
    fn cost(
        &self,
        event: &CareEvent,
        quarter: Period,
        person: &Person<'_>,
        frame: &Frame,
    ) -> Result<(Cost, i32), Filter> {
        if frame.exact_event_type(person, event) != EventType::Service {
            return Err(Filter::Service);
        }
        let end = event.end.or(OPEN_END);
        if end < quarter.start || event.start > quarter.end {
            return Err(Filter::InQuarter);
        }
        let detail = person.cld_details.get(event.row as usize).copied().unwrap_or_default();
        let cost = self.prices.cost(&detail, &frame.coded.cost_frequency);
        let cost = cost.map_err(|why| match why {
            NoCost::Missing => Filter::Cost,
            NoCost::NoUnits => Filter::Units,
            NoCost::TooLarge => Filter::Size,
        })?;
        let days = days_within(event.start, end, quarter);
        match cost {
            Cost::AWeek(_) if days < 0 => Err(Filter::NotReversed),
            cost => Ok((cost, days)),
        }
    }
}

/// The last three months of a period.
pub(super) fn latest_quarter(period: Period) -> Period {
    Period { start: period.end.plus(1).add_months(-3), end: period.end }
}

/// Days of a service within a quarter, both ends included; negative where the end is two or more days
/// before the start.
pub(super) fn days_within(start: Day, end: Day, quarter: Period) -> i32 {
    end.min(quarter.end).since(start.max(quarter.start)) + 1
}

impl Measure for Costs {
    const NAME: &'static str = "costs";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let events = self.table.events(person);
        if !person.is_known() || events.is_empty() || !self.table.exists() {
            return;
        }
        for n in 0..self.quarters.len() {
            let Some(&quarter) = self.quarters.get(n) else { continue };
            let mut furthest = 0;
            for event in events {
                let cost = self.cost(event, quarter, person, frame);
                let position = cost.map_or_else(|filter| filter as usize, |_| FILTERS);
                furthest = furthest.max(position);
                if let Some(counts) = self.attrition.get_mut(n) {
                    counts.record(position);
                }
                let Ok((cost, days)) = cost else { continue };
                let council = self.places.council(event.la);
                let levels = [
                    Level::Total,
                    Level::Setting(event.service_type),
                    Level::Component(event.component),
                ];
                for level in levels {
                    let cell = |part| (n as u16, part, level);
                    self.ledger.note(council, cell(Part::Total), cost.of_days(days));
                    if let Cost::AWeek(cost) = cost {
                        self.ledger.note(council, cell(Part::Weekly), cost);
                    }
                }
            }
            if let Some(counts) = self.attrition.get_mut(n) {
                counts.person(furthest);
            }
        }
        self.ledger.close();
    }

    fn merge(&mut self, other: Self) {
        self.ledger.merge(other.ledger);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By quarter, then by part: the total of every area and the strata that it has; then the attrition
    /// of each quarter. A quarter that the single table does not cover is not available.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        if !self.table.exists() {
            return;
        }
        let areas = self.ledger.areas(&self.places, frame);
        for (n, &quarter) in (0u16..).zip(&self.quarters) {
            for part in [Part::Total, Part::Weekly] {
                if self.table.covers(quarter) {
                    for (area, cells) in &areas {
                        figures((n, part), quarter, area, cells, &mut results.measures);
                    }
                } else {
                    let england = areas.iter().filter(|(area, _)| area.kind == AreaType::England);
                    let rows = england.map(|(area, _)| figure(part, quarter, area));
                    results.measures.extend(rows);
                }
            }
        }
        for (&quarter, counts) in self.quarters.iter().zip(&self.attrition) {
            attrition(quarter, counts, &mut results.attrition);
        }
    }
}

/// Adds the figures of an area, part and quarter.
fn figures(
    (n, part): (u16, Part),
    quarter: Period,
    area: &Area,
    cells: &BTreeMap<(u16, Part, Level), Sum>,
    out: &mut Vec<Figure>,
) {
    let total = (n, part, Level::Total);
    let nothing = (!cells.contains_key(&total)).then(|| (total, Sum::default()));
    let cells = cells.range(total..).map(|(&cell, &sum)| (cell, sum));
    let cells = cells.take_while(|((of, other, _), _)| (*of, *other) == (n, part));
    for ((.., level), sum) in nothing.into_iter().chain(cells) {
        let stratum = match level {
            Level::Total => String::new(),
            Level::Setting(kind) => format!("setting={}", known(kind.label())),
            Level::Component(component) => format!("component={}", known(component.label())),
        };
        let value = match part {
            Part::Total => Value::Statistic(pounds(sum.amount)),
            Part::Weekly => mean_pounds_a_week(sum.amount, sum.records)
                .map_or(Value::Unavailable, Value::Statistic),
        };
        out.push(Figure {
            stratum,
            numerator: Some(sum.records),
            denominator: Some(sum.people),
            value,
            ..figure(part, quarter, area)
        });
    }
}

const fn known(label: &'static str) -> &'static str {
    if label.is_empty() { "Not recorded" } else { label }
}

fn figure(part: Part, quarter: Period, area: &Area) -> Figure {
    let (part, unit) = match part {
        Part::Total => ("total", Unit::Pounds),
        Part::Weekly => ("weekly", Unit::PoundsAWeek),
    };
    Figure {
        measure: Costs::NAME,
        part: part.into(),
        period: quarter,
        area: area.clone(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Unavailable,
        interval: None,
        unit,
        counts: Unit::People,
    }
}

fn attrition(quarter: Period, counts: &Attrition, out: &mut Vec<AttritionStep>) {
    let Period { start, end } = quarter;
    let of = Steps { measure: Costs::NAME, part: "", period: quarter, unit: Unit::Events };
    let first = ("section 5", "events of the single table".to_owned());
    let filters: [(&'static str, String); FILTERS] = [
        ("section 2", "not a service".into()),
        ("section 5 step 1", format!("not open on any day from {start} to {end}")),
        ("section 5 step 3", "no unit cost, or 0".into()),
        ("section 5 step 3", "cost per planned unit, without planned units".into()),
        ("section 5 step 3", "cost beyond a hundred thousand million pounds a week".into()),
        ("section 5 trap", "ended two or more days before it started".into()),
    ];
    counts.steps(&of, first, filters, out);
}
