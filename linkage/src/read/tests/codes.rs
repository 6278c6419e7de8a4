//! Diagnosis and operation codes of admitted patient care (`sus-fields.md` section 7).

use super::*;
use crate::hospital::codes::EpisodeCodes;

/// The codes kept of each row, by row: diagnoses, operations, primary of the spell, as texts.
fn codes(records: &Records) -> Vec<[String; 3]> {
    let (diagnoses, operations) =
        (records.texts.diagnosis.texts(), records.texts.operation.texts());
    let mut rows = Vec::new();
    for partition in &records.partitions {
        assert_eq!(partition.codes.len(), partition.apc.len());
        for (n, episode) in partition.apc.iter().enumerate() {
            let mut codes = EpisodeCodes::new();
            codes.push_row(&partition.codes, n);
            let text = |list: &[Box<str>], codes: &[u16]| {
                let texts = codes.iter().map(|&code| match &*list[usize::from(code)] {
                    "" => "none".to_owned(),
                    text => text.to_owned(),
                });
                texts.collect::<Vec<_>>().join(" ")
            };
            let row = [
                text(&diagnoses, codes.diagnoses(0)),
                text(&operations, codes.operations(0)),
                text(&diagnoses, &[codes.spell_primary(0)]),
            ];
            rows.push(((episode.file, episode.row), row));
        }
    }
    rows.sort();
    rows.into_iter().map(|(_, row)| row).collect()
}

fn kept(headings: &str, rows: &str) -> Records {
    let folder = Folder::new();
    let text = format!("PSEUDO_HESID,ADMIDATE,DISDATE,{headings}\n{rows}");
    read_ok(&Inputs { keep_codes: true, ..apc(folder.file("apc.csv", text)) })
}

/// Diagnoses and operations of rows that begin with a person and two days.
fn lists(headings: &str, cells: &[&str]) -> Vec<[String; 2]> {
    let rows: String =
        cells.iter().map(|cells| format!("a,2024-05-01,2024-05-04,{cells}\n")).collect();
    codes(&kept(headings, &rows)).into_iter().map(|[d, o, _]| [d, o]).collect()
}

#[test]
fn sus7_diagnoses_of_one_code_a_column_keep_the_order_of_their_positions() {
    let found = lists(
        "DIAG_02,DIAG_01,DIAG_03,OPERTN_01,OPERTN_02",
        &[
            "E11.9,j18.9,I10X,W37.1,z941",
            "E119,E119,E119,-,&",
            "I10X,,J449,X998,K401",
            ",,,,",
            "R69X,R69X8,NULL,-,-",
        ],
    );
    assert_eq!(found[0], ["J189 E119 I10", "W371 Z941"]);
    assert_eq!(found[1], ["E119", ""]);
    // a missing primary is not replaced by the next code
    assert_eq!(found[2], ["none I10 J449", "none K401"]);
    assert_eq!(found[3], ["", ""]);
    assert_eq!(found[4], ["R69", ""]);
}

#[test]
fn sus7_the_spell_text_gives_every_code_once() {
    let found = lists(
        "Der_Diagnosis_All,Der_Procedure_All",
        &[
            "\"||E119 ,J849 ,I10X ||N390 ,R296 ,E119\",\"||W371 ,Z941 ||-\"",
            "\"['G301D', 'F009A']\",",
            "\"||,J849\",",
            "|| ||N390,",
        ],
    );
    assert_eq!(found[0], ["E119 J849 I10 N390 R296", "W371 Z941"]);
    assert_eq!(found[1], ["G301 F009", ""]);
    assert_eq!(found[2], ["none J849", ""]);
    assert_eq!(found[3], ["N390", ""]);
}

#[test]
fn sus7_columns_come_before_the_spell_text_and_the_spells_primary_apart() {
    let records = kept(
        "Primary_Diagnosis_Code,Secondary_Diagnosis_1,Der_Diagnosis_All,Spell_Primary_Diagnosis,Primary_Procedure_Code",
        "a,2024-05-01,2024-05-04,N390,R296,\"||E119 ,N390\",E11.9,W371\n\
         b,2024-05-01,2024-05-04,N390,,,,\n\
         c,2024-05-01,2024-05-04,N390,,,I10X,\n",
    );
    let found = codes(&records);
    assert_eq!(found[0], ["N390 R296 E119", "W371", "E119"]);
    assert_eq!(found[1], ["N390", "", "none"]);
    assert_eq!(found[2], ["N390 I10", "", "I10"]);
    let columns = &records.files[0].columns;
    assert!(columns.contains(&DIAGNOSES) && columns.contains(&OPERATIONS), "{columns:?}");
    // alone the spell's primary is the first diagnosis
    let alone = lists("Secondary_Diagnosis_1,Spell_Primary_Diagnosis", &["R296,N390"]);
    assert_eq!(alone[0][0], "N390 R296");
}

#[test]
fn codes_are_numbered_by_their_texts_whatever_the_order_of_reading() {
    let rows = |codes: &[&str]| -> String {
        codes.iter().map(|code| format!("a,2024-05-01,2024-05-04,{code}\n")).collect()
    };
    let one = kept("DIAG_01", &rows(&["J189", "E119", "I10X"]));
    let other = kept("DIAG_01", &rows(&["I10X", "J189", "E119"]));
    assert_eq!(one.texts.diagnosis.texts(), other.texts.diagnosis.texts());
    assert_eq!(one.texts.diagnosis.texts().join(" "), " E119 I10 J189");
    assert_eq!(codes(&one)[2], codes(&other)[0]);
}

#[test]
fn many_codes_over_many_batches_and_regions_are_kept_row_by_row() {
    let (mut text, mut wanted) =
        ("PSEUDO_HESID,ADMIDATE,DISDATE,Der_Diagnosis_All\n".to_owned(), Vec::new());
    for n in 0..20_000u32 {
        let codes: Vec<String> =
            (0..n % 5).map(|k| format!("M{:03}", (n * 7 + k) % 1_000)).collect();
        text.push_str(&format!("p{},2024-05-01,2024-05-04,\"||{}\"\n", n % 977, codes.join(" ,")));
        wanted.push(codes.join(" "));
    }
    let folder = Folder::new();
    let file = folder.file("apc.csv", text);
    let inputs = Inputs { keep_codes: true, ..apc(file) };
    for region in [REGION_BYTES, 40_000] {
        let records = read_in_regions(&inputs, &Silent, region).expect("read");
        let found: Vec<String> = codes(&records).into_iter().map(|[d, _, _]| d).collect();
        assert!(found == wanted, "region of {region} bytes");
    }
}

#[test]
fn nothing_is_kept_of_codes_when_nothing_asks_for_them() {
    let folder = Folder::new();
    let text = "PSEUDO_HESID,ADMIDATE,DISDATE,DIAG_01,OPERTN_01,Der_Procedure_All\n\
                a,2024-05-01,2024-05-04,C509,W371,||W371\n";
    let file = folder.file("apc.csv", text);
    let without = read_ok(&apc(file.clone()));
    for partition in &without.partitions {
        assert!(partition.codes.is_empty());
    }
    // number 0 alone
    assert_eq!((without.texts.diagnosis.len(), without.texts.operation.len()), (1, 1));
    // the rows are the same either way, and so are the flags and what a file is said to have
    let with = read_ok(&Inputs { keep_codes: true, ..apc(file) });
    assert_eq!(episodes(&with), episodes(&without));
    assert!(episodes(&with)[0].1.flags.has(EpisodeFlags::CANCER));
    assert_eq!(with.files, without.files);
    assert_eq!(with.texts.diagnosis.len(), 2);
}

#[test]
fn a_file_without_codes_has_empty_lists() {
    let found = lists("ADMIMETH", &["21"]);
    assert_eq!(found, [["", ""]]);
}
