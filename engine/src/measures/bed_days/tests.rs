use super::*;
use crate::measures::care_fixture::service;
use crate::measures::fixture::{
    ENGLAND, Maker, assert_attrition_adds_up, day, england, figure, merged, period, results,
};
use crate::measures::lined_fixture::{anybody, elective, emergency, frame, person, year};
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::{EndKind, Spell};

fn run_over(periods: &[Period], settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(periods);
    results(BedDays::with_settings(settings, &frame), people, &frame)
}

fn run(people: &[Maker]) -> Results {
    run_over(&[year()], &Settings::default(), people)
}

fn numerator(results: &Results, part: &str, stratum: &str) -> Option<i64> {
    figure(results, part, ENGLAND, stratum).numerator
}

#[test]
fn m14_nights_by_month() {
    let someone = person(&[], &[emergency("2024-03-28", "2024-04-03")], &[], "");
    let both = period("2024-03-01", "2024-04-30");
    let results = run_over(&[both], &Settings::default(), &[someone]);
    assert_eq!(england(&results, "nights"), (Some(6), None));
    assert_eq!(numerator(&results, "nights", "month=2024-03"), Some(4));
    assert_eq!(numerator(&results, "nights", "month=2024-04"), Some(2));
    assert_eq!(numerator(&results, "nights", "admission_class=Emergency"), Some(6));
    assert_eq!(numerator(&results, "nights_people", "month=2024-03"), Some(1));
    assert_attrition_adds_up(&results);
}

#[test]
fn m14_the_last_day_of_a_stay_is_no_night() {
    // Scotland's comparison value: from the end of March to the end of October, 214
    let someone = person(&[], &[emergency("2024-03-31", "2024-10-31")], &[], "");
    let whole = period("2024-01-01", "2024-12-31");
    let results = run_over(&[whole], &Settings::default(), &[someone]);
    assert_eq!(numerator(&results, "nights", ""), Some(214));
}

#[test]
fn m14_care_home_days_have_both_ends() {
    let someone =
        person(&[service(ServiceType::Residential, "2024-03-28", "2024-04-03")], &[], &[], "");
    let both = period("2024-03-01", "2024-04-30");
    let results = run_over(&[both], &Settings::default(), &[someone]);
    assert_eq!(numerator(&results, "care_home_days", "month=2024-03"), Some(4));
    assert_eq!(numerator(&results, "care_home_days", "month=2024-04"), Some(3));
    assert_eq!(numerator(&results, "care_home_days", "care_state=RES"), Some(7));
}

#[test]
fn m14_a_night_counts_once_and_day_cases_have_none() {
    let day_case = Spell { class: Code::new("2"), ..elective("2024-05-20", "2024-05-20") };
    let someone = person(
        &[service(ServiceType::Community, "2024-04-01", "2024-05-05")],
        &[
            emergency("2024-05-01", "2024-05-10"),
            elective("2024-05-08", "2024-05-12"),
            elective("2024-05-09", "2024-05-11"),
            day_case,
        ],
        &[],
        "",
    );
    let people = [someone];
    let results = run(&people);
    assert_eq!(england(&results, "nights"), (Some(11), None));
    assert_eq!(numerator(&results, "nights", "admission_class=Elective"), Some(2));
    // each stay by the state on the day before its own admission
    assert_eq!(numerator(&results, "nights", "care_state=COMM"), Some(11));
    let out = |what: &str| {
        let step = results.attrition.iter().find(|step| step.what.starts_with(what));
        step.map(|step| step.records_out)
    };
    assert_eq!((out("day case"), out("no night")), (Some(1), Some(1)));
    let settings = Settings { daycase_bed_days: 1, ..Settings::default() };
    let counted = run_over(&[year()], &settings, &people);
    assert_eq!(numerator(&counted, "nights", ""), Some(12));
}

#[test]
fn m14_rate_has_hospital_time_among_the_person_years() {
    let someone = person(
        &[service(ServiceType::Community, "2024-04-01", "-")],
        &[emergency("2024-06-10", "2024-06-20")],
        &[],
        "",
    );
    let people = [someone];
    let results = run(&people);
    let row = figure(&results, "rate", ENGLAND, "care_state=COMM");
    assert_eq!((row.numerator, row.denominator), (Some(10), Some(365)));
    assert_eq!((row.counts, row.unit), (Unit::Days, Unit::PerPersonYears));
    assert_eq!(row.interval, None, "nights do not come about independently");
    let settings = Settings { exclude_hospital_time: true, ..Settings::default() };
    let without = run_over(&[year()], &settings, &people);
    assert_eq!(england(&without, "rate"), (Some(10), Some(355)));
}

#[test]
fn m14_open_stays_run_to_the_end_of_the_data_and_are_flagged() {
    let open = Spell { end_kind: EndKind::Censored, ..emergency("2025-03-20", "2025-04-01") };
    let results = run(&[person(&[], &[open], &[], "")]);
    assert_eq!(numerator(&results, "nights", ""), Some(12));
    assert_eq!(numerator(&results, "nights_unfinished", ""), Some(12));
    assert_eq!(numerator(&results, "nights_unfinished_people", ""), Some(1));
}

#[test]
fn m20_bed_days_in_the_last_180_days_of_life() {
    // died on 1 December: the window is 4 June to 30 November
    let spells = [
        emergency("2024-05-30", "2024-06-06"),
        Spell {
            discharge_method: Code::new("4"),
            end_kind: EndKind::Death,
            ..emergency("2024-11-20", "2024-12-01")
        },
    ];
    let community = [service(ServiceType::Community, "2024-04-01", "-")];
    let died = person(&community, &spells, &[], "2024-12-01");
    let at_home = person(&community, &[], &[], "2024-12-01");
    let results = run(&[died, at_home]);
    assert_eq!(day("2024-12-01").plus(-180), day("2024-06-04"));
    assert_eq!(numerator(&results, "last_180_days_of_life", ""), Some(2 + 11));
    assert_eq!(england(&results, "last_180_days_of_life_people"), (Some(1), Some(2)));
    let mean = figure(&results, "last_180_days_of_life_mean", ENGLAND, "");
    assert_eq!((mean.value, mean.denominator), (Value::Statistic(6.5), Some(2)));
    assert_eq!(england(&results, "died_in_hospital"), (Some(1), Some(2)));
    let place = |state: &str| {
        let figure = figure(&results, "place_of_death", ENGLAND, &format!("state={state}"));
        (figure.numerator, figure.denominator)
    };
    assert_eq!((place("IP_EM"), place("COMM")), ((Some(1), Some(2)), (Some(1), Some(2))));
    assert_attrition_adds_up(&results);
}

#[test]
fn m20_only_who_died_in_the_bed_died_in_hospital() {
    let died = |discharge: &str, method: &str| {
        let spell =
            Spell { discharge_method: Code::new(method), ..emergency("2024-11-20", discharge) };
        let results = run(&[person(&[], &[spell], &[], "2024-12-01")]);
        england(&results, "died_in_hospital").0
    };
    assert_eq!(died("2024-12-01", "4"), Some(1));
    assert_eq!(died("2024-12-01", "1"), Some(0), "left alive on the day of death (X-08)");
    assert_eq!(died("2024-11-30", "1"), Some(0));
}

#[test]
fn m20_deaths_too_early_for_the_window_count_for_the_place_alone() {
    // hospital data begin on 1 April 2023: 180 days later is 28 September
    let periods = [period("2023-04-01", "2024-03-31")];
    let events = [service(ServiceType::Nursing, "2023-04-01", "-")];
    let died = |on: &str| person(&events, &[], &[], on);
    let people = [died("2023-09-27"), died("2023-09-28")];
    let results = run_over(&periods, &Settings::default(), &people);
    assert_eq!(england(&results, "died_in_hospital"), (Some(0), Some(2)));
    assert_eq!(england(&results, "last_180_days_of_life_people"), (Some(0), Some(1)));
}

/// Nights by stratum, and those of the rate with its person-days, each day looked at alone.
fn slowly(people: &[Maker]) -> (BTreeMap<String, i64>, [i64; 2]) {
    let mut rows: BTreeMap<String, i64> = BTreeMap::new();
    let mut rate = [0; 2];
    for person in people.iter().filter(|person| !person.unlinkable && !person.nobody) {
        let visit = |day: Day| {
            person.line.visits.iter().find(|visit| visit.start <= day && day < visit.end)
        };
        let care = |day: Day| {
            visit(day).map(|v| if v.state.is_hospital() { v.underlying } else { v.state })
        };
        let mut day = year().start;
        while day <= year().end {
            let observed = care(day).is_some_and(|state| state != State::Unobserved);
            let observed = observed && person.with(|person| person.birth()).is_known();
            rate[1] += i64::from(observed);
            let mut stays = person.spells.iter().filter(|s| s.class == Code::new("1"));
            if let Some(stay) = stays.find(|stay| stay.admission <= day && day < stay.discharge)
                && stay.birth.calendar_age(stay.admission).is_some_and(|age| age >= 18)
            {
                rate[0] += i64::from(observed);
                let (year, month) = day.year_month();
                let before = care(stay.admission.plus(-1)).or(care(stay.admission));
                let before = before.unwrap_or(State::Unobserved);
                let class = match stay.admission_method == Code::new("21") {
                    true => "Emergency",
                    false => "Elective",
                };
                for stratum in [
                    String::new(),
                    format!("month={year}-{month:02}"),
                    format!("care_state={}", before.code()),
                    format!("admission_class={class}"),
                ] {
                    *rows.entry(stratum).or_default() += 1;
                }
            }
            day = day.plus(1);
        }
    }
    (rows, rate)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn m14_nights_are_those_of_each_day_counted_alone(
        people in prop::collection::vec(anybody(), 1..6),
    ) {
        let results = run(&people);
        let (rows, rate) = slowly(&people);
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        for figure in results.measures.iter().filter(|f| f.area.code == ENGLAND) {
            let other = figure.stratum.contains("age_band") || figure.stratum.contains("sex");
            if figure.part == "nights" && !other && figure.numerator != Some(0) {
                found.insert(figure.stratum.clone(), figure.numerator.unwrap());
            }
        }
        // the months, like the classes, add up to the total
        let total = found.get("").copied().unwrap_or(0);
        for key in ["month=", "admission_class=", "care_state="] {
            let parts = found.iter().filter(|(stratum, _)| stratum.starts_with(key));
            prop_assert_eq!(parts.map(|(_, nights)| nights).sum::<i64>(), total);
        }
        prop_assert_eq!(found, rows);
        let of_rate = figure(&results, "rate", ENGLAND, "");
        prop_assert_eq!([of_rate.numerator, of_rate.denominator], rate.map(Some));
        assert_attrition_adds_up(&results);
    }

    #[test]
    fn hospital_days_of_lines_are_the_union_of_nights(person in anybody()) {
        // journey-states.md section 12, invariant 5: with CIPS as the unit and no A&E
        let person = Maker { attendances: Vec::new(), ..person };
        let line = person.line.visits.iter();
        let on_line: i32 = line
            .filter(|visit| visit.state.is_inpatient())
            .map(|visit| visit.days())
            .sum();
        let until = person.line.death.or(day("2025-04-01"));
        let from = person.line.visits.first().map_or(until, |visit| visit.start);
        let nights: i32 = person.with(|person| {
            let runs = runs(person, StayUnit::Cips, 0);
            runs.map(|run| run.end.min(until).since(run.start.max(from)).max(0)).sum()
        });
        prop_assert_eq!(on_line, nights);
    }

    #[test]
    fn m14_care_home_days_are_those_of_each_day_counted_alone(
        people in prop::collection::vec(anybody(), 1..5),
    ) {
        let mut wanted = [0; 2];
        for person in &people {
            let mut day = year().start;
            while day <= year().end {
                let is_on_line = person.line.visits.iter().any(|v| v.start <= day && day < v.end);
                let runs = |state| {
                    let mut all = person.intervals.iter();
                    is_on_line && all.any(|i| i.state == state && i.start <= day && day < i.end)
                };
                let nursing = runs(State::Nursing);
                wanted[0] += i64::from(nursing);
                wanted[1] += i64::from(!nursing && runs(State::Residential));
                day = day.plus(1);
            }
        }
        let results = run(&people);
        let found = ["NURS", "RES"].map(|state| {
            let stratum = format!("care_state={state}");
            let mut rows = results.measures.iter();
            let row = rows.find(|f| {
                f.part == "care_home_days" && f.stratum == stratum && f.area.code == ENGLAND
            });
            row.and_then(|row| row.numerator).unwrap_or(0)
        });
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn partial_of_all_is_the_merge_of_the_parts(
        people in prop::collection::vec(anybody(), 0..8),
        cut in 0usize..8,
    ) {
        let frame = frame(&[year()]);
        let make = || BedDays::with_settings(&Settings::default(), &frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
    }
}
