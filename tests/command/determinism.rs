//! The same bytes, whatever the threads, the order of rows and the names of files.

use super::support::{Numbers, Table, assert_same, copy_into, files, run_study, shared, synth};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).expect("read")).expect("JSON")
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let folder = TempDir::new().expect("a folder");
    let (again, other) = (folder.path().join("again"), folder.path().join("other"));
    synth(7, "csv", &again);
    assert_same(&shared().data, &again, |_| false);
    synth(8, "csv", &other);
    assert!(files(&again)["sus/apc.csv"] != files(&other)["sus/apc.csv"]);
}

#[test]
fn threads_change_nothing_but_the_timings() {
    let folder = TempDir::new().expect("a folder");
    let study = shared().data.join("study.toml");
    let one = run_study(&study, &folder.path().join("one"), &["--exact", "--threads", "1"]);
    assert_same(&shared().results, &one, |name| name == "manifest.json");
    let untimed = |folder: &Path| {
        let mut manifest = json(&folder.join("manifest.json"));
        let timings = manifest.as_object_mut().expect("an object").remove("timings");
        assert!(timings.is_some_and(|timings| !timings.as_array().expect("a list").is_empty()));
        manifest
    };
    assert_eq!(untimed(&shared().results), untimed(&one));
}

#[test]
fn exact_adds_a_folder_and_changes_no_released_byte() {
    let folder = TempDir::new().expect("a folder");
    let study = shared().data.join("study.toml");
    let plain = run_study(&study, &folder.path().join("plain"), &[]);
    assert!(!plain.join("exact").exists());
    let skip = |name: &str| name == "manifest.json" || name.starts_with("exact/");
    assert_same(&shared().results, &plain, skip);
    let run_id = |folder: &Path| json(&folder.join("manifest.json"))["run_id"].clone();
    assert_eq!(run_id(&shared().results), run_id(&plain));
}

/// Puts the rows of every CSV file into another order, and the submissions under names in another
/// order.
fn shuffle(data: &Path, seed: u64) {
    let mut numbers = Numbers(seed);
    for name in files(data).into_keys().filter(|name| name.ends_with(".csv")) {
        let path = data.join(&name);
        let mut table = Table::read(&path);
        let before = table.rows.clone();
        numbers.shuffle(&mut table.rows);
        assert!(before.len() < 10 || before != table.rows, "{name} is shuffled");
        table.write(&path);
    }
    let mut submissions: Vec<_> = files(&data.join("cld")).into_keys().collect();
    assert!(submissions.len() > 10);
    numbers.shuffle(&mut submissions);
    for (n, name) in submissions.iter().enumerate() {
        let renamed = data.join("cld").join(format!("{n:03}.csv"));
        fs::rename(data.join("cld").join(name), renamed).expect("renamed");
    }
}

#[test]
fn the_order_of_rows_and_the_names_of_files_change_nothing() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    copy_into(&shared().data, &data);
    shuffle(&data, 20_240_401);
    let out = run_study(&data.join("study.toml"), &folder.path().join("out"), &["--exact"]);
    assert_same(&shared().results, &out, |name| name == "manifest.json");
}

/// Without keys of records nothing but their content can settle ties.
#[test]
fn the_order_of_rows_changes_nothing_where_records_have_no_keys() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    copy_into(&shared().data, &data);
    for name in files(&data).into_keys().filter(|name| name.ends_with(".csv")) {
        let mut table = Table::read(&data.join(&name));
        let keys =
            ["Der_Unique_Record_ID", "APCS_Ident", "APCE_Ident", "Episode_Number", "EC_Ident"];
        let keep: Vec<bool> =
            table.heading.iter().map(|heading| !keys.contains(&heading.as_str())).collect();
        for row in std::iter::once(&mut table.heading).chain(&mut table.rows) {
            let mut kept = keep.iter();
            row.retain(|_| kept.next().copied().unwrap_or(true));
        }
        table.write(&data.join(&name));
    }
    let study = data.join("study.toml");
    let before = run_study(&study, &folder.path().join("before"), &["--exact"]);
    shuffle(&data, 20_250_401);
    let after = run_study(&study, &folder.path().join("after"), &["--exact"]);
    assert_same(&before, &after, |name| name == "manifest.json");
}

#[test]
fn parquet_gives_the_same_tables_as_csv() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    synth(7, "parquet", &data);
    assert!(files(&data).keys().any(|name| name.ends_with(".parquet")));
    let out = run_study(&data.join("study.toml"), &folder.path().join("out"), &["--exact"]);
    assert_same(&shared().results, &out, |name| name == "manifest.json");
}
