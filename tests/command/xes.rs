//! Event logs in XES.

use super::support::{call, fixture};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn study(folder: &Path, log: &str) -> PathBuf {
    let path = folder.join("study.toml");
    let text = format!("[[inputs.events]]\nname = \"intake\"\npath = \"{log}\"\n");
    fs::write(&path, text).expect("a study");
    path
}

fn log() -> Vec<u8> {
    fs::read(fixture("xes").join("intake.xes")).expect("the log")
}

#[cfg(not(feature = "xes"))]
#[test]
fn a_build_without_the_feature_says_what_to_do() {
    use std::io::Write;
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("intake.xes"), log()).expect("a log");
    let packed = fs::File::create(folder.path().join("intake.xes.gz")).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packed.write_all(&log()).and_then(|()| packed.finish()).expect("a log");
    for name in ["intake.xes", "intake.xes.gz"] {
        let study = study(folder.path(), name);
        let out = folder.path().join("out");
        let call =
            call(&["run", &study.display().to_string(), "--out", &out.display().to_string()]);
        assert_ne!(call.status, 0);
        for words in [name, "XES", "--features xes", "convert it to CSV", "PM4Py"] {
            assert!(call.stderr.contains(words), "{words}: {}", call.stderr);
        }
        assert!(!out.exists());
    }
}

#[cfg(feature = "xes")]
mod with_the_feature {
    use super::*;
    use crate::support::{Table, run_study};
    use std::io::Write;

    /// The log as the CSV that it stands for.
    const CSV: &str = "case,activity,start,end\n\
        c1,Request,2024-05-01T08:00:00Z,\n\
        c1,Assessment & plan,2024-05-03T08:00:00Z,2024-05-05T08:00:00Z\n\
        c1,Call,2024-05-03T11:00:00Z,\n\
        c1,Service,2024-05-09T08:00:00Z,\n\
        c2,Request,2024-06-01,\n\
        c2,Service,not a date,\n\
        c2,,,\n\
        c3,\"Request, by letter\",2024-06-02,\n";

    #[test]
    fn xes_gives_the_tables_that_its_csv_gives() {
        let folder = TempDir::new().expect("a folder");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&log()).expect("packed");
        let packed = packed.finish().expect("packed");
        // told apart by what is in them
        let files: [(&str, &[u8]); 4] = [
            ("csv.csv", CSV.as_bytes()),
            ("intake.xes", &log()),
            ("intake.xes.gz", &packed),
            ("intake.txt", &packed),
        ];
        let tables = files.map(|(name, bytes)| {
            let folder = folder.path().join(name.replace('.', "_"));
            fs::create_dir(&folder).expect("a folder");
            fs::write(folder.join(name), bytes).expect("a log");
            let out = run_study(&study(&folder, name), &folder.join("out"), &["--exact"]);
            ["transitions", "states", "pathways", "quality"]
                .map(|table| fs::read(out.join(format!("exact/{table}.csv"))).expect("a table"))
        });
        for other in &tables[1..] {
            assert_eq!(&tables[0], other);
        }
        let out = folder.path().join("intake_xes/out");
        let edges = Table::read(&out.join("exact/transitions.csv"));
        let found = edges.select(&[("from", "Assessment & plan")], &["to", "count", "mean_days"]);
        assert_eq!(found, [["Call", "1", "0.125000000"]]);
        let quality = Table::read(&out.join("exact/quality.csv"));
        assert_eq!(quality.found("events", "rows read"), 8);
    }

    #[test]
    fn a_log_of_records_is_named_where_it_belongs() {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("intake.xes"), log()).expect("a log");
        let study = folder.path().join("study.toml");
        let text = "[study]\nperiod = { start = 2024-04-01, end = 2025-03-31 }\n\
                    [inputs]\napc = \"intake.xes\"\n";
        fs::write(&study, text).expect("a study");
        let call = call(&["check", &study.display().to_string()]);
        assert!(call.stderr.contains("[[inputs.events]]"), "{}", call.stderr);
    }
}
