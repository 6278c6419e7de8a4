use super::*;
use crate::cld::person_details::LatestDetails;
use crate::cld::settings::CldSettings;
use crate::codes::cld::Field;
use crate::day::Day;
use crate::hospital::settings::HospitalSettings;
use crate::hospital::stay::StayFlags;
use crate::progress::Silent;
use crate::read::{Inputs, read};
use crate::timeline::settings::TimelineSettings;
use crate::timeline::state::State;
use std::path::PathBuf;
use tempfile::TempDir;

#[test]
fn p26_carers_are_asked_before_any_details() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.csv");
    let header = "LA_Code,Der_NHS_LA_Combined_Person_ID,LA_Person_Unique_Identifier,Client_Type,\
                  Event_Type,Event_Start_Date,Event_End_Date,Has_Unpaid_Carer,\
                  Adult_1_Linked_Person_ID,Der_Age_Event_Start_Date\n";
    let rows = "100,C1,5,Unpaid carer,Service,2025-06-01,,,77,60\n\
                100,C2,6,Unpaid carer,Service,2024-06-01,2025-03-31,,78,\n\
                200,C3,7,Unpaid carer,Service,2025-06-01,,,78,\n\
                100,P1,77,Service user,Service,2025-06-01,,No,,199\n\
                100,P2,78,Service user,Service,2025-06-01,,No,,x\n";
    std::fs::write(&file, format!("{header}{rows}")).unwrap();
    let records = read(&Inputs { cld_events: vec![file], ..Inputs::default() }, &Silent).unwrap();
    let (cld, hospital) = (CldSettings::default(), HospitalSettings::default());
    let timeline = TimelineSettings::default();
    let settings = LinkSettings {
        cld: &cld,
        hospital: &hospital,
        timeline: &timeline,
        extra_values: &[],
        as_of: None,
    };
    let facts = Facts::new(&records, &settings).unwrap();
    let linker = Linker::new(settings, &facts, &records.texts);
    let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
    let day = |text| Day::parse_iso(text).unwrap();
    let year = Period { start: day("2025-04-01"), end: day("2026-03-31") };
    let mut links = CarerLinks::default();
    for partition in &records.partitions {
        linker.carer_links(partition, year, &mut scratch, &mut links);
    }
    let details = LatestDetails::new(&facts.cleaning, &links);
    let mut found = Vec::new();
    for partition in &records.partitions {
        linker.partition(partition, true, &mut scratch, &mut counts, |person| {
            let la = person.joined[0].la;
            let has_carer = details.has_carer(la, person.joined, person.cld_details);
            let label = facts.cleaning.label(Field::HasUnpaidCarer, has_carer).to_owned();
            found.push((person.id.text(), label, person.cld_rows[0].age_at_start));
        });
    }
    found.sort();
    let of = |id: &str| found.iter().find(|row| row.0 == id.as_bytes()).unwrap();
    assert_eq!((of("P1").1.as_str(), of("P2").1.as_str()), ("Yes", "No"));
    // ages as supplied; none when missing or no number
    let ages = ["C1", "C2", "P1", "P2"].map(|id| of(id).2);
    assert_eq!(ages, [60, CldRow::NO_AGE, 199, CldRow::NO_AGE]);
}

#[test]
fn x05_the_earliest_date_of_death_counts_and_registrations_stand_apart() {
    let day = |text: &str| OptDay::from(Day::parse_iso(text));
    let record = |death: &str, registration: &str| DeathRecord {
        death: day(death),
        registration: day(registration),
        row: 1,
        file: 0,
        match_rank: 0,
    };
    let of = |records: &[DeathRecord]| {
        let found = Registered::of(records);
        (found.death, found.registration)
    };
    assert_eq!(of(&[]), (OptDay::NONE, OptDay::NONE));
    let records =
        [record("2024-05-08", "2024-05-20"), record("2024-05-07", ""), record("", "2024-05-01")];
    assert_eq!(of(&records), (day("2024-05-07"), day("2024-05-01")));
}

/// A file with this text.
fn written(folder: &TempDir, name: &str, text: String) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Links what these files hold and looks at each person.
fn linked(
    inputs: &Inputs,
    hospital: &HospitalSettings,
    mut look: impl FnMut(&Person<'_>),
) -> LinkCounts {
    let records = read(inputs, &Silent).unwrap();
    let (cld, timeline) = (CldSettings::default(), TimelineSettings::default());
    let settings =
        LinkSettings { cld: &cld, hospital, timeline: &timeline, extra_values: &[], as_of: None };
    let facts = Facts::new(&records, &settings).unwrap();
    let linker = Linker::new(settings, &facts, &records.texts);
    let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
    for partition in &records.partitions {
        linker.partition(partition, true, &mut scratch, &mut counts, &mut look);
    }
    counts
}

const APC: &str =
    "Der_Pseudo_NHS_Number,Der_Provider_Code,Admission_Date,Discharge_Date,Admission_Method\n";

#[test]
fn k6_attendances_lead_to_their_spells_and_admissions_without_one_are_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name, text| written(&folder, name, text);
    let apc = file(
        "apc.csv",
        format!(
            "{APC}A,RAA,2024-05-02,2024-05-06,21\nA,RAA,2024-08-01,2024-08-03,21\n,RAA,2024-08-01,2024-08-03,21\n"
        ),
    );
    let ecds = file(
        "ecds.csv",
        "EC_Ident,Der_Pseudo_NHS_Number,Der_Provider_Code,Arrival_Date,Arrival_Time,EC_Departure_Date,Discharge_Destination_SNOMED_CT\n\
         1,A,RAA,2024-05-01,2330,2024-05-02,306706006\n\
         2,A,RAA,2024-05-20,1000,2024-05-20,306689006\n\
         3,,RAA,2024-05-20,1000,2024-05-20,306689006\n\
         4,,RAA,2024-05-20,1000,2024-05-20,306689006\n"
            .into(),
    );
    let inputs = Inputs { apc: vec![apc.clone()], ecds: vec![ecds], ..Inputs::default() };
    let counts = linked(&inputs, &HospitalSettings::default(), |person| {
        if !person.is_known() {
            assert!(person.attendances.is_empty() && person.attendance_spells.is_empty());
            return;
        }
        assert_eq!(person.attendance_spells.len(), 2);
        let admitted = person.admission_after(0).map(|spell| spell.admission);
        assert_eq!(admitted, Day::parse_iso("2024-05-02"));
        assert!(person.admission_after(1).is_none() && person.admission_after(9).is_none());
        let flagged = |flags: StayFlags| flags.has(StayFlags::NO_ATTENDANCE);
        assert_eq!([0, 1].map(|n| flagged(person.spells[n].flags)), [false, true]);
        assert_eq!([0, 1].map(|n| flagged(person.cips[n].flags)), [false, true]);
    });
    let hospital = counts.hospital;
    assert_eq!((hospital.attendances_linked, hospital.em_without_ae), (1, 1));
    assert_eq!((hospital.attendance_rows, hospital.attendance_no_person_rows), (4, 2));
    assert_eq!((hospital.attendances, hospital.attendance_dup_rows), (2, 0));

    // without emergency care in the input nothing is missing
    let inputs = Inputs { apc: vec![apc], ..Inputs::default() };
    let counts = linked(&inputs, &HospitalSettings::default(), |person| {
        assert!(person.cips.iter().all(|stay| !stay.flags.has(StayFlags::NO_ATTENDANCE)));
    });
    assert_eq!(counts.hospital.em_without_ae, 0);
}

#[test]
fn sus_9_death_records_of_a_weak_match_are_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deaths.csv");
    let text = "Der_Pseudo_NHS_Number,DOD,DOR,MATCH_RANK\nA,2024-05-01,,7\nA,2024-06-01,,6\nB,2024-05-01,,\nC,,2024-07-01,8\n";
    std::fs::write(&path, text).unwrap();
    let inputs = Inputs { deaths: vec![path], ..Inputs::default() };
    let deaths = |hospital: &HospitalSettings| {
        let mut found = Vec::new();
        let counts = linked(&inputs, hospital, |person| {
            found.push((person.id.text(), person.dod().get().map(|day| day.to_string())));
        });
        found.sort();
        let days: Vec<String> = found.into_iter().map(|(_, day)| day.unwrap_or_default()).collect();
        (days.join(" "), counts.hospital.death_weak_match_rows)
    };
    assert_eq!(deaths(&HospitalSettings::default()), ("2024-06-01 2024-05-01 ".into(), 2));
    let believing = HospitalSettings { death_match_rank: 8, ..HospitalSettings::default() };
    assert_eq!(deaths(&believing), ("2024-05-01 2024-05-01 2024-07-01".into(), 0));
}

#[test]
fn sus_section_2_months_of_birth_tell_nothing_of_a_local_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let shared_with = |id: &str| {
        let mut text = String::from(
            "LA_Code,Der_NHS_LA_Combined_Person_ID,Event_Type,Event_Start_Date,Event_End_Date,\
             Der_Birth_Year,Der_Birth_Month\n",
        );
        for month in 1..=4 {
            text += &format!("100,{id},Service,2025-06-01,,1950,{month}\n");
        }
        let file = folder.path().join("events.csv");
        std::fs::write(&file, text).unwrap();
        let inputs = Inputs { cld_events: vec![file], ..Inputs::default() };
        let records = read(&inputs, &Silent).unwrap();
        let settings = LinkSettings {
            cld: &CldSettings::default(),
            hospital: &HospitalSettings::default(),
            timeline: &TimelineSettings::default(),
            extra_values: &[],
            as_of: None,
        };
        let facts = Facts::new(&records, &settings).unwrap();
        let linker = Linker::new(settings, &facts, &records.texts);
        let (mut scratch, mut counts) = (Scratch::default(), LinkCounts::default());
        for partition in &records.partitions {
            linker.partition(partition, true, &mut scratch, &mut counts, |_| ());
        }
        counts.shared_identifier
    };
    assert_eq!([shared_with("0F0F"), shared_with("100_77")], [4, 0]);
}

#[test]
fn rows_without_a_person_split_nobody_wherever_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let long = "z".repeat(100);
    for nobody in ["", &long] {
        let rows: String = (0..40)
            .map(|n| {
                format!("P{n},RAA,2024-05-01,2024-05-05,21\nP{n},RAA,2024-05-10,2024-05-12,21\n")
            })
            .collect();
        let text = format!("{APC}{nobody},RAA,2024-05-01,2024-05-05,21\n{rows}");
        let file = written(&folder, "apc.csv", text);
        let inputs = Inputs { apc: vec![file], ..Inputs::default() };
        let mut found = Vec::new();
        linked(&inputs, &HospitalSettings::default(), |person| {
            found.push((person.id.text(), person.episodes.len()));
        });
        found.sort();
        let mut expected: Vec<_> = (0..40).map(|n| (format!("P{n}").into_bytes(), 2)).collect();
        expected.push((nobody.into(), 1));
        expected.sort();
        assert_eq!(found, expected);
    }
}

#[test]
fn x13_a_person_whose_care_rows_make_no_event_is_observed_like_one_known_from_hospital() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name, text| written(&folder, name, text);
    let header = "LA_Code,LA_Name,ImportDate,Reporting_Period_Start_Date,Reporting_Period_End_Date,\
                  Der_NHS_Number_Traced_Pseudo,Event_Type,Event_Start_Date,Event_End_Date\n";
    let row = "100,Here,2024-07-10,2023-07-01,2024-06-30";
    let care = [
        "known,Service,2024-01-01,2024-01-20",
        "known,Service,2024-01-01,2024-06-15",
        "known,Review,2024-02-01,2024-02-01",
        // not dated, so that P-08 leaves it out
        "undated,Service,,",
    ];
    let care: String = care.iter().map(|event| format!("{row},{event}\n")).collect();
    let stays: String = ["known", "undated", "hospital"]
        .map(|id| format!("{id},RAA,2024-05-01,2024-05-05,21\n{id},RAA,2024-09-01,2024-09-05,21\n"))
        .concat();
    let inputs = Inputs {
        cld_submissions: vec![file("cld.csv", header.to_owned() + &care)],
        apc: vec![file("apc.csv", APC.to_owned() + &stays)],
        ..Inputs::default()
    };
    let mut lines = std::collections::BTreeMap::new();
    linked(&inputs, &HospitalSettings::default(), |person| {
        let states: Vec<_> = person.line.visits.iter().map(|visit| visit.state).collect();
        lines.insert(person.id.text(), (person.cld_rows.len(), states));
    });
    let of = |id: &str| &lines[id.as_bytes()];
    assert_eq!((of("known").0, of("undated").0, of("hospital").0), (3, 1, 0));
    assert_eq!(of("undated").1, of("hospital").1);
    assert!(!of("undated").1.contains(&State::Unobserved), "{:?}", of("undated").1);
}

#[test]
fn section_12_a_file_of_deaths_without_rows_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let apc = written(&folder, "apc.csv", format!("{APC}A,RAA,2024-05-01,2024-05-05,21\n"));
    let deaths = written(&folder, "deaths.csv", "Der_Pseudo_NHS_Number,DOD\n".into());
    let given = |deaths: Vec<PathBuf>| {
        let inputs = Inputs { apc: vec![apc.clone()], deaths, ..Inputs::default() };
        let settings = LinkSettings {
            cld: &CldSettings::default(),
            hospital: &HospitalSettings::default(),
            timeline: &TimelineSettings::default(),
            extra_values: &[],
            as_of: None,
        };
        Facts::new(&read(&inputs, &Silent).unwrap(), &settings).unwrap().deaths_given
    };
    assert!(given(vec![deaths]) && !given(Vec::new()));
}
