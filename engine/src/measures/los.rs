//! Length of stay, stranded bands, bed census and emergency admissions by nights (M1).

use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::{Cohort, CohortSettings, Filter, Profile};
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use crate::wilson::wilson_percent;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.los]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// Which stays, on the profile `general`. `cohort.unit` chooses CIPS or spells, and
    /// `cohort.exclude_day_cases` whether day cases count as stays of no nights.
    pub cohort: CohortSettings,
    /// First night count of each band, ascending, from 0; the last band has no end.
    pub bands: Vec<i32>,
    /// Night counts from which a stay is stranded.
    pub stranded: Vec<i32>,
    /// Leave out stays of more nights than this.
    pub cap_nights: Option<i32>,
    /// Whether the cap holds for treatment functions 7xx too.
    pub cap_mental_health: bool,
    /// Days of a bed census besides the last day of each period.
    pub census_dates: Vec<Day>,
    /// Whether every month end of the periods is a census day too, for all people as one.
    pub census_month_ends: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cohort: CohortSettings::default(),
            bands: vec![0, 1, 2, 7, 14, 21],
            stranded: vec![7, 14, 21],
            cap_nights: None,
            cap_mental_health: false,
            census_dates: Vec::new(),
            census_month_ends: true,
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
        if self.bands.first() != Some(&0) || !self.bands.is_sorted_by(|a, b| a < b) {
            return Err(format!("bands = {:?} must begin with 0 and ascend", self.bands));
        }
        if !self.stranded.iter().all(|&nights| nights > 0)
            || !self.stranded.is_sorted_by(|a, b| a < b)
        {
            return Err(format!("stranded = {:?} must be positive and ascend", self.stranded));
        }
        match self.cap_nights {
            Some(cap) if cap < 0 => Err(format!("cap_nights = {cap} must not be negative")),
            _ => Ok(()),
        }
    }
}

/// Length of stay of index discharges, and beds taken on census days.
///
/// Parts: `discharges`; `nights` (all nights; denominator: discharges); `mean`, `median`, `p25`,
/// `p75`, `p90` (denominator: discharges); `band` (`los_band`), `stranded_7`, `stranded_14`,
/// `stranded_21` (per cent of discharges); `census_beds` and `census_7`, `census_14`, `census_21`
/// (beds taken on the census day by people who have been in for at least so many nights), whose
/// period is the census day; `emergency_admissions` (`nights=0`, `nights=1+`: emergency admissions of
/// the period whatever their end, because what one trust records as a zero-night admission another
/// records as same-day emergency care, `hospital-spells.md` J).
#[derive(Clone, Debug)]
pub struct Los {
    settings: Settings,
    cohort: Cohort,
    filters: Vec<Filter>,
    census_filters: Vec<Filter>,
    periods: Vec<Period>,
    census_days: Vec<Day>,
    /// Month ends that are no other census day.
    month_ends: BTreeSet<Day>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    stays: Tally,
    beds: Tally,
    emergencies: Tally,
    attrition: Vec<Attrition>,
    census_attrition: Vec<Attrition>,
}

impl Los {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let cohort = settings.cohort.resolve(Profile::General);
        let filters = cohort.filters();
        let mut census_days: Vec<Day> = periods.iter().map(|period| period.end).collect();
        census_days.extend(&settings.census_dates);
        let mut month_ends = BTreeSet::new();
        if settings.census_month_ends {
            month_ends.extend(periods.iter().flat_map(month_ends_of));
            month_ends.retain(|day| !census_days.contains(day));
        }
        census_days.extend(&month_ends);
        census_days.sort_unstable();
        census_days.dedup();
        let in_bed = |filter: &Filter| filter.holds_before_discharge();
        let census_filters: Vec<Filter> = filters.iter().copied().filter(in_bed).collect();
        Self {
            // one more filter: the cap, and whether a bed is taken
            attrition: vec![Attrition::new(filters.len() + 1); periods.len()],
            census_attrition: vec![Attrition::new(census_filters.len() + 1); census_days.len()],
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            stays: Tally::default(),
            beds: Tally::default(),
            emergencies: Tally::default(),
            month_ends,
            settings: settings.clone(),
            cohort,
            filters,
            census_filters,
            periods,
            census_days,
        }
    }

    fn is_over_cap(&self, stay: &Stay) -> bool {
        let exempt = !self.settings.cap_mental_health && stay.treatment_discharge.starts_with(b'7');
        self.settings.cap_nights.is_some_and(|cap| stay.nights() > cap) && !exempt
    }

    fn add_discharges(&mut self, person: &Person<'_>, of: Facts) {
        for (n, &period) in self.periods.iter().enumerate() {
            let mut positions = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() && !self.is_over_cap(&stay) {
                    position += 1;
                    let cell =
                        stay::cell(&stay, stay.discharge, person, &self.places, &self.dimensions);
                    self.stays.add(Cell { period: n as u16, ..cell }, stay.nights().max(0) as u64);
                }
                positions.push(position);
            }
            count_records(&mut self.attrition, n, person, positions);
        }
    }

    fn add_beds(&mut self, person: &Person<'_>, of: Facts) {
        for (n, &day) in self.census_days.iter().enumerate() {
            let period = Period { start: day, end: day };
            let mut furthest = None;
            for stay in stay::stays(person, self.cohort.unit) {
                // whether the bed is taken comes first: it leaves out nearly everything
                let position = if stay.admission <= day && day < stay.discharge {
                    let out =
                        |filter: &Filter| self.cohort.excludes(*filter, &stay, of, period, day);
                    1 + self
                        .census_filters
                        .iter()
                        .position(out)
                        .unwrap_or(self.census_filters.len())
                } else {
                    0
                };
                if position > self.census_filters.len() {
                    let cell = stay::cell(&stay, day, person, &self.places, &self.dimensions);
                    self.beds
                        .add(Cell { period: n as u16, ..cell }, day.since(stay.admission) as u64);
                }
                self.census_attrition[n].record(position);
                furthest = furthest.max(Some(position));
            }
            if let Some(furthest) = furthest
                && of.known
            {
                self.census_attrition[n].person(furthest);
            }
        }
    }

    /// Emergency admissions of each period, those whose end is not known included. Day cases, regular
    /// attenders and stays inside another are no admissions of this kind.
    fn add_emergencies(&mut self, person: &Person<'_>) {
        if !person.is_known() {
            return;
        }
        for cips in person.cips {
            let stay = Stay::of_cips(cips);
            let is_other = stay.day_case || stay.inner || stay::is_regular_attender(stay.class);
            if !cips.emergency || is_other {
                continue;
            }
            for (n, period) in self.periods.iter().enumerate() {
                if period.contains(stay.admission) {
                    let on = stay.admission;
                    let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                    let cell = Cell { period: n as u16, ..cell };
                    self.emergencies.add(cell, u64::from(stay.nights() > 0));
                }
            }
        }
    }

    fn emergency_figures(&self, row: Row, by_nights: [i64; 2], out: &mut Vec<Figure>) {
        let Some(&period) = self.periods.get(usize::from(row.period)) else { return };
        let stratum = row.dimension.stratum(row.value);
        for (nights, admissions) in ["nights=0", "nights=1+"].into_iter().zip(by_nights) {
            out.push(Figure {
                measure: Self::NAME,
                part: "emergency_admissions".into(),
                period,
                area: self.places.area(row.kind, row.area),
                stratum: if stratum.is_empty() {
                    nights.into()
                } else {
                    format!("{stratum}; {nights}")
                },
                numerator: Some(admissions),
                denominator: None,
                value: Value::Count,
                interval: None,
                unit: Unit::Admissions,
                counts: Unit::Admissions,
            });
        }
    }

    fn rows_of(&self, tally: &Tally, periods: usize) -> std::collections::BTreeMap<Row, Histogram> {
        tally.rows(
            &self.places,
            &self.dimensions,
            periods,
            |all: &mut Histogram, nights, records| {
                all.add(i32::try_from(nights).unwrap_or(i32::MAX), records);
            },
        )
    }

    fn figures(&self, row: Row, nights: &Histogram, out: &mut Vec<Figure>) {
        let Some(&period) = self.periods.get(usize::from(row.period)) else { return };
        let figure = Figure {
            measure: Self::NAME,
            part: String::new(),
            period,
            area: self.places.area(row.kind, row.area),
            stratum: row.dimension.stratum(row.value),
            numerator: None,
            denominator: None,
            value: Value::Count,
            interval: None,
            unit: Unit::Discharges,
            counts: Unit::Discharges,
        };
        let stays = nights.records();
        out.push(Figure { part: "discharges".into(), numerator: Some(stays), ..figure.clone() });
        out.push(Figure {
            part: "nights".into(),
            numerator: Some(nights.total_days()),
            denominator: Some(stays),
            unit: Unit::Days,
            ..figure.clone()
        });
        let statistics = [
            ("mean", nights.mean()),
            ("median", nights.quantile(500)),
            ("p25", nights.quantile(250)),
            ("p75", nights.quantile(750)),
            ("p90", nights.quantile(900)),
        ];
        for (part, value) in statistics {
            out.push(Figure {
                part: part.into(),
                denominator: Some(stays),
                value: value.map_or(Value::Unavailable, Value::Statistic),
                unit: Unit::Days,
                ..figure.clone()
            });
        }
        let share = |part: String, stratum: String, records: i64| Figure {
            part,
            stratum,
            numerator: Some(records),
            denominator: Some(stays),
            value: if stays > 0 { Value::Percent(1) } else { Value::Unavailable },
            interval: wilson_percent(records, stays),
            unit: Unit::Percent,
            ..figure.clone()
        };
        for (n, &first) in self.settings.bands.iter().enumerate() {
            let last = self.settings.bands.get(n + 1).map(|next| next - 1);
            let band = match last {
                None => format!("los_band={first}+"),
                Some(last) if last <= first => format!("los_band={first}"),
                Some(last) => format!("los_band={first}-{last}"),
            };
            let stratum = if figure.stratum.is_empty() {
                band
            } else {
                format!("{}; {band}", figure.stratum)
            };
            let records = nights.between(first, last.unwrap_or(i32::MAX));
            out.push(share("band".into(), stratum, records));
        }
        for &days in &self.settings.stranded {
            let part = format!("stranded_{days}");
            out.push(share(part, figure.stratum.clone(), nights.at_least(days)));
        }
    }

    fn census_figures(&self, row: Row, so_far: &Histogram, frame: &Frame, out: &mut Vec<Figure>) {
        let Some(&day) = self.census_days.get(usize::from(row.period)) else { return };
        if row.dimension != Dimension::Total && self.month_ends.contains(&day) {
            return;
        }
        // on and after the end of hospital data every stay is over or cut
        let seen = frame.sus_start <= day && day < frame.sus_end;
        let beds = |part: String, records: i64| Figure {
            measure: Self::NAME,
            part,
            period: Period { start: day, end: day },
            area: self.places.area(row.kind, row.area),
            stratum: row.dimension.stratum(row.value),
            numerator: seen.then_some(records),
            denominator: None,
            value: if seen { Value::Count } else { Value::Unavailable },
            interval: None,
            unit: Unit::People,
            counts: Unit::People,
        };
        out.push(beds("census_beds".into(), so_far.records()));
        for &days in &self.settings.stranded {
            out.push(beds(format!("census_{days}"), so_far.at_least(days)));
        }
    }
}

/// The month ends in a period, whose first and last day are included.
fn month_ends_of(period: &Period) -> impl Iterator<Item = Day> + use<> {
    let end = period.end;
    let first = period.start.month_end();
    std::iter::successors(Some(first), |day| Some(day.plus(1).month_end()))
        .take_while(move |&day| day <= end)
}

impl Measure for Los {
    const NAME: &'static str = "los";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, _frame: &Frame) {
        let of = Facts::of(person);
        self.add_discharges(person, of);
        self.add_beds(person, of);
        self.add_emergencies(person);
    }

    fn merge(&mut self, other: Self) {
        self.stays.merge(other.stays);
        self.beds.merge(other.beds);
        self.emergencies.merge(other.emergencies);
        super::merge_attrition(&mut self.attrition, &other.attrition);
        super::merge_attrition(&mut self.census_attrition, &other.census_attrition);
    }

    /// Discharges first, then the census, then emergency admissions; each by period, area and stratum,
    /// then by part.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        for (row, nights) in self.rows_of(&self.stays, self.periods.len()) {
            self.figures(row, &nights, &mut results.measures);
        }
        for (row, so_far) in self.rows_of(&self.beds, self.census_days.len()) {
            self.census_figures(row, &so_far, frame, &mut results.measures);
        }
        let count = |by_nights: &mut [i64; 2], has_nights: u64, admissions: i64| {
            by_nights[usize::from(has_nights > 0)] += admissions;
        };
        let (places, periods) = (&self.places, self.periods.len());
        for (row, by_nights) in self.emergencies.rows(places, &self.dimensions, periods, count) {
            self.emergency_figures(row, by_nights, &mut results.measures);
        }
        let unit = Unit::Discharges;
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: Self::NAME, part: "", period, unit };
            let cap = self
                .settings
                .cap_nights
                .map_or("more nights than the cap (no cap set)".into(), |cap| {
                    format!("more than {cap} nights")
                });
            let filters = self.filters.iter().map(|filter| filter.text()).chain([("M1", cap)]);
            counts.steps(
                &of,
                ("M1", super::all_stays(self.cohort.unit)),
                filters,
                &mut results.attrition,
            );
        }
        for (&day, counts) in self.census_days.iter().zip(&self.census_attrition) {
            let period = Period { start: day, end: day };
            let of = Steps { measure: Self::NAME, part: "census", period, unit };
            let no_bed = ("M1", "not in a bed on the census day".to_owned());
            let filters = self.census_filters.iter().map(|filter| filter.text());
            let filters = std::iter::once(no_bed).chain(filters);
            counts.steps(
                &of,
                ("M1", super::all_stays(self.cohort.unit)),
                filters,
                &mut results.attrition,
            );
        }
    }
}

#[cfg(test)]
mod tests;
