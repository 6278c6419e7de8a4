//! A test for every trap and every edge of the steps.

use super::*;
use throughcare_linkage::day::OptDay;

#[test]
fn trap_an_invalid_outcome_is_a_request_but_no_conversation() {
    let with = |outcome| {
        let events = [request("2025-05-10", outcome), assessment("2025-05-20", O::Continuation)];
        waits_of(&person(&events, &[0]))
    };
    assert_eq!(with(O::Invalid), [(Some(10), None)]);
    assert_eq!(with(O::Release1Only), [(Some(0), None)]);
    assert_eq!(with(O::Assessment), [(Some(0), None)]);
    for outcome in [O::None, O::AdmittedToHospital, O::NfaMoved, O::NfaOther] {
        assert_eq!(with(outcome), [], "{outcome:?}");
    }
}

#[test]
fn step_9_a_conversation_answers_under_release_1_unless_assessed_that_day() {
    let with = |start, assessed| {
        let events = [request(start, O::SupportPlanning), assessment(assessed, O::SupportPlanning)];
        waits_of(&person(&events, &[0]))
    };
    assert_eq!(with("2025-06-30", "2025-07-09"), [(Some(0), None)]);
    assert_eq!(with("2025-07-01", "2025-07-09"), [(Some(8), None)]);
    let same_day =
        [request("2025-05-10", O::Assessment), assessment("2025-05-10", O::SupportPlanning)];
    let results = results(&[person(&same_day, &[0])]);
    let stratum = format!("{OLDER}; event_type=Assessment");
    assert_eq!(north(&results, "response_type", "2025-04-01", &stratum), Some((1.0, 0)));
    // no conversation, no answer
    assert_eq!(waits_of(&plain(&[request("2025-05-10", O::Assessment)])), [(None, None)]);
    let alone = person(&[request("2025-05-10", O::Assessment)], &[0]);
    assert_eq!(waits_of(&alone), [(Some(0), None)]);
}

#[test]
fn trap_the_quarter_is_that_of_the_response_also_of_earlier_requests() {
    let early = plain(&[
        request("2023-04-01", O::Assessment),
        assessment("2025-01-01", O::SupportPlanning),
    ]);
    assert_eq!(north(&results(&[early]), "first_response", "2025-01-01", OLDER), Some((641.0, 1)));
    let before = [request("2023-03-31", O::Assessment), assessment("2025-01-01", O::Continuation)];
    assert_eq!(waits_of(&plain(&before)), []);
}

#[test]
fn trap_step_12_looks_one_request_back_for_the_larger_answer() {
    // (i) the second request comes before what answered the first
    let between = [
        request("2025-07-01", O::Assessment),
        request("2025-07-05", O::Assessment),
        assessment("2025-07-10", O::SupportPlanning),
        community("2025-07-20"),
    ];
    assert_eq!(waits_of(&plain(&between)), [(Some(9), Some(19))]);
    // after the assessment but before the service of the first: out by (i), and it hides that
    // service from (i) for the third, which is out by (iii)
    let third = [
        request("2025-07-01", O::Assessment),
        assessment("2025-07-03", O::SupportPlanning),
        request("2025-07-05", O::Assessment),
        assessment("2025-07-07", O::NfaDeclined),
        request("2025-07-09", O::Assessment),
        community("2025-07-20"),
    ];
    assert_eq!(waits_of(&plain(&third)), [(Some(2), Some(19))]);
    // without the last service nothing stands in the way of any of them
    assert_eq!(waits_of(&plain(&third[..5])), [(Some(2), None), (Some(2), None), (None, None)]);
    // a later assessment saves the third from (ii), not from the LAG that it passes
    let mut saved = third.to_vec();
    saved.insert(5, assessment("2025-07-11", O::NfaDeclined));
    assert_eq!(waits_of(&plain(&saved)), [(Some(2), Some(19)), (Some(2), None)]);
}

#[test]
fn trap_on_one_day_requests_come_before_assessments_and_these_before_services() {
    let same_day = [
        service(S::Community, "2025-07-01", "-"),
        assessment("2025-07-01", O::SupportPlanning),
        request("2025-07-01", O::Assessment),
    ];
    let results = results(&[plain(&same_day)]);
    assert_eq!(north(&results, "first_response", "2025-07-01", OLDER), Some((0.0, 1)));
    assert_eq!(north(&results, "first_service", "2025-07-01", OLDER), Some((0.0, 1)));
    let assessed = format!("{OLDER}; event_type=Assessment");
    assert_eq!(north(&results, "response_type", "2025-07-01", &assessed), Some((1.0, 0)));
}

#[test]
fn trap_a_service_that_answers_makes_both_waits_the_same() {
    let events = [
        request("2025-07-01", O::SupportPlanning),
        community("2025-07-08"),
        assessment("2025-07-09", O::NfaDeclined),
    ];
    assert_eq!(waits_of(&plain(&events)), [(Some(7), Some(7))]);
}

#[test]
fn step_7_one_assessment_of_a_block_that_leads_on_is_enough() {
    let with = |second: O, between: Option<CareEvent>| {
        let mut events = vec![
            request("2025-07-01", O::Assessment),
            assessment("2025-07-03", O::NfaDeclined),
            assessment("2025-07-07", second),
            community("2025-07-20"),
        ];
        events.extend(between);
        waits_of(&plain(&events))
    };
    for outcome in [O::Reablement, O::SupportPlanning, O::Continuation] {
        assert_eq!(with(outcome, None), [(Some(2), Some(19))], "{outcome:?}");
    }
    // what a request may lead to, an assessment may not
    for outcome in [O::Assessment, O::Release1Only, O::Invalid, O::None] {
        assert_eq!(with(outcome, None), [(Some(2), None)], "{outcome:?}");
    }
    // a service ends the block, a review does not
    let service = service(S::LowLevel, "2025-07-05", "-");
    assert_eq!(with(O::SupportPlanning, Some(service)), [(Some(2), None)]);
    let review = event(EventType::Review, "2025-07-05", "2025-07-05");
    assert_eq!(with(O::SupportPlanning, Some(review)), [(Some(2), Some(19))]);
}

#[test]
fn step_3_who_is_an_existing_client() {
    let with = |kind, end: &str| {
        let earlier = service(kind, "2024-01-01", end);
        waits_of(&plain(&[earlier, request("2025-08-05", O::Assessment)])).len()
    };
    for kind in [S::Nursing, S::Residential, S::Community, S::Prison] {
        assert_eq!(
            [with(kind, "2024-08-04"), with(kind, "2024-08-05"), with(kind, "-")],
            [1, 0, 0]
        );
    }
    for kind in [S::StMax, S::OtherShortTerm] {
        assert_eq!(
            [with(kind, "2025-05-04"), with(kind, "2025-05-05"), with(kind, "-")],
            [1, 0, 0]
        );
    }
    assert_eq!([with(S::LowLevel, "-"), with(S::CarerDirect, "-")], [1, 1]);
    let same_day = [community("2025-08-05"), request("2025-08-05", O::Assessment)];
    assert_eq!(waits_of(&plain(&same_day)), [(Some(0), Some(0))]);
    // another council's client is new here
    let elsewhere = [community("2024-01-01").la(SOUTHTON), request("2025-08-05", O::Assessment)];
    assert_eq!(waits_of(&plain(&elsewhere)), [(None, None)]);
}

#[test]
fn trap_services_before_25_make_a_client_but_are_not_in_the_pool() {
    // 25 on 1 July 2025
    let young = |event: CareEvent| event.born(2000, 6);
    let events = [young(community("2024-09-01")), young(request("2025-08-05", O::Assessment))];
    assert_eq!(waits_of(&plain(&events)), []);
    let results = results(&[plain(&events)]);
    assert!(results.measures.iter().all(|row| row.part != "pool_events" || row.area.code != NORTH));
    let ended = young(service(S::Community, "2024-01-01", "2024-02-01"));
    assert_eq!(waits_of(&plain(&[ended, events[1]])), [(None, None)]);
    let too_young = [request("2025-05-31", O::Assessment).born(2000, 6)];
    assert_eq!(waits_of(&plain(&too_young)), []);
    assert_eq!(waits_of(&plain(&[too_young[0].unborn()])), []);
}

#[test]
fn step_2_only_the_supplied_age_at_the_start_counts() {
    // aged 25 by the month of birth
    let request = CareEvent { row: 0, ..request("2025-08-05", O::Assessment).born(2000, 6) };
    let with = |age| Maker {
        rows: vec![row_of(&request, CldRow::PREPARED, 1, age)],
        ..someone(&[request])
    };
    let requests = |age| waits_of(&with(age)).len();
    assert_eq!([requests(CldRow::NO_AGE), requests(24), requests(25)], [0, 0, 1]);
}

#[test]
fn trap_carers_rows_are_in_the_pool_but_make_no_request() {
    let carer = |event: CareEvent| event.client(ClientType::UnpaidCarer);
    let events = [
        request("2025-08-05", O::Assessment),
        carer(assessment("2025-08-09", O::SupportPlanning)),
        carer(community("2025-08-19")),
    ];
    assert_eq!(waits_of(&plain(&events)), [(Some(4), Some(14))]);
    assert_eq!(waits_of(&plain(&[carer(events[0]), events[1]])), []);
}

#[test]
fn trap_open_waits_have_no_days() {
    let results = results(&[plain(&[request("2025-08-05", O::Assessment)])]);
    assert_eq!(north(&results, "first_response", "2025-07-01", OLDER), None);
    let step = |rule| {
        let step = results.attrition.iter().find(|step| step.what.starts_with(rule)).unwrap();
        (step.records_out, step.records_left)
    };
    assert_eq!(step("no response"), (1, 0));
}

#[test]
fn only_two_types_of_assessment_and_seven_of_service_answer() {
    let request = request("2025-08-05", O::Assessment);
    let financial = CareEvent {
        assessment_type: AssessmentType::Financial,
        ..assessment("2025-08-09", O::SupportPlanning)
    };
    let of = |event| waits_of(&plain(&[request, event]));
    assert_eq!(of(financial), [(None, None)]);
    let short = CareEvent { assessment_type: AssessmentType::ShortTerm, ..financial };
    assert_eq!(of(short), [(Some(4), None)]);
    for kind in [S::None, S::Invalid, S::CarerDirect, S::CarerIndirect] {
        assert_eq!(of(service(kind, "2025-08-09", "-")), [(None, None)], "{kind:?}");
    }
    assert_eq!(of(service(S::LowLevel, "2025-08-09", "-")), [(Some(4), Some(4))]);
}

#[test]
fn the_band_is_that_of_the_answer_at_its_end() {
    // 65 on 2 August 2025
    let events = [
        request("2025-07-01", O::Assessment).born(1960, 8),
        assessment("2025-07-20", O::SupportPlanning).born(1960, 8),
        service(S::Community, "2025-07-25", "2025-12-31").born(1960, 8),
    ];
    let results = results(&[plain(&events)]);
    assert_eq!(north(&results, "first_response", "2025-07-01", YOUNGER), Some((19.0, 1)));
    assert_eq!(north(&results, "first_service", "2025-07-01", OLDER), Some((24.0, 1)));
}

#[test]
fn of_two_events_of_a_day_the_later_import_comes_first() {
    // the assessment that leads on is imported later, so the other one begins no new block
    let frame =
        frame_with(&[year()], CarerLinks::default(), &["2025-10-20 10:00", "2026-01-20 10:00"]);
    let base = [
        request("2025-07-01", O::Assessment).id(1),
        request("2025-07-01", O::Invalid).id(2),
        assessment("2025-07-11", O::SupportPlanning).id(3),
    ];
    let events: Vec<CareEvent> =
        (0u32..).zip(base).map(|(row, event)| CareEvent { row, ..event }).collect();
    let first_outcome = |submissions: [u16; 3]| {
        let rows = events.iter().zip(submissions);
        let rows = rows.map(|(event, submission)| row_of(event, submission, 1, 75)).collect();
        let maker = Maker { rows, ..someone(&events) };
        let mut scratch = Scratch::default();
        maker.with(|person| {
            let settings = Settings::default();
            pool::gather(person, &frame, &settings, &mut scratch.pool, &mut scratch.fallen);
        });
        scratch.pool[0].progresses
    };
    assert!(first_outcome([1, 0, 0]));
    assert!(!first_outcome([0, 1, 0]));
    // of one import: the larger record id
    assert!(!first_outcome([1, 1, 1]));
}

#[test]
fn settings_are_checked_and_replace_periods() {
    assert_eq!(Settings::default().published_from, day("2024-04-01"));
    assert_eq!(Settings::default().requests_from, day("2023-04-01"));
    assert_eq!(Settings::default().release_2_from, day("2025-07-01"));
    let negative = Settings { long_term_months: -1, ..Settings::default() };
    assert_eq!(negative.check(), Err("long_term_months = -1 must not be negative".into()));
    for days in [vec![7, 7], vec![-1, 0]] {
        assert!(Settings { curve_days: days, ..Settings::default() }.check().is_err());
    }
    let own = Settings { periods: vec![period("2025-04-01", "2025-06-30")], ..Settings::default() };
    let frame = frame(&[year()]);
    let results = fixture::results(WaitingTimes::with_settings(&own, &frame), &[], &frame);
    assert!(results.measures.iter().all(|row| row.period == own.periods[0]));
    // a period without a whole quarter has no figures and no steps
    let none = Settings { periods: vec![period("2025-04-02", "2025-06-30")], ..own };
    let results = fixture::results(WaitingTimes::with_settings(&none, &frame), &[], &frame);
    assert_eq!(results, Results::default());
    let nobody = Maker { nobody: true, ..plain(&[request("2025-05-01", O::Assessment)]) };
    let results = super::results(&[nobody]);
    assert_eq!(results.attrition[0].records_left, 0);
    assert_eq!(OptDay::NONE.get(), None);
}
