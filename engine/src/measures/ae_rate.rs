//! A&E attendances per 1,000 person-years by care state, by population (M13), and after discharge (M15).

mod after_discharge;
mod population;

use super::care_rates::{CareRates, followed};
use super::person_time::{Exposure, NoOrigin};
use super::population_rates::Standard;
use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::CohortSettings;
use crate::figure::{Results, Unit};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::rates::EmptyStratum;
use crate::stay::Facts;
use after_discharge::AfterDischarge;
use population::Attendances;
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::ecds::{ArrivalMode, Attendance};

/// The table `[measures.ae_rate]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of arrival, and of discharge for attendances after it; none means the study's.
    pub periods: Vec<Period>,
    /// Which person-time is at risk.
    pub exposure: Exposure,
    /// Which discharges count for attendances after discharge, on the profile `general`.
    pub cohort: CohortSettings,
    /// For each window the number of days, that of discharge included: 7 is days 0 to 6.
    pub days: Vec<i32>,
    /// What becomes of an age and sex in which nobody lives, in standardised rates (M12).
    pub empty_stratum: EmptyStratum,
    /// The limits of standardised rates allow for several attendances of one person (M12).
    pub dsr_nonindependent: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            exposure: Exposure::default(),
            cohort: CohortSettings::default(),
            days: vec![7, 28, 30],
            empty_stratum: EmptyStratum::default(),
            dsr_nonindependent: true,
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
        if !self.days.iter().all(|days| (1..=366).contains(days))
            || !self.days.is_sorted_by(|a, b| a < b)
            || self.days.len() > after_discharge::MOST_WINDOWS
        {
            return Err(format!(
                "days = {:?} must be at most {} numbers from 1 to 366 that ascend",
                self.days,
                after_discharge::MOST_WINDOWS
            ));
        }
        self.exposure.check()
    }

    const fn standard(&self) -> Standard {
        Standard { empty: self.empty_stratum, nonindependent: self.dsr_nonindependent }
    }
}

/// Kinds of attendances, by their place among the amounts of [`CareRates`].
const ALL: usize = 1;
const MAJOR: usize = 2;
const AMBULANCE: usize = 3;
const ADMITTED: usize = 4;
const NOT_ADMITTED: usize = 5;

/// Filters on attendances, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Filter {
    Period,
    Person,
    Linkable,
    StandardCount,
    Age,
    Observed,
    FirstDay,
    Washout,
}

const FILTERS: [(Filter, &str, &str); 8] = [
    (Filter::Period, "M15", "arrival outside the period or the hospital data"),
    (Filter::Person, "X-22", "no person"),
    (Filter::Linkable, "M0.3", "person not linkable"),
    (
        Filter::StandardCount,
        "sus-fields 8.4",
        "outside the standard count: planned, streamed away, dead on arrival, or same-day care",
    ),
    (Filter::Age, "M11.1", "month of birth not known: not known to be an adult"),
    (Filter::Observed, "X-20", "no observed adult day before the arrival or on its day"),
    (
        Filter::FirstDay,
        "M11.4",
        "the line begins with the arrival (counted unless the settings say no)",
    ),
    (Filter::Washout, "M11", "within the washout after a discharge"),
];

/// A&E attendances per 1,000 person-years while receiving each type of care, and the share of
/// discharges that an attendance follows.
///
/// Parts of rates, each with the people behind it in a part with `_people` added: `all`; `major`
/// (consultant-led departments); `ambulance` (conveyed by one); `admitted` and `not_admitted` (with and
/// without a linked admission). Strata as in `admission_rate`. Parts after discharge, in per cent of
/// discharges followed for all of the window: `after_discharge_7d` …; `after_discharge_7d_not_admitted`
/// … (an attendance without a linked admission); `after_discharge_7d_died_first` … (died before any
/// attendance). With the look-up `population`, and where the records have age and residence, the parts of
/// rates also with `population_` before them: per 100,000 residents of 18 and over, by age band.
#[derive(Clone, Debug)]
pub struct AeRate {
    rates: CareRates<6>,
    attrition: Vec<Attrition>,
    /// Attendances whose type of department is known, and whose mode of arrival is.
    known: [i64; 2],
    population: Attendances,
    after_discharge: AfterDischarge,
}

impl AeRate {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        Self {
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
            known: [0; 2],
            population: Attendances::new(&periods, settings, frame),
            after_discharge: AfterDischarge::new(&periods, settings, frame),
            rates: CareRates::new(periods, settings.exposure, frame),
        }
    }

    /// Takes the attendance at an index into the counts of a period, or says which filter leaves it
    /// out.
    fn add_attendance(
        &mut self,
        person: &Person<'_>,
        index: usize,
        period: usize,
        frame: &Frame,
    ) -> Result<(), Filter> {
        let attendance = person.attendances.get(index).ok_or(Filter::Period)?;
        let arrival = attendance.arrival.get().ok_or(Filter::Period)?;
        let within = |day: Day| {
            self.rates.periods.get(period).is_some_and(|&period| {
                let (from, until) = followed(period, frame);
                from <= day && day < until
            })
        };
        let of = Facts::of(person);
        let out = [
            (!within(arrival), Filter::Period),
            (!of.known, Filter::Person),
            (!of.linkable, Filter::Linkable),
            (!attendance.in_standard_count(), Filter::StandardCount),
        ];
        if let Some((_, filter)) = out.into_iter().find(|(out, _)| *out) {
            return Err(filter);
        }
        let kinds = kinds(person, index, attendance);
        self.rates.add_event(person, arrival, period, kinds).map_err(|why| match why {
            NoOrigin::UnknownAge => Filter::Age,
            NoOrigin::Unobserved => Filter::Observed,
            NoOrigin::FirstDay => Filter::FirstDay,
            NoOrigin::WashedOut => Filter::Washout,
        })
    }
}

/// The kinds of the attendance at an index.
fn kinds(
    person: &Person<'_>,
    index: usize,
    attendance: &Attendance,
) -> impl Iterator<Item = usize> + Clone + use<> {
    let admitted = person.admission_after(index).is_some();
    let kinds = [
        Some(ALL),
        is_major(attendance).then_some(MAJOR),
        (attendance.arrival_mode == ArrivalMode::Ambulance).then_some(AMBULANCE),
        Some(if admitted { ADMITTED } else { NOT_ADMITTED }),
    ];
    kinds.into_iter().flatten()
}

/// A consultant-led department that is open at all times.
fn is_major(attendance: &Attendance) -> bool {
    const MAJOR: Code = Code::new("01");
    attendance.department == MAJOR
}

impl Measure for AeRate {
    const NAME: &'static str = "ae_rate";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let Facts { known, linkable } = Facts::of(person);
        if known && linkable {
            self.rates.add_time(person, frame);
        }
        for n in 0..self.rates.periods.len() {
            let indexes = 0..person.attendances.len();
            let counted = indexes.map(|index| self.add_attendance(person, index, n, frame));
            let position = |counted: Result<(), Filter>| {
                counted.map_or_else(|filter| filter as usize, |()| FILTERS.len())
            };
            let positions = counted.map(position).collect();
            count_records(&mut self.attrition, n, person, positions);
        }
        self.rates.close();
        for attendance in person.attendances {
            self.known[0] += i64::from(attendance.department.is_some());
            self.known[1] += i64::from(attendance.arrival_mode != ArrivalMode::Unknown);
        }
        self.population.add(person, frame);
        self.after_discharge.add(person, frame);
    }

    fn merge(&mut self, other: Self) {
        self.rates.merge(other.rates);
        for (known, more) in self.known.iter_mut().zip(other.known) {
            *known += more;
        }
        self.population.merge(other.population);
        self.after_discharge.merge(other.after_discharge);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// Rates by person-time, then by population, then attendances after discharge; then the attrition of
    /// each.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        // without types of department or modes of arrival there is nothing to tell them by
        let [departments, modes] = self.known.map(|known| known > 0);
        let parts = [
            ("all", Some(ALL)),
            ("major", departments.then_some(MAJOR)),
            ("ambulance", modes.then_some(AMBULANCE)),
            ("admitted", Some(ADMITTED)),
            ("not_admitted", Some(NOT_ADMITTED)),
        ];
        self.rates.figures(Self::NAME, &parts, Unit::Attendances, &mut results.measures);
        let is_known = |kind| match kind {
            MAJOR => departments,
            AMBULANCE => modes,
            _ => true,
        };
        self.population.figures(Self::NAME, is_known, frame, &mut results.measures);
        self.after_discharge.figures(Self::NAME, &mut results.measures);
        for (&period, counts) in self.rates.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: Self::NAME, part: "", period, unit: Unit::Attendances };
            let start = ("M15", "all emergency attendances, sent once each".to_owned());
            let filters = FILTERS.map(|(_, rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, &mut results.attrition);
        }
        self.rates.attrition(Self::NAME, &mut results.attrition);
        self.population.attrition(Self::NAME, &mut results.attrition);
        self.after_discharge.attrition(Self::NAME, &mut results.attrition);
    }
}

#[cfg(test)]
mod tests;
