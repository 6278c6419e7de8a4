//! The worked examples of section 23, and the rows that come out.

use super::*;

#[test]
fn section_23_example_2a_of_five_episodes() {
    let reabled = |outcome, more: Vec<Line>| {
        let mut lines = vec![
            request("2023-07-01", "2023-07-05", TO_ASSESSMENT),
            Line { outcome, ..service(ST_MAX, "2023-07-10", "2023-08-10") },
        ];
        lines.extend(more);
        lines
    };
    let people = [
        reabled(AS_PLANNED, vec![service(COMMUNITY, "2023-08-11", "-")]),
        reabled(AS_PLANNED, vec![service(LOW_LEVEL, "2023-08-11", "-")]),
        reabled(AS_PLANNED, vec![]),
        // type 4 with a hyphen
        reabled(AS_PLANNED, vec![assessment("2023-08-11", "2023-08-12", TO_ASSESSMENT)]),
        // type 5 with the prefix
        reabled(DECLINED, vec![assessment("2023-09-11", "2023-09-12", TO_ASSESSMENT)]),
    ];
    assert_eq!(share::<reablement::Ascof2a>(&people, PART, ""), (2, 3));
    // as intended the hyphen is a dash
    let intended = shares_by::<reablement::Ascof2a>(&people, Method::AsIntended, NORTH);
    assert_eq!(intended[&(PART.into(), String::new())], (3, 4));
    let results = results::<reablement::Ascof2a>(&people, Method::AsPublished);
    let row = fixture::figure(&results, PART, NORTH, "");
    assert_eq!((row.measure, row.value, row.unit), ("ascof_2a", Value::Percent(1), Unit::Percent));
    assert!(results.attrition.iter().all(|step| step.part == PART));
    // in which all the five are left
    assert_eq!(results.attrition.last().map(|step| step.records_left), Some(5));
}

#[test]
fn section_23_example_2b_and_2c() {
    assert_eq!(admitted(&[service(RESIDENTIAL, "2023-06-01", "-")]), [0, 1], "P1");
    assert_eq!(admitted(&[service(NURSING, "2023-06-01", "2024-04-01")]), [0, 1], "P1");
    assert_eq!(admitted(&[service(NURSING, "2023-06-01", "2024-02-01")]), [0, 0], "P2");
    let lines = [service(NURSING, "2022-06-01", "-"), service(RESIDENTIAL, "2023-09-01", "-")];
    assert_eq!(admitted(&lines), [0, 0], "P3");
}

#[test]
fn section_23_example_2e_the_latest_start_wins() {
    let lines = [
        Line { accommodation: "Tenant", gender: "Male", ..service(COMMUNITY, "2023-05-01", "-") },
        Line {
            accommodation: "Registered care home",
            gender: "Male",
            ..service(RESIDENTIAL, "2023-11-01", "-")
        },
    ];
    assert_eq!(share::<living::Ascof2e>(&[lines.to_vec()], PART, ""), (0, 1));
    assert_eq!(share::<living::Ascof2e>(&[lines[..1].to_vec()], PART, "gender=Male"), (1, 1));
}

#[test]
fn section_23_rates_are_of_the_population() {
    let people = [vec![service(RESIDENTIAL, "2023-06-01", "-")]];
    let results = results::<admissions::Ascof2c>(&people, Method::AsPublished);
    let rows: Vec<_> = results
        .measures
        .iter()
        .map(|row| (row.area.code.as_str(), row.numerator, row.denominator))
        .collect();
    // councils 100, 200 and 400 have 20,000 people each; submissions of 300, which has no population,
    // leave England without one
    let wanted = [
        ("E92000001", Some(1), None),
        ("North", Some(1), Some(20_000)),
        ("South", Some(0), Some(40_000)),
        ("100", Some(1), Some(20_000)),
        ("200", Some(0), Some(20_000)),
        ("400", Some(0), Some(20_000)),
    ];
    assert_eq!(rows, wanted);
    assert_eq!(results.measures[0].value, Value::Unavailable);
    assert_eq!(results.measures[1].value, Value::Per(100_000.0));
}

#[test]
fn section_23_measures_come_with_the_profile_and_under_the_names_of_ascof() {
    let people = [vec![Line { gender: "Female", ..service(RESIDENTIAL, "2023-06-01", "-") }]];
    let (frame, makers) = world(&people, Method::AsPublished);
    let parts = |text: &str| -> Vec<(&str, String)> {
        let settings: Settings = toml::from_str(text).unwrap();
        let [mut one, other] = [(); 2].map(|()| Measures::new(&settings, &frame));
        makers[0].with(|person| one.add(person, &frame));
        one.merge(other);
        let mut results = Results::default();
        one.finish(&frame, &mut results);
        let england = results.measures.iter().filter(|row| row.area.code == "E92000001");
        let mut parts: Vec<_> = england
            .filter(|row| row.part.starts_with(PART) && row.stratum.is_empty())
            .map(|row| (row.measure, row.part.clone()))
            .collect();
        parts.dedup();
        parts
    };
    assert!(parts("include = [\"ascof_2a\"]").is_empty());
    let one = "include = [\"ascof_2b\"]\nprofile = \"nhse-2324\"";
    assert_eq!(parts(one), [("ascof_2b", PART.to_owned())]);
    let all: Vec<String> = parts("profile = \"nhse-2324\"")
        .into_iter()
        .map(|(measure, part)| format!("{measure} {}", part.replace(PART, "")))
        .collect();
    let wanted = [
        "ascof_2a ",
        "ascof_2b ",
        "ascof_2c ",
        "ascof_2e ",
        "ascof_3d _1a_clients_self_directed",
        "ascof_3d _2a_clients_direct_payment",
        "ascof_3d _1b_carers_self_directed",
        "ascof_3d _2b_carers_direct_payment",
    ];
    assert_eq!(all, wanted);
    assert!(toml::from_str::<Settings>("profile = \"nhse\"").is_err());
}
