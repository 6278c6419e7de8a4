//! Traps of `cld-metrics.md` section 8 that are not edges of one rule.

use super::super::{Ascof2d, Settings};
use super::people::*;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::care_fixture::row_of_type;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Gender, Raw};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::BirthMonth;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::apc::Episode;

const ENGLAND: &str = "E92000001";

fn year() -> Frame {
    frame(&[period("2024-04-01", "2025-03-31")], "2025-06-30")
}

#[test]
fn trap_4_one_discharge_links_to_two_clusters_over_seven_days_apart() {
    let parts = |second: &str| {
        let care = [reablement("2024-05-07", "2024-05-08"), reablement(second, "")];
        let someone = Someone::new(&[stay(1, "2024-05-01", "2024-05-10")], &care);
        let results = measure(Settings::default(), &year(), &[someone]);
        ["part1", "part2"].map(|part| numbers(&results, part, ENGLAND, "").unwrap())
    };
    let two = [(Some(2), Some(2)), (Some(2), Some(1))];
    assert_eq!(parts("2024-05-16"), two); // 8 days after the end, 6 days after the discharge
    let one = [(Some(1), Some(1)), (Some(1), Some(1))];
    assert_eq!(parts("2024-05-15"), one); // 7 days after: one cluster
    assert_eq!(parts("2024-05-18"), one); // 8 days after the discharge: linked to none
}

#[test]
fn trap_10_age_and_gender_are_those_of_the_hospital_row() {
    let row = Episode {
        birth: BirthMonth::new(1935, 1),
        sex: Code::new("1"),
        ..stay(1, "2024-05-01", "2024-05-10")
    };
    // the care record says a woman of 70
    let care = CareEvent {
        birth: BirthMonth::new(1954, 1),
        gender: Gender::Female,
        ..reablement("2024-05-12", "2024-06-01")
    };
    let results = measure(Settings::default(), &year(), &[Someone::new(&[row], &[care])]);
    for part in ["part1", "part2"] {
        let slice = |slice: &str| numbers(&results, part, ENGLAND, &format!("slice={slice}"));
        assert_eq!([slice("85+"), slice("Male")], [Some((Some(1), Some(1))); 2]);
        assert_eq!([slice("65-74"), slice("Female")], [None; 2]);
    }
    // nor does a care record without a month of birth, or with a young one, leave anybody out
    let child = CareEvent { birth: BirthMonth::new(2015, 1), ..care };
    let results = measure(Settings::default(), &year(), &[Someone::new(&[row], &[child])]);
    assert_eq!(numbers(&results, "part1", ENGLAND, ""), Some((Some(1), Some(1))));
}

#[test]
fn genders_9_and_0_are_in_the_total_only() {
    for sex in ["9", "0", ""] {
        let row = Episode { sex: Code::new(sex), ..stay(1, "2024-05-01", "2024-05-10") };
        let results = measure(Settings::default(), &year(), &[Someone::new(&[row], &[])]);
        assert_eq!(numbers(&results, "part2", ENGLAND, ""), Some((None, Some(1))));
        for slice in ["slice=Male", "slice=Female"] {
            assert_eq!(numbers(&results, "part2", ENGLAND, slice), None, "{sex} {slice}");
        }
    }
}

#[test]
fn reablement_is_a_row_whose_event_type_is_exactly_service() {
    let mut frame = year();
    frame.inexact_event_types.insert(7); // such as "Services"
    let clusters = |raw: u16| {
        let someone = Someone::new(
            &[stay(1, "2024-05-01", "2024-05-10")],
            &[reablement("2024-05-12", "2024-06-01")],
        );
        let rows = [row_of_type(Raw(raw))];
        let mut counts = Ascof2d::new(&frame);
        counts.add(&Person { cld_rows: &rows, ..someone.person() }, &frame);
        let mut results = Results::default();
        counts.finish(&frame, &mut results);
        numbers(&results, "part2", ENGLAND, "")
    };
    assert_eq!(clusters(1), Some((Some(1), Some(1))));
    assert_eq!(clusters(7), Some((None, Some(1))));
}
