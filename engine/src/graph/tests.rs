use super::counts::GraphCounts;
use super::*;
use proptest::prelude::*;

const NAMES: [&str; 8] = ["COMM", "NURS", "RES", "NONE", "STMAX", "EM", "EL", "DEAD"];

/// Lines as `(state, days)`; the last visit has no move out.
fn count(lines: &[Vec<(usize, i32)>]) -> GraphCounts {
    let mut counts = GraphCounts::new(NAMES.len());
    for line in lines {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        counts.begin();
        for (n, &(state, days)) in line.iter().enumerate() {
            counts.visit(state, days, n + 1 == line.len());
            if let Some(&(next, _)) = line.get(n + 1) {
                counts.step(state, next, days);
            }
        }
        counts.end(first.0, last.0);
    }
    counts
}

fn example() -> Vec<Vec<(usize, i32)>> {
    let [comm, nurs, res, none, stmax, em, el, dead] = [0, 1, 2, 3, 4, 5, 6, 7];
    vec![
        vec![(comm, 70), (em, 10), (comm, 103), (nurs, 61), (em, 14), (nurs, 107)],
        vec![(none, 91), (el, 3), (stmax, 42), (none, 78), (em, 1), (dead, 0)],
        vec![(res, 30), (em, 19), (res, 253), (dead, 0)],
    ]
}

#[test]
fn m16_transition_counts_and_probabilities() {
    let graph = state_graph(&count(&example()), "custom", &NAMES, "E92000001", "");
    let (states, transitions) = rows(&graph);
    let found: Vec<(&str, &str, i64, f64)> = transitions
        .iter()
        .map(|t| (&*t.from, &*t.to, t.count, t.count as f64 / t.from_total as f64))
        .collect();
    let expected = [
        ("COMM", "NURS", 1, 0.5),
        ("COMM", "EM", 1, 0.5),
        ("NURS", "EM", 1, 1.0),
        ("RES", "EM", 1, 0.5),
        ("RES", "DEAD", 1, 0.5),
        ("NONE", "EM", 1, 0.5),
        ("NONE", "EL", 1, 0.5),
        ("STMAX", "NONE", 1, 1.0),
        ("EM", "COMM", 1, 0.25),
        ("EM", "NURS", 1, 0.25),
        ("EM", "RES", 1, 0.25),
        ("EM", "DEAD", 1, 0.25),
        ("EL", "STMAX", 1, 1.0),
    ];
    assert_eq!(found, expected);
    let em = states.iter().find(|state| state.state == "EM").unwrap();
    assert_eq!((em.visits, em.people, em.total_time), (4, 3, 44));
    let dead = states.iter().find(|state| state.state == "DEAD").unwrap();
    assert_eq!((dead.ends, dead.censored), (2, 2));
}

proptest! {
    #[test]
    fn counts_of_parts_add_up_to_the_whole_and_moves_balance_visits(
        lines in proptest::collection::vec(proptest::collection::vec((0usize..8, 0i32..400), 0..6), 0..30),
        cut in 0usize..30,
    ) {
        let cut = cut.min(lines.len());
        let whole = count(&lines);
        let mut parts = count(&lines[cut..]);
        parts.merge(&count(&lines[..cut]));
        let graph = |counts: &GraphCounts| rows(&state_graph(counts, "s", &NAMES, "", ""));
        prop_assert_eq!(graph(&whole), graph(&parts));
        for state in 0..8 {
            let out: i64 = (0..8).map(|to| whole.edge(state, to).count).sum();
            let totals = whole.state(state);
            prop_assert_eq!(out + totals.censored, totals.visits);
        }
    }
}
