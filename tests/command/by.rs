//! Breakdowns on request (`[measures] by`): every measure of care records, from a study to the rows of
//! the tables.

use super::support::{Table, copy_into, run_study, shared};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const MEASURES: [&str; 22] = [
    "activity",
    "lts_snapshot",
    "reviews",
    "costs",
    "ascof_2a",
    "ascof_2b",
    "ascof_2c",
    "ascof_2d",
    "ascof_2e",
    "ascof_3d",
    "waiting_times",
    "carers",
    "intensity",
    "care_market",
    "salt_sts001",
    "salt_sts002a",
    "salt_sts002b",
    "salt_lts001a",
    "salt_lts001b",
    "salt_lts001c",
    "salt_lts003",
    "salt_lts004",
];

const KEYS: [&str; 7] =
    ["client_type", "age_band", "age", "sex", "ethnicity", "support_reason", "setting"];

/// Runs the shared synthetic data with a table `[measures]`.
fn run(folder: &Path, measures: &str) -> Table {
    copy_into(&shared().data, folder);
    let study = folder.join("study.toml");
    let text = fs::read_to_string(&study).expect("read");
    let kept: Vec<&str> =
        text.split("\n[").filter(|table| !table.starts_with("measures]")).collect();
    fs::write(&study, format!("{}\n{measures}\n", kept.join("\n["))).expect("written");
    let out = run_study(&study, &folder.join("by"), &["--exact"]);
    Table::read(&out.join("exact/measures.csv"))
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

type Row<'a> = [&'a str; 9];

const COLUMNS: [&str; 9] = [
    "measure",
    "part",
    "period_start",
    "period_end",
    "area_code",
    "stratum",
    "numerator",
    "denominator",
    "unit",
];

/// Whether what a part counts is in one stratum of a key alone. A location has clients of many strata,
/// and a person has services of several types, which are the settings of some measures.
fn is_additive(measure: &str, part: &str, key: &str) -> bool {
    match measure {
        "care_market" if !["packages", "located"].contains(&part) => false,
        "care_market" | "costs" | "intensity" => key != "setting",
        _ => true,
    }
}

#[test]
fn the_rows_of_every_breakdown_add_up_to_the_total() {
    let folder = TempDir::new().expect("a folder");
    let measures = format!(
        "[measures]\nprofile = \"nhse-2324\"\ninclude = [{}]\nby = [{}, \"region\"]\n\
         [measures.salt]\nlabels = \"both\"",
        quoted(&MEASURES),
        quoted(&KEYS)
    );
    let table = run(folder.path(), &measures);
    let rows: Vec<Row<'_>> = table
        .select(&[], &COLUMNS)
        .into_iter()
        .map(|row| row.try_into().expect("nine columns"))
        .collect();
    let unique: BTreeSet<_> = rows.iter().map(|row| &row[..6]).collect();
    assert_eq!(unique.len(), rows.len(), "a row is there twice");

    // totals, and sums over one key alone
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    let mut totals: BTreeMap<[&str; 5], [i64; 2]> = BTreeMap::new();
    let mut sums: BTreeMap<([&str; 5], &str), [i64; 2]> = BTreeMap::new();
    for &[measure, part, start, end, area, stratum, above, below, unit] in &rows {
        let cell = [measure, part, start, end, area];
        // the population of a rate is not that of the people counted
        let is_rate = unit.starts_with("per 100,000");
        let below = if is_rate { "" } else { below };
        let counts = [number(above), number(below)];
        if stratum.is_empty() {
            totals.insert(cell, counts);
        } else if let [Some((key, _))] =
            &*stratum.split("; ").map(|pair| pair.split_once('=')).collect::<Vec<_>>()
        {
            let sum = sums.entry((cell, *key)).or_default();
            *sum = [sum[0] + counts[0], sum[1] + counts[1]];
        }
    }
    let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for ((cell, key), sum) in &sums {
        let key = if *key == "gender" { "sex" } else { *key };
        if !KEYS.contains(&key) || !is_additive(cell[0], cell[1], key) {
            continue;
        }
        let Some(total) = totals.get(cell) else { continue };
        if sum != total {
            wrong.push(format!("{cell:?} {key}: {sum:?} is not {total:?}"));
        }
        if sum[0] + sum[1] > 0 {
            met.entry(cell[0]).or_default().insert(key);
        }
    }
    for measure in MEASURES {
        let none = ["ascof_2b", "salt_sts002b"].contains(&measure); // nobody among these people
        // slices, and settings that are types of service
        let fewer = ["ascof_2d", "care_market", "costs", "intensity"].contains(&measure);
        let keys = met.get(measure).map_or(0, BTreeSet::len);
        assert!(none || keys == KEYS.len() || (fewer && keys >= 5), "{measure}: {keys} keys");
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), sums.len(), wrong.join("\n"));
}

/// Twelve women with community support of Kirklees, seven men with nursing care of Leeds and one of
/// Kirklees.
fn small(folder: &Path, measures: &str) -> Table {
    let mut rows = "LA_Code,LA_Name,ImportDate,Der_Unique_Record_ID,Der_NHS_Number_Traced_Pseudo,\
        Reporting_Period_Start_Date,Reporting_Period_End_Date,Gender,Der_Birth_Year,\
        Der_Birth_Month,Client_Type,Event_Type,Event_Start_Date,Event_End_Date,Service_Type,\
        Service_Component,Delivery_Mechanism,Primary_Support_Reason,Provider_CQC_Location_ID,\
        Unit_Cost,Cost_Frequency_Unit_Type,Planned_units_per_week"
        .to_owned();
    let mut row = |la: &str, gender: &str, service: &str, component: &str| {
        let n = rows.lines().count();
        rows += &format!(
            "\n{la},2024-06-01T10:00:00,{n},PSEUDO-{n},2023-04-01,2024-03-31,{gender},1940,5,\
             Service User,Service,2023-06-01,,Long Term Support: {service},{component},\
             Direct Payment,Mental Health Support,1-{gender},100,Per week,1"
        );
    };
    (0..12).for_each(|_| row("212,Kirklees", "Female", "Community", "Home Support"));
    row("212,Kirklees", "Male", "Nursing Care", "Long Term Nursing Care");
    (0..7).for_each(|_| row("383,Leeds", "Male", "Nursing Care", "Long Term Nursing Care"));
    fs::write(folder.join("cld.csv"), rows + "\n").expect("written");
    let areas = "la_code,la_name,region,la_area_code\n212,Kirklees,Yorkshire,E08000034\n\
        383,Leeds,Yorkshire,E08000035\n";
    fs::write(folder.join("areas.csv"), areas).expect("written");
    let population = "la_code,sex,age,population\n212,Male,65+,20000\n212,Female,65+,30000\n\
        383,Male,65+,40000\n383,Female,65+,50000\n";
    fs::write(folder.join("population.csv"), population).expect("written");
    let study = format!(
        "[study]\nperiod = {{ start = 2023-04-01, end = 2024-03-31 }}\nas_of = 2024-12-31\n\
         [inputs]\ncld_submissions = \"cld.csv\"\nareas = \"areas.csv\"\n\
         population = \"population.csv\"\n[cld]\nreporting_period = \"stated\"\n\
         joined = {{ start = 2023-04-01, end = 2024-03-31 }}\n\
         single = {{ start = 2023-04-01, end = 2024-03-31 }}\n{measures}\n"
    );
    fs::write(folder.join("study.toml"), study).expect("written");
    let out = run_study(&folder.join("study.toml"), &folder.join("out"), &["--exact"]);
    Table::read(&out.join("exact/measures.csv"))
}

#[test]
fn a_table_of_salt_the_care_market_and_a_rate_by_sex_and_by_region() {
    let folder = TempDir::new().expect("a folder");
    let measures = "[measures]\ninclude = [\"salt_lts001a\", \"care_market\", \"ascof_2c\"]\n\
        by = [\"sex\", \"setting\", \"region\"]";
    let table = small(folder.path(), measures);
    let of = |measure: &str, part: &str, area: &str, stratum: &str| -> [String; 4] {
        let like =
            [("measure", measure), ("part", part), ("area_code", area), ("stratum", stratum)];
        let numbers = table.one(&like, &["numerator", "denominator", "value", "status"]);
        let numbers: Vec<String> = numbers.into_iter().map(str::to_owned).collect();
        numbers.try_into().expect("four")
    };
    assert_eq!(of("salt_lts001a", "1b", "212", "sex=Female"), ["12", "", "12", ""]);
    assert_eq!(of("salt_lts001a", "1b", "212", "setting=Nursing"), ["1", "", "1", ""]);
    assert_eq!(of("salt_lts001a", "1b", "Yorkshire", "sex=Male"), ["8", "", "8", ""]);
    let nursing = "setting=Nursing; mechanism=None; support_reason=Mental Health Support";
    assert_eq!(of("salt_lts001a", "1b", "E92000001", nursing)[0], "8");
    assert_eq!(of("care_market", "packages", "383", "sex=Male"), ["7", "7", "7", ""]);
    assert_eq!(of("care_market", "packages", "1-Male", "sex=Male"), ["8", "8", "8", ""]);
    assert_eq!(of("care_market", "located", "E92000001", "sex=Female")[..3], ["12", "12", "100.0"]);
    // 8 men newly in nursing homes, of 60,000
    assert_eq!(of("ascof_2c", "", "Yorkshire", "sex=Male"), ["8", "60000", "13.3", ""]);
    assert_eq!(of("ascof_2c", "", "383", "setting=Nursing"), ["7", "", "", "x"]);
    assert_eq!(of("ascof_2c", "", "383", ""), ["7", "90000", "7.8", ""]);
    let manifest = fs::read_to_string(folder.path().join("out/manifest.json")).expect("read");
    let words =
        "ascof_2c have no rates by setting, only people: the look-up population has no such";
    assert!(manifest.contains(words), "{manifest}");
}
