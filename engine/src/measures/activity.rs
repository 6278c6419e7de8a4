//! Requests, assessments, new services and reviews (`cld-metrics.md` section 1, with the flag of
//! section 2 and the calendar of 0.2).
//!
//! An event counts in the period, in the quarter and in the week or day of its date. Completed events
//! count when they end, since only completed ones are submitted; services when they start.

mod calendar;
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
use calendar::Calendar;
pub(super) use calendar::quarters;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, ServiceType,
};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The date that assigns a completed event to a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CountDate {
    /// Its end.
    #[default]
    End,
    /// Its start.
    Start,
}

/// A trend, by the start of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trend {
    /// By week, Monday to Sunday; weeks that are not whole within the period are left out.
    Weekly,
    /// By day.
    Daily,
}

/// The table `[measures.activity]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's.
    pub periods: Vec<Period>,
    /// The date that assigns requests, assessments and reviews to a quarter. A service always counts
    /// by its start.
    pub date: CountDate,
    /// The main table; by default the single one where it covers all periods, else the joined one.
    pub table: Option<Mode>,
    /// Trends beside the quarters.
    pub trends: Vec<Trend>,
    /// Long-term support is new when there was none in so many days before.
    pub new_client_days: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            date: CountDate::End,
            table: None,
            trends: vec![Trend::Weekly],
            new_client_days: 91,
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
        match self.new_client_days {
            ..0 => Err(format!("new_client_days = {} must not be negative", self.new_client_days)),
            _ => Ok(()),
        }
    }
}

/// What is counted, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Requests,
    /// Of care needs: short term and long term.
    Assessments,
    /// Financial ones, and those without a usable type.
    OtherAssessments,
    NewServices,
    Reviews,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::Requests,
        Self::Assessments,
        Self::OtherAssessments,
        Self::NewServices,
        Self::Reviews,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Assessments => "assessments",
            Self::OtherAssessments => "other_assessments",
            Self::NewServices => "new_services",
            Self::Reviews => "reviews",
        }
    }

    /// The part that an event belongs to; none when its type is none of the four.
    const fn of(kind: EventType, event: &CareEvent) -> Option<Self> {
        match kind {
            EventType::Request => Some(Self::Requests),
            EventType::Assessment => Some(match event.assessment_type {
                AssessmentType::ShortTerm | AssessmentType::LongTerm => Self::Assessments,
                _ => Self::OtherAssessments,
            }),
            EventType::Service => Some(Self::NewServices),
            EventType::Review => Some(Self::Reviews),
            EventType::None | EventType::Invalid => None,
        }
    }
}

/// A breakdown with its value, in the order of output; `Total` is everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Level {
    Total,
    Route(Coded),
    Assessment(AssessmentType),
    Service(ServiceType),
    Review(ReviewType),
    Component(Component),
    Client(ClientType),
    /// Long-term support was open when the event started (section 2).
    ReceivingLts(bool),
    /// Of new long-term support: there was none shortly before.
    NewToLts(bool),
}

/// Where an event counts: part, number of the span in [`Calendar`], breakdown.
type Key = (Part, u16, Level);

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    EventType,
    Dated,
    InPeriod,
}

const FILTERS: usize = Filter::InPeriod as usize + 1;

/// The measure `activity`: events and the people who had them.
///
/// Parts: `requests`, `assessments`, `other_assessments`, `new_services`, `reviews`, for the period
/// and its whole quarters, and the same with `_weekly` and `_daily`. The numerator is the events, the
/// denominator the people. Strata: `type` (route of access; assessment, service or review type),
/// `component`, `client_type`, `receiving_lts`, `new_to_lts`.
#[derive(Clone, Debug)]
pub struct Activity {
    settings: Settings,
    places: Arc<Places>,
    table: MainTable,
    calendar: Calendar,
    ledger: Ledger<Key>,
    attrition: Vec<Attrition>,
    support: LongTermSupport,
}

impl Activity {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let table = MainTable::choose(settings.table, &periods, frame);
        let attrition = vec![Attrition::new(FILTERS); periods.len()];
        Self {
            settings: settings.clone(),
            places: Arc::new(Places::new(frame)),
            table,
            calendar: Calendar::new(&periods, &settings.trends),
            ledger: Ledger::default(),
            attrition,
            support: LongTermSupport::default(),
        }
    }

    /// The day that assigns an event to a quarter.
    const fn date(&self, part: Part, event: &CareEvent) -> Option<Day> {
        match (part, self.settings.date) {
            (Part::NewServices, _) | (_, CountDate::Start) => Some(event.start),
            (_, CountDate::End) => event.end.get(),
        }
    }

    /// Notes an event wherever it counts.
    fn note(&mut self, part: Part, date: Day, levels: &[Level], council: u16, start: Day) {
        for (span, period) in self.calendar.spans() {
            if period.contains(date) {
                for &level in levels {
                    self.ledger.note(council, (part, span, level), 0);
                }
            }
        }
        for span in self.calendar.trends(start) {
            self.ledger.note(council, (part, span, Level::Total), 0);
        }
    }

    /// The breakdowns of an event; the first `n` of the array.
    fn levels(
        &self,
        part: Part,
        event: &CareEvent,
        person: &Person<'_>,
        frame: &Frame,
    ) -> ([Level; 6], usize) {
        let mut levels = [Level::Total; 6];
        levels[1] = Level::Client(event.client_type);
        levels[2] = Level::ReceivingLts(self.support.is_received_at(event));
        levels[3] = match part {
            Part::Requests => {
                let row = person.cld_rows.get(event.row as usize);
                Level::Route(row.map_or(Coded::Blank, |row| frame.coded.route.value(row.route)))
            }
            Part::Assessments | Part::OtherAssessments => Level::Assessment(event.assessment_type),
            Part::NewServices => Level::Service(event.service_type),
            Part::Reviews => Level::Review(event.review_type),
        };
        if part != Part::NewServices {
            return (levels, 4);
        }
        // a service would always find itself
        levels[2] = Level::Component(event.component);
        if !event.service_type.is_long_term() {
            return (levels, 4);
        }
        levels[4] = Level::NewToLts(self.support.is_new_at(event, self.settings.new_client_days));
        (levels, 5)
    }
}

impl Measure for Activity {
    const NAME: &'static str = "activity";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let events = self.table.events(person);
        if !person.is_known() || events.is_empty() || !self.table.exists() {
            return;
        }
        self.support.take(person, events, frame);
        for event in events {
            let Some(part) = Part::of(frame.exact_event_type(person, event), event) else {
                continue;
            };
            let Some(date) = self.date(part, event) else { continue };
            let (levels, n) = self.levels(part, event, person, frame);
            let council = self.places.council(event.la);
            let levels = levels.get(..n).unwrap_or(&levels);
            self.note(part, date, levels, council, event.start);
        }
        self.ledger.close();
        for n in 0..self.attrition.len() {
            let Some(period) = self.calendar.periods.get(n).copied() else { continue };
            let mut furthest = 0;
            for event in events {
                let position = match Part::of(frame.exact_event_type(person, event), event) {
                    None => Filter::EventType as usize,
                    Some(part) => match self.date(part, event) {
                        None => Filter::Dated as usize,
                        Some(date) if !period.contains(date) => Filter::InPeriod as usize,
                        Some(_) => FILTERS,
                    },
                };
                if let Some(counts) = self.attrition.get_mut(n) {
                    counts.record(position);
                }
                furthest = furthest.max(position);
            }
            if let Some(counts) = self.attrition.get_mut(n) {
                counts.person(furthest);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.ledger.merge(other.ledger);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By part, then by span (periods and quarters in the order of time, weeks, days): the figures of
    /// every area; then the attrition of each period.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        if self.table.exists() {
            finish::figures(self, frame, &mut results.measures);
            finish::attrition(self, &mut results.attrition);
        }
    }
}
