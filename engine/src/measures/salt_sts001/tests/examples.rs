//! The worked example of section 14, person by person.

use super::*;

fn people() -> Vec<Vec<Line>> {
    vec![
        vec![
            request("2023-05-01", "2023-05-03", TO_ASSESSMENT),
            assessment("2023-05-10", "2023-05-20", "Progress to Support Planning / Services"),
            service(COMMUNITY, "2023-05-22", "-"),
        ],
        vec![request("2023-06-01", "2023-06-02", INFORMATION)],
        vec![
            request("2023-07-01", "2023-07-03", TO_ASSESSMENT),
            request("2023-07-06", "2023-07-07", "Progress to Reablement/ST-Max"),
            service(ST_MAX, "2023-07-10", "2023-08-10"),
        ],
        vec![
            service(RESIDENTIAL, "2022-01-01", "-"),
            request("2023-08-01", "2023-08-01", TO_ASSESSMENT),
        ],
        vec![
            request("2023-09-01", "2023-09-05", TO_ASSESSMENT),
            assessment("2023-10-20", "2023-10-21", DECLINED),
        ],
        vec![
            request("2023-11-01", "2023-11-02", TO_ASSESSMENT),
            assessment("2023-11-10", "2023-11-12", DECLINED),
        ],
        vec![request("2024-03-30", "2024-04-03", TO_ASSESSMENT)],
        vec![
            request("2023-04-05", "2023-04-06", TO_ASSESSMENT),
            request("2023-04-20", "2023-04-21", "NFA - Deceased"),
        ],
        vec![
            request("2023-12-01", "2023-12-04", TO_ASSESSMENT),
            assessment("2023-12-11", "2023-12-18", "Progress to Support Planning / Services"),
            service(COMMUNITY, "2023-12-28", "-"),
        ],
    ]
}

fn wanted() -> [Vec<&'static str>; 9] {
    [
        vec!["2 Community"],
        vec!["1 No_Chronology_Universal Services/ Signposted to other services"],
        vec!["2 ST-Max"],
        vec![],
        vec!["5 No_Chronology_Unable_To_Classify"],
        vec!["3 No Services Provided - other reason"],
        vec![],
        vec![
            "1 No_Chronology_No Services Provided - Deceased",
            "5 No_Chronology_Unable_To_Classify",
        ],
        vec!["4 No Service Found"],
    ]
}

#[test]
fn section_14_example_people_one_to_nine() {
    for (n, (lines, wanted)) in people().iter().zip(wanted()).enumerate() {
        assert_eq!(one(lines), wanted, "person {}", n + 1);
        // none of them meets a fault of the published code
        assert_eq!(one_intended(lines), wanted, "person {}", n + 1);
    }
}

#[test]
fn section_14_example_eight_requests_are_counted() {
    let results = results::<Sts001>(&people(), Method::AsPublished);
    assert_eq!(of_council(&results, NORTH).get(&(String::new(), String::new())), Some(&8));
    // 7 other events; the second request of person 3; person 7; person 4; nothing without a route
    let out: Vec<_> = results.attrition.iter().skip(8).map(|step| step.records_out).collect();
    assert_eq!(out, [0, 8, 1, 1, 1, 0]);
    assert_eq!(results.attrition.last().map(|step| step.records_left), Some(8));
}

#[test]
fn section_14_example_st_max_writes_the_cohort() {
    let (frame, makers) = world(&people(), Method::AsPublished);
    let settings = settings();
    let context = Context {
        labels: crate::measures::salt::labels::Labels::new(settings.labels, &frame).into(),
        year: year(),
        today: day("2024-12-31"),
        method: Method::AsPublished,
        settings,
    };
    let mut requests = Requests::new(context.clone());
    let cohort: Vec<_> = makers
        .iter()
        .map(|person| {
            let row = |(row, detail)| {
                let view = View { labels: &context.labels, row, detail };
                let import = throughcare_linkage::instant::Instant(0);
                Row::new(view, view.row.start.or(day("2023-01-01")), import, 1)
            };
            let mut rows: Vec<Row> = person.rows.iter().zip(&person.details).map(row).collect();
            requests.follow(&mut rows);
            requests.cohort().to_vec()
        })
        .collect();
    let of_person_3 = vec![(NORTHTON, day("2023-07-10"))];
    for (n, found) in cohort.iter().enumerate() {
        assert_eq!(*found, if n == 2 { of_person_3.clone() } else { vec![] });
    }
}
