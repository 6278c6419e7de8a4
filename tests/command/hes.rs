//! Hospital Episode Statistics: headings known by name, every row accounted for.

use super::support::{Table, fixture, run_study, sample};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Rows in spells and every kind of row left out add up to the rows read (L1).
fn assert_rows_add_up(quality: &Table, rows: u64) {
    assert_eq!(quality.found("apc", "rows read"), rows);
    let set_aside = quality.sum("apc", "rows set aside");
    let decoded = quality.found("hospital", "rows read (A)");
    assert_eq!(decoded + set_aside, rows);
    let used = quality.found("hospital", "rows in spells (L1)");
    assert_eq!(used + quality.sum("hospital", "rows left out"), decoded);
}

/// Fifteen episodes of ten people.
///
/// | person | episodes | spells | continuous spells |
/// |---|---|---|---|
/// | A | two, joined by the same admission (F-1) | 05-01 to 05-09 | 8 nights |
/// | B | two, joined by method 8 and touching dates (F-2) | 06-01 to 06-09 | 8 nights |
/// | C | two, the first discharged for good (F-3) | two | 2 and 6 nights, readmitted after 0 days |
/// | D | two providers, marked as a transfer (I-1) | two | one of 19 nights |
/// | E | one, sent twice (C1) | 08-01 to 08-05 | 4 nights |
/// | F | regular attender | none | none |
/// | G | unfinished (E) | none | none |
/// | H | no admission date, filled from the episode (B-5) | 09-01 to 09-04 | 3 nights |
/// | I | died in hospital | 10-01 to 10-08 | 7 nights, no index discharge |
/// | J | birth | none | none |
#[test]
fn hand_made_episodes_give_the_spells_worked_out_by_hand() {
    let folder = TempDir::new().expect("a folder");
    let out =
        run_study(&fixture("hes").join("study.toml"), &folder.path().join("out"), &["--exact"]);
    let quality = Table::read(&out.join("exact/quality.csv"));
    assert_rows_add_up(&quality, 15);
    let found = |check: &str| quality.found("hospital", check);
    assert_eq!(found("rows in spells (L1)"), 11);
    assert_eq!(found("rows left out: duplicate (DUP)"), 1);
    assert_eq!(found("rows left out: regular attender (REG)"), 1);
    assert_eq!(found("rows left out: birth or newborn baby (BIRTH)"), 1);
    assert_eq!(found("rows left out: unfinished (UNFIN)"), 1);
    assert_eq!(found("admission date filled from the episode start (B)"), 1);
    assert_eq!(found("provider spells (L)"), 9);
    assert_eq!(found("continuous inpatient spells (I)"), 8);
    assert_eq!(found("discharges as dead (H1)"), 1);
    assert_eq!(found("spells that end in a transfer (I)"), 1);
    assert_eq!(found("transfers without a following spell (I)"), 0);

    let measures = Table::read(&out.join("exact/measures.csv"));
    // nights: 2, 3, 4, 6, 8, 8, 19
    assert_eq!(measures.england("los", "discharges"), ["7", "", "7"]);
    assert_eq!(measures.england("los", "nights"), ["50", "7", "50"]);
    assert_eq!(measures.england("los", "median"), ["", "7", "6"]);
    assert_eq!(measures.england("los", "p25"), ["", "7", "3.5"]);
    assert_eq!(measures.england("los", "p75"), ["", "7", "8"]);
    assert_eq!(measures.england("los", "stranded_7"), ["3", "7", "42.9"]);
    assert_eq!(measures.england("los", "stranded_14"), ["1", "7", "14.3"]);
    assert_eq!(measures.england("readmission", "7d"), ["1", "7", "14.3"]);
    assert_eq!(measures.england("readmission", "90d"), ["1", "7", "14.3"]);
    // any admission on days 1 to 30: the one of C is on day 0
    assert_eq!(measures.england("readmission", "ndl30"), ["0", "7", "0.0"]);
    // the journeys of seven people end in six homes and one death
    let states = Table::read(&out.join("exact/states.csv"));
    assert_eq!(states.one(&[("state", "DEAD")], &["people", "visits"]), ["1", "1"]);
    assert_eq!(states.one(&[("state", "IP_EM")], &["people", "visits"]), ["5", "6"]);
    assert_eq!(states.one(&[("state", "IP_EL")], &["people", "visits"]), ["2", "2"]);
}

#[test]
fn the_artificial_episodes_of_2001_are_all_accounted_for() {
    let Some(episodes) = sample("artificial_hes_apc_0102.csv") else { return };
    let folder = TempDir::new().expect("a folder");
    let study = folder.path().join("study.toml");
    let text = format!(
        "[study]\ntitle = \"Artificial HES\"\nperiod = {{ start = 2001-04-01, end = 2002-03-31 }}\n\
         [inputs]\napc = '{}'\n[hospital]\nextract_date = 2002-04-01\n",
        episodes.display()
    );
    fs::write(&study, text).expect("written");
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let quality = Table::read(&out.join("exact/quality.csv"));
    assert_rows_add_up(&quality, 2075);
    let spells = quality.found("hospital", "provider spells (L)");
    let stays = quality.found("hospital", "continuous inpatient spells (I)");
    let rows = quality.found("hospital", "rows in spells (L1)");
    assert!(0 < stays && stays <= spells && spells <= rows, "{stays} {spells} {rows}");

    let measures = Table::read(&out.join("exact/measures.csv"));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let [discharges, _, _] = measures.england("los", "discharges");
    assert!(number(discharges) > 100.0);
    let [_, of, median] = measures.england("los", "median");
    assert_eq!(of, discharges);
    assert!(number(median) >= 0.0);
    let share = |part| {
        let [back, of, percent] = measures.england("readmission", part);
        assert!((number(percent) - 100.0 * number(back) / number(of)).abs() < 0.051, "{part}");
        number(back)
    };
    assert!(share("7d") <= share("28d") && share("28d") <= share("30d"));
    let bands: f64 = measures
        .select(
            &[("measure", "los"), ("part", "band"), ("area_type", "england")],
            &["stratum", "numerator"],
        )
        .iter()
        .filter(|row| row[0].starts_with("los_band="))
        .map(|row| number(row[1]))
        .sum();
    assert_eq!(bands, number(discharges), "the bands of length add up");
}
