//! Bed days in the last days of life, and the place of death (M20).

use super::nights::runs;
use super::{Settings, amount};
use crate::attrition::{Attrition, Steps};
use crate::figure::{AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::measures::person_time::{council_on, sex_of};
use crate::place::Places;
use crate::stay::StayUnit;
use crate::stratum::{Dimension, Strata, age_level_at, visit_on};
use crate::tally::{Cell, Tally};
use crate::wilson::wilson_percent;
use std::sync::Arc;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::hospital::stay::{EndKind, Spell};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::ecds::{Attendance, Disposal};
use throughcare_linkage::timeline::state::State;

/// Filters on deaths, in the order in which they apply.
const FILTERS: [(&str, &str); 4] = [
    ("M20", "death outside the period or the hospital data"),
    ("M0.3", "person not linkable"),
    ("M20", "no line that ends with the death: the person has no other record before it"),
    (
        "M20",
        "the last days of life begin before the hospital data: counts for the place of death only",
    ),
];

/// Counts of deaths.
#[derive(Clone, Debug)]
pub(super) struct LastDays {
    days: i32,
    unit: StayUnit,
    day_case_days: i32,
    periods: Vec<Period>,
    places: Arc<Places>,
    deaths: Tally,
    attrition: Vec<Attrition>,
}

/// What is counted of one death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Death {
    /// Nights in the last days of life, when hospital data reach back far enough.
    nights: Option<u16>,
    /// State on the day before; none when that day is before the line or unobserved.
    state: Option<State>,
    in_hospital: bool,
}

impl Death {
    fn pack(self) -> u64 {
        let state = self.state.map_or(u64::from(u8::MAX), |state| state as u64);
        u64::from(self.nights.unwrap_or(0))
            | u64::from(self.nights.is_some()) << 16
            | u64::from(self.in_hospital) << 17
            | state << 18
    }

    fn unpack(value: u64) -> Self {
        let state = State::ALL.get((value >> 18) as usize).copied();
        let nights = (value >> 16 & 1 == 1).then_some(value as u16);
        Self { nights, state, in_hospital: value >> 17 & 1 == 1 }
    }
}

/// Deaths of one row.
#[derive(Clone, Debug, Default)]
struct Counts {
    deaths: i64,
    in_hospital: i64,
    observed: i64,
    by_state: [i64; State::COUNT],
    nights: Histogram,
}

impl LastDays {
    pub fn new(periods: &[Period], settings: &Settings, frame: &Frame) -> Self {
        Self {
            days: settings.last_days_of_life,
            unit: settings.unit,
            day_case_days: settings.daycase_bed_days,
            attrition: vec![Attrition::new(FILTERS.len()); periods.len()],
            periods: periods.to_vec(),
            places: Arc::new(Places::new(frame)),
            deaths: Tally::default(),
        }
    }

    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let Some(dod) = person.dod().get().filter(|_| person.is_known()) else { return };
        for (n, &period) in self.periods.iter().enumerate() {
            let covered = frame.sus_start <= dod && dod < frame.sus_end;
            let position = if !period.contains(dod) || !covered {
                0
            } else if !person.linkable {
                1
            } else if person.line.death.get() != Some(dod) {
                2
            } else {
                let death = self.death(person, dod, frame);
                self.deaths.add(self.cell(person, dod, n as u16), death.pack());
                if death.nights.is_none() { 3 } else { FILTERS.len() }
            };
            self.attrition[n].record(position);
            self.attrition[n].person(position);
        }
    }

    fn death(&self, person: &Person<'_>, dod: Day, frame: &Frame) -> Death {
        let first = dod.plus(-self.days);
        let nights = runs(person, self.unit, self.day_case_days)
            .map(|run| run.end.min(dod).since(run.start.max(first)).max(0))
            .sum::<i32>();
        let nights = u16::try_from(nights).unwrap_or(u16::MAX);
        let state = visit_on(person.line, dod.plus(-1)).map(|visit| visit.state);
        Death {
            nights: (first >= frame.sus_start).then_some(nights),
            state: state.filter(|&state| state != State::Unobserved),
            in_hospital: person.spells.iter().any(|spell| is_in_bed(spell, dod))
                || person.attendances.iter().any(|attended| died_in_emergency(attended, dod)),
        }
    }

    fn cell(&self, person: &Person<'_>, dod: Day, period: u16) -> Cell {
        let strata = Strata::default()
            .with(Dimension::AgeBand, age_level_at(person.birth(), dod))
            .with(Dimension::Sex, sex_of(person));
        let council = council_on(person, dod.plus(-1), &self.places);
        Cell { period, council, provider: 0, strata }
    }

    pub fn merge(&mut self, other: Self) {
        self.deaths.merge(other.deaths);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period, area and stratum, then by part.
    pub fn figures(&self, measure: &'static str, out: &mut Vec<Figure>) {
        let add = |counts: &mut Counts, value: u64, records: i64| {
            let death = Death::unpack(value);
            counts.deaths += records;
            counts.in_hospital += if death.in_hospital { records } else { 0 };
            if let Some(state) = death.state {
                counts.observed += records;
                counts.by_state[state as usize] += records;
            }
            if let Some(nights) = death.nights {
                counts.nights.add(i32::from(nights), records);
            }
        };
        let rows = self.deaths.rows(&self.places, &Dimension::DEFAULT, self.periods.len(), add);
        for (row, counts) in rows {
            let Some(&period) = self.periods.get(usize::from(row.period)) else { continue };
            let figure = Figure {
                measure,
                part: String::new(),
                period,
                area: self.places.area(row.kind, row.area),
                stratum: row.dimension.stratum(row.value),
                numerator: None,
                denominator: None,
                value: Value::Count,
                interval: None,
                unit: Unit::Days,
                counts: Unit::Days,
            };
            self.nights_figures(&figure, &counts.nights, out);
            place_figures(&figure, &counts, out);
        }
    }

    fn nights_figures(&self, figure: &Figure, nights: &Histogram, out: &mut Vec<Figure>) {
        let part = format!("last_{}_days_of_life", self.days);
        let (deaths, with_some) = (nights.records(), nights.at_least(1));
        out.extend(amount(figure, &part, nights.total_days(), with_some, Some(deaths)));
        for (name, value) in [("mean", nights.mean()), ("median", nights.quantile(500))] {
            out.push(Figure {
                part: format!("{part}_{name}"),
                denominator: Some(deaths),
                value: value.map_or(Value::Unavailable, Value::Statistic),
                counts: Unit::People,
                ..figure.clone()
            });
        }
    }

    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure, part: "last_days_of_life", period, unit: Unit::People };
            let start = ("M20", "people with a date of death".to_owned());
            let filters = FILTERS.map(|(rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, out);
        }
    }
}

fn place_figures(figure: &Figure, counts: &Counts, out: &mut Vec<Figure>) {
    let share = |part: &str, stratum: String, numerator: i64, denominator: i64| Figure {
        part: part.into(),
        stratum,
        numerator: Some(numerator),
        denominator: Some(denominator),
        value: if denominator > 0 { Value::Percent(1) } else { Value::Unavailable },
        interval: wilson_percent(numerator, denominator),
        unit: Unit::Percent,
        counts: Unit::People,
        ..figure.clone()
    };
    for (state, &deaths) in State::ALL.iter().zip(&counts.by_state) {
        if deaths > 0 {
            let state = format!("state={}", state.code());
            let stratum = match figure.stratum.as_str() {
                "" => state,
                other => format!("{other}; {state}"),
            };
            out.push(share("place_of_death", stratum, deaths, counts.observed));
        }
    }
    let total = figure.stratum.clone();
    out.push(share("died_in_hospital", total, counts.in_hospital, counts.deaths));
}

/// Whether a person who died on this day was an inpatient then: not one who left alive that day.
fn is_in_bed(spell: &Spell, dod: Day) -> bool {
    const DIED: Code = Code::new("4");
    let left_alive = spell.discharge == dod
        && spell.end_kind == EndKind::Observed
        && spell.discharge_method != DIED;
    spell.admission <= dod && dod <= spell.discharge && !left_alive
}

/// Whether a person who died on this day did so in an A&E department.
fn died_in_emergency(attendance: &Attendance, dod: Day) -> bool {
    let Some(arrival) = attendance.arrival.get() else { return false };
    let departure = attendance.departure.or(arrival);
    arrival <= dod && (departure > dod || departure == dod && attendance.disposal == Disposal::Died)
}
