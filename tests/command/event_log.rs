//! Event logs: any table of cases, activities and times.

use super::support::{Table, call, run_study, sample};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Writes a log and a study file of six lines, and runs it.
fn run_log(folder: &Path, log: &str) -> PathBuf {
    fs::write(folder.join("log.csv"), log).expect("a log");
    let study = folder.join("study.toml");
    let text = "[[inputs.events]]\nname = \"ward\"\npath = \"log.csv\"\ncase = \"patient\"\n\
                activity = \"what\"\nstart = \"when\"\n";
    fs::write(&study, text).expect("a study");
    run_study(&study, &folder.join("out"), &["--exact"])
}

/// Two cases go in, have blood taken and go home, one of them is seen twice; the third only goes in.
#[test]
fn a_log_alone_gives_edges_states_and_variants() {
    let folder = TempDir::new().expect("a folder");
    let out = run_log(
        folder.path(),
        "patient,what,when\n\
         NA,In,2024-05-01T08:00:00.000Z\n\
         NA,Home,2024-05-02T08:00:00.000Z\n\
         NA,Blood,2024-05-01T20:00:00.000Z\n\
         2,In,2024-05-01T08:00:00.500Z\n\
         2,Blood,2024-05-01T08:00:00.500Z\n\
         2,Blood,2024-05-01T09:00:00.500Z\n\
         2,Home,2024-05-01T10:00:00.500Z\n\
         3,In,2024-05-01\n",
    );
    let edges = Table::read(&out.join("exact/transitions.csv"));
    let columns =
        ["scheme", "from", "to", "count", "people", "mean_days", "median_days", "probability"];
    assert_eq!(
        edges.select(&[], &columns),
        [
            ["ward", "START", "In", "3", "3", "", "", "1.000000"],
            ["ward", "Blood", "Blood", "1", "1", "0.041666667", "0.041666667", "0.333333"],
            ["ward", "Blood", "Home", "2", "2", "0.270833333", "0.270833333", "0.666667"],
            ["ward", "Home", "END", "2", "2", "", "", "1.000000"],
            ["ward", "In", "Blood", "2", "2", "0.250000000", "0.250000000", "0.666667"],
            ["ward", "In", "END", "1", "1", "", "", "0.333333"],
        ]
    );
    let states = Table::read(&out.join("exact/states.csv"));
    assert_eq!(
        states.select(&[], &["state", "visits", "people", "total_days", "starts", "ends"]),
        [
            ["START", "3", "3", "0.000000000", "3", "0"],
            ["Blood", "3", "2", "0.583333333", "0", "0"],
            ["Home", "2", "2", "0.000000000", "0", "2"],
            ["In", "3", "3", "0.500000000", "3", "1"],
            ["END", "3", "3", "0.000000000", "0", "3"],
        ]
    );
    let paths = Table::read(&out.join("exact/pathways.csv"));
    assert_eq!(
        paths.select(&[], &["anchor", "rank", "path", "people", "share"]),
        [
            ["ward", "1", "In", "1", "0.333333"],
            ["ward", "2", "In > Blood > Blood > Home", "1", "0.333333"],
            ["ward", "3", "In > Blood > Home", "1", "0.333333"],
        ]
    );
    // one case has two events of one moment
    let quality = Table::read(&out.join("exact/quality.csv"));
    assert_eq!(quality.found("events", "ward: cases with events of one moment, ordered by row"), 1);
    assert_eq!(quality.found("events", "rows read"), 8);
}

/// The edges of what may leave are folded: nothing of so few cases is seen.
#[test]
fn few_cases_do_not_leave() {
    let folder = TempDir::new().expect("a folder");
    let out = run_log(folder.path(), "patient,what,when\n1,In,2024-05-01\n1,Home,2024-05-02\n");
    let edges = Table::read(&out.join("tables/transitions.csv"));
    assert!(edges.select(&[], &["from", "to"]).is_empty());
    let paths = Table::read(&out.join("tables/pathways.csv"));
    assert_eq!(paths.select(&[], &["path", "people"]), [["other", ""]]);
}

#[test]
fn a_heading_that_is_not_there_is_named_with_the_nearest() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("log.csv"), "patient,what,when\n1,In,2024-05-01\n")
        .expect("a log");
    let study = folder.path().join("study.toml");
    let text = "[[inputs.events]]\npath = \"log.csv\"\ncase = \"patients\"\nactivity = \"what\"\n\
                start = \"when\"\n";
    fs::write(&study, text).expect("a study");
    let ended = call(&["run".as_ref(), study.as_os_str()]);
    let message = ended.stderr;
    assert_eq!(ended.status, 1, "{message}");
    assert!(message.contains("log.csv") && message.contains("\"patient\""), "{message}");
}

/// A hospital's real log, where it is at hand: 1,050 cases, one of them called `NA`.
#[test]
fn the_sepsis_log_has_its_known_edges_and_variants() {
    let Some(log) = sample("sepsis.csv") else { return };
    let folder = TempDir::new().expect("a folder");
    let study = folder.path().join("study.toml");
    let text = format!(
        "[[inputs.events]]\nname = \"sepsis\"\npath = '{}'\ncase = \"case_id\"\n\
         activity = \"activity\"\nstart = \"timestamp\"\n",
        log.display()
    );
    fs::write(&study, text).expect("a study");
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let edges = Table::read(&out.join("exact/transitions.csv"));
    let inner: Vec<i64> = edges
        .select(&[], &["from", "to", "count"])
        .into_iter()
        .filter(|row| row[0] != "START" && row[1] != "END")
        .map(|row| row[2].parse().expect("a count"))
        .collect();
    assert_eq!((inner.len(), inner.iter().sum::<i64>()), (115, 14_164));
    let states = Table::read(&out.join("exact/states.csv"));
    let visits: Vec<i64> = states
        .select(&[], &["state", "visits"])
        .into_iter()
        .filter(|row| row[0] != "START" && row[0] != "END")
        .map(|row| row[1].parse().expect("a count"))
        .collect();
    assert_eq!((visits.len(), visits.iter().sum::<i64>()), (16, 15_214));
    let paths = Table::read(&out.join("exact/pathways.csv"));
    let people = paths.select(&[], &["people"]);
    assert_eq!((people.len(), people[0][0]), (846, "35"));
}

#[test]
fn m9_times_between_activities_of_a_log_are_curves() {
    let Some(log) = sample("sepsis.csv") else { return };
    let folder = TempDir::new().expect("a folder");
    let study = folder.path().join("study.toml");
    let text = |anchor: &str| {
        format!(
            "[[inputs.events]]\nname = \"sepsis\"\npath = '{}'\ncase = \"case_id\"\n\
             activity = \"activity\"\nstart = \"timestamp\"\n[[time_to]]\nname = \"release\"\n\
             anchor = \"{anchor}\"\nevents = [\"Release A\", \"Release B\"]\nhorizon_days = 30\n",
            log.display()
        )
    };
    fs::write(&study, text("ER Registration")).expect("a study");
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let curves = Table::read(&out.join("exact/curves.csv"));
    // every case is registered
    let first = curves.one(&[("event", "Release A"), ("day", "0")], &["measure", "at_risk"]);
    assert_eq!(first, ["release", "1050"]);
    let estimates = curves.select(&[("event", "Release A")], &["estimate"]);
    assert_eq!(estimates.len(), 31);
    let estimates: Vec<f64> =
        estimates.iter().map(|row| row[0].parse().expect("a share")).collect();
    // reckoned from the file by an independent program
    assert!(estimates.is_sorted() && estimates[30] == 0.881_524, "{estimates:?}");
    let other = curves.one(&[("event", "Release B"), ("day", "30")], &["estimate"]);
    assert_eq!(other, ["0.068929"]);

    fs::write(&study, text("ER Registraton")).expect("a study");
    let study = study.display().to_string();
    let failed = call(&["run", "-q", &study, "--out", "nowhere"]);
    assert_eq!(failed.status, 1);
    assert!(failed.stderr.contains("did you mean \"ER Registration\"?"), "{}", failed.stderr);
}
