//! Events of logs as starts and ends of time.

use super::*;
use crate::activities::Activity;
use throughcare_linkage::instant::{DAY_MILLIS, Instant};
use throughcare_linkage::link::activities::Activity as Number;
use throughcare_linkage::link::events::PersonEvent;

const HOUR: i64 = DAY_MILLIS / 24;

/// In, Seen and Home of one log, and Seen of another.
fn number(name: &str) -> Number {
    let at = |log, number| Number { log, number };
    match name {
        "In" => at(0, 0),
        "Seen" => at(0, 1),
        "Home" => at(0, 2),
        "clinic: Seen" => at(1, 0),
        _ => panic!("no activity {name}"),
    }
}

/// Settings whose activities were found in logs that end before a day.
fn of_logs(anchor: &str, events: &[&str], until: &str) -> Settings {
    let mut settings = settings(anchor, events);
    let found = |activity: &Activity| {
        let name = activity.name();
        Activity::numbered(name, number(name), day(until))
    };
    if let Anchor::Activity(activity) = &mut settings.anchor {
        *activity = found(activity);
    }
    for event in &mut settings.events {
        if let Target::Activity(activity) = event {
            *activity = found(activity);
        }
    }
    settings
}

/// Events of a log at hours after midnight of the discharge.
fn logged(mut person: Maker, events: &[(&str, i64)]) -> Maker {
    person.events = (1u32..)
        .zip(events)
        .map(|(row, &(name, hours))| {
            let start = Instant(Instant::midnight(day(DISCHARGE)).0 + hours * HOUR);
            PersonEvent { activity: number(name), start, end: None, file: 1, row }
        })
        .collect();
    person.events.sort_by_key(|event| (event.start, event.row));
    person
}

fn days(settings: &Settings, person: &Maker) -> Vec<(String, i32, i64)> {
    let results = run(settings, std::slice::from_ref(person), &frame_of_year());
    assert_attrition_adds_up(&results);
    happened(&results).into_iter().map(|(event, day, n)| (event.to_owned(), day, n)).collect()
}

fn at(event: &str, day: i32) -> Vec<(String, i32, i64)> {
    vec![(event.to_owned(), day, 1)]
}

#[test]
fn m09_an_activity_ends_time_on_the_day_of_its_start() {
    let seen = of_logs("discharge", &["Seen", "death"], "2025-01-01");
    let of = |events: &[(&str, i64)]| days(&seen, &logged(discharged(200), events));
    // late on the third day; the day of the discharge counts, the day before does not
    assert_eq!(of(&[("Seen", 71)]), at("Seen", 2));
    assert_eq!(of(&[("Seen", 0), ("Seen", 40)]), at("Seen", 0));
    assert_eq!(of(&[("Seen", -1)]), []);
    // another activity, and the same name in another log, do not count
    assert_eq!(of(&[("Home", 5), ("clinic: Seen", 5)]), []);
    // nothing after the death is the person's any more
    let late = logged(dies(discharged(200), 4), &[("Seen", 5 * 24)]);
    assert_eq!(days(&seen, &late), at("death", 4));
    let alone = of_logs("discharge", &["Seen"], "2025-01-01");
    assert_eq!(days(&alone, &late), []);
    let on_day = logged(dies(discharged(200), 4), &[("Seen", 4 * 24 + 3)]);
    assert_eq!(days(&seen, &on_day), at("Seen", 4));
}

#[test]
fn m09_an_activity_starts_time_and_does_not_follow_itself() {
    let of = |events: &[&str], log: &[(&str, i64)]| {
        days(&of_logs("In", events, "2025-01-01"), &logged(discharged(200), log))
    };
    // what was earlier on the day did not follow; what has the same moment did, whatever the rows say
    assert_eq!(of(&["Seen"], &[("Seen", 9), ("In", 10)]), []);
    assert_eq!(of(&["Seen"], &[("Seen", 10), ("In", 10)]), at("Seen", 0));
    assert_eq!(of(&["clinic: Seen"], &[("In", 10), ("clinic: Seen", 30)]), at("clinic: Seen", 1));
    // a second row of one moment is the start again
    assert_eq!(of(&["In"], &[("In", 10), ("In", 10)]), []);
    assert_eq!(of(&["In"], &[("In", 10), ("In", 10), ("In", 60)]), at("In", 2));
    // other events follow by days
    let person = logged(readmitted(discharged(200), 5), &[("In", 4 * 24 + 1), ("Home", 200)]);
    let settings = of_logs("In", &["readmission", "Home"], "2025-01-01");
    assert_eq!(days(&settings, &person), at("readmission", 1));
    // after the death, or outside the period, there is no start
    let dead = logged(dies(discharged(200), 1), &[("In", 48), ("Home", 60)]);
    assert_eq!(days(&of_logs("In", &["Home"], "2025-01-01"), &dead), []);
    assert_eq!(of(&["Home"], &[("In", -40 * 24), ("Home", -39 * 24)]), []);
}

#[test]
fn x18_follow_up_for_an_activity_ends_with_its_log() {
    // 2024-05-08 is the first day that the log does not have
    let settings = of_logs("discharge", &["Seen"], "2024-05-08");
    let last = |settings: &Settings, frame: &Frame| {
        let results = run(settings, &[logged(discharged(200), &[("In", 1)])], frame);
        results.curves.iter().find(|row| row.point.censored > 0).map(|row| row.point.day)
    };
    assert_eq!(last(&settings, &frame_of_year()), Some(6));
    // of a start alone nothing is asked afterwards
    let start = of_logs("In", &["readmission"], "2024-05-02");
    assert_eq!(last(&start, &frame_of_year()), Some(30));
    // deaths are on record as far as hospital stays, else as far as social care
    let deaths = of_logs("In", &["death"], "2024-05-02");
    let care = Frame { joined: Some(period("2023-04-01", "2024-05-11")), ..frame_of_year() };
    assert_eq!(last(&deaths, &care), Some(30));
    let care_alone = Frame { sus_start: care.sus_end, ..care };
    assert_eq!(last(&deaths, &care_alone), Some(10));
}

#[test]
fn the_council_of_a_start_is_that_of_the_latest_care() {
    let event = |la, start: &str| CareEvent {
        la,
        ..crate::measures::care_fixture::event(EventType::Request, start, start)
    };
    let mut person = logged(discharged(200), &[("In", 30), ("Home", 50)]);
    person.joined = vec![event(1, "2024-04-01"), event(2, "2024-05-02"), event(1, "2024-05-03")];
    let results = run(&of_logs("In", &["Home"], "2025-01-01"), &[person], &frame_of_year());
    let councils = results.curves.iter().filter(|row| row.point.events > 0);
    let councils: Vec<&str> = councils.map(|row| &*row.area_code).collect();
    assert_eq!(councils, [ENGLAND, "101"]);
}

/// Activities of the random logs.
const NAMES: [&str; 3] = ["In", "Seen", "Home"];

/// From each start in turn, hour by hour: the first event after it, or the last day on which one counts.
fn slow(log: &[(usize, i64)], last_day: i32) -> Option<(i32, Option<usize>)> {
    let day_of = |hours: i64| hours.div_euclid(24) as i32;
    let starts = log.iter().filter(|(name, _)| *name == 0).map(|&(_, hours)| hours);
    let start = starts.min()?;
    let last = last_day.min(day_of(start) + 30);
    if last < day_of(start) {
        return None;
    }
    for hour in start..=(i64::from(last) + 1) * 24 - 1 {
        // the event that is named first comes first on a day, so whole days are looked at together
        for cause in 1..NAMES.len() {
            let is_so = |&(name, hours): &(usize, i64)| {
                name == cause && hours >= start && day_of(hours) == day_of(hour)
            };
            if log.iter().any(is_so) {
                return Some((day_of(hour) - day_of(start), Some(cause - 1)));
            }
        }
    }
    Some((last - day_of(start), None))
}

proptest! {
    #[test]
    fn m09_times_between_activities_are_those_of_an_hour_by_hour_reading(
        logs in prop::collection::vec(
            prop::collection::vec((0..NAMES.len(), 0i64..40 * 24), 0..8),
            1..12,
        ),
        last_day in 10i32..60,
    ) {
        let until = day(DISCHARGE).plus(last_day + 1).to_string();
        let settings = of_logs("In", &["Seen", "Home"], &until);
        let people: Vec<Maker> = logs
            .iter()
            .map(|log| {
                let log: Vec<(&str, i64)> = log.iter().map(|&(n, hours)| (NAMES[n], hours)).collect();
                logged(discharged(200), &log)
            })
            .collect();
        let results = run(&settings, &people, &frame_of_year());
        assert_attrition_adds_up(&results);
        let times: Vec<_> = logs.iter().filter_map(|log| slow(log, last_day)).collect();
        prop_assert_eq!(results.attrition.last().unwrap().records_left, times.len() as i64);
        for (cause, event) in ["Seen", "Home"].iter().enumerate() {
            let rows = results.curves.iter().filter(|row| row.area_code == ENGLAND);
            for row in rows.filter(|row| row.event == *event) {
                let on = |time: &&(i32, Option<usize>)| time.0 == row.point.day;
                let at = |exit| times.iter().filter(on).filter(|t| t.1 == exit).count() as i64;
                prop_assert_eq!(row.point.events, at(Some(cause)));
                prop_assert_eq!(row.point.censored, at(None));
            }
        }
    }
}
