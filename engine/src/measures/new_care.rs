//! New care packages and care-home admissions after discharge (M6), and the share of new packages that
//! start after a hospital stay.

mod after_stay;
mod entry;

pub use entry::{Entry, Item, first_entry, is_at_risk, keep_latest};

use super::row_figures::RowFigures;
use crate::attrition::{Attrition, Steps};
use crate::cohort::{Cohort, CohortSettings, Filter, Profile};
use crate::figure::{Figure, Results, Unit};
use crate::follow_up::{self, Ending, Endings};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use after_stay::AfterStay;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.new_care]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// Index discharges, on the profile `general`.
    pub cohort: CohortSettings,
    /// Days after discharge, included, within which a new community package is looked for.
    pub community_days: Vec<i32>,
    /// Days after discharge, included, within which a care-home admission is looked for.
    pub care_home_days: Vec<i32>,
    /// Days before the admission in which long-term support makes a community package not new.
    pub no_support_days: i32,
    /// Long-term support in prison on the day of admission takes a person out of those at risk of a
    /// care-home admission.
    pub prison_is_care_home: bool,
    /// Care that starts during the stay and runs on the day of discharge counts on day 0.
    pub in_stay_counts: bool,
    /// Which of several discharges an entry counts for.
    pub link: Link,
    /// An emergency readmission ends the time to an entry (time-to-event counts alone).
    pub readmission_competes: bool,
    /// Days after a discharge, included, in which a new package starts after a stay.
    pub after_stay_days: i32,
}

/// Which of several discharges an entry counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The latest at-risk index discharge before it.
    #[default]
    Latest,
    /// Every one that it follows within the days.
    All,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cohort: CohortSettings::default(),
            community_days: vec![28, 91],
            care_home_days: vec![84, 91, 180],
            no_support_days: 91,
            prison_is_care_home: false,
            in_stay_counts: true,
            link: Link::default(),
            readmission_competes: false,
            after_stay_days: 28,
        }
    }
}

/// Most windows of one item: two bits of a tally's value each.
const MAX_WINDOWS: usize = 24;

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)?;
        for (name, windows) in
            [("community_days", &self.community_days), ("care_home_days", &self.care_home_days)]
        {
            let fit = windows.iter().all(|&days| days >= 0) && windows.len() <= MAX_WINDOWS;
            if !fit || !windows.is_sorted_by(|a, b| a < b) {
                return Err(format!(
                    "{name} = {windows:?} must ascend from 0, at most {MAX_WINDOWS} of them"
                ));
            }
        }
        for (name, days) in
            [("no_support_days", self.no_support_days), ("after_stay_days", self.after_stay_days)]
        {
            if days < 0 {
                return Err(format!("{name} = {days} must not be negative"));
            }
        }
        Ok(())
    }

    fn windows(&self, item: Item) -> &[i32] {
        match item {
            Item::Community => &self.community_days,
            Item::CareHome => &self.care_home_days,
        }
    }
}

/// New care after discharge.
///
/// Parts: `community_28`, `community_91` (per cent of at-risk index discharges with a new community
/// package within so many days), `care_home_84`, `care_home_91`, `care_home_180` (with an admission to
/// long-term nursing or residential care); `starts_after_stay` (`package=long_term`, `reablement`; per
/// cent of new packages that start in the period, that start after a stay; areas are the councils that
/// provide them).
#[derive(Clone, Debug)]
pub struct NewCare {
    settings: Settings,
    cohort: Cohort,
    filters: Vec<Filter>,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    // by item
    shares: [Tally; Item::ALL.len()],
    endings: [Tally; Item::ALL.len()],
    // by period, then item, then window
    attrition: Vec<Attrition>,
    after_stay: AfterStay,
}

/// An at-risk index discharge of the person at hand.
struct AtRisk {
    stay: Stay,
    /// First day on which an entry would not be seen.
    until: Day,
    entry: Option<Entry>,
}

/// Discharges of one window.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    at_risk: i64,
    entered: i64,
}

impl NewCare {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let cohort = settings.cohort.resolve(Profile::General);
        let filters = cohort.filters();
        let windows: usize = Item::ALL.iter().map(|&item| settings.windows(item).len()).sum();
        Self {
            // three more filters: covered, at risk, followed
            attrition: vec![Attrition::new(filters.len() + 3); periods.len() * windows],
            after_stay: AfterStay::new(settings, &cohort, periods.len()),
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            shares: Default::default(),
            endings: Default::default(),
            settings: settings.clone(),
            cohort,
            filters,
            periods,
        }
    }

    /// The attrition of a period, item by item and window by window.
    fn attrition_of(&self, period: usize) -> impl Iterator<Item = usize> + use<> {
        let each = self.attrition.len() / self.periods.len().max(1);
        period * each..(period + 1) * each
    }

    /// Takes the discharges of a person in one period into the counts of both items.
    fn add_period(&mut self, n: usize, person: &Person<'_>, of: Facts, frame: &Frame) {
        let period = self.periods[n];
        let mut attrition = self.attrition_of(n);
        for item in Item::ALL {
            let mut at_risk: Vec<AtRisk> = Vec::new();
            let mut out: Vec<usize> = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let position = self.cohort.position(&self.filters, &stay, of, period);
                if position < self.filters.len() {
                    out.push(position);
                    continue;
                }
                let until = follow_up::followed_until(person, frame, stay.discharge);
                if until <= stay.discharge {
                    out.push(position);
                } else if !is_at_risk(item, person, stay.admission, &self.settings) {
                    out.push(position + 1);
                } else {
                    let entry = first_entry(item, person, &stay, until, &self.settings);
                    at_risk.push(AtRisk { stay, until, entry });
                }
            }
            if self.settings.link == Link::Latest {
                keep_latest(at_risk.iter_mut().map(|one| (one.stay.discharge, &mut one.entry)));
            }
            let outcomes: Vec<Vec<Outcome>> =
                at_risk.iter().map(|one| self.outcomes(item, one, person)).collect();
            for (one, outcomes) in at_risk.iter().zip(&outcomes) {
                let on = one.stay.discharge;
                let cell = stay::cell(&one.stay, on, person, &self.places, &self.dimensions);
                let cell = Cell { period: n as u16, ..cell };
                let packed = outcomes.iter().rev().fold(0, |bits, &o| bits << 2 | o as u64);
                self.shares[item as usize].add(cell, packed);
                self.add_ending(item, cell, one, person);
            }
            for (w, counts) in
                attrition.by_ref().take(self.settings.windows(item).len()).enumerate()
            {
                let counts = &mut self.attrition[counts];
                let mut furthest = out.iter().copied().max();
                out.iter().for_each(|&position| counts.record(position));
                for outcomes in &outcomes {
                    let is_followed = outcomes.get(w).is_some_and(|&o| o != Outcome::NotFollowed);
                    let position = self.filters.len() + 2 + usize::from(is_followed);
                    counts.record(position);
                    furthest = furthest.max(Some(position));
                }
                if let Some(furthest) = furthest
                    && of.known
                {
                    counts.person(furthest);
                }
            }
        }
    }

    /// What each window of an item makes of a discharge.
    fn outcomes(&self, item: Item, one: &AtRisk, person: &Person<'_>) -> Vec<Outcome> {
        let discharge = one.stay.discharge;
        let seen = |day: &Day| *day < one.until;
        let death = person.dod().get().filter(seen).map(|day| day.since(discharge));
        let entry = one.entry.map(|entry| entry.days);
        let outcome = |&window: &i32| {
            if entry.is_some_and(|days| days <= window) {
                return Outcome::Entered;
            }
            let is_followed = discharge.plus(window) < one.until;
            let is_dead = death.is_some_and(|days| days <= window);
            if is_followed || is_dead { Outcome::NotEntered } else { Outcome::NotFollowed }
        };
        self.settings.windows(item).iter().map(outcome).collect()
    }

    fn add_ending(&mut self, item: Item, cell: Cell, one: &AtRisk, person: &Person<'_>) {
        let discharge = one.stay.discharge;
        let horizon = self.settings.windows(item).last().copied().unwrap_or(0);
        let last = discharge.plus(horizon).min(one.until.plus(-1));
        let readmission = follow_up::readmitted_on(person, &one.stay)
            .filter(|_| self.settings.readmission_competes);
        let days = [
            (Ending::Readmission, readmission),
            (Ending::Event, one.entry.map(|entry| discharge.plus(entry.days))),
            (Ending::Death, person.dod().get()),
        ];
        let (ending, day) = follow_up::first_ending(discharge, days, last);
        self.endings[item as usize].add(cell, ending as u64 | (day as u64) << 2);
    }

    /// Days from discharge to the entry, to an emergency readmission where it competes, to death or to
    /// the end of the follow-up, whichever came first, at most the longest window of the item. Rows in
    /// the order of output.
    #[must_use]
    pub fn endings(&self, item: Item) -> BTreeMap<Row, Endings> {
        let add = |endings: &mut Endings, value: u64, discharges: i64| {
            let ending = Ending::ALL[(value & 3) as usize];
            endings.add(ending, i32::try_from(value >> 2).unwrap_or(i32::MAX), discharges);
        };
        let tally = &self.endings[item as usize];
        tally.rows(&self.places, &self.dimensions, self.periods.len(), add)
    }

    fn figures_of<'a>(
        &self,
        row: Row,
        counts: Unit,
        out: &'a mut Vec<Figure>,
    ) -> Option<RowFigures<'a>> {
        let period = *self.periods.get(usize::from(row.period))?;
        Some(RowFigures::new(Self::NAME, period, row, &self.places, counts, out))
    }
}

/// What a window makes of a discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Outcome {
    NotFollowed,
    NotEntered,
    Entered,
}

impl Measure for NewCare {
    const NAME: &'static str = "new_care";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let of = Facts::of(person);
        for n in 0..self.periods.len() {
            if !person.spells.is_empty() || !person.cips.is_empty() {
                self.add_period(n, person, of, frame);
            }
            self.after_stay.add(n, self.periods[n], person, frame, &self.places);
        }
    }

    fn merge(&mut self, other: Self) {
        for (tally, more) in self.shares.iter_mut().zip(other.shares) {
            tally.merge(more);
        }
        for (tally, more) in self.endings.iter_mut().zip(other.endings) {
            tally.merge(more);
        }
        super::merge_attrition(&mut self.attrition, &other.attrition);
        self.after_stay.merge(other.after_stay);
    }

    /// New community packages, care-home admissions, packages after a stay; each by period, area and
    /// stratum, then by part.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        let (places, dimensions, periods) = (&self.places, &self.dimensions, self.periods.len());
        let add = |counts: &mut [Counts; MAX_WINDOWS], value: u64, discharges: i64| {
            for (w, counts) in counts.iter_mut().enumerate() {
                let outcome = value >> (2 * w) & 3;
                counts.at_risk += if outcome > 0 { discharges } else { 0 };
                counts.entered += if outcome == 2 { discharges } else { 0 };
            }
        };
        for item in Item::ALL {
            for (row, counts) in self.shares[item as usize].rows(places, dimensions, periods, add) {
                let figures = self.figures_of(row, Unit::Discharges, &mut results.measures);
                let Some(mut figures) = figures else { continue };
                for (days, counts) in self.settings.windows(item).iter().zip(counts) {
                    let part = format!("{}_{days}", item.name());
                    figures.share(&part, "", counts.entered, counts.at_risk);
                }
            }
        }
        for (row, packages) in self.after_stay.rows(places, periods) {
            let figures = self.figures_of(row, Unit::Events, &mut results.measures);
            let Some(mut figures) = figures else { continue };
            packages.figures(&mut figures);
        }
        for (n, &period) in self.periods.iter().enumerate() {
            let mut attrition = self.attrition_of(n);
            for item in Item::ALL {
                for (&days, counts) in self.settings.windows(item).iter().zip(attrition.by_ref()) {
                    let part = &format!("{}_{days}", item.name());
                    let of = Steps { measure: Self::NAME, part, period, unit: Unit::Discharges };
                    let more = [
                        ("X-13", "no council covers the day of discharge".to_owned()),
                        ("M6", item.not_at_risk(&self.settings)),
                        (
                            "M6",
                            format!("followed for fewer than {days} days, without entry or death"),
                        ),
                    ];
                    let filters = self.filters.iter().map(|filter| filter.text()).chain(more);
                    let start = ("M6", super::all_stays(self.cohort.unit));
                    self.attrition[counts].steps(&of, start, filters, &mut results.attrition);
                }
            }
            self.after_stay.steps(n, period, &mut results.attrition);
        }
    }
}

#[cfg(test)]
mod tests;
