//! Every trap of `cld-metrics.md` section 7, the edges of its steps and the settings.

use super::super::{NullComponent, SelfFundedStay};
use super::*;
use crate::figure::Value;
use crate::measures::Measure;
use crate::study::Method;
use throughcare_linkage::cld::settings::Edition;

#[test]
fn section_7_trap_rows_of_one_day_are_not_earlier_than_each_other() {
    assert_eq!(counts(&[residential("2025-06-01", "-"), nursing("2025-06-01", "-")]), [0, 1]);
    assert_eq!(counts(&[residential("2025-05-31", "2025-05-31"), nursing("2025-06-01", "-")]), [0, 1]);
}

#[test]
fn section_7_trap_a_move_within_a_year_is_not_new() {
    let moved = |end: &str| counts(&[residential("2023-01-01", end), nursing("2025-06-20", "-")]);
    assert_eq!(moved("2025-06-20"), [0, 0]);
    assert_eq!(moved("-"), [0, 0]);
    assert_eq!(moved("2024-06-21"), [0, 0]); // 364 days
    assert_eq!(moved("2024-06-20"), [0, 1]); // 365 days
    // a stay that ends after the admission starts is running
    assert_eq!(moved("2026-01-01"), [0, 0]);
}

#[test]
fn section_7_trap_no_age_is_excluded() {
    assert_eq!(counts(&[residential("2025-06-01", "-").unborn()]), [0, 0]);
    // the latest details know the month of birth from any row of the council
    let known = event(E::Request, "2025-01-01", "2025-01-02").born(1980, 1);
    let unknown = residential("2025-06-01", "-").unborn();
    assert_eq!(counts(&[known, unknown]), [1, 0]);
    assert_eq!(counts(&[known.la(SOUTHTON), unknown]), [0, 0]);
}

#[test]
fn section_7_step_1_the_component_decides() {
    let with = |component| counts(&[service(S::Nursing, "2025-06-01", "-").component(component)]);
    for &component in C::ALL {
        let label = component.label();
        let kept = (label.contains("esidential") || label.contains("ursing"))
            && !label.contains("hort");
        assert_eq!(with(component), [0, i64::from(kept)], "{label}");
    }
    assert_eq!(with(C::Invalid), [0, 0]);
}

#[test]
fn section_7_null_component_is_dropped_as_published_and_kept_as_intended() {
    let events = [service(S::Nursing, "2025-06-01", "-")];
    let mut frame = frame(&[year()]);
    assert_eq!(counts_with(&Settings::default(), &frame, &events), [0, 0]);
    let keep = Settings { null_component: Some(NullComponent::Keep), ..Settings::default() };
    assert_eq!(counts_with(&keep, &frame, &events), [0, 1]);
    frame.study.method = Method::AsIntended;
    assert_eq!(counts_with(&Settings::default(), &frame, &events), [0, 1]);
    let drop = Settings { null_component: Some(NullComponent::Drop), ..Settings::default() };
    assert_eq!(counts_with(&drop, &frame, &events), [0, 0]);
    // a row that is dropped is no earlier stay either
    let after = [service(S::Nursing, "2025-05-01", "-"), residential("2025-06-01", "-")];
    assert_eq!(counts_with(&drop, &frame, &after), [0, 1]);
    let shorter = [service(S::Nursing, "2025-03-01", "-"), residential("2025-06-01", "-")];
    assert_eq!(counts_with(&keep, &frame, &shorter), [0, 0]);
}

#[test]
fn section_7_self_funded_care_is_an_earlier_stay_in_edition_a_only() {
    let events = [
        residential("2025-01-01", "2025-02-01").outcome(O::NfaSelfFunded),
        nursing("2025-06-01", "-"),
    ];
    let mut frame = frame(&[year()]);
    assert_eq!(counts_with(&Settings::default(), &frame, &events), [0, 0]);
    let ignore = Settings { self_funded_stay: Some(SelfFundedStay::Ignore), ..Settings::default() };
    assert_eq!(counts_with(&ignore, &frame, &events), [0, 1]);
    frame.edition = Edition::B;
    assert_eq!(counts_with(&Settings::default(), &frame, &events), [0, 1]);
}

#[test]
fn section_7_step_1_only_services_of_living_service_users() {
    let died = |day: &str| counts(&[residential("2025-06-01", "-").died(day)]);
    assert_eq!(died("2025-03-31"), [0, 0]);
    assert_eq!(died("2025-04-01"), [0, 1]);
    let carer = CareEvent { client_type: ClientType::UnpaidCarer, ..residential("2025-06-01", "-") };
    assert_eq!(counts(&[carer]), [0, 0]);
    for kind in [E::Request, E::Assessment, E::Review, E::None] {
        assert_eq!(counts(&[residential("2025-06-01", "-").kind(kind)]), [0, 0]);
    }
    for kind in S::ALL {
        let event = service(*kind, "2025-06-01", "-").component(C::LongTermNursing);
        let wanted = i64::from(matches!(kind, S::Nursing | S::Residential));
        assert_eq!(counts(&[event]), [0, wanted]);
    }
    // there is no test that the end is not before the start
    assert_eq!(counts(&[residential("2025-06-01", "2025-05-01")]), [0, 1]);
}

#[test]
fn section_7_step_2_the_period_includes_both_days_and_a_missing_outcome_passes() {
    let starts = |day: &str| counts(&[residential(day, "-")]);
    assert_eq!(starts("2025-03-31"), [0, 0]);
    assert_eq!(starts("2025-04-01"), [0, 1]);
    assert_eq!(starts("2026-03-31"), [0, 1]);
    assert_eq!(starts("2026-04-01"), [0, 0]);
    for outcome in [O::None, O::Invalid, O::NfaOther, O::NfaDeceased] {
        assert_eq!(counts(&[residential("2025-06-01", "-").outcome(outcome)]), [0, 1]);
    }
}

#[test]
fn section_7_step_3_a_stay_in_another_council_is_not_looked_at() {
    let elsewhere = nursing("2025-01-01", "-").la(SOUTHTON);
    assert_eq!(counts(&[elsewhere, residential("2025-06-01", "-")]), [0, 1]);
    // two new admissions of one person in two councils count in both, and twice in England
    let people = [someone(&[
        nursing("2025-05-01", "-").la(SOUTHTON),
        residential("2025-06-01", "-"),
    ])];
    let [_, older] = results(&people);
    assert_eq!(numbers(&older, "", ENGLAND, "")[0], Some(2));
    assert_england_is_the_sum_of_councils(&older);
}

#[test]
fn section_7_step_4_a_person_counts_once_in_the_younger_band() {
    // 64 and a year later 65: both admissions are new
    let events = [
        residential("2025-04-10", "2025-04-20").born(1960, 5),
        nursing("2026-04-20", "-").born(1960, 5),
    ];
    let two_years = frame(&[period("2025-04-01", "2027-03-31")]);
    assert_eq!(counts_with(&Settings::default(), &two_years, &events), [1, 0]);
    assert_eq!(counts_with(&Settings::default(), &two_years, &events[1..]), [0, 1]);
    // two new ones in one band
    let twice = [residential("2025-04-10", "2025-04-20"), nursing("2026-04-20", "-")];
    assert_eq!(counts_with(&Settings::default(), &two_years, &twice), [0, 1]);
    // 17 and 18 by the 365.25 formula
    let born = |month| counts(&[residential("2025-06-02", "-").born(2007, month)]);
    assert_eq!((born(7), born(6)), ([0, 0], [1, 0]));
    // an admission under 18 still makes the next one not new
    let grows_up = [
        residential("2025-04-10", "2025-05-20").born(2007, 6),
        residential("2025-07-01", "-").born(2007, 6),
    ];
    assert_eq!(counts(&grows_up), [0, 0]);
}

#[test]
fn the_look_back_is_a_setting() {
    let events = [residential("2025-01-01", "2025-05-01"), nursing("2025-06-01", "-")];
    let settings = Settings { look_back_days: 31, ..Settings::default() };
    assert_eq!(counts_with(&settings, &frame(&[year()]), &events), [0, 1]);
    let settings = Settings { look_back_days: 32, ..Settings::default() };
    assert_eq!(counts_with(&settings, &frame(&[year()]), &events), [0, 0]);
    assert!(Settings { look_back_days: -1, ..settings }.check().is_err());
    let read: Settings =
        toml::from_str("null_component = \"keep\"\nself_funded_stay = \"ignore\"").unwrap();
    assert_eq!(read.null_component, Some(NullComponent::Keep));
    assert_eq!(read.self_funded_stay, Some(SelfFundedStay::Ignore));
    assert!(toml::from_str::<Settings>("look_back = 3").is_err());
}

#[test]
fn without_a_population_counts_remain_and_rates_are_not_available() {
    let mut frame = frame(&[year()]);
    let people = [someone(&[residential("2025-06-01", "-")])];
    // one council lacks it: so does every sum that it is part of
    frame.population.people.retain(|(code, ..), _| code != "400");
    let [_, older] = results_with(&Settings::default(), &frame, &people);
    let of = |results: &Results, area: &str| {
        let row = results.measures.iter().find(|row| row.area.code == area).unwrap();
        (row.numerator, row.denominator, row.value)
    };
    assert_eq!(of(&older, NORTH), (Some(1), Some(20_000), Value::Per(100_000.0)));
    assert_eq!(of(&older, "North"), (Some(1), Some(20_000), Value::Per(100_000.0)));
    for area in ["400", "South"] {
        assert_eq!(of(&older, area), (Some(0), None, Value::Unavailable));
    }
    assert_eq!(of(&older, ENGLAND), (Some(1), None, Value::Unavailable));
    frame.population.people.clear();
    let [younger, older] = results_with(&Settings::default(), &frame, &people);
    assert_eq!(older.measures.len(), 6);
    for row in younger.measures.iter().chain(&older.measures) {
        assert_eq!((row.value, row.denominator), (Value::Unavailable, None));
    }
    assert_eq!(of(&older, NORTH).0, Some(1));
}

#[test]
fn the_measures_have_the_names_of_study_files() {
    assert_eq!((Ascof2b::NAME, Ascof2c::NAME), ("ascof_2b", "ascof_2c"));
    let frame = frame(&[year()]);
    let nobody = fixture::results(Ascof2b::new(&frame), &[], &frame);
    assert!(nobody.measures.iter().all(|row| row.measure == "ascof_2b"));
}
