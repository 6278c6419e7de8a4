//! The commands as a whole: help, exit status, what is printed where, folders replaced or left alone.

use super::support::{call, copy_of, files, fixture, shared, succeed};
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const COMMANDS: [&str; 6] = ["demo", "synth", "check", "run", "explain", "methods"];

#[test]
fn every_command_has_help_with_an_example() {
    for command in COMMANDS {
        let help = succeed(&[command, "--help"]);
        assert!(
            help.stdout.contains(&format!("Example:\n  throughcare {command}")),
            "{}",
            help.stdout
        );
        assert_eq!(help.stderr, "");
    }
    let all = succeed(&["--help"]);
    for command in COMMANDS {
        assert!(all.stdout.contains(&format!("\n  {command} ")), "{command}");
    }
    assert!(all.stdout.contains("Example:\n  throughcare "));
}

#[test]
fn the_version_is_printed_and_wrong_usage_is_status_2() {
    let version = succeed(&["--version"]);
    assert_eq!(version.stdout, concat!("throughcare ", env!("CARGO_PKG_VERSION"), "\n"));
    for wrong in
        [&[][..], &["rum"], &["run"], &["synth", "--people", "0", "--out", "x"], &["explain", "x"]]
    {
        let call = call(wrong);
        assert_eq!((call.status, call.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(!call.stderr.is_empty());
    }
    assert!(call(&["rum"]).stderr.contains("'run'"), "the nearest command is offered");
}

#[test]
fn the_demonstration_says_where_its_report_is() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("demo");
    let path = out.display().to_string();
    let demo = succeed(&["demo", "--people", "2000", "--out", &path]);
    let report = out.join("results").join("report.html");
    assert!(report.is_file() && out.join("data").join("study.toml").is_file());
    assert!(demo.stdout.contains(&report.display().to_string()), "{}", demo.stdout);
    for words in ["Median days in hospital", "Back as an emergency within 30 days"] {
        assert!(demo.stdout.contains(words), "{}", demo.stdout);
    }
    // progress stands on standard error, as plain lines when it is no terminal
    assert!(
        demo.stderr.contains("making people") && !demo.stderr.contains('\r'),
        "{}",
        demo.stderr
    );
    // it may be repeated, quietly
    let again = succeed(&["demo", "-q", "--people", "100", "--out", &path]);
    assert_eq!(again.stderr, "");
}

#[test]
fn the_demonstration_leaves_a_folder_that_is_not_its_own_alone() {
    let folder = TempDir::new().expect("a folder");
    let mine = folder.path().join("data").join("mine.csv");
    fs::create_dir_all(folder.path().join("data")).expect("a folder");
    fs::write(&mine, "years of work").expect("written");
    let demo = call(&["demo", "--people", "100", "--out", &folder.path().display().to_string()]);
    assert_ne!(demo.status, 0);
    assert!(demo.stderr.contains("data") && demo.stderr.contains("--out"), "{}", demo.stderr);
    assert_eq!(fs::read_to_string(&mine).expect("still there"), "years of work");
    assert!(!folder.path().join("results").exists());
}

#[test]
fn synth_refuses_a_folder_that_is_not_empty() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("mine.csv"), "years of work").expect("written");
    let path = folder.path().display().to_string();
    let synth = call(&["synth", "--people", "10", "--out", &path]);
    assert_eq!(synth.status, 2);
    assert!(synth.stderr.contains("not empty"), "{}", synth.stderr);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn check_prints_files_and_linkage_and_writes_nothing() {
    let before = files(&shared().data);
    let study = shared().data.join("study.toml").display().to_string();
    let check = succeed(&["check", "-q", &study]);
    assert_eq!(check.stderr, "");
    for words in
        ["Files\n", "apc.csv", "SUS APCE", "Linkage by council", "linkable_share", "Kirklees"]
    {
        assert!(check.stdout.contains(words), "{words}: {}", check.stdout);
    }
    assert!(check.stdout.contains("keep it inside the secure setting"));
    assert_eq!(files(&shared().data), before);
}

#[test]
fn quiet_says_nothing_and_verbose_prints_the_resolved_study() {
    let copy = copy_of("journeys");
    let study = copy.path().join("study.toml").display().to_string();
    let quiet = succeed(&["run", "-q", &study]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    // the folder is named after the study when none is given
    assert!(copy.path().join("study-results").join("report.html").is_file());
    let verbose = succeed(&["run", "-v", "--force", "--profile", &study]);
    assert_eq!(verbose.stdout, "");
    assert!(verbose.stderr.contains("\"extract_date\": \"2025-04-01\""), "{}", verbose.stderr);
    assert!(verbose.stderr.contains("8 people linked; results in "), "{}", verbose.stderr);
    assert!(verbose.stderr.contains("link and measure"), "{}", verbose.stderr);
}

#[test]
fn only_computes_these_measures() {
    let folder = TempDir::new().expect("a folder");
    let study = fixture("journeys").join("study.toml");
    let out = folder.path().join("out");
    super::support::run_study(&study, &out, &["--only", "los,readmission"]);
    let measures = super::support::Table::read(&out.join("tables/measures.csv"));
    let mut names: Vec<&str> = measures.rows.iter().map(|row| row[0].as_str()).collect();
    names.dedup();
    assert_eq!(names, ["los", "readmission"]);
}

#[test]
fn a_finished_run_is_replaced_only_by_force_and_anything_else_never() {
    let copy = copy_of("journeys");
    let study = copy.path().join("study.toml").display().to_string();
    let out = copy.path().join("out");
    let path = out.display().to_string();
    succeed(&["run", "-q", &study, "--out", &path, "--exact"]);
    let first = files(&out);

    let refused = call(&["run", "-q", &study, "--out", &path]);
    assert_eq!(refused.status, 1);
    assert!(
        refused.stderr.contains(&path) && refused.stderr.contains("--force"),
        "{}",
        refused.stderr
    );
    assert_eq!(files(&out), first);

    succeed(&["run", "-q", &study, "--out", &path, "--force"]);
    assert!(!out.join("exact").exists() && out.join("report.html").is_file());

    // a failing run leaves the finished one as it is
    let second = files(&out);
    fs::remove_file(copy.path().join("apc.csv")).expect("removed");
    assert_ne!(call(&["run", "-q", &study, "--out", &path, "--force"]).status, 0);
    assert_eq!(files(&out), second);

    let other = copy_of("journeys");
    let study = other.path().join("study.toml").display().to_string();
    let mine = other.path().join("mine");
    fs::create_dir(&mine).expect("a folder");
    fs::write(mine.join("notes.txt"), "years of work").expect("written");
    let refused = call(&["run", "-q", &study, "--out", &mine.display().to_string(), "--force"]);
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("not replaced"), "{}", refused.stderr);
    assert_eq!(files(&mine).len(), 1);
    let names = fs::read_dir(other.path()).expect("read").count();
    assert_eq!(names, 5, "nothing is left behind");
}

#[test]
fn a_killed_run_leaves_no_finished_folder_and_the_next_one_works() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let study = shared().data.join("study.toml");
    let mut killed = 0;
    for wait in [5, 40, 120, 250] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_throughcare"))
            .args(["run", "-q"])
            .arg(&study)
            .arg("--out")
            .arg(&out)
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().expect("killed");
        let by_itself = child.wait().expect("ended").success();
        if by_itself {
            fs::remove_dir_all(&out).expect("removed");
        } else {
            killed += 1;
            // unless the last step was done just before
            assert!(!out.exists() || out.join("manifest.json").is_file());
            let _ = fs::remove_dir_all(&out);
        }
    }
    assert!(killed > 0, "no run was slow enough to be killed");
    super::support::run_study(&study, &out, &[]);
    let same = |name: &str| name == "manifest.json" || name.starts_with("exact/");
    super::support::assert_same(&shared().results, &out, same);
}
