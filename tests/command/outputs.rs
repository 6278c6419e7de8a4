//! What a run writes: files, columns, formats, and the figures of a study worked out by hand.

use super::support::{Table, copy_of, files, fixture, run_study, shared};
use calamine::{Data, Reader, Xlsx, open_workbook};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Name, title of the sheet's table and columns (contract section 3).
const TABLES: [(&str, &str); 7] = [
    (
        "measures",
        "measure,part,period_start,period_end,area_type,area_code,area_name,stratum,numerator,\
         denominator,value,lower,upper,unit,status",
    ),
    (
        "curves",
        "measure,area_code,stratum,event,day,at_risk,events,censored,estimate,variance,lower,upper",
    ),
    (
        "transitions",
        "scheme,area_code,stratum,from,to,count,people,mean_days,median_days,p25_days,p75_days,\
         total_days,probability,rate_per_person_year",
    ),
    ("states", "scheme,area_code,stratum,state,visits,people,total_days,starts,ends,censored"),
    ("pathways", "area_code,stratum,anchor,rank,path,people,share,median_days"),
    (
        "attrition",
        "measure,part,period_start,period_end,step,rule,what,records_out,records_left,people_left,\
         unit",
    ),
    (
        "quality",
        "area_type,area_code,area_name,source,check,numerator,denominator,value,unit,status",
    ),
];

fn released(name: &str) -> Table {
    Table::read(&shared().results.join("tables").join(format!("{name}.csv")))
}

#[test]
fn a_run_writes_these_files_and_no_others() {
    let mut expected: Vec<String> =
        vec!["manifest.json".into(), "report.html".into(), "tables.xlsx".into()];
    expected.push("exact/RESTRICTED.txt".into());
    expected.push("exact/pathways.json".into());
    for name in ["timelines", "cips", "events"] {
        expected.push(format!("exact/{name}.parquet"));
    }
    expected.push("graph/pathways.json".into());
    for format in ["dot", "graphml", "json"] {
        expected.push(format!("graph/transitions.{format}"));
    }
    for (name, _) in TABLES {
        for folder in ["tables", "exact"] {
            expected.push(format!("{folder}/{name}.csv"));
            expected.push(format!("{folder}/{name}.parquet"));
        }
    }
    expected.extend(["csv", "parquet"].map(|format| format!("exact/person_details.{format}")));
    expected.sort();
    let written: Vec<String> = files(&shared().results).into_keys().collect();
    assert_eq!(written, expected);
    let notice = fs::read_to_string(shared().results.join("exact/RESTRICTED.txt")).expect("read");
    assert!(notice.starts_with("RESTRICTED: NOT FOR RELEASE"), "{notice}");
}

#[test]
fn exact_pathways_are_those_of_the_exact_table_and_say_what_they_are() {
    let read = |name: &str| -> serde_json::Value {
        let text = fs::read_to_string(shared().results.join(name)).expect("read");
        serde_json::from_str(&text).expect("JSON")
    };
    let (exact, released) = (read("exact/pathways.json"), read("graph/pathways.json"));
    assert_eq!(exact["release"], "NOT FOR RELEASE");
    assert!(released.get("release").is_none());
    let table = Table::read(&shared().results.join("exact/pathways.csv"));
    for of in exact["anchors"].as_array().expect("anchors") {
        let text = |key: &str| of[key].as_str().expect("a text");
        let like = ["area_code", "stratum", "anchor"].map(|key| (key, text(key)));
        let people: Vec<i64> = of["coverage"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["people"].as_i64().expect("nothing is hidden"))
            .collect();
        let rows = table.select(&like, &["people"]);
        let wanted: Vec<i64> = rows.iter().map(|row| row[0].parse().expect("a number")).collect();
        assert_eq!(people, wanted);
        assert_eq!(of["sunburst"]["people"], people.iter().sum::<i64>());
        assert!(people.iter().any(|people| people % 5 != 0), "not rounded");
    }
}

#[test]
fn tables_have_the_columns_of_the_contract() {
    for (name, columns) in TABLES {
        for folder in ["tables", "exact"] {
            let table = Table::read(&shared().results.join(folder).join(format!("{name}.csv")));
            assert_eq!(table.heading.join(","), columns, "{folder}/{name}");
            assert!(!table.rows.is_empty(), "{folder}/{name}");
        }
    }
    let measures = released("measures");
    for row in &measures.rows {
        let area = row[measures.column("area_type")].as_str();
        assert!(["england", "region", "la", "provider", "icb"].contains(&area), "{area}");
        assert_eq!(area == "england", row[measures.column("area_code")] == "E92000001");
        let status = row[measures.column("status")].as_str();
        assert!(["", "c", "x", "z", "low"].contains(&status), "{status}");
        let stratum = row[measures.column("stratum")].as_str();
        assert!(
            stratum.is_empty() || stratum.split("; ").all(|pair| pair.contains('=')),
            "{stratum}"
        );
    }
}

/// A record-level table of a run.
fn records(out: &Path, name: &str) -> Table {
    let (heading, rows) = parquet_rows(&out.join("exact").join(format!("{name}.parquet")));
    Table { heading, rows }
}

/// The rows of a Parquet file, nulls as empty text, decimals as numbers.
fn parquet_rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let file = fs::File::open(path).expect("a file");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    let heading = columns.iter().map(|column| column.name().to_owned()).collect();
    let text = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bool(_) | Field::Int(_) => field.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::Date(_) => field.to_string(),
        other => panic!("unexpected {other}"),
    };
    let rows = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| row.expect("a row").get_column_iter().map(|(_, field)| text(field)).collect())
        .collect();
    (heading, rows)
}

#[test]
fn csv_and_parquet_hold_the_same_rows() {
    for folder in ["tables", "exact"] {
        for (name, _) in TABLES {
            let path =
                |format: &str| shared().results.join(folder).join(format!("{name}.{format}"));
            let csv = Table::read(&path("csv"));
            let (heading, rows) = parquet_rows(&path("parquet"));
            assert_eq!(csv.heading, heading, "{folder}/{name}");
            assert_eq!(csv.rows.len(), rows.len(), "{folder}/{name}");
            for (left, right) in csv.rows.iter().zip(&rows) {
                for (left, right) in left.iter().zip(right) {
                    let same = match (left.parse::<f64>(), right.parse::<f64>()) {
                        (Ok(left), Ok(right)) => (left - right).abs() <= 1e-9 * left.abs(),
                        _ => left == right,
                    };
                    assert!(same, "{folder}/{name}: {left} in CSV is {right} in Parquet");
                }
            }
        }
    }
}

#[test]
fn the_spreadsheet_has_a_cover_notes_and_a_sheet_for_each_table() {
    let mut book: Xlsx<_> =
        open_workbook(shared().results.join("tables.xlsx")).expect("a workbook");
    let names = book.sheet_names();
    assert_eq!(
        names,
        [
            "Cover", "Contents", "Notes", "Table_1", "Table_2", "Table_3", "Table_4", "Table_5",
            "Table_6", "Table_7"
        ]
    );
    for (n, (name, columns)) in TABLES.into_iter().enumerate() {
        let sheet = book.worksheet_range(&format!("Table_{}", n + 1)).expect("a sheet");
        let table = released(name);
        // title, a sentence, the source, the headings
        assert_eq!(sheet.height(), table.rows.len() + 4, "{name}");
        assert_eq!(sheet.width(), columns.split(',').count(), "{name}");
        let headings = sheet.rows().nth(3).expect("headings");
        assert!(
            headings
                .iter()
                .all(|heading| matches!(heading, Data::String(text) if !text.is_empty()))
        );
        for row in sheet.rows().skip(4) {
            assert!(row.iter().all(|cell| !matches!(cell, Data::Empty)), "{name}: an empty cell");
        }
    }
}

#[test]
fn the_report_is_one_page_that_asks_for_nothing() {
    let page = fs::read_to_string(shared().results.join("report.html")).expect("read");
    assert!(page.starts_with("<!DOCTYPE html>") || page.starts_with("<!doctype html>"));
    let page = page.to_lowercase();
    for foreign in ["<script", "http://", "https://", "<link", "<iframe", "@import", " src="] {
        assert!(!page.contains(foreign), "the report has {foreign}");
    }
    // patterns of the page itself
    assert!(page.split("url(").skip(1).all(|rest| rest.starts_with("#state-")));
    assert!(page.contains("lang=\"en"));
}

#[test]
fn the_manifest_lists_every_input_and_output_with_its_hash() {
    let bytes = fs::read(shared().results.join("manifest.json")).expect("read");
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().expect(key).to_owned();
    let hash = |bytes: &[u8]| {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let mut listed = Vec::new();
    for input in manifest["inputs"].as_array().expect("inputs") {
        let path = PathBuf::from(text(&manifest, "study_folder")).join(text(input, "path"));
        let bytes = fs::read(&path).expect("an input");
        assert_eq!(input["bytes"].as_u64(), Some(bytes.len() as u64));
        assert_eq!(text(input, "sha256"), hash(&bytes), "{}", path.display());
        if !["areas", "lsoa_utla", "population"].contains(&text(input, "role").as_str()) {
            let rows = Table::read(&path).rows.len() as u64;
            assert_eq!(input["rows"].as_u64(), Some(rows), "{}", path.display());
        }
        listed.push(path);
    }
    listed.sort();
    let mut given: Vec<PathBuf> = files(&shared().data)
        .into_keys()
        .filter(|name| name != "study.toml")
        .map(|name| shared().data.join(name))
        .collect();
    given.sort();
    assert_eq!(listed, given);

    let outputs: BTreeMap<String, String> = manifest["outputs"]
        .as_array()
        .expect("outputs")
        .iter()
        .map(|output| (text(output, "path"), text(output, "sha256")))
        .collect();
    let written: BTreeMap<String, String> = files(&shared().results)
        .into_iter()
        .filter(|(name, _)| name != "manifest.json")
        .map(|(name, bytes)| (name, hash(&bytes)))
        .collect();
    assert_eq!(outputs, written);
    assert_eq!(manifest["study"]["study"]["periods"][0]["start"], "2024-04-01");
}

#[test]
fn no_released_count_is_small_and_all_are_rounded() {
    let count = |text: &str| (!text.is_empty()).then(|| text.parse::<f64>().expect("a number"));
    let (mut shown, mut hidden) = (0, 0);
    let measures = released("measures");
    for row in &measures.rows {
        for name in ["numerator", "denominator"] {
            let public = row[measures.column("unit")] == "per 100,000 population";
            if name == "denominator" && public {
                continue; // an official estimate of the population, not a count of records
            }
            let Some(number) = count(&row[measures.column(name)]) else {
                hidden += 1;
                continue;
            };
            shown += 1;
            assert!(number == 0.0 || number > 7.0, "{row:?}");
            assert_eq!(number % 5.0, 0.0, "{row:?}");
        }
        if row[measures.column("status")] == "c" {
            assert!(row[measures.column("value")].is_empty(), "{row:?}");
        }
    }
    assert!(shown > 100 && hidden > 100);
    let columns = [
        ("quality", &["numerator"][..]),
        ("curves", &["at_risk", "events", "censored"]),
        ("attrition", &["records_out", "records_left", "people_left"]),
        ("states", &["visits", "people", "starts", "ends", "censored"]),
        ("transitions", &["count", "people"]),
    ];
    for (name, columns) in columns {
        let table = released(name);
        // files, submissions and distinct values are not people
        let of_people = |row: &&Vec<String>| {
            let unit = if name == "quality" { row[table.column("unit")].as_str() } else { "" };
            !matches!(unit, "files" | "submissions" | "values")
        };
        for row in table.rows.iter().filter(of_people) {
            for column in columns {
                let number = count(&row[table.column(column)]);
                assert!(number.is_none_or(|n| n == 0.0 || n > 7.0), "{name} {column}: {row:?}");
            }
        }
    }
    let exact = Table::read(&shared().results.join("exact/measures.csv"));
    let small = exact.rows.iter().filter_map(|row| count(&row[exact.column("numerator")]));
    assert!(small.filter(|n| (1.0..8.0).contains(n)).count() > 100, "there was something to hide");
}

/// Records without a person follow the dead of their partition, and have no line of their own.
#[test]
fn x22_records_without_a_person_inherit_no_death() {
    let study = copy_of("journeys");
    let path = study.path().join("apc.csv");
    let mut table = Table::read(&path);
    let (person, spell, episode) = (
        table.column("Der_Pseudo_NHS_Number"),
        table.column("APCS_Ident"),
        table.column("APCE_Ident"),
    );
    let died = table.rows.iter().find(|row| row[person] == "PSEUDO-GRETA").expect("Greta").clone();
    table.rows = (0..=40)
        .map(|n| {
            let mut row = died.clone();
            row[person] = if n < 40 { format!("PSEUDO-{n}") } else { String::new() };
            (row[spell], row[episode]) = (format!("{}", 1_000 + n), format!("{}", 2_000 + n));
            row
        })
        .collect();
    table.write(&path);
    let out = run_study(&study.path().join("study.toml"), &study.path().join("out"), &["--exact"]);
    let states = Table::read(&out.join("exact/states.csv"));
    let dead = states.one(&[("state", "DEAD")], &["visits", "people", "ends"]);
    assert_eq!(dead, ["40", "40", "40"]);
    assert_eq!(records(&out, "timelines").select(&[("state", "DEAD")], &["start"]).len(), 40);
    assert_eq!(records(&out, "cips").rows.len(), 40);
}

/// Eight people, 2024-04-01 to 2025-03-31 (hospital nights in brackets).
///
/// | person | records | line |
/// |---|---|---|
/// | Anna | community care 04-10 to 05-31, emergencies 06-10 to 06-15 and 06-20 to 06-27 | COMM 52, HOME 9, IP_EM 5, HOME 5, IP_EM 7, HOME 278 |
/// | Ben | care home from 05-01, emergency 07-01 to 07-09 | RES 61, IP_EM 8, RES 266 |
/// | Carl | emergency 05-01 to 05-06, transfer to 05-20 | IP_EM 19, HOME 316 |
/// | Dora | emergency 08-01 to 08-11, reablement 08-11 to 08-31 | IP_EM 10, STMAX 21, HOME 212 |
/// | Eve | planned 09-01 to 09-04, emergency 10-03 to 10-05 | IP_EL 3, HOME 29, IP_EM 2, HOME 178 |
/// | Fred | day case 06-01 | HOME 304 |
/// | Greta | emergency 11-01 to death 11-08 | IP_EM 7, DEAD |
/// | Hugh | planned 12-01 to 12-03, emergency the same day to 12-10 | IP_EL 2, HOME 0, IP_EM 7, HOME 112 |
#[test]
fn journeys_worked_out_by_hand() {
    let folder = TempDir::new().expect("a folder");
    let study = fixture("journeys").join("study.toml");
    let out = run_study(&study, &folder.path().join("out"), &["--exact"]);
    let table = |name: &str| Table::read(&out.join("exact").join(format!("{name}.csv")));

    let transitions = table("transitions");
    let moves: Vec<Vec<&str>> =
        transitions.select(&[], &["from", "to", "count", "people", "total_days"]);
    assert_eq!(
        moves,
        [
            ["IP_EM", "DEAD", "1", "1", "7"],
            ["IP_EM", "RES", "1", "1", "8"],
            ["IP_EM", "STMAX", "1", "1", "10"],
            // Anna 5 and 7, Carl 19, Eve 2, Hugh 7
            ["IP_EM", "HOME", "5", "4", "40"],
            ["IP_EL", "HOME", "2", "2", "5"],
            ["RES", "IP_EM", "1", "1", "61"],
            ["STMAX", "HOME", "1", "1", "21"],
            ["COMM", "HOME", "1", "1", "52"],
            // Anna 9 and 5, Eve 29, Hugh 0
            ["HOME", "IP_EM", "4", "3", "43"],
        ]
    );
    let days = ["mean_days", "median_days", "p25_days", "p75_days"];
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let of = |from: &str, to: &str, columns: &[&str]| -> Vec<f64> {
        transitions.one(&[("from", from), ("to", to)], columns).into_iter().map(number).collect()
    };
    assert_eq!(of("IP_EM", "HOME", &days), [8.0, 7.0, 5.0, 7.0]);
    // the visit of no days is a move and no duration
    assert_eq!(of("HOME", "IP_EM", &days), [14.3333, 9.0, 7.0, 19.0]);
    assert_eq!(of("IP_EM", "HOME", &["probability"]), [0.625]);
    // 5 moves in 65 days in hospital
    let rate = of("IP_EM", "HOME", &["rate_per_person_year"])[0];
    assert!((rate - 5.0 * 365.25 / 65.0).abs() < 1e-5, "{rate}");

    let states = table("states");
    let columns = ["state", "visits", "people", "total_days", "starts", "ends", "censored"];
    assert_eq!(
        states.select(&[], &columns),
        [
            ["DEAD", "1", "1", "0", "0", "1", "1"],
            ["IP_EM", "8", "7", "65", "3", "0", "0"],
            ["IP_EL", "2", "2", "5", "2", "0", "0"],
            ["RES", "2", "1", "327", "1", "1", "1"],
            ["STMAX", "1", "1", "21", "0", "0", "0"],
            ["COMM", "1", "1", "52", "1", "0", "0"],
            ["HOME", "10", "6", "1443", "1", "6", "6"],
        ]
    );

    let measures = table("measures");
    // without the day case and the death: 2, 2, 3, 5, 7, 7, 8, 10, 19 nights
    assert_eq!(measures.england("los", "discharges"), ["9", "", "9"]);
    assert_eq!(measures.england("los", "nights"), ["63", "9", "63"]);
    assert_eq!(measures.england("los", "mean"), ["", "9", "7"]);
    assert_eq!(measures.england("los", "median"), ["", "9", "7"]);
    assert_eq!(measures.england("los", "p25"), ["", "9", "3"]);
    assert_eq!(measures.england("los", "p75"), ["", "9", "8"]);
    assert_eq!(measures.england("los", "p90"), ["", "9", "11.8"]);
    assert_eq!(measures.england("los", "stranded_7"), ["5", "9", "55.6"]);
    assert_eq!(measures.england("los", "stranded_14"), ["1", "9", "11.1"]);
    // Anna after 5 days, Hugh after 0, Eve after 29
    assert_eq!(measures.england("readmission", "7d"), ["2", "9", "22.2"]);
    assert_eq!(measures.england("readmission", "28d"), ["2", "9", "22.2"]);
    assert_eq!(measures.england("readmission", "30d"), ["3", "9", "33.3"]);
    assert_eq!(measures.england("readmission", "nhsd28"), ["2", "9", "22.2"]);
    assert_eq!(measures.england("readmission", "nhsd30"), ["3", "9", "33.3"]);
    // any admission on days 1 to 30
    assert_eq!(measures.england("readmission", "ndl30"), ["2", "9", "22.2"]);
    // whatever the discharge: the day case and the death are there
    assert_eq!(measures.england("readmission", "nhp28"), ["2", "11", "18.2"]);
    // Ben goes back to a care home, destination 54
    assert_eq!(measures.england("usual_residence", ""), ["8", "9", "88.9"]);
    assert_eq!(measures.england("linkage", "hospital_people"), ["8", "", "8"]);
    assert_eq!(measures.england("linkage", "people_in_hospital_records"), ["3", "", "3"]);

    // each step leaves what the one before left, without what it leaves out itself
    let attrition = table("attrition");
    let steps = attrition.select(
        &[("measure", "los"), ("part", "")],
        &["rule", "records_out", "records_left", "people_left"],
    );
    assert_eq!(steps[0], ["M1", "0", "11", "8"]);
    assert_eq!(steps[8], ["J", "1", "10", "7"]);
    assert_eq!(steps[11], ["X-08", "1", "9", "6"]);
    assert!(steps.windows(2).all(|two| number(two[0][2]) - number(two[1][1]) == number(two[1][2])));

    // person by person: the line, the stays and the events behind the figures
    let timelines = records(&out, "timelines");
    let line = |person: &str| {
        let person = format!("PSEUDO-{person}");
        timelines.select(&[("person_id", &person)], &["state", "start", "end", "stay", "censored"])
    };
    assert_eq!(
        line("ANNA"),
        [
            ["COMM", "2024-04-10", "2024-06-01", "", "false"],
            ["HOME", "2024-06-01", "2024-06-10", "", "false"],
            ["IP_EM", "2024-06-10", "2024-06-15", "1", "false"],
            ["HOME", "2024-06-15", "2024-06-20", "", "false"],
            ["IP_EM", "2024-06-20", "2024-06-27", "2", "false"],
            ["HOME", "2024-06-27", "2025-04-01", "", "true"],
        ]
    );
    assert_eq!(
        line("GRETA"),
        [
            ["IP_EM", "2024-11-01", "2024-11-08", "1", "false"],
            ["DEAD", "2024-11-08", "", "", "false"],
        ]
    );
    // the planned stay, no days at home, the emergency of the same day
    let hugh: Vec<_> = line("HUGH").into_iter().map(|row| row[..4].to_vec()).collect();
    assert_eq!(
        hugh,
        [
            ["IP_EL", "2024-12-01", "2024-12-03", "1"],
            ["HOME", "2024-12-03", "2024-12-03", ""],
            ["IP_EM", "2024-12-03", "2024-12-10", "2"],
            ["HOME", "2024-12-10", "2025-04-01", ""],
        ]
    );
    for row in states.select(&[], &["state", "visits"]) {
        let visits = timelines.select(&[("state", row[0])], &["state"]).len();
        assert_eq!(visits.to_string(), row[1], "{}", row[0]);
    }
    let ben = timelines.select(&[("person_id", "PSEUDO-BEN")], &["state", "underlying", "active"]);
    assert_eq!(ben, [["RES", "RES", "RES"], ["IP_EM", "RES", "IP_EM+RES"], ["RES", "RES", "RES"]]);

    let stays = records(&out, "cips");
    assert_eq!(stays.rows.len(), 11);
    let columns = [
        "admission",
        "discharge",
        "nights",
        "provider",
        "discharge_provider",
        "admission_method",
        "destination",
        "n_spells",
        "n_providers",
        "end_kind",
    ];
    assert_eq!(
        stays.one(&[("person_id", "PSEUDO-CARL")], &columns),
        ["2024-05-01", "2024-05-20", "19", "RAA", "RBB", "21", "19", "2", "2", "observed"]
    );
    let greta = ["discharge_method", "died", "emergency", "day_case", "sex", "birth_month"];
    assert_eq!(
        stays.one(&[("person_id", "PSEUDO-GRETA")], &greta),
        ["4", "true", "true", "false", "2", "1935-11-01"]
    );
    let fred = ["nights", "day_case", "emergency"];
    assert_eq!(stays.one(&[("person_id", "PSEUDO-FRED")], &fred), ["0", "true", "false"]);

    let events = records(&out, "events");
    assert_eq!(events.rows.len(), 3);
    let columns = [
        "la_code",
        "event_type",
        "client_type",
        "service_type",
        "service_component",
        "start",
        "end",
    ];
    assert_eq!(
        events.one(&[("person_id", "PSEUDO-DORA")], &columns),
        [
            "212",
            "Service",
            "Service user",
            "Short term support: ST-Max",
            "Reablement",
            "2024-08-11",
            "2024-08-31"
        ]
    );
    assert_eq!(events.one(&[("person_id", "PSEUDO-BEN")], &["end", "gender"]), ["", "Male"]);

    // and of so few people hardly anything is released
    let shown = Table::read(&out.join("tables/measures.csv"));
    assert_eq!(shown.england("readmission", "30d"), ["", "10", ""]);
    assert!(Table::read(&out.join("tables/transitions.csv")).rows.is_empty());
}
