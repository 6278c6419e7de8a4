use super::*;
use crate::measures::care_fixture::{NORTHTON, With, event, service};
use crate::measures::fixture::{
    ENGLAND, Maker, assert_attrition_adds_up, day, england, figure, merged, period, results,
};
use crate::measures::linked_fixture::{covered, frame, person, stay};
use crate::wilson::wilson;
use proptest::prelude::*;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, EventType, ServiceType};
use throughcare_linkage::hospital::stay::Spell;

const ADMISSION: &str = "2024-06-01";
const DISCHARGE: &str = "2024-06-10";

fn year() -> Period {
    period("2024-04-01", "2025-03-31")
}

fn run(settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(&[year()]);
    results(NewCare::with_settings(settings, &frame), people, &frame)
}

fn with(text: &str) -> Settings {
    let settings: Settings = toml::from_str(text).unwrap();
    assert_eq!(settings.check(), Ok(()));
    settings
}

fn at(days: i32) -> Day {
    day(DISCHARGE).plus(days)
}

/// A service from one day to another, both included and counted from the discharge; open without an end.
fn care(kind: ServiceType, start: i32, end: Option<i32>) -> CareEvent {
    let event = service(kind, DISCHARGE, "-");
    CareEvent { start: at(start), end: end.map(at).into(), ..event }
}

fn residential(start: i32, end: Option<i32>) -> CareEvent {
    care(ServiceType::Residential, start, end).component(Component::LongTermResidential)
}

fn community(start: i32, end: Option<i32>) -> CareEvent {
    care(ServiceType::Community, start, end).component(Component::HomeSupport)
}

fn someone(events: &[CareEvent]) -> Maker {
    person(&[stay(ADMISSION, DISCHARGE)], events, "-")
}

#[test]
fn m06_worked_example() {
    // started in the stay and still open, days 30, 84 and 85, none
    let people = [
        someone(&[residential(-3, None)]),
        someone(&[residential(30, None)]),
        someone(&[residential(84, None)]),
        someone(&[residential(85, None)]),
        someone(&[]),
    ];
    let results = run(&Settings::default(), &people);
    assert_eq!(england(&results, "care_home_84"), (Some(3), Some(5)));
    assert_eq!(england(&results, "care_home_91"), (Some(4), Some(5)));
    let four = |limit: f64| (limit * 10_000.0).round() / 10_000.0;
    let limits = wilson(3, 5).map(|(lower, upper)| (four(lower), four(upper)));
    assert_eq!(limits, Some((0.2307, 0.8824)));
    let shown = figure(&results, "care_home_84", ENGLAND, "").interval;
    assert!(shown.is_some_and(
        |(lower, upper)| four(lower / 100.0) == 0.2307 && four(upper / 100.0) == 0.8824
    ));
    assert_attrition_adds_up(&results);
}

#[test]
fn m06_windows_include_their_last_day() {
    for (days, wanted) in [(28, [1, 1]), (29, [0, 1]), (91, [0, 1]), (92, [0, 0])] {
        let results = run(&Settings::default(), &[someone(&[community(days, None)])]);
        let got = ["community_28", "community_91"].map(|part| england(&results, part).0.unwrap());
        assert_eq!(got, wanted, "{days}");
    }
}

#[test]
fn m06_at_risk_of_a_community_package_needs_91_days_without_long_term_support() {
    // the admission is 9 days before the discharge
    let denominator =
        |event| england(&run(&Settings::default(), &[someone(&[event])]), "community_91").1;
    assert_eq!(denominator(community(-300, Some(-9 - 92))), Some(1), "92 days before");
    assert_eq!(denominator(community(-300, Some(-9 - 91))), Some(0), "91 days before");
    assert_eq!(denominator(residential(-300, Some(-9 - 91))), Some(0));
    assert_eq!(denominator(care(ServiceType::Prison, -300, Some(-20))), Some(0));
    assert_eq!(denominator(care(ServiceType::StMax, -300, Some(-20))), Some(1), "short-term");
    assert_eq!(denominator(community(-9, None)), Some(0), "from the day of admission");
    assert_eq!(denominator(community(-8, None)), Some(1));
}

#[test]
fn m06_at_risk_of_a_care_home_looks_at_the_day_of_admission_alone() {
    let denominator =
        |event, text: &str| england(&run(&with(text), &[someone(&[event])]), "care_home_91").1;
    assert_eq!(denominator(residential(-300, Some(-10)), ""), Some(1), "to the day before");
    assert_eq!(denominator(residential(-300, Some(-9)), ""), Some(0));
    assert_eq!(denominator(residential(-9, None), ""), Some(0));
    assert_eq!(denominator(community(-300, None), ""), Some(1));
    let prison = care(ServiceType::Prison, -300, Some(-5));
    assert_eq!(denominator(prison, ""), Some(1));
    assert_eq!(denominator(prison, "prison_is_care_home = true"), Some(0));
}

#[test]
fn m06_a_start_in_the_stay_counts_when_it_runs_on_the_day_of_discharge() {
    let numerator = |end, text: &str| {
        let people = [someone(&[residential(-3, end)])];
        england(&run(&with(text), &people), "care_home_84").0
    };
    assert_eq!(numerator(Some(0), ""), Some(1));
    assert_eq!(numerator(Some(-1), ""), Some(0));
    assert_eq!(numerator(None, "in_stay_counts = false"), Some(0));
}

#[test]
fn x19_a_placement_kept_over_the_stay_is_no_admission() {
    // closed on admission, open again after discharge: one placement, held
    let people = [someone(&[residential(-300, Some(-9)), residential(3, None)])];
    let results = run(&Settings::default(), &people);
    assert_eq!(england(&results, "care_home_84"), (Some(0), Some(0)));
    assert_eq!(england(&results, "community_91"), (Some(0), Some(0)));
}

#[test]
fn m06_an_entry_counts_for_the_latest_discharge_before_it() {
    let stays = [stay(ADMISSION, DISCHARGE), stay("2024-06-20", "2024-06-25")];
    let entered = |start: i32, text: &str| {
        let results = run(&with(text), &[person(&stays, &[residential(start, None)], "-")]);
        england(&results, "care_home_84")
    };
    assert_eq!(entered(20, ""), (Some(1), Some(2)), "30 June");
    assert_eq!(entered(20, "link = 'all'"), (Some(2), Some(2)));
    assert_eq!(entered(5, ""), (Some(1), Some(1)), "15 June: the second stay is not at risk");
    // during the second stay: day 0 of the second discharge, not day 12 of the first
    assert_eq!(entered(12, ""), (Some(1), Some(2)));
    // a discharge that is not at risk takes no entry away
    let events = [residential(-100, Some(-12)), residential(9, Some(11)), residential(20, None)];
    let results = run(&Settings::default(), &[person(&stays, &events, "-")]);
    assert!(england(&results, "care_home_84").0 >= Some(1));
}

#[test]
fn m06_followed_or_entered_or_dead() {
    let last = covered().end;
    let discharged = |days: i32, start: Option<i32>, death: Option<i32>| {
        let discharge = last.plus(-days);
        let spell = Spell { discharge, ..stay("2025-09-01", "2025-09-20") };
        let events =
            start.map(|start| CareEvent { start: discharge.plus(start), ..residential(0, None) });
        let known = event(EventType::Review, "2024-01-01", "2024-01-01");
        let death = death.map_or("-".into(), |days| discharge.plus(days).to_string());
        let events: Vec<_> = events.into_iter().chain([known]).collect();
        person(&[spell], &events, &death)
    };
    let frame = frame(&[period("2025-09-01", "2025-12-31")]);
    let of = |person: Maker| {
        let results = results(NewCare::new(&frame), &[person], &frame);
        england(&results, "care_home_84")
    };
    assert_eq!(of(discharged(84, None, None)), (Some(0), Some(1)));
    assert_eq!(of(discharged(83, None, None)), (Some(0), Some(0)));
    assert_eq!(of(discharged(83, Some(83), None)), (Some(1), Some(1)));
    assert_eq!(of(discharged(83, Some(84), None)), (Some(0), Some(0)), "after the data");
    assert_eq!(of(discharged(83, None, Some(83))), (Some(0), Some(1)));
    assert_eq!(of(discharged(83, None, Some(84))), (Some(0), Some(0)), "death not seen");
}

#[test]
fn m06_times_to_entry_end_with_death_and_where_it_competes_with_readmission() {
    let people = [
        someone(&[residential(-3, None)]),
        someone(&[residential(30, None)]),
        person(&[stay(ADMISSION, DISCHARGE)], &[], "2024-06-30"),
        person(
            &[stay(ADMISSION, DISCHARGE), stay("2024-06-15", "2026-01-31")],
            &[residential(40, None)],
            "-",
        ),
        someone(&[]),
    ];
    let days = |text: &str| {
        let frame = frame(&[year()]);
        let mut measure = NewCare::with_settings(&with(text), &frame);
        people.iter().for_each(|person| person.add_to(&mut measure, &frame));
        let endings = measure.endings(Item::CareHome);
        let england = endings[&Row::england(0)].clone();
        Ending::ALL.map(|ending| england.days(ending).iter().collect::<Vec<_>>())
    };
    let [readmission, entry, death, censored] = days("");
    assert_eq!(readmission, []);
    assert_eq!(entry, [(0, 1), (30, 1), (40, 1)]);
    assert_eq!((death, censored), (vec![(20, 1)], vec![(180, 1)]));
    let [readmission, entry, ..] = days("readmission_competes = true");
    assert_eq!((readmission, entry), (vec![(5, 1)], vec![(0, 1), (30, 1)]));
}

#[test]
fn packages_that_start_after_a_stay() {
    let package = |event: CareEvent| person(&[stay(ADMISSION, DISCHARGE)], &[event], "-");
    let people = [
        package(community(0, None)),
        package(community(28, None)),
        package(community(29, None)),
        package(residential(-2, None)), // in the stay, still open
        package(residential(-2, Some(-1))),
        person(&[], &[community(5, None)], "-"),
        Maker { unlinkable: true, ..package(community(3, None)) },
        package(care(ServiceType::StMax, 7, None).component(Component::Reablement)),
        // not new: nursing care within 91 days before
        person(
            &[stay(ADMISSION, DISCHARGE)],
            &[care(ServiceType::Nursing, -60, Some(-40)), community(5, None)],
            "-",
        ),
    ];
    let results = run(&Settings::default(), &people);
    let of = |stratum: &str, area: &str| {
        let figure = figure(&results, "starts_after_stay", area, stratum);
        (figure.numerator, figure.denominator)
    };
    assert_eq!(of("package=long_term", ENGLAND), (Some(3), Some(7)));
    assert_eq!(of("package=reablement", ENGLAND), (Some(1), Some(1)));
    assert_eq!(of("package=long_term", "100"), (Some(3), Some(7)), "by the council that provides");
    assert_attrition_adds_up(&results);
    assert_eq!(NORTHTON, 2);
}

#[test]
fn settings_are_checked() {
    for text in ["community_days = [91, 28]", "care_home_days = [-1]", "after_stay_days = -1"] {
        assert!(toml::from_str::<Settings>(text).unwrap().check().is_err(), "{text}");
    }
}

/// Discharges of one person that entered a care home within 84 days, by the steps of M6 on sets of days:
/// at risk, entered.
fn reference(stays: &[(i32, i32)], placements: &[(i32, i32)], death: Option<i32>) -> (i64, i64) {
    // bridge placements with at most one clear day between, then hold them over stays of up to 42 nights
    let mut joined: Vec<(i32, i32)> = Vec::new();
    for &(start, end) in placements.iter().filter(|p| death.is_none_or(|d| p.0 <= d)) {
        match joined.last_mut() {
            Some(last) if start - last.1 <= 2 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    let mut n = 0;
    while n + 1 < joined.len() {
        let (first, next) = (joined[n], joined[n + 1]);
        let held = stays.iter().any(|&(a, d)| {
            (1..=42).contains(&(d - a)) && (a - 1..=d).contains(&first.1) && next.0 - d <= 7
        });
        if held {
            joined[n].1 = first.1.max(next.1);
            joined.remove(n + 1);
        } else {
            n += 1;
        }
    }
    let at_risk: Vec<(i32, i32)> = stays
        .iter()
        .copied()
        .filter(|&(a, _)| !joined.iter().any(|&(start, end)| start <= a && a <= end))
        .collect();
    let mut entered = 0;
    for (i, &(_, d)) in at_risk.iter().enumerate() {
        let day_of = |&(start, end): &(i32, i32), (a, d): (i32, i32)| {
            if start >= d {
                Some(start - d)
            } else if start >= a && end >= d {
                Some(0)
            } else {
                None
            }
        };
        let first = |stay: (i32, i32)| {
            let days = joined.iter().enumerate();
            let days = days.filter_map(|(n, p)| Some((day_of(p, stay)?, n)));
            days.filter(|(days, _)| *days <= 180).min()
        };
        let Some((days, n)) = first(at_risk[i]) else { continue };
        let later = at_risk.iter().filter(|other| other.1 > d);
        let taken = later.copied().any(|other| first(other).is_some_and(|(_, m)| m == n));
        entered += i64::from(days <= 84 && !taken);
    }
    (at_risk.len() as i64, entered)
}

fn spans(count: usize) -> impl Strategy<Value = Vec<(i32, i32)>> {
    prop::collection::vec((1i32..60, 0i32..60), 0..count).prop_map(|steps| {
        let mut day = -80;
        let mut spans = Vec::new();
        for (gap, length) in steps {
            day += gap;
            spans.push((day, day + length));
            day += length;
        }
        spans
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn m06_agrees_with_the_steps_on_plain_days(
        stays in spans(5),
        placements in spans(5),
        death in prop::option::weighted(0.2, 150i32..400),
    ) {
        let spells: Vec<Spell> = stays
            .iter()
            .map(|&(a, d)| Spell { admission: at(a), discharge: at(d), ..stay(ADMISSION, DISCHARGE) })
            .collect();
        let events: Vec<CareEvent> =
            placements.iter().map(|&(start, end)| residential(start, Some(end))).collect();
        let death_text = death.map_or("-".into(), |days| at(days).to_string());
        // a review makes the person known to a council
        let known = event(EventType::Review, "2023-05-01", "2023-05-01");
        let events: Vec<CareEvent> = events.into_iter().chain([known]).collect();
        let maker = person(&spells, &events, &death_text);
        let frame = frame(&[period("2023-04-01", "2025-03-31")]);
        let found = results(NewCare::new(&frame), &[maker], &frame);
        let (at_risk, entered) = reference(&stays, &placements, death);
        prop_assert_eq!(england(&found, "care_home_84"), (Some(entered), Some(at_risk)));
    }

    #[test]
    fn merged_parts_are_the_whole(
        starts in prop::collection::vec(prop::option::of(-20i32..200), 0..10),
        cut in 0usize..10,
    ) {
        let people: Vec<Maker> = starts
            .iter()
            .map(|start| someone(&start.map(|s| community(s, None)).into_iter().collect::<Vec<_>>()))
            .collect();
        let frame = frame(&[year()]);
        let make = || NewCare::new(&frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        assert_attrition_adds_up(&whole);
        for part in ["community_28", "community_91", "care_home_84", "care_home_180"] {
            let last = whole.attrition.iter().rfind(|step| step.part == part);
            prop_assert_eq!(last.map(|step| step.records_left), england(&whole, part).1);
        }
    }
}
