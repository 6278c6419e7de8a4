use super::*;
use crate::figure::Value;
use crate::measures::care_fixture::{With, event, service};
use crate::measures::fixture::{
    ENGLAND, Maker, assert_attrition_adds_up, day, england, figure, merged, period, results,
};
use crate::measures::linked_fixture::{covered, frame, person, stay};
use proptest::prelude::*;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::day::Day;
use throughcare_linkage::hospital::stay::Spell;

const ADMISSION: &str = "2024-06-01";
const DISCHARGE: &str = "2024-06-10";

fn june() -> Period {
    period("2024-06-01", "2024-06-30")
}

fn run(settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(&[june()]);
    results(FirstContact::with_settings(settings, &frame), people, &frame)
}

fn of(results: &Results, part: &str, stratum: &str) -> (Option<i64>, Option<i64>) {
    let figure = figure(results, part, ENGLAND, stratum);
    (figure.numerator, figure.denominator)
}

fn at(days: i32) -> Day {
    day(DISCHARGE).plus(days)
}

/// Reablement that starts so many days after discharge.
fn reablement(days: i32) -> CareEvent {
    let event = service(ServiceType::StMax, DISCHARGE, "-").component(Component::Reablement);
    CareEvent { start: at(days), ..event }
}

fn community(start: i32, end: Option<i32>) -> CareEvent {
    let event = service(ServiceType::Community, DISCHARGE, "-").component(Component::HomeSupport);
    CareEvent { start: at(start), end: end.map(at).into(), ..event }
}

fn of_kind(kind: EventType, days: i32) -> CareEvent {
    CareEvent { start: at(days), ..event(kind, DISCHARGE, "-") }
}

fn someone(events: &[CareEvent]) -> Maker {
    person(&[stay(ADMISSION, DISCHARGE)], events, "-")
}

/// Services on days 0, 2, 2 and 9; one dies on day 4 without; one lives without.
fn example() -> Vec<Maker> {
    let mut people: Vec<Maker> = [0, 2, 2, 9].map(|days| someone(&[reablement(days)])).into();
    people.push(person(&[stay(ADMISSION, DISCHARGE)], &[], "2024-06-14"));
    people.push(someone(&[]));
    people
}

#[test]
fn m04_worked_example() {
    let results = run(&Settings::default(), &example());
    for (within, contacts) in [(0, 1), (2, 3), (7, 3), (14, 4), (28, 4), (91, 4)] {
        let part = format!("service_within_{within}");
        assert_eq!(england(&results, &part), (Some(contacts), Some(6)), "{within}");
    }
    let median = figure(&results, "service_median", ENGLAND, "");
    assert_eq!((median.value, median.denominator), (Value::Statistic(2.0), Some(4)));
    assert_eq!(of(&results, "service_within_7", "already_supported=no"), (Some(3), Some(6)));
    assert_eq!(of(&results, "service_within_7", "already_supported=yes"), (Some(0), Some(0)));
    assert_eq!(of(&results, "service_within_7", "service_type=Reablement"), (Some(3), Some(6)));
    for (first, discharges) in [("contact", 4), ("death", 1), ("readmission", 0), ("none", 1)] {
        let stratum = format!("first={first}");
        assert_eq!(of(&results, "first_event", &stratum), (Some(discharges), Some(6)), "{first}");
    }
    assert_attrition_adds_up(&results);
}

#[test]
fn m04_each_class_has_its_first_event_and_any_has_the_first_of_all() {
    let people = [someone(&[
        of_kind(EventType::Request, 3),
        of_kind(EventType::Request, 1),
        of_kind(EventType::Assessment, 8),
        of_kind(EventType::Review, 20),
        reablement(10),
        of_kind(EventType::Request, 0).client(ClientType::UnpaidCarer),
    ])];
    let results = run(&Settings::default(), &people);
    let median = |class: &str| figure(&results, &format!("{class}_median"), ENGLAND, "").value;
    for (class, days) in
        [("any", 1.0), ("request", 1.0), ("assessment", 8.0), ("review", 20.0), ("service", 10.0)]
    {
        assert_eq!(median(class), Value::Statistic(days), "{class}");
    }
}

#[test]
fn m04_the_window_includes_its_last_day() {
    let people = [someone(&[reablement(91)]), someone(&[reablement(92)])];
    assert_eq!(england(&run(&Settings::default(), &people), "any_within_91"), (Some(1), Some(2)));
}

#[test]
fn m04_what_starts_in_the_stay_is_shown_apart() {
    let people = [
        someone(&[reablement(-1)]),
        someone(&[reablement(-7)]),
        someone(&[reablement(-8)]),
        someone(&[reablement(-3), of_kind(EventType::Review, 2)]),
        someone(&[reablement(0)]),
    ];
    let results = run(&Settings { pre_days: 7, ..Settings::default() }, &people);
    assert_eq!(england(&results, "service_in_stay"), (Some(3), Some(5)));
    assert_eq!(england(&results, "service_within_0"), (Some(1), Some(5)));
    assert_eq!(figure(&results, "service_median", ENGLAND, "").denominator, Some(1));
    // by default nothing before the discharge is looked at
    let results = run(&Settings::default(), &people);
    assert_eq!(england(&results, "service_within_91"), (Some(1), Some(5)));
    assert!(results.measures.iter().all(|figure| !figure.part.ends_with("in_stay")));
}

#[test]
fn m04_support_before_the_stay_is_a_stratum() {
    let bed = |kind: ServiceType| {
        let bed = service(kind, "2024-05-20", "2024-06-01");
        bed.component(Component::ShortTermNursing)
    };
    let supported = |event: CareEvent| someone(&[event, of_kind(EventType::Review, 1)]);
    let people = [
        supported(community(-100, None)),
        supported(community(-100, Some(-9))), // to the day of admission
        supported(community(-100, Some(-10))),
        supported(bed(ServiceType::StMax)),
        supported(bed(ServiceType::OtherShortTerm)),
        supported(service(ServiceType::LowLevel, "2024-01-01", "-")),
    ];
    let results = run(&Settings::default(), &people);
    assert_eq!(of(&results, "any_within_7", "already_supported=yes"), (Some(3), Some(3)));
    assert_eq!(of(&results, "any_within_7", "already_supported=no"), (Some(3), Some(3)));
}

#[test]
fn x19_a_restart_within_the_gap_is_no_new_contact() {
    // seven clear days lie between the rows of community support, 31 between those of low-level support
    let two = |first_end: i32, next: i32, kind: ServiceType| {
        let row = |start, end| CareEvent { service_type: kind, ..community(start, end) };
        someone(&[row(-100, Some(first_end)), row(next, None)])
    };
    let served =
        |maker: Maker| england(&run(&Settings::default(), &[maker]), "service_within_91").0;
    // the first row ends after the discharge, so that the stay does not hold it
    assert_eq!(served(two(2, 10, ServiceType::Community)), Some(0), "7 clear days");
    assert_eq!(served(two(2, 11, ServiceType::Community)), Some(1), "8 clear days");
    assert_eq!(served(two(2, 34, ServiceType::LowLevel)), Some(0), "31 clear days");
    assert_eq!(served(two(2, 35, ServiceType::LowLevel)), Some(1), "32 clear days");
}

#[test]
fn x14_a_service_held_over_the_stay_is_no_new_contact() {
    // ended on the second day of the stay, restarted 7 or 8 days after discharge
    let with = |restart| {
        let events = [community(-100, Some(-8)), community(restart, None)];
        england(&run(&Settings::default(), &[someone(&events)]), "service_within_91").0
    };
    assert_eq!((with(7), with(8)), (Some(0), Some(1)));
}

#[test]
fn m04_every_index_discharge_is_followed_for_the_whole_window() {
    let last = covered().end;
    let discharged = |days: i32, death: &str| {
        let spell = Spell { discharge: last.plus(-days), ..stay("2025-09-01", "2025-09-20") };
        person(&[spell], &[event(EventType::Review, "2024-01-01", "-")], death)
    };
    let frame = frame(&[period("2025-09-01", "2025-12-31")]);
    let people = [
        discharged(91, "-"),
        discharged(90, "-"),
        discharged(90, "2025-10-10"), // a death makes no difference
        discharged(0, "-"),
    ];
    let results = results(FirstContact::new(&frame), &people, &frame);
    assert_eq!(england(&results, "any_within_91"), (Some(0), Some(1)));
    let last = results.attrition.last().map(|step| (step.rule, step.records_out));
    assert_eq!(last, Some(("M4.4", 3)));
}

#[test]
fn m04_times_to_the_first_contact_keep_everyone_who_is_followed_at_all() {
    let readmitted = person(
        &[stay(ADMISSION, DISCHARGE), stay("2024-06-12", "2024-07-15")],
        &[reablement(5)],
        "-",
    );
    let mut people = example();
    people.push(readmitted);
    let frame = frame(&[june()]);
    let mut measure = FirstContact::new(&frame);
    people.iter().for_each(|person| person.add_to(&mut measure, &frame));
    let endings = measure.endings();
    let england = &endings[&Row::england(0)];
    assert_eq!(england.discharges(), 7);
    let days = |ending| england.days(ending).iter().collect::<Vec<_>>();
    assert_eq!(days(Ending::Event), [(0, 1), (2, 2), (9, 1)]);
    assert_eq!(days(Ending::Readmission), [(2, 1)]);
    assert_eq!(days(Ending::Death), [(4, 1)]);
    assert_eq!(days(Ending::Censored), [(91, 1)]);
}

#[test]
fn m04_people_who_cannot_be_linked_are_left_out() {
    let people = [Maker { unlinkable: true, ..someone(&[]) }, someone(&[])];
    let results = run(&Settings::default(), &people);
    assert_eq!(england(&results, "any_within_7"), (Some(0), Some(1)));
    assert_attrition_adds_up(&results);
}

#[test]
fn settings_are_checked() {
    for text in ["pre_days = -1", "within_days = [7, 92]", "within_days = [7, 7]"] {
        assert!(toml::from_str::<Settings>(text).unwrap().check().is_err(), "{text}");
    }
    let narrow: Settings = toml::from_str("window_days = 28\nwithin_days = [7, 28]").unwrap();
    assert_eq!(narrow.check(), Ok(()));
}

#[test]
fn entries_survive_packing() {
    for class in std::iter::once(None).chain(Class::ALL.map(Some)) {
        for (supported, days) in [(false, 0), (true, -7), (true, 91)] {
            let entry = Entry { class, supported, days };
            assert_eq!(Entry::unpack(entry.pack()), entry);
        }
    }
}

fn any_event() -> impl Strategy<Value = CareEvent> {
    let kinds =
        prop::sample::select(vec![EventType::Request, EventType::Assessment, EventType::Review]);
    (kinds, -20i32..110).prop_map(|(kind, days)| of_kind(kind, days))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Requests, assessments and reviews, read event by event.
    #[test]
    fn m04_agrees_with_the_events_read_one_by_one(
        people in prop::collection::vec(
            (prop::collection::vec(any_event(), 0..6), prop::option::weighted(0.3, 0i32..100)),
            1..10,
        ),
        pre in 0i32..10,
    ) {
        let makers: Vec<Maker> = people
            .iter()
            .map(|(events, death)| {
                let death = death.map_or("-".to_owned(), |days| at(days).to_string());
                person(&[stay(ADMISSION, DISCHARGE)], events, &death)
            })
            .collect();
        let results = run(&Settings { pre_days: pre, ..Settings::default() }, &makers);
        for (class, kind) in [
            ("any", None),
            ("request", Some(EventType::Request)),
            ("assessment", Some(EventType::Assessment)),
            ("review", Some(EventType::Review)),
        ] {
            let first: Vec<Option<i32>> = people
                .iter()
                .map(|(events, death)| {
                    let wanted = events.iter().filter(|e| kind.is_none_or(|k| e.event_type == k));
                    let days = wanted.map(|e| e.start.0 - at(0).0);
                    days.filter(|&d| -pre <= d && d <= 91.min(death.unwrap_or(999))).min()
                })
                .collect();
            for within in [0, 2, 7, 14, 28, 91] {
                let count = first.iter().flatten().filter(|&&d| d >= 0 && d <= within).count();
                let wanted = (Some(count as i64), Some(people.len() as i64));
                prop_assert_eq!(england(&results, &format!("{class}_within_{within}")), wanted);
            }
            if pre > 0 {
                let count = first.iter().flatten().filter(|&&d| d < 0).count() as i64;
                prop_assert_eq!(england(&results, &format!("{class}_in_stay")).0, Some(count));
            }
        }
    }

    #[test]
    fn merged_parts_are_the_whole(
        starts in prop::collection::vec(prop::option::of(-20i32..110), 0..10),
        cut in 0usize..10,
    ) {
        let people: Vec<Maker> = starts
            .iter()
            .map(|start| someone(&start.map(reablement).into_iter().collect::<Vec<_>>()))
            .collect();
        let frame = frame(&[june()]);
        let make = || FirstContact::new(&frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        assert_attrition_adds_up(&whole);
        let first: i64 = whole
            .measures
            .iter()
            .filter(|f| f.part == "first_event" && f.area.code == ENGLAND)
            .filter(|f| f.stratum.starts_with("first="))
            .filter_map(|f| f.numerator)
            .sum();
        prop_assert_eq!(first, people.len() as i64);
    }
}
