//! LTS001a.

pub(crate) mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;

fn cells(lines: &[Line]) -> Vec<(String, String, i64)> {
    crate::measures::salt::fixture::cells::<Lts001a>(&[lines.to_vec()])
}

/// What one person of 65 or over counts as.
fn older(lines: &[Line]) -> String {
    let cells = cells(lines);
    assert_eq!(cells.len(), 1, "{cells:?}");
    assert_eq!((cells[0].0.as_str(), cells[0].2), ("1b", 1));
    cells[0].1.clone()
}

fn support(name: &'static str, mechanism: &'static str, reason: &'static str) -> Line {
    Line { mechanism, reason, ..service(name, "2023-05-01", "-") }
}

#[test]
fn section_17_example_p1_the_smallest_rank_keeps_its_unknown_reason() {
    let lines =
        [support(NURSING, "", "Unknown"), support(COMMUNITY, DIRECT_PAYMENT, PERSONAL_CARE)];
    assert_eq!(older(&lines), "setting=Nursing; mechanism=None; support_reason=Unknown");
}

#[test]
fn section_17_example_p2_two_reasons_of_one_start_are_unknown() {
    let lines = [
        support(COMMUNITY, COMMISSIONED, PERSONAL_CARE),
        support(COMMUNITY, COMMISSIONED, MENTAL_HEALTH),
    ];
    let wanted = "setting=Community; mechanism=CASSR Commissioned Support; support_reason=Unknown";
    assert_eq!(older(&lines), wanted);
}

#[test]
fn section_17_example_p3_a_known_reason_comes_before_a_later_start() {
    let lines = [
        Line { start: day("2023-10-01").into(), ..support(COMMUNITY, "", "Unknown") },
        Line { start: day("2023-06-01").into(), ..support(COMMUNITY, "", LEARNING) },
    ];
    let wanted = "setting=Community; mechanism=None; support_reason=Learning Disability Support";
    assert_eq!(older(&lines), wanted);
    // of two known ones the later start counts
    let lines = [
        Line { start: day("2023-10-01").into(), ..support(COMMUNITY, "", MENTAL_HEALTH) },
        Line { start: day("2023-06-01").into(), ..support(COMMUNITY, "", LEARNING) },
    ];
    let wanted = "setting=Community; mechanism=None; support_reason=Mental Health Support";
    assert_eq!(older(&lines), wanted);
}

#[test]
fn section_17_an_invalid_reason_counts_as_known() {
    let invalid = "setting=Community; mechanism=None; support_reason=Invalid/NULL";
    let lines = [
        support(COMMUNITY, "", "Klingon"),
        Line { start: day("2023-10-01").into(), ..support(COMMUNITY, "", "Unknown") },
    ];
    assert_eq!(older(&lines), invalid);
    // null does not
    let lines = [
        Line { start: day("2023-10-01").into(), ..support(COMMUNITY, "", "") },
        support(COMMUNITY, "", LEARNING),
    ];
    assert!(older(&lines).ends_with("support_reason=Learning Disability Support"));
    assert_eq!(older(&[support(COMMUNITY, "", "")]), invalid);
    // two invalid texts are shown as one, and so do not conflict; null and unknown do
    let lines = [support(COMMUNITY, "", "Klingon"), support(COMMUNITY, "", "Romulan")];
    assert_eq!(older(&lines), invalid);
    let lines = [support(COMMUNITY, "", ""), support(COMMUNITY, "", "Unknown")];
    assert!(older(&lines).ends_with("support_reason=Unknown"));
}

#[test]
fn section_17_ranks_of_support_and_mechanism() {
    let ranked = [
        (NURSING, DIRECT_PAYMENT, "setting=Nursing; mechanism=None"),
        (RESIDENTIAL, COMMISSIONED, "setting=Residential; mechanism=None"),
        (COMMUNITY, DIRECT_PAYMENT, "setting=Community; mechanism=Direct Payment"),
        (COMMUNITY, MANAGED, "setting=Community; mechanism=CASSR Managed Personal Budget"),
        (COMMUNITY, COMMISSIONED, "setting=Community; mechanism=CASSR Commissioned Support"),
        (COMMUNITY, "something", "setting=Community; mechanism=None"),
        (PRISON, MANAGED, "setting=Prison; mechanism=CASSR Managed Personal Budget"),
        (PRISON, COMMISSIONED, "setting=Prison; mechanism=CASSR Commissioned Support"),
        (PRISON, DIRECT_PAYMENT, "setting=Prison; mechanism=None"),
    ];
    let mut lines = Vec::new();
    for (name, mechanism, wanted) in ranked.into_iter().rev() {
        lines.push(support(name, mechanism, LEARNING));
        assert_eq!(older(&lines), format!("{wanted}; support_reason=Learning Disability Support"));
    }
    // the component says nothing here
    let line = Line { component: DIRECT_PAYMENT, ..support(COMMUNITY, COMMISSIONED, LEARNING) };
    assert!(older(&[line]).contains("CASSR Commissioned Support"));
}

#[test]
fn section_17_tables_go_by_age_at_the_end_of_the_year() {
    let born = |year, month| {
        let birth = throughcare_linkage::day::BirthMonth::new(year, month);
        cells(&[Line { birth, ..support(NURSING, "", LEARNING) }])
    };
    let part = |year, month| born(year, month).first().map(|cell| cell.0.clone());
    // 31 March 2024: on the proxy birthday a year can be missing
    assert_eq!(part(2006, 3), Some("1a".into()));
    assert_eq!(part(2006, 4), None);
    assert_eq!(part(1959, 4), Some("1a".into()));
    assert_eq!(part(1959, 3), Some("1b".into()));
    assert_eq!(part(0, 0), None);
    // rows of one person with two ages: one in each table
    let birth = throughcare_linkage::day::BirthMonth::new(1990, 1);
    let lines = [support(NURSING, "", LEARNING), Line { birth, ..support(PRISON, "", LEARNING) }];
    let parts: Vec<_> = cells(&lines).into_iter().map(|(part, ..)| part).collect();
    assert_eq!(parts, ["1a", "1b"]);
}

#[test]
fn section_17_a_person_counts_once_in_each_council() {
    let lines = [
        support(NURSING, "", LEARNING),
        support(COMMUNITY, "", LEARNING),
        Line { la: SOUTHTON, ..support(COMMUNITY, "", LEARNING) },
    ];
    let results = results::<Lts001a>(&[lines.to_vec()], Method::AsPublished);
    for code in [NORTH, SOUTH] {
        assert_eq!(of_council(&results, code)[&("1b".into(), String::new())], 1);
    }
    let last = results.attrition.last().map(|step| (step.records_out, step.records_left));
    assert_eq!(last, Some((1, 2)));
}

#[test]
fn section_17_only_the_latest_submission_is_read() {
    let old = Line { import: 1, ..support(NURSING, "", LEARNING) };
    let new = support(COMMUNITY, "", LEARNING);
    assert!(older(&[old, new]).starts_with("setting=Community"));
}

#[test]
fn section_17_rows_of_carers_and_other_services_are_left_out() {
    let carer = Line { client: "Carer", ..support(NURSING, "", LEARNING) };
    assert!(cells(&[carer]).is_empty());
    assert!(cells(&[support(ST_MAX, "", LEARNING)]).is_empty());
}
