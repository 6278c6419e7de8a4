//! Emergency admissions of older residents by population, crude and standardised (M13, M12).

use super::Settings;
use crate::amounts::{Amounts, Sums};
use crate::attrition::{Attrition, Steps};
use crate::figure::{AreaType, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::measures::care_home_admissions::Band;
use crate::measures::care_home_admissions::population::{of_council, of_sex_and_ages};
use crate::place::Places;
use crate::rates::{
    EmptyStratum, Standardised, Stratum, directly_standardised, poisson_interval, standard_weight,
};
use crate::stay::is_regular_attender;
use crate::stratum::sex_level;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::Period;
use throughcare_linkage::hospital::stay::Spell;
use throughcare_linkage::link::person::Person;

const PER_100_000: f64 = 100_000.0;

/// First and last age of the five-year bands from 65 on.
const BANDS: [(u8, u8); 6] = [(65, 69), (70, 74), (75, 79), (80, 84), (85, 89), (90, u8::MAX)];

/// Men and women, as sex levels.
const SEXES: [u8; 2] = [1, 2];

const EVENTS: usize = 0;
/// The squares of the numbers of events that people have in one cell (M12, repeat events).
const SQUARES: usize = 1;

/// Residents of one age band and sex of a council.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Residents {
    period: u16,
    council: u16,
    band: u8,
    sex: u8,
}

/// A row: an area, and one age band and sex of it or all.
type Row = (u16, AreaType, u16, Option<(u8, u8)>);

/// Filters on spells, in the order in which they apply.
const FILTERS: [(&str, &str); 6] = [
    ("M13", "admission outside the period or the hospital data"),
    ("X-22", "no person"),
    ("J", "regular day or night attender"),
    ("M13", "not admitted as an emergency (admission method 2x)"),
    ("M13", "under 65 on admission, or age unknown"),
    ("M13", "no council of residence"),
];

/// Counts of emergency spells of residents of 65 and over.
#[derive(Clone, Debug)]
pub(super) struct PopulationRates {
    periods: Vec<Period>,
    empty: EmptyStratum,
    nonindependent: bool,
    /// Whether there is a population at all; without one nothing is counted.
    is_given: bool,
    places: Arc<Places>,
    amounts: Amounts<Residents, 2>,
    attrition: Vec<Attrition>,
    // of the person in hand
    spells: Vec<(Residents, i64)>,
}

impl PopulationRates {
    pub fn new(periods: &[Period], settings: &Settings, frame: &Frame) -> Self {
        Self {
            periods: periods.to_vec(),
            empty: settings.empty_stratum,
            nonindependent: settings.dsr_nonindependent,
            is_given: !frame.population.people.is_empty(),
            places: Arc::new(Places::new(frame)),
            amounts: Amounts::default(),
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
            spells: Vec::new(),
        }
    }

    /// The residents that an emergency spell counts among, or the position of the filter that leaves
    /// it out.
    fn residents(
        &self,
        person: &Person<'_>,
        spell: &Spell,
        n: u16,
        frame: &Frame,
    ) -> Result<Residents, usize> {
        const BORN_AT_HOME: Code = Code::new("2C");
        let within = self.periods.get(usize::from(n)).is_some_and(|&period| {
            let (from, until) = crate::measures::care_rates::followed(period, frame);
            from <= spell.admission && spell.admission < until
        });
        let method = spell.admission_method;
        let age = spell.birth.calendar_age(spell.admission).unwrap_or(0);
        let band = BANDS.iter().rposition(|&(first, _)| age >= i32::from(first));
        let council = self.places.residence(spell.lsoa, spell.residence);
        let out = [
            !within,
            !person.is_known(),
            is_regular_attender(spell.class),
            !method.starts_with(b'2') || method == BORN_AT_HOME,
            band.is_none(),
            council == 0,
        ];
        match (out.into_iter().position(|out| out), band) {
            (None, Some(band)) => {
                let (band, sex) = (band as u8, sex_level(spell.sex));
                Ok(Residents { period: n, council, band, sex })
            }
            (position, _) => Err(position.unwrap_or(0)),
        }
    }

    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if !self.is_given {
            return;
        }
        self.spells.clear();
        for n in 0..self.periods.len() {
            let mut furthest = None;
            for spell in person.spells {
                let residents = self.residents(person, spell, n as u16, frame);
                let position = residents.map_or_else(|position| position, |_| FILTERS.len());
                furthest = furthest.max(Some(position));
                if let Some(counts) = self.attrition.get_mut(n) {
                    counts.record(position);
                }
                let Ok(residents) = residents else { continue };
                match self.spells.iter_mut().find(|(known, _)| *known == residents) {
                    Some((_, spells)) => *spells += 1,
                    None => self.spells.push((residents, 1)),
                }
            }
            if let Some(furthest) = furthest.filter(|_| person.is_known())
                && let Some(counts) = self.attrition.get_mut(n)
            {
                counts.person(furthest);
            }
        }
        for &(residents, spells) in &self.spells {
            self.amounts.note(residents, EVENTS, spells);
            self.amounts.note(residents, SQUARES, spells * spells);
        }
        self.amounts.close();
    }

    pub fn merge(&mut self, other: Self) {
        self.amounts.merge(other.amounts);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period and area: the crude rate, the people behind it and, where the population has them by
    /// sex and age, the standardised rate. England and regions are sums of councils.
    pub fn figures(&self, measure: &'static str, frame: &Frame, out: &mut Vec<Figure>) {
        if !self.is_given {
            return;
        }
        let rows = self.amounts.rows(|cell, rows: &mut Vec<Row>| {
            for (kind, area) in self.areas_of(cell.council) {
                let all = (cell.period, kind, area, None);
                rows.extend([all, (cell.period, kind, area, Some((cell.band, cell.sex)))]);
            }
        });
        let councils = crate::measures::councils::with_a_row(&self.places, frame);
        let people = self.population(&councils, frame, |frame, code| {
            of_council(frame, code, Band::Older).map(|people| vec![people])
        });
        let by_sex_and_age = self.population(&councils, frame, |frame, code| {
            let groups = SEXES.iter().flat_map(|&sex| BANDS.iter().map(move |ages| (sex, ages)));
            groups
                .map(|(sex, &(first, last))| of_sex_and_ages(frame, code, sex, first, last))
                .collect()
        });
        for (n, &period) in (0u16..).zip(&self.periods) {
            for (&(kind, area), people) in &people {
                let sums = |group| rows.get(&(n, kind, area, group)).copied().unwrap_or_default();
                let figure = Figure {
                    measure,
                    part: "population_emergency_65_and_over".into(),
                    period,
                    area: self.places.area(kind, area),
                    stratum: String::new(),
                    numerator: None,
                    denominator: None,
                    value: Value::Unavailable,
                    interval: None,
                    unit: Unit::PerPopulation,
                    counts: Unit::Admissions,
                };
                let population = people.as_ref().and_then(|people| people.first().copied());
                crude(&figure, &sums(None), population, out);
                let Some(groups) = by_sex_and_age.get(&(kind, area)).and_then(Option::as_ref)
                else {
                    continue;
                };
                let standardised = self.standardised(groups, |group| sums(Some(group)));
                out.push(Figure {
                    part: format!("{}_standardised", figure.part),
                    numerator: Some(
                        SEXES
                            .iter()
                            .flat_map(|&sex| (0..BANDS.len() as u8).map(move |band| (band, sex)))
                            .map(|group| sums(Some(group)).amounts[EVENTS])
                            .sum(),
                    ),
                    denominator: Some(groups.iter().sum()),
                    value: standardised.map_or(Value::Unavailable, |s| Value::Statistic(s.rate)),
                    interval: standardised.map(|s| (s.lower, s.upper)),
                    ..figure
                });
            }
        }
    }

    fn areas_of(&self, council: u16) -> impl Iterator<Item = (AreaType, u16)> + use<> {
        let areas = [
            (AreaType::England, 0),
            (AreaType::Region, self.places.region(council)),
            (AreaType::La, council),
        ];
        areas.into_iter().filter(|&(kind, area)| area != 0 || kind == AreaType::England)
    }

    /// Populations of areas: those of councils, and of regions and England where every council has one.
    fn population(
        &self,
        councils: &BTreeSet<u16>,
        frame: &Frame,
        of: impl Fn(&Frame, &str) -> Option<Vec<i64>>,
    ) -> BTreeMap<(AreaType, u16), Option<Vec<i64>>> {
        let mut areas: BTreeMap<(AreaType, u16), Option<Vec<i64>>> = BTreeMap::new();
        for &council in councils {
            let people = of(frame, &self.places.area(AreaType::La, council).code);
            for area in self.areas_of(council) {
                let sum = areas.entry(area).or_insert_with(|| Some(Vec::new()));
                *sum = match (sum.take(), &people) {
                    (Some(sum), Some(people)) if sum.is_empty() => Some(people.clone()),
                    (Some(sum), Some(people)) => {
                        Some(sum.iter().zip(people).map(|(sum, more)| sum + more).collect())
                    }
                    _ => None,
                };
            }
        }
        areas
    }

    /// The rate standardised to the European Standard Population 2013, each sex with half the weight
    /// of a band. `groups` are men by band, then women.
    fn standardised(
        &self,
        groups: &[i64],
        sums: impl Fn((u8, u8)) -> Sums<2>,
    ) -> Option<Standardised> {
        let cells = SEXES
            .iter()
            .flat_map(|&sex| (0u8..).zip(BANDS).map(move |(band, ages)| (band, sex, ages)));
        let strata: Option<Vec<Stratum>> = cells
            .zip(groups)
            .map(|((band, sex, (first, last)), &people)| {
                let [events, squares] = sums((band, sex)).amounts;
                Some(Stratum {
                    events,
                    events_squared: if self.nonindependent { squares } else { events },
                    denominator: people as f64,
                    weight: standard_weight(first, last)? as f64 / 2.0,
                })
            })
            .collect();
        directly_standardised(&strata?, self.empty, PER_100_000).ok()
    }

    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        if !self.is_given {
            return;
        }
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let part = "population_emergency_65_and_over";
            let of = Steps { measure, part, period, unit: Unit::Admissions };
            let start = ("M13", crate::measures::all_stays(crate::stay::StayUnit::Spell));
            let filters = FILTERS.map(|(rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, out);
        }
    }
}

/// The crude rate, and the people behind it.
fn crude(figure: &Figure, sums: &Sums<2>, population: Option<i64>, out: &mut Vec<Figure>) {
    let events = sums.amounts[EVENTS];
    let (lower, upper) = poisson_interval(events);
    let people = population.filter(|&people| people > 0);
    let rate = |events: f64, people: i64| events / people as f64 * PER_100_000;
    out.push(Figure {
        numerator: Some(events),
        denominator: population,
        value: people.map_or(Value::Unavailable, |_| Value::Per(PER_100_000)),
        interval: people.map(|people| (rate(lower, people), rate(upper, people))),
        ..figure.clone()
    });
    out.push(Figure {
        part: format!("{}_people", figure.part),
        numerator: Some(sums.people[EVENTS]),
        value: Value::Count,
        unit: Unit::People,
        counts: Unit::People,
        ..figure.clone()
    });
}
