//! LTS004.

mod reference;

use super::*;
use crate::measures::salt::fixture::*;
use crate::study::Method;
use throughcare_linkage::day::BirthMonth;

fn support(start: &str) -> Line {
    Line {
        birth: BirthMonth::new(1990, 1),
        reason: LEARNING,
        gender: "Male",
        ..service(COMMUNITY, start, "-")
    }
}

fn working(start: &str, employment: &'static str) -> Line {
    Line { employment, ..support(start) }
}

fn living(start: &str, accommodation: &'static str) -> Line {
    Line { accommodation, ..support(start) }
}

const PAID: &str = "Paid: Hours per week unknown";
const FEW: &str = "Paid: Less than 16 hours a week";

/// The strata of one part of one person, each counted once.
fn of_part_by(part: &str, lines: &[Line], method: Method) -> Vec<String> {
    let cells = cells_by::<Lts004>(&[lines.to_vec()], method);
    let cells = cells.into_iter().filter(|cell| cell.0 == part);
    cells.inspect(|cell| assert_eq!(cell.2, 1)).map(|cell| cell.1).collect()
}

fn of_part(part: &str, lines: &[Line]) -> Vec<String> {
    of_part_by(part, lines, Method::AsPublished)
}

#[test]
fn section_22_example_p1_a_valid_unknown_at_the_latest_start_wins() {
    let lines = [working("2023-05-01", "Unknown"), working("2023-03-01", PAID)];
    assert_eq!(of_part("1", &lines), ["sex=Male; employment=Unknown"]);
}

#[test]
fn section_22_example_p2_invalid_rows_are_filtered_first() {
    let lines = [working("2023-06-01", "paid work"), working("2023-01-01", PAID)];
    assert_eq!(of_part("1", &lines), ["sex=Male; employment=Paid: Hours per week unknown"]);
}

#[test]
fn section_22_known_before_unknown_at_the_latest_start_alone() {
    let lines = [working("2023-05-01", "Unknown"), working("2023-05-01", PAID)];
    assert_eq!(of_part("1", &lines), ["sex=Male; employment=Paid: Hours per week unknown"]);
    let lines = [working("2023-05-01", FEW), working("2023-05-01", PAID)];
    assert_eq!(of_part("1", &lines), ["sex=Male; employment=Unknown"]);
}

#[test]
fn section_22_trap_gender_splits_the_check_for_duplicates() {
    let female = Line { gender: "Female", ..working("2023-05-01", FEW) };
    let lines = [female.clone(), working("2023-05-01", PAID)];
    let wanted = [
        "sex=Female; employment=Paid: Less than 16 hours a week",
        "sex=Male; employment=Paid: Hours per week unknown",
    ];
    assert_eq!(of_part("1", &lines), wanted);
    let results = results::<Lts004>(&[lines.to_vec()], Method::AsPublished);
    assert_eq!(of_council(&results, NORTH)[&("1".into(), String::new())], 1);
    // as intended the two statuses conflict
    let wanted = ["sex=Female; employment=Unknown", "sex=Male; employment=Unknown"];
    assert_eq!(of_part_by("1", &lines, Method::AsIntended), wanted);
}

#[test]
fn section_22_trap_with_a_null_gender_every_status_counts() {
    let null = |employment| Line { gender: "", ..working("2023-05-01", employment) };
    let lines = [null(FEW), null(PAID)];
    let wanted = [
        "sex=Invalid/NULL; employment=Paid: Hours per week unknown",
        "sex=Invalid/NULL; employment=Paid: Less than 16 hours a week",
    ];
    assert_eq!(of_part("1", &lines), wanted);
    let intended = of_part_by("1", &lines, Method::AsIntended);
    assert_eq!(intended, ["sex=Invalid/NULL; employment=Unknown"]);
    // two genders that are not listed are shown as one
    let other = Line { gender: "M", ..working("2023-05-01", PAID) };
    let lines = [null(PAID), other];
    assert_eq!(of_part("1", &lines), ["sex=Invalid/NULL; employment=Paid: Hours per week unknown"]);
}

#[test]
fn section_22_step_3_people_without_any_valid_status() {
    let lines = [working("2023-05-01", "paid work"), working("2023-06-01", "")];
    assert_eq!(of_part("1", &lines), ["employment=NULL/Invalid"]);
    let results = results::<Lts004>(&[lines.to_vec()], Method::AsPublished);
    let counts = of_council(&results, NORTH);
    assert_eq!(counts.get(&("1".into(), String::new())), None, "they are not in the table");
    assert_eq!(of_part("2", &lines), ["accommodation=NULL/Invalid"]);
    assert_eq!(counts[&("2".into(), String::new())], 1);
    let lines = [living("2023-05-01", "Refuge")];
    assert!(of_part("2", &lines).is_empty());
}

#[test]
fn section_22_tables_2a_and_2b_are_settled_and_not() {
    let settled = living("2023-05-01", "Tenant - private landlord");
    assert_eq!(
        of_part("2a", std::slice::from_ref(&settled)),
        ["sex=Male; accommodation=Tenant - private landlord"]
    );
    assert!(of_part("2b", std::slice::from_ref(&settled)).is_empty());
    let home = living("2023-06-01", "Registered care home");
    assert_eq!(of_part("2b", &[settled, home]), ["sex=Male; accommodation=Registered care home"]);
    // the first nine of the list are settled
    assert_eq!(
        of_part(
            "2a",
            &[living(
                "2023-05-01",
                "Mobile accommodation for Gypsy / Roma and Traveller communities"
            )]
        )
        .len(),
        1
    );
    assert_eq!(of_part("2b", &[living("2023-05-01", "Rough sleeper / squatting")]).len(), 1);
    assert_eq!(of_part("2b", &[living("2023-05-01", "Unknown")]).len(), 1);
    // a status that was derived and never submitted is not on the list
    assert_eq!(of_part("2", &[living("2023-05-01", "Unknown - Presumed at home")]).len(), 1);
}

#[test]
fn section_22_the_latest_start_is_that_of_any_council() {
    let elsewhere = Line { la: SOUTHTON, ..working("2023-09-01", FEW) };
    let lines = [working("2023-05-01", PAID), elsewhere];
    let results = results::<Lts004>(&[lines.to_vec()], Method::AsPublished);
    let part_1 = |code| {
        let counts = of_council(&results, code);
        counts.into_keys().filter(|(part, _)| part == "1").count()
    };
    assert_eq!((part_1(NORTH), part_1(SOUTH)), (0, 2));
}

#[test]
fn section_22_who_is_read() {
    let counts = |line: Line| of_part("1", &[line]).len();
    let base = working("2023-05-01", PAID);
    assert_eq!(counts(base.clone()), 1);
    assert_eq!(counts(Line { service: PRISON, ..base.clone() }), 1);
    assert_eq!(counts(Line { service: ST_MAX, ..base.clone() }), 0);
    assert_eq!(counts(Line { event: "Review", ..base.clone() }), 0);
    assert_eq!(counts(Line { reason: MENTAL_HEALTH, ..base.clone() }), 0);
    assert_eq!(counts(Line { client: "Carer", ..base.clone() }), 0);
    assert_eq!(counts(Line { import: 1, ..base.clone() }), 0);
    for (birth, wanted) in
        [((2006, 4), 0), ((2006, 3), 1), ((1959, 4), 1), ((1959, 3), 0), ((0, 0), 0)]
    {
        let birth = BirthMonth::new(birth.0, birth.1);
        assert_eq!(counts(Line { birth, ..base.clone() }), wanted);
    }
}
