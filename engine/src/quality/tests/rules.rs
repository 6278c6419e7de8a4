//! The numbered rules, each with rows that meet it and rows that fail it.

use super::sketch::{Row, row, service, told};

/// Rows tested and failed of a rule over these rows.
fn counted(id: &str, rows: &[Row]) -> Option<(i64, i64)> {
    told(rows).rule(id)
}

/// Checks that a rule fails the first row and not the second, and counts both.
fn one_of_two(id: &str, fails: Row, passes: Row) {
    assert_eq!(counted(id, &[fails, passes]), Some((2, 1)), "{id}");
}

#[test]
fn v003_to_v006_structure() {
    one_of_two("V003", row(1, &[("Date_of_Death", "soon")]), row(2, &[]));
    one_of_two(
        "V004",
        service(1, &[("Unit_Cost", "a lot")]),
        service(2, &[("Unit_Cost", "20.50")]),
    );
    one_of_two(
        "V004",
        row(1, &[("No_of_adults_being_cared_for", "100")]),
        row(2, &[("No_of_adults_being_cared_for", "99")]),
    );
    one_of_two("V005", row(1, &[("Gender", "N/A")]), row(2, &[]));
    // a council that the look-up does not have is told under its own code
    let told = told(&[row(1, &[("LA_Code", "999"), ("LA_Name", "Nowhere")]), row(2, &[])]);
    let failed = told.rows("dq_rule_counts", "999", "rule=V006");
    assert_eq!((failed[0].1, failed[0].2), (1, Some(1)));
    assert_eq!(told.rule("V006"), Some((1, 0)));
}

#[test]
fn v013_and_v014_identifiers_of_several() {
    let rows = [
        row(1, &[]),
        row(1, &[("LA_Person_Unique_Identifier", "L1b"), ("Event_Start_Date", "2025-05-01")]),
        row(2, &[]),
        // another person of the same local identifier
        row(3, &[("LA_Person_Unique_Identifier", "L2")]),
    ];
    let told = told(&rows);
    assert_eq!(told.rule("V013"), Some((3, 1)));
    assert_eq!(told.rule("V014"), Some((4, 2)));
}

#[test]
fn v015_a_local_identifier_that_has_a_number_elsewhere() {
    let none = [("Der_NHS_Number_Traced_Pseudo", ""), ("Der_NHS_Number_Pseudo", "")];
    let mut known = row(1, &none);
    known.insert("Event_Start_Date", "2025-05-01".into());
    let rows = [row(1, &[]), known, row(2, &none)];
    assert_eq!(counted("V015", &rows), Some((2, 1)));
}

#[test]
fn v016_one_pseudonym_in_two_councils() {
    let mover = row(1, &[("LA_Code", "200"), ("LA_Name", "Westton")]);
    let told = told(&[row(1, &[]), mover, row(2, &[])]);
    assert_eq!(told.rule("V016"), Some((2, 1)));
    let elsewhere = told.rows("dq_rule_counts", "200", "rule=V016");
    assert_eq!((elsewhere[0].1, elsewhere[0].2), (1, Some(1)));
    // a person counts once in each council and twice in England, as the sum of councils
    let england = told.rows("dq_rule_counts", "E92000001", "rule=V016");
    assert_eq!((england[0].1, england[0].2), (2, Some(3)));
}

#[test]
fn v020_to_v030_person_details() {
    one_of_two("V020", row(1, &[("Der_Birth_Year", "")]), row(2, &[]));
    one_of_two(
        "V021",
        row(1, &[("Der_Birth_Year", "2025"), ("Der_Birth_Month", "7")]),
        row(2, &[]),
    );
    one_of_two(
        "V022",
        row(1, &[("Der_Birth_Year", "2007"), ("Der_Birth_Month", "7")]),
        row(2, &[]),
    );
    one_of_two("V023", row(1, &[("Der_Birth_Year", "1910")]), row(2, &[]));
    one_of_two("V027", row(1, &[("Gender", "Hen")]), row(2, &[]));
    let reason = |n, reason: &'static str| row(n, &[("Primary_Support_Reason", reason)]);
    one_of_two(
        "V028",
        reason(1, "Social support: Support to unpaid carer"),
        reason(2, "Mental health support"),
    );
    // tested of carers and of people of 65 and over alone
    let rows = [
        row(1, &[("Employment_Status", "Unknown")]),
        row(2, &[]),
        row(3, &[("Der_Birth_Year", "1990"), ("Employment_Status", "Unknown")]),
        row(4, &[("Der_Birth_Year", "1990"), ("Client_Type", "Unpaid carer")]),
    ];
    assert_eq!(counted("V030", &rows), Some((3, 1)));
}

#[test]
fn v025_and_v026_rows_of_one_person_disagree() {
    let again = |n, changes: &[(&'static str, &str)]| {
        let mut row = row(n, changes);
        row.insert("Request_Route_of_Access", "Prison".into());
        row
    };
    let rows = [
        row(1, &[]),
        again(1, &[("Der_Birth_Year", "1951"), ("Gender", "Male")]),
        row(2, &[]),
        again(2, &[]),
        // a later row decides: no tie
        row(3, &[]),
        again(3, &[("Gender", "Male"), ("Event_End_Date", "2025-06-06")]),
    ];
    let told = told(&rows);
    assert_eq!(told.rule("V025"), Some((3, 1)));
    assert_eq!(told.rule("V026a"), Some((3, 1)));
}

#[test]
fn v029_accommodation_and_open_support() {
    let nursing = ("Service_Type", "Long term support: Nursing care");
    let home = ("Accommodation_Status", "Registered nursing home");
    let own = ("Accommodation_Status", "Refuge");
    let rows = [
        service(1, &[nursing, own]),
        service(2, &[nursing, home]),
        service(3, &[home]),
        service(4, &[own]),
        // nothing open, nothing known: not tested
        service(5, &[home, ("Event_End_Date", "2025-07-01")]),
        service(6, &[nursing]),
    ];
    assert_eq!(counted("V029", &rows), Some((4, 2)));
}

#[test]
fn v031_and_v063_carers_and_those_they_name() {
    let no = ("Has_Unpaid_Carer", "No");
    let carer = |n, of: &'static str| {
        row(n, &[("Client_Type", "Unpaid carer"), ("Adult_1_Linked_Person_ID", of)])
    };
    let rows = [row(1, &[no]), row(2, &[no]), carer(8, "L1"), carer(9, "L7")];
    let told = told(&rows);
    assert_eq!(told.rule("V031"), Some((2, 1)));
    // L7 is nobody's
    assert_eq!(told.rule("V063"), Some((2, 1)));
    let found = told.one("dq_linkage", "100", "figure=linked identifiers found, values");
    assert_eq!(found, (1, Some(2)));
}

#[test]
fn v040_to_v051_dates() {
    let died = |n, day: &'static str| row(n, &[("Date_of_Death", day)]);
    one_of_two("V040", row(1, &[("Event_Start_Date", "")]), row(2, &[]));
    one_of_two("V041", row(1, &[("Event_End_Date", "")]), row(2, &[]));
    one_of_two("V042", row(1, &[("Event_End_Date", "2025-05-31")]), row(2, &[]));
    one_of_two("V043", row(1, &[("Event_Start_Date", "2026-04-21")]), row(2, &[]));
    one_of_two("V044", row(1, &[("Event_End_Date", "2026-04-21")]), row(2, &[]));
    one_of_two(
        "V045",
        service(1, &[("Event_End_Date", "2026-12-31")]),
        service(2, &[("Event_End_Date", "2026-03-31")]),
    );
    one_of_two("V046", died(1, "2026-06-01"), died(2, "2025-07-01"));
    one_of_two("V046", died(1, "1949-06-01"), died(2, "2025-07-01"));
    one_of_two("V047", died(1, "2025-05-31"), died(2, "2025-06-01"));
    one_of_two("V048", died(1, "2025-06-04"), died(2, "2025-06-05"));
    let open = ("Date_of_Death", "2025-07-01");
    one_of_two("V049", service(1, &[open]), service(2, &[open, ("Event_End_Date", "2025-07-01")]));
    one_of_two("V050", service(1, &[open]), died(2, "2025-07-01"));
    one_of_two("V051", row(1, &[("Event_End_Date", "2025-03-31")]), row(2, &[]));
}

#[test]
fn v052_and_v053_long_events() {
    let from = |day: &'static str| row(1, &[("Event_Start_Date", day)]);
    one_of_two("V052", from("2024-06-04"), from("2024-06-05"));
    let short = |n, kind: &'static str, start: &'static str| {
        let end = ("Event_End_Date", "2026-01-01");
        service(n, &[("Service_Type", kind), ("Event_Start_Date", start), end])
    };
    let st_max = "Short term support: ST-Max";
    one_of_two("V053", short(1, st_max, "2025-07-02"), short(2, st_max, "2025-07-03"));
    let other = "Short term support: Other short term";
    one_of_two("V053", short(1, other, "2024-12-31"), short(2, other, "2025-01-01"));
}

#[test]
fn v054_and_v055_days_on_which_many_start() {
    let from = |n, day: &'static str| service(n, &[("Event_Start_Date", day)]);
    one_of_two("V054", from(1, "2025-04-01"), from(2, "2025-04-02"));
    // of 100 services 10 start on one day; 1 April is the rule before
    let mut rows: Vec<Row> = (0..10).map(|n| from(n, "2025-05-09")).collect();
    rows.extend((10..40).map(|n| from(n, "2025-04-01")));
    let days: Vec<String> =
        (0..100).map(|n| format!("2024-{:02}-{:02}", n % 12 + 1, n % 28 + 1)).collect();
    for (n, day) in (40..140).zip(&days) {
        let mut row = from(n, "2025-05-09");
        row.insert("Event_Start_Date", day.clone());
        rows.push(row);
    }
    let told = told(&rows);
    assert_eq!(told.rule("V055"), Some((110, 10)));
    assert_eq!(told.rule("V054"), Some((140, 30)));
}

#[test]
fn v024_a_month_of_birth_that_too_many_share() {
    let born = |n: usize, month: usize| {
        let mut row = row(n, &[]);
        row.insert("Der_Birth_Year", (1930 + month / 12).to_string());
        row.insert("Der_Birth_Month", (month % 12 + 1).to_string());
        row
    };
    let mut rows: Vec<Row> = (0..110).map(|n| born(n, n)).collect();
    rows.extend((110..130).map(|n| born(n, 300)));
    assert_eq!(counted("V024", &rows), Some((130, 20)));
    // of few people a shared month tells nothing
    assert_eq!(counted("V024", &rows[60..]), None);
}

#[test]
fn v060_to_v068_content() {
    let with = |n, name: &'static str, value: &'static str| row(n, &[(name, value)]);
    one_of_two("V060", with(1, "Event_Type", "Celebration"), row(2, &[]));
    one_of_two("V061", with(1, "Service_Type", "Short term support: ST-Max"), row(2, &[]));
    let association = |n, linked: &'static str, kind: &'static str| {
        let mut row = row(
            n,
            &[
                ("Client_Type", "Unpaid carer known by association"),
                ("Adult_1_Linked_Person_ID", linked),
                ("Event_Type", kind),
            ],
        );
        for name in ["Event_Start_Date", "Event_End_Date", "Event_Outcome"] {
            row.remove(name);
        }
        row
    };
    let rows = [association(1, "L9", ""), association(2, "", ""), association(3, "L9", "Request")];
    let told = told(&rows);
    assert_eq!(told.rule("V062"), Some((3, 2)));
    // such rows are not asked for dates, outcomes or event types
    assert_eq!([told.rule("V040"), told.rule("V060"), told.rule("V066")], [None; 3]);
    one_of_two(
        "V064",
        with(1, "Adult_2_Linked_Person_ID", "L1"),
        with(2, "Adult_2_Linked_Person_ID", "L1"),
    );
    let adults = |n, adults: &'static str| {
        let names = [("Adult_1_Linked_Person_ID", "L8"), ("Adult_2_Linked_Person_ID", "L9")];
        row(n, &[names[0], names[1], ("No_of_adults_being_cared_for", adults)])
    };
    one_of_two("V065", adults(1, "1"), adults(2, "2"));
    one_of_two("V066", with(1, "Event_Outcome", ""), row(2, &[]));
    let financial = [
        ("Event_Type", "Assessment"),
        ("Assessment_Type", "Financial Assessment"),
        ("Event_Outcome", ""),
    ];
    assert_eq!(counted("V066", &[row(1, &financial)]), None);
    one_of_two("V067", service(1, &[("Event_Outcome", "NFA: Other")]), service(2, &[]));
    let deceased = |n, death: &'static str| {
        row(n, &[("Event_Outcome", "NFA: Deceased"), ("Date_of_Death", death)])
    };
    one_of_two("V068", deceased(1, ""), deceased(2, "2025-06-05"));
    assert_eq!(counted("V068", &[row(1, &[("Date_of_Death", "2025-06-03")])]), Some((1, 1)));
}

#[test]
fn v069_to_v077_services_and_reviews() {
    let kind = |n, kind: &'static str, component: &'static str| {
        service(n, &[("Service_Type", kind), ("Service_Component", component)])
    };
    let self_funded = "NFA: Self-funded client or under 12wk disregard";
    let nursing = "Long term support: Nursing care";
    one_of_two(
        "V069",
        service(1, &[("Event_Outcome", self_funded)]),
        service(2, &[("Event_Outcome", self_funded), ("Service_Type", nursing)]),
    );
    let st_max = "Short term support: ST-Max";
    one_of_two(
        "V070",
        kind(1, "Long term support: Residential care", "Short term residential care"),
        kind(2, "Long term support: Residential care", "Long term residential care"),
    );
    one_of_two("V071", kind(1, st_max, "Day support"), kind(2, st_max, "Reablement"));
    one_of_two("V072", service(1, &[("Delivery_Mechanism", "")]), service(2, &[]));
    one_of_two(
        "V073",
        kind(1, nursing, ""),
        service(2, &[("Service_Type", nursing), ("Delivery_Mechanism", "")]),
    );
    let assessment =
        |n, kind: &'static str| row(n, &[("Event_Type", "Assessment"), ("Assessment_Type", kind)]);
    one_of_two("V074", assessment(1, ""), assessment(2, "Long term assessment"));
    let review = |n, reason: &'static str, outcomes: &'static str| {
        let fields = [("Review_Reason", reason), ("Review_Outcomes_Achieved", outcomes)];
        row(n, &[("Event_Type", "Review"), fields[0], fields[1]])
    };
    one_of_two("V075", review(1, "Planned", ""), review(2, "Planned", "Fully achieved"));
    one_of_two("V075", review(1, "", ""), review(2, "Unplanned - Other Reason", ""));
    let at = |n, id: &'static str| service(n, &[("Provider_CQC_Location_ID", id)]);
    one_of_two("V076", at(1, "1-12x"), at(2, "1-123"));
    one_of_two("V077", row(1, &[]), row(2, &[("Request_Route_of_Access", "Prison")]));
}

#[test]
fn v080_to_v086_costs() {
    let cost = |n, cost: &'static str, often: &'static str, units: &'static str| {
        service(
            n,
            &[
                ("Unit_Cost", cost),
                ("Cost_Frequency_Unit_Type", often),
                ("Planned_units_per_week", units),
            ],
        )
    };
    one_of_two("V080", service(1, &[]), cost(2, "20", "Hourly", "3"));
    // not of support that the council commissions
    let commissioned = service(1, &[("Delivery_Mechanism", "CASSR commissioned support")]);
    assert_eq!(counted("V080", &[commissioned]), None);
    one_of_two("V081", cost(1, "-5", "Weekly", ""), cost(2, "0.01", "Weekly", ""));
    one_of_two("V082", cost(1, "20", "now and then", ""), cost(2, "20", "Weekly", ""));
    one_of_two("V083", cost(1, "20", "Hourly", ""), cost(2, "20", "Hourly", "3"));
    one_of_two("V084", cost(1, "20", "Weekly", "2"), cost(2, "20", "Monthly", "1"));
    one_of_two("V085", cost(1, "10000.01", "Weekly", ""), cost(2, "10000", "Weekly", ""));
    // 400.01 an hour for 25 hours, and 4.33 a month
    one_of_two("V085", cost(1, "400.01", "Hourly", "25"), cost(2, "400", "Hourly", "25"));
    one_of_two("V085", cost(1, "4.33", "Monthly", ""), cost(2, "4.34", "Monthly", ""));
    let once = |n, end: &'static str| {
        let cost = [("Unit_Cost", "50"), ("Cost_Frequency_Unit_Type", "One-off")];
        service(n, &[cost[0], cost[1], ("Event_End_Date", end)])
    };
    one_of_two("V086", once(1, "2025-09-02"), once(2, "2025-09-01"));
}

#[test]
fn v090_to_v093_duplicates() {
    let told = told(&[
        row(1, &[]),
        row(1, &[]),
        // the same event with another outcome
        row(2, &[]),
        row(2, &[("Event_Outcome", "NFA: Deceased")]),
        // the same event in the spelling of Release 1
        service(3, &[]),
        service(
            3,
            &[
                ("Service_Type", "Long Term Support: Community"),
                ("Service_Component", "Home Support"),
            ],
        ),
    ]);
    assert_eq!(told.rule("V090"), Some((6, 1)));
    assert_eq!(told.rule("V091"), Some((6, 2)));
    assert_eq!(told.rule("V092"), Some((4, 1)));
    assert_eq!(told.rule("V093"), Some((4, 1)));
    assert_eq!([told.people("V091"), told.people("V093")], [2, 1]);
}

#[test]
fn v094_a_person_counts_once_and_the_days_are_told() {
    let residential = service(
        1,
        &[
            ("Service_Type", "Long term support: Residential care"),
            ("Service_Component", "Long term residential care"),
            ("Event_Start_Date", "2025-06-01"),
            ("Event_End_Date", "2025-08-31"),
        ],
    );
    let community = service(1, &[("Event_Start_Date", "2025-01-01")]);
    let told = told(&[community, residential, service(2, &[])]);
    assert_eq!(told.rule("V094"), Some((2, 1)));
    let days = told.rows("dq_rule_counts", "100", "rule=V094");
    let days = days.iter().find(|row| row.0.ends_with("; days")).expect("days");
    assert_eq!(days.1, 92);
}

#[test]
fn rates_are_of_the_rows_tested_and_people_count_once() {
    let told = told(&[
        row(1, &[("Event_Outcome", ""), ("Event_End_Date", "2025-06-07")]),
        row(1, &[("Event_Outcome", "")]),
        service(2, &[]),
    ]);
    // requests and services are tested for an outcome, requests alone for a route
    assert_eq!(told.rule("V066"), Some((3, 2)));
    assert_eq!(told.people("V066"), 1);
    assert_eq!(told.rule("V077"), Some((2, 2)));
    assert_eq!(told.rule("V074"), None);
}

#[test]
fn s08_s09_and_s11_compare_with_the_file_before() {
    let before = |row: Row| {
        let mut row = row;
        row.insert("ImportDate", "2026-01-20 10:00:00".into());
        row.insert("Reporting_Period_Start_Date", "2025-01-01".into());
        row.insert("Reporting_Period_End_Date", "2025-12-31".into());
        row
    };
    let mut rows: Vec<Row> = (0..4).map(|n| before(service(n, &[]))).collect();
    // of four open services one is still there, one more is there with an end
    rows.push(service(0, &[]));
    rows.push(service(1, &[("Event_End_Date", "2025-12-01")]));
    let told = told(&rows);
    let found = |check: &str| told.one("dq_submission", "100", check);
    let lost = "check=S09; open services of the file before that the latest one does not have";
    assert_eq!(found(lost), (2, Some(4)));
    assert_eq!(found("check=S08; rows changed by over 20%"), (1, Some(1)));
    assert_eq!(found("check=S08; open services changed by over 20%"), (1, Some(1)));
    // 2 people are half of 4, not under it
    assert_eq!(found("check=S11; under half the people of the last four"), (0, Some(1)));
    assert_eq!(found("people of the latest one used"), (2, None));
    // rules look at the selected submission alone
    assert_eq!(told.rule("V040"), Some((2, 0)));
}

#[test]
fn s02_s03_s06_s07_and_s12_look_at_whole_submissions() {
    let rows = [row(1, &[])];
    let told = super::sketch::told_with(&rows, "exclude_imports = [2026-04-20T10:00:00]\n");
    let found = |check: &str| told.one("dq_submission", "100", check);
    assert_eq!(found("check=S07; on the list of exclusions"), (1, Some(1)));
    assert_eq!(found("submissions used"), (0, None));
    assert_eq!(found("check=S03; no period can be derived"), (0, Some(1)));
    let late = [row(1, &[("ImportDate", "2026-06-01 10:00:00")])];
    let told = super::sketch::told_with(&late, "");
    let used = told.one("dq_submission", "100", "submissions used");
    // after the as-of date: not used, so its window is not asked
    assert_eq!(used, (0, None));
    let missing = "check=S01; the latest 12 months without a submission";
    assert_eq!(told.one("dq_submission", "100", missing), (1, Some(1)));
}
