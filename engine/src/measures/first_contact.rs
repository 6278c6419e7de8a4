//! Days from discharge to the first social care contact and the first service (M4).

mod contacts;

pub use contacts::{Class, first_contacts, is_already_supported, is_of_carer};

use super::row_figures::RowFigures;
use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::{Cohort, CohortSettings, Filter, Profile};
use crate::figure::{Figure, Results, Unit};
use crate::follow_up::{self, Ending, Endings};
use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// The table `[measures.first_contact]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// Index discharges, on the profile `general`.
    pub cohort: CohortSettings,
    /// Days before the discharge from which a contact is looked for: what starts in them is shown apart,
    /// as `in_stay`.
    pub pre_days: i32,
    /// Days after the discharge to which a contact is looked for, included.
    pub window_days: i32,
    /// Days within which shares are given, ascending, none over the window.
    pub within_days: Vec<i32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cohort: CohortSettings::default(),
            pre_days: 0,
            window_days: 91,
            within_days: vec![0, 2, 7, 14, 28, 91],
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
        for (name, days) in [("pre_days", self.pre_days), ("window_days", self.window_days)] {
            if !(0..=10_000).contains(&days) {
                return Err(format!("{name} = {days} must be from 0 to 10000"));
            }
        }
        let fits = |&days: &i32| (0..=self.window_days).contains(&days);
        if !self.within_days.iter().all(fits) || !self.within_days.is_sorted_by(|a, b| a < b) {
            return Err(format!(
                "within_days = {:?} must ascend within 0 to window_days = {}",
                self.within_days, self.window_days
            ));
        }
        Ok(())
    }
}

/// First contacts after discharge, class by class.
///
/// For each class `any`, `request`, `assessment`, `review` and `service` the parts `…_within_0`,
/// `…_within_2` and so on (per cent of index discharges that are followed for the whole window),
/// `…_in_stay` (per cent, only when `pre_days` is set) and `…_median` (days, of those with a contact on
/// or after the discharge). For everyone together also by `already_supported` and, for services, by
/// `service_type`. `first_event` (`first=contact`, `readmission`, `death`, `none`; per cent) says what
/// came first in the window.
#[derive(Clone, Debug)]
pub struct FirstContact {
    settings: Settings,
    cohort: Cohort,
    filters: Vec<Filter>,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    contacts: Tally,
    endings: Tally,
    attrition: Vec<Attrition>,
}

/// An entry of the tally of contacts: what it counts, whether the person was supported before, and the
/// days that a contact took, which may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// None for the index discharge itself.
    class: Option<Class>,
    supported: bool,
    days: i32,
}

impl Entry {
    const OFFSET: i64 = 1 << 31;

    fn pack(self) -> u64 {
        let class = self.class.map_or(0, |class| class as u64 + 1);
        let days = (i64::from(self.days) + Self::OFFSET) as u64;
        class | u64::from(self.supported) << 4 | days << 5
    }

    fn unpack(value: u64) -> Self {
        let class = (value & 15).checked_sub(1);
        Self {
            class: class.and_then(|class| Class::ALL.get(class as usize).copied()),
            supported: value >> 4 & 1 == 1,
            days: i32::try_from((value >> 5) as i64 - Self::OFFSET).unwrap_or(i32::MAX),
        }
    }
}

/// Discharges and the days of their contacts.
#[derive(Clone, Debug, Default)]
struct Counts {
    index: i64,
    days: [Histogram; Class::ALL.len()],
}

/// Discharges of one row, by earlier support.
#[derive(Clone, Debug, Default)]
struct Split {
    // not supported before, supported before
    by_support: [Counts; 2],
}

impl Split {
    fn add(&mut self, value: u64, discharges: i64) {
        let entry = Entry::unpack(value);
        let counts = &mut self.by_support[usize::from(entry.supported)];
        match entry.class {
            None => counts.index += discharges,
            Some(class) => counts.days[class as usize].add(entry.days, discharges),
        }
    }

    fn all(&self) -> Counts {
        let mut all = Counts::default();
        for counts in &self.by_support {
            all.index += counts.index;
            for (days, more) in all.days.iter_mut().zip(&counts.days) {
                days.merge(more);
            }
        }
        all
    }
}

impl FirstContact {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let cohort = settings.cohort.resolve(Profile::General);
        let filters = cohort.filters();
        Self {
            // one more filter: the full follow-up
            attrition: vec![Attrition::new(filters.len() + 1); periods.len()],
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            contacts: Tally::default(),
            endings: Tally::default(),
            settings: settings.clone(),
            cohort,
            filters,
            periods,
        }
    }

    /// Takes an index discharge into the counts; whether it was followed for the whole window.
    fn add_discharge(
        &mut self,
        cell: Cell,
        stay: &Stay,
        person: &Person<'_>,
        frame: &Frame,
    ) -> bool {
        let discharge = stay.discharge;
        let until = follow_up::followed_until(person, frame, discharge);
        if until <= discharge {
            return false;
        }
        let last = discharge.plus(self.settings.window_days);
        let first = first_contacts(person, discharge.plus(-self.settings.pre_days), last);
        // what began in the stay is no contact after it
        let contact = first[Class::Any as usize].filter(|&day| day >= discharge);
        let days = [
            (Ending::Readmission, follow_up::readmitted_on(person, stay)),
            (Ending::Event, contact),
            (Ending::Death, person.dod().get()),
        ];
        let (ending, day) = follow_up::first_ending(discharge, days, last.min(until.plus(-1)));
        let is_followed = last < until;
        let packed = ending as u64 | u64::from(is_followed) << 2 | (day as u64) << 3;
        self.endings.add(cell, packed);
        if is_followed {
            let supported = is_already_supported(person, stay.admission);
            let index = Entry { class: None, supported, days: 0 };
            self.contacts.add(cell, index.pack());
            for (&class, first) in Class::ALL.iter().zip(first) {
                if let Some(day) = first {
                    let entry = Entry { class: Some(class), days: day.since(discharge), ..index };
                    self.contacts.add(cell, entry.pack());
                }
            }
        }
        is_followed
    }

    /// Days from discharge to the first contact, to an emergency readmission, to death or to the end of
    /// the follow-up, whichever came first, at most `window_days`: also those of discharges that were
    /// not followed for the whole window. Rows in the order of output.
    #[must_use]
    pub fn endings(&self) -> BTreeMap<Row, Endings> {
        let add = |endings: &mut Endings, value: u64, discharges: i64| {
            let ending = Ending::ALL[(value & 3) as usize];
            endings.add(ending, i32::try_from(value >> 3).unwrap_or(i32::MAX), discharges);
        };
        self.endings.rows(&self.places, &self.dimensions, self.periods.len(), add)
    }

    fn figures_of<'a>(&self, row: Row, out: &'a mut Vec<Figure>) -> Option<RowFigures<'a>> {
        let period = *self.periods.get(usize::from(row.period))?;
        Some(RowFigures::new(Self::NAME, period, row, &self.places, Unit::Discharges, out))
    }

    fn class_figures(&self, figures: &mut RowFigures<'_>, more: &str, counts: &Counts) {
        for class in Class::MAIN {
            let days = &counts.days[class as usize];
            self.days_figures(figures, class.name(), more, days, counts.index);
        }
    }

    fn days_figures(
        &self,
        figures: &mut RowFigures<'_>,
        class: &str,
        more: &str,
        days: &Histogram,
        index: i64,
    ) {
        for &within in &self.settings.within_days {
            let part = format!("{class}_within_{within}");
            figures.share(&part, more, days.between(0, within), index);
        }
        if self.settings.pre_days > 0 {
            let in_stay = days.between(i32::MIN, -1);
            figures.share(&format!("{class}_in_stay"), more, in_stay, index);
        }
        let mut after = Histogram::default();
        let on_or_after = days.iter().filter(|(days, _)| *days >= 0);
        on_or_after.for_each(|(days, records)| after.add(days, records));
        let part = format!("{class}_median");
        figures.statistic(&part, more, after.quantile(500), after.records());
    }

    fn figures(&self, row: Row, figures: &mut RowFigures<'_>, split: &Split) {
        let all = split.all();
        self.class_figures(figures, "", &all);
        if row.dimension != Dimension::Total {
            return;
        }
        let [not_supported, supported] = &split.by_support;
        self.class_figures(figures, "already_supported=no", not_supported);
        self.class_figures(figures, "already_supported=yes", supported);
        for class in Class::ALL {
            let Some(state) = class.service() else { continue };
            let days = &all.days[class as usize];
            if days.records() > 0 {
                let more = format!("service_type={}", state.name());
                self.days_figures(figures, "service", &more, days, all.index);
            }
        }
    }

    /// What came first, of the discharges that were followed for the whole window.
    fn first_events(&self) -> BTreeMap<Row, [i64; Ending::ALL.len()]> {
        let add = |counts: &mut [i64; Ending::ALL.len()], value: u64, discharges: i64| {
            let is_followed = value >> 2 & 1 == 1;
            counts[(value & 3) as usize] += if is_followed { discharges } else { 0 };
        };
        self.endings.rows(&self.places, &self.dimensions, self.periods.len(), add)
    }
}

impl Measure for FirstContact {
    const NAME: &'static str = "first_contact";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let of = Facts::of(person);
        for n in 0..self.periods.len() {
            let mut positions = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let period = self.periods[n];
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() {
                    let on = stay.discharge;
                    let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                    let cell = Cell { period: n as u16, ..cell };
                    position += usize::from(self.add_discharge(cell, &stay, person, frame));
                }
                positions.push(position);
            }
            count_records(&mut self.attrition, n, person, positions);
        }
    }

    fn merge(&mut self, other: Self) {
        self.contacts.merge(other.contacts);
        self.endings.merge(other.endings);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// Contacts first, then what came first; each by period, area and stratum, then by part.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        let periods = self.periods.len();
        for (row, split) in self.contacts.rows(&self.places, &self.dimensions, periods, Split::add)
        {
            if let Some(mut figures) = self.figures_of(row, &mut results.measures) {
                self.figures(row, &mut figures, &split);
            }
        }
        let names = [
            (Ending::Event, "first=contact"),
            (Ending::Readmission, "first=readmission"),
            (Ending::Death, "first=death"),
            (Ending::Censored, "first=none"),
        ];
        for (row, counts) in self.first_events() {
            if let Some(mut figures) = self.figures_of(row, &mut results.measures) {
                let all: i64 = counts.iter().sum();
                for (ending, name) in names.iter().filter(|_| all > 0) {
                    figures.share("first_event", name, counts[*ending as usize], all);
                }
            }
        }
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: Self::NAME, part: "", period, unit: Unit::Discharges };
            let days = self.settings.window_days;
            let follow_up = format!(
                "not followed by hospital data and social care records for {days} days after discharge"
            );
            let filters = self.filters.iter().map(|filter| filter.text());
            let filters = filters.chain([("M4.4", follow_up)]);
            let start = ("M4", super::all_stays(self.cohort.unit));
            counts.steps(&of, start, filters, &mut results.attrition);
        }
    }
}

#[cfg(test)]
mod tests;
