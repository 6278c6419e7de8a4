//! How much care people have: planned hours and cost a week on the last day of each quarter.
//!
//! No published method exists: the definition is the engine's. Costs follow `cld-metrics.md`
//! section 5; a service counts on a day by the test of section 4.

mod finish;
#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping, reason = "pounds and pence")]
mod tests;

use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::activity::quarters;
use crate::measures::ledger::Ledger;
use crate::measures::main_table::MainTable;
use crate::measures::service_cost::{Cost, Prices};
use crate::place::Places;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.intensity]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. Their whole quarters
    /// are counted.
    pub periods: Vec<Period>,
    /// Upper edges of the bands of hours a week, in whole hours, each included in its band.
    pub hour_bands: Vec<u32>,
    /// Upper edges of the bands of cost a week, in whole pounds, each included in its band.
    pub cost_bands: Vec<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            hour_bands: vec![5, 10, 20, 50],
            cost_bands: vec![100, 250, 500, 1000],
        }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)?;
        for (name, edges) in [("hour_bands", &self.hour_bands), ("cost_bands", &self.cost_bands)] {
            if edges.is_empty() || edges.len() > 50 || edges.first() == Some(&0) {
                return Err(format!("{name} must have 1 to 50 edges above 0"));
            }
            if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
                return Err(format!("{name} = {edges:?} must grow from edge to edge"));
            }
        }
        Ok(())
    }
}

/// What is added up, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    /// Planned hours a week in hundredths.
    Hours,
    /// Cost a week in 1/1300 pence.
    Cost,
}

impl Kind {
    /// Amounts of the kind in an hour or in a pound.
    const fn one(self) -> i128 {
        match self {
            Self::Hours => 100,
            Self::Cost => 130_000,
        }
    }
}

/// A breakdown with its value, in the order of output. A person's amount in a cell is that of the
/// services in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Level {
    Total,
    Setting(ServiceType),
    Component(Component),
}

/// What is said of the amounts of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Fact {
    /// Their sum, for the mean.
    Sum,
    /// People by band, by position.
    Band(u8),
    /// People who had an amount at the end of the quarter before too.
    Both,
    /// Those of them with less, the same and more now.
    Change(Ordering),
}

/// Quarter, kind, breakdown, fact.
type Cell = (u16, Kind, Level, Fact);

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    Service,
    ServiceUser,
    Open,
    Alive,
    Measured,
}

const FILTERS: usize = Filter::Measured as usize + 1;

/// An amount of the person in hand, in the order of comparison from quarter to quarter.
type Noted = (u16, Kind, Level, u16, i128);

/// The measure `intensity`.
///
/// Parts: `hours` and `weekly_cost` (mean a person; the denominator is people), `hours_band` and
/// `weekly_cost_band` (per cent of these people) by `band`, `hours_change` and `weekly_cost_change`
/// (per cent of those who had some at the end of the quarter before too) by `change`. Each also by
/// `setting` (service type) and by `component`. The period is the quarter; the day is its last.
#[derive(Clone, Debug)]
pub struct Intensity {
    settings: Settings,
    places: Arc<Places>,
    table: MainTable,
    /// Whole quarters that the table covers, in order.
    quarters: Vec<Period>,
    prices: Prices,
    ledger: Ledger<Cell>,
    attrition: Vec<Attrition>,
    noted: Vec<Noted>,
}

impl Intensity {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        // the joined table has one row an event and no costs (P-14)
        let table = MainTable::choose(Some(Mode::Single), &[], frame);
        let mut quarters: Vec<Period> =
            super::periods(&settings.periods, frame).into_iter().flat_map(quarters).collect();
        quarters.retain(|&quarter| table.covers(quarter));
        quarters.sort_unstable();
        quarters.dedup();
        Self {
            settings: settings.clone(),
            places: Arc::new(Places::new(frame)),
            table,
            prices: Prices::new(&frame.coded.cost_frequency),
            ledger: Ledger::default(),
            attrition: vec![Attrition::new(FILTERS); quarters.len()],
            quarters,
            noted: Vec::new(),
        }
    }

    /// Hours and cost a week of a service, as far as it has them.
    fn amounts(&self, event: &CareEvent, person: &Person<'_>, frame: &Frame) -> [Option<i128>; 2] {
        let field = &frame.coded.cost_frequency;
        let Some(detail) = person.cld_details.get(event.row as usize) else { return [None; 2] };
        let cost = match self.prices.cost(detail, field) {
            Ok(Cost::AWeek(cost)) => Some(cost),
            _ => None,
        };
        [self.prices.hours(detail, field).map(i128::from), cost]
    }

    /// Counts what was noted of the person in hand.
    fn close(&mut self) {
        let Self { settings, quarters, ledger, noted, .. } = self;
        noted.sort_unstable();
        let cell = |&(council, kind, level, quarter, _): &Noted| (council, kind, level, quarter);
        let mut before: Option<Noted> = None;
        for same in noted.chunk_by(|a, b| cell(a) == cell(b)) {
            let Some(&(council, kind, level, n, _)) = same.first() else { continue };
            let amount: i128 = same.iter().map(|noted| noted.4).sum();
            let mut note = |fact, amount| ledger.note(council, (n, kind, level, fact), amount);
            note(Fact::Sum, amount);
            note(Fact::Band(settings.band(kind, amount)), 0);
            let earlier = before.filter(|&(la, of, at, m, _)| {
                (la, of, at) == (council, kind, level) && follows(quarters, m, n)
            });
            if let Some((.., earlier)) = earlier {
                note(Fact::Both, 0);
                note(Fact::Change(amount.cmp(&earlier)), 0);
            }
            before = Some((council, kind, level, n, amount));
        }
        noted.clear();
        ledger.close();
    }
}

impl Settings {
    const fn edges(&self, kind: Kind) -> &Vec<u32> {
        match kind {
            Kind::Hours => &self.hour_bands,
            Kind::Cost => &self.cost_bands,
        }
    }

    /// The position of the band of an amount.
    fn band(&self, kind: Kind, amount: i128) -> u8 {
        let edges = self.edges(kind);
        edges.partition_point(|&edge| i128::from(edge) * kind.one() < amount) as u8
    }
}

/// Whether the second of two quarters begins where the first ends.
fn follows(quarters: &[Period], first: u16, second: u16) -> bool {
    let quarter = |n: u16| quarters.get(usize::from(n));
    quarter(first).zip(quarter(second)).is_some_and(|(a, b)| a.end.plus(1) == b.start)
}

/// The first filter that an event fails on a day, whatever it says of hours and cost.
fn failure(kind: EventType, event: &CareEvent, day: Day) -> Option<Filter> {
    if kind != EventType::Service {
        Some(Filter::Service)
    } else if event.client_type != ClientType::ServiceUser {
        Some(Filter::ServiceUser)
    } else if !event.covers(day) {
        Some(Filter::Open)
    } else if event.death.get().is_some_and(|death| death < day) {
        Some(Filter::Alive)
    } else {
        None
    }
}

impl Measure for Intensity {
    const NAME: &'static str = "intensity";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let events = self.table.events(person);
        if !person.is_known() || events.is_empty() {
            return;
        }
        for n in 0..self.quarters.len() {
            let Some(&quarter) = self.quarters.get(n) else { continue };
            let mut furthest = 0;
            for event in events {
                let kind = frame.exact_event_type(person, event);
                let mut failure = failure(kind, event, quarter.end);
                if failure.is_none() {
                    let amounts = self.amounts(event, person, frame);
                    let council = self.places.council(event.la);
                    let levels = [
                        Level::Total,
                        Level::Setting(event.service_type),
                        Level::Component(event.component),
                    ];
                    for (kind, amount) in [Kind::Hours, Kind::Cost].into_iter().zip(amounts) {
                        let Some(amount) = amount else { continue };
                        let noted = |level| (council, kind, level, n as u16, amount);
                        self.noted.extend(levels.map(noted));
                    }
                    if amounts == [None; 2] {
                        failure = Some(Filter::Measured);
                    }
                }
                let position = failure.map_or(FILTERS, |filter| filter as usize);
                furthest = furthest.max(position);
                if let Some(counts) = self.attrition.get_mut(n) {
                    counts.record(position);
                }
            }
            if let Some(counts) = self.attrition.get_mut(n) {
                counts.person(furthest);
            }
        }
        self.close();
    }

    fn merge(&mut self, other: Self) {
        self.ledger.merge(other.ledger);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By quarter, then by kind: mean, bands and changes of every area; then the attrition of each
    /// quarter.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        if !self.quarters.is_empty() {
            finish::figures(self, frame, &mut results.measures);
            finish::attrition(self, &mut results.attrition);
        }
    }
}
