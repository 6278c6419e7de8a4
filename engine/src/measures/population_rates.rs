//! Events of residents by population, crude and directly standardised (`linked-metrics.md` M13, M12):
//! what [`super::admission_rate`], [`super::avoidable`] and [`super::ae_rate`] share.

use super::care_home_admissions::Band;
use super::care_home_admissions::population::{of_council, of_sex_and_ages};
use crate::amounts::{Amounts, Sums};
use crate::figure::{AreaType, Figure, Unit, Value};
use crate::frame::Frame;
use crate::place::Places;
use crate::rates::{
    EmptyStratum, Standardised, Stratum, directly_standardised, poisson_interval, standard_weight,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use throughcare_linkage::day::Period;

const PER_100_000: f64 = 100_000.0;

/// First and last age of people of working age, then of the five-year bands from 65 on.
const BANDS: [(u8, u8); 7] =
    [(18, 64), (65, 69), (70, 74), (75, 79), (80, 84), (85, 89), (90, u8::MAX)];

/// Where the bands from 65 on begin.
const OLDER: u8 = 1;

/// Men and women, as sex levels.
const SEXES: [u8; 2] = [1, 2];

const EVENTS: usize = 0;
/// The squares of the numbers of events that people have in one cell (M12, repeat events).
const SQUARES: usize = 1;

/// Of whom a rate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ages {
    /// People of 18 and over; also those of 18 to 64 and of 65 and over by themselves.
    Adults,
    /// People of 65 and over.
    Older,
}

/// How rates are standardised (M12).
#[derive(Clone, Copy, Debug)]
pub(super) struct Standard {
    /// What becomes of an age and sex in which nobody lives.
    pub empty: EmptyStratum,
    /// The limits allow for several events of one person.
    pub nonindependent: bool,
}

/// A kind of events: the part of its rates, and of whom they are.
pub(super) type Kind = (&'static str, Ages);

/// A resident at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Resident {
    council: u16,
    band: u8,
    sex: u8,
}

impl Resident {
    /// A resident of this age in years; none under 18.
    pub fn new(council: u16, age: i32, sex: u8) -> Option<Self> {
        let band = BANDS.iter().rposition(|&(first, _)| age >= i32::from(first))?;
        Some(Self { council, band: band as u8, sex })
    }

    /// Whether the resident is 65 or over.
    pub const fn is_older(self) -> bool {
        self.band >= OLDER
    }
}

/// Where events count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct EventCell {
    period: u16,
    kind: u8,
    resident: Resident,
}

/// Which residents of an area a sum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Everybody,
    /// 65 and over, or below.
    Older(bool),
    /// One band and sex.
    Cell(u8, u8),
}

/// A row: period, kind, area, group.
type Row = (u16, u8, AreaType, u16, Group);

/// People by area, group by group; none where a council of the area has no number.
type PeopleByArea = BTreeMap<(AreaType, u16), Option<Vec<i64>>>;

/// Counts of events of adult residents.
#[derive(Clone, Debug)]
pub(super) struct PopulationRates {
    kinds: Vec<Kind>,
    standard: Standard,
    /// Whether there is a population at all; without one nothing is counted.
    pub is_given: bool,
    pub places: Arc<Places>,
    amounts: Amounts<EventCell, 2>,
    // of the person in hand
    noted: Vec<(EventCell, i64)>,
}

impl PopulationRates {
    /// No events yet, of these kinds.
    pub fn new(kinds: &[Kind], standard: Standard, frame: &Frame) -> Self {
        Self {
            kinds: kinds.to_vec(),
            standard,
            is_given: !frame.population.people.is_empty(),
            places: Arc::new(Places::new(frame)),
            amounts: Amounts::default(),
            noted: Vec::new(),
        }
    }

    /// Notes an event of one kind of the person in hand; [`PopulationRates::close`] counts the person.
    pub fn note(&mut self, period: u16, kind: usize, resident: Resident) {
        let cell = EventCell { period, kind: kind as u8, resident };
        match self.noted.iter_mut().find(|(known, _)| *known == cell) {
            Some((_, events)) => *events += 1,
            None => self.noted.push((cell, 1)),
        }
    }

    /// Counts the person in hand.
    pub fn close(&mut self) {
        for (cell, events) in self.noted.drain(..) {
            self.amounts.note(cell, EVENTS, events);
            self.amounts.note(cell, SQUARES, events * events);
        }
        self.amounts.close();
    }

    pub fn merge(&mut self, other: Self) {
        self.amounts.merge(other.amounts);
    }

    /// By period, area and kind: the crude rate, the people behind it and, for people of 65 and over
    /// where the population has them by sex and age, the standardised rate. England and regions are
    /// sums of councils. Kinds that the records do not tell are not available.
    pub fn figures(
        &self,
        measure: &'static str,
        periods: &[Period],
        counts: Unit,
        is_told: impl Fn(usize) -> bool,
        frame: &Frame,
        out: &mut Vec<Figure>,
    ) {
        if !self.is_given {
            return;
        }
        let rows = self.amounts.rows(|cell, rows: &mut Vec<Row>| {
            let Resident { council, band, sex } = cell.resident;
            let groups = [Group::Everybody, Group::Older(band >= OLDER), Group::Cell(band, sex)];
            for (kind, area) in self.areas_of(council) {
                rows.extend(groups.map(|group| (cell.period, cell.kind, kind, area, group)));
            }
        });
        let councils = super::councils::with_a_row(&self.places, frame);
        let band = |band| {
            self.population(&councils, frame, move |frame, code| {
                of_council(frame, code, band).map(|people| vec![people])
            })
        };
        let (older, working) = (band(Band::Older), band(Band::WorkingAge));
        let by_sex_and_age = self.population(&councils, frame, |frame, code| {
            let groups = SEXES.iter().flat_map(|&sex| older_bands().map(move |band| (sex, band)));
            groups
                .map(|(sex, (_, (first, last)))| of_sex_and_ages(frame, code, sex, first, last))
                .collect()
        });
        let one = |people: &PeopleByArea, area| -> Option<i64> {
            people.get(area)?.as_ref()?.first().copied()
        };
        for (n, &period) in (0u16..).zip(periods) {
            for at @ &(area_kind, area) in older.keys() {
                for (number, &(part, ages)) in self.kinds.iter().enumerate() {
                    let sums = |group| {
                        let row = (n, number as u8, area_kind, area, group);
                        rows.get(&row).copied().unwrap_or_default()
                    };
                    let figure = Figure {
                        measure,
                        part: part.into(),
                        period,
                        area: self.places.area(area_kind, area),
                        stratum: String::new(),
                        numerator: None,
                        denominator: None,
                        value: Value::Unavailable,
                        interval: None,
                        unit: Unit::PerPopulation,
                        counts,
                    };
                    if !is_told(number) {
                        out.push(figure);
                        continue;
                    }
                    let (older, working) = (one(&older, at), one(&working, at));
                    let of_age = |ages: &str| Figure {
                        stratum: format!("age_band={ages}"),
                        ..figure.clone()
                    };
                    let of_older = match ages {
                        Ages::Older => figure.clone(),
                        Ages::Adults => {
                            let adults = older.zip(working).map(|(older, working)| older + working);
                            crude(&figure, &sums(Group::Everybody), adults, out);
                            crude(&of_age("18-64"), &sums(Group::Older(false)), working, out);
                            of_age("65+")
                        }
                    };
                    crude(&of_older, &sums(Group::Older(true)), older, out);
                    if let Some(groups) = by_sex_and_age.get(at).and_then(Option::as_ref) {
                        out.push(self.standardised_figure(&of_older, groups, sums));
                    }
                }
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
    ) -> PeopleByArea {
        let mut areas = PeopleByArea::new();
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

    /// The standardised rate of people of 65 and over whose sex is known. `groups` are men by band,
    /// then women.
    fn standardised_figure(
        &self,
        figure: &Figure,
        groups: &[i64],
        sums: impl Fn(Group) -> Sums<2>,
    ) -> Figure {
        let events = |(sex, band)| sums(Group::Cell(band, sex)).amounts[EVENTS];
        let cells = SEXES.iter().flat_map(|&sex| older_bands().map(move |(band, _)| (sex, band)));
        let standardised = self.standardised(groups, |band, sex| sums(Group::Cell(band, sex)));
        Figure {
            part: format!("{}_standardised", figure.part),
            numerator: Some(cells.map(events).sum()),
            denominator: Some(groups.iter().sum()),
            value: standardised.map_or(Value::Unavailable, |s| Value::Statistic(s.rate)),
            interval: standardised.map(|s| (s.lower, s.upper)),
            ..figure.clone()
        }
    }

    /// The rate standardised to the European Standard Population 2013, each sex with half the weight
    /// of a band.
    fn standardised(
        &self,
        groups: &[i64],
        sums: impl Fn(u8, u8) -> Sums<2>,
    ) -> Option<Standardised> {
        let cells = SEXES.iter().flat_map(|&sex| older_bands().map(move |band| (sex, band)));
        let strata: Option<Vec<Stratum>> = cells
            .zip(groups)
            .map(|((sex, (band, (first, last))), &people)| {
                let [events, squares] = sums(band, sex).amounts;
                Some(Stratum {
                    events,
                    events_squared: if self.standard.nonindependent { squares } else { events },
                    denominator: people as f64,
                    weight: standard_weight(first, last)? as f64 / 2.0,
                })
            })
            .collect();
        directly_standardised(&strata?, self.standard.empty, PER_100_000).ok()
    }
}

/// Number, first and last age of the bands from 65 on.
fn older_bands() -> impl Iterator<Item = (u8, (u8, u8))> {
    (0u8..).zip(BANDS).skip(OLDER.into())
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
