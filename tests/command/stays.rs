//! `throughcare stays`, and hospital files that lack what some measures need.

use super::support::{Table, call, files, fixture, run_study, shared, succeed};
use std::fs;
use tempfile::TempDir;

/// The cells of the line of a printed table that begins so.
fn line<'a>(printed: &'a str, beginning: &str) -> Vec<&'a str> {
    let mut lines = printed.lines().filter(|line| line.trim_start().starts_with(beginning));
    let line = lines.next().unwrap_or_else(|| panic!("no line {beginning}: {printed}"));
    line.trim_start().trim_start_matches(beginning).split_whitespace().collect()
}

#[test]
fn stays_prints_the_published_rules_side_by_side() {
    let study = shared().data.join("study.toml").display().to_string();
    let printed = succeed(&["stays", "-q", &study]).stdout;
    assert!(printed.contains("before disclosure control: keep it inside the secure setting"));
    let heading = printed.lines().find(|line| line.contains("engine")).expect("a heading");
    assert_eq!(heading.split_whitespace().collect::<Vec<_>>(), ["engine", "hf", "nhsd"]);
    let number = |cell: &str| cell.replace(',', "").parse::<f64>().expect("a number");
    // what the run on the same study says under the rules of the engine
    let quality = Table::read(&shared().results.join("exact/quality.csv"));
    let found = |check: &str| quality.found("hospital", check) as f64;
    assert_eq!(number(line(&printed, "provider spells")[0]), found("provider spells (L)"));
    assert_eq!(number(line(&printed, "stays")[0]), found("continuous inpatient spells (I)"));
    let measures = Table::read(&shared().results.join("exact/measures.csv"));
    let [readmitted, index, rate] = measures.england("readmission", "30d");
    assert_eq!(number(line(&printed, "readmitted in days 0 to 29")[0]), number(readmitted));
    assert_eq!(number(line(&printed, "index discharges")[0]), number(index));
    assert_eq!(line(&printed, "per cent")[0], rate);
    let [nights, discharges, _] = measures.england("los", "nights");
    let mean = number(nights) / number(discharges);
    assert!((number(line(&printed, "mean nights")[0]) - mean).abs() < 0.051);
    // stays and joined pairs make up the spells, column by column
    let of = |what| line(&printed, what).into_iter().map(number).collect::<Vec<_>>();
    let (spells, stays, joined) =
        (of("provider spells"), of("stays"), of("joined pairs of spells"));
    for n in 0..3 {
        assert_eq!(spells[n], stays[n] + joined[n]);
    }
    assert_eq!(line(&printed, "max_gap_days"), ["2", "3", "2"]);
    assert_eq!(line(&printed, "exclude_19_51_21"), ["yes", "no", "yes"]);
    // the reasons add up to the pairs on which the rules differ
    let (_, told) = printed.split_once("the rules differ on ").expect("the differences");
    let total = number(told.split_whitespace().next().expect("a number"));
    let table = told.lines().skip_while(|line| !line.starts_with('-')).skip(1);
    let sum: f64 = table
        .take_while(|line| !line.is_empty())
        .map(|line| number(line.split_whitespace().next_back().expect("a cell")))
        .sum();
    assert!(total > 0.0 && sum == total, "{sum} of {total}: {told}");
    // whatever the threads
    assert_eq!(succeed(&["stays", "-q", &study, "--threads", "1"]).stdout, printed);
}

#[test]
fn stays_writes_released_tables_where_it_is_told_to() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("rules");
    let study = shared().data.join("study.toml").display().to_string();
    succeed(&["stays", "-q", &study, "--out", &out.display().to_string()]);
    let names: Vec<String> = files(&out).into_keys().collect();
    for name in ["report.html", "tables.xlsx", "manifest.json", "tables/measures.csv"] {
        assert!(names.iter().any(|found| found == name), "{names:?}");
    }
    assert!(!out.join("exact").exists());
    let measures = Table::read(&out.join("tables/measures.csv"));
    let like = [("measure", "stay_rules"), ("part", "stays")];
    let stays = measures.select(&like, &["stratum", "numerator"]);
    let profiles: Vec<&str> = stays.iter().map(|row| row[0]).collect();
    assert_eq!(profiles, ["profile=engine", "profile=hf", "profile=nhsd"]);
    // rounded to fives, as hospital counts are
    for row in &stays {
        assert!(row[1].parse::<u64>().expect("a count") % 5 == 0, "{row:?}");
    }
    let differing = [("measure", "stay_rules"), ("part", "differing_pairs")];
    assert!(!measures.select(&differing, &["stratum"]).is_empty());
    let attrition = Table::read(&out.join("tables/attrition.csv"));
    assert!(!attrition.select(&[("measure", "stay_rules"), ("part", "hf")], &["rule"]).is_empty());
    let again = call(&["stays", "-q", &study, "--out", &out.display().to_string()]);
    assert_eq!(again.status, 1);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
}

#[test]
fn stays_reads_a_file_with_the_headings_of_hes() {
    let study = fixture("hes").join("study.toml").display().to_string();
    let printed = succeed(&["stays", "-q", &study]).stdout;
    assert_eq!(line(&printed, "provider spells"), ["9", "10", "9"], "hf keeps the attender F");
    assert_eq!(line(&printed, "of regular attenders"), ["0", "1", "0"]);
    assert_eq!(line(&printed, "stays"), ["8", "9", "8"]);
    assert_eq!(line(&printed, "joined pairs of spells"), ["1", "1", "1"]);
    assert_eq!(line(&printed, "readmitted in days 0 to 29"), ["1", "1", "1"]);
}

#[test]
fn stays_names_every_override_of_the_study() {
    let folder = TempDir::new().expect("a folder");
    let apc = "person_id,provider_code,admission_date,discharge_date,source_of_admission\n\
               a,RAA,2024-05-01,2024-05-06,19\na,RBB,2024-05-11,2024-05-12,51\n";
    fs::write(folder.path().join("apc.csv"), apc).expect("written");
    let study = folder.path().join("study.toml");
    fs::write(
        &study,
        "study = { period = { start = 2024-04-01, end = 2025-03-31 } }\n\
         inputs = { apc = \"apc.csv\" }\n\
         hospital = { profile = \"hf\", max_gap_days = 5, extract_date = 2025-06-30 }\n",
    )
    .expect("written");
    let printed = succeed(&["stays", "-q", &study.display().to_string()]).stdout;
    assert!(printed.contains("The study overrides:\n  max_gap_days = 5\n"), "{printed}");
    assert_eq!(line(&printed, "max_gap_days"), ["2", "3", "2", "5"]);
    assert_eq!(line(&printed, "stays"), ["2", "2", "2", "1"]);
    assert!(printed.contains("gap longer than some rules allow"), "{printed}");
}

#[test]
fn a_hospital_file_without_optional_columns_loses_only_what_needs_them() {
    let folder = TempDir::new().expect("a folder");
    let apc = "person_id,admission_date,discharge_date,birth_year,birth_month\n\
               a,2024-05-01,2024-05-06,1950,1\nb,2024-06-01,2024-06-03,1960,1\n";
    fs::write(folder.path().join("apc.csv"), apc).expect("written");
    let study = folder.path().join("study.toml");
    fs::write(
        &study,
        "study = { period = { start = 2024-04-01, end = 2025-03-31 } }\n\
         inputs = { apc = \"apc.csv\" }\n\
         hospital = { extract_date = 2025-06-30 }\n",
    )
    .expect("written");
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let measures = Table::read(&out.join("exact/measures.csv"));
    assert_eq!(measures.england("los", "discharges"), ["2", "", "2"]);
    assert_eq!(measures.england("los", "median"), ["", "2", "3.5"]);
    let quality = Table::read(&out.join("exact/quality.csv"));
    for (measure, column) in
        [("usual_residence", "discharge_destination"), ("readmission", "admission_method")]
    {
        let like = [("measure", measure)];
        let rows = measures.select(&like, &["status"]);
        assert!(!rows.is_empty() && rows.iter().all(|row| row[0] == "x"), "{measure}: {rows:?}");
        let check = quality.column("check");
        let why = quality.rows.iter().map(|row| &row[check]);
        let mut why = why.filter(|check| check.starts_with(&format!("measure={measure};")));
        assert!(why.next().is_some_and(|why| why.contains(column)), "{measure}");
    }
    // the manifest says that beds are too few when the file has no open stay
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    assert!(manifest.contains("finished stays only"), "{manifest}");
    assert_eq!(quality.found("hospital", "provider spells (L)"), 2);
}

#[test]
fn outpatient_appointments_are_counted_and_stay_out_of_the_line() {
    let folder = TempDir::new().expect("a folder");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("apc.csv", "person_id,admission_date,discharge_date\na,2024-05-01,2024-05-06\n");
    write(
        "op.csv",
        "ATTENDKEY,ENCRYPTED_HESID,APPTDATE,ATTENDED,TRETSPEF\n\
         1,a,2024-05-20,5,430\n2,a,2024-05-20,5,430\n3,a,2024-06-20,3,430\n4,,2024-06-20,5,430\n",
    );
    let study = |inputs: &str| {
        let text = format!(
            "study = {{ period = {{ start = 2024-04-01, end = 2025-03-31 }} }}\n\
             inputs = {{ apc = \"apc.csv\"{inputs} }}\nhospital = {{ extract_date = 2025-06-30 }}\n"
        );
        let path = folder.path().join("study.toml");
        fs::write(&path, text).expect("written");
        path
    };
    let without = run_study(&study(""), &folder.path().join("without"), &["--exact"]);
    let with =
        run_study(&study(", outpatients = \"op.csv\""), &folder.path().join("with"), &["--exact"]);
    let quality = Table::read(&with.join("exact/quality.csv"));
    let found = |check: &str| quality.found("hospital", check);
    assert_eq!(quality.found("outpatients", "rows read"), 4);
    assert_eq!(found("outpatient rows read (9)"), 4);
    assert_eq!(found("outpatient rows without a person (X-22)"), 1);
    assert_eq!(found("duplicate outpatient rows (C2)"), 1);
    assert_eq!(found("outpatient appointments (9)"), 2);
    assert_eq!(found("outpatient appointments attended (9)"), 1);
    assert_eq!(found("outpatient appointments not attended (9)"), 1);
    let bytes = |out: &std::path::Path, name: &str| fs::read(out.join(name)).expect("a file");
    for name in ["exact/timelines.parquet", "exact/measures.csv", "exact/states.csv"] {
        assert!(bytes(&without, name) == bytes(&with, name), "{name} differs");
    }
    assert!(bytes(&without, "exact/events.parquet") != bytes(&with, "exact/events.parquet"));
}
