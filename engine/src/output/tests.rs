//! Written files read back.

use super::*;
use crate::disclosure::{Profile, ProfileName, protect};
use crate::figure::Results;
use ::csv as csv_crate;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::cast::AsArray;
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::collections::BTreeMap;

fn write(profile: &Profile) -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let released = protect(&fixture::results(), profile);
    let paths =
        write_tables(&released, &fixture::about(), &Formats::default(), dir.path()).unwrap();
    (dir, paths)
}

fn read_all(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    list_outputs(dir)
        .unwrap()
        .into_iter()
        .map(|file| (file.path.clone(), std::fs::read(dir.join(&file.path)).unwrap()))
        .collect()
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let (a, paths) = write(&Profile::default());
    let (b, _) = write(&Profile::default());
    let (a, b) = (read_all(a.path()), read_all(b.path()));
    assert_eq!(paths.len(), 19);
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (path, bytes) in &a {
        assert!(bytes == &b[path], "{path}");
    }
}

#[test]
fn csv_has_the_columns_of_the_contract_and_empty_marked_cells() {
    let (dir, _) = write(&Profile::default());
    let mut reader = csv_crate::Reader::from_path(dir.path().join("tables/measures.csv")).unwrap();
    let header = "measure,part,period_start,period_end,area_type,area_code,area_name,stratum,numerator,\
                  denominator,value,lower,upper,unit,status";
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
    let rows: Vec<csv_crate::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), fixture::results().measures.len());
    let small = rows.iter().find(|row| &row[5] == "107" && &row[0] == "readmission").unwrap();
    assert_eq!([&small[8], &small[9], &small[10], &small[14]], ["", "25", "", "c"]);
    assert_eq!([&small[2], &small[3]], ["2024-04-01", "2025-03-31"]);
    let first = &rows[0];
    assert_eq!([&first[8], &first[9], &first[10], &first[14]], ["560", "4000", "14.0", ""]);
    for (name, header) in [
        (
            "transitions",
            "scheme,area_code,stratum,from,to,count,people,mean_days,median_days,p25_days,p75_days,total_days,probability,rate_per_person_year",
        ),
        (
            "curves",
            "measure,area_code,stratum,event,day,at_risk,events,censored,estimate,variance,lower,upper",
        ),
        ("states", "scheme,area_code,stratum,state,visits,people,total_days,starts,ends,censored"),
        ("pathways", "area_code,stratum,anchor,rank,path,people,share,median_days"),
    ] {
        let text = std::fs::read_to_string(dir.path().join(format!("tables/{name}.csv"))).unwrap();
        assert_eq!(text.lines().next(), Some(header));
    }
}

#[test]
fn curves_are_written_under_control_and_exact() {
    let (dir, _) = write(&Profile::default());
    let lines = |path: &Path| -> Vec<String> {
        std::fs::read_to_string(path).unwrap().lines().skip(1).map(Into::into).collect()
    };
    let stem = "waiting_times,E92000001,,first_response";
    let released = lines(&dir.path().join("tables/curves.csv"));
    assert_eq!(released[0], format!("{stem},28,110,70,0,0.636,0.00210,0.547,0.725"));
    let stem = "readmission,E92000001,,readmission";
    assert_eq!(released[1], format!("{stem},7,1000,90,0,0.090,0.00008,0.074,0.109"));
    assert_eq!(released.len(), 13, "three competing events on four days");
    let exact = tempfile::tempdir().unwrap();
    write_exact(&fixture::results(), exact.path()).unwrap();
    let exact = lines(&exact.path().join("curves.csv"));
    let stem = "waiting_times,E92000001,,first_response";
    assert_eq!(exact.len(), 14);
    assert!(exact[0].starts_with(&format!("{stem},7,110,3,0,0.027273,")), "{}", exact[0]);
}

#[test]
fn what_rounds_to_zero_is_zero_with_the_status_low() {
    let dir = tempfile::tempdir().unwrap();
    let mut results = fixture::results();
    results.measures.truncate(1);
    results.measures[0].numerator = Some(2);
    let released = protect(&results, &Profile::named(ProfileName::Round5));
    write_tables(&released, &fixture::about(), &Formats::default(), dir.path()).unwrap();
    let mut reader = csv_crate::Reader::from_path(dir.path().join("tables/measures.csv")).unwrap();
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!([&row[8], &row[9], &row[10], &row[14]], ["0", "4000", "0", "low"]);
    let mut book: Xlsx<_> = open_workbook(dir.path().join("tables.xlsx")).unwrap();
    let range = book.worksheet_range("Table_1").unwrap();
    assert_eq!(range.get((4, 8)), Some(&Data::String("[low]".into())));
}

#[test]
fn parquet_holds_what_the_csv_holds() {
    let (dir, _) = write(&Profile::default());
    for name in ["measures", "curves", "transitions", "states", "attrition", "quality"] {
        let file = std::fs::File::open(dir.path().join(format!("tables/{name}.parquet"))).unwrap();
        let batches: Vec<_> = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut reader =
            csv_crate::Reader::from_path(dir.path().join(format!("tables/{name}.csv"))).unwrap();
        let header = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(batches.iter().map(|b| b.num_rows()).sum::<usize>(), rows.len());
        let batch = &batches[0];
        let schema = batch.schema();
        assert!(schema.fields().iter().map(|field| &**field.name()).eq(header.iter()));
        for (number, row) in rows.iter().enumerate() {
            for (column, text) in row.iter().enumerate() {
                let array = batch.column(column);
                match array.data_type() {
                    arrow_schema::DataType::Utf8 => {
                        assert_eq!(array.as_string::<i32>().value(number), text);
                    }
                    _ if array.is_null(number) => assert_eq!(text, ""),
                    arrow_schema::DataType::Int64 => {
                        let value =
                            array.as_primitive::<arrow_array::types::Int64Type>().value(number);
                        assert_eq!(value, text.parse::<i64>().unwrap());
                    }
                    arrow_schema::DataType::Float64 => {
                        let value =
                            array.as_primitive::<arrow_array::types::Float64Type>().value(number);
                        assert_eq!(value, text.parse::<f64>().unwrap());
                    }
                    _ => {
                        let day =
                            array.as_primitive::<arrow_array::types::Date32Type>().value(number);
                        assert_eq!(throughcare_linkage::day::Day(day).to_string(), text);
                    }
                }
            }
        }
    }
}

#[test]
fn d09_spreadsheet_has_cover_contents_notes_and_no_empty_cell() {
    let (dir, _) = write(&Profile::default());
    let mut book: Xlsx<_> = open_workbook(dir.path().join("tables.xlsx")).unwrap();
    let names = book.sheet_names();
    assert_eq!(names[..4], ["Cover", "Contents", "Notes", "Table_1"]);
    assert_eq!(names.len(), 10);
    for name in &names[3..] {
        let range = book.worksheet_range(name).unwrap();
        assert_eq!(range.start(), Some((0, 0)), "{name} starts at A1");
        for row in range.rows().skip(3) {
            assert!(row.iter().all(|cell| !matches!(cell, Data::Empty)), "{name}: {row:?}");
        }
    }
    let range = book.worksheet_range("Table_1").unwrap();
    let row = range.rows().find(|row| row[5] == Data::String("107".into())).unwrap();
    assert_eq!(row[8], Data::String("[c]".into()));
    assert_eq!(row[9], Data::Float(25.0));
    assert_eq!(row[7], Data::String("All".into()));
    let cover = book.worksheet_range("Cover").unwrap();
    assert_eq!(cover.get((0, 0)), Some(&Data::String("Discharge and social care, 2024-25".into())));
}

#[test]
fn graphs_hold_protected_edges_only() {
    let (dir, _) = write(&Profile::default());
    let text = std::fs::read_to_string(dir.path().join("graph/transitions.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let edges = json["graphs"][0]["edges"].as_array().unwrap();
    assert!(edges.iter().any(|edge| edge["to"] == "OTHER"));
    assert!(!edges.iter().any(|edge| edge["to"] == "PRISON"));
    for edge in edges {
        assert_eq!(edge["count"].as_i64().unwrap() % 5, 0);
    }
    let dot = std::fs::read_to_string(dir.path().join("graph/transitions.dot")).unwrap();
    assert!(dot.contains("\"IP_EM\" -> \"OTHER\" [label=\"10\""));
    let graphml = std::fs::read_to_string(dir.path().join("graph/transitions.graphml")).unwrap();
    assert_eq!(graphml.matches("<edge ").count(), edges.len());
}

#[test]
fn dot_of_a_small_graph() {
    let mut results = fixture::results();
    results.transitions.retain(|edge| edge.from == "NURS");
    results.states.retain(|node| node.state == "NURS");
    let released = protect(&results, &Profile::default());
    insta::assert_snapshot!(graph::dot(&graph::graphs(&released), false), @r#"
    digraph "full E92000001" {
      rankdir=LR;
      node [shape=box, fontname="sans-serif"];
      "NURS" [label="Nursing home\n595 people"];
      "IP_EM" [label="Hospital: emergency"];
      "DEAD" [label="Died"];
      "NURS" -> "IP_EM" [label="260", penwidth=2.41];
      "NURS" -> "DEAD" [label="420", penwidth=3.59];
    }
    "#);
}

#[test]
fn without_control_every_output_is_stamped() {
    let (dir, _) = write(&Profile::named(ProfileName::None));
    assert!(dir.path().join("NOT_FOR_RELEASE.txt").is_file());
    for name in ["dot", "graphml", "json"] {
        let text =
            std::fs::read_to_string(dir.path().join(format!("graph/transitions.{name}"))).unwrap();
        assert!(text.contains(NOT_FOR_RELEASE), "{name}");
    }
    let mut book: Xlsx<_> = open_workbook(dir.path().join("tables.xlsx")).unwrap();
    for name in ["Cover", "Table_1"] {
        let range = book.worksheet_range(name).unwrap();
        assert!(range.cells().any(|cell| cell.2.to_string().contains(NOT_FOR_RELEASE)), "{name}");
    }
    let (released, _) = write(&Profile::default());
    assert!(!released.path().join("NOT_FOR_RELEASE.txt").exists());
}

#[test]
fn exact_tables_come_with_the_notice() {
    let dir = tempfile::tempdir().unwrap();
    write_exact(&fixture::results(), dir.path()).unwrap();
    assert!(
        std::fs::read_to_string(dir.path().join(RESTRICTED)).unwrap().contains(NOT_FOR_RELEASE)
    );
    let mut reader = csv_crate::Reader::from_path(dir.path().join("transitions.csv")).unwrap();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let prison = rows.iter().find(|row| &row[4] == "PRISON").unwrap();
    assert_eq!([&prison[5], &prison[6]], ["3", "3"]);
}

#[test]
fn a_folder_appears_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("out");
    let fill = |folder: &Folder, text: &str| {
        std::fs::write(folder.path().join("manifest.json"), text).unwrap();
    };
    let abandoned = Folder::begin(&place, false).unwrap();
    fill(&abandoned, "half");
    drop(abandoned);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);

    let folder = Folder::begin(&place, false).unwrap();
    fill(&folder, "one");
    assert!(!place.exists());
    folder.finish().unwrap();
    assert!(matches!(Folder::begin(&place, false), Err(OutputError::Exists(_))));

    let folder = Folder::begin(&place, true).unwrap();
    fill(&folder, "two");
    assert_eq!(std::fs::read_to_string(place.join("manifest.json")).unwrap(), "one");
    folder.finish().unwrap();
    assert_eq!(std::fs::read_to_string(place.join("manifest.json")).unwrap(), "two");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);

    // a folder of somebody else is not replaced, whatever is asked
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("letter.txt"), "dear").unwrap();
    assert!(matches!(Folder::begin(&other, true), Err(OutputError::NotARun(_))));
}

#[test]
fn the_manifest_lists_outputs_and_its_identity_ignores_time() {
    let (dir, _) = write(&Profile::default());
    let released = protect(&fixture::results(), &Profile::default());
    let mut manifest = Manifest { engine_version: "0.1.0".into(), ..Default::default() };
    manifest.set_disclosure(&released.profiles, &released.summary).unwrap();
    let read = |manifest: &Manifest| -> Manifest {
        write_manifest(manifest, dir.path()).unwrap();
        read_manifest(dir.path()).unwrap()
    };
    let first = read(&manifest);
    assert_eq!(first.outputs.len(), 19);
    let (bytes, sha256) = hash_file(&dir.path().join("tables/measures.csv")).unwrap();
    let listed = first.outputs.iter().find(|file| file.path == "tables/measures.csv").unwrap();
    assert_eq!((listed.bytes, &listed.sha256), (bytes, &sha256));
    assert!(first.hidden["hidden"]["transitions"]["folded_edge"].as_u64().unwrap() >= 2);
    manifest.timings.push(Timing { stage: "reading".into(), seconds: 1.5 });
    let second = read(&manifest);
    assert_eq!(first.run_id, second.run_id);
    manifest.inputs.push(Input { role: "cld".into(), ..Default::default() });
    assert_ne!(read(&manifest).run_id, first.run_id);
}

#[test]
fn nothing_to_write_gives_headers_only() {
    let dir = tempfile::tempdir().unwrap();
    let released = protect(&Results::default(), &Profile::default());
    write_tables(&released, &About::default(), &Formats::default(), dir.path()).unwrap();
    let text = std::fs::read_to_string(dir.path().join("tables/measures.csv")).unwrap();
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn a_long_table_of_figures_is_shortened_in_the_spreadsheet_alone() {
    let released = protect(&fixture::results(), &Profile::default());
    let mut whole = tables(&released).remove(0);
    let is = |row: &[Cell], column: usize, text: &str| row[column] == Cell::Text(text.into());
    let total = |area_type: &str| {
        whole.rows.iter().find(|row| is(row, 4, area_type) && is(row, 7, "")).cloned().unwrap()
    };
    for mut row in [total("la"), total("england")] {
        row[7] = Cell::Text("sex=Female".into());
        whole.rows.push(row);
    }
    let of = |most| {
        let mut table = whole.clone();
        xlsx::shorten(&mut table, most);
        table
    };
    assert_eq!(of(whole.rows.len()), whole);
    let short = of(1);
    assert!(short.note.contains("file measures"));
    let left_out = |row: &&Vec<Cell>| is(row, 4, "la") && !is(row, 7, "");
    let count = whole.rows.iter().filter(left_out).count();
    assert!(count > 0 && short.rows.iter().find(left_out).is_none());
    assert_eq!(short.rows.len(), whole.rows.len() - count);
    // other tables are never shortened
    let states = tables(&released).remove(3);
    let mut kept = states.clone();
    xlsx::shorten(&mut kept, 0);
    assert_eq!(kept, states);
}
