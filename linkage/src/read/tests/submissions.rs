//! Client Level Data.

use super::*;
use crate::codes::cld::Field;
use crate::person::PersonIdKind;
use crate::records::cld::{CldRow, Pence};

const RAW: &str = "LA Code,LA_Name,ImportDate,Der_Unique_Record_ID,Reporting Period Start Date,Reporting Period End Date,Der_NHS_Number_Traced_Pseudo,Der_NHS_Number_Pseudo,LA Person Unique Identifier,Der_Birth_Year,Der_Birth_Month,Event Type,Event Start Date,Event End Date,Service Type,Unit Cost,No. of adults being cared for,Adult 1 Linked Person_ID";

fn submissions(path: PathBuf) -> Inputs {
    Inputs { cld_submissions: vec![path], ..Inputs::default() }
}

fn rows(records: &Records) -> Vec<(String, CldRow)> {
    let mut all: Vec<(String, CldRow)> = records
        .partitions
        .iter()
        .flat_map(|p| {
            let id = |n: u32| String::from_utf8_lossy(&p.people.id(n).text()).into_owned();
            p.persons.cld.iter().map(id).zip(p.cld.iter())
        })
        .collect();
    all.sort_by_key(|(_, row)| (row.file, row.row));
    all
}

#[test]
fn p09_the_person_is_the_traced_then_the_submitted_then_the_local_identifier() {
    let folder = Folder::new();
    let text = format!(
        "{RAW}\n\
        100,Here,2025-01-10 10:00:00.253,1,2024-01-01,2024-12-31,T1,N1,77,1940,5,Service,2024-02-01,9999-01-01,X,12.50,1,88\n\
        100,Here,2025-01-10 10:00:00.253,2,2024-01-01,2024-12-31,NULL,N1,77,1940,5,Service,2024-02-01,2024-03-05,X,,,\n\
        100,Here,2025-01-10 10:00:00.253,3,2024-01-01,2024-12-31,,,77,1940,5,NULL,2024-02-01,2024-03-09,,,,\n\
        100,Here,2025-04-10 10:00:00,4,2024-04-01,2025-03-31,,,,,,Review,2024-02-01,2024-03-09,,,,\n\
        ,Here,2025-04-10 10:00:00,5,2024-04-01,2025-03-31,T1,,,,,Review,2024-02-01,2024-03-09,,,,\n\
        100,Here,whenever,6,2024-04-01,2025-03-31,T1,,,,,Review,2024-02-01,2024-03-09,,,,\n"
    );
    let records = read_ok(&submissions(folder.file("q.csv", text)));
    let all = rows(&records);
    let ids: Vec<(&str, PersonIdKind)> =
        all.iter().map(|(id, row)| (id.as_str(), row.id_kind)).collect();
    assert_eq!(
        ids,
        [
            ("T1", PersonIdKind::NhsTraced),
            ("N1", PersonIdKind::NhsSupplied),
            ("100_77", PersonIdKind::LaLocal),
            ("", PersonIdKind::None)
        ]
    );
    assert_eq!(all[0].1.raw_end, OptDay::NONE);
    assert_eq!(all[0].1.record_id, 1);
    // a text like any other until the edition says what it means
    let mut types = records.texts.raw.texts(Field::EventType);
    types.sort();
    assert_eq!(types, ["NULL", "Review", "Service"].map(Box::from));
    let aside: Vec<_> = records.quarantine.sorted().iter().map(|r| (r.row, r.reason)).collect();
    assert_eq!(aside, [(5, Reason::NoCouncil), (6, Reason::BadDate)]);

    let mut tallies: Vec<_> = records.submissions.iter().map(|(k, t)| (k.import, t)).collect();
    tallies.sort_by_key(|(import, _)| *import);
    assert_eq!(tallies.len(), 2);
    let first = tallies[0].1;
    assert_eq!((first.rows, tallies[1].1.rows), (3, 1));
    assert_eq!(first.stated_start, day("2024-01-01"));
    assert_eq!(first.stated_end, day("2024-12-31"));
    let ends: Vec<(OptDay, u64)> = first.ends.iter().map(|(&(day, _), &n)| (day, n)).collect();
    assert_eq!(ends.iter().filter(|(month, _)| *month == day("2024-03-01")).count(), 2);
    assert_eq!(ends[0], (OptDay::NONE, 1));

    let part = records.partitions.iter().find(|p| p.cld.iter().any(|r| r.record_id == 1));
    let part = part.expect("partition");
    let at = part.cld.iter().position(|r| r.record_id == 1).expect("row");
    let detail = part.cld_detail[at];
    assert_eq!(detail.unit_cost, Pence::new(1250));
    assert_eq!(records.texts.local_id.texts()[detail.linked_ids[0] as usize].as_ref(), "88");
}

#[test]
fn p09_local_identifiers_never_join_across_councils_and_pseudonyms_do() {
    let folder = Folder::new();
    let row = |la: &str, id: u32, pseudonym: &str| {
        format!(
            "{la},{la},2025-01-10 10:00:00,{id},2024-01-01,2024-12-31,,{pseudonym},77,1940,5,\
             Service,2024-02-01,,X,,,\n"
        )
    };
    let rows_of = [row("100", 1, ""), row("200", 2, ""), row("100", 3, "N1"), row("200", 4, "N1")];
    let text = format!("{RAW}\n{}", rows_of.concat());
    let all = rows(&read_ok(&submissions(folder.file("q.csv", text))));
    let ids: Vec<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["100_77", "200_77", "N1", "N1"]);
}

#[test]
fn a_file_without_import_date_and_record_id_gets_both_by_content() {
    let folder = Folder::new();
    let head = "LA_Code,Reporting_Period_Start_Date,Reporting_Period_End_Date,LA_Person_Unique_Identifier,Event_Type,Event_Start_Date,Event_End_Date";
    let one = "100,2024-01-01,2024-12-31,7,Request,2024-02-01,2024-02-02";
    let two = "100,2024-01-01,2024-12-31,8,Service,2024-02-01,";
    let read = |name: &str, rows: [&str; 2]| {
        let text = format!("{head}\n{}\n{}\n", rows[0], rows[1]);
        read_ok(&submissions(folder.file(name, text)))
    };
    let (ahead, back) = (read("a.csv", [one, two]), read("b.csv", [two, one]));
    let numbers = |records: &Records| {
        let mut all: Vec<_> =
            rows(records).iter().map(|(id, row)| (id.clone(), row.record_id)).collect();
        all.sort();
        all
    };
    assert_eq!(numbers(&ahead), numbers(&back));
    assert_ne!(numbers(&ahead)[0].1, numbers(&ahead)[1].1);
    assert!(numbers(&ahead).iter().all(|(_, id)| id >> 63 == 0));
    let (key, tally) = &ahead.submissions[0];
    assert_eq!((key.import.to_string().as_str(), tally.rows), ("2025-01-01T00:00:00.000", 2));
    assert!(ahead.files[0].warnings[0].contains("2025-01-01"));
    assert!(rows(&ahead).iter().all(|(_, row)| row.conversation == 1));
    // the council's own identifier is a detail
    let details = ahead.partitions.iter().flat_map(|p| p.cld_detail.iter());
    let mut locals: Vec<u32> = details.map(|detail| detail.local_id).collect();
    locals.sort_unstable();
    assert_eq!(locals, [1, 2]);
}

#[test]
fn prepared_tables_tell_local_identifiers_by_the_council_code() {
    let folder = Folder::new();
    let text = "LA_Code,Der_NHS_LA_Combined_Person_ID,Event_Type,Event_Start_Date,Event_End_Date_Raw,Der_Event_End_Date,Service_Type_Raw,Service_Type_Cleaned,Der_Conversation\n\
        100,100_77,Service,2024-02-01,2024-05-01,2024-03-31,Nursng,Long term support: Nursing care,1\n\
        100,1000F,Service,2024-02-01,,,Nursng,,0\n\
        100,,Service,2024-02-01,,,Nursng,,\n";
    let inputs = Inputs { cld_events: vec![folder.file("p.csv", text)], ..Inputs::default() };
    let records = read_ok(&inputs);
    let all = rows(&records);
    let kinds: Vec<PersonIdKind> = all.iter().map(|(_, row)| row.id_kind).collect();
    assert_eq!(kinds, [PersonIdKind::LaLocal, PersonIdKind::NhsTraced, PersonIdKind::None]);
    assert_eq!(all[0].1.raw_end, day("2024-03-31"));
    assert!(all.iter().all(|(_, row)| row.submission == CldRow::PREPARED));
    let conversations: Vec<u8> = all.iter().map(|(_, row)| row.conversation).collect();
    assert_eq!(conversations, [2, 1, 0]);
    let texts = records.texts.raw.texts(Field::ServiceType);
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].as_ref(), "Long term support: Nursing care");
    assert!(records.submissions.is_empty());
}

#[test]
fn p16_prepared_events_keep_the_reference_period_of_their_table() {
    let folder = Folder::new();
    let text = "LA_Code,Der_NHS_LA_Combined_Person_ID,Event_Type,Event_Start_Date,Der_Event_End_Date,Ref_Period_Start_Date,Ref_Period_End_Date\n\
        100,A,Service,2024-02-01,,2024-04-01,2024-09-30\n\
        100,B,Service,2024-02-01,,2024-10-01,2025-03-31\n\
        100,C,Service,2024-02-01,,2024-04-01,2024-09-30\n\
        100,D,Service,2024-02-01,,,2025-03-31\n";
    let inputs = Inputs { cld_events: vec![folder.file("p.csv", text)], ..Inputs::default() };
    let records = read_ok(&inputs);
    let of = |row: &CldRow| {
        let place = usize::from(row.submission - CldRow::FIRST_PREPARED);
        records.prepared.get(place).map(|period| period.end)
    };
    let ends: Vec<OptDay> = rows(&records).iter().map(|(_, row)| of(row).into()).collect();
    let (first, second) = (day("2024-09-30"), day("2025-03-31"));
    assert_eq!(ends, [first, second, first, OptDay::NONE]);
    assert_eq!(records.prepared.len(), 2);
}

#[test]
fn p08_days_of_long_ago_count_as_submitted() {
    let folder = Folder::new();
    let text = format!(
        "{RAW}\n\
        100,Here,2025-01-10,1,2024-01-01,2024-12-31,T1,,,1900,1,Service,1900-01-01,9999-12-31,X,,,\n\
        100,Here,2025-01-10,2,2024-01-01,2024-12-31,T1,,,1780,1,Service,2024-01-01,1900-01-01,X,,,\n"
    );
    let all = rows(&read_ok(&submissions(folder.file("q.csv", text))));
    let (first, second) = (all[0].1, all[1].1);
    assert_eq!((first.start, first.raw_end), (day("1900-01-01"), OptDay::NONE));
    assert_eq!(second.raw_end, day("1900-01-01"));
    assert_eq!(first.birth, BirthMonth::new(1900, 1));
    assert!(first.birth.is_known() && !second.birth.is_known());
}

#[test]
fn waiting_step_2_an_age_is_reckoned_only_where_the_file_has_none() {
    let folder = Folder::new();
    let row = "100,Here,2025-01-10,1,2024-01-01,2024-12-31,T1,,,1940,5,Service,2024-02-01,,X,,,";
    let age = |text: String| {
        let all = rows(&read_ok(&submissions(folder.file("q.csv", text))));
        all[0].1.age_at_start
    };
    assert_eq!(age(format!("{RAW}\n{row}\n")), 83);
    let header = format!("{RAW},Der_Age_Event_Start_Date");
    assert_eq!(age(format!("{header}\n{row},84\n")), 84);
    assert_eq!(age(format!("{header}\n{row},\n")), CldRow::NO_AGE);
}
