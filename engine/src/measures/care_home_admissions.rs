//! New admissions to care homes for long-term care, the method of ASCOF 2B and 2C (`cld-metrics.md`
//! section 7; `linked-metrics.md` M13).
//!
//! An admission is the start of long-term nursing or residential care in the period. It is new unless
//! the same council gave such care less than a year before. A person counts once in a council, in
//! the younger band when there are new admissions in both.

pub(super) mod population;
#[cfg(test)]
mod tests;

use super::councils;
use crate::attrition::{Attrition, Steps};
use crate::figure::{AttritionStep, Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use crate::study::Method;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::cld::settings::Edition;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, Outcome, ServiceType};
use throughcare_linkage::day::{BirthMonth, OptDay, Period};
use throughcare_linkage::link::person::Person;

/// What a service without a component does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NullComponent {
    /// It is left out: one clause of the published code lets it pass and the next one does not.
    Drop,
    /// It passes.
    Keep,
}

/// What a service that ended because the person pays for it does to later admissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SelfFundedStay {
    /// It is an earlier stay (edition A).
    Count,
    /// It is none (edition B).
    Ignore,
}

/// The tables `[measures.ascof_2b]` and `[measures.ascof_2c]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's. Data should begin
    /// `look_back_days` before.
    pub periods: Vec<Period>,
    /// An admission is new when earlier care ended at least this many days before.
    pub look_back_days: i32,
    /// What a service without a component does; by default `drop`, and `keep` with
    /// `method = "as-intended"`.
    pub null_component: Option<NullComponent>,
    /// Whether self-funded care is an earlier stay; by default as in the edition.
    pub self_funded_stay: Option<SelfFundedStay>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            look_back_days: 365,
            null_component: None,
            self_funded_stay: None,
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
        if self.look_back_days < 0 {
            return Err(format!("look_back_days = {} must not be negative", self.look_back_days));
        }
        Ok(())
    }
}

/// Age at admission, in the order of the published texts: the first counts where a person has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Band {
    /// 18 to 64.
    WorkingAge,
    /// 65 and over.
    Older,
}

impl Band {
    /// The band of an age in years; none under 18.
    const fn of(age: i32) -> Option<Self> {
        match age {
            ..=17 => None,
            18..=64 => Some(Self::WorkingAge),
            _ => Some(Self::Older),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::WorkingAge => "18 to 64",
            Self::Older => "65 and over",
        }
    }
}

/// Filters on events, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    CareHome,
    Component,
    Birth,
    Alive,
    SelfFundedStay,
    InPeriod,
    SelfFundedAdmission,
    New,
    Adult,
    Band,
    FirstOfPerson,
}

const FILTERS: usize = Filter::FirstOfPerson as usize + 1;

/// Counts of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tally {
    period: Period,
    /// People by council of [`Places`].
    people: BTreeMap<u16, i64>,
    attrition: Attrition,
}

/// The counts of one band.
#[derive(Clone, Debug)]
pub(super) struct CareHomeAdmissions {
    name: &'static str,
    band: Band,
    look_back_days: i32,
    null_component: NullComponent,
    self_funded_stay: SelfFundedStay,
    places: Arc<Places>,
    tallies: Vec<Tally>,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    stays: Vec<CareEvent>,
    councils: Vec<u16>,
}

/// The latest details of a person in one council, as far as this measure needs them.
#[derive(Clone, Copy)]
struct Details {
    la: u16,
    birth: BirthMonth,
    death: OptDay,
}

impl CareHomeAdmissions {
    pub(super) fn new(name: &'static str, band: Band, settings: &Settings, frame: &Frame) -> Self {
        let null_component = match frame.study.method {
            Method::AsPublished => NullComponent::Drop,
            Method::AsIntended => NullComponent::Keep,
        };
        let self_funded_stay = match frame.edition {
            Edition::A => SelfFundedStay::Count,
            Edition::B => SelfFundedStay::Ignore,
        };
        let tally =
            |period| Tally { period, people: BTreeMap::new(), attrition: Attrition::new(FILTERS) };
        Self {
            name,
            band,
            look_back_days: settings.look_back_days,
            null_component: settings.null_component.unwrap_or(null_component),
            self_funded_stay: settings.self_funded_stay.unwrap_or(self_funded_stay),
            places: Arc::new(Places::new(frame)),
            tallies: super::periods(&settings.periods, frame).into_iter().map(tally).collect(),
            scratch: Scratch::default(),
        }
    }

    pub(super) fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() || !person.is_known() {
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.stays.clear();
        scratch
            .stays
            .extend(person.joined.iter().filter(|event| is_care_home(person, event, frame)));
        scratch.councils.clear();
        scratch.councils.extend(scratch.stays.iter().map(|stay| stay.la));
        scratch.councils.sort_unstable();
        scratch.councils.dedup();
        let others = (person.joined.len() - scratch.stays.len()) as i64;
        for n in 0..self.tallies.len() {
            let mut furthest = Filter::CareHome as usize;
            for &la in &scratch.councils {
                let (birth, death) = person_details::birth_and_death(la, person.joined);
                let details = Details { la, birth, death };
                furthest = furthest.max(self.add_council(n, details, &scratch.stays));
            }
            let counts = &mut self.tallies[n].attrition;
            counts.records_at(Filter::CareHome as usize, others);
            counts.person(furthest);
        }
        self.scratch = scratch;
    }

    /// Takes the stays of one person in one council into one period; the furthest position reached.
    fn add_council(&mut self, n: usize, details: Details, stays: &[CareEvent]) -> usize {
        let period = self.tallies[n].period;
        let of_council = || stays.iter().filter(|stay| stay.la == details.la);
        // the younger band counts where there are new admissions in both
        let admissions = of_council().filter_map(|stay| {
            let new = self.first_failure(stay, details, period, stays).is_none();
            Band::of(details.birth.dhsc_age(stay.start)?).filter(|_| new)
        });
        let band = admissions.min();
        let mut furthest = 0;
        let mut counted = false;
        for stay in of_council() {
            let failure = self.first_failure(stay, details, period, stays).or_else(|| {
                if details.birth.dhsc_age(stay.start).and_then(Band::of) != Some(self.band)
                    || band != Some(self.band)
                {
                    Some(Filter::Band)
                } else if std::mem::replace(&mut counted, true) {
                    Some(Filter::FirstOfPerson)
                } else {
                    None
                }
            });
            let position = failure.map_or(FILTERS, |filter| filter as usize);
            self.tallies[n].attrition.record(position);
            furthest = furthest.max(position);
        }
        if counted {
            let council = self.places.council(details.la);
            *self.tallies[n].people.entry(council).or_default() += 1;
        }
        furthest
    }

    /// The first filter up to [`Filter::Adult`] that a stay fails.
    fn first_failure(
        &self,
        stay: &CareEvent,
        details: Details,
        period: Period,
        stays: &[CareEvent],
    ) -> Option<Filter> {
        if let Some(filter) = self.not_in_build(stay, details, period) {
            return Some(filter);
        }
        let is_earlier = |other: &CareEvent| {
            other.la == stay.la
                && other.start < stay.start
                && other.end.get().is_none_or(|end| stay.start.since(end) < self.look_back_days)
                && self.not_in_build(other, details, period).is_none()
        };
        if !period.contains(stay.start) {
            Some(Filter::InPeriod)
        } else if stay.outcome == Outcome::NfaSelfFunded {
            Some(Filter::SelfFundedAdmission)
        } else if stays.iter().any(is_earlier) {
            Some(Filter::New)
        } else if details.birth.dhsc_age(stay.start).and_then(Band::of).is_none() {
            Some(Filter::Adult)
        } else {
            None
        }
    }

    /// Step 1: the first condition of the build that a service in a care home fails.
    fn not_in_build(&self, stay: &CareEvent, details: Details, period: Period) -> Option<Filter> {
        let component = match stay.component {
            Component::LongTermNursing | Component::LongTermResidential => true,
            Component::None => self.null_component == NullComponent::Keep,
            _ => false,
        };
        if !component {
            Some(Filter::Component)
        } else if !details.birth.is_known() {
            Some(Filter::Birth)
        } else if details.death.get().is_some_and(|death| death < period.start) {
            Some(Filter::Alive)
        } else if stay.outcome == Outcome::NfaSelfFunded
            && self.self_funded_stay == SelfFundedStay::Ignore
        {
            Some(Filter::SelfFundedStay)
        } else {
            None
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            for (&council, people) in &theirs.people {
                *mine.people.entry(council).or_default() += people;
            }
            mine.attrition.merge(&theirs.attrition);
        }
    }

    /// Figures by period, then England, regions by name and councils by code; then the attrition.
    pub(super) fn finish(&self, frame: &Frame, results: &mut Results) {
        let with_a_row = councils::with_a_row(&self.places, frame);
        for tally in &self.tallies {
            let mut rows: BTreeMap<u16, Row> = BTreeMap::new();
            for &council in with_a_row.iter().chain(tally.people.keys()) {
                let code = self.places.area(crate::figure::AreaType::La, council).code;
                let population = population::of_council(frame, &code, self.band);
                let people = tally.people.get(&council).copied().unwrap_or(0);
                rows.insert(council, Row { people, population: population.ok_or(Unknown) });
            }
            for (area, row) in councils::with_sums(&self.places, &rows, Row::add) {
                let population = row.population.ok().filter(|_| !rows.is_empty());
                results.measures.push(Figure {
                    measure: self.name,
                    part: String::new(),
                    period: tally.period,
                    area,
                    stratum: String::new(),
                    numerator: Some(row.people),
                    denominator: population,
                    value: population.map_or(Value::Unavailable, |_| Value::Per(100_000.0)),
                    interval: None,
                    unit: Unit::PerPopulation,
                    counts: Unit::People,
                });
            }
        }
        for tally in &self.tallies {
            self.steps(tally, &mut results.attrition);
        }
    }

    fn steps(&self, tally: &Tally, out: &mut Vec<AttritionStep>) {
        let Period { start, end } = tally.period;
        let null = match self.null_component {
            NullComponent::Drop => "other or no component",
            NullComponent::Keep => "another component",
        };
        let self_funded = match self.self_funded_stay {
            SelfFundedStay::Count => "self-funded care that is no earlier stay (edition B only)",
            SelfFundedStay::Ignore => "self-funded care, which is no earlier stay either",
        };
        let other_band = match self.band {
            Band::WorkingAge => "aged 65 or over",
            Band::Older => "aged 18 to 64, or the person has a new admission at that age",
        };
        let filters: [(&'static str, String); FILTERS] = [
            ("2B/2C step 1", "not long-term nursing or residential care of a service user".into()),
            ("2B/2C step 1", format!("{null} than long-term nursing or residential care")),
            ("2B/2C step 1", "no month of birth in the latest details".into()),
            ("2B/2C step 1", format!("died before {start} by the latest details")),
            ("2B/2C step 1", self_funded.into()),
            ("2B/2C step 2", format!("did not start from {start} to {end}")),
            ("2B/2C step 2", "ended as self-funded or under the 12-week disregard".into()),
            (
                "2B/2C step 3",
                format!(
                    "earlier care in the same council open or ended less than {} days before",
                    self.look_back_days
                ),
            ),
            ("2B/2C step 4", "aged under 18 at the start".into()),
            ("2B/2C step 4", format!("{other_band} (not {})", self.band.words())),
            ("2B/2C step 4", "another new admission of the same person in the council".into()),
        ];
        let of = Steps { measure: self.name, part: "", period: tally.period, unit: Unit::Events };
        let start = ("2B/2C step 1", "events of the joined table".to_owned());
        tally.attrition.steps(&of, start, filters, out);
    }
}

/// Long-term nursing or residential care of a service user, whatever its component.
fn is_care_home(person: &Person<'_>, event: &CareEvent, frame: &Frame) -> bool {
    matches!(event.service_type, ServiceType::Nursing | ServiceType::Residential)
        && event.client_type == ClientType::ServiceUser
        && frame.exact_event_type(person, event) == EventType::Service
}

/// A population that the look-up does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unknown;

/// People admitted and population of an area.
#[derive(Clone, Copy, Debug)]
struct Row {
    people: i64,
    population: Result<i64, Unknown>,
}

impl Default for Row {
    fn default() -> Self {
        Self { people: 0, population: Ok(0) }
    }
}

impl Row {
    /// A sum of populations is unknown where one of them is.
    fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.population = match (self.population, other.population) {
            (Ok(a), Ok(b)) => Ok(a + b),
            _ => Err(Unknown),
        };
    }
}
