//! How far care records and hospital records meet (M0.3, M21).

use crate::attrition::{Attrition, Steps};
use crate::figure::{AreaType, Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::stratum::{self, Dimension, Strata};
use crate::tally::Row;
use crate::wilson::wilson_percent;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::Gender;
use throughcare_linkage::day::{OptDay, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.linkage]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods; none means the study's.
    pub periods: Vec<Period>,
    /// Count every event of the joined table in every period, not only those that run in it.
    pub all_events: bool,
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)
    }
}

/// People and events of care records by what is known of their identifiers and of hospital records.
///
/// An event counts in the periods in which it runs on at least one day, in the council that
/// submitted it. A person counts in each council and region with a counted event, and once in
/// England. A hospital record is an admitted or emergency care record of any date, under an
/// identifier that may link. Age is that on the last day of the period.
///
/// Parts: `people`, `events` (denominator: people); `people_nhs_pseudonym`, `events_nhs_pseudonym`;
/// `people_in_hospital_records`, `events_in_hospital_records`; `linkable_share` (per cent of people),
/// `hospital_share` (per cent of people in hospital records), `match_yield_65` (per cent of people of
/// 65 and over with a hospital record in the period). England alone: `hospital_people` and
/// `hospital_people_in_care_records`.
#[derive(Clone, Debug)]
pub struct Linkage {
    settings: Settings,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    counts: HashMap<(Place, Strata), Counts>,
    hospital: Vec<HospitalPeople>,
    attrition: Vec<Attrition>,
    // the person at hand, by place
    presence: Vec<Presence>,
}

/// A period and an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Place {
    period: u16,
    kind: AreaType,
    area: u16,
}

/// One person's events in one place.
#[derive(Clone, Copy, Debug)]
struct Presence {
    kind: AreaType,
    area: u16,
    events: i64,
    events_nhs: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    people: i64,
    events: i64,
    people_nhs: i64,
    events_nhs: i64,
    people_linkable: i64,
    people_hospital: i64,
    events_hospital: i64,
    people_65: i64,
    people_65_hospital: i64,
}

impl Counts {
    fn add(&mut self, more: &Self) {
        self.people += more.people;
        self.events += more.events;
        self.people_nhs += more.people_nhs;
        self.events_nhs += more.events_nhs;
        self.people_linkable += more.people_linkable;
        self.people_hospital += more.people_hospital;
        self.events_hospital += more.events_hospital;
        self.people_65 += more.people_65;
        self.people_65_hospital += more.people_65_hospital;
    }
}

/// People in hospital records, and those of them with a care event in the period.
#[derive(Clone, Copy, Debug, Default)]
struct HospitalPeople {
    people: i64,
    in_care_records: i64,
}

impl Linkage {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        Self {
            settings: settings.clone(),
            dimensions: Dimension::DEFAULT.into(),
            places: Arc::new(Places::new(frame)),
            counts: HashMap::new(),
            hospital: vec![HospitalPeople::default(); periods.len()],
            attrition: vec![Attrition::new(2); periods.len()],
            presence: Vec::new(),
            periods,
        }
    }

    /// Notes the events of a person that count in a period, place by place. Returns how many do.
    fn gather(&mut self, events: &[CareEvent], period: Period) -> i64 {
        self.presence.clear();
        let mut counted = 0;
        for event in events {
            if !(self.settings.all_events || runs_in(event, period)) {
                continue;
            }
            counted += 1;
            let council = self.places.council(event.la);
            let areas = [
                (AreaType::England, 0),
                (AreaType::Region, self.places.region(council)),
                (AreaType::La, council),
            ];
            for (kind, area) in areas {
                if area == 0 && kind != AreaType::England {
                    continue;
                }
                let here = self.presence.iter().position(|at| (at.kind, at.area) == (kind, area));
                let at = here.unwrap_or_else(|| {
                    self.presence.push(Presence { kind, area, events: 0, events_nhs: 0 });
                    self.presence.len() - 1
                });
                let at = &mut self.presence[at];
                at.events += 1;
                at.events_nhs += i64::from(event.id_kind.is_linkable());
            }
        }
        counted
    }

    fn figures(&self, row: Row, counts: &Counts, out: &mut Vec<Figure>) {
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
            unit: Unit::People,
            counts: Unit::People,
        };
        let people_and_events = [
            ("", counts.people, counts.events),
            ("_nhs_pseudonym", counts.people_nhs, counts.events_nhs),
            ("_in_hospital_records", counts.people_hospital, counts.events_hospital),
        ];
        for (which, people, events) in people_and_events {
            out.push(Figure {
                part: format!("people{which}"),
                numerator: Some(people),
                ..figure.clone()
            });
            out.push(Figure {
                part: format!("events{which}"),
                numerator: Some(events),
                denominator: Some(people),
                unit: Unit::Events,
                ..figure.clone()
            });
        }
        let shares = [
            ("linkable_share", counts.people_linkable, counts.people),
            ("hospital_share", counts.people_hospital, counts.people),
            ("match_yield_65", counts.people_65_hospital, counts.people_65),
        ];
        for (part, numerator, denominator) in shares {
            out.push(Figure {
                part: part.into(),
                numerator: Some(numerator),
                denominator: Some(denominator),
                value: if denominator > 0 { Value::Percent(1) } else { Value::Unavailable },
                interval: wilson_percent(numerator, denominator),
                unit: Unit::Percent,
                ..figure.clone()
            });
        }
        if row == Row::england(row.period)
            && let Some(hospital) = self.hospital.get(usize::from(row.period))
        {
            let parts = [
                ("hospital_people", hospital.people),
                ("hospital_people_in_care_records", hospital.in_care_records),
            ];
            for (part, people) in parts {
                out.push(Figure { part: part.into(), numerator: Some(people), ..figure.clone() });
            }
        }
    }

    /// One accumulator a row, England's total of each period included.
    fn rows(&self) -> BTreeMap<Row, Counts> {
        let mut rows: BTreeMap<Row, Counts> = BTreeMap::new();
        for period in 0..self.periods.len() {
            rows.entry(Row::england(period as u16)).or_default();
        }
        for (&(Place { period, kind, area }, strata), counts) in &self.counts {
            for &dimension in &self.dimensions {
                for value in dimension.values_of(strata) {
                    let row = Row { period, kind, area, dimension, value };
                    rows.entry(row).or_default().add(counts);
                }
            }
        }
        rows
    }
}

/// Whether an event runs on some day of a period. An event that ends before it starts is taken to be
/// its first day.
fn runs_in(event: &CareEvent, period: Period) -> bool {
    event.start <= period.end
        && event.end.get().is_none_or(|end| end.max(event.start) >= period.start)
}

/// Whether a hospital record of the person falls in a period.
fn is_in_hospital(person: &Person<'_>, period: Period) -> bool {
    let stayed = person
        .spells
        .iter()
        .any(|spell| spell.admission <= period.end && spell.discharge >= period.start);
    let attended = |day: OptDay| day.get().is_some_and(|day| period.contains(day));
    stayed || person.attendances.iter().any(|attendance| attended(attendance.arrival))
}

/// Sex as the care records have it last; `Other` is "not specified".
fn sex_level(events: &[CareEvent]) -> u8 {
    match events.last().map(|event| event.gender) {
        Some(Gender::Male) => 1,
        Some(Gender::Female) => 2,
        Some(Gender::Other) => 3,
        _ => 0,
    }
}

impl Measure for Linkage {
    const NAME: &'static str = "linkage";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, _frame: &Frame) {
        let events = person.joined;
        if !person.is_known() {
            for attrition in &mut self.attrition {
                attrition.records_at(0, events.len() as i64);
            }
            return;
        }
        let has_hospital_record = person.linkable
            && !(person.episodes.is_empty()
                && person.spells.is_empty()
                && person.attendances.is_empty());
        let birth = person.birth();
        for n in 0..self.periods.len() {
            let period = self.periods[n];
            let counted = self.gather(events, period);
            if has_hospital_record {
                self.hospital[n].people += 1;
                self.hospital[n].in_care_records += i64::from(counted > 0);
            }
            if events.is_empty() {
                continue;
            }
            self.attrition[n].records_at(1, events.len() as i64 - counted);
            self.attrition[n].records_at(2, counted);
            self.attrition[n].person(if counted > 0 { 2 } else { 1 });

            let age = birth.calendar_age(period.end);
            let strata = Strata::default()
                .with(Dimension::AgeBand, stratum::age_level(age))
                .with(Dimension::Sex, sex_level(events));
            let is_65 = age.is_some_and(|age| age >= 65);
            let met = has_hospital_record && is_65 && is_in_hospital(person, period);
            for at in &self.presence {
                let place = Place { period: n as u16, kind: at.kind, area: at.area };
                self.counts.entry((place, strata)).or_default().add(&Counts {
                    people: 1,
                    events: at.events,
                    people_nhs: i64::from(at.events_nhs > 0),
                    events_nhs: at.events_nhs,
                    people_linkable: i64::from(person.linkable),
                    people_hospital: i64::from(has_hospital_record),
                    events_hospital: if has_hospital_record { at.events } else { 0 },
                    people_65: i64::from(is_65),
                    people_65_hospital: i64::from(met),
                });
            }
        }
    }

    fn merge(&mut self, other: Self) {
        for (key, counts) in &other.counts {
            self.counts.entry(*key).or_default().add(counts);
        }
        for (hospital, more) in self.hospital.iter_mut().zip(&other.hospital) {
            hospital.people += more.people;
            hospital.in_care_records += more.in_care_records;
        }
        super::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period, area and stratum, then by part.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        for (row, counts) in self.rows() {
            self.figures(row, &counts, &mut results.measures);
        }
        let filters = || {
            let outside = "event does not run in the period";
            [("X-22", "no person".to_owned()), ("M21", outside.to_owned())]
        };
        for (&period, counts) in self.periods.iter().zip(&self.attrition) {
            let of = Steps { measure: Self::NAME, part: "", period, unit: Unit::Events };
            let start = ("M21", "all unique care events".to_owned());
            counts.steps(&of, start, filters(), &mut results.attrition);
        }
    }
}

#[cfg(test)]
mod tests;
