//! The worked examples and stated rules of `cld-data-quality.md`, section by section.

use super::sketch::{HEADINGS, row, service, study, study_with, told, told_with, whole_and_merged};
use crate::quality::code::Check;
use crate::quality::item::Item;
use crate::run::Prepared;
use throughcare_linkage::progress::Silent;

const LD: (&str, &str) = ("Primary_Support_Reason", "Learning disability support");

/// Ten records of section 3: Employment_Status in council 100.
fn ten_records() -> Vec<super::sketch::Row> {
    let ld = |n, year: &'static str, status: &'static str| {
        row(n, &[LD, ("Der_Birth_Year", year), ("Employment_Status", status)])
    };
    let old = |n, status: &'static str| {
        row(n, &[("Der_Birth_Year", "1945"), ("Employment_Status", status)])
    };
    let paid = "Paid: Less than 16 hours a week";
    vec![
        ld(1, "1995", paid),
        ld(2, "1995", paid),
        ld(3, "1995", paid),
        ld(4, "1985", ""),
        ld(5, "1975", "Working"),
        ld(6, "1975", "Not in Paid Employment (seeking work)"),
        old(7, ""),
        old(8, ""),
        old(9, ""),
        old(10, "Unknown"),
    ]
}

#[test]
fn dq3_employment_status_of_ten_records() {
    let told = told(&ten_records());
    let figure = |name: &str| {
        let check = format!("field=Employment_Status; figure={name}");
        told.one("dq_field_summary", "100", &check)
    };
    assert_eq!(figure("applicable"), (10, None));
    assert_eq!(figure("mandatory"), (6, None));
    assert_eq!(figure("mandatory completeness"), (5, Some(6)));
    assert_eq!(figure("mandatory valid"), (3, Some(6)));
    assert_eq!(figure("overall completeness"), (6, Some(10)));
    assert_eq!(figure("validity of populated"), (4, Some(6)));
    assert_eq!(figure("Release 1 residue"), (1, Some(6)));
    assert_eq!(figure("unknown"), (1, Some(4)));
    assert_eq!(figure("mapped"), (5, Some(6)));
    assert_eq!(figure("new invalid values"), (1, None));
    assert_eq!(figure("not applicable but filled"), (0, None));
    let of_england = |name: &str| {
        let check = format!("field=Employment_Status; figure={name}");
        told.one("dq_field_summary", "E92000001", &check)
    };
    assert_eq!(of_england("mandatory completeness"), (5, Some(6)));
    // no percentage on a zero base: nobody has a review
    let reviews = told.rows("dq_field_summary", "100", "field=Review_Reason; figure=mandatory c");
    assert!(reviews.is_empty());
    // and the raw value is told with its count
    assert_eq!(
        told.rows("dq_new_values", "100", "field=Employment_Status"),
        [("field=Employment_Status; value=Working".into(), 1, None)]
    );
}

#[test]
fn dq3_employment_status_in_the_published_table() {
    let told = told(&ten_records());
    let of = |area: &str| {
        let beginning = "module=Person details; field=Employment_Status; ";
        let rows = told.rows("dq_values", area, beginning);
        let rows = rows.into_iter().map(|(check, n, _)| (check[beginning.len()..].to_owned(), n));
        rows.collect::<Vec<_>>()
    };
    let row = |text: &str, n: i64| (text.to_owned(), n);
    assert_eq!(
        of("100"),
        [
            row(
                "status=Mandatory; validity=Passed: Valid; value=Paid: Less than 16 hours a week",
                3
            ),
            row("status=Mandatory; validity=Failed: Blank (Mandatory)", 1),
            row("status=Mandatory; validity=Failed: Invalid; value=Working", 1),
            row(
                "status=Mandatory; validity=Failed: Release 1; value=Not in Paid Employment (seeking work)",
                1
            ),
            row("status=Applicable but not mandatory; validity=Passed: Valid; value=Unknown", 1),
            row("status=Applicable but not mandatory; validity=Passed: Blank (Not Mandatory)", 3),
        ]
    );
    // the national rows have the department's code and no value
    assert_eq!(
        of("99999"),
        [
            row("status=Mandatory; validity=Passed: Valid", 3),
            row("status=Mandatory; validity=Failed: Blank (Mandatory)", 1),
            row("status=Mandatory; validity=Failed: Invalid", 1),
            row("status=Mandatory; validity=Failed: Release 1", 1),
            row("status=Applicable but not mandatory; validity=Passed: Valid", 1),
            row("status=Applicable but not mandatory; validity=Passed: Blank (Not Mandatory)", 3),
        ]
    );
}

#[test]
fn dq2_every_record_counts_once_in_every_field_and_england_is_the_sum_of_councils() {
    let mut rows = ten_records();
    rows.push(service(11, &[("LA_Code", "200"), ("LA_Name", "Westton")]));
    // rows that no table keeps count in no field
    rows.push(row(12, &[("Event_Start_Date", "2030-01-01")]));
    rows.push(row(13, &[("Event_End_Date", "")]));
    let told = told(&rows);
    for item in Item::ALL.into_iter().filter(|&item| item != Item::Postcode) {
        let beginning = format!("module={}; field={};", item.module(), item.name());
        let sum = |area: &str| -> i64 {
            told.rows("dq_values", area, &beginning).iter().map(|row| row.1).sum()
        };
        assert_eq!([sum("100"), sum("200"), sum("99999")], [10, 1, 11], "{}", item.name());
    }
    // the postcode is withheld: a row that says so, not a silent gap
    let postcode = "module=Person details; field=Postcode; not in any input";
    assert_eq!(told.one("dq_values", "99999", postcode), (0, None));
}

#[test]
fn dq2_identifying_fields_show_a_stand_in_and_descriptions_nothing() {
    let told = told(&[row(1, &[("Event_Description", "rang her daughter")])]);
    let value = |module: &str, field: &str| {
        let beginning = format!("module={module}; field={field}; status=");
        let found = told.rows("dq_values", "100", &beginning);
        assert_eq!(found.len(), 1, "{field}");
        let (_, value) = found[0].0.split_once("validity=").expect("a validity");
        value.to_owned()
    };
    for field in ["NHS_Number", "LA_Person_Unique_Identifier", "Date_of_Birth"] {
        assert_eq!(value("Person details", field), "Passed: Valid; value=N/A - PID");
    }
    assert_eq!(value("Events (all)", "Event_Description"), "Passed: Valid");
    assert_eq!(value("Submission information", "LA_Code"), "Passed: Valid; value=100");
    let carers = "Carers and linked service users";
    let linked = value(carers, "Adult_2_Linked_Person_ID");
    assert_eq!(linked, "Passed: Blank (Not Mandatory); value=N/A - PID");
    let told = format!("{:?}", told.0);
    assert!(!told.contains("daughter") && !told.contains("N1"), "no identifier and no free text");
}

#[test]
fn dq21_capitals_of_release_1_are_release_1_and_other_spellings_are_invalid() {
    let of_edition = |client: &str, edition: &str| {
        let told = told_with(&[row(1, &[("Client_Type", client)])], edition);
        let rows = told.rows("dq_values", "99999", "module=Person details; field=Client_Type;");
        assert_eq!(rows.len(), 1);
        rows[0].0.rsplit_once("validity=").expect("a validity").1.to_owned()
    };
    let of = |client: &str| of_edition(client, "");
    assert_eq!(of("Service user"), "Passed: Valid");
    assert_eq!(of("Service User"), "Failed: Release 1");
    assert_eq!(of("SERVICE USER"), "Failed: Invalid");
    assert_eq!(of("Customer"), "Failed: Invalid");
    // the text NULL is null in edition B only
    assert_eq!(of("NULL"), "Failed: Invalid");
    assert_eq!(of_edition("NULL", "edition = \"B\"\n"), "Failed: Blank (Mandatory)");
    assert_eq!(of(""), "Failed: Blank (Mandatory)");
}

#[test]
fn dq2_check_codes_and_their_words() {
    let words: Vec<(Option<i8>, &str)> =
        Check::ALL.iter().map(|check| (check.code(), check.validity().label())).collect();
    assert_eq!(
        words[..3].iter().map(|word| word.0).collect::<Vec<_>>(),
        [Some(1), Some(0), Some(-1)]
    );
    assert!(words[3..8].iter().all(|word| word.1 == "Failed: Invalid"));
    assert_eq!(
        words[3..8].iter().filter_map(|word| word.0).collect::<Vec<_>>(),
        [-2, -3, -4, -5, -6]
    );
    assert_eq!(words[8], (Some(-7), "Failed: Release 1"));
    assert_eq!(words[9], (None, "null"));
}

#[test]
fn dq21_what_no_list_can_tell_is_null_and_out_of_the_shares() {
    // the Release 2 labels of review reasons are not known but for one
    let review =
        |n, reason: &'static str| row(n, &[("Event_Type", "Review"), ("Review_Reason", reason)]);
    let told = told(&[review(1, "Planned"), review(2, "Review of short term support")]);
    let beginning = "module=Events (reviews only); field=Review_Reason; ";
    let rows = told.rows("dq_values", "99999", beginning);
    let rows: Vec<_> = rows.iter().map(|(check, n, _)| (&check[beginning.len()..], *n)).collect();
    let wanted =
        [("status=Mandatory; validity=Passed: Valid", 1), ("status=Mandatory; validity=null", 1)];
    assert_eq!(rows, wanted);
    let valid = "field=Review_Reason; figure=mandatory valid";
    assert_eq!(told.one("dq_field_summary", "100", valid), (1, Some(1)));
}

#[test]
fn dq21_out_of_place_and_undetermined_fields() {
    let told = told(&[
        // a request with a service type
        row(1, &[("Service_Type", "Long term support: Community")]),
        // nobody knows whether a carer's field applies
        row(2, &[("Client_Type", ""), ("No_of_adults_being_cared_for", "2")]),
    ]);
    let of = |module: &str, field: &str| {
        let beginning = format!("module={module}; field={field}; ");
        let rows = told.rows("dq_values", "99999", &beginning);
        rows.into_iter().map(|row| row.0[beginning.len()..].to_owned()).collect::<Vec<_>>()
    };
    let service = of("Events (services only)", "Service_Type");
    assert_eq!(
        service,
        [
            "status=Not applicable; validity=Failed: Invalid",
            "status=Undetermined; validity=Passed: Blank (Not Mandatory)"
        ]
    );
    let adults = of("Carers and linked service users", "No_of_adults_being_cared_for");
    assert_eq!(
        adults,
        [
            "status=Not applicable; validity=Passed: Blank (Not Mandatory)",
            "status=Undetermined; validity=Passed: Valid"
        ]
    );
    let figure = "field=Service_Type; figure=not applicable but filled";
    assert_eq!(told.one("dq_field_summary", "100", figure), (1, None));
}

#[test]
fn dq6_a_thousand_rows_by_identifier() {
    let rows: Vec<_> = (0..1000)
        .map(|n| match n {
            0..870 => row(n, &[]),
            870..920 => row(n, &[("Der_NHS_Number_Traced_Pseudo", "")]),
            _ => {
                let none = [("Der_NHS_Number_Traced_Pseudo", ""), ("Der_NHS_Number_Pseudo", "")];
                let mut row = row(n, &none);
                if n >= 990 {
                    row.remove("LA_Person_Unique_Identifier");
                }
                row
            }
        })
        .collect();
    let told = told(&rows);
    for area in ["100", "E92000001"] {
        let figure = |name: &str| told.one("dq_linkage", area, &format!("figure={name}, rows"));
        assert_eq!(figure("traced NHS number"), (870, Some(1000)));
        assert_eq!(figure("NHS number"), (920, Some(1000)));
        assert_eq!(figure("local identifier only"), (70, Some(1000)));
        assert_eq!(figure("no identifier"), (10, Some(1000)));
        assert_eq!(figure("usable"), (990, Some(1000)));
        let people = told.one("dq_linkage", area, "figure=NHS number, people");
        assert_eq!(people, (920, Some(990)));
    }
    assert_eq!(told.rule("V010"), Some((1000, 10)));
    assert_eq!(told.rule("V011"), Some((1000, 10)));
    // the deduplicated table has no row without a person: totals differ by design
    let records = told.one("dq_field_summary", "100", "field=all; figure=records");
    assert_eq!(records, (990, None));
}

#[test]
fn s01_a_council_without_a_submission_is_a_row_and_a_warning() {
    let late =
        [("LA_Code", "200"), ("LA_Name", "Westton"), ("Reporting_Period_Start_Date", "2025-07-01")];
    let rows = [row(1, &[]), row(2, &late)];
    let told = told(&rows);
    let of = |area: &str| told.rows("dq_submission", area, "check=S01");
    let year = "check=S01; the latest 12 months without a submission".to_owned();
    assert!(of("100").contains(&(year.clone(), 0, Some(1))));
    assert!(of("200").contains(&(year, 1, Some(1))));
    let gap = "check=S01; no record of the council at all".to_owned();
    assert_eq!(of("300"), [(gap, 1, Some(1))]);

    let (folder, study) = study(&rows, "");
    let out = folder.path().join("out");
    let options = crate::batch::Options::default();
    let finished = crate::batch::run(study, &out, &options, &Silent).expect("a run");
    let warnings = finished.about.warnings.join("\n");
    assert!(warnings.contains("Westton"), "{warnings}");
    assert!(
        warnings.contains("No record at all of councils of the look-up areas: Southton (300)"),
        "{warnings}"
    );
}

#[test]
fn dq8_a_measure_is_amber_below_95_red_below_80_and_amber_for_a_flagged_submission() {
    let rows = |bad: usize| -> Vec<_> {
        (0..20)
            .map(|n| {
                let outcome = if n < bad { "Dunno" } else { "NFA: Other" };
                let outcome = ("Event_Outcome", outcome);
                match n {
                    // a file without requests or assessments is flagged by S05
                    18 => row(n, &[outcome]),
                    19 => {
                        let kind = ("Assessment_Type", "Long term assessment");
                        row(n, &[outcome, ("Event_Type", "Assessment"), kind])
                    }
                    _ => service(n, &[outcome, ("Event_End_Date", "2025-06-05")]),
                }
            })
            .collect()
    };
    let light = |rows: &[super::sketch::Row], more: &str| {
        let told = told_with(rows, more);
        let found = told.rows("dq_metric_caveats", "100", "measure=ascof_2a; fitness=");
        assert_eq!(found.len(), 1);
        let (check, n, of) = &found[0];
        (check["measure=ascof_2a; fitness=".len()..].to_owned(), *n, *of)
    };
    // 19 of 20 are 95%, which is not below it
    assert_eq!(light(&rows(1), ""), ("green".into(), 19, Some(20)));
    assert_eq!(light(&rows(2), ""), ("amber; because=Event_Outcome".into(), 18, Some(20)));
    assert_eq!(light(&rows(4), ""), ("amber; because=Event_Outcome".into(), 16, Some(20)));
    assert_eq!(light(&rows(5), ""), ("red; because=Event_Outcome".into(), 15, Some(20)));
    let strict = "[quality]\nred_below = 95\n";
    assert_eq!(light(&rows(2), strict), ("red; because=Event_Outcome".into(), 18, Some(20)));
    // S05: services alone
    let services = &rows(0)[..18];
    assert_eq!(light(services, ""), ("amber; because=S05".into(), 18, Some(18)));
    // without the joined quarters that the study asks for
    let gap = "joined = { start = 2025-01-01, end = 2026-03-31 }\n";
    assert_eq!(light(&rows(0), gap), ("amber; because=S01".into(), 20, Some(20)));
}

#[test]
fn v001_headings_that_lack_and_headings_that_mean_nothing() {
    let mut headings: Vec<&str> = HEADINGS.to_vec();
    headings.retain(|name| *name != "Method_of_Review");
    headings.extend(["Shoe_Size", "Der_Postcode_Sector", "Provider CQC Location Name"]);
    let (_folder, study) = study_with(&headings, &[row(1, &[])], "");
    let prepared = Prepared::read(study, &Silent).expect("read");
    let told = super::sketch::Told(prepared.check(&Silent).results.quality);
    let rows = told.rows("dq_rule_counts", "E92000001", "rule=V001");
    assert_eq!(
        rows,
        [
            ("rule=V001; severity=E; no heading Method_of_Review".into(), 1, Some(1)),
            ("rule=V001; severity=I; unexpected heading Shoe_Size".into(), 1, Some(1)),
        ]
    );
    let absent = "module=Events (reviews only); field=Method_of_Review; not in any input";
    assert_eq!(told.one("dq_values", "99999", absent), (0, None));
}

#[test]
fn a_measure_without_its_inputs_is_not_available_and_the_others_run() {
    let (_folder, study) = study(&[row(1, &[])], "");
    let prepared = Prepared::read(study, &Silent).expect("read");
    let results = prepared.measure(&Silent).results;
    let of = |measure: &str| {
        let rows = results.measures.iter().filter(move |row| row.measure == measure);
        rows.map(|row| row.value).collect::<Vec<_>>()
    };
    assert_eq!(of("los"), [crate::figure::Value::Unavailable]);
    assert!(of("ascof_2a").len() > 3, "computed as ever");
    let told = super::sketch::Told(results.quality);
    let why = told.rows("dq_metric_caveats", "E92000001", "measure=");
    let why: Vec<&str> = why.iter().map(|row| row.0.as_str()).collect();
    assert!(why.contains(&"measure=los; not available: no admitted patient care"), "{why:?}");
    assert!(
        why.contains(&"measure=ascof_2b; no values, only counts: no look-up population"),
        "{why:?}"
    );
}

#[test]
fn counts_of_people_one_by_one_add_up_to_the_whole() {
    let mut rows = ten_records();
    for n in 0..40 {
        let la = [("LA_Code", "200"), ("LA_Name", "Westton")];
        rows.push(service(n % 7, if n % 2 == 0 { &la } else { &[] }));
        rows.push(row(n, &[("Gender", "person of note"), ("Event_Start_Date", "2025-05-30")]));
        rows.push(service(
            n % 5,
            &[
                ("Service_Type", "Long term support: Nursing care"),
                ("Event_Start_Date", "2024-04-01"),
            ],
        ));
    }
    let [whole, merged] = whole_and_merged(&rows);
    assert!(whole.len() > 500);
    assert_eq!(whole, merged);
}
