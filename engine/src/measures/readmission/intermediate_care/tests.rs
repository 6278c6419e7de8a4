use super::*;
use crate::figure::Results;
use crate::measures::care_fixture::{With, service};
use crate::measures::fixture::{
    Maker, assert_attrition_adds_up, day, england, merged, period, results,
};
use crate::measures::linked_fixture::{covered, frame, person, stay};
use crate::measures::readmission::Settings;
use proptest::prelude::*;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::Spell;

const ADMISSION: &str = "2024-06-01";
const DISCHARGE: &str = "2024-06-10";

fn june() -> Period {
    period("2024-06-01", "2024-06-30")
}

fn run(text: &str, people: &[Maker]) -> Results {
    let frame = frame(&[june()]);
    let settings: Settings = toml::from_str(text).unwrap();
    assert_eq!(settings.check(), Ok(()));
    results(Readmission::with_settings(&settings, &frame), people, &frame)
}

/// Reablement from one day to another, both included and counted from the discharge.
fn reablement(start: i32, end: i32) -> CareEvent {
    let event = service(ServiceType::StMax, DISCHARGE, "-").component(Component::Reablement);
    let at = |days| day(DISCHARGE).plus(days);
    CareEvent { start: at(start), end: at(end).into(), ..event }
}

fn someone(readmitted: Option<i32>, care: CareEvent) -> Maker {
    let again = readmitted.map(|days| Spell {
        admission: day(DISCHARGE).plus(days),
        ..stay(ADMISSION, "2024-12-31")
    });
    let stays: Vec<Spell> = std::iter::once(stay(ADMISSION, DISCHARGE)).chain(again).collect();
    person(&stays, &[care], "-")
}

#[test]
fn readmission_while_intermediate_care_runs() {
    let part = |maker: Maker| england(&run("", &[maker]), PART);
    assert_eq!(part(someone(Some(10), reablement(2, 20))), (Some(1), Some(1)));
    assert_eq!(part(someone(Some(20), reablement(2, 20))), (Some(1), Some(1)), "on the last day");
    assert_eq!(part(someone(Some(21), reablement(2, 20))), (Some(0), Some(1)), "a day later");
    assert_eq!(part(someone(Some(1), reablement(2, 20))), (Some(0), Some(1)), "before it began");
    assert_eq!(part(someone(None, reablement(2, 20))), (Some(0), Some(1)));
    let grace =
        run("intermediate_care = { grace_days = 1 }", &[someone(Some(21), reablement(2, 20))]);
    assert_eq!(england(&grace, PART), (Some(1), Some(1)));
}

#[test]
fn intermediate_care_starts_from_7_days_before_to_7_days_after_discharge_and_not_before_the_stay() {
    let linked = |start: i32, admission: &str| {
        let maker = person(&[stay(admission, DISCHARGE)], &[reablement(start, 30)], "-");
        england(&run("", &[maker]), PART).1
    };
    assert_eq!([-8, -7, 7, 8].map(|start| linked(start, ADMISSION)), [0, 1, 1, 0].map(Some));
    assert_eq!(linked(-3, "2024-06-08"), Some(0), "ran before the admission");
    // over before the discharge
    let over = person(&[stay(ADMISSION, DISCHARGE)], &[reablement(-5, -1)], "-");
    assert_eq!(england(&run("", &[over]), PART), (Some(0), Some(0)));
}

#[test]
fn intermediate_care_is_reablement_or_a_short_term_bed() {
    let with = |kind: ServiceType, component: Component| {
        let care = CareEvent { service_type: kind, component, ..reablement(0, 20) };
        england(&run("", &[someone(None, care)]), PART).1
    };
    assert_eq!(with(ServiceType::OtherShortTerm, Component::ShortTermNursing), Some(1));
    assert_eq!(with(ServiceType::OtherShortTerm, Component::OtherShortTerm), Some(0));
    assert_eq!(with(ServiceType::Community, Component::HomeSupport), Some(0));
}

#[test]
fn a_planned_stay_is_no_readmission_and_care_beyond_the_data_is_left_out() {
    let mut planned = someone(Some(10), reablement(2, 20));
    planned.cips[1].admission_method = Code::new("12");
    planned.cips[1].emergency = false;
    assert_eq!(england(&run("", &[planned]), PART), (Some(0), Some(1)));
    let beyond = covered().end.since(day(DISCHARGE)) + 1;
    let long = someone(Some(10), reablement(2, beyond));
    let results = run("", &[long]);
    assert_eq!(england(&results, PART), (Some(0), Some(0)));
    assert_attrition_adds_up(&results);
}

#[test]
fn without_care_records_there_is_no_such_part() {
    let mut frame = frame(&[june()]);
    frame.joined = None;
    let results = results(Readmission::new(&frame), &[someone(None, reablement(0, 9))], &frame);
    assert!(results.measures.iter().all(|figure| figure.part != PART));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn agrees_with_each_day_of_care_and_merges(
        people in prop::collection::vec(
            (-12i32..12, 0i32..30, prop::option::of(0i32..40)),
            0..10,
        ),
        cut in 0usize..10,
    ) {
        let makers: Vec<Maker> = people
            .iter()
            .map(|&(start, days, again)| someone(again, reablement(start, start + days)))
            .collect();
        let frame = frame(&[june()]);
        let make = || Readmission::new(&frame);
        let whole = results(make(), &makers, &frame);
        for parts in merged(make, &makers, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        let linked: Vec<_> = people
            .iter()
            .filter(|(start, days, _)| (-7..=7).contains(start) && start + days >= 0)
            .collect();
        let readmitted = linked.iter().filter(|(start, days, again)| {
            again.is_some_and(|day| (*start..=start + days).contains(&day))
        });
        let wanted = (Some(readmitted.count() as i64), Some(linked.len() as i64));
        prop_assert_eq!(england(&whole, PART), wanted);
        assert_attrition_adds_up(&whole);
    }
}
