//! Rates per 1,000 person-years by care state, from events and time with the same cells
//! (`linked-metrics.md` M11, M15): what [`super::admission_rate`] and [`super::ae_rate`] share.

use super::person_time::{Exposure, NoOrigin, NotAtRisk, PersonTime, TIMES, TimeCell};
use crate::amounts::{Amounts, Sums};
use crate::attrition::{Attrition, Steps};
use crate::figure::{AreaType, AttritionStep, Figure, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use crate::rates::{DAYS_PER_YEAR, poisson_interval};
use crate::stratum::Dimension;
use std::sync::Arc;
use throughcare_linkage::codes::cld::Component;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::CareRules;
use throughcare_linkage::timeline::state::State;

/// Events over person-days times this are a rate per 1,000 person-years.
pub(super) const PER_1000_PERSON_YEARS: f64 = 1000.0 * DAYS_PER_YEAR;

/// The person-days among the amounts; events follow it.
const DAYS: usize = 0;

/// What a rate is broken down by, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum By {
    Everything,
    State(State),
    Age(u8),
    Sex(u8),
    Time(u8),
    Component(Component),
    StateAge(State, u8),
    StateSex(State, u8),
    StateTime(State, u8),
    StateComponent(State, Component),
}

impl By {
    /// The stratum: `key=value` pairs.
    pub fn stratum(self) -> String {
        let state = |state: State| format!("care_state={}", state.code());
        let time = |time: u8| {
            let band = TIMES.get(usize::from(time)).map_or("", |(text, ..)| text);
            format!("time_in_care={band}")
        };
        let component = |component: Component| match component.label() {
            "" => "component=Unknown".into(),
            label => format!("component={label}"),
        };
        let (age, sex) = (Dimension::AgeBand, Dimension::Sex);
        match self {
            Self::Everything => String::new(),
            Self::State(of) => state(of),
            Self::Age(value) => age.stratum(value),
            Self::Sex(value) => sex.stratum(value),
            Self::Time(band) => time(band),
            Self::Component(of) => component(of),
            Self::StateAge(of, value) => format!("{}; {}", age.stratum(value), state(of)),
            Self::StateSex(of, value) => format!("{}; {}", sex.stratum(value), state(of)),
            Self::StateTime(of, band) => format!("{}; {}", state(of), time(band)),
            Self::StateComponent(of, part) => format!("{}; {}", state(of), component(part)),
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Row {
    pub period: u16,
    pub kind: AreaType,
    pub area: u16,
    pub by: By,
}

/// The rows of a cell: England, its region and its council, by each breakdown; by two of them in
/// England and the regions only.
pub(super) fn spread(cell: TimeCell, places: &Places, rows: &mut Vec<Row>) {
    let areas = [
        (AreaType::England, 0),
        (AreaType::Region, places.region(cell.council)),
        (AreaType::La, cell.council),
    ];
    let value = |dimension: Dimension| dimension.values_of(cell.strata).next().unwrap_or(0);
    let (age, sex) = (value(Dimension::AgeBand), value(Dimension::Sex));
    let time = cell.time.checked_sub(1);
    for (kind, area) in areas {
        if area == 0 && kind != AreaType::England {
            continue;
        }
        let row = |by| Row { period: cell.period, kind, area, by };
        rows.push(row(By::State(cell.state)));
        if !cell.beside {
            rows.extend([By::Everything, By::Age(age), By::Sex(sex)].map(row));
            rows.extend(time.map(By::Time).map(row));
            rows.extend(cell.component.map(By::Component).map(row));
        }
        if kind != AreaType::La {
            rows.extend([By::StateAge(cell.state, age), By::StateSex(cell.state, sex)].map(row));
            rows.extend(time.map(|time| By::StateTime(cell.state, time)).map(row));
            let component = cell.component.map(|of| By::StateComponent(cell.state, of));
            rows.extend(component.map(row));
        }
    }
}

/// Person-time and `N - 1` kinds of events of linkable people, by period.
#[derive(Clone, Debug)]
pub(super) struct CareRates<const N: usize> {
    pub periods: Vec<Period>,
    exposure: Exposure,
    rules: CareRules,
    places: Arc<Places>,
    amounts: Amounts<TimeCell, N>,
    /// Days of lines by period.
    time: Vec<Attrition>,
}

/// Days of lines are lost to these, in this order.
const NOT_AT_RISK: [(&str, &str); 4] = [
    ("M11.1", "month of birth not known: not known to be an adult"),
    ("X-20", "not observed: no council of the person covers the day"),
    ("M11.3", "in hospital"),
    ("M11", "within the washout after a discharge"),
];

impl<const N: usize> CareRates<N> {
    pub fn new(periods: Vec<Period>, exposure: Exposure, frame: &Frame) -> Self {
        Self {
            time: vec![Attrition::new(NOT_AT_RISK.len()); periods.len()],
            exposure,
            rules: frame.care_rules.clone(),
            places: Arc::new(Places::new(frame)),
            amounts: Amounts::default(),
            periods,
        }
    }

    /// Takes the person-time of a linkable person; the events of the person follow, then
    /// [`CareRates::close`].
    pub fn add_time(&mut self, person: &Person<'_>, frame: &Frame) {
        let time = PersonTime::new(person, &self.places, &self.rules, self.exposure);
        for (n, &period) in (0u16..).zip(&self.periods) {
            let (from, until) = followed(period, frame);
            let mut at_risk = 0;
            let amounts = &mut self.amounts;
            let NotAtRisk { unknown_age, unobserved, in_hospital, washed_out } =
                time.each(from, until, |cell, days| {
                    at_risk += if cell.beside { 0 } else { days };
                    amounts.note(TimeCell { period: n, ..cell }, DAYS, days);
                });
            let Some(attrition) = self.time.get_mut(usize::from(n)) else { continue };
            let days = [unknown_age, unobserved, in_hospital, washed_out, at_risk];
            for (position, &days) in days.iter().enumerate() {
                attrition.records_at(position, days);
            }
            if let Some(furthest) = days.iter().rposition(|&days| days > 0) {
                attrition.person(furthest);
            }
        }
    }

    /// Takes an event of the person in hand, on a day of the period at this position; `kinds` are
    /// those of the event, from 1.
    ///
    /// # Errors
    ///
    /// Why the event comes from no person-time.
    pub fn add_event(
        &mut self,
        person: &Person<'_>,
        day: Day,
        period: usize,
        kinds: impl Iterator<Item = usize> + Clone,
    ) -> Result<(), NoOrigin> {
        let time = PersonTime::new(person, &self.places, &self.rules, self.exposure);
        let amounts = &mut self.amounts;
        time.origin(day, |cell| {
            for kind in kinds.clone() {
                amounts.note(TimeCell { period: period as u16, ..cell }, kind, 1);
            }
        })
    }

    /// Takes days of the person in hand in `[from, until)` as amounts of one kind: those that the line
    /// covers and somebody observes, in hospital or not.
    pub fn add_days(
        &mut self,
        person: &Person<'_>,
        (from, until): (Day, Day),
        period: usize,
        kind: usize,
    ) {
        let exposure = Exposure { exclude_hospital_time: false, ..self.exposure };
        let time = PersonTime::new(person, &self.places, &self.rules, exposure);
        let amounts = &mut self.amounts;
        time.each(from, until, |cell, days| {
            amounts.note(TimeCell { period: period as u16, ..cell }, kind, days);
        });
    }

    /// Counts the person in hand.
    pub fn close(&mut self) {
        self.amounts.close();
    }

    pub fn merge(&mut self, other: Self) {
        self.amounts.merge(other.amounts);
        super::merge_attrition(&mut self.time, &other.time);
    }

    /// The figures: by period, area and stratum, then for each part its rate and the people behind it.
    /// A part without a number among `kinds` stands for a number that the data do not have.
    pub fn figures(
        &self,
        measure: &'static str,
        parts: &[(&'static str, Option<usize>)],
        counts: Unit,
        out: &mut Vec<Figure>,
    ) {
        let mut rows = self.amounts.rows(|cell, rows| spread(cell, &self.places, rows));
        for period in 0..self.periods.len() {
            let (kind, by) = (AreaType::England, By::Everything);
            rows.entry(Row { period: period as u16, kind, area: 0, by }).or_default();
        }
        for (row, sums) in rows {
            let Some(&period) = self.periods.get(usize::from(row.period)) else { continue };
            let figure = Figure {
                measure,
                part: String::new(),
                period,
                area: self.places.area(row.kind, row.area),
                stratum: row.by.stratum(),
                numerator: None,
                denominator: None,
                value: Value::Unavailable,
                interval: None,
                unit: Unit::PerPersonYears,
                counts,
            };
            for &(part, kind) in parts {
                match kind {
                    Some(kind) => push_rate(&figure, part, &sums, kind, out),
                    None => out.push(Figure { part: part.into(), ..figure.clone() }),
                }
            }
        }
    }

    /// The days of lines that were no time at risk, as part `person_time`.
    pub fn attrition(&self, measure: &'static str, out: &mut Vec<AttritionStep>) {
        for (&period, counts) in self.periods.iter().zip(&self.time) {
            let of = Steps { measure, part: "person_time", period, unit: Unit::Days };
            let start = ("M11.1", "days of the lines of linkable people in the period".to_owned());
            let filters = NOT_AT_RISK.map(|(rule, what)| (rule, what.to_owned()));
            counts.steps(&of, start, filters, out);
        }
    }
}

/// The days of a period on which hospital records can tell of events: `[from, until)`.
pub(super) fn followed(period: Period, frame: &Frame) -> (Day, Day) {
    (period.start.max(frame.sus_start), period.end.plus(1).min(frame.sus_end))
}

/// The rate of one kind of event and the people behind it: those with an event, of those with time.
pub(super) fn push_rate<const N: usize>(
    figure: &Figure,
    part: &str,
    sums: &Sums<N>,
    kind: usize,
    out: &mut Vec<Figure>,
) {
    let of = |sums: &[i64; N], which: usize| sums.get(which).copied().unwrap_or(0);
    let (events, days) = (of(&sums.amounts, kind), of(&sums.amounts, DAYS));
    // nights of one stay do not come about independently
    let has_interval = days > 0 && figure.counts != Unit::Days;
    let (lower, upper) = poisson_interval(events);
    let rate = |events: f64| events / days as f64 * PER_1000_PERSON_YEARS;
    out.push(Figure {
        part: part.into(),
        numerator: Some(events),
        denominator: Some(days),
        value: if days > 0 { Value::Per(PER_1000_PERSON_YEARS) } else { Value::Unavailable },
        interval: has_interval.then(|| (rate(lower), rate(upper))),
        ..figure.clone()
    });
    out.push(Figure {
        part: format!("{part}_people"),
        numerator: Some(of(&sums.people, kind)),
        denominator: Some(of(&sums.people, DAYS)),
        value: Value::Count,
        interval: None,
        unit: Unit::People,
        counts: Unit::People,
        ..figure.clone()
    });
}
