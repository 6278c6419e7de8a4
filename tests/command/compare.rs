//! `throughcare compare`: the moves of two groups of people side by side.

use super::support::{Table, call, shared, succeed};
use std::fs;
use tempfile::TempDir;

fn compare(more: &[&str]) -> String {
    let study = shared().data.join("study.toml").display().to_string();
    succeed(&[&["compare", "-q", &study], more].concat()).stdout
}

fn json(more: &[&str]) -> serde_json::Value {
    serde_json::from_str(&compare(&[&["--format", "json"], more].concat())).expect("JSON")
}

#[test]
fn shares_are_those_of_the_graphs_of_both_groups() {
    let study = shared().data.join("study.toml").display().to_string();
    let compared = json(&["--by", "sex"]);
    assert_eq!(compared["groups"], serde_json::json!(["Male", "Female"]));
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("graph.csv");
    let out = path.display().to_string();
    succeed(&["graph", "-q", &study, "--by", "sex", "--format", "csv", "--out", &out]);
    let graph = Table::read(&path);
    let moves = compared["moves"].as_array().expect("moves");
    assert!(moves.len() > 4, "{}", moves.len());
    for step in moves {
        for (n, sex) in ["sex=Male", "sex=Female"].into_iter().enumerate() {
            let text = |key: &str| step[key].as_str().expect("a state");
            let like = [("stratum", sex), ("from", text("from")), ("to", text("to"))];
            let keys = ["count", "people", "probability"];
            let rows = graph.select(&like, &keys);
            let Some(row) = rows.first() else {
                assert_eq!(step["count"][n], 0, "{step}");
                continue;
            };
            for (key, cell) in keys.into_iter().zip(row) {
                assert_eq!(step[key][n].as_f64(), cell.parse().ok(), "{key} of {step} for {sex}");
            }
        }
        let limit = |key: &str| step["difference"][key].as_f64().expect("a number");
        assert!(limit("lower") <= limit("value") && limit("value") <= limit("upper"), "{step}");
        assert!((0.0..=1.0).contains(&limit("q")), "{step}");
    }
}

#[test]
fn intervals_do_not_depend_on_threads() {
    let by = ["--by", "sex", "--format", "csv"];
    let one = compare(&[&by[..], &["--threads", "1"]].concat());
    assert_eq!(compare(&[&by[..], &["--threads", "2"]].concat()), one);
    assert!(one.lines().count() > 4, "{one}");
}

#[test]
fn pictures_and_tables_say_what_is_compared() {
    let by = ["--by", "age_band=65-74,85+"];
    let text = compare(&by);
    assert!(text.starts_with("age_band: 65-74 ("), "{text}");
    assert!(text.contains("500 draws of people (seed 1)"), "{text}");
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("compared.svg");
    let out = path.display().to_string();
    compare(&[&by[..], &["--out", &out, "--min-people", "50"]].concat());
    let picture = fs::read_to_string(&path).expect("a picture");
    assert!(picture.starts_with("<svg ") && picture.contains("85+ less 65-74"));
}

#[test]
fn groups_that_do_not_exist_are_refused_with_those_that_do() {
    let study = shared().data.join("study.toml").display().to_string();
    let refused = |more: &[&str]| {
        let failed = call(&[&["compare", "-q", &study], more].concat());
        assert_eq!(failed.status, 2, "{}", failed.stderr);
        failed.stderr
    };
    let wrong = refused(&["--by", "sex=Male,Femal"]);
    assert!(wrong.contains("did you mean Female?"), "{wrong}");
    let many = refused(&["--by", "age_band"]);
    assert!(many.contains("--by age_band=ONE,OTHER") && many.contains("85+"), "{many}");
    assert!(refused(&[]).contains("what the two groups differ in"));
    assert!(refused(&["--by", "sexs"]).contains("did you mean sex?"));
    assert!(refused(&["--by", "sex", "--from", "HOM"]).contains("did you mean HOME?"));
}
