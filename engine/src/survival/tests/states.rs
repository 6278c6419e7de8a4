//! Occupancy of states in general.

use super::*;

/// One record: start, entry, moves, last seen.
type Path = (u8, Option<i64>, Vec<(i64, u8)>, Option<i64>);

fn moves(states: u8, paths: &[Path]) -> MoveTable {
    let mut table = MoveTable::new(states);
    for (start, entry, moves, last_seen) in paths {
        table.add(*start, *entry, moves.iter().copied(), *last_seen);
    }
    table
}

#[test]
fn m09_example_as_a_model_of_four_states() {
    // state 0 alive at home, 1 readmitted, 2 dead, 3 care home
    let (r, d, h) = (Some(1), Some(2), Some(3));
    let times = [0, 3, 5, 8, 8, 12, 15, 20, 25, 30, 30, 30];
    let exits = [r, r, d, r, None, h, r, None, r, None, None, None];
    let mut table = MoveTable::new(4);
    for (time, exit) in times.into_iter().zip(exits) {
        let moves = exit.map(|state| (time, state));
        assert!(table.add(0, None, moves, exit.is_none().then_some(time)));
    }
    let occupancy = occupancy(&table, 0, -1);
    let last = occupancy.last().unwrap();
    for (state, (share, variance)) in [
        (1, (13.0 / 28.0, 1_619.0 / 65_856.0)),
        (2, (1.0 / 12.0, 11.0 / 1_728.0)),
        (3, (2.0 / 21.0, 151.0 / 18_522.0)),
    ] {
        assert!(is_near(last.shares[state], share));
        assert!(is_near(last.standard_error(state as u8).powi(2), variance));
    }
    assert!(is_near(last.shares[0], 5.0 / 14.0));
}

#[test]
fn moves_at_one_time_are_one_and_late_records_are_at_risk_after_entry() {
    // home 0, hospital 1, dead 2; the second comes in at 4, having moved at 3
    let paths: [Path; 3] = [
        (0, None, vec![(2, 1), (2, 0), (5, 1), (7, 0)], Some(9)),
        (0, Some(4), vec![(3, 1), (6, 2)], None),
        (1, None, vec![(5, 0), (8, 2)], None),
    ];
    let table = moves(3, &paths);
    let from_hospital = occupancy(&table, 1, 4);
    let times: Vec<i64> = from_hospital.iter().map(|at| at.time).collect();
    assert_eq!(times, [5, 6, 7, 8]);
    // at 5 two are in hospital, one goes home and one comes in; at 6 of two one dies
    assert_eq!(from_hospital[0].shares, [0.5, 0.5, 0.0]);
    assert_eq!(from_hospital[1].shares, [0.5, 0.25, 0.25]);
    assert!(!MoveTable::new(2).add(0, Some(3), [], Some(3)), "never at risk");
    assert!(!MoveTable::new(2).add(2, None, [], None), "no such state");
    assert!(occupancy(&table, 3, 0).is_empty());
}

/// The covariance of the whole matrix of probabilities, entry by entry, by the recursion for
/// `P ⊗ P`: what the recursion for one row must be a part of.
fn slow_occupancy(states: usize, paths: &[Path], from: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let state_before = |path: &Path, time: i64| {
        if path.3.is_some_and(|last| last < time) || path.1.is_some_and(|entry| entry >= time) {
            return None;
        }
        let last = path.2.iter().filter(|moved| moved.0 < time).next_back();
        Some(last.map_or(path.0, |moved| moved.1))
    };
    let mut p: Vec<Vec<f64>> = vec![vec![0.0; states]; states];
    (0..states).for_each(|n| p[n][n] = 1.0);
    let mut v = vec![vec![0.0; states * states]; states * states];
    for time in 0..30 {
        let mut step = vec![vec![0.0; states]; states];
        let mut draws = vec![vec![0.0; states]; states];
        let mut n: Vec<f64> = vec![0.0; states];
        for path in paths {
            let Some(before) = state_before(path, time) else { continue };
            let now = path.2.iter().filter(|moved| moved.0 == time).next_back();
            n[usize::from(before)] += 1.0;
            draws[usize::from(before)][now.map_or(before, |moved| moved.1) as usize] += 1.0;
        }
        for h in 0..states {
            for j in 0..states {
                let stays = if h == j { 1.0 } else { 0.0 };
                step[h][j] = if n[h] > 0.0 { draws[h][j] / n[h] } else { stays };
            }
        }
        let mut new_p = vec![vec![0.0; states]; states];
        let mut new_v = vec![vec![0.0; states * states]; states * states];
        for a in 0..states {
            for b in 0..states {
                for c in 0..states {
                    new_p[a][b] += p[a][c] * step[c][b];
                    for d in 0..states {
                        for e in 0..states {
                            for f in 0..states {
                                // Cov(P_ac, P_de) carried to (P_ab, P_df)
                                new_v[a * states + b][d * states + f] +=
                                    v[a * states + c][d * states + e] * step[c][b] * step[e][f];
                            }
                        }
                    }
                }
            }
        }
        for a in 0..states {
            for d in 0..states {
                for h in (0..states).filter(|&h| n[h] > 0.0) {
                    for b in 0..states {
                        for f in 0..states {
                            let same = if b == f { n[h] } else { 0.0 };
                            let drawn = draws[h][b] * (same - draws[h][f]) / n[h].powi(3);
                            new_v[a * states + b][d * states + f] += p[a][h] * p[d][h] * drawn;
                        }
                    }
                }
            }
        }
        (p, v) = (new_p, new_v);
    }
    let own = |row: &[f64]| row[from * states..(from + 1) * states].to_vec();
    (p[from].clone(), (0..states).map(|n| own(&v[from * states + n])).collect())
}

fn paths() -> impl Strategy<Value = Vec<Path>> {
    let entry = prop::option::weighted(0.3, 0i64..5);
    let moves = prop::collection::btree_map(0i64..20, 0u8..3, 0..5);
    let last = prop::option::weighted(0.6, 6i64..25);
    let path = (0u8..3, entry, moves, last).prop_map(
        |(start, entry, moves, last): (u8, _, _, Option<i64>)| {
            let after = |&(time, _): &(i64, u8)| {
                entry.is_none_or(|entry| time > entry) && last.is_none_or(|last| time <= last)
            };
            let moves = moves.into_iter().filter(after).collect();
            (start, entry, moves, last)
        },
    );
    prop::collection::vec(path, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn occupancy_is_the_matrix_recursion(paths in paths(), from in 0u8..3) {
        let occupancy = occupancy(&moves(3, &paths), from, -1);
        let (shares, covariance) = slow_occupancy(3, &paths, usize::from(from));
        if let Some(last) = occupancy.last() {
            for n in 0..3 {
                prop_assert!((last.shares[n] - shares[n]).abs() < 1e-12);
                for m in 0..3 {
                    prop_assert!((last.covariance[n][m] - covariance[n][m]).abs() < 1e-12);
                }
            }
        }
        for at in &occupancy {
            prop_assert!((at.shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for row in &at.covariance {
                prop_assert!(row.iter().sum::<f64>().abs() < 1e-12);
            }
        }
    }

    #[test]
    fn merged_moves_are_the_whole(paths in paths(), cut in 0usize..12) {
        let cut = cut.min(paths.len());
        let (mut left, right) = (moves(3, &paths[..cut]), moves(3, &paths[cut..]));
        left.merge(&right);
        prop_assert_eq!(left, moves(3, &paths));
    }
}
