//! `throughcare pathways`: what follows an anchor.

use super::graph::{rows, study};
use super::support::{Table, call, shared, succeed};
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

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
    assert!(svg.contains("Pathways step by step") && svg.contains("Largest segments"), "{svg}");
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
    for (option, value, said) in [
        ("--from", "nowhere", "STMAX"),
        ("--by", "provider", "age_band, sex, ethnicity, setting, region, la"),
    ] {
        let ended =
            call(&["pathways".as_ref(), study.as_os_str(), option.as_ref(), value.as_ref()]);
        assert_eq!(ended.status, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
}

/// People of councils add up to those of their region, and regions and ethnic groups to England, sequence by
/// sequence.
#[test]
fn m17_pathways_of_areas_add_up() {
    let folder = TempDir::new().expect("a folder");
    let settings =
        "[graph]\nby = ['la', 'region', 'ethnicity']\n[disclosure]\nprofile = \"none\"\n";
    let study = study(folder.path(), settings);
    let csv = succeed(&["pathways", "-q", &study, "--format", "csv"]).stdout;
    let areas = Table::read(&shared().data.join("lookups/areas.csv"));
    let look_up: BTreeMap<&str, &str> =
        areas.select(&[], &["la_code", "region"]).iter().map(|row| (row[0], row[1])).collect();
    let pathways = rows(&csv);
    // by what adds up, and sequence
    let mut sums: BTreeMap<(&str, &str, &str), i64> = BTreeMap::new();
    for row in pathways.select(&[], &["area_code", "stratum", "path", "people"]) {
        let [area, stratum, path, people] = row[..] else { panic!("{row:?}") };
        let people: i64 = people.parse().expect("a number");
        let mut add = |what, whole| *sums.entry((what, whole, path)).or_default() += people;
        let is_region = area == "Unknown region" || look_up.values().any(|region| *region == area);
        match (area, stratum) {
            ("E92000001", "") => add("all", ""),
            ("E92000001", _) => add("ethnicity", ""),
            _ if is_region => {
                assert_eq!(stratum, "");
                add("regions", "");
                add("region", area);
            }
            _ => {
                assert_eq!(stratum, "");
                add("councils", "");
                add("councils of", look_up.get(area).copied().unwrap_or("Unknown region"));
            }
        }
    }
    let of = |what: &str| -> BTreeMap<(&str, &str), i64> {
        let own = sums.iter().filter(|((found, ..), _)| *found == what);
        own.map(|((_, whole, path), people)| ((*whole, *path), *people)).collect()
    };
    assert!(of("all").len() > 5);
    for what in ["ethnicity", "regions", "councils"] {
        assert_eq!(of(what), of("all"), "{what}");
    }
    assert_eq!(of("councils of"), of("region"));
    assert!(of("region").keys().map(|(region, _)| region).collect::<Vec<_>>().len() > 5);
    let by_group = rows(&csv).select(&[("stratum", "ethnicity=White")], &["people"]).len();
    assert!(by_group > 0, "the groups of records are known");
}

/// What is released of areas: each sequence of enough people, none of an area of few.
#[test]
fn d06_released_pathways_of_areas_are_of_enough_people() {
    let csv = pathways(&["--by", "region", "--format", "csv"]);
    let table = rows(&csv);
    let people = table.select(&[], &["people", "rank"]);
    assert!(people.iter().filter(|row| row[1] == "1").count() > 2, "{csv}");
    for row in people {
        assert!(row[0].is_empty() || row[0].parse::<i64>().is_ok_and(|n| n >= 10 && n % 5 == 0));
    }
}
