//! `throughcare pathways`: what follows an anchor.

use super::support::{call, shared, succeed};
use std::fs;

/// Calls `pathways` on the study of the shared data with further arguments.
fn pathways(more: &[&str]) -> String {
    let study = shared().data.join("study.toml").display().to_string();
    succeed(&[&["pathways", "-q", &study], more].concat()).stdout
}

#[test]
fn pathways_are_those_of_the_run_and_do_not_depend_on_threads() {
    let released = fs::read_to_string(shared().results.join("graph/pathways.json"));
    let found = pathways(&["--format", "json", "--threads", "1"]);
    assert_eq!(found, released.expect("pathways"));
    assert_eq!(pathways(&["--format", "json", "--threads", "2"]), found);
}

#[test]
fn what_is_released_adds_up_and_is_of_enough_people() {
    let file: serde_json::Value =
        serde_json::from_str(&pathways(&["--format", "json"])).expect("JSON");
    let of = &file["anchors"][0];
    assert_eq!(of["anchor"], "discharge");
    let number = |value: &serde_json::Value| value.as_i64().expect("a number");
    let list = |value: &serde_json::Value| value.as_array().expect("a list").clone();
    let coverage = list(&of["coverage"]);
    let shown: i64 = coverage.iter().filter_map(|row| row["people"].as_i64()).sum();
    assert_eq!(number(&of["sunburst"]["people"]), shown);
    assert_eq!(number(&coverage.last().expect("a row")["cumulative_people"]), shown);
    let children = list(&of["sunburst"]["children"]);
    assert_eq!(children.iter().map(|child| number(&child["people"])).sum::<i64>(), shown);
    for sequence in list(&of["sequences"]) {
        let people = number(&sequence["people"]);
        assert!(people >= 10 && people % 5 == 0, "{people}");
        assert_eq!(list(&sequence["states"]).len(), 13);
    }
    for state in list(&of["reached"]) {
        assert!(number(&state["people"]) >= 10);
        let steps: Vec<f64> =
            list(&state["by_step"]).iter().filter_map(serde_json::Value::as_f64).collect();
        assert!(steps.is_sorted(), "{state}");
    }
    let groups = list(&of["clusters"]["groups"]);
    assert!((1..=8).contains(&groups.len()));
    for group in &groups {
        assert!(number(&group["people"]) >= 10);
        assert_eq!(list(&group["most_common"]).len(), 13);
    }
    for states in list(&of["over_time"]) {
        for people in list(&states["people"]) {
            assert!(people.as_i64().is_none_or(|people| people == 0 || people >= 10));
        }
    }
}

#[test]
fn other_anchors_breakdowns_and_forms() {
    let csv = pathways(&["--from", "admission", "--by", "sex", "--format", "csv"]);
    assert!(csv.starts_with("area_code,stratum,anchor,rank,path,people"), "{csv}");
    for stratum in ["", "sex=Male", "sex=Female"] {
        assert!(csv.contains(&format!("\nE92000001,{stratum},admission,1,")), "{csv}");
    }
    // few begin reablement in so few data: their pathways stand together
    let few = pathways(&["--from", "STMAX", "--format", "csv"]);
    assert!(few.contains("\nE92000001,,STMAX,,other"), "{few}");
    let text = pathways(&["--from", "emergency_discharge"]);
    assert!(text.starts_with("emergency_discharge, E92000001"), "{text}");
    assert!(text.contains("Who ever reaches a state"), "{text}");
    assert!(text.contains("Groups of similar journeys"), "{text}");
    let svg = pathways(&["--format", "svg"]);
    assert!(svg.starts_with("<svg xmlns") && svg.contains("States over time"), "{svg}");
    let rows = |csv: &str| csv.lines().count();
    let all = pathways(&["--format", "csv"]);
    let many = pathways(&["--format", "csv", "--min-people", "50"]);
    assert!(rows(&many) < rows(&all));
    // the profile's threshold stands
    assert_eq!(pathways(&["--format", "csv", "--min-people", "2"]), all);
}

#[test]
fn a_wrong_anchor_or_breakdown_is_wrong_usage() {
    let study = shared().data.join("study.toml");
    for (option, value, said) in
        [("--from", "nowhere", "STMAX"), ("--by", "region", "age_band, sex, setting")]
    {
        let ended =
            call(&["pathways".as_ref(), study.as_os_str(), option.as_ref(), value.as_ref()]);
        assert_eq!(ended.status, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
}
