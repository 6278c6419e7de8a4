//! Cases and people against a reading of the tables row by row.

use crate::cld::settings::CldSettings;
use crate::hospital::settings::HospitalSettings;
use crate::instant::Instant;
use crate::link::events::{CasesAndEvents, EventCounts, Logs};
use crate::link::facts::{Facts, LinkSettings};
use crate::link::partition::{LinkCounts, Linker, Scratch};
use crate::link::person::Person;
use crate::progress::Silent;
use crate::read::{Inputs, LogInput, Records, read};
use crate::timeline::settings::TimelineSettings;
use crate::timeline::state::State;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Log, activity, start, end.
type Happened = (u16, String, i64, Option<i64>);
/// The events of each person in their order, by identifier.
type Linked = BTreeMap<String, Vec<Happened>>;

/// A row of a log: case, activity, minutes of the start, minutes from there to the end.
type Row = (usize, usize, i64, Option<i64>);

/// People and cases; some are the one and not the other.
const IDS: [&str; 8] = ["P1", "P2", "NA", "null", "0123", "SHARED", "P7", "P8"];
const ACTIVITIES: [&str; 3] = ["In", "NA", "Home"];
/// More months of birth than one person has.
const MONTHS_OF_MANY: u32 = 4;

fn time(minutes: i64) -> Instant {
    Instant(1_714_521_600_000 + minutes * 60_000)
}

fn log_text(rows: &[Row]) -> String {
    let mut text = String::from("id,what,from,until\n");
    for &(case, activity, start, length) in rows {
        let end = length.map_or(String::new(), |length| time(start + length).to_string());
        let (id, what) = (IDS[case], ACTIVITIES[activity]);
        writeln!(text, "{id},{what},{},{end}", time(start)).unwrap();
    }
    text
}

/// Admissions of these people; the one called `SHARED` has many months of birth.
fn stays_text(people: &BTreeSet<usize>) -> String {
    let mut text = String::from(
        "Der_Pseudo_NHS_Number,Der_Provider_Code,Admission_Date,Discharge_Date,Year_of_Birth,Month_of_Birth\n\
         ,RAA,2024-05-02,2024-05-06,1950,1\n",
    );
    for &person in people {
        let months = if IDS[person] == "SHARED" { MONTHS_OF_MANY } else { 1 };
        for month in 1..=months {
            let id = IDS[person];
            writeln!(text, "{id},RAA,2024-05-02,2024-05-06,1950,{month}").unwrap();
        }
    }
    text
}

/// Links everyone. Counts of parts add up.
fn link(
    records: &Records,
    timeline: &TimelineSettings,
    mut each: impl FnMut(&Person<'_>),
) -> LinkCounts {
    let settings = LinkSettings {
        cld: &CldSettings::default(),
        hospital: &HospitalSettings::default(),
        timeline,
        extra_values: &[],
        as_of: None,
    };
    let facts = Facts::new(records, &settings).unwrap();
    let logs = Logs::beside(records, &facts.event_states);
    let linker = Linker::new(settings, &facts, &records.texts).with_logs(logs);
    let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
    for partition in &records.partitions {
        let mut part = LinkCounts::default();
        linker.partition(partition, true, &mut scratch, &mut part, &mut each);
        counts.merge(&part);
    }
    counts
}

/// Links the people of these files on some threads.
fn linked(people: &BTreeSet<usize>, logs: &[Vec<Row>], threads: usize) -> (Linked, EventCounts) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let headings = [("case", "id"), ("activity", "what"), ("start", "from"), ("end", "until")];
    let log = |(n, rows): (usize, &Vec<Row>)| LogInput {
        name: format!("log {n}"),
        files: vec![file(&format!("{n}.csv"), log_text(rows))],
        columns: headings.map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
    };
    let inputs = Inputs {
        apc: vec![file("apc.csv", stays_text(people))],
        events: logs.iter().enumerate().map(log).collect(),
        ..Inputs::default()
    };
    let link_all = || {
        let records = read(&inputs, &Silent).unwrap();
        let mut found = Linked::new();
        let counts = link(&records, &TimelineSettings::default(), |person| {
            let key = |e: &&super::PersonEvent| (e.start, e.file, e.row);
            assert!(person.events.is_sorted_by_key(|event| key(&event)));
            if !person.is_known() {
                assert!(person.events.is_empty());
                return;
            }
            let name = |event: &super::PersonEvent| {
                let log = &records.logs[usize::from(event.activity.log)];
                log.activities[usize::from(event.activity.number)].to_string()
            };
            let happened = person.events.iter().map(|event| {
                let end = event.end.map(|end| end.0);
                (event.activity.log, name(event), event.start.0, end)
            });
            let id = String::from_utf8(person.id.text()).unwrap();
            found.insert(id, happened.collect());
        });
        let rules = counts.audit();
        let rules = rules.iter().filter(|(rule, _)| rule.stage == "linkage" && rule.step > 2);
        let all = counts.events.all();
        let filled = all.iter().flat_map(|count| [count.cases, count.events]);
        assert_eq!(rules.count(), filled.filter(|&count| count > 0).count());
        (found, counts.events)
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(link_all)
}

/// What every event becomes, one row after another.
fn slow(people: &BTreeSet<usize>, logs: &[Vec<Row>]) -> (Linked, EventCounts) {
    let known = |id: &usize| people.contains(id) && IDS[*id] != "SHARED";
    let known = people.iter().filter(|id| known(id)).map(|&id| IDS[id]);
    let mut found: Linked = known.map(|id| (id.to_owned(), Vec::new())).collect();
    let mut counts = EventCounts::default();
    for (n, rows) in (0u16..).zip(logs) {
        let mut cases = BTreeSet::new();
        for &(case, activity, start, length) in rows {
            let is_new = cases.insert(case);
            let id = IDS[case];
            let count = if let Some(events) = found.get_mut(id) {
                let end = length.map(|length| time(start + length).0);
                events.push((n, ACTIVITIES[activity].into(), time(start).0, end));
                &mut counts.linked
            } else if people.contains(&case) {
                &mut counts.shared
            } else {
                &mut counts.unmet
            };
            for count in [count, &mut counts.read] {
                count.cases += u64::from(is_new);
                count.events += 1;
            }
        }
    }
    (found, counts)
}

fn in_any_order(mut linked: Linked) -> Linked {
    linked.values_mut().for_each(|events| events.sort());
    linked
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0..IDS.len(), 0..ACTIVITIES.len(), 0i64..5_000, prop::option::of(-30i64..3_000));
    prop::collection::vec(row, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn events_are_those_of_the_person_whose_identifier_is_the_case(
        people in prop::collection::btree_set(0..IDS.len(), 0..IDS.len()),
        logs in prop::collection::vec(rows(), 1..3),
        turn in 0usize..30,
    ) {
        let wanted = slow(&people, &logs);
        let (found, counts) = linked(&people, &logs, 1);
        prop_assert_eq!(counts, wanted.1);
        prop_assert!(counts.adds_up());
        prop_assert_eq!(in_any_order(found), in_any_order(wanted.0.clone()));
        // neither the order of rows nor the number of threads matters
        let turned: Vec<Vec<Row>> = logs
            .iter()
            .map(|rows| {
                let mut rows: Vec<Row> = rows.iter().rev().copied().collect();
                let turn = turn % rows.len();
                rows.rotate_left(turn);
                rows
            })
            .collect();
        let (found, counts) = linked(&people, &turned, 3);
        prop_assert_eq!(counts, wanted.1);
        prop_assert_eq!(in_any_order(found), in_any_order(wanted.0));
    }
}

#[test]
fn events_of_one_moment_are_in_the_order_of_file_and_row() {
    let people = BTreeSet::from([0]);
    let logs =
        [vec![(0, 2, 60, None), (0, 0, 60, None), (0, 1, 0, None)], vec![(0, 1, 60, Some(5))]];
    let (found, _) = linked(&people, &logs, 2);
    let events = &found["P1"];
    let order: Vec<(u16, &str)> = events.iter().map(|event| (event.0, &*event.1)).collect();
    assert_eq!(order, [(0, "NA"), (0, "Home"), (0, "In"), (1, "NA")]);
    assert_eq!(events[3].3, Some(time(65).0));
}

#[test]
fn cases_meet_people_in_every_partition() {
    let ids: Vec<String> = (0..3_000).map(|n| format!("P{n}")).collect();
    let folder = tempfile::tempdir().unwrap();
    let stays: String = ids.iter().step_by(2).fold(
        "Der_Pseudo_NHS_Number,Der_Provider_Code,Admission_Date,Discharge_Date\n".into(),
        |text, id| text + id + ",RAA,2024-05-02,2024-05-06\n",
    );
    let log = ids.iter().step_by(3).fold("case,activity,start\n".to_owned(), |text, id| {
        text + id + ",In,2024-05-01\n" + id + ",Out,2024-05-02\n"
    });
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let log = LogInput {
        name: "log".into(),
        files: vec![file("log.csv", &log)],
        columns: BTreeMap::new(),
    };
    let of = |apc: Vec<std::path::PathBuf>| {
        let inputs = Inputs { apc, events: vec![log.clone()], ..Inputs::default() };
        let records = read(&inputs, &Silent).unwrap();
        let timeline = TimelineSettings {
            event_states: BTreeMap::from([("In".to_owned(), State::ShortTermBed)]),
            ..TimelineSettings::default()
        };
        let counts = link(&records, &timeline, |person| {
            let number: usize =
                std::str::from_utf8(&person.id.text()[1..]).unwrap().parse().unwrap();
            let is_case = number.is_multiple_of(3);
            assert_eq!(person.events.len(), if is_case { 2 } else { 0 });
        });
        (counts.events, counts.lines.event_rows, counts.lines.event_no_end)
    };
    let both = |cases| CasesAndEvents { cases, events: 2 * cases };
    let wanted =
        EventCounts { read: both(1_000), unmet: both(500), shared: both(0), linked: both(500) };
    assert_eq!(of(vec![file("apc.csv", &stays)]), (wanted, 500, 500));
    // of event logs alone nothing is said
    assert_eq!(of(Vec::new()), (EventCounts::default(), 0, 0));
}
