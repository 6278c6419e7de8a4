use super::*;
use crate::figure::{Figure, Results, Value};
use crate::measures::care_fixture::{NORTH, service};
use crate::measures::fixture::{ENGLAND, Maker, assert_attrition_adds_up, figure, merged, results};
use crate::measures::lined_fixture::{
    anybody, attendance, elective, emergency, example, frame, person, year,
};
use crate::measures::person_time::{MultipleServices, TIMES};
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::Day;
use throughcare_linkage::hospital::stay::Spell;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::{State, Visit};

fn run(settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(&[year()]);
    results(AdmissionRate::with_settings(settings, &frame), people, &frame)
}

/// Events, days and rate with its limits, to one decimal.
fn rate(figure: &Figure) -> (i64, i64, [f64; 3]) {
    let (events, days) = (figure.numerator.unwrap(), figure.denominator.unwrap());
    let Value::Per(factor) = figure.value else { panic!("no rate") };
    let (lower, upper) = figure.interval.unwrap();
    let value = events as f64 / days as f64 * factor;
    (events, days, [value, lower, upper].map(|number| (number * 10.0).round() / 10.0))
}

#[test]
fn m11_persons_a_b_and_c() {
    let results = run(&Settings::default(), &example());
    for (state, wanted) in [
        ("COMM", (1, 173, [2111.3, 53.5, 11763.3])),
        ("NURS", (1, 168, [2174.1, 55.0, 12113.3])),
        ("RES", (1, 283, [1290.6, 32.7, 7191.0])),
        ("STMAX", (0, 42, [0.0, 0.0, 32080.1])),
        ("HOME", (1, 169, [2161.2, 54.7, 12041.7])),
    ] {
        let found = figure(&results, "emergency", ENGLAND, &format!("care_state={state}"));
        assert_eq!(rate(found), wanted, "{state}");
    }
    let all = figure(&results, "emergency", ENGLAND, "");
    assert_eq!(rate(all), (4, 835, [1749.7, 476.7, 4479.9]));
    let people = figure(&results, "emergency_people", ENGLAND, "");
    assert_eq!((people.numerator, people.denominator), (Some(3), Some(3)));
    let any = figure(&results, "any", ENGLAND, "");
    assert_eq!((any.numerator, any.denominator), (Some(5), Some(835)));
    let states: Vec<&str> = results
        .measures
        .iter()
        .filter(|figure| figure.part == "any" && figure.area.code == ENGLAND)
        .filter_map(|figure| figure.stratum.strip_prefix("care_state="))
        .filter(|state| !state.contains(';'))
        .collect();
    assert_eq!(states, ["NURS", "RES", "STMAX", "COMM", "HOME"], "in the order of rank");
    assert_attrition_adds_up(&results);
    let time: Vec<_> = results.attrition.iter().filter(|s| s.part == "person_time").collect();
    // 365 + 233 + 284 days, of which 24 + 22 + 1 in hospital
    let left: Vec<i64> = time.iter().map(|step| step.records_left).collect();
    assert_eq!(left, [882, 882, 882, 835, 835]);
}

#[test]
fn m11_time_in_care_and_birthdays_split_the_line() {
    // born in January 1950, so 75 in January 2025
    let results = run(&Settings::default(), &example());
    let days = |stratum: &str| figure(&results, "any", ENGLAND, stratum).denominator;
    assert_eq!(days("age_band=75-84"), Some(90 + 9));
    assert_eq!(days("age_band=65-74"), Some(835 - 99));
    assert_eq!(days("age_band=75-84; care_state=NURS"), Some(90));
    // reablement of 42 days, all of it in the first two bands
    assert_eq!(days("care_state=STMAX; time_in_care=0-30"), Some(31));
    assert_eq!(days("care_state=STMAX; time_in_care=31-90"), Some(11));
    // community support: days 0 to 30, 31 to 90 less 10 in hospital, the rest
    assert_eq!(days("care_state=COMM; time_in_care=0-30"), Some(31));
    assert_eq!(days("care_state=COMM; time_in_care=31-90"), Some(60 - 10));
    assert_eq!(days("care_state=COMM; time_in_care=91-365"), Some(92));
    // 10 June is day 70 of community support; B's admission comes from no service
    let events = |stratum: &str| figure(&results, "emergency", ENGLAND, stratum).numerator;
    assert_eq!(events("care_state=COMM; time_in_care=31-90"), Some(1));
    assert_eq!(events("time_in_care=31-90"), Some(2), "A twice");
    assert_eq!(events("time_in_care=0-30"), Some(1), "C on day 29");
}

#[test]
fn m11_a_stay_is_split_by_nights_and_day_cases_are_left_out() {
    let day_case = Spell { class: Code::new("2"), ..elective("2024-05-01", "2024-05-01") };
    let someone = person(
        &[service(ServiceType::Community, "2024-04-01", "-")],
        &[day_case, emergency("2024-06-01", "2024-06-01"), emergency("2024-07-01", "2024-07-03")],
        &[],
        "",
    );
    let results = run(&Settings::default(), &[someone]);
    let events = |part: &str| figure(&results, part, NORTH, "care_state=COMM").numerator;
    let parts = ["emergency", "emergency_0_nights", "emergency_1_plus_nights", "any"];
    assert_eq!(parts.map(events), [2, 1, 1, 2].map(Some));
    let day_cases = results.attrition.iter().find(|step| step.what == "day case");
    assert_eq!(day_cases.map(|step| step.records_out), Some(1));
}

#[test]
fn x20_a_readmission_on_the_day_of_discharge_comes_from_the_state_of_that_day() {
    // the care home begins on the day of discharge, which is that of the readmission too
    let someone = person(
        &[
            service(ServiceType::Community, "2024-04-01", "2024-05-09"),
            service(ServiceType::Residential, "2024-05-10", "-"),
        ],
        &[emergency("2024-05-01", "2024-05-10"), emergency("2024-05-10", "2024-05-20")],
        &[],
        "",
    );
    let people = [someone];
    let results = run(&Settings::default(), &people);
    let events = |stratum: &str| figure(&results, "emergency", ENGLAND, stratum).numerator;
    assert_eq!((events("care_state=COMM"), events("care_state=RES")), (Some(1), Some(1)));
    let exposure = Exposure { washout_days: 7, ..Exposure::default() };
    let washed = run(&Settings { exposure, ..Settings::default() }, &people);
    let row = figure(&washed, "emergency", ENGLAND, "care_state=RES");
    // from 27 May on: 5 + 304 days
    assert_eq!((row.numerator, row.denominator), (Some(0), Some(309)));
}

#[test]
fn m11_people_of_unknown_age_are_not_known_to_be_adults() {
    // nothing but an attendance, which has no month of birth
    let visitor = person(&[], &[], &[attendance("2024-05-01")], "");
    assert!(!visitor.line.visits.is_empty());
    let results = run(&Settings::default(), &[visitor]);
    let total = figure(&results, "any", ENGLAND, "");
    assert_eq!((total.numerator, total.denominator), (Some(0), Some(0)));
    let time = results.attrition.iter().find(|step| step.what.starts_with("month of birth"));
    assert_eq!(time.map(|step| step.records_out), Some(0), "no stays");
    let time = results.attrition.iter().rfind(|step| step.what.starts_with("month of birth"));
    assert_eq!(time.map(|step| step.records_out), Some(365));
}

#[test]
fn m11_an_admission_with_which_a_line_begins_counts_unless_the_settings_say_no() {
    // born in May 2006: 18 on 1 May 2024, the day of admission
    let birth = throughcare_linkage::day::BirthMonth::new(2006, 5);
    let stay = Spell { birth, ..emergency("2024-05-01", "2024-05-03") };
    let people = [person(&[], &[stay], &[], "")];
    let counted = |first_day_events: bool| {
        let exposure = Exposure { first_day_events, ..Exposure::default() };
        let results = run(&Settings { exposure, ..Settings::default() }, &people);
        figure(&results, "emergency", ENGLAND, "").numerator
    };
    assert_eq!([true, false].map(counted), [Some(1), Some(0)]);
}

#[test]
fn m11_hospital_time_and_services_side_by_side_are_settings() {
    let someone = person(
        &[
            service(ServiceType::Community, "2024-04-01", "-"),
            service(ServiceType::StMax, "2024-06-01", "2024-06-30"),
        ],
        &[emergency("2024-06-11", "2024-06-16")],
        &[],
        "",
    );
    let people = [someone];
    let exposure = Exposure {
        exclude_hospital_time: false,
        multiple_services: MultipleServices::Each,
        ..Exposure::default()
    };
    let results = run(&Settings { exposure, ..Settings::default() }, &people);
    let row = |stratum: &str| {
        let row = figure(&results, "emergency", ENGLAND, stratum);
        (row.numerator, row.denominator)
    };
    assert_eq!(row(""), (Some(1), Some(365)));
    assert_eq!(row("care_state=COMM"), (Some(1), Some(365)));
    assert_eq!(row("care_state=STMAX"), (Some(1), Some(30)));
    assert!(Exposure { washout_days: -1, ..exposure }.check().is_err());
}

#[test]
fn m13_emergency_admissions_of_older_residents_by_population() {
    let mut frame = frame(&[year()]);
    frame.population.people.insert(("100".into(), String::new(), "65+".into()), 48_200);
    frame.population.people.remove(&("100".to_owned(), String::new(), "65 and above".to_owned()));
    // residents of Northton, which is number 2
    let spells = |n: usize| -> Vec<Spell> {
        let spell = Spell { residence: 2, ..emergency("2024-05-01", "2024-05-02") };
        vec![spell; n]
    };
    let mut people: Vec<Maker> = (0..617).map(|_| Maker::of_spells(&spells(2))).collect();
    // not counted: too young, planned, from nowhere, out of the period
    let mut young = spells(1);
    young[0].birth = throughcare_linkage::day::BirthMonth::new(1960, 1);
    let mut nowhere = spells(1);
    nowhere[0].residence = 0;
    let planned = vec![Spell { residence: 2, ..elective("2024-05-01", "2024-05-02") }];
    let early = vec![Spell { residence: 2, ..emergency("2024-03-31", "2024-05-02") }];
    people.extend([young, nowhere, planned, early].map(|spells| Maker::of_spells(&spells)));
    let measure = AdmissionRate::with_settings(&Settings::default(), &frame);
    let results = results(measure, &people, &frame);
    let part = "population_emergency_65_and_over";
    let row = figure(&results, part, NORTH, "");
    assert_eq!((row.numerator, row.denominator), (Some(1234), Some(48_200)));
    assert_eq!(row.value, Value::Per(100_000.0));
    let (lower, upper) = row.interval.unwrap();
    assert!(lower < 2560.2 && 2560.2 < upper && upper - lower < 300.0);
    assert_eq!(figure(&results, &format!("{part}_people"), NORTH, "").numerator, Some(617));
    // the look-up has no ages by sex
    assert!(!results.measures.iter().any(|row| row.part.ends_with("standardised")));
    let steps: Vec<_> = results.attrition.iter().filter(|step| step.part == part).collect();
    assert_eq!(steps.iter().map(|step| step.records_out).sum::<i64>(), 4);
    assert_eq!(steps.last().map(|step| step.records_left), Some(1234));
}

#[test]
fn m12_standardised_rates_allow_for_repeat_events() {
    let mut frame = frame(&[year()]);
    frame.population.people.clear();
    let bands = ["65-69", "70-74", "75-79", "80-84", "85-89", "90+"];
    for (sex, scale) in [("Female", 2), ("Male", 1)] {
        for (n, band) in bands.iter().enumerate() {
            let people = 1000 * scale * (6 - n as i64);
            for la in ["100", "200", "400"] {
                frame.population.people.insert((la.into(), sex.into(), (*band).into()), people);
            }
        }
    }
    // ten women of 74 with one admission, one with three
    let spell = Spell { residence: 2, ..emergency("2024-05-01", "2024-05-02") };
    let mut people: Vec<Maker> = (0..10).map(|_| Maker::of_spells(&[spell])).collect();
    people.push(Maker::of_spells(&[spell; 3]));
    let row = |nonindependent: bool| {
        let settings = Settings { dsr_nonindependent: nonindependent, ..Settings::default() };
        let results = results(AdmissionRate::with_settings(&settings, &frame), &people, &frame);
        let part = "population_emergency_65_and_over_standardised";
        figure(&results, part, NORTH, "").clone()
    };
    let standardised = row(true);
    assert_eq!((standardised.numerator, standardised.denominator), (Some(13), Some(63_000)));
    // 13 events among 10,000 women of 70 to 74, half of 5,000 of 19,500
    let wanted = 2500.0 * 13.0 / 10_000.0 / 19_500.0 * 100_000.0;
    let Value::Statistic(value) = standardised.value else { panic!("no rate") };
    assert!((value - wanted).abs() < 1e-9);
    let width = |row: &Figure| row.interval.map(|(lower, upper)| upper - lower).unwrap();
    // 10 × 1² + 1 × 3² = 19 in place of 13
    let ratio = width(&standardised) / width(&row(false));
    assert!((ratio - (19.0_f64 / 13.0).sqrt()).abs() < 1e-9);
}

/// The component of a service on a day: of its rows that run then, else of those that have begun, the
/// one that began last, then the smallest record id.
fn component_of(person: &Maker, service: &Interval, day: Day) -> String {
    let types = [
        (State::Nursing, ServiceType::Nursing),
        (State::Residential, ServiceType::Residential),
        (State::Community, ServiceType::Community),
        (State::StMax, ServiceType::StMax),
        (State::LowLevel, ServiceType::LowLevel),
    ];
    let of = types.iter().find(|(state, _)| *state == service.state).map(|(_, of)| *of);
    let mut rows: Vec<_> = person
        .joined
        .iter()
        .filter(|row| Some(row.service_type) == of && row.start <= day)
        .filter(|row| service.start <= row.start && row.start < service.end)
        .filter(|row| service.state != State::StMax || row.la == service.la)
        .collect();
    if rows.iter().any(|row| row.end.get().is_none_or(|end| end >= day)) {
        rows.retain(|row| row.end.get().is_none_or(|end| end >= day));
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.start), row.record_id));
    match rows.first().map_or("", |row| row.component.label()) {
        "" => "component=Unknown".into(),
        label => format!("component={label}"),
    }
}

#[test]
fn m11_7_the_component_is_that_of_the_row_that_began_last() {
    let row = |component, record_id, start, end| CareEvent {
        component,
        record_id,
        ..service(ServiceType::Community, start, end)
    };
    // home support goes over into a direct payment without a gap, day support beside it for a while
    let someone = person(
        &[
            row(Component::HomeSupport, 1, "2024-04-01", "2024-06-30"),
            row(Component::DaySupport, 2, "2024-05-01", "2024-05-31"),
            row(Component::DirectPayment, 3, "2024-07-01", "-"),
        ],
        &[emergency("2024-05-11", "2024-05-16"), emergency("2024-07-01", "2024-07-03")],
        &[],
        "",
    );
    let results = run(&Settings::default(), &[someone]);
    let row = |stratum: &str| {
        let row = figure(&results, "emergency", ENGLAND, stratum);
        (row.numerator, row.denominator)
    };
    assert_eq!(row("care_state=COMM; component=Day support"), (Some(1), Some(31 - 5)));
    // the second admission comes from the day before it
    let home = "component=Home support or domiciliary care";
    assert_eq!(row(home), (Some(1), Some(30 + 30)));
    assert_eq!(row("component=Direct payment"), (Some(0), Some(274 - 2)));
    assert_eq!(figure(&results, "any", NORTH, home).numerator, Some(1));
    assert!(!results.measures.iter().any(|f| f.stratum == "component=Unknown"));
}

/// Person-days and events by stratum, each day of each person looked at alone.
fn slowly(people: &[Maker], exposure: Exposure) -> BTreeMap<String, [i64; 5]> {
    let mut rows: BTreeMap<String, [i64; 5]> = BTreeMap::new();
    let period = year();
    for person in people.iter().filter(|person| !person.unlinkable && !person.nobody) {
        let birth = person.with(|person| person.birth());
        if !birth.is_known() {
            continue;
        }
        let on = |day: Day| -> Option<&Visit> {
            person.line.visits.iter().find(|visit| visit.start <= day && day < visit.end)
        };
        let care = |visit: &Visit| {
            if visit.state.is_hospital() { visit.underlying } else { visit.state }
        };
        let left: Vec<Day> = {
            let stays = person.line.visits.iter();
            let stays = stays.filter(|visit| visit.state.is_inpatient() && visit.days() > 0);
            stays.map(|visit| visit.end).collect()
        };
        let age = |day: Day| match birth.calendar_age(day) {
            None | Some(..18) => "age_band=0-17",
            Some(18..65) => "age_band=18-64",
            Some(65..75) => "age_band=65-74",
            Some(75..85) => "age_band=75-84",
            Some(85..) => "age_band=85+",
        };
        let band = |days: i32| {
            let mut bands = TIMES.iter();
            let (band, ..) = bands.find(|(_, first, next)| *first <= days && days < *next).unwrap();
            format!("time_in_care={band}")
        };
        let strata = |day: Day, visit: &Visit| -> Vec<String> {
            let state = care(visit);
            // in hospital: the service below on the first day of the stay
            let seen = if visit.state.is_hospital() { visit.start } else { day };
            let service = person
                .intervals
                .iter()
                .filter(|i| i.state == state && state.is_care() && i.start <= seen && seen < i.end)
                .max_by_key(|i| i.start);
            let since = service.map(|i| day.since(i.start));
            let component = service.map(|i| component_of(person, i, day));
            let state = format!("care_state={}", state.code());
            let age = age(day);
            let mut strata = vec![String::new(), age.into(), format!("{age}; {state}")];
            if let Some(time) = since.map(band) {
                strata.extend([time.clone(), format!("{state}; {time}")]);
            }
            if let Some(component) = component {
                strata.extend([component.clone(), format!("{state}; {component}")]);
            }
            strata.push(state);
            strata
        };
        // services that run beside the state of the line, each since its earliest start
        let beside = |day: Day, visit: &Visit| -> Vec<String> {
            let mut first: BTreeMap<State, &Interval> = BTreeMap::new();
            for i in person.intervals.iter().filter(|i| i.start <= day && day < i.end) {
                if i.state.is_care() && !i.mask_only && i.state != care(visit) {
                    // intervals are in the order of their starts
                    first.entry(i.state).or_insert(i);
                }
            }
            if exposure.multiple_services == MultipleServices::Primary {
                first.clear();
            }
            let rows = |(state, i): (State, &Interval)| {
                let state = format!("care_state={}", state.code());
                let component = component_of(person, i, day);
                [
                    format!("{}; {state}", age(day)),
                    format!("{state}; {}", band(day.since(i.start))),
                    format!("{state}; {component}"),
                    state,
                ]
            };
            first.into_iter().flat_map(rows).collect()
        };
        let mut day = period.start;
        while day <= period.end {
            let washed =
                left.iter().any(|&end| (0..exposure.washout_days).contains(&day.since(end)));
            if let Some(visit) = on(day)
                && care(visit) != State::Unobserved
                && !(visit.state.is_hospital() && exposure.exclude_hospital_time)
                && (visit.state.is_hospital() || !washed)
            {
                for stratum in strata(day, visit).into_iter().chain(beside(day, visit)) {
                    rows.entry(stratum).or_default()[0] += 1;
                }
            }
            day = day.plus(1);
        }
        for stay in &person.cips {
            let day = stay.admission;
            if !period.contains(day) || stay.day_case {
                continue;
            }
            let eve = day.plus(-1);
            let from = match on(eve) {
                Some(visit) if !(visit.state.is_hospital() && visit.end == day) => {
                    Some((eve, visit))
                }
                evening => on(day).map(|visit| (day, visit)).or(evening.map(|visit| (eve, visit))),
            };
            let washed = exposure.washout_days > 0
                && left.iter().any(|&end| (0..=exposure.washout_days).contains(&day.since(end)));
            let Some((at, visit)) = from else { continue };
            let first = person.line.visits.first().is_some_and(|visit| visit.start == day);
            if care(visit) == State::Unobserved || washed || first && !exposure.first_day_events {
                continue;
            }
            for stratum in strata(at, visit).into_iter().chain(beside(at, visit)) {
                let row = rows.entry(stratum).or_default();
                row[4] += 1;
                if stay.emergency {
                    row[1] += 1;
                    row[if stay.nights() > 0 { 3 } else { 2 }] += 1;
                }
            }
        }
    }
    rows
}

/// England's rows of a run, sexes aside, as the slow count has them.
fn counted(results: &Results) -> BTreeMap<String, [i64; 5]> {
    let parts = ["emergency", "emergency_0_nights", "emergency_1_plus_nights", "any"];
    let mut rows: BTreeMap<String, [i64; 5]> = BTreeMap::new();
    for figure in results.measures.iter().filter(|figure| figure.area.code == ENGLAND) {
        let Some(part) = parts.iter().position(|part| figure.part == *part) else { continue };
        if figure.stratum.contains("sex=") {
            continue;
        }
        let row = rows.entry(figure.stratum.clone()).or_default();
        row[0] = figure.denominator.unwrap();
        row[part + 1] = figure.numerator.unwrap();
    }
    rows.retain(|_, row| row.iter().any(|&count| count != 0));
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn m11_time_and_events_are_those_of_each_day_counted_alone(
        people in prop::collection::vec(anybody(), 1..6),
        washout_days in prop_oneof![Just(0), 0i32..40],
        exclude_hospital_time: bool,
        first_day_events: bool,
        each: bool,
    ) {
        let exposure = Exposure {
            washout_days,
            exclude_hospital_time,
            first_day_events,
            multiple_services:
                if each { MultipleServices::Each } else { MultipleServices::Primary },
        };
        // an event in a washout that hospital time overlaps is a matter of taste
        prop_assume!(exclude_hospital_time || washout_days == 0);
        let settings = Settings { exposure, ..Settings::default() };
        let results = run(&settings, &people);
        prop_assert_eq!(counted(&results), slowly(&people, exposure));
        assert_attrition_adds_up(&results);
    }

    #[test]
    fn partial_of_all_is_the_merge_of_the_parts(
        people in prop::collection::vec(anybody(), 0..8),
        cut in 0usize..8,
    ) {
        let frame = frame(&[year()]);
        let make = || AdmissionRate::with_settings(&Settings::default(), &frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
    }
}

#[test]
fn without_anybody_there_is_a_row_that_says_so() {
    let results = run(&Settings::default(), &[]);
    let total = figure(&results, "emergency", ENGLAND, "");
    assert_eq!((total.numerator, total.denominator), (Some(0), Some(0)));
    assert_eq!(total.value, Value::Unavailable);
}
