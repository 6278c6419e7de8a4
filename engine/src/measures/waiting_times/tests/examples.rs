//! The worked example, person by person and as published.

use super::*;

fn a() -> Maker {
    plain(&[
        request("2025-08-01", O::Assessment),
        assessment("2025-08-11", O::SupportPlanning),
        community("2025-09-05"),
    ])
}

fn b() -> Maker {
    plain(&[request("2025-07-10", O::Reablement), service(S::StMax, "2025-07-14", "2025-08-20")])
}

fn c() -> Maker {
    plain(&[
        request("2025-09-01", O::Assessment),
        assessment("2025-09-21", O::NfaDeclined),
        assessment("2025-09-25", O::NfaOther),
        community("2025-11-20"),
    ])
}

fn d() -> Maker {
    plain(&[
        request("2025-07-01", O::Assessment),
        request("2025-07-20", O::Assessment),
        assessment("2025-08-20", O::SupportPlanning),
        community("2025-09-10"),
    ])
}

fn e() -> Maker {
    let service = service(S::Community, "2024-01-01", "2024-09-30");
    plain(&[service, request("2025-08-05", O::Assessment)].map(|event| event.born(1980, 1)))
}

fn f() -> Maker {
    let events = [request("2025-05-10", O::SupportPlanning), community("2025-07-01")];
    person(&events.map(|event| event.born(1995, 1)), &[0])
}

fn g() -> Maker {
    plain(&[request("2025-07-01", O::NfaOther), community("2025-08-01")])
}

fn h() -> Maker {
    plain(&[
        request("2025-07-05", O::Assessment),
        assessment("2025-07-25", O::NfaDeclined),
        request("2025-08-04", O::Assessment),
        assessment("2025-08-10", O::SupportPlanning),
        community("2025-08-16"),
    ])
}

#[test]
fn section_11_example_person_by_person() {
    assert_eq!(waits_of(&a()), [(Some(10), Some(35))]);
    assert_eq!(waits_of(&b()), [(Some(4), Some(4))]);
    assert_eq!(waits_of(&c()), [(Some(20), None)]);
    assert_eq!(waits_of(&d()), [(Some(50), Some(71))]);
    assert_eq!(waits_of(&e()), []);
    assert_eq!(waits_of(&f()), [(Some(0), Some(52))]);
    assert_eq!(waits_of(&g()), []);
    assert_eq!(waits_of(&h()), [(Some(20), None), (Some(6), Some(12))]);
}

#[test]
fn section_11_example_medians_of_the_quarters() {
    let results = results(&[a(), b(), c(), d(), e(), f(), g(), h()]);
    let of = |part, quarter, band| north(&results, part, quarter, band);
    assert_eq!(of("first_response", "2025-07-01", OLDER), Some((15.0, 6)));
    assert_eq!(of("first_service", "2025-07-01", OLDER), Some((23.5, 4)));
    assert_eq!(of("first_response", "2025-04-01", YOUNGER), Some((0.0, 1)));
    assert_eq!(of("first_response", "2025-07-01", YOUNGER), None);
    assert_eq!(of("first_service", "2025-07-01", YOUNGER), Some((52.0, 1)));
    assert_eq!(of("first_service", "2025-07-01", ""), Some((35.0, 5)));
    // the distribution: 4, 6, 10, 20, 20, 50
    assert_eq!(of("first_response_p25", "2025-07-01", OLDER), Some((7.0, 6)));
    assert_eq!(of("first_response_p75", "2025-07-01", OLDER), Some((20.0, 6)));
    assert_eq!(of("first_response_p90", "2025-07-01", OLDER), Some((35.0, 6)));
    // one council: England is the same
    let england: Vec<_> = of_england(&results, "first_service").collect();
    let none = (Value::Unavailable, 0);
    assert_eq!(england, [none, none, (Value::Statistic(35.0), 5), none]);
}

#[test]
fn step_15_what_answered_and_what_is_in_the_pool() {
    let results = results(&[a(), b(), c(), d(), e(), f(), g(), h()]);
    let of = |part, quarter, stratum: &str| {
        north(&results, part, quarter, stratum).map(|(records, _)| records as i64)
    };
    let types = |part, quarter, band: &str| {
        ["Request", "Assessment", "Service"]
            .map(|kind| of(part, quarter, &format!("{band}; event_type={kind}")).unwrap())
    };
    assert_eq!(types("response_type", "2025-07-01", OLDER), [0, 5, 1]);
    assert_eq!(types("response_type", "2025-04-01", YOUNGER), [1, 0, 0]);
    // requests of A, B, C, D twice, H twice; G's request does not count, but G's service does
    assert_eq!(types("pool_events", "2025-07-01", OLDER), [7, 6, 5]);
    assert_eq!(types("pool_events", "2025-07-01", YOUNGER), [0, 0, 1]);
    assert_eq!(types("pool_events", "2025-10-01", OLDER), [0, 0, 1]);
    let long = format!("{OLDER}; assessment_type=Long term assessment");
    assert_eq!(of("response_assessment_type", "2025-07-01", &long), Some(5));
    let community = format!("{OLDER}; service_type=Long term support: Community");
    assert_eq!(of("first_service_type", "2025-07-01", &community), Some(3));
    let st_max = format!("{OLDER}; service_type=Short term support: ST-Max");
    assert_eq!(of("first_service_type", "2025-07-01", &st_max), Some(1));
}

#[test]
fn people_still_waiting_are_counted_with_the_days_so_far() {
    let open = |start| plain(&[request(start, O::Assessment)]);
    let answered = plain(&[
        request("2025-06-01", O::Assessment),
        assessment("2025-07-20", O::SupportPlanning),
        community("2025-10-01"),
    ]);
    let died = plain(&[request("2025-06-01", O::Assessment).died("2025-06-30")]);
    // two open requests are one wait of one person: the longer
    let twice =
        plain(&[request("2025-06-10", O::Assessment), request("2025-06-20", O::Assessment)]);
    let refused =
        plain(&[request("2025-06-01", O::Assessment), assessment("2025-06-21", O::NfaDeclined)]);
    let people = [open("2025-06-28"), answered, died, twice, refused];
    let results = results(&people);
    let of = |part, quarter| north(&results, part, quarter, "").map(|(number, _)| number as i64);
    let at = |part| ["2025-04-01", "2025-07-01", "2025-10-01"].map(|quarter| of(part, quarter));
    // on 30 June: since the 28th, the 1st and the 10th
    assert_eq!(at("first_response_waiting"), [Some(3), Some(2), Some(2)]);
    let median = |part, quarter| north(&results, part, quarter, "");
    assert_eq!(median("first_response_waiting_median", "2025-04-01"), Some((20.0, 3)));
    assert_eq!(median("first_response_waiting_median", "2025-07-01"), Some((103.0, 2)));
    // the answered one waits for a service until October; the refused one does not wait
    assert_eq!(at("first_service_waiting"), [Some(3), Some(3), Some(2)]);
    assert_eq!(median("first_service_waiting_median", "2025-07-01"), Some((112.0, 3)));
}

#[test]
fn curves_count_those_who_still_wait() {
    let mut frame = frame(&[year()]);
    frame.coverage = vec![Vec::new(), Vec::new(), vec![period("2023-04-01", "2025-12-31")]];
    let open = plain(&[request("2025-12-01", O::Assessment)]); // 30 days of record
    let died = plain(&[request("2025-10-01", O::Assessment).died("2025-10-06")]);
    let twice = plain(&[
        request("2025-02-01", O::Assessment),
        assessment("2025-02-11", O::SupportPlanning),
        community("2025-03-01"),
        // a later request is no more of the curve, like all but the first of a period
        request("2025-12-30", O::Assessment),
    ]);
    let refused = plain(&[request("2025-06-01", O::Assessment), assessment("2025-06-09", O::None)]);
    let before = plain(&[request("2024-12-31", O::Assessment)]);
    let results = results_in(&frame, &[open, died, twice, refused, before]);
    let curve = |event: &str, stratum: &str| -> Vec<(i32, [i64; 3])> {
        let rows = results.curves.iter().filter(|row| {
            (row.area_code.as_str(), row.event.as_str(), row.stratum.as_str())
                == (NORTH, event, stratum)
        });
        rows.map(|row| (row.point.day, [row.point.at_risk, row.point.events, row.point.censored]))
            .collect()
    };
    let wanted =
        [(0, [4, 0, 0]), (7, [4, 0, 1]), (14, [3, 2, 0]), (28, [1, 0, 0]), (42, [1, 0, 1])];
    assert_eq!(curve("first_response", ""), wanted);
    assert_eq!(curve("first_response", OLDER), wanted);
    assert_eq!(curve("first_response", YOUNGER), []);
    // the refused one leaves on day 8, the answered one has a service on day 28
    let wanted =
        [(0, [4, 0, 0]), (7, [4, 0, 1]), (14, [3, 0, 1]), (28, [2, 1, 0]), (42, [1, 0, 1])];
    assert_eq!(curve("first_service", ""), wanted);
    let at_28 =
        results.curves.iter().find(|row| row.event == "first_service" && row.point.day == 28);
    assert_eq!(at_28.unwrap().point.estimate, 0.5);
    // England is the sum, and comes first
    assert_eq!(results.curves[0].area_code, ENGLAND);
    assert_eq!(results.curves.iter().filter(|row| row.area_code == ENGLAND).count(), 20);
}

#[test]
fn curves_of_several_periods_name_them() {
    let frame = frame(&[period("2025-01-01", "2025-06-30"), period("2025-07-01", "2025-12-31")]);
    let results = results_in(&frame, &[a(), d()]);
    let strata: std::collections::BTreeSet<_> =
        results.curves.iter().map(|row| row.stratum.as_str()).collect();
    let wanted =
        ["period=2025-07-01..2025-12-31", "period=2025-07-01..2025-12-31; age_band=65 and above"];
    assert_eq!(strata.into_iter().collect::<Vec<_>>(), wanted);
}
