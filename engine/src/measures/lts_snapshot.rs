//! People with long-term support open on given days (`cld-metrics.md` section 4).
//!
//! A person with two settings counts in each of them and once in the total. Each of the two main
//! tables is a part of its own, on the days that it covers.

#[cfg(test)]
mod tests;

use super::councils;
use crate::attrition::{Attrition, Steps};
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{ClientType, EventType, ServiceType};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.lts_snapshot]`. The days themselves are `[cld] snapshots`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's: without `[cld] snapshots` each month end
    /// in them is a snapshot.
    pub periods: Vec<Period>,
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

/// Age on the day, in the order of output and with the edges of P-24: age 0 is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Band {
    Child,
    WorkingAge,
    Older,
    Unknown,
}

impl Band {
    const fn of(age: Option<i32>) -> Self {
        match age {
            Some(1..=17) => Self::Child,
            Some(18..=64) => Self::WorkingAge,
            Some(65..) => Self::Older,
            _ => Self::Unknown,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Child => "Under 18",
            Self::WorkingAge => "18 to 64",
            Self::Older => "65 and above",
            Self::Unknown => "Unknown",
        }
    }
}

/// The settings of long-term support and their names, in the order of the hierarchy.
const SETTINGS: [(ServiceType, &str); 4] = [
    (ServiceType::Nursing, "Nursing"),
    (ServiceType::Residential, "Residential"),
    (ServiceType::Community, "Community"),
    (ServiceType::Prison, "Prison"),
];

/// Filters on events, in the order in which they apply. The first three do not depend on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    Service,
    ServiceUser,
    LongTerm,
    Started,
    NotEnded,
    Alive,
}

const FILTERS: usize = Filter::Alive as usize + 1;

/// People by council of [`Places`], band and settings as bits, the first setting being bit 0.
type Cells = HashMap<(u16, Band, u8), i64>;

/// Counts of one main table.
#[derive(Clone, Debug)]
struct Table {
    part: &'static str,
    /// Days on which the table is counted, and their counts.
    days: Vec<Snapshot>,
    /// What falls before the day matters: the same for every day.
    always: Attrition,
}

#[derive(Clone, Debug)]
struct Snapshot {
    day: Day,
    people: Cells,
    attrition: Attrition,
}

/// The measure `lts_snapshot`: people with long-term support open on a day.
///
/// Parts: `single` and `joined`, the main table; each day is a period of one day. Strata: `setting`,
/// `age_band` and both.
#[derive(Clone, Debug)]
pub struct LtsSnapshot {
    places: Arc<Places>,
    single: Table,
    joined: Table,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// Long-term support of the person, by council.
    support: Vec<CareEvent>,
}

impl LtsSnapshot {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let mut days = frame.snapshots.clone();
        if days.is_empty() {
            days =
                super::periods(&settings.periods, frame).into_iter().flat_map(month_ends).collect();
        }
        days.sort_unstable();
        days.dedup();
        let table = |part, window: Option<Period>| {
            let covered =
                days.iter().filter(|&&day| window.is_some_and(|table| table.contains(day)));
            let snapshot = |&day: &Day| Snapshot {
                day,
                people: Cells::new(),
                attrition: Attrition::new(FILTERS),
            };
            let days = covered.map(snapshot).collect();
            Table { part, days, always: Attrition::new(FILTERS) }
        };
        Self {
            places: Arc::new(Places::new(frame)),
            single: table("single", frame.single),
            joined: table("joined", frame.joined),
            scratch: Scratch::default(),
        }
    }
}

/// The month ends of a period.
fn month_ends(period: Period) -> impl Iterator<Item = Day> {
    let first = period.start.month_end();
    (0..).map(move |n| first.add_months(n).month_end()).take_while(move |&day| day <= period.end)
}

impl Table {
    fn add(
        &mut self,
        person: &Person<'_>,
        events: &[CareEvent],
        (places, frame): (&Places, &Frame),
        support: &mut Vec<CareEvent>,
    ) {
        if self.days.is_empty() || events.is_empty() {
            return;
        }
        support.clear();
        let mut furthest = 0;
        for event in events {
            let failure = if frame.exact_event_type(person, event) != EventType::Service {
                Filter::Service
            } else if event.client_type != ClientType::ServiceUser {
                Filter::ServiceUser
            } else if !event.service_type.is_long_term() {
                Filter::LongTerm
            } else {
                support.push(*event);
                continue;
            };
            self.always.record(failure as usize);
            furthest = furthest.max(failure as usize);
        }
        if support.is_empty() {
            self.always.person(furthest);
            return;
        }
        support.sort_unstable_by_key(|event| event.la);
        for snapshot in &mut self.days {
            snapshot.person(furthest, support);
        }
        for of_council in support.chunk_by(|a, b| a.la == b.la) {
            let Some(la) = of_council.first().map(|event| event.la) else { continue };
            let (birth, _) = person_details::birth_and_death(la, events);
            let council = places.council(la);
            for Snapshot { day, people, .. } in &mut self.days {
                let settings = settings_on(*day, of_council);
                if settings != 0 {
                    let band = Band::of(birth.dhsc_age(*day));
                    *people.entry((council, band, settings)).or_default() += 1;
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.always.merge(&other.always);
        for (mine, theirs) in self.days.iter_mut().zip(other.days) {
            mine.attrition.merge(&theirs.attrition);
            for (cell, people) in theirs.people {
                *mine.people.entry(cell).or_default() += people;
            }
        }
    }
}

impl Snapshot {
    fn person(&mut self, furthest: usize, support: &[CareEvent]) {
        let mut furthest = furthest;
        for event in support {
            let position = failure_on(self.day, event).map_or(FILTERS, |filter| filter as usize);
            self.attrition.record(position);
            furthest = furthest.max(position);
        }
        self.attrition.person(furthest);
    }

    fn period(&self) -> Period {
        Period { start: self.day, end: self.day }
    }

    /// Figures for England, regions by name and councils by code: the total, which every council has,
    /// then the other strata where they have people.
    fn figures(&self, part: &'static str, places: &Places, frame: &Frame, out: &mut Vec<Figure>) {
        type Rows = BTreeMap<(Option<u8>, Option<Band>), i64>;
        let mut councils: BTreeMap<u16, Rows> =
            councils::with_a_row(places, frame).into_iter().map(|la| (la, Rows::new())).collect();
        for (&(council, band, settings), &people) in &self.people {
            let rows = councils.entry(council).or_default();
            let set = (0u8..).take(SETTINGS.len()).filter(|n| settings >> n & 1 == 1);
            for setting in std::iter::once(None).chain(set.map(Some)) {
                for band in [None, Some(band)] {
                    *rows.entry((setting, band)).or_default() += people;
                }
            }
        }
        let areas = councils::with_sums(places, &councils, |sum: &mut Rows, more| {
            for (&row, people) in more {
                *sum.entry(row).or_default() += people;
            }
        });
        for (area, mut rows) in areas {
            rows.entry((None, None)).or_default();
            for ((setting, band), people) in rows {
                let setting = setting.and_then(|n| SETTINGS.get(usize::from(n)));
                let setting = setting.map(|(_, name)| format!("setting={name}"));
                let band = band.map(|band| format!("age_band={}", band.label()));
                let stratum: Vec<String> = setting.into_iter().chain(band).collect();
                out.push(Figure {
                    measure: LtsSnapshot::NAME,
                    part: part.into(),
                    period: self.period(),
                    area: area.clone(),
                    stratum: stratum.join("; "),
                    numerator: Some(people),
                    denominator: None,
                    value: Value::Count,
                    interval: None,
                    unit: Unit::People,
                    counts: Unit::People,
                });
            }
        }
    }
}

/// The first filter from [`Filter::Started`] on that long-term support fails on a day.
fn failure_on(day: Day, event: &CareEvent) -> Option<Filter> {
    if event.start > day {
        Some(Filter::Started)
    } else if event.end.get().is_some_and(|end| end < day) {
        Some(Filter::NotEnded)
    } else if event.death.get().is_some_and(|death| death < day) {
        Some(Filter::Alive)
    } else {
        None
    }
}

/// The settings open on a day, as bits.
fn settings_on(day: Day, support: &[CareEvent]) -> u8 {
    let open = support.iter().filter(|event| failure_on(day, event).is_none());
    open.fold(0, |settings, event| {
        let setting = SETTINGS.iter().position(|&(setting, _)| setting == event.service_type);
        settings | setting.map_or(0, |n| 1 << n)
    })
}

impl Measure for LtsSnapshot {
    const NAME: &'static str = "lts_snapshot";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if !person.is_known() {
            return;
        }
        let Self { places, single, joined, scratch } = self;
        for (table, events) in [(single, person.single), (joined, person.joined)] {
            table.add(person, events, (places, frame), &mut scratch.support);
        }
    }

    fn merge(&mut self, other: Self) {
        self.single.merge(other.single);
        self.joined.merge(other.joined);
    }

    /// By table, then by day: the figures of every area; the same again for the attrition.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        let tables = [&self.single, &self.joined];
        for table in tables {
            for snapshot in &table.days {
                snapshot.figures(table.part, &self.places, frame, &mut results.measures);
            }
        }
        for table in tables {
            for snapshot in &table.days {
                let mut attrition = table.always.clone();
                attrition.merge(&snapshot.attrition);
                let day = snapshot.day;
                let filters: [(&'static str, String); FILTERS] = [
                    ("section 2", "not a service".into()),
                    ("section 4", "not of a service user".into()),
                    ("section 4", "not long-term support".into()),
                    ("section 4", format!("started after {day}")),
                    ("section 4", format!("ended before {day}")),
                    ("section 4", format!("died before {day}")),
                ];
                let of = Steps {
                    measure: Self::NAME,
                    part: table.part,
                    period: snapshot.period(),
                    unit: Unit::Events,
                };
                let start = ("section 4", format!("events of the {} table", table.part));
                attrition.steps(&of, start, filters, &mut results.attrition);
            }
        }
    }
}
