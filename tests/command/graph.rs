//! `throughcare graph`: pictures and tables of the moves between states.

use super::support::{Table, call, files, shared, succeed};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Calls `graph` on the study of the shared data with further arguments.
fn graph(more: &[&str]) -> String {
    let study = shared().data.join("study.toml").display().to_string();
    succeed(&[&["graph", "-q", &study], more].concat()).stdout
}

/// The study of the shared data with other settings, beside it in a folder of its own.
pub fn study(folder: &Path, settings: &str) -> String {
    let text = fs::read_to_string(shared().data.join("study.toml")).expect("a study");
    let (before, _) = text.split_once("[measures]").expect("measures");
    let mut text = before.to_owned();
    for name in ["cld/", "sus/", "deaths", "lookups/"] {
        let whole = format!("\"{}/{name}", shared().data.display());
        text = text.replace(&format!("\"{name}"), &whole);
    }
    let path = folder.join("study.toml");
    fs::write(&path, format!("{text}{settings}\n")).expect("written");
    path.display().to_string()
}

/// CSV that a command printed.
pub fn rows(csv: &str) -> Table {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("rows.csv");
    fs::write(&path, csv).expect("written");
    Table::read(&path)
}

#[test]
fn moves_are_those_of_the_run_and_do_not_depend_on_threads() {
    let released = fs::read_to_string(shared().results.join("tables/transitions.csv"));
    let found = graph(&["--format", "csv", "--threads", "1"]);
    assert_eq!(found, released.expect("a table"));
    assert_eq!(graph(&["--format", "csv", "--threads", "2"]), found);
    let dot = fs::read_to_string(shared().results.join("graph/transitions.dot"));
    let drawn = graph(&["--format", "dot"]);
    let edges = |text: &str| text.matches(" -> ").count();
    assert_eq!(edges(&drawn), edges(&dot.expect("a graph")));
}

/// Every number of the graphs of strata adds up to that of the graph of everyone, in each scheme.
#[test]
fn m16_graphs_of_strata_add_up_to_the_graph_of_everyone() {
    for (by, scheme) in
        [("age_band", "full"), ("sex", "compact"), ("region", "ascof"), ("ethnicity", "compact")]
    {
        let folder = TempDir::new().expect("a folder");
        let settings =
            format!("[timeline]\nstate_scheme = \"{scheme}\"\n[disclosure]\nprofile = \"none\"\n");
        let study = study(folder.path(), &settings);
        let count = |more: &[&str]| {
            let text =
                succeed(&[&["graph", "-q", &study, "--format", "json"], more].concat()).stdout;
            assert!(text.contains("NOT FOR RELEASE"));
            let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            let graphs = file["graphs"].as_array().expect("graphs").clone();
            let mut sums = std::collections::BTreeMap::new();
            for graph in &graphs {
                for node in graph["nodes"].as_array().expect("nodes") {
                    let state = node["state"].as_str().expect("a state").to_owned();
                    for what in ["visits", "people", "total_days"] {
                        let number = node[what].as_f64().expect("a number");
                        *sums.entry((state.clone(), what.to_owned())).or_insert(0.0) += number;
                    }
                }
                for edge in graph["edges"].as_array().expect("edges") {
                    let name = format!("{} > {}", edge["from"], edge["to"]);
                    for what in ["count", "people"] {
                        let number = edge[what].as_f64().expect("a number");
                        *sums.entry((name.clone(), what.to_owned())).or_insert(0.0) += number;
                    }
                }
                for follow in graph["follows"].as_array().expect("follows") {
                    let name = format!("{} … {}", follow["from"], follow["to"]);
                    for what in ["people", "pairs"] {
                        let number = follow[what].as_f64().expect("a number");
                        *sums.entry((name.clone(), what.to_owned())).or_insert(0.0) += number;
                    }
                }
                // nothing is filtered: everyone is seen whole
                assert_eq!(graph["shown"]["share_of_moves"], 1.0);
                assert_eq!(graph["shown"]["share_of_people"], 1.0);
            }
            (graphs.len(), sums)
        };
        let (one, all) = count(&[]);
        let (several, sums) = count(&["--by", by]);
        assert_eq!(one, 1);
        assert!(several >= 2, "{by}: {several} graphs");
        assert!(all.len() > 40, "{by}");
        assert_eq!(sums, all, "{by} {scheme}");
    }
}

#[test]
fn journeys_may_begin_with_a_state_and_filters_say_what_they_show() {
    let text = graph(&["--from", "IP_EM", "--min-people", "50"]);
    assert!(text.contains("most begin in IP_EM"), "{text}");
    let shown = text.lines().find(|line| line.starts_with("shown: ")).expect("shares");
    assert!(shown.contains("of the moves; the whole journey of"), "{shown}");
    assert!(!shown.contains("100.0% of the moves"), "{shown}");
    let moves = rows(&graph(&["--from", "IP_EM", "--min-people", "50", "--format", "csv"]));
    for row in moves.select(&[], &["people", "to"]) {
        assert!(row[1] == "OTHER" || row[0].parse::<i64>().expect("a number") >= 50);
    }
}

#[test]
fn unknown_states_and_keys_are_wrong_usage_with_the_nearest_name() {
    let study = shared().data.join("study.toml").display().to_string();
    let wrong = call(&["graph", "-q", &study, "--from", "IP_EMM"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("did you mean IP_EM?"), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("IP_EL, IP_MH"), "{}", wrong.stderr);
    let wrong = call(&["graph", "-q", &study, "--by", "ageband"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("did you mean age_band?"), "{}", wrong.stderr);
    assert_eq!(call(&["graph", "-q"]).status, 2);
    let folder = TempDir::new().expect("a folder");
    let empty = folder.path().display().to_string();
    let wrong = call(&["graph", "-q", "--data", &empty]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("no file in this folder"), "{}", wrong.stderr);
    let wrong = study_call(folder.path(), "[graph.view]\ncoverage = 2.0\n");
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("coverage = 2 is no share"), "{}", wrong.stderr);
}

fn study_call(folder: &Path, settings: &str) -> super::support::Call {
    call(&["graph", "-q", &study(folder, settings)])
}

#[test]
fn a_folder_without_a_study_is_read_by_its_headings() {
    let folder = TempDir::new().expect("a folder");
    for (name, bytes) in files(&shared().data) {
        if !name.ends_with(".toml") {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
    }
    let data = folder.path().display().to_string();
    let found = succeed(&["graph", "--data", &data, "--format", "csv"]);
    assert!(
        found.stderr.contains("no period is given: 2025-04-01 to 2026-03-31 is used"),
        "{}",
        found.stderr
    );
    let moves = rows(&found.stdout);
    let to = |from: &str| moves.select(&[("from", from)], &["to"]).len();
    assert!(to("HOME") > 3 && to("IP_EM") >= 2);
    // with a study file in it, that is the study
    fs::copy(shared().data.join("study.toml"), folder.path().join("study.toml")).expect("copied");
    let found = succeed(&["graph", "-q", "--data", &data, "--format", "csv"]).stdout;
    assert_eq!(found, graph(&["--format", "csv"]));
}

/// Ten cases go in, are looked at twice and go home; ten more go home at once.
fn log(folder: &Path) -> PathBuf {
    let mut text = String::from("case,activity,start\n");
    for n in 0..20 {
        text.push_str(&format!("{n},In,2024-05-01T08:00\n"));
        if n < 10 {
            text.push_str(&format!("{n},Look,2024-05-02T08:00\n{n},Look,2024-05-03T08:00\n"));
        }
        text.push_str(&format!("{n},Home,2024-05-05T08:00\n"));
    }
    fs::write(folder.join("log.csv"), text).expect("a log");
    let study = folder.join("study.toml");
    fs::write(&study, "[[inputs.events]]\nname = \"ward\"\npath = \"log.csv\"\n").expect("a study");
    study
}

#[test]
fn a_log_has_its_ways_rework_and_absorption() {
    let folder = TempDir::new().expect("a folder");
    let study = log(folder.path()).display().to_string();
    let json = succeed(&["graph", "-q", &study, "--format", "json"]).stdout;
    let file: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let graph = &file["graphs"][0];
    assert_eq!(graph["shown"]["people"], 20);
    let analysis = &graph["analysis"];
    assert_eq!(analysis["first"], "START");
    let again = graph["follows"].as_array().expect("follows").iter();
    let again: Vec<_> = again.filter(|row| row["from"] == row["to"]).collect();
    assert_eq!(again.len(), 1);
    assert_eq!((&again[0]["from"], &again[0]["people"]), (&"Look".into(), &10.into()));
    let rework = analysis["rework"].as_array().expect("rework");
    let look = rework.iter().find(|row| row["state"] == "Look").expect("Look");
    assert_eq!((&look["self_loops"], &look["visits_per_person"]), (&10.into(), &2.0.into()));
    let way = &analysis["ways"][0]["most_probable"];
    assert_eq!(way["states"].as_array().expect("states").len(), 4, "{way}");
    let ahead = analysis["absorption"]["ahead"].as_array().expect("ahead");
    let start = ahead.iter().find(|row| row["from"] == "START").expect("START");
    assert_eq!(start["absorbed"], serde_json::json!([1.0]));
    // four days for everyone, whichever way
    assert!((start["days"].as_f64().expect("days") - 4.0).abs() < 1e-3, "{start}");
    // from the look on only ten are left
    let from = succeed(&["graph", "-q", &study, "--from", "Look", "--format", "csv"]).stdout;
    let moves = rows(&from);
    let found = moves.select(&[], &["from", "to", "count"]).concat();
    assert_eq!(found.len(), 12, "{found:?}");
    assert_eq!(found[..3], ["START", "Look", "10"]);
    let wrong = call(&["graph", "-q", &study, "--from", "look"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("did you mean Look?"), "{}", wrong.stderr);
    assert_eq!(call(&["graph", "-q", &study, "--by", "sex"]).status, 2);
}

#[test]
fn pictures_are_complete_and_fetch_nothing() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("journeys.svg");
    graph(&["--out", &out.display().to_string()]);
    let svg = fs::read_to_string(&out).expect("a picture");
    for forbidden in ["<script", "https://", "<image", "@import", "href", "url(http"] {
        assert!(!svg.contains(forbidden), "{forbidden}");
    }
    assert_eq!(svg.matches("http://").count(), 1, "the name space alone");
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
    assert!(svg.contains(">Hospital: planned</text>"), "names are plain");
    assert!(svg.contains("of the moves; the whole journey of"));
    assert_eq!(svg, graph(&["--format", "svg", "--threads", "1"]));
    let strata = graph(&["--format", "svg", "--by", "sex"]);
    assert!(strata.contains(">England, Sex: Female</text>"));
}

#[test]
fn few_people_leave_nothing_in_any_form() {
    let folder = TempDir::new().expect("a folder");
    fs::write(
        folder.path().join("log.csv"),
        "case,activity,start\n1,Secret,2024-05-01\n1,Home,2024-05-02\n2,Secret,2024-05-01\n",
    )
    .expect("a log");
    let study = folder.path().join("study.toml");
    fs::write(&study, "[[inputs.events]]\npath = \"log.csv\"\n").expect("a study");
    let study = study.display().to_string();
    for format in ["csv", "text", "svg", "graphml", "dot", "json"] {
        let text = succeed(&["graph", "-q", &study, "--format", format]).stdout;
        assert!(!text.contains("Secret -> ") && !text.contains("Secret,Home"), "{format}: {text}");
        // neither counts of cases nor shares
        for number in [" 2 ", " 1 ", "50", "0.5"] {
            let is_said = text.contains(number) && ["csv", "text"].contains(&format);
            assert!(!is_said, "{format} {number}: {text}");
        }
    }
}

/// Pictures are PNG files, or the build says that it has none.
#[test]
fn every_picture_can_be_had_in_pixels() {
    let study = shared().data.join("study.toml").display().to_string();
    let folder = TempDir::new().expect("a folder");
    for command in [&["graph"][..], &["pathways"], &["compare", "--by", "sex"]] {
        let out = folder.path().join("picture.png");
        let out_text = out.display().to_string();
        let ended = call(&[command, &["-q", &study, "--out", &out_text]].concat());
        if cfg!(feature = "png") {
            assert_eq!(ended.status, 0, "{}", ended.stderr);
            let bytes = fs::read(&out).expect("a picture");
            let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4"));
            assert_eq!(bytes[1..4], *b"PNG");
            // two pixels a unit
            let svg = succeed(&[command, &["-q", &study, "--format", "svg"]].concat()).stdout;
            let [width, height] = ["width", "height"].map(|name| {
                let rest = svg.split(&format!(" {name}=\"")).nth(1).expect("a size");
                rest.split('"').next().expect("a number").parse::<u32>().expect("a number")
            });
            assert_eq!([number(16), number(20)], [2 * width, 2 * height]);
            fs::remove_file(&out).expect("removed");
        } else {
            assert_eq!(ended.status, 2);
            assert!(ended.stderr.contains("--features png"), "{}", ended.stderr);
            assert!(!out.exists());
        }
    }
}
