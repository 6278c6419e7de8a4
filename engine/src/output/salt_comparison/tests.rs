use super::*;
use crate::disclosure::{ProfileName, protect};
use crate::figure::{AttritionStep, Figure, Results, Unit, Value};
use throughcare_linkage::day::Day;

const MEASURE: &str = "salt_lts001a";

fn year() -> Period {
    Period { start: Day(19_448), end: Day(19_813) }
}

fn council(code: &str) -> Area {
    Area { kind: AreaType::La, code: code.into(), name: format!("Council {code}") }
}

fn figure(area: Area, part: &str, stratum: &str, count: i64) -> Figure {
    Figure {
        measure: MEASURE,
        part: part.into(),
        period: year(),
        area,
        stratum: stratum.into(),
        numerator: Some(count),
        denominator: None,
        value: Value::Count,
        interval: None,
        unit: Unit::People,
        counts: Unit::People,
    }
}

fn step(step: u16, rule: &'static str, records_out: i64) -> AttritionStep {
    AttritionStep {
        measure: MEASURE,
        part: String::new(),
        period: year(),
        step,
        rule,
        what: format!("what {rule} leaves out"),
        records_out,
        records_left: 1_000,
        people_left: None,
        unit: Unit::Events,
    }
}

fn results() -> Results {
    let steps = [("start", 0), ("N2", 12), ("N5", 0), ("N6", 3)];
    let steps = || (1u16..).zip(steps).map(|(n, (rule, out))| step(n, rule, out));
    Results {
        measures: vec![
            figure(Area::england(), "1a", "", 300),
            figure(council("101"), "1a", "", 112),
            figure(council("101"), "1a", "setting=Nursing", 3),
            figure(council("101"), "1a", "setting=Prison", 109),
            figure(council("102"), "1a", "", 188),
        ],
        attrition: steps().map(|step| AttritionStep { records_out: 40, ..step }).collect(),
        council_attrition: steps().map(|step| (council("101"), step)).collect(),
        ..Results::default()
    }
}

fn given(area: &str, part: &str, stratum: &str, value: Option<i64>, line: u64) -> ReturnCell {
    ReturnCell {
        measure: MEASURE,
        period: year(),
        area_code: area.into(),
        part: part.into(),
        stratum: stratum.into(),
        value,
        line,
    }
}

fn return_of(cells: impl IntoIterator<Item = ReturnCell>) -> SaltReturn {
    let mut salt_return = SaltReturn::default();
    for cell in cells {
        salt_return.add(cell).unwrap();
    }
    salt_return
}

/// Rows of a comparison as texts of the columns named.
fn rows(comparison: &SaltComparison, names: &[&str]) -> Vec<Vec<String>> {
    let table = comparison.table();
    let place = |name: &&str| table.columns.iter().position(|column| column.name == *name).unwrap();
    let places: Vec<usize> = names.iter().map(place).collect();
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        Cell::Marked(marker) => format!("[{}]", marker.code()),
        other => format!("{other:?}"),
    };
    table.rows.iter().map(|row| places.iter().map(|&place| text(&row[place])).collect()).collect()
}

const NUMBERS: [&str; 6] = ["comparison", "stratum", "here", "return", "difference", "status"];

fn compare(profile: ProfileName, salt_return: &SaltReturn) -> SaltComparison {
    let profile = Profile::named(profile);
    SaltComparison::between(&protect(&results(), &profile), &profile, salt_return)
}

#[test]
fn cells_are_compared_as_released_and_suppressed_ones_have_no_difference() {
    let salt_return = return_of([
        given("101", "1A", "", Some(111), 2),
        given("101", "1a", "SETTING=Nursing ", Some(4), 3),
        given("101", "1a", "setting=Prison", Some(120), 4),
    ]);
    let comparison = compare(ProfileName::Round5, &salt_return);
    let cells = rows(&comparison, &NUMBERS);
    // 112, 3 and 109 to the nearest 5
    assert_eq!(cells[0], ["same after rounding", "", "110", "111", "-1", ""]);
    assert_eq!(cells[1], ["same after rounding", "setting=Nursing", "5", "4", "1", ""]);
    assert_eq!(cells[2], ["differs", "setting=Prison", "110", "120", "-10", ""]);
    let comparison = compare(ProfileName::Hes7, &salt_return);
    let cells = rows(&comparison, &NUMBERS);
    assert_eq!(cells[1], ["suppressed here", "setting=Nursing", "[c]", "4", "[c]", "c"]);
    assert!(comparison.in_words().contains("1 suppressed here"), "{}", comparison.in_words());
    let exact = rows(&compare(ProfileName::None, &salt_return), &NUMBERS);
    assert_eq!(exact[0], ["differs", "", "112", "111", "1", ""]);
    assert_eq!(exact[1], ["differs", "setting=Nursing", "3", "4", "-1", ""]);
}

#[test]
fn secondary_suppression_holds_here_too() {
    // shown beside the total, 109 would give the 3 away
    let salt_return = return_of([given("101", "1a", "setting=Prison", Some(109), 2)]);
    let cells = rows(&compare(ProfileName::Cld5, &salt_return), &NUMBERS);
    let prison = cells.iter().find(|row| row[1] == "setting=Prison").unwrap();
    assert_eq!(prison[..], ["suppressed here", "setting=Prison", "[c]", "109", "[c]", "c"]);
}

#[test]
fn what_only_one_side_has_is_a_row_that_says_so() {
    let elsewhere = given("999", "1a", "", Some(1), 5);
    let salt_return = return_of([
        given("101", "1a", "", None, 2),
        given("101", "9", "", Some(7), 3),
        given("101", "1a", "setting=Nursng", Some(8), 4),
        ReturnCell { period: Period { start: Day(0), end: Day(9) }, ..elsewhere.clone() },
        ReturnCell { measure: "salt_sts001", ..elsewhere.clone() },
        elsewhere,
    ]);
    let comparison = compare(ProfileName::None, &salt_return);
    let names = ["comparison", "area_code", "part", "stratum", "here", "return", "what"];
    let found = rows(&comparison, &names);
    let cells: Vec<String> =
        found.iter().filter(|row| row[0] != "left out").map(|row| row.join("|")).collect();
    let spelt = "nobody is counted in this group here, or the run spells it otherwise";
    assert_eq!(
        cells,
        [
            "only in the return|999|1a||[z]|1|the run does not have this year",
            "suppressed in the return|101|1a||112|[c]|",
            "only in this run|101|1a|setting=Nursing|3|[z]|",
            "only in this run|101|1a|setting=Prison|109|[z]|",
            &format!("only in the return|101|1a|setting=Nursng|[z]|8|{spelt}"),
            "only in the return|101|9||[z]|7|the measure has no such part",
            "only in the return|999|1a||[z]|1|the run has no such area",
            "only in the return|999|1a||[z]|1|the run does not make this measure",
        ]
    );
    // every cell of the return has a row, and every cell of the run in the areas of the return
    assert_eq!(cells.len(), salt_return.len() + 2);
    assert!(found.iter().all(|row| row[1] != "102"), "councils that the return lacks stay out");
}

#[test]
fn steps_of_the_council_explain_it_under_the_same_control() {
    let salt_return =
        return_of([given("101", "1a", "", Some(1), 2), given("e92000001", "1a", "", Some(1), 3)]);
    let steps = |profile| {
        let names = ["comparison", "area_code", "rule", "what", "records_out"];
        let rows = rows(&compare(profile, &salt_return), &names);
        let steps = rows.into_iter().filter(|row| row[0] == "left out");
        steps.map(|row| [row[1].clone(), row[2].clone(), row[4].clone()].join(" ")).collect()
    };
    let exact: Vec<String> = steps(ProfileName::None);
    assert_eq!(
        exact,
        ["101 N2 12", "101 N6 3", "E92000001 N2 40", "E92000001 N5 40", "E92000001 N6 40"]
    );
    let released: Vec<String> = steps(ProfileName::Cld5);
    assert_eq!(released[..2], ["101 N2 10", "101 N6 [c]"]);
}

#[test]
fn the_table_is_the_same_whatever_the_order_of_lines() {
    let cells = [given("101", "1a", "", Some(1), 2), given("102", "1a", "", Some(2), 3)];
    let backwards = return_of(cells.clone().into_iter().rev());
    let forwards = return_of(cells);
    assert_eq!(
        compare(ProfileName::Cld5, &forwards).table(),
        compare(ProfileName::Cld5, &backwards).table()
    );
}
