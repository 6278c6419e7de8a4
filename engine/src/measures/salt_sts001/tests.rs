//! STS001.

mod examples;
mod exact;
pub(crate) mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;

fn strata(people: &[Vec<Line>]) -> Vec<(String, i64)> {
    crate::measures::salt::fixture::strata::<Sts001>(people)
}

fn intended(people: &[Vec<Line>]) -> Vec<(String, i64)> {
    strata_by::<Sts001>(people, Method::AsIntended)
}

/// What one person counts as: record type and sequel, once each.
fn one(lines: &[Line]) -> Vec<String> {
    strata(&[lines.to_vec()])
        .into_iter()
        .map(|(stratum, count)| {
            let stratum = stratum.replace("record_type=", "").replace("; sequel=", " ");
            if count == 1 { stratum } else { format!("{stratum} x{count}") }
        })
        .collect()
}

fn one_intended(lines: &[Line]) -> Vec<String> {
    intended(&[lines.to_vec()])
        .into_iter()
        .map(|(stratum, count)| {
            let stratum = stratum.replace("record_type=", "").replace("; sequel=", " ");
            if count == 1 { stratum } else { format!("{stratum} x{count}") }
        })
        .collect()
}
