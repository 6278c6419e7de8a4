//! Input that cannot be used: a message that says what, where and what to do; nothing is left behind,
//! and no identifier or date of a person is told.

use super::support::{Call, Table, call, copy_of};
use std::fs;
use std::io::Write;
use std::path::Path;
use tempfile::TempDir;

/// The study of `fixtures/journeys`, to be spoilt.
struct Case(TempDir);

impl Case {
    fn new() -> Self {
        Self(copy_of("journeys"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("read")
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path().join(name), bytes).expect("written");
        self
    }

    /// Replaces a text of a file, which must be there.
    fn replace(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = self.text(name);
        assert!(text.contains(from), "{from}");
        self.write(name, text.replacen(from, to, 1))
    }

    fn append(&self, name: &str, more: &str) -> &Self {
        self.write(name, self.text(name) + more)
    }

    fn run(&self, more: &[&str]) -> Call {
        let study = self.path().join("study.toml").display().to_string();
        let out = self.path().join("out").display().to_string();
        let mut arguments = vec!["run", &study];
        if !more.contains(&"--out") {
            arguments.extend(["--out", &out]);
        }
        arguments.extend(more);
        let call = call(&arguments);
        self.assert_nobody_is_named(&call.stderr);
        call
    }

    fn assert_nobody_is_named(&self, message: &str) {
        assert!(!message.contains("PSEUDO-"), "{message}");
        for name in ["apc.csv", "events.csv"] {
            let records = Table::read(&super::support::fixture("journeys").join(name));
            for cell in records.rows.iter().flatten() {
                let is_date = cell.len() == 10 && cell.as_bytes()[4] == b'-';
                assert!(!is_date || !message.contains(cell.as_str()), "{message}");
            }
        }
    }

    /// Runs, which must fail with this status and a message with all these words, and leave nothing.
    fn refused(&self, status: i32, more: &[&str], words: &[&str]) -> String {
        let names = |folder: &Path| -> Vec<_> {
            let mut names: Vec<_> = fs::read_dir(folder)
                .expect("read")
                .map(|entry| entry.expect("an entry").file_name())
                .collect();
            names.sort();
            names
        };
        let before = names(self.path());
        let call = self.run(more);
        assert_eq!(call.status, status, "{}", call.stderr);
        assert_eq!(call.stdout, "");
        let message = call.stderr.split_once("error: ").expect("an error").1.to_owned();
        for word in words {
            assert!(message.contains(word), "{word} is not in: {message}");
        }
        assert_eq!(names(self.path()), before, "nothing is left behind");
        message
    }

    fn accepted(&self) -> Call {
        let call = self.run(&[]);
        assert_eq!(call.status, 0, "{}", call.stderr);
        call
    }
}

#[test]
fn a_missing_column_names_the_nearest_heading() {
    let case = Case::new();
    case.replace("apc.csv", "Admission_Date", "Admision_Dt");
    case.refused(
        1,
        &[],
        &["apc.csv", "admission_date", "\"Admision_Dt\"", "[inputs.columns.apc]", "required"],
    );
    let case = Case::new();
    case.write("areas.csv", "la_cod,la_name,region,la_area_code\n212,Kirklees,Y,E08000034\n");
    case.refused(1, &[], &["areas.csv", "la_code", "\"la_cod\""]);
}

#[test]
fn unknown_names_in_the_study_name_the_line_and_the_nearest_choice() {
    let cases = [
        ("title  =", "titel  =", &["line 3", "`titel`", "did you mean `title`?"][..]),
        ("[hospital]", "[hopsital]", &["line 14", "`hopsital`", "did you mean `hospital`?"]),
        ("extract_date", "extract_dat", &["line 15", "did you mean `extract_date`?"]),
        ("cld_events", "cld_event", &["line 7", "did you mean `cld_events`?"]),
        ("[cld]", "[inputs.columns.apcs]\n[cld]", &["line 11", "[inputs.columns.apc]"]),
        (
            "[cld]",
            "[measures]\ninclude = [\"los\", \"readmisson\"]\n[cld]",
            &["line 12", "\"readmission\"?"],
        ),
        (
            "[cld]",
            "[measures]\nby = [\"regoin\"]\n[cld]",
            &["line 12", "\"regoin\"", "\"region\"?"],
        ),
        ("[cld]", "[disclosure]\nprofile = \"hes77\"\n[cld]", &["line 12", "did you mean `hes7`?"]),
        ("[cld]", "[output]\nformats = [\"pdf\"]\n[cld]", &["line 12", "`pdf`", "`parquet`"]),
    ];
    for (from, to, words) in cases {
        let case = Case::new();
        case.replace("study.toml", from, to);
        let message = case.refused(2, &[], words);
        assert!(message.contains("study.toml"), "{message}");
    }
}

#[test]
fn a_period_that_ends_before_it_starts_is_refused_with_its_line() {
    let case = Case::new();
    case.replace("study.toml", "end = 2025-03-31", "end = 2023-03-31");
    case.refused(2, &[], &["study.toml, line 4", "2023-03-31", "before it starts on 2024-04-01"]);
    let case = Case::new();
    case.replace("study.toml", "joined = { start = 2024-04-01", "joined = { start = 2026-04-01");
    case.refused(2, &[], &["study.toml, line 12", "before it starts on 2026-04-01"]);
    let case = Case::new();
    case.replace("study.toml", "start = 2024-04-01", "start = 2024-02-30");
    case.refused(2, &[], &["study.toml, line 4", "date"]);
}

#[test]
fn settings_that_contradict_each_other_are_refused_with_their_line() {
    let cases = [
        ("[measures.los]\nbands = [3, 1]", "line 18", "bands = [3, 1] must begin with 0"),
        ("[measures.readmission]\ndays = [0]", "line 18", "days"),
        (
            "[measures.los]\nperiods = [{ start = 2024-05-03, end = 2024-04-02 }]",
            "line 18",
            "2024-05-03 to 2024-04-02 ends before it starts",
        ),
        ("[disclosure]\nprofile = \"hes7\"\nthreshold = 2", "line 20", "threshold = 2"),
        ("[timeline]\nadult_age_years = 18\nrank_override = { HOME = 1 }", "line 18", "HOME"),
    ];
    for (table, line, words) in cases {
        let case = Case::new();
        case.append("study.toml", &format!("\n# more\n{table}\n"));
        case.refused(2, &[], &["study.toml", line, words]);
    }
    let case = Case::new();
    case.replace("study.toml", "extract_date = 2025-04-01", "extract_date = 2020-04-01");
    case.refused(2, &[], &["study.toml, line 15", "before the period starts on 2024-04-01"]);
    let case = Case::new();
    case.replace("study.toml", "[inputs]", "as_of = 2020-01-01\n[inputs]");
    case.refused(2, &[], &["study.toml, line 6", "before the period starts on 2024-04-01"]);
}

#[test]
fn a_study_file_that_is_none_is_refused() {
    let case = Case::new();
    case.write("study.toml", "what do you want to know?\n");
    case.refused(2, &[], &["study.toml, line 1"]);
    case.write("study.toml", b"[study]\ntitle = \"\xff\"\n");
    case.refused(2, &[], &["study.toml", "UTF-8"]);
    fs::remove_file(case.path().join("study.toml")).expect("removed");
    case.refused(2, &[], &["study.toml", "cannot be read", "No such file"]);
    fs::create_dir(case.path().join("study.toml")).expect("a folder");
    case.refused(2, &[], &["study.toml", "this is a folder"]);
}

#[test]
fn an_empty_file_is_refused_and_headings_alone_are_a_warning() {
    let case = Case::new();
    case.write("apc.csv", "");
    case.refused(1, &[], &["apc.csv", "the file is empty", "[inputs]"]);
    case.write("apc.csv", "\n");
    case.refused(1, &[], &["apc.csv", "no headings"]);
    let headings = super::support::fixture("journeys").join("apc.csv");
    let headings = fs::read_to_string(headings).expect("read");
    case.write("apc.csv", headings.lines().next().expect("headings"));
    let call = case.accepted();
    assert!(call.stderr.contains("warning: apc.csv: the file has no rows"), "{}", call.stderr);
    assert!(call.stderr.contains("3 people linked"), "{}", call.stderr);
}

#[test]
fn files_cut_short_are_refused() {
    let case = Case::new();
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zipped.write_all(case.text("apc.csv").as_bytes()).expect("zipped");
    let zipped = zipped.finish().expect("zipped");
    case.write("apc.csv", &zipped[..zipped.len() / 2]);
    case.refused(1, &[], &["apc.csv", "cut short"]);
    case.write("apc.csv", &zipped);
    assert!(
        case.accepted().stderr.contains("8 people linked"),
        "compressed by content, not by name"
    );

    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    super::support::synth(7, "parquet", &data);
    let whole = fs::read(data.join("sus/apc.parquet")).expect("Parquet");
    let case = Case::new();
    for length in [whole.len() / 2, whole.len() - 4, 12, 4] {
        case.write("apc.csv", &whole[..length]);
        case.refused(1, &[], &["apc.csv", "Parquet"]);
    }
}

#[test]
fn a_quote_that_never_closes_is_found_where_it_opens() {
    let case = Case::new();
    case.replace("apc.csv", "PSEUDO-BEN,", "\"PSEUDO-BEN,");
    case.refused(1, &[], &["apc.csv, line 5", "quotation mark", "never closed", "remove it"]);
}

#[test]
fn other_encodings_are_refused_or_counted() {
    let case = Case::new();
    let wide: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(case.text("apc.csv").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    case.write("apc.csv", &wide);
    case.refused(1, &[], &["apc.csv", "UTF-16", "UTF-8"]);
    case.write("apc.csv", &wide[2..]);
    case.refused(1, &[], &["apc.csv", "neither text nor Parquet"]);

    let case = Case::new();
    let mut bytes = case.text("apc.csv").into_bytes();
    let place = bytes.windows(3).position(|word| word == b"Sex").expect("a heading");
    bytes[place + 1] = 0xe9;
    case.write("apc.csv", &bytes);
    case.refused(1, &[], &["apc.csv, line 1", "UTF-8", "Windows-1252"]);
    // a value alone costs its row
    let case = Case::new();
    let mut bytes = case.text("apc.csv").into_bytes();
    let place = bytes.windows(3).rposition(|word| word == b"RBB").expect("a value");
    bytes[place] = 0xe9;
    case.write("apc.csv", &bytes);
    let call = case.accepted();
    assert!(
        call.stderr.contains("apc.csv") && call.stderr.contains("Windows-1252"),
        "{}",
        call.stderr
    );
}

#[test]
fn paths_that_are_no_files_are_refused() {
    let case = Case::new();
    fs::remove_file(case.path().join("apc.csv")).expect("removed");
    fs::create_dir(case.path().join("apc.csv")).expect("a folder");
    case.refused(1, &[], &["apc.csv", "this is a folder, not a file", "*.csv"]);
    let case = Case::new();
    case.replace("study.toml", "\"apc.csv\"", "[\"apc.csv\", \"sus-*.csv\"]");
    case.refused(2, &[], &["study.toml, line 8", "no file matches \"sus-*.csv\""]);
    let case = Case::new();
    fs::remove_file(case.path().join("areas.csv")).expect("removed");
    case.refused(2, &[], &["study.toml, line 9", "areas.csv does not exist"]);
    let case = Case::new();
    case.write("apc.csv", b"PK\x03\x04 and more");
    case.refused(1, &[], &["apc.csv", "spreadsheet", "CSV in UTF-8"]);
}

#[test]
fn an_output_folder_that_cannot_be_written_is_refused() {
    let case = Case::new();
    let below = case.path().join("apc.csv").join("out").display().to_string();
    let message = case.refused(1, &["--out", &below], &["apc.csv", "is a file, not a folder"]);
    assert_eq!(message.matches("os error").count(), 0, "{message}");
    let file = case.path().join("apc.csv").display().to_string();
    case.refused(1, &["--out", &file, "--force"], &["apc.csv", "not replaced"]);
    #[cfg(unix)]
    case.refused(
        1,
        &["--out", "/dev/null/out"],
        &["in /dev/null:", "choose another place", "--out"],
    );
}

#[cfg(unix)]
#[test]
fn every_command_says_what_to_do_when_it_cannot_write() {
    let case = Case::new();
    let study = case.path().join("study.toml").display().to_string();
    let out = "/dev/null/out.csv";
    let commands: [&[&str]; 3] = [
        &["synth", "--people", "10", "--out", out],
        &["demo", "--people", "10", "--out", out],
        &["graph", &study, "--out", out],
    ];
    for arguments in commands {
        let call = call(arguments);
        assert_eq!(call.status, 1, "{}", call.stderr);
        let message = call.stderr.split_once("error: ").expect("an error").1;
        assert!(message.contains("/dev/null"), "{message}");
        assert!(message.contains("choose another place with --out"), "{message}");
    }
}

#[test]
fn wrong_options_are_wrong_usage() {
    let case = Case::new();
    case.refused(2, &["--threads", "0"], &["--threads 0", "1 or more"]);
    case.refused(2, &["--threads", "two"], &["--threads", "'two'"]);
    case.refused(
        2,
        &["--only", "los,readmision"],
        &["--only readmision", "did you mean readmission?"],
    );
}

#[test]
fn identifiable_files_are_refused_and_no_value_is_told() {
    let case = Case::new();
    let text =
        case.text("apc.csv").replace("PSEUDO-ANNA", "9434765919").replace("PSEUDO-", "943476587");
    let digits =
        text.replace("BEN", "0").replace("CARL", "0").replace("DORA", "0").replace("EVE", "0");
    let digits = digits.replace("FRED", "0").replace("GRETA", "0").replace("HUGH", "0");
    case.write("apc.csv", digits);
    let message =
        case.refused(1, &[], &["apc.csv", "Der_Pseudo_NHS_Number", "NHS numbers", "keyed hash"]);
    assert!(!message.contains("94347"), "{message}");

    let case = Case::new();
    let mut table = Table::read(&case.path().join("apc.csv"));
    let sex = table.column("Sex");
    table.heading[sex] = "Surname".into();
    table.rows.iter_mut().for_each(|row| row[sex] = "Featherstonehaugh".into());
    table.write(&case.path().join("apc.csv"));
    let message =
        case.refused(1, &[], &["apc.csv", "\"Surname\"", "names, addresses or contact details"]);
    assert!(!message.contains("Feather"), "{message}");
}

/// Rows that cannot be used, or only in part, are counted, and the counts add up to the rows read.
#[test]
fn bad_rows_do_not_stop_a_run_and_are_all_counted() {
    let case = Case::new();
    let row = |person: &str, spell: u32, admission: &str, discharge: &str, codes: &str| {
        format!(
            "{person},{spell},{spell},1,1,RAA,1950,6,1,{admission},{discharge},{admission},{discharge},{codes},1,300,300\n"
        )
    };
    let good = "21,19,19,1";
    let more = [
        row("PSEUDO-IVY", 3001, "2024-06-10", "2024-06-05", good),
        row("PSEUDO-JACK", 3002, "2024-13-10", "2024-06-05", good),
        row("PSEUDO-KATE", 3003, "10th of June", "2024-06-05", good),
        row("PSEUDO-LIAM", 3004, "2024-06-10", "2024-06-12", "XX,YY,ZZ,Q"),
        row("PSEUDO-MIA", 3005, "", "2024-06-12", good),
        row("", 3006, "2024-06-10", "2024-06-12", good),
        "a,row,with,few,fields\n".to_owned(),
    ];
    case.append("apc.csv", &more.concat());
    let events = [
        "212,Kirklees,PSEUDO-IVY,PSEUDO-IVY,Female,1940,5,Service User,Service,2024-07-10,2024-07-01,Long Term Support: Community,Home Support\n",
        "212,Kirklees,PSEUDO-IVY,PSEUDO-IVY,Female,1940,5,Service User,Service,2024-07-33,,Long Term Support: Community,Home Support\n",
        "212,Kirklees,PSEUDO-IVY,PSEUDO-IVY,Hen,1940,5,Nobody,Celebration,2024-07-10,,Cake,Home Support\n",
    ];
    case.append("events.csv", &events.concat());
    let study = case.path().join("study.toml").display().to_string();
    let out = case.path().join("out");
    let call = call(&["run", &study, "--exact", "--out", &out.display().to_string()]);
    assert_eq!(call.status, 0, "{}", call.stderr);
    case.assert_nobody_is_named(&call.stderr);
    assert!(
        call.stderr.contains("warning: apc.csv: fewer than 8 rows were set aside"),
        "{}",
        call.stderr
    );

    let quality = Table::read(&out.join("exact/quality.csv"));
    assert_eq!(quality.found("apc", "rows read"), 13 + 7);
    assert_eq!(quality.found("apc", "rows set aside: bad_date in admission_date"), 2);
    assert_eq!(quality.found("apc", "rows set aside: field_count"), 1);
    let decoded = quality.found("hospital", "rows read (A)");
    assert_eq!(decoded + quality.sum("apc", "rows set aside"), 20);
    let used = quality.found("hospital", "rows in spells (L1)");
    assert_eq!(used + quality.sum("hospital", "rows left out"), decoded);
    assert_eq!(quality.found("hospital", "rows left out: discharge before admission (D1)"), 1);
    assert_eq!(quality.found("hospital", "rows left out: no admission date (NO_ADM)"), 1);
    assert_eq!(quality.found("hospital", "rows left out: no person (NO_PERSON)"), 1);
    assert_eq!(used, 13 + 1, "unknown codes do not cost the row");

    assert_eq!(quality.found("cld", "rows read"), 6);
    let prepared = quality.found("cld", "joined: rows read");
    assert_eq!(prepared + quality.sum("cld", "rows set aside"), 6);
    let what = quality.select(&[("source", "cld")], &["check", "numerator"]);
    let left_out: u64 = what
        .iter()
        .filter(|row| row[0].starts_with("joined: ") && !row[0].starts_with("joined: of them"))
        .filter(|row| !row[0].starts_with("joined: rows"))
        .map(|row| row[1].parse::<u64>().expect("a count"))
        .sum();
    assert_eq!(quality.found("cld", "joined: rows kept") + left_out, prepared, "{what:?}");
    // and none of these small counts is released
    let released = fs::read_to_string(out.join("tables/quality.csv")).expect("read");
    assert!(released.contains("field_count,,20,,events,c"), "{released}");
}
