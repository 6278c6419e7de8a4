use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::identifier::Identifier;
use throughcare_linkage::instant::Instant;
use throughcare_linkage::records::event::LogEvent;

fn event((activity, start): (u16, i64), row: u32) -> LogEvent {
    LogEvent { start: Instant(start), end: Instant(start), row, file: 0, activity }
}

/// Counts cases of activities and starts, which ascend.
fn count(cases: &[Vec<(u16, i64)>]) -> LogCounts {
    let mut counts = LogCounts::default();
    for case in cases {
        let events: Vec<LogEvent> = case.iter().zip(1..).map(|(&e, row)| event(e, row)).collect();
        counts.add(&Case { id: Identifier::default(), events: &events });
    }
    counts
}

fn log() -> EventLog {
    let activities = ["b", "a", "c"].map(Box::from).to_vec();
    EventLog { name: "log".into(), partitions: Vec::new(), activities }
}

fn finished(counts: LogCounts, most_paths: usize) -> Results {
    let mut results = Results::default();
    counts.finish(&log(), most_paths, &mut results);
    results
}

const HOUR: i64 = 3_600_000;

#[test]
fn edges_join_each_event_to_the_next_of_its_case() {
    // b a a | a | b a
    let cases = vec![
        vec![(0, 0), (1, 2 * HOUR), (1, 2 * HOUR)],
        vec![(1, 5 * HOUR)],
        vec![(0, HOUR), (1, 5 * HOUR)],
    ];
    let results = finished(count(&cases), 10);
    let edges: Vec<_> = results
        .transitions
        .iter()
        .map(|e| (&*e.from, &*e.to, e.count, e.people, e.from_total, e.total_time / HOUR, e.stays))
        .collect();
    assert_eq!(
        edges,
        [
            (START, "a", 1, 1, 3, 0, 0),
            (START, "b", 2, 2, 3, 0, 0),
            ("a", "a", 1, 1, 4, 0, 1),
            ("a", END, 3, 3, 4, 0, 0),
            ("b", "a", 2, 2, 2, 6, 2),
        ]
    );
    assert_eq!(results.transitions[4].quartiles_days.map(|q| q.unwrap() * 24.0), [2.5, 3.0, 3.5]);
    let states: Vec<_> = results
        .states
        .iter()
        .map(|s| (&*s.state, s.visits, s.people, s.total_time / HOUR, s.starts, s.ends))
        .collect();
    assert_eq!(
        states,
        [
            (START, 3, 3, 0, 3, 0),
            ("a", 4, 3, 0, 1, 3),
            ("b", 2, 2, 6, 2, 0),
            ("c", 0, 0, 0, 0, 0),
            (END, 3, 3, 0, 0, 3),
        ]
    );
    let paths: Vec<_> = results.pathways.iter().map(|p| (&*p.path, p.people, p.of)).collect();
    assert_eq!(paths, [("a", 1, 3), ("b > a", 1, 3), ("b > a > a", 1, 3)]);
}

#[test]
fn ties_are_counted_by_case() {
    let counts = count(&[vec![(0, 1), (1, 1), (2, 1)], vec![(0, 1), (1, 2)]]);
    assert_eq!((counts.cases, counts.events, counts.tied), (2, 5, 1));
}

#[test]
fn an_event_with_an_end_lasts_until_the_next_begins_and_the_last_until_it_ends() {
    let mut events = [event((0, 0), 1), event((1, 10), 2)];
    events[0].end = Instant(4);
    events[1].end = Instant(17);
    let mut counts = LogCounts::default();
    counts.add(&Case { id: Identifier::default(), events: &events });
    assert_eq!((counts.edges.node(0).millis, counts.edges.node(1).millis), (10, 7));
    let results = finished(counts, 1);
    assert_eq!(results.pathways[0].median_days, Some(17.0 / DAY_MILLIS as f64));
}

fn cases() -> impl Strategy<Value = Vec<Vec<(u16, i64)>>> {
    let case = prop::collection::vec((0u16..3, 0i64..5), 1..7).prop_map(|mut case| {
        // starts ascend
        let mut at = 0;
        for (_, start) in &mut case {
            at += *start;
            *start = at;
        }
        case
    });
    prop::collection::vec(case, 0..25)
}

proptest! {
    #[test]
    fn counts_are_those_of_a_plain_reading(cases in cases()) {
        let results = finished(count(&cases), 100);
        let names = ["b", "a", "c"];
        let mut gaps: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
        let mut makers: BTreeMap<(&str, &str), BTreeSet<usize>> = BTreeMap::new();
        let mut paths: BTreeMap<String, i64> = BTreeMap::new();
        for (n, case) in cases.iter().enumerate() {
            for pair in case.windows(2) {
                let key = (names[pair[0].0 as usize], names[pair[1].0 as usize]);
                gaps.entry(key).or_default().push(pair[1].1 - pair[0].1);
                makers.entry(key).or_default().insert(n);
            }
            let path: Vec<&str> = case.iter().map(|event| names[event.0 as usize]).collect();
            *paths.entry(path.join(" > ")).or_default() += 1;
        }
        let inner = |t: &&Transition| t.from != START && t.to != END;
        let found: Vec<&Transition> = results.transitions.iter().filter(inner).collect();
        prop_assert_eq!(found.len(), gaps.len());
        for (edge, (key, gaps)) in found.into_iter().zip(&mut gaps) {
            prop_assert_eq!((&*edge.from, &*edge.to), *key);
            prop_assert_eq!(edge.count, gaps.len() as i64);
            prop_assert_eq!(edge.people, makers[key].len() as i64);
            prop_assert_eq!(edge.total_time, gaps.iter().sum::<i64>());
            gaps.sort_unstable();
            let middle = (gaps[(gaps.len() - 1) / 2] + gaps[gaps.len() / 2]) as f64 / 2.0;
            let median = edge.quartiles_days[1].unwrap() * DAY_MILLIS as f64;
            prop_assert!((median - middle).abs() < 1e-6);
        }
        let mut wanted: Vec<(i64, String)> = paths.into_iter().map(|(p, n)| (-n, p)).collect();
        wanted.sort();
        let found: Vec<(i64, String)> =
            results.pathways.into_iter().map(|p| (-p.people, p.path)).collect();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn merged_counts_are_those_of_all_cases(cases in cases(), cut in 0usize..25) {
        let cut = cut.min(cases.len());
        let whole = finished(count(&cases), 100);
        prop_assert_eq!(&finished(count(&cases[..cut]).merge(count(&cases[cut..])), 100), &whole);
        prop_assert_eq!(finished(count(&cases[cut..]).merge(count(&cases[..cut])), 100), whole);
    }
}
