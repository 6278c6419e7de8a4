//! LTS001b.

mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;

/// The cells of one part of one person.
fn of_part(part: &str, lines: &[Line]) -> Vec<String> {
    let cells = cells::<Lts001b>(&[lines.to_vec()]);
    cells.into_iter().filter(|cell| cell.0 == part).map(|cell| cell.1).collect()
}

fn running(name: &'static str) -> Line {
    service(name, "2023-05-01", "-")
}

#[test]
fn section_18_example_a_person_of_two_genders_is_in_both_tables() {
    let lines = [
        Line { gender: "Male", ethnicity: "White - Irish", ..running(NURSING) },
        Line { gender: "Female", ethnicity: "White - Irish", ..running(COMMUNITY) },
    ];
    assert_eq!(of_part("3a", &lines), ["ethnicity=White; setting=Nursing; mechanism=None"]);
    assert_eq!(of_part("3b", &lines), ["ethnicity=White; setting=Community; mechanism=None"]);
}

#[test]
fn section_18_rows_run_on_the_snapshot_date() {
    let count = |start: &str, end: &str| of_part("1b", &[service(NURSING, start, end)]).len();
    assert_eq!(count("2024-03-31", "-"), 1);
    assert_eq!(count("2024-04-01", "-"), 0);
    assert_eq!(count("2023-01-01", "2024-03-31"), 1);
    assert_eq!(count("2023-01-01", "2024-03-30"), 0);
    let died =
        |death: &str| of_part("1b", &[Line { death: day(death).into(), ..running(NURSING) }]).len();
    assert_eq!(died("2024-03-30"), 0);
    assert_eq!(died("2024-03-31"), 1);
}

#[test]
fn section_18_table_2_shows_unknown_like_an_invalid_text() {
    let with = |texts: &[&'static str]| {
        let lines: Vec<Line> =
            texts.iter().map(|&carer| Line { carer, ..running(NURSING) }).collect();
        of_part("2", &lines)
            .concat()
            .replace("setting=Nursing; mechanism=None; has_unpaid_carer=", "")
    };
    assert_eq!(with(&["Yes"]), "Yes");
    assert_eq!(with(&["Invalid"]), "Invalid");
    assert_eq!(with(&["Unknown"]), "Invalid/NULL");
    assert_eq!(with(&["Perhaps"]), "Invalid/NULL");
    assert_eq!(with(&[""]), "Invalid/NULL");
    assert_eq!(with(&["Unknown", "No"]), "No");
    assert_eq!(with(&["Yes", "No"]), "Unknown");
    // an invalid text is known, so it conflicts
    assert_eq!(with(&["Yes", "Perhaps"]), "Unknown");
    assert_eq!(with(&["", "Unknown"]), "Invalid/NULL");
}

#[test]
fn section_18_table_2_has_people_under_18() {
    let birth = throughcare_linkage::day::BirthMonth::new(2015, 1);
    let child = Line { birth, carer: "Yes", ..running(COMMUNITY) };
    assert_eq!(of_part("2", std::slice::from_ref(&child)).len(), 1);
    assert!(of_part("1a", std::slice::from_ref(&child)).is_empty());
    assert!(of_part("1b", &[child]).is_empty());
}

#[test]
fn section_18_table_3_prefers_a_known_ethnicity() {
    let with = |texts: &[&'static str]| {
        let line =
            |&ethnicity: &&'static str| Line { gender: "Male", ethnicity, ..running(NURSING) };
        let lines: Vec<Line> = texts.iter().map(line).collect();
        let cells = of_part("3a", &lines).concat();
        cells.replace("; setting=Nursing; mechanism=None", "").replace("ethnicity=", "")
    };
    let undeclared = "No data - Undeclared or Not known";
    assert_eq!(with(&[undeclared, "Asian or Asian British - Indian"]), "Asian / Asian British");
    assert_eq!(with(&["No data - Refused", undeclared]), "No Data");
    // two ethnicities of one group conflict all the same
    assert_eq!(with(&["White - Irish", "White - Roma"]), "No Data");
    assert_eq!(with(&["Klingon"]), "Invalid/NULL");
    assert_eq!(with(&["", "White - Irish"]), "White");
    assert_eq!(with(&["Klingon", "White - Irish"]), "No Data");
    for (text, group) in [
        ("Mixed or multiple ethnic groups - White and Asian", "Mixed / multiple ethnic groups"),
        (
            "Black, Black British, Caribbean or African - African",
            "Black / African / Caribbean / Black British",
        ),
        ("Other ethnic group - Arab", "Other Ethnic Group"),
    ] {
        assert_eq!(with(&[text]), group);
    }
}

#[test]
fn section_18_table_3c_counts_people_of_another_or_unknown_gender() {
    let of = |texts: &[&'static str]| {
        let lines: Vec<Line> =
            texts.iter().map(|&gender| Line { gender, ..running(NURSING) }).collect();
        let results = results::<Lts001b>(&[lines], Method::AsPublished);
        of_council(&results, NORTH).get(&("3c".into(), String::new())).copied().unwrap_or(0)
    };
    assert_eq!(of(&["Other", "Unknown"]), 1);
    assert_eq!(of(&["Male", "Unknown"]), 1);
    assert_eq!(of(&["Male"]), 0);
    // null is not unknown
    assert_eq!(of(&[""]), 0);
}
