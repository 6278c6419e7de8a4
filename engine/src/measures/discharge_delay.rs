//! Delay from the discharge-ready date to discharge (M3).

mod linked;

use super::discharge_pathway::{LinkedRule, LinkedSettings};
use super::row_figures::RowFigures;
use crate::attrition::{Attrition, Steps};
use crate::cohort::{Cohort, CohortSettings, Filter, Profile};
use crate::figure::{AreaType, AttritionStep, Figure, Results, Unit};
use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// The table `[measures.discharge_delay]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// Which stays, on the profile `drd`.
    pub cohort: CohortSettings,
    /// First day of each band of delay, ascending, from 1; the last band has no end.
    pub bands: Vec<i32>,
    /// A missing date means that the person left on the day of being ready.
    pub blank_means_zero: bool,
    /// Providers with a valid date for fewer per cent of their discharges stand alone: they do not count
    /// in councils, regions and England. None by default.
    pub drd_min_completeness: Option<u8>,
    /// Days after discharge, included, in which the first request, assessment and service are looked
    /// for.
    pub linked_days: i32,
    /// The tests of the discharge pathway by which delays are shown.
    pub pathway: LinkedSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cohort: CohortSettings::default(),
            bands: vec![1, 2, 4, 7, 14, 21],
            blank_means_zero: false,
            drd_min_completeness: None,
            linked_days: 91,
            pathway: LinkedSettings::default(),
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
        if self.bands.first() != Some(&1) || !self.bands.is_sorted_by(|a, b| a < b) {
            return Err(format!("bands = {:?} must begin with 1 and ascend", self.bands));
        }
        if let Some(percent) = self.drd_min_completeness.filter(|&percent| percent > 100) {
            return Err(format!("drd_min_completeness = {percent} is over 100 per cent"));
        }
        if self.linked_days < 0 {
            return Err(format!("linked_days = {} must not be negative", self.linked_days));
        }
        self.pathway.check().map_err(|what| what.replacen("linked.", "pathway.", 1))
    }
}

/// What the discharge-ready date of a stay is worth (M3 step 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Missing,
    BeforeAdmission,
    AfterDischarge,
    /// Days of delay, 0 or more.
    Valid(i32),
}

impl Status {
    /// Names in strata, valid first; the others in the order of packing.
    const NAMES: [&'static str; 4] = ["valid", "missing", "before_admission", "after_discharge"];

    fn of(stay: &Stay, blank_means_zero: bool) -> Self {
        match stay.discharge_ready.get() {
            None if blank_means_zero => Self::Valid(0),
            None => Self::Missing,
            Some(ready) if ready < stay.admission => Self::BeforeAdmission,
            Some(ready) if ready > stay.discharge => Self::AfterDischarge,
            Some(ready) => Self::Valid(stay.discharge.since(ready)),
        }
    }

    /// How many of the filters behind the cohort's the stay passes.
    const fn passed(self) -> usize {
        match self {
            Self::Missing => 0,
            Self::BeforeAdmission => 1,
            Self::AfterDischarge => 2,
            Self::Valid(_) => 3,
        }
    }

    const fn pack(self) -> u64 {
        match self {
            Self::Missing => 0,
            Self::BeforeAdmission => 1,
            Self::AfterDischarge => 2,
            Self::Valid(days) => 3 + days as u64,
        }
    }
}

/// Delay of discharge.
///
/// Parts: `completeness` (per cent of discharges with a valid date); `status` (`drd_status`, per cent);
/// and of discharges with a valid date `on_drd` and `share_delayed` (per cent), `band` (`delay_band`,
/// per cent), `bed_days_lost` (days of delay, in all and by `delay_band`; denominator: delayed
/// discharges), `mean_delayed` (of the delayed alone), `mean_all` (numerator: the delayed) and
/// `median`. Beside care records: `drd_to_request`, `drd_to_assessment`, `drd_to_service` (median of
/// signed days from the date to the first one in or after the stay), each with `_p25`, `_p75` and
/// `_found` (per cent that had one), and `share_delayed`, `bed_days_lost` and `mean_all` by `pathway`.
#[derive(Clone, Debug)]
pub struct DischargeDelay {
    settings: Settings,
    cohort: Cohort,
    filters: Vec<Filter>,
    rule: LinkedRule,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    delays: Tally,
    linked: Tally,
    attrition: Vec<Attrition>,
    linked_attrition: Vec<Attrition>,
}

/// Discharges of one row of the table.
#[derive(Clone, Debug, Default)]
struct Counts {
    // missing, before the admission, after the discharge
    invalid: [i64; 3],
    delays: Histogram,
}

impl Counts {
    fn add(&mut self, value: u64, discharges: i64) {
        match usize::try_from(value).ok().and_then(|status| self.invalid.get_mut(status)) {
            Some(count) => *count += discharges,
            None => self.delays.add(i32::try_from(value - 3).unwrap_or(i32::MAX), discharges),
        }
    }

    fn valid(&self) -> i64 {
        self.delays.records()
    }

    fn all(&self) -> i64 {
        self.valid() + self.invalid.iter().sum::<i64>()
    }
}

/// Share of discharges with a delay, days lost and mean delay of all: the parts that are shown by
/// pathway too.
fn delay_figures(figures: &mut RowFigures<'_>, more: &str, delays: &Histogram) {
    let delayed = delays.at_least(1);
    figures.share("share_delayed", more, delayed, delays.records());
    figures.days("bed_days_lost", more, delays.total_days(), delayed);
    figures.mean_of("mean_all", more, delays, delayed);
}

impl DischargeDelay {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let cohort = settings.cohort.resolve(Profile::Drd);
        let filters = cohort.filters();
        Self {
            // three more filters: the status; and for what is linked also linkable and followed
            attrition: vec![Attrition::new(filters.len() + 3); periods.len()],
            linked_attrition: vec![Attrition::new(filters.len() + 5); periods.len()],
            rule: LinkedRule::new(&settings.pathway),
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            delays: Tally::default(),
            linked: Tally::default(),
            settings: settings.clone(),
            cohort,
            filters,
            periods,
        }
    }

    /// Providers below the floor of completeness, by period (M3 step 6).
    fn below_floor(&self) -> BTreeSet<(u16, u16)> {
        let Some(floor) = self.settings.drd_min_completeness else { return BTreeSet::new() };
        let rows = self.delays.rows(&self.places, &[Dimension::Total], 0, Counts::add);
        let providers = rows.iter().filter(|(row, _)| row.kind == AreaType::Provider);
        let below =
            providers.filter(|(_, counts)| 100 * counts.valid() < i64::from(floor) * counts.all());
        below.map(|(row, _)| (row.period, row.area)).collect()
    }

    /// The rows of a tally: providers with all that they have, other areas without the providers
    /// below the floor.
    fn rows<A: Default>(
        &self,
        tally: &Tally,
        below: &BTreeSet<(u16, u16)>,
        add: impl Fn(&mut A, u64, i64),
    ) -> BTreeMap<Row, A> {
        let periods = self.periods.len();
        let mut rows = tally.rows(&self.places, &self.dimensions, periods, &add);
        if below.is_empty() {
            return rows;
        }
        rows.retain(|row, _| row.kind == AreaType::Provider);
        let kept = tally.filtered(|cell| !below.contains(&(cell.period, cell.provider)));
        let others = kept.rows(&self.places, &self.dimensions, periods, &add);
        rows.extend(others.into_iter().filter(|(row, _)| row.kind != AreaType::Provider));
        rows
    }

    fn figures_of<'a>(&self, row: Row, out: &'a mut Vec<Figure>) -> Option<RowFigures<'a>> {
        let period = *self.periods.get(usize::from(row.period))?;
        Some(RowFigures::new(Self::NAME, period, row, &self.places, Unit::Discharges, out))
    }

    fn figures(&self, row: Row, mut figures: RowFigures<'_>, counts: &Counts) {
        let (delays, valid, all) = (&counts.delays, counts.valid(), counts.all());
        let delayed = delays.at_least(1);
        figures.share("completeness", "", valid, all);
        if row.dimension == Dimension::Total {
            let by_status = std::iter::once(valid).chain(counts.invalid);
            for (name, discharges) in Status::NAMES.iter().zip(by_status) {
                figures.share("status", &format!("drd_status={name}"), discharges, all);
            }
        }
        figures.share("on_drd", "", delays.between(0, 0), valid);
        delay_figures(&mut figures, "", delays);
        for (n, &first) in self.settings.bands.iter().enumerate() {
            let next = self.settings.bands.get(n + 1);
            let last = next.map_or(i32::MAX, |next| next - 1);
            let band = match next {
                None => format!("delay_band={first}+"),
                Some(_) if last == first => format!("delay_band={first}"),
                Some(_) => format!("delay_band={first}-{last}"),
            };
            let discharges = delays.between(first, last);
            let in_band = delays.iter().filter(|(days, _)| (first..=last).contains(days));
            let days = in_band.map(|(days, records)| i64::from(days) * records).sum();
            figures.share("band", &band, discharges, valid);
            figures.days("bed_days_lost", &band, days, discharges);
        }
        let mean = (delayed > 0).then(|| delays.total_days() as f64 / delayed as f64);
        figures.statistic("mean_delayed", "", mean, delayed);
        figures.statistic("median", "", delays.quantile(500), valid);
    }

    /// The steps of one period; those of providers below the floor come last.
    fn steps(&self, n: usize, below: &BTreeSet<(u16, u16)>, out: &mut Vec<AttritionStep>) {
        let Some(&period) = self.periods.get(n) else { return };
        let filters = || self.filters.iter().map(|filter| filter.text());
        let status = [
            ("M3.2", "no discharge-ready date"),
            ("M3.2", "discharge-ready date before the admission"),
            ("M3.2", "discharge-ready date after the discharge"),
        ];
        let linked = [
            ("M0.3", "person not linkable".to_owned()),
            (
                "X-18",
                format!("not followed for {} days after discharge", self.settings.linked_days),
            ),
        ];
        let status = || status.map(|(rule, what)| (rule, what.to_owned()));
        let of = |part| Steps { measure: Self::NAME, part, period, unit: Unit::Discharges };
        let start = || ("M3", super::all_stays(self.cohort.unit));
        self.attrition[n].steps(&of(""), start(), filters().chain(status()), out);
        if let Some(last) = out.last().cloned().filter(|_| !below.is_empty()) {
            let alone = self.delays.filtered(|cell| below.contains(&(cell.period, cell.provider)));
            let rows = alone.rows(&self.places, &[Dimension::Total], 0, Counts::add);
            let records_out = rows.get(&Row::england(n as u16)).map_or(0, Counts::valid);
            out.push(AttritionStep {
                step: last.step + 1,
                rule: "M3.6",
                what: "provider below the floor of completeness: shown alone".into(),
                records_out,
                records_left: last.records_left - records_out,
                people_left: None,
                ..last
            });
        }
        let filters = filters().chain(status()).chain(linked);
        self.linked_attrition[n].steps(&of("linked"), start(), filters, out);
    }
}

impl Measure for DischargeDelay {
    const NAME: &'static str = "discharge_delay";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let of = Facts::of(person);
        for n in 0..self.periods.len() {
            let period = self.periods[n];
            let mut furthest = None;
            for stay in stay::stays(person, self.cohort.unit) {
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() {
                    let status = Status::of(&stay, self.settings.blank_means_zero);
                    position += status.passed();
                    let on = stay.discharge;
                    let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                    let cell = Cell { period: n as u16, ..cell };
                    self.delays.add(cell, status.pack());
                    if let Status::Valid(delay) = status {
                        position += self.add_linked(cell, &stay, delay, person, frame);
                    }
                }
                self.attrition[n].record(position.min(self.filters.len() + 3));
                self.linked_attrition[n].record(position);
                furthest = furthest.max(Some(position));
            }
            if let Some(furthest) = furthest
                && of.known
            {
                self.attrition[n].person(furthest.min(self.filters.len() + 3));
                self.linked_attrition[n].person(furthest);
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.delays.merge(other.delays);
        self.linked.merge(other.linked);
        super::merge_attrition(&mut self.attrition, &other.attrition);
        super::merge_attrition(&mut self.linked_attrition, &other.linked_attrition);
    }

    /// Delays first, then what is linked; each by period, area and stratum, then by part.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        let below = self.below_floor();
        for (row, counts) in self.rows(&self.delays, &below, Counts::add) {
            if let Some(figures) = self.figures_of(row, &mut results.measures) {
                self.figures(row, figures, &counts);
            }
        }
        if has_care_records(frame) {
            for (row, counts) in self.rows(&self.linked, &below, linked::Counts::add) {
                if let Some(figures) = self.figures_of(row, &mut results.measures) {
                    counts.figures(row, figures);
                }
            }
        }
        for n in 0..self.periods.len() {
            self.steps(n, &below, &mut results.attrition);
        }
    }
}

/// Whether there is anything to set beside the hospital records.
const fn has_care_records(frame: &Frame) -> bool {
    frame.joined.is_some()
}

#[cfg(test)]
mod tests;
