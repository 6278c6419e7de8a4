use super::moves::{Collected, GroupPerson, Groups};
use super::*;
use proptest::prelude::*;
use throughcare_linkage::person::PersonKey;

/// Group, cell and moves of a person.
type Row = (u16, u16, Vec<(u8, u8, i32)>);

fn groups(people: &[Row]) -> Groups {
    let mut collected = Collected::default();
    for (n, (group, cell, moves)) in people.iter().enumerate() {
        let key = PersonKey::of(&n.to_le_bytes());
        collected.begin(GroupPerson { key, group: *group, cell: *cell });
        moves.iter().for_each(|&(from, to, days)| collected.step(from, to, days));
    }
    collected.settle()
}

#[test]
fn m16_probabilities_and_medians_of_the_worked_example_by_group() {
    // A, B and C of M11: states COMM 0, NURS 1, RES 2, NONE 3, STMAX 4, EM 5, EL 6, DEAD 7
    let a = vec![(0, 5, 70), (5, 0, 10), (0, 1, 103), (1, 5, 61), (5, 1, 14)];
    let b = vec![(3, 6, 91), (6, 4, 3), (4, 3, 42), (3, 5, 78), (5, 7, 1)];
    let c = vec![(2, 5, 30), (5, 2, 19), (2, 7, 253)];
    let compared = compare(&groups(&[(0, 0, a), (0, 0, b), (1, 0, c)]), false, 100, 1);
    assert_eq!(compared.people, [2, 1]);
    let of =
        |from, to| compared.edges.iter().find(|edge| (edge.from, edge.to) == (from, to)).unwrap();
    assert_eq!(of(0, 5).probabilities, [Some(0.5), None]);
    assert_eq!(of(0, 5).median_days, [Some(70.0), None]);
    assert!(of(0, 5).probability.is_none(), "the second group never leaves COMM");
    // of the first group's three moves out of EM one leads to NURS, of the second's one none
    assert_eq!(of(5, 1).probabilities, [Some(1.0 / 3.0), Some(0.0)]);
    assert_eq!(of(5, 2).count, [0, 1]);
    assert_eq!(compared.edges.iter().map(|edge| edge.count[0] + edge.count[1]).sum::<i64>(), 13);
}

#[test]
fn a_median_between_two_stays_is_their_middle_and_stays_of_no_days_do_not_count() {
    let people = [
        (0, 0, vec![(0, 1, 4), (0, 1, 0)]),
        (0, 0, vec![(0, 1, 7)]),
        (1, 0, vec![(0, 1, 2), (0, 1, 3), (0, 1, 90)]),
    ];
    let compared = compare(&groups(&people), false, 100, 1);
    assert_eq!(compared.edges[0].median_days, [Some(5.5), Some(3.0)]);
    assert_eq!(compared.edges[0].count, [3, 3]);
}

#[test]
fn standardised_groups_do_not_differ_by_their_ages_alone() {
    // in both groups the young (cell 0) go to 1 and the old (cell 1) to 2; the second group is older
    let mut people: Vec<Row> = Vec::new();
    for n in 0..400 {
        let group = (n % 2) as u16;
        let is_old = if group == 0 { n % 10 < 2 } else { n % 10 < 8 };
        let to = if is_old { 2 } else { 1 };
        people.push((group, u16::from(is_old), vec![(0, to, 10)]));
    }
    // and three of the second group are of a cell that the first does not have
    people.extend((0..3).map(|_| (1, 2, vec![(0, 1, 10)])));
    let groups = groups(&people);
    let plain = compare(&groups, false, 200, 1);
    assert!(plain.edges[0].probability.is_some_and(|of| of.value < -0.5 && of.q < 0.001));
    assert_eq!(plain.left_out, [0, 0]);
    let alike = compare(&groups, true, 200, 1);
    assert!(alike.edges[0].probability.is_some_and(|of| of.value.abs() < 1e-12 && of.p > 0.99));
    assert_eq!(alike.left_out, [0, 3]);
}

#[test]
fn direct_standardisation_weighs_cells_as_in_both_groups_together() {
    // shares of moves to 1 by cell: first group 1/2 and 1/4, second 1/1 and 0/2
    let go = |to| vec![(0, to, 5)];
    let people = [
        (0, 0, go(1)),
        (0, 0, go(2)),
        (0, 1, go(1)),
        (0, 1, go(2)),
        (0, 1, go(2)),
        (0, 1, go(2)),
        (1, 0, go(1)),
        (1, 1, go(2)),
        (1, 1, go(2)),
    ];
    // cell 0 has 3 of 9 people, cell 1 has 6
    let compared = compare(&groups(&people), true, 100, 1);
    let [one, other] = compared.edges[0].probabilities.map(|share| share.unwrap());
    assert!((one - (3.0 / 9.0 * 0.5 + 6.0 / 9.0 * 0.25)).abs() < 1e-12);
    assert!((other - 3.0 / 9.0).abs() < 1e-12);
}

fn people() -> impl Strategy<Value = Vec<Row>> {
    let moves = prop::collection::vec((0u8..4, 0u8..4, 0i32..40), 0..5);
    prop::collection::vec((0u16..2, 0u16..3, moves), 2..40)
}

proptest! {
    /// The same groups however people are met and however the work is split.
    #[test]
    fn comparison_does_not_depend_on_the_order_of_people(people in people(), cut in 0usize..40) {
        let collect = |people: &[(usize, &Row)]| {
            let mut collected = Collected::default();
            for (n, (group, cell, moves)) in people {
                let key = PersonKey::of(&n.to_le_bytes());
                collected.begin(GroupPerson { key, group: *group, cell: *cell });
                moves.iter().for_each(|&(from, to, days)| collected.step(from, to, days));
            }
            collected
        };
        let mut all: Vec<(usize, &Row)> = people.iter().enumerate().collect();
        let one = compare(&collect(&all).settle(), true, 100, 3);
        all.reverse();
        let (left, right) = all.split_at(cut.min(all.len()));
        let two = compare(&collect(left).merge(collect(right)).settle(), true, 100, 3);
        prop_assert_eq!(format!("{:?}", one.edges), format!("{:?}", two.edges));
    }

    /// Shares and medians against lists written out.
    #[test]
    fn estimates_are_those_of_lists_written_out(people in people()) {
        let compared = compare(&groups(&people), false, 100, 1);
        for group in [0u16, 1] {
            let own = || people.iter().filter(|row| row.0 == group).flat_map(|row| &row.2);
            for edge in &compared.edges {
                let n = usize::from(group);
                let leaving = own().filter(|step| step.0 == edge.from).count();
                let same = || own().filter(|step| (step.0, step.1) == (edge.from, edge.to));
                let share = (leaving > 0).then(|| same().count() as f64 / leaving as f64);
                prop_assert_eq!(edge.probabilities[n].is_some(), share.is_some());
                if let (Some(a), Some(b)) = (edge.probabilities[n], share) {
                    prop_assert!((a - b).abs() < 1e-12);
                }
                let mut days: Vec<i32> =
                    same().map(|step| step.2).filter(|&days| days > 0).collect();
                days.sort_unstable();
                let k = days.len();
                let middle = (k > 0).then(|| f64::from(days[(k - 1) / 2] + days[k / 2]) / 2.0);
                prop_assert_eq!(edge.median_days[n], middle);
            }
        }
    }
}
