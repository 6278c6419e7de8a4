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

/// Graphs of up to `most` states `S0`, `S1` …, made of moves with a count, people and days each.
pub(crate) fn random_graph(most: usize) -> impl Strategy<Value = StateGraph> {
    let moves = prop::collection::vec((0..most, 0..most, 1i64..20, 1i32..60), 0..30);
    moves.prop_map(move |moves| {
        let mut counts = GraphCounts::new(most);
        for (from, to, times, days) in moves {
            for _ in 0..times {
                counts.begin();
                counts.visit(from, days, false);
                counts.step(from, to, days);
                counts.visit(to, 0, true);
                counts.end(from, to);
            }
        }
        let names: Vec<String> = (0..most).map(|n| format!("S{n}")).collect();
        state_graph(&counts, "random", &names, "", "")
    })
}

/// The chain of a graph as a plain matrix.
fn matrix(graph: &StateGraph) -> Vec<Vec<f64>> {
    let size = graph.node_count();
    let mut rows = vec![vec![0.0; size]; size];
    for from in graph.node_indices() {
        for (to, probability) in markov::exits(graph, from) {
            rows[from.index()][to.index()] += probability;
        }
    }
    rows
}

fn times(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = a.len();
    let cell = |n: usize, m: usize| (0..size).map(|k| a[n][k] * b[k][m]).sum();
    (0..size).map(|n| (0..size).map(|m| cell(n, m)).collect()).collect()
}

/// All simple ways between two states with their lengths.
fn simple_ways(
    graph: &StateGraph,
    way: &mut Vec<usize>,
    to: usize,
    found: &mut Vec<(u64, Vec<usize>)>,
) {
    let last = *way.last().unwrap();
    if last == to {
        let step = |pair: &[usize]| {
            let exits = markov::exits(graph, NodeIndex::new(pair[0]));
            let exit = exits.iter().find(|(next, _)| next.index() == pair[1]).unwrap();
            paths::distance(exit.1)
        };
        found.push((way.windows(2).map(step).sum(), way.clone()));
        return;
    }
    for (next, _) in markov::exits(graph, NodeIndex::new(last)) {
        if !way.contains(&next.index()) {
            way.push(next.index());
            simple_ways(graph, way, to, found);
            way.pop();
        }
    }
}

proptest! {
    #[test]
    fn probabilities_of_an_origin_add_up_and_lie_in_their_limits(graph in random_graph(6)) {
        let rows = markov::probabilities(&graph);
        for node in graph.node_weights() {
            let own: Vec<_> = rows.iter().filter(|row| row.from == node.state).collect();
            let sum: i64 = own.iter().map(|row| row.count).sum();
            prop_assert!(own.iter().all(|row| row.of == sum));
            prop_assert!(own.iter().all(|row| row.lower <= row.probability && row.probability <= row.upper));
        }
        let of_rate = |state: &str| -> f64 {
            rates::rates(&graph).iter().filter(|rate| rate.from == state).map(|rate| rate.per_person_year).sum()
        };
        for node in graph.node_weights() {
            prop_assert!(of_rate(&node.state).abs() < 1e-6);
        }
    }

    #[test]
    fn the_fundamental_matrix_is_the_sum_of_powers(graph in random_graph(6)) {
        let found = absorption::absorption(&graph);
        let chain = matrix(&graph);
        let place = |state: &String| node_of(&graph, state).unwrap().index();
        let transient: Vec<usize> = found.transient.iter().map(place).collect();
        let inner: Vec<Vec<f64>> =
            transient.iter().map(|&n| transient.iter().map(|&m| chain[n][m]).collect()).collect();
        let size = transient.len();
        let unit = |n: usize| (0..size).map(|m| f64::from(u8::from(n == m))).collect::<Vec<_>>();
        let mut power: Vec<Vec<f64>> = (0..size).map(unit).collect();
        let mut sum = power.clone();
        for _ in 0..20_000 {
            power = times(&power, &inner);
            for (row, more) in sum.iter_mut().zip(&power) {
                row.iter_mut().zip(more).for_each(|(cell, more)| *cell += more);
            }
            if power.iter().flatten().all(|cell| *cell < 1e-14) {
                break;
            }
        }
        for (ahead, row) in found.ahead.iter().zip(&sum) {
            for (one, other) in ahead.visits.iter().zip(row) {
                prop_assert!((one - other).abs() < 1e-6 * (1.0 + other), "{one} {other}");
            }
            let absorbed: f64 = ahead.absorbed.iter().sum();
            prop_assert!((absorbed - 1.0).abs() < 1e-9);
        }
        prop_assert_eq!(found.ahead.len(), found.transient.len());
        // whoever is in an absorbing set stays in it
        for set in &found.absorbing {
            for state in set {
                let inside: f64 = set.iter().map(|other| chain[place(state)][place(other)]).sum();
                prop_assert!(inside == 0.0 || (inside - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn long_run_shares_are_those_of_many_steps(graph in random_graph(6)) {
        let found = stationary::stationary(&graph);
        let chain = matrix(&graph);
        let set: Vec<usize> =
            found.iter().map(|row| node_of(&graph, &row.state).unwrap().index()).collect();
        if set.is_empty() {
            let ways = components::components(&graph);
            prop_assert!(ways.iter().all(|set| set.len() == 1));
            return Ok(());
        }
        let row = |&n: &usize| {
            let all: f64 = set.iter().map(|&m| chain[n][m]).sum();
            // half the steps rest, so that no period stops the shares from settling
            set.iter().map(|&m| chain[n][m] / all / 2.0 + f64::from(u8::from(n == m)) / 2.0).collect()
        };
        let mut power: Vec<Vec<f64>> = set.iter().map(row).collect();
        for _ in 0..40 {
            power = times(&power, &power);
            // rows keep adding up to one
            for row in &mut power {
                let sum: f64 = row.iter().sum();
                row.iter_mut().for_each(|cell| *cell /= sum);
            }
        }
        for (n, row) in found.iter().enumerate() {
            prop_assert!((row.visits - power[0][n]).abs() < 1e-6, "{} {}", row.visits, power[0][n]);
        }
        let time: Option<f64> = found.iter().map(|row| row.time).sum();
        prop_assert!((time.unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn betweenness_and_ways_are_those_of_all_simple_ways(graph in random_graph(5)) {
        let found = betweenness::betweenness(&graph);
        let size = graph.node_count();
        let mut wanted = vec![0.0; size];
        for from in 0..size {
            for to in (0..size).filter(|&to| to != from) {
                let mut ways = Vec::new();
                simple_ways(&graph, &mut vec![from], to, &mut ways);
                let shortest = ways.iter().map(|(length, _)| *length).min();
                let best: Vec<_> =
                    ways.iter().filter(|(length, _)| Some(*length) == shortest).collect();
                for (_, way) in &best {
                    for &state in &way[1..way.len() - 1] {
                        wanted[state] += 1.0 / best.len() as f64;
                    }
                }
                let path = paths::most_probable(&graph, NodeIndex::new(from), NodeIndex::new(to));
                prop_assert_eq!(path.is_some(), shortest.is_some());
                if let Some(path) = path {
                    let names = |way: &[usize]| -> Vec<String> {
                        way.iter().map(|&n| graph[NodeIndex::new(n)].state.clone()).collect()
                    };
                    prop_assert!(best.iter().any(|(_, way)| names(way) == path.states));
                    let quick = paths::quickest(&graph, NodeIndex::new(from), NodeIndex::new(to)).unwrap();
                    let days = |way: &[usize]| -> f64 {
                        way.windows(2).map(|pair| {
                            let edge = graph.find_edge(NodeIndex::new(pair[0]), NodeIndex::new(pair[1]));
                            graph[edge.unwrap()].quartiles_days[1].unwrap()
                        }).sum()
                    };
                    let fewest = ways.iter().map(|(_, way)| days(way)).fold(f64::INFINITY, f64::min);
                    prop_assert!((quick.median_days.unwrap() - fewest).abs() < 1e-6);
                }
            }
        }
        for (one, other) in found.iter().zip(&wanted) {
            prop_assert!((one - other).abs() < 1e-9, "{one} {other}");
        }
    }

    #[test]
    fn dominators_are_the_states_without_which_there_is_no_way(graph in random_graph(6)) {
        let Some(root) = first_state(&graph) else { return Ok(()) };
        let reaches = |without: Option<NodeIndex>, to: NodeIndex| {
            let mut seen = vec![root];
            let mut at = 0;
            while at < seen.len() {
                for next in graph.neighbors(seen[at]) {
                    if Some(next) != without && !seen.contains(&next) {
                        seen.push(next);
                    }
                }
                at += 1;
            }
            seen.contains(&to)
        };
        let found = dominators::dominators(&graph, root);
        for node in graph.node_indices().filter(|&node| node != root) {
            let by = found.iter().find(|(state, _)| *state == node).map(|(_, by)| *by);
            prop_assert_eq!(by.is_some(), reaches(None, node));
            let Some(by) = by else { continue };
            prop_assert!(by == root || !reaches(Some(by), node));
            // nothing else stands between the dominator and the state
            for other in graph.node_indices().filter(|&n| n != root && n != node && n != by) {
                if !reaches(Some(other), node) {
                    prop_assert!(by != root && !reaches(Some(other), by), "it dominates the dominator");
                }
            }
        }
    }
}
