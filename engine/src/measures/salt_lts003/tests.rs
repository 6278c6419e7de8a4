//! LTS003.

pub(crate) mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;
use throughcare_linkage::day::BirthMonth;

fn carer(line: Line) -> Line {
    Line { client: "Carer", ..line }
}

fn direct(mechanism: &'static str) -> Line {
    carer(Line { mechanism, ..service(TO_CARER, "2023-05-01", "-") })
}

fn review(outcome: &'static str) -> Line {
    carer(Line { outcome, ..line("Review", "2023-05-01", "2023-05-02") })
}

/// The support of one carer of all ages.
fn support(lines: &[Line]) -> Vec<String> {
    let strata = strata::<Lts003>(&[lines.to_vec()]);
    let all_ages = strata.into_iter().filter(|(stratum, _)| stratum.starts_with("support="));
    all_ages
        .map(|(stratum, count)| {
            assert_eq!(count, 1);
            stratum.replace("support=", "")
        })
        .collect()
}

const NONE: &str = "No Direct Support Provided to Carer";
const ADVICE: &str = "Information, Advice and Other Universal Services / Signposting";

#[test]
fn section_21_example_commissioned_support_beats_a_declined_review() {
    let lines = [review(DECLINED), direct(COMMISSIONED)];
    assert_eq!(support(&lines), ["CASSR Commissioned Support only"]);
}

#[test]
fn section_21_support_by_mechanism_and_not_by_component() {
    let unknown = "Support Direct to Carer: Unknown Delivery Mech";
    for (mechanism, wanted) in [
        (DIRECT_PAYMENT, "Direct Payment only"),
        (MANAGED, "CASSR Managed Personal Budget"),
        (COMMISSIONED, "CASSR Commissioned Support only"),
        ("something", unknown),
        ("", unknown),
    ] {
        assert_eq!(support(&[direct(mechanism)]), [wanted]);
        let line = Line { component: DIRECT_PAYMENT, ..direct(mechanism) };
        assert_eq!(support(&[line]), [wanted]);
    }
}

#[test]
fn section_21_other_events() {
    let cared_for = carer(service(CARED_FOR, "2023-05-01", "-"));
    assert_eq!(support(std::slice::from_ref(&cared_for)), [NONE]);
    assert_eq!(support(&[review(DECLINED)]), [NONE]);
    assert_eq!(support(&[review("")]), [NONE]);
    assert_eq!(support(&[review(INFORMATION)]), [ADVICE]);
    assert_eq!(support(&[carer(assessment("2023-05-01", "2023-05-02", INFORMATION))]), [ADVICE]);
    // a request is read only when it led to information
    assert_eq!(support(&[carer(request("2023-05-01", "2023-05-02", INFORMATION))]), [ADVICE]);
    assert!(support(&[carer(request("2023-05-01", "2023-05-02", DECLINED))]).is_empty());
    // a service without a type shows nothing
    let untyped = carer(Line { outcome: INFORMATION, ..service("", "2023-05-01", "-") });
    assert!(support(&[untyped]).is_empty());
    // nor is one of a service user a carer's
    assert!(support(&[carer(service(COMMUNITY, "2023-05-01", "-"))]).is_empty());
    // information ranks before no direct support
    assert_eq!(support(&[cared_for, review(INFORMATION)]), [ADVICE]);
}

#[test]
fn section_21_who_is_read() {
    assert_eq!(support(&[Line { client: "Carer known by association", ..direct("") }]).len(), 1);
    assert!(support(&[Line { client: "Service User", ..direct("") }]).is_empty());
    assert!(support(&[Line { event: "Referral", ..direct("") }]).is_empty());
    assert!(support(&[Line { import: 1, ..direct("") }]).is_empty());
    for (death, counts) in [("2023-03-31", 0), ("2023-04-01", 1)] {
        let line = Line { death: day(death).into(), ..direct("") };
        assert_eq!(support(&[line]).len(), counts);
    }
    let ended =
        |end: &str| Line { end: day(end).into(), start: day("2020-01-01").into(), ..direct("") };
    assert!(support(&[ended("2023-03-31")]).is_empty());
    assert_eq!(support(&[ended("2023-04-01")]).len(), 1);
}

#[test]
fn section_21_ages_at_the_end_of_the_year() {
    let bands = |births: &[(i32, u32)]| -> Vec<String> {
        let lines: Vec<Line> = births
            .iter()
            .map(|&(year, month)| Line { birth: BirthMonth::new(year, month), ..direct("") })
            .collect();
        let strata = strata::<Lts003>(&[lines]);
        let banded = strata.into_iter().filter(|(stratum, _)| stratum.starts_with("age_band="));
        banded
            .map(|(stratum, _)| stratum.split("; ").next().unwrap().replace("age_band=", ""))
            .collect()
    };
    for (birth, band) in [
        ((2006, 4), "Under 18"),
        ((2006, 3), "18 to 25"),
        ((1998, 4), "18 to 25"),
        ((1998, 3), "26 to 64"),
        ((1959, 4), "26 to 64"),
        ((1959, 3), "65 to 84"),
        ((1939, 4), "65 to 84"),
        ((1939, 3), "85 and over"),
        ((0, 0), "Unknown"),
    ] {
        assert_eq!(bands(&[birth]), [band], "{birth:?}");
    }
    // two months of birth are two bands of one person
    assert_eq!(bands(&[(1950, 1), (0, 0)]), ["65 to 84", "Unknown"]);
}

#[test]
fn section_21_the_total_is_of_people() {
    let birth = BirthMonth::new(1980, 1);
    let people = vec![vec![direct(""), Line { birth, ..direct("") }], vec![review(DECLINED)]];
    let results = results::<Lts003>(&people, Method::AsPublished);
    assert_eq!(of_council(&results, NORTH)[&(String::new(), String::new())], 2);
}
