//! Reviews by type, reason and outcomes achieved, and how many people with long-term support were
//! reviewed (`cld-metrics.md` section 3).

mod finish;
#[cfg(test)]
mod tests;

use crate::attrition::Attrition;
use crate::coded::Coded;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::ledger::Ledger;
use crate::measures::main_table::MainTable;
use crate::measures::receiving_lts::LongTermSupport;
use crate::place::Places;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::codes::cld::{ClientType, EventType};
use throughcare_linkage::day::{Day, OPEN_END, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.reviews]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's.
    pub periods: Vec<Period>,
    /// The main table; by default the single one where it covers all periods, else the joined one.
    pub table: Option<Mode>,
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

/// A set of reviews or people, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Cell {
    /// Reviews of any type or of one, with the receiving-LTS flag or whatever it is.
    Reviews(Option<ReviewType>, Option<bool>),
    /// Planned reviews by outcomes achieved.
    Outcomes(Coded),
    /// Unplanned reviews by reason.
    Reasons(Coded),
    /// People with long-term support in all of the last 12 months of the period.
    Supported,
    /// Those of them with a review.
    Reviewed,
}

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    Review,
    Completed,
    InPeriod,
}

const FILTERS: usize = Filter::InPeriod as usize + 1;

/// The measure `reviews`.
///
/// Parts: `reviews` (events; the denominator is people) by `type` and `receiving_lts`; `outcomes`
/// (per cent of planned reviews) by `outcome`; `reasons` (per cent of unplanned reviews) by `reason`;
/// `coverage` (per cent of the people with long-term support in all of the last 12 months).
#[derive(Clone, Debug)]
pub struct Reviews {
    places: Arc<Places>,
    table: MainTable,
    periods: Vec<Period>,
    ledger: Ledger<(u16, Cell)>,
    attrition: Vec<Attrition>,
    support: LongTermSupport,
    /// Long-term support of service users: council, start, end.
    stays: Vec<(u16, Day, Day)>,
    /// Councils that reviewed the person in hand.
    reviewed: Vec<u16>,
}

impl Reviews {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        Self {
            places: Arc::new(Places::new(frame)),
            table: MainTable::choose(settings.table, &periods, frame),
            attrition: vec![Attrition::new(FILTERS); periods.len()],
            periods,
            ledger: Ledger::default(),
            support: LongTermSupport::default(),
            stays: Vec::new(),
            reviewed: Vec::new(),
        }
    }

    /// Notes a review that counts in a period.
    fn note(&mut self, n: u16, event: &CareEvent, person: &Person<'_>, frame: &Frame) {
        let council = self.places.council(event.la);
        let (kind, flag) = (event.review_type, self.support.is_received_at(event));
        for kind in [None, Some(kind)] {
            for flag in [None, Some(flag)] {
                self.ledger.note(council, (n, Cell::Reviews(kind, flag)), 0);
            }
        }
        let cell = match kind {
            ReviewType::Planned => {
                let detail = person.cld_details.get(event.row as usize);
                let value = |raw| frame.coded.review_outcomes.value(raw);
                let outcomes = detail.map_or(Coded::Blank, |detail| value(detail.review_outcomes));
                Cell::Outcomes(outcomes)
            }
            ReviewType::Unplanned => {
                let row = person.cld_rows.get(event.row as usize);
                let value = |raw| frame.coded.review_reason.value(raw);
                Cell::Reasons(row.map_or(Coded::Blank, |row| value(row.review_reason)))
            }
            _ => return,
        };
        self.ledger.note(council, (n, cell), 0);
    }

    /// Notes in which councils the person had long-term support all the time, and was reviewed.
    fn note_coverage(&mut self, n: u16, period: Period) {
        let from = period.end.plus(1).add_months(-12);
        for stays in self.stays.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(la, ..)) = stays.first() else { continue };
            if !covers(stays, from, period.end) {
                continue;
            }
            let council = self.places.council(la);
            self.ledger.note(council, (n, Cell::Supported), 0);
            if self.reviewed.contains(&la) {
                self.ledger.note(council, (n, Cell::Reviewed), 0);
            }
        }
    }
}

/// Whether stays in the order of their starts leave no day out from one day to another.
fn covers(stays: &[(u16, Day, Day)], from: Day, to: Day) -> bool {
    let mut open = from;
    for &(_, start, end) in stays {
        if start <= open && end >= open {
            open = end.plus(1);
        }
    }
    open > to
}

/// The first filter that an event fails in a period.
fn failure(kind: EventType, event: &CareEvent, period: Period) -> Option<Filter> {
    match event.end.get() {
        _ if kind != EventType::Review => Some(Filter::Review),
        None => Some(Filter::Completed),
        Some(end) if !period.contains(end) => Some(Filter::InPeriod),
        Some(_) => None,
    }
}

impl Measure for Reviews {
    const NAME: &'static str = "reviews";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let events = self.table.events(person);
        if !person.is_known() || events.is_empty() || !self.table.exists() {
            return;
        }
        self.support.take(person, events, frame);
        self.stays.clear();
        let stays = events.iter().filter(|event| {
            event.service_type.is_long_term()
                && event.client_type == ClientType::ServiceUser
                && frame.exact_event_type(person, event) == EventType::Service
        });
        self.stays.extend(stays.map(|event| (event.la, event.start, event.end.or(OPEN_END))));
        self.stays.sort_unstable();
        for n in 0..self.periods.len() {
            let Some(&period) = self.periods.get(n) else { continue };
            self.reviewed.clear();
            let mut furthest = 0;
            for event in events {
                let kind = frame.exact_event_type(person, event);
                let failure = failure(kind, event, period);
                if failure.is_none() {
                    self.note(n as u16, event, person, frame);
                    self.reviewed.push(event.la);
                }
                let position = failure.map_or(FILTERS, |filter| filter as usize);
                furthest = furthest.max(position);
                if let Some(counts) = self.attrition.get_mut(n) {
                    counts.record(position);
                }
            }
            self.note_coverage(n as u16, period);
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

    /// By period, then by part: the figures of every area; then the attrition of each period.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        if self.table.exists() {
            finish::figures(self, frame, &mut results.measures);
            finish::attrition(self, &mut results.attrition);
        }
    }
}
