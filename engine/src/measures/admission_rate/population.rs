//! Emergency admissions of older residents by population (M13).

use super::Settings;
use crate::attrition::{Attrition, Steps, count_records};
use crate::figure::{AttritionStep, Figure, Unit};
use crate::frame::Frame;
use crate::measures::care_rates::followed;
use crate::measures::population_rates::{Ages, PopulationRates, Resident};
use crate::stay::is_regular_attender;
use crate::stratum::sex_level;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::Period;
use throughcare_linkage::hospital::stay::Spell;
use throughcare_linkage::link::person::Person;

const PART: &str = "population_emergency_65_and_over";

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
pub(super) struct Emergencies {
    periods: Vec<Period>,
    rates: PopulationRates,
    attrition: Vec<Attrition>,
}

impl Emergencies {
    pub fn new(periods: &[Period], settings: &Settings, frame: &Frame) -> Self {
        let kinds = [(PART, Ages::Older)];
        Self {
            periods: periods.to_vec(),
            rates: PopulationRates::new(&kinds, settings.standard(), frame),
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
        }
    }

    /// Takes a spell into the counts of a period; the position of the filter that leaves it out.
    fn position(
        &mut self,
        person: &Person<'_>,
        spell: &Spell,
        (n, period): (usize, Period),
        frame: &Frame,
    ) -> usize {
        const BORN_AT_HOME: Code = Code::new("2C");
        let (from, until) = followed(period, frame);
        let method = spell.admission_method;
        let age = spell.birth.calendar_age(spell.admission).unwrap_or(0);
        let council = self.rates.places.residence(spell.lsoa, spell.residence);
        let resident = Resident::new(council, age, sex_level(spell.sex));
        let resident = resident.filter(|resident| resident.is_older());
        let out = [
            spell.admission < from || until <= spell.admission,
            !person.is_known(),
            is_regular_attender(spell.class),
            !method.starts_with(b'2') || method == BORN_AT_HOME,
            resident.is_none(),
            council == 0,
        ];
        let position = out.into_iter().position(|out| out).unwrap_or(FILTERS.len());
        if let Some(resident) = resident.filter(|_| position == FILTERS.len()) {
            self.rates.note(n as u16, 0, resident);
        }
        position
    }

    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if !self.rates.is_given {
            return;
        }
        for n in 0..self.periods.len() {
            let of = (n, self.periods[n]);
            let spells = person.spells.iter();
            let positions = spells.map(|spell| self.position(person, spell, of, frame)).collect();
            count_records(&mut self.attrition, n, person, positions);
        }
        self.rates.close();
    }

    pub fn merge(&mut self, other: Self) {
        self.rates.merge(other.rates);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    pub fn figures(&self, measure: &'static str, frame: &Frame, out: &mut Vec<Figure>) {
        self.rates.figures(measure, &self.periods, Unit::Admissions, |_| true, frame, out);
    }

    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        if !self.rates.is_given {
            return;
        }
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure, part: PART, period, unit: Unit::Admissions };
            let start = ("M13", crate::measures::all_stays(crate::stay::StayUnit::Spell));
            let filters = FILTERS.map(|(rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, out);
        }
    }
}
