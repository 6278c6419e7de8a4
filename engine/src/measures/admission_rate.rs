//! Emergency and other admissions per 1,000 person-years by care state (M11), and emergency admissions
//! by population (M13).

mod population;

use super::avoidable::Avoidable;
use super::care_rates::{CareRates, followed};
use super::person_time::{Exposure, NoOrigin};
use super::population_rates::Standard;
use crate::attrition::{Attrition, Steps, count_records};
use crate::figure::{Results, Unit};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::rates::EmptyStratum;
use crate::stay::{Facts, is_inner, is_regular_attender};
use population::Emergencies;
use serde::{Deserialize, Serialize};
use throughcare_linkage::day::Period;
use throughcare_linkage::hospital::stay::Cips;
use throughcare_linkage::link::person::Person;

/// The table `[measures.admission_rate]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of admission; none means the study's.
    pub periods: Vec<Period>,
    /// Which person-time is at risk.
    pub exposure: Exposure,
    /// What becomes of an age and sex in which nobody lives, in standardised rates (M12).
    pub empty_stratum: EmptyStratum,
    /// The limits of standardised rates allow for several admissions of one person (M12).
    pub dsr_nonindependent: bool,
    /// Count emergencies by ambulatory care sensitive condition and after a fall (M18, M13): needs
    /// diagnoses, which take memory.
    pub conditions: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            exposure: Exposure::default(),
            empty_stratum: EmptyStratum::default(),
            dsr_nonindependent: true,
            conditions: false,
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
        self.exposure.check()
    }

    const fn standard(&self) -> Standard {
        Standard { empty: self.empty_stratum, nonindependent: self.dsr_nonindependent }
    }
}

/// Kinds of admissions, by their place among the amounts of [`CareRates`].
const EMERGENCY: usize = 1;
const EMERGENCY_0_NIGHTS: usize = 2;
const EMERGENCY_1_PLUS_NIGHTS: usize = 3;
const ANY: usize = 4;
const PARTS: [(&str, Option<usize>); 4] = [
    ("emergency", Some(EMERGENCY)),
    ("emergency_0_nights", Some(EMERGENCY_0_NIGHTS)),
    ("emergency_1_plus_nights", Some(EMERGENCY_1_PLUS_NIGHTS)),
    ("any", Some(ANY)),
];

/// Filters on stays, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Filter {
    Period,
    Person,
    Linkable,
    RegularAttender,
    DayCase,
    Inner,
    Age,
    Observed,
    FirstDay,
    Washout,
}

const FILTERS: [(Filter, &str, &str); 10] = [
    (Filter::Period, "M11.4", "admission outside the period or the hospital data"),
    (Filter::Person, "X-22", "no person"),
    (Filter::Linkable, "M0.3", "person not linkable"),
    (Filter::RegularAttender, "J", "regular day or night attender"),
    (Filter::DayCase, "M11.4", "day case"),
    (Filter::Inner, "X-07", "stay inside another provider's stay"),
    (Filter::Age, "M11.1", "month of birth not known: not known to be an adult"),
    (Filter::Observed, "X-20", "no observed adult day before the admission or on its day"),
    (
        Filter::FirstDay,
        "M11.4",
        "the line begins with the admission (counted unless the settings say no)",
    ),
    (Filter::Washout, "M11", "within the washout after a discharge"),
];

/// Admissions per 1,000 person-years while receiving each type of care.
///
/// A rate has the admissions as numerator and the person-days at risk as denominator; the part of the
/// same name with `_people` has the people admitted at least once, of those with time at risk.
///
/// Parts: `emergency`, of which `emergency_0_nights` and `emergency_1_plus_nights`; `any` (day cases
/// and regular attenders aside). Strata: `care_state`, `age_band`, `sex`, `time_in_care` (days since
/// the service of the state began), and each of the last three within `care_state` for England and
/// regions. With the look-up `population`: `population_emergency_65_and_over` (emergency spells of
/// residents of 65 and over per 100,000) and, where it has ages by sex,
/// `population_emergency_65_and_over_standardised`. With `conditions` the parts of [`Avoidable`].
#[derive(Clone, Debug)]
pub struct AdmissionRate {
    rates: CareRates<5>,
    attrition: Vec<Attrition>,
    population: Emergencies,
    avoidable: Option<Avoidable>,
}

impl AdmissionRate {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        Self {
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
            population: Emergencies::new(&periods, settings, frame),
            avoidable: settings
                .conditions
                .then(|| Avoidable::new(Self::NAME, &periods, settings.standard(), frame)),
            rates: CareRates::new(periods, settings.exposure, frame),
        }
    }

    /// Takes a stay into the counts of a period, or says which filter leaves it out.
    fn add_stay(
        &mut self,
        person: &Person<'_>,
        stay: &Cips,
        period: usize,
        frame: &Frame,
    ) -> Result<(), Filter> {
        let within = self.rates.periods.get(period).is_some_and(|&period| {
            let (from, until) = followed(period, frame);
            from <= stay.admission && stay.admission < until
        });
        let of = Facts::of(person);
        let out = [
            (!within, Filter::Period),
            (!of.known, Filter::Person),
            (!of.linkable, Filter::Linkable),
            (is_regular_attender(stay.class), Filter::RegularAttender),
            (stay.day_case, Filter::DayCase),
            (is_inner(stay), Filter::Inner),
        ];
        if let Some((_, filter)) = out.into_iter().find(|(out, _)| *out) {
            return Err(filter);
        }
        let nights = if stay.nights() > 0 { EMERGENCY_1_PLUS_NIGHTS } else { EMERGENCY_0_NIGHTS };
        let emergency = stay.emergency.then_some([EMERGENCY, nights]);
        let kinds = emergency.into_iter().flatten().chain([ANY]);
        self.rates.add_event(person, stay.admission, period, kinds).map_err(|why| match why {
            NoOrigin::UnknownAge => Filter::Age,
            NoOrigin::Unobserved => Filter::Observed,
            NoOrigin::FirstDay => Filter::FirstDay,
            NoOrigin::WashedOut => Filter::Washout,
        })
    }
}

impl Measure for AdmissionRate {
    const NAME: &'static str = "admission_rate";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let Facts { known, linkable } = Facts::of(person);
        if known && linkable {
            self.rates.add_time(person, frame);
        }
        for n in 0..self.rates.periods.len() {
            let counted = person.cips.iter().map(|stay| self.add_stay(person, stay, n, frame));
            let position = |counted: Result<(), Filter>| {
                counted.map_or_else(|filter| filter as usize, |()| FILTERS.len())
            };
            let positions = counted.map(position).collect();
            count_records(&mut self.attrition, n, person, positions);
        }
        self.rates.close();
        self.population.add(person, frame);
        if let Some(avoidable) = &mut self.avoidable {
            avoidable.add(person);
        }
    }

    fn merge(&mut self, other: Self) {
        self.rates.merge(other.rates);
        self.population.merge(other.population);
        if let (Some(mine), Some(theirs)) = (&mut self.avoidable, other.avoidable) {
            mine.merge(theirs);
        }
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// Rates by person-time, then those by population; then the attrition of stays, of person-time and
    /// of population rates.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        self.rates.figures(Self::NAME, &PARTS, Unit::Admissions, &mut results.measures);
        self.population.figures(Self::NAME, frame, &mut results.measures);
        for (&period, counts) in self.rates.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: Self::NAME, part: "", period, unit: Unit::Admissions };
            let start = ("M11", super::all_stays(crate::stay::StayUnit::Cips));
            let filters = FILTERS.map(|(_, rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, &mut results.attrition);
        }
        self.rates.attrition(Self::NAME, &mut results.attrition);
        self.population.attrition(Self::NAME, &mut results.attrition);
        if let Some(avoidable) = &self.avoidable {
            avoidable.finish(frame, results);
        }
    }
}

#[cfg(test)]
mod tests;
