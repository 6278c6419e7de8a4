//! Who provides care: clients, packages and spend by provider location, and how concentrated they are.
//!
//! No published method exists: the definition is the engine's. A package is a service row; its location
//! is the CQC location that the council wrote on it. Costs follow `cld-metrics.md` section 5.

mod finish;
mod market;
#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping, reason = "pounds and pence")]
mod tests;

use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::ledger::Ledger;
use crate::measures::main_table::MainTable;
use crate::measures::service_cost::{Cost, Prices};
use crate::place::Places;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::codes::cld::{ClientType, EventType, ServiceType};
use throughcare_linkage::day::{OPEN_END, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::cld::CldDetail;

/// The table `[measures.care_market]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. The last three months
    /// of each are counted.
    pub periods: Vec<Period>,
    /// Whether each location has rows of its own.
    pub locations: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { periods: Vec::new(), locations: true }
    }
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

/// Whose packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Whose {
    /// All, with a location or without.
    All,
    /// Those with a location.
    Located,
    /// Those of a location, by its number of the run (`Texts::cqc_location`): never an order of output.
    Location(u32),
}

/// Of any service type, or of one.
type Level = Option<ServiceType>;

/// Quarter, whose packages, service type.
type Cell = (u16, Whose, Level);

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    Service,
    ServiceUser,
    InQuarter,
    NotReversed,
    Located,
}

const FILTERS: usize = Filter::Located as usize + 1;

/// The measure `care_market`.
///
/// Parts: `packages` (the denominator is clients) and `spend` (pounds in the quarter; the numerator is
/// packages, the denominator clients) of England, regions, councils and locations; of the first three
/// also `located` (per cent of packages with a location), `locations`, `shared_locations` (per cent
/// that serve several councils), `largest_share` (per cent of clients), `hhi_clients` and `hhi_spend`.
/// Each also by `setting` (service type).
#[derive(Clone, Debug)]
pub struct CareMarket {
    settings: Settings,
    places: Arc<Places>,
    table: MainTable,
    quarters: Vec<Period>,
    prices: Prices,
    ledger: Ledger<Cell>,
    attrition: Vec<Attrition>,
}

impl CareMarket {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        // the joined table has one row an event and no costs (P-14)
        let table = MainTable::choose(Some(Mode::Single), &[], frame);
        let latest = super::costs::latest_quarter;
        let mut quarters: Vec<Period> =
            super::periods(&settings.periods, frame).into_iter().map(latest).collect();
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
        }
    }

    /// The cost of a package in a quarter in 1/9100 pence; 0 without a usable cost.
    fn spend(&self, event: &CareEvent, detail: &CldDetail, quarter: Period, frame: &Frame) -> i128 {
        let days = super::costs::days_within(event.start, event.end.or(OPEN_END), quarter);
        let cost = self.prices.cost(detail, &frame.coded.cost_frequency).ok();
        cost.map_or(0, |cost: Cost| cost.of_days(days))
    }
}

/// The first filter that an event fails in a quarter, whatever its location.
fn failure(kind: EventType, event: &CareEvent, quarter: Period) -> Option<Filter> {
    let end = event.end.or(OPEN_END);
    if kind != EventType::Service {
        Some(Filter::Service)
    } else if event.client_type != ClientType::ServiceUser {
        Some(Filter::ServiceUser)
    } else if end < quarter.start || event.start > quarter.end {
        Some(Filter::InQuarter)
    } else if event.is_reversed() {
        Some(Filter::NotReversed)
    } else {
        None
    }
}

impl Measure for CareMarket {
    const NAME: &'static str = "care_market";

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
                let mut failure = failure(kind, event, quarter);
                if failure.is_none() {
                    let detail = person.cld_details.get(event.row as usize);
                    let detail = detail.copied().unwrap_or_default();
                    let council = self.places.council(event.la);
                    let spend = self.spend(event, &detail, quarter, frame);
                    let located = detail.cqc_location != 0;
                    let whose = [Whose::All, Whose::Located, Whose::Location(detail.cqc_location)];
                    for &whose in whose.iter().take(if located { 3 } else { 1 }) {
                        for level in [None, Some(event.service_type)] {
                            self.ledger.note(council, (n as u16, whose, level), spend);
                        }
                    }
                    failure = (!located).then_some(Filter::Located);
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
        self.ledger.close();
    }

    fn merge(&mut self, other: Self) {
        self.ledger.merge(other.ledger);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By quarter and service type: England, regions by name and councils by code with all their parts,
    /// then the locations by their identifiers; then the attrition of each quarter.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        if !self.quarters.is_empty() {
            finish::figures(self, frame, &mut results.measures);
            finish::attrition(self, &mut results.attrition);
        }
    }
}
