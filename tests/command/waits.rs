//! Stages of waits.

use super::support::{Table, copy_into, run_study, shared};
use std::fs;
use tempfile::TempDir;

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

#[test]
fn stages_add_up_to_the_wait_and_change_no_other_state() {
    let folder = TempDir::new().expect("a folder");
    copy_into(&shared().data, folder.path());
    let study = folder.path().join("study.toml");
    let text = fs::read_to_string(&study).expect("a study");
    assert!(!text.contains("[timeline]"));
    fs::write(&study, text + "\n[timeline]\nsplit_await = true\n").expect("a study");
    let out = run_study(&study, &folder.path().join("out"), &["--exact", "--threads", "2"]);

    let states = |results: &std::path::Path| Table::read(&results.join("exact/states.csv"));
    let [with, without] = [&out, &shared().results].map(|results| states(results));
    let columns = ["scheme", "area_code", "stratum", "state", "visits", "people", "total_days"];
    let is_wait = |row: &&Vec<&str>| row[3].starts_with("AWAIT");
    let other = |table: &Table| -> Vec<Vec<String>> {
        let rows = table.select(&[], &columns);
        let rows = rows.iter().filter(|row| !is_wait(row));
        rows.map(|row| row.iter().map(|&cell| cell.to_owned()).collect()).collect()
    };
    assert_eq!(other(&with), other(&without));
    let days = |table: &Table| -> f64 {
        let rows = table.select(&[("scheme", "full"), ("stratum", "")], &columns);
        rows.iter().filter(is_wait).map(|row| number(row[6])).sum()
    };
    let whole = days(&without);
    assert!(whole > 0.0);
    assert!((days(&with) - whole).abs() < 1e-6);

    let moves = Table::read(&out.join("exact/transitions.csv"));
    let between = moves.select(&[("from", "AWAIT_ASSESS"), ("to", "AWAIT")], &["count"]);
    assert!(number(between[0][0]) > 0.0);
    let report = fs::read_to_string(out.join("report.html")).expect("a report");
    assert!(report.contains("Waiting for an assessment"));
}
