use crate::figure::{Results, Value};
use crate::measures::care_fixture::service;
use crate::measures::fixture::{ENGLAND, Maker, assert_attrition_adds_up, figure, results};
use crate::measures::lined_fixture::{anybody, emergency, frame, person, year};
use crate::measures::usual_residence::{Settings, UsualResidence};
use proptest::prelude::*;
use throughcare_linkage::codes::cld::ServiceType;
use throughcare_linkage::timeline::state::State;

fn run(people: &[Maker]) -> Results {
    let frame = frame(&[year()]);
    results(UsualResidence::with_settings(&Settings::default(), &frame), people, &frame)
}

#[test]
fn m20_days_alive_and_at_home_to_90_days() {
    // home 1 to 9 June and 15 to 30 June, in a care home from July
    let someone = person(
        &[service(ServiceType::Residential, "2024-07-01", "-")],
        &[emergency("2024-05-25", "2024-06-01"), emergency("2024-06-10", "2024-06-15")],
        &[],
        "",
    );
    let results = run(&[someone]);
    let days = figure(&results, "days_at_home_90", ENGLAND, "");
    // and 16 days after the second discharge
    assert_eq!((days.value, days.denominator), (Value::Statistic((25.0 + 16.0) / 2.0), Some(2)));
    assert_eq!(figure(&results, "days_at_home_90_p75", ENGLAND, "").value, Value::Statistic(22.75));
    let at_home = figure(&results, "at_home_day_91", ENGLAND, "");
    assert_eq!((at_home.numerator, at_home.denominator), (Some(0), Some(2)));
    assert_attrition_adds_up(&results);
}

#[test]
fn m20_day_91_is_the_first_after_the_window_of_90_days_and_one_more() {
    // discharged on 1 June: day 91 is 31 August
    let until = |last: &str| {
        let someone = person(
            &[service(ServiceType::Nursing, "2024-09-01", "-")],
            &[emergency("2024-05-25", "2024-06-01")],
            &[],
            last,
        );
        let results = run(&[someone]);
        figure(&results, "at_home_day_91", ENGLAND, "").numerator
    };
    assert_eq!(until(""), Some(1));
    assert_eq!(until("2024-09-01"), Some(1));
    assert_eq!(until("2024-08-31"), Some(0), "dead on day 91");
}

#[test]
fn m20_a_discharge_that_is_not_followed_is_left_out_and_counted() {
    // the data end on 31 March 2025: day 91 of 30 December is their last day
    let one = |discharge: &str| person(&[], &[emergency("2024-12-20", discharge)], &[], "");
    let results = run(&[one("2024-12-30"), one("2024-12-31")]);
    assert_eq!(figure(&results, "at_home_day_91", ENGLAND, "").denominator, Some(1));
    let lost = results.attrition.iter().find(|step| step.what.starts_with("not followed"));
    assert_eq!(lost.map(|step| step.records_out), Some(1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn m20_days_at_home_are_those_of_each_day_looked_at_alone(
        people in prop::collection::vec(anybody(), 1..5),
    ) {
        const ELSEWHERE: [State; 5] = [
            State::Nursing,
            State::Residential,
            State::Prison,
            State::ShortTermBed,
            State::Unobserved,
        ];
        let (mut days, mut at_home, mut discharges) = (0, 0, 0);
        for person in people.iter().filter(|person| !person.unlinkable && !person.nobody) {
            let on = |day| {
                let visits = person.line.visits.iter();
                let mut visits = visits.filter(|visit| visit.start <= day && day < visit.end);
                visits.next().map(|visit| visit.state)
            };
            for spell in &person.spells {
                let birth = spell.birth.calendar_age(spell.discharge);
                let known = spell.end_kind == throughcare_linkage::hospital::stay::EndKind::Observed
                    || spell.end_kind == throughcare_linkage::hospital::stay::EndKind::Death;
                let is_index = year().contains(spell.discharge)
                    && birth.is_some_and(|age| age >= 18)
                    && spell.class == throughcare_linkage::codes::short::Code::new("1")
                    && known;
                let died = person.line.death.get();
                let seen = on(spell.discharge).is_some_and(|state| state != State::Unobserved);
                let last = spell.discharge.plus(91);
                let followed = last < frame(&[year()]).sus_end
                    && (died.is_some() || on(last).is_some());
                if !is_index || !followed || !(seen || died == Some(spell.discharge)) {
                    continue;
                }
                let home = |day: i32| {
                    let state = on(spell.discharge.plus(day));
                    state.is_some_and(|s| !s.is_hospital() && !ELSEWHERE.contains(&s))
                };
                discharges += 1;
                days += (0..90).filter(|&day| home(day)).count();
                at_home += i64::from(home(91));
            }
        }
        let results = run(&people);
        let row = figure(&results, "at_home_day_91", ENGLAND, "");
        prop_assert_eq!((row.numerator, row.denominator), (Some(at_home), Some(discharges)));
        let mean = figure(&results, "days_at_home_90", ENGLAND, "").value;
        if discharges > 0 {
            prop_assert_eq!(mean, Value::Statistic(days as f64 / discharges as f64));
        } else {
            prop_assert_eq!(mean, Value::Unavailable);
        }
    }
}
