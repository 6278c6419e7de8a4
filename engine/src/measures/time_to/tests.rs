mod activities;

use super::*;
use crate::cohort::CohortSettings;
use crate::figure::CurveRow;
use crate::measures::fixture::*;
use proptest::prelude::*;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::EventType;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::{Cips, EndKind};
use throughcare_linkage::timeline::death::Death;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::{Line, State, Visit};

const ADMISSION: &str = "2024-04-20";
const DISCHARGE: &str = "2024-05-01";

fn year() -> Period {
    period("2024-04-01", "2025-03-31")
}

fn settings(anchor: &str, events: &[&str]) -> Settings {
    let events = events.iter().map(|event| Target::from((*event).to_owned()));
    Settings {
        name: "test".into(),
        occupancy_days: Vec::new(),
        anchor: Anchor::from(anchor.to_owned()),
        events: events.collect(),
        horizon_days: 30,
        by: Vec::new(),
        horizons: vec![7, 30],
        index: Index::First,
        cohort: CohortSettings::default(),
        outside_care_home: true,
        periods: Vec::new(),
    }
}

fn run(settings: &Settings, people: &[Maker], frame: &Frame) -> Results {
    let mut times = TimeTo::new(settings, frame);
    people.iter().for_each(|person| person.with(|person| times.add(person)));
    let mut results = Results::default();
    times.finish(&mut results);
    results
}

/// England's row of an event on a day.
fn row<'a>(results: &'a Results, event: &str, day: i32) -> &'a CurveRow {
    let of = |row: &&CurveRow| {
        (&*row.event, row.point.day, &*row.area_code, &*row.stratum) == (event, day, ENGLAND, "")
    };
    results.curves.iter().find(of).unwrap_or_else(|| panic!("no row {event} {day}"))
}

/// Days with events in England: `(event, day, how many)`.
fn happened(results: &Results) -> Vec<(&str, i32, i64)> {
    let england = results.curves.iter().filter(|row| row.area_code == ENGLAND);
    let england = england.filter(|row| row.stratum.is_empty() && row.point.events > 0);
    england.map(|row| (&*row.event, row.point.day, row.point.events)).collect()
}

fn interval(state: State, start: Day, end: Day) -> Interval {
    Interval {
        start,
        end,
        record: 1,
        id: 0,
        la: 0,
        state,
        held: false,
        mask_only: false,
        admission: false,
        discharge: false,
    }
}

/// One discharge, observed at home until the last day after it.
fn discharged(last_day: i32) -> Maker {
    let end = day(DISCHARGE).plus(last_day + 1).to_string();
    let states = [(ADMISSION, State::InpatientEmergency), (DISCHARGE, State::Home)];
    Maker { line: line(&states, &end), ..Maker::of_cips(&[cips(ADMISSION, DISCHARGE)]) }
}

fn dies(mut person: Maker, after: i32) -> Maker {
    let died = day(DISCHARGE).plus(after);
    person.death = Death { chosen: died.into(), ..Death::default() };
    person.line.death = died.into();
    person.line.visits.retain(|visit| visit.start < died);
    if let Some(last) = person.line.visits.last_mut() {
        last.end = died;
    }
    person
}

fn readmitted(mut person: Maker, after: i32) -> Maker {
    let admission = day(DISCHARGE).plus(after);
    person.cips.push(cips(&admission.to_string(), &admission.plus(3).to_string()));
    person
}

fn enters_care_home(mut person: Maker, after: i32) -> Maker {
    let start = day(DISCHARGE).plus(after);
    person.intervals.push(interval(State::Residential, start, start.plus(400)));
    person
}

fn frame_of_year() -> Frame {
    frame(&[year()], "2025-07-01")
}

const EVENTS: [&str; 3] = ["readmission", "care_home", "death"];

#[test]
fn m09_example_of_twelve_discharges() {
    let seen = |last_day| discharged(last_day);
    let people = [
        readmitted(seen(200), 0),
        readmitted(seen(200), 3),
        dies(seen(200), 5),
        readmitted(seen(200), 8),
        seen(8),
        enters_care_home(seen(200), 12),
        readmitted(seen(200), 15),
        seen(20),
        readmitted(seen(200), 25),
        seen(200),
        seen(200),
        seen(200),
    ];
    let results = run(&settings("discharge", &EVENTS), &people, &frame_of_year());
    let wanted = [("readmission", 13.0 / 28.0), ("death", 1.0 / 12.0), ("care_home", 2.0 / 21.0)];
    for (event, estimate) in wanted {
        assert!((row(&results, event, 30).point.estimate - estimate).abs() < 1e-12, "{event}");
    }
    let at_30 = row(&results, "readmission", 30).point;
    assert!((at_30.variance - 1_619.0 / 65_856.0).abs() < 1e-12);
    assert_eq!((at_30.at_risk, at_30.censored), (3, 3));
    // every day for England, the horizons for the council
    let days = |area: &str, event: &str| {
        let rows = results.curves.iter().filter(|row| row.area_code == area && row.event == event);
        rows.map(|row| row.point.day).collect::<Vec<_>>()
    };
    assert_eq!(days(ENGLAND, "death"), (0..=30).collect::<Vec<_>>());
    assert_eq!(days("202", "death"), [7, 30]);
    assert_attrition_adds_up(&results);
}

#[test]
fn m09_on_one_day_the_event_named_first_counts() {
    let both = || dies(enters_care_home(readmitted(discharged(90), 4), 4), 4);
    let people = [both()];
    let of = |events: &[&str]| {
        let results = run(&settings("discharge", events), &people, &frame_of_year());
        happened(&results).first().map(|row| row.0.to_owned())
    };
    assert_eq!(of(&EVENTS).as_deref(), Some("readmission"));
    assert_eq!(of(&["death", "care_home", "readmission"]).as_deref(), Some("death"));
    assert_eq!(of(&["death", "care_home"]).as_deref(), Some("death"));
}

#[test]
fn x18_care_home_entries_around_the_stay() {
    let entering = |from: i32, to: i32| {
        let mut person = discharged(90);
        let (start, end) = (day(ADMISSION).plus(from), day(DISCHARGE).plus(to));
        person.intervals.push(interval(State::Nursing, start, end));
        person
    };
    let of = |person: Maker| {
        let results = run(&settings("discharge", &EVENTS), &[person], &frame_of_year());
        let happened = happened(&results).iter().map(|row| (row.0.to_owned(), row.1)).collect();
        let starts = results.attrition.last().map(|step| step.records_left);
        let happened: Vec<(String, i32)> = happened;
        (happened, starts)
    };
    let entry = |day| vec![("care_home".to_owned(), day)];
    // during the stay and still open: day 0; ended before the discharge: none
    assert_eq!(of(entering(2, 50)), (entry(0), Some(1)));
    assert_eq!(of(entering(2, 0)), (vec![], Some(1)));
    // there on the day of admission: not at risk; ended the day before: at risk
    assert_eq!(of(entering(0, 50)), (vec![], Some(0)));
    assert_eq!(of(entering(-30, -11)), (vec![], Some(1)));
    assert_eq!(of(enters_care_home(discharged(90), 30)), (entry(30), Some(1)));
    assert_eq!(of(enters_care_home(discharged(90), 31)), (vec![], Some(1)));
    let mut keep = settings("discharge", &EVENTS);
    keep.outside_care_home = false;
    let results = run(&keep, &[entering(0, 50)], &frame_of_year());
    assert_eq!(row(&results, "care_home", 0).point.at_risk, 1);
}

#[test]
fn x18_follow_up_ends_at_the_earlier_end() {
    let people = [discharged(200)];
    let censored_on = |settings: &Settings, frame: &Frame, people: &[Maker]| {
        let results = run(settings, people, frame);
        results.curves.iter().find(|row| row.point.censored > 0).map(|row| row.point.day)
    };
    let linked = settings("discharge", &EVENTS);
    let hospital = settings("discharge", &["readmission", "death"]);
    // 2024-05-11 is the first day that hospital data do not cover
    let short = frame(&[year()], "2024-05-11");
    assert_eq!(censored_on(&hospital, &short, &people), Some(9));
    assert_eq!(censored_on(&linked, &short, &people), Some(9));
    let care = Frame { joined: Some(period("2023-04-01", "2024-05-05")), ..frame_of_year() };
    assert_eq!(censored_on(&linked, &care, &people), Some(4));
    assert_eq!(censored_on(&hospital, &care, &people), Some(30));
    // unobserved days end it, but only where social care is looked at
    let mut gap = discharged(200);
    let unobserved = day(DISCHARGE).plus(12);
    let last = gap.line.visits[1];
    gap.line.visits[1].end = unobserved;
    gap.line.visits.push(Visit { start: unobserved, state: State::Unobserved, ..last });
    assert_eq!(censored_on(&linked, &frame_of_year(), &[gap.clone()]), Some(11));
    assert_eq!(censored_on(&hospital, &frame_of_year(), &[gap]), Some(30));
    // an event on the last day counts, one after it does not
    let on_last = [readmitted(discharged(200), 9)];
    assert_eq!(happened(&run(&hospital, &on_last, &short)), [("readmission", 9, 1)]);
    let after = [readmitted(discharged(200), 10)];
    assert_eq!(happened(&run(&hospital, &after, &short)), []);
}

#[test]
fn m09_the_first_start_of_a_person_counts_by_default() {
    let twice = [
        cips("2024-05-01", "2024-05-05"),
        cips("2024-05-15", "2024-05-20"),
        cips("2024-06-30", "2024-07-02"),
    ];
    let people = [Maker::of_cips(&twice)];
    let mut settings = settings("discharge", &["readmission", "death"]);
    let first = run(&settings, &people, &frame_of_year());
    assert_eq!(happened(&first), [("readmission", 10, 1)]);
    assert_attrition_adds_up(&first);
    let last = first.attrition.last().unwrap();
    assert_eq!((last.rule, last.records_out, last.records_left), ("M9", 2, 1));
    settings.index = Index::All;
    let all = run(&settings, &people, &frame_of_year());
    assert_eq!(row(&all, "readmission", 0).point.at_risk, 3);
    assert_eq!(happened(&all), [("readmission", 10, 1)]);
}

#[test]
fn m08_planned_stays_day_cases_and_inner_stays_are_passed_over() {
    let day_case = Cips { day_case: true, ..cips("2024-05-03", "2024-05-03") };
    let stays = [
        cips(ADMISSION, DISCHARGE),
        day_case,
        planned("2024-05-06", "2024-05-08"),
        cips("2024-05-12", "2024-05-13"),
    ];
    let people = [Maker::of_cips(&stays)];
    let of = |event| happened_on(&people, "discharge", event);
    assert_eq!(of("readmission"), Some(11));
    assert_eq!(of("any_admission"), Some(5));
}

fn happened_on(people: &[Maker], anchor: &str, event: &str) -> Option<i32> {
    let results = run(&settings(anchor, &[event]), people, &frame_of_year());
    happened(&results).first().map(|row| row.1)
}

#[test]
fn other_anchors_and_events() {
    let request = CareEvent {
        la: 1,
        ..crate::measures::care_fixture::event(EventType::Request, "2024-04-10", "2024-04-12")
    };
    let states = [
        ("2024-04-10", State::Awaiting),
        (ADMISSION, State::InpatientEmergency),
        (DISCHARGE, State::StMax),
        ("2024-05-20", State::Home),
    ];
    let mut person = Maker {
        joined: vec![request],
        line: line(&states, "2025-01-01"),
        ..Maker::of_cips(&[cips(ADMISSION, DISCHARGE), cips("2024-05-25", "2024-05-30")])
    };
    person.intervals.push(interval(State::StMax, day(DISCHARGE), day("2024-05-20")));
    let people = [person];
    assert_eq!(happened_on(&people, "request", "readmission"), Some(10));
    assert_eq!(happened_on(&people, "request", "service"), Some(21));
    assert_eq!(happened_on(&people, "discharge", "STMAX"), Some(0));
    assert_eq!(happened_on(&people, "STMAX", "HOME"), Some(19));
    assert_eq!(happened_on(&people, "STMAX", "readmission"), Some(24));
    assert_eq!(happened_on(&people, "admission", "STMAX"), Some(11));
    // the stay itself does not follow
    assert_eq!(happened_on(&people, "admission", "readmission"), None);
    assert_eq!(happened_on(&people, "IP_EM", "IP_EM"), None);
    assert_eq!(happened_on(&people, "STMAX", "STMAX"), None);
    // death and unobserved days are not entered, and what is nothing else is an activity
    for name in ["DEAD", "UNOBS", "STMX"] {
        assert_eq!(settings(name, &["death"]).unknown().unwrap().1, name);
        assert_eq!(settings("discharge", &["death", name]).unknown().unwrap().0, "events");
    }
    assert_eq!(settings("STMAX", &["death", "HOME"]).unknown(), None);
}

#[test]
fn m09_gray_compares_the_values_of_a_breakdown() {
    let man = |mut person: Maker| {
        person.cips.iter_mut().for_each(|stay| stay.sex = Code::new("1"));
        person
    };
    let mut people: Vec<Maker> = (1..9).map(|n| readmitted(discharged(90), n)).collect();
    people.extend(
        (1..9).map(|n| man(if n < 3 { readmitted(discharged(90), n) } else { discharged(90) })),
    );
    let mut settings = settings("discharge", &["readmission", "death"]);
    settings.by = vec!["sex".into()];
    let results = run(&settings, &people, &frame_of_year());
    let test = results.measures.iter().find(|figure| figure.part == "gray_test").unwrap();
    assert_eq!(test.stratum, "curve=test; event=readmission; between=sex");
    assert_eq!((test.measure, test.numerator, test.denominator), ("time_to", Some(10), Some(16)));
    let mut groups = [crate::survival::RiskTable::new(2), crate::survival::RiskTable::new(2)];
    for n in 1..9 {
        groups[1].add(n, Exit::Event(0), 1);
        let exit = if n < 3 { Exit::Event(0) } else { Exit::Censored };
        groups[0].add(if n < 3 { n } else { 30 }, exit, 1);
    }
    let wanted = crate::survival::gray(&groups, 0).unwrap();
    assert_eq!(test.value, crate::figure::Value::Statistic(wanted.chi_square));
    // nobody died: nothing to compare
    assert!(!results.measures.iter().any(|figure| figure.stratum.contains("event=death")));
    let strata: std::collections::BTreeSet<&str> =
        results.curves.iter().map(|row| &*row.stratum).collect();
    assert_eq!(strata.into_iter().collect::<Vec<_>>(), ["", "sex=Female", "sex=Male"]);
}

#[test]
fn m08_the_mean_time_without_an_event_is_counted_up_to_the_horizon() {
    let mut people: Vec<Maker> = (1..5).map(|n| readmitted(discharged(90), n)).collect();
    people.push(discharged(90));
    let mut settings = settings("discharge", &["readmission", "death"]);
    let mean = |settings: &Settings| {
        let results = run(settings, &people, &frame_of_year());
        let row = results.measures.iter().find(|figure| figure.part == "restricted_mean");
        row.unwrap().clone()
    };
    let row = mean(&settings);
    assert_eq!((&*row.stratum, row.numerator, row.denominator), ("curve=test", Some(4), Some(5)));
    // 1, 2, 3, 4 and 30 days
    let crate::figure::Value::Statistic(value) = row.value else { panic!("no mean") };
    assert!((value - 8.0).abs() < 1e-9);
    let (lower, upper) = row.interval.unwrap();
    assert!((0.0..8.0).contains(&lower) && 8.0 < upper && upper <= 30.0);
    // nobody is followed to the horizon, and one had no event before that
    settings.horizon_days = 3000;
    assert_eq!(mean(&settings).value, crate::figure::Value::Unavailable);
}

#[test]
fn m09_where_people_are_comes_with_the_curves_unless_no_day_is_asked_for() {
    let people = [discharged(90)];
    let mut settings = settings("discharge", &["readmission", "death"]);
    let days = |settings: &Settings| {
        let results = run(settings, &people, &frame_of_year());
        let rows = results.measures.iter().filter(|figure| figure.part == "in_state");
        rows.filter(|row| !row.stratum.contains("state=")).count()
    };
    assert_eq!(days(&settings), 0);
    // each in England and in the council
    settings.occupancy_days = vec![7, 14];
    assert_eq!(days(&settings), 2 * 2);
    settings.occupancy_days = vec![7, 7];
    assert!(settings.check().is_err());
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    let good = settings("discharge", &EVENTS);
    assert!(good.check().is_ok());
    let fault = |change: &dyn Fn(&mut Settings)| {
        let mut settings = good.clone();
        change(&mut settings);
        settings.check().unwrap_err()
    };
    assert!(fault(&|s| s.name = "a=b".into()).contains("without ; and ="));
    assert!(fault(&|s| s.events.clear()).contains("at least one event"));
    assert!(fault(&|s| s.events.push(Target::Death)).contains("none twice"));
    assert!(fault(&|s| s.by = vec!["region".into()]).contains("is no breakdown of curves"));
    assert!(fault(&|s| s.horizons = vec![7, 7]).contains("none twice"));
    assert!(fault(&|s| s.cohort.unit = Some(crate::stay::StayUnit::Spell)).contains("follow CIPS"));
}

/// A person of the property tests: days after the discharge of what may happen, last day observed.
#[derive(Clone, Debug)]
struct Story {
    readmission: Option<i32>,
    care_home: Option<(i32, i32)>,
    death: Option<i32>,
    last_day: i32,
}

fn maker(story: &Story) -> Maker {
    let mut person = discharged(story.last_day);
    if let Some(after) = story.readmission {
        person = readmitted(person, after);
        // of which no discharge is known: not an index discharge itself
        person.cips[1].end_kind = EndKind::Censored;
    }
    if let Some((from, days)) = story.care_home {
        let start = day(DISCHARGE).plus(from);
        person.intervals.push(interval(State::Nursing, start, start.plus(days)));
    }
    match story.death {
        Some(after) if after <= story.last_day => dies(person, after),
        _ => person,
    }
}

/// The first event or the last day, day by day as M9 and X-18 have it; none when not at risk.
fn slow(story: &Story) -> Option<(i32, Option<usize>)> {
    let stay = day(DISCHARGE).since(day(ADMISSION));
    let death = story.death.filter(|&after| after <= story.last_day);
    let in_home =
        |on: i32| story.care_home.is_some_and(|(from, days)| from <= on && on < from + days);
    if in_home(-stay) {
        return None;
    }
    let last = death.unwrap_or(story.last_day).min(30);
    for on in 0..=last {
        let enters = story
            .care_home
            .is_some_and(|(from, days)| from > -stay && from + days > 0 && from.max(0) == on);
        let events = [story.readmission == Some(on), enters, death == Some(on)];
        if let Some(event) = events.iter().position(|&is_so| is_so) {
            return Some((on, Some(event)));
        }
    }
    Some((last, None))
}

fn stories() -> impl Strategy<Value = Vec<Story>> {
    let story = (
        prop::option::of(0i32..40),
        prop::option::of((-20i32..40, 1i32..60)),
        prop::option::of(0i32..40),
        0i32..60,
    );
    let story = story.prop_map(|(readmission, care_home, death, last_day)| Story {
        readmission,
        care_home,
        death,
        last_day,
    });
    prop::collection::vec(story, 1..25)
}

proptest! {
    #[test]
    fn m09_times_are_those_of_a_day_by_day_reading(stories in stories()) {
        let people: Vec<Maker> = stories.iter().map(maker).collect();
        let results = run(&settings("discharge", &EVENTS), &people, &frame_of_year());
        let times: Vec<_> = stories.iter().filter_map(slow).collect();
        prop_assert_eq!(results.attrition.last().unwrap().records_left, times.len() as i64);
        for (cause, event) in EVENTS.iter().enumerate() {
            let rows = results.curves.iter().filter(|row| row.area_code == ENGLAND);
            for row in rows.filter(|row| row.event == *event) {
                let on = |time: &&(i32, Option<usize>)| time.0 == row.point.day;
                let at = |exit| times.iter().filter(on).filter(|t| t.1 == exit).count() as i64;
                prop_assert_eq!(row.point.events, at(Some(cause)), "{} {}", event, row.point.day);
                prop_assert_eq!(row.point.censored, at(None));
                let at_risk = times.iter().filter(|time| time.0 >= row.point.day).count() as i64;
                prop_assert_eq!(row.point.at_risk, at_risk);
            }
        }
    }

    #[test]
    fn merged_times_are_the_whole(stories in stories(), cut in 0usize..25) {
        let people: Vec<Maker> = stories.iter().map(maker).collect();
        let mut settings = settings("discharge", &EVENTS);
        settings.by = vec!["age_band".into()];
        let frame = frame_of_year();
        let (left, right) = people.split_at(cut.min(people.len()));
        let counted = |part: &[Maker]| {
            let mut times = TimeTo::new(&settings, &frame);
            part.iter().for_each(|person| person.with(|person| times.add(person)));
            times
        };
        let whole = run(&settings, &people, &frame);
        for (first, second) in [(left, right), (right, left)] {
            let mut times = counted(first);
            times.merge(counted(second));
            let mut results = Results::default();
            times.finish(&mut results);
            prop_assert_eq!(&results, &whole);
        }
    }
}

#[test]
fn nobody_and_nothing() {
    let nobody = Maker { nobody: true, unlinkable: true, ..discharged(90) };
    let results = run(&settings("discharge", &EVENTS), &[nobody], &frame_of_year());
    assert!(results.curves.is_empty() && results.measures.is_empty());
    assert_attrition_adds_up(&results);
    let empty = Maker { line: Line::default(), ..Maker::default() };
    assert!(run(&settings("STMAX", &EVENTS), &[empty], &frame_of_year()).curves.is_empty());
}
