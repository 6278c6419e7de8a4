//! The worked example of `cld-metrics.md` section 6.

use super::people::*;
use crate::figure::Value;
use crate::measures::fixture::Maker;
use throughcare_linkage::cld::event::CareEvent;

/// Persons A to J, each with the age band of the table.
fn a_to_j() -> Vec<(&'static str, Vec<CareEvent>)> {
    let young = |event: CareEvent| event.born(1980, 1);
    vec![
        ("A", vec![st_max("2025-05-01", "2025-06-01", O::NfaEndedAsPlanned)]),
        (
            "B",
            vec![
                st_max("2025-05-01", "2025-05-20", O::NfaEndedAsPlanned),
                st_max("2025-05-26", "2025-06-30", O::SupportPlanning),
                service(S::Community, "2025-07-07", "-"),
            ],
        ),
        (
            "C",
            vec![
                young(st_max("2025-08-01", "2025-08-31", O::Continuation)),
                young(event(E::Review, "2025-08-20", "2025-08-25").outcome(O::NfaInformation)),
            ],
        ),
        (
            "D",
            vec![
                service(S::Community, "2024-06-01", "2025-06-15"),
                st_max("2025-09-13", "2025-10-10", O::NfaEndedAsPlanned),
            ],
        ),
        ("E", vec![st_max("2025-12-01", "2025-12-31", O::NfaEndedAsPlanned).died("2026-01-07")]),
        ("F", vec![young(st_max("2025-10-01", "2025-10-31", O::NfaDeclined))]),
        (
            "G",
            vec![
                st_max("2025-11-01", "2025-11-30", O::SupportPlanning),
                event(E::Assessment, "2025-12-02", "2025-12-20").outcome(O::NfaEndedAsPlanned),
                service(S::LowLevel, "2025-11-05", "2025-11-06").component(C::Equipment),
            ],
        ),
        ("H", vec![st_max("2025-07-01", "2025-07-31", O::NfaOther).unborn()]),
        ("I", vec![st_max("2026-03-01", "-", O::None)]),
        (
            "J",
            vec![
                st_max("2026-02-01", "2026-02-20", O::Continuation),
                service(S::OtherShortTerm, "2026-02-25", "-").component(C::ShortTermResidential),
            ],
        ),
    ]
}

fn people() -> Vec<Maker> {
    a_to_j().iter().map(|(_, events)| someone(events)).collect()
}

#[test]
fn section_6_example_sequels() {
    let found: Vec<_> = a_to_j()
        .into_iter()
        .map(|(name, events)| {
            let found = sequel_of(&events);
            (
                name,
                found.map(|(sequel, outcome, den, num)| format!("{sequel} {outcome} {den} {num}")),
            )
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    let wanted = [
        ("A", some("4a NFA: Support ended as planned 1 1")),
        ("B", some("3 Long term support: Community 1 0")),
        ("C", some("4c NFA: Information and advice or signposting 1 1")),
        ("D", None),
        ("E", some("1 NFA: Deceased 0 0")),
        ("F", some("4a NFA: Support declined 0 0")),
        ("G", some("5 Short term support: Ongoing low level 1 1")),
        ("H", some("4a NFA: Other 1 1")),
        ("I", None),
        ("J", some("3 Short term support: Residential or Nursing care 1 0")),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn section_6_example_shares() {
    let results = results(&people());
    for area in [NORTH, ENGLAND, "North"] {
        assert_eq!(numbers(&results, "", area, "age_band=18 to 64"), [Some(1), Some(1)]);
        assert_eq!(numbers(&results, "", area, "age_band=65 and above"), [Some(2), Some(4)]);
        assert_eq!(numbers(&results, "", area, ""), [Some(4), Some(6)]);
    }
    let total = results.measures.iter().find(|row| row.area.code == NORTH).unwrap();
    assert_eq!(total.value, Value::Percent(1));
    // a council without episodes has zeros
    assert_eq!(numbers(&results, "", "400", ""), [Some(0), Some(0)]);
    assert_england_is_the_sum_of_councils(&results);
}

#[test]
fn section_6_example_unknown_age_is_in_the_total_and_in_the_sequels_only() {
    let results = results(&people());
    let unknown: Vec<_> =
        results.measures.iter().filter(|row| row.stratum.contains("age_band=Unknown")).collect();
    assert!(unknown.iter().all(|row| row.part == "sequel"));
    let stratum = "age_band=Unknown; sequel_type=4a; final_outcome=NFA: Other";
    assert_eq!(numbers(&results, "sequel", NORTH, stratum), [Some(1), Some(1)]);
}

#[test]
fn section_6_example_attrition_ends_at_the_denominator() {
    let results = results(&people());
    let steps: Vec<_> = results
        .attrition
        .iter()
        .map(|step| (step.rule, step.records_out, step.records_left, step.people_left))
        .collect();
    let wanted = [
        ("2A step 1", 0, 17, Some(10)),
        ("2A step 1", 0, 17, Some(10)),
        ("2A step 1", 0, 17, Some(10)),
        ("2A step 2", 6, 11, Some(10)),
        ("2A step 3", 1, 10, Some(10)),
        ("2A step 5", 1, 9, Some(9)),
        ("2A step 5", 0, 9, Some(9)),
        ("2A step 5", 0, 9, Some(9)),
        ("2A step 7", 1, 8, Some(8)),
        ("2A step 9", 0, 8, Some(8)),
        ("2A step 9", 2, 6, Some(6)),
    ];
    assert_eq!(steps, wanted);
}
