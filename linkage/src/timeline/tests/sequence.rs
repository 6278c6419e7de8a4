//! The mapped sequence and its moves.

use super::*;
use crate::timeline::scheme::Scheme;
use crate::timeline::sequence::{Move, Piece, Step, walk};

fn pieces(case: &Case, scheme: &Scheme, min_state_days: i32) -> (Vec<Step>, Vec<Move>) {
    let (mut steps, mut moves) = (Vec::new(), Vec::new());
    walk(&case.build().line, scheme, min_state_days, |piece| match piece {
        Piece::Visit(step) => steps.push(step),
        Piece::Move(step) => moves.push(step),
    });
    (steps, moves)
}

fn text(case: &Case, scheme: &Scheme, min_state_days: i32) -> String {
    let (steps, _) = pieces(case, scheme, min_state_days);
    let name = |step: &Step| format!("{} {}", scheme.names()[usize::from(step.state)], step.days);
    steps.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[test]
fn visits_of_one_mapped_state_are_one() {
    let events = vec![
        service(ServiceType::Residential, "2024-04-01", "2024-06-30"),
        service(ServiceType::Nursing, "2024-07-01", ""),
    ];
    let case = Case::new(events, Vec::new());
    assert_eq!(text(&case, &Scheme::full(), 0), "RES 91, NURS 274");
    assert_eq!(text(&case, &Scheme::compact(), 0), "CARE_HOME 365");
    let (steps, moves) = pieces(&case, &Scheme::compact(), 0);
    assert!(steps[0].truncated && steps[0].censored && moves.is_empty());
}

#[test]
fn j06_touching_stays_are_two_visits_in_every_scheme() {
    let stays =
        vec![stay("2024-05-01", "2024-05-05"), stay_of(day("2024-05-05"), day("2024-05-09"), "12")];
    let case = Case::new(Vec::new(), stays);
    let full = "HOME 30, IP_EM 4, HOME 0, IP_EL 4, HOME 327";
    assert_eq!(text(&case, &Scheme::full(), 0), full);
    let compact = "NONE 30, HOSP 4, NONE 0, HOSP 4, NONE 327";
    assert_eq!(text(&case, &Scheme::compact(), 0), compact);
    let (_, moves) = pieces(&case, &Scheme::compact(), 0);
    let days: Vec<i32> = moves.iter().map(|step| step.days).collect();
    assert_eq!(days, [30, 4, 0, 4]);
    assert!(moves[0].truncated && !moves[1].truncated);
    let case = case.set(|settings| settings.same_day_visits = false);
    assert_eq!(text(&case, &Scheme::compact(), 0), "NONE 30, HOSP 8, NONE 327");
}

#[test]
fn parts_of_one_stay_are_one_visit_to_hospital() {
    let mut stay = stay("2024-06-01", "2024-06-20");
    stay.spells = 2;
    stay.flags = StayFlags(StayFlags::REHABILITATION);
    let mut case = Case::new(Vec::new(), vec![stay]);
    case.spells = vec![
        spell(0, "2024-06-01", "2024-06-05", 0),
        spell(0, "2024-06-05", "2024-06-20", StayFlags::REHABILITATION),
    ];
    assert_eq!(text(&case, &Scheme::compact(), 0), "NONE 61, HOSP 19, NONE 285");
}

#[test]
fn x17_moves_into_and_out_of_unobserved_are_not_counted() {
    let mut case = Case::new(
        vec![service(ServiceType::Community, "2024-05-01", "2024-05-31")],
        vec![stay("2024-08-01", "2024-08-03")],
    );
    let covered = Period { start: day("2024-04-01"), end: day("2024-06-30") };
    case.coverage = vec![vec![], vec![covered]];
    let scheme = Scheme::full();
    let steps = "HOME 30, COMM 31, HOME 30, UNOBS 31, IP_EM 2, UNOBS 241";
    assert_eq!(text(&case, &scheme, 0), steps);
    let (steps, moves) = pieces(&case, &scheme, 0);
    assert_eq!(moves.len(), 2);
    let censored: Vec<bool> = steps.iter().map(|step| step.censored).collect();
    assert_eq!(censored, [false, false, true, true, true, true]);
}

#[test]
fn an_unfinished_stay_has_no_move_out() {
    let mut unfinished = stay("2024-12-01", "2025-01-01");
    unfinished.end_kind = EndKind::Censored;
    let case = Case::new(Vec::new(), vec![unfinished]);
    let (steps, moves) = pieces(&case, &Scheme::full(), 0);
    assert_eq!((steps.len(), moves.len()), (3, 1));
    assert!(steps[1].censored && steps[2].truncated);
}

#[test]
fn short_visits_are_left_out_before_neighbours_are_joined() {
    let case = cases::person_x();
    let scheme = Scheme::compact();
    let all = "NONE 39, COMM 71, HOSP 13, COMM 1, ST 18, COMM 85, CARE_HOME 36, HOSP 7, \
               CARE_HOME 36, HOSP 8, DEAD 0";
    assert_eq!(text(&case, &scheme, 0), all);
    let long = "NONE 39, COMM 71, HOSP 13, ST 18, COMM 85, CARE_HOME 72, HOSP 8, DEAD 0";
    assert_eq!(text(&case, &scheme, 8), long);
    let stays = vec![stay("2024-05-01", "2024-05-05"), stay("2024-05-05", "2024-05-09")];
    let touching = Case::new(Vec::new(), stays);
    assert_eq!(text(&touching, &scheme, 1), "NONE 30, HOSP 8, NONE 327");
}

#[test]
fn death_is_the_last_visit_and_may_stand_alone() {
    let events = vec![service(ServiceType::Nursing, "2024-01-01", "")];
    let case = Case::new(events, Vec::new()).dead("2024-04-01");
    assert_eq!(text(&case, &Scheme::full(), 0), "DEAD 0");
    let case = case.dead("2024-04-02");
    assert_eq!(text(&case, &Scheme::full(), 5), "DEAD 0", "a short visit is left out");
    let (steps, moves) = pieces(&case, &Scheme::full(), 0);
    assert_eq!((steps.len(), moves.len(), moves[0].days), (2, 1, 1));
    assert!(!steps[1].censored);
}
