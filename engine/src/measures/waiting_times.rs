//! Waiting times from a request for care to its first response and to the first service
//! (`cld-metrics.md` section 11).
//!
//! The work on one person in one council is in the order of the published code: `pool` gathers the
//! requests of new clients with all assessments and services in one order (stages 1 and 2), `waits`
//! finds what answered each request (stage 3). `finish` makes figures (stage 4), among them some that
//! are not published: the distribution of waits, and the people who still wait; `curves` counts both
//! together.

mod counts;
mod curves;
mod finish;
mod pool;
mod waits;
#[cfg(test)]
mod tests;

use super::Measure;
use super::quarters::Quarters;
use crate::attrition::Attrition;
use crate::figure::{AreaType, Results};
use crate::frame::Frame;
use crate::place::Places;
use counts::{Band, Counts, Of};
use pool::{Event, Kind};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use waits::{Wait, Waits};

/// The table `[measures.waiting_times]`. Every default is the published method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. Figures are made for
    /// the calendar quarters that lie wholly inside.
    pub periods: Vec<Period>,
    /// The first quarter with figures begins on this day or later.
    pub published_from: Day,
    /// Requests, and events of the pool in its counts, start on this day or later.
    pub requests_from: Day,
    /// Youngest age at the start of an event, in years.
    pub minimum_age: i32,
    /// A client is existing when long-term support ended this many months before the request or later.
    pub long_term_months: i32,
    /// The same for other short-term support.
    pub short_term_months: i32,
    /// From this day on a conversation answers no request.
    pub release_2_from: Day,
    /// Days since the request at which curves are reported, ascending, from 0.
    pub curve_days: Vec<i32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            published_from: Day(19_814), // 2024-04-01
            requests_from: Day(19_448),  // 2023-04-01
            minimum_age: 25,
            long_term_months: 12,
            short_term_months: 3,
            release_2_from: Day(20_270), // 2025-07-01
            curve_days: vec![0, 7, 14, 28, 42, 56, 84, 126, 182, 365],
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
        let numbers = [
            ("minimum_age", self.minimum_age),
            ("long_term_months", self.long_term_months),
            ("short_term_months", self.short_term_months),
        ];
        if self.curve_days.iter().any(|&day| day < 0) || !self.curve_days.is_sorted_by(|a, b| a < b)
        {
            return Err(format!(
                "curve_days = {:?} must ascend and not be negative",
                self.curve_days
            ));
        }
        match numbers.iter().find(|(_, number)| *number < 0) {
            Some((name, number)) => Err(format!("{name} = {number} must not be negative")),
            None => Ok(()),
        }
    }
}

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    Request,
    ServiceUser,
    Start,
    Age,
    NewClient,
    Outcome,
    NoOverlap,
    Answered,
    InQuarters,
}

const FILTERS: usize = Filter::InQuarters as usize + 1;

/// The measure `waiting_times`: waits by quarter, council, age band and number of days.
///
/// Parts, a row a quarter: `first_response` and `first_service` (the value is the median of days, the
/// denominator the number of waits), each with `_p25`, `_p75` and `_p90`, by `age_band`;
/// `first_response_waiting` and `first_service_waiting` (people who wait on the last day of the
/// quarter) with `_median` days so far, by `age_band`; `response_type` and `pool_events` (events), by
/// `age_band` and `event_type`; `response_assessment_type` by `age_band` and `assessment_type`;
/// `first_service_type` by `age_band` and `service_type`. Curves: `first_response` and `first_service`.
#[derive(Clone, Debug)]
pub struct WaitingTimes {
    settings: Settings,
    places: Arc<Places>,
    quarters: Quarters,
    counts: Counts,
    periods: Vec<Period>,
    /// Days of the first request of a person in a period.
    times: Counts,
    attrition: Attrition,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// The events of the pool in the published order, council by council.
    pool: Vec<Event>,
    /// Requests in the pool with what answered them.
    waits: Vec<Wait>,
    /// Where events outside the pool fell.
    fallen: [i64; Filter::NoOverlap as usize],
}

impl WaitingTimes {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        Self {
            settings: settings.clone(),
            places: Arc::new(Places::new(frame)),
            quarters: Quarters::inside(&periods, settings.published_from),
            counts: Counts::default(),
            periods,
            times: Counts::default(),
            attrition: Attrition::new(FILTERS),
            scratch: Scratch::default(),
        }
    }

    /// The areas that a council belongs to, itself included: kind, and number in [`Places`].
    fn areas(&self, council: u16) -> impl Iterator<Item = (AreaType, u16)> + use<> {
        let region = self.places.region(council);
        let areas = [(AreaType::Region, region), (AreaType::La, council)];
        let known = areas.into_iter().filter(|&(_, area)| area != 0);
        std::iter::once((AreaType::England, 0)).chain(known)
    }

    /// Counts the events of the pool by the quarter of their start (step 15): also those of people
    /// without a request.
    fn add_pool(&mut self, council: u16, pool: &[Event]) {
        let counted = |event: &&Event| event.start >= self.settings.requests_from;
        for event in pool.iter().filter(counted) {
            if let (Some(band), Some(quarter)) = (event.band, self.quarters.of(event.start)) {
                let of = Of { span: quarter, council, band, what: counts::What::Pool };
                self.counts.add(of, event.kind as i32);
            }
        }
    }

    /// Counts the waits of one person in one council; the furthest position reached.
    fn add_waits(&mut self, council: u16, death: Option<Day>, waits: &[Wait]) -> usize {
        let mut furthest = 0;
        for wait in waits {
            let position = self.add_wait(council, wait);
            self.attrition.record(position);
            furthest = furthest.max(position);
        }
        for quarter in 0..self.quarters.len() {
            self.add_waiting(council, quarter, death, waits);
        }
        furthest
    }

    /// Counts a request; the position of the filter that it fails.
    fn add_wait(&mut self, council: u16, wait: &Wait) -> usize {
        use counts::What;
        if wait.overlaps {
            return Filter::NoOverlap as usize;
        }
        if let Some(service) = wait.service
            && let (Some(band), Some(quarter)) = (service.band, self.quarters.of(service.start))
        {
            let of = |what| Of { span: quarter, council, band, what };
            self.counts.add(of(What::Service), service.start.since(wait.start));
            self.counts.add(of(What::ServiceType), service.code);
        }
        let Some(response) = wait.response else { return Filter::Answered as usize };
        let (Some(band), Some(quarter)) = (response.band, self.quarters.of(response.start)) else {
            return Filter::InQuarters as usize;
        };
        let of = |what| Of { span: quarter, council, band, what };
        self.counts.add(of(What::Response), response.start.since(wait.start));
        self.counts.add(of(What::ResponseType), response.kind as i32);
        if response.kind == Kind::Assessment {
            self.counts.add(of(What::AssessmentType), response.code);
        }
        FILTERS
    }

    /// Counts the person among those who wait at the end of a quarter, by the longest of the open
    /// waits.
    fn add_waiting(&mut self, council: u16, quarter: u16, death: Option<Day>, waits: &[Wait]) {
        use counts::What;
        let Some(Period { end: day, .. }) = self.quarters.period(quarter) else { return };
        if death.is_some_and(|death| death <= day) {
            return;
        }
        for (what, waits_on) in [
            (What::WaitingResponse, Wait::waits_for_response as fn(&Wait, Day) -> bool),
            (What::WaitingService, Wait::waits_for_service),
        ] {
            // requests are in the order of their start
            let first = waits.iter().find(|wait| waits_on(wait, day));
            if let Some(wait) = first
                && let Some(band) = wait.band
            {
                let of = Of { span: quarter, council, band, what };
                self.counts.add(of, day.since(wait.start));
            }
        }
    }
}

impl Measure for WaitingTimes {
    const NAME: &'static str = "waiting_times";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() || !person.is_known() {
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        pool::gather(person, frame, &self.settings, &mut scratch.pool, &mut scratch.fallen);
        let mut furthest = 0;
        for (position, &events) in scratch.fallen.iter().enumerate() {
            self.attrition.records_at(position, events);
            if events > 0 {
                furthest = position;
            }
        }
        for pool in scratch.pool.chunk_by(|a, b| a.la == b.la) {
            let Some(la) = pool.first().map(|event| event.la) else { continue };
            let council = self.places.council(la);
            self.add_pool(council, pool);
            Waits { release_2_from: self.settings.release_2_from, pool }.find(&mut scratch.waits);
            if !scratch.waits.is_empty() {
                let death = pool::death(la, person);
                let latest = pool::latest_reference_end(la, person);
                let observed_to = Self::observed_to(la, frame, latest);
                self.add_times(council, observed_to, death, &scratch.waits);
                furthest = furthest.max(self.add_waits(council, death, &scratch.waits));
            }
        }
        self.attrition.person(furthest);
        self.scratch = scratch;
    }

    fn merge(&mut self, other: Self) {
        self.counts.merge(&other.counts);
        self.times.merge(&other.times);
        self.attrition.merge(&other.attrition);
    }

    /// By quarter, area, part and stratum; the curves; then the attrition, which is of all quarters
    /// together.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        self.figures(&mut results.measures);
        self.curves(&mut results.curves);
        self.steps(&mut results.attrition);
    }
}

/// The rows of a statistic: everyone, then each band.
const STRATA: [&[Band]; 3] = [&Band::ALL, &[Band::Younger], &[Band::Older]];

fn stratum(bands: &[Band]) -> String {
    match bands {
        [band] => format!("age_band={}", band.label()),
        _ => String::new(),
    }
}

/// The band of an age at the end of an event: none below, or when it is unknown.
fn band(age: Option<i32>) -> Option<Band> {
    match age {
        Some(18..=64) => Some(Band::Younger),
        Some(65..) => Some(Band::Older),
        _ => None,
    }
}
