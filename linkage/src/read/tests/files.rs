//! Formats, regions, damaged files and identifiable files.

use super::*;
use crate::records::ecds::{ArrivalMode, Disposal};
use crate::records::kept::Parts;
use arrow_array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use std::io::Write;
use std::sync::Arc;

const HEADINGS: &str = "person_id,APCS_Ident,Episode_Number,admission_date,discharge_date,sex";

fn csv_of(rows: usize) -> String {
    let mut text = format!("{HEADINGS}\n");
    for n in 0..rows {
        // quoted fields with commas, doubled quotes and line breaks; blank lines; both line ends
        let id = match n % 4 {
            0 => format!("p{n}"),
            1 => format!("\"p,{n}\""),
            2 => format!("\"p \"\"{n}\"\"\""),
            _ => format!("\"p\n{n}\""),
        };
        let end = if n % 3 == 0 { "\r\n" } else { "\n" };
        text += &format!("{id},{n},1,2024-01-{:02},,{}{end}", n % 28 + 1, n % 3);
        if n % 7 == 0 {
            text += end;
        }
    }
    text
}

#[test]
fn every_cut_of_a_file_gives_the_same_rows_with_the_same_numbers() {
    let folder = Folder::new();
    for bom in ["", "\u{feff}"] {
        let text = format!("{bom}{}", csv_of(200));
        let inputs = apc(folder.file("a.csv", &text));
        let whole = episodes(&read_ok(&inputs));
        assert_eq!(whole.len(), 200);
        assert_eq!(whole[3].0, "p\n3");
        assert!(whole.iter().zip(1..).all(|((_, e), n)| e.row == n));
        let key = |rows: &[(String, Episode)]| -> Vec<_> {
            rows.iter()
                .map(|(id, e)| (id.clone(), e.row, e.spell_key, e.admission, e.sex))
                .collect()
        };
        for size in [1, 7, 64, 100, 1000, 4096] {
            let cut = read_in_regions(&inputs, &Silent, size).expect("read");
            assert_eq!(cut.files[0].rows, 200, "{size}");
            assert_eq!(key(&episodes(&cut)), key(&whole), "{size}");
        }
    }
}

#[test]
fn a_stray_quote_inside_a_field_does_not_cut_records() {
    let folder = Folder::new();
    let mut text = format!("{HEADINGS}\n");
    for n in 0..50 {
        text += &format!("5\" pipe {n},{n},1,2024-01-01,,1\n\"x,\n{n}\",{n},2,2024-01-01,,1\n");
    }
    let inputs = apc(folder.file("a.csv", &text));
    let cut = read_in_regions(&inputs, &Silent, 64).expect("read");
    assert_eq!((cut.files[0].rows, cut.files[0].stored), (100, 100));
}

#[test]
fn compressed_files_give_what_plain_files_give() {
    let folder = Folder::new();
    let text = csv_of(50);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("gzip");
    let gzip = gzip.finish().expect("gzip");
    let zstd = zstd::encode_all(text.as_bytes(), 1).expect("zstd");
    let plain = episodes(&read_ok(&apc(folder.file("a.csv", &text))));
    for (name, bytes) in [("a.gz", &gzip), ("a.zst", &zstd)] {
        let packed = episodes(&read_ok(&apc(folder.file(name, bytes))));
        assert_eq!(packed.len(), plain.len());
        assert!(packed.iter().zip(&plain).all(|(a, b)| a.0 == b.0 && a.1.row == b.1.row));
        let short = folder.file(name, &bytes[..bytes.len() / 2]);
        let error = error(&apc(short));
        assert!(error.contains(name) && error.contains("read to its end"), "{error}");
    }
}

/// A file with a row group a row.
fn parquet_of(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("batch");
    let mut bytes = Vec::new();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(1))
        .build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
            .expect("writer");
    writer.write(&batch).expect("write");
    writer.close().expect("close");
    bytes
}

#[test]
fn parquet_gives_what_csv_gives() {
    let folder = Folder::new();
    let text = "person_id,APCS_Ident,Episode_Number,admission_date,discharge_date,sex,admission_method\na,5,1,2024-01-02,,1,2A\nb,6,2,1801-01-01,2024-02-03,2,21\n";
    let plain = episodes(&read_ok(&apc(folder.file("a.csv", text))));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("person_id", Arc::new(StringArray::from(vec!["a", "b"]))),
        ("apcs_ident", Arc::new(Int64Array::from(vec![5, 6]))),
        ("episode_number", Arc::new(arrow_array::Float64Array::from(vec![1.0, 2.0]))),
        ("admission_date", Arc::new(Date32Array::from(vec![19_724, -61_726]))),
        (
            "discharge_date",
            Arc::new(arrow_array::TimestampMicrosecondArray::from(vec![
                None,
                Some(1_706_918_400_000_000),
            ])),
        ),
        ("sex", Arc::new(arrow_array::Int8Array::from(vec![1, 2]))),
        ("admission_method", Arc::new(StringArray::from(vec!["2A", "21"]))),
    ];
    let bytes = parquet_of(columns);
    let columnar = episodes(&read_ok(&apc(folder.file("a.parquet", &bytes))));
    assert_eq!(columnar, plain);
    let error = error(&apc(folder.file("b.parquet", &bytes[..bytes.len() - 20])));
    assert!(error.contains("complete Parquet") && error.contains("cut short"), "{error}");
}

/// What is kept beside a row is read also where one column alone fills any of it.
#[test]
fn a_column_that_is_kept_apart_is_read_where_it_is_the_only_one() {
    let folder = Folder::new();
    let text = |value: &str| -> ArrayRef { Arc::new(StringArray::from(vec![value])) };
    let day = || -> ArrayRef { Arc::new(Date32Array::from(vec![19_724])) };
    let moment = || -> ArrayRef {
        Arc::new(arrow_array::TimestampMillisecondArray::from(vec![1_706_961_600_000]))
    };
    let is_apart = |columns: Vec<(&str, ArrayRef)>| {
        let kept = episodes(&read_ok(&apc(folder.file("a.parquet", parquet_of(columns)))));
        kept[0].1.filled().1.is_some()
    };
    let plain =
        || vec![("person_id", text("a")), ("admission_date", day()), ("discharge_date", day())];
    assert!(!is_apart(plain()), "whole days bring no time");
    let columns = [
        ("episode_key", text("7")),
        ("episode_start", day()),
        ("episode_end", day()),
        ("drd", day()),
        ("submitted_on", day()),
        ("lsoa11", text("E01031043")),
        ("patient_classification", text("1")),
        ("admission_treatment_function", text("300")),
        ("main_specialty", text("100")),
        ("episode_type", text("1")),
        ("ethnic", text("A")),
        ("admission_time", text("10:30")),
        ("discharge_time", text("10:30")),
        ("imd_decile", text("3")),
    ];
    for column in columns {
        let name = column.0;
        assert!(is_apart([plain(), vec![column]].concat()), "{name}");
    }
    for date in 1..3 {
        let mut columns = plain();
        columns[date].1 = moment();
        assert!(is_apart(columns), "a date brings its time");
    }
}

#[test]
fn a_care_column_that_is_kept_apart_is_read_where_it_is_the_only_one() {
    let folder = Folder::new();
    let is_apart = |more: &str, value: &str| {
        let text = format!(
            "person_id,la_code,event_type,event_start_date,event_end_date{more}\n\
             a,503,Service,2024-01-02,2024-01-03{value}\n"
        );
        let path = folder.file("a.csv", text);
        let records = read_ok(&Inputs { cld_events: vec![path], ..Inputs::default() });
        let mut rows = records.partitions.iter().flat_map(|p| p.cld.iter());
        rows.next().expect("a row").filled().1.is_some()
    };
    assert!(!is_apart("", ""));
    for (column, value) in [
        ("date_of_birth", "1950-02-01"),
        ("client_type", "Service User"),
        ("request_route_of_access", "Self-referral"),
        ("assessment_type", "Long term assessment"),
        ("delivery_mechanism", "Direct Payment only"),
        ("review_reason", "Planned"),
        ("gender", "Female"),
        ("conversation", "1"),
        ("age_at_event_start", "80"),
    ] {
        assert!(is_apart(&format!(",{column}"), &format!(",{value}")), "{column}");
    }
    assert!(is_apart(",birth_year,birth_month", ",1950,2"));
}

#[test]
fn a_quote_that_is_never_closed_is_named_by_its_line() {
    let folder = Folder::new();
    let row = |id: &str| format!("{id},1,1,2024-01-01,2024-01-02,1\n");
    let text = format!("{HEADINGS}\n{}{}{}", row("a"), row("\"b"), row("c").repeat(100));
    for size in [64, 1 << 20] {
        let inputs = apc(folder.file("a.csv", &text));
        let error = read_in_regions(&inputs, &Silent, size).expect_err("error").to_string();
        assert!(error.contains("a.csv, line 3: a quotation mark opens here"), "{error}");
    }
}

#[test]
fn a_quote_that_joins_two_lines_into_a_wrong_row_is_an_error_not_one_lost_row() {
    let folder = Folder::new();
    let text = format!("{HEADINGS}\na,1,1,2024-01-01,,1\n\"b,1,1,2024-01-01,,1\nc\",1,1\n");
    let told = error(&apc(folder.file("a.csv", text)));
    assert!(told.contains("row 2") && told.contains("not closed"), "{told}");
}

#[test]
fn files_that_are_no_input_are_named_with_what_to_do() {
    let folder = Folder::new();
    for (bytes, wanted) in [
        (b"".as_slice(), "empty"),
        (b"\xff\xfea\0", "UTF-16"),
        (b"PK\x03\x04....", "spreadsheet"),
        (b"ab\0\0cd", "neither text nor Parquet"),
        (b"person;admission;discharge\na;b;c\n", "commas"),
        (b"pers\xf6n,b\n", "not UTF-8"),
    ] {
        let error = error(&apc(folder.file("x.csv", bytes)));
        assert!(error.contains("x.csv") && error.contains(wanted), "{wanted}: {error}");
    }
    assert!(error(&apc(folder.0.path().to_path_buf())).contains("folder"));
    assert!(error(&apc(folder.0.path().join("none.csv"))).contains("cannot be read"));
}

#[test]
fn identifiable_files_are_refused_without_showing_a_value() {
    let folder = Folder::new();
    let head = "person_id,admission_date,discharge_date";
    let text = format!("{head},Surname\na,2024-01-01,2024-01-02,Featherstonehaugh\n");
    let told = error(&apc(folder.file("x.csv", text)));
    assert!(
        told.contains("x.csv") && told.contains("Surname") && !told.contains("Feather"),
        "{told}"
    );
    let text = format!("{head}\n{}", "943 476 5919,2024-01-01,2024-01-02\n".repeat(5));
    let told = error(&apc(folder.file("y.csv", text)));
    assert!(told.contains("NHS numbers") && !told.contains("943"), "{told}");
}

#[test]
fn attendances_and_deaths_are_read() {
    let folder = Folder::new();
    let ecds = "EC_Ident,Der_Pseudo_NHS_Number,Der_Provider_Code,Arrival_Date,Arrival_Time,EC_Department_Type,EC_AttendanceCategory,EC_Discharge_Status_SNOMED_CT,Discharge_Destination_SNOMED_CT,Der_Dupe_Flag,Finished_Indicator\n\
        1,a,RGP75,2024-03-01,2359,1,1,182992009,306706006,0,1\n\
        2,b,RGP,2024-03-01,,01,4,75004002,,1,1\n";
    let legacy = "AEKEY,PSEUDO_HESID,PROCODE3,ARRIVALDATE,ARRIVALTIME,AEDEPTTYPE,AEATTENDCAT,AEATTENDDISP\n7,a,RGP,2018-03-01,3000,01,2,12\n";
    let deaths =
        "Der_Pseudo_NHS_Number,DOD,DOR,MATCH_RANK\na,,20240402,1\nb,2024-04-01,2024-04-03,9\n";
    let inputs = Inputs {
        ecds: vec![folder.file("e.csv", ecds), folder.file("l.csv", legacy)],
        deaths: vec![folder.file("d.csv", deaths)],
        ..Inputs::default()
    };
    let records = read_ok(&inputs);
    let mut all: Vec<_> = records.partitions.iter().flat_map(|p| p.ecds.iter()).collect();
    all.sort_by_key(|a| (a.file, a.row));
    assert_eq!(all[0].arrival_time, 1439);
    assert_eq!((all[0].department, all[0].disposal), (Code::new("01"), Disposal::Admitted));
    assert!(!all[0].housekeeping && all[1].housekeeping);
    assert_eq!(all[1].disposal, Disposal::Died);
    assert_eq!(all[0].provider, all[1].provider);
    assert_eq!((all[2].category, all[2].disposal), (Code::new("4"), Disposal::Left));
    assert_eq!(all[2].arrival_time, u16::MAX);
    let mut deaths: Vec<_> = records.partitions.iter().flat_map(|p| p.deaths.iter()).collect();
    deaths.sort_by_key(|d| d.row);
    assert_eq!((deaths[0].death, deaths[0].registration), (OptDay::NONE, day("2024-04-02")));
    assert_eq!((deaths[1].death, deaths[1].match_rank), (day("2024-04-01"), 9));
}

#[test]
fn sus_8_5_every_column_of_a_and_e_before_ecds_is_read() {
    let folder = Folder::new();
    let text = "AEKEY,PSEUDO_HESID,PROCODE3,ARRIVALDATE,ARRIVALTIME,DEPTIME,AEDEPTTYPE,AEATTENDCAT,AEARRIVALMODE,AEATTENDDISP,AEPATGROUP,DIAG_01,TREAT_01\n\
        0,a,RGP,2018-03-01,1059,4000,99,9,1,1,80,051,22\n\
        8,a,RGP,2018-03-01,1101,,01,3,2,10,80,051,22\n\
        9,a,RGP,2018-03-01,1101,,01,1,9,03,70,052,22\n";
    let other = "AEA_Ident,Der_Pseudo_NHS_Number,Der_Provider_Code,Arrival_Date,Arrival_Time,Attendance_Category\n\
        5,b,RGP,2018-03-02,10:00:00,1\n";
    let modern = "EC_Ident,Der_Pseudo_NHS_Number,Der_Provider_Code,Arrival_Date,EC_Arrival_Mode_SNOMED_CT,EC_Discharge_Status_SNOMED_CT,SUS_Excluded\n\
        5,b,RGP,2024-03-02,1048031000000100,1077031000000103,0\n\
        6,b,RGP,2024-03-03,1048021000000102,182992009,1\n";
    let paths = [("a.csv", text), ("b.csv", other), ("c.csv", modern)];
    let ecds = paths.map(|(name, text)| folder.file(name, text)).to_vec();
    let records = read_ok(&Inputs { ecds, ..Inputs::default() });
    let layouts: Vec<&str> = records.files.iter().map(|file| file.layout).collect();
    assert_eq!(layouts, ["A&E (before ECDS)", "A&E (before ECDS)", "ECDS"]);
    let mut all: Vec<_> = records.partitions.iter().flat_map(|p| p.ecds.iter()).collect();
    all.sort_by_key(|a| (a.file, a.row));
    let [first, second, third, aea, ambulance, excluded] = all.as_slice() else {
        panic!("{} rows", all.len())
    };
    assert_eq!((first.key, first.departure_time), (None, u16::MAX), "0 is no key, 4000 no time");
    assert!(first.department.is_none() && first.category.is_none());
    assert_eq!((first.disposal, first.arrival_mode), (Disposal::Admitted, ArrivalMode::Ambulance));
    assert!(first.legacy && first.in_standard_count());
    assert_eq!(first.first_codes, second.first_codes);
    assert_ne!(first.first_codes, third.first_codes);
    assert_eq!((second.disposal, second.arrival_mode), (Disposal::Died, ArrivalMode::Other));
    assert_eq!(second.category, Code::new("2"), "an unplanned follow-up");
    // brought in dead
    assert_eq!((third.disposal, third.in_standard_count()), (Disposal::Died, false));
    assert_eq!((aea.arrival_time, aea.legacy, aea.category), (600, true, Code::new("1")));
    assert_eq!(ambulance.arrival_mode, ArrivalMode::Ambulance);
    assert!(!ambulance.in_standard_count() && !ambulance.housekeeping, "streamed away");
    assert!(excluded.housekeeping && !excluded.in_standard_count());
    assert_eq!(excluded.arrival_mode, ArrivalMode::Other);
}

#[test]
fn sus_9_outpatient_appointments_are_read_in_both_layouts() {
    let folder = Folder::new();
    let hes = "ATTENDKEY,ENCRYPTED_HESID,APPTDATE,PROCODE5,ATTENDED,FIRSTATT,OUTCOME,TRETSPEF,MAINSPEF,PRIORITY,REFSOURC\n\
        1,a,2018-05-01,RGP75,5,1,1,320,320,9,99\n\
        2,a,1801-01-01,RGP75,9,9,9,&,999,1,3\n\
        3,a,31/13/2018,RGP75,5,1,1,320,320,1,03\n";
    let sus = "OPA_Ident,Der_Pseudo_NHS_Number,Appointment_Date,Der_Provider_Code,Attendance_Status,Consultation_Medium_Used,Treatment_Function_Code\n\
        7,b,01/06/2024,RGP,3,2,430\n";
    let outpatients = vec![folder.file("h.csv", hes), folder.file("s.csv", sus)];
    let records = read_ok(&Inputs { outpatients, ..Inputs::default() });
    assert_eq!(records.files[0].layout, "outpatients");
    assert_eq!((records.files[0].stored, records.files[0].quarantined), (2, 1));
    let mut all: Vec<_> = records.partitions.iter().flat_map(|p| p.outpatients.iter()).collect();
    all.sort_by_key(|a| (a.file, a.row));
    let [seen, undated, missed] = all.as_slice() else { panic!("{} rows", all.len()) };
    assert_eq!((seen.date, seen.is_attended()), (day("2018-05-01"), true));
    assert!(seen.priority.is_none() && seen.referral_source.is_none());
    assert_eq!((seen.first, seen.treatment_function), (Code::new("1"), Code::new("320")));
    assert!(undated.date.is_none() && undated.status.is_none() && undated.outcome.is_none());
    assert!(undated.treatment_function.is_none() && undated.main_specialty.is_none());
    assert_eq!(undated.referral_source, Code::new("03"));
    assert_eq!((missed.is_missed(), missed.medium), (true, Code::new("02")));
    assert_eq!((seen.provider, missed.provider), (undated.provider, seen.provider));
}

#[test]
fn sus_2_files_of_two_generations_of_hes_are_refused() {
    let folder = Folder::new();
    let apc = folder.file("old.csv", "ENCRYPTED_HESID,ADMIDATE,DISDATE\na,2020-01-01,2020-01-02\n");
    let deaths = folder.file("new.csv", "TOKEN_PERSON_ID,DOD\nx,2024-01-01\n");
    let both = Inputs { apc: vec![apc.clone()], deaths: vec![deaths.clone()], ..Inputs::default() };
    let told = error(&both);
    assert!(
        told.contains("old.csv") && told.contains("new.csv") && told.contains("HES IDs"),
        "{told}"
    );
    read_ok(&Inputs { apc: vec![apc], ..Inputs::default() });
    read_ok(&Inputs { deaths: vec![deaths], ..Inputs::default() });
}

#[test]
fn sus_2_only_a_verified_nhs_number_is_joined_by() {
    let folder = Folder::new();
    let text = "Der_Pseudo_NHS_Number,NHS_Number_Status,Admission_Date,Discharge_Date\n\
        aa,01,2024-05-01,2024-05-02\n\
        bb,02,2024-05-01,2024-05-02\n\
        cc,,2024-05-01,2024-05-02\n\
        ,07,2024-05-01,2024-05-02\n";
    let apc = apc(folder.file("apc.csv", text));
    let people = |statuses: &[&str]| {
        let trusted_statuses = Some(CodeSet::new(statuses.iter().copied()));
        let records = read_ok(&Inputs { trusted_statuses, ..apc.clone() });
        let ids: Vec<String> = episodes(&records).into_iter().map(|(id, _)| id).collect();
        (ids.join("|"), records.files[0].untrusted, records.files[0].warnings.len())
    };
    assert_eq!(people(&["01"]), ("aa||cc|".into(), 1, 1));
    assert_eq!(people(&["01", "02"]), ("aa|bb|cc|".into(), 0, 0));
    // emergency care likewise
    let text = "Der_Pseudo_NHS_Number,NHSNUMBERSTATUS,Arrival_Date\naa,3,2024-05-01\n";
    let ecds = vec![folder.file("ecds.csv", text)];
    let trusted_statuses = Some(CodeSet::new(["01"]));
    let records = read_ok(&Inputs { ecds, trusted_statuses, ..Inputs::default() });
    assert_eq!(records.files[0].untrusted, 1);
}

#[test]
fn sus_8_an_attendance_has_age_sex_and_residence() {
    let folder = Folder::new();
    let text = "Der_Pseudo_NHS_Number,Arrival_Date,Age_At_Arrival,Sex,Der_Postcode_LSOA_2011_Code,Der_Postcode_Local_Auth\n\
        aa,2024-05-01,74,2,E01000001,E09000001\n\
        aa,2024-05-02,7003,9,Z99999999,\n\
        aa,2024-05-03,999,0,,NULL\n";
    let ecds = vec![folder.file("ecds.csv", text)];
    let records = read_ok(&Inputs { ecds, ..Inputs::default() });
    let mut all: Vec<_> = records.partitions.iter().flat_map(|p| p.ecds.iter()).collect();
    all.sort_by_key(|a| a.row);
    let ages: Vec<_> = all.iter().map(|a| a.age()).collect();
    assert_eq!(ages, [Some(74), Some(0), None]);
    let sexes: Vec<_> = all.iter().map(|a| a.sex).collect();
    assert_eq!(sexes, [Code::new("2"), Code::new("9"), Code::NONE]);
    assert!(all[0].lsoa != 0 && all[0].residence != 0);
    assert!(all[1..].iter().all(|a| a.lsoa == 0 && a.residence == 0));
}
