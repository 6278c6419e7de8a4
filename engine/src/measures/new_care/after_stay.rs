//! The share of new care packages that start after a hospital stay: a question of published studies of
//! hospital and social care together.

use super::entry::{is_long_term, runs_in};
use super::{NewCare, Settings};
use crate::attrition::{Attrition, Steps};
use crate::cohort::{Cohort, Filter};
use crate::figure::{AttritionStep, Unit};
use crate::follow_up::care_intervals;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::row_figures::RowFigures;
use crate::place::Places;
use crate::stay::{self, Facts};
use crate::stratum::{self, Dimension, Strata};
use crate::tally::{Cell, Row, Tally};
use std::collections::BTreeMap;
use throughcare_linkage::codes::cld::Gender;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::State;

/// A kind of package, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    LongTerm,
    Reablement,
}

impl Kind {
    const ALL: [Self; 2] = [Self::LongTerm, Self::Reablement];

    const fn name(self) -> &'static str {
        match self {
            Self::LongTerm => "long_term",
            Self::Reablement => "reablement",
        }
    }

    const fn holds(self, state: State) -> bool {
        match self {
            Self::LongTerm => is_long_term(state),
            Self::Reablement => matches!(state, State::StMax),
        }
    }
}

/// Filters on packages, in the order in which they apply.
const FILTERS: usize = 4;

/// Packages that start in each period, and those of them that start after a stay.
#[derive(Clone, Debug)]
pub(super) struct AfterStay {
    days: i32,
    no_support_days: i32,
    in_stay_counts: bool,
    cohort: Cohort,
    filters: Vec<Filter>,
    packages: Tally,
    // by period, then kind
    attrition: Vec<Attrition>,
}

/// Packages of one row by kind: all, and those after a stay.
#[derive(Clone, Debug, Default)]
pub(super) struct Packages {
    counts: [[i64; 2]; Kind::ALL.len()],
}

impl Packages {
    pub(super) fn figures(&self, figures: &mut RowFigures<'_>) {
        for (kind, [all, after]) in Kind::ALL.iter().zip(self.counts) {
            if all > 0 {
                figures.share("starts_after_stay", &format!("package={}", kind.name()), after, all);
            }
        }
    }
}

impl AfterStay {
    pub(super) fn new(settings: &Settings, cohort: &Cohort, periods: usize) -> Self {
        Self {
            days: settings.after_stay_days,
            no_support_days: settings.no_support_days,
            in_stay_counts: settings.in_stay_counts,
            cohort: cohort.clone(),
            filters: cohort.filters(),
            packages: Tally::default(),
            attrition: vec![Attrition::new(FILTERS); periods * Kind::ALL.len()],
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.packages.merge(other.packages);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// Takes the packages of a person that start in a period.
    pub(super) fn add(
        &mut self,
        n: usize,
        period: Period,
        person: &Person<'_>,
        frame: &Frame,
        places: &Places,
    ) {
        for kind in Kind::ALL {
            let counts = n * Kind::ALL.len() + kind as usize;
            let mut furthest = None;
            for (number, package) in care_intervals(person).enumerate() {
                if !kind.holds(package.state) {
                    continue;
                }
                let position = self.position(kind, number, package, period, person, frame);
                if position == FILTERS {
                    let after = self.is_after_stay(package, person);
                    let cell = cell(n, package, person, places);
                    self.packages.add(cell, kind as u64 | u64::from(after) << 1);
                }
                self.attrition[counts].record(position);
                furthest = furthest.max(Some(position));
            }
            if let Some(furthest) = furthest {
                self.attrition[counts].person(furthest);
            }
        }
    }

    /// Position of the first filter that leaves a package out.
    fn position(
        &self,
        kind: Kind,
        number: usize,
        package: &Interval,
        period: Period,
        person: &Person<'_>,
        frame: &Frame,
    ) -> usize {
        let start = package.start;
        if !period.contains(start) {
            0
        } else if !person.linkable {
            1
        } else if kind == Kind::LongTerm && !self.is_new(number, start, person) {
            2
        } else if start.plus(-self.days) < frame.sus_start || start >= frame.sus_end {
            3
        } else {
            FILTERS
        }
    }

    /// No other long-term support runs on the first day or in the days before it; of several that start
    /// on one day the first is new.
    fn is_new(&self, number: usize, start: Day, person: &Person<'_>) -> bool {
        let since = start.plus(-self.no_support_days);
        let others = care_intervals(person).enumerate().filter(|&(n, _)| n != number);
        !others.into_iter().any(|(n, other)| {
            let is_earlier = other.start < start || (other.start == start && n < number);
            is_long_term(other.state) && is_earlier && runs_in(other, since, start)
        })
    }

    /// Whether a package starts on a day of discharge or up to `days` later, or during a stay and runs
    /// on its day of discharge.
    fn is_after_stay(&self, package: &Interval, person: &Person<'_>) -> bool {
        let (of, start) = (Facts::of(person), package.start);
        let any = Period { start: start.plus(-self.days), end: Day(i32::MAX) };
        stay::stays(person, self.cohort.unit).any(|stay| {
            let follows = (0..=self.days).contains(&start.since(stay.discharge));
            let in_stay = self.in_stay_counts
                && stay.admission < start
                && start < stay.discharge
                && package.end > stay.discharge;
            (follows || in_stay)
                && self.cohort.position(&self.filters, &stay, of, any) == self.filters.len()
        })
    }

    pub(super) fn rows(&self, places: &Places, periods: usize) -> BTreeMap<Row, Packages> {
        let add = |packages: &mut Packages, value: u64, records: i64| {
            let [all, after] = &mut packages.counts[(value & 1) as usize];
            *all += records;
            *after += if value >> 1 & 1 == 1 { records } else { 0 };
        };
        self.packages.rows(places, &Dimension::DEFAULT, periods, add)
    }

    /// The steps of one period, kind by kind.
    pub(super) fn steps(&self, n: usize, period: Period, out: &mut Vec<AttritionStep>) {
        for kind in Kind::ALL {
            let Some(counts) = self.attrition.get(n * Kind::ALL.len() + kind as usize) else {
                return;
            };
            let part = &format!("starts_after_stay_{}", kind.name());
            let of = Steps { measure: NewCare::NAME, part, period, unit: Unit::Events };
            let not_new = match kind {
                Kind::LongTerm => format!(
                    "not new: other long-term support within {} days before",
                    self.no_support_days
                ),
                Kind::Reablement => "not new (every start of reablement is)".into(),
            };
            let filters = [
                ("M6", "start outside the period".to_owned()),
                ("M0.3", "person not linkable".to_owned()),
                ("M6", not_new),
                (
                    "X-18",
                    format!("hospital data do not cover the {} days before the start", self.days),
                ),
            ];
            let start = ("X-19", "all packages, bridged over gaps".to_owned());
            counts.steps(&of, start, filters, out);
        }
    }
}

/// The cell of a package: the council that provides it, age at its start, sex.
fn cell(n: usize, package: &Interval, person: &Person<'_>, places: &Places) -> Cell {
    let strata = Strata::default()
        .with(Dimension::AgeBand, stratum::age_level_at(person.birth(), package.start))
        .with(Dimension::Sex, sex_level(person));
    Cell { period: n as u16, council: places.council(package.la), provider: 0, strata }
}

/// Level of sex: the first stay's, else the latest one that care records know.
fn sex_level(person: &Person<'_>) -> u8 {
    let stays = person.cips.iter().map(|stay| stratum::sex_level(stay.sex));
    let events = person.joined.iter().rev().map(|event| match event.gender {
        Gender::Male => 1,
        Gender::Female => 2,
        Gender::Other => 3,
        Gender::None | Gender::Unknown | Gender::Invalid => 0,
    });
    stays.chain(events).find(|&level| level != 0).unwrap_or(0)
}
