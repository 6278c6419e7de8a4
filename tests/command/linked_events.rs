//! Event logs beside social care and hospital records.

use super::support::{Table, call, files, run_study, succeed};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Prepared social care events: community support of A and NA, a nursing home of C.
const CARE: &str = "LA_Code,Der_NHS_LA_Combined_Person_ID,Client_Type,Event_Type,Event_Start_Date,\
    Event_End_Date,Service_Type,Der_Birth_Year\n\
    100,A,Service User,Service,2024-04-10,2024-12-31,Long Term Support: Community,1940\n\
    100,NA,Service User,Service,2024-04-10,2024-12-31,Long Term Support: Community,1940\n\
    100,C,Service User,Service,2024-04-10,,Long Term Support: Nursing Care,1940\n";

/// A is discharged on 6 May, NA on 10 June, B on 1 July and again on 20 July. Months of birth tell that
/// SHARED is many people.
const STAYS: &str = "Der_Pseudo_NHS_Number,Der_Provider_Code,Admission_Date,Discharge_Date,Admission_Method,\
    Discharge_Destination,Discharge_Method,Patient_Classification,Year_of_Birth,Month_of_Birth,Sex\n\
    A,RAA,2024-05-02,2024-05-06,21,19,1,1,1940,1,2\n\
    NA,RAA,2024-06-02,2024-06-10,21,19,1,1,1940,2,2\n\
    B,RAA,2024-06-25,2024-07-01,21,19,1,1,1941,3,1\n\
    B,RAA,2024-07-15,2024-07-20,21,19,1,1,1941,3,1\n\
    SHARED,RAA,2024-05-02,2024-05-06,21,19,1,1,1940,1,2\n\
    SHARED,RAA,2024-05-12,2024-05-16,21,19,1,1,1940,2,2\n\
    SHARED,RAA,2024-05-22,2024-05-26,21,19,1,1,1940,3,2\n\
    SHARED,RAA,2024-06-02,2024-06-06,21,19,1,1,1940,4,2\n";

/// Seven events of four cases: one meets nobody, one is of many people.
const CLINIC: &str = "who,what,from,until\n\
    A,Seen,2024-05-08T09:00,2024-05-08T09:30\n\
    A,Step-down bed,2024-06-01T12:00,2024-06-10T08:00\n\
    NA,Seen,2024-06-13T10:00,\n\
    NA,Step-down bed,2024-08-01T12:00,\n\
    SHARED,Seen,2024-05-20T10:00,\n\
    nobody,Seen,2024-05-20T10:00,\n\
    NA,Step-down bed,2024-08-05T12:00,2024-08-05T11:00\n";

/// Three events of two cases.
const PHONE: &str = "who,what,from\n\
    B,Seen,2024-07-03\n\
    B,Called,2024-07-02\n\
    NA,Called,2024-06-11\n";

const STUDY: &str = "[study]\nperiod = { start = 2024-04-01, end = 2025-03-31 }\n\
    [inputs]\ncld_events = \"care.csv\"\napc = \"stays.csv\"\n\
    [[inputs.events]]\nname = \"clinic\"\npath = \"clinic.csv\"\ncase = \"who\"\nactivity = \"what\"\n\
    start = \"from\"\nend = \"until\"\n\
    [[inputs.events]]\nname = \"phone\"\npath = \"phone.csv\"\ncase = \"who\"\nactivity = \"what\"\n\
    start = \"from\"\n\
    [hospital]\nextract_date = 2025-04-01\n\
    [cld]\njoined = { start = 2024-04-01, end = 2025-03-31 }\n";

/// Writes the records and a study with these tables besides.
fn written(folder: &Path, tables: &str) -> PathBuf {
    for (name, text) in
        [("care.csv", CARE), ("stays.csv", STAYS), ("clinic.csv", CLINIC), ("phone.csv", PHONE)]
    {
        fs::write(folder.join(name), text).expect("written");
    }
    let study = folder.join("study.toml");
    fs::write(&study, format!("{STUDY}{tables}")).expect("written");
    study
}

/// The folder of a run with these tables.
fn run(folder: &TempDir, tables: &str) -> PathBuf {
    let study = written(folder.path(), tables);
    run_study(&study, &folder.path().join("out"), &["--exact", "--only", "los"])
}

/// What a run says that fails.
fn failure(tables: &str) -> String {
    let folder = TempDir::new().expect("a folder");
    let study = written(folder.path(), tables);
    let ended = call(&["run".as_ref(), "-q".as_ref(), study.as_os_str()]);
    assert_ne!(ended.status, 0, "{}", ended.stderr);
    ended.stderr
}

/// Some columns of a Parquet file as texts.
fn cells(path: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(fs::File::open(path).expect("a file")).expect("Parquet");
    let rows = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row"));
    let cell = |row: &parquet::record::Row, name: &str| {
        let mut cells = row.get_column_iter();
        match cells.find(|(column, _)| *column == name).expect("a column").1 {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            other => other.to_string(),
        }
    };
    rows.map(|row| columns.iter().map(|name| cell(&row, name)).collect()).collect()
}

#[test]
fn cases_and_events_are_counted_by_what_became_of_them() {
    let folder = TempDir::new().expect("a folder");
    let out = run(&folder, "");
    let quality = Table::read(&out.join("exact/quality.csv"));
    let found = |beginning: &str| quality.sum("linkage", beginning);
    assert_eq!([found("cases of event logs"), found("events of event logs")], [6, 10]);
    assert_eq!(
        [
            found("of these cases, those that meet no"),
            found("of these events, those of cases that meet")
        ],
        [1, 1]
    );
    assert_eq!(
        [found("of these cases, those whose"), found("of these events, those of cases whose")],
        [1, 1]
    );
    assert_eq!(
        [
            found("of these cases, those that are"),
            found("of these events, those of cases that are")
        ],
        [4, 8]
    );
    // the log's own graph has them all
    let states = Table::read(&out.join("exact/states.csv"));
    let seen = states.one(&[("scheme", "clinic"), ("state", "Seen")], &["visits", "people"]);
    assert_eq!(seen, ["4", "4"]);
}

#[test]
fn events_stand_among_the_records_of_their_people() {
    let folder = TempDir::new().expect("a folder");
    let out = run(&folder, "");
    let columns = ["person_id", "log", "activity", "start", "end"];
    let mut rows = cells(&out.join("exact/events.parquet"), &columns);
    rows.retain(|row| !row[1].is_empty());
    rows.sort_by_key(|row| (row[0].clone(), row[3].clone()));
    assert_eq!(
        rows,
        [
            ["A", "clinic", "Seen", "2024-05-08", "2024-05-08"],
            ["A", "clinic", "Step-down bed", "2024-06-01", "2024-06-10"],
            ["B", "phone", "Called", "2024-07-02", ""],
            ["B", "phone", "Seen", "2024-07-03", ""],
            ["NA", "phone", "Called", "2024-06-11", ""],
            ["NA", "clinic", "Seen", "2024-06-13", ""],
            ["NA", "clinic", "Step-down bed", "2024-08-01", ""],
            ["NA", "clinic", "Step-down bed", "2024-08-05", "2024-08-05"],
        ]
    );
}

#[test]
fn m9_activities_are_anchors_and_events_of_curves() {
    let folder = TempDir::new().expect("a folder");
    let out = run(
        &folder,
        "[[time_to]]\nname = \"seen\"\nanchor = \"discharge\"\nhorizon_days = 30\n\
         events = [\"clinic: Seen\", \"phone: Seen\", \"readmission\", \"death\"]\n\
         [[time_to]]\nname = \"called\"\nanchor = \"Called\"\nhorizon_days = 30\n\
         events = [\"clinic: Seen\", \"readmission\"]\n",
    );
    let curves = Table::read(&out.join("exact/curves.csv"));
    let happened = |name: &str| {
        let rows = curves.select(
            &[("measure", name), ("area_code", "E92000001"), ("stratum", "")],
            &["event", "day", "at_risk", "events"],
        );
        let rows = rows.into_iter().filter(|row| row[3] != "0");
        rows.map(|row| row.join(" ")).collect::<Vec<_>>()
    };
    // A two days after the discharge, NA three, and B is seen by the other log
    assert_eq!(happened("seen"), ["clinic: Seen 2 3 1", "clinic: Seen 3 1 1", "phone: Seen 2 3 1"]);
    // NA two days after the call, B admitted after thirteen
    assert_eq!(happened("called"), ["clinic: Seen 2 2 1", "readmission 13 1 1"]);
    let attrition = Table::read(&out.join("exact/attrition.csv"));
    let starts = attrition.select(
        &[("measure", "time_to"), ("part", "called"), ("step", "1")],
        &["records_left", "people_left"],
    );
    assert_eq!(starts, [["2", "2"]]);
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    assert!(
        manifest.contains("The event log clinic is taken to end before 2024-08-06"),
        "{manifest}"
    );
}

#[test]
fn an_activity_can_be_a_state_of_the_line() {
    let folder = TempDir::new().expect("a folder");
    let out = run(&folder, "[timeline]\nevent_states = { \"Step-down bed\" = \"ST_BED\" }\n");
    let lines =
        cells(&out.join("exact/timelines.parquet"), &["person_id", "state", "start", "end"]);
    let beds: Vec<_> = lines.iter().filter(|row| row[1] == "ST_BED").collect();
    // both days included
    assert_eq!(beds, [&["A", "ST_BED", "2024-06-01", "2024-06-11"]]);
    let quality = Table::read(&out.join("exact/quality.csv"));
    let found = |what: &str| quality.found("timeline", what);
    assert_eq!(found("Events of logs that the settings read as states"), 3);
    assert_eq!(found("Events read as states, without an end, left out"), 1);
    assert_eq!(found("Events read as states that end before they start, left out"), 1);
    assert_eq!(found("Events read as states, used"), 1);
    // without the setting no line has it
    let folder = TempDir::new().expect("a folder");
    let lines = cells(&run(&folder, "").join("exact/timelines.parquet"), &["state"]);
    assert!(lines.iter().all(|row| row[0] != "ST_BED"));
}

#[test]
fn m17_an_activity_is_an_anchor_of_pathways() {
    let folder = TempDir::new().expect("a folder");
    let study = written(folder.path(), "[disclosure]\nprofile = \"none\"\n");
    let study = study.display().to_string();
    let call = succeed(&["pathways", "-q", &study, "--from", "Called", "--format", "csv"]);
    let rows: Vec<&str> =
        call.stdout.lines().filter(|row| row.starts_with("E92000001,,Called,")).collect();
    assert_eq!(rows.len(), 2, "{}", call.stdout);
    assert!(rows.iter().any(|row| row.contains("HOME>IP_EM>HOME>END")), "{rows:?}");
}

#[test]
fn what_a_study_names_wrongly_is_said_with_the_nearest() {
    let times = |anchor: &str, event: &str| {
        format!("[[time_to]]\nname = \"t\"\nanchor = \"{anchor}\"\nevents = [\"{event}\"]\n")
    };
    let text = failure(&times("discharge", "Seen"));
    assert!(text.contains("\"clinic: Seen\" or \"phone: Seen\""), "{text}");
    let text = failure(&times("Caled", "death"));
    assert!(text.contains("[[time_to]] t") && text.contains("did you mean \"Called\"?"), "{text}");
    let text = failure(&times("discharge", "readmision"));
    assert!(text.contains("did you mean \"readmission\"?"), "{text}");
    let text = failure("[timeline]\nevent_states = { \"Stepdown bed\" = \"ST_BED\" }\n");
    assert!(text.contains("did you mean \"Step-down bed\"?"), "{text}");
    let text = failure("[timeline]\nevent_states = { \"Step-down bed\" = \"STBED\" }\n");
    assert!(text.contains("did you mean `ST_BED`?") && text.contains("study.toml, line"), "{text}");
    let text = failure("[timeline]\nevent_states = { \"Step-down bed\" = \"HOME\" }\n");
    assert!(text.contains("unknown state `HOME`"), "{text}");
    let text = failure("[graph]\nanchors = [\"Seen\"]\n");
    assert!(text.contains("[graph] anchors") && text.contains("clinic: Seen"), "{text}");
}

#[test]
fn neither_threads_nor_the_order_of_rows_change_a_byte() {
    let tables = "[timeline]\nevent_states = { \"Step-down bed\" = \"ST_BED\" }\n\
                  [[time_to]]\nname = \"seen\"\nanchor = \"discharge\"\nevents = [\"clinic: Seen\"]\n";
    let outputs = |turned: bool, threads: &str| {
        let folder = TempDir::new().expect("a folder");
        let study = written(folder.path(), tables);
        if turned {
            for name in ["care.csv", "stays.csv", "clinic.csv", "phone.csv"] {
                let text = fs::read_to_string(folder.path().join(name)).expect("text");
                let (heading, rows) = text.split_once('\n').expect("headings");
                let mut rows: Vec<&str> = rows.lines().collect();
                rows.reverse();
                let text = format!("{heading}\n{}\n", rows.join("\n"));
                fs::write(folder.path().join(name), text).expect("written");
            }
        }
        let more = ["--exact", "--only", "los", "--threads", threads];
        let out = run_study(&study, &folder.path().join("out"), &more);
        let mut files = files(&out);
        // it has the hashes of the inputs and timings
        files.remove("manifest.json");
        files.remove("report.html");
        files.remove("tables.xlsx");
        files
    };
    let wanted = outputs(false, "1");
    for (turned, threads) in [(false, "3"), (true, "2")] {
        let found = outputs(turned, threads);
        assert_eq!(wanted.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
        for (name, bytes) in &wanted {
            assert!(bytes == &found[name], "{name} differs");
        }
    }
}
