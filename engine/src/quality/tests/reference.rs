//! The department's table against a slow reference that reads the rules off the handbook, text by
//! text.

use super::sketch::{Row, row, told};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

/// Choices of each field of a generated row. The first is blank.
const CHOICES: [(&str, &[&str]); 16] = [
    (
        "Client_Type",
        &[
            "",
            "Service user",
            "Service User",
            "Unpaid carer",
            "Carer",
            "Carer known by association",
            "Client",
        ],
    ),
    ("Event_Type", &["Request", "Assessment", "Service", "Review", "Celebration"]),
    ("Gender", &["", "Male", "female", "Unknown"]),
    (
        "Primary_Support_Reason",
        &[
            "",
            "Learning disability support",
            "Learning Disability Support",
            "Mental health support",
            "Poorly",
        ],
    ),
    (
        "Employment_Status",
        &[
            "",
            "Paid: Hours per week unknown",
            "Unknown",
            "Not in Paid Employment (voluntary work only)",
            "Miner",
        ],
    ),
    ("Client_Funding_Status", &["", "Fully client funded", "Free"]),
    ("Der_Birth_Year", &["", "1945", "1975", "2003"]),
    ("Date_of_Death", &["", "2025-09-30"]),
    ("Event_End_Date", &["", "2025-07-01", "2025-05-20"]),
    ("Event_Outcome", &["", "NFA: Other", "NFA- Other", "Gone"]),
    (
        "Assessment_Type",
        &[
            "",
            "Short term assessment",
            "Long Term Assessment",
            "Financial Assessment",
            "Quick look",
        ],
    ),
    (
        "Service_Type",
        &[
            "",
            "Long term support: Community",
            "Long Term Support: Nursing Care",
            "Short term support: ST-Max",
            "Carer Support: Direct to Carer",
            "Cake",
        ],
    ),
    ("Service_Component", &["", "Day support", "Carer Respite", "Short term nursing care"]),
    ("Delivery_Mechanism", &["", "Direct payment", "CASSR Commissioned Support"]),
    ("Unit_Cost", &["", "12.50", "dear"]),
    ("No_of_adults_being_cared_for", &["", "1", "many"]),
];

/// Exact labels of Release 2, then those of Release 1 alone.
const LISTS: [(&str, &[&str], &[&str]); 10] = [
    (
        "Client_Type",
        &["Service user", "Unpaid carer", "Unpaid carer known by association"],
        &["Service User", "Carer", "Carer known by association"],
    ),
    ("Event_Type", &["Request", "Assessment", "Service", "Review"], &[]),
    ("Gender", &["Male", "Female", "Other", "Unknown"], &[]),
    (
        "Primary_Support_Reason",
        &["Learning disability support", "Mental health support"],
        &["Learning Disability Support", "Mental Health Support"],
    ),
    (
        "Employment_Status",
        &["Paid: Hours per week unknown", "Unknown"],
        &["Not in Paid Employment (voluntary work only)"],
    ),
    ("Client_Funding_Status", &["Fully client funded"], &[]),
    ("Event_Outcome", &["NFA: Other"], &["NFA- Other"]),
    (
        "Assessment_Type",
        &["Short term assessment", "Long term assessment"],
        &["Short Term Assessment", "Long Term Assessment", "Financial Assessment"],
    ),
    (
        "Service_Type",
        &[
            "Long term support: Community",
            "Long term support: Nursing care",
            "Short term support: ST-Max",
            "Unpaid carer support: Direct to unpaid carer",
        ],
        &["Long Term Support: Nursing Care", "Carer Support: Direct to Carer"],
    ),
    ("Delivery_Mechanism", &["Direct payment"], &["CASSR Commissioned Support"]),
];

fn text<'r>(row: &'r Row, name: &str) -> &'r str {
    row.get(name).map_or("", String::as_str)
}

/// Condition by the texts of the handbook's table, Release 2 words beside those of Release 1.
fn condition(row: &Row, field: &str) -> &'static str {
    const UNDETERMINED: &str = "Undetermined";
    let is = |name: &str, begins: &[&str]| {
        let text = text(row, name).to_lowercase();
        begins.iter().any(|word| text.starts_with(&word.to_lowercase()))
    };
    let client_known = !matches!(text(row, "Client_Type"), "" | "Client");
    let event_known = text(row, "Event_Type") != "Celebration";
    let assessment_known = !matches!(text(row, "Assessment_Type"), "" | "Quick look");
    let su = is("Client_Type", &["Service User"]);
    let association = text(row, "Client_Type") == "Carer known by association";
    let [ass, srv, rev, req] =
        ["Assessment", "Service", "Review", "Request"].map(|kind| is("Event_Type", &[kind]));
    let financial = ass && is("Assessment_Type", &["Financial"]);
    let choose = |mandatory: bool| {
        if mandatory { "Mandatory" } else { "Applicable but not mandatory" }
    };
    let evt = |wanted: &'static str| match (client_known, association) {
        (false, _) => UNDETERMINED,
        (true, true) => "Not applicable",
        (true, false) => wanted,
    };
    let of_kind = |is_kind: bool, wanted: &'static str| match (event_known, is_kind) {
        (false, _) => evt(UNDETERMINED),
        (true, true) => evt(wanted),
        (true, false) => evt("Not applicable"),
    };
    match field {
        "Gender" | "Client_Type" => "Mandatory",
        "Primary_Support_Reason" if !event_known => UNDETERMINED,
        "Primary_Support_Reason" => choose(!req),
        "Employment_Status" if !client_known => UNDETERMINED,
        "Employment_Status" => {
            let born: Option<i32> = text(row, "Der_Birth_Year").parse().ok();
            // born in June, so of that age on 31 March
            let age = born.map(|year| 2026 - year - 1);
            let working = age.is_some_and(|age| (18..=64).contains(&age));
            choose(su && working && is("Primary_Support_Reason", &["Learning Disability"]))
        }
        "Client_Funding_Status" if !client_known => UNDETERMINED,
        "Client_Funding_Status" if !su => "Not applicable",
        "Client_Funding_Status" if !event_known || (ass && !assessment_known) => UNDETERMINED,
        "Client_Funding_Status" => choose(financial || srv || rev),
        "Event_Type" => evt("Mandatory"),
        "Event_End_Date" if !text(row, "Date_of_Death").is_empty() => evt("Mandatory"),
        "Event_End_Date" if !event_known => evt(UNDETERMINED),
        "Event_End_Date" => evt(choose(!srv)),
        "Event_Outcome" if !event_known || (ass && !assessment_known) => evt(UNDETERMINED),
        "Event_Outcome" => evt(choose(!financial)),
        "Assessment_Type" => of_kind(ass, "Mandatory"),
        "Service_Type" => of_kind(srv, "Mandatory"),
        "Delivery_Mechanism" => of_kind(srv, choose(false)),
        "No_of_adults_being_cared_for" if !client_known => UNDETERMINED,
        "No_of_adults_being_cared_for" if su => "Not applicable",
        "No_of_adults_being_cared_for" => choose(false),
        "Unit_Cost" => {
            let commissioned = is("Delivery_Mechanism", &["CASSR Commissioned Support"]);
            let component = is("Service_Component", &["Carer Respite", "Short term nursing care"]);
            let known = !matches!(text(row, "Service_Type"), "" | "Cake");
            let long = is("Service_Type", &["Long Term", "Carer Support"]);
            let wanted = match (commissioned, component, known) {
                (true, _, _) => choose(false),
                (false, true, _) => choose(true),
                (false, false, false) => UNDETERMINED,
                (false, false, true) => choose(long),
            };
            of_kind(srv, wanted)
        }
        other => panic!("{other}"),
    }
}

fn validity(row: &Row, field: &str, condition: &str) -> &'static str {
    let value = text(row, field);
    if value.is_empty() {
        return if condition == "Mandatory" {
            "Failed: Blank (Mandatory)"
        } else {
            "Passed: Blank (Not Mandatory)"
        };
    }
    if condition == "Not applicable" {
        return "Failed: Invalid";
    }
    let is_good = match field {
        "Event_End_Date" => value >= text(row, "Event_Start_Date"),
        "Unit_Cost" | "No_of_adults_being_cared_for" => value.parse::<f64>().is_ok(),
        _ => {
            let (_, release2, release1) =
                LISTS.iter().find(|list| list.0 == field).expect("a list");
            if release1.contains(&value) {
                return "Failed: Release 1";
            }
            release2.contains(&value)
        }
    };
    if is_good { "Passed: Valid" } else { "Failed: Invalid" }
}

/// Whether P-08 keeps the row.
fn is_kept(row: &Row) -> bool {
    let service = text(row, "Event_Type") == "Service";
    let (end, death) = (text(row, "Event_End_Date"), text(row, "Date_of_Death"));
    // every start is 2025-06-01; the death is after it and cuts an open event
    service || !end.is_empty() || !death.is_empty()
}

const COMPARED: [&str; 14] = [
    "Gender",
    "Client_Type",
    "Primary_Support_Reason",
    "Employment_Status",
    "Client_Funding_Status",
    "Event_Type",
    "Event_End_Date",
    "Event_Outcome",
    "Assessment_Type",
    "Service_Type",
    "Delivery_Mechanism",
    "Unit_Cost",
    "No_of_adults_being_cared_for",
    "Gender",
];

/// Values of fields, and code and name of the council.
type Generated = (Vec<(&'static str, &'static str)>, (&'static str, &'static str));

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let fields: Vec<_> = CHOICES
        .iter()
        .map(|(name, values)| select(*values).prop_map(move |value| (*name, value)))
        .collect();
    let place = select(vec![("100", "Northton"), ("200", "Westton")]);
    prop::collection::vec((fields, place), 1..25).prop_map(|rows| {
        // one person a row, so that every kept row is an event of its own
        let one = |(n, (fields, place)): (usize, Generated)| {
            let (code, name) = place;
            let mut row = row(n, &fields);
            row.insert("LA_Code", code.into());
            row.insert("LA_Name", name.into());
            row
        };
        rows.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn dq2_the_table_is_what_the_handbook_reads(rows in rows()) {
        let told = told(&rows);
        for field in COMPARED {
            let mut wanted: BTreeMap<(&str, String), i64> = BTreeMap::new();
            for row in rows.iter().filter(|row| is_kept(row)) {
                let condition = condition(row, field);
                let validity = validity(row, field, condition);
                let class = format!("status={condition}; validity={validity}");
                for area in [text(row, "LA_Code"), "99999"] {
                    *wanted.entry((area, class.clone())).or_default() += 1;
                }
            }
            let mut found: BTreeMap<(&str, String), i64> = BTreeMap::new();
            for area in ["100", "200", "99999"] {
                for (check, n, _) in told.rows("dq_values", area, "module=") {
                    let Some((_, rest)) = check.split_once(&format!("; field={field}; ")) else {
                        continue;
                    };
                    let class = rest.split("; value=").next().unwrap_or(rest).to_owned();
                    *found.entry((area, class)).or_default() += n;
                }
            }
            prop_assert_eq!(&found, &wanted, "{}", field);
        }
    }
}
