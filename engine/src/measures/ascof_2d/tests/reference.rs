//! The published steps once more, as slow joins over tables with texts, and what must hold of any
//! people: the same figures, whatever the order of rows and the split of the people.

use super::super::{Ascof2d, Settings};
use super::people::*;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, OPEN_END, OptDay, Period};
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::apc::{Episode, EpisodeFlags};
use throughcare_linkage::records::key::RecordKey;

/// Part, area code and stratum.
type Key = (String, String, String);

const FIRST: i32 = 19_800; // 2024-03-18

fn periods() -> [Period; 2] {
    [period("2024-04-01", "2024-06-30"), period("2024-05-15", "2024-09-30")]
}

fn test_frame() -> Frame {
    frame(&periods(), "2024-11-01")
}

/// A discharge of the table `All_Discharges`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    person: usize,
    spell: String,
    admission: Day,
    discharge: Day,
    lsoa: u32,
    client: &'static str,
    age_group: &'static str,
    sex: String,
}

impl Row {
    fn is_in(&self, client: &str, slice: &str) -> bool {
        let gender = match self.sex.as_str() {
            "1" => "Male",
            "2" => "Female",
            _ => "?",
        };
        (client.is_empty() || client == self.client)
            && (slice.is_empty() || slice == self.age_group || slice == gender)
    }
}

/// Reablement cluster: person, council, start and the death of the person details.
type Cluster = (usize, u16, Day, Option<Day>);

fn latest_death(events: &[CareEvent], la: u16) -> Option<Day> {
    let rows = events.iter().filter(|event| event.la == la);
    rows.filter_map(|event| Some((event.reference_end, event.death.get()?))).max().map(|(_, d)| d)
}

fn cleaned(someone: &Someone, from: Day) -> Vec<CareEvent> {
    let mut rows = someone.joined.clone();
    rows.retain(|row| {
        row.client_type == ClientType::ServiceUser
            && latest_death(&someone.joined, row.la).is_none_or(|death| death >= from)
            && row.end.get().is_none_or(|end| end >= row.start)
    });
    rows
}

fn clusters(person: usize, someone: &Someone, from: Day) -> Vec<Cluster> {
    let mut found = Vec::new();
    for la in [NORTHTON, SOUTHTON, UNLISTED] {
        let mut rows = cleaned(someone, from);
        rows.retain(|row| {
            row.la == la
                && row.event_type == EventType::Service
                && row.service_type == ServiceType::StMax
                && row.component == Component::Reablement
        });
        rows.sort_by_key(|row| (row.start, row.end.or(OPEN_END)));
        for (n, row) in rows.iter().enumerate() {
            let first = rows[..n].iter().all(|r| row.start.0 - r.end.or(OPEN_END).0 > 7);
            if first {
                found.push((person, la, row.start, latest_death(&someone.joined, la)));
            }
        }
    }
    found
}

fn discharges(person: usize, someone: &Someone, period: Period) -> Vec<Row> {
    let care = cleaned(someone, period.start);
    let has = |row: &Episode, types: &[ServiceType]| {
        let day = row.admission.get().unwrap();
        care.iter()
            .any(|c| types.contains(&c.service_type) && c.start <= day && day <= c.end.or(OPEN_END))
    };
    let not_in = |code: Code, list: &[&str]| {
        let text = code.text();
        !text.is_empty() && !list.contains(&text.as_str())
    };
    let mut rows = Vec::new();
    for row in &someone.episodes {
        let (Some(admission), Some(discharge)) = (row.admission.get(), row.discharge.get()) else {
            continue;
        };
        let Some(born) = row.birth.first_day() else { continue };
        let age = (f64::from(discharge.0 - born.0) / 365.25).floor() as i32;
        let function = row.treatment_function.text();
        let eligible = age >= 65
            && discharge <= day("2024-11-01")
            && not_in(row.admission_method, &["31", "32", "82", "83"])
            && not_in(row.discharge_method, &["4", "5"])
            && not_in(row.destination, &["49", "50", "51", "52", "79", "87", "88"])
            && !function.is_empty()
            && function != "501"
            && !function.starts_with("65")
            && !function.starts_with('7')
            && admission >= day("2023-04-01")
            && admission < discharge
            && period.contains(discharge)
            && row.flags.has(EpisodeFlags::LAST)
            && someone.linkable
            && !has(row, &[ServiceType::Nursing, ServiceType::Residential, ServiceType::Prison])
            && [1, 2, 3].contains(&row.lsoa);
        if !eligible {
            continue;
        }
        let community = has(row, &[ServiceType::Community]);
        rows.push(Row {
            person,
            spell: format!("{:?}", row.spell_key),
            admission,
            discharge,
            lsoa: row.lsoa,
            client: if community {
                "Those in LT community support"
            } else {
                "Those not in any LTS"
            },
            age_group: ["65-74", "75-84", "85+"][(age as usize / 5 - 13).min(4) / 2],
            sex: row.sex.text(),
        });
    }
    rows.sort();
    rows.dedup();
    rows
}

fn outcome(someone: &Someone, cluster: &Cluster, discharge: Day, period: Period) -> String {
    let until = Day(discharge.0 + 84);
    let within = |day: Day| discharge <= day && day <= until;
    let readmitted = someone.episodes.iter().any(|row| {
        let (Some(admission), Some(end)) = (row.admission.get(), row.discharge.get()) else {
            return false;
        };
        admission < end
            && end <= day("2024-11-01")
            && ["EM", "NE"].contains(&row.management.text().as_str())
            && !["", "5"].contains(&row.discharge_method.text().as_str())
            && row.flags.has(EpisodeFlags::LAST)
            && admission >= period.start
            && admission > cluster.2
            && admission > discharge
            && admission <= until
    });
    let care_home = cleaned(someone, period.start).iter().any(|row| {
        [ServiceType::Nursing, ServiceType::Residential].contains(&row.service_type)
            && within(row.start)
    });
    let died = cluster.3.is_some_and(within);
    [died, readmitted, care_home].map(|flag| if flag { '1' } else { '0' }).iter().collect()
}

const RESIDENCES: [(&str, &[u32]); 6] = [
    ("E92000001", &[1, 2, 3]),
    ("North", &[1]),
    ("South", &[2]),
    ("100", &[1]),
    ("200", &[2]),
    ("E900", &[3]),
];
const COUNCILS: [(&str, &[u16]); 6] = [
    ("E92000001", &[1, 2, 3]),
    ("North", &[1]),
    ("South", &[2]),
    ("100", &[1]),
    ("200", &[2]),
    ("300", &[3]),
];

/// Every figure of a period by the published steps.
fn slow(people: &[Someone], period: Period) -> BTreeMap<Key, Numbers> {
    let mut figures: BTreeMap<Key, Numbers> = BTreeMap::new();
    let mut all = Vec::new();
    let mut linked: Vec<(Cluster, String, Row)> = Vec::new();
    for (n, someone) in people.iter().enumerate() {
        let rows = discharges(n, someone, period);
        for cluster in clusters(n, someone, period.start) {
            let candidates = rows.iter().filter(|row| {
                let days = row.discharge.0 - cluster.2.0;
                (-7..=3).contains(&days) && row.admission <= cluster.2
            });
            let Some(latest) = candidates.map(|row| row.discharge).max() else { continue };
            let combination = outcome(someone, &cluster, latest, period);
            for row in rows.iter().filter(|row| row.discharge == latest) {
                linked.push((cluster, combination.clone(), row.clone()));
            }
        }
        all.extend(rows);
    }
    let clients = ["", "Those in LT community support", "Those not in any LTS"];
    for client in clients {
        for slice in ["", "65-74", "75-84", "85+", "Female", "Male"] {
            let stratum = stratum(client, "slice", slice);
            for (area, las) in COUNCILS {
                let rows: BTreeSet<(Cluster, &str)> = linked
                    .iter()
                    .filter(|(c, _, row)| las.contains(&c.1) && row.is_in(client, slice))
                    .map(|(c, combination, _)| (*c, combination.as_str()))
                    .collect();
                let number = |test: &dyn Fn(&str) -> bool| {
                    Some(rows.iter().filter(|(_, combination)| test(combination)).count() as i64)
                };
                if rows.is_empty() {
                    continue;
                }
                let mut put = |part: &str, numbers: Numbers| {
                    figures.insert((part.into(), area.into(), stratum.clone()), numbers);
                };
                let clusters = Some(rows.len() as i64);
                put("part1", (number(&|c| c == "000"), clusters));
                put("part1_died", (number(&|c| c.starts_with('1')), None));
                put("part1_readmitted", (number(&|c| &c[1..2] == "1"), None));
                put("part1_entered_care_home", (number(&|c| c.ends_with('1')), None));
                put("part2", (clusters, None));
            }
            for (area, lsoas) in RESIDENCES {
                let spells: BTreeSet<(usize, &str)> = all
                    .iter()
                    .filter(|row| lsoas.contains(&row.lsoa) && row.is_in(client, slice))
                    .map(|row| (row.person, row.spell.as_str()))
                    .collect();
                if !spells.is_empty() {
                    let key = ("part2".into(), area.into(), stratum.clone());
                    figures.entry(key).or_default().1 = Some(spells.len() as i64);
                }
            }
        }
        for (area, las) in COUNCILS {
            let rows: BTreeSet<(Cluster, &str, &str, &str, &str)> = linked
                .iter()
                .filter(|(c, _, row)| las.contains(&c.1) && row.is_in(client, ""))
                .map(|(c, o, row)| (*c, o.as_str(), row.client, row.age_group, row.sex.as_str()))
                .collect();
            if rows.is_empty() {
                continue;
            }
            for code in ["000", "001", "010", "011", "100", "101", "110", "111"] {
                let number = rows.iter().filter(|row| row.1 == code).count() as i64;
                let stratum = stratum(client, "died_readmitted_carehome", code);
                figures.insert(("venn".into(), area.into(), stratum), (Some(number), None));
            }
        }
    }
    figures
}

fn stratum(client: &str, key: &str, value: &str) -> String {
    match (client, value) {
        ("", "") => String::new(),
        ("", value) => format!("{key}={value}"),
        (client, "") => format!("client_type={client}"),
        (client, value) => format!("client_type={client}; {key}={value}"),
    }
}

fn fast(results: &Results, period: Period) -> BTreeMap<Key, Numbers> {
    let rows = results.measures.iter().filter(|figure| figure.period == period);
    let mut figures = BTreeMap::new();
    for row in rows {
        let key = (row.part.clone(), row.area.code.clone(), row.stratum.clone());
        assert!(figures.insert(key, (row.numerator, row.denominator)).is_none());
    }
    figures
}

/// Mostly one of the usual codes, now and then one of the others.
fn pick(
    usual: &'static [&'static str],
    other: &'static [&'static str],
) -> impl Strategy<Value = Code> {
    let usual = prop::sample::select(usual).prop_map(Code::new);
    prop_oneof![19 => usual, 1 => prop::sample::select(other).prop_map(Code::new)]
}

prop_compose! {
    fn any_stay()(
        spell in 0u64..6,
        admission in 0..110,
        nights in prop_oneof![9 => 1..25, 1 => -1..1, 1 => 150..230],
        lsoa in prop::sample::select(&[1u32, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 0][..]),
        born in prop::sample::select(&[1933i32, 1938, 1944, 1944, 1954, 1959][..]),
        codes in (
            pick(&["21", "11"], &["31", ""]),
            pick(&["1", "2"], &["4", "5", ""]),
            pick(&["19", "53"], &["51", ""]),
            pick(&["300", "430"], &["501", "653", "710", ""]),
            pick(&["EM", "NE", "EL"], &["DC", ""]),
            pick(&["1", "2"], &["9", ""]),
        ),
        last in prop::bool::weighted(0.95),
        open in prop::bool::weighted(0.03),
    ) -> Episode {
        let discharge = Day(FIRST + admission + nights);
        Episode {
            spell_key: Some(RecordKey::from_number(spell)),
            admission: Day(FIRST + admission).into(),
            discharge: if open { OptDay::NONE } else { discharge.into() },
            lsoa,
            birth: BirthMonth::new(born, 5),
            admission_method: codes.0,
            discharge_method: codes.1,
            destination: codes.2,
            treatment_function: codes.3,
            management: codes.4,
            sex: codes.5,
            flags: EpisodeFlags(EpisodeFlags::HAS_LAST | if last { EpisodeFlags::LAST } else { 0 }),
            ..stay(0, "2024-01-01", "2024-01-02")
        }
    }
}

prop_compose! {
    fn any_event()(
        la in prop::sample::select(&[NORTHTON, NORTHTON, NORTHTON, SOUTHTON, UNLISTED][..]),
        start in 10..130,
        days in prop::option::weighted(0.95, -1..20),
        kind in prop_oneof![
            12 => Just(ServiceType::StMax),
            2 => Just(ServiceType::Community),
            3 => prop::sample::select(&[
                ServiceType::Nursing, ServiceType::Residential, ServiceType::Prison,
                ServiceType::LowLevel,
            ][..]),
        ],
        home_support in prop::bool::weighted(0.03),
        death in prop::option::weighted(0.06, 10..250),
        reference in 0..2,
        assessment in prop::bool::weighted(0.03),
        carer in prop::bool::weighted(0.03),
    ) -> CareEvent {
        let client = if carer { ClientType::UnpaidCarer } else { ClientType::ServiceUser };
        // long-term support runs on, so that some of it covers an admission
        let end = days.filter(|days| kind == ServiceType::StMax || days % 2 == 0);
        CareEvent {
            start: Day(FIRST + start),
            end: end.map(|days| Day(FIRST + start + days)).into(),
            death: death.map(|death| Day(FIRST + death)).into(),
            reference_end: Day(FIRST + 300 + reference),
            component: if home_support { Component::HomeSupport } else { Component::Reablement },
            event_type: if assessment { EventType::Assessment } else { EventType::Service },
            client_type: client,
            ..service(la, kind, "2024-01-01", "")
        }
    }
}

prop_compose! {
    fn anyone()(
        episodes in prop::collection::vec(any_stay(), 0..10),
        joined in prop::collection::vec(any_event(), 0..9),
        linkable in prop::bool::weighted(0.95),
    ) -> Someone {
        let mut someone = Someone::new(&episodes, &joined);
        someone.linkable = linkable;
        someone.kind = if linkable { PersonIdKind::NhsTraced } else { PersonIdKind::LaLocal };
        someone
    }
}

fn people() -> impl Strategy<Value = Vec<Someone>> {
    prop::collection::vec(anyone(), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn figures_are_those_of_the_slow_reference(people in people()) {
        let results = measure(Settings::default(), &test_frame(), &people);
        for period in periods() {
            prop_assert_eq!(fast(&results, period), slow(&people, period));
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_split_of_the_people_adds_up_to_the_whole(
        people in people(),
        parts in prop::collection::vec(0usize..4, 8),
    ) {
        let frame = test_frame();
        let mut counts: Vec<Ascof2d> = (0..4).map(|_| Ascof2d::new(&frame)).collect();
        for (someone, &part) in people.iter().zip(&parts) {
            counts[part].add(&someone.person(), &frame);
        }
        let mut sum = counts.pop().unwrap();
        counts.into_iter().for_each(|part| sum.merge(part));
        let mut results = Results::default();
        sum.finish(&frame, &mut results);
        prop_assert_eq!(results, measure(Settings::default(), &frame, &people));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(people in people()) {
        let mut turned = people.clone();
        for someone in &mut turned {
            someone.episodes.reverse();
            someone.joined.reverse();
        }
        turned.reverse();
        let frame = test_frame();
        let results = measure(Settings::default(), &frame, &people);
        prop_assert_eq!(results, measure(Settings::default(), &frame, &turned));
    }

    #[test]
    fn attrition_ends_at_the_figures_of_england(people in people()) {
        let results = measure(Settings::default(), &test_frame(), &people);
        for period in periods() {
            for part in ["part1", "part2"] {
                let key = (part.to_owned(), "E92000001".to_owned(), String::new());
                let figure = fast(&results, period).get(&key).and_then(|numbers| numbers.1);
                let mut steps = results.attrition.iter();
                let last = steps.rfind(|step| step.period == period && step.part == part).unwrap();
                prop_assert_eq!(last.records_left, figure.unwrap_or(0));
            }
        }
    }
}

#[test]
fn the_numbers_of_councils_do_not_order_the_figures() {
    let mut frame = test_frame();
    let mut south = reablement("2024-05-12", "2024-06-01");
    south.la = SOUTHTON;
    let stays = [stay(1, "2024-05-01", "2024-05-10")];
    let people = [Someone::new(&stays, &[reablement("2024-05-12", ""), south])];
    let results = measure(Settings::default(), &frame, &people);
    frame.la_codes.swap(1, 2);
    let mut swapped = people.clone();
    for event in &mut swapped[0].joined {
        event.la = 3 - event.la;
    }
    assert_eq!(measure(Settings::default(), &frame, &swapped), results);
}
