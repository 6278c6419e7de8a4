//! Breakdowns by diagnoses: from the columns of a file to the rows of a table, and what is said when a
//! file has none.

use super::support::{Table, call, run_study};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const HEADINGS: &str = "Pseudo_NHS_Number,APCS_Ident,APCE_Ident,Episode_Number,APCS_Last_Ep_Ind,\
    Admission_Date,Discharge_Date,Year_of_Birth,Month_of_Birth,Sex,Admission_Method";

/// Episodes of four women born in January 1940, and their codes in columns of one code each.
///
/// | person | codes | frailty |
/// |---|---|---|
/// | A | the example of the handbook, L89 outside the window | 15.5, high |
/// | B | two episodes of one spell, F00 and N39 | 10.3, intermediate |
/// | C | I10 | 0, low |
/// | D | none | unknown |
const EPISODES: &str = "\
    A,1,11,1,1,2022-04-20,2022-05-01,1940,1,2,21,L89.9,,\n\
    A,2,12,1,1,2023-01-01,2023-01-05,1940,1,2,21,R29.6,N39.0,E87.1\n\
    A,3,13,1,1,2024-06-10,2024-06-20,1940,1,2,21,F05.9,N39.0,W19.9\n\
    B,4,14,1,0,2024-07-01,2024-07-09,1940,1,2,21,F00.9,,\n\
    B,4,15,2,1,2024-07-01,2024-07-09,1940,1,2,21,N390,,\n\
    C,5,16,1,1,2024-08-01,2024-08-03,1940,1,2,21,I10X,,\n\
    D,6,17,1,1,2024-09-01,2024-09-04,1940,1,2,21,,,\n";

fn study(folder: &Path, episodes: &str, measures: &str) -> PathBuf {
    fs::write(folder.join("apc.csv"), episodes).expect("written");
    let study = folder.join("study.toml");
    let text = format!(
        "[study]\nperiod = {{ start = 2024-04-01, end = 2025-03-31 }}\n\
         [inputs]\napc = \"apc.csv\"\n[hospital]\nextract_date = 2026-04-01\n\
         [measures]\ninclude = [\"los\", \"readmission\"]\n{measures}\n"
    );
    fs::write(&study, text).expect("written");
    study
}

fn discharges(table: &Table, stratum: &str) -> Vec<String> {
    let like = [
        ("measure", "los"),
        ("part", "discharges"),
        ("area_type", "england"),
        ("stratum", stratum),
    ];
    table.select(&like, &["numerator"]).into_iter().map(|row| row[0].to_owned()).collect()
}

#[test]
fn stays_are_counted_by_frailty_charlson_and_elixhauser() {
    let folder = TempDir::new().expect("a folder");
    let by = "by = [\"frailty_band\", \"charlson_band\", \"elixhauser_band\"]";
    let episodes = format!("{HEADINGS},DIAG_01,DIAG_02,DIAG_03\n{EPISODES}");
    let study = study(folder.path(), &episodes, by);
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let table = Table::read(&out.join("exact/measures.csv"));
    for (stratum, count) in [
        ("", "4"),
        ("frailty_band=High", "1"),
        ("frailty_band=Intermediate", "1"),
        ("frailty_band=Low", "1"),
        ("frailty_band=Unknown", "1"),
        // dementia: A by F05.9 in neither list, B by F00.9
        ("charlson_band=0", "2"),
        ("charlson_band=1-2", "1"),
        ("charlson_band=Unknown", "1"),
        ("elixhauser_band=0", "3"),
        ("elixhauser_band=Unknown", "1"),
    ] {
        assert_eq!(discharges(&table, stratum), [count], "{stratum}");
    }
    assert!(discharges(&table, "frailty_band=Not scored").is_empty());
}

#[test]
fn settings_of_the_scores_are_read_and_checked() {
    let folder = TempDir::new().expect("a folder");
    let episodes = format!("{HEADINGS},DIAG_01,DIAG_02,DIAG_03\n{EPISODES}");
    let settings = "by = [\"frailty_band\"]\n[measures.clinical]\nfrailty_look_back_days = 0\n";
    let study_file = study(folder.path(), &episodes, settings);
    let out = run_study(&study_file, &folder.path().join("out"), &["--exact"]);
    let table = Table::read(&out.join("exact/measures.csv"));
    // A has 9.6 without the stay before
    assert_eq!(discharges(&table, "frailty_band=Intermediate"), ["2"]);
    let wrong = "[measures.clinical]\nfrailty_min_age = -1\n";
    let study_file = study(folder.path(), &episodes, wrong);
    let refused = call(&["run".as_ref(), study_file.as_os_str()]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("frailty_min_age = -1"), "{}", refused.stderr);
}

#[test]
fn without_diagnoses_the_breakdown_is_missing_and_said_to_be() {
    let folder = TempDir::new().expect("a folder");
    let rows: String = EPISODES
        .lines()
        .map(|line| line.rsplitn(4, ',').last().unwrap_or_default().to_owned() + "\n")
        .collect();
    let study = study(folder.path(), &format!("{HEADINGS}\n{rows}"), "by = [\"frailty_band\"]");
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let table = Table::read(&out.join("exact/measures.csv"));
    assert_eq!(discharges(&table, ""), ["4"]);
    assert!(!table.rows.iter().flatten().any(|cell| cell.contains("frailty_band")));
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    let said =
        "The breakdown frailty_band is not available: admitted patient care without diagnoses";
    assert!(manifest.contains(said), "{manifest}");
    let said = "readmission: nhsd30, nhsd28 leave out cancer and maternity by their diagnoses, and \
                cannot here: admitted patient care without diagnoses";
    assert!(manifest.contains(said), "{manifest}");
}
