//! STS002a.

mod exact;
pub(crate) mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;

/// A request of a new client, and the reablement that it led to.
fn reabled(end: &str, outcome: &'static str) -> Vec<Line> {
    vec![
        request("2023-07-01", "2023-07-05", "Progress to Reablement/ST-Max"),
        Line { outcome, ..service(ST_MAX, "2023-07-10", end) },
    ]
}

/// What one person counts as: record type and sequel.
fn one_by(lines: &[Line], method: Method) -> Vec<String> {
    let strata = strata_by::<Sts002a>(&[lines.to_vec()], method);
    let short = |(stratum, count): (String, i64)| {
        let stratum = stratum.replace("record_type=", "").replace("; sequel=", " ");
        if count == 1 { stratum } else { format!("{stratum} x{count}") }
    };
    strata.into_iter().map(short).collect()
}

fn one(lines: &[Line]) -> Vec<String> {
    one_by(lines, Method::AsPublished)
}

fn one_intended(lines: &[Line]) -> Vec<String> {
    one_by(lines, Method::AsIntended)
}

/// The cluster of the example with what follows.
fn with(more: &[Line]) -> Vec<Line> {
    let mut lines = reabled("2023-08-10", AS_PLANNED);
    lines.extend_from_slice(more);
    lines
}

#[test]
fn section_15_example_nothing_after() {
    assert_eq!(one(&with(&[])), ["1 No services provided – other"]);
}

#[test]
fn section_15_example_community_support() {
    let lines = with(&[service(COMMUNITY, "2023-08-12", "-")]);
    assert_eq!(one(&lines), ["2 Long Term Support (any setting)"]);
}

#[test]
fn section_15_example_support_declined() {
    let lines = with(&[assessment("2023-08-13", "2023-08-14", DECLINED)]);
    assert_eq!(one(&lines), ["3 No services provided – needs identified but support declined"]);
}

#[test]
fn section_15_example_an_assessment_on_day_four() {
    let lines = with(&[assessment("2023-08-14", "2023-08-15", DECLINED)]);
    assert_eq!(one(&lines), ["5 No services provided – other"]);
}

#[test]
fn section_14_example_person_3_is_the_cohort() {
    let lines = [
        request("2023-07-01", "2023-07-03", TO_ASSESSMENT),
        request("2023-07-06", "2023-07-07", "Progress to Reablement/ST-Max"),
        service(ST_MAX, "2023-07-10", "2023-08-10"),
    ];
    // its outcome is null, so it counts as type 1, whatever follows
    assert_eq!(one(&lines), ["1 No_Chronology_Unable_To_Classify"]);
}
