//! The worked example of section 10 and the mini-cases after it.

use super::*;
use crate::timeline::scheme::Scheme;
use crate::timeline::sequence::{Piece, walk};
use crate::timeline::state::LineFlags;

pub(super) fn person_x() -> Case {
    let mut events = vec![
        request("2024-04-10", "2024-04-10", Outcome::Assessment),
        assessment("2024-04-25", "2024-05-02", Outcome::SupportPlanning),
        service(ServiceType::Community, "2024-05-10", "2024-09-30"),
        service(ServiceType::StMax, "2024-08-03", "2024-08-20"),
        service(ServiceType::Community, "2024-10-01", "2024-11-15"),
        service(ServiceType::Residential, "2024-11-14", "2025-02-09"),
    ];
    events[3].component = Component::Reablement;
    let mut stays = vec![
        stay("2024-07-20", "2024-08-02"),
        stay_of(day("2024-09-05"), day("2024-09-05"), "12"),
        stay("2024-12-20", "2024-12-27"),
        stay("2025-02-01", "2025-02-09"),
    ];
    stays[1].day_case = true;
    stays[2].destination = Code::new("54");
    stays[3].discharge_method = Code::new("4");
    stays[3].died = true;
    let mut case = Case::new(events, stays).dead("2025-02-09");
    case.attendances.push(attendance("2024-07-20", "2024-07-20"));
    case
}

#[test]
fn section_10_line_days_and_masks() {
    let built = person_x().build();
    let wanted = [
        ("HOME 04-01 9", "HOME"),
        ("AWAIT 04-10 30", "AWAIT"),
        ("COMM 05-10 71", "COMM"),
        ("IP_EM 07-20 13", "IP_EM+COMM"),
        ("COMM 08-02 1", "COMM"),
        ("STMAX 08-03 18", "STMAX+COMM"),
        ("COMM 08-21 85", "COMM"),
        ("RES 11-14 36", "RES+COMM"),
        ("IP_EM 12-20 7", "IP_EM+RES"),
        ("RES 12-27 36", "RES"),
        ("IP_EM 02-01 8", "IP_EM+RES"),
    ];
    let visits: Vec<(String, String)> = built
        .visits()
        .into_iter()
        .zip(built.line.visits.iter().map(|visit| codes(visit.mask)))
        .collect();
    assert_eq!(visits, wanted.map(|(visit, mask)| (visit.into(), mask.into())));
    assert_eq!(built.line.visits.iter().map(|visit| visit.days()).sum::<i32>(), 314);
    assert_eq!(built.line.death, opt("2025-02-09"));
    assert_eq!(built.line.visits[8].underlying, State::Residential);
    let ids = [7, 9].map(|n| built.line.visits[n].id);
    assert_eq!(ids[0], ids[1], "not a new admission");
    assert!(built.line.visits[0].truncated && !built.line.visits[1].truncated);
    assert!(built.line.visits.iter().all(|visit| !visit.censored));
    assert_eq!(built.line.flags, LineFlags::default());
    assert_eq!((built.counts.day_cases, built.counts.attendance_events), (1, 1));
}

#[test]
fn section_10_has_eleven_transitions() {
    let built = person_x().build();
    let scheme = Scheme::full();
    let mut moves = Vec::new();
    let mut visits = 0;
    walk(&built.line, &scheme, 0, |piece| match piece {
        Piece::Visit(_) => visits += 1,
        Piece::Move(m) => moves.push(format!(
            "{}→{}",
            scheme.names()[usize::from(m.from)],
            scheme.names()[usize::from(m.to)]
        )),
    });
    let wanted = [
        "HOME→AWAIT",
        "AWAIT→COMM",
        "COMM→IP_EM",
        "IP_EM→COMM",
        "COMM→STMAX",
        "STMAX→COMM",
        "COMM→RES",
        "RES→IP_EM",
        "IP_EM→RES",
        "RES→IP_EM",
        "IP_EM→DEAD",
    ];
    assert_eq!(moves, wanted);
    assert_eq!(visits, 12);
}

#[test]
fn section_10_a_community_sliver_is_absorbed_on_request() {
    let case = person_x().set(|settings| {
        settings.absorb_days = 1;
        settings.absorb_states.push(State::Community);
    });
    let built = case.build();
    assert_eq!(built.visits()[3..6], ["IP_EM 07-20 13", "STMAX 08-02 19", "COMM 08-21 85"]);
    assert_eq!((built.counts.absorbed, built.counts.absorbed_days), (1, 1));
    let case = person_x().set(|settings| settings.absorb_days = 1);
    assert_eq!(case.build().counts.absorbed, 0, "COMM is not among the states by default");
}

#[test]
fn section_10_the_line_begins_with_the_first_record_by_default() {
    let built = person_x().set(|settings| settings.entry_rule = EntryRule::FirstRecord).build();
    assert_eq!(built.visits()[0], "AWAIT 04-10 30");
    assert!(!built.line.visits[0].truncated);
}

fn rows(service_type: ServiceType, rows: &[(&str, &str)]) -> Case {
    let row = |(start, end): &(&str, &str)| service(service_type, start, end);
    Case::new(rows.iter().map(row).collect(), Vec::new())
}

#[test]
fn j01_care_home_rows_two_days_apart_are_one() {
    let case = rows(ServiceType::Residential, &[("2025-01-01", "2025-01-31"), ("2025-02-02", "")]);
    assert_eq!(case.visits(), ["HOME 04-01 275", "RES 01-01 90"]);
    assert_eq!(case.build().counts.bridged_rows, 1);
}

#[test]
fn j02_care_home_rows_three_days_apart_are_two() {
    let case = rows(ServiceType::Residential, &[("2025-01-01", "2025-01-31"), ("2025-02-03", "")]);
    let wanted = ["HOME 04-01 275", "RES 01-01 31", "HOME 02-01 2", "RES 02-03 57"];
    assert_eq!(case.visits(), wanted);
}

#[test]
fn j03_reablement_rows_seven_days_apart_are_one() {
    let case =
        rows(ServiceType::StMax, &[("2024-06-01", "2024-06-10"), ("2024-06-17", "2024-06-30")]);
    assert_eq!(case.visits()[1], "STMAX 06-01 30");
}

#[test]
fn j04_reablement_rows_eight_days_apart_are_two() {
    let case =
        rows(ServiceType::StMax, &[("2024-06-01", "2024-06-10"), ("2024-06-18", "2024-06-30")]);
    assert_eq!(case.visits()[1..4], ["STMAX 06-01 10", "HOME 06-11 7", "STMAX 06-18 13"]);
}

#[test]
fn j05_a_nursing_stay_within_a_package() {
    let mut case = rows(ServiceType::Community, &[("2024-01-01", "")]);
    case.events.push(service(ServiceType::Nursing, "2025-03-01", "2025-03-31"));
    case.window.1 = day("2025-05-01");
    assert_eq!(case.visits(), ["COMM 04-01 334", "NURS 03-01 31", "COMM 04-01 30"]);
}

#[test]
fn j06_touching_stays_keep_two_visits() {
    let stays = vec![stay("2024-05-01", "2024-05-05"), stay("2024-05-05", "2024-05-09")];
    let case = Case::new(Vec::new(), stays);
    let wanted =
        ["HOME 04-01 30", "IP_EM 05-01 4", "HOME 05-05 0", "IP_EM 05-05 4", "HOME 05-09 327"];
    assert_eq!(case.visits(), wanted);
    let case = case.set(|settings| settings.same_day_visits = false);
    let wanted = ["HOME 04-01 30", "IP_EM 05-01 4", "IP_EM 05-05 4", "HOME 05-09 327"];
    assert_eq!(case.visits(), wanted);
}

fn split_package(first_end: &str) -> Case {
    let mut case =
        rows(ServiceType::Community, &[("2024-04-01", first_end), ("2024-06-22", "2025-03-31")]);
    case.stays.push(stay("2024-06-01", "2024-06-20"));
    case
}

#[test]
fn j07_a_package_split_by_a_stay_is_held() {
    let built = split_package("2024-06-02").build();
    assert_eq!(built.visits(), ["COMM 04-01 61", "IP_EM 06-01 19", "COMM 06-20 285"]);
    let held: Vec<bool> = built.line.visits.iter().map(|visit| visit.held).collect();
    assert_eq!(held, [true, false, true]);
    assert_eq!(built.counts.held, 1);
    assert_eq!(built.line.visits[0].id, built.line.visits[2].id);
}

#[test]
fn j08_a_package_that_ended_long_before_a_stay_is_not_held() {
    let built = split_package("2024-04-30").build();
    let wanted =
        ["COMM 04-01 30", "HOME 05-01 31", "IP_EM 06-01 19", "HOME 06-20 2", "COMM 06-22 283"];
    assert_eq!(built.visits(), wanted);
    assert_eq!(built.counts.held, 0);
}

#[test]
fn j09_days_that_no_council_covers_are_unobserved() {
    let mut case = rows(ServiceType::Community, &[("2024-05-01", "2024-05-31")]);
    let covered = Period { start: day("2023-04-01"), end: day("2024-09-30") };
    case.coverage = vec![vec![], vec![covered]];
    let wanted = ["HOME 04-01 30", "COMM 05-01 31", "HOME 06-01 122", "UNOBS 10-01 182"];
    assert_eq!(case.visits(), wanted);
}

#[test]
fn j10_an_end_shortly_after_death_is_cut() {
    let case = rows(ServiceType::Community, &[("2024-04-01", "2024-05-13")]).dead("2024-05-10");
    let built = case.build();
    assert_eq!(built.visits(), ["COMM 04-01 39"]);
    assert!(built.line.flags.has(LineFlags::TAIL));
    assert_eq!((built.counts.tail_rows, built.counts.cut_rows), (1, 0));
}

#[test]
fn j11_an_admission_after_death_is_dropped_and_counted() {
    let case = rows(ServiceType::Community, &[("2024-04-01", "")]).dead("2024-05-10");
    let case = Case { stays: vec![stay("2024-06-01", "2024-06-04")], ..case };
    let built = case.build();
    assert_eq!(built.visits(), ["COMM 04-01 39"]);
    assert_eq!(built.counts.post_death(), 1);
    assert!(built.line.flags.has(LineFlags::POST_DEATH));
    assert!(built.intervals.iter().all(|interval| interval.state == State::Community));
}

#[test]
fn j12_a_service_that_starts_on_the_day_of_admission_comes_first() {
    let mut case = rows(ServiceType::Residential, &[("2024-07-01", "")]);
    case.attendances.push(attendance("2024-07-01", "2024-07-01"));
    case.stays.push(stay("2024-07-01", "2024-07-04"));
    let wanted = ["HOME 04-01 91", "RES 07-01 0", "IP_EM 07-01 3", "RES 07-04 271"];
    assert_eq!(case.visits(), wanted);
}

#[test]
fn j13_the_wait_of_an_existing_client_is_in_the_mask_only() {
    let mut case = rows(ServiceType::Community, &[("2024-01-01", "")]);
    case.events.push(request("2025-03-01", "", Outcome::Assessment));
    let built = case.build();
    assert_eq!(built.visits(), ["COMM 04-01 365"]);
    assert_eq!(codes(built.line.visits[0].mask), "COMM+AWAIT");
    assert_eq!((built.counts.waits, built.counts.waits_of_clients), (1, 1));
}
