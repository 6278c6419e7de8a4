use super::*;
use crate::codes::short::Code;
use crate::day::{BirthMonth, Day};
use crate::progress::Silent;
use crate::records::apc::{Episode, EpisodeFlags};

mod codes;
mod files;
mod submissions;
#[cfg(feature = "xes")]
mod xes;

fn day(text: &str) -> OptDay {
    Day::parse_iso(text).into()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("folder"))
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("write");
        path
    }
}

fn apc(path: PathBuf) -> Inputs {
    Inputs { apc: vec![path], ..Inputs::default() }
}

fn read_ok(inputs: &Inputs) -> Records {
    let records = read(inputs, &Silent).unwrap_or_else(|error| panic!("{error}"));
    for file in &records.files {
        assert_eq!(file.rows, file.stored + file.quarantined);
    }
    records
}

fn error(inputs: &Inputs) -> String {
    read(inputs, &Silent).expect_err("an error").to_string()
}

/// Episodes with the identifier of their person, by row.
fn episodes(records: &Records) -> Vec<(String, Episode)> {
    let mut all: Vec<(String, Episode)> = records
        .partitions
        .iter()
        .flat_map(|p| {
            let id = |n: u32| String::from_utf8_lossy(&p.people.id(n).text()).into_owned();
            p.persons.apc.iter().map(id).zip(p.apc.iter())
        })
        .collect();
    all.sort_by_key(|(_, e)| (e.file, e.row));
    all
}

#[test]
fn nothing_in_gives_nothing_out() {
    let records = read_ok(&Inputs::default());
    assert!(records.files.is_empty() && records.quarantine.is_empty());
}

#[test]
fn a_file_of_the_14_columns_of_ascof_2d_is_read() {
    let folder = Folder::new();
    let text = "Der_DHSC_Pseudo_NHS_Number,APCS_Ident,APCS_Last_Ep_Ind,Admission_Date,Discharge_Date,Month_of_Birth_SUS,Year_of_Birth_SUS,Sex,Der_Postcode_LSOA_2011_Code,Admission_Method,Discharge_Method,Discharge_Destination,Der_Management_Type,Treatment_Function_Code\n\
        AB12,9007199254740993,1,2024-03-01,05/03/2024,5,1940,2,E01031043,2a,1,19,EM,300\n\
        ,12,0,20240301,NULL,13,1940,1,Z99999999,98,9,99,,999\n";
    let records = read_ok(&apc(folder.file("a.csv", text)));
    assert_eq!(records.files[0].layout, "SUS APCE");
    let rows = episodes(&records);
    let (id, first) = &rows[0];
    assert_eq!((id.as_str(), first.row), ("AB12", 1));
    assert_eq!((first.admission, first.discharge), (day("2024-03-01"), day("2024-03-05")));
    assert_eq!(first.birth, BirthMonth::new(1940, 5));
    assert_eq!(first.admission_method, Code::new("2A"));
    assert!(first.flags.has(EpisodeFlags::LAST | EpisodeFlags::HAS_LAST | EpisodeFlags::FINISHED));
    assert!(!first.flags.has(EpisodeFlags::HES) && !first.flags.has(EpisodeFlags::SPELL_LEVEL));
    assert_eq!(records.texts.lsoa.texts()[first.lsoa as usize].as_ref(), "E01031043");
    // rows without a person are kept under the empty identifier
    let (id, second) = &rows[1];
    assert_eq!(id, "");
    assert_eq!((second.discharge, second.birth), (OptDay::NONE, BirthMonth::default()));
    assert!(second.admission_method.is_none() && second.destination.is_none());
    assert!(second.treatment_function.is_none() && second.lsoa == 0);
    assert!(!second.flags.has(EpisodeFlags::LAST));
}

#[test]
fn bad_rows_are_set_aside_by_reason_and_counts_add_up() {
    let folder = Folder::new();
    let mut text = b"person_id,admission_date,discharge_date,drd\r\n".to_vec();
    text.extend_from_slice(b"a,2024-01-01,2024-01-02,\r\n");
    text.extend_from_slice(b"b,2024-01-01\r\n");
    text.extend_from_slice(b"\r\n");
    text.extend_from_slice(b"c,13/13/2024,2024-01-02,\r\n");
    text.extend_from_slice(b"caf\xe9,2024-01-01,2024-01-02,\r\n");
    text.extend_from_slice(b"d,2024-01-01,2024-01-02,soon");
    let records = read_ok(&apc(folder.file("a.csv", text)));
    let file = &records.files[0];
    assert_eq!((file.rows, file.stored, file.quarantined), (5, 2, 3));
    let aside: Vec<_> =
        records.quarantine.sorted().iter().map(|r| (r.row, r.reason, r.column)).collect();
    assert_eq!(
        aside,
        [
            (2, Reason::FieldCount, ""),
            (3, Reason::BadDate, "admission_date"),
            (4, Reason::Encoding, "")
        ]
    );
    assert!(
        file.warnings.iter().any(|w| w.starts_with("drd: fewer than 8 values")),
        "{:?}",
        file.warnings
    );
    assert!(file.warnings.iter().any(|w| w.contains("Windows-1252")));
}

#[test]
fn the_artificial_hes_file_is_read_without_any_mapping() {
    // the sample files are not part of the project
    let Some(folder) = std::env::var_os("THROUGHCARE_SAMPLES") else { return };
    let path = PathBuf::from(folder).join("artificial_hes_apc_0102.csv");
    let records = read_ok(&apc(path));
    let file = &records.files[0];
    assert_eq!((file.rows, file.stored, file.layout), (2075, 2075, "HES APC"));
    let rows = episodes(&records);
    let count = |test: &dyn Fn(&Episode) -> bool| rows.iter().filter(|(_, e)| test(e)).count();
    assert_eq!(count(&|e| e.flags.has(EpisodeFlags::LAST)), 1893);
    assert_eq!(count(&|e| e.flags.has(EpisodeFlags::FINISHED)), 2059);
    assert_eq!(count(&|e| e.admission_method == Code::new("21")), 431);
    assert_eq!(count(&|e| e.destination == Code::new("98")), 189);
    assert_eq!(count(&|e| e.discharge_method.is_none()), 4);
    assert_eq!(count(&|e| e.sex.is_none()), 2);
    let first = &rows[0].1;
    assert_eq!(first.birth, BirthMonth::new(1968, 4));
    assert_eq!((first.admission, first.discharge), (day("2001-09-27"), OptDay::NONE));
    assert!(first.flags.has(EpisodeFlags::OBSTETRIC | EpisodeFlags::HES));
    assert!(rows[2].1.flags.has(EpisodeFlags::CANCER));
    assert_eq!(records.texts.provider.texts()[usize::from(first.provider)].as_ref(), "RTA");
}
