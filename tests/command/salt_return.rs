//! A SALT return beside a run: `run --salt FILE`.

use super::support::{Table, call, files, fixture, run_study};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Two councils, year 2023-24. Kirklees: twelve people with community support, three with nursing
/// care, eleven rows of carers, and one who died before the year. Leeds: nine people with nursing care.
fn study(folder: &Path) {
    let heading = "LA_Code,LA_Name,ImportDate,Der_Unique_Record_ID,Der_NHS_Number_Traced_Pseudo,\
        Reporting_Period_Start_Date,Reporting_Period_End_Date,Date_of_Death,Gender,Der_Birth_Year,\
        Der_Birth_Month,Client_Type,Event_Type,Event_Start_Date,Event_End_Date,Service_Type,\
        Delivery_Mechanism,Primary_Support_Reason";
    let mut rows = heading.to_owned();
    let mut row = |la: &str, client: &str, service: &str, death: &str| {
        let n = rows.lines().count();
        rows += &format!(
            "\n{la},2024-06-01T10:00:00,R{n},PSEUDO-{n},2023-04-01,2024-03-31,{death},Female,1940,5,\
             {client},Service,2023-06-01,,Long Term Support: {service},Direct Payment,\
             Mental Health Support"
        );
    };
    (0..12).for_each(|_| row("212,Kirklees", "Service User", "Community", ""));
    (0..3).for_each(|_| row("212,Kirklees", "Service User", "Nursing Care", ""));
    (0..9).for_each(|_| row("383,Leeds", "Service User", "Nursing Care", ""));
    (0..11).for_each(|_| row("212,Kirklees", "Carer", "Community", ""));
    row("212,Kirklees", "Service User", "Community", "2023-01-09");
    fs::write(folder.join("cld.csv"), rows + "\n").expect("written");
    let study = "[study]\nperiod = { start = 2023-04-01, end = 2024-03-31 }\nas_of = 2024-12-31\n\
        [inputs]\ncld_submissions = \"cld.csv\"\nareas = \"areas.csv\"\n\
        [cld]\njoined = { start = 2023-04-01, end = 2024-03-31 }\n\
        single = { start = 2023-04-01, end = 2024-03-31 }\n\
        [measures]\ninclude = [\"salt_lts001a\", \"salt_lts004\"]\n\
        [disclosure]\nprofile = \"hes7\"\n";
    fs::write(folder.join("study.toml"), study).expect("written");
    let areas = "la_code,la_name,region,la_area_code\n212,Kirklees,Yorkshire,E08000034\n\
        383,Leeds,Yorkshire,E08000035\n";
    fs::write(folder.join("areas.csv"), areas).expect("written");
}

const NURSING: &str = "setting=Nursing; mechanism=None; support_reason=Mental Health Support";

fn write_return(folder: &Path, lines: &[&str]) -> String {
    let path = folder.join("return.csv");
    let text = format!("measure,part,la_code,stratum,value\n{}\n", lines.join("\n"));
    fs::write(&path, text).expect("written");
    path.display().to_string()
}

#[test]
fn a_return_made_by_hand_stands_beside_the_run() {
    let folder = TempDir::new().expect("a folder");
    study(folder.path());
    let plain = run_study(&folder.path().join("study.toml"), &folder.path().join("plain"), &[]);
    assert!(!plain.join("tables/salt_comparison.csv").exists());
    let lines = [
        "salt_lts001a,1b,212,,16",
        &format!("salt_lts001a,1b,212,{NURSING},3"),
        "salt_lts001a,1b,212,setting=Hotel,2",
        "salt_lts001a,1b,999,,4",
        "salt_lts001a,1b,E92000001,,40",
        "salt_lts003,,212,,6",
    ];
    let given = write_return(folder.path(), &lines);
    let more = ["--exact", "--salt", &given];
    let out = run_study(&folder.path().join("study.toml"), &folder.path().join("out"), &more);
    assert!(out.join("tables/salt_comparison.parquet").is_file());
    assert!(out.join("exact/salt_comparison.parquet").is_file());

    let released = Table::read(&out.join("tables/salt_comparison.csv"));
    let numbers = ["comparison", "here", "return", "difference", "status"];
    let of = |table: &Table, area: &str, stratum: &str| -> Vec<String> {
        let like = [("measure", "salt_lts001a"), ("part", "1b"), ("area_code", area)];
        let like = [&like[..], &[("stratum", stratum)]].concat();
        table.one(&like, &numbers).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(of(&released, "212", ""), ["same after rounding", "15", "16", "-1", ""]);
    assert_eq!(of(&released, "212", NURSING), ["suppressed here", "", "3", "", "c"]);
    assert_eq!(of(&released, "212", "setting=Hotel"), ["only in the return", "", "2", "", ""]);
    assert_eq!(of(&released, "999", ""), ["only in the return", "", "4", "", ""]);
    assert_eq!(of(&released, "E92000001", ""), ["differs", "25", "40", "-15", ""]);
    let why = released.one(&[("measure", "salt_lts003")], &["comparison", "what"]);
    assert_eq!(why, ["only in the return", "the run does not make this measure"]);
    let only_here = released.select(&[("comparison", "only in this run")], &["part", "stratum"]);
    assert!(only_here.iter().any(|row| row == &["1a", ""]), "{only_here:?}");

    // the figures are those of the table of measures, whatever the return asks for
    let measures = Table::read(&out.join("tables/measures.csv"));
    for row in released
        .select(&[], &["comparison", "measure", "part", "area_code", "stratum", "here", "status"])
    {
        if row[0] == "only in the return" || row[0] == "left out" {
            continue;
        }
        let like =
            [("measure", row[1]), ("part", row[2]), ("area_code", row[3]), ("stratum", row[4])];
        assert_eq!(measures.one(&like, &["value", "status"]), row[5..], "{row:?}");
    }

    let exact = Table::read(&out.join("exact/salt_comparison.csv"));
    assert_eq!(of(&exact, "212", ""), ["differs", "15", "16", "-1", ""]);
    assert_eq!(of(&exact, "212", NURSING), ["same", "3", "3", "0", ""]);
    assert_eq!(of(&exact, "E92000001", ""), ["differs", "24", "40", "-16", ""]);
    let steps = |table: &Table, area| -> Vec<Vec<String>> {
        let like = [("comparison", "left out"), ("area_code", area)];
        let rows = table.select(&like, &["rule", "records_out", "status"]);
        rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect()).collect()
    };
    let wanted = [["LTS001a step 1", "11", ""], ["N6", "1", ""]];
    assert_eq!(steps(&exact, "212"), wanted);
    assert_eq!(steps(&exact, "E92000001"), wanted);
    assert_eq!(steps(&released, "212"), [["LTS001a step 1", "10", ""], ["N6", "", "c"]]);

    // but for the comparison and the manifest, a run is what it is without a return
    let skip = |name: &str| {
        name.starts_with("exact/")
            || ["manifest.json", "report.html", "tables.xlsx"].contains(&name)
            || name.contains("salt_comparison")
    };
    let kept = |folder: &Path| {
        let mut kept = files(folder);
        kept.retain(|name, _| !skip(name));
        kept
    };
    assert_eq!(kept(&plain), kept(&out));
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("read");
    assert!(manifest.contains("\"salt_return\"") && manifest.contains("\"return.csv\""));
}

#[test]
fn a_return_that_cannot_be_used_is_refused_before_anything_is_written() {
    let folder = TempDir::new().expect("a folder");
    for (name, bytes) in files(&fixture("journeys")) {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let study = folder.path().join("study.toml").display().to_string();
    let out = folder.path().join("out");
    let cases = [
        ("measure,part,la_code,stratum,valu\n", &["line 1", "value", "\"valu\""][..]),
        (
            "measure,part,la_code,stratum,value\nsalt_sts001,,212,,12x\n",
            &["line 2, column value", "\"12x\"", "whole number"],
        ),
        (
            "measure,part,la_code,stratum,value\nsalt_lts01a,1a,212,,12\n",
            &["line 2, column measure", "did you mean salt_lts001a?"],
        ),
        (
            "measure,part,la_code,stratum,value\nsalt_lts003,,212,,1\nsalt_lts003,,212,,1\n",
            &["line 3", "line 2 already"],
        ),
    ];
    let given = folder.path().join("return.csv");
    for (text, words) in cases {
        fs::write(&given, text).expect("written");
        let path = given.display().to_string();
        let refused = call(&["run", &study, "--out", &out.display().to_string(), "--salt", &path]);
        assert_eq!(refused.status, 1, "{}", refused.stderr);
        for word in words.iter().chain(&["return.csv"]) {
            assert!(refused.stderr.contains(word), "{word} is not in: {}", refused.stderr);
        }
        assert!(!out.exists());
    }
    let missing = ["run", &study, "--out", "x", "--salt", "no-such-file.csv"];
    let refused = call(&missing);
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("no-such-file.csv"), "{}", refused.stderr);
}
