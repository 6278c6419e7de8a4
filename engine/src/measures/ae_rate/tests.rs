use super::*;
use crate::figure::{Figure, Value};
use crate::measures::care_fixture::{NORTH, service};
use crate::measures::fixture::{
    ENGLAND, Maker, assert_attrition_adds_up, day, figure, merged, results,
};
use crate::measures::lined_fixture::{
    anybody, attendance, emergency, example, frame, person, year,
};
use proptest::prelude::*;
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::hospital::attendance::NO_SPELL;

fn run(people: &[Maker]) -> Results {
    let frame = frame(&[year()]);
    results(AeRate::with_settings(&Settings::default(), &frame), people, &frame)
}

fn counts(results: &Results, part: &str, stratum: &str) -> (Option<i64>, Option<i64>) {
    let figure = figure(results, part, ENGLAND, stratum);
    (figure.numerator, figure.denominator)
}

#[test]
fn m13_attendances_of_adult_residents_by_population() {
    let mut frame = frame(&[year()]);
    let resident = |age: u8| Attendance { residence: 2, age, ..attendance("2024-05-01") };
    let other = |change: fn(&mut Attendance)| {
        let mut attendance = resident(70);
        change(&mut attendance);
        attendance
    };
    let attendances = [
        resident(70),
        Attendance { arrival_mode: ArrivalMode::Ambulance, ..resident(70) },
        resident(64),
        resident(17),
        resident(Attendance::NO_AGE),
        other(|a| a.residence = 0),
        other(|a| a.category = Code::new("4")),
        other(|a| a.arrival = day("2024-03-31").into()),
    ];
    let community = service(ServiceType::Community, "2023-05-01", "-");
    let mut someone = person(&[community], &[], &attendances, "");
    someone.attendance_spells.fill(NO_SPELL);
    let people = [someone];
    let settings = Settings::default();
    let found = results(AeRate::with_settings(&settings, &frame), &people, &frame);
    let row = |part: &str, stratum: &str| {
        let row = figure(&found, part, NORTH, stratum);
        (row.numerator, row.denominator, row.value)
    };
    let per = Value::Per(100_000.0);
    assert_eq!(row("population_all", ""), (Some(3), Some(100_000), per));
    assert_eq!(row("population_all", "age_band=65+"), (Some(2), Some(20_000), per));
    assert_eq!(row("population_all", "age_band=18-64"), (Some(1), Some(80_000), per));
    assert_eq!(row("population_ambulance", ""), (Some(1), Some(100_000), per));
    assert_eq!(row("population_not_admitted", ""), (Some(3), Some(100_000), per));
    assert_eq!(figure(&found, "population_all_people", NORTH, "").numerator, Some(1));
    assert_attrition_adds_up(&found);
    let steps = found.attrition.iter().filter(|step| step.part == "population_all");
    let out: Vec<i64> = steps.map(|step| step.records_out).collect();
    assert_eq!(out, [0, 1, 0, 1, 2, 1]);

    // records without any age lose this part alone
    let mut without = people;
    without[0].attendances.iter_mut().for_each(|a| a.age = Attendance::NO_AGE);
    let found = results(AeRate::with_settings(&settings, &frame), &without, &frame);
    assert_eq!(figure(&found, "population_all", NORTH, "").value, Value::Unavailable);
    assert_eq!(figure(&found, "all", ENGLAND, "").numerator, Some(6));
    // and without a population there is no such part
    frame.population.people.clear();
    let found = results(AeRate::with_settings(&settings, &frame), &without, &frame);
    assert!(!found.measures.iter().any(|figure| figure.part.starts_with("population")));
}

#[test]
fn m15_three_attendances_in_173_community_days() {
    let mut people = example();
    // the last one on the day of the first of October, from community support the day before
    for arrival in ["2024-05-01", "2024-07-15", "2024-10-01"] {
        people[0].attendances.push(attendance(arrival));
        people[0].attendance_spells.push(u32::MAX);
    }
    let results = run(&people);
    let row = figure(&results, "all", ENGLAND, "care_state=COMM");
    assert_eq!((row.numerator, row.denominator), (Some(3), Some(173)));
    let Value::Per(factor) = row.value else { panic!("no rate") };
    assert_eq!((3.0 / 173.0 * factor * 10.0).round() / 10.0, 6333.8);
    assert_eq!(counts(&results, "all", "care_state=NURS"), (Some(0), Some(168)));
    assert_eq!(counts(&results, "all_people", ""), (Some(1), Some(3)));
}

#[test]
fn m15_attendances_count_by_department_mode_and_what_followed() {
    let other = Attendance { department: Code::new("03"), ..attendance("2024-05-02") };
    let ambulance = Attendance { arrival_mode: ArrivalMode::Ambulance, ..attendance("2024-06-10") };
    let planned = Attendance { category: Code::new("4"), ..attendance("2024-06-12") };
    let someone = person(
        &[service(ServiceType::Community, "2024-04-01", "-")],
        &[emergency("2024-06-10", "2024-06-20")],
        &[other, ambulance, planned],
        "",
    );
    let results = run(&[someone]);
    let events = ["all", "major", "ambulance", "admitted", "not_admitted"];
    let events = events.map(|part| figure(&results, part, ENGLAND, "").numerator);
    assert_eq!(events, [2, 1, 1, 1, 1].map(Some));
    let step = results.attrition.iter().find(|step| step.rule == "sus-fields 8.4");
    assert_eq!(step.map(|step| step.records_out), Some(1));
    assert_attrition_adds_up(&results);
}

#[test]
fn m15_a_file_without_modes_of_arrival_has_no_attendances_by_ambulance() {
    let unknown = Attendance { arrival_mode: ArrivalMode::Unknown, ..attendance("2024-05-02") };
    let events = [service(ServiceType::Community, "2024-04-01", "-")];
    let results = run(&[person(&events, &[], &[unknown], "")]);
    let part = figure(&results, "ambulance", ENGLAND, "");
    assert_eq!((part.value, part.numerator), (Value::Unavailable, None));
    assert_eq!(counts(&results, "major", "").0, Some(1));
}

#[test]
fn m15_an_arrival_in_hospital_comes_from_the_care_below() {
    let events = [service(ServiceType::Residential, "2024-04-01", "-")];
    let stay = [emergency("2024-06-10", "2024-06-20")];
    let results = run(&[person(&events, &stay, &[attendance("2024-06-15")], "")]);
    assert_eq!(counts(&results, "all", "care_state=RES"), (Some(1), Some(355)));
}

/// A discharge on 1 June and what comes after it.
fn discharged(attendances: &[&str], death: &str) -> Maker {
    let attendances: Vec<Attendance> = attendances.iter().map(|day| attendance(day)).collect();
    person(&[], &[emergency("2024-05-25", "2024-06-01")], &attendances, death)
}

#[test]
fn m15_windows_after_discharge_are_0_to_6_27_and_29_days() {
    let people = [
        discharged(&["2024-05-25"], ""), // the one that led to the stay
        discharged(&["2024-06-01"], ""),
        discharged(&["2024-06-07"], ""),
        discharged(&["2024-06-08"], ""),
        discharged(&["2024-06-28"], ""),
        discharged(&["2024-06-29", "2024-06-30"], ""),
        discharged(&["2024-07-01"], ""),
        discharged(&[], "2024-06-07"),
        discharged(&["2024-06-03"], "2024-06-03"),
    ];
    let results = run(&people);
    let attended = [7, 28, 30].map(|n| counts(&results, &format!("after_discharge_{n}d"), "").0);
    assert_eq!(attended, [Some(3), Some(5), Some(6)]);
    let died =
        [7, 28, 30].map(|n| counts(&results, &format!("after_discharge_{n}d_died_first"), ""));
    assert_eq!(died, [(Some(1), Some(9)); 3]);
}

#[test]
fn m15_attendances_after_discharge_without_a_linked_admission() {
    let back = person(
        &[],
        &[emergency("2024-05-25", "2024-06-01"), emergency("2024-06-05", "2024-06-06")],
        &[attendance("2024-06-05")],
        "",
    );
    let results = run(&[back, discharged(&["2024-06-05"], "")]);
    // three discharges: the second stay's own attendance follows the first stay
    assert_eq!(counts(&results, "after_discharge_7d", ""), (Some(2), Some(3)));
    assert_eq!(counts(&results, "after_discharge_7d_not_admitted", ""), (Some(1), Some(3)));
}

#[test]
fn m15_a_window_beyond_the_hospital_data_is_not_followed() {
    // the data end on 31 March
    let one = |discharge: &str| person(&[], &[emergency("2025-03-01", discharge)], &[], "");
    let results =
        run(&[one("2025-03-04"), one("2025-03-05"), one("2025-03-25"), one("2025-03-26")]);
    let followed = [7, 28, 30].map(|n| counts(&results, &format!("after_discharge_{n}d"), "").1);
    assert_eq!(followed, [Some(3), Some(1), Some(0)]);
    let lost = results.attrition.iter().find(|step| step.what.starts_with("not even"));
    assert_eq!(lost.map(|step| step.records_out), Some(1));
}

#[test]
fn windows_must_ascend() {
    let bad = |days: &[i32]| Settings { days: days.to_vec(), ..Settings::default() }.check();
    assert!(bad(&[30, 7]).is_err() && bad(&[0]).is_err() && bad(&[7; 2]).is_err());
    assert!(bad(&(1..=17).collect::<Vec<_>>()).is_err() && bad(&[]).is_ok());
}

/// Attendances of the standard count and those after discharges, each looked at alone.
fn slowly(people: &[Maker]) -> ([i64; 5], [[i64; 4]; 3]) {
    let mut kinds = [0; 5];
    let mut windows = [[0; 4]; 3];
    for person in people.iter().filter(|person| !person.unlinkable && !person.nobody) {
        let care = |day: Day| {
            let visit = person.line.visits.iter().find(|v| v.start <= day && day < v.end)?;
            Some(if visit.state.is_hospital() { visit.underlying } else { visit.state })
        };
        let left = |day: Day| {
            person.line.visits.iter().any(|v| v.state.is_hospital() && v.end == day && v.days() > 0)
        };
        let arrivals: Vec<(Day, &Attendance, bool)> = person
            .attendances
            .iter()
            .zip(&person.attendance_spells)
            .filter(|(attendance, _)| attendance.category != Code::new("4"))
            .map(|(attendance, &led)| {
                (attendance.arrival.get().unwrap(), attendance, led != u32::MAX)
            })
            .collect();
        for &(day, attendance, led) in &arrivals {
            if !person.with(|person| person.birth()).is_known() {
                continue;
            }
            let eve = care(day.plus(-1));
            let from = match eve {
                Some(_) if left(day) => care(day).or(eve),
                None => care(day),
                eve => eve,
            };
            let observed =
                from.is_some_and(|s| s != throughcare_linkage::timeline::state::State::Unobserved);
            if !year().contains(day) || !observed {
                continue;
            }
            let is = [
                true,
                attendance.department == Code::new("01"),
                attendance.arrival_mode == ArrivalMode::Ambulance,
                led,
                !led,
            ];
            for (kind, is) in kinds.iter_mut().zip(is) {
                *kind += i64::from(is);
            }
        }
        for (n, stay) in (0u32..).zip(&person.cips) {
            let adult = stay.birth.calendar_age(stay.discharge).is_some_and(|age| age >= 18);
            if !year().contains(stay.discharge) || stay.day_case || !adult {
                continue;
            }
            for (window, days) in windows.iter_mut().zip([7, 28, 30]) {
                if stay.discharge.plus(days) > frame(&[]).sus_end {
                    continue;
                }
                let within = |day: Day| (0..days).contains(&day.since(stay.discharge));
                let mut after = arrivals.iter().filter(|&&(day, attendance, _)| {
                    let own = person
                        .attendances
                        .iter()
                        .zip(&person.attendance_spells)
                        .any(|(other, &led)| std::ptr::eq(other, attendance) && led == n);
                    within(day) && !own
                });
                let attended = after.clone().next().is_some();
                window[0] += 1;
                window[1] += i64::from(attended);
                window[2] += i64::from(after.any(|&(_, _, led)| !led));
                let died = person.death.chosen.get().is_some_and(within);
                window[3] += i64::from(died && !attended);
            }
        }
    }
    (kinds, windows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn m15_attendances_are_those_of_each_one_looked_at_alone(
        people in prop::collection::vec(anybody(), 1..6),
    ) {
        let results = run(&people);
        let (kinds, windows) = slowly(&people);
        let known = |of: fn(&Attendance) -> bool| {
            people.iter().any(|person| person.attendances.iter().any(of))
        };
        let shown = known(|_| true);
        for (part, kind) in
            ["all", "major", "ambulance", "admitted", "not_admitted"].iter().zip(kinds)
        {
            let found = figure(&results, part, ENGLAND, "").numerator;
            let listed = matches!(*part, "all" | "admitted" | "not_admitted") || shown;
            prop_assert_eq!(found, listed.then_some(kind), "{}", part);
        }
        for (n, window) in [7, 28, 30].into_iter().zip(windows) {
            let part = |which: &str| {
                let figure =
                    figure(&results, &format!("after_discharge_{n}d{which}"), ENGLAND, "");
                (figure.denominator, figure.numerator)
            };
            let [followed, attended, not_admitted, died] = window.map(Some);
            prop_assert_eq!(part(""), (followed, attended));
            prop_assert_eq!(part("_not_admitted"), (followed, not_admitted));
            prop_assert_eq!(part("_died_first"), (followed, died));
        }
        assert_attrition_adds_up(&results);
    }

    #[test]
    fn partial_of_all_is_the_merge_of_the_parts(
        people in prop::collection::vec(anybody(), 0..8),
        cut in 0usize..8,
    ) {
        let frame = frame(&[year()]);
        let make = || AeRate::with_settings(&Settings::default(), &frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
    }
}

#[test]
fn rates_and_the_people_behind_them_stand_side_by_side() {
    let results = run(&example());
    let rates: Vec<&Figure> =
        results.measures.iter().filter(|f| f.unit == Unit::PerPersonYears).collect();
    for rate in rates.iter().filter(|rate| rate.numerator.is_some()) {
        let people = format!("{}_people", rate.part);
        let people = figure(&results, &people, &rate.area.code, &rate.stratum);
        assert!(people.numerator <= rate.numerator && people.denominator <= Some(3));
    }
}
