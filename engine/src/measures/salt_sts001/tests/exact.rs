//! Points a to f, the traps, and the edges of the steps of section 14.

use super::*;

const BEFORE: &str = "2 Community";

fn open_request(outcome: &'static str) -> Line {
    request("2023-10-01", "2023-10-01", outcome)
}

#[test]
fn sts001_point_a_own_requests_take_the_first_rank_and_the_28_day_test_with_them() {
    let late = assessment("2023-12-20", "2023-12-21", DECLINED);
    // a request of one day is among the onward events when these are numbered
    let lines = [open_request(TO_ASSESSMENT), late.clone()];
    assert_eq!(one(&lines), ["3 No Services Provided - other reason"]);
    assert_eq!(one_intended(&lines), ["5 No_Chronology_Unable_To_Classify"]);
    // another event on the first onward day, and the test is made
    let same_day = assessment("2023-10-01", "2023-10-01", TO_ASSESSMENT);
    let lines = [open_request(TO_ASSESSMENT), same_day, late.clone()];
    assert_eq!(one(&lines), ["4 No Service Found"]);
    // a request of two days is not
    let lines = [request("2023-09-30", "2023-10-01", TO_ASSESSMENT), late];
    assert_eq!(one(&lines), ["5 No_Chronology_Unable_To_Classify"]);
}

#[test]
fn sts001_point_b_equal_rows_at_the_end_multiply_a_cluster() {
    // two outcomes without a rank, by one route
    let rows = |more: &[Line]| {
        let mut lines = vec![
            request("2023-10-01", "2023-10-03", "Something"),
            request("2023-10-02", "2023-10-03", "Something else"),
        ];
        lines.extend_from_slice(more);
        lines
    };
    assert_eq!(one(&rows(&[])), ["1 No_Chronology_Unable_To_Classify x4"]);
    assert_eq!(one_intended(&rows(&[])), ["1 No_Chronology_Unable_To_Classify"]);
    // types 2 to 5 count different rows
    let home = service(COMMUNITY, "2023-10-05", "-");
    assert_eq!(one(&rows(std::slice::from_ref(&home))), ["2 Community x2"]);
    assert_eq!(one_intended(&rows(&[home])), ["2 Community"]);
    // another route does not join
    let mut other = rows(&[]);
    other[1].route = "Prison";
    assert_eq!(one(&other), ["1 No_Chronology_Unable_To_Classify x2"]);
    // a better rank leaves the other out
    let mut ranked = rows(&[]);
    ranked[1].outcome = DECLINED;
    assert_eq!(one(&ranked), ["1 No_Chronology_No Services Provided - other reason"]);
    // rows that differ in nothing are one
    let mut same = rows(&[]);
    same[1].outcome = "Something";
    assert_eq!(one(&same), ["1 No_Chronology_Unable_To_Classify"]);
}

#[test]
fn sts001_point_c_a_request_without_a_route_is_lost() {
    let mut lines = vec![request("2023-10-01", "2023-10-03", DECLINED)];
    lines[0].route = "";
    assert!(one(&lines).is_empty());
    assert_eq!(one_intended(&lines), ["1 No_Chronology_No Services Provided - other reason"]);
    let results = results::<Sts001>(&[lines.clone()], Method::AsPublished);
    let last = results.attrition.last().map(|step| (step.rule, step.records_out));
    assert_eq!(last, Some(("STS001 point c", 1)));
    // before it is lost it is no existing client
    lines.push(service(COMMUNITY, "2020-01-01", "-"));
    let results = crate::measures::salt::fixture::results::<Sts001>(&[lines], Method::AsPublished);
    assert_eq!(results.attrition.last().map(|step| step.records_out), Some(1));
}

#[test]
fn sts001_point_c_the_best_outcome_may_be_that_of_the_lost_row() {
    let mut lines = vec![
        request("2023-10-01", "2023-10-03", TO_ASSESSMENT),
        request("2023-10-02", "2023-10-03", DECLINED),
    ];
    lines[0].route = "";
    assert!(one(&lines).is_empty());
}

#[test]
fn sts001_point_d_a_null_outcome_is_counted_again_and_again() {
    let null = request("2023-10-01", "2023-10-03", "");
    let unable = "1 No_Chronology_Unable_To_Classify";
    assert_eq!(one(std::slice::from_ref(&null)), [unable]);
    // with onward events also under its own type, and as type 5 with a null class
    let home = service(COMMUNITY, "2023-10-05", "-");
    assert_eq!(one(&[null.clone(), home.clone()]), [unable, BEFORE, "5 NULL"]);
    let nfa = assessment("2023-10-05", "2023-10-06", DECLINED);
    let wanted = [unable, "3 No Services Provided - other reason", "5 NULL"];
    assert_eq!(one(&[null.clone(), nfa]), wanted);
    let nothing = assessment("2023-10-05", "2023-10-06", TO_ASSESSMENT);
    assert_eq!(one(&[null.clone(), nothing]), [unable, "4 No Service Found", "5 NULL"]);
    let late = assessment("2023-12-05", "2023-12-06", DECLINED);
    assert_eq!(one(&[null.clone(), late]), [unable, "5 NULL"]);
    // as intended once
    assert_eq!(one_intended(&[null.clone(), home]), [BEFORE]);
    // and it is never an existing client
    let long = service(NURSING, "2020-01-01", "2023-10-02");
    assert_eq!(one(&[null.clone(), long.clone()]), [unable]);
    assert!(one_intended(&[null, long]).is_empty());
}

#[test]
fn sts001_point_e_equal_results_of_type_3_count_once_a_person() {
    let twice = |second: &'static str| {
        vec![
            request("2023-05-01", "2023-05-02", TO_ASSESSMENT),
            assessment("2023-05-03", "2023-05-04", DECLINED),
            request("2023-09-01", "2023-09-02", TO_ASSESSMENT),
            assessment("2023-09-03", "2023-09-04", second),
        ]
    };
    let other = "3 No Services Provided - other reason";
    assert_eq!(one(&twice(DECLINED)), [other]);
    assert_eq!(one_intended(&twice(DECLINED)), [format!("{other} x2")]);
    let universal = "3 Universal Services/ Signposted to other services";
    assert_eq!(one(&twice(INFORMATION)), [other, universal]);
    // two people, or another outcome of the request, are two results
    let people = [twice(DECLINED), twice(DECLINED)];
    assert_eq!(strata(&people)[0].1, 2);
    let mut differs = twice(DECLINED);
    differs[2].outcome = "Progress to Support Planning / Services";
    assert_eq!(one(&differs), [format!("{other} x2")]);
}

#[test]
fn sts001_point_f_events_of_one_day_go_by_their_end_open_last() {
    // the closed one is first, so the late start counts against both
    let late = |end| assessment("2023-11-20", end, DECLINED);
    let request = request("2023-10-01", "2023-10-03", TO_ASSESSMENT);
    let lines = [request.clone(), late("-"), late("2023-11-21")];
    assert_eq!(one(&lines), ["5 No_Chronology_Unable_To_Classify"]);
    // alone, an open first event is in scope however late
    let lines = [request, service(COMMUNITY, "2023-11-20", "-")];
    assert_eq!(one(&lines), [BEFORE]);
}

#[test]
fn sts001_step_2_the_latest_version_of_an_event_counts() {
    let first = Line { import: 0, ..request("2023-10-01", "2023-10-05", TO_ASSESSMENT) };
    let second = Line { import: 1, ..request("2023-10-01", "2023-10-05", DECLINED) };
    let declined = "1 No_Chronology_No Services Provided - other reason";
    assert_eq!(one(&[first.clone(), second.clone()]), [declined]);
    // another route is another event, in the same cluster
    let other = Line { route: "Prison", ..first.clone() };
    assert_eq!(one(&[other, second]), ["1 No_Chronology_Unable_To_Classify"]);
    // assessments and reviews keep every version
    let open = Line { import: 0, ..assessment("2023-10-06", "2023-10-08", DECLINED) };
    let changed = Line { outcome: TO_ASSESSMENT, import: 1, ..open.clone() };
    let lines = [first.clone(), open, changed];
    assert_eq!(one(&lines), ["3 No Services Provided - other reason"]);
    // a service that was withdrawn by its next version is not there
    let short = Line { import: 0, ..service(COMMUNITY, "2023-10-06", "-") };
    let closed = Line { import: 1, end: day("2023-10-07").into(), ..short.clone() };
    let next = service(RESIDENTIAL, "2023-11-30", "-");
    assert_eq!(one(&[first.clone(), short.clone(), next.clone()]), ["2 Residential"]);
    assert_eq!(one(&[first, short, closed, next]), [BEFORE]);
}

#[test]
fn n4_imports_after_the_cut_off_are_not_there_whatever_the_event() {
    let people = [vec![
        Line { import: 0, ..request("2023-10-01", "2023-10-05", TO_ASSESSMENT) },
        Line { import: 1, ..assessment("2023-10-06", "2023-10-08", DECLINED) },
    ]];
    let cut_off = Some(submissions()[4].import.day()); // its import is at noon, after midnight
    let settings = Settings { cut_off, ..settings() };
    let results = results_with::<Sts001>(&settings, &people, Method::AsPublished);
    let key = (String::new(), "record_type=1; sequel=No_Chronology_Unable_To_Classify".to_owned());
    assert_eq!(of_council(&results, NORTH).get(&key), Some(&1));
}

#[test]
fn sts001_step_2_the_same_row_twice_is_one_request() {
    // it ends so long before it starts that it would not even join itself
    let reversed = request("2023-10-11", "2023-10-05", DECLINED);
    let declined = ["1 No_Chronology_No Services Provided - other reason"];
    let lines = [reversed.clone(), reversed];
    assert_eq!(one(&lines[..1]), declined);
    assert_eq!(one(&lines), declined);
    assert_eq!(one_intended(&lines), declined);
}

#[test]
fn sts001_step_7_of_events_of_the_same_days_a_request_ends_the_chain_first() {
    // both end before they start, so that whichever is second would break the chain
    let first = request("2023-06-19", "2023-06-20", AS_PLANNED);
    let second = Line { route: "Prison", ..request("2023-06-26", "2023-06-14", TO_ASSESSMENT) };
    let assessment = assessment("2023-06-26", "2023-06-14", TO_ASSESSMENT);
    for lines in [
        [first.clone(), second.clone(), assessment.clone()],
        [assessment.clone(), second.clone(), first.clone()],
    ] {
        assert_eq!(one(&lines), ["5 No_Chronology_Unable_To_Classify x2"]);
    }
}

#[test]
fn sts001_point_f_versions_of_one_event_with_reversed_days_have_a_fixed_order() {
    // the second breaks the chain after the first: the one with the better outcome is the first
    let request = request("2023-12-11", "2023-12-12", TO_ASSESSMENT);
    let version = |outcome| Line { import: 0, ..assessment("2023-12-18", "2023-12-09", outcome) };
    let usable = version(DECLINED);
    let better = Line { import: 1, ..version(TO_ASSESSMENT) };
    let lines = [request.clone(), usable.clone(), better.clone()];
    assert_eq!(one(&lines), ["4 No Service Found"]);
    assert_eq!(one(&[better, request, usable]), ["4 No Service Found"]);
}

#[test]
fn sts001_step_3_requests_four_days_apart_are_one_cluster() {
    for (start, clusters) in [("2023-10-09", 1), ("2023-10-10", 2)] {
        let lines = [
            request("2023-10-01", "2023-10-05", TO_ASSESSMENT),
            request(start, "2023-10-20", DECLINED),
        ];
        assert_eq!(one(&lines).len(), clusters, "{start}");
    }
}

#[test]
fn sts001_step_3_the_latest_end_in_the_year_is_the_end_of_the_cluster() {
    let lines = [
        request("2024-03-20", "2024-03-28", INFORMATION),
        request("2024-03-25", "2024-04-02", DECLINED),
    ];
    assert_eq!(one(&lines), ["1 No_Chronology_Universal Services/ Signposted to other services"]);
    for (start, end, counts) in [
        ("2023-03-01", "2023-04-01", 1),
        ("2023-03-01", "2023-03-31", 0),
        ("2024-03-01", "2024-03-31", 1),
        ("2024-03-01", "-", 0),
    ] {
        assert_eq!(one(&[request(start, end, DECLINED)]).len(), counts, "{end}");
    }
}

#[test]
fn sts001_step_4_long_term_support_on_the_first_day_is_an_existing_client() {
    let request = request("2023-10-01", "2023-10-05", DECLINED);
    for (start, end, counts) in
        [("2023-10-01", "-", 0), ("2023-01-01", "2023-10-01", 0), ("2023-01-01", "2023-09-30", 1)]
    {
        let lines = [request.clone(), service(PRISON, start, end)];
        assert_eq!(one(&lines).len(), counts, "{start} {end}");
    }
    let lines = [request.clone(), service(LOW_LEVEL, "2023-01-01", "-")];
    assert_eq!(one(&lines).len(), 1);
    // of another council it does not count
    let elsewhere = Line { la: SOUTHTON, ..service(PRISON, "2023-01-01", "-") };
    assert_eq!(one(&[request, elsewhere]).len(), 1);
}

#[test]
fn sts001_step_5_three_labels_of_the_hierarchy_are_misspelt() {
    let lines = |outcome| {
        [
            request("2023-10-01", "2023-10-03", outcome),
            request("2023-10-02", "2023-10-03", "NFA- Other"),
        ]
    };
    let nhs = lines("NFA - 100% NHS funded care");
    assert_eq!(one(&nhs), ["1 No_Chronology_No Services Provided - other reason"]);
    assert_eq!(one_intended(&nhs), ["1 No_Chronology_100% NHS Funded Care"]);
    for outcome in ["NFA - Support ended: Other reason", "NFA - No services offered: Other reason"]
    {
        assert_eq!(one(&lines(outcome)).len(), 1);
    }
}

#[test]
fn sts001_step_7_the_chain() {
    let from = |more: &[Line]| {
        let mut lines = vec![request("2023-10-01", "2023-10-03", TO_ASSESSMENT)];
        lines.extend_from_slice(more);
        one(&lines)
    };
    let out_of_scope = ["5 No_Chronology_Unable_To_Classify"];
    // 28 days after the end are in scope, 29 are not
    assert_eq!(from(&[service(NURSING, "2023-10-31", "2023-11-30")]), ["2 Nursing"]);
    assert_eq!(from(&[service(NURSING, "2023-11-01", "2023-11-30")]), out_of_scope);
    // an event on the day of the end is onward
    assert_eq!(from(&[service(PRISON, "2023-10-03", "2023-11-30")]), ["2 Prison"]);
    assert_eq!(
        from(&[service(PRISON, "2023-10-02", "2023-10-04")])[0],
        "1 No_Chronology_Unable_To_Classify"
    );
    // a gap of three days does not break the chain, one of four does
    let first = assessment("2023-10-05", "2023-10-10", TO_ASSESSMENT);
    let chain = |start| from(&[first.clone(), service(LOW_LEVEL, start, "-")]);
    assert_eq!(chain("2023-10-13"), ["2 Ongoing Low Level"]);
    assert_eq!(chain("2023-10-14"), ["4 No Service Found"]);
    // nothing breaks it after an open event, not even after a later one that ended
    let open = service(OTHER_SHORT_TERM, "2023-10-05", "-");
    let short = assessment("2023-10-06", "2023-10-07", TO_ASSESSMENT);
    let late = service(COMMUNITY, "2024-02-01", "-");
    assert_eq!(from(&[open, short, late]), [BEFORE]);
    // a request ends it, with all that starts on its day
    let second = request("2023-10-12", "2023-10-30", DECLINED);
    let same_day = service(COMMUNITY, "2023-10-12", "2023-10-12");
    let found = from(&[first.clone(), second, same_day]);
    assert!(found.contains(&"4 No Service Found".to_owned()), "{found:?}");
}

#[test]
fn sts001_step_8_services_go_by_rank() {
    let all = [OTHER_SHORT_TERM, LOW_LEVEL, PRISON, COMMUNITY, RESIDENTIAL, NURSING, ST_MAX];
    let wanted = [
        "2 Other Short Term",
        "2 Ongoing Low Level",
        "2 Prison",
        "2 Community",
        "2 Residential",
        "2 Nursing",
        "2 ST-Max",
    ];
    let mut lines = vec![request("2023-10-01", "2023-10-03", TO_ASSESSMENT)];
    for (name, wanted) in all.into_iter().zip(wanted) {
        lines.push(service(name, "2023-10-04", "-"));
        assert_eq!(one(&lines), [wanted]);
    }
    // a service of a carer is none of them
    let lines = [lines[0].clone(), service(TO_CARER, "2023-10-04", "-")];
    assert_eq!(one(&lines), ["4 No Service Found"]);
}

#[test]
fn sts001_step_8_the_latest_outcome_of_another_event() {
    let from = |more: &[Line]| {
        let mut lines = vec![request("2023-10-01", "2023-10-03", "NFA - Deceased")];
        lines.extend_from_slice(more);
        one(&lines)
    };
    let early = assessment("2023-10-04", "2023-10-05", DECLINED);
    let end_of_life = assessment("2023-10-04", "2023-10-06", "Progress to End of Life Care");
    let unusable = assessment("2023-10-04", "2023-10-09", TO_ASSESSMENT);
    let open = assessment("2023-10-04", "-", INFORMATION);
    assert_eq!(
        from(&[early.clone(), end_of_life.clone(), unusable.clone(), open]),
        ["3 End of Life"]
    );
    // several rows at that end
    let review = Line { event: "Review", ..end_of_life.clone() };
    let several = ["3 No Services Provided - other reason"];
    assert_eq!(from(&[end_of_life.clone(), review]), several);
    // versions that say the same are one row
    let version = Line { import: 0, ..end_of_life.clone() };
    assert_eq!(from(&[end_of_life, version]), ["3 End of Life"]);
    // without a usable outcome the request's own
    assert_eq!(from(&[unusable]), ["4 No Service Found_No Services Provided - Deceased"]);
}

#[test]
fn sts001_trap_an_invalid_outcome_out_of_scope_has_a_null_class() {
    let late = assessment("2023-12-20", "2023-12-21", DECLINED);
    let lines = [request("2023-10-01", "2023-10-03", "NFA other"), late];
    assert_eq!(one(&lines), ["5 NULL"]);
    assert_eq!(one_intended(&lines), ["5 No_Chronology_Unable_To_Classify"]);
    // but not without onward events
    assert_eq!(one(&lines[..1]), ["1 No_Chronology_Unable_To_Classify"]);
}

#[test]
fn sts001_trap_the_island_join_forgets_the_council() {
    // Northton: two clusters. Southton: one cluster before the request of the same days, which makes
    // that request number 2 there; so Northton's first request is in its second cluster too
    let north = |start, end, outcome| request(start, end, outcome);
    let south = |start, end| Line { la: SOUTHTON, ..request(start, end, DECLINED) };
    let lines = [
        north("2023-05-01", "2023-05-02", TO_ASSESSMENT),
        north("2023-07-01", "2023-07-02", INFORMATION),
        south("2023-04-10", "2023-04-11"),
        south("2023-05-01", "2023-05-02"),
        // support that began between both clusters
        service(COMMUNITY, "2023-06-15", "-"),
    ];
    let results = |method| results::<Sts001>(&[lines.to_vec()], method);
    // as intended the second request is of an existing client; as published its cluster began in May
    let total = |method, code| of_council(&results(method), code)[&(String::new(), String::new())];
    assert_eq!(total(Method::AsPublished, NORTH), 2);
    assert_eq!(total(Method::AsIntended, NORTH), 1);
    assert_eq!(total(Method::AsIntended, SOUTH), 2);
}

#[test]
fn sts001_settings_change_the_days() {
    let people = [vec![
        request("2023-10-01", "2023-10-05", TO_ASSESSMENT),
        request("2023-10-12", "2023-10-13", TO_ASSESSMENT),
        service(COMMUNITY, "2023-11-30", "2023-12-01"),
        service(NURSING, "2023-12-20", "2023-12-21"),
    ]];
    let settings =
        Settings { request_gap_days: 7, request_window_days: 48, chain_gap_days: 19, ..settings() };
    let found = |settings: &Settings| -> Vec<_> {
        let results = results_with::<Sts001>(settings, &people, Method::AsPublished);
        of_council(&results, NORTH).into_keys().map(|(_, stratum)| stratum).skip(1).collect()
    };
    assert_eq!(found(&settings), ["record_type=2; sequel=Nursing"]);
    let window = Settings { request_window_days: 47, ..settings.clone() };
    assert_eq!(found(&window), ["record_type=5; sequel=No_Chronology_Unable_To_Classify"]);
    let chain = Settings { chain_gap_days: 18, ..settings };
    assert_eq!(found(&chain), ["record_type=2; sequel=Community"]);
}
