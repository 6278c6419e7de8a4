//! Points a, d, e and f, the traps, and the edges of the steps of section 15.

use super::*;

const EARLY: &str = "Early cessation of service (not leading to long term support) - 100% NHS funded \
     care/End of Life/deceased";

fn following(outcome: &'static str, more: &[Line]) -> Vec<String> {
    let mut lines = reabled("2023-08-10", outcome);
    lines.extend_from_slice(more);
    one(&lines)
}

#[test]
fn section_15_step_2_only_the_reablement_that_a_request_led_to_counts() {
    let found = |lines: &[Line]| one(lines).len();
    let lines = reabled("2023-08-10", AS_PLANNED);
    assert_eq!(found(&lines), 1);
    assert_eq!(found(&lines[1..]), 0);
    // an existing client
    let mut existing = lines.clone();
    existing.push(service(NURSING, "2023-01-01", "2023-07-01"));
    assert_eq!(found(&existing), 0);
    // a service of another start, or in another council
    let mut other = lines.clone();
    other.push(Line { outcome: AS_PLANNED, ..service(ST_MAX, "2023-06-01", "2023-06-20") });
    assert_eq!(found(&other), 1);
    let mut elsewhere = lines.clone();
    elsewhere[1].la = SOUTHTON;
    assert_eq!(found(&elsewhere), 0);
    // the request must have a month of birth, the reablement need not
    let unborn = throughcare_linkage::day::BirthMonth::default();
    let mut request = lines.clone();
    request[0].birth = unborn;
    assert_eq!(found(&request), 0);
    let mut both = lines.clone();
    both[1].birth = unborn;
    both.push(Line { outcome: "", component: "x", ..lines[1].clone() });
    assert_eq!(found(&both), 1);
}

#[test]
fn section_15_step_2_clusters_and_their_end() {
    let counts = |end: &str| one(&reabled(end, AS_PLANNED)).len();
    assert_eq!(counts("2024-03-31"), 1);
    assert_eq!(counts("2024-04-01"), 0);
    assert_eq!(counts("-"), 0);
    // a second service of the same start: one cluster that ends with the later one, with its outcome
    let mut lines = reabled("2023-08-10", DECLINED);
    lines.push(Line {
        component: "other",
        outcome: AS_PLANNED,
        ..service(ST_MAX, "2023-07-10", "2023-08-20")
    });
    assert_eq!(one(&lines), ["1 No services provided – other"]);
    // the gap is at most one day
    for (start, episodes) in [("2023-08-11", 1), ("2023-08-12", 2)] {
        let lines = [
            request("2023-07-01", "2023-07-05", TO_ASSESSMENT),
            Line { outcome: AS_PLANNED, ..service(ST_MAX, "2023-07-10", "2023-08-10") },
            Line { outcome: AS_PLANNED, ..service(ST_MAX, start, "2023-08-20") },
        ];
        let total: i64 = strata(&[lines.to_vec()]).into_iter().map(|(_, count)| count).sum();
        assert_eq!(total, episodes, "{start}");
    }
}

fn strata(people: &[Vec<Line>]) -> Vec<(String, i64)> {
    crate::measures::salt::fixture::strata::<Sts002a>(people)
}

#[test]
fn section_15_step_3_the_window_is_three_days() {
    let from = |start| following(AS_PLANNED, &[service(NURSING, start, "2023-12-01")]);
    assert_eq!(from("2023-08-13"), ["2 Long Term Support (any setting)"]);
    assert_eq!(from("2023-08-14"), ["5 No services provided – other"]);
    // an open first event is in scope however late
    let open = following(AS_PLANNED, &[service(NURSING, "2024-01-14", "-")]);
    assert_eq!(open, ["2 Long Term Support (any setting)"]);
    // another ST-Max ends the chain
    let next = Line { outcome: AS_PLANNED, ..service(ST_MAX, "2023-08-13", "2023-08-20") };
    let after = service(NURSING, "2023-08-21", "-");
    let found = following(AS_PLANNED, &[next, after]);
    // which is an episode of its own
    assert_eq!(found, ["2 Long Term Support (any setting)", "5 No services provided – other"]);
    // a request does not, and its outcome is as good as another's
    let request = request("2023-08-11", "2023-08-11", DECLINED);
    let declined = ["3 No services provided – needs identified but support declined"];
    assert_eq!(following(AS_PLANNED, std::slice::from_ref(&request)), declined);
    let after = service(NURSING, "2023-08-13", "-");
    let found = following(AS_PLANNED, &[request, after]);
    assert_eq!(found, ["2 Long Term Support (any setting)"]);
}

#[test]
fn section_15_step_4_services_go_by_rank() {
    let mut lines = reabled("2023-08-10", AS_PLANNED);
    for (name, wanted) in [
        (OTHER_SHORT_TERM, "2 Short Term Support (other)"),
        (LOW_LEVEL, "2 Ongoing Low Level Support"),
        (PRISON, "2 Long Term Support (any setting)"),
        (COMMUNITY, "2 Long Term Support (any setting)"),
        (RESIDENTIAL, "2 Long Term Support (any setting)"),
        (NURSING, "2 Long Term Support (any setting)"),
    ] {
        lines.push(service(name, "2023-08-11", "-"));
        assert_eq!(one(&lines), [wanted]);
    }
}

#[test]
fn section_15_step_4_type_3_uses_outcomes_that_begin_nfa_only() {
    let planned = "4 No services provided - other";
    for (outcome, wanted) in [
        ("NFA - Deceased", format!("3 {EARLY}")),
        ("NFA - 100% NHS funded care", format!("3 {EARLY}")),
        (
            "NFA - Self-funded client (Inc. 12wk disregard)",
            "3 No services provided – needs identified but self-funding".into(),
        ),
        (
            INFORMATION,
            "3 No Services Provided – Universal Services / signposted to other services".into(),
        ),
        ("NFA - Moved to another LA", "3 No services provided – other".into()),
        ("NFA- Other", "3 No services provided – other".into()),
        ("NFA - something", "3 NULL".into()),
        ("nfa something", "3 NULL".into()),
        ("Progress to End of Life Care", planned.into()),
        (AS_PLANNED, planned.into()),
        ("Admitted to hospital", planned.into()),
    ] {
        let found = following(AS_PLANNED, &[assessment("2023-08-12", "2023-08-12", outcome)]);
        assert_eq!(found, [wanted], "{outcome}");
    }
    // several rows at the latest end
    let lines = [
        assessment("2023-08-12", "2023-08-13", DECLINED),
        assessment("2023-08-11", "2023-08-13", DECLINED),
    ];
    assert_eq!(following(AS_PLANNED, &lines), ["3 No services provided – other"]);
}

#[test]
fn section_15_step_5_the_own_outcome_without_onward_events() {
    for (outcome, wanted) in [
        (AS_PLANNED, "1 No services provided – other".to_owned()),
        ("NFA - Deceased", format!("1 No_Chronology_{EARLY}")),
        ("Admitted to hospital", "1 No_Chronology_No services provided – other".into()),
        ("Progress to End of Life Care", "1 No_Chronology_No services provided – other".into()),
        ("Provision of service", "1 No_Chronology_Unable_To_Classify".into()),
        ("NFA - something", "1 No_Chronology_Unable_To_Classify".into()),
        ("", "1 No_Chronology_Unable_To_Classify".into()),
    ] {
        assert_eq!(following(outcome, &[]), [wanted], "{outcome}");
    }
}

#[test]
fn section_15_trap_type_4_has_a_hyphen_and_no_prefix() {
    let useless = assessment("2023-08-12", "2023-08-12", TO_ASSESSMENT);
    let type_4 = |outcome| following(outcome, std::slice::from_ref(&useless));
    assert_eq!(type_4(AS_PLANNED), ["4 No services provided - other"]);
    let mut lines = reabled("2023-08-10", AS_PLANNED);
    lines.push(useless.clone());
    assert_eq!(one_intended(&lines), ["4 No services provided – other"]);
    let declined = "No services provided – needs identified but support declined";
    assert_eq!(type_4(DECLINED), [format!("4 {declined}")]);
    assert_eq!(type_4("Provision of service"), ["4 No Service Found"]);
    assert_eq!(type_4("Something"), ["4 No Service Found"]);
    // types 1 and 5 have the prefix
    assert_eq!(following(DECLINED, &[]), [format!("1 No_Chronology_{declined}")]);
    let late = service(NURSING, "2023-10-01", "2023-10-02");
    assert_eq!(following(DECLINED, &[late]), [format!("5 No_Chronology_{declined}")]);
}

#[test]
fn section_15_trap_an_unknown_nfa_outcome_gives_a_null_class() {
    let useless = assessment("2023-08-12", "2023-08-12", TO_ASSESSMENT);
    assert_eq!(following("NFA - something", std::slice::from_ref(&useless)), ["4 NULL"]);
    let mut lines = reabled("2023-08-10", "NFA - something");
    lines.push(useless);
    assert_eq!(one_intended(&lines), ["4 Unable_To_Classify"]);
    let mut lines = reabled("2023-08-10", AS_PLANNED);
    lines.push(assessment("2023-08-12", "2023-08-12", "NFA - something"));
    assert_eq!(one_intended(&lines), ["3 Unable_To_Classify"]);
}

#[test]
fn sts002a_point_a_an_own_service_takes_the_first_rank() {
    // a second service of the cluster starts on its last day: it is numbered, then taken out
    let lines = |start: &str| {
        vec![
            request("2023-07-01", "2023-07-05", TO_ASSESSMENT),
            Line { outcome: AS_PLANNED, ..service(ST_MAX, "2023-07-10", "2023-07-10") },
            assessment(start, start, DECLINED),
        ]
    };
    // in scope though the window is long over
    let late = lines("2023-09-20");
    assert_eq!(one(&late), ["3 No services provided – needs identified but support declined"]);
    assert_eq!(one_intended(&late), ["5 No services provided – other"]);
}

#[test]
fn sts002a_point_d_a_null_outcome_is_counted_again_and_again() {
    let unable = "1 No_Chronology_Unable_To_Classify";
    let again = "5 No_Chronology_Unable_To_Classify";
    let home = service(NURSING, "2023-08-12", "-");
    let found = following("", std::slice::from_ref(&home));
    assert_eq!(found, [unable, "2 Long Term Support (any setting)", again]);
    let useless = assessment("2023-08-12", "2023-08-12", TO_ASSESSMENT);
    assert_eq!(following("", &[useless]), [unable, "4 No Service Found", again]);
    let late = service(NURSING, "2023-10-01", "2023-10-02");
    assert_eq!(following("", &[late]), [unable, again]);
    let mut lines = reabled("2023-08-10", "");
    lines.push(home);
    assert_eq!(one_intended(&lines), ["2 Long Term Support (any setting)"]);
}

#[test]
fn sts002a_point_e_equal_results_of_type_3_count_once_a_person() {
    let lines: Vec<Line> = [("2023-05", 1), ("2023-09", 2)]
        .into_iter()
        .flat_map(|(month, _)| {
            let on = |day: &str| format!("{month}-{day}");
            [
                request(&on("01"), &on("02"), TO_ASSESSMENT),
                Line { outcome: AS_PLANNED, ..service(ST_MAX, &on("05"), &on("10")) },
                assessment(&on("11"), &on("12"), DECLINED),
            ]
        })
        .collect();
    let declined = "3 No services provided – needs identified but support declined";
    assert_eq!(one(&lines), [declined]);
    assert_eq!(one_intended(&lines), [format!("{declined} x2")]);
}

#[test]
fn sts002a_point_f_events_of_one_day_go_by_their_end_open_last() {
    let late = |end| assessment("2023-09-20", end, DECLINED);
    let found = following(AS_PLANNED, &[late("-"), late("2023-09-21")]);
    assert_eq!(found, ["5 No services provided – other"]);
}

#[test]
fn section_15_equal_ranks_are_not_multiplied_by_one_another() {
    let mut lines = reabled("2023-08-10", "Something");
    lines.push(Line { component: "other", outcome: "Something else", ..lines[1].clone() });
    // two different rows count as two, rows that differ in nothing as one
    assert_eq!(one(&lines), ["1 No_Chronology_Unable_To_Classify x2"]);
    assert_eq!(one_intended(&lines), ["1 No_Chronology_Unable_To_Classify"]);
    lines[2].outcome = "Something";
    assert_eq!(one(&lines), ["1 No_Chronology_Unable_To_Classify"]);
}

#[test]
fn section_15_only_services_have_versions() {
    let mut lines = reabled("2023-08-10", DECLINED);
    lines.push(Line {
        import: 0,
        outcome: AS_PLANNED,
        end: day("2023-09-30").into(),
        ..lines[1].clone()
    });
    let declined = "1 No_Chronology_No services provided – needs identified but support declined";
    assert_eq!(one(&lines), [declined]);
    let results = results::<Sts002a>(&[lines], Method::AsPublished);
    let step = results.attrition.iter().find(|step| step.what.contains("earlier version"));
    assert_eq!(step.map(|step| step.records_out), Some(1));
}

#[test]
fn n2_the_request_and_the_reablement_may_be_known_by_different_rules() {
    // no row of STS001 ties local identifier 7 to a traced person, but one of STS002a does
    use throughcare_linkage::person::PersonIdKind;
    let mut local = reabled("2023-08-10", AS_PLANNED);
    for line in &mut local {
        (line.kind, line.local) = (PersonIdKind::LaLocal, 7);
    }
    let results = |other: Line| {
        let results = results::<Sts002a>(&[local.clone(), vec![other]], Method::AsPublished);
        of_council(&results, NORTH).len()
    };
    let traced = Line { local: 7, ..assessment("2023-05-01", "2023-05-02", DECLINED) };
    assert_eq!(results(traced.clone()), 0);
    let unborn = throughcare_linkage::day::BirthMonth::default();
    assert_eq!(results(Line { birth: unborn, ..traced.clone() }), 0);
    assert_eq!(results(Line { local: 8, ..traced }), 2);
}
