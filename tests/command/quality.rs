//! Data quality as `check` prints it and `run` writes it, and the comparison of two runs.

use super::support::{Table, call, copy_of, files, run_study, shared, succeed};
use std::fs;
use tempfile::TempDir;

#[test]
fn check_prints_a_line_a_council_and_every_check_of_one() {
    let study = shared().data.join("study.toml").display().to_string();
    let check = succeed(&["check", "-q", &study]);
    for words in [
        "Social care records by council",
        "mandatory valid",
        "Rules that some records fail",
        "rule=V027; severity=E",
        "Values that no list maps",
    ] {
        assert!(check.stdout.contains(words), "{words}: {}", check.stdout);
    }
    let one = succeed(&["check", "-q", &study, "--la", "212"]);
    for words in ["dq_values", "dq_field_summary", "dq_submission", "dq_linkage", "N/A - PID"] {
        assert!(one.stdout.contains(words), "{words}");
    }
    let table = one.stdout.split("keep it inside").nth(1).expect("a table");
    let lines: Vec<&str> = table.lines().skip(4).collect();
    assert!(lines.len() > 200 && lines.iter().all(|line| line.starts_with("Kirklees")));
    let wrong = call(&["check", "-q", &study, "--la", "999"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("there is no such council") && wrong.stderr.contains("212"));
}

#[test]
fn check_writes_released_tables_where_it_is_told_to() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("quality");
    let study = shared().data.join("study.toml").display().to_string();
    succeed(&["check", "-q", &study, "--out", &out.display().to_string()]);
    let names: Vec<String> = files(&out).into_keys().collect();
    for name in ["report.html", "tables.xlsx", "manifest.json", "tables/quality.csv"] {
        assert!(names.iter().any(|found| found == name), "{names:?}");
    }
    assert!(!out.join("exact").exists());
    // what a run says of the quality of the same inputs
    let of_records = |path: &std::path::Path| {
        let table = Table::read(path);
        let check = table.column("check");
        let rows = table.rows.into_iter().filter(|row| !row[check].starts_with("self-check"));
        rows.collect::<Vec<_>>()
    };
    let of_run = of_records(&shared().results.join("tables/quality.csv"));
    assert_eq!(of_records(&out.join("tables/quality.csv")), of_run);
    // and no measure but linkage
    let measures = Table::read(&out.join("tables/measures.csv"));
    let name = measures.column("measure");
    assert!(measures.rows.iter().all(|row| row[name] == "linkage"));
    assert!(Table::read(&out.join("tables/transitions.csv")).rows.is_empty());
}

#[test]
fn the_table_quality_has_every_council_of_the_look_up_and_adds_up() {
    let quality = Table::read(&shared().results.join("exact/quality.csv"));
    let areas = Table::read(&shared().data.join("lookups/areas.csv"));
    let records = |code: &str| -> i64 {
        let like = [
            ("source", "dq_field_summary"),
            ("area_code", code),
            ("check", "field=all; figure=records"),
        ];
        let found = quality.select(&like, &["numerator"]);
        found.first().map_or(0, |row| row[0].parse().expect("a count"))
    };
    let found = quality.select(&[("source", "dq_metric_caveats")], &["check", "numerator"]);
    let self_checks: Vec<_> = found.iter().filter(|row| row[0].starts_with("self-check")).collect();
    assert!(self_checks.len() > 5 && self_checks.iter().all(|row| row[1] == "0"), "{found:?}");
    let mut sum = 0;
    for code in areas.rows.iter().map(|row| &row[areas.column("la_code")]) {
        let rows = quality.select(&[("area_code", code), ("source", "dq_submission")], &["check"]);
        assert!(!rows.is_empty(), "{code} is not passed over");
        sum += records(code);
    }
    assert_eq!(records("E92000001"), sum);
    let kept = quality.found("cld", "single: rows kept");
    assert_eq!(u64::try_from(sum), Ok(kept), "the table is that of the records used");
    // every field has every record once
    let like = [("source", "dq_values"), ("area_code", "99999")];
    let mut fields: std::collections::BTreeMap<String, i64> = Default::default();
    for row in quality.select(&like, &["check", "numerator", "status"]) {
        let field = row[0].split("; ").nth(1).expect("a field").to_owned();
        if row[2] != "x" {
            *fields.entry(field).or_default() += row[1].parse::<i64>().expect("a count");
        }
    }
    assert_eq!(fields.len(), 45);
    assert!(fields.values().all(|&records| records == sum), "{fields:?}");
}

#[test]
fn against_an_earlier_run_tells_what_differs_and_nothing_of_the_same() {
    let folder = TempDir::new().expect("a folder");
    let study = shared().data.join("study.toml");
    let old = shared().results.display().to_string();
    let same = run_study(&study, &folder.path().join("same"), &["--against", &old]);
    assert!(Table::read(&same.join("tables/changes.csv")).rows.is_empty());
    assert!(same.join("tables/changes.parquet").is_file());
    // the other tables are those of a run without comparison
    let table = |folder: &std::path::Path, name: &str| {
        fs::read(folder.join("tables").join(name)).expect("read")
    };
    assert_eq!(table(&same, "measures.csv"), table(&shared().results, "measures.csv"));

    let some = ["--against", &old, "--only", "los,linkage"];
    let fewer = run_study(&study, &folder.path().join("fewer"), &some);
    let changes = Table::read(&fewer.join("tables/changes.csv"));
    let gone = changes.select(&[("table", "measures")], &["change", "measure"]);
    assert!(gone.iter().all(|row| row[0] == "gone" && row[1] != "los" && row[1] != "linkage"));
    let before = Table::read(&shared().results.join("tables/measures.csv"));
    let name = before.column("measure");
    let others = before.rows.iter().filter(|row| !["los", "linkage"].contains(&row[name].as_str()));
    assert_eq!(gone.len(), others.count());
    // numbers of the earlier run stand beside nothing
    let row = &changes.select(&[("change", "gone")], &["old_value", "old_status", "new_value"])[0];
    assert!(row[2].is_empty() && !(row[0].is_empty() && row[1].is_empty()), "{row:?}");
}

#[test]
fn against_a_folder_without_tables_is_an_error_before_anything_is_written() {
    let copy = copy_of("journeys");
    let study = copy.path().join("study.toml").display().to_string();
    let out = copy.path().join("out");
    let empty = copy.path().join("nothing").display().to_string();
    let failed =
        call(&["run", "-q", &study, "--out", &out.display().to_string(), "--against", &empty]);
    assert_eq!(failed.status, 1);
    assert!(failed.stderr.contains("measures.csv does not exist"), "{}", failed.stderr);
    assert!(!out.exists());
}

#[test]
fn a_measure_without_inputs_is_marked_and_explained_and_the_others_are_there() {
    let copy = copy_of("journeys");
    let out = run_study(&copy.path().join("study.toml"), &copy.path().join("out"), &[]);
    let measures = Table::read(&out.join("tables/measures.csv"));
    // the events have no outcome
    let row = measures.one(&[("measure", "ascof_2a")], &["area_type", "value", "status"]);
    assert_eq!(row, ["england", "", "x"]);
    assert!(!measures.select(&[("measure", "los")], &["part"]).is_empty());
    let quality = Table::read(&out.join("tables/quality.csv"));
    let why = "measure=ascof_2a; not available: social care records without event_outcome";
    let row = quality.one(&[("check", why)], &["source", "numerator", "status"]);
    assert_eq!(row, ["dq_metric_caveats", "", "x"]);
    let asked = call(&[
        "run",
        &copy.path().join("study.toml").display().to_string(),
        "--out",
        &copy.path().join("asked").display().to_string(),
        "--only",
        "ascof_2a,los",
    ]);
    assert_eq!(asked.status, 0, "{}", asked.stderr);
    assert!(asked.stderr.contains("warning: ascof_2a is not available"), "{}", asked.stderr);
}

#[test]
fn p28_exact_details_have_one_row_a_person_and_council_with_reasons() {
    let exact = shared().results.join("exact");
    let details = Table::read(&exact.join("person_details.csv"));
    let [person, la] = ["person_id", "la_code"].map(|name| details.column(name));
    let pairs: std::collections::BTreeSet<(&str, &str)> =
        details.rows.iter().map(|row| (row[person].as_str(), row[la].as_str())).collect();
    assert_eq!(pairs.len(), details.rows.len());
    assert!(pairs.len() > 100);
    assert!(exact.join("person_details.parquet").is_file());
    assert!(!shared().results.join("tables/person_details.csv").exists());
    let reasons = ["latest", "tie", "services", "carer_link", "no_value"];
    let mut met = std::collections::BTreeSet::new();
    for name in ["gender", "accommodation_status", "has_unpaid_carer", "client_funding_status"] {
        let [value, reason, record] =
            ["", "_reason", "_record_id"].map(|end| details.column(&format!("{name}{end}")));
        for row in &details.rows {
            assert!(reasons.contains(&row[reason].as_str()), "{row:?}");
            met.insert(row[reason].clone());
            // a value that a row gave has that row, and one that none gave is unknown
            match row[reason].as_str() {
                "latest" => assert!(!row[record].is_empty() && row[value] != "Unknown", "{row:?}"),
                "tie" | "no_value" => assert_eq!(row[value], "Unknown", "{name} {row:?}"),
                "carer_link" => assert_eq!(row[value], "Yes"),
                _ => assert!(!row[record].is_empty()),
            }
        }
    }
    for reason in ["latest", "services", "carer_link", "no_value"] {
        assert!(met.contains(reason), "{reason}");
    }
}
