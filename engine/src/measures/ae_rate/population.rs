//! A&E attendances of adult residents by population (M13, M15).

use super::{ADMITTED, ALL, AMBULANCE, MAJOR, NOT_ADMITTED, Settings, kinds};
use crate::attrition::{Attrition, Steps, count_records};
use crate::figure::{AttritionStep, Figure, Unit};
use crate::frame::Frame;
use crate::measures::care_rates::followed;
use crate::measures::population_rates::{Ages, Kind, PopulationRates, Resident};
use crate::stratum::sex_level;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// The kinds of attendances, in the order of their numbers from [`ALL`] on.
const KINDS: [Kind; 5] = [
    ("population_all", Ages::Adults),
    ("population_major", Ages::Adults),
    ("population_ambulance", Ages::Adults),
    ("population_admitted", Ages::Adults),
    ("population_not_admitted", Ages::Adults),
];
const _: () =
    assert!(ALL == 1 && MAJOR == 2 && AMBULANCE == 3 && ADMITTED == 4 && NOT_ADMITTED == 5);

/// Filters on attendances, in the order in which they apply.
const FILTERS: [(&str, &str); 5] = [
    ("M15", "arrival outside the period or the hospital data"),
    ("X-22", "no person"),
    (
        "sus-fields 8.4",
        "outside the standard count: planned, streamed away, dead on arrival, or same-day care",
    ),
    ("M13", "under 18 on arrival, or the record has no age"),
    ("M13", "the record has no council of residence"),
];

/// Counts of attendances of residents of 18 and over.
#[derive(Clone, Debug)]
pub(super) struct Attendances {
    periods: Vec<Period>,
    rates: PopulationRates,
    attrition: Vec<Attrition>,
    /// Attendances with an age, and with a council of residence.
    known: [i64; 2],
}

impl Attendances {
    pub fn new(periods: &[Period], settings: &Settings, frame: &Frame) -> Self {
        Self {
            periods: periods.to_vec(),
            rates: PopulationRates::new(&KINDS, settings.standard(), frame),
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
            known: [0; 2],
        }
    }

    /// Takes the attendance at an index into the counts of a period; the position of the filter that
    /// leaves it out.
    fn position(
        &mut self,
        person: &Person<'_>,
        index: usize,
        (n, period): (usize, Period),
        frame: &Frame,
    ) -> usize {
        let Some(attendance) = person.attendances.get(index) else { return 0 };
        let (from, until) = followed(period, frame);
        let within = attendance.arrival.get().is_some_and(|day| from <= day && day < until);
        let council = self.rates.places.residence(attendance.lsoa, attendance.residence);
        let age = attendance.age().unwrap_or(0);
        let resident = Resident::new(council, age, sex_level(attendance.sex));
        let out = [
            !within,
            !person.is_known(),
            !attendance.in_standard_count(),
            resident.is_none(),
            council == 0,
        ];
        let position = out.into_iter().position(|out| out).unwrap_or(FILTERS.len());
        if let Some(resident) = resident.filter(|_| position == FILTERS.len()) {
            for kind in kinds(person, index, attendance) {
                self.rates.note(n as u16, kind - ALL, resident);
            }
        }
        position
    }

    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if !self.rates.is_given {
            return;
        }
        for n in 0..self.periods.len() {
            let of = (n, self.periods[n]);
            let indexes = 0..person.attendances.len();
            let positions = indexes.map(|index| self.position(person, index, of, frame)).collect();
            count_records(&mut self.attrition, n, person, positions);
        }
        self.rates.close();
        for attendance in person.attendances {
            let council = self.rates.places.residence(attendance.lsoa, attendance.residence);
            self.known[0] += i64::from(attendance.age().is_some());
            self.known[1] += i64::from(council != 0);
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.rates.merge(other.rates);
        for (known, more) in self.known.iter_mut().zip(other.known) {
            *known += more;
        }
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// The rates; `is_known` says whether the records tell a kind of attendances. None of them is told by
    /// records without any age or any residence.
    pub fn figures(
        &self,
        measure: &'static str,
        is_known: impl Fn(usize) -> bool,
        frame: &Frame,
        out: &mut Vec<Figure>,
    ) {
        let is_told = |kind| is_known(kind + ALL) && self.known.iter().all(|&known| known > 0);
        self.rates.figures(measure, &self.periods, Unit::Attendances, is_told, frame, out);
    }

    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        if !self.rates.is_given {
            return;
        }
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure, part: "population_all", period, unit: Unit::Attendances };
            let start = ("M15", "all emergency attendances, sent once each".to_owned());
            let filters = FILTERS.map(|(rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, out);
        }
    }
}
