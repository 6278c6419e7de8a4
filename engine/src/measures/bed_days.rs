//! Bed days in hospital and days in care homes (M14), and the last days of life (M20).

mod care_home;
mod last_days;
mod nights;

use super::care_rates::{CareRates, followed};
use super::person_time::Exposure;
use crate::amounts::Amounts;
use crate::attrition::{Attrition, FilterText, Steps, count_records};
use crate::figure::{AreaType, Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, StayUnit, is_regular_attender};
use crate::stratum::{Dimension, care_state};
use crate::tally::Cell;
use care_home::CareHomeDays;
use last_days::LastDays;
use nights::{Run, runs};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::state::State;

/// The table `[measures.bed_days]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods in which nights count; none means the study's.
    pub periods: Vec<Period>,
    /// Whose nights: provider spells, or CIPS with the nights between their spells.
    pub unit: StayUnit,
    /// Days that a day case counts, from the day of admission.
    pub daycase_bed_days: i32,
    /// Youngest age on admission, in years, included; people of unknown age are left out when there is
    /// one.
    pub min_age: Option<i32>,
    /// Days in hospital are left out of the person-years of the rate.
    pub exclude_hospital_time: bool,
    /// Days before a death whose bed days count (M20).
    pub last_days_of_life: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            unit: StayUnit::Spell,
            daycase_bed_days: 0,
            min_age: Some(18),
            exclude_hospital_time: false,
            last_days_of_life: 180,
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
        if !(0..=1).contains(&self.daycase_bed_days) {
            return Err(format!("daycase_bed_days = {} must be 0 or 1", self.daycase_bed_days));
        }
        if !(1..=3660).contains(&self.last_days_of_life) {
            let days = self.last_days_of_life;
            return Err(format!("last_days_of_life = {days} must be from 1 to 3660"));
        }
        Ok(())
    }
}

/// Nights among the amounts, and those of stays that were not over when the data ended.
const NIGHTS: usize = 0;
const UNFINISHED: usize = 1;

/// Where nights count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct NightCell {
    cell: Cell,
    month: Month,
    /// Care state on the day before the admission of the CIPS, or on that day where the line begins
    /// with it; `Unobserved` when nobody knows.
    before: State,
}

/// A calendar month: months since year 0.
type Month = i32;

/// What nights are broken down by, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum By {
    Stratum(Dimension, u8),
    Month(Month),
    Before(State),
}

/// A row of nights: period, area, breakdown.
type NightRow = (u16, AreaType, u16, By);

/// Filters on stays, in the order in which they apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Filter {
    Person,
    Linkable,
    RegularAttender,
    DayCase,
    Age,
    Nights,
}

const FILTERS: usize = Filter::Nights as usize + 1;

/// Nights in hospital, by month, admission class and care state before the stay; days in care homes;
/// bed days in the last days of life and the place of death.
///
/// Parts: `nights` and, of those, `nights_unfinished` (of stays that were not over when the data
/// ended), by council of residence and provider, with strata `age_band`, `sex`, `admission_class`,
/// `month` and `care_state` (on the day before admission); `rate` (per 1,000 person-years, hospital
/// time included) by council responsible, `care_state`, `age_band`, `sex`; `care_home_days` by `month`
/// and `care_state`; `last_180_days_of_life` (nights) with `_mean` and `_median`; `place_of_death`
/// (per cent by `state` on the day before death); `died_in_hospital` (per cent). Parts that end in
/// `_people` have the people behind an amount.
#[derive(Clone, Debug)]
pub struct BedDays {
    settings: Settings,
    places: Arc<Places>,
    dimensions: Vec<Dimension>,
    nights: Amounts<NightCell, 2>,
    rates: CareRates<2>,
    care_home: CareHomeDays,
    last_days: LastDays,
    attrition: Vec<Attrition>,
}

impl BedDays {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let exposure = Exposure {
            exclude_hospital_time: settings.exclude_hospital_time,
            ..Exposure::default()
        };
        let mut dimensions = Dimension::with(&frame.study.by);
        // these two have breakdowns of their own
        dimensions.retain(|dimension| *dimension != Dimension::Setting);
        if !dimensions.contains(&Dimension::AdmissionClass) {
            dimensions.push(Dimension::AdmissionClass);
        }
        Self {
            settings: settings.clone(),
            places: Arc::new(Places::new(frame)),
            dimensions,
            nights: Amounts::default(),
            care_home: CareHomeDays::new(&periods, frame),
            last_days: LastDays::new(&periods, settings, frame),
            attrition: vec![Attrition::new(FILTERS); periods.len()],
            rates: CareRates::new(periods, exposure, frame),
        }
    }

    /// Takes the nights of a stay in a period, or says which filter leaves it out.
    fn add_run(
        &mut self,
        person: &Person<'_>,
        run: &Run,
        period: u16,
        (from, until): (Day, Day),
    ) -> Result<(), Filter> {
        let of = Facts::of(person);
        let age = run.stay.birth.calendar_age(run.stay.admission);
        let too_young = self.settings.min_age.is_some_and(|min| age.is_none_or(|age| age < min));
        let (start, end) = (run.start.max(from), run.end.min(until));
        let out = [
            (!of.known, Filter::Person),
            (!of.linkable, Filter::Linkable),
            (is_regular_attender(run.stay.class), Filter::RegularAttender),
            (run.stay.day_case && run.start >= run.end, Filter::DayCase),
            (too_young, Filter::Age),
            (start >= end, Filter::Nights),
        ];
        if let Some((_, filter)) = out.into_iter().find(|(out, _)| *out) {
            return Err(filter);
        }
        let on = run.stay.admission;
        let cell = stay::cell(&run.stay, on, person, &self.places, &self.dimensions);
        let cell = Cell { period, ..cell };
        // as for admissions: the day itself where the line begins with it (M11.4)
        let before = care_state(person, run.admission.plus(-1));
        let before = before.or_else(|| care_state(person, run.admission));
        let before = before.unwrap_or(State::Unobserved);
        for (month, start, end) in by_month(start, end) {
            let night = NightCell { cell, month, before };
            let nights = i64::from(end.since(start));
            self.nights.note(night, NIGHTS, nights);
            if run.unfinished {
                self.nights.note(night, UNFINISHED, nights);
            }
        }
        self.rates.add_days(person, (start, end), usize::from(period), 1);
        Ok(())
    }

    fn add_nights(&mut self, person: &Person<'_>, frame: &Frame) {
        let runs: Vec<Run> =
            runs(person, self.settings.unit, self.settings.daycase_bed_days).collect();
        for n in 0..self.rates.periods.len() {
            let Some(&period) = self.rates.periods.get(n) else { continue };
            let within = followed(period, frame);
            let counted = runs.iter().map(|run| self.add_run(person, run, n as u16, within));
            let position = |counted: Result<(), Filter>| {
                counted.map_or_else(|filter| filter as usize, |()| FILTERS)
            };
            let positions = counted.map(position).collect();
            count_records(&mut self.attrition, n, person, positions);
        }
        self.nights.close();
    }

    fn spread(&self, cell: NightCell, rows: &mut Vec<NightRow>) {
        let areas = [
            (AreaType::England, 0),
            (AreaType::Region, self.places.region(cell.cell.council)),
            (AreaType::La, cell.cell.council),
            (AreaType::Provider, cell.cell.provider),
        ];
        for (kind, area) in areas {
            if area == 0 && kind != AreaType::England {
                continue;
            }
            let mut row = |by| rows.push((cell.cell.period, kind, area, by));
            for &dimension in &self.dimensions {
                for value in dimension.values_of(cell.cell.strata) {
                    row(By::Stratum(dimension, value));
                }
            }
            row(By::Month(cell.month));
            row(By::Before(cell.before));
        }
    }

    fn night_figures(&self, out: &mut Vec<Figure>) {
        let mut rows = self.nights.rows(|cell, rows| self.spread(cell, rows));
        for period in 0..self.rates.periods.len() {
            let total = By::Stratum(Dimension::Total, 0);
            rows.entry((period as u16, AreaType::England, 0, total)).or_default();
        }
        for ((period, kind, area, by), sums) in rows {
            let Some(&period) = self.rates.periods.get(usize::from(period)) else { continue };
            let figure = Figure {
                measure: Self::NAME,
                part: String::new(),
                period,
                area: self.places.area(kind, area),
                stratum: stratum(by),
                numerator: None,
                denominator: None,
                value: Value::Count,
                interval: None,
                unit: Unit::Days,
                counts: Unit::Days,
            };
            for (part, which) in [("nights", NIGHTS), ("nights_unfinished", UNFINISHED)] {
                out.extend(amount(&figure, part, sums.amounts[which], sums.people[which], None));
            }
        }
    }

    fn filters(&self) -> [FilterText; FILTERS] {
        let age = self
            .settings
            .min_age
            .map_or("no limit of age".into(), |age| format!("under {age} on admission or unknown"));
        let day_case = match self.settings.daycase_bed_days {
            0 => "day case, which has no night",
            _ => "day case on a day of another stay",
        };
        [
            ("X-22", "no person".into()),
            ("M0.3", "person not linkable".into()),
            ("M14.4", "regular day or night attender".into()),
            ("M14.4", day_case.into()),
            ("M14", age),
            (
                "M14.2",
                "no night of its own in the period: elsewhere in time, or in another stay".into(),
            ),
        ]
    }
}

/// An amount and the people behind it; `of` are those among whom they are.
fn amount(figure: &Figure, part: &str, amount: i64, people: i64, of: Option<i64>) -> [Figure; 2] {
    let amount = Figure { part: part.into(), numerator: Some(amount), ..figure.clone() };
    let people = Figure {
        part: format!("{part}_people"),
        numerator: Some(people),
        denominator: of,
        unit: Unit::People,
        counts: Unit::People,
        ..figure.clone()
    };
    [amount, people]
}

/// The stratum of a breakdown of nights.
fn stratum(by: By) -> String {
    match by {
        By::Stratum(dimension, value) => dimension.stratum(value),
        By::Month(month) => month_stratum(month),
        By::Before(state) => format!("care_state={}", state.code()),
    }
}

fn month_stratum(month: Month) -> String {
    format!("month={}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// `[start, end)` cut at the first days of months.
fn by_month(start: Day, end: Day) -> impl Iterator<Item = (Month, Day, Day)> {
    let mut next = start;
    std::iter::from_fn(move || {
        let start = next;
        if start >= end {
            return None;
        }
        next = start.month_end().plus(1).min(end);
        let (year, month) = start.year_month();
        Some((year * 12 + month as i32 - 1, start, next))
    })
}

impl Measure for BedDays {
    const NAME: &'static str = "bed_days";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let Facts { known, linkable } = Facts::of(person);
        if known && linkable {
            self.rates.add_time(person, frame);
        }
        self.add_nights(person, frame);
        self.rates.close();
        self.care_home.add(person);
        self.last_days.add(person, frame);
    }

    fn merge(&mut self, other: Self) {
        self.nights.merge(other.nights);
        self.rates.merge(other.rates);
        self.care_home.merge(other.care_home);
        self.last_days.merge(other.last_days);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// Nights, their rate, care-home days, last days of life, each by period, area and stratum; then
    /// the attrition of stays, of person-time and of deaths.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        self.night_figures(&mut results.measures);
        self.rates.figures(Self::NAME, &[("rate", Some(1))], Unit::Days, &mut results.measures);
        self.care_home.figures(Self::NAME, &mut results.measures);
        self.last_days.figures(Self::NAME, &mut results.measures);
        for (&period, counts) in self.rates.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: Self::NAME, part: "", period, unit: Unit::Episodes };
            let start = ("M14", super::all_stays(self.settings.unit));
            counts.steps(&of, start, self.filters(), &mut results.attrition);
        }
        self.rates.attrition(Self::NAME, &mut results.attrition);
        self.last_days.attrition(Self::NAME, &mut results.attrition);
    }
}

#[cfg(test)]
mod tests;
