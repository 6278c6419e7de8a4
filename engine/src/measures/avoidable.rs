//! Emergency admissions for conditions that care outside hospital might have kept out of it (M18), and
//! after a fall (M13): counts, and rates by population.

use super::population_rates::{Ages, Kind, PopulationRates, Resident, Standard};
use crate::attrition::{Attrition, Steps, count_records};
use crate::clinical::{Clinical, Condition};
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::{Dimension, sex_level};
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

/// Filters of rates by population, behind the others.
const RESIDENT: [(&str, &str); 2] =
    [("M13", "under 18 on admission, or age unknown"), ("M13", "no council of residence")];

/// Kinds of rates by population: any condition, the groups in their order, falls.
const KINDS: [Kind; 5] = [
    ("population_acsc", Ages::Adults),
    ("population_acsc_acute", Ages::Adults),
    ("population_acsc_chronic", Ages::Adults),
    ("population_acsc_vaccine", Ages::Adults),
    ("population_falls_65_and_over", Ages::Older),
];
const FALLS: usize = 4;

/// Emergency CIPS admitted in each period, by condition, age band, sex, council and provider.
///
/// Parts: `acsc` and of its groups `acsc_acute`, `acsc_chronic`, `acsc_vaccine`, which also have the
/// strata `condition`; `falls_65_and_over`. An admission counts once in a part, whatever number of its
/// conditions it meets. Groups of conditions that operations rule out are not available without
/// operations, and `acsc` is not either then. With the look-up `population` the parts `population_…` are
/// rates of residents of 18 and over, falls of 65 and over.
#[derive(Clone, Debug)]
pub struct Avoidable {
    measure: &'static str,
    clinical: Arc<Clinical>,
    conditions: Vec<Condition>,
    periods: Vec<Period>,
    places: Arc<Places>,
    tally: Tally,
    attrition: Vec<Attrition>,
    rates: PopulationRates,
    attrition_rates: Vec<Attrition>,
    /// Conditions by kind of rate, as bits.
    of_kind: [u64; KINDS.len()],
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
    pub(super) fn new(
        measure: &'static str,
        periods: &[Period],
        standard: Standard,
        frame: &Frame,
    ) -> Self {
        let conditions: Vec<Condition> = frame.clinical.acsc_rules().all_conditions().collect();
        let [acute, chronic, vaccine] = GROUPS.map(|(group, _)| {
            let own = conditions.iter().enumerate().filter(|(_, known)| known.group == group);
            own.fold(0u64, |bits, (n, _)| bits | 1 << n)
        });
        Self {
            measure,
            clinical: Arc::clone(&frame.clinical),
            of_kind: [!(1 << FALL), acute, chronic, vaccine, 1 << FALL],
            conditions,
            rates: PopulationRates::new(&KINDS, standard, frame),
            attrition_rates: vec![Attrition::new(FILTERS.len() + RESIDENT.len()); periods.len()],
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
        for n in 0..self.periods.len() {
            let period = self.periods[n];
            let stays = person.cips.iter().enumerate();
            let positions: Vec<usize> = stays
                .map(|(index, cips)| match self.conditions(person, index, cips, period) {
                    Err(filter) => filter,
                    Ok(met) => FILTERS.len() + self.count(person, cips, n as u16, met),
                })
                .collect();
            let of_counts = positions.iter().map(|&position| position.min(FILTERS.len())).collect();
            count_records(&mut self.attrition, n, person, of_counts);
            count_records(&mut self.attrition_rates, n, person, positions);
        }
        self.rates.close();
    }

    /// Counts a stay that meets some conditions; how many of the filters of rates it passes.
    fn count(&mut self, person: &Person<'_>, cips: &Cips, period: u16, met: u64) -> usize {
        let stay = Stay::of_cips(cips);
        let cell = stay::cell(&stay, stay.admission, person, &self.places, &[]);
        self.tally.add(Cell { period, ..cell }, met);
        let age = stay.birth.calendar_age(stay.admission).unwrap_or(0);
        let Some(resident) = Resident::new(cell.council, age, sex_level(stay.sex)) else {
            return 0;
        };
        if cell.council == 0 {
            return 1;
        }
        for (kind, bits) in self.of_kind.into_iter().enumerate() {
            if met & bits != 0 {
                self.rates.note(period, kind, resident);
            }
        }
        RESIDENT.len()
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        self.rates.merge(other.rates);
        super::merge_attrition(&mut self.attrition, &other.attrition);
        super::merge_attrition(&mut self.attrition_rates, &other.attrition_rates);
    }

    /// Whether the records tell a kind of rate.
    fn is_told(&self, kind: usize) -> bool {
        let told = |group: &str| self.clinical.tells_group(group);
        match kind {
            0 => GROUPS.iter().all(|(group, _)| told(group)),
            FALLS => self.clinical.tells_falls(),
            group => GROUPS.get(group - 1).is_some_and(|(group, _)| told(group)),
        }
    }

    /// Counts by period, area and stratum, then by part, and rates; the steps of both.
    pub fn finish(&self, frame: &Frame, results: &mut Results) {
        let [any, acute, chronic, vaccine, falls] = self.of_kind;
        let groups = [acute, chronic, vaccine];
        let add = |counts: &mut Counts, met: u64, admissions: i64| {
            counts.by_condition.resize(self.conditions.len(), 0);
            let add_if = |count: &mut i64, bits: u64| {
                *count += if met & bits != 0 { admissions } else { 0 };
            };
            add_if(&mut counts.any, any);
            add_if(&mut counts.falls, falls);
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
        let unit = Unit::Admissions;
        let is_told = |kind| self.is_told(kind);
        let out = &mut results.measures;
        self.rates.figures(self.measure, &self.periods, unit, is_told, frame, out);
        let rates = if self.rates.is_given { &*self.attrition_rates } else { &[] };
        let counts = self.periods.iter().zip(&self.attrition).map(|counts| ("acsc", 0, counts));
        let rates = self.periods.iter().zip(rates);
        let rates = rates.map(|counts| ("population_acsc", RESIDENT.len(), counts));
        for (part, more, (&period, counts)) in counts.chain(rates) {
            let of = Steps { measure: self.measure, part, period, unit };
            let filters = FILTERS.iter().chain(RESIDENT.iter().take(more));
            let filters = filters.map(|&(rule, what)| (rule, what.to_owned()));
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
        out.push(figure("acsc", stratum.clone(), self.is_told(0).then_some(counts.any)));
        for (kind, ((group, part), &admissions)) in (1..).zip(GROUPS.iter().zip(&counts.by_group)) {
            let told = self.is_told(kind);
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
        let falls = self.is_told(FALLS).then_some(counts.falls);
        out.push(figure("falls_65_and_over", stratum, falls));
    }
}

#[cfg(test)]
mod tests;
