//! Stages of waits (section 7).

use super::cases::person_x;
use super::reference::person;
use super::*;
use crate::timeline::scheme::Scheme;
use crate::timeline::sequence::{Piece, walk};
use crate::timeline::state::{ActiveStates, Visit};
use proptest::prelude::*;

fn split(mut case: Case) -> Case {
    case.settings.split_await = true;
    case
}

/// The visits before the last one.
fn waits(events: Vec<CareEvent>) -> Vec<String> {
    let case = split(Case::new(events, Vec::new()))
        .set(|settings| settings.entry_rule = EntryRule::FirstRecord);
    let mut visits = case.visits();
    assert!(visits.pop().is_some());
    visits
}

fn asked(start: &str) -> CareEvent {
    request(start, "", Outcome::Assessment)
}

fn planned(start: &str, end: &str) -> CareEvent {
    assessment(start, end, Outcome::SupportPlanning)
}

#[test]
fn section_10_with_stages() {
    let built = split(person_x()).build();
    let wanted = [
        "HOME 04-01 9",
        "AWAIT_ASSESS 04-10 15",
        "AWAIT 04-25 7",
        "AWAIT_SERVICE 05-02 8",
        "COMM 05-10 71",
        "IP_EM 07-20 13",
    ];
    assert_eq!(built.visits()[..6], wanted);
    assert_eq!(built.line.visits.iter().map(Visit::days).sum::<i32>(), 314);
    assert_eq!(codes(built.line.visits[3].mask), "AWAIT_SERVICE");
    let whole = person_x().build();
    assert_eq!(built.visits()[4..], whole.visits()[2..]);
    assert_eq!(built.counts, whole.counts);
    let mut moves = 0;
    let scheme = Scheme::of_study(&split(person_x()).settings);
    walk(&built.line, &scheme, 0, |piece| moves += usize::from(matches!(piece, Piece::Move(_))));
    assert_eq!(moves, 11 + 2);
}

#[test]
fn j13_with_stages_the_wait_of_an_existing_client_is_in_the_mask_only() {
    let events = vec![
        service(ServiceType::Community, "2024-01-01", ""),
        asked("2025-03-01"),
        planned("2025-03-05", "2025-03-11"),
    ];
    let built = split(Case::new(events, Vec::new())).build();
    assert_eq!(built.visits(), ["COMM 04-01 365"]);
    let mask = codes(built.line.visits[0].mask);
    assert_eq!(mask, "COMM+AWAIT_SERVICE+AWAIT+AWAIT_ASSESS");
    let days: Vec<i32> = built.line.masks.iter().map(|days| days.end.since(days.start)).collect();
    assert_eq!(days, [334, 4, 6, 21]);
    assert_eq!((built.counts.waits, built.counts.waits_of_clients), (1, 1));
}

#[test]
fn section_07_a_request_without_an_assessment_waits_for_one() {
    let service = service(ServiceType::Community, "2024-06-20", "2024-06-30");
    assert_eq!(waits(vec![asked("2024-06-01"), service])[0], "AWAIT_ASSESS 06-01 19");
    assert_eq!(waits(vec![asked("2024-06-01")]), ["AWAIT_ASSESS 06-01 182"]);
    // an assessment before the request says nothing of it, and is a wait of its own
    let events = vec![planned("2023-11-01", "2023-11-10"), asked("2024-06-01")];
    assert_eq!(
        waits(events),
        ["AWAIT_SERVICE 04-01 39", "HOME 05-10 22", "AWAIT_ASSESS 06-01 182"]
    );
    let events = vec![planned("2024-05-01", "2024-05-31"), asked("2024-06-01")];
    assert_eq!(waits(events)[1..], ["AWAIT_SERVICE 05-31 182", "AWAIT_ASSESS 11-29 1"]);
}

#[test]
fn section_07_an_assessment_under_way_is_neither_stage() {
    let open = assessment("2024-06-11", "", Outcome::None);
    let wanted = ["AWAIT_ASSESS 06-01 10", "AWAIT 06-11 172"];
    assert_eq!(waits(vec![asked("2024-06-01"), open]), wanted);
    let refused = assessment("2024-06-11", "2024-06-15", Outcome::NfaOther);
    let wanted = ["AWAIT_ASSESS 06-01 10", "AWAIT 06-11 4"];
    assert_eq!(waits(vec![asked("2024-06-01"), refused]), wanted);
    // under way when the request came; the wait of the assessment itself starts with its end
    let events = vec![planned("2024-05-20", "2024-06-05"), asked("2024-06-01")];
    assert_eq!(waits(events)[1..], ["AWAIT 06-01 4", "AWAIT_SERVICE 06-05 178"]);
    // of one day: from one stage to the other
    let events = vec![asked("2024-06-01"), planned("2024-06-11", "2024-06-11")];
    assert_eq!(waits(events), ["AWAIT_ASSESS 06-01 10", "AWAIT_SERVICE 06-11 172"]);
    let events = vec![asked("2024-06-01"), planned("2024-06-01", "2024-06-01")];
    assert_eq!(waits(events), ["AWAIT_SERVICE 06-01 182"], "assessed after the request (8.2)");
}

#[test]
fn section_07_a_wait_never_goes_back_a_stage() {
    let again = planned("2024-06-20", "2024-06-30");
    let events = vec![asked("2024-06-01"), planned("2024-06-05", "2024-06-08"), again];
    let wanted = ["AWAIT_ASSESS 06-01 4", "AWAIT 06-05 3", "AWAIT_SERVICE 06-08 175"];
    assert_eq!(waits(events), wanted);
    // a second request is a wait of its own, and the one furthest on holds
    let events =
        vec![asked("2024-06-01"), planned("2024-06-05", "2024-06-08"), asked("2024-07-01")];
    let wanted = [
        "AWAIT_ASSESS 06-01 4",
        "AWAIT 06-05 3",
        "AWAIT_SERVICE 06-08 175",
        "AWAIT_ASSESS 11-30 30",
    ];
    assert_eq!(waits(events), wanted);
}

#[test]
fn section_07_an_assessment_that_no_request_precedes_waits_for_the_service() {
    let events = vec![
        planned("2024-06-01", "2024-06-10"),
        service(ServiceType::Community, "2024-07-01", "2024-07-31"),
    ];
    assert_eq!(waits(events)[..2], ["HOME 06-01 9", "AWAIT_SERVICE 06-10 21"]);
}

#[test]
fn section_08_4_a_visit_of_no_days_has_the_stage_of_its_day() {
    let stays = vec![stay("2024-06-08", "2024-06-12"), stay("2024-06-12", "2024-06-14")];
    let events = vec![asked("2024-06-01"), planned("2024-06-05", "2024-06-12")];
    let case = split(Case::new(events, stays))
        .set(|settings| settings.entry_rule = EntryRule::FirstRecord);
    let built = case.build();
    let wanted = [
        "AWAIT_ASSESS 06-01 4",
        "AWAIT 06-05 3",
        "IP_EM 06-08 4",
        "AWAIT_SERVICE 06-12 0",
        "IP_EM 06-12 2",
        "AWAIT_SERVICE 06-14 169",
    ];
    assert_eq!(built.visits()[..6], wanted);
    let underlying: Vec<State> = built.line.visits.iter().map(|visit| visit.underlying).collect();
    assert_eq!((underlying[2], underlying[4]), (State::Awaiting, State::AwaitingService));
    assert_eq!(codes(built.line.visits[3].mask), "AWAIT_SERVICE");
    assert_eq!(codes(built.line.visits[2].mask), "IP_EM+AWAIT");
}

fn whole_mask(mask: u32) -> u32 {
    let active = State::ALL.into_iter().filter(|state| mask & state.bit() != 0);
    active.fold(0, |mask, state| mask | state.whole().bit())
}

/// The line with the stages read as `AWAIT`, neighbours joined where they are then one.
fn whole(line: &Line) -> Line {
    let mut visits: Vec<Visit> = Vec::new();
    for visit in &line.visits {
        let visit = Visit {
            state: visit.state.whole(),
            underlying: visit.underlying.whole(),
            mask: whole_mask(visit.mask),
            ..*visit
        };
        match visits.last_mut() {
            Some(last) if last.state == State::Awaiting && visit.state == State::Awaiting => {
                assert!(!visit.truncated && !last.censored);
                last.end = visit.end;
                last.mask |= visit.mask;
                last.censored = visit.censored;
            }
            _ => visits.push(visit),
        }
    }
    let mut masks: Vec<ActiveStates> = Vec::new();
    for days in &line.masks {
        let days = ActiveStates { mask: whole_mask(days.mask), ..*days };
        match masks.last_mut() {
            Some(last) if last.mask == days.mask => last.end = days.end,
            _ => masks.push(days),
        }
    }
    Line { visits, masks, ..line.clone() }
}

fn pieces(line: &Line, scheme: &Scheme, min_state_days: i32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    walk(line, scheme, min_state_days, |piece| pieces.push(piece));
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn section_07_with_the_stages_read_as_waits_the_line_is_the_one_without(
        case in person(),
        councils in prop::collection::vec(1..4u16, 16),
        absorb in prop_oneof![Just(0), 1..30i32],
        idle_cap in prop::option::of(0..30i32),
        await_max_days in prop_oneof![3 => Just(182), 1 => 1..60i32],
        rank in prop::option::weighted(0.2, 5..60u16),
        min_state_days in 0..6i32,
    ) {
        let mut case = case;
        for (event, la) in case.events.iter_mut().zip(councils) {
            event.la = la;
        }
        let settings = &mut case.settings;
        settings.absorb_days = absorb;
        settings.absorb_states = vec![State::Home, State::Awaiting, State::Community];
        settings.idle_cap_days = idle_cap;
        settings.await_max_days = await_max_days;
        settings.rank_override = rank.map(|rank| (State::Awaiting, rank)).into_iter().collect();
        settings.split_await = false;
        let without = case.build();
        let with = split(case).build();
        prop_assert_eq!(&whole(&with.line).visits, &without.line.visits);
        // a sliver that a service took may leave two equal masks side by side
        prop_assert_eq!(whole(&with.line), whole(&without.line));
        prop_assert_eq!(with.counts, without.counts);
        for scheme in [Scheme::full(), Scheme::compact(), Scheme::ascof()] {
            let [with, without] =
                [&with.line, &without.line].map(|line| pieces(line, &scheme, min_state_days));
            prop_assert_eq!(with, without);
        }
    }
}
