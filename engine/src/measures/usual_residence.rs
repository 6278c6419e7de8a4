//! Discharge destination, discharge to the usual place of residence (M2) and return to where the
//! person lived (M2b).

mod home_time;
mod residence;

pub use residence::{DestinationGroup, Dwelling};

use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::{Cohort, CohortSettings, Filter, Profile};
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use crate::wilson::wilson_percent;
use home_time::HomeTime;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::codes::short::CodeSet;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// The table `[measures.usual_residence]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// Which stays, on the profile `bcf_home`.
    pub cohort: CohortSettings,
    /// Discharge destinations that are the usual place of residence.
    pub usual_codes: CodeSet,
    /// Discharges to an unknown destination stay in the denominators.
    pub unknown_in_denominator: bool,
    /// The state line alone decides about people discharged to a temporary residence, where it
    /// mostly shows their own home; otherwise they have not returned (M2b).
    pub temporary_is_home: bool,
    /// Days after the discharge in which the first day outside hospital is looked for (M2b).
    pub look_ahead_days: i32,
    /// Days in which days at home are counted, that of discharge included (M20).
    pub home_time_days: i32,
    /// The day on which people are looked for at home, counted from the discharge (M20).
    pub home_day: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cohort: CohortSettings::default(),
            usual_codes: CodeSet::new(["19"]),
            unknown_in_denominator: false,
            temporary_is_home: true,
            look_ahead_days: 7,
            home_time_days: 90,
            home_day: 91,
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
        if self.usual_codes == CodeSet::new([]) {
            return Err("usual_codes must name at least one discharge destination".into());
        }
        if self.look_ahead_days < 0 {
            return Err(format!("look_ahead_days = {} is negative", self.look_ahead_days));
        }
        for (name, days) in [("home_time_days", self.home_time_days), ("home_day", self.home_day)] {
            if !(1..=3660).contains(&days) {
                return Err(format!("{name} = {days} must be from 1 to 3660"));
            }
        }
        Ok(())
    }
}

/// Where people go when they leave hospital.
///
/// Parts: empty (per cent of discharges with a known destination that are to the usual residence);
/// `destination` (`destination=home` …, per cent of all discharges of the cohort); `returned` (per
/// cent of discharges of linkable people with a known destination and an observed dwelling before
/// and after, that are back where they lived); `destination_dwelling` (`destination`, `dwelling`: how
/// many of these discharges the hospital's destination and the state line put where) and
/// `destination_agrees` (per cent of those whose destination says which dwelling it is);
/// `days_at_home_90` (mean; `_p25`, `_median`, `_p75`) and `at_home_day_91` (per cent of discharges of
/// linkable people followed to the end).
#[derive(Clone, Debug)]
pub struct UsualResidence {
    settings: Settings,
    cohort: Cohort,
    filters: Vec<Filter>,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    tally: Tally,
    attrition: Vec<Attrition>,
    attrition_returned: Vec<Attrition>,
    home_time: HomeTime,
}

/// What is counted of one discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outcome {
    group: DestinationGroup,
    usual: bool,
    /// Dwelling after the discharge and whether it is the one before, for discharges that M2b counts.
    after: Option<(Dwelling, bool)>,
}

impl Outcome {
    fn pack(self) -> u64 {
        let after = self.after.map_or(0, |(dwelling, returned)| {
            0b1_0000 | u64::from(returned) << 3 | dwelling as u64
        });
        self.group as u64 | u64::from(self.usual) << 4 | after << 5
    }

    fn unpack(value: u64) -> Self {
        let at = |from: u32, bits: u32| (value >> from & ((1 << bits) - 1)) as usize;
        let group = DestinationGroup::ALL.get(at(0, 4)).copied();
        let dwelling = Dwelling::ALL.get(at(5, 3)).copied();
        Self {
            group: group.unwrap_or(DestinationGroup::Unknown),
            usual: at(4, 1) == 1,
            after: dwelling.filter(|_| at(9, 1) == 1).map(|dwelling| (dwelling, at(8, 1) == 1)),
        }
    }
}

/// Discharges of one row of the table.
#[derive(Clone, Debug, Default)]
struct Counts {
    usual: i64,
    denominator: i64,
    all: i64,
    by_group: [i64; DestinationGroup::ALL.len()],
    returned: i64,
    assessed: i64,
    cross: [[i64; Dwelling::ALL.len()]; DestinationGroup::ALL.len()],
}

impl UsualResidence {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let cohort = settings.cohort.resolve(Profile::BcfHome);
        let filters = cohort.filters();
        Self {
            // more filters: the unknown destination; and for M2b also linkable, before, after
            attrition: vec![Attrition::new(filters.len() + 1); periods.len()],
            attrition_returned: vec![Attrition::new(filters.len() + 4); periods.len()],
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            tally: Tally::default(),
            home_time: HomeTime::new(&periods, settings, frame),
            settings: settings.clone(),
            cohort,
            filters,
            periods,
        }
    }

    /// What to count of a discharge of the cohort, and how many of the filters behind the cohort's
    /// it passes: known destination, linkable, dwelling before, dwelling after.
    fn outcome(&self, stay: &Stay, person: &Person<'_>) -> (Outcome, usize) {
        let group = DestinationGroup::of(stay.destination);
        let usual = self.settings.usual_codes.contains(stay.destination);
        let mut outcome = Outcome { group, usual, after: None };
        if !group.is_known() && !self.settings.unknown_in_denominator {
            return (outcome, 0);
        }
        if !person.linkable {
            return (outcome, 1);
        }
        let Some(before) = Dwelling::before(person.line, stay.admission) else {
            return (outcome, 2);
        };
        let look_ahead = self.settings.look_ahead_days;
        let Some(after) = Dwelling::after(person.line, stay.discharge, look_ahead) else {
            return (outcome, 3);
        };
        let is_away = group == DestinationGroup::Temporary && !self.settings.temporary_is_home;
        outcome.after = Some((after, before == after && !is_away));
        (outcome, 4)
    }

    fn figures(&self, row: Row, counts: &Counts, out: &mut Vec<Figure>) {
        let Some(&period) = self.periods.get(usize::from(row.period)) else { return };
        let area = self.places.area(row.kind, row.area);
        let stratum = row.dimension.stratum(row.value);
        let share = |part: &str, more: &str, numerator: i64, denominator: i64| Figure {
            measure: Self::NAME,
            part: part.into(),
            period,
            area: area.clone(),
            stratum: match (stratum.is_empty(), more.is_empty()) {
                (_, true) => stratum.clone(),
                (true, false) => more.into(),
                (false, false) => format!("{stratum}; {more}"),
            },
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: if denominator > 0 { Value::Percent(1) } else { Value::Unavailable },
            interval: wilson_percent(numerator, denominator),
            unit: Unit::Percent,
            counts: Unit::Discharges,
        };
        out.push(share("", "", counts.usual, counts.denominator));
        for (group, &discharges) in DestinationGroup::ALL.iter().zip(&counts.by_group) {
            let more = format!("destination={}", group.name());
            out.push(share("destination", &more, discharges, counts.all));
        }
        out.push(share("returned", "", counts.returned, counts.assessed));
        let (mut agree, mut comparable) = (0, 0);
        for (group, dwellings) in DestinationGroup::ALL.iter().zip(&counts.cross) {
            for (dwelling, &discharges) in Dwelling::ALL.iter().zip(dwellings) {
                if let Some(agrees) = group.agrees(*dwelling) {
                    comparable += discharges;
                    agree += if agrees { discharges } else { 0 };
                }
                if row.dimension == Dimension::Total && discharges > 0 {
                    let more =
                        format!("destination={}; dwelling={}", group.name(), dwelling.name());
                    out.push(Figure {
                        denominator: None,
                        value: Value::Count,
                        interval: None,
                        unit: Unit::Discharges,
                        ..share("destination_dwelling", &more, discharges, 0)
                    });
                }
            }
        }
        out.push(share("destination_agrees", "", agree, comparable));
    }
}

impl Measure for UsualResidence {
    const NAME: &'static str = "usual_residence";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        self.home_time.add(person, frame);
        let of = Facts::of(person);
        for (n, &period) in self.periods.iter().enumerate() {
            let mut positions = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() {
                    let (outcome, passed) = self.outcome(&stay, person);
                    position += passed;
                    let on = stay.discharge;
                    let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                    self.tally.add(Cell { period: n as u16, ..cell }, outcome.pack());
                }
                positions.push(position);
            }
            let most = self.filters.len() + 1;
            let of_all = positions.iter().map(|&position| position.min(most)).collect();
            count_records(&mut self.attrition, n, person, of_all);
            count_records(&mut self.attrition_returned, n, person, positions);
        }
    }

    fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.home_time.merge(other.home_time);
        super::merge_attrition(&mut self.attrition, &other.attrition);
        super::merge_attrition(&mut self.attrition_returned, &other.attrition_returned);
    }

    /// By period, area and stratum, then by part; then home time in the same order.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        let unknown_counts = self.settings.unknown_in_denominator;
        let add = |counts: &mut Counts, value: u64, discharges: i64| {
            let outcome = Outcome::unpack(value);
            counts.all += discharges;
            counts.by_group[outcome.group as usize] += discharges;
            if outcome.group.is_known() || unknown_counts {
                counts.denominator += discharges;
                counts.usual += if outcome.usual { discharges } else { 0 };
            }
            if let Some((dwelling, returned)) = outcome.after {
                counts.assessed += discharges;
                counts.returned += if returned { discharges } else { 0 };
                counts.cross[outcome.group as usize][dwelling as usize] += discharges;
            }
        };
        for (row, counts) in
            self.tally.rows(&self.places, &self.dimensions, self.periods.len(), add)
        {
            self.figures(row, &counts, &mut results.measures);
        }
        self.home_time.figures(Self::NAME, &mut results.measures);
        let unknown = if unknown_counts {
            "unknown destination (kept by the settings)"
        } else {
            "unknown destination"
        };
        let linked = [
            ("M2", unknown),
            ("M0.3", "person not linkable"),
            ("M2b", "dwelling before admission not observed"),
            ("M2b", "dwelling after discharge not observed, or died"),
        ];
        for (&period, (counts, counts_returned)) in
            self.periods.iter().zip(self.attrition.iter().zip(&self.attrition_returned))
        {
            for (part, counts, more) in [("", counts, 1), ("returned", counts_returned, 4)] {
                let of = Steps { measure: Self::NAME, part, period, unit: Unit::Discharges };
                let start = ("M2", super::all_stays(self.cohort.unit));
                let more = linked.iter().take(more).map(|&(rule, what)| (rule, what.to_owned()));
                let filters = self.filters.iter().map(|filter| filter.text()).chain(more);
                counts.steps(&of, start, filters, &mut results.attrition);
            }
        }
        self.home_time.attrition(Self::NAME, &mut results.attrition);
    }
}

#[cfg(test)]
mod tests;
