//! The worked examples of `cld-metrics.md` section 7 and of `linked-metrics.md` M13.

use super::*;
use crate::figure::{Unit, Value};

/// Persons A to H, born so that they have the age of the table at their admission.
fn a_to_h() -> Vec<(&'static str, Vec<CareEvent>)> {
    let self_funded = residential("2025-08-01", "2025-10-01").outcome(O::NfaSelfFunded);
    vec![
        ("A", vec![residential("2025-05-10", "-").born(1955, 1)]),
        (
            "B",
            vec![
                nursing("2023-01-01", "2024-06-30").born(1943, 1),
                residential("2025-06-20", "-").born(1943, 1),
            ],
        ),
        (
            "C",
            vec![
                nursing("2023-01-01", "2024-06-20").born(1940, 1),
                residential("2025-06-20", "-").born(1940, 1),
            ],
        ),
        ("D", vec![service(S::Residential, "2025-07-01", "-").born(1935, 1)]),
        ("E", vec![self_funded.born(1948, 1)]),
        (
            "F",
            vec![
                residential("2025-04-10", "2025-05-01").born(1960, 7),
                nursing("2025-12-01", "-").born(1960, 7),
            ],
        ),
        ("G", vec![residential("2025-09-01", "-").born(2008, 1)]),
        (
            "H",
            vec![residential("2025-09-01", "-").component(C::ShortTermResidential).born(1959, 1)],
        ),
    ]
}

#[test]
fn section_7_example_people() {
    let found: Vec<_> =
        a_to_h().into_iter().map(|(name, events)| (name, counts(&events))).collect();
    let wanted = [
        ("A", [0, 1]),
        ("B", [0, 0]),
        ("C", [0, 1]),
        ("D", [0, 0]),
        ("E", [0, 0]),
        ("F", [1, 0]),
        ("G", [0, 0]),
        ("H", [0, 0]),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn section_7_example_rates() {
    let people: Vec<_> = a_to_h().iter().map(|(_, events)| someone(events)).collect();
    let [younger, older] = results(&people);
    for area in [NORTH, "North"] {
        assert_eq!(numbers(&younger, "", area, ""), [Some(1), Some(80_000)]);
        assert_eq!(numbers(&older, "", area, ""), [Some(2), Some(20_000)]);
    }
    // England is the sum of the councils, those without a record included
    assert_eq!(numbers(&younger, "", ENGLAND, ""), [Some(1), Some(240_000)]);
    assert_eq!(numbers(&older, "", "400", ""), [Some(0), Some(20_000)]);
    assert_eq!(numbers(&older, "", ENGLAND, ""), [Some(2), Some(60_000)]);
    for results in [&younger, &older] {
        assert_england_is_the_sum_of_councils(results);
        assert_eq!(results.measures.len(), 6);
        for row in &results.measures {
            assert_eq!((row.value, row.unit), (Value::Per(100_000.0), Unit::PerPopulation));
            assert_eq!((row.counts, &*row.stratum), (Unit::People, ""));
        }
    }
}

#[test]
fn section_7_example_attrition_names_every_exclusion() {
    let people: Vec<_> = a_to_h().iter().map(|(_, events)| someone(events)).collect();
    let steps = |results: &Results| -> Vec<_> {
        results.attrition.iter().map(|step| (step.records_out, step.people_left)).collect()
    };
    let [younger, older] = results(&people);
    // other types; component (D, H); birth; death; self-funded stay; start (B, C); self-funded (E);
    // existing (B, F); under 18 (G); band; further admission
    let outs = |last: [(i64, Option<i64>); 2]| {
        let mut outs = vec![
            (0, Some(8)),
            (0, Some(8)),
            (2, Some(6)),
            (0, Some(6)),
            (0, Some(6)),
            (0, Some(6)),
            (2, Some(6)),
            (1, Some(5)),
            (2, Some(4)),
            (1, Some(3)),
        ];
        outs.extend(last);
        outs
    };
    assert_eq!(steps(&younger), outs([(2, Some(1)), (0, Some(1))]));
    assert_eq!(steps(&older), outs([(1, Some(2)), (0, Some(2))]));
    assert_eq!(younger.attrition.last().unwrap().records_left, 1);
    assert_eq!(older.attrition.last().unwrap().records_left, 2);
}

#[test]
fn m13_example_a_gap_of_204_days_is_existing_and_of_367_new() {
    let frame = frame(&[period("2024-04-01", "2025-03-31")]);
    let count = |end: &str| {
        let events = [residential("2023-06-01", end), nursing("2024-09-01", "-")];
        counts_with(&Settings::default(), &frame, &events)
    };
    assert_eq!(count("2024-02-10"), [0, 0]);
    assert_eq!(count("2023-08-31"), [0, 1]);
}
