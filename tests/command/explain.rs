//! `explain`: how a figure came about.

use super::support::{Call, call, shared, succeed};

fn explain(more: &[&str]) -> Call {
    let results = shared().results.display().to_string();
    let mut arguments = vec!["explain", &results];
    arguments.extend(more);
    call(&arguments)
}

#[test]
fn it_prints_the_rules_of_a_measure_in_order() {
    let explained = explain(&["--measure", "ascof_2d"]);
    assert_eq!((explained.status, explained.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = explained.stdout.lines().collect();
    assert_eq!(lines[0], "ascof_2d: what each rule left out");
    for heading in ["part", "step", "rule", "what", "records_out", "records_left", "people_left"] {
        assert!(lines[2].contains(heading), "{heading}");
    }
    assert!(
        lines[4].starts_with("part1 ") && lines[4].contains("ASCOF 2D stage 1"),
        "{}",
        lines[4]
    );
    assert!(explained.stdout.contains("The service component is Reablement"));
}

#[test]
fn where_chooses_rows() {
    let explained =
        explain(&["--measure", "readmission", "--where", "part=28d", "--where", "rule=M7"]);
    assert_eq!(explained.status, 0, "{}", explained.stderr);
    let rows: Vec<&str> =
        explained.stdout.lines().skip(4).take_while(|line| !line.is_empty()).collect();
    assert_eq!(rows.len(), 1, "{}", explained.stdout);
    assert!(rows[0].trim_start().starts_with("28d ") && rows[0].contains(" M7 "), "{}", rows[0]);
}

#[test]
fn wrong_names_are_met_with_the_nearest_right_one() {
    let unknown = explain(&["--measure", "readmisson"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("did you mean readmission?"), "{}", unknown.stderr);
    let column = explain(&["--measure", "los", "--where", "parts=census"]);
    assert_eq!(column.status, 2);
    assert!(column.stderr.contains("did you mean part?"), "{}", column.stderr);
    let value = explain(&["--measure", "los", "--where", "part=none"]);
    assert_eq!(value.status, 2);
    assert!(value.stderr.contains("no row of los meets"), "{}", value.stderr);
    let form = explain(&["--measure", "los", "--where", "part"]);
    assert_eq!(form.status, 2);
    assert!(form.stderr.contains("COLUMN=VALUE"), "{}", form.stderr);
    let absent = call(&["explain", "no-such-folder", "--measure", "los"]);
    assert_eq!(absent.status, 1);
    assert!(absent.stderr.contains("no-such-folder"), "{}", absent.stderr);
}

#[test]
fn what_it_prints_is_what_was_released() {
    let results = shared().results.display().to_string();
    let explained = succeed(&["explain", &results, "--measure", "los", "--where", "part="]);
    let released = super::support::Table::read(&shared().results.join("tables/attrition.csv"));
    let released =
        released.select(&[("measure", "los"), ("part", "")], &["records_left", "people_left"]);
    let printed: Vec<&str> = explained.stdout.lines().skip(4).take(released.len()).collect();
    for (line, numbers) in printed.iter().zip(&released) {
        let mut words = line.split_whitespace().rev();
        assert_eq!(words.next(), Some("discharges"), "{line}");
        if !numbers[0].is_empty() && !numbers[1].is_empty() {
            assert_eq!(
                (words.next(), words.next()),
                (Some(numbers[1]), Some(numbers[0])),
                "{line}"
            );
        }
    }
}
