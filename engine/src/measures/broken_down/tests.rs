use super::*;
use crate::figure::{Figure, Unit, Value};
use crate::measures::activity::{self, Activity};
use crate::measures::ascof_2b::Ascof2b;
use crate::measures::ascof_2c::Ascof2c;
use crate::measures::ascof_2e::Ascof2e;
use crate::measures::care_fixture::*;
use crate::measures::care_market::CareMarket;
use crate::measures::fixture::Maker;
use crate::measures::lts_snapshot::LtsSnapshot;
use EventType as E;
use ServiceType as S;
use proptest::prelude::*;
use std::collections::BTreeSet;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{EventType, Field, Gender, ServiceType};
use throughcare_linkage::day::BirthMonth;
use throughcare_linkage::records::cld::CldDetail;

const YEAR: (&str, &str) = ("2025-04-01", "2026-03-31");

fn study(by: &[&str]) -> Frame {
    let mut frame = Frame {
        single: Some(period(YEAR.0, YEAR.1)),
        joined: Some(period("2023-04-01", YEAR.1)),
        ..frame(&[period(YEAR.0, YEAR.1)])
    };
    frame.study.by = by.iter().map(|&key| key.into()).collect();
    frame
}

fn both(maker: Maker) -> Maker {
    Maker { single: maker.joined.clone(), ..maker }
}

fn broken<M: Measure + Clone>(make: impl Fn() -> M, people: &[Maker], frame: &Frame) -> Results {
    let results = same_however_split(|| BrokenDown::of(make(), frame), people, frame);
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn activity_of(people: &[Maker], frame: &Frame) -> Results {
    broken(|| Activity::with_settings(&activity::Settings::default(), frame), people, frame)
}

/// Strata of a key of the requests of the year in England, with the requests.
fn requests(results: &Results, key: &str) -> Vec<(String, i64)> {
    let year = |row: &&Figure| row.part == "requests" && row.period == period(YEAR.0, YEAR.1);
    let of_key = |row: &&Figure| row.stratum.starts_with(key) && row.area.code == ENGLAND;
    let rows = results.measures.iter().filter(year).filter(of_key);
    rows.map(|row| (row.stratum.clone(), row.numerator.unwrap_or(-1))).collect()
}

fn request(end: &str) -> CareEvent {
    event(E::Request, "2025-05-01", end)
}

#[test]
fn by_asks_for_facts_of_the_person_in_one_pass() {
    let frame = study(&["sex", "age", "age_band", "ethnicity", "support_reason", "setting"]);
    let says = |ethnicity: &str| CldDetail {
        ethnicity: raw(Field::Ethnicity, ethnicity),
        ..detail("", "Mental health support")
    };
    let woman = CareEvent { gender: Gender::Female, ..request("2025-05-02") };
    let man = CareEvent {
        gender: Gender::Male,
        birth: BirthMonth::new(1990, 6),
        ..request("2025-05-03")
    };
    let people = [
        both(someone_with(&[
            (woman, says("White: Irish")),
            (request("2025-06-01"), CldDetail::default()),
            (service(S::Residential, "2025-07-01", "-"), CldDetail::default()),
        ])),
        both(someone_with(&[(man, says("Asian or Asian British: Chinese"))])),
        both(someone(&[CareEvent { birth: BirthMonth::new(0, 0), ..request("2025-05-04") }])),
    ];
    let results = activity_of(&people, &frame);
    let found = |key: &str| requests(&results, key);
    let pairs = |wanted: &[(&str, i64)]| -> Vec<(String, i64)> {
        wanted.iter().map(|&(stratum, n)| (stratum.to_owned(), n)).collect()
    };
    assert_eq!(found("sex="), pairs(&[("sex=Male", 1), ("sex=Female", 2), ("sex=Unknown", 1)]));
    // born in January 1950 and June 1990, on 31 March 2026
    assert_eq!(found("age="), pairs(&[("age=35", 1), ("age=76", 2), ("age=Unknown", 1)]));
    let bands = [("age_band=25 to 44", 1), ("age_band=75 to 84", 2), ("age_band=Unknown", 1)];
    assert_eq!(found("age_band="), pairs(&bands));
    let groups =
        [("ethnicity=White", 2), ("ethnicity=Asian or Asian British", 1), ("ethnicity=No data", 1)];
    assert_eq!(found("ethnicity="), pairs(&groups));
    let reasons = found("support_reason=");
    assert!(reasons.contains(&("support_reason=Mental health support".into(), 3)), "{reasons:?}");
    assert_eq!(found("setting="), pairs(&[("setting=Residential", 2), ("setting=None", 2)]));
    assert_eq!(found("region="), []);
}

#[test]
fn what_a_measure_shows_itself_is_not_repeated() {
    let frame = study(&["client_type", "setting", "age_band", "sex"]);
    let man = |event: CareEvent| CareEvent { gender: Gender::Male, ..event };
    let people =
        [both(someone(&[man(service(S::Nursing, "2025-05-01", "-")), man(request("2025-05-02"))]))];
    let unique = |results: &Results| {
        let key =
            |row: &Figure| (row.part.clone(), row.period, row.area.clone(), row.stratum.clone());
        let rows: BTreeSet<_> = results.measures.iter().map(key).collect();
        assert_eq!(rows.len(), results.measures.len());
    };
    unique(&activity_of(&people, &frame));
    let snapshot =
        broken(|| LtsSnapshot::with_settings(&Default::default(), &frame), &people, &frame);
    unique(&snapshot);
    assert!(snapshot.measures.iter().any(|row| row.stratum == "sex=Male"));
    // 2E calls it gender
    let home = broken(|| Ascof2e::with_settings(&Default::default(), &frame), &people, &frame);
    unique(&home);
    assert_eq!(numbers(&home, "all", ENGLAND, "gender=Male"), [Some(0), Some(1)]);
    assert!(home.measures.iter().all(|row| !row.stratum.contains("sex=")));
}

/// A woman of 56 and a man of 86, each newly in a nursing home.
fn admitted() -> Vec<Maker> {
    let home = CareEvent {
        gender: Gender::Female,
        birth: BirthMonth::new(1970, 1),
        component: throughcare_linkage::codes::cld::Component::LongTermNursing,
        ..service(S::Nursing, "2025-05-01", "-")
    };
    let man = CareEvent { gender: Gender::Male, birth: BirthMonth::new(1940, 1), ..home };
    vec![both(someone(&[home])), both(someone(&[man]))]
}

/// Numerator, denominator and value of the rows of a stratum: England, the region, the council.
fn rates(results: &Results, stratum: &str) -> Vec<(Option<i64>, Option<i64>, Value)> {
    let rows = results.measures.iter().filter(|row| row.stratum == stratum);
    let rows = rows.inspect(|row| assert_eq!(row.unit, Unit::PerPopulation));
    rows.map(|row| (row.numerator, row.denominator, row.value)).collect()
}

#[test]
fn a_rate_is_of_the_population_of_the_stratum_and_not_available_where_the_look_up_has_none() {
    let mut frame = study(&["sex", "age_band", "age", "setting"]);
    for code in ["100", "200", "400"] {
        let mut add = |sex: &str, age: &str, people: i64| {
            frame.population.people.insert((code.into(), sex.into(), age.into()), people);
        };
        add("Female", "18 to 64", 41_000);
        add("", "45 to 64", 30_000);
        add("Male", "56", 450);
        add("Female", "56", 500);
    }
    let younger_of = |frame: &Frame| {
        let make = || BrokenDown::of(Ascof2b::new(frame), frame);
        same_however_split(make, &admitted(), frame)
    };
    let younger = younger_of(&frame);
    let per = Value::Per(100_000.0);
    let of = |people: i64| {
        [3 * people, people, people].map(|people| (Some(1), Some(people), per)).to_vec()
    };
    assert_eq!(rates(&younger, "sex=Female"), of(41_000));
    assert_eq!(rates(&younger, "age_band=45 to 64"), of(30_000));
    assert_eq!(rates(&younger, "age=56"), of(950));
    let none = vec![(Some(1), None, Value::Unavailable); 3];
    assert_eq!(rates(&younger, "setting=Nursing"), none);
    assert!(rates(&younger, "sex=Male").is_empty());
    // a population of 18 to 64 is none of 65 and over
    let older = || BrokenDown::of(Ascof2c::new(&frame), &frame);
    let older = same_however_split(older, &admitted(), &frame);
    assert_eq!(rates(&older, "sex=Male"), none);
    assert_eq!(rates(&older, "age_band=85 to 94"), none);
    // without a look-up the council has no rate, so no stratum of it has
    frame.population.people.retain(|(code, _, age), _| code != "400" || age != "18 to 64");
    let gap = younger_of(&frame);
    assert_eq!(rates(&gap, "")[0].1, None);
    assert_eq!(rates(&gap, "sex=Female")[0], none[0]);
    assert_eq!(rates(&gap, "sex=Female")[1..], of(41_000)[1..]);
}

#[test]
fn packages_and_locations_of_the_care_market_are_broken_down() {
    let mut frame = study(&["sex", "setting"]);
    frame.coded.cost_frequency = cost_fields();
    frame.cqc_locations = ["", "1-100", "1-200"].map(Into::into).to_vec();
    let at = |gender: Gender, location: u32| {
        let event = CareEvent { gender, ..service(S::Community, "2025-05-01", "-") };
        let detail = priced_detail("Weekly", Some(7_000), None);
        let maker = priced(&[(event, CldDetail { cqc_location: location, ..detail })]);
        Maker { joined: maker.single.clone(), ..maker }
    };
    let people = [
        at(Gender::Female, 1),
        at(Gender::Female, 1),
        at(Gender::Female, 2),
        at(Gender::Male, 2),
        at(Gender::Male, 0),
    ];
    let results =
        same_however_split(|| BrokenDown::of(CareMarket::new(&frame), &frame), &people, &frame);
    assert_eq!(numbers(&results, "packages", NORTH, "sex=Female"), [Some(3), Some(3)]);
    assert_eq!(numbers(&results, "packages", "1-100", "sex=Female"), [Some(2), Some(2)]);
    assert_eq!(numbers(&results, "packages", "1-200", "sex=Male"), [Some(1), Some(1)]);
    assert_eq!(numbers(&results, "located", NORTH, "sex=Male"), [Some(1), Some(2)]);
    assert_eq!(numbers(&results, "locations", NORTH, "sex=Female")[0], Some(2));
    let places = results.measures.iter().filter(|row| row.stratum == "sex=Male");
    assert!(places.clone().all(|row| row.area.code != "1-100"));
    // its own setting is the type of the service
    let settings = results.measures.iter().filter(|row| row.stratum.starts_with("setting="));
    assert!(settings.clone().count() > 0);
    let own = "setting=Long term support: Community";
    assert!(settings.into_iter().all(|row| row.stratum == own));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The slow way: the measure once more for the events of those of one sex in their council.
    #[test]
    fn a_stratum_is_the_measure_of_its_people_alone(
        people in prop::collection::vec(prop::collection::vec(
            (0..300i32, 0..60i32, 0..3usize, 0..4usize, 1..4u16), 1..6,
        ), 0..6)
    ) {
        let frame = study(&["sex"]);
        let sexes = [Gender::Male, Gender::Female, Gender::Other, Gender::Unknown];
        let makers: Vec<Maker> = people.iter().map(|events| {
            let events: Vec<CareEvent> = events.iter().map(|&(start, days, kind, sex, la)| {
                let start = day("2025-03-01").plus(start);
                CareEvent {
                    start,
                    end: start.plus(days).into(),
                    event_type: [E::Request, E::Service, E::Review][kind],
                    service_type: if kind == 1 { S::Community } else { S::None },
                    gender: sexes[sex],
                    la,
                    ..event(E::Request, "2025-03-01", "-")
                }
            }).collect();
            both(someone(&events))
        }).collect();
        let results = activity_of(&makers, &frame);
        let plain = study(&[]);
        let mut total = 0;
        for (sex, label) in sexes.into_iter().zip(["Male", "Female", "Other", "Unknown"]) {
            let alone: Vec<Maker> = makers.iter().map(|maker| {
                let mut events = maker.joined.clone();
                events.retain(|event| person_details::gender(event.la, &maker.joined) == sex);
                both(someone(&events))
            }).collect();
            let alone = activity_of(&alone, &plain);
            let wanted = alone.measures.iter().filter(|row| {
                row.stratum.is_empty() && row.numerator.is_some_and(|n| n > 0)
            });
            let wanted: Vec<Figure> = wanted
                .map(|row| Figure { stratum: format!("sex={label}"), ..row.clone() })
                .collect();
            total += wanted.len();
            for row in wanted {
                prop_assert!(results.measures.contains(&row), "{row:?}");
            }
        }
        let shown = results.measures.iter().filter(|row| row.stratum.starts_with("sex="));
        prop_assert_eq!(shown.count(), total);
    }
}
