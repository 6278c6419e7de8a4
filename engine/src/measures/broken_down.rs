//! Measures of care records by further facts of the person, on request (`[measures] by`), in the same
//! pass over the data.
//!
//! A copy of the measure counts the people of each value of each wanted breakdown, next to the one that
//! counts everyone. What a person is, is what the latest person details of the council say (P-16 to
//! P-28): of a person of two councils whose details differ, each copy sees the events of its council.

#[cfg(test)]
mod tests;

use super::Measure;
use crate::figure::{Figure, Results, Unit, Value};
use crate::frame::Frame;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::cld::age::age_band;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{ClientType, EventType, Gender, ServiceType};
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// The measures that can be broken down. ASCOF 2D has its own slices, by hospital record; `care_market`
/// counts locations; the tables of SALT are those that were published.
const MEASURES: [&str; 12] = [
    "activity",
    "lts_snapshot",
    "reviews",
    "costs",
    "ascof_2a",
    "ascof_2b",
    "ascof_2c",
    "ascof_2e",
    "ascof_3d",
    "waiting_times",
    "carers",
    "intensity",
];

/// A fact of a person in one council, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breakdown {
    /// Service user before unpaid carer before unpaid carer known by association.
    ClientType,
    /// Age in bands (P-11) on the last day of the study's latest period.
    AgeBand,
    /// The same age in single years.
    Age,
    /// Gender (P-17).
    Sex,
    /// Ethnic group (P-18).
    Ethnicity,
    /// Primary support reason (P-20).
    SupportReason,
    /// The highest long-term support open on the last day of the study's latest period.
    Setting,
}

const AGE_BANDS: [i32; 8] = [17, 24, 44, 64, 74, 84, 94, i32::MAX];
const CLIENTS: [(ClientType, &str); 3] = [
    (ClientType::ServiceUser, "Service user"),
    (ClientType::UnpaidCarer, "Unpaid carer"),
    (ClientType::UnpaidCarerByAssociation, "Unpaid carer known by association"),
];
const SEXES: [(Gender, &str); 3] =
    [(Gender::Male, "Male"), (Gender::Female, "Female"), (Gender::Other, "Other")];
const SETTINGS: [(ServiceType, &str); 4] = [
    (ServiceType::Nursing, "Nursing"),
    (ServiceType::Residential, "Residential"),
    (ServiceType::Community, "Community"),
    (ServiceType::Prison, "Prison"),
];
/// The value of those of whom the fact is not known; it sorts last.
const UNKNOWN: u16 = u16::MAX;

/// The order of keys in a stratum (contract: `client_type, age_band, sex, ethnicity, setting, …`).
const KEYS: [&str; 7] =
    ["client_type", "age_band", "age", "sex", "ethnicity", "support_reason", "setting"];

impl Breakdown {
    const ALL: [Self; 7] = [
        Self::ClientType,
        Self::AgeBand,
        Self::Age,
        Self::Sex,
        Self::Ethnicity,
        Self::SupportReason,
        Self::Setting,
    ];

    const fn key(self) -> &'static str {
        KEYS[self as usize]
    }

    /// The value of a person in one council; smaller ones are shown first.
    fn value(self, la: u16, person: &Person<'_>, on: Day, frame: &Frame) -> u16 {
        let events = main_table(person);
        let of_council = || events.iter().filter(|event| event.la == la);
        let age = || person_details::birth_and_death(la, events).0.dhsc_age(on);
        let position = |n: Option<usize>| n.map_or(UNKNOWN, |n| n as u16);
        match self {
            Self::ClientType => position(
                CLIENTS
                    .iter()
                    .position(|(client, _)| of_council().any(|event| event.client_type == *client)),
            ),
            Self::AgeBand => {
                position(age().and_then(|age| AGE_BANDS.iter().position(|&last| age <= last)))
            }
            Self::Age => age().and_then(|age| u16::try_from(age).ok()).unwrap_or(UNKNOWN),
            Self::Sex => {
                let sex = person_details::gender(la, events);
                position(SEXES.iter().position(|(gender, _)| *gender == sex))
            }
            Self::Ethnicity => position(frame.details.ethnic_group(la, person)),
            Self::SupportReason => u16::from(frame.details.primary_support_reason(la, person).0),
            Self::Setting => position(SETTINGS.iter().position(|(kind, _)| {
                of_council().any(|event| {
                    event.service_type == *kind && is_support_on(event, on, person, frame)
                })
            })),
        }
    }

    fn label(self, value: u16, frame: &Frame) -> String {
        let n = usize::from(value);
        let of = |text: Option<&&'static str>| (*text.unwrap_or(&"Unknown")).to_owned();
        match self {
            Self::ClientType => of(CLIENTS.get(n).map(|(_, text)| text)),
            Self::AgeBand => age_band(AGE_BANDS.get(n).copied()).into(),
            Self::Age if value == UNKNOWN => "Unknown".into(),
            Self::Age => value.to_string(),
            Self::Sex => of(SEXES.get(n).map(|(_, text)| text)),
            Self::Ethnicity => {
                frame.details.ethnic_groups().get(n).map_or("Unknown".into(), Clone::clone)
            }
            Self::SupportReason => {
                let reasons = frame.details.support_reasons();
                let reason = n.checked_sub(1).and_then(|n| reasons.get(n));
                reason.map_or("Unknown".into(), Clone::clone)
            }
            Self::Setting if value == UNKNOWN => "None".into(),
            Self::Setting => of(SETTINGS.get(n).map(|(_, text)| text)),
        }
    }
}

/// Long-term support of a service user that is open on a day.
fn is_support_on(event: &CareEvent, on: Day, person: &Person<'_>, frame: &Frame) -> bool {
    event.client_type == ClientType::ServiceUser
        && event.start <= on
        && event.end.get().is_none_or(|end| end >= on)
        && event.death.get().is_none_or(|death| death >= on)
        && frame.exact_event_type(person, event) == EventType::Service
}

/// The events that say who a person is.
const fn main_table<'a>(person: &Person<'a>) -> &'a [CareEvent] {
    if person.joined.is_empty() { person.single } else { person.joined }
}

/// A measure for everyone, and for the people of each value of each wanted breakdown.
#[derive(Clone, Debug)]
pub(super) struct BrokenDown<M> {
    whole: M,
    /// The measure before it has counted anybody; none where nothing is broken down.
    blank: Option<M>,
    by: Vec<(Breakdown, BTreeMap<u16, M>)>,
    /// The last day of the study's latest period.
    on: Day,
}

impl<M: Measure + Clone> BrokenDown<M> {
    /// The measure with the breakdowns that the study asks for. `whole` has counted nobody.
    pub(super) fn of(whole: M, frame: &Frame) -> Self {
        let asked = |breakdown: &Breakdown| frame.study.by.iter().any(|by| by == breakdown.key());
        let asked = Breakdown::ALL.into_iter().filter(asked);
        let by: Vec<_> = asked
            .filter(|_| MEASURES.contains(&M::NAME))
            .map(|breakdown| (breakdown, BTreeMap::new()))
            .collect();
        let on = frame.study.periods.iter().map(|period| period.end).max().unwrap_or_default();
        Self { blank: (!by.is_empty()).then(|| whole.clone()), whole, by, on }
    }
}

impl<M: Measure + Clone> Measure for BrokenDown<M> {
    const NAME: &'static str = M::NAME;

    fn new(frame: &Frame) -> Self {
        Self::of(M::new(frame), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        self.whole.add(person, frame);
        let Some(blank) = &self.blank else { return };
        if !person.is_known() {
            return;
        }
        let mut councils: Vec<u16> =
            person.joined.iter().chain(person.single).map(|event| event.la).collect();
        councils.sort_unstable();
        councils.dedup();
        for (breakdown, copies) in &mut self.by {
            let value = |&la: &u16| (breakdown.value(la, person, self.on, frame), la);
            let mut values: Vec<(u16, u16)> = councils.iter().map(value).collect();
            values.sort_unstable();
            for same in values.chunk_by(|a, b| a.0 == b.0) {
                let Some(&(value, _)) = same.first() else { continue };
                let copy = copies.entry(value).or_insert_with(|| blank.clone());
                if same.len() == values.len() {
                    copy.add(person, frame);
                } else {
                    let of_councils = |events: &[CareEvent]| -> Vec<CareEvent> {
                        let here = |event: &&CareEvent| same.iter().any(|(_, la)| *la == event.la);
                        events.iter().filter(here).copied().collect()
                    };
                    let (joined, single) = (of_councils(person.joined), of_councils(person.single));
                    copy.add(&Person { joined: &joined, single: &single, ..*person }, frame);
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.whole.merge(other.whole);
        for ((_, mine), (_, theirs)) in self.by.iter_mut().zip(other.by) {
            for (value, copy) in theirs {
                match mine.remove(&value) {
                    None => drop(mine.insert(value, copy)),
                    Some(mut both) => {
                        both.merge(copy);
                        mine.insert(value, both);
                    }
                }
            }
        }
    }

    /// The figures of everyone; then by breakdown and value those of the copies, without attrition and
    /// curves. A breakdown that the measure shows itself is not repeated.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        let from = results.measures.len();
        self.whole.finish(frame, results);
        if self.by.is_empty() {
            return;
        }
        let shown = Shown::new(results.measures.get(from..).unwrap_or(&[]));
        for (breakdown, copies) in &self.by {
            let key = if *breakdown == Breakdown::Sex && shown.has_gender {
                "gender"
            } else {
                breakdown.key()
            };
            if shown.alone.contains(key) {
                continue;
            }
            for (&value, copy) in copies {
                let mut own = Results::default();
                copy.finish(frame, &mut own);
                let pair = format!("{key}={}", breakdown.label(value, frame));
                let wanted = own.measures.into_iter().filter(|figure| shown.is_wanted(figure));
                results.measures.extend(wanted.map(|figure| with_pair(figure, &pair)));
            }
        }
    }
}

/// What the figures of everyone show.
struct Shown {
    /// Keys that break something down by themselves.
    alone: BTreeSet<String>,
    /// Whether sex is called gender.
    has_gender: bool,
    /// Parts that have a figure without a stratum.
    with_total: BTreeSet<String>,
}

impl Shown {
    fn new(figures: &[Figure]) -> Self {
        let strata = || figures.iter().map(|figure| figure.stratum.as_str());
        let alone = strata().filter(|stratum| !stratum.contains("; "));
        let alone = alone.filter_map(|stratum| Some(stratum.split_once('=')?.0.to_owned()));
        let with_total = figures.iter().filter(|figure| figure.stratum.is_empty());
        Self {
            alone: alone.collect(),
            has_gender: strata().any(|stratum| pairs(stratum).any(|(key, _)| key == "gender")),
            with_total: with_total.map(|figure| figure.part.clone()).collect(),
        }
    }

    /// Whether a figure of a copy is shown: the total of its part, or what stands for it in a part
    /// without one, if there is anybody.
    fn is_wanted(&self, figure: &Figure) -> bool {
        let is_total = match self.with_total.contains(&figure.part) {
            true => figure.stratum.is_empty(),
            false => !figure.stratum.contains("; "),
        };
        let counts = [figure.numerator, figure.denominator];
        // a rate of the population counts in its denominator those who are not in the stratum too
        let counts = if is_rate(figure) { &counts[..1] } else { &counts[..] };
        is_total && counts.iter().any(|count| count.is_some_and(|count| count != 0))
    }
}

fn is_rate(figure: &Figure) -> bool {
    figure.unit == Unit::PerPopulation
}

fn pairs(stratum: &str) -> impl Iterator<Item = (&str, &str)> {
    stratum.split("; ").filter_map(|pair| pair.split_once('='))
}

/// The figure with one more pair in its stratum. Of a rate of the population the numerator alone: the
/// look-up has no population of most strata.
fn with_pair(figure: Figure, pair: &str) -> Figure {
    let place = |pair: &str| {
        let key = pair.split('=').next().unwrap_or_default();
        let key = if key == "gender" { "sex" } else { key };
        KEYS.iter().position(|other| *other == key).unwrap_or(KEYS.len())
    };
    let before = |other: &&str| place(other) <= place(pair);
    let mut stratum: Vec<&str> =
        figure.stratum.split("; ").filter(|pair| !pair.is_empty()).collect();
    stratum.insert(stratum.iter().take_while(|other| before(other)).count(), pair);
    let stratum = stratum.join("; ");
    if is_rate(&figure) {
        let (denominator, value, unit) = (None, Value::Count, figure.counts);
        return Figure { stratum, denominator, value, unit, interval: None, ..figure };
    }
    Figure { stratum, ..figure }
}
