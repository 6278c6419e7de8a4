//! Emergency admissions for conditions that care outside hospital might have kept out of it (M18), and
//! after a fall (M13).

use crate::attrition::{Attrition, Steps};
use crate::clinical::{Clinical, Condition};
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use std::sync::Arc;
use throughcare_linkage::day::Period;
use throughcare_linkage::hospital::stay::Cips;
use throughcare_linkage::link::person::Person;

/// Position of the fall among the conditions of an admission.
const FALL: u32 = 63;
/// Youngest age on admission, in years, of a counted fall.
const FALLS_FROM: i32 = 65;

const FILTERS: [(&str, &str); 5] = [
    ("X-22", "no person"),
    ("M18", "admission outside the period"),
    ("M18", "no emergency"),
    ("M18", "no diagnosis recorded"),
    ("M18", "no condition of the list and no fall"),
];

/// Emergency CIPS admitted in each period, by condition, age band, sex, council and provider.
///
/// Parts: `acsc` and of its groups `acsc_acute`, `acsc_chronic`, `acsc_vaccine`, which also have the
/// strata `condition`; `falls_65_and_over`. An admission counts once in a part, whatever number of its
/// conditions it meets. Groups of conditions that operations rule out are not available without
/// operations, and `acsc` is not either then.
#[derive(Clone, Debug)]
pub struct Avoidable {
    measure: &'static str,
    clinical: Arc<Clinical>,
    conditions: Vec<Condition>,
    periods: Vec<Period>,
    places: Arc<Places>,
    tally: Tally,
    attrition: Vec<Attrition>,
}

/// Admissions of one row of the table.
#[derive(Clone, Debug, Default)]
struct Counts {
    any: i64,
    falls: i64,
    by_group: [i64; GROUPS.len()],
    by_condition: Vec<i64>,
}

/// The groups with their parts.
const GROUPS: [(&str, &str); 3] =
    [("acute", "acsc_acute"), ("chronic", "acsc_chronic"), ("vaccine", "acsc_vaccine")];

impl Avoidable {
    /// Empty counts for a measure's periods.
    #[must_use]
    pub fn new(measure: &'static str, periods: &[Period], frame: &Frame) -> Self {
        Self {
            measure,
            clinical: Arc::clone(&frame.clinical),
            conditions: frame.clinical.acsc_rules().all_conditions().collect(),
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
            periods: periods.to_vec(),
            places: Arc::new(Places::new(frame)),
            tally: Tally::default(),
        }
    }

    /// The conditions of a stay as bits; or which filter leaves it out.
    fn conditions(
        &self,
        person: &Person<'_>,
        index: usize,
        stay: &Cips,
        period: Period,
    ) -> Result<u64, usize> {
        let out = [
            !Facts::of(person).known,
            !period.contains(stay.admission),
            !stay.emergency,
            !self.clinical.is_recorded(person, index),
        ];
        if let Some(filter) = out.into_iter().position(|out| out) {
            return Err(filter);
        }
        let bit = |condition: Condition| {
            self.conditions.iter().position(|other| *other == condition).map_or(0, |n| 1 << n)
        };
        let mut met =
            self.clinical.acsc_conditions(person, index).fold(0, |met, one| met | bit(one));
        let age = stay.birth.calendar_age(stay.admission);
        if age.is_some_and(|age| age >= FALLS_FROM) && self.clinical.is_fall(person, index) {
            met |= 1 << FALL;
        }
        if met == 0 { Err(FILTERS.len() - 1) } else { Ok(met) }
    }

    /// Takes the stays of one person into the counts.
    pub fn add(&mut self, person: &Person<'_>) {
        for (n, &period) in self.periods.iter().enumerate() {
            let mut furthest = None;
            for (index, cips) in person.cips.iter().enumerate() {
                let position = match self.conditions(person, index, cips, period) {
                    Err(filter) => filter,
                    Ok(met) => {
                        let stay = Stay::of_cips(cips);
                        let cell = stay::cell(&stay, stay.admission, person, &self.places, &[]);
                        self.tally.add(Cell { period: n as u16, ..cell }, met);
                        FILTERS.len()
                    }
                };
                if let Some(counts) = self.attrition.get_mut(n) {
                    counts.record(position);
                }
                furthest = furthest.max(Some(position));
            }
            if let (Some(furthest), true, Some(counts)) =
                (furthest, person.is_known(), self.attrition.get_mut(n))
            {
                counts.person(furthest);
            }
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period, area and stratum, then by part; the steps of the part `acsc`.
    pub fn finish(&self, results: &mut Results) {
        let in_group = |group: &str| {
            let conditions = self.conditions.iter().enumerate();
            let own = conditions.filter(|(_, condition)| condition.group == group);
            own.fold(0u64, |bits, (n, _)| bits | 1 << n)
        };
        let groups = GROUPS.map(|(group, _)| in_group(group));
        let add = |counts: &mut Counts, met: u64, admissions: i64| {
            counts.by_condition.resize(self.conditions.len(), 0);
            let add_if = |count: &mut i64, bits: u64| {
                *count += if met & bits != 0 { admissions } else { 0 };
            };
            add_if(&mut counts.any, !(1 << FALL));
            add_if(&mut counts.falls, 1 << FALL);
            for (count, &bits) in counts.by_group.iter_mut().zip(&groups) {
                add_if(count, bits);
            }
            for (count, n) in counts.by_condition.iter_mut().zip(0..) {
                add_if(count, 1 << n);
            }
        };
        let dimensions = Dimension::DEFAULT;
        for (row, counts) in self.tally.rows(&self.places, &dimensions, self.periods.len(), add) {
            self.figures(row, &counts, &mut results.measures);
        }
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let unit = Unit::Admissions;
            let of = Steps { measure: self.measure, part: "acsc", period, unit };
            let filters = FILTERS.iter().map(|&(rule, what)| (rule, what.to_owned()));
            let start = ("M18", super::all_stays(stay::StayUnit::Cips));
            counts.steps(&of, start, filters, &mut results.attrition);
        }
    }

    fn figures(&self, row: Row, counts: &Counts, out: &mut Vec<Figure>) {
        let Some(&period) = self.periods.get(usize::from(row.period)) else { return };
        let stratum = row.dimension.stratum(row.value);
        let figure = |part: &str, stratum: String, admissions: Option<i64>| Figure {
            measure: self.measure,
            part: part.into(),
            period,
            area: self.places.area(row.kind, row.area),
            stratum,
            numerator: admissions,
            denominator: None,
            value: if admissions.is_some() { Value::Count } else { Value::Unavailable },
            interval: None,
            unit: Unit::Admissions,
            counts: Unit::Admissions,
        };
        let is_told = |group: &str| self.clinical.tells_group(group);
        let all_told = GROUPS.iter().all(|(group, _)| is_told(group));
        out.push(figure("acsc", stratum.clone(), all_told.then_some(counts.any)));
        for ((group, part), &admissions) in GROUPS.iter().zip(&counts.by_group) {
            let told = is_told(group);
            out.push(figure(part, stratum.clone(), told.then_some(admissions)));
            if row.dimension != Dimension::Total || !told {
                continue;
            }
            for (condition, &admissions) in self.conditions.iter().zip(&counts.by_condition) {
                if condition.group == *group {
                    let stratum = format!("condition={}", condition.name);
                    out.push(figure(part, stratum, Some(admissions)));
                }
            }
        }
        let falls = self.clinical.tells_falls().then_some(counts.falls);
        out.push(figure("falls_65_and_over", stratum, falls));
    }
}

#[cfg(test)]
mod tests;
