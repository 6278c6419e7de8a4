//! Intervals from hospital data (section 4) and around stays.

use super::*;
use crate::timeline::state::LineFlags;

fn states(stays: Vec<Cips>) -> Vec<&'static str> {
    let built = Case::new(Vec::new(), stays).build();
    let inpatient = built.line.visits.iter().filter(|visit| visit.state.is_inpatient());
    inpatient.map(|visit| visit.state.code()).collect()
}

#[test]
fn section_02_the_state_of_a_stay_by_its_first_spell() {
    let of = |change: fn(&mut Cips), method| {
        let mut stay = stay_of(day("2024-06-01"), day("2024-06-05"), method);
        change(&mut stay);
        states(vec![stay])
    };
    assert_eq!(of(|_| (), "21"), ["IP_EM"]);
    assert_eq!(of(|stay| stay.treatment_admission = Code::new("501"), "21"), ["IP_EM"]);
    assert_eq!(of(|stay| stay.treatment_admission = Code::new("560"), "11"), ["IP_MAT"]);
    assert_eq!(of(|_| (), "31"), ["IP_MAT"]);
    assert_eq!(of(|stay| stay.class = Code::new("5"), "13"), ["IP_MAT"]);
    assert_eq!(of(|_| (), "12"), ["IP_EL"]);
    assert_eq!(of(|stay| stay.class = Code::NONE, "12"), ["IP_EL"]);
    assert_eq!(of(|stay| stay.class = Code::new("2"), "12"), ["IP_OTH"]);
    assert_eq!(of(|_| (), "81"), ["IP_OTH"]);
    assert_eq!(of(|stay| stay.flags = StayFlags(StayFlags::MENTAL_HEALTH), "21"), ["IP_MH"]);
    assert_eq!(of(|stay| stay.flags = StayFlags(StayFlags::REHABILITATION), "11"), ["IP_REHAB"]);
}

#[test]
fn section_04_rehabilitation_spells_are_parts_of_a_stay() {
    let mut stay = stay("2024-06-01", "2024-06-20");
    stay.spells = 3;
    stay.flags = StayFlags(StayFlags::REHABILITATION);
    let mut case = Case::new(Vec::new(), vec![stay]);
    case.spells = vec![
        spell(0, "2024-06-01", "2024-06-05", 0),
        spell(Spell::NO_CIPS, "2024-06-02", "2024-06-03", StayFlags::MENTAL_HEALTH),
        spell(0, "2024-06-06", "2024-06-15", StayFlags::REHABILITATION),
        spell(0, "2024-06-15", "2024-06-20", 0),
    ];
    let built = case.build();
    // the night of 06-05, between two spells, belongs to the later one
    assert_eq!(built.visits()[1..4], ["IP_EM 06-01 4", "IP_REHAB 06-05 10", "IP_EM 06-15 5"]);
    assert!(built.line.visits[1..4].iter().all(|visit| visit.id == 0));
    let case = case.set(|settings| settings.split_rehab = false);
    assert_eq!(case.visits()[1], "IP_EM 06-01 19");
}

#[test]
fn x10_overlapping_spells_take_the_lowest_rank() {
    let mut stay = stay("2024-06-01", "2024-06-20");
    stay.spells = 2;
    stay.flags = StayFlags(StayFlags::REHABILITATION);
    let mut case = Case::new(Vec::new(), vec![stay]);
    case.spells = vec![
        spell(0, "2024-06-01", "2024-06-12", StayFlags::REHABILITATION),
        spell(0, "2024-06-10", "2024-06-20", 0),
    ];
    assert_eq!(case.visits()[1..3], ["IP_REHAB 06-01 9", "IP_EM 06-10 10"]);
}

#[test]
fn section_04_stays_without_a_night_day_cases_and_inner_stays_are_events() {
    let mut day_case = stay_of(day("2024-06-01"), day("2024-06-02"), "12");
    day_case.day_case = true;
    let mut inner = stay("2024-07-02", "2024-07-04");
    inner.flags = StayFlags(StayFlags::INNER);
    let mut case = Case::new(Vec::new(), vec![day_case, stay("2024-07-01", "2024-07-01"), inner]);
    let built = case.build();
    assert_eq!(built.visits(), ["HOME 04-01 365"]);
    let counts = built.counts;
    assert_eq!((counts.day_cases, counts.zero_night_stays, counts.inner_stays), (1, 1, 1));
    case.stays[2].spells = 2;
    assert_eq!(case.build().counts.used_stays, 1, "a chain that holds an inner stay is a stay");
}

#[test]
fn section_08_j12_a_service_that_starts_on_the_day_of_admission_follows_a_night_in_a_and_e() {
    let care = vec![service(ServiceType::Residential, "2024-07-01", "")];
    let mut case = Case::new(care, vec![stay("2024-07-01", "2024-07-04")]);
    case.attendances.push(attendance("2024-06-30", "2024-07-01"));
    let wanted = ["AE 06-30 1", "RES 07-01 0", "IP_EM 07-01 3", "RES 07-04 271"];
    assert_eq!(case.visits()[1..], wanted);
}

#[test]
fn section_04_an_attendance_across_midnight_is_a_state() {
    let ae = |arrival: &str, departure: &str, stays: Vec<Cips>| {
        let mut case = Case::new(Vec::new(), stays);
        case.attendances.push(attendance(arrival, departure));
        case
    };
    let case = ae("2024-06-01", "2024-06-02", vec![]);
    assert_eq!(case.visits()[1..], ["AE 06-01 1", "HOME 06-02 303"]);
    assert_eq!(ae("2024-06-01", "2024-06-09", vec![]).visits()[1], "AE 06-01 2");
    assert_eq!(ae("2024-06-01", "2024-06-01", vec![]).build().counts.attendance_events, 1);
    for (arrival, departure) in
        [("2024-06-01", ""), ("", "2024-06-01"), ("2024-06-02", "2024-06-01")]
    {
        assert_eq!(ae(arrival, departure, vec![]).build().counts.attendance_undated, 1);
    }
    // cut at the admission that it is linked to, even where that stay has no night
    let mut case = ae("2024-06-01", "2024-06-03", vec![stay("2024-06-02", "2024-06-02")]);
    assert_eq!(case.visits()[1..3], ["AE 06-01 2", "HOME 06-03 302"], "not linked");
    case.spells.push(spell(0, "2024-06-02", "2024-06-02", 0));
    case.links.push(0);
    assert_eq!(case.visits()[1..3], ["AE 06-01 1", "HOME 06-02 303"]);
    let mut case = ae("2024-06-01", "2024-06-02", vec![stay("2024-06-01", "2024-06-04")]);
    case.spells.push(spell(0, "2024-06-01", "2024-06-04", 0));
    case.links.push(0);
    assert_eq!(case.visits()[1], "IP_EM 06-01 3");
    assert_eq!(case.build().counts.attendance_admitted, 1);
    let case = ae("2024-06-01", "2024-06-02", vec![stay("2024-06-02", "2024-06-04")]);
    assert_eq!(case.visits()[1..3], ["AE 06-01 1", "IP_EM 06-02 2"]);
    let case = case.set(|settings| settings.ae_cap_days = 0);
    assert_eq!(case.build().counts.attendance_off, 1);
}

#[test]
fn k5_hospital_begins_at_the_arrival_and_the_stay_goes_before_the_attendance() {
    let line = |departure: &str, admission: &str| {
        let mut case = Case::new(Vec::new(), vec![stay(admission, "2024-06-09")]);
        case.attendances.push(attendance("2024-06-01", departure));
        case.visits()
    };
    // over midnight: the attendance first, then the stay, with nothing in between
    assert_eq!(line("2024-06-02", "2024-06-02")[1..3], ["AE 06-01 1", "IP_EM 06-02 7"]);
    // on one day the stay has the day
    assert_eq!(line("2024-06-01", "2024-06-01")[1], "IP_EM 06-01 8");
}

#[test]
fn section_04_an_unfinished_stay_is_censored() {
    let mut unfinished = stay("2024-12-01", "2025-01-01");
    unfinished.end_kind = EndKind::Censored;
    let built = Case::new(Vec::new(), vec![unfinished]).build();
    assert_eq!(built.visits(), ["HOME 04-01 244", "IP_EM 12-01 31", "HOME 01-01 90"]);
    let marks = built.line.visits.iter().map(|visit| (visit.truncated, visit.censored));
    assert!(marks.eq([(true, false), (false, true), (true, true)]));
    let built = Case::new(Vec::new(), vec![unfinished]).dead("2025-01-01").build();
    assert!(!built.line.visits[1].censored, "it ended in death");
}

#[test]
fn section_08_3_the_placement_runs_on_under_a_stay() {
    let case = Case::new(
        vec![service(ServiceType::Residential, "2024-01-01", "")],
        vec![stay("2024-06-01", "2024-06-05")],
    );
    let built = case.build();
    assert_eq!(built.visits(), ["RES 04-01 61", "IP_EM 06-01 4", "RES 06-05 300"]);
    assert_eq!(built.line.visits[1].underlying, State::Residential);
    assert_eq!(built.line.visits[0].id, built.line.visits[2].id);
}

#[test]
fn section_08_3_a_care_home_destination_that_care_records_do_not_show() {
    let to_care_home = |events| {
        let mut stay = stay("2024-06-01", "2024-06-05");
        stay.destination = Code::new("65");
        Case::new(events, vec![stay])
    };
    let community = service(ServiceType::Community, "2024-01-01", "2024-12-31");
    let case = to_care_home(vec![community]);
    let built = case.build();
    assert!(built.line.flags.has(LineFlags::DESTINATION_CONTRADICTION));
    assert_eq!((built.counts.care_home_not_shown, built.counts.trusted), (1, 0));
    assert_eq!(built.visits()[2], "COMM 06-05 210");
    let case = case.set(|settings| settings.trust_destination = true);
    assert_eq!(case.visits()[1..4], ["IP_EM 06-01 4", "RES 06-05 28", "COMM 07-03 182"]);
    let mut until_next = case.clone();
    until_next.events.push(service(ServiceType::Nursing, "2024-06-15", ""));
    assert_eq!(until_next.visits()[2..4], ["RES 06-05 10", "NURS 06-15 290"]);
    let shown = to_care_home(vec![service(ServiceType::Nursing, "2024-06-05", "")]);
    assert_eq!(shown.build().line.flags, LineFlags::default());
}

#[test]
fn section_08_4_the_visit_between_touching_stays_is_the_underlying_service() {
    let case = Case::new(
        vec![service(ServiceType::Community, "2024-01-01", "")],
        vec![stay("2024-05-01", "2024-05-05"), stay("2024-05-05", "2024-05-09")],
    );
    let wanted = ["COMM 04-01 30", "IP_EM 05-01 4", "COMM 05-05 0", "IP_EM 05-05 4"];
    assert_eq!(case.visits()[..4], wanted);
    let built = case.build();
    assert_eq!((built.counts.touching_visits, built.counts.same_day_visits), (1, 0));
    assert_eq!([built.line.visits[1].id, built.line.visits[3].id], [0, 1]);
}

#[test]
fn section_08_2_home_and_services_of_the_day_before_are_not_added() {
    let reablement = |start, end| {
        let events = vec![service(ServiceType::StMax, start, end)];
        Case::new(events, vec![stay("2024-06-01", "2024-06-05")]).visits()
    };
    // ended the day before: followed directly by the stay
    let wanted = ["STMAX 05-20 12", "IP_EM 06-01 4", "HOME 06-05 300"];
    assert_eq!(reablement("2024-05-20", "2024-05-31")[1..], wanted);
    // starts on the day of discharge: follows the stay directly
    let wanted = ["IP_EM 06-01 4", "STMAX 06-05 6", "HOME 06-11 294"];
    assert_eq!(reablement("2024-06-05", "2024-06-10")[1..], wanted);
    // starts on the day of admission but is not the underlying state
    let events = vec![
        service(ServiceType::Residential, "2024-01-01", ""),
        service(ServiceType::StMax, "2024-06-01", ""),
    ];
    let case = Case::new(events, vec![stay("2024-06-01", "2024-06-05")]);
    assert_eq!(case.visits()[..2], ["RES 04-01 61", "IP_EM 06-01 4"]);
}
