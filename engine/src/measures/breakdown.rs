//! The facts of people by which measures of care records are broken down on request (`[measures] by`).
//!
//! What a person is, is what the latest person details of the council say (P-16 to P-28).

use super::care_home_admissions::population::{self, Group};
use crate::figure::{Figure, Unit, Value};
use crate::frame::Frame;
use crate::stratum::ethnicity_level;
use hashbrown::HashMap;
use std::collections::BTreeSet;
use throughcare_linkage::cld::age::age_band;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{ClientType, EventType, Gender, ServiceType};
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// A fact of a person in one council, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breakdown {
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
const NO_DATA: &str = "No data";
/// How the groups of hospital codes begin in care records, by level ([`ethnicity_level`]).
const HOSPITAL_GROUPS: [&str; 7] = [NO_DATA, "White", "Mixed", "Asian", "Black", "Other", NO_DATA];
/// The value of those of whom the fact is not known; it sorts last.
const UNKNOWN: u16 = u16::MAX;

/// How many breakdowns there are.
pub(super) const COUNT: usize = 7;

/// The order of keys in a stratum (contract: `client_type, age_band, sex, ethnicity, setting, …`).
const KEYS: [&str; COUNT] =
    ["client_type", "age_band", "age", "sex", "ethnicity", "support_reason", "setting"];

impl Breakdown {
    const ALL: [Self; COUNT] = [
        Self::ClientType,
        Self::AgeBand,
        Self::Age,
        Self::Sex,
        Self::Ethnicity,
        Self::SupportReason,
        Self::Setting,
    ];

    /// The breakdowns that a study asks for, in the order of output.
    pub(super) fn asked(frame: &Frame) -> Vec<Self> {
        let asked = |breakdown: &Self| frame.study.by.iter().any(|by| by == breakdown.key());
        Self::ALL.into_iter().filter(asked).collect()
    }

    /// The key in strata.
    pub(super) const fn key(self) -> &'static str {
        KEYS[self as usize]
    }

    /// The value of a person in one council; smaller ones are shown first.
    pub(super) fn value(self, la: u16, person: &Person<'_>, on: Day, frame: &Frame) -> u16 {
        let events = main_table(person);
        let of_council = || events.iter().filter(|event| event.la == la);
        let age = || person_details::birth_and_death(la, events).0.dhsc_age(on);
        match self {
            Self::ClientType => position(
                CLIENTS
                    .iter()
                    .position(|(client, _)| of_council().any(|event| event.client_type == *client)),
            ),
            Self::AgeBand => band_of(age()),
            Self::Age => year_of(age()),
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

    /// The value of a person whom no care record knows: age and ethnicity as the hospital has them, else
    /// the value of those of whom the fact is not known.
    pub(super) fn value_in_hospital(self, person: &Person<'_>, on: Day, frame: &Frame) -> u16 {
        match self {
            Self::Age => {
                let births = person.episodes.iter().map(|episode| episode.birth);
                let birth = births.into_iter().find(|birth| birth.is_known());
                year_of(birth.and_then(|birth| birth.dhsc_age(on)))
            }
            Self::Ethnicity => {
                let levels = person.episodes.iter().map(|episode| ethnicity_level(episode.ethnic));
                let mut words = levels.filter_map(|level| HOSPITAL_GROUPS.get(usize::from(level)));
                let word = words.find(|word| **word != NO_DATA).unwrap_or(&NO_DATA);
                let mut groups = frame.details.ethnic_groups().iter();
                position(groups.position(|group| group.starts_with(word)))
            }
            Self::SupportReason => {
                let reasons = frame.details.support_reasons();
                reasons.iter().position(|reason| reason == "Unknown").map_or(0, |n| n as u16 + 1)
            }
            Self::ClientType | Self::AgeBand | Self::Sex | Self::Setting => UNKNOWN,
        }
    }

    /// The text of a value.
    pub(super) fn label(self, value: u16, frame: &Frame) -> String {
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

    /// The part of a population that has a value; none where no population is known by it.
    pub(super) fn people(self, value: u16) -> Option<Group> {
        let n = usize::from(value);
        match self {
            Self::Sex if n < 2 => Some(Group { sex: Some(value as u8 + 1), ..Group::EVERYBODY }),
            Self::Age if value != UNKNOWN => {
                Some(Group { first: value, last: value, ..Group::EVERYBODY })
            }
            Self::AgeBand => {
                let last = *AGE_BANDS.get(n)?;
                let before = n.checked_sub(1).and_then(|n| AGE_BANDS.get(n));
                Some(Group {
                    first: before.map_or(0, |&before| before as u16 + 1),
                    last: u16::try_from(last).unwrap_or(u16::MAX),
                    ..Group::EVERYBODY
                })
            }
            _ => None,
        }
    }
}

fn position(n: Option<usize>) -> u16 {
    n.map_or(UNKNOWN, |n| n as u16)
}

fn band_of(age: Option<i32>) -> u16 {
    position(age.and_then(|age| AGE_BANDS.iter().position(|&last| age <= last)))
}

fn year_of(age: Option<i32>) -> u16 {
    age.and_then(|age| u16::try_from(age).ok()).unwrap_or(UNKNOWN)
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

/// A value of a breakdown.
pub(super) type Stratum = (Breakdown, u16);

/// The day of which ages and settings are: the last of the study's latest period.
pub(super) fn last_day(frame: &Frame) -> Day {
    frame.study.periods.iter().map(|period| period.end).max().unwrap_or_default()
}

/// The breakdowns asked for by which no council of the look-ups has a population of the ages of ASCOF
/// 2B or 2C.
pub(crate) fn breakdowns_without_population(frame: &Frame) -> Vec<&'static str> {
    const OLDEST: u16 = 120;
    let is_known = |breakdown: &Breakdown| {
        let groups = (0..=OLDEST).filter_map(|value| breakdown.people(value));
        let areas = || frame.areas.iter().map(|row| row.la_code.as_str());
        groups.into_iter().any(|group| areas().any(|code| population::has(frame, code, group)))
    };
    let asked = Breakdown::asked(frame).into_iter();
    asked.filter(|breakdown| !is_known(breakdown)).map(Breakdown::key).collect()
}

/// The values of a person in one council, in the order of the breakdowns that are asked for; those of
/// the others are 0.
pub(super) type Facts = [u16; COUNT];

/// Fills `facts` with the facts of a person in each of these councils, each once.
pub(super) fn facts_of(
    asked: &[Breakdown],
    councils: impl Iterator<Item = u16>,
    person: &Person<'_>,
    frame: &Frame,
    facts: &mut Vec<(u16, Facts)>,
) {
    facts.clear();
    let on = last_day(frame);
    for la in councils {
        if facts.iter().all(|(known, _)| *known != la) {
            let mut own = Facts::default();
            for (value, breakdown) in own.iter_mut().zip(asked) {
                *value = breakdown.value(la, person, on, frame);
            }
            facts.push((la, own));
        }
    }
}

/// What the figures of everyone show.
pub(super) struct Shown {
    /// Parts and the keys that break them down by themselves.
    alone: BTreeSet<(String, String)>,
    /// Whether sex is called gender.
    has_gender: bool,
    /// Parts that have a figure without a stratum.
    with_total: BTreeSet<String>,
}

impl Shown {
    pub(super) fn new(figures: &[Figure]) -> Self {
        let of_one_key = figures.iter().filter(|figure| !figure.stratum.contains("; "));
        let alone = of_one_key.filter_map(|figure| {
            let (key, _) = figure.stratum.split_once('=')?;
            Some((figure.part.clone(), key.to_owned()))
        });
        let keys = || figures.iter().flat_map(|figure| pairs(&figure.stratum));
        let has = |wanted: &str| keys().any(|(key, _)| key == wanted);
        let with_total = figures.iter().filter(|figure| figure.stratum.is_empty());
        Self {
            has_gender: has("gender"),
            with_total: with_total.map(|figure| figure.part.clone()).collect(),
            alone: alone.collect(),
        }
    }

    /// Adds the figures of the people of a stratum. A breakdown that a part shows by itself is not
    /// repeated.
    pub(super) fn add(
        &self,
        (breakdown, value): Stratum,
        own: Vec<Figure>,
        frame: &Frame,
        out: &mut Vec<Figure>,
    ) {
        let is_gender = breakdown == Breakdown::Sex && self.has_gender;
        let key = if is_gender { "gender" } else { breakdown.key() };
        let pair = format!("{key}={}", breakdown.label(value, frame));
        for figure in own {
            let is_own = self.alone.contains(&(figure.part.clone(), key.to_owned()));
            if !is_own && self.is_wanted(&figure) {
                out.push(of_population(with_pair(figure, &pair), (breakdown, value), frame));
            }
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

/// The counts by each breakdown that a part shows together with other keys: sums over these, by area
/// in the order of the counts.
pub(super) fn sums_of_own_keys(by: &[Breakdown], figures: &[Figure]) -> Vec<Figure> {
    let mut sums: Vec<Figure> = Vec::new();
    for breakdown in by {
        let is_key =
            |key: &str| key == breakdown.key() || (*breakdown == Breakdown::Sex && key == "gender");
        let mut places: HashMap<(&str, &str, &str), usize> = HashMap::new();
        for figure in figures.iter().filter(|figure| figure.stratum.contains("; ")) {
            let pair = figure
                .stratum
                .split("; ")
                .find(|pair| pair.split_once('=').is_some_and(|(key, _)| is_key(key)));
            let Some(pair) = pair else { continue };
            let place =
                places.entry((&figure.part, &figure.area.code, pair)).or_insert_with(|| {
                    let (stratum, numerator) = (pair.to_owned(), Some(0));
                    sums.push(Figure { stratum, numerator, ..figure.clone() });
                    sums.len() - 1
                });
            if let Some(sum) = sums.get_mut(*place).and_then(|sum| sum.numerator.as_mut()) {
                *sum += figure.numerator.unwrap_or(0);
            }
        }
    }
    sums
}

fn is_rate(figure: &Figure) -> bool {
    figure.unit == Unit::PerPopulation
}

fn pairs(stratum: &str) -> impl Iterator<Item = (&str, &str)> {
    stratum.split("; ").filter_map(|pair| pair.split_once('='))
}

/// The figure with one more pair in its stratum.
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
    Figure { stratum: stratum.join("; "), ..figure }
}

/// A rate of the population over those of the stratum, where the look-up has them and the area has a
/// rate at all; other figures as they are.
fn of_population(figure: Figure, (breakdown, value): Stratum, frame: &Frame) -> Figure {
    if !is_rate(&figure) {
        return figure;
    }
    let group = figure.denominator.and_then(|_| breakdown.people(value));
    let denominator =
        group.and_then(|group| population::of_measure(frame, figure.measure, &figure.area, group));
    let value = denominator.map_or(Value::Unavailable, |_| figure.value);
    Figure { denominator, value, interval: None, ..figure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Area;
    use crate::measures::care_fixture::{frame, period};

    fn row(part: &str, stratum: &str) -> Figure {
        Figure {
            measure: "x",
            part: part.into(),
            period: period("2025-04-01", "2026-03-31"),
            area: Area::england(),
            stratum: stratum.into(),
            numerator: Some(1),
            denominator: None,
            value: Value::Count,
            interval: None,
            unit: Unit::People,
            counts: Unit::People,
        }
    }

    #[test]
    fn keys_stand_in_the_order_of_the_contract() {
        let row = row("", "client_type=Service user; setting=Nursing; type=Other");
        let stratum = |pair: &str| with_pair(row.clone(), pair).stratum;
        let wanted = "client_type=Service user; sex=Male; setting=Nursing; type=Other";
        assert_eq!(stratum("sex=Male"), wanted);
        let total = Figure { stratum: String::new(), ..row.clone() };
        assert_eq!(with_pair(total, "sex=Male").stratum, "sex=Male");
    }

    #[test]
    fn a_key_that_a_part_shows_by_itself_is_not_given_again() {
        let frame = frame(&[]);
        let added = |everyone: &[Figure], breakdown| -> Vec<(String, String)> {
            let mut out = Vec::new();
            let own = everyone.iter().filter(|row| row.stratum.is_empty()).cloned().collect();
            Shown::new(everyone).add((breakdown, 0), own, &frame, &mut out);
            out.into_iter().map(|row| (row.part, row.stratum)).collect()
        };
        let alone = [row("a", ""), row("a", "setting=None"), row("b", "")];
        let of_b = |stratum: &str| vec![("b".to_owned(), stratum.to_owned())];
        assert_eq!(added(&alone, Breakdown::Setting), of_b("setting=Nursing"));
        assert_eq!(added(&alone, Breakdown::Sex).len(), 2);
        let gender = [row("a", ""), row("a", "age_band=65+; gender=Male"), row("b", "")];
        let genders = added(&gender, Breakdown::Sex);
        assert!(genders.iter().all(|(_, stratum)| stratum == "gender=Male"), "{genders:?}");
        assert_eq!(genders.len(), 2);
    }

    #[test]
    fn keys_that_a_table_has_with_others_are_added_up() {
        let cells = [
            row("1a", ""),
            row("1a", "setting=Nursing; mechanism=None"),
            row("1a", "setting=Community; mechanism=None"),
            row("1a", "setting=Community; mechanism=Direct payment"),
            row("2", "gender=Male; employment=Paid"),
        ];
        let sums = |by: Breakdown| -> Vec<(String, String, Option<i64>)> {
            let sums = sums_of_own_keys(&[by], &cells).into_iter();
            sums.map(|row| (row.part, row.stratum, row.numerator)).collect()
        };
        let sum = |part: &str, stratum: &str, n| (part.to_owned(), stratum.to_owned(), Some(n));
        let wanted = [sum("1a", "setting=Nursing", 1), sum("1a", "setting=Community", 2)];
        assert_eq!(sums(Breakdown::Setting), wanted);
        assert_eq!(sums(Breakdown::Sex), [sum("2", "gender=Male", 1)]);
        assert_eq!(sums(Breakdown::Age), []);
    }

    #[test]
    fn every_group_of_a_hospital_code_is_one_of_care_records() {
        let frame = frame(&[]);
        for word in HOSPITAL_GROUPS {
            let groups = frame.details.ethnic_groups();
            assert_eq!(groups.iter().filter(|group| group.starts_with(word)).count(), 1, "{word}");
        }
        let bands: Vec<_> = (0..8).filter_map(|n| Breakdown::AgeBand.people(n)).collect();
        assert_eq!((bands[0].first, bands[0].last), (0, 17));
        assert!(bands.windows(2).all(|pair| pair[1].first == pair[0].last + 1));
        assert_eq!((bands.len(), bands[7].last), (8, u16::MAX));
    }
}
