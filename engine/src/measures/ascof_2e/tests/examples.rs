//! The worked example, and a test for every trap.

use super::*;

/// A to G of the example. The months of birth make the ages at the end of the year.
fn people() -> Vec<Maker> {
    let open = |gender, year| community("2025-06-01", "-", gender).born(year, 1);
    let known = |event, status| someone_with(&[(event, detail(status, ""))]);
    vec![
        known(open(G::Female, 1956), OWNER),
        known(open(G::Male, 1946), CARE_HOME),
        known(open(G::Female, 1960).component(C::HomeSupport), ""),
        known(open(G::Other, 1951), TENANT),
        known(open(G::Female, 1950).unborn(), OWNER),
        known(open(G::Male, 1958), "Unknown"),
        known(community("2024-04-01", "2025-03-31", G::Female).born(1954, 1), OWNER),
    ]
}

#[test]
fn section_9_example_of_seven_people() {
    let results = results(&people());
    let of = |stratum| north(&results, "all", stratum);
    assert_eq!(of("age_band=65 and above; gender=Female"), [2, 2]);
    assert_eq!(of("age_band=65 and above; gender=Male"), [0, 2]);
    assert_eq!(of("age_band=65 and above"), [3, 5]);
    assert_eq!(of("age_band=18 to 64"), [0, 0]);
    assert_eq!(of(""), [3, 5]);
    assert_eq!(numbers(&results, "all_unknown_accommodation", NORTH, ""), [Some(2), None]);
    let row = fixture::figure(&results, "all", NORTH, "age_band=65 and above");
    assert_eq!((row.value, row.unit, row.counts), (Value::Percent(1), Unit::Percent, Unit::People));
    // nobody: published as 0, not as missing
    assert_eq!(fixture::figure(&results, "all", "400", "").value, Value::Count);
}

#[test]
fn the_grid_has_every_council_band_and_gender() {
    let results = results(&[]);
    let of = |part: &str| results.measures.iter().filter(|row| row.part == part).count();
    let areas = 6; // England, two regions, three councils
    assert_eq!(of("all"), areas * 7);
    assert_eq!(of("learning_disability"), areas * 4);
    assert_eq!(of("all_unknown_accommodation"), areas);
    assert_eq!(of("learning_disability_unknown_accommodation"), areas);
    assert!(results.measures.iter().all(|row| row.numerator == Some(0)));
}

#[test]
fn learning_disability_is_the_latest_reason_and_18_to_64_only() {
    let with = |event: CareEvent, reason| someone_with(&[(event, detail(OWNER, reason))]);
    let open = |year| community("2025-06-01", "-", G::Male).born(year, 1);
    let changed = someone_with(&[
        (open(1990), detail(CARE_HOME, LD)),
        (
            community("2025-01-01", "2025-05-01", G::Male).born(1990, 1),
            detail(OWNER, "Mental health support"),
        ),
    ]);
    let results = results(&[
        with(open(1990), LD),
        with(open(1950), LD),
        with(open(1990), ""),
        with(open(1990).unborn(), LD),
        with(open(2010), LD),
        changed,
    ]);
    assert_eq!(north(&results, "learning_disability", "age_band=18 to 64; gender=Male"), [1, 2]);
    assert_eq!(north(&results, "learning_disability", ""), [1, 2]);
    assert_eq!(north(&results, "all", ""), [3, 4]);
    // people of unknown age are in the table of unknown accommodation of all, not of this part
    let nowhere = |event: CareEvent| someone_with(&[(event, detail("", LD))]);
    let results = super::results(&[nowhere(open(1990)), nowhere(open(1990).unborn())]);
    assert_eq!(numbers(&results, "all_unknown_accommodation", NORTH, "")[0], Some(2));
    let part = "learning_disability_unknown_accommodation";
    assert_eq!(numbers(&results, part, NORTH, "")[0], Some(1));
}

#[test]
fn trap_unknown_and_invalid_accommodation_stay_in_the_denominator() {
    let event = || service(S::Nursing, "2025-06-01", "-").component(C::None).gender(G::Male);
    let prison = service(S::Prison, "2025-06-01", "-").gender(G::Male);
    let people = [
        // no status, but nursing care: a nursing home, which is known
        someone_with(&[(event(), detail("", ""))]),
        someone_with(&[(prison, detail("", ""))]),
        // presumed in the community: not settled
        someone_with(&[(community("2025-06-01", "-", G::Male), detail("Unknown", ""))]),
    ];
    let results = results(&people);
    assert_eq!(north(&results, "all", "age_band=65 and above"), [0, 3]);
    assert_eq!(numbers(&results, "all_unknown_accommodation", NORTH, "")[0], Some(1));
}

#[test]
fn trap_accommodation_is_the_latest_overall() {
    let person = someone_with(&[
        (community("2025-04-01", "2025-06-30", G::Male), detail(OWNER, "")),
        // after the period
        (
            event(EventType::Review, "2026-05-01", "2026-06-01").gender(G::Male),
            detail(CARE_HOME, ""),
        ),
    ]);
    assert_eq!(north(&results(&[person]), "all", ""), [0, 1]);
}

#[test]
fn trap_the_age_is_that_at_the_latest_end_of_support() {
    // 65 in July 2025
    let ended = community("2025-04-01", "2025-06-30", G::Male).born(1960, 7);
    let open = community("2025-04-01", "-", G::Male).born(1960, 7);
    let only = |events: &[CareEvent]| results(&[someone(events)]);
    let older = "age_band=65 and above";
    assert_eq!(north(&only(&[ended]), "all", "age_band=18 to 64")[1], 1);
    assert_eq!(north(&only(&[open]), "all", older)[1], 1);
    assert_eq!(north(&only(&[ended, open.id(2)]), "all", older)[1], 1);
    assert_eq!(north(&only(&[ended, open.id(2)]), "all", "")[1], 1);
    // the end is cut at the end of the period
    let later = community("2025-04-01", "2027-01-01", G::Male).born(1961, 7);
    assert_eq!(north(&only(&[later]), "all", "age_band=18 to 64")[1], 1);
}

#[test]
fn trap_children_are_out_whatever_their_band_text_says() {
    let born = |year, month| someone(&[community("2025-06-01", "-", G::Male).born(year, month)]);
    // 8, not yet 1, not yet born
    let results = results(&[born(2018, 1), born(2025, 10), born(2026, 6)]);
    assert_eq!(north(&results, "all", ""), [0, 0]);
    assert_eq!(numbers(&results, "all_unknown_accommodation", NORTH, "")[0], Some(0));
}

#[test]
fn step_1_what_counts_as_support_in_the_period() {
    let count = |events: &[CareEvent]| north(&results(&[someone(events)]), "all", "")[1];
    let of = |start, end| community(start, end, G::Male);
    assert_eq!(count(&[of("2026-03-31", "-")]), 1);
    assert_eq!(count(&[of("2026-04-01", "-")]), 0);
    assert_eq!(count(&[of("2020-01-01", "2025-04-01")]), 1);
    assert_eq!(count(&[of("2020-01-01", "2025-03-31")]), 0);
    assert_eq!(count(&[of("2025-06-01", "2025-05-31")]), 0);
    assert_eq!(count(&[service(S::StMax, "2025-06-01", "-")]), 0);
    assert_eq!(count(&[of("2025-06-01", "-").client(ClientType::UnpaidCarer)]), 0);
    assert_eq!(count(&[of("2025-06-01", "-").kind(EventType::Review)]), 0);
}

#[test]
fn step_2_deaths_before_the_period_are_out() {
    let count = |death| {
        let event = community("2024-06-01", "-", G::Male).died(death);
        north(&results(&[someone(&[event])]), "all", "")[1]
    };
    assert_eq!([count("2025-03-31"), count("2025-04-01")], [0, 1]);
}

#[test]
fn a_person_counts_once_in_each_council() {
    let event = community("2025-06-01", "-", G::Male);
    let results = results(&[someone(&[
        event,
        service(S::Residential, "2025-07-01", "-").id(2),
        event.la(SOUTHTON).id(3),
        event.la(UNLISTED).id(4),
    ])]);
    let of = |area| numbers(&results, "all", area, "")[1];
    let wanted = [Some(1), Some(1), Some(1), Some(3)];
    assert_eq!([of(NORTH), of(SOUTH), of("300"), of(ENGLAND)], wanted);
}

#[test]
fn records_without_a_person_are_left_out() {
    let nobody = Maker { nobody: true, ..someone(&[community("2025-06-01", "-", G::Male)]) };
    assert_eq!(north(&results(&[nobody]), "all", ""), [0, 0]);
}

#[test]
fn two_periods_are_counted_apart() {
    let periods = [period("2024-04-01", "2025-03-31"), year()];
    let frame = frame(&periods);
    let people = people();
    let make = || Ascof2e::with_settings(&Settings::default(), &frame);
    let results = same_however_split(make, &people, &frame);
    let of = |n: usize| {
        let rows = results.measures.iter().filter(|row| row.period == periods[n]);
        let england = rows.filter(|row| row.part == "all" && row.stratum.is_empty());
        england.map(|row| row.denominator.unwrap()).next().unwrap()
    };
    assert_eq!([of(0), of(1)], [1, 5]);
    let own = Settings { periods: vec![periods[0]] };
    let results = fixture::results(Ascof2e::with_settings(&own, &frame), &people, &frame);
    assert!(results.measures.iter().all(|row| row.period == periods[0]));
    assert!(Settings { periods: vec![period("2025-01-02", "2025-01-01")] }.check().is_err());
}
